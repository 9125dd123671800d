"""What a frame of a live pane takes: ``python -m benchmarks.run_pane``.

The front end as it is sent to a page draws a run of six metrics in a real browser; a stand-in for the kernel gives it
tails 25 times a second. A frame is from its start to after its paint, with the message that came before it.
"""

from __future__ import annotations

import shutil
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from tests.browser.hosts.chromium import ARGS

from offdiagonal.display import bundle

CASES = {"1,000 points": 1_000, "100,000 points": 100_000, "1,000,000 points": 1_000_000}
GIVEN = {"each": 40, "every": 40}
FEW, MANY = 10, 110
"""Tails: the difference of two goes is what a hundred of them take, without what the start takes."""


def main() -> None:
    """Print the median and the longest frame, and what one takes of the page's own processor time."""
    print(f"{'run of':<20}{'median':>9}{'longest':>9}{'processor':>11}  ms a frame")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        for name, points in CASES.items():
            before, _ = measured(browser, points, FEW)
            after, frames = measured(browser, points, MANY)
            busy = 1000 * (after - before) / (MANY - FEW)
            print(f"{name:<20}{statistics.median(frames):>9.1f}{max(frames):>9.1f}{busy:>11.1f}")
        browser.close()


def measured(browser: Browser, points: int, tails: int) -> tuple[float, list[float]]:
    """Seconds of processor time of the page's main thread, and milliseconds of each frame."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.add_script_tag(content=bundle.training().code.decode("utf-8"))
    page.add_script_tag(content=Path(__file__).with_suffix(".js").read_text("utf-8"))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    found: dict[str, Any] = page.evaluate(
        "given => measure(given)", {"points": points, "tails": tails, **GIVEN}
    )
    assert f"{points + GIVEN['each'] * tails - 1:,}" in found["head"], found["head"]
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    page.close()
    return metrics["TaskDuration"], found["frames"]


if __name__ == "__main__":
    main()
