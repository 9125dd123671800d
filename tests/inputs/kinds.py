"""The six kinds of tables: how each is made of named columns, and how its rows are read back."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

Columns = Sequence[tuple[Any, Any]]
Rows = list[dict[Any, Any]]


@dataclass(frozen=True)
class Kind:
    """One kind of table."""

    make: Callable[[Columns], Any]
    read: Callable[[Any], list[list[Any]]]
    """The columns of what ``selection.frame()`` gives, as lists."""
    notes: Callable[[int], list[str]] = lambda rows: []
    """What is noted of every table of this kind."""


def pandas(columns: Columns) -> pd.DataFrame:
    """A frame of the dtypes that pandas chooses."""
    return _frame([_series(values) for _, values in columns], [name for name, _ in columns])


def arrow_backed(columns: Columns) -> pd.DataFrame:
    """A frame of Arrow's dtypes where Arrow can hold the values, of objects where it cannot, as before pandas 2."""
    return _frame([_arrow_series(values) for _, values in columns], [name for name, _ in columns])


def _frame(series: list[pd.Series], names: list[Any]) -> pd.DataFrame:
    frame = pd.concat(series, axis=1) if series else pd.DataFrame(index=pd.RangeIndex(0))
    tuples = len(names) > 0 and all(isinstance(name, tuple) for name in names)
    frame.columns = pd.MultiIndex.from_tuples(names) if tuples else pd.Index(names, dtype=object)
    return frame


def _series(values: Any) -> pd.Series:
    if isinstance(values, list):
        try:
            return pd.Series(values)
        except (TypeError, ValueError, OverflowError, UnicodeError):
            return pd.Series(_objects(values))
    return pd.Series(values)


def _arrow_series(values: Any) -> pd.Series:
    if isinstance(values, pd.api.extensions.ExtensionArray):
        return pd.Series(values).astype(object)
    try:
        return pd.Series(
            pd.arrays.ArrowExtensionArray(pa.chunked_array([pa.array(values, from_pandas=False)]))
        )
    except (pa.ArrowException, TypeError, ValueError, OverflowError, UnicodeError, NotImplementedError):
        return pd.Series(_objects(list(values)), dtype=object)


def polars(columns: Columns) -> pl.DataFrame:
    """A polars DataFrame."""
    return pl.DataFrame([_polars_series(name, values) for name, values in columns])


def _polars_series(name: Any, values: Any) -> pl.Series:
    if isinstance(values, pd.api.extensions.ExtensionArray):
        return pl.from_pandas(pd.Series(values)).alias(name)
    return pl.Series(name, values, strict=True)


def arrow(columns: Columns) -> pa.Table:
    """A pyarrow Table."""
    names = [name for name, _ in columns]
    return pa.Table.from_arrays([pa.array(values) for _, values in columns], names=names)


def relation(columns: Columns) -> Any:
    """A DuckDB relation."""
    table, own = arrow(columns), duckdb.connect()
    own.register("given", table)
    own.execute("CREATE TABLE held AS SELECT * FROM given") if columns else None
    return own.table("held")


def arrays(columns: Columns) -> dict[Any, Any]:
    """A dict of numpy arrays, of objects where values differ in type."""
    for i, (name, _) in enumerate(columns):
        if name in [other for other, _ in columns[:i]]:
            raise KeyError(name)  # the second would take the place of the first
    return {name: _array(values) for name, values in columns}


def _array(values: Any) -> Any:
    if not isinstance(values, list):
        return np.asanyarray(values)
    types = {type(value) for value in values}
    if types == {int}:
        fits = [kind for kind in (np.int64, np.uint64) if all(_fits(value, kind) for value in values)]
        return np.asarray(values, dtype=fits[0]) if fits else _objects(values)
    return np.asarray(values) if types in ({float}, {bool}) else _objects(values)


def _fits(value: int, kind: type[np.integer[Any]]) -> bool:
    return np.iinfo(kind).min <= value <= np.iinfo(kind).max


def _objects(values: Sequence[Any]) -> Any:
    return np.fromiter(values, dtype=object, count=len(values))


def _of_pandas(frame: pd.DataFrame) -> list[list[Any]]:
    return [frame.iloc[:, i].tolist() for i in range(frame.shape[1])]


def _of_polars(frame: pl.DataFrame) -> list[list[Any]]:
    return [column.to_list() for column in frame.get_columns()]


def _of_arrow(table: pa.Table) -> list[list[Any]]:
    return [column.to_pylist() for column in table.columns]


KINDS: dict[str, Kind] = {
    "pandas": Kind(pandas, _of_pandas),
    "pandas-arrow": Kind(arrow_backed, _of_pandas),
    "polars": Kind(polars, _of_polars),
    "pyarrow": Kind(arrow, _of_arrow),
    "duckdb": Kind(
        relation,
        lambda relation: _of_arrow(relation.to_arrow_table()),
        lambda rows: [
            (
                f"the DuckDB relation was read once: {rows:,} row{'' if rows == 1 else 's'} (at most 10,000,000); "
                "what it reads from may change since"
            )
        ],
    ),
    "arrays": Kind(arrays, lambda table: [list(values) for values in table.values()]),
}


def same(a: Any, b: Any) -> bool:
    """Whether two values are the same: NaN is NaN, -0.0 is not 0.0, and True is not 1."""
    if _missing(a) or _missing(b):
        return _missing(a) and _missing(b)
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return [*a] == [*b]
    if isinstance(a, dt.datetime | np.datetime64) and isinstance(b, dt.datetime | np.datetime64):
        # in an hour that there is twice, equal moments of two zones are not equal to Python
        return moment(a) == moment(b)
    a, b = (v.item() if isinstance(v, np.generic) and not isinstance(v, np.longdouble) else v for v in (a, b))
    if isinstance(a, bool) != isinstance(b, bool) or isinstance(a, str) != isinstance(b, str):
        return False
    if isinstance(a, float) and isinstance(b, float) and a == b == 0:
        return math.copysign(1, a) == math.copysign(1, b)
    return bool(a == b)


def moment(value: Any) -> tuple[int, bool]:
    """Nanoseconds since 1970, and whether the time has a zone."""
    time = pd.Timestamp(value)
    whole = (time if time.tzinfo is None else time.tz_convert("UTC").tz_localize(None)).to_datetime64()
    micro = whole.astype("M8[us]")
    return int(micro.astype(np.int64)) * 1000 + time.nanosecond, time.tzinfo is not None


def _missing(value: Any) -> bool:
    if value is None or value is pd.NA or value is pd.NaT or value is np.ma.masked:
        return True
    try:
        return bool(value != value)
    except (ArithmeticError, TypeError, ValueError):
        return False
