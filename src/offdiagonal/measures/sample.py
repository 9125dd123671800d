"""One measure of one set of rows: its value, an interval where there is a formula, and its value in resamples."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.measures.cells import Margins, Places, Values
from offdiagonal.measures.ranked import Weighed
from offdiagonal.stats import cells as stats
from offdiagonal.stats.bootstrap import BOOTSTRAP, generator
from offdiagonal.stats.measure import Measure
from offdiagonal.stats.measured import UndefinedError

Floats = NDArray[np.float64]
Times = Callable[[int, int], Floats]
"""How often each row is in a resample, by the stream and the number of the resample."""
ENTRIES = 1_000_000
"""So many counts at most are resampled at once."""
RESAMPLES_AT_ONCE = 50


class Sample(ABC):
    """A measure of some rows, ready to be taken and to be resampled."""

    n: int
    """On how many rows it stands."""
    at_once = 1
    """How many resamples are drawn in one call."""
    method = BOOTSTRAP

    @abstractmethod
    def value(self) -> float:
        """The measure.

        Raises
        ------
        UndefinedError
            If it has no value for these rows.
        """

    def closed(self) -> Measure | None:
        """The measure with an interval by a formula; None where there is none, and resampling has to tell."""
        return None

    @abstractmethod
    def draws(self, stream: int, first: int, many: int) -> Floats:
        """The measure in some resamples; nan where it is undefined."""

    def why_none(self) -> str:
        """Why no interval is drawn, however many resamples there were; empty where there is one."""
        return ""


class Cells(Sample):
    """A measure that follows from the counts by label and prediction: resampled rows are a multinomial of these."""

    def __init__(
        self,
        measure: Callable[[Margins, int | None], Values],
        cells: stats.Cells,
        positive: int | None,
        *,
        formula: Callable[[], Measure] | None = None,
        undefined: str = "",
        each_class: bool = False,
    ) -> None:
        self._measure = measure
        self._cells = cells
        self._places = Places(cells.label, cells.prediction, cells.size)
        self._positive = positive
        self._formula = formula
        self._undefined = undefined
        self._each_class = each_class
        self._counts = cells.sums[0]
        self.n = int(self._counts.sum())
        largest = max(len(self._counts), 3 * cells.size)
        self.at_once = int(np.clip(ENTRIES // max(largest, 1), 1, RESAMPLES_AT_ONCE))

    def value(self) -> float:
        """The measure of the counts."""
        margins = self._places.margins(self._counts[None].astype(float))
        return _defined(float(self._measure(margins, self._positive)[0]), self._undefined)

    def closed(self) -> Measure | None:
        """By the formula, where there is one."""
        return None if self._formula is None else self._formula()

    def draws(self, stream: int, first: int, many: int) -> Floats:
        """The measure of resampled counts; many together share their random numbers' start."""
        share = self._counts / self.n
        drawn = generator(stream, first).multinomial(self.n, share / share.sum(), size=many)
        return self._measure(self._places.margins(drawn.astype(float)), self._positive)

    def why_none(self) -> str:
        """A mean over classes needs ten labelled rows of each."""
        labelled = self._cells.by(self._cells.label, self._counts)
        return few_of_a_class(labelled[labelled > 0]) if self._each_class else ""


class WeighedCells(Sample):
    """The same of rows that stand for more or less than one."""

    def __init__(
        self,
        measure: Callable[[Margins, int | None], Values],
        label: NDArray[np.int64],
        prediction: NDArray[np.int64],
        size: int,
        weight: Floats,
        positive: int | None,
        times: Times,
        *,
        undefined: str = "",
        each_class: bool = False,
        method: str = BOOTSTRAP,
    ) -> None:
        self.method = method
        self._measure = measure
        self._label = label
        cells, self._place = np.unique(label * size + prediction, return_inverse=True)
        self._places = Places(*np.divmod(cells, size), size)
        self._occurring = len(cells)
        self._weight = weight
        self._times = times
        self._positive = positive
        self._undefined = undefined
        self._each_class = each_class
        self.n = len(label)

    def value(self) -> float:
        """The measure of the weighted counts."""
        return _defined(self._of(self._weight), self._undefined)

    def _of(self, weight: Floats) -> float:
        counts = np.bincount(self._place.reshape(-1), weight, self._occurring).astype(np.float64)
        return float(self._measure(self._places.margins(counts[None]), self._positive)[0])

    def draws(self, stream: int, first: int, many: int) -> Floats:
        """The measure of resampled rows."""
        return np.asarray([self._of(self._weight * self._times(stream, first + i)) for i in range(many)])

    def why_none(self) -> str:
        """A mean over classes needs ten labelled rows of each."""
        labelled = np.bincount(self._label)
        return few_of_a_class(labelled[labelled > 0]) if self._each_class else ""


