"""From what a user writes in ``where(...)`` to clauses."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import (
    MAX_TEXT,
    CellClause,
    Clause,
    ConfidenceClause,
    Outcome,
    Rectangle,
    RowsClause,
    SliceClause,
    TextClause,
)
from offdiagonal.columns import Columns, column_clauses, ends, field_of, is_many
from offdiagonal.errors import SelectionError
from offdiagonal.table.meta import Meta

FIELDS = ("cell", "slice", "confidence", "text", "rows")
ALIASES = {"label": "cell", "prediction": "cell", "cells": "cell", "correct": "cell"}
ARGUMENTS = ("label", "prediction", "cells", "correct", "slice", "confidence", "text", "columns", "rows")


NO_MODEL = "there are no predictions to select by; dataset.evaluate(prediction=...) gives an Evaluation"
NUMBERS = (
    "labels and predictions are not classes here, so none is right or wrong; select by their columns, "
    "as in where(columns={'price': (10, 20)})"
)


class Rows(Columns, Protocol):
    """What a selection needs to know of the rows behind it."""

    def class_code(self, value: Any) -> int:
        """Code of a class, by its value or its text."""

    def row_mask(self, rows: Any) -> NDArray[np.bool_]:
        """A mask, or positions, as a mask over all rows."""

    def count(self, clauses: Sequence[Clause]) -> int:
        """How many rows satisfy the clauses."""

    def indices(self, clauses: Sequence[Clause]) -> NDArray[np.int64]:
        """Positions of the rows that satisfy the clauses."""

    def take(self, indices: NDArray[np.int64]) -> Any:
        """Rows in the caller's own type."""


def clauses_of(
    table: Rows,
    *,
    label: Any = None,
    prediction: Any = None,
    cells: Iterable[tuple[Any, Any]] | None = None,
    correct: bool | None = None,
    slice: str | Iterable[str] | None = None,
    confidence: tuple[float, float] | None = None,
    text: str | None = None,
    columns: Mapping[Any, Any] | None = None,
    rows: Any = None,
) -> list[Clause]:
    """One clause for each field that is named; the parameters are those of ``Selection.where``."""
    new: list[Clause] = []
    if not (label is None and prediction is None and cells is None and correct is None):
        new.append(_cell(table, label, prediction, cells, correct))
    if slice is not None:
        new.append(_slice(table, [slice] if isinstance(slice, str) else list(slice)))
    if confidence is not None:
        new.append(_confidence(table, confidence))
    if text is not None:
        new.append(_text(table, text))
    if columns is not None:
        new.extend(column_clauses(table, columns))
    if rows is not None:
        new.append(RowsClause(table.row_mask(rows)))
    return new


def slice_clauses(table: Rows, where: Mapping[str, Any]) -> list[Clause]:
    """The clauses of a slice, given as a dict of the arguments of ``Selection.where``."""
    for key in where:
        if key not in ARGUMENTS:
            raise SelectionError.unknown("argument of where", key, ARGUMENTS)
    return clauses_of(table, **where)


def _cell(table: Rows, label: Any, prediction: Any, cells: Any, correct: Any) -> CellClause:
    if table.meta.loss is not None and not table.meta.model:
        raise SelectionError(NUMBERS)
    if not table.meta.model and not (prediction is None and cells is None and correct is None):
        raise SelectionError(NO_MODEL)
    if correct is not None and not isinstance(correct, bool | np.bool_):
        raise SelectionError(f"correct= is True or False, not {correct!r}")
    outcome: Outcome | None = None if correct is None else "correct" if correct else "error"
    if cells is None:
        sides = [None if given is None else _codes(table, given) for given in (label, prediction)]
        return CellClause((Rectangle(*sides),) if any(side is not None for side in sides) else (), outcome)
    if label is not None or prediction is not None:
        raise SelectionError("give cells=, or label= and prediction=, not both")
    rectangles = tuple(_rectangle(table, cell) for cell in cells)
    if not rectangles:
        raise SelectionError("cells=[] names no cell; clear('cell') drops the clause")
    return CellClause(rectangles, outcome)


def _rectangle(table: Rows, cell: Any) -> Rectangle:
    if not isinstance(cell, list | tuple | np.ndarray) or len(cell) != 2:
        raise SelectionError(f"a cell is a pair (label, prediction), not {cell!r}")
    return Rectangle(*(None if side is ... else _codes(table, side) for side in cell))


def _codes(table: Rows, given: Any) -> tuple[int, ...]:
    if isinstance(given, frozenset):  # which may be a class, or several
        with contextlib.suppress(SelectionError):
            return (table.class_code(given),)
    if not is_many(given):
        return (table.class_code(given),)
    codes = dict.fromkeys(table.class_code(value) for value in given)
    return tuple(sorted(codes) if isinstance(given, set | frozenset) else codes)


def _slice(table: Rows, names: list[str]) -> SliceClause:
    known = {part.name for part in table.meta.slices}
    for name in names:
        if name not in known:
            public = [part.name for part in table.meta.slices if not part.private]
            raise SelectionError.unknown("slice", name, public)
    return SliceClause(tuple(dict.fromkeys(names)))


def _confidence(table: Rows, interval: Any) -> ConfidenceClause:
    meta = table.meta
    if not meta.confidence:
        raise SelectionError(f"there is no confidence to select by: {meta.why_no_confidence}")
    low, high = ends("confidence", interval, 0.0, 1.0)
    if low < 0 or high > 1:
        percent = low >= 0 and high <= 100
        mend = f"did you mean ({low / 100:g}, {high / 100:g})?" if percent else "give (low, high) of those"
        raise SelectionError(f"confidence is between 0 and 1, not {low:g} to {high:g}; {mend}")
    return ConfidenceClause(low, high)


def _text(table: Rows, text: Any) -> TextClause:
    if table.meta.text is None:
        raise SelectionError("there is no text to search; name its column with text=...")
    if not isinstance(text, str) or not 0 < len(text) <= MAX_TEXT:
        raise SelectionError(f"text= is a string of 1 to {MAX_TEXT:,} characters, not {text!r:.80}")
    return TextClause(text)


def field_keys(meta: Meta, name: Any) -> set[str]:
    """Keys of the fields that a word names: ``cell``, ``label``, ``columns`` ... or a column."""
    if is_many(name) or isinstance(name, dict):
        raise SelectionError(f"clear takes names of fields, as in clear('cell', 'slice'), not {name!r:.80}")
    keys = {f.key for f in meta.fields if name in ("columns", f.name)}
    if name in FIELDS or name in ALIASES:
        keys.add(ALIASES.get(name, name))
    if not keys and name != "columns":
        keys.add(field_of(meta, name).key)
    return keys
