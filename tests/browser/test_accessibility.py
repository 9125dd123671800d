"""axe-core finds nothing, in every theme and state; one tab stop a view; keys stay in the view."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.gallery import CASES
from tests.browser.hosts import Look, open_file
from tests.browser.test_lives import CELL, CELLS, MAKE, view

pytestmark = pytest.mark.browser

STOPS = "g => [g, ...g.querySelectorAll('*')].filter(e => e.tabIndex === 0 && !e.disabled).length"
KEYS = [*"xddabzmy1cv", "Enter", "Escape", "ArrowDown", "Shift+M", "Delete"]
LOOKS = {
    "light": Look(theme="light"),
    "dark": Look(theme="dark"),
    "contrast": Look(forced_colors=True),
    "narrow": Look(width=400),
}


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A saved board of every case."""
    folder = tmp_path_factory.mktemp("reports")
    paths = {name: folder / f"{name}.html" for name in CASES}
    for name, path in paths.items():
        CASES[name]().save(path)
    return paths


# Every case in light; what differs by theme and width is seen on the fullest ones.
SEEN = {(case, "light") for case in CASES} | {(case, look) for case in ("spam", "intents") for look in LOOKS}
SEEN |= {("dataset", "dark")}


@pytest.mark.parametrize(("case", "look"), sorted(SEEN))
def test_axe_finds_nothing_with_data_and_empty(reports, new_page, case: str, look: str) -> None:
    page = open_file(new_page(LOOKS[look], offline=True), reports[case])
    page.locator(".od").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_with_a_selection_and_a_row_open(reports, new_page, look: str) -> None:
    page = open_file(new_page(LOOKS[look], offline=True), reports["spam"])
    page.locator(CELL).first.click()
    assert violations(page) == []
    row = page.locator(".od [role=grid] [role=row][aria-rowindex='2']").last
    row.click()
    assert violations(page) == []


@pytest.mark.parametrize("look", ["dark", "contrast"])
def test_axe_finds_nothing_in_a_dataset_with_a_selection(reports, new_page, look: str) -> None:
    page = open_file(new_page(LOOKS[look], offline=True), reports["dataset"])
    page.locator(".distribution [role=option]").first.click()
    assert violations(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_where_numbers_are_greyed(reports, new_page, look: str) -> None:
    page = open_file(new_page(LOOKS[look], offline=True), reports["spam"])
    page.locator("[aria-label^='Search in']").first.fill("free")
    page.locator(".od [data-state=stale]").first.wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["JupyterLab Dark High Contrast", "JupyterLab Light High Contrast"])
def test_axe_finds_nothing_in_a_theme_of_high_contrast(reports, offline_page: Page, theme: str) -> None:
    page = open_file(offline_page, reports["spam"])
    back = "black" if "Dark" in theme else "white"
    page.evaluate(
        "([theme, back]) => { document.body.dataset.jpThemeName = theme; document.body.style.background = back }",
        [theme, back],
    )
    page.locator(".od-host[data-contrast=more]").wait_for()
    page.locator(CELL).first.click()
    page.locator(".od [role=grid] [role=row][aria-rowindex='2']").last.click()
    assert violations(page) == []
    soft = page.locator(".od .soft").first.evaluate("e => getComputedStyle(e).color")
    assert soft == page.locator(".od").first.evaluate("e => getComputedStyle(e).color")


def test_axe_finds_nothing_in_a_live_board(jupyterlab) -> None:
    lab = jupyterlab.open([MAKE, "ev"]).run_all()
    board = view(lab, 1)
    board.locator(CELL).click()
    board.locator("[role=grid] [role=row][aria-rowindex='2']").last.click()
    board.locator(".e-panel [aria-busy=false]").wait_for()
    assert violations(lab.page, ".jp-OutputArea .od-host") == []


def test_each_grid_is_one_tab_stop(reports, offline_page: Page) -> None:
    page = open_file(offline_page, reports["spam"])
    page.locator(CELL).first.wait_for()
    for grid in page.locator(".od [role=grid]").all():
        stops = grid.evaluate(STOPS)
        assert stops == 1, grid.get_attribute("aria-label")


def test_tab_leaves_every_view(reports, offline_page: Page) -> None:
    page = open_file(offline_page, reports["spam"])
    page.locator(CELL).first.wait_for()
    page.evaluate("document.body.append(Object.assign(document.createElement('button'), { id: 'after' }))")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "after":
            return
    pytest.fail("60 tabs did not lead out of the board")


def test_no_key_reaches_the_notebook(jupyterlab) -> None:
    lab = jupyterlab.open(CELLS).run_all()
    view(lab, 1).locator(CELL).click()
    before = lab.js("return panel.content.widgets.length")
    for key in KEYS:
        lab.page.keyboard.press(key)
    assert lab.js("return panel.content.widgets.length") == before
    assert (
        lab.js("return panel.content.widgets.map(w => w.model.type).join()")
        == "code," * (len(CELLS) - 1) + "code"
    )
    assert lab.js("return panel.content.mode") == "command"