class Scored(Sample):
    """A measure of scores or probabilities."""

    def __init__(
        self,
        measure: Weighed,
        n: int,
        weight: Floats | None,
        times: Times,
        *,
        formula: Callable[[], Measure] | None = None,
        undefined: str = "",
        kinds: NDArray[np.int64] | None = None,
        method: str = BOOTSTRAP,
    ) -> None:
        self.method = method
        self._measure = measure
        self._times = times
        self._weight = weight
        self._formula = formula
        self._undefined = undefined
        self._kinds = kinds
        """How many rows there are of each kind, where each has to have ten."""
        self.n = n

    def value(self) -> float:
        """The measure, each row counted once or by its weight."""
        return _defined(
            self._measure.value(np.ones(self.n) if self._weight is None else self._weight), self._undefined
        )

    def closed(self) -> Measure | None:
        """By the formula, where there is one and rows have no weights."""
        return None if self._formula is None or self._weight is not None else self._formula()

    def draws(self, stream: int, first: int, many: int) -> Floats:
        """The measure of resampled rows."""
        counts = (self._times(stream, first + i) for i in range(many))
        weight = 1.0 if self._weight is None else self._weight
        return np.asarray([self._measure.value(count * weight) for count in counts])

    def why_none(self) -> str:
        """How positives and negatives are sorted needs ten of either kind."""
        return "" if self._kinds is None else few_of_a_class(self._kinds)


class Called(Sample):
    """A function of the user, or a scorer: called with the rows, and with resampled ones."""

    def __init__(
        self,
        call: Callable[[NDArray[np.int64]], Any],
        at: NDArray[np.int64],
        times: Times,
        method: str = BOOTSTRAP,
    ) -> None:
        self._call = call
        self._at = at
        self._times = times
        self.n = len(at)
        self.method = method

    def value(self) -> float:
        """What the function gives."""
        return _defined(number(self._call(self._at)), "the function gives nan")

    def draws(self, stream: int, first: int, many: int) -> Floats:
        """What it gives for resampled rows; nan where it fails."""
        values = np.full(many, np.nan)
        for i in range(many):
            drawn = np.repeat(self._at, self._times(stream, first + i).astype(np.int64))
            try:
                values[i] = number(self._call(drawn))
            except Exception:  # noqa: BLE001, S112 - it may need more than a resample has: too many of these are told
                continue
        return values


def number(value: Any) -> float:
    """What a function of the user gives, as a number.

    Raises
    ------
    TypeError
        If it is none.
    """
    array = np.asarray(value)
    if array.ndim or array.dtype.kind not in "biuf":
        kind = type(value).__name__
        raise TypeError(f"it gives {'an array' if array.ndim else f'{value!r:.60}'} ({kind}), not a number")
    return float(array)


def few_of_a_class(counts: NDArray[np.int64]) -> str:
    """Why there is no interval, where a class has fewer than ten rows."""
    short = int((counts < 10).sum())
    if not short:
        return ""
    classes = "a class has" if short == 1 else f"{short} classes have"
    return f"no interval: {classes} fewer than 10 labelled examples"


def _defined(value: float, undefined: str) -> float:
    if math.isnan(value):
        raise UndefinedError(undefined or "undefined for these examples")
    if math.isinf(value):
        raise UndefinedError("infinite for these examples")
    return value
