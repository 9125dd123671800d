"""Which rows of a table the rows of another one are: by an id, by the labels of an index, or by their order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.errors import ChartError
from offdiagonal.table.arrays import missing_in
from offdiagonal.table.source import Source

Rows = NDArray[np.int64]

MEND = (
    "make the chart of the table that the Evaluation was given, or of rows of it that keep its index; "
    "a column that was changed needs another name"
)


def rows_of(own: Source, other: Source, id_column: int | None, private: set[int]) -> Rows:
    """Where the rows of another table stand in this one.

    Parameters
    ----------
    own, other
        Both tables.
    id_column
        Position of the column of ``own`` that tells its rows apart, where there is one.
    private
        Positions of columns of ``own`` that no error may name.

    Raises
    ------
    ChartError
        If they are not rows of this table, or it cannot be told which ones.
    """
    shared = any(own.positions(name) for name in other.names)
    rows = None if id_column is None else _by_id(own, other, id_column)
    if rows is None:
        rows = _by_index(own.index, other.index)
    indexed = own.index is not None and other.index is not None
    if rows is None and other.n == own.n and (shared or not indexed):
        rows = np.arange(own.n)
    # Labels 0 to n prove nothing by themselves: without a common column only the whole table is taken.
    if rows is None or not (shared or len(rows) == own.n):
        raise ChartError(
            f"the chart has {other.n:,} rows and the Evaluation has {own.n:,}, and nothing tells which is which; {MEND}"
        )
    _refuse_other_values(own, other, rows, private)
    return rows


def _by_index(own: pd.Index | None, other: pd.Index | None) -> Rows | None:
    """By label, where each label of the other is there once."""
    if own is None or other is None or not own.is_unique or not other.is_unique:
        return None
    if own.equals(other):
        return np.arange(len(own))
    found = own.get_indexer(other)
    return None if (found < 0).any() else found.astype(np.int64)


def _by_id(own: Source, other: Source, column: int) -> Rows | None:
    there = other.positions(own.names[column])
    if not there:
        return None
    ids, wanted = pd.Index(own.values(column)), pd.Index(other.values(there[0]))
    return _by_index(ids, wanted)


def _refuse_other_values(own: Source, other: Source, rows: Rows, private: set[int]) -> None:
    """Rows that were counted anew after some were dropped look the same, until their values are compared."""
    for theirs, name in enumerate(other.names):
        for ours in own.positions(name)[:1]:
            wrong = _first_difference(own.values(ours)[rows], other.values(theirs))
            if wrong is not None:
                called = "a private column" if ours in private else f"column {name!r}"
                raise ChartError(
                    f"the chart's rows are not those of the Evaluation: {called} differs in its row {wrong:,}; {MEND}"
                )


def _first_difference(a: NDArray[Any], b: NDArray[Any]) -> int | None:
    """Where two columns first differ; None where they do not, or cannot be compared."""
    if _family(a) != _family(b):
        return None
    try:
        same = np.asarray(a == b, dtype=bool)
        if same.shape != a.shape:
            return None
        same = same | (missing_in(a) & missing_in(b))
    except (TypeError, ValueError):  # of arrays, and of what a user's class does
        return None
    wrong = np.flatnonzero(~same)
    return int(wrong[0]) if len(wrong) else None


def _family(values: NDArray[Any]) -> str:
    """Kinds of values that can be compared: a time is no text, though it may be written as one."""
    kind = values.dtype.kind
    if kind != "O":
        return {"b": "number", "i": "number", "u": "number", "f": "number", "U": "text"}.get(kind, kind)
    inferred = str(pd.api.types.infer_dtype(values, skipna=True))
    return "text" if inferred == "string" else inferred
