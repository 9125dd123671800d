"""axe-core finds nothing in boards of all kinds, saved and live; keys stay in the view."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.everything import write_everything
from tests.browser.gallery import CASES
from tests.browser.hosts import Look, open_file
from tests.browser.test_lives import CELL, CELLS, MAKE, view

pytestmark = pytest.mark.browser

KEYS = [*"xddabzmy1cv", "Enter", "Escape", "ArrowDown", "Shift+M", "Delete"]
# Boards with little in them, or much; every view in every theme is in test_themes.py.
EDGES = (
    "without_probabilities",
    "empty",
    "one_class",
    "odd",
    "four",
    "intents",
    "unlabelled",
    "dataset_intents",
)


def test_axe_finds_nothing_in_boards_with_little_or_much(offline_page: Page, tmp_path: Path) -> None:
    made = {name: CASES[name]().board for name in EDGES}
    page = open_file(offline_page, write_everything(tmp_path / "edges.html", made))
    expect(page.locator(".od")).to_have_count(len(EDGES))
    assert violations(page) == []


@pytest.fixture(scope="module")
def spam_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved board."""
    path = tmp_path_factory.mktemp("reports") / "spam.html"
    CASES["spam"]().save(path)
    return path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_numbers_are_greyed(spam_report, new_page, theme) -> None:
    page = open_file(new_page(Look(theme=theme), offline=True), spam_report)
    page.locator("[aria-label^='Search in']").first.fill("free")
    page.locator(".od [data-state=stale]").first.wait_for()
    assert violations(page) == []


def test_axe_finds_nothing_in_a_live_board_in_the_themes_of_jupyterlab(jupyterlab) -> None:
    lab = jupyterlab.open([MAKE, "ev"]).run_all()
    board = view(lab, 1)
    board.locator(CELL).click()
    board.locator("[role=grid] [role=row][aria-rowindex='2']").last.click()
    board.locator(".e-panel [aria-busy=false]").wait_for()
    assert violations(lab.page, ".jp-OutputArea .od-host") == []
    lab.page.emulate_media(color_scheme="dark")
    lab.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    lab.page.locator(".od-live .od-host[data-theme=dark]").first.wait_for()
    assert violations(lab.page, ".jp-OutputArea .od-host", rules=["color-contrast"]) == []


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
