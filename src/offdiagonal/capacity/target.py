"""Whether the noise of splits and seeds lets an error be told from the target, and how many repeats would."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offdiagonal.capacity.repeats import RowsTested, on_rows, rate_limits, row_means, within
from offdiagonal.stats.intervals import t_quantile
from offdiagonal.stats.measure import Measure

Floats = NDArray[np.float64]

MOST = 100_000
"""Beyond so many repeats the answer is as good as never."""


@dataclass(frozen=True)
class TargetTest:
    """An estimate against the error that would be good enough."""

    target: float
    estimate: Measure
    splits: float
    """Standard deviation between splits, that of seeds taken out where it is known."""
    seeds: float | None
    """Standard deviation between seeds on the same rows; None where one was tried."""
    tells: float
    """The smallest difference that so many repeats tell: from the estimate to the end of its interval."""
    needed: int | None
    """Repeats that would tell the difference if it is as large as it seems; None: no number of them does."""
    tested: RowsTested | None = None
    """Of an error rate, the rows that were tested."""

    @property
    def told(self) -> bool:
        """Whether the interval leaves the target out."""
        low, high = self.estimate.low, self.estimate.high
        return low is not None and high is not None and not low <= self.target <= high

    @property
    def below(self) -> bool:
        """Whether the estimate is below the target, told or not."""
        return self.estimate.value is not None and self.estimate.value < self.target

    def text(self, unit: str = "error") -> str:
        """What it says, with its numbers."""
        measure = within(self.estimate, unit)
        if measure.value is None:
            return f"the target of {self.target:.3g}: one repeat says nothing of the noise; take at least two"
        if measure.low is None or measure.high is None:
            return (
                f"the test {unit} of {measure.value:.3g} is the same in all {measure.n} splits, so that their noise is "
                f"not known and nothing tells it from the target of {self.target:.3g}: take more test rows"
            )
        said = f"the test {unit} of {measure.value:.3g} [{measure.low:.3g}, {measure.high:.3g}]"
        seeds = (
            "; seeds were not tried apart: give seeds="
            if self.seeds is None
            else f", {self.seeds:.2g} between seeds"
        )
        rows = f" and {self.tested.text}" if self.tested else ""
        noise = f"{measure.n} splits{rows} (standard deviation {self.splits:.2g} between splits{seeds})"
        if self.told:
            side = "below" if self.below else "above"
            return f"{said} is {side} the target of {self.target:.3g} beyond the noise of {noise}"
        apart = abs(measure.value - self.target)
        more = (
            f"some {self.needed:,} splits would tell one of {apart:.2g}, if it is that"
            if self.needed is not None
            else f"no number of splits of these rows tells one of {apart:.2g}: it takes more rows"
        )
        return (
            f"{said} cannot be told from the target of {self.target:.3g}: {noise} tell differences from "
            f"{self.tells:.2g} on; {more}"
        )


def against(
    target: float, test: Floats, seeds: Floats | None, test_share: float, tested: RowsTested | None = None
) -> TargetTest:
    """Compare the errors of repeats with a target.

    Parameters
    ----------
    target
        The error that would be good enough.
    test
        Errors of the repeats.
    seeds
        (repeats, seeds): where given, the errors are the means over the seeds of each repeat.
    test_share
        Test rows over training rows.
    tested
        Of an error rate, the rows that were tested: the interval is no narrower than that of a rate of so many.

    Examples
    --------
    >>> import numpy as np
    >>> found = against(0.1, np.array([0.11, 0.13, 0.09, 0.12, 0.1]), None, 0.1)
    >>> found.told, found.needed
    (False, 304)
    """
    errors = test if seeds is None else row_means(seeds)
    kept = errors[np.isfinite(errors)]
    estimate = on_rows(errors, test_share, tested)
    value, n = estimate.value, estimate.n
    if value is None:
        return TargetTest(target, estimate, math.nan, None, math.nan, None)
    total = float(kept.std(ddof=1))
    within = None
    if seeds is not None:
        known = [row[np.isfinite(row)] for row in seeds]
        apart = [float(row.var(ddof=1)) for row in known if len(row) > 1]
        within = math.sqrt(sum(apart) / len(apart)) if apart else None
    if seeds is not None and within is not None:
        splits = math.sqrt(max(0.0, total**2 - within**2 / seeds.shape[1]))
    else:
        splits = total
    if estimate.low is None or estimate.high is None:
        return TargetTest(target, estimate, splits, within, math.nan, None)
    tells = estimate.high - value if value < target else value - estimate.low

    def rows_tell(repeats: int) -> bool:
        if tested is None:
            return True
        low, high = rate_limits(value, tested.after(repeats, n))
        return not low <= target <= high

    needed = repeats_for(abs(value - target), total, test_share, rows_tell)
    return TargetTest(target, estimate, splits, within, tells, needed, tested)


def repeats_for(
    difference: float, deviation: float, test_share: float, besides: Callable[[int], bool] | None = None
) -> int | None:
    """How many repeats it takes until half the interval is less than a difference; None: it never is.

    However many splits there are, all are of the same rows: what these rows have of chance stays.
    ``besides`` says whether so many fulfil what else they must.

    Examples
    --------
    >>> repeats_for(0.02, 0.03, 0.1), repeats_for(0.01, 0.03, 0.1)
    (82, None)
    """

    def enough(repeats: int) -> bool:
        half = t_quantile(repeats - 1) * deviation * math.sqrt(1 / repeats + test_share)
        return half < difference and (besides is None or besides(repeats))

    if not enough(MOST):
        return None
    low, high = 1, 2
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
