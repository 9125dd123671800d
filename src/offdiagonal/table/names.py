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
    own = [" / ".join(map(text_of, name)) if isinstance(name, tuple) else plain_value(name) for name in names]
    many = Counter(map(identity, own))
    texts = distinct_texts(own)
    told = {
        f"{many[identity(name)]} columns are called {text_of(name)!r}: the later ones have numbers behind their name"
        for name, secret in zip(own, private, strict=True)
        if many[identity(name)] > 1 and not secret
    }
    notes.extend(sorted(told))
    return [
        ColumnName(text, python_of(name, text) if many[identity(joined)] == 1 else repr(text))
        for name, joined, text in zip(names, own, texts, strict=True)
    ]
