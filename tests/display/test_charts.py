"""Charts of the user: what is sent, what is saved, what files hold."""

from __future__ import annotations

import gzip
import html
import json
import re
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import numpy as np
import pandas as pd
import pytest
from tests.browser.hosts.files import export, read
from tests.display.test_privacy import SECRET, decoded, planted, rows_in

import offdiagonal as od
from offdiagonal.display.chart_stills import MOST_DRAWN
from offdiagonal.display.charting import PART_BYTES
from offdiagonal.display.png import render_svg
from offdiagonal.display.view import View
from offdiagonal.errors import ChartError, OffdiagonalError

ROOT = Path(__file__).resolve().parents[2]
SPEC_CANARY = "spec-canary"
TEXTS = {
    "mark": {"type": "text", "fontSize": 7},
    "params": [{"name": SPEC_CANARY, "select": {"type": "interval", "encodings": ["x"]}}],
    "encoding": {
        "x": {"field": "p", "type": "quantitative", "axis": {"labelExpr": f"'{SPEC_CANARY}' + datum.value"}},
        "y": {"field": "source", "type": "nominal"},
        "text": {"field": "text", "type": "nominal"},
    },
}
BARS = {"mark": "bar", "encoding": {"x": {"field": "source", "type": "nominal"}, "y": {"aggregate": "count"}}}
OWN = "its own"
"""Stands for the id of the chart."""
HIDDEN = {"mark": "bar", "encoding": {"x": {"field": f"{SECRET}-column", "type": "nominal"}}}


