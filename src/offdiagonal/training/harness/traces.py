"""The traces of one forward pass of two runs, side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

Line = Mapping[str, Any]
COLUMNS = ("module", "kind", "shape", "dtype", "low", "high")
OUTPUT = "(output)"
"""The whole model, as hooks call it."""
FACTOR = 4.0
"""Ranges whose widths differ by more are told: less comes of other weights."""


def aligned(first: Sequence[Line], second: Sequence[Line]) -> list[tuple[Line | None, Line | None]]:
    """The modules of both in order, in pairs; None where one has none.

    Those of one name are a pair; between them, those of one kind in the order of their calls.
    """
    found: list[tuple[Line | None, Line | None]] = []
    for how, one, other in _blocks(first, second, "module"):
        pairs = [("equal", one, other)] if how == "equal" else _blocks(one, other, "kind")
        for same, left, right in pairs:
            if same == "equal":
                found += zip(left, right, strict=True)
                continue
            found += [(line, None) for line in left]
            found += [(None, line) for line in right]
    return found


def _blocks(
    first: Sequence[Line], second: Sequence[Line], by: str
) -> list[tuple[str, Sequence[Line], Sequence[Line]]]:
    """Parts of both in order, and whether they agree in what they are matched by."""
    texts = [str(line.get(by)) for line in first], [str(line.get(by)) for line in second]
    matcher = SequenceMatcher(None, *texts, autojunk=False)
    return [(how, first[a:b], second[c:d]) for how, a, b, c, d in matcher.get_opcodes()]


def renamed(first: Sequence[Line], second: Sequence[Line]) -> list[tuple[str, str]]:
    """The names of the pairs that have two."""
    names = [
        (str(one["module"]), str(other["module"]))
        for one, other in aligned(first, second)
        if one is not None and other is not None
    ]
    return [(one, other) for one, other in names if one != other]


def name(one: Line | None, other: Line | None) -> str:
    """What the modules of a pair are called: both, where that differs."""
    names = dict.fromkeys(str(line["module"]) for line in (one, other) if line is not None)
    return " / ".join(names)


def differences(first: Sequence[Line], second: Sequence[Line]) -> list[dict[str, str]]:
    """Where the second differs: modules that are one's alone, shapes, types, and ranges by more than fourfold."""
    return [row for one, other in aligned(first, second) for row in told(one, other)]


def told(one: Line | None, other: Line | None) -> list[dict[str, str]]:
    """What differs in one module."""
    if one is not None and other is not None:
        return _line(one, other)
    return [_row(name(one, other), "module", *(_text(line) if line else "–" for line in (one, other)))]


def width(line: Line | None) -> float:
    """Of the range; NaN where there is none."""
    return math.nan if line is None else _end(line, "high") - _end(line, "low")


def _line(one: Line, other: Line) -> list[dict[str, str]]:
    found = [
        _row(name(one, other), what, f"{one.get(what)}", f"{other.get(what)}")
        for what in ("kind", "shape", "dtype")
        if _plain(one.get(what)) != _plain(other.get(what))
        and not (what == "kind" and one["module"] == OUTPUT)  # the class of the whole model is but a name
    ]
    if _apart(one, other):
        found.append(_row(name(one, other), "range", _range(one), _range(other)))
    return found


def _apart(one: Line, other: Line) -> bool:
    ends = [_end(line, side) for line in (one, other) for side in ("low", "high")]
    if not all(map(math.isfinite, ends)):
        return str(ends[:2]) != str(ends[2:])
    low, high = sorted((width(one), width(other)))
    outside = max(ends[0], ends[2]) > min(ends[1], ends[3])  # the ranges have nothing in common
    return outside or (high > FACTOR * low and high > 1e-12)


def _end(line: Line, side: str) -> float:
    value = line.get(side)
    return float(value) if isinstance(value, int | float) else math.nan


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _range(line: Line) -> str:
    return f"{_end(line, 'low'):.3g} to {_end(line, 'high'):.3g}"


def _text(line: Line) -> str:
    return f"{line.get('kind', '')} {line.get('shape', '')}".strip()


def _row(module: str, what: str, first: str, second: str) -> dict[str, str]:
    return {"module": module, "what": what, "first": first, "second": second}
