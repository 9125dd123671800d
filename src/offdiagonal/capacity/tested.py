"""The rows that repeats test, and in which of them each is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from offdiagonal.capacity.fits import Ints, wrong_rows
from offdiagonal.capacity.repeats import RowsTested, group_effect


class Tested:
    """Collects how often each row is tested and, where rows come in groups, how often it is wrong.

    A repeat that failed tested none of its rows.

    Parameters
    ----------
    n
        Rows of the table.
    values
        How many sizes, or values of a setting, there are.
    groups
        One a row; None: each row is on its own.
    """

    def __init__(self, n: int, values: int, groups: Any) -> None:
        self.times = np.zeros((values, n), np.int32)
        self.group = None if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
        if groups is not None:
            self.wrong = np.zeros((values, n))

    def take(self, value: int, rows: Ints, estimator: Any, X: Any, y: Any) -> float:
        """The error rate on some rows."""
        wrong = wrong_rows(estimator, X, y)
        self.times[value, rows] += 1
        if self.group is not None:
            self.wrong[value, rows] += wrong
        return float(wrong.mean())

    def rows(self) -> tuple[RowsTested, ...]:
        """At each value what the interval of its error rate is of."""
        return tuple(self._rows(value) for value in range(len(self.times)))

    def _rows(self, value: int) -> RowsTested:
        times = self.times[value]
        there = np.flatnonzero(times)
        if self.group is None:
            return RowsTested(len(there), len(times))
        group = self.group[there]
        effect = group_effect(self.wrong[value, there] / times[there], group) if len(there) else 1.0
        return RowsTested(len(there), len(times), len(np.unique(group)), effect)
