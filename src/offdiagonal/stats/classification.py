"""Measures of a classifier from its confusion matrix.

Rows are labels, columns predictions. Where one index stands for missing values, rows whose label is missing
are not judged and left out; a missing prediction of a labelled row is an error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from offdiagonal.stats.cells import Cells
from offdiagonal.stats.intervals import WILSON, wilson_limits
from offdiagonal.stats.measure import MIN_N, Measure, logit_limits, unknown
from offdiagonal.stats.weighted import Rows, rows_at, share

DELTA = "delta method (logit)"
OVERLAP = "Wilson on TP / (TP + FP + FN)"


@dataclass(frozen=True)
class Weights:
    """Sums of the rows' weights, and of the squares of these, in each cell of a confusion matrix."""

    w: NDArray[np.float64]
    ww: NDArray[np.float64]


def accuracy(
    confusion: ArrayLike | Cells,
    missing: int | None = None,
    weights: Weights | None = None,
    effect: float = 1.0,
) -> Measure:
    """Answer what share of the judged rows is predicted right.

    Parameters
    ----------
    confusion : array of shape (classes, classes)
        Counts of rows; rows are labels, columns predictions. Of many classes the cells that occur.
    missing
        The index of the missing class, if there is one.
    weights
        Of the rows in each cell; default: each row counts once.
    effect
        By how much groups of rows that fare alike widen the interval (``stats/clustered.py``).

    Returns
    -------
    Measure
        With Wilson's interval; n is the judged rows; ``None`` below ten.

    Raises
    ------
    ValueError
        If the matrix is not square or holds anything but counts.
    IndexError
        If there is no such class.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.

    Examples
    --------
    >>> round(accuracy([[1000, 45, 7], [10, 505, 8], [50, 30, 2000]]).value, 5)
    0.95896
    """
    if isinstance(confusion, Cells):
        judged = confusion.judged(missing)
        return share(rows_at(judged.sums, judged.right), rows_at(judged.sums), effect)
    cells = _all_judged(confusion, missing, weights)
    return share(
        _rows(cells, lambda matrix: matrix.trace()), _rows(cells, lambda matrix: matrix.sum()), effect
    )


def recall(
    confusion: ArrayLike,
    klass: int,
    missing: int | None = None,
    weights: Weights | None = None,
    effect: float = 1.0,
) -> Measure:
    """Answer what share of the rows of a class is found.

    Parameters
    ----------
    confusion : array of shape (classes, classes)
        Counts of rows; rows are labels, columns predictions.
    klass
        The index of the class.
    missing
        The index of the missing class, if there is one.
    weights
        Of the rows in each cell; default: each row counts once.
    effect
        By how much groups of rows that fare alike widen the interval (``stats/clustered.py``).

    Returns
    -------
    Measure
        With Wilson's interval; n is the rows labelled so; ``None`` below ten, or if ``klass`` is ``missing``.

    Raises
    ------
    ValueError
        If the matrix is not square or holds anything but counts.
    IndexError
        If there is no such class.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.

    Examples
    --------
    >>> round(recall([[1000, 45, 7], [10, 505, 8], [50, 30, 2000]], 0).value, 4)
    0.9506
    """
    judged = _all_judged(confusion, missing, weights)
    _check_class(judged[0], klass)
    return share(
        _rows(judged, lambda cells: cells[klass, klass]),
        _rows(judged, lambda cells: cells[klass].sum()),
        effect,
    )


def precision(
    confusion: ArrayLike,
    klass: int,
    missing: int | None = None,
    weights: Weights | None = None,
    effect: float = 1.0,
) -> Measure:
    """Answer what share of the rows predicted as a class is of that class.

    Parameters
    ----------
    confusion : array of shape (classes, classes)
        Counts of rows; rows are labels, columns predictions.
    klass
        The index of the class.
    missing
        The index of the missing class, if there is one.
    weights
        Of the rows in each cell; default: each row counts once.
    effect
        By how much groups of rows that fare alike widen the interval (``stats/clustered.py``).

    Returns
    -------
    Measure
        With Wilson's interval; n is the judged rows predicted so; ``None`` below ten, or if ``klass`` is
        ``missing``.

    Raises
    ------
    ValueError
        If the matrix is not square or holds anything but counts.
    IndexError
        If there is no such class.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.

    Examples
    --------
    >>> round(precision([[1000, 45, 7], [10, 505, 8], [50, 30, 2000]], 0).value, 4)
    0.9434
    """
    judged = _all_judged(confusion, missing, weights)
    _check_class(judged[0], klass)
    if klass == missing:
        return unknown(0, WILSON)
    return share(
        _rows(judged, lambda cells: cells[klass, klass]),
        _rows(judged, lambda cells: cells[:, klass].sum()),
        effect,
    )


