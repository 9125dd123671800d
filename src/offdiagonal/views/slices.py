"""Which parts of the data the model is worse on: every level of every field, and the user's own slices.

Where the selected cells hold errors alone, or right predictions alone, all error rates are alike. Then a slice is
measured by the share of it that is selected: where a confusion sits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.clustered import LevelEffects
from offdiagonal.stats.measure import Measure
from offdiagonal.stats.weighted import gap, rows_at, share
from offdiagonal.table.meta import Field, Level, SliceField
from offdiagonal.views.tables import Tables
from offdiagonal.views.text import short

ERROR, CORRECT = 0, 1
RATES = {
    "error": "error rate",
    "share": "share selected",
    "label": "share of a label",
    "rows": "share of the rows",
    "loss": "mean",
}
"""What the rate of each measure is called."""


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
    rate: Measure
    """Error rate, or the share that is selected."""
    difference: Measure
    """Rate in the slice minus that of the rest."""
    private: bool = False
    run: bool = False
    """Whether a training told its rows apart, by when they were right."""

    @property
    def clear(self) -> bool:
        """Whether the interval of the difference excludes none."""
        low, high = self.difference.low, self.difference.high
        return low is not None and high is not None and (low > 0 or high < 0)


@dataclass(frozen=True)
class SlicesSpec:
    """All slices: those with a rate above the rest's by most come first, those without a rate last.

    Behind them stands what a training told apart by when it was right: it says whom a model is wrong about, not where.
    """

    rows: tuple[SliceRow, ...]
    measure: Literal["error", "share", "label", "rows", "loss"] = "error"
    """What the rate is: of the judged rows in view the errors, or of all rows those in the selected cells; before
    there is a model of the labelled rows those of one label, or of all rows those in the slice. A loss is averaged."""
    of: str = ""
    """The label, or the loss, that the rate is about."""

    @property
    def rate_name(self) -> str:
        """What the rate is called."""
        what = "mean" if self.measure == "loss" else "share of"
        return f"{what} {short(self.of)}" if self.of else RATES[self.measure]

    @property
    def rated(self) -> tuple[SliceRow, ...]:
        """What may be saved and can be compared: slices of no private column, with ten rows and ten outside."""
        return tuple(
            row for row in self.rows if not row.private and not row.run and row.difference.value is not None
        )

    def worst(self, most: int = 10) -> tuple[SliceRow, ...]:
        """The slices with a rate above the rest's, without those of private columns."""
        return tuple(row for row in self.rated if (row.difference.value or 0.0) > 0)[:most]

    def frame(self) -> dict[str, Any]:
        """One row a slice, with its rate, named by the measure, and the difference to the rest."""
        rows = self.rows
        data: dict[str, Any] = {
            "field": [row.field for row in rows],
            "slice": [row.text for row in rows],
            "n": np.asarray([row.n for row in rows], dtype=np.int64),
        }
        if self.measure in ("error", "share"):
            data["judged"] = np.asarray([row.judged for row in rows], dtype=np.int64)
            data["errors"] = np.asarray([row.errors for row in rows], dtype=np.int64)
        return (
            data
            | columns(self.measure, [row.rate for row in rows])
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
    selected = _one_outcome(tables)
    rows = [*_field_rows(tables, selected=selected), *_user_rows(tables, selected=selected)]
    rows.sort(key=_above)
    return SlicesSpec(tuple(rows), "share" if selected else "error")


def _above(row: SliceRow) -> tuple[bool, float]:
    """The order of slices."""
    return row.run, np.inf if row.difference.value is None else -row.difference.value


def _one_outcome(tables: Tables) -> bool:
    """Whether cells are selected that hold errors alone, or none."""
    here, everywhere = tables.tabulate(["outcome"]), tables.tabulate(["outcome"], without="cell")
    some = 0 < int(here.sum()) < int(everywhere.sum())
    return some and not (here[ERROR] and here[CORRECT])


def sliced_fields(tables: Tables) -> list[Field]:
    """The columns that slices are made of: not that of the splits, where one of them is all that is shown."""
    split = None if tables.split is None or tables.meta.split is None else tables.meta.split.key
    return [field for field in tables.meta.fields if field.key != split]


def _field_rows(tables: Tables, *, selected: bool) -> Iterator[SliceRow]:
    fields = sliced_fields(tables)
    for field, counts in zip(fields, _counts(tables, fields, selected=selected), strict=True):
        for code, level in enumerate(field.levels):
            yield counts.row(code, field.name, level_text(field, level), private=field.private)


def _user_rows(tables: Tables, *, selected: bool) -> Iterator[SliceRow]:
    slices = tables.meta.slices
    for part, counts in zip(slices, _counts(tables, slices, selected=selected), strict=True):
        yield counts.row(1, "", part.name, private=part.private, run=part.run)


def level_text(field: Field, level: Level) -> str:
    """A level of a field as a slice: ``source = vendor-b``, ``length 5 to < 10``."""
    between = " = " if level.low is None else " "
    return f"{field.name}{between}{level.text}"


def _counts(tables: Tables, parts: Sequence[Field | SliceField], *, selected: bool) -> list[_Counts]:
    keys = [part.key for part in parts]
    amounts = ("", "+w", "+ww") if tables.meta.weighted else ("",)
    inside = list(zip(*(tables.outcomes(keys, amount=amount) for amount in amounts), strict=True))
    whole = inside
    if selected:
        wholes = (tables.outcomes(keys, without="cell", amount=amount) for amount in amounts)
        whole = list(zip(*wholes, strict=True))
    effects = tables.slice_effects(keys, "share" if selected else "error")
    return [_Counts(key, inside[i], whole[i] if selected else None, effects) for i, key in enumerate(keys)]


def effect_at(effects: Mapping[str, LevelEffects], key: str, code: int) -> tuple[float, float]:
    """By how much groups widen the intervals of a slice: of its rate, and of its difference to the rest."""
    if key not in effects:
        return 1.0, 1.0
    return float(effects[key].mean[code]), float(effects[key].difference[code])


class _Counts:
    """Counts by one dim and the outcome, and what of them a rate is the share of."""

    def __init__(
        self,
        key: str,
        inside: Sequence[NDArray[Any]],
        whole: Sequence[NDArray[Any]] | None,
        effects: Mapping[str, LevelEffects],
    ) -> None:
        self._key = key
        self._effects = effects
        self._inside = inside[0]
        if whole is None:
            self._part = [counts[:, ERROR] for counts in inside]
            self._of = [counts[:, [ERROR, CORRECT]].sum(axis=1) for counts in inside]
        else:
            self._part = [counts.sum(axis=1) for counts in inside]
            self._of = [counts.sum(axis=1) for counts in whole]

    def row(self, code: int, field: str, text: str, *, private: bool, run: bool = False) -> SliceRow:
        inside = self._inside[code]
        part, of = rows_at(self._part, code), rows_at(self._of, code)
        rate, difference = effect_at(self._effects, self._key, code)
        return SliceRow(
            self._key,
            code,
            field,
            text,
            n=int(inside.sum()),
            judged=int(inside[ERROR] + inside[CORRECT]),
            errors=int(inside[ERROR]),
            rate=share(part, of, rate),
            difference=gap(part, of, rows_at(self._part).less(part), rows_at(self._of).less(of), difference),
            private=private,
            run=run,
        )
