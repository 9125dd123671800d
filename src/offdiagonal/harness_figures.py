"""What small experiments came to, as the user holds it: displayed, as a frame, as a file, as a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from offdiagonal.display.figure import Figure
from offdiagonal.findings import Finding
from offdiagonal.run import Run
from offdiagonal.training.harness import rates, switches, traces
from offdiagonal.views.experiments import (
    batch_figure,
    rates_figure,
    switches_figure,
    traces_figure,
    traces_said,
)
from offdiagonal.views.figure import FigureSpec


@dataclass(frozen=True, repr=False)
class OneBatch(Figure):
    """Whether one batch was learnt by heart."""

    passed: bool
    finding: Finding | None
    """Why not."""
    run: Run
    """The loss, step by step."""
    target: float | None = None
    """The loss that counts as learnt."""

    def __repr__(self) -> str:
        if self.finding is not None:
            yet = " yet" if self.finding.kind == "nearly-learnt" else ""
            return f"not passed{yet}: {self.finding.title}"
        curve = self.run.record.curve("loss")
        fall = f"loss {curve.values[0]:.4g} to {curve.values[-1]:.2g}"
        return f"passed: one batch is learnt, {fall} in {len(curve)} steps"

    def _frame(self) -> dict[str, Any]:
        return _columns(self.run, "loss")

    def _shown(self) -> FigureSpec:
        found = [self.finding] if self.finding else []
        return batch_figure(_columns(self.run, "loss"), self.target, repr(self), found)


@dataclass(frozen=True, repr=False)
class LearningRates(Figure):
    """The learning rates at which the loss falls. The model was trained by finding it out: make it anew."""

    low: float | None
    """Where the loss begins to fall."""
    high: float | None
    """Where it is lowest: beyond it rises."""
    suggestion: float | None
    """One to begin with."""
    finding: Finding | None
    """What is wrong, or why the range is cut off."""
    run: Run
    """``loss`` and ``lr`` by step."""

    def __repr__(self) -> str:
        return "\n".join(self._said())

    def _said(self) -> list[str]:
        lines = []
        if self.suggestion is not None:
            lines.append(
                f"the loss falls between learning rates {self.low:.2g} and {self.high:.2g}; "
                f"begin with {self.suggestion:.2g}"
            )
        if self.finding is not None:
            lines.append(self.finding.title)
        return [*lines, "the model has been trained by this test: make it anew before training it"]

    def _frame(self) -> dict[str, Any]:
        return _columns(self.run, "lr", "loss")

    def _shown(self) -> FigureSpec:
        found = None
        if self.low is not None and self.high is not None and self.suggestion is not None:
            found = rates.Range(self.low, self.high, self.suggestion)
        said = [line for line in self._said() if self.finding is None or line != self.finding.title]
        return rates_figure(self._frame(), found, said, [self.finding] if self.finding else [])


@dataclass(frozen=True, repr=False)
class Simplified(Figure):
    """Which switch brings a fault."""

    culprit: str | None
    """The one that brings it. None: no switch alone makes a difference beyond the noise between seeds; or several make
    as much of one, which are the ``culprits``; or of the trainings that end in NaN or infinity, no switch alone mends
    all, or several do."""
    finding: Finding | None
    base: tuple[float, ...]
    """The scores with all switches on."""
    plain: tuple[float, ...]
    """The scores with all off."""
    rungs: tuple[switches.Rung, ...]
    culprits: tuple[str, ...] = ()
    """Those without which the score is better, the best first; the noise does not tell them apart."""

    def _frame(self) -> dict[str, Any]:
        """One row a switch: the mean without it, how much better that is, and its interval."""
        return {
            "switch": [rung.switch for rung in self.rungs],
            "without": [_mean(rung.scores) for rung in self.rungs],
            "gain": [rung.gain.value for rung in self.rungs],
            "low": [rung.gain.low for rung in self.rungs],
            "high": [rung.gain.high for rung in self.rungs],
            "failed": [rung.failed for rung in self.rungs],
        }

    def _said(self) -> list[str]:
        """The verdict, where there is no finding; then the scores, and what failed."""
        scores = f"all on {_mean(self.base):.4g}, all off {_mean(self.plain):.4g} ({len(self.base)} seeds)"
        failures = switches.failures(self.base, self.rungs)
        rest = [scores, failures] if failures else [scores]
        if self.finding is not None:
            return rest
        if switches.failed(self.base):
            mending = [rung.switch for rung in self.rungs if rung.failed == 0]
            if mending:
                return [f"no training fails without {' or without '.join(mending)}", *rest]
            return ["no switch alone mends all trainings that fail", *rest]
        return ["no switch alone makes a difference beyond the noise between seeds", *rest]

    def __repr__(self) -> str:
        return "\n".join([*([self.finding.title] if self.finding else []), *self._said()])

    def _shown(self) -> FigureSpec:
        return switches_figure(self.rungs, self._said(), [self.finding] if self.finding else [])


@dataclass(frozen=True, repr=False)
class TraceDifferences(Figure):
    """Where one forward pass of two runs differs; its length is the number of differences."""

    names: tuple[str, str]
    first: tuple[traces.Line, ...]
    second: tuple[traces.Line, ...]

    def __len__(self) -> int:
        return len(traces.differences(self.first, self.second))

    def __repr__(self) -> str:
        return traces_said(self.first, self.second)

    def _frame(self) -> dict[str, Any]:
        """One row a difference."""
        found = traces.differences(self.first, self.second)
        return {name: [row[name] for row in found] for name in ("module", "what", "first", "second")}

    def _shown(self) -> FigureSpec:
        return traces_figure(self.names, self.first, self.second, repr(self))


def _columns(run: Run, *metrics: str) -> dict[str, Any]:
    curves = {name: run.record.curve(name) for name in metrics}
    steps = np.asarray(next(iter(curves.values())).steps)
    return {"step": steps, **{name: np.asarray(curve.values, dtype=float) for name, curve in curves.items()}}


def _mean(scores: Sequence[float]) -> float:
    return float(np.mean(scores)) if scores else float("nan")
