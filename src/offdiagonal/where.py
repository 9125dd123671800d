"""From what a user writes in ``where(...)`` to clauses."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import (
    MAX_TEXT,
    CellClause,
    Clause,
    ColumnClause,
    ConfidenceClause,
    Outcome,
    Rectangle,
    RowsClause,
    SliceClause,
    TextClause,
)
from offdiagonal.errors import SelectionError
from offdiagonal.table.arrays import EXACT_INTEGER
from offdiagonal.table.meta import Field, Level, Meta, called
from offdiagonal.table.names import python_name

FIELDS = ("cell", "slice", "confidence", "text", "rows")
ALIASES = {"label": "cell", "prediction": "cell", "cells": "cell", "correct": "cell"}
ARGUMENTS = ("label", "prediction", "cells", "correct", "slice", "confidence", "text", "columns", "rows")


class Rows(Protocol):
    """What a selection needs to know of the rows behind it."""

    @property
    def meta(self) -> Meta:
        """The description of the table."""

    def class_code(self, value: Any) -> int:
        """Code of a class, by its value or its text."""

    def level_code(self, field: Field, value: Any) -> int:
        """Code of a value of a column."""

    def moment(self, field: Field, value: Any) -> float:
        """A point in time as epoch milliseconds."""

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
    by_field = [_column(table, name, value) for name, value in (columns or {}).items()]
    if len({clause.field for clause in by_field}) < len(by_field):
        raise SelectionError("columns= names a column twice; give all of its values in one list")
    new.extend(by_field)
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
    if not _is_many(given):
        return (table.class_code(given),)
    codes = dict.fromkeys(table.class_code(value) for value in given)
    return tuple(sorted(codes) if isinstance(given, set | frozenset) else codes)


def _is_many(given: Any) -> bool:
    return isinstance(given, list | set | frozenset | range) or (
        hasattr(given, "__array__") and np.ndim(given) > 0
    )


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
    low, high = _ends("confidence", interval, 0.0, 1.0)
    return ConfidenceClause(low, high)


def _text(table: Rows, text: Any) -> TextClause:
    if table.meta.text is None:
        raise SelectionError("there is no text to search; name its column with text=...")
    if not isinstance(text, str) or not 0 < len(text) <= MAX_TEXT:
        raise SelectionError(f"text= is a string of 1 to {MAX_TEXT:,} characters, not {text!r:.80}")
    return TextClause(text)


def _column(table: Rows, name: Any, value: Any) -> ColumnClause:
    field = field_of(table.meta, name)
    codes: list[int] = []
    intervals: list[tuple[float, float]] = []
    for item in value if _is_many(value) else [value]:
        if field.kind == "category":
            codes.extend(_category(table, field, item))
        elif isinstance(item, tuple):
            found = _interval(table, field, item)
            codes.extend(found[0])
            intervals.extend(found[1])
        else:
            codes.extend(_level_or_value(table, field, item, intervals))
    return ColumnClause(field.key, tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(intervals)))


def _category(table: Rows, field: Field, value: Any) -> list[int]:
    """The code of a value; of an interval the codes of the numbers in it."""
    try:
        return [table.level_code(field, value)]
    except SelectionError:
        numbers = {code: float(level.python) for code, level in enumerate(field.levels) if _is_number(level)}
        if not isinstance(value, tuple) or not numbers:
            raise
    low, high = _ends(called(field), value, -math.inf, math.inf)
    top = high >= max(numbers.values())
    return [code for code, number in numbers.items() if low <= number < high or (top and number == high)]


def _is_number(level: Level) -> bool:
    try:
        return math.isfinite(float(level.python))
    except ValueError:
        return False


def _interval(
    table: Rows, field: Field, item: tuple[Any, ...]
) -> tuple[list[int], list[tuple[float, float]]]:
    """Codes and intervals of a pair: a whole bin is its code, an open end takes in the infinite values."""
    bins = [level for level in field.levels if level.low is not None and level.high is not None]
    least, most = bins[0].low, field.maximum if field.maximum is not None else bins[-1].high
    assert least is not None
    assert most is not None
    if field.kind == "time":
        item = tuple(e if _is_open(e) else table.moment(field, e) for e in item)
    low, high = _ends(called(field), item, least, most)
    whole = [i for i, level in enumerate(field.levels) if (level.low, level.high) == (low, high)]
    open_low, open_high = (len(item) == 2 and _is_open(end) for end in item)
    infinite = {"-inf": open_low, "inf": open_high}
    codes = [
        i for i, level in enumerate(field.levels) if level.low is None and infinite.get(level.text, False)
    ]
    return (whole + codes, []) if whole else (codes, [(low, high)])


def _is_open(end: Any) -> bool:
    return end is None or (isinstance(end, float | np.floating) and math.isinf(end))


def _level_or_value(table: Rows, field: Field, value: Any, intervals: list[tuple[float, float]]) -> list[int]:
    """The code of a bin, by its text; of a number or a time the interval that holds nothing else."""
    try:
        return [table.level_code(field, value)]
    except SelectionError:
        if isinstance(value, str) and field.kind == "number":
            raise
    if field.kind == "time":
        low = table.moment(field, value)
        intervals.append((low, low + 1))
    else:
        low = _end(called(field), value)
        if abs(low) > EXACT_INTEGER:
            raise SelectionError(
                f"{called(field)}: {value!r} is too large to be told from its neighbours; give (low, high)"
            )
        intervals.append((low, math.nextafter(low, math.inf)))
    return []


def _ends(what: str, interval: Any, least: float, most: float) -> tuple[float, float]:
    """Both ends of an interval; None and infinity stand for the least and the most there is."""
    if not isinstance(interval, list | tuple | np.ndarray) or len(interval) != 2:
        raise SelectionError(f"{what}: an interval is a pair (low, high), not {interval!r}")
    low, high = (
        bound if end is None else _end(what, end)
        for end, bound in zip(interval, (-math.inf, math.inf), strict=True)
    )
    if low == -math.inf:
        low = min(least, high)
    if high == math.inf:
        high = max(most, low)
    if low > high:
        raise SelectionError(f"{what}: an interval goes from low to high, not from {low:g} to {high:g}")
    return low, high


def _end(what: str, value: Any) -> float:
    if isinstance(value, bool | np.bool_ | str) or not isinstance(value, int | float | np.number):
        raise SelectionError(f"{what}: {value!r} is no number")
    number = float(value)
    if math.isnan(number):
        raise SelectionError(f"{what}: NaN is no end of an interval")
    return number


def field_of(meta: Meta, name: Any) -> Field:
    """The field of a column, by its name or by how its name is shown.

    Raises
    ------
    SelectionError
        If there is none.
    """
    python = python_name(name)
    found = [f for f in meta.fields if f.python == python] or [f for f in meta.fields if f.name == str(name)]
    if not found:
        raise SelectionError.unknown("column", name, [f.name for f in meta.fields if not f.private])
    return found[0]


def field_keys(meta: Meta, name: str) -> set[str]:
    """Keys of the fields that a word names: ``cell``, ``label``, ``columns`` ... or a column."""
    keys = {f.key for f in meta.fields if name in ("columns", f.name)}
    if name in FIELDS or name in ALIASES:
        keys.add(ALIASES.get(name, name))
    if not keys and name != "columns":
        keys.add(field_of(meta, name).key)
    return keys
