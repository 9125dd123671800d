"""Values as plain data: what JSON carries without loss, and text for everything else."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.table.arrays import EXACT_INTEGER
from offdiagonal.table.encode import short_float
from offdiagonal.table.meta import Field

PREVIEW_CHARS = 2_000
"""Characters of a text that a page of examples shows."""
MOST_ITEMS = 200
MOST_BYTES = 64

Plain = str | float | int | bool | None


def plain_column(values: NDArray[Any], chars: int) -> list[Plain]:
    """Values of one column as plain data; texts are cut after ``chars`` characters."""
    kind = values.dtype.kind
    if kind == "b" or (kind in "iu" and (len(values) == 0 or _is_small(values))):
        return list(values.tolist())
    if kind == "f" and values.dtype.itemsize <= 8 and bool(np.isfinite(values).all()):
        return (
            [short_float(value) for value in values] if values.dtype.itemsize < 8 else list(values.tolist())
        )
    if kind == "M":
        return _times(values)
    return [_cut(value, chars) if type(value) is str else plain(value, chars) for value in values]


def level_texts(field: Field) -> NDArray[Any] | None:
    """Values by code of a column of few texts, None where one is missing; or None where they are not texts."""
    if field.kind != "category":
        return None
    shown = np.empty(len(field.levels), dtype=object)
    for code, level in enumerate(field.levels):
        if level.python == "None":
            continue
        # A text that was cut says so by its last character.
        if level.python != repr(level.text) or level.text.endswith("…"):
            return None
        shown[code] = level.text
    return shown


def plain(value: Any, chars: int) -> Plain:
    """A value that JSON carries without loss; what it cannot carry goes as text, and missing as None."""
    if isinstance(value, np.floating) and value.dtype.itemsize < 8:
        value = short_float(value)
    elif isinstance(value, np.generic) and not isinstance(value, np.datetime64 | np.timedelta64):
        value = value.item()
    if is_missing(value):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < EXACT_INTEGER else str(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, np.datetime64):
        return _times(np.asarray([value]))[0]
    if isinstance(value, np.timedelta64):
        value = _duration(value)
    return _cut(value if isinstance(value, str) else text_of_object(value), chars)


def number_text(value: float) -> str:
    """A finite number as JavaScript writes it, so that both languages write one text: 1.0 is ``1``."""
    text = repr(value)
    if "e" not in text:
        whole = text.removesuffix(".0")
        return "0" if whole == "-0" else whole
    sign, numbers, exponent = Decimal(text).normalize().as_tuple()
    assert isinstance(exponent, int)
    digits, minus = "".join(map(str, numbers)), "-" if sign and value else ""
    point = len(digits) + exponent
    if not value:
        return "0"
    if len(digits) <= point <= 21:
        return minus + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{minus}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{minus}{digits[0]}{fraction}e{point - 1:+d}"


def is_missing(value: Any) -> bool:
    """Whether a value is None, NaN, NaT or NA."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    if isinstance(value, str | int | Sequence | dict | set):
        return False
    try:
        return bool(value != value)
    except Exception:  # noqa: BLE001 - arrays, and whatever a user's class does
        return False


def text_of_object(value: Any) -> str:
    """Text of any object; never raises, and never writes out a collection of a million items."""
    try:
        if isinstance(value, bytes | bytearray):
            rest = " …" if len(value) > MOST_BYTES else ""
            return f"{len(value):,} bytes: {bytes(value[:MOST_BYTES]).hex(' ')}{rest}"
        if isinstance(value, list | tuple | set | frozenset | dict) and len(value) > MOST_ITEMS:
            some = itertools.islice(value.items() if isinstance(value, dict) else value, MOST_ITEMS)
            first = str(type(value)(some))
            return f"{first[:-1]}, … {len(value):,} items{first[-1:]}"
        return str(value)
    except Exception as error:  # noqa: BLE001 - a user's __str__ may raise anything
        return f"<{type(value).__name__}: its text raised {type(error).__name__}>"


def without_surrogates(text: str) -> str:
    """The text with what UTF-8 cannot write, half a character, replaced by U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _cut(text: str, chars: int) -> str:
    return without_surrogates(text if len(text) <= chars else text[:chars] + "…")


def _is_small(values: NDArray[Any]) -> bool:
    return int(values.max()) < EXACT_INTEGER and int(values.min()) > -EXACT_INTEGER


def _times(values: NDArray[Any]) -> list[Plain]:
    texts = np.datetime_as_string(values)
    return [
        None if missing else _trimmed(str(text))
        for text, missing in zip(texts, np.isnat(values), strict=True)
    ]


def _duration(value: np.timedelta64) -> object:
    """What pandas makes of a duration, ``0 days 01:00:00``; as it is where it has none of years."""
    try:
        return pd.Timedelta(value)
    except (ValueError, OverflowError):
        return value


def _trimmed(text: str) -> str:
    """``2024-01-01 10:00:00``, with as many digits of the second as it has."""
    whole, _, digits = text.partition(".")
    digits = digits.rstrip("0")
    return whole.replace("T", " ") + (f".{digits}" if digits else "")
