"""What estimators of scikit-learn know of their own training, and how they do while one trains them piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import LengthError, OffdiagonalError
from offdiagonal.training.hooks.common import Logged, begin, size_of
from offdiagonal.training.record import AFTER_AN_UPDATE

Values = NDArray[np.float64]
Pair = tuple[Any, Any]
Curves = dict[str, tuple[int, Values]]
"""By name after how many updates the first value was measured, and the values."""
HISTORIES = "loss_curve_ (MLP*), train_score_ (gradient boosting) or validation_scores_"


def take(run: Logged, model: Any, step: float | None, data: Pair | None, validation: Pair | None) -> None:
    """Take what a fitted estimator knows of its training, or how it does on data now.

    Raises
    ------
    OffdiagonalError
        If there is neither, or the model is no estimator that was fitted.
    """
    last, before = _last_step(model)
    _must_be_fitted(model, last)
    if step is not None or data is not None:
        _take_now(run, model, last, step, data, validation)
        return
    model = last
    curves: Curves = {name: (first, values) for name, first, values in _histories(model)}
    if validation is not None:
        X, y = _pair("validation", validation)
        for earlier in before:
            X = earlier.transform(X)
        curves |= _staged(model, X, y)
    if not curves:
        raise OffdiagonalError(
            f"{type(model).__name__} kept nothing of its training: {HISTORIES} would be that. After each partial_fit "
            "run.sklearn(model, step, data=(X, y), validation=(X_val, y_val)) takes how it does"
        )
    trained = "loss" in curves and curves["loss"][0] > 0
    begin(run, "scikit-learn", model.get_params(deep=False), _facts(model, trained=trained))
    rate = getattr(model, "learning_rate_init", None) or getattr(model, "learning_rate", None)
    rows: dict[int, dict[str, float]] = {}
    for name, (first, values) in curves.items():
        for updates, value in enumerate(values.tolist(), first):
            rows.setdefault(updates, {})[name] = value
    for updates, known in sorted(rows.items()):
        run.log(updates, **known, **({"lr": float(rate)} if isinstance(rate, int | float) else {}))
    run.finish()


def _last_step(model: Any) -> tuple[Any, list[Any]]:
    """The estimator at the end of a Pipeline, also of one in another, and what the data go through before it."""
    before = []
    while isinstance(getattr(model, "steps", None), list) and hasattr(model, "named_steps"):
        if len(model.steps) > 1:
            before.append(model[:-1])
        model = model.steps[-1][1]
    return model, before


def _must_be_fitted(model: Any, last: Any) -> None:
    if isinstance(last, type) or not hasattr(last, "get_params") or not hasattr(last, "fit"):
        raise OffdiagonalError(
            f"run.sklearn takes a fitted estimator of scikit-learn, such as MLPClassifier().fit(X, y), not {last!r:.80}"
        )
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(last)
    except NotFittedError as error:
        raise OffdiagonalError(
            f"{type(model).__name__} is not fitted; call run.sklearn after fit or partial_fit"
        ) from error


def _histories(model: Any) -> Iterator[tuple[str, int, Values]]:
    """What the estimator kept, by our names, each with the updates before its first value."""
    if _kept(model, "loss_curve_"):
        yield "loss", 1, _array(model.loss_curve_)
        if _kept(model, "validation_scores_"):
            yield f"val_{_score_name(model)}", 1, _array(model.validation_scores_)
    elif _kept(model, "train_score_"):
        scores = _array(model.train_score_)
        validation = _array(model.validation_score_) if _kept(model, "validation_score_") else None
        if hasattr(model, "scoring"):  # histogram boosting: a score, or the loss with its sign turned round
            is_loss = model.scoring == "loss"
            half = 2.0 if model.loss == "squared_error" else 1.0
            name, times = ("loss", -half) if is_loss else (_score_name(model), 1.0)
            yield name, 0, times * scores
            if validation is not None:
                yield f"val_{name}", 0, times * validation
        else:
            twice = (
                0.5 if model.loss == "log_loss" and len(model.classes_) == 2 else 1.0
            )  # it is the deviance
            yield "loss", 1, twice * scores
            if _kept(model, "oob_scores_"):
                yield "val_loss", 1, twice * _array(model.oob_scores_)


def _kept(model: Any, name: str) -> bool:
    values = getattr(model, name, None)
    return values is not None and len(values) > 0


def _array(values: Sequence[float]) -> Values:
    return np.asarray(values, dtype=np.float64)


def _score_name(model: Any) -> str:
    scoring = getattr(model, "scoring", None)
    if isinstance(scoring, str) and scoring != "loss":
        return scoring
    return "accuracy" if hasattr(model, "classes_") else "r2"


def _staged(model: Any, X: Any, y: Any) -> Curves:
    """What is lost on other data after each stage of a boosted model: by the loss that it is trained by, if it can be.

    By another name where that is another one than the training's.
    """
    if hasattr(model, "staged_predict_proba"):
        loss = getattr(model, "loss", None)
        if loss == "exponential":
            sign = np.where(np.asarray(y) == model.classes_[1], 1.0, -1.0)
            margins = (np.ravel(margin) for margin in model.staged_decision_function(X))
            return {"val_loss": (1, _array([float(np.mean(np.exp(-sign * one))) for one in margins]))}
        lost = [_log_loss(model.classes_, p, y) for p in model.staged_predict_proba(X)]
        return {"val_loss" if loss == "log_loss" else "val_log_loss": (1, _array(lost))}
    if hasattr(model, "staged_predict") and not hasattr(model, "classes_"):
        name, measured = _loss_of_amounts(model)
        amounts = np.asarray(y, dtype=np.float64)
        return {name: (1, _array([float(np.mean(measured(amounts, p))) for p in model.staged_predict(X)]))}
    return {}


def _loss_of_amounts(model: Any) -> tuple[str, Callable[[Values, Values], Values]]:
    """What a regressor is trained by; the squared error where a prediction alone does not tell it."""
    match getattr(model, "loss", None):
        case "squared_error":
            return "val_loss", lambda y, p: (y - p) ** 2
        case "absolute_error":
            return "val_loss", lambda y, p: np.abs(y - p)
        case "quantile":
            share = model.quantile if hasattr(model, "quantile") else model.alpha
            return "val_loss", lambda y, p: np.maximum(share * (y - p), (share - 1) * (y - p))
        case "poisson":
            return "val_loss", lambda y, p: p - y * np.log(p)
        case "gamma":
            return "val_loss", lambda y, p: np.log(p) + y / p
    return "val_mse", lambda y, p: (y - p) ** 2  # the width of Huber's loss is another in each stage


def _take_now(
    run: Logged, model: Any, last: Any, step: float | None, data: Pair | None, validation: Pair | None
) -> None:
    begin(run, "scikit-learn", last.get_params(deep=False), _facts(last, trained=True))
    known: dict[str, float] = {}
    for prefix, name, pair in (("", "data", data), ("val_", "validation", validation)):
        if pair is not None:
            known |= {prefix + key: value for key, value in scores(model, *_pair(name, pair)).items()}
    if not known:
        raise OffdiagonalError(
            f"at step {step} nothing is told of {type(model).__name__}: give data=(X, y) or validation=(X, y)"
        )
    run.log(step, **known)


def _pair(name: str, given: Any) -> Pair:
    if not isinstance(given, tuple | list) or len(given) != 2 or size_of(given[1]) is None:
        raise OffdiagonalError(f"{name}= is a pair (X, y), not {type(given).__name__} {given!r:.80}")
    X, y = given
    shape = getattr(X, "shape", None)  # a sparse matrix has no length
    rows = shape[0] if shape else size_of(X)
    if rows is not None and rows != len(y):
        raise LengthError.of(f"y of {name}=", len(y), rows, "X")
    return X, y


def scores(model: Any, X: Any, y: Any) -> dict[str, float]:
    """Loss, and of a classifier accuracy, of an estimator as it is now."""
    if not hasattr(model, "classes_"):
        residual = np.asarray(y, dtype=np.float64) - np.asarray(model.predict(X), dtype=np.float64)
        return {"loss": float(np.mean(residual**2))}
    known = {"accuracy": float(np.mean(np.asarray(model.predict(X)) == np.asarray(y)))}
    if callable(getattr(model, "predict_proba", None)):
        return {"loss": _log_loss(model.classes_, model.predict_proba(X), y), **known}
    if hasattr(model, "decision_function") and len(model.classes_) == 2:
        sign = np.where(np.asarray(y) == model.classes_[1], 1.0, -1.0)
        margin = sign * np.asarray(model.decision_function(X))
        return {"loss": float(np.mean(np.maximum(0.0, 1.0 - margin))), **known}
    return known


def _log_loss(classes: Any, probabilities: Any, y: Any) -> float:
    """Mean negative logarithm of the probability of the label; of a label that the model does not know the floor's."""
    given = np.asarray(probabilities, dtype=np.float64)
    codes = {one: code for code, one in enumerate(np.asarray(classes).tolist())}
    at = np.asarray([codes.get(one, -1) for one in np.asarray(y).tolist()])
    chosen = np.where(at >= 0, given[np.arange(len(at)), at], 0.0)
    return float(-np.mean(np.log(np.maximum(chosen, np.finfo(np.float64).eps))))


