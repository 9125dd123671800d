"""Picture of grids of numbers: one a name, from pale to dark."""

from __future__ import annotations

from collections.abc import Sequence

from offdiagonal.views.figure import Heat
from offdiagonal.views.text import short
from offdiagonal.views.vegalite.style import INK, MUTED, RIGHT_PALE, Spec, heading, inline, spelt

CELL, LEAST = 20, 180
ACROSS = 3
LETTERS = 12
MOST_CELLS = 8_000
"""Of a picture: more take long to draw, and are too small to read."""


def heat_rows(chart: Heat) -> Spec:
    """Draw the grids, three beside each other."""
    most = max((value for _, grid in chart.grids for row in grid for value in row), default=0.0)
    drawn = chart.grids[: max(1, MOST_CELLS // (len(chart.rows) * len(chart.columns) or 1))]
    charts = [_grid(chart, name, grid, float(most)) for name, grid in drawn]
    rows: list[Spec] = [{"hconcat": charts[i : i + ACROSS]} for i in range(0, len(charts), ACROSS)]
    down, right = chart.axes
    left = f"; the first {len(drawn)} of {len(chart.grids)}" if len(drawn) < len(chart.grids) else ""
    return {"vconcat": rows, "title": heading("", f"row: {down}, column: {right}; darker is more{left}")}


def _grid(chart: Heat, name: str, grid: Sequence[Sequence[float]], most: float) -> Spec:
    cells = [
        {"row": i, "column": j, "value": float(f"{value:.4g}")}
        for i, row in enumerate(grid)
        for j, value in enumerate(row)
    ]
    color = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, most or 1], "range": [RIGHT_PALE, INK]},
        "legend": None,
    }
    return {
        "title": {"text": short(name, 40), "fontSize": 11},
        "width": max(LEAST, CELL * len(chart.columns)),
        "height": max(LEAST / 2, CELL * len(chart.rows)),
        "data": inline(cells),
        "mark": {"type": "rect"},
        "encoding": {
            "x": _axis("column", chart.columns, -60),
            "y": _axis("row", chart.rows, 0),
            "color": color,
        },
    }


def _axis(field: str, texts: Sequence[str], angle: int) -> Spec:
    """Names may occur twice, so that the places are numbers and the axis spells them."""
    names = spelt(short(text, LETTERS) for text in texts)
    axis = {"title": None, "labelExpr": names, "labelAngle": angle, "labelColor": MUTED}
    return {"field": field, "type": "ordinal", "axis": axis}