class Heard:
    """A view that keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[dict[str, Any], list[bytes]]] = []

    def send(self, content: dict[str, Any], buffers: Any = None) -> None:
        self.said.append((content, buffers))


def ask(view: View, **content: Any) -> tuple[dict[str, Any], list[bytes]]:
    """What the kernel answers."""
    peer = Heard()
    view._session.receive(peer, content)
    return peer.said[-1]


def id_of(widget: Any) -> str:
    """What its model calls the one chart of a view."""
    (told,) = widget.options["charts"]
    found: str = told["id"]
    return found


def sent(view: View) -> dict[str, Any]:
    """The chart as its live view gets it."""
    own = id_of(view.widget)
    parts, found = 1, b""
    for part in range(100):
        if part >= parts:
            break
        answer, (data,) = ask(view, type="chart", id=own, part=part)
        assert len(data) <= PART_BYTES
        parts, found = answer["parts"], found + data
    return json.loads(gzip.decompress(found))


def test_neither_the_spec_nor_a_row_is_in_the_island_or_the_state_of_the_widget(tmp_path: Path) -> None:
    setup = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    setup += "from tests.display.test_charts import BARS, HIDDEN, TEXTS\n"
    setup += "from tests.display.test_privacy import planted\nev = planted()"
    cells = [setup, "ev.link(TEXTS)", "ev.board(['confusion', ev.link(BARS, 'source'), TEXTS, HIDDEN])"]
    book = read(export(cells, tmp_path, "notebook", execute=True, seconds=200))
    text = decoded(json.dumps(book.cells[1:]))
    state = decoded(json.dumps(book.metadata["widgets"]))
    for saved in (text, state):
        assert SPEC_CANARY not in saved
        assert rows_in(saved) == set()
        assert SECRET not in saved
    assert '"fingerprint"' in state
    assert text.count("od-chart-0") == 2
    assert "names a private column: it is seen live only" in text
    page = export(nbformat.from_dict(book), tmp_path / "page", "html", seconds=100).read_text("utf-8")
    assert page.count('<img src="data:image/png') + page.count("<img alt") >= 3
    assert SPEC_CANARY not in decoded(page.split("jp-Cell-outputArea", 1)[1])


def test_a_live_view_gets_the_columns_that_its_spec_names_by_message() -> None:
    found = sent(planted().link(TEXTS))
    (table,) = found["tables"]
    assert {column["name"] for column in table["columns"]} == {"p", "source", "text"}
    assert table["n"] == 1000
    assert table["columns"][0]["values"][0] is not None
    assert found["drawn"] == [{"name": "rows-0", "table": 0, "own": []}]
    assert "selects in this chart alone" in found["notes"][0]


def test_the_rows_in_view_are_those_of_all_clauses_but_the_charts_own() -> None:
    ev = planted()
    view = ev.link(BARS, "source")
    sent(view)
    ev.selection.clear().where(columns={"source": "web"}, label="ham")
    clauses = view._session._selection_json()["clauses"]
    own = view._charts[0].drawn[0].own
    answer, (bits,) = ask(view, type="charted", id=id_of(view.widget), clauses=clauses)
    assert (answer["type"], own) == ("charted", ("c4",))
    mask = np.unpackbits(np.frombuffer(bits, np.uint8), count=1000).astype(bool)
    ham = np.flatnonzero(ev._engine.table.label == 0)
    assert np.flatnonzero(mask).tolist() == ham.tolist()
    assert len(view.to_frame()["label"]) == len(ham)


def _known(value: Any, own: str) -> Any:
    return [own] if value == [OWN] else own if value == OWN else value


@pytest.mark.parametrize(
    "content",
    [
        {"type": "chart", "id": "7", "part": 0},
        {"type": "chart", "id": OWN, "part": 99},
        {"type": "chart", "id": OWN, "part": -1},
        {"type": "chart", "id": [OWN], "part": 0},
        {"type": "charted", "id": OWN, "clauses": "all"},
        {"type": "charted", "clauses": []},
        {"type": "vega", "part": "0"},
        {"type": "vega", "part": 10**9},
    ],
)
def test_odd_messages_get_a_typed_answer(content: dict[str, Any]) -> None:
    view = planted().link(BARS, "source")
    own = id_of(view.widget)
    answer, _ = ask(view, **{key: _known(value, own) for key, value in content.items()})
    assert (answer["type"], answer["code"]) == ("error", "message")


def test_a_chart_is_kept_as_long_as_a_view_of_it() -> None:
    ev = planted()
    view = ev.link(BARS)
    widget = view.widget
    del view
    peer = Heard()
    ev._session.receive(peer, {"type": "chart", "id": id_of(widget), "part": 0})
    assert peer.said[-1][0]["type"] == "chart"
    assert widget.views == ["chart"]


def test_another_evaluation_of_the_table_does_not_answer_for_the_charts_of_the_first() -> None:
    first, again = planted().link(BARS), planted().link(TEXTS)
    assert id_of(again.widget)
    for content in ({"type": "chart", "part": 0}, {"type": "charted", "clauses": []}):
        answer, _ = ask(again, **content, id=id_of(first.widget))
        assert (answer["type"], answer["code"]) == ("error", "message")
        assert "run the cell again" in answer["text"]


def test_vega_comes_in_parts_and_leaves_no_name_on_the_page() -> None:
    view = planted().link(BARS)
    answer, (data,) = ask(view, type="vega", part=0)
    assert (answer["parts"], len(data) <= PART_BYTES) == (1, True)
    code = gzip.decompress(data).decode()
    assert code.endswith("globalThis.__offdiagonal_vega=" + code.rsplit("=", 1)[1])
    assert "window.vegaEmbed" not in code


def test_a_saved_chart_has_a_picture_its_words_and_says_of_what() -> None:
    ev = planted()
    chart = {**BARS, "title": "Where they came from", "description": "Bars <of> source"}
    text = ev.link(chart)._repr_html_()
    alt_text = re.search(r'<img [^>]*alt="([^"]*)"[^>]*class="od-chart-0"', text)
    assert alt_text
    assert html.unescape(alt_text[1]) == "Where they came from. Bars <of> source"
    assert "A picture of all 1,000 rows; live, the chart follows the selection." in text
    assert text.count("<img ") == 1


def test_the_picture_is_of_the_split_in_force() -> None:
    frame = pd.DataFrame(
        {"label": ["a", "b"] * 30, "prediction": ["a"] * 60, "split": ["train", "train", "test"] * 20}
    )
    ev = od.Evaluation(frame, split="split")
    assert "A picture of all 20 rows of the split" in ev.link(BARS | {"encoding": {}})._repr_html_()


def test_a_picture_of_a_chart_that_selects_by_the_split_is_of_all_rows() -> None:
    frame = pd.DataFrame(
        {"label": ["a", "b"] * 30, "prediction": "a", "split": ["train", "train", "test"] * 20}
    )
    ev = od.Evaluation(frame, split="split")
    bars = {"mark": "bar", "encoding": {"x": {"field": "split"}, "y": {"aggregate": "count"}}}
    assert "A picture of all 60 rows; live" in ev.link(bars, "split")._repr_html_()
    test = frame[frame["split"] == "test"]
    assert (
        "A picture of all 20 rows; live"
        in ev.link(alt.Chart(test).mark_tick().encode(x="label"))._repr_html_()
    )


def test_a_board_and_its_charts_are_within_the_size_of_a_board() -> None:
    ev = planted()
    random = {
        "mark": "point",
        "encoding": {"x": {"field": "p", "type": "quantitative"}, "y": {"field": "text"}},
    }
    points = {**random, "encoding": {**random["encoding"], "y": {"field": "p", "type": "quantitative"}}}
    assert len(ev.link(points)._repr_html_().encode()) < 160 * 1024
    charts = [BARS, points, points | {"mark": "circle"}, ev.link(BARS, "source")]
    board = ev.board(["header", "confusion", *charts, "examples"])._repr_html_()
    assert len(board.encode()) < 300 * 1024
    assert [f"od-chart-{i}" in board for i in range(5)] == [True] * 4 + [False]


@pytest.mark.parametrize("kind", [".png", ".svg", ".pdf", ".html"])
def test_files_of_a_chart_and_of_a_board_with_one(kind: str, tmp_path: Path) -> None:
    ev = planted()
    for name, view in {
        "one": ev.link(BARS),
        "board": ev.board(["confusion", BARS, HIDDEN, "examples"]),
    }.items():
        view.save(tmp_path / f"{name}{kind}")
        data = (tmp_path / f"{name}{kind}").read_bytes()
        assert len(data) > 1000
        assert SECRET not in decoded(data.decode("latin-1"))
    with pytest.raises(ChartError, match="seen live only: no file is made of it"):
        ev.link(HIDDEN).save(tmp_path / "hidden.png")


def test_a_file_is_of_the_rows_in_view(tmp_path: Path) -> None:
    ev = planted()
    ev.selection.clear().where(text="row-canary-7-")
    ev.link({"mark": "text", "encoding": {"text": {"field": "text"}}}).save(tmp_path / "one.svg")
    assert rows_in((tmp_path / "one.svg").read_text("utf-8")) == {7}


def test_a_file_does_not_follow_private_clauses(tmp_path: Path) -> None:
    ev = planted()
    ev.selection.clear().where(label="ham", columns={f"{SECRET}-column": f"{SECRET}-value-1"})
    chart = ev.link({"mark": "text", "encoding": {"text": {"field": "text"}}})
    chart.save(tmp_path / "one.svg")
    ham = set(np.flatnonzero(ev._engine.table.label == 0).tolist())
    assert rows_in((tmp_path / "one.svg").read_text("utf-8")) == ham
    assert 0 < len(chart.to_frame()["label"]) < len(ham)


def test_a_private_column_in_a_table_of_other_rows_makes_a_chart_private(tmp_path: Path) -> None:
    ev = planted()
    column = f"{SECRET}-column"
    frame = pd.DataFrame(ev.frame())
    counts = frame.groupby(column).size().reset_index(name="n")
    frame = frame.drop(columns=column)
    of_each = alt.Chart(counts).mark_bar().encode(x=alt.X(column, type="nominal"), y="n")
    texts = {"values": counts.to_csv(index=False), "format": {"type": "csv"}}
    bars = alt.Chart(frame).mark_bar().encode(x="source", y="count()")
    rows = {"values": frame.to_dict("records")}
    named = {"data": texts, "mark": "text", "encoding": {"text": {"field": column}}}
    for chart in (bars | of_each, {"hconcat": [{**BARS, "data": rows}, named]}):
        shown = ev.link(chart)
        assert "names a private column: it is seen live only" in shown._repr_html_()
        with pytest.raises(ChartError, match="seen live only: no file is made of it"):
            shown.save(tmp_path / "one.svg")
    beside = alt.Chart(counts).mark_rule().encode(y="n")
    assert "A picture of all" in ev.link(alt.Chart(frame).mark_tick().encode(y="p") + beside)._repr_html_()


def test_a_picture_of_very_many_marks_is_not_made_and_that_is_said() -> None:
    n = MOST_DRAWN + 1
    ev = od.Evaluation({"label": np.arange(n) % 2, "prediction": np.zeros(n), "x": np.arange(n)})
    x = {"field": "x", "type": "quantitative"}
    text = ev.link({"mark": "point", "encoding": {"x": x}})._repr_html_()
    assert f"No picture was made of {n:,} marks, only of up to {MOST_DRAWN:,}: it is seen live only." in text
    assert "od-chart-0" not in text
    bars = {"mark": "bar", "encoding": {"x": {**x, "bin": True}, "y": {"aggregate": "count"}}}
    assert "od-chart-0" in ev.link(bars)._repr_html_()


def test_the_chart_comes_back_as_it_was() -> None:
    ev = planted()
    frame = pd.DataFrame(ev.frame())
    chart = alt.Chart(frame).mark_bar().encode(x="source", y="count()")
    assert ev.link(chart).to_altair() is chart
    assert type(ev.link(BARS).to_altair()).__name__ == "Chart"
    assert type(ev.link(BARS).to_altair()).__name__ == "Chart"
    assert repr(ev.link(chart)).startswith("canaries · chart")


def test_charts_among_the_names_of_views() -> None:
    ev = planted()
    board = ev.board(["confusion", BARS, "examples", ev.link(BARS, "source"), "confusion"])
    assert board._views == ("confusion", "chart", "examples", "chart-2")
    assert [len(chart.links) for chart in board._charts] == [0, 1]
    assert ev.board(BARS)._views == ("chart",)
    dataset = od.Dataset(pd.DataFrame(ev.frame()), label="label")
    assert dataset.board(["slices", BARS])._views == ("slices", "chart")
    with pytest.raises(OffdiagonalError, match="unknown view 'confusin'"):
        ev.board(["confusin", BARS])
    with pytest.raises(ChartError, match="at most 4 charts"):
        ev.board([BARS] * 5)
    for other in (planted().link(BARS), ev.confusion()):
        with pytest.raises(ChartError, match=r"must be ev\.link\(chart\) of the same Evaluation"):
            ev.board(["confusion", other])


def test_a_file_has_no_address_of_the_data_in_it() -> None:
    rows = [
        {
            "u": "https://example.org/a.png",
            "c": "url(https://example.org/p.svg#a)",
            "t": "url(https://example.org/t)",
        }
    ]
    field = {"scale": None, "type": "nominal"}
    layers = [
        {"mark": "image", "encoding": {"url": {"field": "u"}}},
        {"mark": "point", "encoding": {"fill": {"field": "c", **field}, "href": {"field": "u"}}},
        {"mark": "text", "encoding": {"text": {"field": "t"}}},
    ]
    svg = render_svg({"data": {"values": rows}, "layer": layers})
    outside = [
        tag
        for tag in re.findall(r"<[a-z][^>]*>", svg)
        if "example.org" in re.sub(r'aria-label="[^"]*"', "", tag)
    ]
    assert outside == []
    assert "url(https://example.org/t)</text>" in svg
