"""From what a user writes in ``where(...)`` to clauses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import (
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
from offdiagonal.errors import LengthError, SelectionError
from offdiagonal.table.meta import Field, Meta


class Rows(Protocol):
    """What a selection needs to know of the rows behind it."""

    @property
    def meta(self) -> Meta:
        """The description of the table."""

    def class_code(self, value: Any) -> int:
        """Code of a class, by its value or its text."""

    def level_code(self, field: Field, value: Any) -> int:
        """Code of a value of a column."""

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
    for name, value in (columns or {}).items():
        new.append(_column(table, name, value))
    if rows is not None:
        new.append(_mask(table, rows))
    return new


def _cell(table: Rows, label: Any, prediction: Any, cells: Any, correct: bool | None) -> CellClause:
    outcome: Outcome | None = None if correct is None else "correct" if correct else "error"
    if cells is not None:
        code = table.class_code
        pairs = [Rectangle((code(a),), (code(b),)) for a, b in cells]
        return CellClause(tuple(pairs), outcome)
    sides = (_classes(table, label), _classes(table, prediction))
    return CellClause((Rectangle(*sides),) if any(side is not None for side in sides) else (), outcome)


def _classes(table: Rows, given: Any) -> tuple[int, ...] | None:
    if given is None:
        return None
    many = isinstance(given, list | set | frozenset | np.ndarray)
    return tuple(table.class_code(value) for value in (given if many else [given]))


def _slice(table: Rows, names: list[str]) -> SliceClause:
    known = [s.name for s in table.meta.slices]
    for name in names:
        if name not in known:
            raise SelectionError.unknown("slice", name, known)
    return SliceClause(tuple(names))


def _confidence(table: Rows, interval: tuple[float, float]) -> ConfidenceClause:
    meta = table.meta
    if not meta.confidence:
        raise SelectionError(f"there is no confidence to select by: {meta.why_no_confidence}")
    low, high = map(float, interval)
    return ConfidenceClause(low, high)


def _text(table: Rows, text: str) -> TextClause:
    if table.meta.text is None:
        raise SelectionError("there is no text to search; name its column with text=...")
    return TextClause(text)


def _column(table: Rows, name: Any, value: Any) -> ColumnClause:
    field = field_of(table, name)
    codes: list[int] = []
    intervals: list[tuple[float, float]] = []
    for item in value if isinstance(value, list | set | np.ndarray) else [value]:
        if isinstance(item, tuple) and field.kind != "category":
            intervals.append(_ends(item, field))
        else:
            codes.append(table.level_code(field, item))
    return ColumnClause(field.key, tuple(codes), tuple(intervals))


def field_of(table: Rows, name: Any) -> Field:
    fields = table.meta.fields
    found = [f for f in fields if f.name == str(name)]
    exact = [f for f in found if f.python == repr(name)]
    if not found:
        raise SelectionError.unknown("column", name, [f.name for f in fields])
    return (exact or found)[0]


def field_key(table: Rows, field: str) -> str:
    return field if field in ("cell", "slice", "confidence", "text", "rows") else field_of(table, field).key


def _mask(table: Rows, rows: Any) -> RowsClause:
    n = table.meta.n
    given = np.asarray(rows)
    if given.dtype != bool:
        mask = np.zeros(n, dtype=bool)
        mask[given.astype(np.int64)] = True
        return RowsClause(mask)
    if len(given) != n:
        raise LengthError.of("rows", len(given), n)
    return RowsClause(given.copy())


def _ends(interval: tuple[Any, Any], field: Field) -> tuple[float, float]:
    if field.kind == "time":
        low, high = (np.datetime64(end).astype("datetime64[ms]").astype(np.int64) for end in interval)
        return float(low), float(high)
    return float(interval[0]), float(interval[1])
