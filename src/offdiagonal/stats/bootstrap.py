"""Intervals of any measure by resampling rows, and of the difference of two independent ones."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.intervals import NEWCOMBE, WILSON
from offdiagonal.stats.measure import Measure, unknown

RESAMPLES = 1000
BOOTSTRAP = f"bootstrap, {RESAMPLES:,} resamples"
BOOTSTRAP_GROUPS = f"bootstrap of groups, {RESAMPLES:,} resamples"
SEED = 20
MOST_UNDEFINED = 0.05
"""In a larger share of the resamples without a value there is no interval."""

Draws = NDArray[np.float64]


def generator(stream: int, resample: int) -> np.random.Generator:
    """The random numbers of one resample: the same whenever it is drawn, and others for each set of rows.

    Parameters
    ----------
    stream
        Which of the sets that are compared.
    resample
        Which resample.
    """
    return np.random.default_rng([SEED, stream, resample])


def times(stream: int, resample: int, n: int) -> Draws:
    """How often each of n rows, or groups of rows, is in a resample."""
    drawn = generator(stream, resample).integers(n, size=n)
    return np.bincount(drawn, minlength=n).astype(np.float64)


def percentile_limits(draws: Draws) -> tuple[float, float] | str:
    """Answer between which limits the middle 95 % of resampled values lie; or in words, why that says nothing.

    Parameters
    ----------
    draws
        The measure in each resample; nan where it is undefined.

    References
    ----------
    Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 13: the percentile interval.

    Examples
    --------
    >>> percentile_limits(np.arange(1001) / 1000)
    (0.025, 0.975)
    >>> percentile_limits(np.ones(1000))
    'every resample gives the same value'
    """
    known = draws[np.isfinite(draws)]
    lost = len(draws) - len(known)
    if lost > MOST_UNDEFINED * len(draws):
        return f"undefined in {lost:,} of {len(draws):,} resamples"
    low, high = (float(limit) for limit in np.quantile(known, (0.025, 0.975)))
    if math.isclose(low, high, rel_tol=1e-12, abs_tol=1e-12):
        return "every resample gives the same value"
    return low, high


def independent_difference(part: Measure, rest: Measure, most: float | None = None) -> Measure:
    """Answer by how much a measure of some rows exceeds that of other rows, from their two intervals.

    The square-and-add method: Newcombe's interval, where both are Wilson's.

    Parameters
    ----------
    part, rest
        The measure in two disjoint sets of rows.
    most
        The largest difference that there can be; for shares 1.

    Returns
    -------
    Measure
        part - rest; n is that of both; without limits where one of the two has none.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, method 10; Zou and Donner (2008), Construction of confidence limits
    about effect measures: a general approach, Statistics in Medicine 27.

    Examples
    --------
    >>> from offdiagonal.stats.intervals import newcombe, wilson
    >>> independent_difference(wilson(56, 70), wilson(48, 80), 1) == newcombe(56, 70, 48, 80)
    True
    """
    n = part.n + rest.n
    method = NEWCOMBE if part.method == rest.method == WILSON else f"square-and-add of {part.method}"
    if part.value is None or rest.value is None:
        return unknown(n, method)
    value = part.value - rest.value
    if part.low is None or part.high is None or rest.low is None or rest.high is None:
        return Measure(value, None, None, n, method)
    low = value - math.sqrt((part.value - part.low) ** 2 + (rest.high - rest.value) ** 2)
    high = value + math.sqrt((part.high - part.value) ** 2 + (rest.value - rest.low) ** 2)
    if most is not None:
        low, high = max(low, -most), min(high, most)
    return Measure(value, low, high, n, method)
