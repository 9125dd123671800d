"""Picture of a scatter: a square for each pair of bins, the larger the more rows, in it those that are marked."""

from __future__ import annotations

import numpy as np

from offdiagonal.views.scatter import ScatterSpec
from offdiagonal.views.text import amount, short
from offdiagonal.views.vegalite.style import (
    ERROR,
    MUTED,
    RIGHT_STRONG,
    Spec,
    by,
    heading,
    inline,
    literal,
    mix,
    note,
    words,
)

PLOT, LEFT, FOOT = 380, 60, 34
WIDTH = LEFT + PLOT
PALE = "#e6ebef"


def scatter_chart(spec: ScatterSpec) -> Spec:
    """Draw the counts of the rows in view."""
    title = f"{short(spec.y, 40)} by {short(spec.x, 40)}"
    if not spec.n:
        return note(heading(title), "No examples.", WIDTH)
    totals = spec.cells.sum(axis=2)
    width, height = PLOT / totals.shape[0], PLOT / totals.shape[1]
    top = float(np.sqrt(totals.max()))
    cells, marks = [], []
    for i, j in zip(*(part.tolist() for part in np.nonzero(totals)), strict=True):
        n, marked = int(totals[i, j]), int(spec.cells[i, j, 0])
        left, low = LEFT + i * width, PLOT - (j + 1) * height
        shade = mix(PALE, RIGHT_STRONG, float(np.sqrt(n)) / top)
        cells.append(_square(left, low, width, height, 1.0) | {"fill": shade, "text": _text(spec, i, j)})
        if marked:
            side = max(0.25, float(np.sqrt(marked / n)))
            marks.append(_square(left, low, width, height, side))
    place = {
        "x": by("left", domain=[0, WIDTH], range=[0, WIDTH]),
        "x2": {"field": "right"},
        "y": by("top", domain=[0, PLOT], range=[0, PLOT]),
        "y2": {"field": "bottom"},
    }
    hues = f"grey: darker = more rows; orange: the share {short(spec.hues[0], 30)}" if spec.hues[0] else ""
    missing = f" · {spec.missing:,} without both numbers" if spec.missing else ""
    shown = {**place, "color": literal("fill"), "tooltip": {"field": "text", "type": "nominal"}}
    return {
        "title": heading(title, f"{amount(spec.n)} in view{missing}", *([hues] if hues else [])),
        "width": WIDTH,
        "height": PLOT + FOOT,
        "layer": [
            {"data": inline(cells), "mark": "rect", "encoding": shown},
            {"data": inline(marks), "mark": {"type": "rect", "color": ERROR}, "encoding": place},
            *_axis_words(spec),
        ],
    }


def _square(left: float, top: float, width: float, height: float, side: float) -> Spec:
    """In the middle of a cell, of so large a part of its side."""
    across, down = (width - 0.6) * (1 - side) / 2, (height - 0.6) * (1 - side) / 2
    return {
        "left": round(left + across, 2),
        "right": round(left + width - 0.6 - across, 2),
        "top": round(top + down, 2),
        "bottom": round(top + height - 0.6 - down, 2),
    }


def _text(spec: ScatterSpec, i: int, j: int) -> str:
    n, marked = int(spec.cells[i, j].sum()), int(spec.cells[i, j, 0])
    of = f", {marked:,} {short(spec.hues[0], 30)}" if spec.hues[0] else ""
    x, y = (f"{texts[at]} to {texts[at + 1]}" for texts, at in ((spec.x_texts, i), (spec.y_texts, j)))
    return f"{short(spec.x, 30)} {x}, {short(spec.y, 30)} {y}: {amount(n)}{of}"


def _axis_words(spec: ScatterSpec) -> list[Spec]:
    places = [0.0, 0.5, 1.0]
    layers = []
    for texts, across in ((spec.x_texts, True), (spec.y_texts, False)):
        last = len(texts) - 1
        for share, align in zip(places, ("left", "center", "right"), strict=True):
            at = round(share * last)
            text, place = short(texts[at], 16), PLOT * at / last
            layers.append(
                words(text, LEFT + place, PLOT + 11, align=align, color=MUTED)
                if across
                else words(text, LEFT - 6, min(PLOT - 6, max(6, PLOT - place)), align="right", color=MUTED)
            )
    return [*layers, words(short(spec.x, 60), LEFT + PLOT / 2, PLOT + 27, align="center", color=MUTED)]
