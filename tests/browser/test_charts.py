"""A chart of the user's own beside the other views: live both ways, saved a picture, and nothing is loaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.hosts import Lab

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SETUP = f"""import sys; sys.path.insert(0, {str(ROOT)!r})
import altair as alt
from tests.browser.gallery import spam
ev = spam(600)
df = ev.frame().assign(
    picture="https://example.org/picture.png", link="https://example.org/link", paint="url(https://example.org/p.svg#a)"
)
drag = alt.selection_interval(encodings=["x"], name="drag")
bars = alt.Chart(df, title="Lengths").mark_bar().encode(x=alt.X("length", bin=True), y="count()").add_params(drag)
pick = alt.Chart(df, title="Sources").mark_bar().encode(x="source", y="count()", color="label")
hostile = alt.layer(
    alt.Chart(df).mark_image(width=9, height=9).encode(x="length", y="source", url="picture"),
    alt.Chart(df)
    .mark_circle()
    .encode(x="length", y="source", href="link", fill=alt.Fill("paint", scale=None), tooltip="link"),
)
"""
STARS = """import altair as alt, offdiagonal as od, pandas as pd
df = pd.DataFrame({"label": ["a", "b"] * 60, "prediction": "a", "stars": [1, 5, 5] * 40, "x": range(120)})
ev = od.Evaluation(df)
drag = alt.selection_interval(encodings=["x"])
stars = alt.Chart(df).mark_circle(size=200).encode(x="stars:Q", y="label").add_params(drag)
"""
BOARD = "ev.board(['confusion', bars, ev.link(pick, 'source')])"
CELL = "[role=gridcell][aria-label^='label spam, predicted spam']"


def charts(lab: Lab, cell: int = 1) -> Locator:
    """The charts of a cell, once they are drawn."""
    found = lab.cell_output(cell).locator(".own-chart:visible:has(canvas)")
    found.last.wait_for(timeout=30_000)
    return found


def heads(lab: Lab, *texts: str) -> None:
    """Wait until the charts are headed so."""
    expect(charts(lab)).to_have_count(len(texts))
    for chart, text in zip(charts(lab).all(), texts, strict=True):
        expect(chart.locator("h3")).to_have_text(re.compile(text))


def test_a_click_filters_a_chart_and_a_drag_in_it_selects_in_python_and_is_saved_as_a_picture(
    jupyterlab, exported, offline_page
) -> None:
    lab: Lab = jupyterlab.open([SETUP, BOARD]).run_all()
    heads(lab, "Lengths · 600 examples · drag over length", "Sources · 600 examples · click for source")
    spam = int(lab.value("len(ev.frame(label='spam', prediction='spam'))"))
    lab.cell_output(1).locator(CELL).click()
    heads(lab, f"Lengths · {spam} examples", f"Sources · {spam} examples")
    lab.execute("ev.selection.clear()")
    heads(lab, "Lengths · 600", "Sources · 600")

    expect(charts(lab)).to_have_count(2)
    box = charts(lab).nth(0).locator("canvas").bounding_box()
    assert box is not None
    mouse, left, top = lab.page.mouse, box["x"], box["y"]
    mouse.move(left + 90, top + 60)
    mouse.down()
    mouse.move(left + 150, top + 90, steps=4)
    mouse.up()
    expect(lab.cell_output(1).locator(".chip:visible")).to_have_text(re.compile("^length "))
    lab.wait_value("list(ev.selection.code().count(w) for w in ('length', 'source'))", [1, 0])
    chosen = int(lab.value("len(ev.selection)"))
    assert 0 < chosen < 600
    heads(lab, "Lengths · 600", f"Sources · {chosen}")
    lab.cell_output(1).get_by_role("button", name="Undo").click()
    heads(lab, "Lengths · 600", "Sources · 600")
    lab.wait_value("len(ev.selection)", 600)

    lab.execute("ev.selection.where(columns={'source': 'web'})")
    web = int(lab.value("len(ev.selection)"))
    heads(lab, f"Lengths · {web}", "Sources · 600")
    drawing = charts(lab).nth(1).get_by_role("group", name="Sources: bar: x source, y count, color label")
    drawing.focus()
    lab.page.keyboard.press("Escape")
    lab.wait_value("len(ev.selection)", 600)
    assert violations(lab.page, ".od-live") == []

    page = exported(lab.save(), to="html")
    offline_page.goto(page.as_uri())
    still = offline_page.locator(".own-chart img").first
    still.wait_for()
    assert still.evaluate("image => image.naturalWidth") > 200
    expect(still).to_have_attribute("alt", "bar: x length, y count")
    expect(offline_page.locator(".own-chart").first).to_contain_text("A picture of all 600 rows")


def test_what_rows_hold_is_neither_loaded_nor_followed(jupyterlab, guard) -> None:
    lab: Lab = jupyterlab.open([SETUP, "ev.link(hostile)"]).run_all()
    chart = charts(lab)
    box = chart.locator("canvas").bounding_box()
    assert box is not None
    pages = len(lab.page.context.pages)
    for x in range(50, 140, 6):
        lab.page.mouse.move(box["x"] + x, box["y"] + 32)
        if chart.locator(".tip").count():
            lab.page.mouse.click(box["x"] + x, box["y"] + 32)
            break
    expect(chart.locator(".tip")).to_have_text("https://example.org/link")
    assert chart.locator(".tip a").count() == 0
    lab.page.wait_for_timeout(300)
    assert len(lab.page.context.pages) == pages
    assert guard.refused == []
    assert lab.page.evaluate(
        "[typeof vegaEmbed, typeof vega, document.querySelectorAll('#vg-tooltip-element').length]"
    ) == [
        "undefined",
        "undefined",
        0,
    ]


def test_a_drag_between_the_values_of_a_column_changes_nothing_and_says_so(jupyterlab) -> None:
    lab: Lab = jupyterlab.open([STARS, "ev.link(stars)"]).run_all()
    chart = charts(lab)
    heads(lab, "120 examples · drag over stars")

    def dragged(start: float, end: float) -> None:
        box = chart.locator("canvas").bounding_box()
        assert box is not None
        mouse = lab.page.mouse
        mouse.move(box["x"] + start * box["width"], box["y"] + 30)
        mouse.down()
        mouse.move(box["x"] + end * box["width"], box["y"] + 30, steps=4)
        mouse.up()
        mouse.move(0, 0)

    said = chart.get_by_text("No value lies where you dragged: the selection is as it was.")
    dragged(0.1, 0.4)
    lab.wait_value("ev.selection.code().count('stars')", 1)
    expect(said).to_have_count(0)
    dragged(0.5, 0.8)
    expect(said).to_be_visible()
    assert int(lab.value("len(ev.selection)")) == 40
