"""The length of each text, as a field to select by: of the text itself always, of other columns when asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.table.arrays import missing_in
from offdiagonal.table.encode import Codes, text_of
from offdiagonal.table.fields import make_field
from offdiagonal.table.meta import Field


def lengths(values: NDArray[Any]) -> NDArray[np.float64]:
    """Number of characters of each text; NaN where one is missing."""
    if values.dtype.kind == "U":
        return np.char.str_len(values).astype(np.float64)
    found = np.fromiter(
        (len(value) if isinstance(value, str) else len(text_of(value)) for value in values.tolist()),
        dtype=np.float64,
        count=len(values),
    )
    found[missing_in(values)] = np.nan
    return found


def length_field(
    key: str, name: str, values: NDArray[Any], taken: Collection[str], *, private: bool
) -> tuple[Field, Codes] | None:
    """Bins of the lengths of a column of texts, called ``text length``; None where all are of one length.

    Parameters
    ----------
    key
        Of the column: it has no other field.
    name
        Of the column.
    values
        The texts.
    taken
        Names that other columns have.
    private
        Whether it is seen live only.
    """
    called, again = f"{name} length", 1
    while called in taken:
        again += 1
        called = f"{name} length ({again})"
    found = lengths(values)
    there = found[np.isfinite(found)]
    whole = found if len(there) < len(found) else there.astype(np.int64)
    return make_field(Field(key, called, repr(called), "category", (), None, private), whole)
