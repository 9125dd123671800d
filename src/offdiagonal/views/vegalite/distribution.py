"""Picture of a distribution: a bar for each value, and a line where all rows stand."""

from __future__ import annotations

from offdiagonal.views.distribution import DistributionSpec, Part
from offdiagonal.views.text import percent, rate_texts, short, together
from offdiagonal.views.vegalite.style import (
    INK,
    MUTED,
    RIGHT,
    Spec,
    bands,
    by,
    heading,
    inline,
    note,
    words,
)

WIDTH = 430
NAME_WIDTH, BAR_AT, BAR_END, N_AT = 140, 148, 330, 374
HEAD, ROW_HEIGHT = 18, 22


def distribution_chart(spec: DistributionSpec, most: int = 30) -> Spec:
    """Draw the first values of the column, as shares of the rows in view."""
    title = f"Distribution of {short(spec.column, 40)}"
    if not spec.parts or not spec.whole:
        return note(heading(title), "No examples.", WIDTH)
    shown = spec.parts[:most]
    of = f" · {len(shown)} of {len(spec.parts)} values" if len(shown) < len(spec.parts) else ""
    line = "; line = of all rows" if spec.filtered else ""
    top = max(0.01, *((max(_high(part), part.whole_share.value or 0)) for part in shown))
    x = {"domain": [0, top], "range": [BAR_AT, BAR_END]}
    y = bands("i", len(shown), HEAD, ROW_HEIGHT, gap=6)
    rows = [_row(i, part) for i, part in enumerate(shown)]
    layers = [
        words("value", 0, HEAD / 2, align="left", color=MUTED),
        words("n", N_AT, HEAD / 2, align="right", color=MUTED),
        words("share", WIDTH, HEAD / 2, align="right", color=MUTED),
        words(
            [_at(i, short(part.text, 60)) for i, part in enumerate(shown)],
            0,
            _middle(y),
            align="left",
            limit=NAME_WIDTH,
        ),
        words([_at(i, f"{part.n:,}") for i, part in enumerate(shown)], N_AT, _middle(y), align="right"),
        words(
            [_at(i, percent(part.share.value or 0.0)) for i, part in enumerate(shown)],
            WIDTH,
            _middle(y),
            align="right",
        ),
        {
            "data": inline(rows),
            "mark": {"type": "bar", "color": RIGHT},
            "encoding": {
                "x": by("from", **x),
                "x2": {"field": "share"},
                "y": y,
                "tooltip": {"field": "text", "type": "nominal"},
            },
        },
        {
            "data": inline(rows),
            "mark": {"type": "rule", "color": MUTED},
            "encoding": {"x": by("low", **x), "x2": {"field": "high"}, "y": _middle(y)},
        },
    ]
    if spec.filtered:
        layers.append(
            {
                "data": inline(rows),
                "mark": {"type": "tick", "color": INK, "thickness": 2, "size": ROW_HEIGHT - 6},
                "encoding": {"x": by("whole", **x), "y": _middle(y)},
            }
        )
    return {
        "title": heading(title, f"share of the {spec.n:,} rows in view, 95 % interval{line}{of}"),
        "width": WIDTH,
        "height": HEAD + ROW_HEIGHT * len(shown),
        "layer": layers,
    }


def _row(i: int, part: Part) -> Spec:
    share = part.share
    return {
        "i": i,
        "from": 0,
        "share": share.value or 0.0,
        "low": share.low or 0.0,
        "high": share.high or 0.0,
        "whole": part.whole_share.value or 0.0,
        "text": f"{short(part.text, 60)}: {part.n:,}, {together(rate_texts(share))}",
    }


def _high(part: Part) -> float:
    return part.share.high or 0.0


def _at(i: int, text: str) -> Spec:
    return {"i": i, "text": text}


def _middle(y: Spec) -> Spec:
    return {**y, "bandPosition": 0.5}
