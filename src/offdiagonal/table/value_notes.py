"""Notes on columns whose values cannot all be shown as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.table.arrays import missing_in
from offdiagonal.table.encode import object_kind
from offdiagonal.table.plain import MOST_BYTES, PREVIEW_CHARS, without_surrogates

SHOWN_AS_THEY_ARE = {
    *("string", "boolean", "integer", "floating", "mixed-integer-float", "decimal", "empty"),
    *("date", "datetime", "datetime64", "time", "timedelta", "timedelta64", "period", "interval"),
}
"""Kinds of object arrays, as pandas calls them."""
MOST_TYPES = 5


def value_notes(values: NDArray[Any], called: str) -> list[str]:
    """What is said of a column's values; nothing where each is shown as it is.

    Parameters
    ----------
    values
        As ``as_array`` gives them.
    called
        What the notes call the column.
    """
    if values.dtype != object:
        held = _number_note(values.dtype)
        return [f"{called} {held}"] if held else []
    kind = object_kind(values)
    notes = [] if kind in SHOWN_AS_THEY_ARE else [f"{called} {_kind_note(values, kind)}"]
    if kind == "string":
        return notes + _text_notes(list(filter(None, values)), called)
    if kind == "datetime":
        return notes + _zone_notes(values[~missing_in(values)], called)
    if kind in SHOWN_AS_THEY_ARE:
        return notes
    return notes + _text_notes([value for value in values if isinstance(value, str)], called)


def _number_note(dtype: np.dtype[Any]) -> str | None:
    if dtype.kind == "c":
        return "holds complex numbers: they are shown as text, and are no slices"
    if dtype.kind == "f" and dtype.itemsize == 2:
        return "holds half-precision numbers: they are shown with the three or four digits that they have"
    return None


def _kind_note(values: NDArray[Any], kind: str) -> str:
    if kind == "bytes":
        return f"holds bytes: their number and the first {MOST_BYTES} are shown"
    types = sorted({type(value).__name__ for value in values[~missing_in(values)]})
    if len(types) == 1:
        return f"holds values of the type {types[0]}: they are shown as text"
    shown = ", ".join(types[:MOST_TYPES]) + (" ..." if len(types) > MOST_TYPES else "")
    return (
        f"holds values of several types ({shown}): each is shown as what it is, numbers sorted before texts"
    )


def _text_notes(texts: list[str], called: str) -> list[str]:
    notes = []
    if max(map(len, texts), default=0) > PREVIEW_CHARS:
        long = sum(len(text) > PREVIEW_CHARS for text in texts)
        notes.append(
            f"{called} has {_count(long, 'text')} of more than {PREVIEW_CHARS:,} characters: "
            "the beginning is shown, an opened example shows all"
        )
    if not all(map(str.isascii, texts)):
        broken = sum(without_surrogates(text) is not text for text in texts)
        if broken:
            notes.append(
                f"{called} has {_count(broken, 'text')} with half a character, a lone surrogate: "
                "what cannot be written is shown as \ufffd"
            )
    return notes


def _zone_notes(times: NDArray[Any], called: str) -> list[str]:
    without = sum(time.tzinfo is None for time in times)
    if without in (0, len(times)):
        return []
    return [f"{called} has {_count(without, 'time')} without a zone: taken for UTC where others have one"]


def _count(n: int, unit: str) -> str:
    return f"1 {unit}" if n == 1 else f"{n:,} {unit}s"
