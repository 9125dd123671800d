"""The confusion matrix, saved and opened without a network: pointer, keyboard, names, two columns, many classes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import offdiagonal as od
from tests.browser import gallery
from tests.browser.hosts import open_file

pytestmark = pytest.mark.browser

# What is selected, as the page's own store knows it.
CLAUSES = """() => {
    const registry = Object.getOwnPropertySymbols(globalThis).map((s) => globalThis[s]).find((v) => v?.stores);
    return [...registry.stores.values()][0].clauses.value;
}"""


@cache
def evaluation(case: str) -> od.Evaluation:
    return gallery.CASES[case]()


@pytest.fixture
def shown(offline_page: Page, tmp_path: Path) -> Callable[..., Page]:
    """Open a view of a case of the gallery from its saved file."""

    def show(case: str, width: int = 900, **options: object) -> Page:
        path = tmp_path / "view.html"
        evaluation(case).confusion(**options).save(path)
        offline_page.set_viewport_size({"width": width, "height": 900})
        open_file(offline_page, path)
        offline_page.get_by_role("grid").wait_for()
        return offline_page

    return show


def test_the_heads_stay_with_their_matrix_when_the_page_scrolls(shown: Callable[..., Page]) -> None:
    page = shown("spam")
    page.evaluate("document.body.style.paddingBottom = '2000px'")
    head = page.get_by_role("columnheader", name="predicted spam").first
    before = head.bounding_box()
    page.mouse.wheel(0, before["y"] + 20)
    page.wait_for_function("y => scrollY >= y", arg=before["y"])
    assert head.bounding_box()["y"] < 0


def cell(page: Page, label: str, predicted: str) -> Locator:
    return page.locator(f"[role=gridcell][aria-label^='label {label}, predicted {predicted}, ']")


def selected(page: Page) -> list[str]:
    """The names of the selected cells that are drawn, up to their count."""
    names = page.locator("[role=gridcell][aria-selected=true]").evaluate_all(
        "all => all.map(e => e.ariaLabel)"
    )
    return sorted(re.sub(r", \d.*", "", name) for name in names)


def clauses(page: Page) -> list[dict]:
    return page.evaluate(CLAUSES)


def focused(page: Page) -> str:
    return page.evaluate(
        "() => { let at = document.activeElement;"
        " while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
        " return at.getAttribute('aria-label') ?? at.tagName }"
    )


def test_a_click_selects_a_cell_and_a_second_click_clears(shown: Callable[..., Page]) -> None:
    page = shown("four")
    cell(page, "M", "F").click()
    assert selected(page) == ["label M, predicted F"]
    expect(page.get_by_role("status").filter(has_text="219")).to_be_visible()
    cell(page, "M", "F").click()
    assert selected(page) == []
    cell(page, "M", "F").click()
    cell(page, "F", "VF").click()
    assert selected(page) == ["label F, predicted VF"]


def test_names_and_states_are_told(shown: Callable[..., Page]) -> None:
    page = shown("four")
    counts = evaluation("four").confusion().to_frame()
    n = int(counts.query("label == 'M' and prediction == 'F'")["n"].iloc[0])
    of_label = int(counts.query("label == 'M'")["n"].sum())
    expect(cell(page, "M", "F")).to_have_attribute(
        "aria-label", f"label M, predicted F, {n} examples, {100 * n / of_label:.1f} % of M"
    )
    grid = page.get_by_role("grid")
    assert (grid.get_attribute("aria-rowcount"), grid.get_attribute("aria-colcount")) == ("7", "7")
    recall = re.compile(r"^recall of M 19\.2 %, 95 % interval [\d.]+ to [\d.]+, ")
    expect(page.get_by_role("gridcell", name=recall)).to_be_visible()
    expect(page.get_by_role("gridcell", name=re.compile("^precision of VF "))).to_be_visible()
    page.get_by_role("button", name="Column %").click()
    expect(cell(page, "M", "F")).to_have_attribute("aria-label", re.compile(r"% of predicted F$"))
    expect(
        page.get_by_role("heading", name="Confusion · row = label, column = predicted · column %")
    ).to_be_visible()


def test_shift_click_heads_and_legend_make_any_set(shown: Callable[..., Page]) -> None:
    page = shown("four")
    page.get_by_role("rowheader", name="label L", exact=True).click()
    assert clauses(page) == [{"field": "cell", "any": [{"label": [1], "prediction": None}], "outcome": None}]
    cell(page, "M", "F").click(modifiers=["Shift"])
    cell(page, "L", "M").click(modifiers=["Shift"])
    assert set(selected(page)) == {
        "label L, predicted F",
        "label L, predicted L",
        "label L, predicted VF",
        "label M, predicted F",
    }
    page.get_by_role("columnheader", name="predicted VF").click()
    assert clauses(page)[0]["any"] == [{"label": None, "prediction": [3]}]
    page.get_by_role("button", name=re.compile("^Errors 1,010")).click()
    assert clauses(page)[0]["outcome"] == "error"
    assert set(selected(page)) == {f"label {a}, predicted VF" for a in "FLM"}
    cell(page, "VF", "VF").click()
    assert clauses(page) == [{"field": "cell", "any": [{"label": [3], "prediction": [3]}], "outcome": None}]


def test_a_drag_selects_a_rectangle(shown: Callable[..., Page]) -> None:
    page = shown("four")
    start, end = cell(page, "L", "L").bounding_box(), cell(page, "M", "M").bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] + 10, steps=4)
    expect(page.locator(".m-rubber")).to_be_visible()
    page.mouse.up()
    expect(page.locator(".m-rubber")).to_have_count(0)
    assert clauses(page)[0]["any"] == [{"label": [1, 2], "prediction": [1, 2]}]
    heads = [page.get_by_role("rowheader", name=f"label {name}", exact=True).bounding_box() for name in "FL"]
    page.mouse.move(heads[0]["x"] + 10, heads[0]["y"] + 10)
    page.mouse.down()
    page.mouse.move(heads[1]["x"] + 10, heads[1]["y"] + 10, steps=3)
    page.mouse.up()
    assert clauses(page)[0]["any"] == [{"label": [0, 1], "prediction": None}]


def test_the_keyboard_reaches_and_selects_everything(shown: Callable[..., Page]) -> None:
    page = shown("four")
    cell(page, "F", "F").focus()
    press = page.keyboard.press
    assert focused(page).startswith("label F, predicted F,")
    press("ArrowRight")
    press("ArrowDown")
    assert focused(page).startswith("label L, predicted L,")
    press("Enter")
    assert selected(page) == ["label L, predicted L"]
    press("Shift+ArrowRight")
    press("Shift+ArrowDown")
    assert clauses(page)[0]["any"] == [{"label": [1, 2], "prediction": [1, 2]}]
    press("ArrowUp")
    press("ArrowLeft")
    press("Shift+Enter")
    assert selected(page) == ["label L, predicted M", "label M, predicted L", "label M, predicted M"]
    assert focused(page).startswith("label L, predicted L,")
    press("Control+End")
    assert focused(page).startswith("label VF, predicted VF,")
    press("ArrowRight")
    assert focused(page).startswith("label VF, ")
    press("ArrowRight")
    assert focused(page).startswith("recall of VF ")
    press("Home")
    press("ArrowLeft")
    assert focused(page) == "label VF"
    press(" ")
    assert clauses(page)[0]["any"] == [{"label": [3], "prediction": None}]
    press("Escape")
    assert clauses(page) == []
    press("Control+Home")
    press("ArrowUp")
    assert focused(page) == "predicted F"
    assert page.get_by_role("grid").locator("[tabindex='0']").count() == 1


def test_one_tab_stop_and_empty_cells_are_walked_too(shown: Callable[..., Page]) -> None:
    page = shown("intents", 1200)
    first = page.get_by_label("Find a class")
    first.focus()
    page.keyboard.press("Tab")
    name = focused(page)
    assert re.match(r"label .*, predicted .*, \d+ example", name)
    page.keyboard.press("PageDown")
    assert focused(page).endswith(
        " 0 examples, 0.0 % of " + focused(page).split(", ")[0].removeprefix("label ")
    )
    page.keyboard.press("ArrowUp")
    assert focused(page).startswith("label ")
    assert page.locator(".m-cell[data-kind=none]").count() <= 2
    page.keyboard.press("Tab")
    assert focused(page) == "BUTTON"


def test_the_tooltip_says_the_same_for_pointer_and_keyboard(shown: Callable[..., Page]) -> None:
    page = shown("four")
    tip = page.get_by_role("tooltip")
    cell(page, "M", "F").hover()
    expect(tip).to_contain_text("219 examples: errors")
    said = tip.inner_text()
    assert re.search(r"53\.2 % of this label \[48\.\d, 57\.\d\]", said)
    box = tip.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20, steps=8)
    page.wait_for_timeout(700)
    assert tip.inner_text() == said
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    page.mouse.move(0, 0)
    cell(page, "M", "F").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(tip).to_contain_text("219 examples: errors")
    assert tip.inner_text() == said
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


def test_top_confusions_by_count_and_by_rate(shown: Callable[..., Page]) -> None:
    page = shown("four")
    rows = page.locator(".m-list tbody tr")
    assert rows.first.inner_text().split("\n")[0].startswith("F → VF")
    title = re.compile(r"Top confusions · \d+ of 12 pairs hold \d+ % of the errors")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("button", name="By rate").click()
    assert rows.first.inner_text().startswith("M → F")
    assert re.search(r"53\.2 %\s+\[48\.\d, 57\.\d\]", rows.first.inner_text())
    rows.first.get_by_role("button").click()
    assert selected(page) == ["label M, predicted F"]
    expect(rows.first.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=re.compile(r"^Show \d+ more$")).click()
    assert rows.count() == 12


@pytest.mark.parametrize("width", [320, 500, 900, 1600])
def test_77_classes_fit_zoom_and_are_found(shown: Callable[..., Page], width: int) -> None:
    page = shown("intents", width)
    box = page.locator(".m-box")
    assert box.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    field = page.get_by_label("Find a class")
    field.fill("lost or stolen ph")
    field.press("Enter")
    expect(page.get_by_role("status").filter(has_text="recall of lost_or_stolen_phone")).to_be_visible()
    head = page.get_by_role("rowheader", name="label lost_or_stolen_phone")
    expect(head).to_be_in_viewport()
    expect(page.locator(".m-cross.found")).to_have_count(2)
    inside = "(e) => { const a = e.getBoundingClientRect(), b = e.closest('.m-box').getBoundingClientRect();"
    assert head.evaluate(inside + " return a.top >= b.top && a.bottom <= b.bottom }")
    field.fill("card")
    field.press("Enter")
    first = page.get_by_text(re.compile(r"^1 of \d+ found: ")).inner_text()
    field.press("Enter")
    assert page.get_by_text(re.compile(r"^2 of \d+ found: ")).inner_text() != first
    field.fill("no such class")
    field.press("Enter")
    expect(page.get_by_text("No class contains “no such class”")).to_be_visible()
    page.get_by_role("button", name="Fit").click()
    assert box.evaluate("e => e.scrollWidth <= e.clientWidth + 1")


def test_77_classes_take_clicks_on_cells_of_a_few_pixels(shown: Callable[..., Page]) -> None:
    page = shown("intents", 1400)
    target = page.locator("[data-kind=error]").nth(7)
    name = target.get_attribute("aria-label") or ""
    target.click()
    assert selected(page) == [re.sub(r", \d.*", "", name)]
    expect(page.locator(".m-name.on bdi")).to_have_text(name.split(", ")[0].removeprefix("label "))


def test_any_two_columns(shown: Callable[..., Page]) -> None:
    page = shown("spam", rows="source", columns="length")
    target = page.get_by_role("gridcell", name=re.compile("^source web, length 32 to < 49, "))
    target.click()
    found = {clause["field"]: clause for clause in clauses(page)}
    assert len(found) == 2
    assert sorted((c["codes"], c["intervals"]) for c in found.values()) == [([], [[32, 49]]), ([2], [])]
    expect(page.get_by_role("status").filter(has_text=re.compile("of 2,000"))).to_contain_text(
        (target.get_attribute("aria-label") or "").split(", ")[2].split(" ")[0]
    )
    # its own clauses leave the counts alone
    expect(page.get_by_role("gridcell", name="2,000")).to_be_visible()
    assert page.locator("[data-kind=error]").count() == 0
    target.click()
    assert clauses(page) == []


def test_rows_without_a_label_are_not_judged_and_data_is_text(shown: Callable[..., Page]) -> None:
    page = shown("odd")
    names = page.get_by_role("rowheader").evaluate_all("all => all.map(e => e.ariaLabel).filter(Boolean)")
    assert names[-1] == "label (missing)"
    assert page.locator("[data-kind=unjudged]:visible").count() >= 1
    expect(page.get_by_text("30 without a label: not judged")).to_be_visible()
    assert page.locator("[role=grid] b").count() == 0
    expect(cell(page, "<b>bold</b>", "x")).to_be_visible()


@pytest.mark.parametrize(("case", "sentence"), [("one_class", "Only one class, ham"), ("empty", "No rows")])
def test_nothing_to_confuse_is_said(offline_page: Page, tmp_path: Path, case: str, sentence: str) -> None:
    evaluation(case).confusion().save(tmp_path / "view.html")
    open_file(offline_page, tmp_path / "view.html")
    expect(offline_page.locator(".od").get_by_text(sentence)).to_be_visible()
    assert offline_page.get_by_role("grid").count() == 0


def test_a_dense_matrix_of_100_classes_answers_within_a_moment(offline_page: Page, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    label, prediction = rng.integers(0, 100, 40_000), rng.integers(0, 100, 40_000)
    frame = {"label": [f"class {i:02d}" for i in label], "predicted": [f"class {i:02d}" for i in prediction]}
    od.Evaluation(frame, prediction="predicted", name="dense").confusion().save(tmp_path / "view.html")
    offline_page.set_viewport_size({"width": 1400, "height": 1000})
    open_file(offline_page, tmp_path / "view.html")
    cells = offline_page.locator(".m-cell")
    cells.first.wait_for()
    assert cells.count() > 9000
    cells.nth(4321).dispatch_event("click")
    offline_page.wait_for_timeout(200)
    assert len(selected(offline_page)) == 1


def test_what_nobody_can_count_is_greyed(shown: Callable[..., Page]) -> None:
    page = shown("intents")
    select = CLAUSES.replace(".clauses.value", ".select({})").replace(
        "{}",
        json.dumps([{"field": "confidence", "low": 0.5, "high": 0.9}, {"field": "text", "contains": "card"}]),
    )
    page.evaluate(select)
    expect(page.locator(".m-plot")).to_have_attribute("data-state", "stale")
    expect(page.locator(".m-confusions")).to_have_attribute("data-state", "stale")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".m-plot")).to_have_attribute("data-state", "exact")


def test_the_focused_cell_is_described_by_the_tooltip(shown: Callable[..., Page]) -> None:
    page = shown("four")
    cell(page, "F", "F").focus()
    page.keyboard.press("ArrowRight")
    said = re.compile(r"36 examples: errors\s*3\.3 % of this label")
    expect(cell(page, "F", "L")).to_have_accessible_description(said)
