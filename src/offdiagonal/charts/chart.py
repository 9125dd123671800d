"""A user's chart as a linked view: its spec, which rows its marks are of, and what its parameters select by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from offdiagonal.charts.links import Link, LinkField, Side, params_linked
from offdiagonal.charts.params import aggregates, units_of
from offdiagonal.charts.read import Spec, parts, read_chart
from offdiagonal.charts.rows import Rows, names_of, private_names, read_rows
from offdiagonal.charts.used import used_columns
from offdiagonal.charts.words import described, title_taken
from offdiagonal.clauses import Clause
from offdiagonal.engine import Engine
from offdiagonal.errors import ChartError
from offdiagonal.table.matching import rows_of
from offdiagonal.table.source import Source
from offdiagonal.table.table import Table

__all__ = ["Chart", "Drawn", "Link", "LinkField", "Side", "make_chart"]

CONCATS = ("hconcat", "vconcat", "concat")


@dataclass(frozen=True)
class Drawn:
    """A data source of the spec: rows of one of the tables, under all clauses but those of its own fields."""

    name: str
    rows: int
    """Which of the tables."""
    own: tuple[str, ...]

    def clauses(self, clauses: Sequence[Clause]) -> list[Clause]:
        """Those that decide which rows are drawn."""
        return [clause for clause in clauses if clause.field not in self.own]


@dataclass(frozen=True, eq=False)
class Chart:
    """What is drawn, of which rows, and what a click or a drag in it selects."""

    given: Any
    """As the user made it."""
    spec: Spec
    """Without the rows that are linked: they have a name there."""
    rows: tuple[Rows, ...]
    drawn: tuple[Drawn, ...]
    links: tuple[Link, ...]
    notes: tuple[str, ...]
    """What of it is not linked, and why."""
    private: bool
    """Whether it names a private column: then it is drawn live only."""
    title: str
    about: str
    """In words, for who cannot see it."""

    @property
    def marks(self) -> int:
        """About how many marks it has: one a row, unless all of them stand for several."""
        single = any(not aggregates(unit) for unit in units_of(self.spec))
        return self.n if single else 0

    @property
    def n(self) -> int:
        """How many rows it draws when nothing is selected."""
        return sum(len(rows.at) for rows in self.rows)


def make_chart(given: Any, engine: Engine, field: Any = None) -> Chart:
    """Link a chart to the rows of an Evaluation.

    Parameters
    ----------
    given
        An Altair chart, or the dict of a Vega-Lite spec; over the table of the Evaluation or some of its rows.
    engine
        The Evaluation.
    field
        The column that it selects by; default: what its selection parameters name.

    Raises
    ------
    ChartError
        If its rows are not those of the Evaluation, or it cannot select by the column.
    """
    table = engine.table
    read = read_chart(given, table.source.without(set()))
    spec, title = title_taken(read.spec)
    tables, others = _tables(spec, read.data, table)
    names = list(dict.fromkeys(name for rows in tables.values() for name in names_of(rows.source)))
    links, notes = params_linked(spec, engine, list(tables.values()), names, field)
    if field is not None:  # a click selects by a column that the chart may not have named before
        tables = {name: replace(rows, names=_used(spec, rows.source)) for name, rows in tables.items()}
    drawn = tuple(_name_rows(spec, list(tables), links))
    private = _names_private(spec, table, [*(rows.source for rows in tables.values()), *others.values()])
    static = {
        name: Rows(source, np.arange(source.n), tuple(names_of(source)), None).dicts()
        for name, source in others.items()
    }
    looked_up = {name: tables[name].dicts() for name in _looked_up(spec) if name in tables}
    if static or looked_up:
        spec["datasets"] = static | looked_up
    if others:
        notes = [*notes, f"not filtered: {len(others)} of its {len(read.data)} tables, of other rows"]
    return Chart(
        given=given,
        spec=spec,
        rows=tuple(tables.values()),
        drawn=drawn,
        links=tuple(links),
        notes=tuple(notes),
        private=private,
        title=title,
        about=described(spec),
    )


def _tables(spec: Spec, data: Mapping[str, Any], table: Table) -> tuple[dict[str, Rows], dict[str, Source]]:
    """Of the tables of a chart those that hold rows of the Evaluation, and the others."""
    tables: dict[str, Rows] = {}
    others: dict[str, Source] = {}
    why = ChartError("the chart draws no rows; make it of the table that the Evaluation was given")
    drawn = {_drawn_name(part) for part in parts(spec)}
    time = str(table.source.names[table.roles["time"]]) if "time" in table.roles else None
    for name, rows in data.items():
        source = read_rows(rows)
        others[name] = source
        if name not in drawn:
            continue
        try:
            at = rows_of(table.source, source, table.roles.get("id"), table.private)
        except ChartError as error:
            why = error
            continue
        del others[name]
        tables[name] = Rows(source, at, _used(spec, source), time)
    if not tables:
        raise why
    return tables, others


def _used(spec: Spec, source: Source) -> tuple[str, ...]:
    return tuple(used_columns(spec, names_of(source)))


def _names_private(spec: Spec, table: Table, sources: Sequence[Source]) -> bool:
    """Whether a spec names a private column that one of its tables holds, be it one of other rows, or a text."""
    private = private_names(table)
    if not any("values" in part["data"] for part in parts(spec) if isinstance(part.get("data"), dict)):
        private &= {name for source in sources for name in names_of(source)}
    return bool(used_columns(spec, private))


def _drawn_name(part: Spec) -> str | None:
    """The data that a part of a spec draws; a lookup only reads its own."""
    data = part.get("data")
    return data.get("name") if isinstance(data, Mapping) and "key" not in part else None


def _looked_up(spec: Spec) -> list[str]:
    return [part["data"]["name"] for part in parts(spec) if "key" in part and "name" in part.get("data", {})]


def _leaves(part: Spec, inherited: str | None = None) -> Iterator[tuple[Spec, str | None]]:
    """The charts that stand side by side in a spec, and the data that each gets from what is around it."""
    inherited = _drawn_name(part) or inherited
    members = [member for key in CONCATS for member in part.get(key, [])]
    if not members or "transform" in part:  # which a chart with data of its own would not be subject to
        yield part, inherited
        return
    part.pop("data", None)
    for member in members:
        yield from _leaves(member, inherited)


def _name_rows(spec: Spec, tables: list[str], links: Sequence[Link]) -> Iterator[Drawn]:
    """Give each chart of a spec data of its own: a drag in one of them filters those beside it, not itself."""
    for number, (leaf, inherited) in enumerate(list(_leaves(spec))):
        if "data" not in leaf and inherited is not None:
            leaf["data"] = {"name": inherited}
        inside = [id(part) for part in parts(leaf)]
        own = tuple(
            dict.fromkeys(field.key for link in links if id(link.unit) in inside for field in link.fields)
        )
        known: dict[str, str] = {}
        for part in parts(leaf):
            name = _drawn_name(part)
            if name not in tables:
                continue
            if name not in known:
                known[name] = f"{name}-{number}"
                yield Drawn(known[name], tables.index(name), own)
            part["data"] = {"name": known[name]}
