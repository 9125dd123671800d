"""Measures of a regression that sums by slice do not give: RMSE, R squared and the mean error."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.clustered import Groups, effect_of
from offdiagonal.stats.intervals import T, t_quantile
from offdiagonal.stats.measure import MIN_N, Measure, unknown
from offdiagonal.stats.moments import LEAST

DELTA_RMSE = "delta method (logarithm)"
DELTA_R2 = "delta method (influence)"

Floats = NDArray[np.float64]


def mae(
    label: Floats, prediction: Floats, weight: Floats | None = None, group: Groups | None = None
) -> Measure:
    """Answer how far predictions are from labels on average: the mean of the absolute errors.

    Parameters
    ----------
    label, prediction
        Finite numbers, one for each row.
    weight
        How much each row stands for; default: 1.
    group
        Where rows come in groups that fare alike (``stats/clustered.py``); default: each is for itself.

    Returns
    -------
    Measure
        In the label's unit, with a t interval; ``None`` below ten rows.

    Examples
    --------
    >>> label = np.arange(20.0)
    >>> mae(label, label + 2).value
    2.0
    """
    return mean_error(np.zeros(len(label)), np.abs(prediction - label), weight, group)


def rmse(
    label: Floats, prediction: Floats, weight: Floats | None = None, group: Groups | None = None
) -> Measure:
    """Answer how far predictions are from labels, large errors counting more: the root of the mean squared error.

    Parameters
    ----------
    label, prediction
        Finite numbers, one for each row.
    weight
        How much each row stands for; default: 1.
    group
        Where rows come in groups that fare alike (``stats/clustered.py``); default: each is for itself.

    Returns
    -------
    Measure
        In the label's unit; ``None`` below ten rows. The interval is made for the logarithm.

    References
    ----------
    Delta method for the mean of the squared errors: van der Vaart (1998), Asymptotic statistics, chapter 3.

    Examples
    --------
    >>> label = np.arange(20.0)
    >>> measure = rmse(label, label + np.tile([1.0, -1.0], 10))
    >>> measure.value, measure.low, measure.high
    (1.0, 1.0, 1.0)
    """
    if len(label) < MIN_N:
        return unknown(len(label), DELTA_RMSE)
    squares = (prediction - label) ** 2
    mean, half = _mean(squares, _weights(weight, len(label)), group)
    value = math.sqrt(mean)
    if mean <= 0:
        return Measure(0.0, 0.0, 0.0, len(label), DELTA_RMSE)
    if half is None:
        return Measure(value, None, None, len(label), DELTA_RMSE)
    factor = math.exp(half / mean / 2)
    return Measure(value, value / factor, value * factor, len(label), DELTA_RMSE)


def r2(
    label: Floats, prediction: Floats, weight: Floats | None = None, group: Groups | None = None
) -> Measure:
    """Answer which share of the labels' variance the predictions explain; below 0 they are worse than the mean.

    Parameters
    ----------
    label, prediction
        Finite numbers, one for each row.
    weight
        How much each row stands for; default: 1.
    group
        Where rows come in groups that fare alike (``stats/clustered.py``); default: each is for itself.

    Returns
    -------
    Measure
        At most 1; ``None`` below ten rows, or where all labels are the same.

    References
    ----------
    The influence function of 1 - E(y - f)^2 / Var y: van der Vaart (1998), Asymptotic statistics, chapter 20.

    Examples
    --------
    >>> label = np.arange(20.0)
    >>> round(r2(label, label + np.tile([1.0, -1.0], 10)).value, 4)
    0.9699
    """
    n = len(label)
    if n < MIN_N:
        return unknown(n, DELTA_R2)
    weights = _weights(weight, n)
    centre = float(np.average(label, weights=weights))
    spread, squares = (label - centre) ** 2, (prediction - label) ** 2
    variance = float(np.average(spread, weights=weights))
    if variance <= 0:
        return unknown(n, DELTA_R2)
    unexplained = float(np.average(squares, weights=weights)) / variance
    _, half = _mean((squares - unexplained * spread) / variance, weights, group)
    value = 1 - unexplained
    if half is None:
        return Measure(value, None, None, n, DELTA_R2)
    return Measure(value, value - half, min(value + half, 1.0), n, DELTA_R2)


def mean_error(
    label: Floats, prediction: Floats, weight: Floats | None = None, group: Groups | None = None
) -> Measure:
    """Answer whether predictions are too high (above 0) or too low on average: the mean of prediction minus label.

    Parameters
    ----------
    label, prediction
        Finite numbers, one for each row.
    weight
        How much each row stands for; default: 1.
    group
        Where rows come in groups that fare alike (``stats/clustered.py``); default: each is for itself.

    Returns
    -------
    Measure
        In the label's unit, with a t interval; ``None`` below ten rows.

    Examples
    --------
    >>> label = np.arange(20.0)
    >>> mean_error(label, label + 2).value
    2.0
    """
    n = len(label)
    if n < MIN_N:
        return unknown(n, T)
    mean, half = _mean(prediction - label, _weights(weight, n), group)
    if half is None:
        return Measure(mean, None, None, n, T)
    return Measure(mean, mean - half, mean + half, n, T)


def _weights(weight: Floats | None, n: int) -> Floats:
    return np.ones(n) if weight is None else weight


def _mean(values: Floats, weights: Floats, group: Groups | None) -> tuple[float, float | None]:
    """The weighted mean and half of its t interval, of the linearised variance; None of too few effective rows."""
    total = float(weights.sum())
    mean = float(weights @ values) / total
    size = total**2 / float(weights @ weights)
    there = weights > 0
    effect = 1.0 if group is None else effect_of((weights * (values - mean))[there], group[there])
    if size < LEAST or not math.isfinite(effect):
        return mean, None
    spread = float(weights**2 @ (values - mean) ** 2) / total**2
    return mean, t_quantile(size - 1) * math.sqrt(effect * spread * size / (size - 1))
