"""A pandas DataFrame; what its index is called by name is a column too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.table.arrays import as_array, is_wide
from offdiagonal.table.source import WIDE, Positions, Source, same_name


class PandasSource(Source):
    """A pandas DataFrame; with copy-on-write the copy costs nothing until the user changes theirs."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame.copy(deep=int(pd.__version__.split(".", maxsplit=1)[0]) < 3)
        own = list(frame.columns)
        levels = _levels(self._frame.index, own)
        super().__init__([*own, *(name for name, _ in levels)], len(frame), self._frame.index)
        self._columns = [self._frame.iloc[:, i] for i in range(len(own))] + [level for _, level in levels]
        self._readers = [_reader(column, self.zone(i)) for i, column in enumerate(self._columns)]

    @property
    def key(self) -> int | None:
        """Position of an index of one named level in which no label is there twice."""
        first = self._frame.shape[1]
        alone = len(self._columns) == first + 1 and self._frame.index.nlevels == 1
        return first if alone and self._frame.index.is_unique else None

    def values(self, position: int) -> NDArray[Any]:
        """Values of the column at a position."""
        return as_array(self._columns[position])

    def at(self, position: int, rows: Positions) -> NDArray[Any]:
        """Values of a column at some rows, to be shown: times with a zone keep it."""
        return self._readers[position](rows)

    def take(self, rows: Positions) -> pd.DataFrame:
        """Rows at positions."""
        return self._frame.iloc[rows]

    def without(self, positions: set[int]) -> pd.DataFrame:
        """All rows without some columns, or levels of the index."""
        width = self._frame.shape[1]
        kept = self._frame.iloc[:, [i for i in range(width) if i not in positions]].copy()
        if not any(i >= width for i in positions):
            return kept
        if kept.index.nlevels == 1:
            return kept.reset_index(drop=True)
        hidden = [i - width for i in positions if i >= width]
        return kept.reset_index(level=hidden, drop=True)

    def order(self, position: int) -> Sequence[Any] | None:
        """Values in the order of the user's categories, where they have one."""
        dtype = self._columns[position].dtype
        return list(dtype.categories) if isinstance(dtype, pd.CategoricalDtype) and dtype.ordered else None

    def zone(self, position: int) -> str | None:
        """Time zone of a column."""
        dtype: Any = self._columns[position].dtype
        zone = getattr(dtype, "tz", None) or getattr(getattr(dtype, "pyarrow_dtype", None), "tz", None)
        return str(zone) if zone else None

    def remark(self, position: int) -> str | None:
        """What a note says of how a column is held."""
        dtype = self._columns[position].dtype
        if isinstance(dtype, pd.SparseDtype):
            return "is sparse: its values are written out"
        return WIDE if is_wide(dtype) else None


def _levels(index: pd.Index, columns: Sequence[Any]) -> list[tuple[Any, pd.Series]]:
    """Levels of an index that say something: those of several, and one that has a name."""
    if index.nlevels == 1 and index.name is None:
        return []
    found: list[tuple[Any, pd.Series]] = []
    for i, name in enumerate(index.names):
        taken = name is None or any(same_name(name, own) for own in [*columns, *(n for n, _ in found)])
        called = f"index.{i if name is None else name}" if taken else name
        found.append((called, pd.Series(index.get_level_values(i)).reset_index(drop=True)))
    return found


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
