"""Clauses: what a selection is made of. Plain data with a closed schema, the same in the browser."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import MessageError
from offdiagonal.table.meta import Meta

Outcome = Literal["error", "correct"]

MAX_ITEMS = 10_000
MAX_TEXT = 10_000


@dataclass(frozen=True)
class Rectangle:
    """Cells of some labels and some predictions; None stands for all."""

    label: tuple[int, ...] | None
    prediction: tuple[int, ...] | None


@dataclass(frozen=True)
class CellClause:
    """Cells of the matrix: any of the rectangles (none given: all cells), and of one outcome if given."""

    any: tuple[Rectangle, ...]
    outcome: Outcome | None = None
    field: str = "cell"


@dataclass(frozen=True)
class SliceClause:
    """Any of the user's slices."""

    names: tuple[str, ...]
    field: str = "slice"


@dataclass(frozen=True)
class ConfidenceClause:
    """An interval of the probability of the predicted class."""

    low: float
    high: float
    field: str = "confidence"


@dataclass(frozen=True)
class TextClause:
    """Text that contains something, whatever the case."""

    contains: str
    field: str = "text"


@dataclass(frozen=True)
class ColumnClause:
    """Any of the levels, or of the intervals, of a column."""

    field: str
    codes: tuple[int, ...]
    intervals: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class RowsClause:
    """Rows of a mask; the browser only knows how many."""

    mask: NDArray[np.bool_]
    field: str = "rows"


Clause = CellClause | SliceClause | ConfidenceClause | TextClause | ColumnClause | RowsClause


def to_json(clause: Clause) -> dict[str, Any]:
    """The clause as the wire and saved notebooks hold it."""
    match clause:
        case CellClause():
            rectangles = [
                {"label": _listed(r.label), "prediction": _listed(r.prediction)} for r in clause.any
            ]
            return {"field": "cell", "any": rectangles, "outcome": clause.outcome}
        case SliceClause():
            return {"field": "slice", "names": list(clause.names)}
        case ConfidenceClause():
            return {"field": "confidence", "low": clause.low, "high": clause.high}
        case TextClause():
            return {"field": "text", "contains": clause.contains}
        case ColumnClause():
            return {
                "field": clause.field,
                "codes": list(clause.codes),
                "intervals": [list(interval) for interval in clause.intervals],
            }
        case RowsClause():
            return {"field": "rows", "count": int(clause.mask.sum())}


def _listed(codes: tuple[int, ...] | None) -> list[int] | None:
    return None if codes is None else list(codes)


def from_json(data: Any, meta: Meta, current: RowsClause | None = None) -> Clause:
    """Check one clause against the closed schema.

    Raises
    ------
    MessageError
        If it is anything but a clause about this table.
    """
    _require(isinstance(data, Mapping), "a clause must be an object", data)
    field = data.get("field")
    readers = {"cell": _cell, "slice": _slice, "confidence": _confidence, "text": _text}
    if field in readers:
        return readers[field](data, meta)
    if field == "rows":
        _keys(data, {"field", "count"})
        _require(current is not None, "rows can only be selected in Python", data)
        assert current is not None
        return current
    known = next((f for f in meta.fields if f.key == field), None)
    if known is None:
        raise MessageError(f"unknown field {field!r}")
    _keys(data, {"field", "codes", "intervals"})
    codes = _codes(data["codes"], len(known.levels))
    intervals = tuple(_interval(item) for item in _items(data["intervals"]))
    _require(not intervals or known.kind != "category", f"{known.name} has no intervals", data)
    return ColumnClause(known.key, codes, intervals)


def _cell(data: Mapping[str, Any], meta: Meta) -> Clause:
    _keys(data, {"field", "any", "outcome"})
    _require(data["outcome"] in (None, "error", "correct"), "unknown outcome", data["outcome"])
    rectangles = []
    for item in _items(data["any"]):
        _require(isinstance(item, Mapping), "a rectangle must be an object", item)
        _keys(item, {"label", "prediction"})
        sides = [None if item[s] is None else _codes(item[s], len(meta.classes)) for s in ("label", "prediction")]
        rectangles.append(Rectangle(*sides))
    return CellClause(tuple(rectangles), data["outcome"])


def _slice(data: Mapping[str, Any], meta: Meta) -> Clause:
    _keys(data, {"field", "names"})
    names = {s.name for s in meta.slices}
    for name in _items(data["names"]):
        _require(isinstance(name, str) and name in names, "unknown slice", name)
    return SliceClause(tuple(data["names"]))


def _confidence(data: Mapping[str, Any], meta: Meta) -> Clause:
    _keys(data, {"field", "low", "high"})
    _require(meta.confidence, "this evaluation has no confidence", data)
    return ConfidenceClause(*_interval([data["low"], data["high"]]))


def _text(data: Mapping[str, Any], meta: Meta) -> Clause:
    _keys(data, {"field", "contains"})
    _require(meta.text is not None, "this evaluation has no text", data)
    text = data["contains"]
    _require(isinstance(text, str) and 0 < len(text) <= MAX_TEXT, "text to search must be 1 to 10,000 characters", text)
    return TextClause(text)


def _keys(data: Mapping[str, Any], wanted: set[str]) -> None:
    _require(set(data) == wanted, f"a clause of {data.get('field')!r} has exactly {sorted(wanted)}", sorted(map(str, data)))


def _items(data: Any) -> list[Any]:
    _require(isinstance(data, list) and len(data) <= MAX_ITEMS, "expected a list of at most 10,000", data)
    return list(data)


def _codes(data: Any, size: int) -> tuple[int, ...]:
    items = _items(data)
    for code in items:
        _require(isinstance(code, int) and not isinstance(code, bool) and 0 <= code < size, "unknown code", code)
    return tuple(items)


def _interval(data: Any) -> tuple[float, float]:
    _require(isinstance(data, list) and len(data) == 2, "an interval is [low, high]", data)
    for end in data:
        _require(isinstance(end, int | float) and not isinstance(end, bool) and math.isfinite(end), "not a number", end)
    return float(data[0]), float(data[1])


def _require(condition: bool, what: str, value: object) -> None:
    if not condition:
        raise MessageError(f"{what}: {str(value)[:80]!r}")
