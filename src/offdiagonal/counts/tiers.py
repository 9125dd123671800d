"""Which tiles to keep: all dims at once, else pairs, else margins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from offdiagonal.counts.tiles import CELL, Tally, Tile, Unjudged
from offdiagonal.table.meta import GRID_CLASSES

GROUPS_LIVE = 300_000
"""Combinations that a browser adds up within a frame."""
GROUPS_CODES = 8_000_000
"""Codes of all combinations together that travel to a browser as one message."""
CELLS_LIVE = 100_000
"""Cells of many classes that a browser lists; of more it asks for those that stand out."""
PAIR_ROWS = 400_000_000
"""Rows looked at, over all tiles, before the pair cube is given up: a few seconds."""
PAIR_ENTRIES = 2_000_000
"""Entries of a pair cube that travel to a browser as one message."""


def others(sizes: Mapping[str, int], split: str | None = None) -> list[str]:
    """Every dim but the cell, the outcome that follows from it and the split; confidence, of most codes, is last."""
    dims = [dim for dim in sizes if dim not in {*CELL, "outcome", split}]
    return sorted(dims, key=lambda dim: dim == "confidence")


def _two(sizes: Mapping[str, int], split: str | None) -> list[tuple[str, str]]:
    return sorted(combinations(others(sizes, split), 2), key=lambda two: two[1] == "confidence")


def _within(split: str | None) -> list[str]:
    """What each tile tells beside its own dims: one split is shown at a time, whatever else is selected."""
    return [] if split is None else [split]


def groups(tally: Tally, most: int = GROUPS_LIVE) -> list[Tile] | None:
    """One tile of all dims: exact for every selection. None where more than ``most`` combinations occur."""
    tile = tally.tile([*CELL, *others(tally.sizes)], most)
    return None if tile is None else [tile]


def wholes(tally: Tally, split: str | None = None) -> Iterator[Tile]:
    """Label x prediction, and outcome x any other dim: what draws the views of all rows, or of a split.

    Of many classes outcome alone: of them any view asks for the pairs that stand out.
    """
    many = many_cells(tally)
    own = [["outcome", *_within(split)]] if many or split is not None else []
    dims = (["outcome", *_within(split), dim] for dim in others(tally.sizes, split))
    return _built(tally, [*([] if many else [[*CELL, *_within(split)]]), *own, *dims])


def cells(tally: Tally, split: str | None = None) -> Iterator[Tile]:
    """Label x prediction, where there are too many classes for it to be among what is always there."""
    return _built(tally, [[*CELL, *_within(split)]] if many_cells(tally) else [])


def many_cells(tally: Tally) -> bool:
    """Whether there are too many classes for a matrix; without a model each label is one cell."""
    return tally.sizes["label"] > GRID_CLASSES and bool(tally.codes["prediction"].any())


def margins(tally: Tally, split: str | None = None) -> Iterator[Tile]:
    """Label x prediction x any other dim: exact for a cell, or for one slice or bin."""
    return _built(tally, ([*CELL, *_within(split), dim] for dim in others(tally.sizes, split)))


def overlaps(tally: Tally, split: str | None = None) -> Iterator[Tile]:
    """Outcome x any two other dims: how slices and bins overlap, and how wrong they are."""
    return _built(tally, (["outcome", *_within(split), a, b] for a, b in _two(tally.sizes, split)))


def pairs(tally: Tally, split: str | None = None) -> Iterator[Tile]:
    """Label x prediction x any two other dims: exact for a cell with any one slice and bin."""
    return _built(tally, ([*CELL, *_within(split), a, b] for a, b in _two(tally.sizes, split)))


def live(tally: Tally, unjudged: Unjudged = None, split: str | None = None) -> list[Tile]:
    """The richest tier that the browser can hold; what it cannot answer, the kernel counts over the rows."""
    found = groups(tally, min(GROUPS_LIVE, GROUPS_CODES // len(tally.sizes)))
    if found is not None:
        return found
    if many_cells(tally):
        some = [tile for tile in cells(tally, split) if len(tile) <= CELLS_LIVE]
        return [*wholes(tally, split), *some, *overlaps(tally, split)]
    tiles = [*wholes(tally, split), *margins(tally, split)]
    entries, rows = sum(map(len, tiles)), 0
    for tile in pairs(tally, split):
        overlap = Tally.of_tile(tile, tally.sizes, unjudged).tile(["outcome", *tile.dims[2:]])
        assert overlap is not None
        tiles += [tile, overlap]
        entries, rows = entries + len(tile), rows + tally.rows
        if entries > PAIR_ENTRIES or rows > PAIR_ROWS:
            break
    return tiles


def _built(tally: Tally, dims: Iterable[list[str]]) -> Iterator[Tile]:
    for some in dims:
        tile = tally.tile(some)
        assert tile is not None
        yield tile
