"""The user's own table, behind a few questions: which columns, how many rows, one column, some rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.errors import LengthError, OffdiagonalError
from offdiagonal.table.arrays import as_array, objects, of_narwhals
from offdiagonal.table.indexes import index_of, refuse_other_order

Positions = NDArray[np.int64]


class Source(ABC):
    """A table as the user holds it; its rows are those of the moment when it was read."""

    def __init__(self, names: Sequence[Any], n: int, index: pd.Index | None = None) -> None:
        self.names = tuple(names)
        self.n = n
        self.index = index

    @abstractmethod
    def values(self, position: int) -> NDArray[Any]:
        """Values of the column at a position."""

    @abstractmethod
    def at(self, position: int, rows: Positions) -> NDArray[Any]:
        """Values of a column at some rows, to be shown: times with a zone keep it."""

    @abstractmethod
    def take(self, rows: Positions) -> Any:
        """Rows at positions, in the user's own type."""

    @abstractmethod
    def without(self, positions: set[int]) -> Any:
        """All rows without some columns, in the user's own type."""

    def order(self, position: int) -> Sequence[Any] | None:  # noqa: ARG002 - few kinds of tables know
        """Values of a column in the order of the user's own categories, where they have one."""
        return None

    def zone(self, position: int) -> str | None:  # noqa: ARG002 - few kinds of tables know
        """Time zone of a column."""
        return None

    def positions(self, name: object) -> list[int]:
        """Where the columns of a name stand."""
        return [i for i, own in enumerate(self.names) if same_name(own, name)]


def same_name(a: object, b: object) -> bool:
    """Whether two column names are the same: 1 is no True and no "1"."""
    if a is b:
        return True
    a, b = (name.item() if isinstance(name, np.generic) else name for name in (a, b))
    if isinstance(a, bool) != isinstance(b, bool) or isinstance(a, str) != isinstance(b, str):
        return False
    try:
        return bool(a == b)
    except (TypeError, ValueError):
        return False


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
    if isinstance(data, dict):
        return ArraySource(data)
    if type(data).__module__.startswith("pyarrow"):
        return _arrow(data)
    return _narwhals(data)


class PandasSource(Source):
    """A pandas DataFrame; with copy-on-write the copy costs nothing until the user changes theirs."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame.copy(deep=int(pd.__version__.split(".", maxsplit=1)[0]) < 3)
        super().__init__(list(frame.columns), len(frame), self._frame.index)
        self._dtypes = list(frame.dtypes)
        self._readers = [_reader(self._frame.iloc[:, i], self.zone(i)) for i in range(len(self.names))]

    def values(self, position: int) -> NDArray[Any]:
        """Values of the column at a position."""
        return as_array(self._frame.iloc[:, position])

    def at(self, position: int, rows: Positions) -> NDArray[Any]:
        """Values of a column at some rows, to be shown: times with a zone keep it."""
        return self._readers[position](rows)

    def take(self, rows: Positions) -> pd.DataFrame:
        """Rows at positions."""
        return self._frame.iloc[rows]

    def without(self, positions: set[int]) -> pd.DataFrame:
        """All rows without some columns."""
        return self._frame.iloc[:, [i for i in range(len(self.names)) if i not in positions]].copy()

    def order(self, position: int) -> Sequence[Any] | None:
        """Values in the order of the user's categories, where they have one."""
        dtype = self._dtypes[position]
        return list(dtype.categories) if isinstance(dtype, pd.CategoricalDtype) and dtype.ordered else None

    def zone(self, position: int) -> str | None:
        """Time zone of a column."""
        dtype = self._dtypes[position]
        zone = getattr(dtype, "tz", None) or getattr(getattr(dtype, "pyarrow_dtype", None), "tz", None)
        return str(zone) if zone else None


