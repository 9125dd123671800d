"""One question to the counts: some filters, and then any number of dims to count by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.cube import LEVELS, Cube
from offdiagonal.counts.filters import Filter, RowFilter, tabulate
from offdiagonal.counts.tiles import Counts, Tally, Tile, add_up


class Question:
    """Counts of the rows that pass some filters: by look-up, else from tiles, else over the rows.

    Parameters
    ----------
    filters
        What the rows have to pass.
    cube
        The pair cube, where there is one.
    tiles
        Gives the tiles.
    tally
        Gives the codes of the rows.
    mask
        Gives the rows that pass.
    missing
        The class that stands for a missing label, if any.
    """

    def __init__(
        self,
        filters: Sequence[Filter],
        cube: Cube | None,
        tiles: Callable[[], list[Tile]],
        tally: Tally,
        mask: Callable[[], NDArray[np.bool_]],
        missing: int | None,
    ) -> None:
        self._filters = filters
        self._needs_rows = any(isinstance(item, RowFilter) for item in filters)
        self._cube = cube
        self._tiles = tiles
        self._tally = tally
        self._mask = mask
        self._missing = missing

    def tabulate(self, by: Sequence[str]) -> Counts:
        """Count by dims; the shape is the size of each dim."""
        found = self.known(by)
        if found is not None:
            return found
        mask = self._mask()
        if not by:
            return np.asarray(np.count_nonzero(mask), dtype=np.int64)
        columns = [self._tally.codes[dim][mask] for dim in by]
        return add_up(columns, [self._tally.sizes[dim] for dim in by], None)

    def known(self, by: Sequence[str]) -> Counts | None:
        """Count by dims without a look at the rows; None where only they can tell."""
        if self._needs_rows:
            return None
        if self._cube is not None:
            span = self._cube.spans.get(by[0]) if len(by) == 2 and by[1] == "outcome" else None
            found = None if span is None or self._levels is None else self._levels[span].copy()
            found = self._cube.tabulate(by, self._filters) if found is None else found
            if found is not None:
                return found
        return tabulate(self._tiles(), by, self._filters, self._tally.sizes, self._missing)

    @cached_property
    def _levels(self) -> Counts | None:
        """Outcomes of all slices at once: who asks for one of them goes on to the next."""
        return None if self._cube is None else self._cube.tabulate([LEVELS, "outcome"], self._filters)
