"""Every check of the project, fast ones first: ``python tools/check.py``.

It needs Python 3.11 or later and nothing else: what the checks use is installed into build/venv, and a
browser where there is none. A check that fails does not stop the others; the summary says which did.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment

REPORTS = environment.BUILD / "reports"
STEP_LIMIT = 45 * 60.0
"""Seconds after which a check that hangs is ended."""
RERUNS = ("--reruns", "2")
"""A real browser and a real server on a busy machine now and then miss a deadline: once more, and it is said."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""As many processes as processors test side by side: threads of theirs would wait for each other."""
Result = tuple[int, float]
Results = dict[str, Result | None]
"""By name; None of what was not done."""
_printing = threading.Lock()


@dataclass(frozen=True)
class Check:
    """One step: its name, what it runs, and the check without which it makes no sense."""

    name: str
    command: tuple[str, ...]
    needs: str | None = None
    browser: bool = False
    lane: str | None = None
    """Checks of one lane run one after the other, at the same time as those of other lanes."""


def checks(*, slow: bool) -> list[Check]:
    """All checks in their order."""
    unmarked = "" if slow else " and not slow"
    pytest = ("-m", "pytest", "-rs", "--durations=10", "--continue-on-collection-errors")
    # Files in the order of collection: those that take longest come first, so that no process waits for another.
    workers = str(min(os.cpu_count() or 1, 8))
    parallel = ("-n", workers, "--dist", "loadfile", "--no-loadscope-reorder")
    return [
        Check("ruff", ("-m", "ruff", "check", "."), lane="python"),
        Check("format", ("-m", "ruff", "format", "--check", "."), lane="python"),
        Check("imports", ("tools/imports.py",), lane="python"),
        Check("mypy", ("-m", "mypy"), lane="python"),
        Check(
            "biome",
            ("tools/frontend.py", "biome", "ci", "--colors=off", "--error-on-warnings", "."),
            lane="front end",
        ),
        Check("tsc", ("tools/frontend.py", "tsc", "--noEmit"), lane="front end"),
        Check("bundle", ("tools/frontend.py", "build", "--always"), lane="front end"),
        Check("vitest", ("tools/frontend.py", "vitest", "run"), lane="front end"),
        Check(
            "tests",
            (*pytest, *parallel, "-m", f"not browser{unmarked}"),
            needs="bundle",
        ),
        Check(
            "browser",
            (*pytest, *parallel, *RERUNS, "-m", f"browser{unmarked}", "tests/browser"),
            needs="bundle",
            browser=True,
        ),
    ]


def run(check: Check, variables: dict[str, str], *, aside: bool) -> Result:
    """Run one check under its headline; `aside`: what it prints is shown when it has ended."""
    own = {} if check.lane else ONE_THREAD
    more = {"OFFDIAGONAL_REPORT": str(REPORTS / f"{check.name}.json"), **own, **variables}
    command: tuple[str | Path, ...] = (environment.python(), *check.command)
    started = time.monotonic()
    if not aside:
        print(f"\n== {check.name}", flush=True)
        status = environment.call(*command, limit=STEP_LIMIT, more=more)
        print(_outcome(check.name, status, time.monotonic() - started), flush=True)
        return status, time.monotonic() - started
    path = REPORTS / f"{check.name}.txt"
    with path.open("wb") as output:
        status = environment.call(*command, limit=STEP_LIMIT, more=more, output=output)
    seconds = time.monotonic() - started
    show(check.name, path.read_bytes(), _outcome(check.name, status, seconds))
    return status, seconds


def show(name: str, printed: bytes, outcome: str) -> None:
    """Show what a check printed as the bytes that it is: they need not be text, or any that our output can encode."""
    with _printing:
        print(f"\n== {name}", flush=True)
        sys.stdout.buffer.write(printed if printed.endswith(b"\n") or not printed else printed + b"\n")
        print(outcome, flush=True)


def run_lane(checks: list[Check], variables: dict[str, str], results: Results, *, aside: bool) -> None:
    """Run checks one after the other, until all are told to end."""
    for check in checks:
        if environment.ended():
            return
        result = run(check, variables, aside=aside)
        if result[0] == 0 or not environment.ended():
            results[check.name] = result


