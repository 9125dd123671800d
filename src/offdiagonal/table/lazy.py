"""Tables that are still a question: read once, up to a limit, and said so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from offdiagonal.errors import OffdiagonalError

MOST_ROWS = 10_000_000
"""Rows that a lazy table is read up to: what is larger is read by who knows how large it is."""


@dataclass(frozen=True)
class Collected:
    """The rows of a lazy table at the moment when it was read."""

    table: Any
    note: str
    back: Callable[[Any], Any] | None = None
    """Some of the rows in the user's own type."""


def collected(data: Any, most: int = MOST_ROWS) -> Collected | None:
    """The rows of a polars LazyFrame or a DuckDB relation; None where the data is no lazy table.

    Raises
    ------
    OffdiagonalError
        If there are too many rows, or DuckDB cannot hand them over.
    """
    kind = type(data)
    package = kind.__module__.partition(".")[0].lstrip("_")
    if package == "polars" and kind.__name__ == "LazyFrame":
        table = _read(lambda: data.head(most + 1).collect(), "LazyFrame", ".collect()")
        _refuse_more(len(table), most, "LazyFrame", ".collect()")
        return Collected(table, _note("LazyFrame", len(table), most))
    if package == "duckdb" and kind.__name__ == "DuckDBPyRelation":
        table = _read(lambda: _of_relation(data, most), "DuckDB relation", ".fetchall()")
        _refuse_more(len(table), most, "DuckDB relation", ".to_arrow_table()")
        return Collected(table, _note("DuckDB relation", len(table), most), _relation)
    return None


def _read(rows: Callable[[], Any], what: str, alone: str) -> Any:
    try:
        return rows()
    except OffdiagonalError:
        raise
    except Exception as error:  # whatever the engine's query meets: a file that is gone, a cast that fails
        why = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise OffdiagonalError(
            f"the {what} could not be read ({why}); mend its query, and try it alone with {alone}"
        ) from error


def _of_relation(relation: Any, most: int) -> Any:
    try:
        import pyarrow as pa
    except ImportError as error:
        raise OffdiagonalError(
            "a DuckDB relation is read as Arrow, and pyarrow is not installed; install it, or give relation.df()"
        ) from error
    names = list(relation.columns)
    return relation.limit(most + 1).to_arrow_table().rename_columns(names) if names else pa.table({})


def _relation(table: Any) -> Any:
    """The rows as a relation over a connection of its own: the user's stays as it is."""
    import duckdb

    return duckdb.connect().from_arrow(table)


def _refuse_more(rows: int, most: int, what: str, collect: str) -> None:
    if rows > most:
        raise OffdiagonalError(
            f"the {what} has more than {most:,} rows, and is not read without being asked for; "
            f"give fewer rows, or all of them with {collect}"
        )


def _note(what: str, rows: int, most: int) -> str:
    unit = "row" if rows == 1 else "rows"
    return (
        f"the {what} was read once: {rows:,} {unit} (at most {most:,}); what it reads from may change since"
    )
