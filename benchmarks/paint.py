"""From a click to the frame that shows what it changed: in a saved page, and in JupyterLab with a kernel."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from tests.browser.hosts.chromium import Guard, Look, launch, new_context, open_file
from tests.browser.hosts.jupyter import JupyterServer
from tests.browser.hosts.lab import Jupyter

from benchmarks.data import make
from benchmarks.ours import Ours
from benchmarks.report import Table

ROOT = Path(__file__).resolve().parents[1]
CLICKS = 30
GOAL = 100
"""Milliseconds within which a click feels answered."""
CELLS = ".od [role=grid][aria-label^='label by'] [role=gridcell][aria-label*=' example']"

WATCH = """() => {
  const texts = (root) => [...root.querySelectorAll(".examples [role=row]")].map((row) => row.innerText).join();
  const frame = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  globalThis.answers = [];
  addEventListener("pointerup", async (event) => {
    const root = event.composedPath()[0].getRootNode();
    const before = texts(root);
    await frame();
    const counts = performance.now() - event.timeStamp;
    while (texts(root) === before && performance.now() - event.timeStamp < 5000) await frame();
    globalThis.answers.push({ counts, rows: performance.now() - event.timeStamp });
  }, true);
}"""
"""Notes for each click the milliseconds until the next frame, which has the counts, and until other rows stand."""

Times = Mapping[str, float]


def run(rows: list[int]) -> dict[str, Times]:
    """Medians of the clicks on a board of so many rows, saved and live."""
    found: dict[str, Times] = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright, os.environ.get("OFFDIAGONAL_BROWSER") or shutil.which("chromium"))
        for n in rows:
            found[f"saved, {n:,} rows"] = saved(browser, n, Path(folder))
        for n in rows:
            found[f"JupyterLab, {n:,} rows"] = live(browser, n, Path(folder) / f"lab-{n}")
        browser.close()
    return found


def saved(browser: Browser, n: int, folder: Path) -> Times:
    """Click in the file that ``save`` writes, without a network."""
    path = folder / "report.html"
    Ours(make(n)).evaluation.save(path)
    with _page(browser, offline=True) as (page, _):
        open_file(page, path)
        return _clicked(page, page.locator(CELLS))


def live(browser: Browser, n: int, folder: Path) -> Times:
    """Click in a notebook that runs."""
    setup = f"import sys; sys.path.insert(0, {json.dumps(str(ROOT))})"
    cells = [
        f"{setup}\nfrom benchmarks.data import make\nfrom benchmarks.ours import Ours",
        f"ev = Ours(make({n})).evaluation",
        "ev",
    ]
    folder.mkdir()
    server = JupyterServer("lab", folder)
    try:
        server.wait()
        with _page(browser, offline=False) as (page, guard):
            jupyter = Jupyter(server, lambda _look: page, guard)
            lab = jupyter.open(cells).run_all()
            board = lab.cell_output(2).locator(".od:visible").first
            board.wait_for()
            times = _clicked(page, board.locator(CELLS.removeprefix(".od ")))
            jupyter.shut_down()
            return times
    finally:
        server.stop()


def _clicked(page: Page, cells: Locator) -> Times:
    cells.first.wait_for()
    page.evaluate(WATCH)
    count = cells.count()
    for i in range(CLICKS):
        cells.nth(i * 7 % count).click()
        page.wait_for_function("n => globalThis.answers.length > n", arg=i)
    answers = page.evaluate("globalThis.answers")
    return {what: statistics.median(answer[what] for answer in answers) for what in ("counts", "rows")}


@contextmanager
def _page(browser: Browser, *, offline: bool) -> Iterator[tuple[Page, Guard]]:
    guard = Guard()
    context = new_context(browser, guard, Look(height=1600), offline)
    try:
        yield context.new_page(), guard
    finally:
        guard.end()
        context.close()


def table(found: Mapping[str, Times]) -> Table:
    """What was found, to be read."""
    rows = [[where, f"{times['counts']:.0f}", f"{times['rows']:.0f}"] for where, times in found.items()]
    title = f"From a click on a cell to the frame that shows it, median of {CLICKS} (ms)"
    return Table(title, ["where", "counts", "examples"], rows)


def goals(found: Mapping[str, Times]) -> list[str]:
    """Which goals were reached."""
    slowest = max(max(times.values()) for times in found.values())
    reached = "reached" if slowest <= GOAL else "missed"
    return [f"click to paint: {slowest:.0f} ms at most, goal {GOAL} ms: {reached}"]
