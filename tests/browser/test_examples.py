"""The examples: read, sorted, searched, opened and taken away, saved and live, by mouse and by keyboard alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import offdiagonal as od
from offdiagonal.export import safe
from offdiagonal.pages import Pages, Sort
from tests.browser import gallery
from tests.browser.axe import violations
from tests.browser.hosts import Look, open_file

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]

Show = Callable[..., Page]


@pytest.fixture
def show(new_page: Callable[..., Page], tmp_path: Path) -> Show:
    """Save a view of an Evaluation and open the file offline."""

    def opened(
        ev: od.Evaluation, look: Look | None = None, views: list[str] | None = None, **options: Any
    ) -> Page:
        path = tmp_path / "saved.html"
        # Two views have the room that a board has: it holds the 200 rows that are asked for.
        view = ev.board(views or ["header", "examples"], **options)
        view.save(path)
        page = open_file(new_page(look or Look(width=1000), offline=True), path)
        page.get_by_role("grid", name="Examples").wait_for()
        return page

    return opened


def saved(page: Page) -> int:
    """How many rows the file holds."""
    return int(grid(page).get_attribute("aria-rowcount") or 0) - 1


def title(page: Page) -> str:
    return page.locator(".examples h3").inner_text()


def grid(page: Page | Locator) -> Locator:
    return page.get_by_role("grid", name="Examples")


def settled(page: Page | Locator) -> None:
    """Wait until the rows are those that were asked for."""
    expect(grid(page)).to_have_attribute("aria-busy", "false")


def row(page: Page | Locator, index: int) -> Locator:
    return page.locator(f".e-row[data-row='{index}']")


def numbers(page: Page | Locator) -> list[int]:
    """Row numbers of the first rows, as shown."""
    shown = page.locator(".e-row").evaluate_all(
        "rows => rows.sort((a, b) => a.dataset.row - b.dataset.row).map(r => r.querySelector('.e-cell').innerText)"
    )
    return [int(text) for text in shown]


def focused(page: Page) -> tuple[str | None, str | None, str | None]:
    """Role, row and column of what has the focus."""
    return tuple(
        page.evaluate("""() => {
          let at = document.activeElement
          while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
          const row = at?.closest('[role=row]')?.getAttribute('aria-rowindex') ?? null
          return [at?.getAttribute('role'), row, at?.getAttribute('aria-colindex')]
        }""")
    )


def test_saved_rows_most_confident_errors_first(show: Show) -> None:
    page = show(gallery.spam(600))
    assert f"{saved(page)} of 600 saved" in title(page)
    assert "most confident errors first" in title(page)
    assert saved(page) > 20
    assert grid(page).get_attribute("aria-colcount") == "8"
    first = row(page, 0)
    assert first.get_attribute("aria-rowindex") == "2"
    expect(first.locator(".e-class").nth(1)).to_contain_text("wrong")
    shares = page.locator(".e-share > span:first-child").all_inner_texts()
    assert shares[:6] == sorted(shares[:6], reverse=True)


def test_sorting_by_mouse_and_keyboard(show: Show) -> None:
    page = show(gallery.spam(600))
    interest = numbers(page)
    head = page.get_by_role("columnheader", name="length")
    head.click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert "by length, descending" in title(page)
    settled(page)
    lengths = page.locator(".e-row .e-cell:nth-child(7)").all_inner_texts()
    assert [int(x) for x in lengths] == sorted(map(int, lengths), reverse=True)
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "none")
    settled(page)
    assert numbers(page) == interest


def test_saved_rows_sort_as_the_kernel_sorts(show: Show) -> None:
    ev = gallery.spam(150)
    page = show(ev)
    pages = Pages(ev._engine)
    kept = set(_all_numbers(page))
    keys = {"row number": "row"} | {column.name: column.key for column in ev._engine.meta.columns}
    for name in keys:
        for _ in range(2):
            head = page.get_by_role("columnheader", name=name, exact=True)
            before = head.get_attribute("aria-sort") or ""
            head.click()
            expect(head).not_to_have_attribute("aria-sort", before)
            down = head.get_attribute("aria-sort") == "descending"
            order = [i for i in pages.indices([], Sort(keys[name], down)).tolist() if i in kept]
            assert come_to(page, order) == order[: len(numbers(page))], (name, down)
        head.click()
        expect(head).to_have_attribute("aria-sort", "none")
    order = [i for i in pages.indices([], Sort()).tolist() if i in kept]
    assert come_to(page, order) == order[: len(numbers(page))]


def come_to(page: Page, order: list[int]) -> list[int]:
    """The row numbers once they are in this order, or after two seconds."""
    for _ in range(40):
        shown = numbers(page)
        if shown and shown == order[: len(shown)]:
            break
        page.wait_for_timeout(50)
    return shown


def _all_numbers(page: Page) -> list[int]:
    found: dict[str, int] = {}
    for top in range(0, 31 * saved(page), 300):
        grid(page).evaluate("(e, top) => { e.scrollTop = top }", top)
        page.wait_for_timeout(30)
        found |= {place: int(text) for place, text in _cells(page.locator("body")).items()}
    assert len(found) == saved(page)
    return list(found.values())


def test_height_is_the_height_of_the_grid(show: Show) -> None:
    page = show(gallery.spam(150), height=200)
    box = grid(page).bounding_box()
    assert box
    assert box["height"] == pytest.approx(200, abs=16)


def test_search_marks_and_clears(show: Show) -> None:
    page = show(gallery.spam(600))
    box = page.get_by_role("textbox", name="Search in text")
    box.fill("FREE")
    expect(page.locator(".e-row mark").first).to_be_visible()
    marks = page.locator(".e-row mark").all_inner_texts()
    assert {mark.lower() for mark in marks} == {"free"}
    assert "saved match" in title(page)
    page.get_by_role("button", name="Clear the search").click()
    expect(page.locator("mark")).to_have_count(0)
    expect(box).to_be_focused()
    box.fill("nowhere at all")
    expect(page.get_by_text("No saved example matches: run its notebook to read them.")).to_be_visible()
    page.locator(".chip").click()
    expect(box).to_have_value("")


def test_no_text_no_search(show: Show) -> None:
    page = show(gallery.four())
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_pickers(show: Show) -> None:
    page = show(gallery.spam(600))
    group = page.get_by_role("group", name="Pick examples")
    for name in ("All errors", "High-confidence errors", "Low-confidence correct", "Near the boundary"):
        button = group.get_by_role("button", name=name)
        assert button.get_attribute("title")
        button.click()
        expect(group.locator("[aria-pressed=true]")).to_have_text([name])
    button.click()
    expect(group.locator("[aria-pressed=true]")).to_have_count(0)
    expect(page.locator(".chip")).to_have_count(0)


def test_pickers_that_need_probabilities_are_off_with_the_reason(show: Show) -> None:
    page = show(gallery.without_probabilities())
    group = page.get_by_role("group", name="Pick examples")
    expect(group.get_by_text("Off: no probabilities were given")).to_be_visible()
    expect(group.locator("[aria-disabled=true]")).to_have_count(3)
    group.get_by_role("button", name="Near the boundary").click(force=True)
    expect(page.locator(".chip")).to_have_count(0)
    group.get_by_role("button", name="All errors").click()
    expect(page.locator(".chip")).to_contain_text("errors")


def test_a_row_opens_to_all_that_is_saved(show: Show) -> None:
    page = show(gallery.spam(600))
    rows = saved(page)
    row(page, 1).locator(".e-text").click()
    panel = page.locator(".e-panel")
    expect(row(page, 1)).to_have_attribute("aria-selected", "true")
    for text in ("Row", "source", "length", "received", "Run its notebook for the rest"):
        expect(panel).to_contain_text(text)
    expect(panel.get_by_role("table", name="Probabilities").locator("tr")).to_have_count(2)
    assert saved(page) == rows + 1
    top = panel.bounding_box()
    below = row(page, 2).bounding_box()
    assert top
    assert below
    assert below["y"] >= top["y"] + top["height"] - 1
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)


def test_keyboard_alone(show: Show) -> None:
    page = show(gallery.spam(600))
    end = saved(page) + 1
    page.get_by_role("button", name="CSV").focus()
    page.keyboard.press("Tab")
    assert focused(page) == ("gridcell", "2", "1")
    walk = [
        ("ArrowDown", "3", "1"),
        ("ArrowRight", "3", "2"),
        ("End", "3", "8"),
        ("Home", "3", "1"),
        ("PageDown", "12", "1"),
        ("Control+End", str(end), "8"),
        ("PageUp", str(end - 9), "8"),
        ("Control+Home", "2", "1"),
        ("ArrowLeft", "2", "1"),
    ]
    for key, at, column in walk:
        page.keyboard.press(key)
        assert focused(page) == ("gridcell", at, column), key
        box, view = page.locator(".e-cell:focus").bounding_box(), grid(page).bounding_box()
        assert box
        assert view
        assert view["y"] + 27 <= box["y"], key
        assert box["y"] + box["height"] <= view["y"] + view["height"] + 1, key
    page.keyboard.press("Enter")
    page.locator(".e-panel .strong").wait_for()
    page.keyboard.press("ArrowDown")
    assert focused(page) == ("gridcell", "3", "1")
    assert page.locator(".e-in:focus").count() == 1
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    assert focused(page) == ("gridcell", "2", "1")
    expect(page.locator(".e-panel")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    assert focused(page) == ("columnheader", "1", "1")
    page.keyboard.press("Tab")
    assert focused(page)[0] == "separator"
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="CSV")).to_be_focused()


def test_focus_stays_when_rows_come_and_go(show: Show) -> None:
    page = show(gallery.spam(600))
    row(page, 0).locator(".e-cell").nth(1).focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    grid(page).evaluate("e => { e.scrollTop = e.scrollHeight }")
    page.wait_for_timeout(200)
    before = focused(page)
    assert before == ("gridcell", "20", "2")
    page.keyboard.press("ArrowDown")
    assert focused(page) == ("gridcell", "21", "2")
    assert row(page, 19).bounding_box()["y"] > grid(page).bounding_box()["y"]
    page.get_by_role("button", name="All errors").evaluate("b => b.click()")
    page.locator(".chip").wait_for()
    assert focused(page)[0] == "gridcell"


def test_columns_are_hidden_moved_and_resized(show: Show) -> None:
    page = show(gallery.spam(600))
    heads = page.get_by_role("columnheader")
    names = ["#", "text", "label", "predicted", "confidence", "source", "length", "received"]
    expect(heads).to_have_text(names)
    page.get_by_role("button", name="Columns", exact=True).click()
    menu = page.get_by_role("group", name="Columns")
    menu.get_by_role("checkbox", name="source").press("Space")
    expect(heads).to_have_text([name for name in names if name != "source"])
    menu.get_by_role("button", name="left: length").click()
    menu.get_by_role("button", name="left: length").click()
    expect(heads.nth(4)).to_have_text("length")
    before = heads.nth(1).bounding_box()
    menu.get_by_role("button", name="wider: text").click()
    after = heads.nth(1).bounding_box()
    assert before
    assert after
    assert after["width"] == before["width"] + 32
    separator = page.get_by_role("separator", name="Width of label")
    width = int(separator.get_attribute("aria-valuenow") or 0)
    separator.focus()
    page.keyboard.press("ArrowRight")
    expect(separator).to_have_attribute("aria-valuenow", str(width + 16))
    menu.get_by_role("button", name="As at first").click()
    expect(heads).to_have_text(names)
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(page.get_by_role("button", name="Columns", exact=True)).to_be_focused()


def test_columns_are_dragged(show: Show) -> None:
    page = show(gallery.spam(600))
    heads = page.get_by_role("columnheader")
    heads.nth(0).wait_for()
    label, confidence = heads.nth(2).bounding_box(), heads.nth(4).bounding_box()
    assert label
    assert confidence
    page.mouse.move(label["x"] + 10, label["y"] + 10)
    page.mouse.down()
    page.mouse.move(confidence["x"] + confidence["width"] - 5, label["y"] + 10, steps=5)
    page.mouse.up()
    expect(heads).to_have_text(
        ["#", "text", "predicted", "confidence", "label", "source", "length", "received"]
    )
    expect(page.locator("[aria-sort]:not([aria-sort=none])")).to_have_count(0)
    edge = page.get_by_role("separator", name="Width of text").bounding_box()
    before = heads.nth(1).bounding_box()
    assert edge
    assert before
    page.mouse.move(edge["x"] + 6, edge["y"] + 10)
    page.mouse.down()
    page.mouse.move(edge["x"] + 56, edge["y"] + 10, steps=4)
    page.mouse.up()
    after = heads.nth(1).bounding_box()
    assert after
    assert after["width"] == pytest.approx(before["width"] + 50, abs=1)


def test_copy_and_csv_of_saved_rows(show: Show) -> None:
    ev = gallery.spam(600)
    page = show(ev)
    page.get_by_role("button", name="All errors").click()
    page.get_by_role("button", name="Copy rows").click()
    status = page.locator(".e-under [role=status]")
    settled(page)
    errors = saved(page)
    expect(status).to_have_text(f"{errors} saved rows copied")
    copied = list(csv.reader(io.StringIO(page.evaluate("navigator.clipboard.readText()")), delimiter="\t"))
    assert copied[0] == ["row", "label", "predicted", "confidence", "text", "source", "length", "received"]
    assert len(copied) == errors + 1
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "spam-v1-examples.csv"
    rows = list(csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines()))
    frame = ev.selection.frame()
    for one in rows:
        assert one["text"].rstrip("…") == safe(str(frame["text"][int(one["row"])])[:200])
        assert one["label"] != one["predicted"]
    expect(status).to_have_text(f"{errors} saved rows written to spam-v1-examples.csv")


def test_how_many_are_saved_is_said(show: Show, tmp_path: Path) -> None:
    ev = gallery.intents(3000)
    page = show(ev, views=["confusion", "examples"])
    assert f"{saved(page)} of 3,000 saved" in title(page)
    ev = gallery.spam(300)
    path = tmp_path / "none.html"
    ev.examples().save(path, rows=0)
    open_file(page, path)
    expect(page.locator(".examples h3")).to_contain_text("0 of 300 saved")
    expect(page.get_by_text("This was saved without examples")).to_be_visible()


@pytest.mark.parametrize("case", ["empty", "one_class"])
def test_no_rows_are_explained(show: Show, case: str) -> None:
    page = show(gallery.CASES[case]())
    if case == "one_class":
        page.get_by_role("button", name="All errors").click()
        expect(page.get_by_text("No example satisfies all of the selection")).to_be_visible()
    else:
        expect(page.get_by_text("The table has no rows.")).to_be_visible()
    page.get_by_role("columnheader").first.focus()
    page.keyboard.press("ArrowDown")
    assert focused(page)[0] == "columnheader"


def test_odd_text_is_shown_and_copied_as_it_is(show: Show) -> None:
    page = show(gallery.odd())
    assert page.locator(".e-grid img, .e-grid b").count() == 0
    page.get_by_role("columnheader", name="row number").click()
    expect(row(page, 0).locator(".e-cell").first).to_have_text("0")
    cell = row(page, 2).locator(".e-text")
    assert cell.text_content() == "\u202eevil"
    label = cell.locator(".e-unseen").evaluate("e => getComputedStyle(e, '::before').content")
    assert label == '"U+202E"'
    assert row(page, 3).locator(".e-text").text_content() == "tab\tand\nnewline"
    assert row(page, 4).locator(".e-unseen").count() == 0
    row(page, 2).locator(".e-text").click()
    page.locator(".e-full").wait_for()
    page.locator(".e-full").evaluate("e => getSelection().selectAllChildren(e)")
    page.keyboard.press("Control+C")
    assert page.evaluate("navigator.clipboard.readText()").strip() == "\u202eevil"


def test_a_megabyte_of_text_does_not_freeze(new_page: Callable[..., Page], tmp_path: Path) -> None:
    long = "word " * 200_000
    frame = {"label": ["a", "b"], "predicted": ["a", "a"], "text": [long, "short"]}
    ev = od.Evaluation(frame, prediction="predicted", text="text", text_chars=2_000_000, save_rows=2)
    ev.examples().save(tmp_path / "long.html")
    page = open_file(new_page(offline=True), tmp_path / "long.html")
    grid(page).wait_for()
    if row(page, 1).count():
        row(page, 1).locator(".e-text").click()
        page.get_by_role("button", name="Show 100,000 more").click()
        expect(page.get_by_role("button", name="Show 100,000 more")).to_be_visible()


@pytest.mark.parametrize("width", [320, 400, 560, 900, 1400])
def test_nothing_is_out_of_reach_at_any_width(show: Show, width: int) -> None:
    page = show(gallery.spam(600), Look(width=width))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width < 600:
        names = page.get_by_role("columnheader").all_inner_texts()
        assert [name.strip() for name in names[:3]] == ["text", "label", "predicted"]
        assert page.get_by_role("columnheader", name="predicted").bounding_box()["x"] < width - 60
    row(page, 0).locator(".e-cell").first.focus()
    page.keyboard.press("End")
    box = page.locator(".e-cell:focus").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


LOOKS = {
    "light": Look(width=900),
    "dark": Look(width=900, theme="dark"),
    "narrow": Look(width=400),
    "contrast": Look(width=900, forced_colors=True),
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(show: Show, look: str) -> None:
    for case in ("spam", "without_probabilities", "odd", "empty"):
        page = show(gallery.CASES[case](), LOOKS[look])
        problems = violations(page)
        if case != "empty":
            page.get_by_role("button", name="All errors").click()
            page.get_by_role("button", name="Columns", exact=True).click()
            row(page, 0).locator(".e-cell").nth(1).click()
            page.locator(".e-panel .strong").wait_for()
            page.wait_for_timeout(200)
            problems += violations(page)
        assert problems == [], case
        page.close()


def test_reduced_motion(show: Show) -> None:
    page = show(gallery.spam(300), Look(width=900, reduced_motion=True))
    moving = page.locator(".examples *").evaluate_all(
        "all => all.filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    )
    assert moving == 0


MAKE = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
MANY = (
    MAKE
    + """
