"""Attention weights: a grid a head, their mean, and what taking each part away does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from offdiagonal.views.figure import FigureSpec, Heat, Table, figure
from offdiagonal.views.text import amount

EFFECT = "change without it"
LISTED = 20


def attention_figure(
    weights: NDArray[np.float64],
    queries: tuple[str, ...],
    keys: tuple[str, ...],
    effects: Sequence[float] | None,
    said: str,
) -> FigureSpec:
    """Weights of shape (heads, queries, keys)."""
    grids = [(f"head {i}", weights[i].tolist()) for i in range(len(weights))]
    if len(grids) > 1:
        grids.insert(0, ("mean of the heads", weights.mean(axis=0).tolist()))
    mean = weights.mean(axis=(0, 1))
    order = np.argsort(-mean, kind="stable").tolist()
    rows = tuple(
        (keys[i], figure(float(mean[i])), *(() if effects is None else (figure(effects[i]),)))
        for i in order[:LISTED]
    )
    heads = ("to", "mean attention", *(() if effects is None else (EFFECT,)))
    left = len(order) - len(rows)
    return FigureSpec(
        "Attention",
        f"{amount(len(weights), 'head')}, {len(queries)} by {len(keys)}",
        (said,),
        Heat(queries, keys, tuple(grids), ("from", "to"), ("", ()) if effects is None else (EFFECT, effects)),
        Table("Attention", heads, rows, numbers=len(heads) - 1),
        notes=(f"{left} more, with less attention, are not listed.",) if left else (),
    )
