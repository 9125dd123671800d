"""What a scikit-learn classifier or regressor says of a table."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from offdiagonal.errors import LabelError
from offdiagonal.table.encode import identity, plain_value
from offdiagonal.table.given import class_list


def predictions_of(
    estimator: Any, X: Any, positive: Any = None, classes: Any = None
) -> tuple[Any, dict[str, Any]]:
    """Predict, and say how sure the estimator is.

    Parameters
    ----------
    estimator
        A fitted classifier or regressor.
    X
        What it predicts from.
    positive
        The class that the scores of two classes shall be about; by default the second.
    classes
        The classes in the user's order; by default the estimator's.

    Returns
    -------
    predictions
        One class, or of a regressor one number, for each row.
    options
        ``probabilities``, or else ``scores`` that only sort; ``classes`` in their order; of a regressor the ``task``.

    Raises
    ------
    LabelError
        If the estimator is none.
    """
    if isinstance(estimator, type) or not hasattr(estimator, "predict"):
        what = f"the class {estimator.__name__}" if isinstance(estimator, type) else f"{estimator!r:.80}"
        raise LabelError(
            f"{what} is no fitted estimator; give one that has been fitted, as fit(X, y) returns it"
        )
    predicted = np.asarray(estimator.predict(X))
    if _is_regressor(estimator):
        return predicted, {"task": "regression"}
    known = getattr(estimator, "classes_", None)
    own = None if known is None or isinstance(known, list) else list(known)
    order = own if classes is None else _in_order(class_list(classes), own or [])
    options: dict[str, Any] = {} if order is None else {"classes": order}
    if hasattr(estimator, "predict_proba"):
        found = estimator.predict_proba(X)
        options["probabilities"] = found if own is None or order is own else _columns(found, own, order or [])
    elif hasattr(estimator, "decision_function"):
        about = order[1] if positive is None and order is not None and len(order) == 2 else positive
        options["scores"] = _sorting(np.asarray(estimator.decision_function(X)), own, about)
    return predicted, options


def _in_order(classes: list[Any], own: list[Any]) -> list[Any]:
    """The user's classes, and behind them those that only the estimator knows."""
    named = {identity(plain_value(value)) for value in classes}
    others = [value for value in own if identity(plain_value(value)) not in named]
    return classes if len(others) == len(own) else [*classes, *others]


def _columns(matrix: Any, own: list[Any], order: list[Any]) -> Any:
    """Columns in the order of ``own`` as those of ``order``; NaN for a class that the estimator does not know."""
    matrix = np.asarray(matrix, dtype=np.float64)
    at = {identity(plain_value(value)): i for i, value in enumerate(own)}
    found = [at.get(identity(plain_value(value))) for value in order]
    if matrix.ndim != 2 or matrix.shape[1] != len(own) or all(i is None for i in found):
        return matrix
    unknown = np.full(len(matrix), np.nan)
    return np.column_stack([unknown if i is None else matrix[:, i] for i in found])


def _is_regressor(estimator: Any) -> bool:
    base = sys.modules.get("sklearn.base")
    return (
        base is not None and isinstance(estimator, base.BaseEstimator) and bool(base.is_regressor(estimator))
    )


def _sorting(scores: Any, classes: list[Any] | None, positive: Any) -> Any:
    """One score a row: of two classes that of the positive one, of many the lead of the first over the second."""
    if scores.ndim > 1:
        ranked = np.sort(scores, axis=1)
        return ranked[:, -1] - ranked[:, -2]
    first = (
        classes is not None
        and positive is not None
        and identity(plain_value(positive)) == identity(plain_value(classes[0]))
    )
    return -scores if first else scores
