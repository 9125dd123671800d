"""What happened at single steps of a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """Something at a step, or from one on, that a curve is marked with."""

    kind: str
    """A slug: ``spike``, ``not-a-number``, ``overfitting``, ``learning-rate`` ..."""
    metric: str
    step: float
    end: float | None
    """The last step, of what lasts."""
    text: str
