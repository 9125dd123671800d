"""The rows that a chart draws, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import ChartError
from offdiagonal.table.fields import selectable
from offdiagonal.table.plain import Plain, plain_column
from offdiagonal.table.read import read, table_of_rows
from offdiagonal.table.source import Source
from offdiagonal.table.table import Table

MOST_ROWS = 100_000
CHARS = 2_000
"""Characters of a text that a chart gets."""

Kind = Literal["time", "value"]


@dataclass(frozen=True, eq=False)
class Column:
    """One column as a chart gets it; times are epoch milliseconds by the wall clock of the column."""

    name: str
    kind: Kind
    values: list[Plain]


@dataclass(frozen=True, eq=False)
class Rows:
    """A table of a chart, and which rows of the Evaluation its rows are."""

    source: Source
    at: NDArray[np.int64]
    """Position of each in the table of the Evaluation."""
    names: tuple[str, ...]
    """The columns that the chart names."""
    time: str | None
    """The column whose texts are times."""

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that the chart names."""
        return [_column(self.source, name, self.time) for name in self.names]

    def values(self, name: str) -> list[Plain]:
        """Values of any column as the chart has them."""
        known = next((column for column in self.columns if column.name == name), None)
        return (known or _column(self.source, name, self.time)).values

    def dicts(self, which: NDArray[np.bool_] | None = None) -> list[dict[str, Any]]:
        """The rows as a spec has them, times as text."""
        columns = [written(column) for column in self.columns]
        rows = range(len(self.at)) if which is None else np.flatnonzero(which).tolist()
        return [{name: values[row] for name, values in columns} for row in rows]


def read_rows(given: Any) -> Source:
    """A table of any kind, or a list of dicts.

    Raises
    ------
    ChartError
        If it has too many rows to be drawn one by one.
    """
    source = table_of_rows(given) if isinstance(given, list) else read(given)
    if source.n > MOST_ROWS:
        raise ChartError(
            f"the chart has {source.n:,} rows, and at most {MOST_ROWS:,} are sent to a chart; "
            f"make it of a sample, such as frame.sample({MOST_ROWS // 10:,}), whose index tells which rows those are"
        )
    return source


def names_of(source: Source) -> list[str]:
    """The columns of a table as a spec names them."""
    return [str(name) for name in source.names]


def private_names(table: Table) -> set[str]:
    """The private columns of a table as a spec names them."""
    return {str(table.source.names[place]) for place in table.private}


def place_of(source: Source, name: str) -> int | None:
    """Where a column stands."""
    names = names_of(source)
    return names.index(name) if name in names else None


def _column(source: Source, name: str, time: str | None) -> Column:
    place = names_of(source).index(name)
    role = "time" if name == time else None
    values = selectable(source.values(place), role, source.zone(place)).values
    if values.dtype.kind == "M":
        missing = np.isnat(values)
        moments = values.astype("datetime64[ms]").astype(np.int64).tolist()
        return Column(name, "time", [None if no else at for at, no in zip(moments, missing, strict=True)])
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        numbers = plain_column(np.where(finite, values, 0), CHARS)
        return Column(name, "value", [x if yes else None for x, yes in zip(numbers, finite, strict=True)])
    return Column(name, "value", plain_column(values, CHARS))


def written(column: Column) -> tuple[str, Sequence[Plain]]:
    """A column as JSON has it: times as text without a zone, as Altair writes them."""
    if column.kind == "value":
        return column.name, column.values
    times = np.array([0 if at is None else at for at in column.values], dtype="datetime64[ms]")
    texts = np.datetime_as_string(times, unit="ms").tolist()
    return column.name, [None if at is None else text for at, text in zip(column.values, texts, strict=True)]
