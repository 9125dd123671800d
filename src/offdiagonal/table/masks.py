"""What a user gives to say which rows, as a mask over all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.errors import LengthError, OffdiagonalError, SelectionError
from offdiagonal.table.arrays import as_array, missing_in
from offdiagonal.table.indexes import positions_of, refuse_other_order
from offdiagonal.table.read import Source


def mask_of(source: Source, given: Any, what: str) -> NDArray[np.bool_]:
    """A copy of a boolean array with one value for each row; missing values are False.

    Parameters
    ----------
    source
        The rows.
    given
        The array.
    what
        What it is, for the errors.

    Raises
    ------
    OffdiagonalError
        If it is none.
    """
    values = as_array(given, what)
    refuse_other_order({"data": source, what: given})
    if values.dtype == object:
        missing = missing_in(values)
        if len(values) and all(isinstance(value, bool | np.bool_) for value in values[~missing]):
            values = np.where(missing, False, values).astype(bool)
    if len(values) != source.n:
        raise LengthError.of(what, len(values), source.n)
    if values.dtype != bool and len(values):
        raise OffdiagonalError(f"{what} must be true or false for each row, but it holds {_kind(values)}")
    return values.astype(bool, copy=True)


def row_mask(source: Source, given: Any) -> NDArray[np.bool_]:
    """A boolean mask over all rows, or positions, or labels of the table's index, as a mask.

    Raises
    ------
    SelectionError
        If a position, or a label, is none.
    """
    if isinstance(given, pd.Index) and given.dtype != bool:
        given = positions_of(given, source.index)
    values = as_array(given, "rows=")
    if values.dtype.kind in "iu" or (len(values) == 0 and values.dtype != bool):
        rows = values.astype(np.int64)
        for wrong in rows[(rows < 0) | (rows >= source.n)].tolist():
            raise SelectionError(f"there is no row {wrong:,}; the rows are 0 to {source.n - 1:,}")
        mask = np.zeros(source.n, dtype=bool)
        mask[rows] = True
        return mask
    if values.dtype.kind not in "bO":
        raise SelectionError(f"rows= is a boolean mask or whole positions, but it holds {_kind(values)}")
    return mask_of(source, given, "rows=")


def _kind(values: NDArray[Any]) -> str:
    if values.dtype != object:
        return str(values.dtype)
    first = next(iter(values))
    return type(first).__name__
