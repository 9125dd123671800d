"""Shares of rows that have weights, and their differences; without weights those of Wilson and Newcombe."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.intervals import newcombe, wilson, wilson_bounds
from offdiagonal.stats.measure import MIN_N, Measure, unknown

WEIGHTED = "Wilson, effective n"
WEIGHTED_GAP = "Newcombe, effective n"
GROUPED = "Wilson, n by groups"
GROUPED_GAP = "Newcombe, n by groups"


class Rows(NamedTuple):
    """Some rows: how many, the sum of their weights and of the squares of these; None without weights."""

    n: int
    w: float | None = None
    ww: float | None = None

    def less(self, part: Rows) -> Rows:
        """The rows that are not in a part of these."""
        if self.w is None or self.ww is None or part.w is None or part.ww is None:
            return Rows(self.n - part.n)
        return Rows(self.n - part.n, self.w - part.w, self.ww - part.ww)


def rows_at(sums: Sequence[NDArray[Any]], place: Any = ...) -> Rows:
    """The rows of one place of an array of counts, and what they weigh; of all places by default."""
    n, *weights = (values[place].sum() for values in sums)
    return Rows(int(n), *map(float, weights))


def share(part: Rows, whole: Rows, effect: float = 1.0) -> Measure:
    """Answer what share of some rows has a property, by number or by weight.

    Weighted it is Hájek's ratio; its linearised variance is that of so many rows of equal weight, and Wilson's interval
    is made for these. With all weights equal it is Wilson's.

    Parameters
    ----------
    part, whole
        The rows that have the property, and all of them.
    effect
        By how much groups of rows that fare alike widen the interval (``stats/clustered.py``).

    Returns
    -------
    Measure
        n is the number of rows; ``None`` below ten, or where no row weighs anything. No limits where the effect is
        infinite.

    References
    ----------
    Särndal, Swensson and Wretman (1992), Model assisted survey sampling, section 5.7; Korn and Graubard (1998),
    Confidence intervals for proportions with small expected number of positive counts, Survey Methodology 24.

    Examples
    --------
    >>> share(Rows(12), Rows(60)).method
    'Wilson'
    >>> measure = share(Rows(12, 30.0, 90.0), Rows(60, 90.0, 180.0))
    >>> round(measure.value, 3), round(measure.low, 3), round(measure.high, 3)
    (0.333, 0.202, 0.497)
    """
    if whole.w is None and effect == 1:
        return wilson(part.n, whole.n)
    method = WEIGHTED if effect == 1 else GROUPED
    value, size = _effective(part, whole)
    if whole.n < MIN_N or not size > 0:
        return unknown(whole.n, method)
    if not math.isfinite(effect):
        return Measure(value, None, None, whole.n, method)
    return Measure(value, *_limits(value, size / effect), whole.n, method)


def many_shares(
    parts: Sequence[NDArray[Any]], wholes: Sequence[NDArray[Any]], effect: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Answer what ``share`` does for many parts at once: the values, and the lower limits.

    Parameters
    ----------
    parts, wholes
        Numbers of rows; behind them sums of their weights and of the squares of these, where rows have weights.
    effect
        By how much groups of rows widen each interval.

    Returns
    -------
    values, low : float64 arrays
        nan where ``share`` has ``None``.

    Examples
    --------
    >>> values, low = many_shares([np.array([12, 1])], [np.array([60, 1])], np.ones(2))
    >>> values.round(3).tolist(), low.round(3).tolist()
    ([0.2, nan], [0.118, nan])
    """
    value, size = _many_effective(parts, wholes)
    known = (wholes[0] >= MIN_N) & (size > 0)
    limited = known & np.isfinite(effect)
    low = np.full(len(value), np.nan)
    p, n = value[limited], size[limited] / effect[limited]
    low[limited] = wilson_bounds(np.minimum(p * n, n), n)[0]
    return np.where(known, value, np.nan), low


def _many_effective(
    parts: Sequence[NDArray[Any]], wholes: Sequence[NDArray[Any]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``_effective`` of many."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if len(wholes) == 1:
            return parts[0] / wholes[0], wholes[0].astype(np.float64)
        (_, w1, squares), (_, w, ww) = parts, wholes
        value = np.clip(w1 / w, 0.0, 1.0)
        variance = (squares * (1 - value) ** 2 + (ww - squares) * value**2) / w**2
        usual = (variance > 0) & (value > 0) & (value < 1)
        size = np.where(usual, value * (1 - value) / variance, w**2 / ww)
    return value, np.where(w > 0, size, 0.0)


def gap(part: Rows, whole: Rows, other_part: Rows, other: Rows, effect: float = 1.0) -> Measure:
    """Answer by how much a share exceeds that of other rows, by number or by weight.

    Parameters
    ----------
    part, whole
        The rows that have the property, and all of them.
    other_part, other
        The same of rows of which none is among the first.
    effect
        By how much groups of rows that fare alike widen the interval.

    Returns
    -------
    Measure
        n is the number of all rows; ``None`` where either are fewer than ten.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
    method 10; with the limits of ``share``.

    Examples
    --------
    >>> round(gap(Rows(56), Rows(70), Rows(48), Rows(80)).value, 4)
    0.2
    """
    if whole.w is None and effect == 1:
        return newcombe(part.n, whole.n, other_part.n, other.n)
    method = WEIGHTED_GAP if effect == 1 else GROUPED_GAP
    n = whole.n + other.n
    (p1, size1), (p2, size2) = _effective(part, whole), _effective(other_part, other)
    if min(whole.n, other.n) < MIN_N or not min(size1, size2) > 0:
        return unknown(n, method)
    if not math.isfinite(effect):
        return Measure(p1 - p2, None, None, n, method)
    (low1, high1), (low2, high2) = _limits(p1, size1 / effect), _limits(p2, size2 / effect)
    low = p1 - p2 - math.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = p1 - p2 + math.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return Measure(p1 - p2, max(low, -1.0), min(high, 1.0), n, method)


def _effective(part: Rows, whole: Rows) -> tuple[float, float]:
    """The weighted share, and of how many rows of equal weight its linearised variance is."""
    if whole.w is None:
        return (part.n / whole.n if whole.n else 0.0), float(whole.n)
    if whole.ww is None or not whole.w > 0:
        return 0.0, 0.0
    value = min(1.0, max(0.0, (part.w or 0.0) / whole.w))
    squares = part.ww or 0.0
    variance = (squares * (1 - value) ** 2 + (whole.ww - squares) * value**2) / whole.w**2
    if variance > 0 and 0 < value < 1:
        return value, value * (1 - value) / variance
    return value, whole.w**2 / whole.ww


def _limits(value: float, size: float) -> tuple[float, float]:
    low, high = wilson_bounds(min(value * size, size), size)
    return (0.0 if value == 0 else float(low)), (1.0 if value == 1 else float(high))
