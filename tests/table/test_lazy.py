"""Lazy tables: read once, up to a limit, and said so."""

from __future__ import annotations

import builtins
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from tests.tables import LABELS, PREDICTIONS, matrix_of

import offdiagonal as od
from offdiagonal.errors import OffdiagonalError
from offdiagonal.table import lazy

COLUMNS = {"label": LABELS, "prediction": PREDICTIONS, "x": [1, 2, 3, 4, 5, 6]}
NOTE = "was read once: 6 rows (at most 10,000,000); what it reads from may change since"


def relation() -> Any:
    return duckdb.connect().from_arrow(pa.table(COLUMNS))


def test_a_lazy_frame_is_read_once_and_its_rows_are_a_polars_frame():
    reads: list[int] = []

    def read(frame: pl.DataFrame) -> pl.DataFrame:
        reads.append(len(frame))
        return frame

    ev = od.Evaluation(pl.DataFrame(COLUMNS).lazy().map_batches(read))
    rows = ev.selection.where(correct=False).frame()
    assert ev.notes == (f"the LazyFrame {NOTE}",)
    assert matrix_of(ev) == [[2, 1], [1, 2]]
    assert isinstance(rows, pl.DataFrame)
    assert rows["x"].to_list() == [2, 4]
    assert reads == [6]


def test_a_relation_is_read_once_and_its_rows_are_a_relation():
    own = duckdb.connect()
    own.execute(
        "CREATE TABLE t AS SELECT * FROM (VALUES ('a', 'a', 1), ('a', 'b', 2)) v(label, prediction, x)"
    )
    ev = od.Evaluation(own.table("t"))
    own.execute("DELETE FROM t")
    rows = ev.selection.where(correct=False).frame()
    assert ev.notes[0] == f"the DuckDB relation {NOTE.replace('6', '2')}"
    assert isinstance(rows, duckdb.DuckDBPyRelation)
    assert rows.fetchall() == [("a", "b", 2)]
    assert rows.aggregate("sum(x)").fetchall() == [(2,)]


def test_a_slice_function_gets_a_relation():
    ev = od.Evaluation(relation()).slice("large", lambda rows: rows.project("x > 4").fetchnumpy()["(x > 4)"])
    assert ev.selection.where(slice="large").indices.tolist() == [4, 5]


@pytest.mark.parametrize("data", [pl.LazyFrame(COLUMNS), relation()], ids=["polars", "duckdb"])
def test_what_is_larger_than_the_limit_is_refused(data: Any):
    with pytest.raises(
        OffdiagonalError, match=r"has more than 5 rows, and is not read without being asked for"
    ):
        lazy.collected(data, most=5)
    held = lazy.collected(data, most=6)
    assert held is not None
    assert len(held.table) == 6


def test_a_query_that_fails_says_why():
    with pytest.raises(
        OffdiagonalError, match=r"the DuckDB relation could not be read \(ConversionException: .*'y'"
    ):
        od.Evaluation(duckdb.connect().sql("SELECT cast(v AS int) AS label FROM (VALUES ('y')) t(v)"))
    broken = pl.LazyFrame({"label": ["y"]}).with_columns(pl.col("label").cast(pl.Int64))
    with pytest.raises(OffdiagonalError, match=r"the LazyFrame could not be read \(InvalidOperationError: "):
        od.Evaluation(broken)


def test_without_pyarrow_a_relation_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch):
    known = builtins.__import__

    def without(name: str, *more: Any, **options: Any) -> Any:
        if name.partition(".")[0] == "pyarrow":
            raise ImportError(name)
        return known(name, *more, **options)

    given = relation()
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(
        OffdiagonalError, match=r"pyarrow is not installed; install it, or give relation\.df\(\)"
    ):
        lazy.collected(given)
