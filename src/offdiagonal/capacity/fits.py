"""Trains an estimator on parts of a table, again and again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.capacity.repeats import ERROR_RATE, RMSE, RowsTested
from offdiagonal.errors import OffdiagonalError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Score = Callable[[Any, Any, Any], float]

LEAST_ROWS = 10


@dataclass(frozen=True)
class Plan:
    """How trainings are repeated: random splits into training and test rows, and what is measured on them."""

    repeats: int
    test_size: float
    scoring: Any
    groups: Any
    seed: int


@dataclass(frozen=True)
class Fits:
    """Errors of repeated trainings; NaN where the estimator failed."""

    at: Floats
    """What was changed: sizes, or values of a setting."""
    train: Floats
    """(repeats, values)."""
    test: Floats
    seconds: Floats
    test_rows: int
    failures: tuple[str, ...] = ()
    """Why, where some fits with a value failed."""
    seeds: Floats | None = None
    """(repeats, seeds): test errors at the last value, the same rows trained on with other seeds of the estimator;
    train and test have there the means over the seeds."""
    calibration: Floats | None = None
    """(repeats, 5) at the last value, as of ``capacity.calibrated``; None where there are no probabilities."""
    rows: str = ""
    """Which rows each repeat tested on, as a digest: repeats of two curves with the same one are pairs."""
    tested: tuple[RowsTested, ...] = ()
    """Of an error rate, at each value the rows that were tested at all."""
    errors: Mapping[int, str] = field(default_factory=dict)
    """By the place of a value with which no fit worked: why."""

    @property
    def tested_last(self) -> RowsTested | None:
        """Those at the last value."""
        return self.tested[-1] if self.tested else None


def taken(data: Any, rows: Ints) -> Any:
    """Some rows of an array, a frame or a list."""
    if hasattr(data, "iloc"):
        return data.iloc[rows]
    if hasattr(data, "shape"):
        return data[rows]
    return [data[i] for i in rows.tolist()]


def splits(y: Any, plan: Plan, *, classes: bool) -> Iterator[tuple[Ints, Ints]]:
    """Training and test rows of each repeat; classes keep their shares, and groups stay on one side."""
    from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit, StratifiedShuffleSplit

    options = {"n_splits": plan.repeats, "test_size": plan.test_size, "random_state": plan.seed}
    n = len(y)
    if plan.groups is not None:
        yield from GroupShuffleSplit(**options).split(np.zeros(n), y, plan.groups)
    elif classes and (counts := np.unique(np.asarray(y), return_counts=True)[1]).min() >= 2:
        _sides(n, plan.test_size, len(counts))
        yield from StratifiedShuffleSplit(**options).split(np.zeros(n), y)
    else:
        yield from ShuffleSplit(**options).split(np.zeros(n))


def _sides(rows: int, test_size: float, classes: int) -> None:
    """Both sides have a row of each class, where they keep their shares."""
    tests = math.ceil(rows * test_size)
    for side, what in ((rows - tests, "train on"), (tests, "test on")):
        if side < classes:
            raise OffdiagonalError(
                f"test_size={test_size!r:.40} leaves {side:,} of {rows:,} rows to {what}, which are fewer than the "
                f"{classes:,} classes; give another, such as 0.25, or more rows"
            )


def sizes_for(most: int, sizes: Sequence[float] | None) -> Ints:
    """The sizes to train on: given as rows, or as shares of all; by default eight that grow by the same factor."""
    if sizes is None:
        least = max(LEAST_ROWS, most // 64)
        found = np.geomspace(least, most, 8)
        if least >= most:
            raise OffdiagonalError(f"{most:,} training rows are too few for a curve; give more rows")
    else:
        found = np.asarray([size * most if 0 < size <= 1 else size for size in _sizes(sizes)])
    rounded = np.unique(np.round(found).astype(np.int64))
    if len(rounded) < 2 or rounded[0] < 2 or rounded[-1] > most:
        raise OffdiagonalError(
            f"sizes={sizes!r:.80}: give two or more, as rows from 2 to {most:,} or as shares up to 1"
        )
    return rounded


def _sizes(given: Any) -> list[float]:
    """Numbers; none where there are others."""
    listed = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else []
    known = all(isinstance(size, Real) and math.isfinite(size) for size in listed)
    return [float(size) for size in listed] if known else []


def error_function(estimator: Any, scoring: Any) -> tuple[Score, str, bool]:
    """What is wrong of a fitted estimator's predictions, what that is called, and whether it is about classes.

    Parameters
    ----------
    estimator
        A classifier or a regressor.
    scoring
        None: the error rate, or the root mean squared error; else a function of estimator, X and y whose value is
        lower where the model is better.
    """
    from sklearn.base import is_classifier

    classes = bool(is_classifier(estimator))
    if callable(scoring):
        return scoring, getattr(scoring, "__name__", "error").replace("_", " "), classes
    if scoring is not None:
        raise OffdiagonalError(
            f"scoring={scoring!r:.80} is no function; give one of estimator, X and y that is lower where it is better"
        )
    return (error_rate, ERROR_RATE, True) if classes else (_rmse, RMSE, False)


def wrong_rows(estimator: Any, X: Any, y: Any) -> Floats:
    """Whether each row is wrong; of several outputs the share of them."""
    said = np.asarray(estimator.predict(X))
    wrong: Floats = (said != np.asarray(y).reshape(said.shape)).reshape(len(said), -1).mean(axis=1)
    return wrong


def error_rate(estimator: Any, X: Any, y: Any) -> float:
    """The share of the rows that are wrong."""
    return float(wrong_rows(estimator, X, y).mean())


def _rmse(estimator: Any, X: Any, y: Any) -> float:
    said = np.asarray(estimator.predict(X))
    return float(np.sqrt(np.mean((said - np.asarray(y).reshape(said.shape)) ** 2)))
