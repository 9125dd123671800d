"""Cells of so many classes that an array of all of them would be too large: only those that occur are held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.tiles import CELL, Codes, Tally, Tile, Unjudged, outcome_of

Sides = tuple[NDArray[np.bool_] | None, NDArray[np.bool_] | None]
"""The labels and the predictions of a rectangle, by code; None for all."""


@dataclass(frozen=True, eq=False)
class AllowedCells:
    """Which cells a filter allows, indexed by arrays of labels and predictions as an array of bools would be."""

    rectangles: Sequence[Sides]
    """Any of them; none given: all cells."""
    outcome: Literal["error", "correct"] | None
    missing: int | None

    def __getitem__(self, cells: tuple[Codes, ...]) -> NDArray[np.bool_]:
        label, prediction = cells
        allowed = np.full(len(label), not self.rectangles)
        for labels, predictions in self.rectangles:
            inside = np.ones(len(label), dtype=bool) if labels is None else labels[label]
            allowed |= inside if predictions is None else inside & predictions[prediction]
        if self.outcome is not None:
            allowed &= (label == prediction) == (self.outcome == "correct")
            if self.missing is not None:
                allowed &= label != self.missing
        return allowed


def side(codes: Sequence[int] | None, classes: int) -> NDArray[np.bool_] | None:
    """One side of a rectangle, by code."""
    if codes is None:
        return None
    inside = np.zeros(classes, dtype=bool)
    inside[list(codes)] = True
    return inside


def cells_of(tile: Tile, kept: NDArray[np.bool_] | None, sizes: dict[str, int], unjudged: Unjudged) -> Tile:
    """The cells that occur in the entries of a tile that are kept, and how often."""
    part = ... if kept is None else kept
    codes = {dim: tile.column(dim, unjudged)[part] for dim in CELL}
    sums = {name: added[part] for name, added in tile.sums.items()}
    found = Tally(codes, sizes, tile.n[part], sums).tile(CELL)
    assert found is not None
    return found


def occurring(
    label: Codes, prediction: Codes, classes: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The cells that occur, as label * classes + prediction, ascending; the place of each row among them; how often."""
    key = label.astype(np.int64) * classes + prediction
    if classes * classes > max(1 << 20, 4 * len(key)):
        cells, place, sizes = np.unique(key, return_inverse=True, return_counts=True)
        return cells, place.reshape(-1), sizes.astype(np.int64)
    counted = np.bincount(key, minlength=classes * classes)
    cells = np.flatnonzero(counted)
    rank = np.empty(classes * classes, dtype=np.int64)
    rank[cells] = np.arange(len(cells))
    return cells, rank[key], counted[cells]


def outcomes_of(cells: Tile, unjudged: Unjudged) -> NDArray[Any]:
    """0 error, 1 correct, 2 not judged, for each cell."""
    return outcome_of(cells.codes[0], cells.codes[1], unjudged)
