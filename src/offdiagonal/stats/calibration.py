"""Whether probabilities mean what they say: CORP over bins; twin of ``js/src/core/calibration.ts``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from offdiagonal.stats.measure import MIN_N
from offdiagonal.stats.random import binomial_quantile, uniform

RESAMPLES = 200
METHOD = "CORP: isotonic regression of the binned scores, band of consistency from 200 simulations"


@dataclass(frozen=True)
class Block:
    """A run of scores that the isotonic fit gives one probability.

    Parameters
    ----------
    low, high
        The edges of its first and last occupied bin.
    value
        The share of events among its rows.
    n
        Its rows.
    """

    low: float
    high: float
    value: float
    n: int


@dataclass(frozen=True)
class Calibration:
    """What the scores say against what happened; the tuples have one entry per occupied bin.

    Parameters
    ----------
    n
        Rows.
    score
        The centres of the occupied bins.
    rows
        The rows in each.
    curve
        The recalibrated probability: the isotonic fit.
    low, high
        Between these the curve falls, at each score, with 95 % probability if the scores are right.
    blocks
        The curve's steps.
    mcb, dsc, unc
        Miscalibration, discrimination and uncertainty; the Brier score of the bin centres is
        mcb - dsc + unc.
    expected_mcb, mcb_95
        Mean and 95 % quantile of the miscalibration that perfect scores would show with these rows.
    method
        How all this was made, in words.
    """

    n: int
    score: tuple[float, ...]
    rows: tuple[int, ...]
    curve: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    blocks: tuple[Block, ...]
    mcb: float | None
    dsc: float | None
    unc: float | None
    expected_mcb: float | None
    mcb_95: float | None
    method: str


def corp(n_bins: ArrayLike, k_bins: ArrayLike, seed: int = 0) -> Calibration:
    """Answer how far scores are from being probabilities, and how far they would be by chance alone.

    The score of a row is taken to be the centre of its bin, so a gap of less than half a bin's width (.0025)
    between score and curve, and a miscalibration of less than its square, mean nothing. The band and the
    expected miscalibration come from simulating, 200 times, events that happen as the scores say, and fitting
    again; the same rows and seed always give the same.

    Parameters
    ----------
    n_bins : int64 array of shape (bins,)
        Rows per equal-width bin of the score in [0, 1]; 200 bins in this project.
    k_bins : int64 array of shape (bins,)
        Events among them: rows where what the score is the probability of is so.
    seed
        Which simulations, in [0, 2**32).

    Returns
    -------
    Calibration
        Below ten rows without a curve, its numbers ``None``.

    Raises
    ------
    ValueError
        If the two are not counts of one shape, there are more events than rows, or the seed is out of range.

    References
    ----------
    Dimitriadis, Gneiting and Jordan (2021), Stable reliability diagrams for probabilistic classifiers,
    PNAS 118.

    Examples
    --------
    >>> rows, events = np.zeros(200, int), np.zeros(200, int)
    >>> rows[[20, 100, 180]] = 100
    >>> events[[20, 100, 180]] = 12, 47, 70
    >>> result = corp(rows, events)
    >>> result.curve
    (0.12, 0.47, 0.7)
    >>> round(result.mcb, 4), round(result.dsc, 4), round(result.unc, 4), round(result.expected_mcb, 4)
    (0.0141, 0.0569, 0.2451, 0.0015)
    """
    n_all, k_all = _checked(n_bins, k_bins)
    total, bins = int(n_all.sum()), len(n_all)
    if total < MIN_N:
        return Calibration(total, (), (), (), (), (), (), None, None, None, None, None, METHOD)
    place = np.flatnonzero(n_all)
    n, k, score = n_all[place], k_all[place], (place + 0.5) / bins
    sizes, levels = _isotonic(k[None], n)
    curve = np.repeat(levels, sizes)
    rate = float(k.sum()) / total

    drawn = _simulated(n, score, place, bins, seed)
    simulated_sizes, simulated_levels = _isotonic(drawn, n)
    fits = np.repeat(simulated_levels, simulated_sizes).reshape(drawn.shape)
    by_chance = np.sort(_gain(score, fits, n, drawn))
    fits.sort(axis=0)

    return Calibration(
        n=total,
        score=tuple(score.tolist()),
        rows=tuple(n.tolist()),
        curve=tuple(curve.tolist()),
        low=tuple(_quantile(fits, 0.025).tolist()),
        high=tuple(_quantile(fits, 0.975).tolist()),
        blocks=_blocks(place, n, sizes, levels, bins),
        mcb=float(_gain(score, curve, n, k)),
        dsc=float(_gain(np.full_like(curve, rate), curve, n, k)),
        unc=rate * (1 - rate),
        expected_mcb=float(by_chance.mean()),
        mcb_95=float(_quantile(by_chance, 0.95)),
        method=METHOD,
    )


def _checked(n_bins: ArrayLike, k_bins: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    given = np.asarray(n_bins), np.asarray(k_bins)
    with np.errstate(invalid="ignore"):  # nan is refused below
        n, k = (counts.astype(np.int64) for counts in given)
    if n.ndim != 1 or n.shape != k.shape:
        raise ValueError(f"rows and events are one count per bin each, not of shapes {n.shape} and {k.shape}")
    if (n != given[0]).any() or (k != given[1]).any() or ((k < 0) | (k > n)).any():
        raise ValueError("rows and events are whole numbers with 0 <= events <= rows in every bin")
    return n, k


def _isotonic(k: NDArray[np.int64], n: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Pool adjacent violators in each row of k, shape (fits, bins), all at once.

    A run of blocks of which none is above the one before it ends up in one block whatever else is pooled, so
    every pass pools all such runs. Whole numbers compare exactly.

    Returns
    -------
    sizes
        How many bins each block has, those of the first fit first.
    levels
        The share of events in each.
    """
    events, rows = k.ravel(), np.tile(n, len(k))
    start = np.arange(len(events))
    first = start % len(n) == 0
    while True:
        pooled = ~first
        pooled[1:] &= events[:-1] * rows[1:] >= events[1:] * rows[:-1]
        if not pooled.any():
            break
        kept = np.flatnonzero(~pooled)
        events, rows = np.add.reduceat(events, kept), np.add.reduceat(rows, kept)
        start, first = start[kept], first[kept]
    return np.diff(start, append=k.size), events / rows


