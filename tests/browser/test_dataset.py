"""The board before there is a model, saved and live: labels, shares, distributions and examples, linked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

import offdiagonal as od
from offdiagonal.stats.intervals import newcombe, wilson
from tests.browser import gallery
from tests.browser.hosts import open_file
from tests.browser.test_distribution import FRAME, ROOT

pytestmark = pytest.mark.browser

Show = Callable[..., Page]


@pytest.fixture
def show(offline_page: Page, tmp_path: Path) -> Show:
    """Open a Dataset's board from its saved file."""

    def opened(dataset: od.Dataset, width: int = 1200) -> Page:
        path = tmp_path / "board.html"
        dataset.save(path)
        offline_page.set_viewport_size({"width": width, "height": 900})
        open_file(offline_page, path)
        offline_page.locator(".od").wait_for()
        return offline_page

    return opened


def row(page: Page, name: str) -> Locator:
    return page.locator(".slices tbody tr", has=page.get_by_role("rowheader", name=name))


def numbers(label: str, inside: pd.Series) -> list[str]:
    """What a slice's row must say: n, share, difference."""
    is_label = FRAME["label"] == label
    k, n = int((is_label & inside).sum()), int(inside.sum())
    difference = newcombe(k, n, int((is_label & ~inside).sum()), int((~inside).sum()))
    ends = [f"{100 * end:.1f}".replace("-", "−") for end in (difference.low, difference.high)]
    value = f"{100 * difference.value:+.1f}".replace("-", "−")
    return [f"{n}", f"{100 * wilson(k, n).value:.1f} %", f"{value} [{ends[0]}, {ends[1]}]"]


def test_shares_are_those_of_pandas_for_each_label(show: Show) -> None:
    page = show(od.Dataset(FRAME.drop(columns="prediction"), label="label", name="mail"))
    for label in ("spam", "ham"):
        page.get_by_role("combobox", name="Label").select_option(label=label)
        for text in numbers(label, FRAME["source"] == "web"):
            expect(row(page, "source = web")).to_contain_text(text)
    said = page.get_by_role("rowheader", name="source = web").get_attribute("aria-label")
    assert "% ham" in (said or "")


def test_a_click_on_a_label_filters_examples_and_heads_the_board(show: Show) -> None:
    dataset = od.Dataset(FRAME.drop(columns="prediction"), label="label", name="mail")
    page = show(dataset)
    page.locator(".distribution").get_by_role("option", name="spam:").click()
    n = int((FRAME["label"] == "spam").sum())
    expect(page.get_by_text(f"{n} of {len(FRAME)} examples")).to_be_visible()
    shown = page.locator(".examples [role=row] .e-class").all_inner_texts()
    assert set(shown) == {"spam"}
    expect(page.locator(".header .measure", has_text="spam").locator(".chosen .value")).to_have_text(
        "100.0 %"
    )
    # shares of a label leave out the clause on it
    for text in numbers("spam", FRAME["source"] == "web"):
        expect(row(page, "source = web")).to_contain_text(text)


def test_nothing_speaks_of_predictions(show: Show) -> None:
    page = show(gallery.dataset(300))
    board = page.locator(".od").inner_text()
    for word in ("predicted", "error", "wrong", "confidence", "accuracy"):
        assert word not in board.lower()
    page.locator(".examples [role=row]").nth(3).click()
    expect(page.get_by_text("Saved: texts up to 200 characters. Run its notebook")).to_be_visible()
    for word in ("predicted", "probabilit"):
        assert word not in page.locator(".od").inner_text()


def test_without_labels_slices_are_sizes(show: Show) -> None:
    page = show(gallery.unlabelled(), width=700)
    expect(page.get_by_text("300 examples · no labels")).to_be_visible()
    expect(page.locator(".slices .difference").first).to_be_hidden()
    assert "label" not in page.locator(".examples [role=columnheader]").all_inner_texts()


@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("case", ["dataset", "unlabelled", "dataset_intents"])
def test_nothing_is_cut_off(show: Show, case: str, width: int) -> None:
    page = show(gallery.CASES[case](), width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_live_both_ways_and_with_its_evaluation(jupyterlab) -> None:
    setup = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.browser.test_distribution import *\n"
    cells = [
        f"{setup}ds = od.Dataset(FRAME.drop(columns='prediction'), label='label')",
        "ds",
        "ev = ds.evaluate(FRAME['prediction'].to_numpy()); ev.slices()",
    ]
    lab = jupyterlab.open(cells).run_all()
    board = lab.cell_output(1).locator(".od:visible").first
    board.get_by_role("option", name="spam:").click()
    lab.wait_value("len(ds.selection)", int((FRAME["label"] == "spam").sum()))
    lab.execute("ds.selection.clear().where(columns={'source': 'web'})")
    expect(
        board.get_by_text(f"{int((FRAME['source'] == 'web').sum())} of {len(FRAME)} examples")
    ).to_be_visible()
    lab.execute("ds.slice('ann', lambda frame: frame['owner'] == 'annabella')")
    for cell in (1, 2):
        shown = lab.cell_output(cell).locator(".od:visible")
        expect(shown.get_by_role("rowheader", name="ann, your slice")).to_be_visible()
