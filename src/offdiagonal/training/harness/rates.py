"""What losses at rising learning rates say: where learning begins, where it is fastest, where it breaks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offdiagonal.findings import Finding

MEMORY = 0.8
BROKEN = 3.0
"""Times the first loss above the lowest: then the test ends."""
THEORY = (
    "Below the range a step changes nothing that can be seen, above it steps jump over the valley and the loss rises. "
    "A rate somewhat below the one where the loss falls fastest leaves room for layers and batches that are steeper."
)


@dataclass(frozen=True)
class Range:
    """Rates between which the loss falls, and one to begin with."""

    low: float
    high: float
    suggestion: float


def smoothed(losses: Sequence[float]) -> NDArray[np.float64]:
    """An exponential mean that begins without a lag."""
    found = np.empty(len(losses))
    mean = weight = 0.0
    for i, loss in enumerate(losses):
        mean = MEMORY * mean + (1 - MEMORY) * loss
        weight = MEMORY * weight + (1 - MEMORY)
        found[i] = mean / weight
    return found


def broken(losses: Sequence[float]) -> bool:
    """Whether the loss has blown up."""
    if not math.isfinite(losses[-1]):
        return True
    curve = smoothed(losses)
    first = abs(float(curve[0]))
    return len(losses) > 5 and float(curve[-1] - curve.min()) > BROKEN * max(first, 1e-12)


def _noise(losses: Sequence[float]) -> float:
    """The standard deviation of the smoothed loss, by how much neighbours differ."""
    deviation = 1.4826 * float(np.median(np.abs(np.diff(losses)))) / math.sqrt(2)
    return deviation * math.sqrt((1 - MEMORY) / (1 + MEMORY))


def judge(rates: Sequence[float], losses: Sequence[float]) -> tuple[Range | None, Finding | None]:
    """The range, and what is wrong where there is none or it is cut off."""
    kept = [loss for loss in losses if math.isfinite(loss)]
    if len(kept) < 5:
        return None, _finding(
            "learning-rate-too-high",
            f"The loss is no number after {len(kept)} steps, at a learning rate of {rates[len(kept)]:.2g}",
            (
                "the lowest rate of the test is too high already",
                "a fault that no rate mends: NaN in inputs or loss",
            ),
            ("begin at low= a thousandth of it", "od.overfit_one_batch(step_fn) at a small rate"),
        )
    curve = smoothed(kept)
    bottom = int(np.argmin(curve))
    before = max(5, len(kept) // 8)  # steps too small to change much
    start = float(np.mean(kept[:before]))
    fall = start - float(curve[bottom])
    if fall <= max(4 * _noise(kept[: max(before, len(kept) // 4)]), 1e-6 * abs(start)):
        return None, _finding(
            "not-learning",
            f"The loss falls at no learning rate from {rates[0]:.2g} to {rates[len(kept) - 1]:.2g} beyond its noise",
            (
                "the weights are not moved: detached loss, frozen or unknown weights, set_lr that does not reach them",
                "batches that differ more than learning does in so few steps",
                "a loss that is at its best already",
            ),
            ("od.overfit_one_batch(step_fn)", "larger batches, or steps= more"),
        )
    above = np.flatnonzero(curve[:bottom] > start - 0.1 * fall)
    begins = int(above[-1]) + 1 if len(above) else 0
    wide = np.gradient(np.convolve(np.pad(curve, 2, mode="edge"), np.full(5, 0.2), mode="valid"))
    steepest = begins + int(np.argmin(wide[begins : bottom + 1]))
    found = Range(rates[begins], rates[bottom], min(rates[steepest], rates[bottom] / 3))
    if bottom >= len(kept) - 2 and len(kept) == len(losses) and not broken(losses):
        return found, _finding(
            "learning-rate-too-low",
            f"The loss still falls at {rates[bottom]:.2g}, the highest learning rate of the test",
            ("the test ends too early",),
            (f"give it high={10 * rates[bottom]:.2g}, with the model made anew",),
        )
    return found, None


def _finding(kind: str, title: str, causes: tuple[str, ...], more: tuple[str, ...]) -> Finding:
    return Finding(
        kind=kind,
        level="training",
        certainty="likely",
        title=title,
        causes=causes,
        try_next=more,
        confirm_by="Make the model anew and run od.learning_rate_range again",
        theory=THEORY,
    )
