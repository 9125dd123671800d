"""Means over repeated splits, whose rows overlap: with an interval that knows it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.clustered import effect_of, mean_effect
from offdiagonal.stats.intervals import t_quantile, wilson_bounds
from offdiagonal.stats.measure import Measure, unknown

Floats = NDArray[np.float64]
CORRECTED = "t over repeats, corrected for their overlap"
RATE = f"{CORRECTED}, and no narrower than Wilson over the rows that were tested"
ERROR_RATE = "error rate"
RMSE = "RMSE"
SAME = 1e-12
"""Values that differ by less than this part of them are the same."""


@dataclass(frozen=True)
class RowsTested:
    """The rows of a table that repeats tested on, each counted once."""

    rows: int
    of: int
    """All rows of the table."""
    groups: int | None = None
    """How many groups the tested rows are of, where splits keep groups together."""
    effect: float = 1.0
    """By which n is divided, for rows of one group fare alike (``stats.clustered``)."""

    @property
    def effective(self) -> float:
        """So many rows on their own would tell as much."""
        return self.rows / self.effect

    def after(self, repeats: int, so_far: int) -> float:
        """How many there would likely be after other repeats than those so far, as rows on their own."""
        left = (1 - self.rows / self.of) ** (repeats / so_far)
        return self.of * float(1 - left) / self.effect

    @property
    def text(self) -> str:
        """What they are, in words."""
        of = "" if self.groups is None else f" of {self.groups:,} group{'' if self.groups == 1 else 's'}"
        return f"{self.rows:,} test rows{of}"


def group_effect(wrong: Floats, group: NDArray[np.int64]) -> float:
    """Answer how much wider the interval of an error rate is for the groups of its rows.

    Parameters
    ----------
    wrong
        For each row the share of the repeats that tested it in which it was wrong.
    group
        The group of each row, 0 or more.

    Returns
    -------
    float
        The cluster-robust variance of the mean over that of as many rows that are right or wrong on their own, 1 or
        more; where all rows fare the same, as if all of a group were one row; infinite for a single group.

    Examples
    --------
    >>> group = np.arange(200) // 10
    >>> round(group_effect((group % 4 == 0) * 1.0, group), 1), round(group_effect(np.zeros(200), group), 1)
    (12.0, 12.0)
    """
    effect, rate = mean_effect(wrong, group), float(wrong.mean())
    many = len(np.unique(group))
    if np.ptp(wrong) <= SAME or many < 2:
        return effect
    few = effect_of(np.ones(many), np.arange(many))
    return max(few, effect * float(wrong.var()) / (rate * (1 - rate)))


def corrected(values: Floats, test_share: float) -> Measure:
    """The mean over repeats, with a 95 % interval that allows for the rows that they share.

    The variance is that of the repeats times (1/r + n_test/n_train) (Nadeau and Bengio, Inference for the
    generalization error, Machine Learning 52, 2003); as if they were independent it would be times 1/r.

    Parameters
    ----------
    values
        One a repeat; NaN where it failed.
    test_share
        Test rows over training rows of a repeat.

    Examples
    --------
    >>> import numpy as np
    >>> measure = corrected(np.array([0.1, 0.2, 0.3, 0.2]), 0.25)
    >>> round(measure.value, 3), round(measure.low, 3), round(measure.high, 3)
    (0.2, 0.016, 0.384)
    """
    kept = values[np.isfinite(values)]
    n = len(kept)
    if n < 2:
        return unknown(n, CORRECTED)
    mean = float(kept.mean())
    half = t_quantile(n - 1) * error_of(kept, test_share)
    return Measure(mean, mean - half, mean + half, n, CORRECTED)


def on_rows(values: Floats, test_share: float, tested: RowsTested | None) -> Measure:
    """The mean error over repeats, with an interval that never takes repeats that agree for certainty.

    All repeats are of the same rows, so what these have of chance need not show between them: a classifier that
    always says the same has one error in all stratified splits. A rate therefore has at least the interval of its
    rows (Wilson; of so many as groups leave of them); any other score has none where all repeats agree.

    Parameters
    ----------
    values
        One a repeat; NaN where it failed.
    test_share
        Test rows over training rows of a repeat.
    tested
        Of a rate, the rows that it is of; None for any other score.

    Examples
    --------
    >>> import numpy as np
    >>> on_rows(np.array([0.1, 0.1, 0.1]), 0.25, None).low is None
    True
    >>> rate = on_rows(np.array([0.1, 0.1, 0.1]), 0.25, RowsTested(200, 200))
    >>> round(rate.low, 3), round(rate.high, 3)
    (0.066, 0.149)
    """
    measure = corrected(values, test_share)
    if measure.value is None or measure.low is None or measure.high is None:
        return measure
    if tested is not None:
        low, high = rate_limits(measure.value, tested.effective)
        return Measure(measure.value, min(low, measure.low), max(high, measure.high), measure.n, RATE)
    if measure.high - measure.low <= SAME * abs(measure.value):
        return Measure(measure.value, None, None, measure.n, CORRECTED)
    return measure


def within(measure: Measure, error: str) -> Measure:
    """A rate is in [0, 1] and an RMSE never below nought; of a score of one's own nobody knows.

    Examples
    --------
    >>> within(Measure(0.02, -0.01, 0.05, 10, CORRECTED), "error rate").low
    0.0
    """
    if measure.low is None or measure.high is None or error not in (ERROR_RATE, RMSE):
        return measure
    high = min(1.0, measure.high) if error == ERROR_RATE else measure.high
    return replace(measure, low=max(0.0, measure.low), high=high)


def rate_limits(rate: float, rows: float) -> tuple[float, float]:
    """The limits of a rate of so many rows; of none, or of one group, nothing is known."""
    rows = max(rows, SAME)
    low, high = wilson_bounds(min(max(rate, 0.0), 1.0) * rows, rows)
    return float(low), float(high)


def row_means(values: Floats) -> Floats:
    """The mean of each row over what worked in it; NaN where nothing did."""
    kept = np.isfinite(values)
    counts = kept.sum(axis=1)
    sums = np.where(kept, values, 0.0).sum(axis=1)
    means: Floats = np.divide(sums, counts, out=np.full(len(values), np.nan), where=counts > 0)
    return means


def error_of(values: Floats, test_share: float) -> float:
    """The standard error of the mean over repeats that share rows."""
    return float(values.std(ddof=1)) * math.sqrt(1 / len(values) + test_share)


def unpaired(first: Floats, second: Floats, test_shares: tuple[float, float]) -> Measure:
    """The difference of two means over repeats that are no pairs, with the allowance of each and Welch's freedom.

    Examples
    --------
    >>> import numpy as np
    >>> measure = unpaired(np.array([0.3, 0.4, 0.3]), np.array([0.1, 0.2, 0.3, 0.2]), (0.25, 0.25))
    >>> round(measure.value, 3), bool(measure.low < 0 < measure.high)
    (0.133, True)
    """
    one, other = (values[np.isfinite(values)] for values in (first, second))
    n = len(one) + len(other)
    if min(len(one), len(other)) < 2:
        return unknown(n, CORRECTED)
    squares = [error_of(values, share) ** 2 for values, share in zip((one, other), test_shares, strict=True)]
    value = float(one.mean() - other.mean())
    if not sum(squares):
        return Measure(value, value, value, n, CORRECTED)
    parts = zip(squares, (len(one), len(other)), strict=True)
    freedom = sum(squares) ** 2 / sum(square**2 / (size - 1) for square, size in parts)
    half = t_quantile(freedom) * math.sqrt(sum(squares))
    return Measure(value, value - half, value + half, n, CORRECTED)
