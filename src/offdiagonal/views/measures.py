"""Measures of all rows, of the selection against the rest, and one of them of each slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from offdiagonal.stats.measure import Measure
from offdiagonal.stats.measured import Measured
from offdiagonal.views.slices import columns
from offdiagonal.views.text import ABSENT, difference_texts, numbers, rate_texts, visible


@dataclass(frozen=True)
class MeasureRow:
    """One measure."""

    name: str
    share: bool
    """Whether it is written in per cent."""
    better: int
    """1 where more is better, -1 where less is, 0 where that is not known."""
    whole: Measured
    selected: Measured | None = None
    """None where all rows are in view."""
    difference: Measured | None = None
    """The selected rows less the rest."""


@dataclass(frozen=True)
class MeasuredSlice:
    """The measure that was chosen, in one slice against the rest."""

    key: str
    code: int
    field: str
    text: str
    value: Measured
    difference: Measured
    private: bool = False


@dataclass(frozen=True)
class MeasuresSpec:
    """A table of measures, and the slices of one."""

    rows: tuple[MeasureRow, ...]
    chosen: MeasureRow | None = None
    slices: tuple[MeasuredSlice, ...] = ()

    @property
    def filtered(self) -> bool:
        """Whether the selection leaves rows out."""
        return any(row.selected is not None for row in self.rows)

    @property
    def worst(self) -> tuple[MeasuredSlice, ...]:
        """The slices with a difference, worst first; largest first where it is not known what is worse."""
        better = self.chosen.better if self.chosen else 0
        rated = [one for one in self.slices if one.difference.measure.value is not None]
        return tuple(sorted(rated, key=lambda one: (better or -1) * (one.difference.measure.value or 0.0)))

    def frame(self) -> dict[str, Any]:
        """One row a measure and set of rows: all, the selected ones, and each slice of the chosen measure."""
        parts: list[tuple[str, str, Measured, Measured | None]] = [
            (row.name, "all", row.whole, None) for row in self.rows
        ]
        parts += [
            (row.name, "selected", row.selected, row.difference)
            for row in self.rows
            if row.selected is not None
        ]
        if self.chosen is not None:
            parts += [(self.chosen.name, one.text, one.value, one.difference) for one in self.slices]
        nothing = Measure(None, None, None, 0, "")
        differences = [nothing if difference is None else difference.measure for *_, difference in parts]
        data: dict[str, Any] = {
            "measure": [name for name, *_ in parts],
            "rows": [which for _, which, *_ in parts],
        }
        data |= columns("value", [value.measure for _, _, value, _ in parts])
        data |= columns("difference", differences)
        return data | {
            "n": np.asarray([value.measure.n for _, _, value, _ in parts], dtype=np.int64),
            "method": [value.measure.method for _, _, value, _ in parts],
            "why": [
                value.why or ("" if difference is None else difference.why) for *_, value, difference in parts
            ],
        }


def measured_texts(found: Measured, *, share: bool) -> tuple[str, str]:
    """A measure and its interval as texts: ``0.853``, ``[0.820, 0.880]``; or n/a, and why."""
    measure = found.measure
    if measure.value is None:
        return ("failed" if found.failed else "n/a"), visible(found.why)
    value, limits = rate_texts(measure) if share else _number_texts(measure)
    return value, limits or visible(found.why)


def measured_difference(found: Measured, *, share: bool) -> tuple[str, str]:
    """A difference and its interval as texts; in points where the measure is in per cent."""
    measure = found.measure
    if measure.value is None:
        return ABSENT, visible(found.why)
    value, limits = difference_texts(measure) if share else _number_texts(measure, sign="+")
    return value, limits or visible(found.why)


def _number_texts(measure: Measure, sign: str = "") -> tuple[str, str]:
    """Two digits of half the interval are all that is known of a value."""
    value, low, high = measure.value or 0.0, measure.low, measure.high
    sign = sign if value > 0 else ""
    if low is None or high is None:
        return sign + numbers(value)[0], ""
    text, *ends = numbers(value, low, high, size=(high - low) / 2, digits=2)
    return sign + text, f"[{', '.join(ends)}]"
