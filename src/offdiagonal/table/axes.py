"""Axes of many bins: what a histogram or a scatter of numbers is drawn over, the same under any selection."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offdiagonal.table.bins import OFF, even_edges, time_edges

FINE_BINS = 40
DECADES = 3
"""Numbers none of which is below nought, and that reach over so many powers of ten, are drawn on a log axis."""
PARTS = (1, 2, 3, 5, 10)
"""Into how many bins a power of ten may be cut."""


@dataclass(frozen=True)
class FineAxis:
    """Bins of a column: round edges inside, the least and the greatest number at the ends."""

    edges: tuple[float, ...]
    log: bool
    """Whether the bins grow by a factor; the first may then begin at nought."""
    decades: bool
    """Whether there is a choice: the numbers reach over several powers of ten."""

    @property
    def bins(self) -> int:
        """How many."""
        return len(self.edges) - 1

    def codes(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """The bin of each number; -1 where it is missing or infinite."""
        codes = np.searchsorted(np.asarray(self.edges[1:-1]), values, side="right").astype(np.int64)
        codes[~np.isfinite(values)] = -1
        return codes


def fine_axis(values: NDArray[np.float64], kind: str, log: bool | None = None) -> FineAxis | None:
    """The axis of a column; None where it has no two numbers.

    Parameters
    ----------
    values
        Numbers, or epoch milliseconds.
    kind
        ``time`` for calendar bins.
    log
        Whether the bins grow by a factor, where the numbers allow it; default: where they span some decades.
    """
    finite = values[np.isfinite(values)]
    if len(finite) == 0 or finite.min() == finite.max():
        return None
    if kind == "time":
        return FineAxis(tuple(time_edges(finite, FINE_BINS)), False, False)
    decades = _decades(finite)
    wanted = decades if log is None else log and decades
    edges = _log_edges(finite) if wanted else even_edges(finite, _most_bins(finite))
    return FineAxis(tuple(edges), wanted, decades)


def _most_bins(finite: NDArray[np.float64]) -> int:
    """Of whole numbers no more than there are: else every other bin would be empty."""
    first, last = np.quantile(finite, [OFF, 1 - OFF])
    whole = bool((finite == np.round(finite)).all())
    return max(1, min(FINE_BINS, int(last - first))) if whole else FINE_BINS


def _decades(finite: NDArray[np.float64]) -> bool:
    above = finite[finite > 0]
    if len(above) == 0 or finite.min() < 0:
        return False
    first, last = np.quantile(above, [OFF, 1 - OFF])
    return bool(last >= 10**DECADES * first)


def _log_edges(finite: NDArray[np.float64]) -> list[float]:
    above = finite[finite > 0]
    low, high = float(finite.min()), float(finite.max())
    first, last = (math.log10(cut) for cut in np.quantile(above, [OFF, 1 - OFF]))
    parts = max((n for n in PARTS if n * (last - first) <= FINE_BINS), default=1)
    steps = range(math.ceil(first * parts), math.floor(last * parts) + 1)
    inner = [10.0 ** (step // parts) if step % parts == 0 else 10.0 ** (step / parts) for step in steps]
    rounded = [float(f"{edge:.3g}") for edge in inner]
    return [low, *(edge for edge in rounded if low < edge < high), high]
