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
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment

REPORTS = environment.BUILD / "reports"
STEP_LIMIT = 45 * 60.0
"""Seconds after which a check that hangs is ended."""
RERUNS = ("--reruns", "2")
"""A real browser and a real server on a busy machine now and then miss a deadline: once more, and it is said."""


@dataclass(frozen=True)
class Check:
    """One step: its name, what it runs, and the check without which it makes no sense."""

    name: str
    command: tuple[str, ...]
    needs: str | None = None
    browser: bool = False


def checks(*, slow: bool) -> list[Check]:
    """All checks in their order."""
    unmarked = "" if slow else " and not slow"
    pytest = ("-m", "pytest", "-rs", "--durations=10", "--continue-on-collection-errors")
    # Files in the order of collection: those that take longest come first, so that no process waits for another.
    workers = str(min(os.cpu_count() or 1, 8))
    parallel = ("-n", workers, "--dist", "loadfile", "--no-loadscope-reorder")
    return [
        Check("ruff", ("-m", "ruff", "check", ".")),
        Check("format", ("-m", "ruff", "format", "--check", ".")),
        Check("imports", ("tools/imports.py",)),
        Check("mypy", ("-m", "mypy")),
        Check("biome", ("tools/frontend.py", "biome", "ci", "--colors=off", "--error-on-warnings", ".")),
        Check("tsc", ("tools/frontend.py", "tsc", "--noEmit")),
        Check("bundle", ("tools/frontend.py", "build", "--always")),
        Check("vitest", ("tools/frontend.py", "vitest", "run")),
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


def run(check: Check, variables: dict[str, str]) -> int:
    """Run one check under its headline."""
    more = {"OFFDIAGONAL_REPORT": str(REPORTS / f"{check.name}.json"), **variables}
    return environment.call(environment.python(), *check.command, limit=STEP_LIMIT, more=more)


def skipped(names: list[str]) -> list[str]:
    """The tests that were skipped, as the pytest runs reported them."""
    lines = []
    for name in names:
        report = REPORTS / f"{name}.json"
        if report.is_file():
            lines += json.loads(report.read_text("utf-8"))["skipped"]
    return lines


def timed(name: str, action: Callable[[], int]) -> tuple[int, float]:
    """Print a headline, act, and say how it went and how long it took."""
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    status = action()
    seconds = time.monotonic() - started
    print(f"-- {name}: {'ok' if status == 0 else f'FAILED ({status})'} in {seconds:.1f} s", flush=True)
    return status, seconds


def set_up(variables: dict[str, str], *, browser: bool) -> int:
    """Install what the checks use; the browser's place goes into `variables`."""
    try:
        environment.prepare("dev", "test", "frameworks")
        if browser:
            variables["OFFDIAGONAL_BROWSER"] = environment.browser()
    except environment.SetupError as error:
        print(error)
        return 1
    return 0


def summarize(results: dict[str, tuple[int, float]]) -> int:
    """Print the skipped tests and how each check went; 0 if all passed."""
    lines = skipped(list(results))
    print(f"\nskipped tests: {len(lines) or 'none'}", *lines, sep="\n  ")
    print("\nsummary")
    for name, (status, seconds) in results.items():
        print(f"  {name:10}{'ok' if status == 0 else 'FAILED':8}{seconds:8.1f} s")
    failed = [name for name, (status, _) in results.items() if status != 0]
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall checks passed")
    return 1 if failed else 0


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
    results = {"setup": timed("setup", partial(set_up, variables, browser=browser))}
    if results["setup"][0] != 0:
        return summarize(results)
    for check in chosen:
        if check.needs in results and results[check.needs][0] != 0:
            print(f"\n== {check.name}: not run, it needs {check.needs}")
            results[check.name] = (1, 0.0)
        else:
            results[check.name] = timed(check.name, partial(run, check, variables))
    return summarize(results)


if __name__ == "__main__":
    environment.start()
    sys.exit(main())
