"""What is new of runs since the views were last told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.display.run_state import single
from offdiagonal.training.metrics import best, better
from offdiagonal.training.record import Curve, RunRecord


@dataclass
class Seen:
    """How much of one run the views have."""

    n: dict[str, int] = field(default_factory=dict)
    """Values of each metric."""
    bad: dict[str, int] = field(default_factory=dict)
    """How many of them are no finite numbers."""
    best: dict[str, tuple[float, float]] = field(default_factory=dict)
    """The best value so far, and its step."""
    last: dict[str, float] = field(default_factory=dict)
    """The highest step of each metric."""
    status: str = ""

    def tails(self, record: RunRecord) -> dict[str, Curve]:
        """Of each metric of a record what the views do not have."""
        tails = {}
        for name, curve in record.metrics.items():
            start = self.n.get(name, 0)
            if len(curve) > start:
                tails[name] = Curve(curve.steps[start:], curve.values[start:], curve.times[start:])
        return tails

    def tell(self, tails: Mapping[str, Curve], prefix: str, arrays: dict[str, NDArray[Any]]) -> list[Any]:
        """Describe tails, put their values into `arrays`, and take them as seen."""
        return [
            self._metric(name, curve, f"{prefix}/{place}", arrays)
            for place, (name, curve) in enumerate(tails.items())
        ]

    def _metric(
        self, name: str, curve: Curve, prefix: str, arrays: dict[str, NDArray[Any]]
    ) -> dict[str, Any]:
        start = self.n.get(name, 0)
        again = self._goes_back(name, curve)
        self.n[name] = start + len(curve)
        self.bad[name] = self.bad.get(name, 0) + int((~np.isfinite(curve.values)).sum())
        self._improve(name, curve)
        arrays[f"{prefix}/step"] = curve.steps
        arrays[f"{prefix}/value"] = single(curve.values)
        arrays[f"{prefix}/time"] = single(curve.times)
        known = self.best.get(name)
        return {
            "name": name,
            "from": -1 if again else start,
            "bad": self.bad[name],
            "best": None if known is None else {"value": known[0], "step": known[1]},
        }

    def _goes_back(self, name: str, curve: Curve) -> bool:
        """Whether steps come that are not behind those that the page has: it then asks for all of them, in order."""
        before = self.last.get(name, -math.inf)
        self.last[name] = max(before, float(curve.steps.max()))
        return bool(curve.steps[0] < before or (np.diff(curve.steps) < 0).any())

    def _improve(self, name: str, curve: Curve) -> None:
        found, known = best(name, curve), self.best.get(name)
        if found is None:
            return
        lower = better(name) == "lower"
        if known is None or (found[0] < known[0] if lower else found[0] > known[0]):
            self.best[name] = found
