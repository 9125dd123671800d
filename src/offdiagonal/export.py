"""Rows as text to take away: CSV that is safe to open in a spreadsheet, tab-separated text to paste."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.engine import Engine
from offdiagonal.errors import MessageError
from offdiagonal.table.meta import MEDIA
from offdiagonal.table.plain import (
    level_texts,
    number_text,
    plain,
    plain_column,
    text_of_object,
    without_surrogates,
)

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet take text for a formula (OWASP ASVS 1.2.10)."""

MAX_CHARS = 64 * 1024 * 1024
CHUNK = 2_000

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?(e[-+]?\d+)?|inf)", re.IGNORECASE)
_FIRST = frozenset(TRIGGERS)
_NUMBERS = (int, float, Decimal, np.number)

Column = Callable[[NDArray[np.int64]], list[Any]]


def export_rows(engine: Engine, rows: NDArray[np.int64], kind: str, *, private: bool) -> str:
    """The rows with all of their columns, in the given order.

    Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers stay as they are, and missing
    values are empty. ``js/src/core/csv.ts`` writes the same of saved rows.

    Parameters
    ----------
    engine
        The Evaluation's rows.
    rows
        Positions.
    kind
        ``csv``, or ``text``: separated by tabs, to paste.
    private
        Whether private columns go along.

    Raises
    ------
    MessageError
        If the text is longer than 64 million characters.
    """
    out = io.StringIO(newline="")
    # Python's csv quotes a lone \r in every version only where the line's end holds one.
    writer = csv.writer(out, delimiter="," if kind == "csv" else "\t", lineterminator="\r\n")
    taken = _columns(engine, private)
    writer.writerow([safe(name) for name, _ in taken])
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        writer.writerows(zip(*(values(part) for _, values in taken), strict=True))
        if out.tell() > MAX_CHARS:
            raise MessageError(
                f"these {len(rows):,} rows are more than {MAX_CHARS >> 20} million characters of text: "
                "select fewer, or take them in Python with selection.frame()"
            )
    return out.getvalue()


def safe(value: Any) -> Any:
    """What no spreadsheet takes for a formula: text with an apostrophe where it needs one; numbers as they are."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    text = without_surrogates(value) if isinstance(value, str) else text_of_object(value)
    return "'" + text if text.startswith(TRIGGERS) else text


def _texts(texts: NDArray[Any], codes: NDArray[Any]) -> Column:
    return lambda rows: list(texts[codes[rows]])


def _columns(engine: Engine, private: bool) -> list[tuple[str, Column]]:
    table = engine.table
    texts = np.empty(len(engine.meta.classes), dtype=object)
    texts[:] = [_class(engine, code) for code in range(len(texts))]
    found: list[tuple[str, Column]] = [
        ("row", lambda rows: rows.tolist()),
    ]
    sides = {"label": table.label, "prediction": table.prediction}
    found += [
        (column.name, _texts(texts, sides[column.key])) for column in table.columns if column.key in sides
    ]
    confidence, score = table.confidence, table.score
    if confidence is not None:
        found.append(("confidence", lambda rows: _cells(confidence[rows])))
    if score is not None:
        found.append((engine.meta.score or "score", lambda rows: _cells(score[rows])))
    fields = {field.key: level_texts(field) for field in table.fields}
    found.extend(
        (column.name, _metadata(engine, column.key, fields.get(column.key)))
        for column in table.columns
        if column.key.startswith("c")
        and column.key[1:].isdigit()
        and column.kind not in MEDIA
        and (private or not column.private)
    )
    return found


def _metadata(engine: Engine, key: str, levels: NDArray[Any] | None) -> Column:
    if levels is None:
        return lambda rows: _cells(engine.table.source.at(int(key[1:]), rows))
    numeric = any(column.key == key and column.kind == "number" for column in engine.table.columns)
    levels[:] = [text if numeric and text and _NUMBER.fullmatch(text) else safe(text) for text in levels]
    return lambda rows: list(levels[engine.codes[key][rows]])


def _cells(values: NDArray[Any]) -> list[Any]:
    if values.dtype.kind == "O":
        return [_cell(value) for value in values]
    shown = plain_column(values, MAX_CHARS)
    if values.dtype.kind == "f":
        return [number_text(value) if isinstance(value, float) else value for value in shown]
    return shown if values.dtype.kind in "biu" else [safe(value) for value in shown]


def _cell(value: Any) -> Any:
    if type(value) is str:
        return value if value.isascii() and value[:1] not in _FIRST else safe(value)
    shown = plain(value, MAX_CHARS)
    if isinstance(shown, float):
        return number_text(shown)
    return shown if _is_number(value, shown) else safe(shown)


def _is_number(raw: Any, shown: Any) -> bool:
    """Whether a value that reads as a number is one: a large integer, or a Decimal, is carried as text."""
    return isinstance(raw, _NUMBERS) and isinstance(shown, str) and _NUMBER.fullmatch(shown) is not None


def _class(engine: Engine, code: int) -> Any:
    """A class as its cell has it: a number stays one, a missing one is empty."""
    if code == engine.table.missing:
        return None
    value, text = engine.table.classes[code], engine.meta.classes[code]
    if isinstance(value, str):
        return safe(value)
    return text if _NUMBER.fullmatch(engine.meta.class_python[code]) else safe(text)
