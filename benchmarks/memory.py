"""How much memory a way takes, each in a process of its own."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Memory:
    """Megabytes beyond the examples as given."""

    held: int
    peak: int


def measured(kind: str, n: int) -> Memory | None:
    """Memory of one way, by the name of its class; None where the system does not tell."""
    if not STATUS.exists():
        return None
    command = [sys.executable, "-m", "benchmarks.memory", kind, str(n)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return Memory(**json.loads(done.stdout.splitlines()[-1]))


def now(key: str) -> int:
    """A line of the process's status, in megabytes."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(key))
    return int(line.split()[1]) // 1024


def main(kind: str, n: int) -> None:
    """Prepare one way and click; print what it took."""
    from benchmarks.data import make
    from benchmarks.ways import ALL

    chosen = next(way for way in ALL if way.__name__ == kind)
    chosen(make(2_000)).ask(make(2_000).clicks(1, seed=0)[0])  # loads what it imports
    examples = make(n)
    given = ("frame",) if kind == "Ours" else ("order", "bins", "cell")
    for name in given:
        getattr(examples, name)
    clicks = examples.clicks(20, seed=0)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts here
    before = now("VmRSS")
    way = chosen(examples)
    for click in clicks:
        way.ask(click)
    peak = now("VmHWM") - before
    gc.collect()
    print(json.dumps({"held": now("VmRSS") - before, "peak": peak}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
