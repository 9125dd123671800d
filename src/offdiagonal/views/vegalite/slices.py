"""Picture of the slices: each one's error rate, and its difference to the rest with the interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from offdiagonal.views.slices import SliceRow, SlicesSpec
from offdiagonal.views.text import difference_texts, rate_texts, short, together
from offdiagonal.views.vegalite.style import (
    CARD,
    ERROR,
    MUTED,
    RIGHT_STRONG,
    Spec,
    bands,
    by,
    heading,
    inline,
    literal,
    note,
    words,
)

WIDTH = 430
NAME_WIDTH, N_AT, ERROR_AT, PLOT_AT = 178, 216, 266, 288
HEAD, FOOT, ROW_HEIGHT = 18, 22, 22
HEADS = {"error": "error", "loss": "mean"}


def slices_chart(spec: SlicesSpec, most: int = 10) -> Spec:
    """Draw the slices, worst against the rest first: a filled dot where the interval excludes no difference."""
    rated = spec.rated
    if not rated:
        return note(heading("Slices"), "No slice with ten labelled examples inside and outside.", WIDTH)
    shown = rated[:most]
    order = "worst first" if spec.measure in ("error", "loss") else "largest first"
    of = f"{len(shown)} of {len(rated)}, {order}" if len(rated) > len(shown) else order
    marks = "filled dot = the interval excludes no difference"
    bottom = HEAD + ROW_HEIGHT * len(shown)
    y = bands("i", len(shown), HEAD, ROW_HEIGHT)
    return {
        "title": heading("Slices", f"{spec.rate_name}, and its difference to the rest · {of}", marks),
        "width": WIDTH,
        "height": bottom + FOOT,
        "layer": [
            *_columns(shown, y, HEADS.get(spec.measure, "share")),
            *differences(
                [_row(i, row) for i, row in enumerate(shown)],
                y,
                HEAD,
                bottom,
                "{:+g}".format if spec.measure == "loss" else lambda tick: f"{100 * tick:+.0f} pt",
            ),
        ],
    }


def _columns(shown: Sequence[SliceRow], y: Spec, rate: str) -> list[Spec]:
    names = [{"i": i, "text": short(row.text, 60)} for i, row in enumerate(shown)]
    n = [{"i": i, "text": f"{row.n:,}"} for i, row in enumerate(shown)]
    rates = [{"i": i, "text": rate_texts(row.rate)[0]} for i, row in enumerate(shown)]
    middle = HEAD / 2
    return [
        words("slice", 0, middle, align="left", color=MUTED),
        words("n", N_AT, middle, align="right", color=MUTED),
        words(rate, ERROR_AT, middle, align="right", color=MUTED),
        words("difference, 95 % interval", PLOT_AT, middle, align="left", color=MUTED),
        words(names, 0, y, align="left", limit=NAME_WIDTH),
        words(n, N_AT, y, align="right"),
        words(rates, ERROR_AT, y, align="right"),
    ]


def _row(i: int, row: SliceRow) -> Spec:
    difference = row.difference
    colour = ERROR if (difference.value or 0.0) > 0 else RIGHT_STRONG
    return {
        "i": i,
        "difference": difference.value,
        "low": difference.value if difference.low is None else difference.low,
        "high": difference.value if difference.high is None else difference.high,
        "text": together(difference_texts(difference)),
        "colour": colour,
        "fill": colour if row.clear else CARD,
    }


def differences(
    rows: list[Spec], y: Spec, top: float, bottom: float, tick_text: Callable[[float], str]
) -> list[Spec]:
    """Dots and intervals over a line at no difference, and the scale below."""
    low, high, ticks = _scale(min(row["low"] for row in rows), max(row["high"] for row in rows))

    def x(field: str) -> Spec:
        return by(field, domain=[low, high], range=[PLOT_AT, WIDTH - 8])

    labels = [{"at": tick, "text": "0" if tick == 0 else tick_text(tick).replace("-", "−")} for tick in ticks]
    data = inline(rows)
    dot = {"type": "point", "size": 44, "strokeWidth": 1.6, "opacity": 1}
    colours = {"stroke": literal("colour"), "fill": literal("fill")}
    return [
        {
            "data": inline([{"at": 0}]),
            "mark": {"type": "rule", "color": MUTED, "opacity": 0.5},
            "encoding": {"x": x("at"), "y": {"value": top}, "y2": {"value": bottom}},
        },
        {
            "data": data,
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.6},
            "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": y, "color": literal("colour")},
        },
        {
            "data": data,
            "mark": dot,
            "encoding": {
                "x": x("difference"),
                "y": y,
                **colours,
                "tooltip": {"field": "text", "type": "nominal"},
            },
        },
        words(labels, x("at"), bottom + 10, color=MUTED),
    ]


def _scale(low: float, high: float) -> tuple[float, float, list[float]]:
    """A domain with no difference in it, and two or three round places to name."""
    low, high = min(low, 0.0), max(high, 0.0)
    power = 10.0 ** math.floor(math.log10((high - low) / 3.5)) if high > low else 1.0
    step = next(step * power for step in (1, 2, 5, 10) if (high - low) / (step * power) <= 3.5)
    ticks = [step * k for k in range(-3, 4) if low <= step * k <= high]
    return low, high, ticks
