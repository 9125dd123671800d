"""What may be given as the table, and what is refused with a list of what may."""

from __future__ import annotations

import collections
import types
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse

import offdiagonal as od
from offdiagonal.errors import LengthError, OffdiagonalError

ROWS = {"label": ["a", "b", "a"], "prediction": ["a", "a", "a"], "x": [1, 2, 3]}
FRAME = pd.DataFrame(ROWS)

TAKEN = {
    "pandas": FRAME,
    "a view of pandas": FRAME[FRAME["x"] > 0],
    "pandas with an index of times": FRAME.set_index(pd.date_range("2024-01-01", periods=3)),
    "pandas with an index that repeats": FRAME.set_index(pd.Index([7, 7, 7])),
    "polars": pl.DataFrame(ROWS),
    "lazy polars": pl.LazyFrame(ROWS),
    "pyarrow": pa.table(ROWS),
    "pyarrow in chunks": pa.concat_tables([pa.table(ROWS).slice(0, 1), pa.table(ROWS).slice(1)]),
    "a batch of pyarrow": pa.RecordBatch.from_pydict(ROWS),
    "duckdb": duckdb.connect().from_arrow(pa.table(ROWS)),
    "a query of duckdb": duckdb.connect().from_arrow(pa.table(ROWS)).filter("x > 0"),
    "a dict of lists": ROWS,
    "a dict of series": {name: pd.Series(values) for name, values in ROWS.items()},
    "a dict of series of polars": {name: pl.Series(values) for name, values in ROWS.items()},
    "a dict of chunks of pyarrow": {name: pa.chunked_array([values]) for name, values in ROWS.items()},
    "a dict of tuples": {name: tuple(values) for name, values in ROWS.items()},
    "an ordered dict": collections.OrderedDict(ROWS),
    "a mapping that cannot be changed": types.MappingProxyType(ROWS),
    "narwhals": nw.from_native(pl.DataFrame(ROWS)),
}


@pytest.mark.parametrize("data", TAKEN.values(), ids=list(TAKEN))
def test_tables_of_these_kinds_are_taken(data: Any):
    ev = od.Evaluation(data)
    assert ev._engine.tabulate(["label", "prediction"], []).tolist() == [[2, 0], [1, 0]]
    assert ev.selection.where(correct=False).indices.tolist() == [1]
    assert len(ev.selection.frame()) == (1 if not isinstance(ev.selection.frame(), dict) else 3)


REFUSED = {
    "nothing": None,
    "a path": "predictions.csv",
    "a number": 3,
    "a list of dicts": [{"label": "a", "prediction": "a"}],
    "a list of rows": [("a", "a"), ("a", "b")],
    "a generator": (row for row in [("a", "a")]),
    "a matrix": np.zeros((3, 2)),
    "an array of records": np.array([("a", "a")], dtype=[("label", "U1"), ("prediction", "U1")]),
    "a sparse matrix": sparse.eye(3).tocsr(),
    "a series": FRAME["x"],
    "a series of polars": pl.Series([1]),
    "an array of pyarrow": pa.array([1]),
    "groups": FRAME.groupby("label"),
    "the class itself": pd.DataFrame,
    "a set": {"label", "prediction"},
    "an evaluation": od.Evaluation(ROWS),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=list(REFUSED))
def test_other_things_are_refused_with_what_is_taken(data: Any):
    with pytest.raises(OffdiagonalError) as error:
        od.Evaluation(data)
    kind = type(data)
    assert str(error.value) == (
        f"a table of type {kind.__module__}.{kind.__qualname__} cannot be read; give a pandas or polars DataFrame, "
        "a pyarrow Table, a polars LazyFrame, a DuckDB relation, or a dict of arrays"
    )


def test_columns_of_a_dict_that_differ_in_length():
    with pytest.raises(
        LengthError, match="column 'x' has 2 values but 'label' has 3; give one value for each row"
    ):
        od.Evaluation(ROWS | {"x": [1, 2]})


@pytest.mark.parametrize("given", ["text", {"a": 1}, {1, 2, 3}, 5, None, np.zeros((3, 2))], ids=repr)
def test_a_column_of_a_dict_that_is_no_array(given: Any):
    with pytest.raises(
        OffdiagonalError, match=r"column 'x' must (be an array with one value|have one dimension)"
    ):
        od.Evaluation(ROWS | {"x": given})


def test_what_is_used_up_by_reading_is_read_once():
    ev = od.Evaluation(ROWS | {"x": iter([7, 8, 9])})
    assert [row["values"]["c2"] for row in ev._session.pages.rows(np.arange(3))] == [7, 8, 9]
