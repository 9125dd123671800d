"""How the rows in view spread over the values of a column, beside all rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from offdiagonal.stats.intervals import wilson
from offdiagonal.stats.measure import Measure
from offdiagonal.views.axes import axis
from offdiagonal.views.slices import columns
from offdiagonal.views.tables import Tables


@dataclass(frozen=True)
class Part:
    """One value of the column, or one bin."""

    text: str
    n: int
    whole: int
    """How many of all rows have it."""
    share: Measure
    """Of the rows in view."""
    whole_share: Measure


@dataclass(frozen=True)
class DistributionSpec:
    """Every value of a column, in the column's order."""

    column: str
    parts: tuple[Part, ...]
    n: int
    whole: int

    @property
    def filtered(self) -> bool:
        """Whether the selection leaves rows out."""
        return self.n != self.whole

    def frame(self) -> dict[str, Any]:
        """One row a value: its share of the rows in view, and of all rows."""
        parts = self.parts
        data: dict[str, Any] = {
            "column": [self.column] * len(parts),
            "value": [part.text for part in parts],
            "n": np.asarray([part.n for part in parts], dtype=np.int64),
        }
        data |= columns("share", [part.share for part in parts])
        data["n_all"] = np.asarray([part.whole for part in parts], dtype=np.int64)
        return data | columns("share_all", [part.whole_share for part in parts])


def distribution(tables: Tables, key: str) -> DistributionSpec:
    """Count the values of a column among the rows in view, without the column's own clause.

    Parameters
    ----------
    tables
        What is counted.
    key
        The dim: ``label``, ``prediction``, ``c0`` ...
    """
    side = axis(tables.meta, key)
    counts, whole = tables.tabulate([key], without=side.field), tables.tabulate([key], whole=True)
    n, total = int(counts.sum()), int(whole.sum())
    parts = [
        Part(
            text,
            int(counts[code]),
            int(whole[code]),
            wilson(int(counts[code]), n),
            wilson(int(whole[code]), total),
        )
        for code, text in zip(side.codes, side.texts, strict=True)
    ]
    return DistributionSpec(side.name, tuple(parts), n, total)
