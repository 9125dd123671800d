"""How columns are called: every name shown is one string, and no two are the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from offdiagonal.table.encode import (
    EMPTY_TEXT,
    TEXT_CHARS,
    distinct_texts,
    identity,
    plain_value,
    python_of,
    text_of,
)
from offdiagonal.table.plain import without_surrogates


@dataclass(frozen=True)
class ColumnName:
    """A column's name as it is shown, and as Python code writes it."""

    text: str
    python: str


def column_names(names: Sequence[Any], private: Sequence[bool], notes: list[str]) -> list[ColumnName]:
    """Names of columns, whatever the user's own are: numbers, tuples, nothing, the same twice.

    Parameters
    ----------
    names
        The user's own.
    private
        Which of them no note may tell.
    notes
        Gets a note where names are shown otherwise than they are.

    Examples
    --------
    >>> [name.text for name in column_names(["a", "a", 1, ("x", "y")], [False] * 4, [])]
    ['a', 'a (2)', '1', 'x / y']
    """
    joined = [_joined(name) for name in names]
    many = Counter(map(identity, joined))
    texts = distinct_texts(joined)
    told = {
        f"{many[identity(name)]} columns are called {text_of(name)!r}: the later ones have numbers behind their name"
        for name, secret in zip(joined, private, strict=True)
        if many[identity(name)] > 1 and not secret
    }
    notes.extend(sorted(told))
    public = [name for name, secret in zip(names, private, strict=True) if not secret]
    notes.extend(_shown_otherwise(public))
    return [
        ColumnName(text, repr(text) if many[identity(one)] > 1 else python_of(plain_value(name), text))
        for name, one, text in zip(names, joined, texts, strict=True)
    ]


def _shown_otherwise(names: Sequence[Any]) -> list[str]:
    """Notes on names that cannot be shown as they are."""
    texts = [name for name in names if isinstance(name, str)]
    ways: dict[str, list[Any]] = {
        "column names of several levels are shown joined": [n for n in names if isinstance(n, tuple)],
        f"a column whose name is blank is shown as {EMPTY_TEXT}": [n for n in texts if not n.strip()],
        "column names with half a character, a lone surrogate, are shown with an escape": [
            n for n in texts if without_surrogates(n) is not n
        ],
        f"column names of more than {TEXT_CHARS} characters are shown cut": [
            n for n in texts if len(n) > TEXT_CHARS
        ],
    }
    return [
        what if EMPTY_TEXT in what else f"{what}: {_listed(found)}" for what, found in ways.items() if found
    ]


def _listed(names: Sequence[Any], most: int = 3) -> str:
    shown = ", ".join(repr(text_of(_joined(name))[:40]) for name in names[:most])
    return f"{shown} ..." if len(names) > most else shown


def python_name(name: Any) -> str:
    """A column's name as Python code writes it, as ``ColumnName.python`` does."""
    return python_of(plain_value(name), text_of(_joined(name)))


def _joined(name: Any) -> Any:
    return " / ".join(map(text_of, name)) if isinstance(name, tuple) else plain_value(name)
