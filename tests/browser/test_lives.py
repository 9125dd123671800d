"""One output, three lives: live in JupyterLab and Notebook 7, saved without a kernel, still without scripts."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.hosts import Lab, write

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SETUP = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.browser.gallery import four, spam\n"
MAKE = f"{SETUP}ev = spam(600)"
CELLS = [MAKE, "ev.confusion()", "ev.examples()"]
CELL = "[role=gridcell][aria-label^='label ham, predicted spam']"
OTHER = "[role=gridcell][aria-label^='label spam, predicted ham']"
CHIP = "label ham → predicted spam"
HAM_AS_SPAM = "int(((ev._table.label == 0) & (ev._table.prediction == 1)).sum())"


def forms(output: Locator) -> int:
    """How many forms of views a reader sees: live ones, islands, and still ones."""
    return output.locator(".od, .od-static").evaluate_all(
        "all => all.filter(e => e.getClientRects().length > 0 && e.getBoundingClientRect().height > 5).length"
    )


def wait_forms(lab: Lab, cell: int, wanted: int) -> None:
    """Wait until a cell shows so many forms of views."""
    for _ in range(100):
        if forms(lab.cell_output(cell)) == wanted:
            return
        lab.page.wait_for_timeout(100)
    assert forms(lab.cell_output(cell)) == wanted


def view(lab: Lab, cell: int) -> Locator:
    """The view that a reader sees in a cell."""
    return lab.cell_output(cell).locator(".od:visible").first


def open_and_run(host: str, request: pytest.FixtureRequest, cells: list[str] = CELLS) -> Lab:
    """A notebook that has run in a host."""
    lab: Lab = request.getfixturevalue(host).open(cells).run_all()
    view(lab, len(cells) - 1).wait_for()
    return lab


@pytest.mark.parametrize("host", ["jupyterlab", "notebook7"])
def test_a_click_filters_the_other_cell_and_python_and_python_sets_it_back(
    host: str, request: pytest.FixtureRequest
) -> None:
    lab = open_and_run(host, request)
    view(lab, 1).locator(CELL).click()
    expect(view(lab, 2).get_by_text(CHIP)).to_be_visible()
    lab.wait_value("len(ev.selection)", lab.value(HAM_AS_SPAM))
    lab.execute("ev.selection.clear().where(label='spam', prediction='ham')")
    expect(view(lab, 1).get_by_text("label spam → predicted ham")).to_be_visible()
    expect(view(lab, 1).locator(OTHER)).to_have_attribute("aria-selected", "true")
    wait_forms(lab, 1, 1)
    wait_forms(lab, 2, 1)


def test_clicks_on_a_busy_kernel_stand_and_undo_is_one_for_both(jupyterlab) -> None:
    cells = [MAKE, "ev.board(['header', 'confusion'])", "import time; time.sleep(4)"]
    lab = jupyterlab.open(cells)
    for cell in (0, 1):
        lab.run_cell(cell)
    board = view(lab, 1)
    board.locator(CELL).wait_for()
    lab.js("panel.content.activeCellIndex = 2; void app.commands.execute('notebook:run-cell')")
    lab.page.wait_for_timeout(500)
    board.locator(CELL).click()
    board.locator(OTHER).click()
    for _ in range(60):  # until long after the kernel has come to both
        assert board.locator(OTHER).get_attribute("aria-selected") == "true"
        lab.page.wait_for_timeout(100)
    lab.execute("ev.selection.where(correct=True).undo()")
    expect(board.get_by_text("label spam → predicted ham")).to_be_visible()
    board.get_by_role("button", name="Undo").click()
    expect(board.get_by_text(CHIP)).to_be_visible()
    lab.wait_value("len(ev.selection)", lab.value(HAM_AS_SPAM))
    lab.execute("ev.selection.undo()")
    expect(board.get_by_role("button", name="Undo")).to_be_disabled()
    expect(board.locator(".chip")).to_have_count(0)


@pytest.mark.parametrize("host", ["jupyterlab", "notebook7"])
def test_reload_restart_and_shutdown_leave_one_form_that_filters(
    host: str, request: pytest.FixtureRequest
) -> None:
    lab = open_and_run(host, request)
    lab.save()
    lab.reload()
    wait_forms(lab, 1, 1)
    view(lab, 1).locator(CELL).click()
    expect(view(lab, 2).get_by_text(CHIP)).to_be_visible()
    lab.restart_kernel()
    view(lab, 1).locator(OTHER).click()
    expect(view(lab, 2).get_by_text("label spam → predicted ham")).to_be_visible()
    expect(view(lab, 2).get_by_text("kernel")).to_be_visible()
    lab.run_all()
    expect(view(lab, 2).get_by_text("kernel is gone")).to_be_hidden()
    expect(view(lab, 2).get_by_text("Live: every row")).to_be_visible()
    expect(view(lab, 2).locator(".e-class").first).to_be_visible()
    lab.shutdown_kernel()
    view(lab, 1).locator(CELL).click()
    expect(view(lab, 2).get_by_text(CHIP)).to_be_visible()
    expect(view(lab, 2).get_by_text("kernel is gone")).to_be_visible()
    expect(view(lab, 2).locator("[role=row]").nth(1)).to_be_visible()
    wait_forms(lab, 1, 1)


def test_reopened_without_a_kernel_a_click_still_filters_the_other_cell(jupyterlab) -> None:
    lab = jupyterlab.open(CELLS).run_all()
    saved = lab.save()
    assert "widgets" not in saved.metadata
    lab.close(kernel=True)
    alone = jupyterlab.open(lab.path, kernel=False)
    wait_forms(alone, 1, 1)
    view(alone, 1).locator(CELL).click()
    expect(view(alone, 2).get_by_text(CHIP)).to_be_visible()
    expect(view(alone, 2).locator("[role=row]").nth(1)).to_be_visible()
    assert "model not found" not in alone.page.locator(".jp-Notebook").inner_text()


def test_reopened_trusted_with_a_fresh_kernel_the_saved_form_shows(jupyterlab) -> None:
    lab = jupyterlab.open(CELLS).run_all()
    lab.save()
    lab.close(kernel=True)
    again = jupyterlab.open(lab.path)
    wait_forms(again, 1, 1)
    view(again, 1).locator(CELL).click()
    expect(view(again, 2).get_by_text(CHIP)).to_be_visible()


def test_untrusted_picture_and_table_stand(jupyterlab) -> None:
    lab = jupyterlab.open(CELLS).run_all()
    lab.save()
    lab.close(kernel=True)
    untrusted = jupyterlab.open(lab.path, trusted=False, kernel=False)
    output = untrusted.wait_output(1)
    expect(output.locator("img")).to_be_visible()
    assert output.locator("img").evaluate("i => i.naturalWidth") >= 600
    expect(output.locator("table").first).to_be_visible()
    assert output.locator(".od").count() == 0


def test_the_views_follow_the_dark_theme(jupyterlab) -> None:
    lab = jupyterlab.open(CELLS, theme="dark").run_all()
    view(lab, 1).wait_for()
    host = lab.cell_output(1).locator(".od-host").last
    expect(host).to_have_attribute("data-theme", "dark")
    ink = view(lab, 1).evaluate("e => getComputedStyle(e).color")
    assert sum(map(int, ink[4:-1].split(", "))) > 500


def test_nothing_of_the_users_is_hidden_when_widget_outputs_are_deleted(jupyterlab, tmp_path: Path) -> None:
    cell = "from IPython.display import display\ndisplay(ev.confusion())\nprint('kept')\ndisplay(ev.slices())"
    lab = jupyterlab.open([MAKE, cell]).run_all()
    wait_forms(lab, 1, 2)
    expect(lab.cell_output(1).get_by_text("kept")).to_be_visible()
    saved = lab.save()
    lab.close(kernel=True)
    widget = "application/vnd.jupyter.widget-view+json"
    for deleted in ("all", "first"):
        book = copy.deepcopy(saved)
        outputs = book.cells[1].outputs
        widgets = [o for o in outputs if widget in o.get("data", {})]
        gone = widgets if deleted == "all" else widgets[:1]
        book.cells[1].outputs = [o for o in outputs if o not in gone]
        again = jupyterlab.open(write(book, tmp_path / f"{deleted}.ipynb"), kernel=False)
        wait_forms(again, 1, 2)
        expect(again.cell_output(1).get_by_text("kept")).to_be_visible()
        again.close()


def test_running_the_display_cell_again_leaves_no_more_models(jupyterlab) -> None:
    lab = jupyterlab.open(CELLS).run_all()
    wait_forms(lab, 1, 1)
    models = "len(__import__('ipywidgets').widgets.widget._instances)"
    once = lab.value(models)
    for _ in range(12):
        lab.run_cell(1)
    wait_forms(lab, 1, 1)
    assert lab.value(models) == once
    view(lab, 1).locator(CELL).click()
    expect(view(lab, 2).get_by_text(CHIP)).to_be_visible()


def test_what_is_linked_when_an_evaluation_is_made_again(jupyterlab) -> None:
    again = f"{SETUP}ev = spam(500)"
    cells = [MAKE, "ev.confusion()", again, "ev.confusion()", "other = four()\nother.confusion()"]
    lab = jupyterlab.open(cells).run_all()
    for cell in (1, 3, 4):
        wait_forms(lab, cell, 1)
    expect(view(lab, 1).get_by_text("Earlier run of spam v1")).to_be_visible()
    expect(view(lab, 3).get_by_text("Earlier run")).to_have_count(0)
    view(lab, 3).locator(CELL).click()
    expect(view(lab, 3).get_by_text(CHIP)).to_be_visible()
    expect(view(lab, 1).get_by_text(CHIP)).to_have_count(0)
    expect(view(lab, 4).locator(".chip")).to_have_count(0)
    lab.save()
    lab.close(kernel=True)
    alone = jupyterlab.open(lab.path, kernel=False)
    for cell in (1, 3, 4):
        alone.cell(cell).scroll_into_view_if_needed()
        wait_forms(alone, cell, 1)
    view(alone, 3).locator(CELL).click()
    expect(view(alone, 3).get_by_text(CHIP)).to_be_visible()
    expect(view(alone, 1).get_by_text(CHIP)).to_have_count(0)
    expect(view(alone, 4).locator(".chip")).to_have_count(0)
