"""Clauses: what a selection is made of. Plain data with a closed schema, the same in the browser."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import MessageError
from offdiagonal.table.meta import Meta

Outcome = Literal["error", "correct"]

MAX_CLAUSES = 100
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


@dataclass(frozen=True, init=False)
class RowsClause:
    """Rows of a mask, kept as bits; the browser only knows which mask it is and how many rows it has."""

    id: str
    """A short hash: equal masks have equal ids."""
    count: int
    """How many rows."""
    field: str
    _bits: bytes = dataclasses.field(repr=False, compare=False)
    _size: int = dataclasses.field(repr=False, compare=False)

    def __init__(self, mask: NDArray[np.bool_]) -> None:
        bits = np.packbits(mask).tobytes()
        size = len(mask)
        name = hashlib.blake2b(bits, digest_size=12, salt=size.to_bytes(8, "little")).hexdigest()
        count = int(np.count_nonzero(mask))
        # Frozen, and made of a mask: each part is put in place by hand.
        for key, value in {"id": name, "count": count, "field": "rows", "_bits": bits, "_size": size}.items():
            object.__setattr__(self, key, value)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Which rows."""
        return np.unpackbits(np.frombuffer(self._bits, np.uint8), count=self._size).view(np.bool_)


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
            return {"field": "rows", "id": clause.id, "count": clause.count}


def _listed(codes: tuple[int, ...] | None) -> list[int] | None:
    return None if codes is None else list(codes)


def from_json(data: Any, meta: Meta, masks: Sequence[RowsClause] = ()) -> Clause:
    """Check one clause against the closed schema.

    Parameters
    ----------
    data
        What JSON gave.
    meta
        The table that the clause is about.
    masks
        The masks that Python holds: the browser only names them.

    Raises
    ------
    MessageError
        If it is anything but a clause about this table.
    """
    _require(isinstance(data, Mapping), "a clause must be an object", data)
    field = data.get("field")
    _require(isinstance(field, str), "a clause must name its field", field)
    readers = {"cell": _cell, "slice": _slice, "confidence": _confidence, "text": _text}
    if field in readers:
        return readers[field](data, meta)
    return _rows(data, masks) if field == "rows" else _column(data, meta)


def all_from_json(data: Any, meta: Meta, masks: Sequence[RowsClause] = ()) -> tuple[Clause, ...]:
    """Check a selection: a list of clauses, at most one a field.

    Raises
    ------
    MessageError
        If it is anything else.
    """
    _require(
        isinstance(data, list) and len(data) <= MAX_CLAUSES,
        f"clauses must be a list of at most {MAX_CLAUSES}",
        data,
    )
    clauses = tuple(from_json(item, meta, masks) for item in data)
    fields = [clause.field for clause in clauses]
    _require(len(set(fields)) == len(fields), "at most one clause a field", fields)
    return clauses


def _cell(data: Mapping[str, Any], meta: Meta) -> Clause:
    _keys(data, {"field", "any", "outcome"})
    _require(data["outcome"] in (None, "error", "correct"), "unknown outcome", data["outcome"])
    rectangles = tuple(_rectangle(item, len(meta.classes)) for item in _items(data["any"]))
    _require(bool(rectangles) or data["outcome"] is not None, "a cell clause names cells or an outcome", data)
    return CellClause(rectangles, data["outcome"])


def _rectangle(data: Any, size: int) -> Rectangle:
    _require(isinstance(data, Mapping), "a rectangle must be an object", data)
    _keys(data, {"label", "prediction"})
    label, prediction = (None if data[s] is None else _codes(data[s], size) for s in ("label", "prediction"))
    return Rectangle(label, prediction)


def _slice(data: Mapping[str, Any], meta: Meta) -> Clause:
    _keys(data, {"field", "names"})
    names = {s.name for s in meta.slices}
    for name in _items(data["names"]):
        _require(isinstance(name, str) and name in names, "unknown slice", name)
    return SliceClause(tuple(data["names"]))


def _confidence(data: Mapping[str, Any], meta: Meta) -> Clause:
    _keys(data, {"field", "low", "high"})
    _require(meta.confidence, "this evaluation has no confidence", data)
    low, high = _interval([data["low"], data["high"]])
    _require(low >= 0 and high <= 1, "confidence is between 0 and 1", [low, high])
    return ConfidenceClause(low, high)


def _text(data: Mapping[str, Any], meta: Meta) -> Clause:
    _keys(data, {"field", "contains"})
    _require(meta.text is not None, "this evaluation has no text", data)
    text = data["contains"]
    fits = isinstance(text, str) and 0 < len(text) <= MAX_TEXT
    _require(fits, f"text to search must be 1 to {MAX_TEXT:,} characters", text)
    return TextClause(text)


def _rows(data: Mapping[str, Any], masks: Sequence[RowsClause]) -> Clause:
    _keys(data, {"field", "id", "count"})
    found = next((clause for clause in masks if clause.id == data["id"]), None)
    if found is None or type(data["count"]) is not int or found.count != data["count"]:
        raise MessageError("rows can only be selected in Python, and these are no longer held there")
    return found


def _column(data: Mapping[str, Any], meta: Meta) -> Clause:
    field = next((f for f in meta.fields if f.key == data["field"]), None)
    if field is None:
        raise MessageError(f"unknown field {_shown(data['field'])}")
    _keys(data, {"field", "codes", "intervals"})
    codes = _codes(data["codes"], len(field.levels))
    intervals = tuple(_interval(item) for item in _items(data["intervals"]))
    _require(not intervals or field.kind != "category", "the column has no intervals", field.key)
    return ColumnClause(field.key, codes, intervals)


def _keys(data: Mapping[str, Any], wanted: set[str]) -> None:
    _require(set(data) == wanted, f"expected exactly {sorted(wanted)}", sorted(map(str, data)))


def _items(data: Any) -> list[Any]:
    _require(
        isinstance(data, list) and len(data) <= MAX_ITEMS, f"expected a list of at most {MAX_ITEMS:,}", data
    )
    return list(data)


def _codes(data: Any, size: int) -> tuple[int, ...]:
    items = _items(data)
    for code in items:
        _require(type(code) is int and 0 <= code < size, "unknown code", code)
    return tuple(items)


def _interval(data: Any) -> tuple[float, float]:
    _require(isinstance(data, list) and len(data) == 2, "an interval is [low, high]", data)
    low, high = map(_finite, data)
    _require(low <= high, "an interval goes from low to high", data)
    return low, high


def _finite(value: Any) -> float:
    _require(type(value) in (int, float), "not a number", value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    _require(math.isfinite(number), "not a finite number", value)
    return number


def _require(condition: bool, what: str, value: object) -> None:
    if not condition:
        raise MessageError(f"{what}: {_shown(value)}")


def _shown(value: object, most: int = 80) -> str:
    """The beginning of a value, whatever its size."""
    if isinstance(value, list | dict):
        return f"{type(value).__name__} of {len(value):,}"
    if isinstance(value, int) and abs(value) >= 1 << 64:
        return "a number of more than 64 bits"
    return repr(value if not isinstance(value, str) else value[:most])[:most]
