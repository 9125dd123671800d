"""A selection as the Python expression that restores it; ``js/src/core/code.ts`` writes the same."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence

import numpy as np

from offdiagonal.clauses import (
    CellClause,
    Clause,
    ColumnClause,
    ConfidenceClause,
    RowsClause,
    SliceClause,
    TextClause,
)
from offdiagonal.table.meta import Field, Meta
from offdiagonal.table.plain import number_text

YEARS = (-62_167_219_200_000, 253_402_300_800_000)
"""Epoch milliseconds of the years 0 to 9999, which both languages write alike."""


PRIVATE = "<private>"


def selection_code(clauses: Sequence[Clause], meta: Meta, name: str, *, public: bool = False) -> str:
    """Expression for ``name.selection``; ``public``: text in which clauses on private columns and slices are blank."""
    cleared = f"{name}.selection.clear()"
    if meta.split is not None and all(clause.field != meta.split.key for clause in clauses):
        field = next(field for field in meta.fields if field.key == meta.split.key)
        cleared = f"{name}.selection.clear().clear({field.python})"
    arguments = where_code(clauses, meta, public=public)
    return f"{cleared}.where({arguments})" if arguments else cleared


def where_code(clauses: Sequence[Clause], meta: Meta, *, public: bool = False) -> str:
    """The arguments of ``where`` alone."""
    arguments: list[str] = []
    columns: list[str] = []
    for clause in clauses:
        if public and _is_private(clause, meta):
            if isinstance(clause, ColumnClause):
                columns.append(PRIVATE)
            else:
                arguments.append(f"{clause.field}={PRIVATE}")
        elif isinstance(clause, ColumnClause):
            columns.append(_column(clause, next(f for f in meta.fields if f.key == clause.field)))
        else:
            arguments.extend(_arguments(clause, meta))
    if columns:
        arguments.append(f"columns={{{', '.join(columns)}}}")
    return ", ".join(arguments)


def _is_private(clause: Clause, meta: Meta) -> bool:
    match clause:
        case SliceClause():
            return any(part.private and part.name in clause.names for part in meta.slices)
        case TextClause():
            return any(column.private and column.key == meta.text for column in meta.columns)
        case ColumnClause():
            return any(field.private and field.key == clause.field for field in meta.fields)
    return False


def _arguments(clause: Clause, meta: Meta) -> list[str]:
    match clause:
        case CellClause():
            return [*_cells(clause, meta), *_outcome(clause)]
        case SliceClause():
            return [f"slice={_one_or_list([_quoted(name) for name in clause.names])}"]
        case ConfidenceClause():
            return [f"confidence=({number_text(clause.low)}, {number_text(clause.high)})"]
        case TextClause():
            return [f"text={_quoted(clause.contains)}"]
        case RowsClause():
            return ["rows=mask"]
        case ColumnClause():
            raise AssertionError("columns are written together")


def _outcome(clause: CellClause) -> list[str]:
    return [] if clause.outcome is None else [f"correct={clause.outcome == 'correct'}"]


def _cells(clause: CellClause, meta: Meta) -> list[str]:
    """One rectangle as its sides, several as pairs; ``...`` is a whole side."""
    if not clause.any:
        return []
    sides = [[_side(codes, meta) for codes in (r.label, r.prediction)] for r in clause.any]
    label, prediction = sides[0]
    if len(sides) == 1 and (label, prediction) != ("...", "..."):
        # None would say that the side is not given: a missing class stands in a list.
        written = {"label": label, "prediction": prediction}
        return [
            f"{side}={'[None]' if text == 'None' else text}"
            for side, text in written.items()
            if text != "..."
        ]
    return [f"cells=[{', '.join(f'({a}, {b})' for a, b in sides)}]"]


def _side(codes: tuple[int, ...] | None, meta: Meta) -> str:
    return "..." if codes is None else _one_or_list([meta.class_python[code] for code in codes])


def _column(clause: ColumnClause, field: Field) -> str:
    values = [field.levels[code].python for code in clause.codes]
    values += [f"({_end(low, field)}, {_end(high, field)})" for low, high in clause.intervals]
    return f"{field.python}: {_one_or_list(values)}"


def _end(value: float, field: Field) -> str:
    """An end of an interval. Times are whole milliseconds, so the next one bounds the same rows."""
    if field.kind != "time" or not YEARS[0] <= value < YEARS[1]:
        return number_text(value)
    return f"'{np.datetime64(math.ceil(value), 'ms')}'"


def _one_or_list(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _quoted(text: str) -> str:
    """A string literal, written the same way in both languages: JSON's is Python's too."""
    written = json.dumps(text, ensure_ascii=False)
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half.group()):04x}", written)
