"""A chart as the user holds it: an Altair chart or the dict of a spec. Altair itself is not imported for it."""

from __future__ import annotations

import copy
import json
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from offdiagonal.errors import ChartError

Spec = dict[str, Any]

MARKS = ("mark", "layer", "hconcat", "vconcat", "concat", "facet", "repeat", "spec")
TRANSFORMER = "offdiagonal"
GENERATED = ("sequence", "sphere", "graticule")
"""Data that Vega makes by itself."""


@dataclass(frozen=True)
class Read:
    """A spec whose rows stand beside it."""

    spec: Spec
    data: dict[str, Any]
    """By the name that the spec has for them: tables of any kind, and lists of dicts."""


def is_chart(given: Any) -> bool:
    """Whether something is a chart: by what it looks like, so that Altair need not be there."""
    if isinstance(given, Mapping):
        return any(key in given for key in MARKS) or "vega-lite" in str(given.get("$schema", ""))
    return hasattr(given, "to_dict") and hasattr(given, "_schema")


def read_chart(given: Any, table: Any) -> Read:
    """The spec of a chart with its rows put aside.

    Parameters
    ----------
    given
        An Altair chart, or the dict of a Vega-Lite spec.
    table
        What a chart without data is drawn over.

    Raises
    ------
    ChartError
        If it is neither, has data at an address, or holds beside its rows what JSON cannot.
    """
    if not is_chart(given):
        raise ChartError(
            f"a chart is an altair.Chart or the dict of a Vega-Lite spec, not {type(given).__name__}"
            + ("; to_dict() of an older Altair may give one" if hasattr(given, "to_dict") else "")
        )
    data: dict[str, Any] = {}
    spec = copy.deepcopy(dict(given)) if isinstance(given, Mapping) else _of_altair(given, table, data)
    if "vega-lite" not in str(spec.get("$schema", "vega-lite")):
        raise ChartError(f"the spec is of {spec['$schema']}; a linked chart is a Vega-Lite spec")
    datasets = spec.pop("datasets", None) or {}
    for key in ("usermeta", "$schema"):
        spec.pop(key, None)
    for part in list(parts(spec)):
        if "data" in part:
            _put_aside(part, datasets, data)
    if spec.get("data") is None and not data:
        data["rows"] = table
        spec["data"] = {"name": "rows"}
    return Read(_plain(spec), data)


def _plain(spec: Spec) -> Spec:
    """The spec as JSON has it, which the browser and Vega get."""
    try:
        plain: Spec = json.loads(json.dumps(spec, allow_nan=False))
    except (TypeError, ValueError) as error:
        found = next(_odd(spec, ()), str(error))
        raise ChartError(
            f"the chart's spec has {found}, which JSON cannot hold; use lists and numbers (array.tolist()), "
            "None for what is missing, and texts for times"
        ) from error
    return plain


def _odd(part: Any, path: tuple[str, ...]) -> Iterator[str]:
    """What is neither an object, a list, a text nor a finite number, and where."""
    at = f" at {'.'.join(path)}" if path else ""
    if isinstance(part, dict):
        for key, value in part.items():
            if not isinstance(key, str | int | float | None):
                yield f"the key {str(key)[:40]} of type {type(key).__name__}{at}"
            yield from _odd(value, (*path, str(key)))
    elif isinstance(part, list | tuple):
        for number, value in enumerate(part):
            yield from _odd(value, (*path, str(number)))
    elif isinstance(part, float) and not math.isfinite(part):
        yield f"{part}{at}"
    elif not isinstance(part, str | int | float | None):
        yield f"a value of type {type(part).__name__}{at}"


def parts(spec: Any) -> Iterator[dict[str, Any]]:
    """All objects of a spec, the outer ones first."""
    if isinstance(spec, list):
        for item in spec:
            yield from parts(item)
    elif isinstance(spec, dict):
        yield spec
        for key, value in spec.items():
            if key not in ("data", "datasets"):
                yield from parts(value)


def _put_aside(part: Spec, datasets: Mapping[str, Any], data: dict[str, Any]) -> None:
    own = part["data"]
    if not isinstance(own, dict) or any(key in own for key in GENERATED):
        return
    if "url" in own:
        raise ChartError(
            f"the chart reads its data from {str(own['url'])[:80]!r}, and nothing is loaded; "
            "give the chart the table itself: alt.Chart(frame)"
        )
    name = own.get("name")
    rows = own.get("values", datasets.get(name) if name is not None else None)
    if rows is None and name not in data:
        raise ChartError(f"the chart's data are called {name!r}, and it has none of that name")
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        called = str(name) if name is not None else f"values-{len(data)}"
        data[called] = rows
        part["data"] = {"name": called}
    elif rows is not None:  # a text to be parsed, or a list of numbers: no table of examples
        part["data"] = {key: value for key, value in own.items() if key != "name"} | {"values": rows}


def _of_altair(chart: Any, table: Any, data: dict[str, Any]) -> Spec:
    """The spec that Altair makes; its own way with data, which has a limit and may write files, is set aside."""
    known: dict[int, str] = {}

    def aside(rows: Any = None, **_: Any) -> dict[str, Any]:
        if id(rows) not in known:
            known[id(rows)] = f"rows-{len(known)}"
            data[known[id(rows)]] = rows
        return {"name": known[id(rows)]}

    altair = sys.modules[type(chart).__module__.partition(".")[0]]
    if type(getattr(chart, "data", None)).__name__ == "UndefinedType" and hasattr(chart, "mark"):
        chart = chart.copy(deep=False)
        chart.data = table
    altair.data_transformers.register(TRANSFORMER, aside)
    try:
        with altair.data_transformers.enable(TRANSFORMER):
            return dict(chart.to_dict())
    finally:
        altair.data_transformers.register(TRANSFORMER, None)
