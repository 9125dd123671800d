"""What a curve came to within a budget of steps or seconds."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from offdiagonal.training.record import Curve, RunRecord

TAIL = 0.1
"""The share of the budget whose values are the result; of what is measured rarely at least the last."""
By = Literal["step", "time"]


def curve_of(record: RunRecord, metric: str) -> Curve:
    """By step, with what is not finite: a run that went to NaN had its steps too."""
    curve = record.curve(metric)
    order = np.argsort(curve.steps, kind="stable")
    return Curve(curve.steps[order], curve.values[order], curve.times[order])


def axis(curve: Curve, by: By) -> Any:
    """Where its values are: at steps, or seconds that never go back."""
    return curve.steps if by == "step" else np.maximum.accumulate(curve.times)


def _within(curve: Curve, by: By, low: float, high: float) -> Any:
    at = axis(curve, by)
    values = curve.values[(at > low) & (at <= high)]
    return values[np.isfinite(values)]


def lost_from(curve: Curve, by: By, budget: float) -> float | None:
    """The step from which on a curve is not finite up to the budget; None where it is, or has regular gaps."""
    inside = axis(curve, by) <= budget
    kept = np.flatnonzero(np.isfinite(curve.values[inside]))
    ends = np.concatenate([[-1], kept])
    after = int(inside.sum()) - 1 - int(ends[-1])
    if after == 0 or after <= np.diff(ends).max(initial=1) - 1:  # NaN for what is measured rarely
        return None
    return float(curve.steps[inside][ends[-1] + 1])


def end(curve: Curve, by: By, budget: float) -> float:
    """The mean over the last tenth of the budget; of what is measured rarely the last value before its end."""
    if lost_from(curve, by, budget) is not None:
        return math.nan
    at = axis(curve, by)
    start = float(at[0])
    last = _within(curve, by, budget - TAIL * (budget - start), budget)
    if len(last):
        return float(last.mean())
    before = _within(curve, by, -math.inf, budget)
    return float(before[-1] if len(before) else curve.finite.values[0])


def best(curve: Curve, by: By, budget: float, *, lower: bool) -> float:
    """The best finite value up to the budget."""
    found = _within(curve, by, -math.inf, budget)
    if not len(found):
        found = curve.finite.values[:1]
    return float(found.min() if lower else found.max())