def run_lanes(checks: list[Check], variables: dict[str, str], results: Results) -> None:
    """Run the checks of each lane one after the other, and the lanes at the same time."""
    lanes = [
        [check for check in checks if check.lane == lane] for lane in dict.fromkeys(c.lane for c in checks)
    ]
    with ThreadPoolExecutor(max(len(lanes), 1)) as pool:
        try:
            for done in [
                pool.submit(run_lane, lane, variables, results, aside=len(lanes) > 1) for lane in lanes
            ]:
                done.result()
        except BaseException:
            environment.end_all()
            raise


def skipped(names: list[str]) -> list[str]:
    """The tests that were skipped, as the pytest runs reported them."""
    lines = []
    for name in names:
        report = REPORTS / f"{name}.json"
        if report.is_file():
            lines += json.loads(report.read_text("utf-8"))["skipped"]
    return lines


def set_up(variables: dict[str, str], *, browser: bool) -> Result:
    """Install what the checks use; the browser's place goes into `variables`."""
    print("\n== setup", flush=True)
    started = time.monotonic()
    status = 0
    with ThreadPoolExecutor(1) as pool:
        try:
            beside = pool.submit(environment.browser_here) if browser else None
            environment.prepare("dev", "test", "frameworks")
            if beside is not None:
                variables["OFFDIAGONAL_BROWSER"] = environment.browser(beside.result())
        except environment.SetupError as error:
            print(error)
            status = 1
        except BaseException:
            environment.end_all()
            raise
    seconds = time.monotonic() - started
    print(_outcome("setup", status, seconds), flush=True)
    return status, seconds


def _outcome(name: str, status: int, seconds: float) -> str:
    bad = "not done" if environment.ended() else f"FAILED ({status})"
    return f"-- {name}: {'ok' if status == 0 else bad} in {seconds:.1f} s"


def summarize(results: Results) -> int:
    """Print the skipped tests and how each check went; 0 if all passed."""
    lines = skipped(list(results))
    print(f"\nskipped tests: {len(lines) or 'none'}", *lines, sep="\n  ")
    print("\nsummary")
    for name, result in results.items():
        if result is None:
            print(f"  {name:10}not done")
        else:
            print(f"  {name:10}{'ok' if result[0] == 0 else 'FAILED':8}{result[1]:8.1f} s")
    lacking = [name for name, result in results.items() if result is None]
    failed = [name for name, result in results.items() if result is not None and result[0] != 0]
    if not failed and not lacking:
        print("\nall checks passed", flush=True)
        return 0
    said = [
        f"{how}: {', '.join(names)}" for how, names in (("failed", failed), ("not done", lacking)) if names
    ]
    print(f"\n{'; '.join(said)}", flush=True)
    return 1


def main() -> int:
    """Run the checks that were asked for; 0 if all passed."""
    names = [check.name for check in checks(slow=False)]
    parser = argparse.ArgumentParser(description="Run every check of the project.")
    parser.add_argument("--fast", action="store_true", help="no browser tests")
    parser.add_argument("--slow", action="store_true", help="the slow sweeps too")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=", ".join(names))
    options = parser.parse_args()
    chosen = [
        check
        for check in checks(slow=options.slow)
        if (check.name in options.only if options.only else not (options.fast and check.browser))
    ]

    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    variables: dict[str, str] = {}
    browser = any(check.browser for check in chosen)
    results: Results = dict.fromkeys(["setup", *(check.name for check in chosen)])
    try:
        results["setup"] = ready = set_up(variables, browser=browser)
        if ready[0] == 0:
            run_all(chosen, variables, results)
    except BaseException:
        summarize(results)
        raise
    return summarize(results)


def run_all(chosen: list[Check], variables: dict[str, str], results: Results) -> None:
    """Run the lanes, and then what has none."""
    run_lanes([check for check in chosen if check.lane], variables, results)
    for check in (check for check in chosen if not check.lane):
        needed = results.get(check.needs) if check.needs else None
        if needed is not None and needed[0] != 0:
            print(f"\n== {check.name}: not run, it needs {check.needs}")
            results[check.name] = (1, 0.0)
        else:
            results[check.name] = run(check, variables, aside=False)


if __name__ == "__main__":
    environment.start()
    sys.exit(main())
