"""Curves put in order and smoothed, so that neither a batch nor a spike decides what a trend is."""

from __future__ import annotations

import math

import numpy as np
from scipy.ndimage import median_filter

from offdiagonal.training.record import Curve, Floats

ROUNDING = 1e-6
"""Share of a loss by which it changes when only its last digits do."""
MAD = 1.4826
"""Times the median deviation it is the standard deviation of a normal distribution."""


def in_order(curve: Curve) -> Curve:
    """By step; of values at one step the last."""
    if len(curve) < 2 or (np.diff(curve.steps) > 0).all():
        return curve
    order = np.argsort(curve.steps, kind="stable")
    steps = curve.steps[order]
    order = order[np.append(np.diff(steps) > 0, True)]
    return Curve(curve.steps[order], curve.values[order], curve.times[order])


def running_median(values: Floats, width: int) -> Floats:
    """The median of the finite values around each; at the ends of those that there are."""
    half = min(max(1, width // 2), max(0, (len(values) - 1) // 2))
    if half == 0:
        return values
    found = np.asarray(median_filter(values, size=2 * half + 1, mode="nearest"))
    for i in range(half):
        found[i] = np.median(values[: i + half + 1])
        found[-1 - i] = np.median(values[-1 - i - half :])
    return found


def smoothed(values: Floats) -> Floats:
    """A running median over a twentieth of the values, then a running mean."""
    if len(values) < 5:
        return values
    width = min(501, max(3, len(values) // 20 | 1))
    middle = running_median(values, width)
    half = width // 2
    sums = np.concatenate([[0.0], np.cumsum(middle)])
    at = np.arange(len(values))
    low, high = np.maximum(at - half, 0), np.minimum(at + half + 1, len(values))
    return np.asarray((sums[high] - sums[low]) / (high - low))


def noise(values: Floats) -> float:
    """The standard deviation from one value to the next, which a trend hardly adds to and a spike not at all."""
    if len(values) < 3:
        return 0.0
    return float(MAD * np.median(np.abs(np.diff(values))) / math.sqrt(2))