def _facts(model: Any, *, trained: bool) -> dict[str, Any]:
    """What stands over the run; `trained` says that the first loss is of a model that has had an update."""
    loss = getattr(model, "loss", None)
    classes = getattr(model, "classes_", None)
    return {
        "optimizer": getattr(model, "solver", None),
        "loss_function": loss if isinstance(loss, str) else None,
        "classes": None if classes is None else len(classes),
        "first_loss": AFTER_AN_UPDATE if trained else None,
        "batch_size": size if isinstance(size := getattr(model, "batch_size", None), int) else None,
    }


def callback(run: Logged) -> Any:
    """A callback of scikit-learn 1.9 and later.

    Raises
    ------
    OffdiagonalError
        If the installed scikit-learn has none.
    """
    try:
        import sklearn.callback
    except ImportError as error:
        import sklearn

        raise OffdiagonalError(
            f"scikit-learn {sklearn.__version__} has no callbacks (1.9 has): fit, then run.sklearn(model)"
        ) from error
    return _Callback(run)


class _Callback:
    def __init__(self, run: Logged) -> None:
        self.run = run
        self.steps = 0

    def setup(self, estimator: Any, context: Any) -> None:
        self.steps = 0
        begin(self.run, "scikit-learn", estimator.get_params(deep=False), _facts(estimator, trained=True))

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        pass

    def on_fit_task_end(
        self,
        estimator: Any,
        context: Any,
        *,
        X: Any = None,
        y: Any = None,
        fitted_estimator: Any = None,
        metadata: Any = None,
    ) -> bool:
        if fitted_estimator is None or context.parent is None:
            return False
        self.steps += 1
        self.run.log(self.steps, **scores(fitted_estimator, X, y))
        if self.run.should_stop and context.task_name == "lbfgs-iter":
            raise StopIteration  # which SciPy takes; scikit-learn 1.9 does not look at what is returned here
        return self.run.should_stop

    def teardown(self, estimator: Any, context: Any) -> None:
        self.run.finish()
