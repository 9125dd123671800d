"""A table with columns beside the user's own: a residual, or values that were given as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from offdiagonal.table.source import Positions, Source


class ExtendedSource(Source):
    """The user's columns, and behind them some that only the views see: what is given back has none of them.

    Parameters
    ----------
    own
        The user's table.
    more
        Columns by the name that they should have; one that is taken gets a number behind it.
    """

    def __init__(self, own: Source, more: Mapping[str, NDArray[Any]]) -> None:
        self._own = own
        self._more = list(more.values())
        taken = [str(name) for name in own.names]
        super().__init__([*own.names, *(_free(name, taken) for name in more)], own.n, own.index, own.notes)

    @property
    def key(self) -> int | None:
        """Position of the column that tells the rows apart, where the kind of table has one of its own."""
        return self._own.key

    def values(self, position: int) -> NDArray[Any]:
        """Values of the column at a position."""
        more = self._place(position)
        return self._own.values(position) if more is None else self._more[more]

    def at(self, position: int, rows: Positions) -> NDArray[Any]:
        """Values of a column at some rows, to be shown: times with a zone keep it."""
        more = self._place(position)
        return self._own.at(position, rows) if more is None else self._more[more][rows]

    def take(self, rows: Positions) -> Any:
        """Rows at positions, in the user's own type."""
        return self._own.take(rows)

    def without(self, positions: set[int]) -> Any:
        """All rows without some columns, in the user's own type."""
        return self._own.without({at for at in positions if self._place(at) is None})

    def order(self, position: int) -> Sequence[Any] | None:
        """Values of a column in the order of the user's own categories, where they have one."""
        return self._own.order(position) if self._place(position) is None else None

    def zone(self, position: int) -> str | None:
        """Time zone of a column."""
        return self._own.zone(position) if self._place(position) is None else None

    def remark(self, position: int) -> str | None:
        """What a note says of how a column is held."""
        return self._own.remark(position) if self._place(position) is None else None

    def _place(self, position: int) -> int | None:
        """Place among the further columns."""
        at = position - len(self._own.names)
        return at if at >= 0 else None


def _free(name: str, taken: Sequence[str]) -> str:
    number = 1
    while name in taken or (number > 1 and f"{name} ({number})" in taken):
        number += 1
        if f"{name} ({number})" not in taken:
            return f"{name} ({number})"
    return name
