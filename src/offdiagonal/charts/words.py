"""What a chart is called, and what it shows in words."""

from __future__ import annotations

from typing import Any

from offdiagonal.charts.params import mark_of, units_of
from offdiagonal.charts.read import Spec

SHOWN = ("x", "y", "color", "size", "shape", "text", "theta", "row", "column", "facet")
MOST_UNITS = 3


def title_taken(spec: Spec) -> tuple[Spec, str]:
    """The spec without its title, which stands above the chart as those of the other views do; and the title."""
    title = spec.get("title")
    if isinstance(title, dict) and not set(title) - {"text"}:
        title = title.get("text")
    if isinstance(title, list):
        title = " ".join(map(str, title))
    if not isinstance(title, str) or not title.strip():
        return spec, ""
    return {key: value for key, value in spec.items() if key != "title"}, title.strip()


def described(spec: Spec) -> str:
    """The description that its maker gave, else marks and what their encodings show."""
    given = spec.get("description")
    if isinstance(given, str) and given.strip():
        return given.strip()
    units = units_of(spec)
    texts = [_unit(unit, spec) for unit in units[:MOST_UNITS]]
    more = f", and {len(units) - MOST_UNITS} more" if len(units) > MOST_UNITS else ""
    return "; ".join(dict.fromkeys(texts)) + more


def _unit(unit: Spec, spec: Spec) -> str:
    encoding = {**(spec.get("encoding") or {}), **(unit.get("encoding") or {})}
    shown = [f"{channel} {text}" for channel in SHOWN if (text := _text(encoding.get(channel))) is not None]
    return f"{mark_of(unit)}: {', '.join(shown)}" if shown else mark_of(unit)


def _text(definition: Any) -> str | None:
    if not isinstance(definition, dict):
        return None
    if isinstance(definition.get("condition"), dict) and "field" not in definition:
        definition = definition["condition"]
    field, aggregate = definition.get("field"), definition.get("aggregate")
    if isinstance(aggregate, str):
        return f"{aggregate} of {field}" if isinstance(field, str) else aggregate
    return field if isinstance(field, str) else None
