"""The selection parameters of a spec: which columns each selects by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from offdiagonal.charts.read import Spec, parts
from offdiagonal.charts.used import ESCAPED

Kind = Literal["point", "interval"]

PICK = "od_pick"
"""Name of a parameter that is added."""
FAINT = 0.3
"""Opacity of what a click on something else leaves out."""
DISCRETE = ("nominal", "ordinal")
UNITS = ("mark", "encoding")


@dataclass(frozen=True)
class Param:
    """A selection parameter; those that zoom and those of an input element are none."""

    name: str
    kind: Kind
    columns: tuple[str, ...]
    """Names of the columns it selects by; none where it selects single marks."""
    channels: tuple[str | None, ...]
    """The encoding of each."""
    unit: Spec
    """Where it is."""
    derived: str | None = None
    """What it selects by that is no column."""


def params_of(spec: Spec) -> list[Param]:
    """The selection parameters of a spec, each with the columns it selects by."""
    found = []
    for part, units in _owners(spec):
        for param in part.get("params", []):
            select = param.get("select")
            if select is None or param.get("bind") == "scales":
                continue
            select = {"type": select} if isinstance(select, str) else select
            views = param.get("views")
            own = [unit for unit in units if views is None or unit.get("name") in views] or units
            if own and select.get("type") in ("point", "interval"):
                found.append(_param(param["name"], select, own[0]))
    return found


def _owners(spec: Spec) -> Iterator[tuple[Spec, list[Spec]]]:
    for part in parts(spec):
        if isinstance(part.get("params"), list):
            yield part, units_of(part)


def units_of(spec: Spec) -> list[Spec]:
    """The parts of a spec that have a mark."""
    return [part for part in parts(spec) if "mark" in part and isinstance(part["mark"], str | dict)]


def _param(name: str, select: Spec, unit: Spec) -> Param:
    kind: Kind = select["type"]
    encoding = unit.get("encoding") or {}
    if select.get("fields"):
        columns = tuple(map(plain_name, select["fields"]))
        channels = tuple(_channel(encoding, column) for column in columns)
        return Param(name, kind, columns, channels, unit)
    usual = ("x", "y") if kind == "interval" else ()
    named = [
        channel
        for channel in select.get("encodings") or usual
        if isinstance(encoding.get(channel), dict) and "field" in encoding[channel]
    ]
    derived = [
        channel for channel in named if _is_derived(encoding[channel]) or not _is_name(encoding[channel])
    ]
    if derived:
        return Param(name, kind, (), (), unit, f"the {derived[0]} of the chart, which is computed")
    return Param(
        name, kind, tuple(plain_name(encoding[channel]["field"]) for channel in named), tuple(named), unit
    )


def plain_name(field: str) -> str:
    """The column that a field of a spec names, where dots and brackets are escaped."""
    return ESCAPED.sub(r"\1", field)


def _is_name(definition: Spec) -> bool:
    return isinstance(definition.get("field"), str)


def _is_derived(definition: Spec) -> bool:
    return "aggregate" in definition or "timeUnit" in definition


def _channel(encoding: Spec, column: str) -> str | None:
    """The encoding that shows a column as it is; x and y before colours."""
    shown = [
        channel
        for channel, definition in encoding.items()
        if isinstance(definition, dict)
        and _is_name(definition)
        and plain_name(definition["field"]) == column
        and not _is_derived(definition)
    ]
    return min(shown, key=lambda channel: channel not in ("x", "y"), default=None)


def add_param(spec: Spec, column: str, *, numbers: bool) -> Param | None:
    """Let a spec select by a column: a click where it has few values, a drag over numbers; None where it cannot.

    Parameters
    ----------
    spec
        Is changed.
    column
        Its name.
    numbers
        Whether it is of numbers or times.
    """
    found = [
        (unit, channel)
        for unit in units_of(spec)
        if (channel := _channel(unit.get("encoding") or {}, column)) is not None
    ]
    for unit, channel in found:
        definition = unit["encoding"][channel]
        drags = numbers and channel in ("x", "y") and definition.get("type") not in DISCRETE
        if drags:
            return _put(unit, channel, column, {"type": "interval", "encodings": [channel]})
    if numbers and not any(_clicks(unit, channel) for unit, channel in found):
        return None
    single = [unit for unit in units_of(spec) if not aggregates(unit)]
    places: list[tuple[Spec, str | None]] = [*found, *((unit, None) for unit in single)]
    if not places:
        return None
    return _put(*places[0], column, {"type": "point", "fields": [_escaped(column)]})


def _clicks(unit: Spec, channel: str) -> bool:
    definition = unit["encoding"][channel]
    return definition.get("type") in DISCRETE and "bin" not in definition


def aggregates(unit: Spec) -> bool:
    """Whether a mark stands for several rows."""
    composite = mark_of(unit) in ("boxplot", "errorbar", "errorband", "line", "area", "trail")
    return composite or any("aggregate" in part for part in parts(unit.get("encoding") or {}))


def mark_of(unit: Spec) -> str:
    """The kind of mark."""
    mark = unit["mark"]
    return str(mark.get("type") if isinstance(mark, dict) else mark)


def _put(unit: Spec, channel: str | None, column: str, select: Spec) -> Param:
    param = {"name": PICK, "select": select}
    unit["params"] = [*unit.get("params", []), param]
    encoding = unit.setdefault("encoding", {})
    mark = unit["mark"]
    opaque = not (isinstance(mark, dict) and ("opacity" in mark or "fillOpacity" in mark))
    if select["type"] == "point" and "opacity" not in encoding and opaque:
        usual = 0.7 if mark_of(unit) in ("point", "circle", "square", "tick") else 1
        encoding["opacity"] = {"condition": {"param": PICK, "value": usual}, "value": FAINT * usual}
    return Param(PICK, select["type"], (column,), (channel,), unit)


def _escaped(column: str) -> str:
    return "".join(f"\\{sign}" if sign in ".[]" else sign for sign in column)


def names_made(spec: Spec) -> set[str]:
    """What the transforms of a spec call their results."""
    made: set[str] = set()
    for part in parts(spec):
        given: Any = part.get("as")
        for name in given if isinstance(given, Sequence) and not isinstance(given, str) else [given]:
            if isinstance(name, str):
                made.add(name)
    return made
