"""Picture of training runs: the loss large, the other metrics below it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.training.buckets import Buckets
from offdiagonal.views.runs import Line, RunsSpec, best_texts
from offdiagonal.views.text import short
from offdiagonal.views.vegalite.findings import findings_lines
from offdiagonal.views.vegalite.style import ERROR, INK, MUTED, Spec, card, heading, inline, literal, note

WIDTH, TALL, LOW = 860, 260, 70
MOST_PANELS, MOST_LINES = 6, 12
HUES = (INK, "#7f93a3", "#0b57d0", ERROR, "#5b7f3a", "#8a4fbf")
PALE = 0.3
WINDOW = 40
"""A smoothed line takes the mean of one in so many of the buckets around."""
FLAT = 1e-6
DECADES = 2.0
"""From so many powers of ten on, a loss is drawn on a log scale."""


def runs_chart(spec: RunsSpec) -> Spec:
    """Draw curves in few points: raw pale, smoothed strong; train in grey, what validates in black."""
    panels = list(spec.panels().items())
    if not panels:
        return card({"vconcat": [note(heading(spec.title), "Nothing was logged yet.", WIDTH)]})
    charts = [
        _panel(spec, name, lines, TALL if i == 0 else LOW, first=i == 0)
        for i, (name, lines) in enumerate(panels[:MOST_PANELS])
    ]
    found = [finding for _, finding in spec.findings]
    if found:
        charts.append(findings_lines(found, WIDTH))
    return card({"vconcat": charts, "spacing": 14})


def _panel(spec: RunsSpec, name: str, lines: list[Line], height: int, *, first: bool) -> Spec:
    shown = lines[:MOST_LINES]
    log = _spans_decades(shown) if first else False
    one = len(spec.records) == 1
    axis = {
        "title": None,
        "labelColor": MUTED,
        "grid": True,
        "tickCount": 5 if first else 2,
        "format": ".3~g",
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "axis": axis,
        "scale": {"zero": False, "nice": False, **({"type": "log"} if log else {}), **_domain(shown)},
    }
    x = {
        "field": "x",
        "type": "quantitative",
        "axis": {"title": "step" if first else None, "labelColor": MUTED, "grid": False, "tickCount": 6},
        "scale": {"nice": False, "zero": False},
    }
    hues = _hues(spec, shown)
    layers = []
    for line, hue in zip(shown, hues, strict=True):
        raw, smooth = _rows(line.curve, log=log)
        for rows, strength in ((raw, PALE if smooth else 1.0), (smooth, 1.0)):
            if not rows:
                continue
            layers.append(
                {
                    "data": inline(rows),
                    "mark": {
                        "type": "line",
                        "color": hue,
                        "opacity": strength,
                        "strokeWidth": 1 if strength < 1 else 2,
                        "clip": True,
                        **({"strokeDash": [5, 3]} if line.validates and not one else {}),
                    },
                    "encoding": {"x": x, "y": y},
                }
            )
    layers.append(_names(shown, hues, log=log, x=x, y=y, one=one))
    more = [f"{len(lines) - MOST_LINES} more lines are not drawn"] if len(lines) > MOST_LINES else []
    quiet = [*(best_texts(spec.rows()) if first else []), *(["log scale"] if log else []), *more]
    title = f"{spec.title} · {name}" if first else short(name, 60)
    return {
        "title": heading(title, *([" · ".join(quiet)] if quiet else [])),
        "width": WIDTH,
        "height": height,
        "layer": layers,
    }


def _hues(spec: RunsSpec, lines: list[Line]) -> list[str]:
    """Of one run by what the line is; of several by the run."""
    if len(spec.records) == 1:
        return [HUES[0] if line.validates else HUES[1] for line in lines]
    names = [run.name for run in spec.records]
    return [HUES[names.index(line.run) % len(HUES)] for line in lines]


def _domain(lines: list[Line]) -> Spec:
    """Room above and below where all values are the same; else what the values need."""
    low = min(float(line.curve.low.min()) for line in lines)
    high = max(float(line.curve.high.max()) for line in lines)
    if high - low > FLAT * max(abs(low), abs(high)):
        return {}
    room = abs(low) / 2 or 1.0
    return {"domain": [low - room, low + room]}


def _spans_decades(lines: list[Line]) -> bool:
    values = np.concatenate([line.curve.mean for line in lines])
    return bool(values.min() > 0 and np.log10(values.max() / values.min()) >= DECADES)


def _rows(curve: Buckets, *, log: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The line through lowest and highest values, and the smoothed one where there is more to see than that."""
    low, high = curve.low, curve.high
    y = curve.mean if curve.raw else np.column_stack([low, high]).ravel()
    x = curve.steps if curve.raw else np.repeat(curve.steps, 2)
    raw = _pairs(x, y, log=log)
    if len(curve) < 2 * WINDOW:
        return raw, []
    return raw, _pairs(curve.steps, _smoothed(curve), log=log)


def _pairs(x: NDArray[Any], y: NDArray[Any], *, log: bool) -> list[dict[str, Any]]:
    kept = y > 0 if log else np.ones(len(y), dtype=bool)
    return [
        {"x": float(a), "y": float(f"{b:.6g}")}
        for a, b in zip(x[kept].tolist(), y[kept].tolist(), strict=True)
    ]


def _smoothed(curve: Buckets) -> NDArray[np.float64]:
    """Means over a window, of as many buckets on either side as there are, weighted by their points."""
    half = max(1, len(curve) // WINDOW // 2)
    sums = np.concatenate([[0.0], np.cumsum(curve.mean * curve.n)])
    counts = np.concatenate([[0.0], np.cumsum(curve.n)])
    at = np.arange(len(curve))
    reach = np.minimum(half, np.minimum(at, len(curve) - 1 - at))
    low, high = at - reach, at + reach + 1
    return np.asarray((sums[high] - sums[low]) / (counts[high] - counts[low]))


def _names(lines: list[Line], hues: list[str], *, log: bool, x: Spec, y: Spec, one: bool) -> Spec:
    """The name of each line at its end."""
    rows = []
    for line, hue in zip(lines, hues, strict=True):
        end = (
            float(_smoothed(line.curve)[-1]) if len(line.curve) >= 2 * WINDOW else float(line.curve.mean[-1])
        )
        if log and end <= 0:
            continue
        text = line.metric if one else f"{short(line.run, 24)} {line.metric}"
        rows.append(
            {"x": float(line.curve.steps[-1]), "y": float(f"{end:.6g}"), "text": short(text, 40), "hue": hue}
        )
    return {
        "data": inline(rows),
        "mark": {"type": "text", "align": "left", "dx": 6},
        "encoding": {
            "x": x,
            "y": y,
            "text": {"field": "text", "type": "nominal"},
            "color": literal("hue"),
        },
    }
