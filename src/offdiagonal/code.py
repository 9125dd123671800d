"""A selection as the Python expression that restores it; ``js/src/core/code.ts`` writes the same."""

from __future__ import annotations

from collections.abc import Sequence

from offdiagonal.clauses import (
    CellClause,
    Clause,
    ColumnClause,
    ConfidenceClause,
    Rectangle,
    RowsClause,
    SliceClause,
    TextClause,
)
from offdiagonal.table.meta import Field, Meta


def selection_code(clauses: Sequence[Clause], meta: Meta, name: str) -> str:
    """Expression for ``name.selection``."""
    if not clauses:
        return f"{name}.selection.clear()"
    arguments: list[str] = []
    columns: list[str] = []
    for clause in clauses:
        if isinstance(clause, ColumnClause):
            columns.append(_column(clause, next(f for f in meta.fields if f.key == clause.field)))
        else:
            arguments.append(_argument(clause, meta))
    if columns:
        arguments.append(f"columns={{{', '.join(columns)}}}")
    return f"{name}.selection.clear().where({', '.join(arguments)})"


def _argument(clause: Clause, meta: Meta) -> str:
    match clause:
        case CellClause():
            return ", ".join([*_cells(clause, meta), *_outcome(clause)])
        case SliceClause():
            return f"slice={_one_or_list([_quoted(name) for name in clause.names])}"
        case ConfidenceClause():
            return f"confidence=({_number(clause.low)}, {_number(clause.high)})"
        case TextClause():
            return f"text={_quoted(clause.contains)}"
        case RowsClause():
            return "rows=mask"
        case _:
            raise AssertionError(clause)


def _outcome(clause: CellClause) -> list[str]:
    return [] if clause.outcome is None else [f"correct={clause.outcome == 'correct'}"]


def _cells(clause: CellClause, meta: Meta) -> list[str]:
    if not clause.any:
        return []
    if len(clause.any) == 1:
        sides = [("label", clause.any[0].label), ("prediction", clause.any[0].prediction)]
        return [f"{side}={_classes(codes, meta)}" for side, codes in sides if codes is not None]
    pairs = [pair for rectangle in clause.any for pair in _pairs(rectangle, len(meta.classes))]
    texts = [f"({meta.class_python[a]}, {meta.class_python[b]})" for a, b in dict.fromkeys(pairs)]
    return [f"cells=[{', '.join(texts)}]"]


def _pairs(rectangle: Rectangle, size: int) -> list[tuple[int, int]]:
    labels = range(size) if rectangle.label is None else rectangle.label
    predictions = range(size) if rectangle.prediction is None else rectangle.prediction
    return [(a, b) for a in labels for b in predictions]


def _classes(codes: tuple[int, ...], meta: Meta) -> str:
    texts = [meta.class_python[code] for code in codes]
    return texts[0] if len(texts) == 1 and texts[0] != "None" else f"[{', '.join(texts)}]"


def _column(clause: ColumnClause, field: Field) -> str:
    values = [field.levels[code].python for code in clause.codes]
    values += [f"({_end(low, field)}, {_end(high, field)})" for low, high in clause.intervals]
    return f"{field.python}: {_one_or_list(values)}"


def _end(value: float, field: Field) -> str:
    if field.kind != "time":
        return _number(value)
    from numpy import datetime64

    return f"'{datetime64(int(value), 'ms')}'"


def _one_or_list(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _number(value: float) -> str:
    """As JavaScript writes it, so that both languages give one expression."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _quoted(text: str) -> str:
    """A string literal, written the same way in both languages: JSON's is Python's too."""
    import json

    return json.dumps(text, ensure_ascii=False)
