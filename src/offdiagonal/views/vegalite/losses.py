"""Picture of how large errors are: a histogram of residuals, or of the loss of each row."""

from __future__ import annotations

import math
from itertools import pairwise

from offdiagonal.views.losses import LossesSpec
from offdiagonal.views.text import amount, short
from offdiagonal.views.vegalite.style import MUTED, RIGHT, Spec, by, heading, inline, note

WIDTH, HEIGHT = 430, 130
NAME = 40


def losses_chart(spec: LossesSpec) -> Spec:
    """Draw the bins; the two at the ends hold everything beyond them, and are drawn as wide as their neighbours."""
    name = short(spec.name, NAME)
    title = "Residuals" if spec.residual else f"Loss: {name}"
    if not len(spec.n) or not spec.n.sum():
        return note(heading(title), "No examples with a known loss.", WIDTH)
    edges = [float(low) for low in spec.low] + [float(spec.high[-1])]
    inner = [high - low for low, high in pairwise(edges[1:-1])]
    width = max(inner, default=edges[-1] - edges[0])
    edges[0] = max(edges[0], edges[1] - width) if len(edges) > 2 else edges[0]
    edges[-1] = min(edges[-1], edges[-2] + width) if len(edges) > 2 else edges[-1]
    rows = [
        {"low": low, "high": high, "n": int(n), "text": f"{low:g} to {high:g}: {amount(int(n))}"}
        for low, high, n in zip(edges[:-1], edges[1:], spec.n, strict=True)
    ]
    axis = {"title": None, "labelColor": MUTED, "grid": False, "tickCount": 5, "domain": False}
    what = "prediction − label: below 0 too low, above 0 too high" if spec.residual else name
    without = f" · {amount(spec.without)} without" if spec.without else ""
    marks = [
        {
            "data": inline(rows),
            "mark": {"type": "bar", "color": RIGHT, "binSpacing": 1},
            "encoding": {
                "x": {
                    "field": "low",
                    "type": "quantitative",
                    "scale": {"domain": [edges[0], edges[-1]], "nice": False},
                    "axis": axis,
                },
                "x2": {"field": "high"},
                "y": {
                    "field": "n",
                    "type": "quantitative",
                    "axis": {**axis, "tickCount": 2},
                    "scale": {"domain": [0, math.ceil(int(spec.n.max()) * 1.05)]},
                },
                "tooltip": {"field": "text", "type": "nominal"},
            },
        }
    ]
    if spec.residual and edges[0] < 0 < edges[-1]:
        marks.append(
            {
                "data": inline([{"at": 0}]),
                "mark": {"type": "rule", "color": MUTED, "strokeDash": [3, 3]},
                "encoding": {"x": by("at")},
            }
        )
    return {
        "title": heading(title, f"{what}{without}"),
        "width": WIDTH,
        "height": HEIGHT,
        "layer": marks,
    }
