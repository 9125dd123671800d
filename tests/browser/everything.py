"""Every view there is, on one page, each in an element of its own name: for what is asked of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from playwright.sync_api import Locator, Page

import offdiagonal as od
from offdiagonal.display.figure import Figure
from offdiagonal.display.island import Island, island_html
from offdiagonal.display.run_view import RunView
from offdiagonal.display.view import FILE_BYTES, View
from tests.browser.gallery import dataset, digits, faults, hires, intents, losses, spam
from tests.browser.gallery_figures import (
    attention,
    kept_learning,
    kept_objective,
    kept_path,
    kept_switches,
    traces,
)
from tests.browser.gallery_runs import kept

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>every view</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root {{ color-scheme: light dark }} body {{ margin: 0 8px; font-family: system-ui, sans-serif }}
body.dark {{ background: #14181c; color: #e6e9ec }}
@media (prefers-color-scheme: dark) {{ body {{ background: #14181c; color: #e6e9ec }} }}</style></head>
<body><main>{views}</main></body></html>"""


PROBE = Path(__file__).with_name("probe.js")
"""What is measured on it."""


@cache
def _of(case: Callable[[], od.Evaluation | od.Dataset]) -> od.Evaluation | od.Dataset:
    return case()


def _spam() -> od.Evaluation:
    return spam(600)


def _intents() -> od.Evaluation:
    return intents(900)


def _wholes() -> od.Dataset:
    return dataset(600)


VIEWS: dict[str, Callable[[], View | RunView | Figure]] = {
    "header": lambda: _of(_spam).board(["header"]),
    "confusion": lambda: _of(_spam).confusion(),
    "slices": lambda: _of(_spam).slices(),
    "confidence": lambda: _of(_spam).confidence(),
    "calibration": lambda: _of(_spam).calibration(),
    "calibration-of-a-class": lambda: _of(_spam).calibration("spam"),
    "distribution": lambda: _of(_spam).distribution("source"),
    "distribution-against": lambda: _of(_spam).distribution("source", against="rest"),
    "distribution-fine": lambda: _of(_spam).distribution("length"),
    "scatter": lambda: _of(_spam).scatter("length", "received"),
    # Intervals by formula: whether resamples are saved hangs on how busy the machine is.
    "measures": lambda: _of(_spam).measures("f1", "accuracy"),
    "examples": lambda: _of(_spam).examples(),
    "two-columns": lambda: _of(_spam).confusion("source", "has digits"),
    "findings": lambda: _of(faults).findings(),
    "many-classes": lambda: _of(_intents).confusion(),
    "images": lambda: _of(digits).examples(),
    "numbers-header": lambda: _of(hires).board(["header"]),
    "numbers-confusion": lambda: _of(hires).confusion(),
    "numbers-slices": lambda: _of(hires).slices(),
    "numbers-losses": lambda: _of(hires).losses(),
    "numbers-scatter": lambda: _of(hires).scatter("hires", "predicted"),
    "losses": lambda: _of(losses).board(["header", "slices", "losses"]),
    "dataset": lambda: _of(_wholes).board(),
    "runs": kept,
    "learning": kept_learning,
    "path": kept_path,
    "experiment": kept_switches,
    "objective": kept_objective,
    "traces": traces,
    "attention": attention,
}
"""Views by the name of the element that they are drawn in."""


def view(page: Page, name: str) -> Locator:
    """A view on the page, as it is drawn."""
    return page.locator(f"[data-case={name}] .od")


def select_and_open(page: Page) -> None:
    """Bring the page into the state in which most is drawn: selections everywhere, rows and lists open."""
    view(page, "confusion").locator("[role=gridcell][aria-label^='label ham, predicted spam']").click()
    view(page, "examples").locator("[role=row][aria-rowindex='2']").click()
    view(page, "examples").get_by_role("button", name="Columns").click()
    view(page, "numbers-slices").locator("tbody tr:not(.group)").first.click()
    view(page, "numbers-losses").locator(".bar").nth(5).click()
    view(page, "losses").locator(".bar").nth(3).click()
    view(page, "dataset").locator(".distribution [role=option]").first.click()
    view(page, "findings").locator("summary").first.click()
    view(page, "findings").locator(".finding button").first.click()
    view(page, "measures").locator("tbody button.word").first.click()
    view(page, "many-classes").locator(".m-list button").first.click()
    view(page, "images").locator("[role=row][aria-rowindex='2']").click()
    view(page, "runs").locator(".names button").first.click()
    view(page, "runs").locator(".event-list summary").click()
    view(page, "runs").locator(".event .hit").first.click()
    view(page, "learning").locator("summary").first.click()
    view(page, "learning").locator(".numbers summary").click()
    view(page, "path").locator(".legend button").first.click()
    view(page, "objective").locator("summary").first.click()
    view(page, "traces").locator(".legend button").last.click()
    view(page, "traces").locator(".numbers summary").click()
    view(page, "attention").locator(".plot").click()
    view(page, "examples").locator(".e-panel").wait_for()


def shown(
    made: Mapping[str, Callable[[], View | RunView | Figure]],
) -> Iterator[tuple[str, View | RunView | Figure]]:
    """Views by name, also of what stands for its board."""
    for name, make in made.items():
        found = make()
        yield name, getattr(found, "_board", found)


def island_of(view: View | RunView | Figure) -> Island:
    """What is saved of a view."""
    if isinstance(view, Figure):
        return view._island()
    if isinstance(view, RunView):
        return view._island(view._page(), FILE_BYTES)
    return view._island(view._policy, FILE_BYTES)[0]


def write_everything(path: Path, made: Mapping[str, Callable[[], View | RunView | Figure]] = VIEWS) -> Path:
    """Write a page of all views, or of those that are given, saved as in a file: what they hold hangs on data alone."""
    islands = {name: island_html(island_of(view)) for name, view in shown(made)}
    views = "".join(f'<div data-case="{name}">{island}</div>' for name, island in islands.items())
    path.write_text(PAGE.format(views=views), "utf-8")
    return path
