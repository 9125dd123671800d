"""A number with its interval: what every statistic here returns."""

from __future__ import annotations

import math
from dataclasses import dataclass

MIN_N = 10
"""Below ten rows no rate is given."""

Z = 1.959963984540054
"""The 97.5 % point of the normal distribution; written out so that no import of scipy is needed."""


@dataclass(frozen=True)
class Measure:
    """A number, its 95 % interval, the rows behind it and the method; ``js/src/core/types.ts`` is its twin.

    Parameters
    ----------
    value
        The estimate; ``None`` when it is undefined or there are too few rows to say.
    low, high
        The limits of the 95 % interval; ``None`` when there is no value, or no interval worth showing.
    n
        How many rows the number stands on, never a sum of weights.
    method
        How the interval was made, in words.

    Examples
    --------
    >>> Measure(0.9, 0.85, 0.94, 160, "Wilson").value
    0.9
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    method: str


def unknown(n: int, method: str) -> Measure:
    """Return the measure of which nothing can be said.

    Parameters
    ----------
    n
        The rows there are.
    method
        The method that would have been used.

    Returns
    -------
    Measure
        Value and limits are ``None``.

    Examples
    --------
    >>> unknown(3, "Wilson")
    Measure(value=None, low=None, high=None, n=3, method='Wilson')
    """
    return Measure(None, None, None, n, method)


def logit_limits(value: float, error: float) -> tuple[float, float]:
    """Answer between which limits an estimate in (0, 1) lies, given its standard error.

    The interval is made on the logit scale, so it stays in (0, 1) and is longer towards one half; near 0
    and 1 it covers far better than value ± 1.96 error.

    Parameters
    ----------
    value
        The estimate, in (0, 1).
    error
        Its standard error.

    Returns
    -------
    low, high : float

    Raises
    ------
    ValueError
        If the value is not in (0, 1).

    References
    ----------
    Agresti (2013), Categorical data analysis, third edition, chapters 3 and 16: the delta method.

    Examples
    --------
    >>> [round(limit, 3) for limit in logit_limits(0.9, 0.05)]
    [0.752, 0.964]
    """
    if not 0 < value < 1:
        raise ValueError(f"the logit of {value} is not finite")
    factor = math.exp(-Z * error / (value * (1 - value)))
    return value * factor / (value * factor + 1 - value), value / (value + (1 - value) * factor)
