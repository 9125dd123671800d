"""The cells of a confusion matrix that occur: what is left of one of too many classes for an array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Cells:
    """Label, prediction and number of rows of each cell; and what these weigh, where rows have weights."""

    size: int
    """How many classes there are."""
    label: NDArray[Any]
    prediction: NDArray[Any]
    sums: Sequence[NDArray[Any]]
    """Counts; behind them sums of the weights and of their squares, where there are some."""

    @classmethod
    def of(cls, sums: Sequence[NDArray[Any]]) -> Cells:
        """The cells of a square matrix of counts, and of matrices of weights."""
        label, prediction = np.nonzero(sums[0])
        return cls(len(sums[0]), label, prediction, [values[label, prediction] for values in sums])

    def judged(self, missing: int | None) -> Cells:
        """The cells whose label is there."""
        kept = self.label != missing
        if missing is None or kept.all():
            return self
        sums = [values[kept] for values in self.sums]
        return Cells(self.size, self.label[kept], self.prediction[kept], sums)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which of them are on the diagonal."""
        return np.asarray(self.label == self.prediction)

    def by(self, codes: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
        """Sums of values by class."""
        added = np.bincount(codes, weights=values, minlength=self.size)
        return added if values.dtype.kind == "f" else added.astype(np.int64)
