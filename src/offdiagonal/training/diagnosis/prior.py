"""What a model has lost that knows only how often each class occurs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from offdiagonal.training.record import Floats

SHARES = 1.001
"""What counts of labels add up to that are shares of all."""


def counts_of(given: Any) -> Floats | None:
    """Counts, or shares, by class; None: not given, or of one class alone, of which there is nothing to know."""
    if not given:
        return None
    known = np.asarray(list(given.values() if isinstance(given, dict) else given), float)
    return known if (known > 0).sum() > 1 else None


def entropy(counts: Floats) -> float:
    """Of the classes, in nats, with what few labels take from it (Miller 1955, Note on the bias of information)."""
    known = counts[counts > 0]
    share = known / known.sum()
    missing = 0.0 if known.sum() <= SHARES else (len(known) - 1) / (2 * known.sum())
    return min(float(-(share * np.log(share)).sum() + missing), math.log(len(counts)))


def entropy_error(counts: Floats) -> float:
    """The standard error of the entropy of labels that were counted; 0 of shares, which are known."""
    if counts.sum() <= SHARES:
        return 0.0
    known = counts[counts > 0]
    surprise = -np.log(known / known.sum())
    spread = np.average(surprise**2, weights=known) - np.average(surprise, weights=known) ** 2
    return math.sqrt(max(0.0, float(spread)) / float(known.sum()))
