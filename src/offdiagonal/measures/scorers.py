"""scikit-learn's scorers as measures: they are shown an estimator that predicts what the table holds.

scikit-learn is imported only where a scorer is there already, or a name is asked for that only it knows.
"""

from __future__ import annotations

import copy
import inspect
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.measures.rows import NO_PROBABILITIES, Part, Rows
from offdiagonal.measures.sample import Called, Sample
from offdiagonal.stats.measured import UndefinedError

PREDICT, PROBABILITY, DECISION = "predict", "predict_proba", "decision_function"


@dataclass(frozen=True)
class Scorer:
    """What ``make_scorer`` or ``get_scorer`` gives."""

    name: str
    scorer: Any
    better: int
    """-1 where it was made with ``greater_is_better=False``: then its sign is taken back."""
    share: bool = False

    def sample(self, part: Part) -> Sample:
        """The score of some rows.

        Raises
        ------
        UndefinedError
            If it asks for what the rows do not have.
        """
        rows = part.rows
        if not rows.classes and not rows.numbers:
            raise UndefinedError("there are no labels and predictions")
        response = _response(rows, self.scorer)
        if response == PROBABILITY:
            part = part.where(rows.probable)
        elif response == DECISION and rows.table.score is not None:
            part = part.where(~np.isnan(rows.table.score))
        scorer = _with_positive(self.scorer, rows)
        model = _model(rows)
        weighted = rows.weight is not None and _takes_weight(scorer)

        def call(at: NDArray[np.int64]) -> Any:
            more = {"sample_weight": rows.weight[at]} if weighted and rows.weight is not None else {}
            labels = rows.labels[at]
            return (-1 if self.better < 0 else 1) * scorer(model, at.reshape(-1, 1), labels, **more)

        unweighted = rows.weight is not None and not weighted
        method = f"{part.method}; unweighted: it takes no sample_weight" if unweighted else part.method
        return Called(call, part.at, part.times, method)


def is_scorer(given: Any) -> bool:
    """Whether something is a scorer of scikit-learn."""
    module = type(given).__module__
    return callable(given) and module.startswith("sklearn.") and hasattr(given, "_score_func")


def scorer_of(given: Any, name: str | None = None) -> Scorer:
    """A scorer as a measure, called as its score function."""
    function = vars(given)["_score_func"]
    called = name or str(getattr(function, "__name__", "scorer")).removesuffix("_score").replace("_", " ")
    options = ", ".join(f"{key}={value!r}" for key, value in getattr(given, "_kwargs", {}).items())
    if name is None and options:
        called = f"{called} ({options})"
    return Scorer(called, given, 1 if getattr(given, "_sign", 1) > 0 else -1)


def scorer_by_name(name: str) -> Scorer | None:
    """A scorer that only scikit-learn knows by name, such as ``jaccard_weighted``."""
    from sklearn.metrics import get_scorer, get_scorer_names

    return scorer_of(get_scorer(name), name.removeprefix("neg_")) if name in get_scorer_names() else None


def scorer_names() -> list[str]:
    """The names that scikit-learn knows."""
    from sklearn.metrics import get_scorer_names

    return list(get_scorer_names())


def _responses(scorer: Any) -> list[str]:
    """What a scorer asks an estimator for, the first that there is."""
    wanted = getattr(scorer, "_response_method", PREDICT)
    return [PREDICT] if wanted == "default" else [wanted] if isinstance(wanted, str) else list(wanted)


def _response(rows: Rows, scorer: Any) -> str:
    wanted = _responses(scorer)
    there = {
        PREDICT: True,
        PROBABILITY: rows.table.probabilities is not None,
        DECISION: _has_decision(rows),
    }
    found = next((one for one in wanted if there.get(one)), None)
    if found is None:
        why = rows.table.why_no_confidence if PROBABILITY in wanted else None
        raise UndefinedError(why or f"asks for {' or '.join(wanted)}: {NO_PROBABILITIES}")
    return found


def _has_decision(rows: Rows) -> bool:
    return rows.table.score is not None and rows.positive is not None


def _with_positive(scorer: Any, rows: Rows) -> Any:
    """The scorer with our positive class, where it takes one and none was named."""
    options = getattr(scorer, "_kwargs", None)
    if rows.positive is None or options is None or {"pos_label", "labels"} & set(options):
        return scorer
    if (
        "pos_label" not in inspect.signature(vars(scorer)["_score_func"]).parameters
        or options.get("average", "binary") != "binary"
    ):
        return scorer
    changed = copy.copy(scorer)
    vars(changed)["_kwargs"] = {**options, "pos_label": rows.known[rows.positive]}
    return changed


def _takes_weight(scorer: Any) -> bool:
    try:
        return "sample_weight" in inspect.signature(vars(scorer)["_score_func"]).parameters
    except (TypeError, ValueError):
        return False


def _model(rows: Rows) -> Any:
    """An estimator whose examples are positions in the table."""
    classifier, regressor = _kinds()
    return classifier(rows) if rows.classes else regressor(rows)


@cache
def _kinds() -> tuple[Any, Any]:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.utils.metaestimators import available_if

    class Given(BaseEstimator):  # type: ignore[misc]
        def __init__(self, rows: Any = None) -> None:
            self.rows = rows

        def __sklearn_is_fitted__(self) -> bool:
            return True

        def predict(self, at: NDArray[np.int64]) -> NDArray[Any]:
            return np.asarray(self.rows.predictions[at[:, 0]])

    class GivenClasses(ClassifierMixin, Given):  # type: ignore[misc]
        @property
        def classes_(self) -> NDArray[Any]:
            return np.asarray(self.rows.known[self.rows.sorted])

        @available_if(lambda self: self.rows.table.probabilities is not None)  # type: ignore[untyped-decorator]
        def predict_proba(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
            return np.asarray(self.rows.table.probabilities[at[:, 0]][:, self.rows.sorted])

        @available_if(lambda self: _has_decision(self.rows))  # type: ignore[untyped-decorator]
        def decision_function(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
            """Larger for the second of the sorted classes, as scikit-learn takes it."""
            score = self.rows.table.score[at[:, 0]]
            return np.asarray(score if self.rows.sorted[-1] == self.rows.positive else -score)

    class GivenNumbers(RegressorMixin, Given):  # type: ignore[misc]
        pass

    return GivenClasses, GivenNumbers
