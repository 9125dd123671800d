"""Slices, saved and opened without a network: numbers as pandas has them, pointer, keyboard, order, names."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

import offdiagonal as od
from offdiagonal.stats.intervals import newcombe, wilson
from tests.browser import gallery
from tests.browser.hosts import open_file

pytestmark = pytest.mark.browser

Show = Callable[..., Page]

STORE = """() => {
    const registry = Object.getOwnPropertySymbols(globalThis).map((s) => globalThis[s]).find((v) => v?.stores);
    return [...registry.stores.values()][0];
}"""
# What is selected, as the page's own store knows it.
CLAUSES = f"() => ({STORE})().clauses.value"


# The fields of the saved table, by name: what their levels are is Python's choice.
FIELDS = f"() => Object.fromEntries(({STORE})().meta.value.fields.map((f) => [f.name, f.levels]))"


def planted(n: int = 1500) -> pd.DataFrame:
    """Two classes; vendor-b is labelled badly, the longest texts are hard, the last rows have no label."""
    rng = np.random.default_rng(7)
    source = rng.choice(["phone", "web", "vendor-b"], n, p=[0.5, 0.35, 0.15])
    length = rng.integers(3, 300, n)
    spam = rng.random(n) < 0.3
    wrong = rng.random(n) < 0.05 + 0.2 * (source == "vendor-b") + 0.1 * (length > 240)
    score = np.where(spam ^ wrong, rng.uniform(0.5, 1, n) ** 0.5, 1 - rng.uniform(0.5, 1, n) ** 0.5)
    label = np.where(spam, "spam", "ham").astype(object)
    label[-40:] = None
    predicted = np.where(score > 0.5, "spam", "ham")
    return pd.DataFrame(
        {"label": label, "predicted": predicted, "p_spam": score, "source": source, "length": length}
    )


FRAME = planted()
QUOTED = 'says "hi" \\ it\'s'


def evaluation(**options: object) -> od.Evaluation:
    """The planted table, with two slices of the user."""
    ev = od.Evaluation(
        FRAME, prediction="predicted", probabilities="p_spam", source="source", name="planted", **options
    )
    return ev.slice("odd length", lambda f: f["length"] % 2 == 1).slice(QUOTED, lambda f: f["length"] < 50)


@pytest.fixture
def show(offline_page: Page, tmp_path: Path) -> Show:
    """Open views of an Evaluation from their saved file."""

    def opened(
        views: list[str], ev: od.Evaluation | None = None, width: int = 900, height: int | None = None
    ) -> Page:
        path = tmp_path / "views.html"
        (evaluation() if ev is None else ev).board(views, height=height).save(path)
        offline_page.set_viewport_size({"width": width, "height": 900})
        open_file(offline_page, path)
        offline_page.locator(".od").wait_for()
        return offline_page

    return opened


def row(page: Page, name: str) -> Locator:
    return page.locator(".slices tbody tr", has=page.get_by_role("rowheader", name=name))


def names(page: Page) -> list[str]:
    return page.locator(".slices tbody th bdi").all_inner_texts()


def chosen(page: Page) -> list[str]:
    return page.locator(".slices tr[aria-selected=true] th bdi").all_inner_texts()


def focused(page: Page) -> str:
    """What has the focus: its name, else its text."""
    return page.evaluate(
        "() => { let at = document.activeElement;"
        " while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
        " return at.getAttribute('aria-label') ?? at.innerText }"
    )


def numbers(inside: pd.Series, rows: pd.DataFrame) -> list[str]:
    """The cells that a slice of some rows must have: n, error rate, difference."""
    judged = rows["label"].notna()
    wrong = judged & (rows["label"] != rows["predicted"])
    k, n = int((wrong & inside).sum()), int((judged & inside).sum())
    rest = int((wrong & ~inside).sum()), int((judged & ~inside).sum())
    difference, rate = newcombe(k, n, *rest), wilson(k, n)
    if rate.value is None or difference.value is None:
        return [f"{inside.sum():,}", "—", "—"]
    signed = [f"{100 * end:.1f}".replace("-", "−") for end in (difference.low, difference.high)]
    value = f"{100 * difference.value:+.1f}".replace("-", "−")
    return [f"{inside.sum():,}", f"{100 * rate.value:.1f} %", f"{value} [{signed[0]}, {signed[1]}]"]


def cells(page: Page, name: str) -> list[str]:
    """The numbers of a row, the interval of the rate left out."""
    return [
        re.sub(r"(?<=%)\s.*", "", text).strip() for text in row(page, name).locator("td").all_inner_texts()
    ]


def test_every_level_and_every_slice_has_the_numbers_of_pandas(show: Show) -> None:
    page = show(["slices"])
    for source in ["phone", "web", "vendor-b"]:
        assert cells(page, f"source = {source}") == numbers(FRAME["source"] == source, FRAME)
    assert cells(page, "odd length, your slice") == numbers(FRAME["length"] % 2 == 1, FRAME)
    levels = page.evaluate(FIELDS)
    for level in levels["length"]:
        inside = FRAME["length"].between(level["low"], level["high"], inclusive="left")
        inside |= FRAME["length"].eq(level["high"]) & (level is levels["length"][-1])
        assert cells(page, f"length {level['text']}") == numbers(inside, FRAME)
    assert len(names(page)) == sum(map(len, levels.values())) + 2
    expect(page.get_by_role("heading", name=f"{len(names(page))} looked at")).to_be_visible()


def test_the_numbers_follow_a_selection_but_not_that_of_their_own_column(show: Show) -> None:
    page = show(["slices", "confidence"])
    row(page, "source = web").click()
    web = FRAME[FRAME["source"] == "web"]
    assert cells(page, "odd length") == numbers(web["length"] % 2 == 1, web)
    assert cells(page, "source = vendor-b") == numbers(FRAME["source"] == "vendor-b", FRAME)
    row(page, "odd length").click()
    odd = FRAME[FRAME["length"] % 2 == 1]
    assert cells(page, "source = vendor-b") == numbers(odd["source"] == "vendor-b", odd)
    assert cells(page, "odd length") == numbers(web["length"] % 2 == 1, web)


def test_a_name_says_all_that_the_row_shows(show: Show) -> None:
    page = show(["slices"])
    difference = r"\d+\.\d points worse than the rest, \d+\.\d to \d+\.\d"
    pattern = rf"^source = vendor-b, \d+ examples, error \d+\.\d %, {difference}$"
    expect(page.get_by_role("rowheader", name=re.compile(pattern))).to_have_count(1)
    expect(row(page, "odd length").get_by_text("yours")).to_be_visible()


def test_filled_dots_are_those_whose_interval_leaves_out_none(show: Show) -> None:
    page = show(["slices"])
    expect(row(page, "source = vendor-b").locator("circle.filled")).to_have_count(1)
    for name in names(page):
        low, high = re.search(r"\[(\S+), (\S+)\]", cells(page, name)[2].replace("−", "-")).groups()
        filled = float(low) > 0 or float(high) < 0
        expect(row(page, name).locator("circle")).to_have_class("filled" if filled else "hollow")


def test_clicks_select_clear_and_add(show: Show) -> None:
    page = show(["slices"])
    row(page, "source = vendor-b").click()
    assert chosen(page) == ["source = vendor-b"]
    row(page, "source = web").click(modifiers=["Shift"])
    assert set(chosen(page)) == {"source = vendor-b", "source = web"}
    row(page, "source = vendor-b").click(modifiers=["Shift"])
    row(page, "odd length").click()
    assert set(chosen(page)) == {"source = web", "odd length"}
    row(page, "source = web").click()
    assert chosen(page) == ["odd length"]
    row(page, QUOTED).click(modifiers=["Shift"])
    assert page.evaluate(CLAUSES) == [{"field": "slice", "names": ["odd length", QUOTED]}]


def test_an_interval_from_python_is_its_levels(show: Show) -> None:
    ev = evaluation()
    _, second, third, *_ = show(["slices"], ev).evaluate(FIELDS)["length"]
    ev.selection.where(columns={"length": (second["low"], third["high"])})
    page = show(["slices"], ev)
    assert set(chosen(page)) == {f"length {second['text']}", f"length {third['text']}"}


def test_the_worst_come_first_and_each_column_sorts_both_ways(show: Show) -> None:
    page = show(["slices"])
    head = page.get_by_role("columnheader")

    def column(position: int) -> list[float]:
        texts = page.locator(f".slices tbody tr > :nth-child({position})").all_inner_texts()
        found = [re.search(r"[+−]?[\d,]+(\.\d+)?", text) for text in texts]
        return [float(m.group().replace("−", "-").replace(",", "")) for m in found if m]

    assert names(page)[0] == "source = vendor-b"
    for position, ascending in [(4, False), (4, True), (2, False), (2, True), (3, False)]:
        if (position, ascending) != (4, False):
            head.nth(position - 1).click()
        way = "ascending" if ascending else "descending"
        expect(head.nth(position - 1)).to_have_attribute("aria-sort", way)
        assert column(position) == sorted(column(position), reverse=not ascending)
    head.first.click()
    expect(head.first).to_have_attribute("aria-sort", "ascending")
    expect(head.nth(2)).to_have_attribute("aria-sort", "none")
    assert names(page) == sorted(
        names(page), key=lambda name: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", name)]
    )


def test_by_column_the_levels_stand_in_their_own_order(show: Show) -> None:
    page = show(["slices"])
    page.get_by_role("button", name="By column").click()
    texts = [level["text"] for levels in page.evaluate(FIELDS).values() for level in levels]
    assert names(page) == [*texts, "odd length", QUOTED]
    assert page.locator(".slices tr.group").all_inner_texts() == ["source", "length", "your slices"]
    page.get_by_role("columnheader", name="n", exact=True).click()
    expect(page.locator(".slices tr.group")).to_have_count(3)
    page.get_by_role("button", name="By difference").click()
    assert names(page)[0] == "source = vendor-b"


def test_the_keyboard_does_what_the_pointer_does(show: Show) -> None:
    page = show(["slices"])
    page.get_by_role("button", name="By column").focus()
    page.keyboard.press("Tab")
    assert focused(page).startswith("source = vendor-b")
    page.keyboard.press("Enter")
    assert chosen(page) == ["source = vendor-b"]
    page.keyboard.press("ArrowDown")
    second = names(page)[1]
    assert focused(page).startswith(second)
    page.keyboard.press("Space")
    assert set(chosen(page)) == {"source = vendor-b", second}
    page.keyboard.press("Escape")
    assert chosen(page) == ["source = vendor-b"]
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowUp")
    assert focused(page).startswith("slice")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="error")).to_have_attribute("aria-sort", "descending")
    page.keyboard.press("ArrowDown")
    assert focused(page).startswith(cells(page, names(page)[0])[1])
    page.keyboard.press("Control+End")
    assert focused(page) == cells(page, names(page)[-1])[2]
    page.keyboard.press("Tab")
    assert page.locator(".slices [tabindex='0']").count() == 1


def test_shift_enter_adds_and_escape_clears_the_column(show: Show) -> None:
    page = show(["slices"])
    row(page, "source = vendor-b").get_by_role("rowheader").focus()
    page.keyboard.press("Enter")
    row(page, "source = phone").get_by_role("rowheader").focus()
    page.keyboard.press("Shift+Enter")
    assert set(chosen(page)) == {"source = vendor-b", "source = phone"}
    page.keyboard.press("Escape")
    assert chosen(page) == []


def test_the_focus_stays_on_its_row_when_the_order_changes(show: Show) -> None:
    page = show(["slices"], height=160)
    last = names(page)[-1]
    row(page, last).get_by_role("rowheader").focus()
    page.keyboard.press("Enter")
    page.get_by_role("columnheader", name="n", exact=True).click()
    row(page, last).get_by_role("rowheader").focus()
    page.keyboard.press("Enter")
    assert focused(page).startswith(last)
    box, at = page.locator(".slices .scroll").bounding_box(), row(page, last).bounding_box()
    assert box["y"] <= at["y"]
    assert at["y"] + at["height"] <= box["y"] + box["height"] + 1


def test_of_selected_errors_it_says_how_much_of_each_slice_they_are(show: Show) -> None:
    page = show(["confusion", "slices"])
    page.get_by_role("gridcell", name="label ham, predicted spam").click()
    expect(page.get_by_role("heading", name="share selected against the rest")).to_be_visible()
    expect(page.get_by_text("how much of each slice is in them")).to_be_visible()
    chosen = (FRAME["label"] == "ham") & (FRAME["predicted"] == "spam")
    for source in ["phone", "web"]:
        inside = FRAME["source"] == source
        k, n = int((chosen & inside).sum()), int(inside.sum())
        assert cells(page, f"source = {source}")[:2] == [str(k), f"{100 * k / n:.1f} %"]
    row(page, "source = web").click()
    assert cells(page, "source = phone")[0] == str(int((chosen & (FRAME["source"] == "phone")).sum()))
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("heading", name="error rate against the rest")).to_be_visible()


def test_nothing_to_slice_by_says_why(show: Show) -> None:
    expect(
        show(
            ["slices"], od.Evaluation({"label": ["a", "b"] * 20, "prediction": ["a", "a"] * 20})
        ).get_by_text("No column has few enough")
    ).to_be_visible()
    expect(show(["slices"], gallery.empty()).get_by_text("No examples.")).to_be_visible()


def test_many_slices_are_shown_when_asked_for(show: Show) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"field {i}": rng.integers(0, 40, 400).astype(str) for i in range(3)})
    ev = od.Evaluation.from_predictions(rng.integers(0, 2, 400), rng.integers(0, 2, 400), data=frame)
    page = show(["slices"], ev)
    assert len(names(page)) == 100
    page.get_by_role("button", name="Show all 120").click()
    assert len(names(page)) == 120


@pytest.mark.parametrize("width", [320, 500, 900, 1400])
def test_nothing_is_cut_off_at_any_width(show: Show, width: int) -> None:
    page = show(["slices"], width=width)
    expect(page.locator(".slices .numbers").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    scroll = page.locator(".slices .scroll")
    assert scroll.evaluate("e => e.scrollWidth <= e.clientWidth")
