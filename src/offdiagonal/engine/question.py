"""One question to the counts: some filters, and then any number of dims to count by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.cube import LEVELS, Cube
from offdiagonal.counts.filters import Filter, RowFilter, cells, tabulate
from offdiagonal.counts.tiles import CELL, Counts, Tally, Tile, Unjudged, add_up, asked_for


class Counted(Protocol):
    """What is known of some rows."""

    @property
    def tiles(self) -> list[Tile]:
        """The tiles."""

    @property
    def tally(self) -> Tally:
        """The codes of the rows."""

    @property
    def unjudged(self) -> Unjudged:
        """Whose predictions are neither right nor wrong."""


class LookUp(NamedTuple):
    """A cube, and what its rows have to pass."""

    cube: Cube
    filters: Sequence[Filter]

    def tabulate(self, by: Sequence[str]) -> Counts | None:
        """Count by dims; None where the cube does not know."""
        return self.cube.tabulate(by, self.filters)


class Question:
    """Counts of the rows that pass some filters: by look-up, else from tiles, else over the rows.

    Parameters
    ----------
    counted
        What is known of the rows.
    filters
        What the rows have to pass.
    look_up
        A cube of such rows, where there is one.
    mask
        Gives the rows that pass.
    """

    def __init__(
        self,
        counted: Counted,
        filters: Sequence[Filter],
        look_up: LookUp | None,
        mask: Callable[[], NDArray[np.bool_]],
    ) -> None:
        self._counted = counted
        self._filters = filters
        self._look_up = look_up
        self._mask = mask

    def tabulate(self, by: Sequence[str]) -> NDArray[Any]:
        """Count by dims, or add up the amount that is named first; the shape is the size of each dim."""
        found = self.known(by)
        if found is not None:
            return found
        mask, tally = self._mask(), self._counted.tally
        name, dims = asked_for(by)
        n = None if name is None else tally.amounts[name][mask]
        if not dims:
            return np.asarray(np.count_nonzero(mask) if n is None else n.sum())
        return add_up([tally.codes[dim][mask] for dim in dims], [tally.sizes[dim] for dim in dims], n)

    def known(self, by: Sequence[str]) -> NDArray[Any] | None:
        """Count by dims, or add up, without a look at the rows; None where only they can tell."""
        counts = asked_for(by)[0] is None
        found = self._look_up.tabulate(by) if self._look_up is not None and counts else None
        if found is not None:
            return found
        if any(isinstance(item, RowFilter) for item in self._filters):
            return None
        counted = self._counted
        return tabulate(counted.tiles, by, self._filters, counted.tally.sizes, counted.unjudged)

    def cells(self) -> Tile:
        """The cells that occur, and how often: what holds where their classes are too many for an array of all."""
        counted = self._counted
        found = cells(counted.tiles, self._filters, counted.tally.sizes, counted.unjudged)
        if found is not None:
            return found
        mask, tally = self._mask(), counted.tally
        codes = {dim: tally.codes[dim][mask] for dim in CELL}
        sums = {name: amount[mask] for name, amount in tally.amounts.items()}
        made = Tally(codes, tally.sizes, None, sums).tile(CELL)
        assert made is not None
        return made

    def outcomes(self, dims: Sequence[str]) -> list[Counts]:
        """Count by each of some dims and the outcome: all levels of the cube are looked up at once."""
        look_up = self._look_up
        levels = None if look_up is None else look_up.tabulate([LEVELS, "outcome"])
        if look_up is None or levels is None:
            return [self.tabulate([dim, "outcome"]) for dim in dims]
        return [levels[look_up.cube.spans[dim]] for dim in dims]
