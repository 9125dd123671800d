"""Filters over codes, and counting under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.sparse import AllowedCells, cells_of
from offdiagonal.counts.tiles import CELL, Codes, Tile, Unjudged, add_up, asked_for, best_tile


@dataclass(frozen=True)
class CodeFilter:
    """Rows whose codes of some dims are allowed: answered from counts."""

    dims: tuple[str, ...]
    allowed: NDArray[np.bool_] | AllowedCells
    """One axis a dim."""
    place: int | None = None
    """``only``, where it is known from the start: a click takes microseconds, and to look for it is one of them."""

    @property
    def table(self) -> NDArray[np.bool_]:
        """What is allowed as an array: not told of cells of many classes."""
        assert isinstance(self.allowed, np.ndarray)
        return self.allowed

    @cached_property
    def only(self) -> int | None:
        """The place of the one combination that is allowed, axes in order; None where there are more, or none."""
        if self.place is not None or isinstance(self.allowed, AllowedCells):
            return self.place
        places = self.allowed.reshape(-1).nonzero()[0]
        return int(places[0]) if len(places) == 1 else None


def one_place(dims: tuple[str, ...], shape: tuple[int, ...], place: int) -> CodeFilter:
    """Allow a single combination of codes."""
    allowed = np.zeros(shape, dtype=bool)
    allowed.reshape(-1)[place] = True
    return CodeFilter(dims, allowed, place)


@dataclass(frozen=True)
class RowFilter:
    """Rows of a mask; what no code knows, such as text found."""

    mask: NDArray[np.bool_]


Filter = CodeFilter | RowFilter


def passing(filters: Sequence[Filter], codes: Mapping[str, Codes], n: int) -> NDArray[np.bool_]:
    """Which of n rows pass all filters."""
    mask = np.ones(n, dtype=bool)
    for item in filters:
        mask &= (
            item.mask if isinstance(item, RowFilter) else item.allowed[tuple(codes[dim] for dim in item.dims)]
        )
    return mask


def needed(by: Sequence[str], filters: Sequence[CodeFilter]) -> set[str]:
    """The dims that a tile must know to count by dims under filters."""
    return {*by, *(dim for item in filters for dim in item.dims)}


def cells(
    tiles: Sequence[Tile], filters: Sequence[Filter], sizes: Mapping[str, int], unjudged: Unjudged
) -> Tile | None:
    """Counts of the cells that occur under filters, from the smallest tile that can answer; None where none can."""
    coded = [item for item in filters if isinstance(item, CodeFilter)]
    tile = best_tile(tiles, needed(CELL, coded)) if len(coded) == len(filters) else None
    if tile is None:
        return None
    dims = {dim: tile.column(dim, unjudged) for item in coded for dim in item.dims}
    return cells_of(tile, passing(coded, dims, len(tile)) if coded else None, dict(sizes), unjudged)


def tabulate(
    tiles: Sequence[Tile],
    by: Sequence[str],
    filters: Sequence[Filter],
    sizes: Mapping[str, int],
    unjudged: Unjudged,
) -> NDArray[Any] | None:
    """Counts by dims, or what an amount adds up to, from the smallest tile that can answer; None where none can."""
    amount, by = asked_for(by)
    coded = [item for item in filters if isinstance(item, CodeFilter)]
    tile = best_tile(tiles, needed(by, coded)) if len(coded) == len(filters) else None
    if tile is None:
        return None
    columns = [tile.column(dim, unjudged) for dim in by]
    n: NDArray[Any] = tile.n if amount is None else tile.sums[amount]
    if coded:
        dims = {dim: tile.column(dim, unjudged) for item in coded for dim in item.dims}
        kept = passing(coded, dims, len(tile))
        columns, n = [column[kept] for column in columns], n[kept]
    if not by:
        return np.asarray(n.sum())
    return add_up(columns, [sizes[dim] for dim in by], n)
