"""What a scikit-learn classifier says of a table."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from offdiagonal.errors import LabelError
from offdiagonal.table.encode import identity, plain_value


def predictions_of(estimator: Any, X: Any, positive: Any) -> tuple[Any, dict[str, Any]]:
    """Predict, and say how sure the estimator is.

    Parameters
    ----------
    estimator
        A fitted classifier.
    X
        What it predicts from.
    positive
        The class that the scores of two classes shall be about; by default the second.

    Returns
    -------
    predictions
        One class for each row.
    options
        ``probabilities``, or else ``scores`` that only sort; ``classes`` in their order.

    Raises
    ------
    LabelError
        If the estimator predicts numbers, not classes.
    """
    if _is_regressor(estimator):
        raise LabelError(f"{type(estimator).__name__} is a regressor; give a classifier")
    predicted = np.asarray(estimator.predict(X))
    order = getattr(estimator, "classes_", None)
    options: dict[str, Any] = {} if order is None or isinstance(order, list) else {"classes": list(order)}
    if hasattr(estimator, "predict_proba"):
        options["probabilities"] = estimator.predict_proba(X)
    elif hasattr(estimator, "decision_function"):
        options["scores"] = _sorting(
            np.asarray(estimator.decision_function(X)), options.get("classes"), positive
        )
    return predicted, options


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
