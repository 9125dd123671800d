"""The area under the ROC curve, which needs every row's score and not only counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.auc import auc_delong
from offdiagonal.stats.measure import Measure
from offdiagonal.table.table import Table


def table_auc(table: Table, mask: NDArray[np.bool_] | None) -> Measure | None:
    """Area under the ROC curve over judged rows that have a score; None where there is no score of two classes."""
    if table.positive is None:
        return None
    score = table.score if table.probabilities is None else table.probabilities[:, table.positive]
    if score is None:
        return None
    usable = ~np.isnan(score) & (table.outcome != 2)
    if mask is not None:
        usable &= mask
    return auc_delong((table.label == table.positive)[usable], score[usable])
