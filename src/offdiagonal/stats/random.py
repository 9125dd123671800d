"""Random numbers that Python and the browser draw alike; twin of ``js/src/core/random.ts``.

Only operations that IEEE 754 rounds exactly decide a draw (but for a logarithm in the tails of the normal,
whose last bit is then rounded away), so both give the same counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LARGE_VARIANCE = 100.0
"""From this variance on a binomial is drawn from the normal."""

_STEP = np.uint32(0x6D2B79F5)
# Wichura's PPND7, the coefficients of each polynomial from the highest power down
_CENTRE = (
    (59.109374720, 159.29113202, 50.434271938, 3.3871327179),
    (67.187563600, 78.757757664, 17.895169469, 1.0),
)
_NEAR = (
    (0.17023821103, 1.3067284816, 2.7568153900, 1.4234372777),
    (0.12021132975, 0.73700164250, 1.0),
)
_FAR = (
    (0.017337203997, 0.42868294337, 3.0812263860, 6.6579051150),
    (0.012258202635, 0.24197894225, 1.0),
)


def uniform(index: NDArray[np.uint32], seed: int = 0) -> NDArray[np.float64]:
    """Answer what the uniform random numbers at some places of a stream are, in any order.

    Element i is what the call i + 1 of mulberry32, seeded with ``seed``, gives; it is a hash of a counter, so
    no state is kept.

    Parameters
    ----------
    index : uint32 array
        Places in the stream.
    seed
        Which stream, in [0, 2**32).

    Returns
    -------
    float64 array of the same shape
        In (0, 1), odd multiples of 2**-33.

    Raises
    ------
    ValueError
        If the seed is not in [0, 2**32).

    References
    ----------
    Ettinger (2017), mulberry32, public domain.

    Examples
    --------
    >>> uniform(np.arange(3, dtype=np.uint32)).round(4).tolist()
    [0.2664, 0.0003, 0.2233]
    """
    if not 0 <= seed < 2**32:
        raise ValueError(f"a seed is in [0, 2**32), not {seed}")
    # arrays of uint32 wrap around silently, scalars warn
    x = np.atleast_1d(index).astype(np.uint32)
    x = (x + np.uint32(1)) * _STEP + np.uint32(seed)
    x = (x ^ (x >> np.uint32(15))) * (x | np.uint32(1))
    x ^= x + (x ^ (x >> np.uint32(7))) * (x | np.uint32(61))
    x ^= x >> np.uint32(14)
    return np.asarray((x + 0.5) * 2.0**-32, np.float64).reshape(np.shape(index))


def normal_quantile(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Answer below which value a standard normal falls with probability u.

    Parameters
    ----------
    u : float64 array
        Probabilities in (0, 1).

    Returns
    -------
    float64 array of the same shape
        Right to about one part in 10**7.

    Raises
    ------
    ValueError
        If a probability is not in (0, 1).

    References
    ----------
    Wichura (1988), Algorithm AS 241 (PPND7), Applied Statistics 37.

    Examples
    --------
    >>> normal_quantile(np.array([0.5, 0.975])).round(6).tolist()
    [0.0, 1.959964]
    """
    if not ((u > 0) & (u < 1)).all():
        raise ValueError("probabilities must be in (0, 1)")
    q = u - 0.5
    r = 0.180625 - q * q
    tail = np.sqrt(-np.log(np.minimum(u, 1 - u)))
    outer = np.where(tail <= 5, _ratio(_NEAR, tail - 1.6), _ratio(_FAR, tail - 5))
    return np.where(np.abs(q) <= 0.425, q * _ratio(_CENTRE, r), np.where(q < 0, -outer, outer))


def binomial_quantile(u: NDArray[np.float64], n: int, p: float) -> NDArray[np.int64]:
    """Answer how many of n rows have a property of probability p, when chance says u.

    The smallest k with P(X <= k) >= u where the variance is below 100; beyond, the normal quantile with the
    first term of the Cornish-Fisher correction for skewness, rounded and clipped.

    Parameters
    ----------
    u : float64 array
        Uniform random numbers in (0, 1).
    n
        Rows, at least 0.
    p
        Probability in [0, 1].

    Returns
    -------
    int64 array of the same shape
        Counts in [0, n].

    Raises
    ------
    ValueError
        If n is negative, or p or u are out of range.

    References
    ----------
    Devroye (1986), Non-uniform random variate generation, sections III.2 (inversion) and X.4.

    Examples
    --------
    >>> binomial_quantile(np.array([0.025, 0.5, 0.975]), 100, 0.1).tolist()
    [5, 10, 16]
    """
    if n < 0 or not 0 <= p <= 1:
        raise ValueError(f"a binomial needs n >= 0 and p in [0, 1], not n = {n}, p = {p}")
    if p > 0.5:
        return np.asarray(n - binomial_quantile(1 - u, n, 1 - p), np.int64)
    variance = n * p * (1 - p)
    if variance < LARGE_VARIANCE:
        table = _cumulative(n, p, variance)
        return np.asarray(np.minimum(np.searchsorted(table, u), len(table) - 1), np.int64)
    z = normal_quantile(u)
    k = np.floor(n * p + z * np.sqrt(variance) + (z * z - 1) * (1 - 2 * p) / 6 + 0.5)
    return np.asarray(np.clip(k, 0, n), np.int64)


def _cumulative(n: int, p: float, variance: float) -> NDArray[np.float64]:
    """P(X <= k) for k from 0 to where the rest is less than the grain of the uniform numbers."""
    last = min(n, int(n * p + 8 * variance**0.5 + 20))
    k = np.arange(last, dtype=np.float64)
    mass = np.concatenate([[_power(1 - p, n)], (n - k) / (k + 1) * (p / (1 - p))])
    return np.cumsum(np.cumprod(mass))


def _power(base: float, exponent: int) -> float:
    """Square and multiply, since library powers differ in their last bit."""
    result = 1.0
    while exponent:
        if exponent & 1:
            result *= base
        base *= base
        exponent >>= 1
    return result


def _ratio(
    polynomials: tuple[tuple[float, ...], tuple[float, ...]], x: NDArray[np.float64]
) -> NDArray[np.float64]:
    values = []
    for coefficients in polynomials:
        total = np.zeros_like(x)
        for coefficient in coefficients:
            total = total * x + coefficient
        values.append(total)
    return np.asarray(values[0] / values[1], np.float64)
