"""Functions of the user as measures: what they are given is told by the names of their parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import MeasureError
from offdiagonal.measures.rows import NO_PROBABILITIES, Part, Rows
from offdiagonal.measures.sample import Called, Sample
from offdiagonal.stats.measured import UndefinedError

LABEL, PREDICTION, PROBABILITIES, SCORE, WEIGHT = "label", "prediction", "probabilities", "score", "weight"
COMPARED = {PREDICTION, PROBABILITIES, SCORE}
MEANINGS: dict[str, tuple[str, ...]] = {
    LABEL: ("label", "labels", "y", "y1", "y_true", "true", "truth", "target", "targets", "actual"),
    PREDICTION: (
        *("prediction", "predictions", "predicted", "pred", "preds"),
        *("y_pred", "y_hat", "yhat", "y2"),
    ),
    PROBABILITIES: ("probabilities", "probability", "probas", "proba", "probs", "prob"),
    SCORE: ("y_score", "y_proba", "y_prob", "score", "scores"),
    WEIGHT: ("weight", "weights", "sample_weight"),
}
"""What a parameter of each name is given."""
MEANING = {name: what for what, names in MEANINGS.items() for name in names}
HOW = (
    "call its parameters label and prediction, or label and probabilities (one column a class), and weight where it "
    "takes weights"
)
LOSSES = ("_loss", "_error", "loss", "error")
"""How scikit-learn calls what should be small."""


@dataclass(frozen=True)
class Function:
    """A function of label, and of prediction or probabilities."""

    name: str
    function: Callable[..., Any]
    given: tuple[tuple[str | None, str], ...]
    """What is given to each parameter, and the name by which, None by its place."""
    better: int = 0
    share: bool = False
    positive_label: bool = False
    """Whether the function takes ``pos_label``, as scikit-learn's do."""
    sorted_classes: bool = False
    """Whether it takes the columns of probabilities to be in the order of the sorted classes, as scikit-learn does."""

    def sample(self, part: Part) -> Sample:
        """The function of some rows.

        Raises
        ------
        UndefinedError
            If it asks for what the rows do not have.
        """
        rows, wanted = part.rows, {what for _, what in self.given}
        if not rows.classes and not rows.numbers:
            raise UndefinedError("there are no labels and predictions")
        if wanted & {PROBABILITIES, SCORE}:
            if rows.table.probabilities is None and not (SCORE in wanted and rows.positive_score is not None):
                raise UndefinedError(rows.table.why_no_confidence or NO_PROBABILITIES)
            part = part.where(_usable(rows, PROBABILITIES in wanted))
        unweighted = rows.weight is not None and WEIGHT not in wanted
        method = f"{part.method}; unweighted: it takes no weight" if unweighted else part.method
        return Called(lambda at: self._call(rows, at), part.at, part.times, method)

    def _call(self, rows: Rows, at: NDArray[np.int64]) -> Any:
        places, names = [], {}
        for name, what in self.given:
            value = _values(rows, what, at)
            if self.sorted_classes:
                value = self._as_sorted(rows, what, value)
            if name is None:
                places.append(np.ones(len(at)) if value is None else value)
            elif value is not None:
                names[name] = value
        if self.positive_label and rows.positive is not None:
            names["pos_label"] = rows.known[rows.positive]
        return self.function(*places, **names)

    def _as_sorted(self, rows: Rows, what: str, value: Any) -> Any:
        """What scikit-learn's functions expect: of two classes the second is the positive one."""
        if what in (PROBABILITIES, SCORE) and value.ndim > 1:
            return value[:, rows.sorted]
        one = SCORE in {what for _, what in self.given} and rows.positive is not None
        return (
            value == rows.known[rows.positive] if one and what == LABEL and not self.positive_label else value
        )


def _usable(rows: Rows, whole: bool) -> NDArray[np.bool_]:
    score = rows.positive_score
    return rows.probable if whole or score is None else ~np.isnan(score)


def _values(rows: Rows, what: str, at: NDArray[np.int64]) -> Any:
    """What a parameter is given: new arrays, so that a function may write to them."""
    if what == LABEL:
        return rows.labels[at]
    if what == PREDICTION:
        return rows.predictions[at]
    if what == WEIGHT:
        return None if rows.weight is None else rows.weight[at]
    if what == SCORE and rows.positive_score is not None:
        return rows.positive_score[at]
    known = rows.table.probabilities
    assert known is not None
    return known[at]


def function_of(function: Callable[..., Any], name: str | None = None) -> Function:
    """A function of the user as a measure.

    Raises
    ------
    MeasureError
        If the names of its parameters do not tell what it takes.
    """
    called = name or str(getattr(function, "__name__", type(function).__name__))
    if called == "<lambda>":
        called = "lambda"
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        raise MeasureError(
            f"measure {called!r}: the parameters of {function!r:.80} cannot be read; wrap it in a function of "
            "(label, prediction)"
        ) from None
    given: list[tuple[str | None, str]] = []
    for parameter in parameters:
        what = MEANING.get(parameter.name)
        needed = parameter.default is parameter.empty
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if what is None and needed:
            raise MeasureError(
                f"measure {called!r}: it is not known what to give for its parameter {parameter.name!r}; {HOW}"
            )
        first = what in COMPARED and not COMPARED & {one for _, one in given}
        if what is not None and (needed or first or what == WEIGHT):
            by_name = parameter.kind is parameter.KEYWORD_ONLY or not needed
            given.append((parameter.name if by_name else None, what))
    wanted = [what for _, what in given]
    if LABEL not in wanted or not COMPARED & set(wanted):
        names = ", ".join(parameter.name for parameter in parameters) or "nothing"
        raise MeasureError(
            f"measure {called!r}: a measure compares labels with predictions, but it takes {names}; {HOW}"
        )
    sorts = str(getattr(function, "__module__", "")).startswith("sklearn.")
    if sorts and getattr(function, "__name__", "") == "log_loss":  # it calls probabilities predictions
        given = [(at, PROBABILITIES if what == PREDICTION else what) for at, what in given]
    return Function(
        called,
        function,
        tuple(given),
        _direction(called),
        positive_label=any(parameter.name == "pos_label" for parameter in parameters),
        sorted_classes=sorts,
    )


def _direction(name: str) -> int:
    """As scikit-learn names them: a score should be large, a loss or an error small."""
    if name.endswith(LOSSES):
        return -1
    return 1 if name.endswith("_score") else 0
