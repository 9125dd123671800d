"""Which rows belong together: the column with the role of the group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from offdiagonal.table.encode import factorize
from offdiagonal.table.given import Given
from offdiagonal.table.read import Source

UNKNOWN = "group= holds values that cannot be compared, so intervals treat examples as independent"
NOT_YET = "those of confidence, calibration and distributions treat examples as independent"


def read_groups(source: Source, given: Given) -> tuple[NDArray[np.int64] | None, list[str]]:
    """Code of the group of each row, and notes; None where no two rows share one.

    A row without a group is one of its own.
    """
    position = given.roles.get("group")
    if position is None:
        return None, []
    try:
        codes, groups = factorize(source.values(position))
    except TypeError:
        return None, [UNKNOWN]
    known = codes >= 0
    if int(known.sum()) == len(groups):
        return None, []
    codes = codes.astype(np.int64)
    codes[~known] = len(groups) + np.arange(np.count_nonzero(~known))
    if len(groups) == 1 and known.all():
        return codes, [
            "all examples are of one group: nothing tells how sure a number is, so none has an interval"
        ]
    many = "" if position in given.private else f"{len(groups):,} "
    return codes, [f"intervals of measures, matrix and slices allow for {many}groups of examples; {NOT_YET}"]
