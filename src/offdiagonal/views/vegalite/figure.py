"""Picture of a figure: of lines over the same places, with their intervals; and of numbers below each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from offdiagonal.views.figure import Dots, FigureSpec, Heat, Line, Lines, Span
from offdiagonal.views.text import short
from offdiagonal.views.vegalite.findings import findings_lines
from offdiagonal.views.vegalite.heat import heat_rows
from offdiagonal.views.vegalite.style import (
    CARD,
    ERROR,
    INK,
    LINE,
    MUTED,
    RIGHT_STRONG,
    Spec,
    card,
    heading,
    inline,
    literal,
    spelt,
)

WIDTH, HEIGHT = 620, 280
NAMED, LETTERS, STEP = 12, 24, 14
QUIET = "quiet"
COLOURS = {
    **dict(zip("012345", (INK, "#7a3fb8", "#00766f", "#9f1853", "#5d7283", "#7c6200"), strict=True)),
    "train": RIGHT_STRONG,
    "error": ERROR,
    QUIET: "#b3bfc9",
}
BARS = 20
"""From so many places on, intervals are an area, below that a bar each."""


def figure_chart(spec: FigureSpec) -> Spec:
    """Draw the findings, which are read first, and the chart below them."""
    chart = spec.chart
    if isinstance(chart, Heat):
        drawn = heat_rows(chart)
    else:
        drawn = _dots(chart) if isinstance(chart, Dots) else _lines(chart)
        drawn["title"] = heading(short(chart.x if isinstance(chart, Dots) else chart.y, 60))
    found = [findings_lines(spec.findings, WIDTH)] if spec.findings else []
    return card({"vconcat": [*found, drawn], "spacing": 18, "title": heading(short(spec.title, 80))})


def _lines(chart: Lines) -> Spec:
    x, y = _x(chart), _y(chart)
    layers = [_span(span, x) for span in chart.spans]
    if chart.level is not None:
        layers += _level(chart.level, y)
    for dashed in (True, False):
        layers += _quiet(
            chart, [one for one in chart.lines if one.hue == QUIET and one.dashed is dashed], x, y
        )
    for line in reversed(chart.lines):  # the first lies above the others
        layers += _line(chart, line, x, y) if line.hue != QUIET else []
    layers.append(_names(chart, x, y))
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def _x(chart: Lines) -> Spec:
    axis: Spec = {
        "title": chart.x + _falling(chart),
        "labelColor": MUTED,
        "grid": False,
        "tickCount": 7,
        "labelAngle": 0,
    }
    if chart.even:
        names = spelt(short(text, 14) for text in chart.texts)
        return {
            "field": "x",
            "type": "ordinal",
            "axis": {**axis, "labelExpr": names, "labelOverlap": "parity"},
        }
    scale: Spec = {"nice": False, "zero": False}
    if chart.log_x:
        scale["type"] = "log"
    if _falling(chart):
        scale["reverse"] = True
    return {"field": "x", "type": "quantitative", "axis": {**axis, "format": ".3~r"}, "scale": scale}


def _falling(chart: Lines) -> str:
    return ", falling" if len(chart.at) > 1 and chart.at[0] > chart.at[-1] else ""


def _y(chart: Lines) -> Spec:
    axis = {"title": None, "labelColor": MUTED, "grid": True, "tickCount": 5, "format": ".3~g"}
    scale: Spec = {"zero": chart.zero, "nice": not chart.log_y}
    if chart.log_y:
        scale["type"] = "log"
    if chart.most is not None:
        scale |= {"domainMax": chart.most, "nice": False}
    return {"field": "y", "type": "quantitative", "axis": axis, "scale": scale}


def _line(chart: Lines, line: Line, x: Spec, y: Spec) -> list[Spec]:
    hue = COLOURS[line.hue]
    rows = _rows(chart, line)
    mark: Spec = {"type": "line", "color": hue, "strokeWidth": 2, **_clip(chart)}
    mark |= {"strokeDash": [4, 3]} if line.dashed else {}
    mark |= {"point": {"color": hue, "size": 30}} if line.points else {}
    layers: list[Spec] = []
    sure = [row for row in rows if "low" in row]
    if sure:
        between = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
        area = {"type": "area", "color": hue, "opacity": 0.15, **_clip(chart)}
        bar = {"type": "rule", "color": hue, **_clip(chart)}
        wide = len(sure) > BARS and not chart.even
        layers.append({"data": inline(sure), "mark": area if wide else bar, "encoding": between})
    return [*layers, {"data": inline(rows), "mark": mark, "encoding": {"x": x, "y": y}}]


def _clip(chart: Lines) -> Spec:
    """Nothing beyond an axis that ends early. Elsewhere nothing is, and to clip each of many lines takes a minute."""
    return {} if chart.most is None else {"clip": True}


def _quiet(chart: Lines, lines: Sequence[Line], x: Spec, y: Spec) -> list[Spec]:
    """Many lines as one layer: one each takes long to draw."""
    if not lines:
        return []
    rows = [{**row, "line": i} for i, line in enumerate(lines) for row in _rows(chart, line)]
    mark: Spec = {"type": "line", "color": COLOURS[QUIET], "strokeWidth": 1}
    mark |= {"strokeDash": [4, 3]} if lines[0].dashed else {}
    encoding = {"x": x, "y": y, "detail": {"field": "line", "type": "nominal"}}
    return [{"data": inline(rows), "mark": mark, "encoding": encoding}]


def _rows(chart: Lines, line: Line) -> list[Spec]:
    rows: list[Spec] = []
    for i, value in enumerate(line.y):
        if value is None or (chart.most is not None and value > chart.most):
            continue
        row: Spec = {"x": i if chart.even else float(chart.at[i]), "y": float(value)}
        ends = [side[i] if side else None for side in (line.low, line.high)]
        if ends[0] is not None and ends[1] is not None:
            row |= {"low": float(ends[0]), "high": float(ends[1])}
        rows.append(row)
    return rows


def _span(span: Span, x: Spec) -> Spec:
    row = {"x": span.low, "high": span.high}
    if span.low == span.high:
        mark: Spec = {"type": "rule", "color": ERROR, "strokeDash": [3, 3]}
        return {"data": inline([row]), "mark": mark, "encoding": {"x": x}}
    encoding = {"x": x, "x2": {"field": "high"}}
    return {
        "data": inline([row]),
        "mark": {"type": "rect", "color": ERROR, "opacity": 0.07},
        "encoding": encoding,
    }


def _level(level: Span, y: Spec) -> list[Spec]:
    data = inline([{"y": level.low, "text": short(level.text, 40)}])
    text = {"type": "text", "align": "left", "x": 4, "dy": -7, "color": MUTED}
    encoding: Spec = {"y": y}
    return [
        {"data": data, "mark": {"type": "rule", "color": MUTED, "strokeDash": [2, 3]}, "encoding": encoding},
        {"data": data, "mark": text, "encoding": {**encoding, "text": {"field": "text", "type": "nominal"}}},
    ]


def _names(chart: Lines, x: Spec, y: Spec) -> Spec:
    """The names at the ends of the lines, so far from each other that none lies on another."""
    ends: list[Spec] = []
    for line in chart.lines:
        rows = _rows(chart, line)
        if rows and line.hue != QUIET and len(ends) < NAMED:
            ends.append({**rows[-1], "text": short(line.name, LETTERS), "hue": COLOURS[line.hue]})
    heights = [row["y"] for line in chart.lines for row in _rows(chart, line)]
    if chart.log_y:
        up = [{**row, "y": math.log(row["y"])} for row in ends if row["y"] > 0]
        heights = [math.log(height) for height in heights if height > 0]
        span = max(heights, default=0.0) - min(heights, default=0.0)
        placed = [{**row, "y": math.exp(row["y"])} for row in _apart(up, STEP * span / HEIGHT)]
    else:
        span = max(heights, default=0.0) - (0.0 if chart.zero else min(heights, default=0.0))
        placed = _apart(ends, STEP * span / HEIGHT)
    text = {"field": "text", "type": "nominal"}
    return {
        "data": inline(placed),
        "mark": {"type": "text", "align": "left", "dx": 8},
        "encoding": {"x": x, "y": y, "text": text, "color": literal("hue")},
    }


def _apart(ends: Sequence[Spec], step: float) -> list[Spec]:
    placed: list[Spec] = []
    for row in sorted(ends, key=lambda row: -row["y"]):
        above = placed[-1]["y"] - step if placed else row["y"]
        placed.append({**row, "y": min(row["y"], above)})
    return placed


def _dots(chart: Dots) -> Spec:
    rows: list[Spec] = []
    for i, dot in enumerate(chart.dots):
        value, low, high = dot.measure.value, dot.measure.low, dot.measure.high
        if value is not None:
            sure = low is not None and high is not None and not low <= 0 <= high
            rows.append({"i": i, "x": value, "low": low, "high": high, "fill": INK if sure else CARD})
    names = spelt(short(dot.name, 28) for dot in chart.dots)
    axis: dict[str, Any] = {"title": None, "labelColor": INK, "labelExpr": names, "labelLimit": 220}
    y = {"field": "i", "type": "ordinal", "axis": axis, "scale": {"domain": list(range(len(chart.dots)))}}
    x = {
        "field": "x",
        "type": "quantitative",
        "axis": {"title": None, "grid": True, "labelColor": MUTED, "format": ".3~g", "tickCount": 6},
        "scale": {"zero": True},
    }
    known = [row for row in rows if row["low"] is not None]
    bar = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}
    dot_mark = {"type": "point", "filled": True, "size": 60, "stroke": INK, "strokeWidth": 1.5}
    layers: list[Spec] = [
        {"data": inline([{"x": 0}]), "mark": {"type": "rule", "color": LINE}, "encoding": {"x": x}},
        {"data": inline(known), "mark": {"type": "rule", "color": INK}, "encoding": bar},
        {
            "data": inline(rows),
            "mark": dot_mark,
            "encoding": {"x": x, "y": y, "fill": literal("fill")},
        },
    ]
    return {"width": WIDTH, "height": {"step": 26}, "layer": layers}
