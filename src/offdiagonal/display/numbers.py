"""Histograms of many bins and pairs of numbers: what live views ask for, and what of them is saved."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.engine import Numbers
from offdiagonal.errors import MessageError

MOST_POINTS = 3_000
"""Rows that a scatter draws one by one; more are drawn as counts in bins."""
MOST_SAVED = 20
"""Columns whose fine bins are saved with a distribution, and the one that it was asked for."""

Answer = tuple[dict[str, Any], list[bytes]]


def histogram_answer(numbers: Numbers, content: Mapping[str, Any], clauses: Sequence[Clause]) -> Answer:
    """How many of the selected rows are in each fine bin of a column."""
    key, log = _key(numbers, content, "column"), _log(content.get("log"))
    axis = numbers.axis(key, log)
    if axis is None:
        return {"type": "histogram", "axis": None, "counts": []}, []
    counts = numbers.histogram(key, axis, clauses)
    return {"type": "histogram", "axis": dataclasses.asdict(axis), "counts": counts.tolist()}, []


def pairs_answer(numbers: Numbers, content: Mapping[str, Any], clauses: Sequence[Clause]) -> Answer:
    """The selected rows over two columns: few as points, many as counts."""
    keys = _key(numbers, content, "x"), _key(numbers, content, "y")
    found = numbers.pairs(keys, clauses, (_log(content.get("log_x")), _log(content.get("log_y"))))
    if found is None:
        return {"type": "pairs", "axes": None}, []
    axes = [dataclasses.asdict(axis) for axis in (found.x, found.y)]
    answer = {"type": "pairs", "axes": axes, "missing": found.missing, "cells": _sparse(found.cells())}
    x, y, hue = found.points
    if len(hue) > MOST_POINTS:
        return answer, []
    return answer, [np.ascontiguousarray(part).tobytes() for part in (x, y, hue)]


def saved_numbers(
    numbers: Numbers, views: Sequence[str], options: Mapping[str, Any], split: Sequence[Clause]
) -> dict[str, Any]:
    """Of all rows of the split, and of no private column: what an island draws without a kernel."""
    public = {key for key, field in numbers.fields.items() if field is None or not field.private}
    saved: dict[str, Any] = {}
    if "distribution" in views:
        own = options.get("column")
        listed = [key for key, field in numbers.fields.items() if key in public and field is not None]
        keys = dict.fromkeys([*([own] if own in public else []), *listed[:MOST_SAVED]])
        saved["fine"] = {key: _both(numbers, str(key), split) for key in keys}
    if "scatter" in views and {options["x"], options["y"]} <= public:
        found = numbers.pairs((options["x"], options["y"]), split)
        if found is not None:
            axes = [dataclasses.asdict(axis) for axis in (found.x, found.y)]
            saved["pairs"] = {"axes": axes, "missing": found.missing, "cells": _sparse(found.cells())}
    return saved


def _both(numbers: Numbers, key: str, split: Sequence[Clause]) -> list[dict[str, Any]]:
    """The usual axis with its counts, and the other one where there is a choice."""
    first = numbers.axis(key)
    axes = [first, numbers.axis(key, not first.log)] if first and first.decades else [first]
    return [
        dataclasses.asdict(axis) | {"counts": numbers.histogram(key, axis, split).tolist()}
        for axis in axes
        if axis is not None
    ]


def _sparse(cells: NDArray[np.int64]) -> list[list[int]]:
    """Where there are counts, each as far behind the one before, and what they are."""
    flat = cells.reshape(-1)
    places = np.flatnonzero(flat)
    return [np.diff(places, prepend=0).tolist(), flat[places].tolist()]


def _key(numbers: Numbers, content: Mapping[str, Any], part: str) -> str:
    key = content.get(part)
    if not isinstance(key, str) or key not in numbers.fields:
        raise MessageError(f"there are no numbers called {str(key)[:80]!r}")
    return key


def _log(given: Any) -> bool | None:
    return given if isinstance(given, bool) else None
