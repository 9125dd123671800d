"""Measures of scores and probabilities, of rows that each count a number of times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Weighed(Protocol):
    """A measure of rows that are known: what it is when each counts so often."""

    def value(self, weight: Floats) -> float:
        """The measure; nan where it is undefined."""


class Ranking:
    """What is common to measures of how positives and negatives are sorted: the rows in order of their score."""

    def __init__(self, positive: NDArray[np.bool_], score: Floats) -> None:
        self._order = np.argsort(score, kind="stable")
        ranked = score[self._order]
        self._positive = positive[self._order]
        last = np.ones(len(score), dtype=np.bool_)
        last[:-1] = ranked[1:] != ranked[:-1]
        self._ends = np.flatnonzero(last)

    def _totals(self, weight: Floats) -> tuple[Floats, Floats]:
        """Positives and negatives with a score up to each that occurs."""
        weight = weight[self._order]
        own = np.where(self._positive, weight, 0.0)
        return np.cumsum(own)[self._ends], np.cumsum(weight - own)[self._ends]


class Area(Ranking):
    """Area under the ROC curve: how often a positive has the higher score; ties count one half."""

    def value(self, weight: Floats) -> float:
        """The area; nan where all are of one kind."""
        positives, negatives = self._totals(weight)
        if not len(positives) or positives[-1] <= 0 or negatives[-1] <= 0:
            return float("nan")
        before = np.concatenate([[0.0], negatives[:-1]])
        beaten = np.diff(positives, prepend=0.0) * (before + negatives) / 2
        return float(beaten.sum() / (positives[-1] * negatives[-1]))


class AveragePrecision(Ranking):
    """Mean of the precisions at each score, weighted by the recall that it adds."""

    def value(self, weight: Floats) -> float:
        """The average precision; nan where none is positive."""
        positives, negatives = self._totals(weight)
        if not len(positives) or positives[-1] <= 0:
            return float("nan")
        own = np.diff(positives, prepend=0.0)
        found = positives[-1] - positives + own
        called = found + negatives[-1] - negatives + np.diff(negatives, prepend=0.0)
        precision = np.divide(found, called, out=np.zeros_like(found), where=called > 0)
        return float((own * precision).sum() / positives[-1])


class OneByOne:
    """The mean of a measure of each class against the rest, over the classes that occur as a label."""

    def __init__(self, kind: type[Area | AveragePrecision], label: NDArray[np.int64], scores: Floats) -> None:
        self._each: Sequence[Weighed] = [kind(label == code, scores[:, code]) for code in np.unique(label)]

    def value(self, weight: Floats) -> float:
        """The mean; nan where fewer than two classes occur."""
        values = np.asarray([one.value(weight) for one in self._each])
        known = values[~np.isnan(values)]
        return float(known.mean()) if len(self._each) > 1 and len(known) else float("nan")


class Mean:
    """The mean of a number a row."""

    def __init__(self, each: Floats) -> None:
        self._each = each

    def value(self, weight: Floats) -> float:
        """The weighted mean; nan without rows."""
        total = float(weight.sum())
        return float((self._each * weight).sum() / total) if total > 0 else float("nan")


def log_losses(label: NDArray[np.int64], probabilities: Floats) -> Floats:
    """Minus the logarithm of the label's probability, which is cut off at the smallest difference from 0 and 1."""
    least = np.finfo(np.float64).eps
    own = probabilities[np.arange(len(label)), label]
    return np.asarray(-np.log(np.clip(own, least, 1 - least)), np.float64)


def brier_losses(label: NDArray[np.int64], probabilities: Floats, positive: int | None) -> Floats:
    """Squared distance of the positive class's probability from what happened; of many classes the sum over all."""
    if positive is not None:
        return np.asarray((probabilities[:, positive] - (label == positive)) ** 2, np.float64)
    happened = np.zeros_like(probabilities)
    happened[np.arange(len(label)), label] = 1
    return np.asarray(((probabilities - happened) ** 2).sum(axis=1), np.float64)
