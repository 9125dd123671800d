"""The slices that the user defines: found once, kept as masks."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause, SliceClause, TextClause
from offdiagonal.errors import OffdiagonalError
from offdiagonal.table.masks import mask_of
from offdiagonal.table.meta import Meta, SliceField
from offdiagonal.table.read import Source

WHAT = "the slice"


class Slices:
    """Slices by name, in the order in which they were first defined."""

    def __init__(self, source: Source, private: set[int]) -> None:
        self._source = source
        self._private = private
        self._masks: dict[str, NDArray[np.bool_]] = {}
        self._secret: dict[str, bool] = {}
        self._of_run: set[str] = set()
        self._followers: list[weakref.WeakMethod[Callable[[str], None]]] = []

    def follow(self, renew: Callable[[str], None]) -> None:
        """Call a method with the name of every slice that is defined, as long as its object lives."""
        self._followers.append(weakref.WeakMethod(renew))

    @property
    def masks(self) -> dict[str, NDArray[np.bool_]]:
        """Which rows are in each slice."""
        return dict(self._masks)

    @property
    def fields(self) -> list[SliceField]:
        """The slices as the browser knows them."""
        return [
            SliceField(f"s{i}", name, self._secret[name], name in self._of_run)
            for i, name in enumerate(self._masks)
        ]

    def put(self, name: Any, mask: NDArray[np.bool_], *, private: bool, run: bool = False) -> None:
        """Define a slice; the same name replaces it. `run` says that a training told its rows apart.

        Raises
        ------
        OffdiagonalError
            If it has no name.
        """
        if not isinstance(name, str) or not name.strip():
            raise OffdiagonalError(f"a slice needs a name, not {name!r}")
        self._masks[name] = mask
        self._secret[name] = private
        self._of_run = self._of_run | {name} if run else self._of_run - {name}
        self._followers = [follower for follower in self._followers if follower() is not None]
        for follower in self._followers:
            renew = follower()
            if renew is not None:
                renew(name)

    def found(self, where: Any) -> tuple[NDArray[np.bool_], bool]:
        """Which rows an array, or a function of the frame, names; and whether it reads private columns."""
        if not callable(where):
            return mask_of(self._source, where, WHAT), False
        mask = mask_of(self._source, where(self._source.without(set())), WHAT)
        return mask, bool(self._private) and not self._same_without_private(where, mask)

    def _same_without_private(self, where: Callable[[Any], Any], mask: NDArray[np.bool_]) -> bool:
        """Whether a function finds the same rows in a frame without the private columns."""
        try:
            found = mask_of(self._source, where(self._source.without(self._private)), WHAT)
        except Exception:  # noqa: BLE001 - it asks for what is not there
            return False
        return bool(np.array_equal(found, mask))

    def tells_private(self, clauses: Sequence[Clause], meta: Meta) -> bool:
        """Whether clauses are about a private column, or about a slice that is."""
        secret: set[str | None] = {f"c{position}" for position in self._private}
        for clause in clauses:
            if isinstance(clause, SliceClause) and any(self._secret[name] for name in clause.names):
                return True
            if (meta.text if isinstance(clause, TextClause) else clause.field) in secret:
                return True
        return False
