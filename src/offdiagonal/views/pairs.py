"""Which classes are taken for which others, of so many that only the pairs that occur are held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.cells import Cells
from offdiagonal.stats.clustered import MatrixEffects
from offdiagonal.stats.weighted import many_shares, rows_at, share
from offdiagonal.views.confusion import Confusion, shares
from offdiagonal.views.tables import Tables

LISTED = 50
"""Pairs that a picture, a table or a text names at most."""


@dataclass(frozen=True, eq=False)
class PairsSpec:
    """The cells of many classes that occur."""

    cells: Cells
    missing: int | None
    texts: Sequence[str]
    """Of the classes, by code."""
    effects: MatrixEffects | None = None
    """What groups of rows do to the intervals of the cells' shares."""
    judges: bool = True
    private: bool = False

    @cached_property
    def wrong(self) -> NDArray[np.int64]:
        """Places of the cells whose rows are errors, most frequent first."""
        cells = self.cells
        kept = np.flatnonzero(~cells.right & (cells.label != self.missing))
        return kept[np.argsort(-cells.sums[0][kept], kind="stable")]

    @property
    def pairs(self) -> int:
        """How many pairs of classes are confused."""
        return len(self.wrong)

    @property
    def errors(self) -> int:
        """How many rows are errors."""
        return int(self.cells.sums[0][self.wrong].sum())

    @cached_property
    def totals(self) -> list[NDArray[Any]]:
        """Rows of each label, and what they weigh."""
        return [self.cells.by(self.cells.label, values) for values in self.cells.sums]

    def about(self, classes: Sequence[int]) -> NDArray[np.int64]:
        """The places of ``wrong`` that have one of these classes on either side."""
        sought = np.zeros(self.cells.size, dtype=bool)
        sought[list(classes)] = True
        label, prediction = self.cells.label[self.wrong], self.cells.prediction[self.wrong]
        return np.asarray(self.wrong[sought[label] | sought[prediction]])

    def by_rate(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Some places of ``wrong``, those first whose share of the label is largest for sure.

        That is by the interval's lower end. Behind them, by the share, are those that groups of rows leave without an
        interval; labels of fewer than ten rows have no rate.
        """
        label = self.cells.label[places]
        value, low = many_shares(
            [values[places] for values in self.cells.sums],
            [values[label] for values in self.totals],
            self.of_label(places),
        )
        rank = np.where(np.isnan(low), value - 2, low)
        rated = np.flatnonzero(~np.isnan(value))
        return places[rated[np.argsort(-rank[rated], kind="stable")]]

    @cached_property
    def confusions(self) -> tuple[Confusion, ...]:
        """The most frequent ones."""
        return tuple(self._confusion(place) for place in self.wrong[:LISTED].tolist())

    def _confusion(self, place: int) -> Confusion:
        cells = self.cells
        label, prediction = int(cells.label[place]), int(cells.prediction[place])
        effect = float(self.of_label(np.asarray([place]))[0])
        rate = share(rows_at(cells.sums, place), rows_at(self.totals, label), effect)
        return Confusion(self.texts[label], self.texts[prediction], int(cells.sums[0][place]), rate)

    def of_label(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """The effects on the shares that cells have of their labels."""
        if self.effects is None:
            return np.ones(len(places))
        return self.effects.of_cells(self.cells.label[places], self.cells.prediction[places])[0]

    def frame(self) -> dict[str, Any]:
        """One row a cell that occurs, most frequent first: n, and which share of its label and prediction that is."""
        cells = self.cells
        n = cells.sums[0]
        order = np.argsort(-n, kind="stable")
        texts = np.asarray(self.texts, dtype=object)
        data: dict[str, Any] = {
            "label": texts[cells.label[order]],
            "prediction": texts[cells.prediction[order]],
            "n": n[order],
        }
        label, prediction = cells.label[order], cells.prediction[order]
        known = (1.0, 1.0) if self.effects is None else self.effects.of_cells(label, prediction)
        for name, codes, effect in (
            ("label", cells.label, known[0]),
            ("prediction", cells.prediction, known[1]),
        ):
            data |= shares(name, n[order], cells.by(codes, n)[codes][order], effect)
        return data


def pairs(tables: Tables) -> PairsSpec:
    """Count the rows in view by label and prediction, where there are many classes."""
    effects = tables.matrix_effects("label", "prediction", ("cell",))
    return PairsSpec(tables.cells(without="cell"), tables.meta.missing, tables.meta.classes, effects)
