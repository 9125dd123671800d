"""What all pictures share: a white card with quiet text, orange for errors, cool grey for what is right.

The card is opaque, so that a picture reads the same on a light and on a dark page. Everything is placed
from the upper left corner of its view, nothing hangs over it: so the views of a board align.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
CARD = "#ffffff"
INK = "#1b1f24"
MUTED = "#5c6773"
LINE = "#dde2e7"
ERROR = "#cf4a17"
ERROR_PALE = "#fdf0ea"
RIGHT = "#b7c4ce"
RIGHT_PALE = "#eef2f5"
RIGHT_STRONG = "#7f93a3"

COLUMN = 514
"""Width of the left half of a board: two plots of 200 and what stands beside them."""
SPACING = 34
LETTER = 5.9
"""About how wide a letter of a label is."""

CONFIG: Spec = {
    "font": "sans-serif",
    "view": {"stroke": None},
    "concat": {"spacing": SPACING},
    "title": {
        "anchor": "start",
        "frame": "group",
        "color": INK,
        "fontSize": 13,
        "fontWeight": "bold",
        "subtitleColor": MUTED,
        "subtitleFontSize": 11,
        "subtitlePadding": 4,
        "offset": 8,
    },
    "text": {"color": INK, "fontSize": 11, "baseline": "middle"},
    "axis": {
        "domain": False,
        "ticks": False,
        "grid": False,
        "gridColor": LINE,
        "labelColor": MUTED,
        "labelFontSize": 11,
        "titleColor": MUTED,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
}


def card(content: Mapping[str, Any]) -> Spec:
    """A whole spec: the content with the schema, the background and the styles."""
    return {"$schema": SCHEMA, "background": CARD, "padding": 16, "config": CONFIG, **content}


def heading(text: str, *more: str) -> Spec:
    """The title of one view, with quieter lines below it."""
    return {"text": text, "subtitle": list(more)} if more else {"text": text}


def inline(rows: Iterable[Spec]) -> Spec:
    """Rows as the data of a layer."""
    return {"values": list(rows)}


def at(place: float) -> Spec:
    """A fixed place, in pixels from the upper left corner."""
    return {"value": place}


def by(field: str, **scale: Any) -> Spec:
    """A place by a number, without an axis."""
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"nice": False, "zero": False, **scale},
    }


def bands(field: str, count: int, start: float, size: float, gap: float = 0) -> Spec:
    """A place by a whole number: bands of one size, one after the other, each with a gap at its end."""
    inner = gap / size if size else 0
    scale = {
        "domain": list(range(count)),
        "range": [start, start + size * count - gap],
        "paddingInner": inner,
        "paddingOuter": 0,
    }
    return {"field": field, "type": "ordinal", "axis": None, "scale": scale}


def literal(field: str) -> Spec:
    """A colour that the rows name themselves."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def spelt(texts: Iterable[str]) -> str:
    """An expression that gives the text of an axis whose values are places; nothing in a text can end its string."""
    return f"[{','.join(map(_quoted, texts))}][datum.value]"


def _quoted(text: str) -> str:
    kept = (c if c.isalnum() or c in " .,:-" else f"\\u{ord(c):04x}" for c in text if ord(c) < 1 << 16)
    return f"'{''.join(kept)}'"


def words(rows: Iterable[Spec] | str, x: Spec | float, y: Spec | float, **mark: Any) -> Spec:
    """A layer of text: the ``text`` of each row, or one word."""
    rows = [{"text": rows}] if isinstance(rows, str) else rows
    place = {axis: spec if isinstance(spec, dict) else at(spec) for axis, spec in (("x", x), ("y", y))}
    return {
        "data": inline(rows),
        "mark": {"type": "text", **mark},
        "encoding": {**place, "text": {"field": "text", "type": "nominal"}},
    }


def mix(pale: str, strong: str, share: float) -> str:
    """A colour on the way from the one to the other."""
    ends = zip(_channels(pale), _channels(strong), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in ends)


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def note(title: Spec, text: str, width: float) -> Spec:
    """Instead of a view: why there is none."""
    layer = words(text, 0, 10, align="left", color=MUTED, limit=width)
    return {"title": title, "width": width, "height": 20, "layer": [layer]}
