"""Picture of what was found wrong, as lines of text."""

from __future__ import annotations

import textwrap

from offdiagonal.views.findings import FindingsSpec
from offdiagonal.views.text import short
from offdiagonal.views.vegalite.style import ERROR, INK, LETTER, LINE, MUTED, Spec, heading, inline, words

WIDTH = 978
MOST = 6
LINE_HEIGHT, GAP, INDENT = 16, 10, 12
LETTERS = int((WIDTH - INDENT) / LETTER)


def findings_chart(spec: FindingsSpec) -> Spec:
    """Draw the first findings as text, each beside a bar, under the levels that they are of."""
    layers: list[Spec] = []
    bars: list[Spec] = []
    y, level = 0.0, ""
    for item in spec.found[:MOST]:
        finding = item.finding
        if finding.level != level:
            level = finding.level
            layers.append(words(level, 0, y + LINE_HEIGHT / 2, align="left", color=MUTED))
            y += LINE_HEIGHT + 2
        top = y
        parts = [(f"{finding.title} ({finding.certainty})", INK, "bold"), (finding.evidence, INK, "normal")]
        parts.append((" ".join(finding.try_next), MUTED, "normal"))
        for text, color, weight in parts:
            for line in textwrap.wrap(short(text, 600), LETTERS):
                mark = {"align": "left", "color": color, "fontWeight": weight}
                layers.append(words(line, INDENT, y + LINE_HEIGHT / 2, **mark))
                y += LINE_HEIGHT
        bars.append({"y": top, "y2": y})
        y += GAP
    if not spec.found:
        for line in textwrap.wrap(short(spec.nothing, 1200), LETTERS):
            layers.append(words(line, 0, y + LINE_HEIGHT / 2, align="left", color=MUTED))
            y += LINE_HEIGHT
    more = len(spec.found) - MOST
    title = heading("Findings", *([f"{more} more are not drawn"] if more > 0 else []))
    return {"title": title, "width": WIDTH, "height": max(y, LINE_HEIGHT), "layer": [_bars(bars), *layers]}


def _bars(bars: list[Spec]) -> Spec:
    place = {"type": "quantitative", "axis": None, "scale": None}
    encoding = {"x": {"value": 1.5}, "y": {"field": "y", **place}, "y2": {"field": "y2"}}
    mark = {"type": "rule", "color": ERROR if bars else LINE, "strokeWidth": 3}
    return {"data": inline(bars), "mark": mark, "encoding": encoding}
