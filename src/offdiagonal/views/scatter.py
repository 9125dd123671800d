"""The rows in view over two numbers, counted in bins of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.intervals import wilson
from offdiagonal.views.slices import columns

WRONG, RIGHT, NEITHER = range(3)


@dataclass(frozen=True, eq=False)
class ScatterSpec:
    """Counts by bin of one column, bin of another, and hue."""

    x: str
    y: str
    x_edges: tuple[float, ...]
    y_edges: tuple[float, ...]
    x_texts: tuple[str, ...]
    y_texts: tuple[str, ...]
    """The edges in words."""
    cells: NDArray[np.int64]
    """Axes x, y, hue: those that are marked, others, neither."""
    hues: tuple[str, str, str]
    missing: int
    """Rows in view that lack one of the two numbers."""
    model: bool

    @property
    def n(self) -> int:
        """How many rows there are."""
        return int(self.cells.sum())

    def frame(self) -> dict[str, Any]:
        """One row a pair of bins that has rows, with how many and the share of those that are marked."""
        i, j = np.nonzero(self.cells.sum(axis=2))
        found = self.cells[i, j]
        x, y = (np.asarray(edges) for edges in (self.x_edges, self.y_edges))
        data: dict[str, Any] = {
            "x": [self.x] * len(i),
            "x_low": x[i],
            "x_high": x[i + 1],
            "y": [self.y] * len(i),
            "y_low": y[j],
            "y_high": y[j + 1],
            "n": found.sum(axis=1),
        }
        if not self.hues[0]:
            return data
        known = found[:, [WRONG, RIGHT]].sum(axis=1)
        rates = [wilson(int(k), int(n)) for k, n in zip(found[:, WRONG], known, strict=True)]
        if self.model:
            return data | {"wrong": found[:, WRONG], "right": found[:, RIGHT]} | columns("error", rates)
        return (
            data | {"label": [self.hues[0]] * len(i), "with_label": found[:, WRONG]} | columns("share", rates)
        )
