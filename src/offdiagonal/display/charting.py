"""Charts of the user in live views: the spec and its rows, which of them are in view, and Vega itself, by message."""

from __future__ import annotations

import gzip
import json
import uuid
import weakref
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.charts.chart import Chart, Drawn
from offdiagonal.clauses import Clause
from offdiagonal.display.message import integer, shown
from offdiagonal.engine import Engine
from offdiagonal.errors import MessageError

HANDED_OVER = "globalThis.__offdiagonal_vega = vegaEmbed;"
"""What the bundle ends with, in place of names that other code on the page may have."""
PART_BYTES = 1_000_000
"""Of one message: a server or a proxy may refuse larger ones."""

Answer = tuple[dict[str, Any], list[bytes]]


class Charts:
    """The charts that the live views of one Evaluation show, as long as anything holds them."""

    def __init__(self) -> None:
        self._ids: weakref.WeakKeyDictionary[Chart, str] = weakref.WeakKeyDictionary()
        self._packed: weakref.WeakKeyDictionary[Chart, bytes] = weakref.WeakKeyDictionary()

    def id_of(self, chart: Chart) -> str:
        """What its views call a chart: their models hold nothing else of it.

        No other session knows the name: a page may ask one that came after this, of the same table.
        """
        return self._ids.setdefault(chart, uuid.uuid4().hex)

    def answer(self, content: Mapping[str, Any]) -> Answer:
        """One part of the spec and the rows."""
        chart = self._of(content)
        if chart not in self._packed:
            self._packed[chart] = gzip.compress(json.dumps(chart_json(chart), allow_nan=False).encode(), 6)
        return _part("chart", self._packed[chart], content)

    def rows(self, engine: Engine, content: Mapping[str, Any], clauses: Sequence[Clause]) -> Answer:
        """Which rows each data source of the chart draws: one bit a row."""
        chart = self._of(content)
        masks = [np.packbits(mask).tobytes() for mask in masks_of(chart, engine, clauses)]
        return {"type": "charted"}, masks

    def _of(self, content: Mapping[str, Any]) -> Chart:
        wanted = content.get("id")
        found = next((chart for chart, own in self._ids.items() if own == wanted), None)
        if found is None:
            raise MessageError(f"no chart is called {shown(wanted)}; run the cell again")
        return found


def vega_answer(content: Mapping[str, Any]) -> Answer:
    """One part of Vega, Vega-Lite and vega-embed."""
    return _part("vega", _vega(), content)


@cache
def _vega() -> bytes:
    import vl_convert

    return gzip.compress(vl_convert.javascript_bundle(HANDED_OVER).encode(), 6, mtime=0)


def _part(kind: str, packed: bytes, content: Mapping[str, Any]) -> Answer:
    part, parts = integer(content, "part"), max(1, -(-len(packed) // PART_BYTES))
    if part >= parts:
        raise MessageError(f"there is no part {part:,} of {parts:,}")
    return {"type": kind, "parts": parts}, [packed[part * PART_BYTES : (part + 1) * PART_BYTES]]


def masks_of(chart: Chart, engine: Engine, clauses: Sequence[Clause]) -> list[NDArray[np.bool_]]:
    """Which rows each data source draws."""
    return [_mask(chart, engine, drawn, clauses) for drawn in chart.drawn]


def _mask(chart: Chart, engine: Engine, drawn: Drawn, clauses: Sequence[Clause]) -> NDArray[np.bool_]:
    at, kept = chart.rows[drawn.rows].at, drawn.clauses(clauses)
    return engine.mask(kept)[at] if kept else np.ones(len(at), dtype=bool)


def chart_json(chart: Chart) -> dict[str, Any]:
    """What a live view draws; ``js/src/core/chart.ts`` is its twin."""
    return {
        "spec": chart.spec,
        "title": chart.title,
        "about": chart.about,
        "notes": list(chart.notes),
        "private": chart.private,
        "tables": [
            {
                "n": len(rows.at),
                "columns": [
                    {"name": column.name, "kind": column.kind, "values": column.values}
                    for column in rows.columns
                ],
            }
            for rows in chart.rows
        ],
        "drawn": [{"name": drawn.name, "table": drawn.rows, "own": list(drawn.own)} for drawn in chart.drawn],
        "links": [
            {
                "name": link.name,
                "kind": link.kind,
                "fields": [
                    {
                        "column": field.column,
                        "key": field.key,
                        "channel": field.channel,
                        "kind": field.kind,
                        "side": field.side,
                        "values": [list(pair) for pair in field.values],
                    }
                    for field in link.fields
                ],
            }
            for link in chart.links
        ],
    }
