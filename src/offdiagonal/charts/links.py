"""From the selection parameters of a chart to the fields of a selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offdiagonal.charts.params import Kind, Param, add_param, names_made, params_of
from offdiagonal.charts.read import Spec
from offdiagonal.charts.rows import Rows, names_of, place_of, private_names
from offdiagonal.engine import Engine
from offdiagonal.errors import ChartError
from offdiagonal.table.plain import Plain
from offdiagonal.table.roles import why_no_field

Side = Literal["label", "prediction"]
SIDES: tuple[Side, ...] = ("label", "prediction")


@dataclass(frozen=True, eq=False)
class LinkField:
    """A column that a parameter selects by."""

    column: str
    key: str
    """The field of the selection: ``c3``, or ``cell``."""
    channel: str | None
    kind: Literal["category", "number", "time"]
    side: Side | None = None
    values: tuple[tuple[Plain, int], ...] = ()
    """Of a column of few values each value as the chart has it, and its code."""


@dataclass(frozen=True, eq=False)
class Link:
    """A parameter whose selection is one of ours."""

    name: str
    kind: Kind
    fields: tuple[LinkField, ...]
    unit: Spec


def params_linked(
    spec: Spec, engine: Engine, tables: Sequence[Rows], names: Sequence[str], field: Any
) -> tuple[list[Link], list[str]]:
    """The parameters that select by columns of the Evaluation; and what is said of the others.

    Parameters
    ----------
    spec
        A parameter is added to it where a field is given that none selects by.
    engine
        The Evaluation.
    tables
        The rows of the chart.
    names
        All columns of those.
    field
        The column that it shall select by; None: what the parameters name.

    Raises
    ------
    ChartError
        If it cannot select by the field, or a parameter names a column that does not exist.
    """
    params = params_of(spec)
    if field is not None:
        return [_by_field(spec, engine, tables, names, params, field)], []
    links, notes = [], []
    for param in params:
        why = _why_not(param, engine, tables, names, spec)
        if why is not None:
            notes.append(f"{_called(param)} selects in this chart alone: {why}")
            continue
        fields = [
            link_field(engine, tables, *pair) for pair in zip(param.columns, param.channels, strict=True)
        ]
        links.append(Link(param.name, param.kind, tuple(f for f in fields if f is not None), param.unit))
    return links, notes


def _by_field(
    spec: Spec,
    engine: Engine,
    tables: Sequence[Rows],
    names: Sequence[str],
    params: Sequence[Param],
    field: Any,
) -> Link:
    column = _column_of(engine, names, field)
    linked = link_field(engine, tables, column, None)
    if linked is None:
        raise ChartError(f"the chart cannot select by {column!r}: {_why_no_field(engine, column)}")
    found = next((param for param in params if param.columns == (column,)), None)
    found = found or add_param(spec, column, numbers=linked.kind != "category")
    if found is None:
        how = "x or y" if linked.kind != "category" else "x, y, color or detail"
        raise ChartError(
            f"the chart cannot select by {column!r}, because none of its marks shows it as it is; encode it as {how}"
        )
    own = link_field(engine, tables, column, found.channels[0])
    assert own is not None
    return Link(found.name, found.kind, (own,), found.unit)


def _column_of(engine: Engine, names: Sequence[str], field: Any) -> str:
    """The column of a name; label and prediction also go by what they are."""
    name = str(field)
    if name in names:
        return name
    source = engine.table.source
    held = [place for place, role in engine.table.hidden.items() if role == name]
    if held and str(source.names[held[0]]) in names:
        return str(source.names[held[0]])
    raise ChartError.unknown("column", field, _public(engine, names))


def _public(engine: Engine, names: Sequence[str]) -> list[str]:
    """The columns that an error may name."""
    private = private_names(engine.table)
    return [name for name in names if name not in private]


def _called(param: Param) -> str:
    return "a parameter" if param.name.startswith("param_") else f"the parameter {param.name!r}"


def _why_not(
    param: Param, engine: Engine, tables: Sequence[Rows], names: Sequence[str], spec: Spec
) -> str | None:
    """Why a parameter cannot be linked; None where it can."""
    if param.derived is not None:
        return f"it selects by {param.derived}"
    if not param.columns:
        return "it selects single marks; name columns, such as fields=['source']"
    made = names_made(spec)
    for column in param.columns:
        if column in names:
            if link_field(engine, tables, column, None) is None:
                return _why_no_field(engine, column)
        elif column in made:
            return f"{column!r} is computed in the chart"
        else:
            raise ChartError.unknown(
                f"{_called(param)} selects by a column that is not there: column",
                column,
                _public(engine, names),
            )
    return None


def _why_no_field(engine: Engine, column: str) -> str:
    source = engine.table.source
    place = place_of(source, column)
    why = None if place is None else why_no_field(engine.table, source.names[place])
    return why or f"{column!r} is no column of the Evaluation"


def link_field(engine: Engine, tables: Sequence[Rows], column: str, channel: str | None) -> LinkField | None:
    """How a column of the chart is selected by; None where it cannot be."""
    table, meta = engine.table, engine.meta
    place = place_of(table.source, column)
    if place is None:
        return None
    field = next((field for field in meta.fields if field.key == f"c{place}"), None)
    if field is not None and field.key not in table.lengths:
        values = _values(tables, column, engine.codes[field.key]) if field.kind == "category" else ()
        return LinkField(column, field.key, channel, field.kind, None, values)
    classes = meta.model or meta.loss is None
    side = next((side for side in SIDES if table.hidden.get(place) == side), None)
    if side is None or not classes:
        return None
    return LinkField(column, "cell", channel, "category", side, _values(tables, column, engine.codes[side]))


def _values(tables: Sequence[Rows], column: str, codes: NDArray[Any]) -> tuple[tuple[Plain, int], ...]:
    """Each value of a column as the chart has it, and the code of its rows."""
    found: dict[tuple[str, Plain], int] = {}
    for rows in tables:
        if column not in names_of(rows.source):
            continue
        values = rows.values(column)
        own = codes[rows.at]
        _, first = np.unique(own, return_index=True)
        for row in first.tolist():
            found.setdefault((type(values[row]).__name__, values[row]), int(own[row]))
    return tuple((value, code) for (_, value), code in found.items())
