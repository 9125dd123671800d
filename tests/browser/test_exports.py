"""The saved form through real exporters, and through what GitHub, VS Code and Colab make of it."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.browser.hosts import (
    Look,
    export,
    image_size,
    imitate_colab,
    imitate_vscode,
    open_file,
    read,
    strip_like_github,
)
from tests.browser.test_lives import CELL, CELLS, CHIP, MAKE

pytestmark = pytest.mark.browser

NBCONVERT = r"cdnjs\.cloudflare\.com|unpkg\.com|cdn\.jsdelivr\.net"


@pytest.fixture(scope="session")
def executed(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """The notebook of two linked views and a board, run by nbconvert, which saves all widget state."""
    return read(export([*CELLS, "ev"], tmp_path_factory.mktemp("executed"), to="notebook", execute=True))


def html_outputs(book: nbformat.NotebookNode) -> list[str]:
    """All text/html of a notebook."""
    shown = [output.get("data", {}) for cell in book.cells for output in cell.get("outputs", [])]
    return [data["text/html"] for data in shown if "text/html" in data]


@pytest.mark.parametrize("template", ["lab", "classic"])
@pytest.mark.parametrize("state", [True, False])
def test_nbconvert_html_offline_a_click_filters_the_other_output(
    executed, exported, offline_page: Page, guard, template: str, state: bool
) -> None:
    guard.allow_request(NBCONVERT)
    guard.allow_error(r"\$ is not defined")  # the classic template's own, without its CDN
    book = nbformat.from_dict(executed)
    if not state:
        book.metadata.pop("widgets", None)
    page = open_file(offline_page, exported(book, options=["--template", template]))
    expect(page.locator(".od:visible")).to_have_count(3)
    page.locator(CELL).first.click()
    expect(page.locator(".od:visible").nth(1).get_by_text(CHIP)).to_be_visible()
    expect(page.locator(".od:visible").nth(2).get_by_text(CHIP)).to_be_visible()


def test_nbconvert_execute_then_offline(exported, offline_page: Page, guard) -> None:
    guard.allow_request(NBCONVERT)
    page = open_file(offline_page, exported(CELLS, execute=True))
    page.locator(CELL).first.click()
    expect(page.locator(".od:visible").nth(1).get_by_text(CHIP)).to_be_visible()


def test_latex_has_the_five_lines(executed, exported) -> None:
    text = exported(executed, to="latex").read_text(encoding="utf-8")
    assert "accuracy" in text
    assert "Top confusions" in text
    assert "od-island" not in text


def test_markdown_without_scripts_has_picture_and_table(executed, exported) -> None:
    left = strip_like_github(exported(executed, to="markdown").read_text(encoding="utf-8"))
    assert "<table" in left
    assert "data:image/png;base64," in left
    assert "od-data" not in left


def test_what_github_leaves_has_n_accuracy_confusions_and_a_picture(executed) -> None:
    left = strip_like_github(html_outputs(executed)[-2])
    text = re.sub(r"<[^>]+>", " ", left)
    assert re.search(r"\b600 examples", text)
    assert re.search(r"\d\d\.\d % \[\d\d\.\d, \d\d\.\d\]", text)
    rows = [re.sub(r"<[^>]+>", "|", row) for row in re.findall(r"<tr>.*?</tr>", left)]
    assert any(re.fullmatch(r"\|+ham\|+spam\|+\d+\|+.*", row) for row in rows)
    assert any(re.fullmatch(r"\|+spam\|+ham\|+\d+\|+.*", row) for row in rows)
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', left)
    assert image_size(base64.b64decode(pictures[0]))[0] >= 600


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_like_vscodes_shows_one_form_of_each(executed, new_page, tmp_path: Path, theme) -> None:
    page = open_file(
        new_page(Look(theme=theme), offline=True), imitate_vscode(executed, tmp_path / "v.html", theme)
    )
    expect(page.locator(".od:visible")).to_have_count(3)
    expect(page.locator(".od-static:visible")).to_have_count(0)
    page.locator(CELL).first.click()
    expect(page.locator(".od:visible").nth(1).get_by_text(CHIP)).to_be_visible()


def test_frames_like_colabs_show_one_form_each(executed, offline_page: Page, tmp_path: Path) -> None:
    page = open_file(offline_page, imitate_colab(executed, tmp_path / "c.html"))
    for frame in ("#cell-0", "#cell-1", "#cell-2"):
        inside = page.frame_locator(frame)
        # Below the fold a frame is laid out when it is reached.
        page.locator(frame).scroll_into_view_if_needed()
        expect(inside.locator(".od:visible")).to_have_count(1)
        expect(inside.locator(".od-static:visible")).to_have_count(0)
    page.frame_locator("#cell-0").locator(CELL).first.click()
    expect(page.frame_locator("#cell-0").get_by_text(CHIP)).to_be_visible()


def test_a_saved_report_is_one_file_that_works_offline(offline_page: Page, tmp_path: Path) -> None:
    from tests.browser.gallery import spam

    spam(600).save(tmp_path / "report.html")
    page = open_file(offline_page, tmp_path / "report.html")
    page.locator(CELL).first.click()
    expect(page.get_by_text(CHIP)).to_be_visible()


@pytest.mark.parametrize("mode", ["run", "edit"])
def test_marimo_is_live_and_linked(marimo_app, mode: str) -> None:
    cells = ["import marimo as mo", MAKE, "ev.confusion()", "ev.examples()"]
    app = marimo_app(cells, mode)
    app.output(2).locator(CELL).first.click()
    expect(app.output(3).get_by_text(CHIP)).to_be_visible()
