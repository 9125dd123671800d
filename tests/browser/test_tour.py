"""The tour: it runs, it is small, it works offline, and its prose says what its outputs say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hosts import export, open_file, read, strip_like_github
from tests.browser.hosts.chromium import NBCONVERT
from tests.browser.test_lives import CELL, CHIP

pytestmark = pytest.mark.browser

TOUR = Path(__file__).resolve().parents[2] / "notebooks" / "tour.ipynb"
BYTES = 1_000_000
VIEWS = 3
"""Outputs that show views: the board, the calibration curve, the examples."""
SETTINGS = {"0", "30", "50", "70", "200"}
"""Numbers of the prose that were chosen, and are no results."""

NUMBER = re.compile(r"[−-]?\d+(?:,\d{3})*(?:\.\d+)?")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tour runs."""
    return tmp_path_factory.mktemp("tour")


@pytest.fixture(scope="session")
def executed(folder: Path) -> Path:
    """The tour, run by nbconvert."""
    return export(TOUR, folder, to="notebook", execute=True, seconds=180)


@pytest.fixture(scope="session")
def book(executed: Path) -> nbformat.NotebookNode:
    """The tour with its outputs."""
    return read(executed)


@pytest.fixture
def page(executed: Path, tmp_path: Path, offline_page: Page, guard) -> Page:
    """The tour as one page, without a network."""
    guard.allow_request(NBCONVERT)
    guard.allow_error(r"^uncaught: .*\b(require|requirejs|MathJax) is not defined")
    return drawn(open_file(offline_page, export(executed, tmp_path)))


def drawn(page: Page) -> Page:
    """Scroll to every saved output: it draws itself when it comes into sight."""
    islands = page.locator(".od-island")
    for number in range(islands.count()):
        islands.nth(number).scroll_into_view_if_needed()
        islands.nth(number).locator(".od").wait_for()
    return page


def outputs(book: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    """All outputs."""
    for cell in book.cells:
        yield from cell.get("outputs", [])


def islands(book: nbformat.NotebookNode) -> list[str]:
    """The saved forms of the views."""
    found = [o.get("data", {}).get("text/html", "") for o in outputs(book)]
    return [html for html in found if "od-island" in html]


def results(book: nbformat.NotebookNode) -> str:
    """What the code cells print and show, as text."""
    return "\n".join(
        str(o["text"] if o.output_type == "stream" else o.get("data", {}).get("text/plain", ""))
        for o in outputs(book)
    )


def prose(book: nbformat.NotebookNode) -> str:
    """The text cells without code."""
    return re.sub(r"`[^`]*`", "", "\n".join(c.source for c in book.cells if c.cell_type == "markdown"))


def test_no_cell_raises_or_warns(book) -> None:
    assert not [o for o in outputs(book) if o.output_type == "error" or o.get("name") == "stderr"]


def test_three_outputs_show_views(book) -> None:
    assert len(islands(book)) == VIEWS


def test_the_exports_are_small(executed: Path, tmp_path: Path) -> None:
    assert executed.stat().st_size < BYTES
    assert export(executed, tmp_path).stat().st_size < BYTES


def test_every_number_of_the_prose_is_a_result(book) -> None:
    printed = {n.replace(",", "") for n in NUMBER.findall(results(book))}
    shares = {f"{100 * float(n):.1f}" for n in printed if re.fullmatch(r"-?0\.\d+", n)}
    said = {n.replace(",", "").replace("−", "-") for n in NUMBER.findall(prose(book))}
    assert len(said) > 40
    assert said - printed - shares - SETTINGS == set()


def test_what_is_left_without_scripts_still_tells(book) -> None:
    left = re.sub(r"<[^>]+>", " ", strip_like_github(islands(book)[0]))
    assert "4,483 examples" in left
    assert re.search(r"96\.4 % \[95\.8, 96\.9\]", left)


def test_offline_a_click_filters_the_other_outputs_and_clear_takes_it_back(page: Page) -> None:
    page.locator(CELL).first.click()
    views = page.locator(".od:visible")
    for number in range(VIEWS):
        expect(views.nth(number).locator(".chip").filter(has_text=CHIP)).to_be_visible()
    alone = views.nth(VIEWS - 1)
    expect(alone.locator("[role=row]").nth(1)).to_be_visible()
    page.get_by_role("button", name="Clear").first.click()
    expect(page.locator(".od:visible .chip")).to_have_count(0)


def test_offline_a_slice_that_was_defined_after_the_board_selects_saved_examples(page: Page) -> None:
    views = page.locator(".od:visible")
    rows = views.nth(VIEWS - 1).locator("[role=row]:has([role=gridcell])")
    whole = rows.count()
    slice_row(views.first, "flirts").click()
    expect(views.first.locator(".chip").filter(has_text="flirts")).to_be_visible()
    expect(rows.first).to_be_visible()
    assert 0 < rows.count() <= whole


def slice_row(view: Locator, name: str) -> Locator:
    """The row of a slice in a board."""
    return view.get_by_role("row").filter(has_text=name).first.get_by_role("gridcell").first


def test_the_report_of_the_last_cell_is_one_file_that_works(
    executed: Path, folder: Path, offline_page: Page
) -> None:
    assert executed.exists()
    report = folder / "report.html"
    assert report.stat().st_size < 320 * 1024
    page = drawn(open_file(offline_page, report))
    page.locator(CELL).first.click()
    expect(page.locator(".od .chip").filter(has_text=CHIP)).to_be_visible()
    assert (folder / "report-without-texts.html").stat().st_size < report.stat().st_size


def test_in_jupyterlab_a_click_reaches_the_variables_of_the_tour(jupyterlab, tmp_path: Path) -> None:
    copy = tmp_path / "tour.ipynb"
    copy.write_bytes(TOUR.read_bytes())
    lab = jupyterlab.open(copy).run_all(seconds=180)
    number = next(i for i, cell in enumerate(read(TOUR).cells) if cell.id == "board")
    board = lab.cell_output(number).locator(".od:visible").first
    lab.cell(number).scroll_into_view_if_needed()
    board.locator(CELL).click()
    lab.wait_value("ev.selection.code()", "ev.selection.clear().where(label='ham', prediction='spam')")
    assert lab.value("len(ev.selection)") == 4


def test_the_committed_tour_holds_no_state_and_is_small() -> None:
    committed = read(TOUR)
    assert "widgets" not in committed.metadata
    assert TOUR.stat().st_size < BYTES
    assert {"data", "board", "number", "share"} <= {cell.id for cell in committed.cells}
