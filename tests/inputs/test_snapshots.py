"""What is read is a snapshot: whatever the user does to the table afterwards, the views stay as they were."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

import offdiagonal as od
from tests.inputs.kinds import KINDS

COLUMNS = [
    ("label", ["ham", "spam", "ham", "spam"]),
    ("prediction", ["ham", "ham", "ham", "spam"]),
    ("x", [1, 2, 3, 4]),
    ("t", ["a", "b", "c", "d"]),
]


def seen(ev: od.Evaluation) -> Any:
    """All that shows of the rows."""
    return (
        ev._session.pages.rows(np.arange(len(ev))),
        ev._engine.tabulate(["label", "prediction"], []).tolist(),
        [[int(n) for n in ev._engine.tabulate([field.key], [])] for field in ev._engine.meta.fields],
    )


def change_frame(frame: pd.DataFrame) -> None:
    frame.loc[:, "x"] = 0
    frame.loc[0, "t"] = "z"
    frame.loc[:, "label"] = "spam"
    frame["new"] = 1
    del frame["t"]


def change_polars(frame: pl.DataFrame) -> None:
    frame[0, "x"] = 99
    frame.insert_column(0, pl.Series("new", [0] * 4))
    frame.drop_in_place("t")


def change_arrays(table: dict[str, Any]) -> None:
    table["x"][:] = 0
    table["t"][0] = "z"
    table["label"][:] = "spam"
    del table["prediction"]


CHANGES = {
    "pandas": change_frame,
    "pandas-arrow": change_frame,
    "polars": change_polars,
    "pyarrow": lambda table: None,  # never changes
    "duckdb": lambda relation: None,  # changed below, by its own connection
    "arrays": change_arrays,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_of_the_table_changes_nothing(kind: str):
    table = KINDS[kind].make(COLUMNS)
    ev = od.Evaluation(table)
    before = seen(ev)
    rows = KINDS[kind].read(ev.selection.frame())
    CHANGES[kind](table)
    assert seen(ev) == before
    assert [list(column) for column in KINDS[kind].read(ev.selection.clear().frame())] == [
        list(c) for c in rows
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_of_what_frame_gave_changes_nothing(kind: str):
    ev = od.Evaluation(KINDS[kind].make(COLUMNS))
    before = seen(ev)
    CHANGES[kind](ev.selection.frame())
    assert seen(ev) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_slice_function_that_changes_its_frame_changes_nothing(kind: str):
    ev = od.Evaluation(KINDS[kind].make(COLUMNS))
    before = seen(ev)

    def careless(table: Any) -> Any:
        CHANGES[kind](table)
        return [True, False, False, True]

    ev.slice("ends", careless)
    assert seen(ev) == before
    assert ev.selection.where(slice="ends").indices.tolist() == [0, 3]


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_itself_is_left_as_it_was(kind: str):
    table = KINDS[kind].make(COLUMNS)
    ev = od.Evaluation(table, text="t").slice("low", {"columns": {"x": (1, 3)}})
    ev.selection.where(correct=False).frame()
    seen(ev)
    assert [list(column) for column in KINDS[kind].read(table)] == [list(values) for _, values in COLUMNS]


def test_rows_that_duckdb_deletes_stay():
    own = duckdb.connect()
    own.execute("CREATE TABLE t AS SELECT * FROM (VALUES ('a', 'a'), ('a', 'b')) v(label, prediction)")
    ev = od.Evaluation(own.table("t"), classes=["a", "b"])
    own.execute("DROP TABLE t")
    own.close()
    assert ev.selection.where(correct=False).frame().fetchall() == [("a", "b")]
