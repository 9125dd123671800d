"""From what a user writes in ``where(columns=...)`` to clauses on columns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from offdiagonal.clauses import ColumnClause
from offdiagonal.errors import SelectionError
from offdiagonal.table.arrays import EXACT_INTEGER, is_missing
from offdiagonal.table.meta import Field, Level, Meta, called
from offdiagonal.table.names import python_name

Interval = tuple[float, float]


class Columns(Protocol):
    """What clauses on columns need to know of the table."""

    @property
    def meta(self) -> Meta:
        """The description of the table."""

    def level_code(self, field: Field, value: Any) -> int:
        """Code of a value of a column."""

    def moment(self, field: Field, value: Any) -> float:
        """A point in time as epoch milliseconds."""

    def span(self, field: Field, value: Any) -> Interval:
        """The first millisecond of a day, a month ... and the first one after it."""

    def why_no_field(self, name: Any) -> str | None:
        """Why a column of the table is none to select by, and what to do; None where there is no such column."""


def column_clauses(table: Columns, columns: Any) -> list[ColumnClause]:
    """One clause for each column that is named.

    Raises
    ------
    SelectionError
        If something named does not exist, or a column is named twice.
    """
    if not isinstance(columns, Mapping):
        raise SelectionError(
            f"columns= is a dict of column name to value, such as {{'length': (20, 80)}}, not {columns!r:.80}"
        )
    clauses = [_column(table, name, value) for name, value in columns.items()]
    if len({clause.field for clause in clauses}) < len(clauses):
        raise SelectionError("columns= names a column twice; give all of its values in one list")
    return clauses


def _column(table: Columns, name: Any, value: Any) -> ColumnClause:
    field = _field(table, name)
    codes: list[int] = []
    intervals: list[Interval] = []
    for item in value if is_many(value) else [value]:
        if field.kind == "category":
            codes.extend(_category(table, field, item))
            continue
        found = _interval(table, field, item) if isinstance(item, tuple) else _value(table, field, item)
        codes.extend(found[0])
        intervals.extend(found[1])
    return ColumnClause(field.key, tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(intervals)))


def _field(table: Columns, name: Any) -> Field:
    try:
        return field_of(table.meta, name)
    except SelectionError as error:
        why = table.why_no_field(name)
        if why is None:
            raise
        raise SelectionError(why) from error


def _category(table: Columns, field: Field, value: Any) -> list[int]:
    """The code of a value; of an interval the codes of the numbers in it."""
    try:
        return [table.level_code(field, value)]
    except SelectionError:
        numbers = {code: float(level.python) for code, level in enumerate(field.levels) if _is_number(level)}
        if not isinstance(value, tuple) or not numbers:
            raise
    low, high = ends(called(field), value, -math.inf, math.inf)
    top = high >= max(numbers.values())
    return [code for code, number in numbers.items() if low <= number < high or (top and number == high)]


def _is_number(level: Level) -> bool:
    try:
        return math.isfinite(float(level.python))
    except ValueError:
        return False


def _interval(table: Columns, field: Field, item: tuple[Any, ...]) -> tuple[list[int], list[Interval]]:
    """Codes and intervals of a pair: a whole bin is its code, an open end takes in the infinite values."""
    bins = [level for level in field.levels if level.low is not None and level.high is not None]
    least, most = bins[0].low, field.maximum if field.maximum is not None else bins[-1].high
    assert least is not None
    assert most is not None
    if field.kind == "time":
        item = tuple(e if _is_open(e) else table.moment(field, e) for e in item)
    low, high = ends(called(field), item, least, most)
    open_low, open_high = (len(item) == 2 and _is_open(end) for end in item)
    infinite = {"-inf": open_low, "inf": open_high}
    codes = [
        i for i, level in enumerate(field.levels) if level.low is None and infinite.get(level.text, False)
    ]
    whole, loose = _bins_or_interval(field, low, high)
    return whole + codes, loose


def _bins_or_interval(field: Field, low: float, high: float) -> tuple[list[int], list[Interval]]:
    whole = [i for i, level in enumerate(field.levels) if (level.low, level.high) == (low, high)]
    return whole, [] if whole else [(low, high)]


def _is_open(end: Any) -> bool:
    return end is None or (isinstance(end, float | np.floating) and math.isinf(end))


def _value(table: Columns, field: Field, value: Any) -> tuple[list[int], list[Interval]]:
    """The code of a bin, by its text; of a number the interval that holds nothing else; of a time what it names."""
    if field.kind == "time" and not is_missing(value):
        return _time(table, field, value)
    try:
        return [table.level_code(field, value)], []
    except SelectionError:
        if isinstance(value, str):
            raise
    low = _end(called(field), value)
    if abs(low) > EXACT_INTEGER:
        raise SelectionError(
            f"{called(field)}: {value!r} is too large to be told from its neighbours; give (low, high)"
        )
    return [], [(low, math.nextafter(low, math.inf))]


def _time(table: Columns, field: Field, value: Any) -> tuple[list[int], list[Interval]]:
    """What a time names, whatever the bins are; a text that is none may be that of a bin."""
    texts = [level.text for level in field.levels]
    code = texts.index(value) if isinstance(value, str) and value in texts else None
    if code is not None and field.levels[code].python == repr(value):  # years that no other text names
        return [code], []
    try:
        return _bins_or_interval(field, *table.span(field, value))
    except SelectionError:
        if code is not None:
            return [code], []
        raise


def ends(what: str, interval: Any, least: float, most: float) -> tuple[float, float]:
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


def column_of(meta: Meta, name: Any) -> str:
    """The key of a column to look at: label, prediction, a column of few values, or the length of a text.

    Raises
    ------
    SelectionError
        If there is none.
    """
    if isinstance(name, str) and name in ("label", "prediction"):
        return name
    texts = {column.key for column in meta.columns if column.kind == "text" and column.name == str(name)}
    found = [field.key for field in meta.fields if field.key in texts and field.name != str(name)]
    return found[0] if found else field_of(meta, name).key


def dim_of(meta: Meta, name: Any) -> str:
    """The key of a side of the matrix: label, prediction, a column, or else a slice.

    Raises
    ------
    SelectionError
        If there is none.
    """
    try:
        return column_of(meta, name)
    except SelectionError:
        for part in meta.slices:
            if isinstance(name, str) and part.name == name:
                return part.key
    public = [field.name for field in meta.fields if not field.private]
    public += [part.name for part in meta.slices if not part.private]
    raise SelectionError.unknown("column or slice", name, public)


def is_many(given: Any) -> bool:
    """Whether several values are given, rather than one: a tuple is one."""
    return isinstance(given, list | set | frozenset | range) or (
        hasattr(given, "__array__") and np.ndim(given) > 0
    )
