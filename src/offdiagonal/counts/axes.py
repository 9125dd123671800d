"""Axes of counts: which are looked up, which summed over, and in what order they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.filters import CodeFilter
from offdiagonal.counts.tiles import Counts


def narrowed(
    block: NDArray[np.int32], dims: list[str], mask: CodeFilter, by: Sequence[str]
) -> tuple[NDArray[np.int32], list[str], list[CodeFilter]]:
    """A view of the one level that a filter leaves of a dim that is not asked for, if that is what it does."""
    if len(mask.dims) == 1 and mask.dims[0] not in by and mask.only is not None:
        axis = dims.index(mask.dims[0])
        block = block[:, mask.only] if axis == 0 else block[:, :, mask.only]
        return block, [dim for dim in dims if dim != mask.dims[0]], []
    return block, dims, [mask]


def arranged(counts: NDArray[Any], axes: list[str], by: Sequence[str]) -> Counts:
    """Sum over the axes that are not asked for, and order the others."""
    if len(axes) > len(by):
        counts = counts.sum(axis=tuple(i for i, axis in enumerate(axes) if axis not in by))
        axes = [axis for axis in axes if axis in by]
    if axes != list(by):
        counts = counts.transpose([axes.index(dim) for dim in by])
    return np.asarray(counts, dtype=np.int64)
