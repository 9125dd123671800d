"""Picture of the confusion matrix of few classes: each cell with its number, each class with its rates."""

from __future__ import annotations

import numpy as np

from offdiagonal.stats.measure import Measure
from offdiagonal.views.axes import Axis
from offdiagonal.views.confusion import ConfusionSpec
from offdiagonal.views.text import ABSENT, percent, short, visible, whole_percent
from offdiagonal.views.vegalite.style import (
    COLUMN,
    ERROR_PALE,
    INK,
    LETTER,
    MUTED,
    RIGHT,
    RIGHT_PALE,
    Spec,
    bands,
    heading,
    inline,
    literal,
    mix,
    words,
)

LABEL_WIDTH = 112
SIDE = 300
SMALLEST, LARGEST = 21, 110
N_AFTER, RATE_AFTER, MARGIN = 46, 90, 92
ROOMY = 34
"""Size above which a cell has room for a dot where there is none, and for the separators of thousands."""
ERROR_CELL = "#d86b41"
"""The deepest orange that dark numbers are read on."""
NONE, UNJUDGED = "#fafbfc", "#f3f3f1"


def matrix_chart(spec: ConfusionSpec) -> Spec:
    """Draw the matrix with its numbers, totals and rates."""
    height, width = spec.counts.shape
    size = min(LARGEST, max(SMALLEST, SIDE // max(width, height, 1)))
    left = round(max(LETTER * len("precision %"), _label_width(spec.rows))) + 8
    level = _label_width(spec.columns) <= size
    top = 18 if level else 12 + round(0.75 * _label_width(spec.columns))
    gap = 4 if size > ROOMY else 1
    x, y = bands("j", width, left, size, gap), bands("i", height, top, size, gap)
    right, bottom = left + size * width, top + size * height
    cells = [_cell(spec, i, j, size) for i, j in np.ndindex(spec.counts.shape)]
    number = {"x": x, "y": y, "text": {"field": "text"}, "size": literal("size"), "color": literal("ink")}
    tooltip = [{"field": name, "type": "nominal"} for name in ("row", "column", "text", "share")]
    layers: list[Spec] = [
        {
            "mark": {"type": "rect", "cornerRadius": gap / 2 if gap > 1 else 0},
            "encoding": {"x": x, "y": y, "color": literal("fill"), "tooltip": tooltip},
        },
        {"mark": "text", "encoding": number},
        words(_texts(spec.rows, "i"), left - 8, y, align="right", color=MUTED, limit=LABEL_WIDTH),
        _column_labels(spec.columns, x, top, level),
        *_beside(spec, y, right, top - 9),
        *_below(spec, x, left, bottom + 14, size),
    ]
    return {
        "title": heading(*titles(spec)),
        "width": max(COLUMN, right + MARGIN),
        "height": bottom + 22,
        "data": inline(cells),
        "layer": layers,
    }


def titles(spec: ConfusionSpec) -> tuple[str, str, str]:
    """What the matrix is, which of its sides is which, and what its colours mean."""
    rows, columns = (short(side.name, 24) for side in (spec.rows, spec.columns))
    sides = f"row = {rows}, column = {columns}"
    if spec.judges:
        unjudged = bool(spec.counts[~(spec.wrong | spec.correct)].sum())
        hues = "orange = error, grey = right" + (", pale = no label" if unjudged else "")
        return "Confusion", sides, f"{hues}; darker = more of its row"
    return f"{rows} by {columns}", sides, "darker = more of its row"


def _label_width(axis: Axis) -> float:
    return min(LABEL_WIDTH, 6 + LETTER * max(map(len, map(visible, axis.texts)), default=0))


def _texts(axis: Axis, key: str) -> list[Spec]:
    return [{key: place, "text": short(text)} for place, text in enumerate(axis.texts)]


def _cell(spec: ConfusionSpec, i: int, j: int, size: float) -> Spec:
    n = int(spec.counts[i, j])
    share = n / max(int(spec.counts[i].sum()), 1)
    text = f"{n:,}" if size > ROOMY else str(n)
    fill, ink = _colours(spec, i, j, share)
    return {
        "i": i,
        "j": j,
        "text": text if n else "·" if size > ROOMY else "",
        "size": max(7, min(12, size / (0.58 * len(text)))),
        "fill": fill if n else NONE,
        "ink": ink if n else MUTED,
        "row": visible(spec.rows.texts[i]),
        "column": visible(spec.columns.texts[j]),
        "share": percent(share),
    }


def _colours(spec: ConfusionSpec, i: int, j: int, share: float) -> tuple[str, str]:
    """Colour of a cell and of its number: the share of its row, in the hue of errors or of what is right."""
    if spec.wrong[i, j]:
        return mix(ERROR_PALE, ERROR_CELL, 0.05 + 0.95 * _stepped(share**0.5)), INK
    if spec.judges and not spec.correct[i, j]:
        return UNJUDGED, MUTED
    return mix(RIGHT_PALE, RIGHT, _stepped(share)), INK


def _stepped(share: float) -> float:
    """Twenty shades: no eye tells more apart, and a picture of few colours is small."""
    return round(20 * share) / 20


def _column_labels(axis: Axis, x: Spec, top: float, level: bool) -> Spec:
    turned: Spec = {"align": "center"} if level else {"align": "left", "angle": 315, "dx": 3}
    return words(_texts(axis, "j"), x, top - 9, color=MUTED, limit=LABEL_WIDTH, **turned)


def _beside(spec: ConfusionSpec, y: Spec, right: float, head: float) -> list[Spec]:
    """Totals of the rows, and their rates where the rows are labels or predictions."""
    totals = [{"i": i, "text": f"{int(n):,}"} for i, n in enumerate(spec.counts.sum(axis=1))]
    layers = [
        words("n", right + N_AFTER, head, align="right", color=MUTED),
        words(totals, right + N_AFTER, y, align="right"),
    ]
    if spec.judges:
        name, rates = _rates(spec, spec.rows)
        layers.append(words(name, right + RATE_AFTER, head, align="right", color=MUTED))
        layers.append(words(_rate_texts(rates, "i"), right + RATE_AFTER, y, align="right"))
    return layers


def _below(spec: ConfusionSpec, x: Spec, left: float, place: float, size: float) -> list[Spec]:
    if not spec.judges:
        return []
    name, rates = _rates(spec, spec.columns)
    texts = _rate_texts(rates, "j")
    if size <= ROOMY:
        name, texts = f"{name} %", [text | {"text": text["text"].removesuffix(" %")} for text in texts]
    return [words(name, left - 8, place, align="right", color=MUTED), words(texts, x, place)]


def _rates(spec: ConfusionSpec, axis: Axis) -> tuple[str, tuple[Measure, ...]]:
    return ("recall", spec.recall) if axis.key == "label" else ("precision", spec.precision)


def _rate_texts(rates: tuple[Measure, ...], key: str) -> list[Spec]:
    texts = [ABSENT if rate.value is None else whole_percent(rate.value) for rate in rates]
    return [{key: place, "text": text} for place, text in enumerate(texts)]
