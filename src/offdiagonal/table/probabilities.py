"""Probabilities as users hold them, to one number a row: that of the predicted class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.errors import LengthError, ProbabilityError
from offdiagonal.table.arrays import as_array
from offdiagonal.table.class_columns import (
    Columns,
    class_of_each,
    class_of_one,
    column_names,
    listed,
    without_column,
)
from offdiagonal.table.encode import identity, plain_value
from offdiagonal.table.labels import Labels
from offdiagonal.table.meta import CONFIDENCE_BINS

TOLERANCE = 1e-3
"""How far a sum may be from 1, and a probability outside [0, 1]."""
NO_CONFIDENCE = CONFIDENCE_BINS
"""Code of a row that has no probability."""
NOT_GIVEN = "no probabilities were given"

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Probabilities:
    """What is known of the probabilities: either a matrix, or why there is none."""

    matrix: Matrix | None
    """One column a class, in the order of the classes; NaN where there is none."""
    confidence: NDArray[np.float64] | None
    """Probability of the predicted class of each row; NaN where there is none."""
    why_not: str | None
    notes: list[str] = field(default_factory=list)
    refused: Matrix | None = None
    """The numbers that are no probabilities; one column a class, or a single one."""
    order: tuple[Any, ...] = ()
    """The classes as the given columns stood; none where a single one was given."""


def read_probabilities(given: Any, columns: Columns, labels: Labels, positive: int | None) -> Probabilities:
    """Check probabilities and put them into the order of the classes.

    Parameters
    ----------
    given
        An array of one or two dimensions, a frame, or None.
    columns
        What is known of its columns.
    labels
        Classes and predictions.
    positive
        Code of the class that a single column is about.

    Raises
    ------
    ProbabilityError
        If they are no probabilities, or it cannot be told of which class.
    LengthError
        If there is not one row for each row of the table.
    """
    if given is None:
        return Probabilities(None, None, NOT_GIVEN)
    notes: list[str] = []
    matrix, off = as_matrix(given, len(labels.label), notes)
    if len(matrix) == 0:
        return Probabilities(None, None, "there are no rows")
    order: list[Any] = []
    one = _only_class(columns, labels.known, matrix[:, 0]) if matrix.shape[1] == 1 else []
    if one and off is None:
        matrix = _aligned(matrix, one, labels.known)
    elif matrix.shape[1] == 1 and off is None:
        matrix = _two_columns(
            matrix[:, 0], labels.known, class_of_one(columns, labels.known, positive, notes)
        )
    elif matrix.shape[1] != 1:
        order = class_of_each(columns, labels.known, matrix.shape[1], notes)
        off = off or _not_summing_to_one(matrix, without_column(order, labels.known))
        matrix = _aligned(matrix, order, labels.known)
    if off is not None:
        notes.append(f"{off}: confidence and calibration are not shown")
        return Probabilities(None, None, off, notes, refused=matrix, order=tuple(order))
    confidence = confidence_of(matrix, labels.prediction)
    return Probabilities(matrix, confidence, None, notes + _doubts(matrix, confidence), order=tuple(order))


def as_matrix(given: Any, n: int, notes: list[str]) -> tuple[Matrix, str | None]:
    """A float column a class, or a single one for the positive class; and why they are no probabilities, where so.

    Raises
    ------
    ProbabilityError
        If a value is no number, or some lie outside [0, 1].
    LengthError
        If there is not one row for each row of the table.
    """
    matrix = _floats(given)
    if matrix.ndim == 1:
        matrix = matrix.reshape(-1, 1)
    if matrix.ndim != 2:
        raise ProbabilityError(
            f"probabilities must have one or two dimensions, but their shape is {matrix.shape}; "
            "give one column for each class"
        )
    if len(matrix) != n:
        raise LengthError.of("probabilities", len(matrix), n)
    where = out_of_range(matrix)
    outside = matrix[where]
    if outside.size and (off := _on_another_scale(matrix, where)):
        return matrix, off
    if outside.size:
        raise ProbabilityError(
            f"{outside.size:,} probabilities lie outside [0, 1], the first is {outside.flat[0]:.4g}; "
            "turn logits into probabilities with a softmax, or give scores=... for numbers that only sort"
        )
    over = int(((matrix < -1e-6) | (matrix > 1 + 1e-6)).sum())
    if over:
        notes.append(
            f"{over:,} probabilities lie outside [0, 1] by at most {TOLERANCE:g}, and are cut off there"
        )
    return np.clip(matrix, 0, 1), None


def out_of_range(matrix: Matrix) -> NDArray[np.bool_]:
    """Which numbers lie outside [0, 1] by more than rounding."""
    return np.asarray((matrix < -TOLERANCE) | (matrix > 1 + TOLERANCE))


def _on_another_scale(matrix: Matrix, outside: NDArray[np.bool_]) -> str | None:
    """Why the numbers are no probabilities, where that is so in most rows: a few are a mistake, and are refused."""
    rows = outside.any(axis=1)
    if 2 * int(rows.sum()) <= len(matrix) or np.isinf(matrix).any():
        return None
    return (
        f"the probabilities of {int(rows.sum()):,} of {len(matrix):,} rows lie outside [0, 1]; turn logits into "
        "probabilities with a softmax, or give scores=... for numbers that only sort"
    )


def _floats(given: Any) -> Matrix:
    try:
        if isinstance(given, pd.DataFrame) or (hasattr(given, "columns") and not hasattr(given, "dtype")):
            columns = _columns_of(given)
            return (
                np.column_stack([column.astype(np.float64) for column in columns])
                if columns
                else np.empty((0, 0))
            )
        if isinstance(given, pd.Series) or (hasattr(given, "to_numpy") and getattr(given, "ndim", 1) == 1):
            return as_array(given, "probabilities").astype(np.float64)
        if isinstance(given, np.ma.MaskedArray):
            return np.asarray(np.ma.filled(given.astype(np.float64), np.nan))
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ProbabilityError(f"probabilities must be numbers: {error}") from error


def _columns_of(frame: Any) -> list[NDArray[Any]]:
    if isinstance(frame, pd.DataFrame):
        return [
            as_array(frame.iloc[:, i], f"probabilities[{name!r}]") for i, name in enumerate(frame.columns)
        ]
    names = column_names(frame)
    return [as_array(frame[name], f"probabilities[{name!r}]") for name in names]


def _only_class(columns: Columns, classes: Sequence[Any], probability: NDArray[np.float64]) -> list[Any]:
    """The class of a single column, where it can be about no other: that of a model fitted on one class."""
    if columns.classes is not None:
        classes = [plain_value(value) for value in columns.classes]
    elif bool((probability < 1 - TOLERANCE).any()):
        return []
    return list(classes) if len(classes) == 1 else []


def _two_columns(probability: NDArray[np.float64], classes: Sequence[Any], positive: int | None) -> Matrix:
    if positive is None:
        raise ProbabilityError(
            f"one probability a row is that of the positive of two classes, but there are {len(classes)} "
            f"({listed(classes)}); give one column for each class, or name both classes with classes=[...]"
        )
    return np.column_stack(
        [1 - probability, probability] if positive == 1 else [probability, 1 - probability]
    )


def _aligned(matrix: Matrix, order: Sequence[Any], classes: Sequence[Any]) -> Matrix:
    if list(order) == list(classes):
        return matrix
    position = {identity(value): i for i, value in enumerate(order)}
    aligned = np.full((len(matrix), len(classes)), np.nan)
    for code, value in enumerate(classes):
        if identity(value) in position:
            aligned[:, code] = matrix[:, position[identity(value)]]
    return aligned


def _not_summing_to_one(matrix: Matrix, lacking: str | None) -> str | None:
    """Why rows are no probabilities; of a row with gaps only a sum above 1 is wrong.

    Parameters
    ----------
    matrix
        One column for each class that has one.
    lacking
        Which classes have none.
    """
    off, sums = off_one(matrix)
    if not off.any():
        return None
    if lacking and not (sums > 1 + TOLERANCE).any():
        return (
            f"{lacking}, and the others do not sum to 1 in {int(off.sum()):,} of {len(sums):,} rows; "
            "give one column for each class"
        )
    worst = float(sums[off][np.abs(sums[off] - 1).argmax()])
    return (
        f"the probabilities of {int(off.sum()):,} of {len(sums):,} rows do not sum to 1 (one sums to {worst:.4g}); "
        "divide each row by its sum if that is what they mean, or give scores=... for numbers that only sort"
    )


def off_one(matrix: Matrix) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which rows do not sum to one, and all sums; of a row with gaps only a sum above 1 is wrong."""
    sums = matrix.sum(axis=1)
    gaps = np.isnan(sums)
    off = np.abs(sums - 1) > TOLERANCE
    if gaps.any():
        sums[gaps] = np.nansum(matrix[gaps], axis=1)
        off |= sums > 1 + TOLERANCE
    return off, sums