def f1(
    confusion: ArrayLike,
    klass: int,
    missing: int | None = None,
    weights: Weights | None = None,
    effect: float = 1.0,
) -> Measure:
    """Answer how well one class is found and kept apart: the harmonic mean of its recall and precision.

    F1 = 2 TP / (2 TP + FP + FN), so a labelled class that is never predicted, whose precision is undefined,
    has an F1 of 0. A class that is never a label has none.

    F1 is a rising function, 2 J / (1 + J), of J = TP / (TP + FP + FN), a plain rate of the rows that concern
    the class: Wilson's limits for J give those of F1. In large tables they are those of the delta method;
    near 0 and 1, where that one's shrink to no width, they still cover.

    Parameters
    ----------
    confusion : array of shape (classes, classes)
        Counts of rows; rows are labels, columns predictions.
    klass
        The index of the class.
    missing
        The index of the missing class, if there is one.
    weights
        Of the rows in each cell; default: each row counts once.
    effect
        By how much groups of rows that fare alike widen the interval (``stats/clustered.py``).

    Returns
    -------
    Measure
        n is TP + FP + FN, the judged rows labelled or predicted so; ``None`` below ten.

    Raises
    ------
    ValueError
        If the matrix is not square or holds anything but counts.
    IndexError
        If there is no such class.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.

    Examples
    --------
    >>> measure = f1([[50, 10], [5, 35]], 0)
    >>> round(measure.value, 4), round(measure.low, 4), round(measure.high, 4), measure.n
    (0.8696, 0.7905, 0.9218, 65)
    """
    judged = _all_judged(confusion, missing, weights)
    _check_class(judged[0], klass)
    hits = _rows(judged, lambda cells: cells[klass, klass])
    union = _rows(judged, lambda cells: cells[klass].sum() + cells[:, klass].sum() - cells[klass, klass])
    method = OVERLAP if weights is None else f"{OVERLAP}, effective n"
    if not judged[0][klass].any():
        return unknown(0 if klass == missing else union.n, OVERLAP)
    overlap = share(hits, union, effect)
    if effect != 1:
        method = f"{OVERLAP}, n by groups"
    if overlap.value is None:
        return unknown(union.n, method)
    value, low, high = (
        None if rate is None else 2 * rate / (1 + rate) for rate in (overlap.value, overlap.low, overlap.high)
    )
    return Measure(value, low, high, union.n, method)


def macro_f1(
    confusion: ArrayLike | Cells,
    missing: int | None = None,
    weights: Weights | None = None,
    effect: float = 1.0,
) -> Measure:
    """Answer how well the classes are told apart, each class counting the same.

    The mean of F1 over the classes that occur as a label; one that is never predicted counts as 0. A class
    that occurs as a prediction only is no term of the mean: its rows are misses of their own classes already.
    (scikit-learn's ``average="macro"`` counts it as 0, unless ``labels=`` names the classes that occur.)

    Parameters
    ----------
    confusion : array of shape (classes, classes)
        Counts of rows; rows are labels, columns predictions. Of many classes the cells that occur.
    missing
        The index of the missing class, if there is one.
    weights
        Of the rows in each cell; default: each row counts once.
    effect
        By how much groups of rows that fare alike widen the interval (``stats/clustered.py``).

    Returns
    -------
    Measure
        n is the judged rows; ``None`` below ten. The interval is given only if each class that occurs has ten
        labelled rows or more; it is the delta method's over all cells, on the logit scale, and where each F1
        is 0 or 1 (the delta method then knows no error) the mean of the limits that `f1` gives.

    Raises
    ------
    ValueError
        If the matrix is not square or holds anything but counts.
    IndexError
        If there is no such class.

    References
    ----------
    Takahashi, Yamamoto, Kuchiba and Koyama (2022), Confidence interval for micro-averaged F1 and
    macro-averaged F1 scores, Applied Intelligence 52; here with all cells.

    Examples
    --------
    >>> measure = macro_f1([[1000, 45, 7], [10, 505, 8], [50, 30, 2000]])
    >>> round(measure.value, 4), round(measure.low, 4), round(measure.high, 4), measure.n
    (0.9465, 0.9372, 0.9545, 3655)
    """
    cells = confusion if isinstance(confusion, Cells) else Cells.of(_all_judged(confusion, missing, weights))
    cells = cells.judged(missing)
    counts, *sums = cells.sums
    n, rows = int(counts.sum()), cells.by(cells.label, counts)
    weight, squares = sums or (counts, counts)
    labelled = cells.by(cells.label, weight)
    occurs = labelled > 0
    if n < MIN_N or not occurs.any():
        return unknown(n, DELTA)
    terms = int(occurs.sum())
    both = labelled + cells.by(cells.prediction, weight)
    both = np.where(both > 0, both, 1)
    right = cells.right
    hits = cells.by(cells.label, np.where(right, weight, 0))
    scores = np.where(occurs, 2 * hits / both, 0.0)
    value = float(scores.sum()) / terms
    if rows[occurs].min() < MIN_N or not math.isfinite(effect):
        return Measure(value, None, None, n, DELTA)
    part, slope = _macro_slopes(labelled, cells.by(cells.prediction, weight), hits)
    gradient = np.where(right, slope[cells.label], 0.0) - part[cells.label] - part[cells.prediction]
    error = math.sqrt(effect * float((squares * gradient**2).sum()))
    if error == 0:
        hits, predicted = (
            cells.by(cells.label, np.where(right, counts, 0)),
            cells.by(cells.prediction, counts),
        )
        limits = [
            _f1_limits(int(hit), int(size - hit))
            for hit, size in zip(hits[occurs], (rows + predicted)[occurs], strict=True)
        ]
        low, high = (sum(side) / terms for side in zip(*limits, strict=True))
        return Measure(value, low, high, n, DELTA)
    return Measure(value, *logit_limits(value, error), n, DELTA)


