"""Asks whether the predictions belong to other rows than the labels.

Accuracy is compared with what it would be if the predictions stood some rows higher or lower, over all rows and over
every run of blocks of rows: one row that was lost in the middle shifts the rest only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.checks.words import share
from offdiagonal.clauses import CellClause, RowsClause
from offdiagonal.findings import Finding
from offdiagonal.stats.intervals import newcombe
from offdiagonal.views.text import amount

REACH = 20
"""How many rows up and down are tried."""
BLOCKS, BLOCK_ROWS, LEAST_ROWS = 64, 2048, 16
"""So many blocks; of long tables evenly spaced ones of so many rows, of short ones none with fewer."""
FEWEST = 40
CHANCE = 1e-3
"""How often all comparisons together may find something where there is nothing: half of it for runs of rows."""
WORTH, WORTH_OF_RUN = 0.01, 0.05
"""A gain in accuracy below it is not told: of all rows, and of each block of a run."""
STANDS_OUT = 3.0
"""The best shift beats every other one by so many standard errors: in a pattern that repeats, none does."""

Codes = NDArray[Any]


@dataclass(frozen=True)
class Shift:
    """Rows from start to stop (not included) whose label fits the prediction so many rows further down."""

    by: int
    start: int
    stop: int


def shift_findings(label: Codes, prediction: Codes, missing: int | None = None) -> list[Finding]:
    """A shift of the predictions that fits the labels better than none.

    Parameters
    ----------
    label, prediction
        Class codes of each row.
    missing
        Code of the class that stands for a missing label or prediction.
    """
    found = best_shift(label, prediction, missing)
    return [] if found is None else [_finding(found, label, prediction, missing)]


def best_shift(label: Codes, prediction: Codes, missing: int | None = None) -> Shift | None:
    """The shift that fits better than none, beyond chance; None where there is none."""
    n = len(label)
    if n < FEWEST:
        return None
    table = _Table(label, prediction, missing)
    run = table.best_run()
    if run is None:
        return Shift(by, 0, n) if (by := table.best_of_all()) is not None else None
    by, begin, end = run
    if begin == 0 and end == len(table.starts):
        return Shift(by, 0, n)
    last = n if end == len(table.starts) else int(table.starts[end])
    found = _refined(label, prediction, missing, Shift(by, int(table.starts[begin]), last))
    # the rows at the ends that have nothing so far away are no other part
    return Shift(by, 0, n) if found.start <= max(-by, 0) and found.stop >= n - max(by, 0) - 1 else found


class _Table:
    """Blocks of rows, and how well they fit at each shift."""

    def __init__(self, label: Codes, prediction: Codes, missing: int | None) -> None:
        self.label, self.prediction, self.missing = label, prediction, missing
        self.starts, self.size = _blocks(len(label))
        self.hits = _hits(label, prediction, missing, self.starts, self.size)

    def best_run(self) -> tuple[int, int, int] | None:
        """The shift and the run of blocks that gain most; None where chance would give it."""
        gains = self.hits - self.hits[REACH]
        # less what is not worth telling, so that blocks of no gain do not belong to the run
        sums = np.pad((gains - WORTH_OF_RUN * self.size).cumsum(axis=1), ((0, 0), (1, 0)))
        lows = np.minimum.accumulate(sums, axis=1)
        best = (sums - lows).max(axis=1)
        at = int(best.argmax())
        blocks = len(self.starts)
        z = _z(2 * REACH * blocks * (blocks + 1) / 2)
        if best[at] < z * z:  # not even if every comparison told for it
            return None
        end = int((sums[at] - lows[at]).argmax())
        begin = int(sums[at][: end + 1].argmin())
        return (at - REACH, begin, end) if self._holds(at, begin, end, z) else None

    def best_of_all(self) -> int | None:
        """The shift of all rows that fits best; None where chance would give it, or it is none."""
        totals = self.hits.sum(axis=1)
        at = int(totals.argmax())
        gain = float(totals[at] - totals[REACH])
        if gain < WORTH * self.size * len(self.starts) or at == REACH:
            return None
        return at - REACH if self._holds(at, 0, len(self.starts), _z(2 * REACH)) else None

    def _holds(self, at: int, begin: int, end: int, z: float) -> bool:
        """Whether a shift beats the rows as they are beyond chance, and every other shift clearly."""
        others = self.hits[:, begin:end].sum(axis=1)
        others[at] = -1
        second = int(others.argmax())
        return self._errors(at, REACH, begin, end) >= z and self._errors(at, second, begin, end) >= STANDS_OUT

    def _errors(self, at: int, other: int, begin: int, end: int) -> float:
        """By how many standard errors one shift fits better than another; labels may come in runs."""
        gains = self.hits[at, begin:end] - self.hits[other, begin:end]
        rows = (self.starts[begin:end, None] + np.arange(self.size)).ravel()
        first, second = (
            _fits(self.label, self.prediction, self.missing, rows, s - REACH) for s in (at, other)
        )
        apart = float((first != second).sum())
        spread = len(gains) * float(gains.var(ddof=1)) if len(gains) > 1 else 0.0
        if len(gains) < BLOCKS:  # too few to tell how much they vary
            spread = max(spread, apart)
        return float(gains.sum()) / math.sqrt(max(spread, 1.0))


def _fits(
    label: Codes, prediction: Codes, missing: int | None, rows: NDArray[np.int64], by: int
) -> NDArray[np.bool_]:
    """Whether the label of each row is the prediction so many rows further down."""
    other = rows + by
    inside = (other >= 0) & (other < len(label))
    fits = np.zeros(len(rows), dtype=bool)
    fits[inside] = label[rows[inside]] == prediction[other[inside]]
    if missing is not None:
        fits &= label[rows] != missing
    return fits


def _blocks(n: int) -> tuple[NDArray[np.int64], int]:
    """Where the blocks begin, and how many rows each has."""
    if n > BLOCKS * BLOCK_ROWS:
        return np.linspace(0, n - BLOCK_ROWS, BLOCKS).astype(np.int64), BLOCK_ROWS
    count = min(BLOCKS, n // LEAST_ROWS)
    return np.arange(count, dtype=np.int64) * (n // count), n // count


def _hits(
    label: Codes, prediction: Codes, missing: int | None, starts: NDArray[np.int64], size: int
) -> NDArray[np.float64]:
    """How many labels of each block equal the prediction each shift away."""
    own = label[starts[:, None] + np.arange(size)].astype(np.int16)
    padded = np.pad(prediction.astype(np.int16), REACH, constant_values=-1)
    if missing is not None:
        own[own == missing] = -2
    near = padded[starts[:, None] + np.arange(size + 2 * REACH)]
    shifts = [near[:, s : s + size] for s in range(2 * REACH + 1)]
    return np.array([np.count_nonzero(own == other, axis=1) for other in shifts], dtype=np.float64)


def _z(comparisons: float) -> float:
    """How many standard errors are beyond chance, of so many comparisons."""
    return math.sqrt(2 * math.log(2 * comparisons / CHANCE))  # the normal tail is below exp(-z²/2)


def _refined(label: Codes, prediction: Codes, missing: int | None, found: Shift) -> Shift:
    """The same with its ends at the rows where one fit turns into the other."""
    n = len(label)
    width = max(n // BLOCKS + 1, 2 * LEAST_ROWS)
    low, high = max(found.start - width, 0), min(found.stop + width, n)
    rows = np.arange(low, high)
    moved, stays = (_fits(label, prediction, missing, rows, by) for by in (found.by, 0))
    gain = moved.astype(np.int64) - stays
    sums = np.concatenate([[0], gain.cumsum()])
    stop = int((sums - np.minimum.accumulate(sums)).argmax())
    start = int(sums[: stop + 1].argmin())
    return Shift(found.by, low + start, low + stop)


def _finding(found: Shift, label: Codes, prediction: Codes, missing: int | None) -> Finding:
    n = len(label)
    rows = np.arange(max(found.start, -found.by, 0), min(found.stop, n - max(found.by, 0)))
    if missing is not None:
        rows = rows[label[rows] != missing]
    moved, stays = (int(_fits(label, prediction, missing, rows, by).sum()) for by in (found.by, 0))
    part = found.stop - found.start < n
    which = f" from row {found.start:,} to {found.stop - 1:,}" if part else ""
    mask = np.zeros(n, dtype=bool)
    mask[found.start : found.stop] = True
    lag = f"{'down' if found.by > 0 else 'up'}"
    return Finding(
        kind="rows-shifted",
        level="predictions",
        title=f"the predictions are {amount(abs(found.by), 'row')} too far {lag}{which}",
        certainty="likely",
        effect=newcombe(moved, len(rows), stays, len(rows)),
        where=(RowsClause(mask),) if part else (CellClause((), "error"),),
        evidence=f"Moved, {share(moved, len(rows), 'label')} equal their prediction; as they stand, "
        f"{share(stays, len(rows), 'label')}.",
        causes=(
            "a header or a row that one of two files lacks",
            "rows that were dropped from one side only",
            "a window or a lag in the features",
        ),
        rules_out=(f"chance: {2 * REACH} shifts over runs of rows were tried, and allowed for",),
        try_next=(f"Join labels and predictions by id, or move them: prediction.shift({-found.by}).",),
        confirm_by="Take one row whose text leaves no doubt, and look which row its prediction stands in.",
        theory="A model that only repeats an earlier label looks the same: its predictions fit the rows they were "
        "copied from.",
    )
