"""Measures that follow from the counts by label and prediction, for many confusion matrices at once.

All of them are told by three sums a class, so that no matrix is made, however many classes there are. Where predictions
are missing, the last class is that of the missing ones: it is never a label. Undefined is nan.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


class Margins(NamedTuple):
    """Of each matrix and class the rows that are right, labelled so and predicted so; or what they weigh."""

    hits: Values
    labelled: Values
    predicted: Values


class Places:
    """The cells that occur, in the order of label and prediction."""

    def __init__(self, label: NDArray[np.int64], prediction: NDArray[np.int64], size: int) -> None:
        self._size = size
        self._label, self._prediction = label, prediction
        self._right = np.flatnonzero(label == prediction)
        self._turned = np.argsort(prediction, kind="stable")

    def margins(self, counts: Values) -> Margins:
        """The margins of many matrices: a line of counts each, one for each cell that occurs."""
        hits = np.zeros((len(counts), self._size))
        hits[:, self._label[self._right]] = counts[:, self._right]
        labelled = self._added(self._label, counts)
        return Margins(hits, labelled, self._added(self._prediction[self._turned], counts[:, self._turned]))

    def _added(self, codes: NDArray[np.int64], counts: Values) -> Values:
        sums = np.zeros((len(counts), self._size))
        if len(codes):
            starts = np.flatnonzero(np.diff(codes, prepend=-1))
            sums[:, codes[starts]] = np.add.reduceat(counts, starts, axis=1)
        return sums


def _divided(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """a / b; nan where b is nought."""
    nothing = np.full(np.broadcast(a, b).shape, np.nan)
    return np.asarray(np.divide(a, b, out=nothing, where=b != 0), np.float64)


def accuracy(m: Margins, positive: int | None) -> Values:  # noqa: ARG001 - all are called alike
    """Share of the rows that are right."""
    return _divided(m.hits.sum(axis=1), m.labelled.sum(axis=1))


def error_rate(m: Margins, positive: int | None) -> Values:
    """Share of the rows that are wrong."""
    return 1 - accuracy(m, positive)


def _recalls(m: Margins) -> NDArray[np.float64]:
    return _divided(m.hits, m.labelled)


def _precisions(m: Margins) -> NDArray[np.float64]:
    return _divided(m.hits, m.predicted)


def _f1s(m: Margins) -> NDArray[np.float64]:
    return _divided(2 * m.hits, m.predicted + m.labelled)


def _mean_over_labels(values: NDArray[np.float64], m: Margins) -> Values:
    """Mean over the classes that occur as a label; where one is never predicted it counts as nought."""
    occurs = m.labelled > 0
    return _divided(np.where(occurs, np.nan_to_num(values), 0).sum(axis=1), occurs.sum(axis=1).astype(float))


def balanced_accuracy(m: Margins, positive: int | None) -> Values:  # noqa: ARG001
    """Mean of the recalls of the classes that occur as a label."""
    return _mean_over_labels(_recalls(m), m)


def macro_precision(m: Margins, positive: int | None) -> Values:  # noqa: ARG001
    """Mean of the precisions of the classes that occur as a label."""
    return _mean_over_labels(_precisions(m), m)


def macro_f1(m: Margins, positive: int | None) -> Values:  # noqa: ARG001
    """Mean of F1 over the classes that occur as a label."""
    return _mean_over_labels(_f1s(m), m)


def weighted_f1(m: Margins, positive: int | None) -> Values:  # noqa: ARG001
    """Mean of F1 over the classes, each counted as often as it is a label."""
    support = m.labelled
    return _divided((np.nan_to_num(_f1s(m)) * support).sum(axis=1), support.sum(axis=1))


def precision(m: Margins, positive: int | None) -> Values:
    """Of the rows predicted positive the share that is."""
    return _precisions(m)[:, positive or 0]


def recall(m: Margins, positive: int | None) -> Values:
    """Of the positive rows the share that is found."""
    return _recalls(m)[:, positive or 0]


def specificity(m: Margins, positive: int | None) -> Values:
    """Of the negative rows the share that is not predicted positive."""
    code = positive or 0
    negative = m.labelled.sum(axis=1) - m.labelled[:, code]
    return 1 - _divided(m.predicted[:, code] - m.hits[:, code], negative)


def f1(m: Margins, positive: int | None) -> Values:
    """Harmonic mean of precision and recall; nan where the positive class is never a label."""
    code = positive or 0
    return np.where(m.labelled[:, code] > 0, _f1s(m)[:, code], np.nan)


def kappa(m: Margins, positive: int | None) -> Values:  # noqa: ARG001
    """Cohen's kappa: agreement beyond what the frequencies of labels and predictions give by chance."""
    n = m.labelled.sum(axis=1)
    agreed = _divided(m.hits.sum(axis=1), n)
    chance = _divided((m.predicted * m.labelled).sum(axis=1), n**2)
    return _divided(agreed - chance, np.where(np.isclose(chance, 1, atol=1e-15), 0, 1 - chance))


def mcc(m: Margins, positive: int | None) -> Values:  # noqa: ARG001
    """Matthews' correlation of label and prediction, for any number of classes (Gorodkin's R_K)."""
    n = m.labelled.sum(axis=1)
    labels, predictions = m.labelled, m.predicted
    shared = m.hits.sum(axis=1) * n - (labels * predictions).sum(axis=1)
    spread = (n**2 - (labels**2).sum(axis=1)) * (n**2 - (predictions**2).sum(axis=1))
    return _divided(shared, np.sqrt(np.maximum(spread, 0)))
