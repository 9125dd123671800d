"""Picture of attention weights: one square grid a head, from pale to dark."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from offdiagonal.views.text import short
from offdiagonal.views.vegalite.style import INK, MUTED, RIGHT_PALE, Spec, card, heading, inline

CELL, LEAST = 20, 180
ACROSS = 3
LETTERS = 12


def attention_chart(
    weights: NDArray[np.float64],
    queries: Sequence[str],
    keys: Sequence[str],
    heads: Sequence[str],
    caveat: str,
) -> Spec:
    """Draw weights of shape (heads, queries, keys)."""
    side = max(LEAST, CELL * len(keys))
    charts = [
        _head(weights[i], queries, keys, head, side, float(weights.max())) for i, head in enumerate(heads)
    ]
    rows: list[Spec] = [{"hconcat": charts[i : i + ACROSS]} for i in range(0, len(charts), ACROSS)]
    title = heading("Attention", "row: from, column: to; darker is more", caveat)
    return card({"vconcat": rows, "title": title})


def _head(
    weights: NDArray[np.float64],
    queries: Sequence[str],
    keys: Sequence[str],
    head: str,
    side: float,
    most: float,
) -> Spec:
    cells = [
        {"query": i, "key": j, "weight": float(f"{weights[i, j]:.4g}")}
        for i in range(len(queries))
        for j in range(len(keys))
    ]

    def axis(field: str, texts: Sequence[str], angle: int) -> Spec:
        # Names may occur twice, so that the places are numbers and the axis spells them.
        names = "[" + ",".join(_literal(short(text, LETTERS)) for text in texts) + "][datum.value]"
        return {
            "field": field,
            "type": "ordinal",
            "axis": {"title": None, "labelExpr": names, "labelAngle": angle, "labelColor": MUTED},
        }

    return {
        "title": {"text": short(head, 40), "fontSize": 11},
        "width": side,
        "height": max(LEAST / 2, CELL * len(queries)),
        "data": inline(cells),
        "mark": {"type": "rect"},
        "encoding": {
            "x": {**axis("key", keys, -60)},
            "y": {**axis("query", queries, 0)},
            "color": {
                "field": "weight",
                "type": "quantitative",
                "scale": {"domain": [0, most or 1], "range": [RIGHT_PALE, INK]},
                "legend": None,
            },
        },
    }


def _literal(text: str) -> str:
    """A string of a Vega expression; nothing in it can end it."""
    return (
        "'"
        + "".join(c if c.isalnum() or c in " .,:-" else f"\\u{ord(c):04x}" for c in text if ord(c) < 1 << 16)
        + "'"
    )
