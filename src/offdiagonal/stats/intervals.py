"""Intervals of rates, of means, and of the difference of two of them."""

from __future__ import annotations

import math
from operator import index

import numpy as np
from numpy.typing import ArrayLike, NDArray

from offdiagonal.stats.measure import MIN_N, Measure, Z, unknown

WILSON = "Wilson"
NEWCOMBE = "Newcombe"
T = "Student's t"
WELCH = "Welch's t"


def wilson_bounds(k: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Answer between which limits a rate lies when k of n rows have the property.

    Parameters
    ----------
    k, n
        Counts, 0 <= k <= n, broadcast against each other; fractions are taken as they are.

    Returns
    -------
    low, high : float64 arrays of the broadcast shape
        The 95 % score limits, at any n; nan where n is 0.

    Raises
    ------
    ValueError
        If a count is negative, k exceeds n, or either is not a number.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.

    Examples
    --------
    >>> low, high = wilson_bounds([0, 50], 100)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.404], [0.037, 0.596])
    """
    k, n = np.broadcast_arrays(np.asarray(k, np.float64), np.asarray(n, np.float64))
    if not ((k >= 0) & (k <= n)).all():
        raise ValueError("counts must satisfy 0 <= k <= n")
    with np.errstate(invalid="ignore", divide="ignore"):
        p = k / n
        scale = 1 + Z * Z / n
        centre = (p + Z * Z / (2 * n)) / scale
        half = Z * np.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / scale
        low = np.where((k == 0) & (n > 0), 0.0, centre - half)
        high = np.where((k == n) & (n > 0), 1.0, centre + half)
    return low, high


def wilson_limits(k: int, n: int) -> tuple[float, float]:
    """Answer between which limits one rate lies; the scalar form of `wilson_bounds`, many times faster.

    Parameters
    ----------
    k, n
        Counts, 0 <= k <= n and n > 0.

    Returns
    -------
    low, high : float

    Raises
    ------
    ValueError
        If the counts are not 0 <= k <= n with n > 0.

    Examples
    --------
    >>> [round(limit, 3) for limit in wilson_limits(0, 100)]
    [0.0, 0.037]
    """
    k, n = _counts(k, n)
    if n == 0:
        raise ValueError("no rows: a rate of nothing has no limits")
    p = k / n
    scale = 1 + Z * Z / n
    centre = (p + Z * Z / (2 * n)) / scale
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / scale
    return (0.0 if k == 0 else centre - half), (1.0 if k == n else centre + half)


def wilson(k: int, n: int) -> Measure:
    """Answer what share of n rows has a property that k of them have.

    Parameters
    ----------
    k, n
        Whole numbers, 0 <= k <= n.

    Returns
    -------
    Measure
        A rate in [0, 1]; ``None`` below ten rows.

    Raises
    ------
    ValueError
        If the counts are not 0 <= k <= n.
    TypeError
        If a count is not a whole number.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.

    Examples
    --------
    >>> rate = wilson(3505, 3655)
    >>> round(rate.value, 5), round(rate.low, 4), round(rate.high, 4)
    (0.95896, 0.952, 0.9649)
    >>> wilson(2, 3)
    Measure(value=None, low=None, high=None, n=3, method='Wilson')
    """
    k, n = _counts(k, n)
    if n < MIN_N:
        return unknown(n, WILSON)
    return Measure(k / n, *wilson_limits(k, n), n, WILSON)


def newcombe(k1: int, n1: int, k2: int, n2: int) -> Measure:
    """Answer by how much the rate of one set of rows exceeds that of another, disjoint set.

    Parameters
    ----------
    k1, n1
        The rows with the property, and all rows, of the first set.
    k2, n2
        The same of the second set: no row may be in both.

    Returns
    -------
    Measure
        k1/n1 - k2/n2, in [-1, 1]; n is n1 + n2; ``None`` when either set has fewer than ten rows.

    Raises
    ------
    ValueError
        If the counts are not 0 <= k <= n.
    TypeError
        If a count is not a whole number.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent proportions,
    Statistics in Medicine 17, method 10.

    Examples
    --------
    >>> more = newcombe(56, 70, 48, 80)
    >>> round(more.value, 4), round(more.low, 4), round(more.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    k1, n1 = _counts(k1, n1)
    k2, n2 = _counts(k2, n2)
    if n1 < MIN_N or n2 < MIN_N:
        return unknown(n1 + n2, NEWCOMBE)
    p1, p2 = k1 / n1, k2 / n2
    low1, high1 = wilson_limits(k1, n1)
    low2, high2 = wilson_limits(k2, n2)
    low = p1 - p2 - math.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = p1 - p2 + math.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return Measure(p1 - p2, max(low, -1.0), min(high, 1.0), n1 + n2, NEWCOMBE)


def mean(n: int, total: float, squares: float) -> Measure:
    """Answer what the mean of a numeric score is, from its sum and sum of squares.

    Parameters
    ----------
    n
        How many rows.
    total, squares
        The sum of the score and of its square, in the score's unit and its square.

    Returns
    -------
    Measure
        In the score's unit, with a t interval of n - 1 degrees of freedom; ``None`` below ten rows;
        limits equal to the value when all scores are equal.

    Raises
    ------
    ValueError
        If n is negative, a sum is not finite, or no scores have these sums.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6.

    Examples
    --------
    >>> loss = mean(10, 55.0, 385.0)
    >>> round(loss.value, 3), round(loss.low, 3), round(loss.high, 3)
    (5.5, 3.334, 7.666)
    """
    n = index(n)
    spread = _spread(n, total, squares)
    if n < MIN_N:
        return unknown(n, T)
    centre = total / n
    half = t_quantile(n - 1) * math.sqrt(spread / (n - 1) / n)
    return Measure(centre, centre - half, centre + half, n, T)


def welch(n1: int, total1: float, squares1: float, n2: int, total2: float, squares2: float) -> Measure:
    """Answer by how much the mean of a numeric score in one set of rows exceeds that in a disjoint set.

    Parameters
    ----------
    n1, total1, squares1
        Rows, sum and sum of squares of the score in the first set.
    n2, total2, squares2
        The same of the second set.

    Returns
    -------
    Measure
        The first mean less the second, in the score's unit; n is n1 + n2; ``None`` when either set has
        fewer than ten rows.

    Raises
    ------
    ValueError
        If an n is negative, a sum is not finite, or no scores have these sums.

    References
    ----------
    Welch (1947), The generalization of Student's problem when several different population variances are
    involved, Biometrika 34.

    Examples
    --------
    >>> gap = welch(10, 55.0, 385.0, 12, 30.0, 100.0)
    >>> round(gap.value, 3), round(gap.low, 3), round(gap.high, 3)
    (3.0, 0.722, 5.278)
    """
    n1, n2 = index(n1), index(n2)
    spread1, spread2 = _spread(n1, total1, squares1), _spread(n2, total2, squares2)
    if n1 < MIN_N or n2 < MIN_N:
        return unknown(n1 + n2, WELCH)
    gap = total1 / n1 - total2 / n2
    error1, error2 = spread1 / (n1 - 1) / n1, spread2 / (n2 - 1) / n2
    half = 0.0
    if error1 + error2 > 0:
        freedom = (error1 + error2) ** 2 / (error1**2 / (n1 - 1) + error2**2 / (n2 - 1))
        half = t_quantile(freedom) * math.sqrt(error1 + error2)
    return Measure(gap, gap - half, gap + half, n1 + n2, WELCH)


def _counts(k: int, n: int) -> tuple[int, int]:
    k, n = index(k), index(n)
    if not 0 <= k <= n:
        raise ValueError(f"counts must satisfy 0 <= k <= n, not k = {k}, n = {n}")
    return k, n


def _spread(n: int, total: float, squares: float) -> float:
    """Sum the squares about the mean."""
    if n < 0 or not (math.isfinite(total) and math.isfinite(squares)):
        raise ValueError(f"a mean needs n >= 0 and finite sums, not n = {n}, {total}, {squares}")
    spread = squares - total * total / n if n else squares
    # rounding may leave a little less than nought
    if spread < -1e-9 * squares or (n == 0 and (total or squares)):
        raise ValueError(f"no {n} numbers have the sum {total} and the sum of squares {squares}")
    return max(spread, 0.0)


def t_quantile(freedom: float) -> float:
    """The 97.5 % point of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))
