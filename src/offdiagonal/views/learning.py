"""Errors of repeated trainings over sizes, or over values of a setting."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from offdiagonal.capacity.extrapolate import Extrapolation
from offdiagonal.capacity.fits import Fits
from offdiagonal.capacity.repeats import corrected
from offdiagonal.findings import Finding
from offdiagonal.stats.measure import Measure

SIDES = ("train", "test")


@dataclass(frozen=True)
class LearningSpec:
    """A curve as views show it."""

    title: str
    x: str
    """What was changed."""
    texts: tuple[str, ...]
    """How its values read."""
    fits: Fits
    error: str
    """What the errors are called."""
    rows: int
    """Training rows at the most. Repeats share test rows and training rows as those of this size do."""
    log: bool = False
    """Whether the values stand on a log scale."""
    finding: Finding | None = None
    carried_on: Extrapolation | None = None

    def measures(self) -> dict[str, list[Measure]]:
        """Train and test error at each value."""
        share = self.fits.test_rows / self.rows
        return {
            side: [self._within(corrected(values, share)) for values in getattr(self.fits, side).T]
            for side in SIDES
        }

    def _within(self, measure: Measure) -> Measure:
        """An error is never below nought, and a rate never above one."""
        if measure.low is None or measure.high is None:
            return measure
        high = min(1.0, measure.high) if self.error == "error rate" else measure.high
        return dataclasses.replace(measure, low=max(0.0, measure.low), high=high)

    def frame(self) -> dict[str, Any]:
        """One row a value and side."""
        found = self.measures()
        pairs = [(i, side) for i in range(len(self.fits.at)) for side in SIDES]

        def column(name: str) -> Any:
            values = [getattr(found[side][i], name) for i, side in pairs]
            return np.asarray([np.nan if value is None else value for value in values], dtype=float)

        return {
            self.x: [self.texts[i] if self.x != "rows" else int(self.fits.at[i]) for i, _ in pairs],
            "side": [side for _, side in pairs],
            "error": column("value"),
            "low": column("low"),
            "high": column("high"),
            "repeats": np.asarray([found[side][i].n for i, side in pairs]),
            "seconds": np.asarray([np.nanmean(self.fits.seconds[:, i]) for i, _ in pairs]),
        }

    def text(self) -> str:
        """Five lines."""
        found = self.measures()
        last = "; ".join(f"{side} {self.error} {measure_text(found[side][-1])}" for side in SIDES)
        verdict = self.finding.title if self.finding else "no verdict over a setting"
        tries = " ".join(self.finding.try_next) if self.finding else best_text(self)
        repeats = self.fits.test.shape[0]
        return "\n".join(
            [
                f"{self.title} · {self.error} over {self.x} · {repeats} repeats",
                f"at {self.x} {self.texts[-1]}: {last}",
                verdict,
                tries,
                carried_text(self.carried_on)
                if self.carried_on
                else "95 % intervals over repeats that share rows",
            ]
        )


def measure_text(measure: Measure) -> str:
    """A measure with its interval."""
    if measure.value is None or measure.low is None or measure.high is None:
        return "unknown"
    return f"{measure.value:.4g} [{measure.low:.4g}, {measure.high:.4g}]"


def carried_text(found: Extrapolation) -> str:
    """What more rows would give, or why that is not said."""
    if found.refused or found.value is None:
        return f"not carried on to {found.n:,} rows: {found.refused}"
    return (
        f"{found.n:,} rows would likely give {found.value:.4g} [{found.low:.4g}, {found.high:.4g}] "
        f"({100 * found.level:.0f} % interval)"
    )


def best_text(spec: LearningSpec) -> str:
    """Which value has the lowest test error, and which others the noise does not tell from it."""
    test = spec.fits.test
    means = np.nanmean(test, axis=0)
    best = int(np.nanargmin(means))
    share = spec.fits.test_rows / spec.rows
    alike = [
        spec.texts[i]
        for i in range(len(means))
        if i != best and _holds_nought(corrected(test[:, i] - test[:, best], share))
    ]
    told = (
        f"; not told apart from it: {', '.join(alike)}"
        if alike
        else "; all others are worse beyond the noise"
    )
    return f"the lowest test {spec.error} is at {spec.x} {spec.texts[best]}{told}"


def _holds_nought(measure: Measure) -> bool:
    return measure.low is None or measure.low <= 0
