"""Where a curve leaps: single steps that stand far above the values before them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offdiagonal.training.diagnosis.restarts import begun_anew
from offdiagonal.training.diagnosis.smooth import MAD, ROUNDING, in_order, running_median
from offdiagonal.training.record import Curve, Floats

WINDOW = 20
"""Values before a step, whose median a spike leaps above."""
LEAP = 8.0
"""How many times the usual deviation from the median: of noise with heavy tails it is hardly ever above 7."""
FALLEN = 0.3
"""And at least this share of all that the loss fell,"""
RARE = 9.0
RARE_FALLEN = 0.05
TAIL = 3.0
"""or less of it, where it stands out so far: the last over the 97 % quantile of the values around, for some losses have
long tails."""
SETTLED = 0.05
"""Of the beginning of a run nothing is called a spike: there the loss falls steeply."""
PART = 4_096
"""Windows that are copied at a time."""


@dataclass(frozen=True)
class Spike:
    """One leap."""

    step: float
    end: float
    height: float
    """Above the running median."""
    times: float
    """Over the usual deviation."""


def spikes_of(given: Curve) -> tuple[Spike, ...]:
    """All spikes of a curve, in the order of the steps."""
    curve = in_order(given.finite)
    n = len(curve)
    if n < 2 * WINDOW or begun_anew(given):
        return ()
    before = median_before(curve.values)
    above = curve.values - before
    usual = _usual(curve.values)
    fell = max(float(np.median(curve.values[: max(1, n // 100)])) - float(np.quantile(before, 0.02)), 0.0)
    tall = (above > LEAP * usual) & (above > FALLEN * fell)
    rare = (above > RARE * usual) & (above > RARE_FALLEN * fell)
    rare[rare] = above[rare] > TAIL * _tail(above, np.flatnonzero(rare))
    high = (tall | rare) & (above > ROUNDING * np.abs(before))
    high[: max(5, int(SETTLED * n))] = False
    at = np.flatnonzero(high)
    if not len(at):
        return ()
    groups = np.split(at, np.flatnonzero(np.diff(at) > WINDOW // 2) + 1)
    found = []
    for group in groups:
        top = int(group[above[group].argmax()])
        times = float(above[top] / usual[top]) if usual[top] else math.inf
        found.append(Spike(float(curve.steps[top]), float(curve.steps[group[-1]]), float(above[top]), times))
    return tuple(found)


def median_before(values: Floats) -> Floats:
    """The median of the values before each; at the beginning of those that there are."""
    padded = np.concatenate([np.full(WINDOW, values[0]), values])
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[: len(values)]
    return np.asarray(np.median(windows, axis=1))


def _usual(values: Floats) -> Floats:
    """The usual deviation around each step: it changes as a training goes on."""
    change = np.abs(np.diff(values, prepend=values[0]))
    near = running_median(change, min(len(values) // 2 * 2 - 1, 5 * WINDOW))
    return np.asarray(MAD / math.sqrt(2) * np.maximum(near, 0.5 * float(np.median(change))))


def _tail(above: Floats, at: NDArray[np.int64]) -> Floats:
    """The 97 % quantile of what is around some of the values."""
    half = min(5 * WINDOW, len(above) // 2)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(above, half, mode="reflect"), 2 * half + 1)
    parts = [at[i : i + PART] for i in range(0, len(at), PART)]  # a copy of all windows would not fit
    return (
        np.concatenate([np.quantile(windows[part], 0.97, axis=1) for part in parts]) if parts else above[:0]
    )
