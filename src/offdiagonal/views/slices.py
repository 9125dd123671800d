"""Which parts of the data the model is worse on: every level of every field, and the user's own slices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.intervals import newcombe, wilson
from offdiagonal.stats.measure import Measure
from offdiagonal.table.meta import Field, Level
from offdiagonal.views.tables import Tables

ERROR, CORRECT = 0, 1


@dataclass(frozen=True)
class SliceRow:
    """One slice against the rest of the rows in view."""

    key: str
    """The dim: ``c0`` ..., or ``s0`` ... for a slice of the user."""
    code: int
    field: str
    """Name of the column; empty for a slice of the user."""
    text: str
    n: int
    judged: int
    """Rows with a label."""
    errors: int
    error: Measure
    difference: Measure
    """Error rate in the slice minus that of the rest."""
    private: bool = False

    @property
    def clear(self) -> bool:
        """Whether the interval of the difference excludes none."""
        low, high = self.difference.low, self.difference.high
        return low is not None and high is not None and (low > 0 or high < 0)


@dataclass(frozen=True)
class SlicesSpec:
    """All slices: those that are worse than the rest by most come first, those without a rate last."""

    rows: tuple[SliceRow, ...]

    @property
    def rated(self) -> tuple[SliceRow, ...]:
        """What may be saved and can be compared: slices of no private column, with ten rows and ten outside."""
        return tuple(row for row in self.rows if not row.private and row.difference.value is not None)

    def worst(self, most: int = 10) -> tuple[SliceRow, ...]:
        """The slices that are worse than the rest, without those of private columns."""
        return tuple(row for row in self.rated if (row.difference.value or 0.0) > 0)[:most]

    def frame(self) -> dict[str, Any]:
        """One row a slice, with its error rate and the difference to the rest."""
        rows = self.rows
        data: dict[str, Any] = {
            "field": [row.field for row in rows],
            "slice": [row.text for row in rows],
            "n": np.asarray([row.n for row in rows], dtype=np.int64),
            "judged": np.asarray([row.judged for row in rows], dtype=np.int64),
            "errors": np.asarray([row.errors for row in rows], dtype=np.int64),
        }
        return (
            data
            | columns("error", [row.error for row in rows])
            | columns("difference", [row.difference for row in rows])
        )


def columns(name: str, measures: list[Measure]) -> dict[str, NDArray[np.float64]]:
    """Value, low and high of measures as columns of a frame; what is unknown is nan."""
    parts = {name: "value", f"{name}_low": "low", f"{name}_high": "high"}
    return {
        column: np.asarray([getattr(measure, part) for measure in measures], dtype=np.float64)
        for column, part in parts.items()
    }


def slices(tables: Tables) -> SlicesSpec:
    """Compare each slice with the rest of the rows in view.

    A field leaves out its own clause, and all slices of the user leave out theirs.

    Parameters
    ----------
    tables
        What is counted.
    """
    rows = [*_field_rows(tables), *_user_rows(tables)]
    rows.sort(key=lambda row: -np.inf if row.difference.value is None else row.difference.value, reverse=True)
    return SlicesSpec(tuple(rows))


def _field_rows(tables: Tables) -> Iterator[SliceRow]:
    for field in tables.meta.fields:
        counts = tables.tabulate([field.key, "outcome"], without=field.key)
        whole = counts.sum(axis=0)
        for code, level in enumerate(field.levels):
            text = level_text(field, level)
            yield _row(field.key, code, field.name, text, counts[code], whole, field.private)


def _user_rows(tables: Tables) -> Iterator[SliceRow]:
    for part in tables.meta.slices:
        counts = tables.tabulate([part.key, "outcome"], without="slice")
        yield _row(part.key, 1, "", part.name, counts[1], counts.sum(axis=0), part.private)


def level_text(field: Field, level: Level) -> str:
    """A level of a field as a slice: ``source = vendor-b``, ``length 5 to < 10``."""
    between = " = " if level.low is None else " "
    return f"{field.name}{between}{level.text}"


def _row(
    key: str,
    code: int,
    field: str,
    text: str,
    inside: NDArray[np.int64],
    whole: NDArray[np.int64],
    private: bool,
) -> SliceRow:
    errors, judged = int(inside[ERROR]), int(inside[ERROR] + inside[CORRECT])
    rest = int(whole[ERROR]) - errors, int(whole[ERROR] + whole[CORRECT]) - judged
    difference = newcombe(errors, judged, *rest)
    return SliceRow(
        key, code, field, text, int(inside.sum()), judged, errors, wilson(errors, judged), difference, private
    )
