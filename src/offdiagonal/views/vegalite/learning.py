"""Picture of a learning or validation curve: train and test error with their intervals."""

from __future__ import annotations

from offdiagonal.views.learning import LearningSpec, best_text, carried_text
from offdiagonal.views.vegalite.findings import findings_lines
from offdiagonal.views.vegalite.style import ERROR, INK, MUTED, RIGHT_STRONG, Spec, card, heading, inline

WIDTH, HEIGHT = 700, 260
HUES = {"train": RIGHT_STRONG, "test": INK}


def learning_chart(spec: LearningSpec) -> Spec:
    """Draw both errors, and where the curve is carried on, its interval there."""
    numbers = spec.x == "rows" or spec.log
    axis = {"title": None, "labelColor": MUTED, "grid": True, "tickCount": 5, "format": ".3~g"}
    x: Spec = {
        "field": "x",
        "type": "quantitative" if numbers else "ordinal",
        "sort": None,
        "axis": {"title": spec.x, "labelColor": MUTED, "grid": False, "tickCount": 8, "labelAngle": 0},
    }
    if numbers:
        x["scale"] = {"type": "log", "nice": False}
        x["axis"]["format"] = ".3~s"
    y: Spec = {"field": "y", "type": "quantitative", "axis": axis, "scale": {"zero": True}}
    layers: list[Spec] = []
    for side, measures in spec.measures().items():
        rows = [
            {
                "x": float(at) if numbers else text,
                "y": measure.value,
                "low": measure.low,
                "high": measure.high,
            }
            for at, text, measure in zip(spec.fits.at.tolist(), spec.texts, measures, strict=True)
            if measure.value is not None
        ]
        layers += _line(rows, side, x, y)
    layers += _carried(spec, x, y) if numbers else []
    quiet = [carried_text(spec.carried_on)] if spec.carried_on else []
    quiet += [] if spec.finding else [best_text(spec)]
    title = heading(f"{spec.title} · {spec.error}", *quiet, "bars: 95 % over repeats that share rows")
    charts: list[Spec] = [{"title": title, "width": WIDTH, "height": HEIGHT, "layer": layers}]
    if spec.finding:
        charts.append(findings_lines([spec.finding], WIDTH))
    return card({"vconcat": charts, "spacing": 14})


def _line(rows: list[Spec], side: str, x: Spec, y: Spec) -> list[Spec]:
    hue = HUES[side]
    marks: list[Spec] = [
        {
            "data": inline(rows),
            "mark": {"type": "line", "color": hue, "strokeWidth": 2, "point": {"color": hue, "size": 30}},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": inline([row for row in rows if row["low"] is not None]),
            "mark": {"type": "rule", "color": hue},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
    ]
    if rows:
        label = {"type": "text", "align": "left", "dx": 8, "color": hue}
        encoding = {"x": x, "y": y, "text": {"value": side}}
        marks.append({"data": inline(rows[-1:]), "mark": label, "encoding": encoding})
    return marks


def _carried(spec: LearningSpec, x: Spec, y: Spec) -> list[Spec]:
    found = spec.carried_on
    if found is None or found.value is None:
        return []
    row = {"x": found.n, "y": found.value, "low": found.low, "high": found.high}
    return [
        {
            "data": inline([row]),
            "mark": {"type": "point", "color": ERROR, "filled": False, "size": 40},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": inline([row]),
            "mark": {"type": "rule", "color": ERROR, "strokeDash": [3, 3]},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
    ]
