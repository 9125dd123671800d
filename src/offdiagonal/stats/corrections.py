"""Corrections for having looked many times."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(p: ArrayLike) -> NDArray[np.float64]:
    """Answer at which false discovery rate each of many tests would still be taken for a discovery.

    Parameters
    ----------
    p : array of shape (tests,)
        p-values in [0, 1], of independent or positively dependent tests, all that were looked at.

    Returns
    -------
    q : float64 array of shape (tests,)
        Adjusted p-values, in the order given; empty if there are none.

    Raises
    ------
    ValueError
        If p is not one-dimensional or holds anything outside [0, 1].

    References
    ----------
    Benjamini and Hochberg (1995), Controlling the false discovery rate, JRSS B 57.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    p = np.asarray(p, np.float64)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p-values are a one-dimensional array of numbers in [0, 1]")
    order = np.argsort(-p, kind="stable")
    rank = np.arange(p.size, 0, -1)
    q = np.empty_like(p)
    q[order] = np.minimum.accumulate(np.minimum(p[order] * p.size / rank, 1.0))
    return q