def macro_f1_gradient(confusion: ArrayLike, missing: int | None = None) -> NDArray[np.float64]:
    """Return what one more row of each cell adds to macro F1, times the number of rows.

    Parameters
    ----------
    confusion : array of shape (classes, classes)
        Counts of rows, or sums of their weights.
    missing
        The index of the missing class, if there is one.

    Examples
    --------
    >>> counts = np.array([[50, 10], [5, 35]])
    >>> bool(abs((macro_f1_gradient(counts) * counts).sum()) < 1e-12)
    True
    """
    cells = np.asarray(confusion, np.float64).copy()
    if missing is not None:
        cells[missing] = 0
    part, slope = _macro_slopes(cells.sum(axis=1), cells.sum(axis=0), cells.diagonal())
    return np.asarray(np.diag(slope) - part[:, None] - part[None, :])


def macro_f1_pull(
    label: NDArray[np.int64], prediction: NDArray[np.int64], weight: NDArray[np.float64] | None, size: int
) -> NDArray[np.float64]:
    """Return what one more row like each of these adds to macro F1, times the number of rows; no matrix is made.

    Parameters
    ----------
    label, prediction, weight
        Of each judged row.
    size
        How many classes there are.

    Examples
    --------
    >>> label, prediction = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    >>> bool(abs(macro_f1_pull(label, prediction, None, 2).sum()) < 1e-12)
    True
    """
    right = label == prediction
    hits = np.bincount(label[right], None if weight is None else weight[right], size)
    labelled, predicted = (np.bincount(side, weight, size) for side in (label, prediction))
    part, slope = _macro_slopes(labelled, predicted, hits)
    return np.asarray(np.where(right, slope[label], 0.0) - part[label] - part[prediction])


def _macro_slopes(
    labelled: NDArray[Any], predicted: NDArray[Any], hits: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By how much a row of each class on either side lowers macro F1, and a right one raises it."""
    # F1 does not change when all counts double, so its gradient's mean over the rows is 0
    occurs, both = labelled > 0, labelled + predicted
    both, terms = np.where(both > 0, both, 1), max(int(occurs.sum()), 1)
    part = np.where(occurs, 2 * hits / both, 0.0) / both
    return part / terms, np.where(occurs, 2 / both, 0.0) / terms


def _judged(confusion: ArrayLike, missing: int | None) -> NDArray[np.int64]:
    """Copy the counts, without the rows whose label is missing."""
    given = np.asarray(confusion)
    if given.ndim != 2 or given.shape[0] != given.shape[1]:
        raise ValueError(f"a confusion matrix is square, not of shape {given.shape}")
    with np.errstate(invalid="ignore"):  # nan is refused below
        counts = given.astype(np.int64)
    if (counts != given).any() or counts.min(initial=0) < 0:
        raise ValueError("a confusion matrix holds counts: whole numbers that are not negative")
    if missing is not None:
        _check_class(counts, missing)
        counts[missing] = 0
    return counts


def _all_judged(
    confusion: ArrayLike, missing: int | None, weights: Weights | None
) -> list[NDArray[np.int64] | NDArray[np.float64]]:
    """The judged counts, and behind them the weights and the squares of these where there are some."""
    counts = _judged(confusion, missing)
    sums = [] if weights is None else [weights.w.astype(np.float64), weights.ww.astype(np.float64)]
    for cells in sums:
        if missing is not None:
            cells[missing] = 0
    return [counts, *sums]


def _rows(judged: Sequence[NDArray[Any]], pick: Callable[[NDArray[Any]], Any]) -> Rows:
    """How many rows something picks, and what they weigh."""
    counts, *sums = judged
    return Rows(int(pick(counts)), *(float(pick(cells)) for cells in sums))


def _check_class(counts: NDArray[Any], klass: int) -> None:
    if not 0 <= klass < len(counts):
        raise IndexError(f"class {klass} of {len(counts)}")


def _f1_limits(hits: int, union: int) -> tuple[float, float]:
    low, high = wilson_limits(hits, union)
    return 2 * low / (1 + low), 2 * high / (1 + high)
