"""Picture of a lasso path: coefficients as the penalty falls, solid where they are stable."""

from __future__ import annotations

import numpy as np

from offdiagonal.capacity.path import ON, LassoPath
from offdiagonal.views.text import short
from offdiagonal.views.vegalite.style import (
    ERROR,
    INK,
    MUTED,
    RIGHT_STRONG,
    Spec,
    card,
    heading,
    inline,
    literal,
)

WIDTH, HEIGHT = 700, 300
NAMED, LINE = 12, 14
STABLE = 0.8
HUES = (INK, ERROR, "#0b57d0", "#5b7f3a", "#8a4fbf", "#7f93a3")


def path_chart(spec: LassoPath) -> Spec:
    """Draw the path of each feature; the first ones to turn on are named."""
    order = spec.order()
    places = [spec.names.index(name) for name, *_ in order]
    layers: list[Spec] = []
    x = {
        "field": "x",
        "type": "quantitative",
        "scale": {"type": "log", "reverse": True, "nice": False},
        "axis": {"title": "penalty, falling", "format": ".2~g", "labelColor": MUTED, "tickCount": 6},
    }
    y = {"field": "y", "type": "quantitative", "axis": {"title": None, "grid": True, "labelColor": MUTED}}
    ends = []
    for rank, place in enumerate(places):
        hue = HUES[rank % len(HUES)] if rank < NAMED else RIGHT_STRONG
        values = spec.coefficients[place]
        stable = order[rank][2] >= STABLE
        rows = [
            {"x": float(a), "y": float(b)}
            for a, b in zip(spec.penalties.tolist(), values.tolist(), strict=True)
        ]
        mark = {
            "type": "line",
            "color": hue,
            "strokeWidth": 2 if rank < NAMED else 1,
            **({} if stable else {"strokeDash": [4, 3]}),
        }
        layers.append({"data": inline(rows), "mark": mark, "encoding": {"x": x, "y": y}})
        if rank < NAMED and np.abs(values[-1]) > ON:
            ends.append({**rows[-1], "text": short(spec.names[place], 24), "hue": hue})
    text = {"field": "text", "type": "nominal"}
    layers.append(
        {
            "data": inline(_apart(ends, float(np.ptp(spec.coefficients)))),
            "mark": {"type": "text", "align": "left", "dx": 6},
            "encoding": {"x": x, "y": y, "text": text, "color": literal("hue")},
        }
    )
    said = f"solid: in {100 * STABLE:.0f} % of random halves of the rows or more; dashed: in fewer"
    frozen = [f"never penalised: {', '.join(short(name, 24) for name in spec.frozen)}"] if spec.frozen else []
    title = heading("When features turn on", said, *frozen)
    return card({"title": title, "width": WIDTH, "height": HEIGHT, "layer": layers})


def _apart(ends: list[Spec], span: float) -> list[Spec]:
    """The names so far from each other that none lies on another."""
    step = LINE * span / HEIGHT
    placed: list[Spec] = []
    for row in sorted(ends, key=lambda row: -row["y"]):
        above = placed[-1]["y"] - step if placed else row["y"]
        placed.append({**row, "y": min(row["y"], above)})
    return placed
