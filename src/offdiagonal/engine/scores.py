"""Measures that need every row, and not only counts: the area under the ROC curve, those of a regression."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.auc import auc_delong
from offdiagonal.stats.measure import Measure
from offdiagonal.stats.regression import mean_error, r2, rmse
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
    weight = None if table.weight is None else table.weight[usable]
    group = None if table.group is None else table.group[usable]
    return auc_delong((table.label == table.positive)[usable], score[usable], weight, group)


def regression_scores(table: Table, mask: NDArray[np.bool_] | None) -> list[tuple[str, Measure]]:
    """RMSE, R squared and bias over the rows with a finite label and prediction; none where there are classes."""
    if table.loss is None or table.loss.sides is None:
        return []
    usable = ~np.isnan(table.loss.values)
    if mask is not None:
        usable &= mask
    label, prediction = (table.source.values(side).astype(np.float64)[usable] for side in table.loss.sides)
    weight = None if table.weight is None else table.weight[usable]
    group = None if table.group is None else table.group[usable]
    if weight is not None and not weight.sum() > 0:
        label, prediction, weight, group = label[:0], prediction[:0], None, None
    known = (("RMSE", rmse), ("R²", r2), ("bias", mean_error))
    return [(name, measure(label, prediction, weight, group)) for name, measure in known]
