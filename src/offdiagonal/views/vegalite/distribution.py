"""Picture of a distribution: a bar for each value, and beside it where other rows stand."""

from __future__ import annotations

from offdiagonal.views.distribution import DistributionSpec, Part
from offdiagonal.views.text import amount, difference_texts, percent, rate_texts, short, together
from offdiagonal.views.vegalite.style import (
    INK,
    MUTED,
    RIGHT,
    RIGHT_STRONG,
    Spec,
    bands,
    by,
    heading,
    inline,
    note,
    words,
)

WIDTH, WITH_DIFFERENCE = 430, 560
NAME_WIDTH, BAR_AT, BAR_END, N_AT, SHARE_AT = 140, 148, 330, 374, 430
HEAD, ROW_HEIGHT = 18, 22


def distribution_chart(spec: DistributionSpec, most: int = 30) -> Spec:
    """Draw the first values of the column, as shares of the rows in view and of those they are compared with."""
    title = f"Distribution of {short(spec.column, 40)}"
    if not spec.parts or not spec.whole:
        return note(heading(title), "No examples.", WIDTH)
    shown = spec.parts[:most]
    of = f" · {len(shown)} of {len(spec.parts)} values" if len(shown) < len(spec.parts) else ""
    top = max(0.01, *((max(_high(part), part.other_share.value or 0)) for part in shown))
    x = {"domain": [0, top], "range": [BAR_AT, BAR_END]}
    y = bands("i", len(shown), HEAD, ROW_HEIGHT, gap=6)
    width = WITH_DIFFERENCE if spec.apart else WIDTH
    columns = {"n": [f"{part.n:,}" for part in shown]}
    columns["share"] = [percent(part.share.value or 0.0) for part in shown]
    if spec.apart:
        columns["difference"] = [together(difference_texts(part.difference)) for part in shown]
    names = [_at(i, short(part.text, 60)) for i, part in enumerate(shown)]
    layers = [
        words("value", 0, HEAD / 2, align="left", color=MUTED),
        words(names, 0, _middle(y), align="left", limit=NAME_WIDTH),
    ]
    for (head, texts), end in zip(columns.items(), (N_AT, SHARE_AT, width), strict=False):
        rows = [_at(i, text) for i, text in enumerate(texts)]
        layers += [
            words(head, end, HEAD / 2, align="right", color=MUTED),
            words(rows, end, _middle(y), align="right"),
        ]
    return {
        "title": heading(title, f"share of the {spec.n:,} rows in view, 95 % interval{_beside(spec)}{of}"),
        "width": width,
        "height": HEAD + ROW_HEIGHT * len(shown),
        "layer": [*layers, *_bars([_row(i, part) for i, part in enumerate(shown)], spec, x, y)],
    }


def _bars(rows: list[Spec], spec: DistributionSpec, x: Spec, y: Spec) -> list[Spec]:
    two = spec.filtered and spec.kind != "all"
    bar = {"type": "bar", "color": RIGHT} | ({"height": 9, "yOffset": -3} if two else {})
    bars: list[Spec] = [
        {
            "data": inline(rows),
            "mark": bar,
            "encoding": {
                "x": by("from", **x),
                "x2": {"field": "share"},
                "y": y,
                "tooltip": {"field": "text", "type": "nominal"},
            },
        },
        {
            "data": inline(rows),
            "mark": {"type": "rule", "color": MUTED, **({"yOffset": -3} if two else {})},
            "encoding": {"x": by("low", **x), "x2": {"field": "high"}, "y": _middle(y)},
        },
    ]
    if two:
        second = {"type": "rule", "color": RIGHT_STRONG, "strokeWidth": 4, "yOffset": 5}
        place = {"x": by("from", **x), "x2": {"field": "other"}, "y": _middle(y)}
        bars.append({"data": inline(rows), "mark": second, "encoding": place})
    elif spec.filtered:
        tick = {"type": "tick", "color": INK, "thickness": 2, "size": ROW_HEIGHT - 6}
        bars.append(
            {
                "data": inline(rows),
                "mark": tick,
                "encoding": {"x": by("other", **x), "y": _middle(y)},
            }
        )
    return bars


def _beside(spec: DistributionSpec) -> str:
    """What stands beside the bars."""
    if not spec.filtered:
        return ""
    if spec.kind == "all":
        return "; line = of all rows"
    common = f"; {amount(spec.common, 'row')} in both: no difference" if spec.common else ""
    return f"; narrow bars = of {short(spec.other_name, 60)}, {amount(spec.other, 'row')}{common}"


def _row(i: int, part: Part) -> Spec:
    share = part.share
    return {
        "i": i,
        "from": 0,
        "share": share.value or 0.0,
        "low": share.low or 0.0,
        "high": share.high or 0.0,
        "other": part.other_share.value or 0.0,
        "text": f"{short(part.text, 60)}: {part.n:,}, {together(rate_texts(share))}",
    }


def _high(part: Part) -> float:
    return part.share.high or 0.0


def _at(i: int, text: str) -> Spec:
    return {"i": i, "text": text}


def _middle(y: Spec) -> Spec:
    return {**y, "bandPosition": 0.5}
