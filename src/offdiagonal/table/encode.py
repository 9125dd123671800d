"""Values to integer codes: once, so that everything after it is arithmetic on small integers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Codes = NDArray[np.unsignedinteger[Any]]

MISSING_TEXT = "(missing)"
EMPTY_TEXT = "(empty)"
TEXT_CHARS = 200
"""Class, level and column names are shown up to here; the values themselves are kept whole."""
MOST_BITS = 8 * TEXT_CHARS
"""An integer of so many has more digits than are written; Python refuses to write very long ones."""

UNIFORM = {
    *("string", "bytes", "boolean", "integer", "floating", "mixed-integer-float", "decimal", "empty"),
    *("date", "datetime", "time", "timedelta"),
}
"""Kinds of object arrays (pandas' names) in which equal values are the same value: no True beside 1."""


def smallest(codes: NDArray[Any], size: int) -> Codes:
    """Codes in the smallest unsigned type that holds ``size`` values."""
    kind = np.uint8 if size <= 1 << 8 else np.uint16 if size <= 1 << 16 else np.uint32
    return codes.astype(kind)


def factorize(values: NDArray[Any]) -> tuple[NDArray[np.int64], list[Any]]:
    """Codes and distinct values, as plain Python values in sorted order; missing values have code -1.

    Numbers are equal by value (1 and 1.0), but never to a bool (1 and True) or to text (1 and "1").

    Raises
    ------
    TypeError
        If a value is not hashable.
    """
    if values.dtype == object and object_kind(values) not in UNIFORM:
        codes, distinct = _factorize_mixed(values)
    else:
        codes, seen = pd.factorize(values, use_na_sentinel=True)
        distinct = [plain_value(value) for value in seen]
    order = sorted_positions(distinct)
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[np.asarray(order, dtype=np.int64)] = np.arange(len(order))
    rank[-1] = -1
    return rank[codes], [distinct[i] for i in order]


def object_kind(values: NDArray[Any]) -> str:
    """What pandas takes an array of objects for."""
    return str(pd.api.types.infer_dtype(values, skipna=True))


def _factorize_mixed(values: NDArray[Any]) -> tuple[NDArray[np.int64], list[Any]]:
    found: dict[Any, int] = {}
    distinct: list[Any] = []
    codes = np.full(len(values), -1, dtype=np.int64)
    for row in np.flatnonzero(~pd.isna(values)):
        value = plain_value(values[row])
        code = found.setdefault(identity(value), len(distinct))
        if code == len(distinct):
            distinct.append(value)
        codes[row] = code
    return codes, distinct


def identity(value: Any) -> Any:
    """What two values must share to be one: their value, and whether they are bools."""
    return (isinstance(value, bool | np.bool_), value)


def plain_value(value: Any) -> Any:
    """A numpy scalar as the Python value that reads the same; other values as they are."""
    if isinstance(value, np.float16 | np.float32):
        return short_float(value)
    if isinstance(value, np.datetime64):
        return pd.Timestamp(value)
    if isinstance(value, np.timedelta64):
        return pd.Timedelta(value)
    return value.item() if isinstance(value, np.generic) else value


def short_float(value: np.floating[Any]) -> float:
    """A small float by its shortest digits, 0.1 rather than 0.10000000149011612; a whole number as it is."""
    exact = float(value)
    return exact if exact.is_integer() else float(str(value))


def sorted_positions(values: Sequence[Any]) -> list[int]:
    """Where the values stand in sorted order; values of several kinds are sorted by kind, then by text."""
    kinds = {type(value) for value in values}
    if kinds <= {int, float} or (len(kinds) == 1 and kinds != {frozenset}):  # < of sets means being a subset
        try:
            return sorted(range(len(values)), key=lambda i: values[i])
        except Exception:  # noqa: BLE001, S110 - a class of the user's may raise anything
            pass
    return sorted(range(len(values)), key=lambda i: (type(values[i]).__name__, text_of(values[i])))


def factorize_few(
    values: NDArray[Any], most: int, sample: int = 4096
) -> tuple[NDArray[np.int64], list[Any]] | None:
    """Codes and values as ``factorize`` gives them, or None where there are more than ``most`` different values.

    A sample is looked at first, so a column of long texts is cheap. Missing values do not count; where some cannot
    be hashed the answer is None.
    """
    step = len(values) // sample
    try:
        if step > 1 and len(pd.factorize(values[::step])[1]) > most:
            return None
        codes, distinct = factorize(values)
    except (TypeError, ValueError):
        return None
    return (codes, distinct) if len(distinct) <= most else None


def text_of(value: Any) -> str:
    """How a value reads in the interface."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    try:
        text = str(value)
    except Exception as error:  # noqa: BLE001 - a class of the user's may raise anything
        text = f"<{type(value).__name__}: its text raised {type(error).__name__}>"
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    if not text.strip():
        return EMPTY_TEXT
    return text if len(text) <= TEXT_CHARS else text[:TEXT_CHARS] + "…"


def distinct_texts(values: Sequence[Any], taken: Iterable[str] = ()) -> list[str]:
    """How values read, no two the same: values of several types get their type, others a number, behind them.

    Examples
    --------
    >>> distinct_texts([1, "1", "a"])
    ['1 (int)', '1 (str)', 'a']
    """
    texts = [text_of(value) for value in values]
    kinds: dict[str, set[str]] = {text: {""} for text in taken}
    for text, value in zip(texts, values, strict=True):
        kinds.setdefault(text, set()).add(type(value).__name__)
    typed = [
        f"{text} ({type(value).__name__})" if len(kinds[text]) > 1 else text
        for text, value in zip(texts, values, strict=True)
    ]
    return numbered(typed, taken)


def numbered(texts: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """The texts, with (2), (3) ... behind those that occurred before."""
    seen = set(taken)
    own = set(texts)
    found: list[str] = []
    for text in texts:
        unique, count = text, 2
        while unique in seen or (count > 2 and unique in own):
            unique, count = f"{text} ({count})", count + 1
        seen.add(unique)
        found.append(unique)
    return found


def python_of(value: Any, text: str) -> str:
    """A Python expression for a value: its literal where there is one, else its text, which selects it too."""
    written = repr(value) if _is_literal(value) else ""
    return written if 0 < len(written) <= 2 * TEXT_CHARS else repr(text)


def _is_literal(value: Any) -> bool:
    """Whether what ``repr`` writes of it is a literal of the same value: of these very types, not of their heirs."""
    if type(value) is tuple:
        return all(map(_is_literal, value))
    if type(value) is float:
        return math.isfinite(value)
    if type(value) is int:
        return value.bit_length() < MOST_BITS
    return type(value) in (str, bytes, bool, type(None))


def literals(values: Sequence[Any], texts: Sequence[str]) -> list[str]:
    """The Python expressions of distinct values."""
    return [python_of(value, text) for value, text in zip(values, texts, strict=True)]
