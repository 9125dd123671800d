"""Rows sorted by cell, so that a page of a cell is found among the rows of that cell alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.bundles import narrowest
from offdiagonal.counts.filters import CodeFilter, Filter, RowFilter
from offdiagonal.counts.sparse import occurring
from offdiagonal.counts.tiles import CELL, Codes

Rows = NDArray[np.integer[Any]]

FIRST_RUN = 1 << 10
"""Rows looked at first; each next run is twice as long."""

LAST_RUN = 1 << 18
"""The most rows looked at at once."""

HEAD = 1 << 14
"""Rows looked at in the order itself before the rows of several cells are merged: most often they suffice."""

MERGED_SHARE = 8
"""Several cells are merged when they hold less than this part of all rows."""


class Search:
    """The rows that pass some filters, looked for only as far as they are asked for.

    Parameters
    ----------
    runs
        Their positions, in order, in parts.
    """

    def __init__(self, runs: Iterator[Rows]) -> None:
        self._runs = runs
        self._found: list[Rows] = []
        self._count = 0

    def rows(self, start: int, end: int | None = None) -> Rows:
        """Positions of the rows from one place to another, or to the last."""
        while end is None or self._count < end:
            run = next(self._runs, None)
            if run is None:
                break
            self._found.append(run)
            self._count += len(run)
        if len(self._found) != 1:
            self._found = [np.concatenate(self._found) if self._found else np.zeros(0, dtype=np.int64)]
        return self._found[0][start:end]

    def __len__(self) -> int:
        """How many rows there are: looks for all of them."""
        return len(self.rows(0))


@dataclass(frozen=True, eq=False)
class CellRows:
    """All rows in some order, and the same order cell by cell."""

    order: Rows
    """Positions of the rows."""
    rows: Rows
    """Positions of the rows, cell after cell, each in order."""
    ranks: Rows
    """Where in ``order`` these rows stand."""
    cells: NDArray[np.int64]
    """The cells that occur, as label * classes + prediction, ascending."""
    starts: NDArray[np.int64]
    """Where in ``rows`` each of them starts, and where the last one ends."""
    classes: int
    codes: Mapping[str, Codes]
    """One code per row, for each dim."""
    sorted_codes: dict[str, Codes] = field(default_factory=dict)
    """The codes in the order of ``rows``, of each dim that was asked about: those of a cell lie side by side."""

    def search(self, filters: Sequence[Filter]) -> Search:
        """Look for the rows that pass all filters, in the order.

        Parameters
        ----------
        filters
            What the rows have to pass; a filter over cells leaves only their rows to look at.
        """
        cell = next((item for item in filters if is_cell(item)), None)
        if cell is None:
            return search(self.order, filters, self.codes)
        if cell.only is not None:
            return Search(self._in_cell(cell.only, [item for item in filters if item is not cell]))
        merged = self._merged(np.flatnonzero(cell.allowed[np.divmod(self.cells, self.classes)]))
        return Search(_passing(run, filters, self.codes) for run in merged)

    def _in_cell(self, cell: int, filters: Sequence[Filter]) -> Iterator[Rows]:
        place = int(np.searchsorted(self.cells, cell))
        if place == len(self.cells) or self.cells[place] != cell:
            return
        for part in _parts(int(self.starts[place]), int(self.starts[place + 1])):
            rows, rest = self.rows[part], filters
            if filters and (level := _level(filters[0])) is not None:
                rows, rest = rows[(self._sorted(level[0])[part] == level[1]).nonzero()[0]], filters[1:]
            yield _passing(rows, rest, self.codes)

    def _sorted(self, dim: str) -> Codes:
        if dim not in self.sorted_codes:
            self.sorted_codes[dim] = self.codes[dim][self.rows]
        return self.sorted_codes[dim]

    def _merged(self, cells: NDArray[np.int64]) -> Iterator[Rows]:
        """Rows of several cells, in order; others may be among them."""
        n = len(self.order)
        size = int((self.starts[cells + 1] - self.starts[cells]).sum())
        start = int(self.ranks[self.starts[cells]].min()) if size else n
        end = start if size <= HEAD else min(n, start + HEAD) if MERGED_SHARE * size < n else n
        yield from _runs(self.order[start:end])
        if end < n:
            merged = np.sort(np.concatenate([self.ranks[self._of(cell)] for cell in cells.tolist()]))
            yield from _runs(self.order[merged[np.searchsorted(merged, end) :]])

    def _of(self, cell: int) -> slice:
        return slice(self.starts[cell], self.starts[cell + 1])


def sort_by_cell(order: Rows, codes: Mapping[str, Codes], classes: int) -> CellRows:
    """Sort rows by cell, those of a cell as they are in ``order``.

    Parameters
    ----------
    order
        Positions of all rows.
    codes
        One code per row, for each dim: label, prediction, and those to be filtered by.
    classes
        Number of class codes.
    """
    cells, place, sizes = occurring(codes["label"], codes["prediction"], classes)
    ranks = np.argsort(place.astype(narrowest(len(cells)))[order], kind="stable").astype(
        narrowest(len(order))
    )
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return CellRows(order, order[ranks], ranks, cells, starts, classes, codes)


def search(order: Rows, filters: Sequence[Filter], codes: Mapping[str, Codes]) -> Search:
    """Look for the rows that pass all filters among all rows."""
    if not filters:
        return Search(iter([order]))
    return Search(_passing(run, filters, codes) for run in _runs(order))


def is_cell(item: Filter) -> TypeGuard[CodeFilter]:
    """Whether a filter is over label and prediction."""
    return isinstance(item, CodeFilter) and item.dims == CELL


def _level(item: Filter) -> tuple[str, int] | None:
    """The dim and the code of a filter that allows a single one."""
    if isinstance(item, RowFilter) or len(item.dims) != 1 or item.only is None:
        return None
    return item.dims[0], item.only


def _passing(rows: Rows, filters: Sequence[Filter], codes: Mapping[str, Codes]) -> Rows:
    for item in filters:
        if isinstance(item, RowFilter):
            rows = rows[item.mask[rows]]
        elif not item.dims:  # any of no slices, which a message may say: all rows or none
            rows = rows if item.allowed else rows[:0]
        elif len(item.dims) == 1:
            rows = rows[item.table.take(codes[item.dims[0]].take(rows))]
        else:
            rows = rows[item.allowed[tuple(codes[dim][rows] for dim in item.dims)]]
    return rows


def _runs(rows: Rows) -> Iterator[Rows]:
    return (rows[part] for part in _parts(0, len(rows)))


def _parts(start: int, end: int) -> Iterator[slice]:
    size = FIRST_RUN
    while start < end:
        yield slice(start, min(start + size, end))
        start, size = start + size, min(2 * size, LAST_RUN)
