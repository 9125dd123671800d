"""Orders of rows by a column: stable, missing values last, whatever the values are."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.table.plain import is_missing, text_of_object

Order = NDArray[np.signedinteger[Any]]


def sort_rows(values: NDArray[Any], *, descending: bool = False, first: Sequence[Any] | None = None) -> Order:
    """Positions of the rows, sorted by their values.

    Rows of equal value keep their order. Missing values come last in either direction. Numbers come before texts,
    and those before everything else, which is sorted by type and text.

    Parameters
    ----------
    values
        One for each row.
    descending
        Whether the highest comes first.
    first
        Values in an order of their own, such as that of a pandas Categorical.
    """
    keys, missing = sort_keys(values, first)
    return order_of(keys, missing, descending=descending)


def order_of(keys: NDArray[Any], missing: NDArray[np.bool_], *, descending: bool = False) -> Order:
    """Positions sorted by keys that numpy can sort, ties in their order, missing ones last."""
    present, absent = np.flatnonzero(~missing), np.flatnonzero(missing)
    kept = keys if len(absent) == 0 else keys[present]
    if descending:
        found = (len(kept) - 1 - np.argsort(kept[::-1], kind="stable"))[::-1]
    else:
        found = np.argsort(kept, kind="stable")
    return positions(found if len(absent) == 0 else np.concatenate([present[found], absent]))


def positions(rows: NDArray[Any]) -> Order:
    """Positions in four bytes each where that is enough."""
    return rows.astype(np.int32 if len(rows) < 1 << 31 else np.int64, copy=False)


def sort_keys(
    values: NDArray[Any], first: Sequence[Any] | None = None
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Keys that numpy can sort, and which values are missing."""
    kind = values.dtype.kind if first is None else "O"
    if kind in "biu":
        return values, np.zeros(len(values), dtype=bool)
    if kind in "fc":
        return values, np.isnan(values)
    if kind in "mM":
        return values.view(np.int64), np.isnat(values)
    codes, distinct = _distinct(values)
    rank = np.empty(len(distinct) + 1, dtype=np.int32)
    rank[np.asarray(_ranked(distinct, first), dtype=np.int64)] = np.arange(len(distinct))
    rank[-1] = -1
    return rank[codes], codes < 0


def _distinct(values: NDArray[Any]) -> tuple[NDArray[np.int64], list[Any]]:
    try:
        codes, distinct = pd.factorize(values, use_na_sentinel=True)
    except TypeError:  # lists, dicts and arrays have no hash
        texts = np.empty(len(values), dtype=object)
        texts[:] = [None if is_missing(v) else v if isinstance(v, str) else text_of_object(v) for v in values]
        codes, distinct = pd.factorize(texts, use_na_sentinel=True)
    return codes.astype(np.int64, copy=False), list(distinct)


def _ranked(distinct: list[Any], first: Sequence[Any] | None) -> list[int]:
    if first is not None:
        place = {value: i for i, value in enumerate(first)}
        return sorted(range(len(distinct)), key=lambda i: place.get(distinct[i], len(place)))
    if all(type(value) is str for value in distinct):
        return sorted(range(len(distinct)), key=distinct.__getitem__)
    keys = [_key(value) for value in distinct]
    return sorted(range(len(keys)), key=keys.__getitem__)


def _key(value: Any) -> tuple[int, Any, str]:
    if isinstance(value, str):
        return 1, value, ""
    if isinstance(value, bool | int | float | Decimal | Fraction | np.bool_ | np.integer | np.floating):
        return 0, value.item() if isinstance(value, np.generic) else value, ""
    return 2, type(value).__name__, text_of_object(value)
