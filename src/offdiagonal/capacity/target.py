"""Whether the noise of splits and seeds lets an error be told from the target, and how many repeats would."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offdiagonal.capacity.repeats import corrected
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
    """The smallest difference that so many repeats tell: half the interval."""
    needed: int | None
    """Repeats that would tell the difference if it is as large as it seems; None: no number of them does."""

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
        measure = self.estimate
        if measure.value is None or measure.low is None or measure.high is None:
            return f"the target of {self.target:.3g}: one repeat says nothing of the noise; take at least two"
        said = f"the test {unit} of {measure.value:.3g} [{measure.low:.3g}, {measure.high:.3g}]"
        seeds = (
            "; seeds were not tried apart: give seeds="
            if self.seeds is None
            else f", {self.seeds:.2g} between seeds"
        )
        noise = f"{measure.n} splits (standard deviation {self.splits:.2g} between splits{seeds})"
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


def against(target: float, test: Floats, seeds: Floats | None, test_share: float) -> TargetTest:
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

    Examples
    --------
    >>> import numpy as np
    >>> found = against(0.1, np.array([0.11, 0.13, 0.09, 0.12, 0.1]), None, 0.1)
    >>> found.told, found.needed
    (False, 304)
    """
    errors = test if seeds is None else seeds.mean(axis=1)
    kept = errors[np.isfinite(errors)]
    estimate = corrected(errors, test_share)
    if estimate.value is None:
        return TargetTest(target, estimate, math.nan, None, math.nan, None)
    total = float(kept.std(ddof=1))
    within = None
    if seeds is not None:
        within = math.sqrt(float(np.nanmean(np.nanvar(seeds, axis=1, ddof=1))))
        splits = math.sqrt(max(0.0, total**2 - within**2 / seeds.shape[1]))
    else:
        splits = total
    tells = float(estimate.value - (estimate.low or 0.0)) if estimate.low is not None else math.nan
    needed = repeats_for(abs(estimate.value - target), total, test_share)
    return TargetTest(target, estimate, splits, within, tells, needed)


def repeats_for(difference: float, deviation: float, test_share: float) -> int | None:
    """How many repeats it takes until half the interval is less than a difference; None: it never is.

    However many splits there are, all are of the same rows: what these rows have of chance stays.

    Examples
    --------
    >>> repeats_for(0.02, 0.03, 0.1), repeats_for(0.01, 0.03, 0.1)
    (82, None)
    """

    def enough(repeats: int) -> bool:
        return t_quantile(repeats - 1) * deviation * math.sqrt(1 / repeats + test_share) < difference

    if not enough(MOST):
        return None
    low, high = 1, 2
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
