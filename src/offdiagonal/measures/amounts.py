"""The measures of a regression that have a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from offdiagonal.measures.rows import Part
from offdiagonal.measures.sample import Sample
from offdiagonal.stats.measure import Measure
from offdiagonal.stats.measured import UndefinedError
from offdiagonal.stats.regression import mae, mean_error, r2, rmse

Floats = NDArray[np.float64]
Formula = Callable[[Floats, Floats, Floats | None], Measure]
CLASSES = "labels and predictions are classes, not amounts"
NO_SPREAD = "all labels are the same"


class Paired(Sample):
    """A measure of labels and predictions that are amounts."""

    def __init__(self, formula: Formula, part: Part) -> None:
        self._formula = formula
        self._label, self._prediction = part.rows.labels[part.at], part.rows.predictions[part.at]
        self._weight = part.weight
        self._part = part
        self.method = part.method
        self.n = len(part)

    def value(self) -> float:
        """The measure of the rows."""
        value = self._formula(self._label, self._prediction, self._weight).value
        if value is None:
            raise UndefinedError(NO_SPREAD)
        return value

    def closed(self) -> Measure | None:
        """With its interval; of groups of rows, resampling tells it."""
        if self._part.grouped:
            return None
        return self._formula(self._label, self._prediction, self._weight)

    def draws(self, stream: int, first: int, many: int) -> Floats:
        """The measure of resampled rows."""
        weight = 1.0 if self._weight is None else self._weight
        found = (
            self._formula(self._label, self._prediction, self._part.times(stream, first + i) * weight).value
            for i in range(many)
        )
        return np.asarray([np.nan if value is None else value for value in found])


@dataclass(frozen=True)
class OfAmounts:
    """A measure of a regression by name."""

    name: str
    formula: Formula
    better: int = -1
    """1 where more is better, -1 where less is, 0 where that is not known."""
    also: tuple[str, ...] = field(default=())
    """What else it is called."""
    share = False
    counted = True

    def sample(self, part: Part) -> Sample:
        """The measure of some rows.

        Raises
        ------
        UndefinedError
            If labels and predictions are classes.
        """
        if not part.rows.numbers:
            raise UndefinedError(CLASSES)
        return Paired(self.formula, part)


AMOUNTS = (
    OfAmounts("MAE", mae, also=("mean absolute error", "neg mean absolute error")),
    OfAmounts("RMSE", rmse, also=("root mean squared error", "neg root mean squared error")),
    OfAmounts("R²", r2, better=1, also=("r2", "r squared", "r2 score")),
    OfAmounts("bias", mean_error, better=0, also=("mean error",)),
)
