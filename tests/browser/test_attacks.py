"""Names and texts from data are never markup: live, saved, still and as a file; and a page where each attack fires."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Frame, Page

from tests.browser.hostile import ATTRIBUTES, LOOK, PLACES, SAID, TAGS, TOGETHER, hostile
from tests.browser.hosts import Look, code, notebook, open_file, strip_like_github
from tests.browser.payloads import PAYLOADS
from tests.browser.test_lives import ROOT

pytestmark = pytest.mark.browser

PAGE = 5
"""Evaluations a page."""
pages = pytest.mark.parametrize("first", range(0, len(PAYLOADS), PAGE * TOGETHER))
SETUP = f"""import sys; sys.path.insert(0, {str(ROOT)!r})
from IPython.display import display
from tests.browser.hostile import hostile, refuse"""
MAKE = "evs = [hostile(first) for first in {firsts}]\nfor ev in evs: display(ev)"


def firsts(first: int) -> list[int]:
    """The first attack of each Evaluation of a page."""
    return list(range(first, first + PAGE * TOGETHER, TOGETHER))


def marks(text: str, first: int) -> int:
    """How often each attack of an Evaluation is shown, at least."""
    numbers = range(first, first + TOGETHER)
    return min(len(re.findall(rf"fired[_-]{number}\b", text)) for number in numbers)


@contextmanager
def no_marks(page: Page) -> Iterator[None]:
    """Nothing that a page asks for, or says, comes of an attack."""
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    yield
    assert [url for url in asked if "od_fired" in url.split("#")[0] or "od-fired" in url] == []


def look(frame: Page | Frame, views: int = 1) -> list[str]:
    """Use all that is on a page; the texts of its views, where no attack has left more than text."""
    found: dict[str, Any] = frame.evaluate(LOOK, sorted(TAGS))
    assert found["fired"] == []
    assert found["tags"] == []
    assert [pair for pair in found["attributes"] if pair[0] not in ATTRIBUTES] == []
    assert len(found["texts"]) >= views
    return list(found["texts"])


def page_of(body: str, path: Path) -> Path:
    """A page of its own around some HTML."""
    path.write_text(f'<!doctype html><meta charset="utf-8"><body>{body}</body>', encoding="utf-8")
    return path


def test_there_are_120_attacks_in_at_least_14_places() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 120
    assert len(PLACES) >= 14


def test_each_attack_fires_where_it_is_markup(new_page, guard, tmp_path: Path) -> None:
    guard.allow_error("")
    guard.allow_request("")
    page = new_page(offline=True)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    quiet = []
    for number, payload in enumerate(PAYLOADS):
        path = page_of(f"<div>{payload}</div>", tmp_path / f"{number}.html")
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        if page.locator("#click").count():
            page.locator("#click").first.click()
        for _ in range(100):
            if page.evaluate(f"globalThis.od_fired_{number}") or any(
                f"od-fired-{number}." in url for url in asked
            ):
                break
            page.wait_for_timeout(20)
        else:
            quiet.append(payload)
    assert quiet == []


def test_what_looks_for_attacks_finds_them(new_page, guard, tmp_path: Path) -> None:
    guard.allow_error("")
    guard.allow_request("")
    body = f'<div class="od-static">{PAYLOADS[0]}<p data-x="od_fired" onclick="x">y</p></div>'
    page = open_file(new_page(offline=True), page_of(body, tmp_path / "open.html"))
    found = page.evaluate(LOOK, sorted(TAGS - {"IMG"}))
    assert found["fired"] == ["od_fired_0"]
    assert len(found["tags"]) == 1
    assert {name for name, _ in found["attributes"]} == {"src", "onerror", "data-x", "onclick"}


@pages
def test_no_attack_fires_in_a_file(first: int, new_page, tmp_path: Path) -> None:
    frames = []
    for number in firsts(first):
        hostile(number).save(tmp_path / f"{number}.html")
        frames.append(f'<iframe src="{number}.html" style="width: 100%; height: 900px"></iframe>')
    page = new_page(offline=True)
    with no_marks(page):
        open_file(page, page_of("".join(frames), tmp_path / "all.html"))
        for number, frame in zip(firsts(first), page.frames[1:], strict=True):
            frame.locator(".od").first.wait_for()
            assert marks("\n".join(look(frame)), number) >= 6
            assert marks(frame.title(), number) >= 1


@pages
def test_no_attack_fires_live_nor_in_what_the_notebook_saves(
    first: int, jupyterlab, new_page, tmp_path: Path
) -> None:
    book = notebook([code(SETUP), code(MAKE.format(firsts=firsts(first)))])
    lab = jupyterlab.open(book, look=Look(width=1000, height=500))  # less to paint
    with no_marks(lab.page):
        lab.run_all(seconds=60)
        views = lab.cell_output(1).locator(".od:visible")
        views.nth(PAGE - 1).wait_for()
        lab.execute("for ev in evs: refuse(ev)")
        views.get_by_text(SAID).nth(PAGE - 1).wait_for()
        live = look(lab.page, PAGE)
    assert [max(marks(text, number) for text in live) >= 6 for number in firsts(first)] == [True] * PAGE
    htmls = [out["data"]["text/html"] for out in lab.save().cells[1].outputs if "text/html" in out["data"]]
    islands = [html for html in htmls if "od-island" in html]
    assert len(islands) == PAGE
    still = [html.split("</style>", 1)[1].split('<script type="text/plain"', 1)[0] for html in islands]
    parsed = [str(BeautifulSoup(html, "html.parser").select_one(".od-static")) for html in islands]
    stripped = [strip_like_github(html) for html in islands]
    for form, parts in {"island": islands, "still": still, "parsed": parsed, "stripped": stripped}.items():
        page = new_page(offline=True)
        with no_marks(page):
            open_file(page, page_of("\n".join(parts), tmp_path / f"{form}.html"))
            if form == "island":
                page.locator(".od").nth(PAGE - 1).wait_for()
            texts = look(page, 0 if form == "stripped" else PAGE)
        for number, text in zip(firsts(first), texts if form in ("still", "parsed") else [], strict=False):
            assert marks(text, number) >= 1
