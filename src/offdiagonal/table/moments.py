"""Points and spans of time as a user writes them, by the wall clock of a column."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

import numpy as np
import pandas as pd

from offdiagonal.errors import SelectionError

ISO = re.compile(r"\d{4}(-\d\d(-\d\d([ T]\d\d(:\d\d)?)?)?)?")
"""A year, month, day, hour or minute; numpy reads years that pandas does not know."""
FOUR_DIGITS = re.compile(r"\d{4}")
SPANS = {"Y", "M", "W", "D", "h", "m"}
"""Units, as numpy calls them, of more than a moment."""
MOMENTS = {"s", "ms", "us", "ns"}
"""Units, as pandas calls them, of a moment."""


def span(value: Any, zone: str | None) -> tuple[float, float]:
    """Epoch milliseconds of what a value names: the first one, and the one after the last.

    A text that ends with the year, month, day, hour or minute names all of it, and so do a date and a pandas
    Period. All else is a moment, that millisecond.

    Raises
    ------
    SelectionError
        If it is no time, or has a zone and the column has none.

    Examples
    --------
    >>> first, after = span("2024-02", None)
    >>> (after - first) / 86_400_000
    29.0
    """
    period = _period(value)
    if period is None:
        low = moment(value, zone)
        return low, low + 1
    low, high = (_milliseconds(at) for at in period)
    return low, high


def moment(value: Any, zone: str | None) -> float:
    """A point in time as epoch milliseconds; the first one of a day, a month ...

    Raises
    ------
    SelectionError
        If it is no time, or has a zone and the column has none.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(math.ceil(value))
    if isinstance(value, str) and ISO.fullmatch(value):
        return _milliseconds(_iso(value))
    if isinstance(value, pd.Period):
        return _milliseconds(value.start_time.to_datetime64())
    if isinstance(value, np.datetime64):
        return _milliseconds(value)
    try:
        time = pd.Timestamp(value)
    except (TypeError, ValueError) as error:
        raise _no_time(value) from error
    if time.tzinfo is not None and zone is None:
        raise SelectionError(f"{value!r} has a time zone, and the column has none; leave it out")
    if time.tzinfo is not None:
        time = time.tz_convert(zone).tz_localize(None)
    return _milliseconds(time.to_datetime64())


def _period(value: Any) -> tuple[np.datetime64, np.datetime64] | None:
    """When what a value names begins, and when the next one does; None where it names a moment."""
    if isinstance(value, str):
        if not ISO.fullmatch(value):
            return _written_otherwise(value)
        value = _iso(value)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = np.datetime64(value, "D")
    if isinstance(value, np.datetime64):
        one = np.datetime_data(value.dtype)[0] in SPANS and not np.isnat(value)
        return (value, value + 1) if one else None
    return _ends(value) if isinstance(value, pd.Period) else None


def _written_otherwise(text: str) -> tuple[np.datetime64, np.datetime64] | None:
    """The same of texts such as ``5 Jan 2024``, as far as pandas can read them."""
    try:
        found: Any = pd.Period(text)
        if not FOUR_DIGITS.search(text) or pd.Timestamp(text).tzinfo is not None:
            return None
    except (TypeError, ValueError):
        return None
    return None if found is pd.NaT or found.freqstr in MOMENTS else _ends(found)


def _ends(period: pd.Period) -> tuple[np.datetime64, np.datetime64]:
    return period.start_time.to_datetime64(), (period + 1).start_time.to_datetime64()


def _iso(text: str) -> np.datetime64:
    try:
        return np.datetime64(text)
    except ValueError as error:
        raise _no_time(text) from error


def _no_time(value: Any) -> SelectionError:
    return SelectionError(f"{value!r} is no time; write it as '2024-01-31' or '2024-01-31 12:00'")


def _milliseconds(time: np.datetime64) -> float:
    if np.isnat(time):
        raise SelectionError("a missing time is no end of an interval")
    return float(time.astype("datetime64[ms]").astype(np.int64))
