"""Measures, saved and live: numbers as Python has them, slices that select, errors of the user's functions."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import offdiagonal as od
from tests.browser.axe import violations
from tests.browser.hosts import open_file
from tests.browser.hosts.chromium import LOOKS
from tests.browser.test_lives import SETUP, view
from tests.browser.test_slices import CLAUSES, evaluation, row, show

__all__ = ["show"]

pytestmark = pytest.mark.browser


def missed(label, prediction):
    """A cost."""
    return float(np.mean((label == "spam") & (prediction == "ham")))


def secretive(label, prediction):
    """Fails with a value of the table."""
    raise KeyError("the secret of row 17")


def cells(page: Page | Locator, name: str) -> Locator:
    return (
        page.get_by_role("table", name="Measures")
        .get_by_role("row")
        .filter(has_text=name)
        .get_by_role("cell")
    )


def opened(page: Page, ev: od.Evaluation, path: Path, *measures: object, **options: object) -> Page:
    ev.measures(*measures, **options).save(path / "measures.html")
    open_file(page, path / "measures.html")
    page.locator(".od").wait_for()
    return page


def test_the_table_says_what_python_says(offline_page, tmp_path) -> None:
    ev = evaluation()
    page = opened(offline_page, ev, tmp_path, "accuracy", "kappa", missed)
    for name in ("accuracy", "kappa"):
        found = ev.measure(name)
        digits = (100, "{:.1f}") if name == "accuracy" else (1, "{:.3f}")
        low, high = (digits[1].format(digits[0] * end) for end in (found.low, found.high))
        expect(cells(page, name)).to_contain_text(f"[{low}, {high}]")
        expect(cells(page, name)).to_contain_text(f"n {found.n:,}")
    expect(cells(page, "missed")).to_contain_text("n 1,460")


def test_a_measure_is_shown_for_each_slice_and_a_slice_is_selected(offline_page, tmp_path) -> None:
    page = opened(offline_page, evaluation(), tmp_path, "accuracy", "kappa")
    page.get_by_role("button", name="kappa").click()
    expect(page.get_by_text("kappa by slice")).to_be_visible()
    worst = page.locator(".slices tbody th bdi").first
    expect(worst).to_have_text("source = vendor-b")
    row(page, "source = vendor-b").click()
    (clause,) = page.evaluate(CLAUSES)
    assert clause["codes"]
    expect(page.get_by_text("Not saved for this selection: run its notebook").first).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Not saved for this selection")).to_have_count(0)
    page.get_by_role("button", name="kappa").click()
    expect(page.get_by_text("Choose a measure to see it for each slice.")).to_be_visible()


def test_what_was_selected_when_it_was_saved_is_there(offline_page, tmp_path) -> None:
    ev = evaluation()
    ev.selection.where(columns={"source": "vendor-b"})
    page = opened(offline_page, ev, tmp_path, "accuracy")
    found = ev.measure("accuracy", columns={"source": "vendor-b"})
    expect(cells(page, "accuracy").nth(1)).to_contain_text(f"{100 * found.value:.1f} %")
    expect(cells(page, "accuracy").nth(2)).to_contain_text("pt [")


def test_an_error_of_a_function_is_not_saved(offline_page, tmp_path) -> None:
    page = opened(offline_page, evaluation(), tmp_path, "accuracy", secretive, slices=secretive)
    expect(cells(page, "secretive")).to_contain_text("run its notebook for the error")
    assert "row 17" not in (tmp_path / "measures.html").read_text("utf-8")
    assert "row 17" not in page.evaluate("document.querySelector('.od-host').shadowRoot.textContent")


@pytest.mark.parametrize("width", [320, 700, 1400])
def test_it_fits_its_width(offline_page, tmp_path, width: int) -> None:
    ev = evaluation()
    ev.selection.where(slice="odd length")
    offline_page.set_viewport_size({"width": width, "height": 900})
    page = opened(offline_page, ev, tmp_path, "accuracy", "log loss", missed, slices="kappa")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
def test_axe_finds_nothing(new_page, tmp_path, look: str) -> None:
    ev = evaluation()
    ev.selection.where(slice="odd length")
    page = opened(
        new_page(LOOKS[look], offline=True), ev, tmp_path, "accuracy", "kappa", secretive, slices="kappa"
    )
    assert violations(page) == []


def test_live_the_kernel_measures_what_is_selected_and_says_what_failed(jupyterlab) -> None:
    own = "def broken(label, prediction):\n    raise ZeroDivisionError('no refund')\n"
    lab = jupyterlab.open(
        [f"{SETUP}ev = spam(600)\n{own}", "ev.measures('kappa', 'average precision', broken)"]
    ).run_all()
    shown = view(lab, 1)
    expect(cells(shown, "broken")).to_contain_text("ZeroDivisionError: no refund")
    for name in ("kappa", "average precision"):
        expect(cells(shown, name)).to_contain_text(re.compile(r"\[0\.\d+, \d\.\d+\]"))
    lab.execute("ev.selection.where(slice='has digits')")
    expect(cells(shown, "kappa").nth(1)).to_contain_text(re.compile(r"\[0\.\d+, \d\.\d+\]"))
    value = float(lab.value("ev.measure('kappa', slice='has digits').value"))
    expect(cells(shown, "kappa").nth(1)).to_contain_text(f"{value:.3f}")
    shown.get_by_role("button", name="kappa").click()
    expect(shown.get_by_text("kappa by slice")).to_be_visible()
    expect(shown.locator(".slices .interval circle").first).to_be_visible()
