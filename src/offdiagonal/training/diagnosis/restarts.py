"""Steps that are counted from the beginning again and again, so that one step holds values of several epochs."""

from __future__ import annotations

import numpy as np

from offdiagonal.training.record import Curve

FEW = 2
"""A run that is resumed goes back once."""
NEAR_FIRST = 0.1
"""Share of all steps within which each count begins: a resume goes back to a checkpoint, which is anywhere."""
LONG = 3
"""Values of a count, in the mean, fewer of which are values that came out of order."""


def begun_anew(curve: Curve) -> int:
    """How often the steps of a curve, in the order in which it was logged, went back to the first; 0: once at most."""
    back = np.flatnonzero(np.diff(curve.steps) < 0)
    if len(back) < FEW or len(curve) < LONG * (len(back) + 1):
        return 0
    low, high = float(curve.steps.min()), float(curve.steps.max())
    begins, later = curve.steps[back + 1], curve.times[back + 1] >= curve.times[back]
    anew = bool((begins <= low + NEAR_FIRST * (high - low)).all() and later.all())
    return len(back) if anew else 0
