"""The rows that repeats test, and in which of them each is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from offdiagonal.capacity.fits import Ints, wrong_rows
from offdiagonal.capacity.repeats import RowsTested, group_effect


class Tested:
    """Collects, where rows come in groups, how often each is wrong.

    Parameters
    ----------
    pairs
        Training and test rows of each repeat.
    n
        Rows of the table.
    values
        How many sizes, or values of a setting, there are.
    groups
        One a row; None: each row is on its own.
    """

    def __init__(self, pairs: list[tuple[Ints, Ints]], n: int, values: int, groups: Any) -> None:
        self.n = n
        self.values = values
        self.places = np.unique(np.concatenate([test for _, test in pairs]))
        self.group = None if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
        if groups is not None:
            self.wrong, self.times = np.zeros((values, n)), np.zeros((values, n))

    def take(self, value: int, rows: Ints, estimator: Any, X: Any, y: Any) -> float:
        """The error rate on some rows."""
        wrong = wrong_rows(estimator, X, y)
        if self.group is not None:
            self.wrong[value, rows] += wrong
            self.times[value, rows] += 1
        return float(wrong.mean())

    def rows(self) -> tuple[RowsTested, ...]:
        """At each value what the interval of its error rate is of."""
        if self.group is None:
            return (RowsTested(len(self.places), self.n),) * self.values
        many = len(np.unique(self.group[self.places]))
        return tuple(
            RowsTested(len(self.places), self.n, many, self._effect(value)) for value in range(self.values)
        )

    def _effect(self, value: int) -> float:
        assert self.group is not None
        there = self.times[value] > 0
        if not there.any():
            return 1.0
        return group_effect(self.wrong[value, there] / self.times[value, there], self.group[there])
