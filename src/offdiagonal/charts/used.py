"""Which columns a spec names: only those are drawn, sent or saved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

TEXTS = {
    *("title", "subtitle", "description", "text", "label", "format"),
    *("$schema", "name", "views", "param", "mark", "type", "aggregate", "op", "timeUnit", "scheme", "orient"),
}
"""Keys whose strings are read by people, or name something else than a column."""
ESCAPED = re.compile(r"\\([.\[\]'\"\\])")


def used_columns(spec: Any, names: Iterable[str]) -> list[str]:
    """Those of some columns that a spec names, in a field or in an expression.

    An expression that puts a name together from pieces is not understood: that column is then missing in the chart.
    """
    names = list(names)
    words = [ESCAPED.sub(r"\1", word) for word in _strings(spec)]
    if _tells_all(spec):
        return names
    whole = set(words)
    return [name for name in names if name in whole or _within(name, words)]


def _within(name: str, words: list[str]) -> bool:
    """Whether a name stands in an expression, or before a dot, as a word of its own."""
    found = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return any(len(word) > len(name) and found.search(word) for word in words)


def _tells_all(spec: Any) -> bool:
    """Whether a tooltip shows all that is known of a row."""
    if isinstance(spec, list):
        return any(map(_tells_all, spec))
    if not isinstance(spec, dict):
        return False
    tooltip = spec.get("tooltip")
    if isinstance(tooltip, dict) and tooltip.get("content") == "data":
        return True
    return any(_tells_all(value) for value in spec.values())


def _strings(spec: Any, key: str = "") -> Iterator[str]:
    if isinstance(spec, str):
        yield spec
    elif isinstance(spec, list):
        for item in spec:
            yield from _strings(item, key)
    elif isinstance(spec, dict):
        for own, value in spec.items():
            if own in TEXTS and not isinstance(value, dict):
                continue
            yield from _strings(value, own)
