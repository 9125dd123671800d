"""What a comparison of runs says: results, the better first, and a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offdiagonal.training.budget import By

MOST_NAMED = 12


@dataclass(frozen=True)
class Result:
    """What a run, or runs of the same settings whose seeds all differ, came to within the budget."""

    runs: tuple[str, ...]
    value: float
    """Over seeds their mean; NaN where the values of one are not finite at the end."""
    best: float
    """The best value within the budget."""
    deviation: float | None
    """Between the seeds; None: there is one run."""
    values: tuple[float, ...]
    """Of each run."""
    places: tuple[int, ...]
    """Of each run among those that are compared."""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.runs[0] if len(self.runs) == 1 else f"{self.runs[0]} ({len(self.runs)} runs)"


@dataclass(frozen=True)
class Comparison:
    """Runs side by side: what differs, and which is better at the same budget.

    Parameters
    ----------
    runs
        Their names.
    differences
        By setting the value of each run.
    changed
        Of each run but the first the settings in which it differs from the first, seeds apart.
    metric
        What is compared; None: they have none in common.
    by, budget
        Where all are cut: at the steps, or the seconds, of the shortest.
    results
        The better first.
    gap
        By how much the first is better than the second, with its 95 % interval where both have seeds; None: there is
        no second, or one of them ends in NaN or infinity.
    warnings
        What makes the comparison say less than it seems to.
    """

    runs: tuple[str, ...]
    differences: Mapping[str, tuple[Any, ...]]
    changed: tuple[tuple[str, ...], ...]
    metric: str | None
    by: By
    budget: float
    results: tuple[Result, ...]
    gap: tuple[float, float | None, float | None] | None
    warnings: tuple[str, ...]
    alike: bool = False
    """Whether the settings of the first two are the same, so that something else made the difference."""

    @property
    def verdict(self) -> str:
        """One sentence."""
        if self.metric is None:
            return "nothing to compare: they have no metric in common that has a better way"
        if len(self.results) == 1:
            only = self.results[0]
            if not math.isfinite(only.value):
                return f"all {len(only.runs)} runs have the same settings, seeds apart, and some end in NaN or infinity"
            return (
                f"all {len(only.runs)} runs have the same settings, seeds apart: {self.metric} {only.value:.4g}, "
                f"standard deviation {only.deviation or 0.0:.2g}"
            )
        first, second = self.results[:2]
        if not math.isfinite(first.value):
            return f"nothing to compare: {self.metric} is not finite at the end of any"
        where = f"{self.budget:,.0f} steps" if self.by == "step" else f"{self.budget:,.1f} s"
        text = f"at {where} {first.name} has {self.metric} {first.value:.4g}, "
        if not math.isfinite(second.value):
            return f"{text}{second.name} ends in NaN or infinity"
        assert self.gap is not None
        amount, low, high = self.gap
        text += f"{second.name} {second.value:.4g}: {amount:.2g} better"
        if self.alike:
            return f"{text}; their settings are the same, so it is the code, the data or chance"
        if low is None or high is None:
            return f"{text}; one run each says nothing of other seeds"
        return f"{text} (95 % interval {low:.2g} to {high:.2g} over seeds)"

    def __repr__(self) -> str:
        lines = [self.verdict]
        if len(self.runs) > 2 or len(self.results) == 1:
            lines += self._values()
        for name, values in list(self.differences.items())[:20]:
            lines.append(f"  {name}: " + ", ".join(f"{value!s:.40}" for value in values[:8]))
        if len(self.differences) > 20:
            lines.append(f"  and {len(self.differences) - 20} more settings: .differences")
        lines += [f"  warning: {text}" for text in self.warnings]
        return "\n".join(lines)

    def _values(self) -> list[str]:
        """What each run came to, by name, the better first."""
        each = [
            f"{name} {value:.4g}"
            for result in self.results
            for name, value in zip(result.runs, result.values, strict=True)
        ]
        more = [f"and {len(each) - MOST_NAMED} more: .results"] if len(each) > MOST_NAMED else []
        return [f"  {self.metric}: {', '.join(each[:MOST_NAMED] + more)}"] if each else []
