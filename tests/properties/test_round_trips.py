"""What goes out comes back: as code, as JSON, as rows, as pages, as CSV, and from any kind of table."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import strategies as st

import offdiagonal as od
from offdiagonal.clauses import all_from_json, to_json
from offdiagonal.export import export_rows
from offdiagonal.pages import Sort
from tests.properties.worlds import (
    asked,
    columns,
    evaluate,
    holds,
    indices,
    matrix,
    select,
    some,
    two_classes,
    with_scores,
    worlds,
)

KINDS = {
    "pandas": pd.DataFrame,
    "polars": lambda table: pl.DataFrame(table, strict=False),
    "pyarrow": pa.table,
    "lazy": lambda table: pl.LazyFrame(table, strict=False),
}
kinds = st.sampled_from(list(KINDS))


def of_kind(world, kind):
    return od.Evaluation(KINDS[kind](columns(world)), classes=["ham", "news", "spam"], text="words")


@holds(asked())
def test_code_restores_the_selection(given):
    world, chosen = given
    ev = select(evaluate(world), [one for one in chosen if "rows" not in one[0]])
    code, clauses, found = ev.selection.code("ev"), ev.selection.clauses, indices(ev)
    other = evaluate(world)
    eval(code, {"ev": other})
    assert indices(other) == found
    assert set(other.selection.clauses) == set(clauses)
    again = evaluate(world)
    eval(other.selection.code("ev"), {"ev": again})
    assert again.selection.clauses == other.selection.clauses


@holds(asked())
def test_json_restores_the_selection(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    text = json.dumps([to_json(clause) for clause in ev.selection.clauses], allow_nan=False)
    assert all_from_json(json.loads(text), ev._engine.meta, ev.selection.masks) == ev.selection.clauses


@holds(asked())
def test_the_frame_holds_the_very_rows(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    frame, given_ = ev.selection.frame(), columns(world)
    assert set(frame) == set(given_)
    for name, values in frame.items():
        own = [given_[name][i] for i in ev.selection.indices]
        got = [None if v is None or v != v else v for v in values.tolist()]
        assert got == own


@holds(some, kinds)
def test_every_kind_of_table_gives_the_same_matrix(world, kind):
    assert matrix(of_kind(world, kind)) == matrix(evaluate(world))


@holds(some, kinds)
def test_every_kind_of_table_gives_the_same_slices(world, kind):
    expected = evaluate(world).slices().to_frame()
    got = of_kind(world, kind).slices().to_frame()
    same = ["field", "slice", "n", "judged", "errors"]
    assert got[same].equals(expected[same])


@holds(some, kinds)
def test_every_kind_of_table_gives_the_same_notes(world, kind):
    own = 1 if kind == "lazy" else 0
    assert of_kind(world, kind).notes[own:] == evaluate(world).notes


@holds(asked(1), kinds)
def test_every_kind_of_table_selects_the_same_rows(given, kind):
    world, chosen = given
    ev, other = select(evaluate(world), chosen), select(of_kind(world, kind), chosen)
    assert indices(ev) == indices(other)
    assert ev.selection.code() == other.selection.code()


@holds(asked(1), kinds)
def test_every_kind_of_table_gives_its_own_rows_back(given, kind):
    world, chosen = given
    ev = select(of_kind(world, kind), chosen)
    frame = ev.selection.frame()
    assert type(frame) is type(KINDS["polars" if kind == "lazy" else kind]({"a": []}))
    labels = (
        frame["label"].tolist()
        if kind == "pandas"
        else list(frame["label"].to_pylist() if kind == "pyarrow" else frame["label"])
    )
    assert [None if label != label else label for label in labels] == [
        world[i].label for i in ev.selection.indices
    ]


@holds(some, kinds)
def test_every_kind_of_table_shows_the_same_values(world, kind):
    pages = [ev._session.pages.rows(np.arange(len(world))) for ev in (evaluate(world), of_kind(world, kind))]
    assert json.loads(json.dumps(pages[0])) == json.loads(json.dumps(pages[1]))


@holds(worlds)
def test_equal_content_has_one_fingerprint(world):
    assert evaluate(world)._engine.meta.fingerprint == evaluate(world)._engine.meta.fingerprint


@holds(some, st.data())
def test_other_predictions_have_another_fingerprint(world, data):
    row = data.draw(st.integers(0, len(world) - 1))
    changed = [*world]
    other = "ham" if world[row].prediction != "ham" else "spam"
    changed[row] = type(world[row])(**{**world[row].__dict__, "prediction": other})
    assert evaluate(world)._engine.meta.fingerprint != evaluate(changed)._engine.meta.fingerprint


@holds(asked())
def test_the_text_of_a_selection_says_how_many(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    assert repr(ev.selection).startswith(
        f"<{len(ev.selection):,} of {len(world):,} examples: ev.selection.clear()"
    )


@holds(asked(), st.integers(1, 7))
def test_pages_in_a_row_are_the_whole(given, size):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    pages, clauses = ev._session.pages, ev.selection.clauses
    whole = pages.page(clauses, Sort(), 0, 100)
    parts = [pages.page(clauses, Sort(), start, size) for start in range(0, len(world), size)]
    assert [row for part in parts for row in part["rows"]] == whole["rows"]
    assert {part["total"] for part in parts} == {whole["total"]}


@holds(asked())
def test_csv_holds_the_selected_rows(given):
    world, chosen = given
    ev = select(evaluate(world), chosen)
    rows = ev.selection.indices
    lines = list(csv.DictReader(io.StringIO(export_rows(ev._engine, rows, "csv", private=True), newline="")))
    assert [int(line["row"]) for line in lines] == rows.tolist()
    assert [line["label"] for line in lines] == [world[i].label or "" for i in rows]
    assert [line["words"] for line in lines] == [world[i].words or "" for i in rows]


@holds(worlds)
def test_labels_and_predictions_alone_give_the_same_matrix(world):
    labels, predictions = ([getattr(row, side) for row in world] for side in ("label", "prediction"))
    alone = od.Evaluation.from_predictions(labels, predictions, classes=["ham", "news", "spam"])
    assert matrix(alone) == matrix(evaluate(world))


@holds(worlds)
def test_a_matrix_of_probabilities_says_what_one_column_says(world):
    one = with_scores(world)
    table = columns([two_classes(row) for row in world])
    p = np.asarray([np.nan if row.p is None else row.p for row in world], dtype=float)
    both = od.Evaluation(
        table, classes=["ham", "spam"], text="words", probabilities=np.column_stack([1 - p, p]).reshape(-1, 2)
    )
    assert both.confidence().to_frame().equals(one.confidence().to_frame())
    assert both.to_frame().equals(one.to_frame())
