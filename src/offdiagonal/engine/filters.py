"""A clause as a filter over codes, or over rows where codes do not know the answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from offdiagonal.counts.filters import CodeFilter, Filter, RowFilter, one_place
from offdiagonal.counts.sparse import AllowedCells, side
from offdiagonal.counts.tiles import CELL, Codes
from offdiagonal.table.encode import text_of
from offdiagonal.table.meta import CONFIDENCE_BINS, GRID_CLASSES, Field, Meta
from offdiagonal.table.table import Table

MAX_SLICE_DIMS = 12
"""A filter over codes has one axis a slice: beyond this many the rows are asked."""


class Filters:
    """Makes filters of clauses about one table and its slices."""

    def __init__(
        self, table: Table, meta: Meta, codes: Mapping[str, Codes], slices: Mapping[str, NDArray[np.bool_]]
    ) -> None:
        self._table = table
        self._codes = codes
        self._slices = slices
        self._slice_keys = {item.name: item.key for item in meta.slices}
        self._fields = {field.key: field for field in meta.fields}

    def of(self, clause: Clause) -> Filter:
        """The filter of a clause."""
        match clause:
            case CellClause():
                return self._cells(clause)
            case SliceClause():
                return self._any_slice(clause)
            case ConfidenceClause():
                return self._confidence(clause)
            case ColumnClause():
                return self._column(clause)
            case TextClause():
                return RowFilter(self._contains(clause.contains))
            case RowsClause():
                return RowFilter(clause.mask)

    def _cells(self, clause: CellClause) -> Filter:
        k = len(self._table.classes)
        cell = _one_cell(clause)
        if k > GRID_CLASSES:
            sides = [(side(each.label, k), side(each.prediction, k)) for each in clause.any]
            some = AllowedCells(sides, clause.outcome, self._table.missing)
            return CodeFilter(CELL, some, None if cell is None else cell[0] * k + cell[1])
        if cell is not None:
            return one_place(CELL, (k, k), cell[0] * k + cell[1])
        allowed = np.zeros((k, k), dtype=bool) if clause.any else np.ones((k, k), dtype=bool)
        for rectangle in clause.any:
            allowed[_axes(rectangle, k)] = True
        if clause.outcome is not None:
            judged = np.ones(k, dtype=bool)
            if self._table.missing is not None:
                judged[self._table.missing] = False
            right = np.eye(k, dtype=bool)
            allowed &= (right if clause.outcome == "correct" else ~right) & judged[:, None]
        return CodeFilter(CELL, allowed)

    def _any_slice(self, clause: SliceClause) -> Filter:
        names = list(dict.fromkeys(clause.names))
        if len(names) > MAX_SLICE_DIMS:
            return RowFilter(np.logical_or.reduce([self._slices[name] for name in names]))
        keys = tuple(self._slice_keys[name] for name in names)
        inside = np.ones((2,) * len(keys), dtype=bool)
        inside[(0,) * len(keys)] = False
        return CodeFilter(keys, inside)

    def _confidence(self, clause: ConfidenceClause) -> Filter:
        edges = np.arange(CONFIDENCE_BINS + 1) / CONFIDENCE_BINS
        aligned = aligned_bins(edges, clause.low, clause.high)
        if aligned is not None:
            return CodeFilter(("confidence",), np.append(aligned, False))
        assert self._table.confidence is not None
        return RowFilter(between(self._table.confidence, clause.low, clause.high, 1.0))

    def _column(self, clause: ColumnClause) -> Filter:
        field = self._fields[clause.field]
        if len(clause.codes) == 1 and not clause.intervals:
            return one_place((field.key,), (len(field.levels),), clause.codes[0])
        allowed = np.zeros(len(field.levels), dtype=bool)
        allowed[list(clause.codes)] = True
        edges = edges_of(field)
        loose: list[tuple[float, float]] = []
        for low, high in clause.intervals:
            bins = aligned_bins(edges, low, high)
            if bins is None:
                loose.append((low, high))
            else:
                allowed[: len(bins)] |= bins
        if not loose:
            return CodeFilter((field.key,), allowed)
        mask: NDArray[np.bool_] = allowed[self._codes[field.key]]
        values = self._table.numbers(field.key)
        for low, high in loose:
            mask = mask | between(values, low, high, field.maximum)
        return RowFilter(mask)

    def _contains(self, text: str) -> NDArray[np.bool_]:
        """Which rows' text contains something, whatever the case."""
        needle = text.lower()
        return np.fromiter((needle in row for row in self._lowered), dtype=bool, count=self._table.n)

    @cached_property
    def _lowered(self) -> list[str]:
        values = self._table.source.values(self._table.roles["text"])
        if values.dtype != object:
            return [text_of(value).lower() for value in values.tolist()]
        return ["" if value is None else str(value).lower() for value in values]


def _one_cell(clause: CellClause) -> tuple[int, int] | None:
    if len(clause.any) != 1 or clause.outcome is not None:
        return None
    labels, predictions = clause.any[0].label, clause.any[0].prediction
    if labels is None or predictions is None or len(labels) != 1 or len(predictions) != 1:
        return None
    return labels[0], predictions[0]


def _axes(rectangle: Rectangle, k: int) -> Any:
    labels = range(k) if rectangle.label is None else rectangle.label
    predictions = range(k) if rectangle.prediction is None else rectangle.prediction
    return np.asarray(labels, dtype=np.int64)[:, None], np.asarray(predictions, dtype=np.int64)


def edges_of(field: Field) -> NDArray[np.float64]:
    """Edges of a field's bins: one more than there are bins; none where it has none."""
    bins = [level for level in field.levels if level.low is not None and level.high is not None]
    return np.asarray([bins[0].low, *(level.high for level in bins)], dtype=float) if bins else np.empty(0)


def aligned_bins(edges: NDArray[np.float64], low: float, high: float) -> NDArray[np.bool_] | None:
    """Which bins an interval holds, or None where one of its ends cuts a bin."""
    if len(edges) < 2:
        return None
    start, end = float(edges[0]), float(edges[-1])
    bins = np.zeros(len(edges) - 1, dtype=bool)
    if low > end or high < start:
        return bins
    first, last = _edge(edges, max(low, start)), _edge(edges, min(high, end))
    # An interval that begins at the maximum holds that value alone, which is a part of the last bin.
    if first is None or last is None or low == end:
        return None
    bins[first:last] = True
    return bins


def _edge(edges: NDArray[np.float64], value: float) -> int | None:
    found = np.flatnonzero(edges == value)
    return int(found[0]) if len(found) else None


def between(values: NDArray[np.float64], low: float, high: float, maximum: float | None) -> NDArray[np.bool_]:
    """low <= value < high; a high at or above the maximum takes it in."""
    below = values <= high if maximum is not None and high >= maximum else values < high
    return np.asarray((values >= low) & below)
