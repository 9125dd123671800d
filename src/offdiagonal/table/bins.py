"""Numbers and times of many values, cut into a few bins with round edges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.table.meta import FieldKind, Level

NUMBER_BINS = 5
MOST_BINS = 12
EVEN_BINS = 30
OFF = 0.005
"""Of the numbers that are cut evenly so many on either side have no bins of their own."""
SMALL, IN_FULL = 1e-4, 1e15
"""Numbers between them are written without an exponent."""
SAMPLE = 100_000
"""Edges are found from about this many values; every value is counted."""


@dataclass(frozen=True)
class Binned:
    """Levels of a column and the code of each row; -1 stands for missing."""

    kind: FieldKind
    levels: list[Level]
    codes: NDArray[np.int64]
    maximum: float | None = None


def numeric(values: NDArray[Any]) -> NDArray[np.float64]:
    """Numbers as floats, times as epoch milliseconds; missing is NaN."""
    if values.dtype.kind == "M":
        whole = values.astype("datetime64[ms]").astype(np.int64).astype(np.float64)
        whole[np.isnat(values)] = np.nan
        return whole
    return values.astype(np.float64)


def bin_numbers(values: NDArray[Any], edges: Sequence[float] | None = None) -> Binned | None:
    """Bins of the finite numbers; an infinity is a level of its own. None where there is no number.

    Parameters
    ----------
    values
        Numbers.
    edges
        Of the bins, ascending, from the lowest number to the highest or beyond; default: round ones near quantiles.
    """
    numbers = numeric(values)
    finite = numbers[np.isfinite(numbers)]
    if len(finite) == 0:
        return None
    edges = quantile_edges(finite) if edges is None else list(edges)
    inner, high = edges[1:-1], edges[-1]
    codes = np.searchsorted(inner, numbers, side="right").astype(np.int64)
    levels = [
        Level(text, f"({start!r}, {end!r})", start, end)
        for text, start, end in zip(_range_texts(edges), edges[:-1], edges[1:], strict=True)
    ]
    codes[~np.isfinite(numbers)] = -1
    for infinity in (-np.inf, np.inf):
        where = numbers == infinity
        if where.any():
            codes[where] = len(levels)
            levels.append(Level(str(infinity), repr(str(infinity))))
    return Binned("number", levels, codes, high)


def quantile_edges(finite: NDArray[np.float64], bins: int = NUMBER_BINS) -> list[float]:
    """The lowest number, round edges near the quantiles, the highest number."""
    low, high = float(finite.min()), float(finite.max())
    return [low, *_inner_edges(finite, low, high, bins), high]


def even_edges(finite: NDArray[np.float64], bins: int = EVEN_BINS) -> list[float]:
    """Round edges at even distances, nought among them; the few numbers far off are in the outermost bins."""
    low, high = float(finite.min()), float(finite.max())
    first, last = (float(cut) for cut in np.quantile(finite, [OFF, 1 - OFF]))
    if not last > first:
        first, last = low, high
    step = _round_step((last - first) / bins)
    if not (step > 0 and math.isfinite(step)):
        return [low, high]
    inner = step * np.arange(math.ceil(first / step), math.floor(last / step) + 1)
    decimals = max(0, -math.floor(math.log10(step))) + 1
    rounded = [round(float(edge), decimals) for edge in inner]
    return [low, *(edge for edge in rounded if low < edge < high), high]


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is at least so large."""
    if least <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= least * (1 - 1e-9))


