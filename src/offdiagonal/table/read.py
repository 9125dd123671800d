"""The user's own table, behind a few questions: which columns, how many rows, one column, some rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.errors import LengthError, OffdiagonalError
from offdiagonal.table.arrays import as_array, is_wide, objects, of_narwhals
from offdiagonal.table.indexes import index_of, refuse_other_order
from offdiagonal.table.lazy import collected
from offdiagonal.table.pandas_source import PandasSource
from offdiagonal.table.source import WIDE, Positions, Source

__all__ = ["Source", "read", "table_of"]

ACCEPTED = "a pandas or polars DataFrame, a pyarrow Table, a polars LazyFrame, a DuckDB relation, or a dict of arrays"


def read(data: Any) -> Source:
    """Read a table of any supported type.

    Raises
    ------
    OffdiagonalError
        If the type is not supported.
    """
    if isinstance(data, Source):
        return data
    if isinstance(data, pd.DataFrame):
        return PandasSource(data)
    if isinstance(data, Mapping):
        return ArraySource(dict(data))
    lazy = collected(data)
    if lazy is not None:
        return _eager(lazy.table, lazy.back, [lazy.note])
    return _eager(data)


def _eager(data: Any, back: Callable[[Any], Any] | None = None, notes: Sequence[str] = ()) -> Source:
    if type(data).__module__.startswith("pyarrow"):
        return _arrow(data, back, notes)
    return _narwhals(data, notes)


class ArraySource(Source):
    """A dict of arrays."""

    def __init__(self, data: dict[Any, Any]) -> None:
        refuse_other_order({f"column {name!r}": values for name, values in data.items()})
        self._own = {name: self._kept(name, values) for name, values in data.items()}
        self._columns = [as_array(values) for values in self._own.values()]
        index = next((own for values in data.values() if (own := index_of(values)) is not None), None)
        super().__init__(list(data), len(self._columns[0]) if self._columns else 0, index)
        for name, column in zip(data, self._columns, strict=True):
            if len(column) != self.n:
                raise LengthError(
                    f"column {name!r} has {len(column):,} values but {self.names[0]!r} has {self.n:,}; "
                    "give one value for each row"
                )

    @staticmethod
    def _kept(name: object, values: Any) -> NDArray[Any]:
        array = (
            values
            if isinstance(values, np.ndarray) and values.ndim == 1
            else as_array(values, f"column {name!r}")
        )
        return array.copy()

    def values(self, position: int) -> NDArray[Any]:
        """Values of the column at a position."""
        return self._columns[position]

    def at(self, position: int, rows: Positions) -> NDArray[Any]:
        """Values of a column at some rows, to be shown: times with a zone keep it."""
        return self._columns[position][rows]

    def remark(self, position: int) -> str | None:
        """What a note says of how a column is held."""
        return WIDE if is_wide(self._own[self.names[position]].dtype) else None

    def take(self, rows: Positions) -> dict[Any, NDArray[Any]]:
        """Rows at positions."""
        return {name: values[rows] for name, values in self._own.items()}

    def without(self, positions: set[int]) -> dict[Any, NDArray[Any]]:
        """All rows without some columns."""
        return {name: v.copy() for i, (name, v) in enumerate(self._own.items()) if i not in positions}


class NarwhalsSource(Source):
    """A polars DataFrame or a pyarrow Table."""

    def __init__(
        self,
        frame: Any,
        names: Sequence[Any],
        native: Any,
        back: Callable[[Any], Any] | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        self._frame = frame
        self._native = native
        self._back = back or (lambda rows: rows)
        super().__init__(names, len(frame), notes=notes)

    def _column(self, position: int) -> Any:
        return self._frame[self._frame.columns[position]]

    def values(self, position: int) -> NDArray[Any]:
        """Values of the column at a position."""
        return of_narwhals(self._column(position))

    def at(self, position: int, rows: Positions) -> NDArray[Any]:
        """Values of a column at some rows, to be shown: times with a zone keep it."""
        some = self._column(position)[rows]
        return objects(some.to_list()) if self.zone(position) else of_narwhals(some)

    def take(self, rows: Positions) -> Any:
        """Rows at positions."""
        if self._native is None:
            return self._frame[rows].to_native()
        return self._back(self._native.take(rows))

    def without(self, positions: set[int]) -> Any:
        """All rows without some columns."""
        if self._native is not None:
            return self._back(self._native.select([i for i in range(len(self.names)) if i not in positions]))
        return self._frame.select(
            [c for i, c in enumerate(self._frame.columns) if i not in positions]
        ).to_native()

    def order(self, position: int) -> Sequence[Any] | None:
        """Values in the order of the user's categories, where they have one."""
        return getattr(self._column(position).dtype, "categories", None)

    def remark(self, position: int) -> str | None:
        """What a note says of how a column is held."""
        kind = None if self._native is None else self._native.schema.field(position).type
        name = getattr(kind, "extension_name", None)
        if name is None or not name.startswith("pandas."):
            return None
        return f"is of the type {name}, which only pandas reads: what Arrow stores is shown"

    def zone(self, position: int) -> str | None:
        """Time zone of a column."""
        zone = getattr(self._column(position).dtype, "time_zone", None)
        return str(zone) if zone else None


def _arrow(data: Any, back: Callable[[Any], Any] | None, notes: Sequence[str]) -> Source:
    """A pyarrow Table or RecordBatch, under names of our own: it may have a name twice."""
    import narwhals as nw
    import pyarrow as pa

    if isinstance(data, pa.RecordBatch):
        data = pa.Table.from_batches([data])
    if not isinstance(data, pa.Table):
        raise _unreadable(data)
    renamed = data.rename_columns([f"c{i}" for i in range(data.num_columns)])
    return NarwhalsSource(nw.from_native(renamed, eager_only=True), data.column_names, data, back, notes)


def _narwhals(data: Any, notes: Sequence[str]) -> Source:
    import narwhals as nw

    try:
        frame = nw.from_native(data, eager_only=True)
    except TypeError as error:
        raise _unreadable(data) from error
    return NarwhalsSource(frame.clone(), frame.columns, None, notes=notes)


def _unreadable(data: Any) -> OffdiagonalError:
    kind = type(data)
    return OffdiagonalError(
        f"a table of type {kind.__module__}.{kind.__qualname__} cannot be read; give {ACCEPTED}"
    )


def table_of_rows(rows: Sequence[Mapping[str, Any]]) -> Source:
    """A table of rows as JSON has them; a value that a row lacks is missing."""
    names = dict.fromkeys(str(name) for row in rows for name in row)
    return ArraySource({name: [row.get(name) for row in rows] for name in names})


def table_of(**columns: Any) -> Any:
    """A table of columns without one of their own: a DataFrame where the first is a pandas Series, else a dict."""
    first = next(iter(columns.values()))
    arrays = {name: as_array(values, name) for name, values in columns.items()}
    return pd.DataFrame(arrays, index=first.index) if isinstance(first, pd.Series) else arrays
