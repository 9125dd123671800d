"""Long curves made short: neighbouring points as one bucket that keeps their mean, lowest and highest value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offdiagonal.training.record import Curve, Floats

MOST = 8192
"""Buckets of a curve as a page holds it: some four for each pixel of a wide one."""


@dataclass(frozen=True)
class Buckets:
    """A curve in pieces of some points each; of one point each it is the curve itself."""

    steps: Floats
    """Of the first point of each."""
    times: Floats
    n: NDArray[np.int64]
    mean: Floats
    low: Floats
    high: Floats

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def raw(self) -> bool:
        """Whether each point stands for itself."""
        return bool((self.n == 1).all())


def buckets(curve: Curve, most: int = MOST) -> Buckets:
    """At most so many buckets, of equally many points each but the last; what is no finite number is left out.

    Parameters
    ----------
    curve
        The curve.
    most
        How many buckets there may be.

    Examples
    --------
    >>> import numpy as np
    >>> from offdiagonal.training.record import Curve
    >>> four = Curve(np.arange(4.0), np.array([4.0, 2.0, 3.0, 1.0]), np.arange(4.0))
    >>> buckets(four, 2).mean
    array([3., 2.])
    """
    kept = _by_step(curve.finite)
    points = len(kept)
    size = 1
    while points > size * most:
        size *= 2
    starts = np.arange(0, points, size)
    if size == 1:
        return Buckets(kept.steps, kept.times, np.ones(points, np.int64), *(kept.values,) * 3)
    n = np.diff(np.append(starts, points))
    return Buckets(
        kept.steps[starts],
        kept.times[starts],
        n,
        np.add.reduceat(kept.values, starts) / n,
        np.minimum.reduceat(kept.values, starts),
        np.maximum.reduceat(kept.values, starts),
    )


def _by_step(curve: Curve) -> Curve:
    """In the order of the steps, which several processes, or a count that begins anew, may log in another."""
    if (np.diff(curve.steps) >= 0).all():
        return curve
    order = np.argsort(curve.steps, kind="stable")
    return Curve(curve.steps[order], curve.values[order], curve.times[order])


def between(curve: Curve, low: float, high: float) -> Curve:
    """The part of a curve at steps from `low` to `high`, and the points just outside, so that a line goes on."""
    inside = np.flatnonzero((curve.steps >= low) & (curve.steps <= high))
    if not len(inside):
        return Curve(curve.steps[:0], curve.values[:0], curve.times[:0])
    part = slice(max(0, inside[0] - 1), inside[-1] + 2)
    return Curve(curve.steps[part], curve.values[part], curve.times[part])
