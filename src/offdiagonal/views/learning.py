"""Errors of repeated trainings over sizes, or over values of a setting."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from offdiagonal.capacity.calibrated import Calibrated
from offdiagonal.capacity.extrapolate import Extrapolation
from offdiagonal.capacity.fits import Fits
from offdiagonal.capacity.repeats import corrected, on_rows, row_means, within
from offdiagonal.capacity.target import TargetTest
from offdiagonal.findings import Finding
from offdiagonal.stats.measure import Measure
from offdiagonal.views.figure import FigureSpec, Line, Lines, Span, Table, figure, measured, measures

SIDES = ("train", "test")
HUES = {"train": "train", "test": "0"}


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
    findings: tuple[Finding, ...] = ()
    carried_on: Extrapolation | None = None
    calibrated: Calibrated | None = None
    target: TargetTest | None = None

    @property
    def test_share(self) -> float:
        """Test rows over training rows."""
        return self.fits.test_rows / self.rows

    def measures(self) -> dict[str, list[Measure]]:
        """Train and test error at each value."""
        fits, share = self.fits, self.test_share
        found = {
            "train": [corrected(values, share) for values in fits.train.T],
            "test": [
                on_rows(values, share, tested)
                for values, tested in itertools.zip_longest(fits.test.T, fits.tested)
            ],
        }
        return {side: [within(measure, self.error) for measure in found[side]] for side in SIDES}

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
            "seconds": row_means(self.fits.seconds.T)[[i for i, _ in pairs]],
        }

    def said(self) -> list[str]:
        """What it comes to beside the verdict, in sentences."""
        said = [] if self.findings else [best_text(self), *failed_texts(self)]
        said += [self.target.text(self.error)] if self.target else []
        said += [carried_text(self.carried_on)] if self.carried_on else []
        if self.calibrated and not self.calibrated.off:
            said.append(self.calibrated.text())
        return [one[:1].upper() + one[1:] + "." for one in said]

    def text(self) -> str:
        """Five lines, and one of the target."""
        found = self.measures()
        last = "; ".join(f"{side} {self.error} {measured(found[side][-1])}" for side in SIDES)
        titles = "; ".join(one.title for one in self.findings)
        verdict = titles or "no verdict over a setting"
        best = "; ".join([best_text(self), *failed_texts(self)])
        tries = " ".join(self.findings[0].try_next) if self.findings else best
        repeats = self.fits.test.shape[0]
        return "\n".join(
            [
                f"{self.title} · {self.error} over {self.x} · {repeats} repeats",
                f"at {self.x} {self.texts[-1]}: {last}",
                verdict,
                tries,
                *((self.target.text(self.error),) if self.target else ()),
                carried_text(self.carried_on)
                if self.carried_on
                else "95 % intervals over repeats that share rows",
            ]
        )

    def figure(self) -> FigureSpec:
        """The verdict, both errors with their intervals, and where the curve is carried on, its interval there."""
        found = self.measures()
        further = self.carried_on if self.carried_on and self.carried_on.value is not None else None
        more = [None] if further else []
        lines = []
        for side in reversed(SIDES):
            ends = measures(found[side])
            value, low, high = ([*ends[name], *more] for name in ("value", "low", "high"))
            lines.append(Line(side, value, low, high, hue=HUES[side], points=True))
        at, texts = self.fits.at.tolist(), list(self.texts)
        if further:
            at.append(float(further.n))
            texts.append(f"{further.n:,}")
            gone: list[float | None] = [None] * (len(at) - 1)
            name = f"carried on, {100 * further.level:.0f} %"
            ends_there = ([*gone, further.value], [*gone, further.low], [*gone, further.high])
            lines.append(Line(name, *ends_there, hue="error", points=True))
        chart = Lines(
            self.x,
            at,
            self.error,
            tuple(lines),
            tuple(texts),
            even=not (self.x == "rows" or self.log),
            log_x=True,
            zero=True,
            level=self._level(),
        )
        rows = tuple(
            (text, *("failed" if i in self.fits.errors else measured(found[side][i]) for side in SIDES))
            for i, text in enumerate(self.texts)
        )
        heads = (self.x, *(f"{side} {self.error}" for side in SIDES))
        return FigureSpec(
            self.title,
            f"{self.error} over {self.x}, {self.fits.test.shape[0]} repeats",
            tuple(self.said()),
            chart,
            Table("Errors", heads, rows, numbers=2),
            self.findings,
            (
                *((f"{line[:1].upper()}{line[1:]}." for line in failed_texts(self)) if self.findings else ()),
                *(f"Failed: {why}" for why in self.fits.failures),
                *(
                    (f"At {self.texts[-1]} {self.x} errors are means over {self.fits.seeds.shape[1]} seeds.",)
                    if self.fits.seeds is not None
                    else ()
                ),
                "Intervals: 95 % over repeats that share rows.",
            ),
        )

    def _level(self) -> Span | None:
        if self.target is None:
            return None
        at = self.target.target
        return Span(at, at, f"target {figure(at)}")


def carried_text(found: Extrapolation) -> str:
    """What more rows would give, or why that is not said."""
    if found.refused or found.value is None:
        return f"not carried on to {found.n:,} rows: {found.refused}"
    return (
        f"{found.n:,} rows would likely give {figure(found.value)} [{figure(found.low)}, {figure(found.high)}] "
        f"({100 * found.level:.0f} % interval)"
    )


def best_text(spec: LearningSpec) -> str:
    """Which value has the lowest test error, and which others the noise does not tell from it."""
    test = spec.fits.test
    means = row_means(test.T)
    best = int(np.nanargmin(means))
    others = [i for i in np.flatnonzero(np.isfinite(means)).tolist() if i != best]
    alike = [
        spec.texts[i] for i in others if _holds_nought(corrected(test[:, i] - test[:, best], spec.test_share))
    ]
    told = "all others are worse beyond the noise" if others else "there is no other to compare it with"
    if alike:
        told = f"not told apart from it: {', '.join(alike)}"
    return f"the lowest test {spec.error} is at {spec.x} {spec.texts[best]}; {told}"


def failed_texts(spec: LearningSpec) -> list[str]:
    """With which values no fit worked, and why."""
    rows = spec.x == "rows"
    names = {i: f"{text} rows" if rows else f"{spec.x} {text}" for i, text in enumerate(spec.texts)}
    return [f"no fit worked with {names[i]}: {error}" for i, error in spec.fits.errors.items()]


def _holds_nought(measure: Measure) -> bool:
    return measure.low is None or measure.low <= 0