import numpy as np, pandas as pd, offdiagonal as od
n = 20_000
rng = np.random.default_rng(0)
label = rng.choice(["ham", "spam"], n)
p = np.clip(np.where(label == "spam", .75, .25) + rng.normal(0, .2, n), .001, .999)
frame = pd.DataFrame({"label": label, "predicted": np.where(p > .5, "spam", "ham"), "p_ham": 1 - p, "p_spam": p,
                      "text": [f"message {i} of {n}: =SUM({i})" for i in range(n)],
                      "size": rng.integers(0, 1000, n), "name": [f"=secret {i}" for i in range(n)]})
ev = od.Evaluation(frame, label="label", prediction="predicted", probabilities=["p_ham", "p_spam"], text="text",
                   private=["name"], name="many")
"""
)


def test_twenty_thousand_rows_live(jupyterlab: Any) -> None:
    lab = jupyterlab.open([MANY, "ev.examples()"]).run_all()
    out = lab.cell_output(1).locator(".od:visible").first
    page = lab.page
    expect(out.locator("h3")).to_contain_text("20,000 rows")
    expect(grid(out)).to_have_attribute("aria-rowcount", "20001")
    order = lab.value("ev._session.pages.indices([], __import__('offdiagonal.pages').pages.Sort()).tolist()")
    row(out, 5).locator(".e-cell").first.wait_for()
    shown = {int(r): int(t) for r, t in _cells(out).items()}
    assert all(order[r] == t for r, t in shown.items())

    row(out, 0).locator(".e-cell").first.focus()
    page.keyboard.press("Control+End")
    expect(row(out, 19_999).locator(".e-cell").first).to_have_text(str(order[-1]))
    assert focused(page) == ("gridcell", "20001", "7")
    grid(out).evaluate("e => { e.scrollTop = e.scrollHeight / 2 }")
    expect(row(out, 10_003).locator(".e-cell").first).to_have_text(str(order[10_003]))
    shown = {int(r): int(t) for r, t in _cells(out).items()}
    assert any(9_000 < r < 11_000 for r in shown)
    assert all(order[r] == t for r, t in shown.items())
    assert out.locator(".e-row").count() < 40

    out.get_by_role("columnheader", name="size").click()
    expect(out.locator("h3")).to_contain_text("by size, descending")
    biggest = lab.value("int(frame['size'].max())")
    expect(row(out, 0).locator(".e-cell").nth(5)).to_have_text(str(biggest))


def test_search_and_take_away_live(jupyterlab: Any) -> None:
    lab = jupyterlab.open([MANY, "ev.examples()"]).run_all()
    out = lab.cell_output(1).locator(".od:visible").first
    out.locator(".e-row").nth(3).wait_for()
    out.get_by_role("textbox", name="Search in text").fill("MESSAGE 1999")
    expect(out.locator("h3")).to_contain_text("11 rows")
    lab.wait_value("ev.selection.code('ev')", 'ev.selection.clear().where(text="MESSAGE 1999")')
    expect(out.locator("mark").first).to_have_text("message 1999")

    out.get_by_role("button", name="CSV").click()
    expect(out.get_by_text("Include the private column?")).to_be_visible()
    expect(out.get_by_role("button", name="No", exact=True)).to_be_focused()
    with lab.page.expect_download() as download:
        out.get_by_role("button", name="No", exact=True).click()
    text = download.value.path().read_text("utf-8-sig")
    assert "secret" not in text
    rows = list(csv.DictReader(io.StringIO(text)))
    found = lab.value("ev.selection.frame().index.tolist()")
    assert sorted(int(one["row"]) for one in rows) == sorted(found)
    expect(out.get_by_role("status").last).to_have_text("11 rows written to many-examples.csv")

    out.get_by_role("button", name="Copy rows").click()
    out.get_by_role("button", name="Yes").click()
    expect(out.get_by_role("status").last).to_have_text("11 rows copied")
    copied = lab.page.evaluate("navigator.clipboard.readText()")
    assert "\t'=secret 1999\t" in copied.replace("\r\n", "\t\r\n")

    row(out, 0).locator(".e-text").click()
    panel = out.locator(".e-panel")
    expect(panel).to_contain_text("=secret")
    expect(panel.locator("mark")).to_have_text(["message 1999"])


def test_rows_seen_stay_when_the_kernel_restarts(jupyterlab: Any) -> None:
    lab = jupyterlab.open([MANY, "ev.examples()"]).run_all()
    out = lab.cell_output(1).locator(".od:visible").first
    row(out, 5).locator(".e-text").wait_for()
    settled(out)
    before = _cells(out)
    lab.restart_kernel()
    expect(out.locator("h3")).to_contain_text("100 of 20,000 rows, seen before the kernel ended")
    assert _cells(out) == before
    grid(out).evaluate("e => { e.scrollTop = e.scrollHeight / 2 }")
    expect(out.get_by_text("not loaded").first).to_be_visible()


def test_late_answers_and_keys_stay_inside(jupyterlab: Any) -> None:
    lab = jupyterlab.open([MANY, "ev.examples()", "x = 1"]).run_all()
    out = lab.cell_output(1).locator(".od:visible").first
    row(out, 5).locator(".e-text").wait_for()
    cells = lab.js("return panel.content.model.cells.length")
    row(out, 0).locator(".e-cell").first.focus()
    for key in ("x", "a", "b", "d", "d", "1", "m", "Enter", "ArrowDown", "Escape"):
        lab.page.keyboard.press(key)
    assert lab.js("return panel.content.model.cells.length") == cells
    for text in ("message 1", "message 12", "message 123", "message 1234"):
        lab.execute(f"ev.selection.where(text={text!r})")
    expect(out.locator("h3")).to_contain_text("11 rows")
    settled(out)
    page_rows = set(_cells(out).values())
    wanted = {str(i) for i in np.asarray(lab.value("ev.selection.indices.tolist()"))}
    assert page_rows <= wanted


def _cells(out: Locator) -> dict[str, str]:
    """Row number by place, of the rows that are drawn and here."""
    return out.locator(".e-row[aria-busy=false]").evaluate_all(
        "rows => Object.fromEntries(rows.map(r => [r.dataset.row, r.querySelector('.e-cell').innerText]))"
    )
