"""Learning curves as the user holds them: displayed, as a frame, as a file, as a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from offdiagonal.capacity.extrapolate import Extrapolation, extrapolate
from offdiagonal.capacity.given import error_target, rows_asked, share
from offdiagonal.capacity.objective import PLACES, Objectives
from offdiagonal.capacity.target import TargetTest, against
from offdiagonal.display.figure import Figure
from offdiagonal.errors import OffdiagonalError
from offdiagonal.findings import Finding
from offdiagonal.views.crossing import CrossingSpec
from offdiagonal.views.figure import FigureSpec
from offdiagonal.views.learning import LearningSpec
from offdiagonal.views.objective import objective_figure, way_text

DOUBLE = 2.0


class LearningCurve(Figure):
    """Train and test error over sizes, or over values of a setting: as a view, a frame, a file, a verdict."""

    def __init__(self, spec: LearningSpec) -> None:
        self._spec = spec

    def findings(self) -> list[Finding]:
        """The verdict: high bias, high variance, good enough, or no clear cause; none over a setting.

        Where the estimator says probabilities that are off beyond chance, a second one says so.
        """
        return list(self._spec.findings)

    def extrapolate(self, rows: int | None = None, *, level: float = 0.8) -> Extrapolation:
        """What more rows would give; refused where the curve is not monotone.

        Parameters
        ----------
        rows
            How many; default: twice the largest size.
        level
            Of the interval.

        Raises
        ------
        OffdiagonalError
            If the curve is over a setting, or ``rows`` or ``level`` is none.
        """
        self._over_rows("carried on")
        fits = self._spec.fits
        n = int(DOUBLE * fits.at[-1]) if rows is None else rows_asked(rows, fits.at[-1])
        return extrapolate(fits.at, fits.test, n, share("level", level, "0.8"))

    def target_test(self, target: float) -> TargetTest:
        """Whether the noise of splits and seeds lets the error at the largest size be told from a target.

        Parameters
        ----------
        target
            The error that would be good enough.

        Returns
        -------
        TargetTest
            With the standard deviation between splits and, where the curve was made with ``seeds=``, between seeds;
            the smallest difference that can be told; and how many repeats would tell this one.

        Raises
        ------
        OffdiagonalError
            If the curve is over a setting, or no error comes down to the target.
        """
        self._over_rows("held against a target")
        return tested(self._spec, target)

    def _over_rows(self, what: str) -> None:
        if self._spec.x != "rows":
            raise OffdiagonalError(f"this curve is over {self._spec.x}; only one over rows can be {what}")

    def __repr__(self) -> str:
        """Five lines of text, and one of the target."""
        return self._spec.text()

    def _frame(self) -> dict[str, Any]:
        return self._spec.frame()

    def _shown(self) -> FigureSpec:
        return self._spec.figure()


def tested(spec: LearningSpec, target: float) -> TargetTest:
    """The errors at the largest size against a target."""
    fits = spec.fits
    return against(
        error_target(target, spec.error), fits.test[:, -1], fits.seeds, spec.test_share, fits.tested_last
    )


class Crossing(Figure, Mapping[str, Any]):
    """Where the better of two learning curves changes, and what each costs; also read as a dict.

    ``between``: the two sizes, or None; ``better``: the place of the better at the largest size, with the
    ``difference`` of the mean test errors; ``seconds``: of one fit at the largest size, of each.
    """

    def __init__(self, first: LearningCurve, second: LearningCurve) -> None:
        for given in (first, second):
            if not isinstance(given, LearningCurve):
                raise OffdiagonalError(f"{given!r:.80} is no learning curve; give two of od.learning_curve")
            given._over_rows("crossed with another")  # noqa: SLF001
        self._spec = CrossingSpec(first._spec, second._spec)  # noqa: SLF001 - a curve is no more than its spec
        one, two = self._spec.first.fits, self._spec.second.fits
        if one.at.tolist() != two.at.tolist():
            raise OffdiagonalError("the curves are over other sizes; give both the same sizes=")
        if self._spec.first.error != self._spec.second.error:
            raise OffdiagonalError(
                f"the first curve is of the {self._spec.first.error}, the second of the {self._spec.second.error}; "
                "give both the same scoring="
            )
        means = [float(np.nanmean(fits.test[:, -1])) for fits in (one, two)]
        self._found: dict[str, Any] = {
            "between": self._spec.between,
            "better": int(np.argmin(means)),
            "difference": means[1] - means[0],
            "seconds": list(self._spec.seconds),
        }

    def __getitem__(self, name: str) -> Any:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        """The verdict and the cost."""
        return "\n".join(self._spec.figure().said)

    def _frame(self) -> dict[str, Any]:
        found = self._spec.differences()
        sides = [spec.measures()["test"] for spec in (self._spec.first, self._spec.second)]
        columns: dict[str, Any] = {"rows": self._spec.first.fits.at.astype(np.int64)}
        for name, side in zip(("first", "second", "difference"), (*sides, found), strict=True):
            for end in ("value", "low", "high"):
                values = [getattr(measure, end) for measure in side]
                key = name if end == "value" else f"{name}_{end}"
                columns[key] = np.asarray([np.nan if v is None else v for v in values], dtype=float)
        return columns

    def _shown(self) -> FigureSpec:
        return self._spec.figure()


class ObjectiveTest(Figure):
    """Whether the optimiser or the objective is at fault."""

    def __init__(self, found: Objectives) -> None:
        self._found = found

    @property
    def finding(self) -> Finding:
        """The verdict: ``optimiser-at-fault``, ``objective-at-fault`` or ``no-better-model``."""
        return self._found.finding

    def __repr__(self) -> str:
        """The verdict, its numbers, and what lies between the two models."""
        return "\n".join([self.finding.title, self.finding.evidence, way_text(self._found)])

    def _frame(self) -> dict[str, Any]:
        """One row a place from ours (0) to the other (1)."""
        return {"place": PLACES, "objective": self._found.between}

    def _shown(self) -> FigureSpec:
        return objective_figure(self._found)
