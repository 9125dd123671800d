"""Which columns can be selected by, and what their codes mean."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.table.arrays import missing_in
from offdiagonal.table.bins import Binned, bin_numbers, bin_times
from offdiagonal.table.encode import (
    MISSING_TEXT,
    Codes,
    distinct_texts,
    factorize_few,
    identity,
    literals,
    numbered,
    object_kind,
    plain_value,
    smallest,
)
from offdiagonal.table.meta import Field, Level

MAX_LEVELS = 50
MAX_NUMBER_LEVELS = 12

MISSING = Level(MISSING_TEXT, "None")
NUMBERS = {"integer", "floating", "mixed-integer-float", "decimal"}
MOMENTS = {"datetime", "datetime64", "date"}


def make_field(
    field: Field,
    values: NDArray[Any],
    order: Sequence[Any] | None = None,
    edges: Sequence[float] | None = None,
) -> tuple[Field, Codes] | None:
    """A field with its levels, and its codes; None where the column has too many values to list, or only one.

    Numbers of more than 12 values fall into quantile bins, times into calendar bins.

    Parameters
    ----------
    field
        What is known of the column.
    values
        As ``selectable`` gives them.
    order
        Values in the order of the user's own categories, where they have one.
    edges
        Of the bins that numbers fall into, however few values there are.
    """
    found = _encode(values, order) if edges is None else _distinct_levels(bin_numbers(values, edges))
    if found is None:
        return None
    levels, codes = found.levels, found.codes
    if (codes < 0).any():
        codes = np.where(codes < 0, len(levels), codes)
        levels = [*levels, MISSING]
    if len(levels) < 2:
        return None
    made = dataclasses.replace(field, kind=found.kind, levels=tuple(levels), maximum=found.maximum)
    return made, smallest(codes, len(levels))


def _encode(values: NDArray[Any], order: Sequence[Any] | None) -> Binned | None:
    if values.dtype.kind == "M":
        return _distinct_levels(bin_times(values))
    if values.dtype.kind in "biufOm":
        numbers = values.dtype.kind in "iuf" or (values.dtype == object and object_kind(values) in NUMBERS)
        found = factorize_few(values, MAX_NUMBER_LEVELS if numbers else MAX_LEVELS)
        if found is None and numbers:
            try:
                binned = bin_numbers(values)
            except OverflowError:  # of whole numbers beyond all floats
                binned = None
            if binned is not None and len(binned.levels) > 1:
                return _distinct_levels(binned)
            found = factorize_few(values, MAX_LEVELS)
        if found is not None:
            return _categories(*found, order)
    return None


def why_not_binned(values: NDArray[Any]) -> str | None:
    """Why numbers of many values are no slices, and what to do; None where that is not to be wondered at."""
    numbers = values.dtype.kind in "iuf" or (values.dtype == object and object_kind(values) in NUMBERS)
    if values.dtype.kind != "m" and not numbers and object_kind(values) != "timedelta":
        return None
    if factorize_few(values, 1) is not None:
        return None
    if numbers:
        return "its numbers are too large, or too near each other, to be cut into bins; subtract the smallest"
    return (
        f"durations of more than {MAX_LEVELS} values are not cut into bins; give seconds: .dt.total_seconds()"
    )


def _categories(codes: NDArray[np.int64], distinct: list[Any], order: Sequence[Any] | None) -> Binned:
    if order is not None:
        rank = {identity(plain_value(value)): i for i, value in enumerate(order)}
        ordered = sorted(range(len(distinct)), key=lambda i: rank.get(identity(distinct[i]), len(rank)))
        to = np.append(np.argsort(ordered), -1)
        codes, distinct = to[codes], [distinct[i] for i in ordered]
    texts = distinct_texts(distinct, taken=[MISSING_TEXT] if (codes < 0).any() else [])
    levels = [Level(text, python) for text, python in zip(texts, literals(distinct, texts), strict=True)]
    return Binned("category", levels, codes)


def _distinct_levels(found: Binned | None) -> Binned | None:
    if found is None:
        return None
    texts = numbered([level.text for level in found.levels])
    levels = [dataclasses.replace(level, text=text) for level, text in zip(found.levels, texts, strict=True)]
    return dataclasses.replace(found, levels=levels)


class Selectable(NamedTuple):
    """A column's values as they are selected by."""

    values: NDArray[Any]
    zone: str | None
    """Time zone whose wall clock the values are."""
    lost: int
    """How many are no times and count as missing."""


def selectable(values: NDArray[Any], role: str | None, zone: str | None) -> Selectable:
    """Values to select by: dates, times and periods held as objects, or text in a time column, become times."""
    kind = object_kind(values) if values.dtype == object else ""
    if kind == "period":
        times = _of_periods(values)
        return Selectable(values if times is None else times, None, 0)
    if kind not in MOMENTS and not (role == "time" and kind == "string"):
        return Selectable(values, zone, 0)
    times, zone = _parsed(values)
    lost = int((np.isnat(times) & ~missing_in(values)).sum())
    return Selectable(times, zone, lost) if 2 * lost < len(values) else Selectable(values, None, 0)


def _of_periods(values: NDArray[Any]) -> NDArray[Any] | None:
    """When each period begins; None where days stand beside months."""
    try:
        return np.asarray(pd.PeriodIndex(values).to_timestamp().to_numpy())
    except (TypeError, ValueError, OverflowError):
        return None


def _parsed(values: NDArray[Any]) -> tuple[NDArray[Any], str | None]:
    zones = {str(value.tzinfo) for value in values if getattr(value, "tzinfo", None) is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of formats that differ: the count of lost values says it
        times = _times(pd.Series(values), utc=bool(zones))
    if times.dt.tz is None:
        return times.to_numpy(), None
    zone = zones.pop() if len(zones) == 1 else str(times.dt.tz)
    return times.dt.tz_convert(zone).dt.tz_localize(None).to_numpy(), zone


def _times(values: pd.Series, *, utc: bool) -> pd.Series:
    """What pandas takes for times: ISO 8601 in all its lengths, else the form of the first value."""
    text = object_kind(values.to_numpy()) == "string"
    for form in ("ISO8601", None) if text else (None,):
        try:
            times = pd.to_datetime(values, errors="coerce", utc=utc, format=form)
        except ValueError:  # of several zones
            times = pd.to_datetime(values, errors="coerce", utc=True, format=form)
        if 2 * int(times.notna().sum()) >= int(values.notna().sum()):
            break
    return times
