"""A saved board beside a saved pane: brushed steps show the predictions of their checkpoint, as a kernel would."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import offdiagonal as od
from tests.browser.axe import violations
from tests.browser.gallery_runs import KEPT, joined
from tests.browser.hosts import open_file
from tests.browser.test_runs import drag

pytestmark = pytest.mark.browser

LOOKS = [60 * look for look in range(6)]


def both(path: Path, run: od.Run, *views: str) -> Path:
    """A page with the saved pane of a run and a saved output for each view of its Evaluation."""
    ev = KEPT[0]
    parts = [run.curves()._repr_html_(), *(ev.board(view.split())._repr_html_() for view in views)]
    path.write_text(f"<!doctype html><title>both</title><body>{''.join(parts)}</body>", "utf-8")
    return path


def opened(page: Page, path: Path) -> tuple[Locator, Locator]:
    """The pane, and the first board."""
    open_file(page, path)
    panes = page.locator(".od")
    panes.nth(1).wait_for()
    expect(panes.first.locator(".over").first).to_be_visible()
    return panes.first, panes.nth(1)


def cells(board: Locator) -> list[str]:
    """What the cells of the matrix say."""
    labels: list[str] = board.locator("[role=gridcell][aria-label^='label']").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label'))"
    )
    return sorted(labels)


def test_brushed_steps_show_the_matrix_the_counts_and_the_examples_of_their_checkpoint(
    offline_page, tmp_path
) -> None:
    run = joined()
    ev = KEPT[0]
    wanted = {}
    for step in LOOKS:
        ev.at(step)
        open_file(offline_page, _saved(ev, tmp_path / f"{step}.html"))
        board = offline_page.locator(".od").first
        board.locator("[role=gridcell]").first.wait_for()
        wanted[step] = (cells(board), board.locator(".measures").inner_text())
    ev.at(None)
    pane, board = opened(offline_page, both(tmp_path / "both.html", run, "header confusion", "examples"))
    given = cells(board)
    for low, high in ((0.2, 0.45), (0.1, 0.99), (0, 0.05)):
        drag(offline_page, pane, low, high)
        step = [look for look in LOOKS if look <= high * 299][-1]
        expect(board.locator("h2.name")).to_have_text(f"joined, step {step}")
        assert (cells(board), board.locator(".measures").inner_text()) == wanted[step]
        expect(board.get_by_label("Predictions")).to_have_value(str(LOOKS.index(step)))
    shown = offline_page.locator(".od").nth(2)
    rows = shown.locator("[role=row]")
    ev.at(0)
    board.locator("[role=gridcell][aria-label^='label ham, predicted spam']").click()
    there = len(ev.selection.clear().where(label="ham", prediction="spam"))
    expect(shown.locator(".strong").first).to_have_text(str(there))
    expect(rows.nth(1)).to_be_visible()
    pane.locator(".chip").click()
    expect(board.locator("h2.name")).to_have_text("joined")
    board.get_by_role("button", name="Clear").click()
    assert cells(board) == given


def _saved(ev: od.Evaluation, path: Path) -> Path:
    html = ev.board(["header", "confusion"])._repr_html_()
    path.write_text(f"<!doctype html><title>one</title><body>{html}</body>", "utf-8")
    return path


def test_keys_alone_choose_a_checkpoint_in_a_file_without_the_curves(offline_page, tmp_path) -> None:
    run = joined()  # an Evaluation has the checkpoints of a run that is gone
    ev = KEPT[0]
    ev.at(120)
    del run
    ev.board().save(tmp_path / "board.html")
    open_file(offline_page, tmp_path / "board.html")
    board = offline_page.locator(".od").first
    choice = board.get_by_label("Predictions")
    expect(choice).to_have_value("")
    expect(board.locator(".checkpoint")).to_contain_text("all 6 checkpoints are saved")
    expect(choice.locator("option").first).to_have_text("of step 120, as saved")
    before = cells(board)
    choice.focus()
    for _ in range(6):
        offline_page.keyboard.press("ArrowDown")
    expect(board.locator("h2.name")).to_have_text("joined, step 300")
    assert cells(board) != before
    choice.select_option("")
    expect(board.locator("h2.name")).to_have_text("joined, step 120")
    assert cells(board) == before
    assert violations(offline_page) == []


def test_the_examples_of_a_file_are_those_of_the_checkpoint_that_is_chosen(offline_page, tmp_path) -> None:
    run = joined()
    ev = KEPT[0]
    texts = {}
    for step in (300, 60):
        ev.at(step)
        ev.board(["header", "examples"]).save(tmp_path / f"{step}.html")
        open_file(offline_page, tmp_path / f"{step}.html")
        texts[step] = _rows(offline_page)
    assert texts[300] != texts[60]
    offline_page.locator(".od").first.get_by_label("Predictions").select_option("5")
    expect(offline_page.locator("h2.name")).to_have_text("joined, step 300")
    expect(offline_page.locator("[role=row]").nth(1)).to_have_text(texts[300][0], use_inner_text=True)
    assert _rows(offline_page) == texts[300]
    del run


def _rows(page: Page) -> list[str]:
    """The examples in view, without the head of their table."""
    rows = page.locator("[role=row]")
    rows.nth(1).wait_for()
    return rows.all_inner_texts()[1:]


def test_an_output_that_is_drawn_later_shows_the_checkpoint_too(offline_page, tmp_path) -> None:
    run = joined()
    pane, _ = opened(offline_page, both(tmp_path / "both.html", run, "header confusion", "header slices"))
    drag(offline_page, pane, 0.1, 0.45)
    names = offline_page.locator("h2.name")
    expect(names).to_have_text(["joined, step 120"] * 2)
    # A host takes an output away and puts it back.
    islands = offline_page.locator(".od-island")
    islands.nth(2).evaluate("e => { const p = e.parentNode; e.remove(); setTimeout(() => p.append(e), 50) }")
    expect(names).to_have_text(["joined, step 120"] * 2)
    offline_page.wait_for_timeout(200)
    expect(names).to_have_text(["joined, step 120"] * 2)
    drag(offline_page, pane, 0.5, 0.85)
    expect(names).to_have_text(["joined, step 240"] * 2)


def test_a_pane_says_by_what_examples_are_right(offline_page, tmp_path) -> None:
    for predicted, said in (
        (False, "By their loss, for no predictions are logged"),
        (True, "has the labels"),
    ):
        run = od.Run("alone", keep=False)
        for step in range(4):
            prediction = {"prediction": [0, 1, 1]} if predicted else {}
            run.log_examples(step, [0, 1, 2], loss=[0.1, 2.0, 2.0 if step < 3 else 0.1], **prediction)
            run.log(step, loss=1.0)
        run.curves().save(tmp_path / "alone.html")
        open_file(offline_page, tmp_path / "alone.html")
        apart = offline_page.get_by_role("region", name="Examples")
        expect(apart).to_contain_text(said)
        expect(apart.get_by_role("row")).to_have_count(0 if predicted else 3)
    with_losses = od.Run("losses", keep=False)
    for step in range(4):
        with_losses.log_examples(step, [0, 1], loss=[0.1, 2.0 if step < 3 else 0.1])
        with_losses.log(step, loss=1.0)
    ev = od.Evaluation({"label": ["a", "b"], "prediction": ["a", "a"]}, run=with_losses)
    with_losses.curves().save(tmp_path / "joined.html")
    open_file(offline_page, tmp_path / "joined.html")
    apart = offline_page.get_by_role("region", name="Examples")
    expect(apart).to_contain_text("By their loss, for no predictions are logged: right below ln 2.")
    expect(apart.get_by_role("row", name="learned late")).to_contain_text("1")
    assert len(ev) == 2


def test_what_a_training_told_apart_stands_behind_the_slices_and_selects(offline_page, tmp_path) -> None:
    run = joined()
    KEPT[0].board(["header", "slices"]).save(tmp_path / "slices.html")
    assert len(run.record.metrics) == 5
    open_file(offline_page, tmp_path / "slices.html")
    slices = offline_page.get_by_role("region", name="Slices")
    names = ["source = app", "source = web", "never learned", "forgotten", "learned late"]
    expect(slices.get_by_role("rowheader")).to_have_text(names)
    expect(slices.locator(".title")).to_contain_text("2 looked at")
    expect(slices.locator(".tag")).to_have_count(0)
    expect(slices.locator("tr.group")).to_have_text(["told apart by the training"])
    slices.get_by_role("columnheader", name="n", exact=True).click()
    expect(slices.get_by_role("rowheader").first).to_have_text("source = web")
    slices.get_by_role("rowheader", name="forgotten").click()
    expect(offline_page.get_by_text("20 of 200")).to_be_visible()
