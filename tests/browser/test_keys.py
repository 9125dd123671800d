"""The keyboard in every grid, list and slider there is: the pattern of ARIA, one tab stop, and the way out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.everything import VIEWS, view

pytestmark = pytest.mark.browser

GRIDS = {
    "confusion": "[role=grid]",
    "two-columns": "[role=grid]",
    "many-classes": "[role=grid]",
    "numbers-confusion": "[role=grid]",
    "slices": "[role=grid]",
    "numbers-slices": "[role=grid]",
    "losses": "[role=grid]",
    "dataset": ".slices [role=grid]",
    "examples": "[role=grid]",
    "images": "[role=grid]",
}
LISTS = {
    "distribution": "[role=listbox]",
    "distribution-against": "[role=listbox]",
    "distribution-fine": "[role=listbox]",
    "confidence": "[role=listbox]",
    "numbers-losses": "[role=listbox]",
}
# What is dragged with a pointer, and the ends of it that keys move (WCAG 2.5.7 and 2.1.1).
SLIDERS = {
    "confidence": ("lowest confidence", "highest confidence"),
    "calibration": ("lowest confidence", "highest confidence"),
    "distribution-fine": ("lowest length", "highest length"),
    "scatter": ("lowest length", "highest length", "lowest received", "highest received"),
    "numbers-losses": ("lowest residual", "highest residual"),
    "losses": ("lowest loss", "highest loss"),
}
WHERE = """grid => {
  const own = e => e.tabIndex === 0 && !e.closest("[role=separator], .e-panel")
  const stops = [grid, ...grid.querySelectorAll("*")].filter(own)
  const at = grid.getRootNode().activeElement
  const row = at?.closest("[role=row], tr")
  const cell = at?.closest("[role=gridcell], [role=columnheader], [role=rowheader], td, th")
  return {
    stops: stops.length,
    inside: grid.contains(at),
    row: Number(row?.getAttribute("aria-rowindex")),
    column: Number(cell?.getAttribute("aria-colindex") ?? [...(row?.children ?? [])].indexOf(cell) + 1),
  }
}"""


def place(grid: Locator) -> tuple[int, int]:
    """Where the focus is; it is in the grid, whose only tab stop is there."""
    at = grid.evaluate(WHERE)
    assert at["inside"], "the focus left the grid"
    assert at["stops"] == 1
    return at["row"], at["column"]


def press(grid: Locator, key: str) -> tuple[int, int]:
    grid.page.keyboard.press(key)
    return place(grid)


@pytest.mark.parametrize("name", GRIDS)
def test_a_grid_has_the_keys_of_a_grid(all_views: Page, name: str) -> None:
    grid = view(all_views, name).locator(GRIDS[name])
    grid.locator("[tabindex='0']").first.focus()
    press(grid, "Control+Home")
    first = place(grid)
    assert press(grid, "ArrowRight") == (first[0], first[1] + 1)
    assert press(grid, "ArrowLeft") == first
    assert press(grid, "ArrowDown") == (first[0] + 1, first[1])
    assert press(grid, "ArrowUp") == first
    end = press(grid, "End")
    assert end[0] == first[0]
    assert end[1] > first[1]
    assert press(grid, "Home") == first
    last = press(grid, "Control+End")
    assert last[0] > first[0]
    assert last[1] == end[1]
    assert press(grid, "ArrowRight") >= last
    press(grid, "Control+Home")
    down = press(grid, "PageDown")
    assert first[0] + 1 < down[0] or down[0] >= last[0]
    assert press(grid, "PageUp") == first
    assert press(grid, "Control+Home") == first


@pytest.mark.parametrize("name", GRIDS)
def test_enter_space_and_escape_work_on_the_cell_with_the_focus(all_views: Page, name: str) -> None:
    grid = view(all_views, name).locator(GRIDS[name])
    grid.locator("[tabindex='0']").first.focus()
    press(grid, "Control+Home")
    marked = "[aria-selected=true], [aria-expanded=true], [role=row].open"
    before = grid.locator(marked).count()
    for key in ("Enter", "Space"):
        press(grid, key)
        assert grid.locator(marked).count() > before, key
        press(grid, "Escape")
        assert grid.locator(marked).count() == before, key


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_the_keys_of_a_list(all_views: Page, name: str) -> None:
    keys = all_views.keyboard
    options = view(all_views, name).locator(LISTS[name]).first.locator("[role=option]")
    vertical = "curves" not in (view(all_views, name).locator("section").first.get_attribute("class") or "")
    back, on = ("ArrowUp", "ArrowDown") if vertical else ("ArrowLeft", "ArrowRight")
    count = options.count()

    def focused() -> int:
        here: int = options.evaluate_all("all => all.findIndex(e => e.getRootNode().activeElement === e)")
        return here

    options.locator("xpath=self::*[@tabindex='0']").first.focus()
    for key, wanted in (
        ("Home", 0),
        (on, 1),
        (back, 0),
        (back, 0),
        ("End", count - 1),
        (on, count - 1),
        ("Home", 0),
    ):
        keys.press(key)
        assert focused() == wanted, key
    for key in ("Enter", "Space"):
        keys.press(key)
        assert options.first.get_attribute("aria-selected") == "true"
        keys.press("Escape")
        assert options.first.get_attribute("aria-selected") == "false"


@pytest.mark.parametrize("name", SLIDERS)
def test_what_is_dragged_is_moved_by_keys_too(all_views: Page, name: str) -> None:
    chips = view(all_views, name).locator(".chip")
    for words in SLIDERS[name]:
        slider = view(all_views, name).get_by_role("slider", name=words, exact=True)
        slider.focus()
        before = slider.get_attribute("aria-valuenow")
        all_views.keyboard.press("ArrowRight" if words.startswith("lowest") else "ArrowLeft")
        assert slider.get_attribute("aria-valuenow") != before
        assert slider.get_attribute("aria-valuetext")
        assert chips.count() >= 1
        all_views.keyboard.press("Escape")
        assert chips.count() == 0


def test_tab_leads_through_every_view_and_out_of_the_last(all_views: Page) -> None:
    all_views.evaluate(
        """() => { document.body.append(Object.assign(document.createElement("button"), { id: "after" }))
             document.body.prepend(Object.assign(document.createElement("button"), { id: "before" }))
             document.getElementById("before").focus() }"""
    )
    seen = []
    for _ in range(400):
        all_views.keyboard.press("Tab")
        at = all_views.evaluate(
            "document.activeElement.id || document.activeElement.closest('[data-case]')?.dataset.case"
        )
        if at == "after":
            break
        if not seen or seen[-1] != at:
            seen.append(at)
    assert at == "after", "400 tabs did not lead out"
    assert seen == list(VIEWS)
    all_views.keyboard.press("Shift+Tab")
    assert all_views.evaluate("document.activeElement.closest('[data-case]').dataset.case") == seen[-1]
