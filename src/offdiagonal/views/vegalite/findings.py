"""Picture of what was found wrong, as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from offdiagonal.findings import Finding
from offdiagonal.views.findings import FindingsSpec
from offdiagonal.views.text import short
from offdiagonal.views.vegalite.style import ERROR, INK, LETTER, LINE, MUTED, Spec, heading, inline, words

WIDTH = 978
MOST = 6
LINE_HEIGHT, GAP, INDENT = 16, 10, 12


def findings_chart(spec: FindingsSpec) -> Spec:
    """Draw the first findings as text, each beside a bar, under the levels that they are of."""
    if spec.found:
        return findings_lines([item.finding for item in spec.found], WIDTH, levels=True)
    layers, y = _lines([(spec.nothing, MUTED, "normal")], 0, 0, most=1200)
    return {
        "title": heading("Findings"),
        "width": WIDTH,
        "height": max(y, LINE_HEIGHT),
        "layer": [_bars([]), *layers],
    }


def findings_lines(found: Sequence[Finding], width: float, *, levels: bool = False) -> Spec:
    """Draw the first of some findings; `levels` says where each stands in the order of looking."""
    layers: list[Spec] = []
    bars: list[Spec] = []
    y, level = 0.0, ""
    for finding in found[:MOST]:
        if levels and finding.level != level:
            level = finding.level
            layers.append(words(level, 0, y + LINE_HEIGHT / 2, align="left", color=MUTED))
            y += LINE_HEIGHT + 2
        parts = [
            (f"{finding.title} ({finding.certainty})", INK, "bold"),
            (finding.evidence, INK, "normal"),
            (" ".join(finding.try_next), MUTED, "normal"),
        ]
        lines, end = _lines(parts, INDENT, y, width=width)
        layers += lines
        bars.append({"y": y, "y2": end})
        y = end + GAP
    more = len(found) - MOST
    title = heading("Findings", *([f"{more} more are not drawn"] if more > 0 else []))
    return {"title": title, "width": width, "height": max(y, LINE_HEIGHT), "layer": [_bars(bars), *layers]}


def _lines(
    parts: Sequence[tuple[str, str, str]], x: float, y: float, *, width: float = WIDTH, most: int = 600
) -> tuple[list[Spec], float]:
    """Text, colour and weight of paragraphs as lines from a place on, and where they end."""
    layers = []
    letters = int((width - INDENT) / LETTER)
    for text, color, weight in parts:
        for line in textwrap.wrap(short(text, most), letters):
            mark = {"align": "left", "color": color, "fontWeight": weight}
            layers.append(words(line, x, y + LINE_HEIGHT / 2, **mark))
            y += LINE_HEIGHT
    return layers, y


def _bars(bars: list[Spec]) -> Spec:
    place = {"type": "quantitative", "axis": None, "scale": None}
    encoding = {"x": {"value": 1.5}, "y": {"field": "y", **place}, "y2": {"field": "y2"}}
    mark = {"type": "rule", "color": ERROR if bars else LINE, "strokeWidth": 3}
    return {"data": inline(bars), "mark": mark, "encoding": encoding}
