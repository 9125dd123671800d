"""Asks whether the probabilities are any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from offdiagonal.checks.words import share
from offdiagonal.clauses import RowsClause
from offdiagonal.findings import Finding
from offdiagonal.stats.intervals import wilson
from offdiagonal.views.text import amount

EXACT = 1e-2
"""How near sums are to what they would be on a scale."""
SOFTMAX = "Turn each row into probabilities: scipy.special.softmax(logits, axis=1)."

Matrix = NDArray[np.float64]
Rows = NDArray[np.bool_]


def scale_findings(matrix: Matrix, outside: Rows, off: Rows, why: str) -> list[Finding]:
    """What numbers are that are no probabilities: logits, logarithms, percentages, or of several yes-or-no models.

    Parameters
    ----------
    matrix
        The numbers, one column a class, or a single one.
    outside, off
        Rows that have a number outside [0, 1], and rows that do not sum to one.
    why
        What was said of them where they were read.
    """
    if outside.any():
        return [_outside(matrix, outside)]
    return [_off(matrix, off, why)] if off.any() else []


def _outside(matrix: Matrix, rows: Rows) -> Finding:
    what, cause, remedy, seen = _scale(matrix)
    n, k = len(matrix), int(rows.sum())
    low, high = float(np.nanmin(matrix)), float(np.nanmax(matrix))
    return Finding(
        kind="probabilities-scale",
        level="predictions",
        title=f"the probabilities look like {what}",
        certainty="likely",
        effect=wilson(k, n),
        where=(RowsClause(rows),),
        evidence=f"They go from {low:.3g} to {high:.3g}; {share(k, n, 'row')} have one outside [0, 1].{seen} "
        "Confidence and calibration are not shown.",
        causes=(cause,),
        try_next=(remedy,),
        confirm_by="The rows then sum to 1, and accuracy stays what it is.",
        theory="Logits sort the classes of one row as probabilities do, but say nothing of how often they are right.",
    )


def _scale(matrix: Matrix) -> tuple[str, str, str, str]:
    """What they look like, why, what to do, and what else shows it."""
    full = matrix[~np.isnan(matrix).any(axis=1)]
    wide = matrix.shape[1] > 1 and len(full) > 0
    if wide and (full <= 0).all() and np.allclose(np.exp(full).sum(axis=1), 1, atol=EXACT):
        return (
            "logarithms of probabilities",
            "predict_log_proba, or a log-softmax, instead of the probabilities",
            "Take the exponential: numpy.exp(probabilities).",
            " Their exponentials sum to 1.",
        )
    if (full >= 0).all() and (full <= 100).all() and (not wide or np.allclose(full.sum(axis=1), 100, atol=1)):
        seen = " The rows sum to 100." if wide else ""
        return "percentages", "a column written for people", "Divide them by 100.", seen
    if wide:
        return "logits", "the output of the last layer, without its softmax", SOFTMAX, ""
    return (
        "logits",
        "decision_function, or a logit, instead of a probability",
        "Give them as scores=..., or turn them into probabilities: scipy.special.expit(logits).",
        "",
    )


def _off(matrix: Matrix, off: Rows, why: str) -> Finding:
    n, k = len(matrix), int(off.sum())
    sums = np.nansum(matrix[off], axis=1)
    middle, spread = float(np.median(sums)), float(sums.max() - sums.min())
    alike = k > 1 and spread < EXACT * abs(middle)
    lacking = why.partition("; ")[0] if why.startswith("class") else ""
    return Finding(
        kind="probabilities-sum",
        level="predictions",
        title=lacking or f"the probabilities of {amount(k, 'row')} do not sum to 1",
        certainty="confirmed",
        effect=wilson(k, n),
        where=(RowsClause(off),),
        evidence=f"That is {share(k, n, 'row')}; "
        + (
            f"all sum to {middle:.4g}."
            if alike
            else f"their sums go from {sums.min():.4g} to {sums.max():.4g}, {middle:.4g} in the middle."
        )
        + " Confidence and calibration are not shown.",
        causes=(
            "a yes-or-no model for each class, as with several labels a row",
            "a class whose column is not given",
            "numbers rounded, or changed row by row",
        ),
        rules_out=("logits: all lie in [0, 1]",),
        try_next=(
            "Give one column for each class.",
            "Where the classes exclude each other, divide each row by its sum.",
        ),
        confirm_by="What the model gives for one of these rows, beside what is in the table.",
        theory="Of classes that exclude each other exactly one is right, so their probabilities sum to 1.",
    )
