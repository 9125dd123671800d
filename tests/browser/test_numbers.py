"""Numbers of single rows: fine histograms and scatters, saved and live; counts as pandas has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

import offdiagonal as od
from offdiagonal.display.view import View
from tests.browser.hosts import open_file
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
N = 600
RANDOM = np.random.default_rng(8)
FRAME = pd.DataFrame(
    {
        "label": RANDOM.choice(["ham", "spam"], N),
        "prediction": RANDOM.choice(["ham", "spam"], N),
        "price": np.round(np.exp(RANDOM.normal(3, 2, N)), 2),
        "age": RANDOM.integers(18, 90, N),
        "source": RANDOM.choice(["phone", "web"], N),
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


def drag(page: Page, over: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place to another, as parts of its width and height."""
    box = over.bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move((places[0][0] + places[1][0]) / 2, (places[0][1] + places[1][1]) / 2)
    page.mouse.move(*places[1])
    page.mouse.up()


def selected(ev_frame: pd.DataFrame, text: str, column: str) -> int:
    """How many rows a chip such as ``age 30 to 50`` selects."""
    found = re.search(rf"{column} ([\d.,]+) to (?:< )?([\d.,]+)", text)
    assert found, text
    low, high = (float(end.replace(",", "")) for end in found.groups())
    values = ev_frame[column]
    return int((values.ge(low) & (values.lt(high) | ((values == high) & (high >= values.max())))).sum())


def test_a_saved_histogram_has_fine_bins_of_all_rows_and_selects_bins_of_slices(show: Show) -> None:
    page = show(od.Evaluation(FRAME).board(["confusion", "distribution", "examples"]))
    page.get_by_role("combobox", name="Column").select_option("age")
    assert page.locator(".fine .bar").count() >= 30
    expect(page.locator(".fine .line")).to_have_count(0)
    drag(page, page.locator(".fine .hit"), (0.3, 0.5), (0.5, 0.5))
    chip = page.locator(".chip").first
    expect(page.locator(".showing .strong")).to_have_text(str(selected(FRAME, chip.inner_text(), "age")))
    assert page.locator(".distribution [aria-selected=true]").count() >= 1
    page.locator(".chip").first.click()
    page.locator("[role=gridcell][aria-label^='label ham, predicted spam']").click()
    expect(page.locator(".fine .line")).to_have_count(1)
    expect(page.locator(".fine .bar")).to_have_count(5)
    expect(page.get_by_text("in the bins of the slices, which is what was saved")).to_be_visible()
    assert violations(page) == []


def test_decades_are_on_a_log_axis_with_a_switch(show: Show) -> None:
    page = show(od.Evaluation(FRAME).distribution("price"))
    ticks = page.locator(".fine .axis > text")
    expect(page.get_by_role("button", name="log")).to_have_attribute("aria-pressed", "true")
    assert {"1", "10", "100"} <= set(ticks.all_text_contents())
    page.get_by_role("button", name="even").click()
    expect(page.get_by_role("button", name="even")).to_have_attribute("aria-pressed", "true")
    assert "1" not in ticks.all_text_contents()


def test_the_keyboard_moves_the_ends_of_an_interval(show: Show) -> None:
    page = show(od.Evaluation(FRAME).distribution("age"))
    low = page.get_by_role("slider", name="lowest age")
    low.focus()
    page.keyboard.press("ArrowRight")
    edge = low.get_attribute("aria-valuetext")
    expect(page.locator(".showing .strong")).to_have_text(str(int((FRAME["age"] >= float(edge or 0)).sum())))
    page.keyboard.press("Escape")
    expect(page.locator(".chip")).to_have_count(0)


def test_a_saved_scatter_has_counts_and_its_rectangle_selects_both(show: Show) -> None:
    page = show(od.Evaluation(FRAME).scatter("age", "price"))
    expect(page.locator(".scatter .dot")).to_have_count(0)
    expect(page.locator(".scatter .reading")).to_contain_text("600 examples, counted in")
    expect(page.get_by_text("single examples, and finer rectangles, are live only")).to_be_visible()
    drag(page, page.locator(".area .hit"), (0.1, 0.45), (0.6, 0.6))
    chips = page.locator(".chip").all_inner_texts()
    assert {chip.split()[0] for chip in chips} == {"age", "price"}
    low = page.get_by_role("slider", name="lowest price")
    low.focus()
    page.keyboard.press("Home")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".chip")).to_have_count(0)


def test_a_saved_scatter_under_a_selection_has_the_bins_of_the_slices(show: Show) -> None:
    ev = od.Evaluation(FRAME)
    ev.selection.where(columns={"source": "web"})
    page = show(ev.scatter("age", "price"))
    web = int((FRAME["source"] == "web").sum())
    expect(page.locator(".scatter .reading")).to_contain_text(
        f"{web} examples, counted in the bins of the slices"
    )


@pytest.mark.parametrize("width", [400, 1200])
def test_nothing_is_cut_off(show: Show, width: int) -> None:
    page = show(od.Evaluation(FRAME).scatter("age", "price"), width)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_live_are_the_numbers_themselves(jupyterlab) -> None:
    setup = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.browser.test_numbers import *\n"
    cells = [
        f"{setup}ev = od.Evaluation(FRAME)",
        "ev.scatter('age', 'price')",
        "ev.distribution('age', against='rest')",
    ]
    lab = jupyterlab.open(cells).run_all()
    scatter, histogram = (lab.cell_output(cell).locator(".od:visible").first for cell in (1, 2))
    expect(scatter.locator(".reading")).to_contain_text("600 examples, each one a dot")
    lab.execute("ev.selection.where(columns={'source': 'web'})")
    web = FRAME[FRAME["source"] == "web"]
    expect(scatter.locator(".reading")).to_contain_text(f"{len(web)} examples, each one a dot")
    expect(histogram.locator(".fine .line")).to_have_count(1)
    assert histogram.locator(".fine .bar").count() >= 30
    low = histogram.get_by_role("slider", name="lowest age")
    low.focus()
    lab.page.keyboard.press("ArrowRight")
    edge = float(low.get_attribute("aria-valuetext") or 0)
    lab.wait_value("len(ev.selection)", int((web["age"] >= edge).sum()))
