"""The order of many classes: similar ones side by side, so that confusions form blocks near the diagonal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NATURAL_ORDER_AT_MOST = 12


def similarity_order(counts: NDArray[np.int64], missing: int | None = None) -> tuple[int, ...]:
    """Class codes ordered by how often they are confused.

    Average linkage on the share of confusions; of two groups that meet, the ends that are most alike are put side
    by side. Up to 12 classes keep their own order; the missing class is always last.

    Parameters
    ----------
    counts
        Rows are labels, columns predictions.
    missing
        Code of the missing class.
    """
    k = len(counts)
    codes = [code for code in range(k) if code != missing]
    tail = () if missing is None else (missing,)
    if len(codes) <= NATURAL_ORDER_AT_MOST:
        return (*codes, *tail)
    inner = counts[np.ix_(codes, codes)].astype(float)
    share = inner / np.maximum(inner.sum(axis=1, keepdims=True), 1)
    likeness = share + share.T
    return (*(codes[i] for i in _leaves(likeness)), *tail)


def _leaves(likeness: NDArray[np.float64]) -> list[int]:
    """Leaves of the tree of average linkage. Of equally alike groups those that come first meet first."""
    between = likeness.copy()
    np.fill_diagonal(between, -1.0)
    groups = {i: [i] for i in range(len(between))}
    for _ in range(len(between) - 1):
        first, second = sorted(map(int, np.unravel_index(between.argmax(), between.shape)))
        size, other = len(groups[first]), len(groups[second])
        merged = (between[first] * size + between[second] * other) / (size + other)
        groups[first] = _joined(groups[first], groups.pop(second), likeness)
        merged[[first, *_gone(between, first)]] = -1.0
        between[first], between[:, first] = merged, merged
        between[second], between[:, second] = -1.0, -1.0
    return next(iter(groups.values()))


def _gone(between: NDArray[np.float64], first: int) -> NDArray[np.int64]:
    """Groups that were merged into others."""
    return np.flatnonzero(between[first] < 0)


def _joined(a: list[int], b: list[int], likeness: NDArray[np.float64]) -> list[int]:
    """Two groups side by side, turned so that the ends that meet are most alike."""
    ways = [(a, b), (a, b[::-1]), (a[::-1], b), (a[::-1], b[::-1])]
    left, right = max(ways, key=lambda way: likeness[way[0][-1], way[1][0]])
    return left + right
