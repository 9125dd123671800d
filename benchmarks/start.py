"""From nothing: how long the import takes, beside those of its neighbours, and the first board in a fresh kernel."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec

from benchmarks.clock import interleaved
from benchmarks.report import Table, ratio

NEIGHBOURS = ("numpy", "pandas", "sklearn", "altair", "fairlearn")
GOAL_IMPORT = 1.2
GOAL_BOARD = 1.5
ROWS = 5_000

GIVEN = f"""
import numpy as np, pandas as pd
random = np.random.default_rng(0)
n = {ROWS}
p = random.beta(0.5, 2, n)
frame = pd.DataFrame({{
    "label": np.where(random.random(n) < p, "spam", "ham"),
    "predicted": np.where(p > 0.5, "spam", "ham"),
    "p_ham": 1 - p,
    "p_spam": p,
    "source": random.choice(["mail", "chat", "sms"], n),
    "length": random.integers(5, 300, n),
    "day": np.datetime64("2026-01-01") + random.integers(0, 200, n),
    "text": [" ".join(words) for words in random.choice(["free", "call", "now", "lunch", "prize", "thanks"], (n, 12))],
}})
"""

BOARD = """
import offdiagonal as od
ev = od.Evaluation(
    frame, label="label", prediction="predicted", probabilities=["p_ham", "p_spam"], text="text", time="day"
)
"""


BYTECODE = tempfile.mkdtemp(prefix="offdiagonal-bytecode-")
"""Where the first run leaves what it compiles, as an installation does, also where Python is told to write none."""


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": BYTECODE}


def imports(repeats: int) -> dict[str, float]:
    """Seconds that importing each module adds to starting Python."""
    modules = ["", "offdiagonal", *(name for name in NEIGHBOURS if find_spec(name))]
    times = interleaved([lambda _, name=name: _started(name) for name in modules], list(range(repeats)), 1)
    bare, *others = (min(way.first) for way in times)
    return {name: other - bare for name, other in zip(modules[1:], others, strict=True)}


def _started(module: str) -> None:
    code = f"import {module}" if module else "pass"
    subprocess.run([sys.executable, "-c", code], check=True, env=_environment())


def first_board(repeats: int) -> dict[str, float]:
    """Seconds from a kernel that is ready until the outputs of its first board are published."""
    found = [_boarded() for _ in range(repeats + 1)][1:]  # the first run compiles the modules
    return {step: statistics.median(run[step] for run in found) for step in found[0]}


def _boarded() -> dict[str, float]:
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3", env=_environment())
    try:
        steps = {
            "import pandas, make the frame": GIVEN,
            "import offdiagonal, Evaluation": BOARD,
            "display": "ev",
        }
        return {step: _run(client, code, shown=step == "display") for step, code in steps.items()}
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _run(client: object, code: str, *, shown: bool) -> float:
    """Run a cell; seconds until it is done, or until the last of its outputs came."""
    start = last = time.perf_counter()
    sent = client.execute(code)  # type: ignore[attr-defined]
    kinds = []
    while True:
        message = client.get_iopub_msg(timeout=120)  # type: ignore[attr-defined]
        if message["parent_header"].get("msg_id") != sent:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            raise SystemExit("\n".join(content["traceback"]))
        if kind == "display_data":
            last = time.perf_counter()
            kinds += content["data"]
        if kind == "status" and content["execution_state"] == "idle":
            break
    if not shown:
        return time.perf_counter() - start
    if "text/html" not in kinds or "application/vnd.jupyter.widget-view+json" not in kinds:
        raise SystemExit(f"the board was not displayed: {kinds}")
    return last - start


def import_table(found: Mapping[str, float]) -> Table:
    """What was found, to be read."""
    numpy = found["numpy"]
    rows = [[name, f"{seconds * 1e3:.0f}", ratio(seconds, numpy)] for name, seconds in found.items()]
    return Table(
        "Import, beyond starting Python, best of all runs (ms)", ["module", "time", "of numpy's"], rows
    )


def board_table(found: Mapping[str, float]) -> Table:
    """What was found, to be read."""
    rows = [[step, f"{seconds:.2f}"] for step, seconds in found.items()]
    rows.append(["together", f"{sum(found.values()):.2f}"])
    return Table(f"The first board of {ROWS:,} rows in a fresh kernel (s)", ["step", "time"], rows)


def goals(found: Mapping[str, float], board: Mapping[str, float]) -> list[str]:
    """Which goals were reached."""
    share, total = found["offdiagonal"] / found["numpy"], sum(board.values())
    lines = [f"import: {share:.2f} of numpy's, goal at most {GOAL_IMPORT}: {_reached(share <= GOAL_IMPORT)}"]
    if "fairlearn" in found:
        part = found["fairlearn"] / found["offdiagonal"]
        lines.append(f"import: 1/{part:.0f} of fairlearn's, goal at most 1/6: {_reached(part >= 6)}")
    lines.append(f"first board: {total:.2f} s, goal at most {GOAL_BOARD} s: {_reached(total <= GOAL_BOARD)}")
    return lines


def _reached(good: bool) -> str:
    return "reached" if good else "missed"