def _reader(column: pd.Series, zone: str | None) -> Callable[[Positions], NDArray[Any]]:
    """What gives the values of a column at some rows in the shortest time; texts of Arrow as they are."""
    held: Any = column.to_numpy() if isinstance(column.dtype, np.dtype) else column.array
    if isinstance(column.dtype, pd.StringDtype):
        if column.dtype.storage != "pyarrow":
            return lambda rows: np.asarray(held.take(rows).to_numpy(dtype=object))
        return _text_reader(held.__arrow_array__())
    if zone:
        return lambda rows: as_array(held.take(rows).astype(object))
    return lambda rows: as_array(held.take(rows))


def _text_reader(texts: Any) -> Callable[[Positions], NDArray[Any]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if texts.num_chunks != 1:
        return lambda rows: np.asarray(texts.take(pa.array(rows)).to_numpy())
    # A page takes microseconds: the function itself, for the choice of it takes as long as its work.
    chunk, take, options = texts.chunk(0), pc.get_function("array_take"), pc.TakeOptions(boundscheck=False)
    return lambda rows: np.asarray(take.call([chunk, pa.array(rows)], options).to_numpy(zero_copy_only=False))


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

    def take(self, rows: Positions) -> dict[Any, NDArray[Any]]:
        """Rows at positions."""
        return {name: values[rows] for name, values in self._own.items()}

    def without(self, positions: set[int]) -> dict[Any, NDArray[Any]]:
        """All rows without some columns."""
        return {name: v.copy() for i, (name, v) in enumerate(self._own.items()) if i not in positions}


class NarwhalsSource(Source):
    """A polars DataFrame or a pyarrow Table."""

    def __init__(self, frame: Any, names: Sequence[Any], native: Any) -> None:
        self._frame = frame
        self._native = native
        super().__init__(names, len(frame))

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
        return self._native.take(rows) if self._native is not None else self._frame[rows].to_native()

    def without(self, positions: set[int]) -> Any:
        """All rows without some columns."""
        if self._native is not None:
            return self._native.select([i for i in range(len(self.names)) if i not in positions])
        return self._frame.select(
            [c for i, c in enumerate(self._frame.columns) if i not in positions]
        ).to_native()

    def order(self, position: int) -> Sequence[Any] | None:
        """Values in the order of the user's categories, where they have one."""
        return getattr(self._column(position).dtype, "categories", None)

    def zone(self, position: int) -> str | None:
        """Time zone of a column."""
        zone = getattr(self._column(position).dtype, "time_zone", None)
        return str(zone) if zone else None


def _arrow(data: Any) -> Source:
    """A pyarrow Table or RecordBatch, under names of our own: it may have a name twice."""
    import narwhals as nw
    import pyarrow as pa

    if isinstance(data, pa.RecordBatch):
        data = pa.Table.from_batches([data])
    if not isinstance(data, pa.Table):
        raise _unreadable(data)
    renamed = data.rename_columns([f"c{i}" for i in range(data.num_columns)])
    return NarwhalsSource(nw.from_native(renamed, eager_only=True), data.column_names, data)


def _narwhals(data: Any) -> Source:
    import narwhals as nw

    try:
        frame = nw.from_native(data, eager_only=True)
    except TypeError as error:
        raise _unreadable(data) from error
    return NarwhalsSource(frame.clone(), frame.columns, None)


def _unreadable(data: Any) -> OffdiagonalError:
    kind = type(data)
    lazy = "; collect it first: .collect()" if kind.__name__ == "LazyFrame" else ""
    return OffdiagonalError(
        f"a table of type {kind.__module__}.{kind.__qualname__} cannot be read; "
        f"give a pandas or polars DataFrame, a pyarrow Table, or a dict of arrays{lazy}"
    )


def table_of(**columns: Any) -> Any:
    """A table of columns without one of their own: a DataFrame where the first is a pandas Series, else a dict."""
    first = next(iter(columns.values()))
    arrays = {name: as_array(values, name) for name, values in columns.items()}
    return pd.DataFrame(arrays, index=first.index) if isinstance(first, pd.Series) else arrays
