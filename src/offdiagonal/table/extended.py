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
    instead
        What stands at some positions of the user's columns in place of what they hold.
    """

    def __init__(
        self,
        own: Source,
        more: Mapping[str, NDArray[Any]],
        instead: Mapping[int, NDArray[Any]] | None = None,
    ) -> None:
        self._own = own
        behind = {len(own.names) + i: values for i, values in enumerate(more.values())}
        self._other = {**(instead or {}), **behind}
        taken = [str(name) for name in own.names]
        super().__init__([*own.names, *(_free(name, taken) for name in more)], own.n, own.index, own.notes)

    @property
    def key(self) -> int | None:
        """Position of the column that tells the rows apart, where the kind of table has one of its own."""
        return self._own.key

    def values(self, position: int) -> NDArray[Any]:
        """Values of the column at a position."""
        other = self._other.get(position)
        return self._own.values(position) if other is None else other

    def at(self, position: int, rows: Positions) -> NDArray[Any]:
        """Values of a column at some rows, to be shown: times with a zone keep it."""
        other = self._other.get(position)
        return self._own.at(position, rows) if other is None else other[rows]

    def take(self, rows: Positions) -> Any:
        """Rows at positions, in the user's own type."""
        return self._own.take(rows)

    def without(self, positions: set[int]) -> Any:
        """All rows without some columns, in the user's own type."""
        return self._own.without({at for at in positions if at < len(self._own.names)})

    def order(self, position: int) -> Sequence[Any] | None:
        """Values of a column in the order of the user's own categories, where they have one."""
        return None if position in self._other else self._own.order(position)

    def zone(self, position: int) -> str | None:
        """Time zone of a column."""
        return None if position in self._other else self._own.zone(position)

    def remark(self, position: int) -> str | None:
        """What a note says of how a column is held."""
        return None if position in self._other else self._own.remark(position)


def _free(name: str, taken: Sequence[str]) -> str:
    number = 1
    while name in taken or (number > 1 and f"{name} ({number})" in taken):
        number += 1
        if f"{name} ({number})" not in taken:
            return f"{name} ({number})"
    return name
