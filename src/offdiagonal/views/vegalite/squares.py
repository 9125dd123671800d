"""Pictures for many classes: the matrix as a map of small squares, and the list of what is confused most."""

from __future__ import annotations

import numpy as np

from offdiagonal.views.confusion import Confusion, ConfusionSpec
from offdiagonal.views.pairs import PairsSpec
from offdiagonal.views.text import ABSENT, amount, percent, short, visible, whole_percent
from offdiagonal.views.vegalite.matrix import UNJUDGED, titles
from offdiagonal.views.vegalite.style import (
    COLUMN,
    ERROR,
    MUTED,
    RIGHT_STRONG,
    Spec,
    bands,
    by,
    heading,
    inline,
    literal,
    mix,
    note,
    words,
)

SIDE = 400
LABEL_WIDTH = 124
LABELS_APART = 22
SQUARE_ERROR, SQUARE_RIGHT = "#f4c3ad", "#ccd6dd"
ROW_HEIGHT = 20


def squares_chart(spec: ConfusionSpec) -> Spec:
    """Draw the cells that occur as squares, and name the rows with most errors."""
    height, width = spec.counts.shape
    size = max(2, SIDE // max(width, height))
    left = LABEL_WIDTH + 8
    x = by("j", domain=[0, width], range=[left, left + size * width])
    y = by("i", domain=[0, height], range=[0, size * height])
    names = [{"i": i + 0.5, "text": short(spec.rows.texts[i])} for i in _worth_naming(spec, size)]
    tooltip = [{"field": name, "type": "nominal"} for name in ("row", "column", "n", "share")]
    cells = zip(*np.nonzero(spec.counts), strict=True)
    return {
        "title": heading(*titles(spec)),
        "width": max(COLUMN, left + size * width),
        "height": size * height,
        "layer": [
            {
                "data": inline(_square(spec, int(i), int(j), 1 - (size > 4) / size) for i, j in cells),
                "mark": {"type": "rect"},
                "encoding": {
                    "x": x,
                    "x2": {"field": "right"},
                    "y": y,
                    "y2": {"field": "bottom"},
                    "color": literal("fill"),
                    "tooltip": tooltip,
                },
            },
            words(names, left - 6, y, align="right", color=MUTED, limit=LABEL_WIDTH),
        ],
    }


def _square(spec: ConfusionSpec, i: int, j: int, side: float) -> Spec:
    n = int(spec.counts[i, j])
    share = n / int(spec.counts[i].sum())
    pale, strong = (SQUARE_ERROR, ERROR) if spec.wrong[i, j] else (SQUARE_RIGHT, RIGHT_STRONG)
    if spec.judges and not (spec.wrong[i, j] or spec.correct[i, j]):
        pale = strong = UNJUDGED
    return {
        "i": i,
        "j": j,
        "right": j + side,
        "bottom": i + side,
        "n": n,
        "row": visible(spec.rows.texts[i]),
        "column": visible(spec.columns.texts[j]),
        "share": percent(share),
        "fill": mix(pale, strong, round(share**0.5, 1)),
    }


def _worth_naming(spec: ConfusionSpec, size: float) -> list[int]:
    """The rows with most errors (or most examples), as many as can be named without touching."""
    weight = (spec.counts * spec.wrong if spec.judges else spec.counts).sum(axis=1)
    named: list[int] = []
    for i in np.argsort(-weight, kind="stable").tolist():
        if all(abs(i - other) * size >= LABELS_APART for other in named):
            named.append(i)
    return sorted(named)


def confusions_chart(spec: ConfusionSpec | PairsSpec, most: int, width: int) -> Spec:
    """List the most frequent confusions, each with its share of the label."""
    pairs = spec.confusions[:most]
    if not pairs:
        return note(heading("Most confused"), "No errors in view.", width)
    held = sum(pair.n for pair in pairs)
    y = bands("i", len(pairs), 0, ROW_HEIGHT)
    most_share = max(pair.share.value or 0.0 for pair in pairs) or 1.0
    n_at, share_at, bar = width - 104, width - 64, [width - 56, width]
    texts = {
        name: [{"i": i, "text": text(pair)} for i, pair in enumerate(pairs)]
        for name, text in (("pair", _pair), ("n", lambda pair: f"{pair.n:,}"), ("share", _share))
    }
    bars = [{"i": i, "share": pair.share.value or 0.0, "zero": 0} for i, pair in enumerate(pairs)]
    return {
        "title": heading(
            "Most confused",
            "label → predicted, n, share of the label",
            f"{amount(len(pairs), 'pair')}: {held:,} of {amount(spec.errors, 'error')}",
        ),
        "width": width,
        "height": ROW_HEIGHT * len(pairs),
        "layer": [
            words(texts["pair"], 0, y, align="left", limit=n_at - 30),
            words(texts["n"], n_at, y, align="right"),
            words(texts["share"], share_at, y, align="right"),
            {
                "data": inline(bars),
                "mark": {"type": "rule", "strokeWidth": 8, "color": ERROR, "opacity": 0.75},
                "encoding": {
                    "x": by("zero", domain=[0, most_share], range=bar),
                    "x2": {"field": "share"},
                    "y": y,
                },
            },
        ],
    }


def _pair(pair: Confusion) -> str:
    return f"{short(pair.label, 30)} → {short(pair.prediction, 30)}"


def _share(pair: Confusion) -> str:
    return ABSENT if pair.share.value is None else whole_percent(pair.share.value)
