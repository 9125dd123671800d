"""The same table with other predictions, as of another checkpoint of the model."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import LabelError
from offdiagonal.table.encode import text_of
from offdiagonal.table.probabilities import Probabilities
from offdiagonal.table.table import Table

NOT_LOGGED = "no probabilities were logged at this step"


def repredicted(table: Table, prediction: NDArray[Any], confidence: NDArray[Any] | None) -> Table:
    """The table with other predictions.

    Parameters
    ----------
    table
        Of classes.
    prediction
        n classes of the table.
    confidence
        n probabilities of the predicted class.

    Raises
    ------
    LabelError
        If a prediction is no class of the table.
    """
    labels = table.labels
    code = {value: i for i, value in enumerate(labels.known)}
    values = prediction.tolist()
    unknown = next((value for value in values if value not in code), None)
    if unknown is not None:
        listed = ", ".join(text_of(value) for value in labels.known[:5])
        positions = type(unknown) is int and all(isinstance(value, str) for value in labels.known)
        advice = (
            "log names in place of positions: prediction=[classes[i] for i in ...]"
            if positions
            else "name all classes: classes=[...]"
        )
        raise LabelError(
            f"the run predicts {unknown!r:.80}, which is no class of the table ({listed} ...); {advice}"
        )
    codes = np.asarray([code[value] for value in values], dtype=labels.prediction.dtype)
    known = (
        Probabilities(None, None, NOT_LOGGED)
        if confidence is None
        else _probabilities(table, codes, confidence)
    )
    return dataclasses.replace(
        table, labels=dataclasses.replace(labels, prediction=codes), known=known, score=None
    )


def _probabilities(table: Table, codes: NDArray[Any], confidence: NDArray[Any]) -> Probabilities:
    """Of the predicted class; of two classes it tells the other's too, of more the others are not known."""
    sure = np.clip(confidence.astype(np.float64), 0, 1)
    matrix = np.full((len(codes), len(table.labels.known)), np.nan)
    if matrix.shape[1] == 2:
        matrix[:] = (1 - sure)[:, None]
    matrix[np.arange(len(codes)), codes] = sure
    return Probabilities(matrix, sure, None)
