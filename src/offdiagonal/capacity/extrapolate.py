"""What more rows would give: a learning curve carried on, with an interval, or a refusal."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

LEAST_SIZES = 6
LEAST_REPEATS = 5
FURTHEST = 4.0
"""So many times the rows at most: what lies beyond, no curve tells."""
LAST_SIZES = 5
"""The power law is fitted to so many sizes: what the model did with few rows says little of many."""
EXPONENTS = np.geomspace(0.05, 2, 14)
LEAST_ERROR = 0.002
SPREAD = 1.06
SHARE_OF_CHANGE = 0.25
"""The interval is normal with SPREAD times the noise of a step and a quarter of the change that is foretold. Both were
set on 1,915 steps within the curves of LCDB (benchmarks/learning_curves.py); their last steps were kept back."""
ALARM = 0.05


@dataclass(frozen=True)
class Extrapolation:
    """What a curve comes to at more rows; or why that cannot be said."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.8
    refused: str = ""


def rise(sizes: Floats, errors: Floats) -> tuple[float, float] | None:
    """Two sizes between which the error rose for sure; None where the curve is monotone as far as one can tell.

    All pairs of sizes are compared, repeat by repeat, by a one-sided t test; the level of 5 % is shared by all pairs
    (Bonferroni).

    Parameters
    ----------
    sizes
        k sizes, rising.
    errors
        (repeats, k), lower is better; NaN where a repeat failed.
    """
    pairs = [(i, j) for i in range(len(sizes)) for j in range(i + 1, len(sizes))]
    worst, found = ALARM / max(len(pairs), 1), None
    for i, j in pairs:
        change = errors[:, j] - errors[:, i]
        change = change[np.isfinite(change)]
        if len(change) < LEAST_REPEATS or change.mean() <= 0:
            continue
        error = change.std(ddof=1) / math.sqrt(len(change))
        p = stats.t.sf(change.mean() / error, len(change) - 1) if error > 0 else 0.0
        if p < worst:
            worst, found = p, (float(sizes[i]), float(sizes[j]))
    return found


def extrapolate(sizes: Floats, errors: Floats, n: int, level: float = 0.8) -> Extrapolation:
    """Foretell the mean error at more rows.

    A power law c + a n^-b is fitted to the last five sizes and its change added to the last mean. The interval is
    of what the mean over as many repeats would be.

    Parameters
    ----------
    sizes
        k sizes, rising.
    errors
        (repeats, k), lower is better; NaN where a repeat failed.
    n
        Rows, at most four times the largest size.
    level
        Of the interval.

    Returns
    -------
    Extrapolation
        Refused where the curve rises somewhere, or has too few sizes or repeats.

    Examples
    --------
    >>> import numpy as np
    >>> sizes = np.array([50.0, 100, 200, 400, 800, 1600])
    >>> noise = np.random.default_rng(0).normal(0, 0.003, (20, 6))
    >>> found = extrapolate(sizes, 0.05 + 2 * sizes**-0.5 + noise, 3200)
    >>> bool(found.low < 0.05 + 2 * 3200**-0.5 < found.high)
    True
    """
    reason = _why_not(sizes, errors, n)
    if reason:
        return Extrapolation(n, level=level, refused=reason)
    means = np.nanmean(errors, axis=0)
    counts = np.isfinite(errors).sum(axis=0)
    spread = np.nanstd(errors, axis=0, ddof=1) / np.sqrt(counts)
    last = slice(-LAST_SIZES, None)
    _, amount, exponent = fit(sizes[last], means[last], 1 / np.maximum(spread[last], LEAST_ERROR))
    change = amount * ((n / sizes[-1]) ** -exponent - 1)
    step = errors[:, -1] - errors[:, -2]
    step = step[np.isfinite(step)]
    further = max(1.0, math.log(n / sizes[-1]) / math.log(sizes[-1] / sizes[-2]))
    noise = step.std(ddof=1) / math.sqrt(len(step)) * further
    half = float(stats.norm.ppf(0.5 + level / 2)) * SPREAD * math.hypot(noise, SHARE_OF_CHANGE * change)
    value = float(means[-1] + change)
    return Extrapolation(n, value, max(0.0, value - half), value + half, level)


def _why_not(sizes: Floats, errors: Floats, n: int) -> str:
    if len(sizes) < LEAST_SIZES:
        return f"{len(sizes)} sizes are too few to carry a curve on; take {LEAST_SIZES} or more"
    if np.isfinite(errors).sum(axis=0).min() < LEAST_REPEATS:
        return f"fewer than {LEAST_REPEATS} repeats at some size are too few to know the noise; take more"
    if n > FURTHEST * sizes[-1]:
        most = int(FURTHEST * sizes[-1])
        return f"{n:,} rows are more than {FURTHEST:g} times those that were tried; ask for {most:,} at most"
    if n < sizes[-1]:
        return f"{n:,} rows were tried already: read the curve itself"
    risen = rise(sizes, errors)
    if risen is not None:
        low, high = risen
        return (
            f"the error rises from {low:,.0f} to {high:,.0f} rows, so more rows need not help: "
            "find out why first (an ordered table, a setting that depends on the number of rows, double descent)"
        )
    return ""


def fit(sizes: Floats, means: Floats, weights: Floats) -> tuple[float, float, float]:
    """The asymptote c, the amount a above it at the largest size, and the exponent b of c + a (n / n_last)^-b.

    Weighted least squares with c and a at least 0, for each of some exponents; the best of them.
    """
    best = (math.inf, (float(means[-1]), 0.0, 1.0))
    squares = weights**2
    for exponent in EXPONENTS.tolist():
        shape = (sizes / sizes[-1]) ** -exponent
        s0, s1, s2 = squares.sum(), (squares * shape).sum(), (squares * shape**2).sum()
        m0, m1 = (squares * means).sum(), (squares * shape * means).sum()
        determinant = s0 * s2 - s1**2
        amount = max(0.0, (s0 * m1 - s1 * m0) / determinant) if determinant > 1e-12 * s0 * s2 else 0.0
        asymptote = (m0 - amount * s1) / s0
        if asymptote < 0:
            asymptote, amount = 0.0, max(0.0, m1 / s2)
        cost = float((squares * (asymptote + amount * shape - means) ** 2).sum())
        if cost < best[0]:
            best = (cost, (float(asymptote), float(amount), exponent))
    return best[1]


def crossing(sizes: Floats, first: Floats, second: Floats) -> tuple[float, float] | None:
    """Between which two sizes the better of two curves changes; None where it does not.

    Parameters
    ----------
    sizes
        k sizes, rising.
    first, second
        Mean errors at them.
    """
    better = first < second
    changes = np.flatnonzero(better[1:] != better[:-1])
    if not len(changes):
        return None
    at = int(changes[-1])
    return float(sizes[at]), float(sizes[at + 1])
