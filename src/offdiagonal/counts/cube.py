"""The pair cube: counts of every cell with any two levels, dense, so that a query is one look-up.

The levels of all dims lie one behind the other on one axis, behind a first one that stands for all rows; so any cell
with any slice is ``pairs[cell, slice]``: a row that holds the counts of all other slices at once. Its size does not
depend on the number of rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.axes import arranged, narrowed
from offdiagonal.counts.bundles import count_bins, count_pairs, make_bundles, narrowest
from offdiagonal.counts.filters import CodeFilter, Filter
from offdiagonal.counts.tiles import CELL, Codes, Counts, Tally, Tile, Unjudged, outcome_of

MOST_BYTES = 64 << 20
"""How large each of the two arrays of a cube may be."""

OUTCOMES = 3
CELL_DIMS = {*CELL, "outcome"}
CONFIDENCE = "confidence"
LEVELS = "levels"
"""The whole level axis as one dim: counts by it are those of all slices at once."""


@dataclass(frozen=True, eq=False)
class Cube:
    """Counts by cell and two levels: exact for any set of cells with any one slice, or any slice with any bin."""

    classes: int
    sizes: Mapping[str, int]
    spans: Mapping[str, slice]
    """Where the levels of a dim lie on the level axis; of ``LEVELS`` too."""
    cells: NDArray[np.int64]
    """The cells that occur, as label * classes + prediction, ascending."""
    outcomes: NDArray[np.uint8]
    """The outcome of each of them."""
    kinds: Sequence[int]
    """The outcome of each place on the cell axis."""
    place: NDArray[np.int64]
    """Where each cell, occurring or not, lies on the cell axis."""
    pairs: NDArray[np.int32]
    """Axes cell, level, level. First on the cell axis are the sums over each outcome, last is a row of zeros."""
    matrices: NDArray[np.int32]
    """Axes level, cell that occurs: a copy out of ``pairs``, where the cells of a level lie far apart."""
    bins: NDArray[np.int32] | None
    """Axes cell, level, bin of the confidence; None where there is none, or no room."""

    def tabulate(self, by: Sequence[str], filters: Sequence[Filter]) -> Counts | None:
        """Count by dims under filters.

        Parameters
        ----------
        by
            Dims, each once; of those beside the cell and the outcome at most two with those of the filters.
        filters
            What the rows have to pass.

        Returns
        -------
        array of shape (size of each dim), or None where the cube does not know.
        """
        found = self._looked_up(by, filters)
        if found is not None:
            return found
        cells: NDArray[np.bool_] | None = None
        masks: list[CodeFilter] = []
        dims: list[str] = []
        for item in filters:
            if not isinstance(item, CodeFilter):
                return None
            if item.dims == CELL:
                cells = item.table if cells is None else cells & item.table
            else:
                masks.append(item)
                dims += [dim for dim in item.dims if dim not in dims]
        dims += [dim for dim in by if dim not in CELL_DIMS and dim not in dims]
        if len(dims) > 2 or len(set(by)) < len(by):
            return None
        block = self._block(dims)
        if block is None:
            return None
        if len(masks) == 1:
            block, dims, masks = narrowed(block, dims, masks[0], by)
        axes, counts = self._by_cell(block, cells, dims, by)
        for item in masks:
            order = [item.dims.index(dim) for dim in dims if dim in item.dims]
            shape = [self.sizes[axis] if axis in item.dims else 1 for axis in axes]
            counts = counts * item.table.transpose(order).reshape(shape)
        return arranged(counts, axes, by)

    def tile(self, dims: Sequence[str]) -> Tile | None:
        """The counts by some dims as a tile, just as ``Tally.tile`` makes it from rows; None where unknown."""
        cellwise = tuple(dims[:2]) == CELL
        by = list(dims[2:] if cellwise else dims)
        rest = [dim for dim in by if dim != "outcome"]
        block = self._block(rest) if len(rest) <= 2 and (cellwise or "outcome" in by) else None
        if block is None:
            return None
        part = block[OUTCOMES:-1] if cellwise else np.moveaxis(block[:OUTCOMES], 0, by.index("outcome"))
        found = np.nonzero(part)
        codes = (*np.divmod(self.cells[found[0]], self.classes), *found[1:]) if cellwise else found
        narrow = (code.astype(narrowest(self.sizes[dim] - 1)) for code, dim in zip(codes, dims, strict=True))
        return Tile(tuple(dims), tuple(narrow), part[found].astype(np.int64))

    def _looked_up(self, by: Sequence[str], filters: Sequence[Filter]) -> Counts | None:
        """What a click asks for, in as few steps as it takes: at most one cell and at most one level."""
        place, level = 0, 0
        for item in filters:
            if not isinstance(item, CodeFilter):
                return None
            only = item.only
            if only is None:
                return None
            dim = item.dims[0]
            if item.dims == CELL and not place:
                place = int(self.place[only])
            elif not level and len(item.dims) == 1 and dim in self.spans and dim not in by:
                level = self.spans[dim].start + only
            else:
                return None
        if place and not by:
            return np.asarray(self.pairs[place, level, 0], dtype=np.int64)
        if place and len(by) == 2 and by[1] == "outcome":
            return self._outcomes(by[0], place, level)
        if not place and by == ["label", "prediction"]:
            counts = np.zeros(self.classes**2, dtype=np.int64)
            counts[self.cells] = self.matrices[level]
            return counts.reshape(self.classes, self.classes)
        return None

    def _outcomes(self, dim: str, place: int, level: int) -> Counts | None:
        """Counts of one cell by a dim and the outcome."""
        if dim in self.spans:
            counted = self.pairs[place, level, self.spans[dim]]
        elif dim == CONFIDENCE and self.bins is not None:
            counted = self.bins[place, level]
        else:
            return None
        counts = np.zeros((len(counted), OUTCOMES), dtype=np.int64)
        counts[:, self.kinds[place]] = counted
        return counts

    def _block(self, dims: Sequence[str]) -> NDArray[np.int32] | None:
        """Counts by cell and at most two dims, a view."""
        if not dims:
            return self.pairs[:, 0, 0]
        first, last = dims[0], dims[-1]
        if CONFIDENCE not in dims:
            if first not in self.spans or last not in self.spans:
                return None
            side = self.spans[first] if len(dims) == 2 else 0
            return self.pairs[:, side, self.spans[last]]
        if self.bins is None:
            return None
        if len(dims) == 1:
            return self.bins[:, 0]
        other = first if last == CONFIDENCE else last
        if other not in self.spans:
            return None
        block = self.bins[:, self.spans[other]]
        return block if last == CONFIDENCE else block.transpose(0, 2, 1)

    def _by_cell(
        self, block: NDArray[np.int32], allowed: NDArray[np.bool_] | None, dims: list[str], by: Sequence[str]
    ) -> tuple[list[str], NDArray[Any]]:
        """Sum a block over the allowed cells, by what is named of label, prediction and outcome."""
        if "label" in by or "prediction" in by:
            return self._by_classes(block, allowed, dims, by)
        if "outcome" not in by:
            return dims, self._summed(block, allowed)
        counts = np.zeros((*block.shape[1:], OUTCOMES), dtype=np.int64)
        for outcome, places in self._places(allowed):
            counts[..., outcome] = block[places[0]] if len(places) == 1 else block[places].sum(axis=0)
        return [*dims, "outcome"], counts

    def _summed(self, block: NDArray[np.int32], allowed: NDArray[np.bool_] | None) -> NDArray[Any]:
        places = [place for _, some in self._places(allowed) for place in some]
        return np.asarray(block[places[0]] if len(places) == 1 else block[places].sum(axis=0))

    def _places(self, allowed: NDArray[np.bool_] | None) -> list[tuple[int, Sequence[int]]]:
        """Where on the cell axis the counts of the allowed cells lie, by outcome."""
        if allowed is None:
            return [(outcome, [outcome]) for outcome in range(OUTCOMES)]
        places = self.place[allowed.reshape(-1)]
        if len(places) == 1:
            place = int(places[0])
            return [(self.outcomes[place - OUTCOMES], [place])] if place < OUTCOMES + len(self.cells) else []
        places = places[places < OUTCOMES + len(self.cells)]
        kinds = self.outcomes[places - OUTCOMES]
        some, every = (np.bincount(kind, minlength=OUTCOMES).tolist() for kind in (kinds, self.outcomes))
        return [
            (kind, [kind] if some[kind] == every[kind] else places[kinds == kind].tolist())
            for kind in range(OUTCOMES)
            if some[kind]
        ]

    def _by_classes(
        self, block: NDArray[np.int32], allowed: NDArray[np.bool_] | None, dims: list[str], by: Sequence[str]
    ) -> tuple[list[str], NDArray[Any]]:
        k, shape = self.classes, block.shape[1:]
        cells, outcomes, counted = self.cells, self.outcomes, block[OUTCOMES:-1]
        if allowed is not None:
            chosen = allowed.reshape(-1)[cells].nonzero()[0]
            cells, outcomes, counted = cells[chosen], outcomes[chosen], counted[chosen]
        if "outcome" in by:
            split = np.zeros((OUTCOMES, k * k, *shape), dtype=np.int64)
            split[outcomes, cells] = counted
            return ["outcome", *CELL, *dims], split.reshape(OUTCOMES, k, k, *shape)
        counts = np.zeros((k * k, *shape), dtype=np.int64)
        counts[cells] = counted
        return [*CELL, *dims], counts.reshape(k, k, *shape)


class CubeTally(Tally):
    """Counts over rows that are looked up in their pair cube where it knows them.

    Parameters
    ----------
    tally
        Counts over the rows.
    cube
        The pair cube of these rows.
    """

    def __init__(self, tally: Tally, cube: Cube) -> None:
        super().__init__(tally.codes, tally.sizes, tally.n)
        self._cube = cube

    def tile(self, dims: Sequence[str], most: int | None = None) -> Tile | None:
        """Joint counts over some dims, or None when more than ``most`` combinations occur."""
        found = self._cube.tile(dims)
        if found is None:
            return super().tile(dims, most)
        return found if most is None or len(found) <= most else None


def build_cube(
    codes: Mapping[str, Codes], sizes: Mapping[str, int], unjudged: Unjudged, most: int = MOST_BYTES
) -> Cube | None:
    """Count all rows by cell and any two levels.

    Parameters
    ----------
    codes
        One code per row, for each dim.
    sizes
        Number of codes of each dim.
    unjudged
        Whose predictions are neither right nor wrong.
    most
        Give up, and return None, when the levels need more bytes; leave the bins out when they do.
    """
    k = sizes["label"]
    if 8 * k * k > most or len(codes["label"]) > np.iinfo(np.int32).max:
        return None
    cell: NDArray[Any] = codes["label"].astype(narrowest(k * k)) * narrowest(k * k)(k) + codes["prediction"]
    cells = np.flatnonzero(np.bincount(cell, minlength=k * k))
    dims = [dim for dim in sizes if dim not in CELL and dim not in {"outcome", CONFIDENCE}]
    levels = 1 + sum(sizes[dim] for dim in dims)
    room = most // (4 * levels * (OUTCOMES + len(cells) + 1))
    if room < levels:
        return None
    starts = np.cumsum([1, *(sizes[dim] for dim in dims)]).tolist()
    spans = {dim: slice(at, at + sizes[dim]) for dim, at in zip(dims, starts, strict=False)}
    place = np.full(k * k, OUTCOMES + len(cells))
    place[cells] = OUTCOMES + np.arange(len(cells))
    outcomes = outcome_of(*np.divmod(cells, k), unjudged)
    bundles = make_bundles(dims, codes, sizes, spans, len(cells))
    pairs = np.zeros((OUTCOMES + len(cells) + 1, levels, levels), dtype=np.int32)
    bins = None
    if CONFIDENCE in sizes and sizes[CONFIDENCE] <= room:
        bins = np.zeros((*pairs.shape[:2], sizes[CONFIDENCE]), dtype=np.int32)
    rank = np.zeros(k * k, dtype=narrowest(len(cells)))
    rank[cells] = np.arange(len(cells))
    cell = rank[cell]
    count_pairs(cell, bundles, pairs[OUTCOMES:-1])
    if bins is not None:
        count_bins(cell, bundles, codes[CONFIDENCE], bins[OUTCOMES:-1])
    for array in (pairs,) if bins is None else (pairs, bins):
        for outcome in range(OUTCOMES):
            array[outcome] = array[OUTCOMES:-1][outcomes == outcome].sum(axis=0)
    whole = {LEVELS: slice(0, levels)}
    kinds = [*range(OUTCOMES), *outcomes.tolist(), 0]
    matrices = np.ascontiguousarray(pairs[OUTCOMES:-1, :, 0].T)
    return Cube(
        k, {**sizes, LEVELS: levels}, spans | whole, cells, outcomes, kinds, place, pairs, matrices, bins
    )
