"""One question to the counts: some filters, and then any number of dims to count by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.cube import LEVELS, Cube
from offdiagonal.counts.filters import Filter, RowFilter, tabulate
from offdiagonal.counts.tiles import Counts, Tally, Tile, Unjudged, add_up, asked_for


class Counted(Protocol):
    """What is known of some rows."""

    @property
    def cube(self) -> Cube | None:
        """The pair cube, where there is one."""

    @property
    def tiles(self) -> list[Tile]:
        """The tiles."""

    @property
    def tally(self) -> Tally:
        """The codes of the rows."""

    @property
    def unjudged(self) -> Unjudged:
        """Whose predictions are neither right nor wrong."""


class Question:
    """Counts of the rows that pass some filters: by look-up, else from tiles, else over the rows.

    Parameters
    ----------
    counted
        What is known of the rows.
    filters
        What the rows have to pass.
    mask
        Gives the rows that pass.
    """

    def __init__(
        self, counted: Counted, filters: Sequence[Filter], mask: Callable[[], NDArray[np.bool_]]
    ) -> None:
        self._counted = counted
        self._filters = filters
        self._mask = mask
        self._cube = counted.cube

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
        counts = self._cube is not None and asked_for(by)[0] is None
        found = self._cube.tabulate(by, self._filters) if self._cube is not None and counts else None
        if found is not None:
            return found
        if any(isinstance(item, RowFilter) for item in self._filters):
            return None
        counted = self._counted
        return tabulate(counted.tiles, by, self._filters, counted.tally.sizes, counted.unjudged)

    def outcomes(self, dims: Sequence[str]) -> list[Counts]:
        """Count by each of some dims and the outcome: all levels of the cube are looked up at once."""
        cube = self._cube
        levels = None if cube is None else cube.tabulate([LEVELS, "outcome"], self._filters)
        if cube is None or levels is None:
            return [self.tabulate([dim, "outcome"]) for dim in dims]
        return [levels[cube.spans[dim]] for dim in dims]
