"""Asks whether the probabilities belong to the classes that they are taken for, and to the predictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.checks.words import listed, name, share
from offdiagonal.clauses import RowsClause
from offdiagonal.findings import Finding
from offdiagonal.stats.intervals import wilson, wilson_limits
from offdiagonal.stats.measure import MIN_N
from offdiagonal.views.text import amount, percent

TIE = 1e-9
ROWS = 20_000
"""The order is sought on so many evenly spaced rows, and tried on all."""

Matrix = NDArray[np.float64]
Rows = NDArray[np.bool_]


def order_findings(
    matrix: Matrix, prediction: NDArray[Any], texts: Sequence[str], given: Sequence[int] = ()
) -> list[Finding]:
    """Rows whose most probable class is not the prediction, and the order of classes that would mend it.

    Predictions of two classes that follow a threshold are none.

    Parameters
    ----------
    matrix
        Probabilities, one column a class, in the order of the classes; NaN where there is none.
    prediction
        Class code of each row's prediction; a code without a column is a missing one.
    texts
        How the classes read.
    given
        Codes of the classes in the order of the columns as they were given; empty: a single column.
    """
    rows = np.flatnonzero(prediction < matrix.shape[1])
    codes = prediction[rows].astype(np.int64)
    own = np.full(len(matrix), np.nan)
    own[rows] = matrix[rows, codes]
    best = np.fmax.reduce(matrix, axis=1)
    off = best > own + TIE  # where either is missing it is not
    if not off.any() or follows_threshold(matrix, prediction):
        return []
    known = int((~np.isnan(own)).sum())
    order = fitting_order(matrix, prediction)
    if order is not None:
        moved = np.full(len(matrix), np.nan)
        moved[rows] = matrix[rows, order[codes]]
        still = int((best > moved + TIE).sum())
        if _clearly_fewer(still, int(off.sum()), known):
            return [_order_finding(off, still, known, order, texts, given)]
    return [_off_finding(off, best - own, known, matrix, prediction, texts)]


def follows_threshold(matrix: Matrix, prediction: NDArray[Any]) -> bool:
    """Whether a threshold on the probability of the second of two classes gives the predictions."""
    if matrix.shape[1] != 2:
        return False
    first, second = (matrix[prediction == code, 1] for code in (0, 1))
    below = np.fmax.reduce(first, initial=-np.inf) if len(first) else -np.inf
    above = np.fmin.reduce(second, initial=np.inf) if len(second) else np.inf
    return bool(below <= above)


def fitting_order(matrix: Matrix, prediction: NDArray[Any]) -> NDArray[np.int64] | None:
    """For each class the column that is highest above its mean where the class is predicted; None: the present one.

    The mean is taken off, so that a threshold or a rare class is no other order.
    """
    rows = np.flatnonzero((prediction < matrix.shape[1]) & ~np.isnan(np.fmax.reduce(matrix, axis=1)))
    rows = rows[:: max(len(rows) // ROWS, 1)]
    part, codes = np.nan_to_num(matrix[rows]), prediction[rows].astype(np.int64)
    if len(rows) == 0:
        return None
    by_class = np.argsort(codes, kind="stable")
    present, starts = np.unique(codes[by_class], return_index=True)
    sums = np.add.reduceat(part[by_class], starts, axis=0)
    counts = np.diff([*starts, len(rows)])
    lift = sums / counts[:, None] - part.mean(axis=0)
    order = _assigned(lift, present)
    return None if np.array_equal(order, np.arange(len(order))) else order


def _assigned(lift: Matrix, present: NDArray[np.int64]) -> NDArray[np.int64]:
    """A column for each class: the assignment of the greatest sum; classes never predicted take what is left."""
    columns = lift.argmax(axis=1)
    if len(set(columns.tolist())) < len(columns):
        from scipy.optimize import linear_sum_assignment

        columns = linear_sum_assignment(-lift)[1]
    size = lift.shape[1]
    order = np.full(size, -1, dtype=np.int64)
    order[present] = columns
    left = sorted(set(range(size)) - set(columns.tolist()))
    others = [code for code in range(size) if order[code] < 0]
    for code in [code for code in others if code in left]:
        order[code] = code
        left.remove(code)
    order[order < 0] = left
    return order


def _clearly_fewer(still: int, off: int, n: int) -> bool:
    if n < MIN_N:
        return False
    return 2 * still <= n and wilson_limits(still, n)[1] < wilson_limits(off, n)[0]


def _order_finding(
    off: Rows, still: int, n: int, order: NDArray[np.int64], texts: Sequence[str], given: Sequence[int]
) -> Finding:
    now = int(off.sum())
    belongs = np.argsort(order)  # the class that a column is of
    if len(given):
        names = [name(texts[belongs[code]]) for code in given]
        title = f"the columns of the probabilities fit another order of the classes: {listed(names, 8)}"
        try_next = f"Name the classes in the order of the columns: classes=[{listed(names, 12)}]."
    else:
        title = (
            f"the probability given fits the other class: {name(texts[0])} and {name(texts[1])} are swapped"
        )
        try_next = (
            "Give one minus the probability, or a column for each class: probabilities={class: column}."
        )
    return Finding(
        kind="class-order",
        level="predictions",
        title=title,
        certainty="likely",
        effect=wilson(now, n),
        where=(RowsClause(off),),
        evidence=f"So the most probable class is the prediction in {share(n - still, n)}; as given, in "
        f"{share(n - now, n)}.",
        causes=(
            "columns of an array in the order of model.classes_, not in sorted order",
            "the probability of the other class",
            "predictions named by another order than the probabilities",
        ),
        rules_out=("a threshold: the means of the columns were taken off",),
        try_next=(try_next,),
        confirm_by="Compare one row with what the model gives for it: predict and predict_proba side by side.",
        theory="Confidence and calibration read the column of the predicted class. From a wrong column they show "
        "a model that doubts all it does.",
    )


def _off_finding(
    off: Rows, gaps: Matrix, n: int, matrix: Matrix, prediction: NDArray[Any], texts: Sequence[str]
) -> Finding:
    k, rows = int(off.sum()), np.flatnonzero(off)
    likely = np.nan_to_num(matrix[rows], nan=-1).argmax(axis=1)
    pairs, counts = np.unique(
        np.stack([prediction[rows].astype(np.int64), likely]), axis=1, return_counts=True
    )
    top = int(counts.argmax())
    said, better = (name(texts[code]) for code in pairs[:, top])
    return Finding(
        kind="not-most-probable",
        level="predictions",
        title=f"in {amount(k, 'row')} another class is more probable than the prediction",
        certainty="confirmed",
        effect=wilson(k, n),
        where=(RowsClause(off),),
        evidence=f"That is {share(k, n, 'row')}, by {percent(float(np.median(gaps[rows])))} in the middle one. "
        f"Most often {said} is predicted and {better} more probable ({int(counts[top]):,}).",
        causes=(
            "predictions and probabilities of two runs, or of two models",
            "a rule that weighs errors, or thresholds for each class",
            "rows of the one sorted, of the other not",
        ),
        rules_out=("another order of the columns",) + (("one threshold",) if matrix.shape[1] == 2 else ()),
        try_next=("Make both from one call of the model, and compare.",),
        confirm_by="Where a rule is meant, it explains every one of these rows.",
        theory="Without such a rule the prediction is the class of the greatest probability.",
    )
