"""Tiles: which combinations of codes occur, and how often. All linked numbers are sums over a tile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.unsignedinteger[Any]]
Counts = NDArray[np.int64]
Sums = NDArray[np.float64]

CELL = ("label", "prediction")

Unjudged = int | Literal["all"] | None
"""Whose predictions are neither right nor wrong: of the class of missing labels, or ``all`` where there is no model."""
DENSE_AT_LEAST = 1 << 16
DENSE_AT_MOST = 1 << 23
"""Between these, a table of all possible combinations is used where it has at most four entries a row."""


@dataclass(frozen=True)
class Tile:
    """Joint counts over some dims: one entry for each combination that occurs, in lexicographic order."""

    dims: tuple[str, ...]
    codes: tuple[Codes, ...]
    n: Counts
    sums: Mapping[str, Sums] = field(default_factory=dict)
    """What the rows of each entry add up to, by the names of the amounts."""

    def __len__(self) -> int:
        return len(self.n)

    @cached_property
    def known(self) -> frozenset[str]:
        """The dims that it can count by: the outcome follows from label and prediction."""
        return frozenset({*self.dims, "outcome"} if set(CELL) <= set(self.dims) else self.dims)

    def column(self, dim: str, unjudged: Unjudged) -> Codes:
        """Codes of one dim."""
        if dim in self.dims:
            return self.codes[self.dims.index(dim)]
        label, prediction = (self.codes[self.dims.index(side)] for side in CELL)
        return outcome_of(label, prediction, unjudged)


class Tally:
    """Counts combinations of codes over rows, or over the entries of a tile.

    Parameters
    ----------
    codes
        One code per row, for each dim.
    sizes
        Number of codes of each dim.
    n
        How often each row counts; once by default.
    amounts
        What is added up beside the number of rows, by name: a number for each row.
    """

    def __init__(
        self,
        codes: Mapping[str, Codes],
        sizes: Mapping[str, int],
        n: Counts | None = None,
        amounts: Mapping[str, Sums] | None = None,
    ) -> None:
        self.codes = codes
        self.sizes = sizes
        self.n = n
        self.amounts = amounts or {}
        self.rows = len(next(iter(codes.values())))

    @classmethod
    def of_tile(cls, tile: Tile, sizes: Mapping[str, int], unjudged: Unjudged) -> Tally:
        """Counts over a tile: what can be summed from it need not be counted over the rows again."""
        codes = {dim: tile.column(dim, unjudged) for dim in tile.known}
        return cls(codes, sizes, tile.n, tile.sums)

    def tile(self, dims: Sequence[str], most: int | None = None) -> Tile | None:
        """Joint counts over some dims.

        Parameters
        ----------
        dims
            The dims of the tile.
        most
            Give up, and return None, when more combinations occur.
        """
        keys = _Keys.of_cells(*self._cells) if tuple(dims[:2]) == CELL else _Keys.none(self.rows)
        for dim in dims[len(keys.parts) :]:
            if keys.size * self.sizes[dim] > self._dense:
                keys = keys.renumbered(self._dense)
                if most is not None and keys.size > most:
                    return None
            keys = keys.joined(self.codes[dim], self.sizes[dim])
        seen, n = _counted(keys.key, keys.size, self.n, self._dense)
        if most is not None and len(seen) > most:
            return None
        sums = {name: _summed(keys, seen, amount, self._dense) for name, amount in self.amounts.items()}
        return Tile(tuple(dims), tuple(keys.decoded(seen)), n, sums)

    @property
    def _dense(self) -> int:
        return min(DENSE_AT_MOST, max(DENSE_AT_LEAST, 4 * self.rows))

    @cached_property
    def _cells(self) -> tuple[NDArray[np.int64], list[Codes], int]:
        """The cells that occur, numbered: nearly every tile begins with them."""
        label, prediction = (self.codes[side] for side in CELL)
        keys = (
            _Keys.none(self.rows)
            .joined(label, self.sizes["label"])
            .joined(prediction, self.sizes["prediction"])
        )
        numbered = keys.renumbered(self._dense)
        return numbered.key, numbered.parts, numbered.size


@dataclass(frozen=True)
class _Keys:
    """One number a row for the combination of its codes so far."""

    key: NDArray[np.int64]
    size: int
    """The keys are below it."""
    parts: list[Codes]
    """Codes of the combinations that the last renumbering found."""
    joins: tuple[tuple[int, Any], ...] = ()
    """Width and dtype of what was joined since."""

    @classmethod
    def none(cls, rows: int) -> _Keys:
        return cls(np.zeros(rows, dtype=np.int64), 1, [])

    @classmethod
    def of_cells(cls, key: NDArray[np.int64], parts: list[Codes], size: int) -> _Keys:
        return cls(key, size, parts)

    def joined(self, column: Codes, width: int) -> _Keys:
        key = column.astype(np.int64) if self.size == 1 else self.key * width + column
        return _Keys(key, self.size * width, self.parts, (*self.joins, (width, column.dtype)))

    def renumbered(self, dense: int) -> _Keys:
        """Keys without gaps: they never outgrow 64 bits."""
        if self.size <= dense:
            seen = np.flatnonzero(np.bincount(self.key, minlength=self.size))
            rank = np.empty(self.size, dtype=np.int64)
            rank[seen] = np.arange(len(seen))
            key = rank[self.key]
        else:
            seen, key = np.unique(self.key, return_inverse=True)
        return _Keys(key.reshape(-1), max(len(seen), 1), self.decoded(seen))

    def decoded(self, seen: NDArray[np.int64]) -> list[Codes]:
        """Codes of each dim for some keys."""
        last: list[Codes] = []
        for width, dtype in reversed(self.joins):
            seen, code = np.divmod(seen, width) if width else (seen, seen)
            last.append(code.astype(dtype))
        return [*(part[seen] for part in self.parts), *reversed(last)]


def _counted(
    key: NDArray[np.int64], size: int, n: Counts | None, dense: int
) -> tuple[NDArray[np.int64], Counts]:
    if size <= dense:
        counted = np.bincount(key, weights=n, minlength=size)
        seen = np.flatnonzero(counted)
        return seen, counted[seen].astype(np.int64)
    if n is None:
        return np.unique(key, return_counts=True)
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(key) else np.arange(0)
    return ordered[starts], np.add.reduceat(n[order], starts) if len(key) else n


def _summed(keys: _Keys, seen: NDArray[np.int64], amount: Sums, dense: int) -> Sums:
    """What an amount adds up to over the rows of each key that was seen."""
    if keys.size <= dense:
        added = np.bincount(keys.key, weights=amount, minlength=keys.size)[seen]
    else:
        added = np.bincount(np.searchsorted(seen, keys.key), weights=amount, minlength=len(seen))
    return added.astype(np.float64, copy=False)


def outcome_of(label: Codes, prediction: Codes, unjudged: Unjudged) -> NDArray[np.uint8]:
    """0 error, 1 correct, 2 not judged."""
    outcome = np.equal(label, prediction).astype(np.uint8)
    if unjudged is not None:
        outcome[... if unjudged == "all" else label == unjudged] = 2
    return outcome


def best_tile(tiles: Sequence[Tile], needed: set[str]) -> Tile | None:
    """The smallest tile that knows all of the needed dims, or None."""
    return min((tile for tile in tiles if needed <= tile.known), key=len, default=None)


def asked_for(by: Sequence[str]) -> tuple[str | None, list[str]]:
    """The amount that is added up by some dims, and these: ``["+wl", "c1"]`` names one; None counts rows."""
    return (by[0][1:], list(by[1:])) if by and by[0].startswith("+") else (None, list(by))


def add_up(
    columns: Sequence[Codes], sizes: Sequence[int], n: Counts | Sums | None
) -> NDArray[np.int64 | np.float64]:
    """Sums of ``n`` by the given columns, as an array of shape ``sizes``; ``n`` None counts each entry once."""
    if not columns:
        raise ValueError("nothing to count by")
    key = columns[0].astype(np.int64)
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        key = key * size + column
    total = int(np.prod(sizes, dtype=np.int64))
    added = np.bincount(key, weights=n, minlength=total).reshape(tuple(sizes))
    return added if n is not None and n.dtype.kind == "f" else added.astype(np.int64)