def _doubts(matrix: Matrix, confidence: NDArray[np.float64]) -> list[str]:
    """Notes on rows whose probabilities and prediction do not fit."""
    n = len(matrix)
    notes: list[str] = []
    off = not_most_probable(matrix, confidence)
    if off:
        doubt = "; are the columns in another order? say which with classes=[...]" if 2 * off > n else ""
        notes.append(f"in {off:,} of {n:,} rows the most probable class is not the prediction{doubt}")
    without = int(np.isnan(confidence).sum())
    if without:
        notes.append(f"{without:,} of {n:,} rows have no probability for their prediction")
    return notes


def confidence_of(matrix: Matrix, prediction: NDArray[Any]) -> NDArray[np.float64]:
    """Probability of the predicted class; NaN where there is none."""
    confidence = np.full(len(matrix), np.nan)
    rows = np.flatnonzero(prediction < matrix.shape[1])
    confidence[rows] = matrix[rows, prediction[rows].astype(np.int64)]
    return confidence


def confidence_codes(confidence: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Bins of width 1/200: edge i/200 is in the bin that it begins; the last one is closed; 200: no probability."""
    known = np.nan_to_num(confidence)
    bins = np.floor(known * CONFIDENCE_BINS)
    bins -= (
        known < bins / CONFIDENCE_BINS
    )  # the product is rounded: an edge is where a literal such as 0.29 is
    bins += known >= (bins + 1) / CONFIDENCE_BINS
    bins = np.minimum(bins, CONFIDENCE_BINS - 1)
    return np.where(np.isnan(confidence), NO_CONFIDENCE, bins).astype(np.uint8)


def not_most_probable(matrix: Matrix, confidence: NDArray[np.float64]) -> int:
    """How many rows have a class more probable than the one predicted."""
    best = np.fmax.reduce(matrix, axis=1)
    return int((best > confidence + 1e-9).sum())
