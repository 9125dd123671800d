"""Two learning curves on one chart: where the better of them changes, and what each costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from offdiagonal.capacity.extrapolate import crossing
from offdiagonal.capacity.repeats import corrected, row_means, unpaired
from offdiagonal.stats.measure import Measure
from offdiagonal.views.figure import FigureSpec, Line, Lines, Span, Table, figure, measured, measures
from offdiagonal.views.learning import LearningSpec


@dataclass(frozen=True)
class CrossingSpec:
    """Two curves over the same sizes."""

    first: LearningSpec
    second: LearningSpec

    @property
    def names(self) -> tuple[str, str]:
        """What they are called, told apart where both are of one kind."""
        one, other = self.first.title, self.second.title
        return (f"{one} (first)", f"{other} (second)") if one == other else (one, other)

    @property
    def between(self) -> tuple[float, float] | None:
        """The two sizes between which the better one changes."""
        one, two = (row_means(spec.fits.test.T) for spec in (self.first, self.second))
        both = np.isfinite(one - two)
        return crossing(self.first.fits.at[both], one[both], two[both])

    def differences(self) -> list[Measure]:
        """Test error of the second less that of the first at each size; in pairs where both had the same splits."""
        one, two = self.first.fits, self.second.fits
        if one.rows == two.rows:
            return [corrected(column, self.first.test_share) for column in (two.test - one.test).T]
        shares = self.second.test_share, self.first.test_share
        return [unpaired(b, a, shares) for a, b in zip(one.test.T, two.test.T, strict=True)]

    @property
    def seconds(self) -> tuple[float, float]:
        """Of a fit at the largest size."""
        one, two = (float(np.nanmean(spec.fits.seconds[:, -1])) for spec in (self.first, self.second))
        return one, two

    def text(self) -> str:
        """The verdict, in one sentence."""
        between, found = self.between, self.differences()
        crossed = "do not cross"
        if between is not None:
            crossed = f"cross between {between[0]:,.0f} and {between[1]:,.0f} rows"
        told = np.asarray([_told(one) for one in found])
        if not told.any():
            return f"The curves {crossed}, and the noise does not tell which is better at any size"
        at = self._at_last(found[-1])
        if between is None:
            return f"The curves {crossed}: {at} and with fewer too"
        before = self.first.fits.at <= between[0]
        both = told[before].any() and told[~before].any()
        doubt = "" if both else "; the noise does not tell on both sides of it which is better"
        return f"The curves {crossed}: {at}{doubt}"

    def _at_last(self, last: Measure) -> str:
        """Which is better at the largest size, and by how much."""
        assert last.value is not None
        better = self.names[0] if last.value > 0 else self.names[1]
        low, high = sorted(abs(end) for end in (last.low or 0.0, last.high or 0.0))
        noise = f" [{figure(low)}, {figure(high)}]" if _told(last) else ", which is within the noise"
        return f"with {self.first.texts[-1]} rows {better} is better by {figure(abs(last.value))}{noise}"

    def figure(self) -> FigureSpec:
        """Both test errors with their intervals, the sizes between which they cross, and the differences."""
        error, names = self.first.error, self.names
        sides = [spec.measures()["test"] for spec in (self.first, self.second)]
        lines = []
        for i, (name, found) in enumerate(zip(names, sides, strict=True)):
            ends = measures(found)
            lines.append(
                Line(name, ends["value"], ends["low"], ends["high"], hue=str(i), points=True, dashed=i > 0)
            )
        between = self.between
        chart = Lines(
            "rows",
            self.first.fits.at.tolist(),
            f"test {error}",
            tuple(lines),
            self.first.texts,
            log_x=True,
            zero=True,
            spans=() if between is None else (Span(*between, "they cross"),),
        )
        rows = tuple(
            (text, measured(sides[0][i]), measured(sides[1][i]), measured(difference))
            for i, (text, difference) in enumerate(zip(self.first.texts, self.differences(), strict=True))
        )
        one, two = self.seconds
        each = f"{figure(one)} s ({names[0]}) and {figure(two)} s ({names[1]})"
        cost = f"A fit with {self.first.texts[-1]} rows takes {each}."
        paired = self.first.fits.rows == self.second.fits.rows
        how = (
            "the same splits, in pairs"
            if paired
            else "splits that differ: give both the same seed= and test_size= for pairs"
        )
        return FigureSpec(
            f"{names[0]} and {names[1]}",
            f"test {error} over rows",
            (f"{self.text()}.", cost),
            chart,
            Table("Test errors", ("rows", *names, "second less first"), rows, numbers=3),
            notes=(f"Intervals: 95 % over repeats that share rows; {how}.",),
        )


def _told(difference: Measure) -> bool:
    """Whether it is beyond the noise."""
    return (difference.low or 0) > 0 or (difference.high or 0) < 0