def _blocks(
    place: NDArray[np.int64],
    n: NDArray[np.int64],
    sizes: NDArray[np.int64],
    levels: NDArray[np.float64],
    bins: int,
) -> tuple[Block, ...]:
    end = np.cumsum(sizes)
    return tuple(
        Block(
            int(place[first]) / bins, int(place[last - 1] + 1) / bins, float(level), int(n[first:last].sum())
        )
        for first, last, level in zip(end - sizes, end, levels, strict=True)
    )


def _simulated(
    n: NDArray[np.int64], score: NDArray[np.float64], place: NDArray[np.int64], bins: int, seed: int
) -> NDArray[np.int64]:
    """Draw events as the scores say. A bin draws the same numbers whichever other bins are occupied."""
    index = np.arange(RESAMPLES)[:, None] * bins + place
    u = uniform(index.astype(np.uint32), seed)
    columns = [binomial_quantile(u[:, i], int(n[i]), float(score[i])) for i in range(len(n))]
    return np.stack(columns, axis=1)


def _gain(
    score: NDArray[np.float64], fit: NDArray[np.float64], n: NDArray[np.int64], k: NDArray[np.int64]
) -> NDArray[np.float64]:
    """By how much the fit has a lower Brier score."""
    return np.asarray(((score - fit) * (n * (score + fit) - 2 * k)).sum(axis=-1) / n.sum(), np.float64)


def _quantile(ordered: NDArray[np.float64], p: float) -> NDArray[np.float64]:
    """Weibull's quantile: a further draw is below it with probability p, whatever the number of draws."""
    place = p * (len(ordered) + 1)
    below = int(place)
    return np.asarray(
        ordered[below - 1] + (place - below) * (ordered[below] - ordered[below - 1]), np.float64
    )
