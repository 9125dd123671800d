"""Header, chips and what is said at the edges, saved and opened without a network."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import offdiagonal as od
from offdiagonal.clauses import to_json
from offdiagonal.stats import classification
from offdiagonal.stats.intervals import wilson
from offdiagonal.stats.measure import Measure
from tests.browser import gallery
from tests.browser.hosts import open_file
from tests.browser.test_slices import CLAUSES, FRAME, QUOTED, STORE, Show, evaluation, row, show

__all__ = ["show"]

pytestmark = pytest.mark.browser

COPY = "Copy as Python"

# A search by hand: what is searched is never saved.
SEARCH = f"(contains) => ({STORE})().where({{ field: 'text', contains }})"

# A kernel that answers one question; leaving makes it a kernel that is gone.
KERNEL = f"""() => {{
    const auc = {{ value: 0.7654, low: 0.7, high: 0.8, n: 225, method: "DeLong" }};
    const known = {{ measures: {{ AUC: auc }} }};
    const ask = async ({{ type }}) => ({{ message: type === "measure" ? known : {{}}, buffers: [] }});
    globalThis.leave = ({STORE})().attachPeer({{ ask, send() {{}}, close() {{}} }}, "pretended");
}}"""


def confusion(rows: pd.DataFrame) -> np.ndarray:
    """Labels by predictions of the judged rows."""
    table = pd.crosstab(rows["label"], rows["predicted"])
    return table.reindex(index=["ham", "spam"], columns=["ham", "spam"], fill_value=0).to_numpy()


def written(measure: Measure) -> str:
    limits = f"[{100 * measure.low:.1f}, {100 * measure.high:.1f}]"
    return f"{100 * measure.value:.1f} % {limits} n {measure.n:,}"


def test_one_split_is_shown_at_a_time(page: Page, tmp_path: Path) -> None:
    ev = gallery.splits()
    frame = ev.frame()
    ev.board().save(tmp_path / "splits.html")
    open_file(page, tmp_path / "splits.html")
    for part in ("test", "train", "all"):
        page.locator(".splits").get_by_role("button", name=part, exact=True).click()
        rows = frame if part == "all" else frame[frame["split"] == part]
        expect(page.locator(".showing")).to_contain_text(f"all {len(rows):,} examples")
        right = int((rows["label"] == rows["predicted"]).sum())
        assert blocks(page, "whole")["accuracy"] == written(wilson(right, len(rows)))
        slices = page.locator(".slices").first
        expect(slices.get_by_text("split = valid")).to_have_count(int(part == "all"))
    page.locator(".splits").get_by_role("button", name="test").click()
    wrong = frame[(frame["split"] == "test") & (frame["label"] != frame["predicted"])]
    page.get_by_role("button", name="All errors").click()
    expect(page.locator(".showing")).to_contain_text(f"{len(wrong)} of 756 examples")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator(".showing")).to_contain_text("all 756 examples")
    expect(page.locator(".splits").get_by_role("button", name="test")).to_have_attribute(
        "aria-pressed", "true"
    )


def blocks(page: Page, kind: str) -> dict[str, str]:
    """What stands in the header, by measure, once it is drawn: of the whole, or of what is chosen."""
    expect(page.locator(f"dl.measure dd.{kind}").first).to_be_attached()
    found = {}
    for block in page.locator("dl.measure").all():
        name = block.locator("dt").evaluate("e => e.firstChild.textContent")
        parts = block.locator(f"dd.{kind} > span:not(.hidden)").all_inner_texts()
        found[name] = re.sub(r"\s+", " ", " ".join(parts)).strip()
    return found


def expected(rows: pd.DataFrame) -> dict[str, str]:
    table = confusion(rows)
    measures = {
        "accuracy": classification.accuracy(table),
        "precision": classification.precision(table, 1),
        "recall": classification.recall(table, 1),
        "F1": classification.f1(table, 1),
    }
    return {name: written(measure) for name, measure in measures.items()}


def test_the_measures_of_the_whole_and_of_the_selection_stand_under_each_other(show: Show) -> None:
    page = show(["header", "slices"], width=1400)
    auc = evaluation().to_frame().query("measure == 'AUC'").iloc[0]
    whole = blocks(page, "whole")
    assert (
        whole.pop("AUC")
        == f"{auc['value']:.3f} [{auc['value_low']:.3f}, {auc['value_high']:.3f}] n {auc['n']:,}"
    )
    assert whole == expected(FRAME)
    row(page, "source = vendor-b").click()
    chosen = blocks(page, "chosen")
    assert chosen.pop("AUC").startswith("—")
    assert chosen == expected(FRAME[FRAME["source"] == "vendor-b"])
    assert blocks(page, "whole").pop("AUC")
    for block in page.locator("dl.measure").all():
        above, below = (block.locator(f".{kind} .value").bounding_box() for kind in ("whole", "chosen"))
        assert above["x"] + above["width"] == pytest.approx(below["x"] + below["width"], abs=1)
        assert below["y"] > above["y"]


def test_the_positive_class_is_named_and_n_is_said(show: Show) -> None:
    page = show(["header"])
    expect(page.get_by_text("1,500 examples · 2 classes · positive: spam")).to_be_visible()
    expect(page.get_by_role("heading", name="planted")).to_be_visible()
    expect(page.locator("dd[title='Wilson, n 1,460']")).to_have_count(1)


def test_many_classes_have_a_macro_f1(show: Show) -> None:
    page = show(["header"], gallery.four())
    assert list(blocks(page, "whole")) == ["accuracy", "macro F1"]
    expect(page.get_by_text("4 classes")).to_be_visible()


def test_nothing_is_made_up_for_no_rows_and_for_few(show: Show) -> None:
    assert blocks(show(["header"], gallery.empty()), "whole") == {"accuracy": "— n 0"}
    page = show(["header"], gallery.one_class())
    assert blocks(page, "whole") == {"accuracy": written(wilson(40, 40))}


def test_an_auc_of_a_selection_says_what_it_needs(show: Show) -> None:
    page = show(["header", "slices"])
    row(page, "source = web").click()
    auc = page.locator("dl.measure", has_text="AUC").locator("dd.chosen")
    expect(auc).to_have_attribute("title", "needs every score: run its notebook")


def test_a_kernel_knows_the_auc_of_a_selection_and_says_when_it_is_gone(show: Show) -> None:
    page = show(["header", "slices"])
    page.evaluate(KERNEL)
    expect(page.get_by_text("Live: every row is one click away")).to_be_visible()
    row(page, "source = vendor-b").click()
    expect(page.locator("dl.measure", has_text="AUC").locator("dd.chosen")).to_contain_text(
        "0.765 [0.700, 0.800]"
    )
    expect(page.get_by_role("alert")).to_be_empty()
    page.evaluate("leave()")
    expect(page.get_by_role("alert")).to_contain_text("The kernel is gone")
    expect(page.get_by_text("kernel")).to_have_count(1)
    row(page, "source = web").click()
    expect(page.locator("dl.measure", has_text="AUC").locator("dd.chosen .value")).to_have_text("—")


def test_an_earlier_run_says_so(show: Show) -> None:
    page = show(["header"])
    page.evaluate(f"() => {{ ({STORE})().earlier.value = true; }}")
    expect(page.get_by_role("alert")).to_have_text("Earlier run of planted: re-run this cell.")


def test_one_note_is_said_and_several_are_behind_their_number(show: Show) -> None:
    page = show(["header"])
    expect(page.get_by_text(re.compile("^Note: "))).to_be_visible()
    odd = gallery.odd()
    page = show(["header"], odd)
    button = page.get_by_role("button", name=f"{len(odd.notes)} notes")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(page.get_by_role("listitem")).to_have_count(len(odd.notes))
    button.press("Enter")
    expect(page.get_by_role("listitem")).to_have_count(0)


def test_chips_say_the_selection_and_are_removed_by_pointer_and_key(show: Show) -> None:
    ev = evaluation()
    ev.selection.where(
        label="ham", prediction="spam", slice="odd length", columns={"source": "web"}, confidence=(0.7, 1)
    )
    page = show(["header"], ev)
    expect(page.get_by_role("status").first).to_have_text(f"{len(ev.selection)} of 1,500 examples")
    page.get_by_role("button", name="slice: odd length, remove").click()
    expect(page.get_by_role("button", name=re.compile("remove"))).to_have_count(3)
    page.get_by_role("button", name="confidence 0.7 to 1, remove").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name=re.compile("remove"))).to_have_count(2)
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.tagName") == "BUTTON"
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("all 1,500 examples", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Clear")).to_be_disabled()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name=re.compile("remove"))).to_have_count(2)


def test_a_chip_of_odd_text_is_only_text(show: Show) -> None:
    page = show(["header"], gallery.odd())
    page.evaluate(SEARCH, "<img src=x onerror=alert(1)>")
    expect(page.get_by_text("text contains “<img src=x onerror=alert(1)>”")).to_be_visible()
    assert page.locator(".od img").count() == 0
    expect(page.get_by_role("alert")).to_contain_text("Run its notebook to count what a search finds.")


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"columns": {"source": "web"}},
        {"columns": {"source": ["web", "vendor-b"]}, "confidence": (0.85, 0.9)},
        {"slice": QUOTED, "correct": False},
        {"slice": ["odd length", QUOTED], "label": "ham", "prediction": "spam"},
        {"cells": [("ham", "spam"), ("spam", "ham")], "columns": {"length": (60, 180)}},
    ],
)
def test_what_is_copied_selects_the_same_in_python(show: Show, where: dict) -> None:
    ev = evaluation()
    ev.selection.where(**where)
    n = len(ev.selection)
    page = show(["header"], ev)
    page.get_by_role("button", name=COPY).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    ev.selection.clear()
    eval(code, {"ev": ev})  # the promise is that it can be
    assert [to_json(clause) for clause in ev.selection.clauses] == page.evaluate(CLAUSES)
    assert len(ev.selection) == n


def test_clicks_copied_as_python_select_the_rows_that_the_page_counts(show: Show) -> None:
    ev = evaluation()
    page = show(["header", "slices", "confidence"], ev)
    row(page, "length 240").click()
    row(page, QUOTED).click()
    row(page, "odd length").click(modifiers=["Shift"])
    page.locator("[role=option][aria-label^='0.80 to']").click()
    page.get_by_role("button", name=COPY).click()
    page.get_by_role("button", name="Copied").wait_for()
    eval(page.evaluate("navigator.clipboard.readText()"), {"ev": ev})
    expect(page.get_by_role("status").first).to_have_text(f"{len(ev.selection)} of 1,500 examples")
    assert 0 < len(ev.selection) < 100


def test_without_a_clipboard_the_code_can_be_copied_by_hand(show: Show, offline_page: Page) -> None:
    offline_page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    ev = evaluation()
    ev.selection.where(columns={"source": "web"})
    page = show(["header"], ev)
    page.get_by_role("button", name=COPY).click()
    field = page.get_by_role("textbox", name="The selection as Python, to copy")
    expect(field).to_be_focused()
    expect(field).to_have_value(ev.selection.code())
    assert field.evaluate("e => e.selectionEnd - e.selectionStart") == len(ev.selection.code())
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(page.get_by_role("button", name=COPY)).to_be_focused()


def test_the_footer_says_what_is_saved(show: Show, offline_page: Page, tmp_path: Path) -> None:
    page = show(["header", "slices"])
    expect(page.get_by_text("Saved here: counts; no examples")).to_be_visible()
    evaluation().save(tmp_path / "board.html", rows=50)
    page = open_file(offline_page, tmp_path / "board.html")
    expect(page.get_by_text(re.compile(r"counts, and 50 of 1,500 examples \(\d+ KB\)"))).to_be_visible()


def test_the_footer_says_that_a_clause_was_not_saved(show: Show) -> None:
    ev = evaluation()
    ev.selection.where(rows=[1, 2, 3], label="spam")
    page = show(["header"], ev)
    ev.selection.clear()
    expect(page.get_by_text("The selection was saved without 1 clause, seen live only")).to_be_visible()
    expect(page.locator(".chip")).to_have_count(1)


def wide() -> od.Evaluation:
    """More combinations than a saved form holds."""
    rng = np.random.default_rng(0)
    n = 150_000
    frame = pd.DataFrame({f"f{i}": rng.integers(0, 12, n).astype(str) for i in range(6)})
    label = rng.integers(0, 10, n)
    return od.Evaluation.from_predictions(
        label, np.where(rng.random(n) < 0.2, 0, label), data=frame, name="wide"
    )


def test_what_the_saved_form_cannot_combine_is_said_and_greyed(show: Show) -> None:
    page = show(["header", "slices"], wide())
    expect(page.get_by_text("Answers any cell with one slice and one bin")).to_be_visible()
    for column in ["f0", "f1", "f2"]:
        row(page, f"{column} = 3").click()
    expect(page.get_by_role("alert")).to_have_text(
        "Run its notebook to combine these three. What is greyed is the last exact number."
    )
    expect(page.get_by_role("status").first).to_have_attribute("data-state", "stale")
    expect(row(page, "f4 = 3").locator("td").first).to_have_attribute("data-state", "stale")
    expect(page.get_by_text("Greyed: the last exact numbers")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("alert")).to_be_empty()


@pytest.mark.parametrize("width", [320, 500, 900, 1600])
def test_the_header_fits_every_width(show: Show, width: int) -> None:
    ev = gallery.odd()
    ev.selection.where(columns={"a column with a very long name indeed": [1, 2]})
    page = show(["header"], ev, width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
