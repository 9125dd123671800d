"""A chart as the user holds it: which rows it is of, which columns it names, what it selects by."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest

import offdiagonal as od
from offdiagonal.charts.chart import Chart, make_chart
from offdiagonal.charts.read import read_chart
from offdiagonal.charts.rows import MOST_ROWS
from offdiagonal.charts.used import used_columns
from offdiagonal.errors import ChartError, OffdiagonalError

N = 60
RANDOM = np.random.default_rng(3)
FRAME = pd.DataFrame(
    {
        "label": RANDOM.choice(["ham", "spam"], N),
        "prediction": RANDOM.choice(["ham", "spam"], N),
        "length": RANDOM.integers(1, 400, N),
        "source": RANDOM.choice(["web", "app"], N),
        "when": pd.Timestamp("2024-03-01") + pd.to_timedelta(RANDOM.integers(0, 90, N), unit="D"),
        "note": [f"note {i}" for i in range(N)],
        "secret": RANDOM.choice(["x", "y"], N),
    },
    index=[f"row-{i}" for i in range(N)],
)
BARS = {"mark": "bar", "encoding": {"x": {"field": "source", "type": "nominal"}, "y": {"aggregate": "count"}}}


def evaluation(frame: pd.DataFrame = FRAME, **options: Any) -> od.Evaluation:
    return od.Evaluation(frame, private=["secret"], **options)


def linked(chart: Any, field: Any = None, ev: od.Evaluation | None = None) -> Chart:
    return make_chart(chart, (ev or evaluation())._engine, field)


def points(frame: Any = FRAME) -> alt.Chart:
    return alt.Chart(frame).mark_point().encode(x="length", y="when")


def test_a_chart_of_altair_and_the_dict_of_its_spec_are_read_alike() -> None:
    one, two = linked(points()), linked({**points().to_dict(), "usermeta": {"embedOptions": {"loader": {}}}})
    for chart in (one, two):
        assert chart.rows[0].at.tolist() == list(range(N))
        assert set(chart.rows[0].names) == {"length", "when"}
        assert "usermeta" not in chart.spec
        assert "row-3" not in json.dumps(chart.spec)
    assert one.spec["encoding"] == two.spec["encoding"]


def test_reading_leaves_altair_as_it_was_and_has_no_limit_of_5000_rows() -> None:
    before = alt.data_transformers.active, alt.data_transformers.names()
    many = pd.DataFrame({"x": np.arange(6000)})
    assert len(read_chart(alt.Chart(many).mark_point().encode(x="x"), None).data["rows-0"]) == 6000
    assert (alt.data_transformers.active, alt.data_transformers.names()) == before


def test_a_chart_without_data_is_of_the_table_itself() -> None:
    assert linked(BARS).n == N
    assert linked(alt.Chart().mark_bar().encode(x="source", y="count()")).n == N


def test_a_sample_is_found_by_its_index_and_by_an_id() -> None:
    part = FRAME.sample(7, random_state=1)
    wanted = [int(name.removeprefix("row-")) for name in part.index]
    assert linked(points(part)).rows[0].at.tolist() == wanted
    ev = evaluation(FRAME.reset_index(drop=True), id="note")
    assert linked(points(part.reset_index(drop=True)), ev=ev).rows[0].at.tolist() == wanted


def test_a_table_of_other_columns_is_of_as_many_rows() -> None:
    places = pd.DataFrame({"u": RANDOM.random(N), "v": RANDOM.random(N)}, index=FRAME.index)
    assert linked(alt.Chart(places).mark_point().encode(x="u", y="v")).n == N


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        (points(FRAME.iloc[5:].reset_index(drop=True)), "the chart has 55 rows and the Evaluation has 60"),
        (points(FRAME.assign(length=FRAME["length"] + 1)), "column 'length' differs in its row 0"),
        (points(FRAME.iloc[::-1].reset_index(drop=True)), r"column '\w+' differs in its row"),
        (alt.Chart(FRAME.groupby("source").size().reset_index()).mark_bar().encode(x="source"), "has 2 rows"),
        (alt.Chart("https://example.org/a.csv").mark_bar(), "https://example.org/a.csv.*nothing is loaded"),
        ({"mark": "bar", "data": {"name": "elsewhere"}}, "called 'elsewhere', and it has none of that name"),
        ({"$schema": "https://vega.github.io/schema/vega/v6.json", "mark": 1}, "is a Vega-Lite spec"),
        (42, "an altair.Chart or the dict of a Vega-Lite spec, not int"),
        (FRAME, "not DataFrame"),
    ],
)
def test_what_cannot_be_linked_says_why(chart: Any, message: str) -> None:
    with pytest.raises(ChartError, match=message):
        linked(chart)


def test_an_error_tells_nothing_of_a_private_column() -> None:
    other = FRAME.assign(secret="z")[["secret"]]
    with pytest.raises(ChartError, match="a private column differs") as error:
        linked(alt.Chart(other).mark_bar().encode(x="secret"))
    assert "secret" not in str(error.value)


def test_a_parameter_of_an_unknown_column_is_told_no_private_one() -> None:
    pick = alt.selection_point(fields=["secre"], name="pick")
    with pytest.raises(ChartError, match="column 'secre' not found in the chart; there is") as error:
        linked(alt.Chart(FRAME).mark_point().encode(x="length").add_params(pick))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        (np.arange(3), r"ndarray at encoding\.x\.scale\.domain.*tolist\(\)"),
        ([np.int64(0), 9], r"int64 at encoding\.x\.scale\.domain\.0"),
        ([0, float("nan")], r"nan at encoding\.x\.scale\.domain\.1.*None"),
        ([pd.Timestamp("2024-03-01"), "2024-04-01"], r"Timestamp at encoding\.x\.scale\.domain\.0.*text"),
        ({np.int64(3): 1}, r"the key 3 of type int64 at encoding\.x\.scale\.domain"),
    ],
)
def test_what_json_cannot_hold_is_refused_when_the_chart_is_linked(domain: Any, message: str) -> None:
    spec = {"mark": "point", "encoding": {"x": {"field": "length", "scale": {"domain": domain}}}}
    with pytest.raises(ChartError, match=message):
        linked(spec)


def test_rows_may_hold_what_a_spec_may_not() -> None:
    rows = FRAME.assign(length=FRAME["length"].where(FRAME["length"] > 9)).to_dict("records")
    ev = evaluation(FRAME.assign(length=FRAME["length"].where(FRAME["length"] > 9)))
    assert linked({**BARS, "data": {"values": rows}}, ev=ev).n == N


def test_too_many_rows_are_refused_with_what_to_do() -> None:
    many = od.Evaluation({"label": np.zeros(MOST_ROWS + 1), "prediction": np.zeros(MOST_ROWS + 1)})
    with pytest.raises(ChartError, match=r"100,001 rows.*at most 100,000.*frame\.sample"):
        many.link({"mark": "bar", "encoding": {"x": {"field": "label"}}})


def test_only_columns_that_the_spec_names_are_drawn() -> None:
    spec = {
        "title": "note of secret",
        "transform": [{"filter": "datum.length > 3"}, {"calculate": "datum['a b'] + 1", "as": "more"}],
        "encoding": {
            "x": {"field": "nested\\.name"},
            "color": {"condition": {"param": "p", "field": "source"}},
        },
    }
    columns = ["length", "len", "a b", "nested.name", "source", "note", "secret", "x"]
    assert used_columns(spec, columns) == ["length", "a b", "nested.name", "source"]
    everything = {"mark": {"type": "point", "tooltip": {"content": "data"}}}
    assert used_columns(everything, columns) == columns


def test_a_chart_that_names_a_private_column_is_private() -> None:
    assert not linked(points()).private
    assert linked(points().encode(color="secret")).private
    assert linked(points().transform_filter("datum.secret == 'x'")).private


def test_rows_that_are_not_examples_stay_as_they_are_and_that_is_said() -> None:
    rule = alt.Chart(pd.DataFrame({"at": [200]})).mark_rule().encode(x="at")
    chart = linked(points() + rule)
    assert chart.n == N
    assert list(chart.spec["datasets"].values()) == [[{"at": 200}]]
    assert chart.notes == ("not filtered: 1 of its 2 tables, of other rows",)


def test_times_numbers_and_missing_values_are_what_json_has() -> None:
    frame = FRAME.assign(length=FRAME["length"].astype(float))
    frame.iloc[0, frame.columns.get_loc("length")] = np.nan
    frame.iloc[1, frame.columns.get_loc("when")] = pd.NaT
    chart = linked(points(frame), ev=evaluation(frame))
    first, second, third = chart.rows[0].dicts()[:3]
    assert first["length"] is None
    assert second["when"] is None
    assert third["when"] == f"{frame['when'].iloc[2]:%Y-%m-%d}T00:00:00.000"
    json.dumps(chart.rows[0].dicts(), allow_nan=False)


def test_parameters_select_by_the_columns_that_they_name() -> None:
    pick = alt.selection_point(fields=["source"], name="pick")
    drag = alt.selection_interval(encodings=["x"], name="drag")
    cell = alt.selection_point(encodings=["x", "y"], name="cell")
    bars = alt.Chart(FRAME).mark_bar().encode(x="source", y="count()").add_params(pick)
    heat = alt.Chart(FRAME).mark_rect().encode(x="prediction", y="label", color="count()").add_params(cell)
    chart = linked(bars | points().add_params(drag).interactive() | heat)
    found = {
        link.name: [(f.column, f.key, f.channel, f.kind, f.side) for f in link.fields] for link in chart.links
    }
    assert found == {
        "pick": [("source", "c3", "x", "category", None)],
        "drag": [("length", "c2", "x", "number", None)],
        "cell": [
            ("prediction", "cell", "x", "category", "prediction"),
            ("label", "cell", "y", "category", "label"),
        ],
    }
    assert chart.links[0].fields[0].values == (("app", 0), ("web", 1))
    assert [drawn.own for drawn in chart.drawn] == [("c3",), ("c2",), ("cell",)]
    assert len({drawn.name for drawn in chart.drawn}) == 3


def test_a_parameter_that_cannot_be_linked_is_said_to_be_the_charts_own() -> None:
    single = alt.selection_point(name="single")
    month = alt.selection_interval(encodings=["x"], name="month")
    notes = alt.selection_point(fields=["note"], name="notes")
    chart = alt.Chart(FRAME).mark_bar().encode(x="yearmonth(when):T", y="count()")
    (note,) = linked(chart.add_params(single)).notes
    assert note.startswith(
        "the parameter 'single' selects in this chart alone: it selects single marks; name"
    )
    assert "which is computed" in linked(chart.add_params(month)).notes[0]
    assert "has too many different values" in linked(points().add_params(notes)).notes[0]


@pytest.mark.parametrize(
    ("chart", "field", "kind", "channel"),
    [
        (BARS, "source", "point", "x"),
        (points(), "length", "interval", "x"),
        (points(), "when", "interval", "y"),
        (points(), "source", "point", None),
        (points(), "label", "point", None),
        (
            alt.Chart(FRAME).mark_bar().encode(x=alt.X("length", bin=True), y="count()"),
            "length",
            "interval",
            "x",
        ),
    ],
)
def test_a_field_adds_a_click_or_a_drag(chart: Any, field: str, kind: str, channel: str | None) -> None:
    made = linked(chart, field)
    (link,) = made.links
    assert (link.kind, link.fields[0].column, link.fields[0].channel) == (kind, field, channel)
    assert link.name in json.dumps(made.spec)
    assert field in made.rows[0].names


@pytest.mark.parametrize(
    ("chart", "field", "message"),
    [
        (BARS, "sourcee", "column 'sourcee' not found in the chart; did you mean 'source'"),
        (
            BARS,
            "length",
            "cannot select by 'length', because none of its marks shows it.*encode it as x or y",
        ),
        (BARS, "label", "encode it as x, y, color or detail"),
        (points(), "note", "column 'note' cannot be selected by"),
        (
            points().add_params(alt.selection_point(fields=["sourse"], name="p")),
            None,
            "'p' selects by a column that is not there: column 'sourse' not found in the chart; did you mean 'source'",
        ),
    ],
)
def test_a_field_that_cannot_be_selected_by_says_what_to_do(chart: Any, field: Any, message: str) -> None:
    with pytest.raises(OffdiagonalError, match=message):
        linked(chart, field)


def test_a_title_stands_above_and_the_rest_is_said_in_words() -> None:
    chart = linked(points().properties(title="How long, and when"))
    assert (chart.title, chart.about) == ("How long, and when", "point: x length, y when")
    assert "title" not in chart.spec
    assert linked(points().properties(description="My own words")).about == "My own words"
