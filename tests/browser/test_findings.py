"""The strip of findings, saved and live: a click selects the rows of a finding, and no axe rule is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.gallery import faults, spam
from tests.browser.hosts import Look, open_file
from tests.browser.hosts.chromium import LOOKS
from tests.browser.test_lives import ROOT, view

pytestmark = pytest.mark.browser

MAKE = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.browser.gallery import faults\nev = faults()"
)
SPELLING = "Show the 40 examples"
REPEATED = "Show the 71 examples"


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved board with findings."""
    path = tmp_path_factory.mktemp("findings") / "board.html"
    faults().save(path)
    return path


def test_findings_stand_at_the_foot_by_level_data_first(board: Path, offline_page: Page) -> None:
    page = open_file(offline_page, board)
    strip = page.get_by_role("region", name="Findings")
    expect(strip.locator("h4")).to_have_text(["data", "labels", "predictions", "model"])
    first = strip.locator(".finding").first
    expect(first).to_contain_text("71 rows share their id with another row. confirmed.")
    below = strip.bounding_box()["y"] > page.locator(".od [role=grid]").last.bounding_box()["y"]
    assert below


def test_a_click_selects_the_rows_of_a_finding_and_another_all_rows(board: Path, offline_page: Page) -> None:
    page = open_file(offline_page, board)
    button = page.get_by_role("button", name=SPELLING)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("label vf, predicted vf ×")).to_be_visible()
    expect(page.locator(".showing [role=status][data-state]")).to_have_text("40 of 3,467 examples")
    button.press("Enter")
    expect(page.locator(".showing [role=status][data-state]")).to_have_text("all 3,467 examples")


def test_of_rows_that_only_the_kernel_knows_the_saved_form_says_so(board: Path, offline_page: Page) -> None:
    page = open_file(offline_page, board)
    expect(page.get_by_text("Run its notebook to see the 71 examples.")).to_be_visible()
    expect(page.get_by_role("button", name=REPEATED)).to_have_count(0)


def test_by_keyboard_alone(board: Path, offline_page: Page) -> None:
    page = open_file(offline_page, board)
    page.locator(".finding summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("What may have led to it:").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=SPELLING)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name=SPELLING)).to_have_attribute("aria-pressed", "true")


def test_where_nothing_was_found_a_board_is_silent_and_the_view_says_what_was_looked_for(
    tmp_path: Path, offline_page: Page
) -> None:
    ev = spam(300)
    ev.save(tmp_path / "board.html")
    page = open_file(offline_page, tmp_path / "board.html")
    page.locator(".od .footer").wait_for()
    expect(page.get_by_role("region", name="Findings")).to_have_count(0)
    ev.findings().save(tmp_path / "alone.html")
    page = open_file(offline_page, tmp_path / "alone.html")
    expect(page.locator(".od")).to_contain_text(
        "Nothing found by 5 checks, which looked for: classes that differ"
    )


def test_a_note_that_a_finding_says_better_is_not_said_twice(tmp_path: Path, offline_page: Page) -> None:
    ev = faults()
    assert any(note.startswith("never predicted") for note in ev.notes)
    ev.board(["header", "findings"]).save(tmp_path / "both.html")
    page = open_file(offline_page, tmp_path / "both.html")
    page.locator(".finding").first.wait_for()
    expect(page.locator(".notes")).to_have_count(0)
    ev.board(["header"]).save(tmp_path / "header.html")
    page = open_file(offline_page, tmp_path / "header.html")
    expect(page.get_by_role("button", name="3 notes")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_the_findings(board: Path, new_page, look: str) -> None:
    page = open_file(new_page(LOOKS[look], offline=True), board)
    page.locator(".finding summary").first.click()
    page.get_by_role("button", name=SPELLING).click()
    assert violations(page) == []


@pytest.mark.parametrize("width", [400, 1600])
def test_nothing_is_wider_than_the_page(board: Path, new_page, width: int) -> None:
    page = open_file(new_page(Look(width=width), offline=True), board)
    page.locator(".finding").first.wait_for()
    wide = "all => all.some(e => e.getBoundingClientRect().right > innerWidth)"
    assert not page.locator(".finding, .finding *").evaluate_all(wide)


def test_live_a_click_reaches_python_and_a_new_check_the_board(jupyterlab) -> None:
    lab = jupyterlab.open([MAKE, "ev.findings()", "ev.confusion()"]).run_all()
    strip = view(lab, 1)
    strip.get_by_role("button", name=REPEATED).click()
    lab.wait_value("len(ev.selection)", 71)
    expect(view(lab, 2).get_by_text("71 rows of finding duplicate-ids").first).to_be_visible()
    lab.value("len(ev.check(lambda ev: __import__('offdiagonal').Finding('x', 'model', 'told late')))")
    expect(strip.get_by_text("told late.")).to_be_visible()
