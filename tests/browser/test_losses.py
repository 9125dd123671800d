"""The board of a regression and of a loss per row, saved: means, residuals, selection by them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from scipy import stats

import offdiagonal as od
from offdiagonal.views.text import numbers
from tests.browser import gallery
from tests.browser.hosts import open_file

pytestmark = pytest.mark.browser

Show = Callable[[od.Evaluation], Page]


@pytest.fixture
def show(offline_page: Page, tmp_path: Path) -> Show:
    """Open an Evaluation's board from its saved file."""

    def opened(ev: od.Evaluation) -> Page:
        path = tmp_path / "board.html"
        ev.save(path)
        offline_page.set_viewport_size({"width": 1300, "height": 900})
        open_file(offline_page, path)
        offline_page.locator(".od").wait_for()
        return offline_page

    return opened


def mean_texts(values: np.ndarray) -> tuple[str, str]:
    low, high = stats.ttest_1samp(values, 0).confidence_interval()
    value, low, high = numbers(values.mean(), low, high, size=(high - low) / 2, digits=2)
    return value, f"[{low}, {high}]"


def chosen(page: Page, name: str) -> str:
    return page.locator(".header .measure", has_text=name).locator(".chosen").inner_text()


def test_a_click_on_a_slice_measures_its_mean_in_a_saved_board(show: Show) -> None:
    ev = gallery.hires()
    frame = ev.selection.frame()
    page = show(ev)
    error = (frame["predicted"] - frame["hires"]).abs().to_numpy()
    expect(page.locator(".header .measure", has_text="MAE").locator(".whole .value")).to_have_text(
        mean_texts(error)[0]
    )
    page.get_by_role("rowheader", name="weather = rain").click()
    rain = (frame["weather"] == "rain").to_numpy()
    expect(page.get_by_text(f"{rain.sum()} of 3,000 examples")).to_be_visible()
    for text in mean_texts(error[rain]):
        assert text in chosen(page, "MAE")
    assert "—" in chosen(page, "RMSE")
    rows = page.locator(".examples [role=row]").all_inner_texts()[1:]
    assert rows
    assert all("rain" in row for row in rows)


def test_residuals_are_dragged_over_and_picked(show: Show) -> None:
    ev = gallery.hires()
    frame = ev.selection.frame()
    residual = frame["predicted"] - frame["hires"]
    page = show(ev)
    bars = page.locator(".losses.curves [role=option]")
    name = bars.nth(9).get_attribute("aria-label") or ""
    low, high = (float(text.replace("−", "-")) for text in name.split(":")[0].split(" to "))
    bars.nth(9).click()
    n = int(((residual >= low) & (residual < high)).sum())
    assert f": {n} examples" in name
    expect(page.get_by_text(f"{n} of 3,000 examples")).to_be_visible()
    slider = page.get_by_role("slider", name="highest residual")
    slider.focus()
    slider.press("ArrowRight")
    wider = int(((residual >= low) & (residual < high + (high - low))).sum())
    expect(page.get_by_text(f"{wider:,} of 3,000 examples")).to_be_visible()
    slider.press("Escape")
    expect(page.get_by_text("all 3,000 examples")).to_be_visible()


def test_a_cell_of_the_matrix_selects_both_columns(show: Show) -> None:
    page = show(gallery.hires())
    page.locator(".confusion [role=gridcell]").first.click()
    expect(page.locator(".chip")).to_have_count(2)


def test_a_loss_alone_speaks_of_no_classes(show: Show) -> None:
    page = show(gallery.losses())
    board = page.locator(".od").inner_text()
    for word in ("predicted", "error", "wrong", "confidence", "accuracy", "Matrix"):
        assert word not in board
    expect(page.locator(".header .measure", has_text="mean loss")).to_contain_text("n 890")
    expect(page.get_by_text("10 examples without")).to_be_visible()


def test_live_the_kernel_measures_the_selection(jupyterlab) -> None:
    root = str(Path(__file__).resolve().parents[2])
    setup = f"import sys; sys.path.insert(0, {root!r})\nfrom tests.browser import gallery\n"
    lab = jupyterlab.open([f"{setup}ev = gallery.hires()", "ev"]).run_all()
    board = lab.cell_output(1).locator(".od:visible").first
    board.get_by_role("rowheader", name="weather = rain").click()
    ev = gallery.hires()
    ev.selection.where(columns={"weather": "rain"})
    lab.wait_value("len(ev.selection)", len(ev.selection))
    chosen = ev.to_frame().query("rows == 'selected'").set_index("measure")["value"]
    for name, text in (("RMSE", f"{chosen['RMSE']:.1f}"), ("R²", f"{chosen['R²']:.3f}")):
        value = board.locator(".header .measure", has_text=name).locator(".chosen .value")
        expect(value).to_have_text(text)
