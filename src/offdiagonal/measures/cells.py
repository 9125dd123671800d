"""Measures that follow from the counts by label and prediction, for many confusion matrices at once.

Rows of a matrix are labels, columns predictions. Where predictions are missing, the last class is that of the missing
ones: it is never a label. Undefined is nan.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrices = NDArray[np.float64]
"""Shape (matrices, classes, classes); sums of weights, where there are weights."""
Values = NDArray[np.float64]


def _divided(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """a / b; nan where b is nought."""
    nothing = np.full(np.broadcast(a, b).shape, np.nan)
    return np.asarray(np.divide(a, b, out=nothing, where=b != 0), np.float64)


def _hits(m: Matrices) -> NDArray[np.float64]:
    return np.asarray(np.diagonal(m, axis1=1, axis2=2), np.float64)


def accuracy(m: Matrices, positive: int | None) -> Values:  # noqa: ARG001 - all are called alike
    """Share of the rows that are right."""
    return _divided(_hits(m).sum(axis=1), m.sum(axis=(1, 2)))


def error_rate(m: Matrices, positive: int | None) -> Values:
    """Share of the rows that are wrong."""
    return 1 - accuracy(m, positive)


def _recalls(m: Matrices) -> NDArray[np.float64]:
    return _divided(_hits(m), m.sum(axis=2))


def _precisions(m: Matrices) -> NDArray[np.float64]:
    return _divided(_hits(m), m.sum(axis=1))


def _f1s(m: Matrices) -> NDArray[np.float64]:
    return _divided(2 * _hits(m), m.sum(axis=1) + m.sum(axis=2))


def _mean_over_labels(values: NDArray[np.float64], m: Matrices) -> Values:
    """Mean over the classes that occur as a label; where one is never predicted it counts as nought."""
    occurs = m.sum(axis=2) > 0
    return _divided(np.where(occurs, np.nan_to_num(values), 0).sum(axis=1), occurs.sum(axis=1).astype(float))


def balanced_accuracy(m: Matrices, positive: int | None) -> Values:  # noqa: ARG001
    """Mean of the recalls of the classes that occur as a label."""
    return _mean_over_labels(_recalls(m), m)


def macro_precision(m: Matrices, positive: int | None) -> Values:  # noqa: ARG001
    """Mean of the precisions of the classes that occur as a label."""
    return _mean_over_labels(_precisions(m), m)


def macro_f1(m: Matrices, positive: int | None) -> Values:  # noqa: ARG001
    """Mean of F1 over the classes that occur as a label."""
    return _mean_over_labels(_f1s(m), m)


def weighted_f1(m: Matrices, positive: int | None) -> Values:  # noqa: ARG001
    """Mean of F1 over the classes, each counted as often as it is a label."""
    support = m.sum(axis=2)
    return _divided((np.nan_to_num(_f1s(m)) * support).sum(axis=1), support.sum(axis=1))


def precision(m: Matrices, positive: int | None) -> Values:
    """Of the rows predicted positive the share that is."""
    return _precisions(m)[:, positive or 0]


def recall(m: Matrices, positive: int | None) -> Values:
    """Of the positive rows the share that is found."""
    return _recalls(m)[:, positive or 0]


def specificity(m: Matrices, positive: int | None) -> Values:
    """Of the negative rows the share that is not predicted positive."""
    negative = np.arange(m.shape[1]) != positive
    others = m[:, negative]
    return 1 - _divided(others[:, :, positive or 0].sum(axis=1), others.sum(axis=(1, 2)))


def f1(m: Matrices, positive: int | None) -> Values:
    """Harmonic mean of precision and recall; nan where the positive class is never a label."""
    code = positive or 0
    return np.where(m[:, code].sum(axis=1) > 0, _f1s(m)[:, code], np.nan)


def kappa(m: Matrices, positive: int | None) -> Values:  # noqa: ARG001
    """Cohen's kappa: agreement beyond what the frequencies of labels and predictions give by chance."""
    n = m.sum(axis=(1, 2))
    agreed = _divided(_hits(m).sum(axis=1), n)
    chance = _divided((m.sum(axis=1) * m.sum(axis=2)).sum(axis=1), n**2)
    return _divided(agreed - chance, np.where(np.isclose(chance, 1, atol=1e-15), 0, 1 - chance))


def mcc(m: Matrices, positive: int | None) -> Values:  # noqa: ARG001
    """Matthews' correlation of label and prediction, for any number of classes (Gorodkin's R_K)."""
    n = m.sum(axis=(1, 2))
    labels, predictions = m.sum(axis=2), m.sum(axis=1)
    shared = _hits(m).sum(axis=1) * n - (labels * predictions).sum(axis=1)
    spread = (n**2 - (labels**2).sum(axis=1)) * (n**2 - (predictions**2).sum(axis=1))
    return _divided(shared, np.sqrt(np.maximum(spread, 0)))
