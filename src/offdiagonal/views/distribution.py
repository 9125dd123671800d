"""How the rows in view spread over the values of a column, beside other rows: all, the rest, or another selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.intervals import newcombe, wilson
from offdiagonal.stats.measure import Measure, unknown
from offdiagonal.views.axes import axis
from offdiagonal.views.slices import columns
from offdiagonal.views.tables import Tables

Kind = Literal["all", "rest", "selection"]


class Other(NamedTuple):
    """A second selection, to compare with."""

    name: str
    tables: Tables
    both: Tables
    """Of the rows that are in either selection and in the one in view."""


@dataclass(frozen=True)
class Part:
    """One value of the column, or one bin."""

    text: str
    n: int
    other: int
    """How many of the other rows have it."""
    share: Measure
    """Of the rows in view."""
    other_share: Measure
    """Of the other rows."""
    difference: Measure
    """The first share minus the other; unknown where the two have rows in common."""


@dataclass(frozen=True)
class DistributionSpec:
    """Every value of a column, in the column's order."""

    column: str
    parts: tuple[Part, ...]
    n: int
    other: int
    """How many rows they are compared with."""
    whole: int
    kind: Kind = "all"
    name: str = ""
    """Of the second selection."""
    common: int = 0
    """How many rows are both in view and among the others."""

    @property
    def filtered(self) -> bool:
        """Whether there is something to compare with: other rows than those in view."""
        return self.kind == "selection" or self.n != self.whole

    @property
    def apart(self) -> bool:
        """Whether the two are different rows, so that their difference has an interval."""
        return self.kind != "all" and self.common == 0

    @property
    def other_name(self) -> str:
        """What the other rows are, in words."""
        return {"all": "all", "rest": "the rest", "selection": self.name}[self.kind]

    def frame(self) -> dict[str, Any]:
        """One row a value: its share of the rows in view, of the others, and the difference where it is known."""
        parts = self.parts
        suffix = "against" if self.kind == "selection" else self.kind
        data: dict[str, Any] = {
            "column": [self.column] * len(parts),
            "value": [part.text for part in parts],
            "n": np.asarray([part.n for part in parts], dtype=np.int64),
        }
        data |= columns("share", [part.share for part in parts])
        data[f"n_{suffix}"] = np.asarray([part.other for part in parts], dtype=np.int64)
        data |= columns(f"share_{suffix}", [part.other_share for part in parts])
        return data if self.kind == "all" else data | columns("difference", [p.difference for p in parts])


def distribution(
    tables: Tables, key: str, against: Literal["all", "rest"] | Other = "all"
) -> DistributionSpec:
    """Count the values of a column among the rows in view and among others, without the column's own clause.

    Parameters
    ----------
    tables
        What is counted.
    key
        The dim: ``label``, ``prediction``, ``c0`` ...
    against
        The other rows: all, those that are not in view, or a second selection. Shares of rows in common have no
        interval of their difference.
    """
    side = axis(tables.meta, key)
    counts, whole = tables.tabulate([key], side.field), tables.tabulate([key], side.field, whole=True)
    other, common = _others(counts, whole, key, side.field, against)
    n, m = int(counts.sum()), int(other.sum())
    apart = against != "all" and common == 0
    parts = [
        Part(
            text,
            k := int(counts[code]),
            j := int(other[code]),
            wilson(k, n),
            wilson(j, m),
            newcombe(k, n, j, m) if apart else unknown(n + m, "Newcombe"),
        )
        for code, text in zip(side.codes, side.texts, strict=True)
    ]
    kind: Kind = against if isinstance(against, str) else "selection"
    name = "" if isinstance(against, str) else against.name
    return DistributionSpec(side.name, tuple(parts), n, m, int(whole.sum()), kind, name, common)


def _others(
    counts: NDArray[np.int64],
    whole: NDArray[np.int64],
    key: str,
    field: str,
    against: Literal["all", "rest"] | Other,
) -> tuple[NDArray[np.int64], int]:
    """Counts of the other rows, and how many of them are in view."""
    if isinstance(against, Other):
        common = against.both.tabulate([], without=field)
        return against.tables.tabulate([key], without=field), int(common)
    return (whole, int(counts.sum())) if against == "all" else (whole - counts, 0)
