"""How columns are called: every name shown is one string, and no two are the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from offdiagonal.table.encode import distinct_texts, identity, plain_value, python_of, text_of


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
    return [
        ColumnName(text, repr(text) if many[identity(one)] > 1 else python_of(plain_value(name), text))
        for name, one, text in zip(names, joined, texts, strict=True)
    ]


def python_name(name: Any) -> str:
    """A column's name as Python code writes it, as ``ColumnName.python`` does."""
    return python_of(plain_value(name), text_of(_joined(name)))


def _joined(name: Any) -> Any:
    return " / ".join(map(text_of, name)) if isinstance(name, tuple) else plain_value(name)
