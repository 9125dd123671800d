"""A figure as the page reads it: ``js/src/core/figure.ts`` is its twin."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from offdiagonal.findings import Finding
from offdiagonal.views.figure import Dots, FigureSpec, Heat, Lines, Span, measured
from offdiagonal.views.text import short

NAME, TEXT = 120, 800
"""Letters of a name and of a sentence that are saved."""
DIGITS = 6
LISTS = ("causes", "rules_out", "try_next")


def page(spec: FigureSpec) -> dict[str, Any]:
    """What the page draws from, ready for JSON."""
    table = spec.table
    return {
        "title": short(spec.title, NAME),
        "more": short(spec.more, NAME),
        "said": [short(line, TEXT) for line in spec.said],
        "notes": [short(line, TEXT) for line in spec.notes],
        "findings": [_finding(one) for one in spec.findings],
        "chart": _CHARTS[spec.chart.kind](spec.chart),
        "table": {
            "name": table.name,
            "heads": [short(head, NAME) for head in table.heads],
            "rows": [[short(cell, NAME) for cell in row] for row in table.rows],
            "numbers": table.numbers,
        },
    }


def _rounded(values: Iterable[float | None]) -> list[float | None]:
    """Six digits are more than is ever written; infinity and NaN are no JSON."""
    return [
        None if value is None or not math.isfinite(value) else float(f"{value:.{DIGITS}g}")
        for value in values
    ]


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "title": short(found.title, TEXT),
        "certainty": found.certainty,
        "evidence": short(found.evidence, TEXT),
        **{name: [short(text, TEXT) for text in getattr(found, name)] for name in LISTS},
        "confirm_by": short(found.confirm_by, TEXT),
        "theory": short(found.theory, TEXT),
    }


def _span(span: Span) -> dict[str, Any]:
    low, high = _rounded((span.low, span.high))
    return {"low": low, "high": high, "text": short(span.text, NAME)}


def _lines(chart: Lines) -> dict[str, Any]:
    return {
        "kind": chart.kind,
        "x": short(chart.x, NAME),
        "y": short(chart.y, NAME),
        "at": _rounded(chart.at),
        "texts": [short(text, NAME) for text in chart.texts],
        "even": chart.even,
        "log": [chart.log_x, chart.log_y],
        "zero": chart.zero,
        "most": chart.most,
        "heads": list(chart.heads),
        "spans": [_span(span) for span in chart.spans],
        "level": None if chart.level is None else _span(chart.level),
        "lines": [
            {
                "name": short(line.name, NAME),
                "hue": line.hue,
                "dashed": line.dashed,
                "points": line.points,
                "notes": [short(note, NAME) for note in line.notes],
                "y": _rounded(line.y),
                "low": _rounded(line.low),
                "high": _rounded(line.high),
            }
            for line in chart.lines
        ],
    }


def _dots(chart: Dots) -> dict[str, Any]:
    return {
        "kind": chart.kind,
        "x": short(chart.x, NAME),
        "dots": [
            {
                "name": short(dot.name, NAME),
                "note": short(dot.note, NAME),
                "text": measured(dot.measure),
                "ends": _rounded((dot.measure.low, dot.measure.value, dot.measure.high)),
            }
            for dot in chart.dots
        ],
    }


def _heat(chart: Heat) -> dict[str, Any]:
    return {
        "kind": chart.kind,
        "rows": [short(name, NAME) for name in chart.rows],
        "columns": [short(name, NAME) for name in chart.columns],
        "axes": list(chart.axes),
        "grids": [
            {"name": short(name, NAME), "values": [float(f"{value:.3g}") for row in grid for value in row]}
            for name, grid in chart.grids
        ],
        "below": {"name": chart.below[0], "values": _rounded(chart.below[1])},
    }


_CHARTS: Mapping[str, Callable[[Any], dict[str, Any]]] = {"lines": _lines, "dots": _dots, "heat": _heat}
