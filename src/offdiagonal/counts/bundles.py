"""Joint counts of cells, levels and bins: the passes over the rows that fill a cube."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.tiles import Codes

CHUNK_ROWS = 1 << 18
"""Rows counted at once: their keys stay in the processor's cache."""

ROWS_PER_COUNT = 4
"""Rows counted at once, at least, for each combination: adding up the chunks must not cost more than they do."""

TABLE_SIZE = 1 << 17
"""Combinations counted at once: few enough for their counts to stay in the cache."""


@dataclass(frozen=True, eq=False)
class Bundle:
    """Dims counted as one: a pass over the rows costs the same whether it counts few combinations or many."""

    code: Codes
    """The combination of each row."""
    shape: tuple[int, ...]
    """The sizes of the dims."""
    levels: NDArray[np.int64]
    """Where the levels lie on the level axis, that of all rows first."""

    def __len__(self) -> int:
        return math.prod(self.shape)

    def by_level(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Counts by combination, the last axis, to counts by level."""
        if len(self.shape) < 2:
            return np.concatenate(
                [counts.sum(axis=-1, keepdims=True), counts][: len(self.shape) + 1], axis=-1
            )
        return counts @ self._member()

    def by_levels(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Counts by combination, the last of two axes, to counts by any two levels."""
        if len(self.shape) > 1:
            member = self._member()
            return member.T @ (counts[:, :, None] * member)
        single = self.by_level(counts)
        both = single[:, :, None] * np.eye(single.shape[1])
        both[:, 0] = both[:, :, 0] = single
        return both

    def _member(self) -> NDArray[np.float64]:
        """Which combination has which level; products with it are exact, as counts stay far below 2**53."""
        combined = np.indices(self.shape).reshape(len(self.shape), -1)
        parts = [np.eye(size)[column] for size, column in zip(self.shape, combined, strict=True)]
        return np.concatenate([np.ones((len(self), 1)), *parts], axis=1)


def make_bundles(
    dims: Sequence[str],
    codes: Mapping[str, Codes],
    sizes: Mapping[str, int],
    spans: Mapping[str, slice],
    cells: int,
) -> list[Bundle]:
    """Put dims together, the largest first, as long as the cells with any two bundles are few."""
    most = math.isqrt(TABLE_SIZE // max(1, cells))
    found: list[list[str]] = []
    for dim in sorted(dims, key=lambda dim: -sizes[dim]):
        fitting = (b for b in found if math.prod(sizes[other] for other in b) * sizes[dim] <= most)
        bundle = next(fitting, None)
        if bundle is None:
            found.append([dim])
        else:
            bundle.append(dim)
    if not found:
        return [Bundle(_zeros(len(codes["label"])), (), np.zeros(1, dtype=np.int64))]
    return [_bundle(bundle, codes, sizes, spans) for bundle in found]


def _bundle(
    dims: Sequence[str], codes: Mapping[str, Codes], sizes: Mapping[str, int], spans: Mapping[str, slice]
) -> Bundle:
    shape = tuple(sizes[dim] for dim in dims)
    kind = narrowest(math.prod(shape))
    code: NDArray[Any] = codes[dims[0]].astype(kind, copy=False)
    for dim in dims[1:]:
        code = code * kind(sizes[dim]) + codes[dim]
    levels = [0, *(level for dim in dims for level in range(spans[dim].start, spans[dim].stop))]
    return Bundle(code, shape, np.asarray(levels))


def count_pairs(cell: Codes, bundles: Sequence[Bundle], into: NDArray[np.int32]) -> None:
    """Fill ``into``, whose axes are cell, level, level."""
    alone: dict[int, NDArray[np.float64]] = {}
    for (i, one), (j, other) in combinations(enumerate(bundles), 2):
        table = _joint(cell, len(into), one, other.code, len(other))
        if j == i + 1:
            alone |= {i: table.sum(axis=2), j: table.sum(axis=1)}
        counts = one.by_level(other.by_level(table).transpose(0, 2, 1))
        into[:, other.levels[:, None], one.levels] = counts
        into[:, one.levels[:, None], other.levels] = counts.transpose(0, 2, 1)
    for i, one in enumerate(bundles):
        table = alone[i] if i in alone else _joint(cell, len(into), one, _zeros(len(cell)), 1)[:, :, 0]
        into[:, one.levels[:, None], one.levels] = one.by_levels(table)


def count_bins(cell: Codes, bundles: Sequence[Bundle], bins: Codes, into: NDArray[np.int32]) -> None:
    """Fill ``into``, whose axes are cell, level, bin."""
    for one in bundles:
        table = _joint(cell, len(into), one, bins, into.shape[2])
        into[:, one.levels] = one.by_level(table.transpose(0, 2, 1)).transpose(0, 2, 1)


def _joint(cell: Codes, cells: int, bundle: Bundle, other: Codes, size: int) -> NDArray[np.float64]:
    """Count the rows by cell, combination and one more code."""
    shape = cells, len(bundle), size
    total = math.prod(shape)
    kind = narrowest(total)
    counts = np.zeros(total, dtype=np.int64)
    step = max(CHUNK_ROWS, ROWS_PER_COUNT * total)
    for start in range(0, len(cell), step):
        rows = slice(start, start + step)
        key: NDArray[Any] = cell[rows].astype(kind) * kind(len(bundle)) + bundle.code[rows]
        key = key * kind(size) + other[rows]
        counts += np.bincount(key, minlength=total)
    return counts.reshape(shape).astype(np.float64)


def _zeros(n: int) -> Codes:
    return np.zeros(n, dtype=np.uint8)


def narrowest(most: int) -> type[np.unsignedinteger[Any]]:
    """The narrowest unsigned type that holds ``most``."""
    kinds: tuple[type[np.unsignedinteger[Any]], ...] = (np.uint8, np.uint16, np.uint32)
    return next((kind for kind in kinds if most <= np.iinfo(kind).max), np.uint64)
