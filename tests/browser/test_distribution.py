"""Distributions: a family of views of its own, saved and live; numbers as pandas has them, pointer, keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

import offdiagonal as od
from offdiagonal.display import bundle
from offdiagonal.display.view import View
from offdiagonal.stats.intervals import newcombe
from tests.browser.hosts import open_file

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
N = 400
RANDOM = np.random.default_rng(3)
FRAME = pd.DataFrame(
    {
        "label": RANDOM.choice(["ham", "spam"], N),
        "prediction": RANDOM.choice(["ham", "spam"], N),
        "source": RANDOM.choice(["phone", "web", "vendor-b"], N, p=[0.6, 0.3, 0.1]),
        "owner": RANDOM.choice(["annabella", "bartholomew"], N),
    }
)

Show = Callable[..., Page]


@pytest.fixture
def show(offline_page: Page, tmp_path: Path) -> Show:
    """Open views from their saved file."""

    def opened(view: View, width: int = 900) -> Page:
        path = tmp_path / "views.html"
        view.save(path)
        offline_page.set_viewport_size({"width": width, "height": 900})
        open_file(offline_page, path)
        offline_page.locator(".od").wait_for()
        return offline_page

    return opened


def part(page: Page, name: str) -> Locator:
    return page.locator(".distribution").get_by_role("option", name=name)


def test_numbers_are_those_of_pandas_and_a_click_filters_the_others(show: Show) -> None:
    page = show(od.Evaluation(FRAME).board(["confusion", "distribution", "slices"]))
    for source, n in FRAME["source"].value_counts().items():
        expect(part(page, f"{source}:").locator(".n")).to_have_text(f"{n}")
    part(page, "web:").click()
    web = FRAME[FRAME["source"] == "web"]
    n = int(((web["label"] == "ham") & (web["prediction"] == "spam")).sum())
    cell = page.locator("[role=gridcell][aria-label^='label ham, predicted spam']")
    expect(cell).to_contain_text(str(n))
    # its own column keeps all of its values
    expect(part(page, "phone:").locator(".n")).to_have_text(str(int((FRAME["source"] == "phone").sum())))


def test_another_column_is_chosen_and_shows_the_whole_beside_the_selection(show: Show) -> None:
    page = show(od.Evaluation(FRAME).distribution("source"))
    part(page, "web:").click()
    page.get_by_role("combobox", name="Column").select_option("label")
    web = FRAME[FRAME["source"] == "web"]
    n = int((web["label"] == "spam").sum())
    share, whole = 100 * n / len(web), 100 * (FRAME["label"] == "spam").mean()
    name = f"spam: {n} examples, {share:.1f} %"
    expect(part(page, name)).to_have_attribute(
        "aria-label", re.compile(f"of those in view, {whole:.1f} % of all$")
    )
    expect(part(page, name).locator(".mark")).to_be_visible()


def test_the_keyboard_goes_through_the_values_and_selects(show: Show) -> None:
    page = show(od.Evaluation(FRAME).distribution("source"))
    part(page, "phone:").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".distribution [aria-selected=true] .name")).to_have_text("vendor-b")
    page.keyboard.press("End")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".distribution [aria-selected=true]")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator(".distribution [aria-selected=true]")).to_have_count(0)
    assert page.locator(".distribution [role=option][tabindex='0']").count() == 1


def test_a_private_column_is_seen_live_only(show: Show, tmp_path: Path) -> None:
    ev = od.Evaluation(FRAME, private=["owner"])
    page = show(ev.distribution("owner"))
    expect(page.get_by_text("seen live only")).to_be_visible()
    assert "bartholomew" not in page.content()


def test_only_where_it_is_shown_is_its_code_saved(tmp_path: Path) -> None:
    ev = od.Evaluation(FRAME)
    code = bundle.family("data").compressed
    assert code in ev.distribution()._repr_html_()
    assert code not in ev._repr_html_()


def test_live_a_click_goes_both_ways(jupyterlab) -> None:
    setup = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.browser.test_distribution import *\n"
    lab = jupyterlab.open(
        [f"{setup}ev = od.Evaluation(FRAME)", "ev.distribution()", "ev.confusion()"]
    ).run_all()
    view = lab.cell_output(1).locator(".od:visible").first
    view.get_by_role("option", name="web:").click()
    lab.wait_value("len(ev.selection)", int((FRAME["source"] == "web").sum()))
    expect(lab.cell_output(2).locator(".od:visible").get_by_text("source = web")).to_be_visible()
    lab.execute("ev.selection.clear().where(columns={'source': 'phone'})")
    expect(view.get_by_role("option", name="phone:")).to_have_attribute("aria-selected", "true")


def shares(rows: pd.DataFrame, others: pd.DataFrame, source: str) -> str:
    """What a part says of its difference: the first share minus the other."""
    counts = [(int((some["source"] == source).sum()), len(some)) for some in (rows, others)]
    found = newcombe(*counts[0], *counts[1])
    value, low, high = (
        f"{100 * part:.1f}".replace("-", "−") for part in (found.value, found.low, found.high)
    )
    return f"{value if value.startswith('−') else '+' + value} [{low}, {high}]"


def test_beside_the_rest_are_differences(show: Show) -> None:
    page = show(od.Evaluation(FRAME).board(["confusion", "distribution"]))
    page.locator("[role=gridcell][aria-label^='label ham, predicted spam']").click()
    page.get_by_role("button", name="Rest").click()
    cell = (FRAME["label"] == "ham") & (FRAME["prediction"] == "spam")
    for source in ("web", "phone"):
        wanted = shares(FRAME[cell], FRAME[~cell], source)
        expect(part(page, f"{source}:").locator(".difference .numbers")).to_have_text(wanted)
        expect(part(page, f"{source}:")).to_have_attribute("aria-label", re.compile(re.escape(wanted)))


def test_a_pinned_selection_is_what_the_next_is_compared_with(show: Show) -> None:
    page = show(od.Evaluation(FRAME).board(["header", "confusion", "distribution"]))
    pin = page.get_by_role("button", name="Pin", exact=True)
    expect(pin).to_have_attribute("aria-disabled", "true")
    cells = [
        page.locator(f"[role=gridcell][aria-label^='label {label}, predicted spam']")
        for label in ("ham", "spam")
    ]
    cells[0].click()
    pin.click()
    expect(page.locator(".pinned")).to_contain_text("label ham → predicted spam")
    # the same rows on both sides have no difference
    n = int(((FRAME["label"] == "ham") & (FRAME["prediction"] == "spam")).sum())
    expect(page.locator(".distribution .foot")).to_contain_text(f"{n} of them are in view too")
    expect(page.locator(".distribution .difference")).to_have_count(0)
    cells[1].click()
    spam = FRAME["prediction"] == "spam"
    first, second = (FRAME[spam & (FRAME["label"] == label)] for label in ("spam", "ham"))
    expect(part(page, "web:").locator(".numbers")).to_have_text(shares(first, second, "web"))
    # its own column leaves its clause out on both sides
    page.get_by_role("combobox", name="Column").select_option("label")
    expect(page.locator(".kept.left-out")).to_have_count(1)
    expect(page.locator(".distribution .foot")).to_contain_text(f"{len(FRAME)} of them are in view too")
    page.get_by_role("button", name="Unpin").click()
    expect(page.get_by_role("button", name="Pinned")).to_have_count(0)


def test_what_the_saved_counts_do_not_know_is_said(show: Show) -> None:
    text = [f"message {'free' if i % 3 else ''} {i}" for i in range(N)]
    ev = od.Evaluation(FRAME.assign(text=text), text="text")
    page = show(ev.distribution("source", against={"text": "free"}))
    expect(page.get_by_text("The pinned selection cannot be counted here: run its notebook")).to_be_visible()
    expect(page.locator(".distribution .second")).to_have_count(0)


def test_a_second_selection_by_a_private_column_is_not_saved(show: Show) -> None:
    ev = od.Evaluation(FRAME, private=["owner"])
    page = show(ev.distribution("source", against={"columns": {"owner": "bartholomew"}}))
    expect(page.get_by_text("The selection to compare with is seen live only")).to_be_visible()
    assert "bartholomew" not in page.content()


def test_live_what_python_compares_with_is_asked_for(jupyterlab) -> None:
    setup = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.browser.test_distribution import *\n"
    view = "ev.distribution('source', against={'rows': (FRAME['owner'] == 'annabella').to_numpy()})"
    lab = jupyterlab.open([f"{setup}ev = od.Evaluation(FRAME)", view, "ev.confusion()"]).run_all()
    shown = lab.cell_output(1).locator(".od:visible").first
    expect(shown.locator(".pinned")).to_contain_text(f"{int((FRAME['owner'] == 'annabella').sum())} examples")
    lab.execute("ev.selection.where(rows=(FRAME['owner'] == 'bartholomew').to_numpy())")
    ann, bartholomew = (FRAME[FRAME["owner"] == name] for name in ("annabella", "bartholomew"))
    wanted = shares(bartholomew, ann, "web")
    expect(shown.get_by_role("option", name="web:").locator(".numbers")).to_have_text(wanted)
