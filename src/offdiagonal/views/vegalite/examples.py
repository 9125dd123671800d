"""Picture of some examples, as a small table of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from offdiagonal.views.text import amount, short
from offdiagonal.views.vegalite.style import LETTER, LINE, MUTED, Spec, bands, heading, inline, note, words

WIDTH = 978
MOST = 10
ROW_HEIGHT, HEAD = 22, 20
GAP = 18


def examples_chart(rows: Sequence[Mapping[str, str]], of: str = "") -> Spec:
    """Draw the first examples as a table.

    Parameters
    ----------
    rows
        What may be shown: for each example the text of each column.
    of
        Which examples these are.
    """
    if not rows:
        return note(heading("Examples"), "No examples in view.", WIDTH)
    shown = rows[:MOST]
    columns = list(dict.fromkeys(name for row in shown for name in row))
    places = _places([max(len(short(text, 200)) for text in _texts(shown, name)) for name in columns])
    bottom = HEAD + ROW_HEIGHT * len(shown)
    y = bands("i", len(shown), HEAD, ROW_HEIGHT)
    lines = [{"y": HEAD + ROW_HEIGHT * i} for i in range(len(shown) + 1)]
    layers = [_line(lines)]
    for name, (x, width) in zip(columns, places, strict=True):
        cells = [{"i": i, "text": short(row.get(name, ""), 200)} for i, row in enumerate(shown)]
        layers.append(words(short(name), x, HEAD / 2, align="left", color=MUTED, limit=width))
        layers.append(words(cells, x, y, align="left", limit=width))
    return {
        "title": heading("Examples", *([of] if of else []), f"{amount(len(shown), 'row')}"),
        "width": WIDTH,
        "height": bottom + 2,
        "layer": layers,
    }


def _texts(rows: Sequence[Mapping[str, str]], name: str) -> list[str]:
    return [name, *(row.get(name, "") for row in rows)]


def _places(letters: list[int]) -> list[tuple[float, float]]:
    """Where each column starts and how wide it is: the widest ones give way."""
    wanted = [LETTER * count + 4 for count in letters]
    room = max(WIDTH - GAP * (len(letters) - 1), 40 * len(letters))
    most = room
    while sum(min(width, most) for width in wanted) > room and most > 40:
        most -= 10
    places, x = [], 0.0
    for width in wanted:
        places.append((x, min(width, most)))
        x += min(width, most) + GAP
    return places


def _line(rows: list[Spec]) -> Spec:
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": None}
    encoding = {"x": {"value": 0}, "x2": {"value": WIDTH}, "y": y}
    return {"data": inline(rows), "mark": {"type": "rule", "color": LINE}, "encoding": encoding}
