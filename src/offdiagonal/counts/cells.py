"""Rows sorted by cell, so that a page of a cell is found among the rows of that cell alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.bundles import narrowest
from offdiagonal.counts.filters import CodeFilter, Filter, RowFilter
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
        Positions of the candidates, in order, in parts.
    filters
        What the rows have to pass.
    codes
        One code per row, for each dim of the filters.
    """

    def __init__(self, runs: Iterator[Rows], filters: Sequence[Filter], codes: Mapping[str, Codes]) -> None:
        self._runs = runs
        self._filters = filters
        self._codes = codes
        self._found: list[Rows] = []
        self._count = 0

    def rows(self, start: int, end: int | None = None) -> Rows:
        """Positions of the rows from one place to another, or to the last."""
        while end is None or self._count < end:
            run = next(self._runs, None)
            if run is None:
                break
            self._found.append(_passing(run, self._filters, self._codes))
            self._count += len(self._found[-1])
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
    starts: NDArray[np.int64]
    """Where in ``rows`` each cell starts, and where the last one ends."""

    def search(self, filters: Sequence[Filter], codes: Mapping[str, Codes]) -> Search:
        """Look for the rows that pass all filters, in the order.

        Parameters
        ----------
        filters
            What the rows have to pass; a filter over cells leaves only their rows to look at.
        codes
            One code per row, for each dim of the filters.
        """
        cell = next((item for item in filters if is_cell(item)), None)
        if cell is None:
            return search(self.order, filters, codes)
        if cell.only is not None:
            others = [item for item in filters if item is not cell]
            return Search(_runs(self.rows[self._of(cell.only)]), others, codes)
        chosen = cell.allowed.reshape(-1).nonzero()[0]
        return Search(self._merged(chosen[self.starts[chosen + 1] > self.starts[chosen]]), filters, codes)

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


def sort_by_cell(order: Rows, label: Codes, prediction: Codes, classes: int) -> CellRows:
    """Sort rows by cell, those of a cell as they are in ``order``.

    Parameters
    ----------
    order
        Positions of all rows.
    label, prediction
        Codes of the rows.
    classes
        Number of class codes.
    """
    kind = narrowest(classes * classes)
    cell: NDArray[Any] = label.astype(kind) * kind(classes) + prediction
    ranks = np.argsort(cell[order], kind="stable").astype(narrowest(len(order)))
    sizes = np.bincount(cell, minlength=classes * classes)
    return CellRows(order, order[ranks], ranks, np.concatenate([[0], np.cumsum(sizes)]))


def search(order: Rows, filters: Sequence[Filter], codes: Mapping[str, Codes]) -> Search:
    """Look for the rows that pass all filters among all rows."""
    return Search(_runs(order) if filters else iter([order]), filters, codes)


def is_cell(item: Filter) -> TypeGuard[CodeFilter]:
    """Whether a filter is over label and prediction."""
    return isinstance(item, CodeFilter) and item.dims == CELL


def _passing(rows: Rows, filters: Sequence[Filter], codes: Mapping[str, Codes]) -> Rows:
    for item in filters:
        if isinstance(item, RowFilter):
            rows = rows[item.mask[rows]]
        elif len(item.dims) == 1:
            rows = rows[item.allowed.take(codes[item.dims[0]].take(rows))]
        else:
            rows = rows[item.allowed[tuple(codes[dim][rows] for dim in item.dims)]]
    return rows


def _runs(rows: Rows) -> Iterator[Rows]:
    start, size = 0, FIRST_RUN
    while start < len(rows):
        yield rows[start : start + size]
        start, size = start + size, min(2 * size, LAST_RUN)
