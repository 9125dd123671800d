"""Picture of measures: a table of numbers, and the slices of one measure beside it."""

from __future__ import annotations

from collections.abc import Sequence

from offdiagonal.stats.measured import Measured
from offdiagonal.views.measures import (
    MeasuredSlice,
    MeasureRow,
    MeasuresSpec,
    measured_difference,
    measured_texts,
)
from offdiagonal.views.text import short, together
from offdiagonal.views.vegalite.slices import FOOT, HEAD, NAME_WIDTH, PLOT_AT, ROW_HEIGHT, WIDTH, differences
from offdiagonal.views.vegalite.style import (
    CARD,
    COLUMN,
    ERROR,
    MUTED,
    RIGHT_STRONG,
    Spec,
    bands,
    heading,
    note,
    words,
)

MOST = 10
MOST_BESIDE = 8
"""Beside a longer table no slices are drawn: the picture is saved with every notebook, and the tables say them."""
LETTERS = 34


def measures_charts(spec: MeasuresSpec) -> list[Spec]:
    """Draw the table, and where a measure was chosen its slices."""
    if not spec.rows:
        return [note(heading("Measures"), "None were asked for.", COLUMN)]
    table = _table(spec)
    if spec.chosen is None or len(spec.rows) > MOST_BESIDE:
        return [table]
    return [table, _slices(spec, spec.chosen)]


def _table(spec: MeasuresSpec) -> Spec:
    y = bands("i", len(spec.rows), HEAD, ROW_HEIGHT)
    wide = 0 if spec.filtered else 60
    columns = [("measure", 0, [row.name for row in spec.rows])]
    columns.append(("all rows", 120 + wide, [_cell(row, row.whole) for row in spec.rows]))
    if spec.filtered:
        columns.append(("selected", 284, [_cell(row, row.selected) for row in spec.rows]))
        columns.append(("difference to the rest", 434, [_difference(row) for row in spec.rows]))
    layers: list[Spec] = []
    for title, at, texts in columns:
        layers.append(words(title, at, HEAD / 2, align="left", color=MUTED))
        rows = [{"i": i, "text": short(text, 60)} for i, text in enumerate(texts)]
        layers.append(words(rows, at, y, align="left", limit=112 if at == 0 else 300))
    about = (
        "95 % interval, n" if not spec.filtered else "95 % interval, n; the selected rows, and less the rest"
    )
    width = COLUMN if not spec.filtered else COLUMN + 70
    height = HEAD + ROW_HEIGHT * len(spec.rows)
    return {"title": heading("Measures", about, " "), "width": width, "height": height, "layer": layers}


def _cell(row: MeasureRow, found: Measured | None) -> str:
    if found is None:
        return ""
    texts = measured_texts(found, share=row.share)
    if found.measure.value is None:
        return short(": ".join(filter(None, texts)), LETTERS)
    limits = texts[1] if found.measure.low is not None else ""
    return " ".join(filter(None, (texts[0], limits, f"n {found.measure.n:,}")))


def _difference(row: MeasureRow) -> str:
    found = row.difference
    if found is None or found.measure.value is None:
        return ""
    texts = measured_difference(found, share=row.share)
    return texts[0] if found.measure.low is None else together(texts)


def _slices(spec: MeasuresSpec, chosen: MeasureRow) -> Spec:
    worst = [one for one in spec.worst if one.difference.measure.low is not None]
    title = f"{short(chosen.name, 40)} by slice"
    if not worst:
        return note(heading(title), "No slice has an interval.", WIDTH)
    shown = worst[:MOST]
    order = "worst first" if chosen.better else "largest first"
    marks = "filled dot = the interval excludes no difference"
    bottom = HEAD + ROW_HEIGHT * len(shown)
    y = bands("i", len(shown), HEAD, ROW_HEIGHT)

    def tick(value: float) -> str:
        return f"{100 * value:+.0f} pt" if chosen.share else f"{value:+g}"

    return {
        "title": heading(
            title, f"and its difference to the rest · {len(shown)} of {len(worst)}, {order}", marks
        ),
        "width": WIDTH,
        "height": bottom + FOOT,
        "layer": [
            *_columns(shown, chosen, y),
            *differences([_row(i, one, chosen) for i, one in enumerate(shown)], y, HEAD, bottom, tick),
        ],
    }


def _columns(shown: Sequence[MeasuredSlice], chosen: MeasureRow, y: Spec) -> list[Spec]:
    values = [measured_texts(one.value, share=chosen.share)[0] for one in shown]
    columns = [
        ("slice", 0, "left", [short(one.text, 60) for one in shown]),
        ("n", NAME_WIDTH + 38, "right", [f"{one.value.measure.n:,}" for one in shown]),
        ("value", NAME_WIDTH + 88, "right", values),
    ]
    layers = []
    for title, at, align, texts in columns:
        layers.append(words(title, at, HEAD / 2, align=align, color=MUTED))
        limit = NAME_WIDTH if at == 0 else 100
        rows = [{"i": i, "text": text} for i, text in enumerate(texts)]
        layers.append(words(rows, at, y, align=align, limit=limit))
    return [*layers, words("difference, 95 % interval", PLOT_AT, HEAD / 2, align="left", color=MUTED)]


def _row(i: int, one: MeasuredSlice, chosen: MeasureRow) -> Spec:
    found = one.difference.measure
    value, low, high = found.value or 0.0, found.low or 0.0, found.high or 0.0
    colour = ERROR if value * (chosen.better or -1) < 0 else RIGHT_STRONG
    return {
        "i": i,
        "difference": value,
        "low": low,
        "high": high,
        "text": together(measured_difference(one.difference, share=chosen.share)),
        "colour": colour,
        "fill": colour if low > 0 or high < 0 else CARD,
    }
