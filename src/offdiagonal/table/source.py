"""What every kind of table is asked: which columns, how many rows, one column, some rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Positions = NDArray[np.int64]

WIDE = "holds numbers of more than 64 bits: they are shown, and cut into bins, rounded to 64"


class Source(ABC):
    """A table as the user holds it; its rows are those of the moment when it was read."""

    def __init__(
        self, names: Sequence[Any], n: int, index: pd.Index | None = None, notes: Sequence[str] = ()
    ) -> None:
        self.names = tuple(names)
        self.n = n
        self.index = index
        self.notes = tuple(notes)

    @property
    def key(self) -> int | None:
        """Position of the column that tells the rows apart, where the kind of table has one of its own."""
        return None

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

    def remark(self, position: int) -> str | None:  # noqa: ARG002 - few kinds of tables have any
        """What a note says of how a column is held."""
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
