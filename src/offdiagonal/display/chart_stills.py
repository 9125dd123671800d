"""Pictures of a user's charts: drawn from rows that are then gone, so that no spec and no row is saved."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.charts.chart import Chart
from offdiagonal.charts.read import Spec
from offdiagonal.clauses import Clause
from offdiagonal.display.charting import masks_of
from offdiagonal.display.png import render_png
from offdiagonal.display.saved import public_clauses
from offdiagonal.display.session import Session
from offdiagonal.errors import ChartError
from offdiagonal.splits import split_clauses
from offdiagonal.views.charted import ChartStill
from offdiagonal.views.text import short
from offdiagonal.views.vegalite.style import INK, LINE, MUTED

CHARTS_BYTES = 64 * 1024
MOST_BYTES = 32 * 1024
LEAST_WIDTH = 300
MOST_DRAWN = 10_000
"""Marks of a picture: more take longer than anybody waits for a cell."""
TEXT = {
    "labelColor": MUTED,
    "titleColor": MUTED,
    "labelFontSize": 11,
    "titleFontSize": 11,
    "titleFontWeight": "normal",
}
LOOK: Spec = {
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {**TEXT, "gridColor": LINE, "domainColor": LINE, "tickColor": LINE},
    "legend": {**TEXT, "labelColor": INK},
    "header": TEXT,
}
"""Where its maker left it open."""
TOP_LEVEL = ("config", "background", "padding", "autosize", "datasets", "params", "usermeta")
SCALES = ("color", "fill", "stroke", "shape", "size", "opacity", "strokeDash", "strokeWidth")
"""Which charts beside each other would else share."""
CARD = "#ffffff"
TEXT_LETTERS = 300


def chart_stills(charts: Sequence[Chart], session: Session) -> list[ChartStill]:
    """The charts as they are saved: over all of their rows, or those of the split in force, whatever is selected."""
    split = split_clauses(session.selection.clauses, session.engine.meta)
    public = public_clauses(session.engine, split)
    return [_still(chart, session, public, min(MOST_BYTES, CHARTS_BYTES // len(charts))) for chart in charts]


def _still(chart: Chart, session: Session, split: Sequence[Clause], most: int) -> ChartStill:
    if chart.private:
        return ChartStill("", "", "This chart names a private column: it is seen live only.", None)
    title, about = short(chart.title, 80), short(chart.about, TEXT_LETTERS)
    if chart.marks > MOST_DRAWN:
        note = f"No picture was made of {chart.marks:,} marks, only of up to {MOST_DRAWN:,}: it is seen live only."
        return ChartStill(title, about, note, None)
    masks = masks_of(chart, session.engine, split)
    png = render_png(chart_spec(chart, masks, titled=False), most=most, least_width=LEAST_WIDTH)
    most_rows = max(masks, key=np.count_nonzero)
    rows = int(np.count_nonzero(most_rows))
    of = "" if most_rows.all() else " of the split"
    note = f"A picture of all {rows:,} rows{of}; live, the chart follows the selection."
    return ChartStill(title, about, note, png)


def chart_spec(chart: Chart, masks: Sequence[NDArray[np.bool_]], *, titled: bool = True) -> Spec:
    """The whole spec with those rows of each data source that are to be drawn."""
    spec = copy.deepcopy(chart.spec)
    rows = {
        drawn.name: chart.rows[drawn.rows].dicts(mask) for drawn, mask in zip(chart.drawn, masks, strict=True)
    }
    spec["datasets"] = spec.get("datasets", {}) | rows
    own = spec.get("config", {})
    spec["config"] = own | {
        key: look | own.get(key, {}) if isinstance(look, dict) else own.get(key, look)
        for key, look in LOOK.items()
    }
    if chart.title and titled:
        spec["title"] = {"text": short(chart.title, 80), "anchor": "start"}
    return {"background": CARD, "padding": 12, **spec}


def saved_charts(stills: Sequence[ChartStill]) -> dict[str, Any]:
    """What an island's views are told of them, beside the pictures of its static form."""
    told = [{"title": still.title, "about": still.about, "note": still.note} for still in stills]
    return {"charts": told} if told else {}


def chart_rows(chart: Chart, session: Session) -> Any:
    """The rows that a chart draws now, in the type of its own table."""
    (mask, *_) = masks_of(chart, session.engine, session.selection.clauses)
    return chart.rows[chart.drawn[0].rows].source.take(np.flatnonzero(mask))


def with_charts(board: Spec | None, charts: Sequence[Chart], session: Session, *, public: bool) -> Spec:
    """One picture of a board and the charts below it, over the rows that are in view.

    Nothing private is in a public one, nor followed by it.

    Raises
    ------
    ChartError
        If a chart has too many rows for a picture, or is seen live only and nothing else is left to draw.
    """
    if public:
        charts = [chart for chart in charts if not chart.private]
        if board is None and not charts:
            raise ChartError(
                "the chart names a private column, so it is seen live only: no file is made of it"
            )
        if board is not None and not charts:
            return board
    if any(chart.marks > MOST_DRAWN for chart in charts):
        raise ChartError(
            f"a picture of a chart has at most {MOST_DRAWN:,} marks; make it of a sample, or aggregate"
        )
    clauses: Sequence[Clause] = session.selection.clauses
    if public:
        clauses = public_clauses(session.engine, clauses)
    specs = [chart_spec(chart, masks_of(chart, session.engine, clauses)) for chart in charts]
    if board is None and len(specs) == 1:
        return specs[0]
    outer = {key: value for key, value in (board or specs[0]).items() if key != "datasets"}
    top: Spec = {key: outer[key] for key in ("$schema", "background", "padding", "config") if key in outer}
    inner = [
        {
            key: part
            for key, part in spec.items()
            if key not in TOP_LEVEL or (key == "params" and not _hoisted(spec))
        }
        for spec in specs
    ]
    first = (
        [] if board is None else [{key: part for key, part in board.items() if key not in (*top, *TOP_LEVEL)}]
    )
    merged: Spec = {**top, "vconcat": [*first, *inner], "datasets": {}, "params": []}
    merged["resolve"] = {"scale": dict.fromkeys(SCALES, "independent")}
    for number, (spec, part) in enumerate(zip(specs, inner, strict=True)):
        names = {name: f"chart-{number}-{name}" for name in spec["datasets"]}
        _rename(part, names)
        merged["datasets"] |= {names[name]: rows for name, rows in spec["datasets"].items()}
        merged["params"] += spec.get("params", []) if _hoisted(spec) else []
    return merged


def _hoisted(spec: Spec) -> bool:
    """Whether parameters stand at the top because they name their views, as Altair writes them."""
    return any("views" in param or "select" not in param for param in spec.get("params", []))


def _rename(part: Any, names: dict[str, str]) -> None:
    """Two charts may call their rows alike."""
    if isinstance(part, list):
        for item in part:
            _rename(item, names)
    elif isinstance(part, dict):
        data = part.get("data")
        if isinstance(data, dict) and data.get("name") in names:
            data["name"] = names[data["name"]]
        for key, value in part.items():
            if key != "data":
                _rename(value, names)
