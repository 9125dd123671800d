"""Means over repeated splits, whose rows overlap: with an interval that knows it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.intervals import t_quantile
from offdiagonal.stats.measure import Measure, unknown

Floats = NDArray[np.float64]
CORRECTED = "t over repeats, corrected for their overlap"


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