def _inner_edges(finite: NDArray[np.float64], low: float, high: float, bins: int) -> list[float]:
    """Round edges near the quantiles, strictly inside; of the distinct values where one value is most of them."""
    sample = finite[:: max(1, len(finite) // SAMPLE)]
    for some in (sample, np.unique(sample)):
        shares = np.arange(1, bins) / bins
        cuts = [float(cut) for cut in np.quantile(some, shares, method="closest_observation")]
        decimals = _decimals(some)
        for edges in ({round(cut, decimals) for cut in cuts}, set(cuts)):
            inner = sorted(edge for edge in edges if low < edge < high)
            if inner:
                return inner
    return []


def _decimals(values: NDArray[np.float64]) -> int:
    """How many decimals a twentieth of the spread needs; negative: tens, hundreds ..."""
    tenth, ninth = (float(value) for value in np.quantile(values, [0.1, 0.9]))
    spread = ninth / 20 - tenth / 20
    return -math.floor(math.log10(spread)) if spread > 0 else 15


def _range_texts(edges: list[float]) -> list[str]:
    """``1 to < 5`` ... and ``5 to 9`` for the last bin, with as many digits as tell the edges apart."""
    for digits in (6, 9, 12, 17):
        shown = [_edge_text(edge, digits) for edge in edges]
        if len(set(shown)) == len(set(edges)):
            break
    bins = list(pairwise(shown))
    return [f"{a} to < {b}" for a, b in bins[:-1]] + [f"{a} to {b}" for a, b in bins[-1:]]


def _edge_text(edge: float, digits: int) -> str:
    """So many digits, but all of those before the point; in full up to ``IN_FULL``."""
    if not SMALL <= abs(edge) <= IN_FULL:
        return f"{edge or 0:.{digits}g}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(edge))))
    text = f"{edge:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


CALENDAR = (
    ("s", (1, 10)),
    ("m", (1, 10)),
    ("h", (1, 6)),
    ("D", (1, 7)),
    ("M", (1, 3)),
    ("Y", (1, 10, 100, 1000)),
)
SINCE = {("D", 7): 3, ("Y", 10): 0, ("Y", 100): 70, ("Y", 1000): 970, ("Y", 10_000): 1970}
"""How far 1970 is from where a bin begins: days after a Monday, years after a round one."""
LAST_YEAR = np.datetime64("9999", "Y")
"""The last one that is written with four digits; earlier than the year 0 none is."""


def bin_times(values: NDArray[Any]) -> Binned | None:
    """Calendar bins: at most about twelve seconds, minutes ... weeks, months, years. None where there is no time."""
    there = ~np.isnat(values)
    if not there.any():
        return None
    periods, starts, step = _calendar(values, there, MOST_BINS)
    first = int(periods[there].min())
    levels = [_time_level(start, end, step) for start, end in pairwise(starts)]
    return Binned("time", levels, np.where(there, periods - first, -1))


def time_edges(milliseconds: NDArray[np.float64], most: int) -> list[float]:
    """Edges of at most so many calendar bins, as epoch milliseconds."""
    values = milliseconds.astype(np.int64).astype("datetime64[ms]")
    _, starts, _ = _calendar(values, np.ones(len(values), dtype=bool), most)
    return [float(start.astype("datetime64[ms]").astype(np.int64)) for start in starts]


def _calendar(
    values: NDArray[Any], there: NDArray[np.bool_], most: int
) -> tuple[NDArray[np.int64], list[np.datetime64], int]:
    """The period of each time, when each period begins and the last one ends, and of how many units one is."""
    unit, step = _calendar_step(values[there].min(), values[there].max(), most)
    shift = SINCE.get((unit, step), 0)
    periods = (values.astype(f"datetime64[{unit}]").astype(np.int64) + shift) // step
    first, last = int(periods[there].min()), int(periods[there].max())
    ends = np.arange(first, last + 2) * step - shift
    return periods, list(ends.astype(f"datetime64[{unit}]")), step


def _calendar_step(low: np.datetime64, high: np.datetime64, most: int) -> tuple[str, int]:
    for unit, steps in CALENDAR:
        units = f"datetime64[{unit}]"
        count = int((high.astype(units) - low.astype(units)).astype(np.int64)) + 1
        for step in steps:
            if count / step <= most:
                return unit, step
    return "Y", 10_000


def _time_level(start: np.datetime64, end: np.datetime64, step: int) -> Level:
    low, high = (float(at.astype("datetime64[ms]").astype(np.int64)) for at in (start, end))
    text = str(start) if step == 1 else f"{start} to < {end}"
    text = text.replace("T", " ")
    plain = _has_four_digits(start) and _has_four_digits(end)
    return Level(text, f"({str(start)!r}, {str(end)!r})" if plain else repr(text), low, high)


def _has_four_digits(time: np.datetime64) -> bool:
    return bool(np.datetime64("0000", "Y") <= time <= LAST_YEAR)
