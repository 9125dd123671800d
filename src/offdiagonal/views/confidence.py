"""How sure the model was, where it was right and where it was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.table.meta import CONFIDENCE_BINS
from offdiagonal.views.tables import Tables

BINS = 20


@dataclass(frozen=True, eq=False)
class ConfidenceSpec:
    """A histogram of the probability of the predicted class."""

    edges: NDArray[np.float64]
    wrong: NDArray[np.int64]
    right: NDArray[np.int64]
    not_judged: NDArray[np.int64]
    """Rows without a label."""
    without: int = 0
    """Rows in view that have no probability."""
    why: str | None = None
    """Why there is nothing to show."""

    @property
    def n(self) -> int:
        """Rows in view that have a probability."""
        return int(self.wrong.sum() + self.right.sum() + self.not_judged.sum())

    def frame(self) -> dict[str, Any]:
        """One row a bin."""
        return {
            "low": self.edges[:-1],
            "high": self.edges[1:],
            "wrong": self.wrong,
            "right": self.right,
            "not_judged": self.not_judged,
        }


def confidence(tables: Tables) -> ConfidenceSpec:
    """Count the rows in view by confidence, in bins of a twentieth.

    Parameters
    ----------
    tables
        What is counted.
    """
    edges = np.linspace(0, 1, BINS + 1)
    if not tables.meta.confidence:
        nothing = np.zeros(BINS, dtype=np.int64)
        return ConfidenceSpec(edges, nothing, nothing, nothing, why=why_absent(tables))
    fine = tables.tabulate(["confidence", "outcome"], without="confidence")
    binned, without = fine[:CONFIDENCE_BINS], fine[CONFIDENCE_BINS:]
    counts = binned.reshape(BINS, CONFIDENCE_BINS // BINS, 3).sum(axis=1)
    wrong, right, not_judged = counts.T
    return ConfidenceSpec(edges, wrong, right, not_judged, int(without.sum()))


def why_absent(tables: Tables) -> str:
    """Why a view of probabilities is empty."""
    return tables.meta.why_no_confidence or "no probabilities were given"
