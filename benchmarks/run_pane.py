"""How smooth a live pane is: ``python -m benchmarks.run_pane``.

The front end as it is sent to a page draws runs in a real browser; a stand-in for the kernel gives it tails 25 times a
second, and the pointer moves over the pane meanwhile. Told is how often the numbers of the pane changed, which share of
its time the page's main thread was at work (by its own processor time), the longest task and how many took over 50 ms
(by the clock, and the longest by processor time too, which other programs do not change), and how long a move of the
pointer waited until the page read it.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from tests.browser.hosts.chromium import ARGS

from offdiagonal.display import bundle

CASES: dict[str, dict[str, int]] = {
    "1,000 points": {"points": 1_000},
    "100,000 points": {"points": 100_000},
    "1,000,000 points": {"points": 1_000_000},
    "6 runs of 1,000,000 points": {"points": 1_000_000, "runs": 6},
}
GIVEN = {"each": 40, "every": 40, "tails": 150}
POINTER = 0.03
"""Seconds from one move of the pointer to the next."""
HEADS = f"{'':<28}{'changes/s':>10}{'busy':>7}{'longest':>9}{'processor':>10}{'> 50 ms':>9}{'input':>8}{'longest':>9}"


def main() -> None:
    """Print a line for each case; an argument names another build of the front end."""
    code = (
        Path(sys.argv[1]).read_text("utf-8") if len(sys.argv) > 1 else bundle.training().code.decode("utf-8")
    )
    print(HEADS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        for name, given in CASES.items():
            print(f"{name:<28}{measured(browser, code, {'runs': 1, **GIVEN, **given})}")
        browser.close()


def measured(browser: Browser, code: str, given: dict[str, int]) -> str:
    """One case, as a line of the table."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.add_script_tag(content=code)
    page.add_script_tag(content=Path(__file__).with_suffix(".js").read_text("utf-8"))
    page.evaluate("given => start(given)", given)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    tasks = traced(session)
    before, began = busy(session), time.monotonic()
    page.evaluate("() => void feed()")
    moves = 0
    while not page.evaluate("() => globalThis.done"):
        page.mouse.move(300 + 7 * (moves % 80), 300 + moves % 40)
        moves += 1
        page.wait_for_timeout(1000 * POINTER)
    seconds = time.monotonic() - began
    share = (busy(session) - before) / seconds
    clock, processor = tasks(page)
    found: dict[str, Any] = page.evaluate("() => results()")
    last = f"{given['points'] + given['each'] * given['tails'] - 1:,}"
    assert last in found["told"], (last, found["told"])
    page.close()
    waits = sorted(found["waits"])
    return (
        f"{found['changes'] / seconds:>10.1f}{share:>7.0%}{max(clock):>9.0f}{max(processor):>10.0f}"
        f"{sum(one > 50 for one in clock):>9}{statistics.median(waits):>8.1f}{waits[-1]:>9.1f}"
    )


def busy(session: CDPSession) -> float:
    """Seconds of processor time of the page's main thread."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float({one["name"]: one["value"] for one in metrics}["TaskDuration"])


def traced(session: CDPSession) -> Any:
    """Record the tasks of the main thread; what is returned ends it and tells their milliseconds."""
    events: list[dict[str, Any]] = []
    ended: list[Any] = []
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    session.on("Tracing.tracingComplete", lambda data: ended.extend([data]))
    session.send(
        "Tracing.start",
        {"categories": "toplevel,blink.user_timing,__metadata", "transferMode": "ReportEvents"},
    )

    def end(page: Page) -> tuple[list[float], list[float]]:
        session.send("Tracing.end")
        while not ended:
            page.wait_for_timeout(20)
        mine = {(e["pid"], e["tid"]) for e in events if e["name"] == "offdiagonal"}
        tasks = [
            e
            for e in events
            if e["name"] == "ThreadControllerImpl::RunTask" and (e["pid"], e["tid"]) in mine and "dur" in e
        ]
        assert tasks, "the browser told of no tasks"
        return [e["dur"] / 1000 for e in tasks], [e.get("tdur", 0) / 1000 for e in tasks]

    return end


if __name__ == "__main__":
    main()
