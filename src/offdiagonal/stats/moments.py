"""Means of a loss, and their differences, from sums over the rows; weighted or not."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from offdiagonal.stats.intervals import WELCH, T, t_quantile
from offdiagonal.stats.measure import MIN_N, Measure, unknown

HAJEK = "Hájek mean, linearised variance"
HAJEK_DIFFERENCE = "difference of Hájek means"
GROUPED = "linearised variance by groups"
LEAST = 5
"""Of fewer rows of equal weight there is no interval."""


@dataclass(frozen=True)
class Moments:
    """Sums over some rows; ``js/src/core/moments.ts`` is its twin."""

    n: int
    """Rows with a known loss."""
    w: float
    ww: float
    """Their weights and the squares of these; without weights n."""
    wl: float
    wwl: float
    wwll: float
    """The weight times the loss, its square times the loss, and times the square of the loss."""

    @property
    def mean(self) -> float:
        """The weighted mean of the loss."""
        return self.wl / self.w

    @property
    def effective(self) -> float:
        """Of how many rows of equal weight the mean is as sure (Kish); without weights n."""
        return self.w**2 / self.ww

    @property
    def variance(self) -> float:
        """The variance of the mean."""
        mean, size = self.mean, self.effective
        spread = self.wwll - 2 * mean * self.wwl + mean**2 * self.ww
        return max(spread, 0.0) / self.w**2 * size / (size - 1)

    def less(self, part: Moments) -> Moments:
        """The sums of the rows that are not in a part of these."""
        names = ("n", "w", "ww", "wl", "wwl", "wwll")
        return Moments(*(getattr(self, name) - getattr(part, name) for name in names))


def moments(n: float, get: Callable[[str], float | None]) -> Moments:
    """Read the sums, each by its name; what ``get`` does not know is said by another of them.

    Parameters
    ----------
    n
        The number of rows.
    get
        The sum of an amount (``table/amounts.py``), or None where there is no such amount.
    """
    k = get("k")
    known = n if k is None else k
    w = get("w")
    weight = known if w is None else w
    ww, wl, wwl, wwll = (get(name) for name in ("ww", "wl", "wwl", "wwll"))
    return Moments(
        round(known),
        weight,
        weight if ww is None else ww,
        wl or 0.0,
        (wl or 0.0) if wwl is None else wwl,
        wwll or 0.0,
    )


def loss_mean(sums: Moments, effect: float = 1.0) -> Measure:
    """Answer what the mean loss of some rows is.

    Parameters
    ----------
    sums
        Over these rows.
    effect
        By how much groups of rows that fare alike widen the interval (``stats/clustered.py``).

    Returns
    -------
    Measure
        In the loss's unit, with a t interval of (effective rows - 1) degrees of freedom; ``None`` below ten rows,
        no limits where the weights leave fewer than five effective ones.

    References
    ----------
    Without weights Student's t. With weights Hájek's ratio and its linearised variance: Särndal, Swensson and Wretman
    (1992), Model assisted survey sampling, section 5.7; degrees of freedom by Kish's effective sample size.

    Examples
    --------
    >>> measure = loss_mean(Moments(10, 10, 10, 55.0, 55.0, 385.0))
    >>> round(measure.value, 3), round(measure.low, 3), round(measure.high, 3)
    (5.5, 3.334, 7.666)
    """
    method = _method(sums) if effect == 1 else GROUPED
    if sums.n < MIN_N or sums.w <= 0:
        return unknown(sums.n, method)
    if sums.effective < LEAST or not math.isfinite(effect):
        return Measure(sums.mean, None, None, sums.n, method)
    half = t_quantile(sums.effective - 1) * math.sqrt(sums.variance * effect)
    return Measure(sums.mean, sums.mean - half, sums.mean + half, sums.n, method)


def loss_difference(part: Moments, rest: Moments, effect: float = 1.0) -> Measure:
    """Answer by how much the mean loss of some rows exceeds that of others.

    Parameters
    ----------
    part, rest
        The sums over two sets of rows that have none in common.
    effect
        By how much groups of rows that fare alike widen the interval.

    Returns
    -------
    Measure
        In the loss's unit, with Welch's degrees of freedom; ``None`` where either has fewer than ten rows.

    References
    ----------
    Welch (1947), The generalization of Student's problem when several different population variances are involved,
    Biometrika 34.

    Examples
    --------
    >>> more = loss_difference(Moments(10, 10, 10, 55.0, 55.0, 385.0), Moments(12, 12, 12, 30.0, 30.0, 100.0))
    >>> round(more.value, 3), round(more.low, 3), round(more.high, 3)
    (3.0, 0.722, 5.278)
    """
    n = part.n + rest.n
    method = WELCH if _method(part) == _method(rest) == T else HAJEK_DIFFERENCE
    method = method if effect == 1 else GROUPED
    if min(part.n, rest.n) < MIN_N or min(part.w, rest.w) <= 0:
        return unknown(n, method)
    gap = part.mean - rest.mean
    if min(part.effective, rest.effective) < LEAST or not math.isfinite(effect):
        return Measure(gap, None, None, n, method)
    a, b = part.variance, rest.variance
    half = 0.0
    if a + b > 0:
        freedom = (a + b) ** 2 / (a**2 / (part.effective - 1) + b**2 / (rest.effective - 1))
        half = t_quantile(freedom) * math.sqrt((a + b) * effect)
    return Measure(gap, gap - half, gap + half, n, method)


def _method(sums: Moments) -> str:
    return T if sums.w == sums.ww == sums.n else HAJEK
