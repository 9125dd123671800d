"""Confidence and calibration, saved and opened without a network: numbers, drag, handles, keyboard, reasons."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

import offdiagonal as od
from offdiagonal.stats.calibration import corp
from offdiagonal.stats.intervals import wilson
from tests.browser import gallery
from tests.browser.hosts import Look, open_file
from tests.browser.test_slices import CLAUSES, FRAME, Show, evaluation, focused, row, show

__all__ = ["show"]

pytestmark = pytest.mark.browser

CONFIDENCE = np.maximum(FRAME["p_spam"], 1 - FRAME["p_spam"])
WRONG = FRAME["label"].notna() & (FRAME["label"] != FRAME["predicted"])


def bars(page: Page) -> Locator:
    return page.get_by_role("option")


def bar(page: Page, low: float) -> Locator:
    return page.locator(f"[role=option][aria-label^='{low:.2f} to']")


def wanted(low: float, high: float, rows: pd.Series | None = None) -> str:
    """What a bin of the planted table must say."""
    inside = (low - 1e-12 <= CONFIDENCE) & ((high - 1e-12 > CONFIDENCE) | (high == 1))
    inside &= True if rows is None else rows
    n, judged, wrong = (
        int(inside.sum()),
        int((inside & FRAME["label"].notna()).sum()),
        int((inside & WRONG).sum()),
    )
    found = wilson(wrong, judged)
    rate = ""
    if found.value is not None:
        rate = f", {100 * found.value:.1f} % [{100 * found.low:.1f}, {100 * found.high:.1f}]"
    return f"{low:.2f} to {high:.2f}: {n:,} example{'' if n == 1 else 's'}, {wrong:,} wrong{rate}"


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], release: bool = True) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, start[1], steps=3)
    page.mouse.move(*end, steps=3)
    if release:
        page.mouse.up()


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def interval(page: Page) -> list[float] | None:
    """The interval of confidence in force."""
    found = [clause for clause in page.evaluate(CLAUSES) if clause["field"] == "confidence"]
    return [found[0]["low"], found[0]["high"]] if found else None


def test_every_bar_says_what_pandas_counts(show: Show) -> None:
    page = show(["confidence"])
    bars(page).first.wait_for()
    names = [b.get_attribute("aria-label") for b in bars(page).all()]
    assert names == [wanted(i / 20, (i + 1) / 20) for i in range(10, 20)]
    rate = wilson(int(WRONG.sum()), int(FRAME["label"].notna().sum()))
    total = f"{WRONG.sum()} wrong ({100 * rate.value:.1f} % [{100 * rate.low:.1f}, {100 * rate.high:.1f}])"
    expect(page.get_by_text(total)).to_be_visible()
    expect(page.get_by_text("40 not judged")).to_be_visible()


def test_a_click_selects_a_bin_and_filters_the_slices_but_not_its_own_bars(show: Show) -> None:
    page = show(["slices", "confidence"])
    before = [b.get_attribute("aria-label") for b in bars(page).all()]
    bar(page, 0.9).click()
    assert interval(page) == [0.9, 0.95]
    expect(bar(page, 0.9)).to_have_attribute("aria-selected", "true")
    assert [b.get_attribute("aria-label") for b in bars(page).all()] == before
    inside = CONFIDENCE.between(0.9, 0.95, inclusive="left") & (FRAME["source"] == "web")
    expect(row(page, "source = web").locator("td").first).to_have_text(str(inside.sum()))
    bar(page, 0.9).click()
    assert interval(page) is None


def test_the_bars_follow_what_other_views_select(show: Show) -> None:
    page = show(["slices", "confidence"])
    row(page, "source = vendor-b").click()
    names = [b.get_attribute("aria-label") for b in bars(page).all()]
    inside = FRAME["source"] == "vendor-b"
    assert names == [wanted(i / 20, (i + 1) / 20, inside) for i in range(10, 20)]


def test_a_drag_selects_an_interval_on_edges_and_a_handle_moves_its_end(show: Show) -> None:
    page = show(["confidence"])
    drag(page, middle(bar(page, 0.7)), middle(bar(page, 0.85)), release=False)
    assert interval(page) is None
    expect(page.locator(".reading")).to_have_text(wanted(0.7, 0.9))
    page.mouse.up()
    assert interval(page) == [0.7, 0.9]
    expect(page.get_by_role("slider", name="lowest confidence")).to_have_attribute("aria-valuetext", "0.70")
    page.mouse.move(0, 0)
    expect(page.locator(".reading")).to_have_text(wanted(0.7, 0.9))
    drag(page, middle(page.get_by_role("slider", name="highest confidence")), middle(bar(page, 0.75)))
    assert interval(page) == [0.7, 0.8]
    drag(page, middle(page.get_by_role("slider", name="lowest confidence")), middle(bar(page, 0.5)))
    assert interval(page) == [0.5, 0.8]
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(6)


def test_a_drag_that_leaves_the_drawing_at_once_selects_to_its_end(show: Show) -> None:
    page = show(["confidence"])
    page.mouse.move(*middle(bar(page, 0.7)))
    page.mouse.down()
    x, y = middle(bar(page, 0.95))
    page.mouse.move(x + 300, y)
    page.mouse.up()
    assert interval(page) == [0.7, 1]


def test_a_drag_over_all_selects_nothing_and_one_that_is_broken_off_changes_nothing(show: Show) -> None:
    page = show(["confidence"])
    first, last = middle(bar(page, 0.5)), middle(bar(page, 0.95))
    drag(page, (first[0] - 30, first[1]), (last[0] + 300, last[1]))
    assert interval(page) is None
    drag(page, first, last, release=False)
    page.locator("svg.histogram").dispatch_event("pointercancel", {"pointerId": 1})
    page.mouse.up()
    assert interval(page) is None


def test_the_keyboard_selects_bins_and_moves_both_ends(show: Show) -> None:
    page = show(["confidence"])
    page.get_by_role("button", name="Errors only").focus()
    page.keyboard.press("Tab")
    assert focused(page).startswith("0.95 to 1.00")
    assert page.locator(".chart [tabindex='0']").count() == 1
    page.keyboard.press("ArrowLeft")
    assert focused(page).startswith("0.90 to 0.95")
    expect(page.locator(".reading")).to_have_text(wanted(0.9, 0.95))
    page.keyboard.press("Enter")
    assert interval(page) == [0.9, 0.95]
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    assert interval(page) == [0.8, 0.95]
    page.keyboard.press("ArrowDown")
    assert focused(page) == "lowest confidence"
    page.keyboard.press("ArrowLeft")
    assert interval(page) == [0.75, 0.95]
    page.keyboard.press("ArrowDown")
    assert focused(page) == "highest confidence"
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert interval(page) == [0.75, 1.0]
    page.keyboard.press("Home")
    assert interval(page) == [0.75, 0.8]
    page.keyboard.press("Escape")
    assert interval(page) is None
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert focused(page).startswith("0.80 to 0.85")


def test_errors_only_magnifies_them(show: Show) -> None:
    page = show(["confidence"])
    tallest = page.locator("rect.wrong").evaluate_all(
        "all => Math.max(...all.map(e => e.height.baseVal.value))"
    )
    page.get_by_role("button", name="Errors only").click()
    expect(page.locator("rect.right")).to_have_count(0)
    after = page.locator("rect.wrong").evaluate_all(
        "all => Math.max(...all.map(e => e.height.baseVal.value))"
    )
    assert after > 100 > tallest


def test_an_interval_between_the_bins_is_shown_where_it_is(show: Show) -> None:
    ev = evaluation()
    ev.selection.where(confidence=(0.72, 0.885))
    page = show(["confidence"], ev)
    inside = CONFIDENCE.between(0.72, 0.885, inclusive="left")
    expect(page.locator(".reading")).to_contain_text(f"0.72 to 0.885: {inside.sum():,} examples")
    page.get_by_role("slider", name="lowest confidence").focus()
    page.keyboard.press("ArrowRight")
    assert interval(page) == [0.75, 0.885]
    page.keyboard.press("ArrowLeft")
    assert interval(page) == [0.7, 0.885]


def test_the_curve_has_the_numbers_of_python_beside_those_of_chance(show: Show) -> None:
    page = show(["calibration", "slices"])
    judged = FRAME[FRAME["label"].notna()]
    bins = np.minimum((CONFIDENCE[judged.index] * 200).astype(int), 199)

    def text(rows: pd.Series) -> str:
        n = np.bincount(bins[rows], minlength=200)
        k = np.bincount(bins[rows & (judged["label"] == judged["predicted"])], minlength=200)
        result = corp(n, k)
        chance = f"a perfectly calibrated model of this size: {result.expected_mcb:.4f}"
        return f"miscalibration {result.mcb:.4f}; {chance}, 95 % below {result.mcb_95:.4f}. n {n.sum():,}"

    reading = page.locator("[aria-label=Calibration] .reading")
    expect(reading).to_have_text(text(judged["label"].notna()))
    row(page, "source = vendor-b").click()
    expect(reading).to_have_text(text(judged["source"] == "vendor-b"))


def test_the_positive_class_has_a_curve_of_its_own(show: Show) -> None:
    page = show(["calibration"])
    page.get_by_label("Which probability").select_option("spam")
    judged = FRAME[FRAME["label"].notna()]
    bins = np.minimum((judged["p_spam"] * 200).astype(int), 199)
    n, k = np.bincount(bins, minlength=200), np.bincount(bins[judged["label"] == "spam"], minlength=200)
    expect(page.get_by_text(f"{corp(n, k).mcb:.4f}", exact=True)).to_be_visible()
    expect(page.get_by_text("share of spam")).to_be_visible()
    expect(page.get_by_role("slider")).to_have_count(0)


def test_each_class_of_many_has_a_curve_without_a_kernel(show: Show) -> None:
    ev = gallery.four()
    frame = ev.frame()
    page = show(["calibration", "confusion"], ev)
    page.get_by_label("Which probability").select_option("M")
    n = np.bincount(np.minimum((frame["M"] * 200).astype(int), 199), minlength=200)
    own = frame[frame["obs"] == "M"]
    k = np.bincount(np.minimum((own["M"] * 200).astype(int), 199), minlength=200)
    result = corp(n, k)
    reading = page.locator("[aria-label=Calibration] .reading").first
    expect(reading).to_contain_text(f"miscalibration {result.mcb:.4f};")
    expect(page.get_by_text("share of M", exact=True)).to_be_visible()
    page.get_by_role("gridcell", name=re.compile("label VF, predicted F")).first.click()
    expect(page.get_by_text("Of all cells")).to_be_visible()
    expect(reading).to_contain_text(f"miscalibration {result.mcb:.4f};")


def test_of_many_classes_the_one_that_was_asked_for_is_saved_and_others_say_so(show: Show, tmp_path) -> None:
    page = show(["confidence"])
    gallery.intents(1000).calibration(of="age_limit").save(tmp_path / "many.html")
    open_file(page, tmp_path / "many.html")
    expect(page.get_by_text("share of age_limit", exact=True)).to_be_visible()
    page.get_by_label("Which probability").select_option("atm_support")
    expect(page.get_by_text("Not saved for this class: run its notebook.")).to_be_visible()
    page.get_by_label("Which probability").select_option("predicted class")
    expect(page.get_by_text("share correct")).to_be_visible()


def test_the_curve_says_in_words_what_it_shows(show: Show) -> None:
    page = show(["calibration"])
    said = re.compile(
        r"^Share correct by confidence: at 0\.\d\d it is \d\.\d\d, .* outside the band of chance"
    )
    expect(page.get_by_role("img", name=said)).to_be_visible()


def test_an_interval_dragged_over_the_curve_is_that_of_the_histogram(show: Show) -> None:
    page = show(["confidence", "calibration"], width=600)
    curve = page.locator("svg.reliability").bounding_box()
    assert curve is not None
    (left, _), (right, _) = middle(bar(page, 0.6)), middle(bar(page, 0.7))
    y = curve["y"] + curve["height"] / 2
    page.locator("svg.reliability").scroll_into_view_if_needed()
    y = page.locator("svg.reliability").bounding_box()["y"] + curve["height"] / 2
    drag(page, (left, y), (right, y))
    assert interval(page) == [0.6, 0.75]
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(3)


def test_below_ten_rows_there_is_no_curve(show: Show) -> None:
    ev = evaluation()
    ev.slice("seven", np.arange(len(FRAME)) < 7).selection.clear().where(slice="seven")
    page = show(["calibration"], ev)
    expect(
        page.get_by_text("7 judged examples with a probability in view: a curve needs 10.")
    ).to_be_visible()


def test_without_probabilities_both_say_why(show: Show) -> None:
    page = show(["confidence", "calibration"], gallery.without_probabilities())
    expect(page.get_by_text("Not shown: no probabilities were given.")).to_have_count(2)


def test_rows_without_a_probability_are_counted(show: Show) -> None:
    frame = FRAME.assign(p_spam=FRAME["p_spam"].mask(FRAME.index < 12))
    ev = od.Evaluation(frame, prediction="predicted", probabilities="p_spam", name="holes")
    page = show(["confidence"], ev)
    expect(page.get_by_text("12 examples without a probability.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 900, 1600])
def test_charts_fit_their_width_and_are_not_scaled(show: Show, width: int) -> None:
    page = show(["confidence", "calibration"], width=width)
    page.locator("svg.reliability .off").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for chart in page.locator("svg.histogram, svg.reliability").all():
        assert chart.get_attribute("viewBox") is None
        assert chart.bounding_box()["width"] == float(chart.get_attribute("width") or 0)


def test_forced_colors_leave_wrong_and_right_apart(new_page, tmp_path) -> None:
    page = new_page(Look(forced_colors=True), offline=True)
    evaluation().confidence().save(tmp_path / "c.html")
    open_file(page, tmp_path / "c.html")
    fill = "e => getComputedStyle(e).fill"
    assert page.locator("rect.wrong").last.evaluate(fill) != page.locator("rect.right").last.evaluate(fill)
