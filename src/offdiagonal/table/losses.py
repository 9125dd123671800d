"""Outcomes that are no class: a regression's residuals, or any loss per row."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.errors import LabelError, OffdiagonalError
from offdiagonal.table.encode import object_kind
from offdiagonal.table.extended import ExtendedSource
from offdiagonal.table.fields import NUMBERS
from offdiagonal.table.given import Given
from offdiagonal.table.source import Source

Task = Literal["classification", "regression"]
TASKS = ("classification", "regression")
FEW_VALUES = 50
"""So many values may be classes even where they are fractions, such as half stars."""
FEW_AMOUNTS = 1_000
"""More whole numbers than this are amounts, unless the user says otherwise."""
SIDES = ("label", "prediction")


@dataclass(frozen=True, eq=False)
class Loss:
    """A number for each row that says how wrong it is."""

    values: NDArray[np.float64]
    """What is averaged: of a regression the absolute error; NaN where it is not known."""
    name: str
    shown: int
    """Position of the column that the histogram is of: the residual, or the loss itself."""
    sides: tuple[int, int] | None = None
    """Positions of a regression's label and prediction."""


def with_loss(source: Source, given: Given) -> tuple[Source, Given, Loss | None]:
    """The loss of each row, if there is one, and the table with the columns that it takes.

    Raises
    ------
    LabelError
        If a regression's label or prediction are no numbers.
    OffdiagonalError
        If a loss is none, or what belongs to classes is given for a regression.
    """
    if given.loss is not None:
        return _given_loss(source, given)
    if not is_regression(given):
        return source, given, None
    _refuse_classes(given)
    columns = {side: getattr(given, side) for side in SIDES if getattr(given, side) is not None}
    numbers = {side: _numbers(side, values) for side, values in columns.items()}
    at = {role: position for position, role in given.hidden.items() if role in columns}
    more = {side: values for side, values in numbers.items() if side not in at}
    if "prediction" in numbers:
        more["residual"] = numbers["prediction"] - numbers["label"]
    extended = ExtendedSource(source, more)
    at |= {name: len(source.names) + i for i, name in enumerate(more)}
    hidden = {position: role for position, role in given.hidden.items() if role not in columns}
    made = dataclasses.replace(given, label=None, prediction=None, hidden=hidden, roles=given.roles | at)
    if "prediction" not in numbers:
        return extended, made, None
    return (
        extended,
        made,
        Loss(
            absolute_error(more["residual"]),
            "absolute error",
            at["residual"],
            (at["label"], at["prediction"]),
        ),
    )


def absolute_error(residual: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is averaged of a regression; NaN where it is not finite."""
    return np.where(np.isfinite(residual), np.abs(residual), np.nan)


def loss_notes(loss: Loss | None, n: int) -> list[str]:
    """Notes on rows whose loss is not known."""
    unknown = 0 if loss is None else int(np.isnan(loss.values).sum())
    if loss is None or not unknown:
        return []
    why = f"no known {loss.name}" if loss.sides is None else "no finite label or prediction"
    return [f"{unknown:,} of {n:,} rows have {why}: they are shown, and are in no mean"]


def is_regression(given: Given) -> bool:
    """Whether labels and predictions are amounts rather than classes: asked for, or to be seen from the values."""
    if given.task not in (None, *TASKS):
        raise OffdiagonalError(f"task={given.task!r} is none; there is {', '.join(map(repr, TASKS))}")
    if given.task is not None or given.label is None:
        return bool(given.task == "regression")
    if given.classes is not None or given.probabilities is not None or given.scores is not None:
        return False
    sides = [side for side in (given.label, given.prediction) if side is not None]
    if not all(map(_numeric, sides)):
        return False
    distinct = [pd.unique(side[~pd.isna(side)]) for side in sides]
    if len(sides) == 1:
        return len(distinct[0]) > FEW_AMOUNTS or (_fractions(distinct[0]) and len(distinct[0]) > FEW_VALUES)
    together = len(np.union1d(*(values.astype(np.float64) for values in distinct)))
    apart = together == sum(map(len, distinct))
    if not any(map(_fractions, distinct)):
        return together > FEW_AMOUNTS
    return together > FEW_VALUES or (apart and all(map(len, distinct)))


def _numeric(values: NDArray[Any]) -> bool:
    return values.dtype.kind in "iuf" or (values.dtype == object and object_kind(values) in NUMBERS)


def _fractions(values: NDArray[Any]) -> bool:
    numbers = values.astype(np.float64)
    finite = numbers[np.isfinite(numbers)]
    return bool((finite != np.round(finite)).any())


def _numbers(side: str, values: NDArray[Any]) -> NDArray[np.float64]:
    try:
        return values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise LabelError(f"a regression needs numbers, but the {side}s hold {_first_odd(values)}") from error


def _first_odd(values: NDArray[Any]) -> str:
    for value in values:
        try:
            float(value)
        except (TypeError, ValueError):
            return f"{value!r:.80}"
    return "others"


def _refuse_classes(given: Given) -> None:
    for name in ("classes", "positive", "probabilities", "scores"):
        if getattr(given, name) is not None:
            raise OffdiagonalError(f"{name}= is about classes, and a regression has none; leave it out")


def _given_loss(source: Source, given: Given) -> tuple[Source, Given, Loss]:
    position, name = given.loss_position, "loss"
    try:
        values = np.asarray(given.loss).astype(np.float64)
    except (TypeError, ValueError) as error:
        raise OffdiagonalError(f"loss= must be numbers: {error}") from error
    if np.isinf(values).any():
        count = int(np.isinf(values).sum())
        raise OffdiagonalError(
            f"loss= is infinite in {count:,} of {source.n:,} rows, so it has no mean; clip it first"
        )
    if position is None:
        more: Mapping[str, NDArray[Any]] = {"loss": values}
        source, position = ExtendedSource(source, more), len(source.names)
    else:
        name = str(source.names[position])
    given = dataclasses.replace(given, roles=given.roles | {"loss": position})
    return source, given, Loss(values, name, position)
