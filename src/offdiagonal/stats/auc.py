"""The area under the ROC curve."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from offdiagonal.stats.clustered import effect_of
from offdiagonal.stats.measure import MIN_N, Measure, Z, logit_limits, unknown

DELONG = "DeLong (logit)"
SCORE = "Newcombe's score"


WEIGHTED = "DeLong (logit), weighted"
GROUPED = "DeLong (logit), by groups"


def auc_delong(
    positive: ArrayLike, score: ArrayLike, weight: ArrayLike | None = None, group: ArrayLike | None = None
) -> Measure:
    """Answer how often a positive row has a higher score than a negative one; ties count one half.

    Parameters
    ----------
    positive : bool array of shape (rows,)
        Which rows are positive.
    score : array of shape (rows,)
        A number per row, in any unit; infinities are ranked like any other number.
    weight : array of shape (rows,)
        How much each row stands for; default: 1. The variance is then linearised as that of a Hájek mean.
    group : int array of shape (rows,)
        Where rows come in groups that fare alike (``stats/clustered.py``); default: each is for itself.

    Returns
    -------
    Measure
        In [0, 1], exact; ``None`` below ten rows or where all rows are of one kind. The interval, of DeLong's
        variance on the logit scale, is given only for ten rows or more of either kind. Where that variance is
        nought (the kinds do not overlap, or all scores are one) it is Newcombe's score interval, and
        ``method`` says so.

    Raises
    ------
    ValueError
        If the shapes differ, are not one-dimensional, or a score is nan.

    References
    ----------
    DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, computed as by Sun and Xu (2014), IEEE Signal
    Processing Letters 21; Newcombe (2006), Confidence intervals for an effect size measure based on the
    Mann-Whitney statistic, Part 2, Statistics in Medicine 25, method 5.

    Examples
    --------
    >>> score = [*range(12), *range(6, 18)]
    >>> area = auc_delong([False] * 12 + [True] * 12, score)
    >>> round(area.value, 3), round(area.low, 3), round(area.high, 3)
    (0.875, 0.673, 0.96)
    """
    positive = np.asarray(positive, np.bool_)
    score = np.asarray(score, np.float64)
    if positive.ndim != 1 or positive.shape != score.shape:
        raise ValueError(f"one score a row, not shapes {positive.shape} and {score.shape}")
    if np.isnan(score).any():
        raise ValueError("a score is nan: leave those rows out, or give them a score")
    above, below = score[positive], score[~positive]
    m, n = above.size, below.size
    if m + n < MIN_N or m == 0 or n == 0:
        return unknown(m + n, DELONG)
    groups = None if group is None else np.asarray(group, np.int64)
    if weight is not None:
        return _weighted(positive, score, np.asarray(weight, np.float64), groups)
    rank = _midrank(score)
    # for each row of one kind, the share of the other kind that it beats
    beaten = (rank[positive] - _midrank(above)) / n
    beating = 1 - (rank[~positive] - _midrank(below)) / m
    value = float(beaten.mean())
    if min(m, n) < MIN_N:
        return Measure(value, None, None, m + n, DELONG)
    error = math.sqrt(beaten.var(ddof=1) / m + beating.var(ddof=1) / n)
    effect = _effect(positive, ((beaten - value) / m, (beating - value) / n), groups)
    if error < 1e-12 and groups is None:
        return Measure(value, *_score_limits(value, m, n), m + n, SCORE)
    if error < 1e-12 or not math.isfinite(effect):
        return Measure(value, None, None, m + n, DELONG)
    method = DELONG if groups is None else GROUPED
    return Measure(value, *logit_limits(value, error * math.sqrt(effect)), m + n, method)


def _effect(
    positive: NDArray[np.bool_],
    added: tuple[NDArray[np.float64], NDArray[np.float64]],
    group: NDArray[np.int64] | None,
) -> float:
    """By how much groups widen the interval, from what positive and negative rows add to the area."""
    if group is None:
        return 1.0
    each = np.empty(len(positive))
    each[positive], each[~positive] = added
    return effect_of(each, group)


def _weighted(
    positive: NDArray[np.bool_],
    score: NDArray[np.float64],
    weight: NDArray[np.float64],
    group: NDArray[np.int64] | None,
) -> Measure:
    """The weighted area: rows of one kind beat a share of the weight of the other."""
    kinds = (score[positive], weight[positive]), (score[~positive], weight[~positive])
    sizes = [len(w) for _, w in kinds]
    n = sum(sizes)
    if any(w.sum() <= 0 for _, w in kinds):
        return unknown(n, WEIGHTED)
    beaten, beating = _beaten(*kinds), 1 - _beaten(*kinds[::-1])
    value = float(np.average(beaten, weights=kinds[0][1]))
    effective = [float(w.sum() ** 2 / (w @ w)) for _, w in kinds]
    if min(*sizes, *effective) < MIN_N or not 0 < value < 1:
        return Measure(value, None, None, n, WEIGHTED)
    variance = sum(
        float(w**2 @ (share - value) ** 2) / float(w.sum()) ** 2 * size / (size - 1)
        for share, (_, w), size in zip((beaten, beating), kinds, effective, strict=True)
    )
    above, below = (
        w * (share - value) / w.sum() for share, (_, w) in zip((beaten, beating), kinds, strict=True)
    )
    there = weight > 0
    kept = (above[there[positive]], below[there[~positive]])
    effect = _effect(positive[there], kept, None if group is None else group[there])
    if not math.isfinite(effect):
        return Measure(value, None, None, n, WEIGHTED)
    method = WEIGHTED if group is None else GROUPED
    return Measure(value, *logit_limits(value, math.sqrt(variance * effect)), n, method)


def _beaten(
    own: tuple[NDArray[np.float64], NDArray[np.float64]],
    other: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """For each row of one kind the share of the other kind's weight that it beats; ties count one half."""
    order = np.argsort(other[0], kind="stable")
    total = np.concatenate([[0.0], np.cumsum(other[1][order])])
    below, upto = (total[np.searchsorted(other[0][order], own[0], side)] for side in ("left", "right"))
    return np.asarray((below + upto) / 2 / total[-1])


def _midrank(x: NDArray[np.float64]) -> NDArray[np.float64]:
    _, inverse, ties = np.unique(x, return_inverse=True, return_counts=True)
    middle = np.cumsum(ties) - (ties - 1) / 2
    return np.asarray(middle[inverse.reshape(-1)], np.float64)


def _score_limits(value: float, m: int, n: int) -> tuple[float, float]:
    """Solve (area - value)^2 = z^2 variance(area) on either side of the value."""

    def excess(area: float) -> float:
        extra = ((m + n) / 2 - 1) * ((1 - area) / (2 - area) + area / (1 + area))
        return (area - value) ** 2 - Z * Z * area * (1 - area) * (1 + extra) / (m * n)

    def solve(inside: float, outside: float) -> float:
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if excess(middle) > 0 else (middle, outside)
        return outside

    return solve(value, 0.0), solve(value, 1.0)
