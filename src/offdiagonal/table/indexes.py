"""Indexes of pandas objects: whether two hold the same rows in the same order, and where the rows of labels stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.errors import IndexMismatchError, SelectionError
from offdiagonal.table.encode import plain_value


def index_of(value: Any) -> pd.Index | None:
    """The index of a pandas object, or of what was read from one; None where there is none."""
    index = getattr(value, "index", None)
    return index if isinstance(index, pd.Index) else None


def refuse_other_order(given: dict[str, Any]) -> None:
    """Make sure that pandas objects hold the same rows in the same order.

    Parameters
    ----------
    given
        What they are called, and what they are; objects without an index go by position.

    Raises
    ------
    IndexMismatchError
        If two of the same length have different indexes.
    """
    indexed = [
        (name, index, value) for name, value in given.items() if (index := index_of(value)) is not None
    ]
    for name, index, value in indexed[1:]:
        first_name, first, _ = indexed[0]
        if len(index) == len(first) and not index.equals(first):
            frame = isinstance(value, pd.DataFrame)
            raise IndexMismatchError.of(first_name, name, same=_same_rows(first, index), frame=frame)


def _same_rows(first: pd.Index, second: pd.Index) -> bool:
    return bool(first.is_unique and second.is_unique and first.isin(second).all())


def positions_of(labels: pd.Index, index: pd.Index | None) -> NDArray[np.int64]:
    """Where the rows stand that have these labels.

    Parameters
    ----------
    labels
        What the user gives, such as ``frame[frame["x"] > 2].index``.
    index
        The index of the table; None where it has none.

    Raises
    ------
    SelectionError
        If there is no such label, or it cannot be told which row has it.
    """
    if index is None:
        raise SelectionError(
            "rows= is a pandas Index, and the table has no index to look its labels up in; "
            "give a boolean mask, or positions as an array: .to_numpy()"
        )
    if not index.is_unique:
        twice = index[index.duplicated()][0]
        raise SelectionError(
            f"rows= is a pandas Index, but several rows of the table have the label {plain_value(twice)!r}; "
            "give a boolean mask over all rows, or positions"
        )
    found = index.get_indexer(labels)
    if (found < 0).any():
        wrong = plain_value(labels[found < 0][0])
        raise SelectionError(
            f"rows= is a pandas Index, and no row of the table has the label {wrong!r}; "
            "give labels of the table's own index, a boolean mask, or positions as an array"
        )
    return found.astype(np.int64)
