"""Forms in which probabilities, or the names of their columns, come, as those few that are read."""

from __future__ import annotations

from collections.abc import Iterator, KeysView, Mapping, ValuesView
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
import pandas as pd

from offdiagonal.errors import ProbabilityError
from offdiagonal.table.arrays import as_array

MOST_DENSE = 100_000_000
"""Numbers of a sparse matrix that is written out."""


def plain_form(given: Any) -> Any:
    """A name, a list of names or of columns, a dict of those, an array or a frame.

    Raises
    ------
    ProbabilityError
        If it has no order, holds nothing, or is too large to be written out.
    """
    if isinstance(given, pd.Index | Iterator | KeysView | ValuesView):
        return list(given)
    if isinstance(given, AbstractSet):
        raise ProbabilityError(
            f"probabilities= is a {type(given).__name__}, which has no order; give a list of the columns' names"
        )
    if isinstance(given, Mapping) and not given:
        raise ProbabilityError(
            "probabilities= is an empty dict; give a column for each class, or leave it out"
        )
    if callable(getattr(given, "toarray", None)) and not isinstance(given, pd.Series | pd.DataFrame):
        return _dense(given)
    return _names(given) if _is_line(given) else given


def _dense(given: Any) -> Any:
    shape = tuple(int(size) for size in given.shape)
    if np.prod(shape, dtype=float) > MOST_DENSE:
        raise ProbabilityError(
            f"a sparse matrix of shape {shape} is too large to be written out; give one column for each class"
        )
    return given.toarray()


def _is_line(given: Any) -> bool:
    return isinstance(given, np.ndarray | pd.Series) and given.ndim == 1 and len(given) > 0


def _names(given: Any) -> Any:
    """An array of texts as a list of names; another one as it is."""
    if given.dtype.kind in "biufc":
        return given
    values = as_array(given, "probabilities=")
    return list(values) if all(isinstance(value, str) for value in values) else given
