"""Real estimators of scikit-learn: what they kept of their training, piece by piece, and the callbacks of 1.9."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sklearn
from scipy.sparse import csr_array
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import (
    AdaBoostClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression, SGDClassifier, SGDRegressor
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler, scale

import offdiagonal as od

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(200, 3))
Y = np.where(X[:, 0] + 0.5 * RANDOM.normal(size=200) > 0, "yes", "no")
VALIDATION = (X[150:], Y[150:])


@pytest.fixture
def run() -> od.Run:
    return od.Run("estimator", keep=False)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_network_kept_its_losses_and_scores(run: od.Run) -> None:
    model = MLPClassifier((4,), max_iter=6, early_stopping=True, random_state=0).fit(X, Y)
    run.sklearn(model)
    assert run.record.status == "finished"
    assert run.record.curve("loss").values.tolist() == model.loss_curve_
    assert run.record.curve("val_accuracy").values.tolist() == model.validation_scores_
    assert run.record.curve("lr").values.tolist() == [0.001] * 6
    assert run.config["max_iter"] == 6
    assert (run.record.facts["classes"], run.record.facts["optimizer"]) == (2, "adam")


def test_boosting_kept_its_losses_and_is_asked_for_those_of_other_data(run: od.Run) -> None:
    model = GradientBoostingClassifier(n_estimators=4, random_state=0).fit(X[:150], Y[:150])
    run.sklearn(model, validation=VALIDATION)
    np.testing.assert_allclose(run.record.curve("loss").values, model.train_score_ / 2)
    expected = [
        log_loss(VALIDATION[1], p, labels=model.classes_) for p in model.staged_predict_proba(VALIDATION[0])
    ]
    np.testing.assert_allclose(run.record.curve("val_loss").values, expected)


AMOUNTS = np.exp(X[:, 0])
CLASSES = np.digitize(X[:, 0], [-0.5, 0.5])
SMALL: dict[str, Any] = {"n_estimators": 3, "random_state": 0}
EARLY: dict[str, Any] = {
    "max_iter": 3,
    "early_stopping": True,
    "validation_fraction": None,
    "scoring": "loss",
    "random_state": 0,
}
BOOSTED = [
    (GradientBoostingClassifier(**SMALL), Y),
    (GradientBoostingClassifier(**SMALL), CLASSES),
    (GradientBoostingClassifier(loss="exponential", **SMALL), Y),
    *((GradientBoostingRegressor(loss=n, **SMALL), AMOUNTS) for n in ("squared_error", "absolute_error")),
    (GradientBoostingRegressor(loss="quantile", **SMALL), AMOUNTS),
    (HistGradientBoostingClassifier(**EARLY), Y),
    (HistGradientBoostingClassifier(**EARLY), CLASSES),
    *(
        (HistGradientBoostingRegressor(loss=n, **EARLY), AMOUNTS)
        for n in ("squared_error", "absolute_error", "poisson", "gamma")
    ),
    (HistGradientBoostingRegressor(loss="quantile", quantile=0.3, **EARLY), AMOUNTS),
]


@pytest.mark.parametrize(
    ("model", "target"), BOOSTED, ids=lambda one: f"{one}" if hasattr(one, "fit") else ""
)
def test_the_same_rows_have_the_same_loss_in_training_and_validation(
    run: od.Run, model: Any, target: Any
) -> None:
    run.sklearn(model.fit(X, target), validation=(X, target))
    train, val = run.record.curve("loss"), run.record.curve("val_loss")
    assert val.steps.tolist() == [1, 2, 3]
    np.testing.assert_allclose(train.values[np.isin(train.steps, val.steps)], val.values)
    assert "initial-loss-off" not in {found.kind for found in run.findings()}


def test_validation_by_another_loss_than_the_training_has_another_name(run: od.Run) -> None:
    run.sklearn(
        GradientBoostingRegressor(loss="huber", **SMALL).fit(X, AMOUNTS), validation=(X[150:], AMOUNTS[150:])
    )
    assert set(run.record.metrics) == {"loss", "val_mse", "lr"}
    other = od.Run("votes", keep=False)
    other.sklearn(AdaBoostClassifier(**SMALL).fit(X, Y), validation=VALIDATION)
    assert set(other.record.metrics) == {"val_log_loss", "lr"}


def test_a_regressor_that_learns_by_heart_is_found_out(run: od.Run) -> None:
    target = X[:, 0] + RANDOM.normal(size=200)
    model = GradientBoostingRegressor(n_estimators=150, max_depth=8, random_state=0).fit(
        X[:150], target[:150]
    )
    run.sklearn(model, validation=(X[150:], target[150:]))
    assert "memorises-noise" in {found.kind for found in run.findings()}


def test_what_was_held_out_of_boosting_is_validation(run: od.Run) -> None:
    model = GradientBoostingRegressor(n_estimators=4, subsample=0.5, random_state=0).fit(X, X[:, 0])
    run.sklearn(model)
    np.testing.assert_allclose(run.record.curve("val_loss").values, model.oob_scores_)


def test_histogram_boosting_tells_losses_with_the_sign_turned(run: od.Run) -> None:
    model = HistGradientBoostingClassifier(
        max_iter=4, early_stopping=True, scoring="loss", random_state=0
    ).fit(X, Y)
    run.sklearn(model)
    np.testing.assert_allclose(run.record.curve("val_loss").values, -model.validation_score_)
    assert run.record.curve("loss").values[0] > run.record.curve("loss").values[-1] > 0
    assert run.record.curve("loss").steps.tolist() == [0, 1, 2, 3, 4]


def test_histogram_boosting_by_a_score_keeps_its_name(run: od.Run) -> None:
    model = HistGradientBoostingClassifier(max_iter=3, early_stopping=True, scoring="accuracy").fit(X, Y)
    run.sklearn(model)
    assert set(run.record.metrics) == {"accuracy", "val_accuracy", "lr"}


def test_piece_by_piece(run: od.Run) -> None:
    model = SGDClassifier(loss="log_loss", random_state=0)
    for step in range(3):
        rows = slice(50 * step, 50 * step + 50)
        model.partial_fit(X[rows], Y[rows], classes=["no", "yes"])
        run.sklearn(model, step, data=(X[rows], Y[rows]), validation=VALIDATION)
    assert run.record.status == "running"
    assert run.record.curve("val_loss").values[-1] == pytest.approx(
        log_loss(VALIDATION[1], model.predict_proba(VALIDATION[0]))
    )
    assert run.record.curve("val_accuracy").values[-1] == model.score(*VALIDATION)
    assert run.record.curve("loss").steps.tolist() == [0, 1, 2]
    assert run.config["loss"] == "log_loss"


def test_a_margin_and_a_regression_have_their_losses(run: od.Run) -> None:
    machine = SGDClassifier(random_state=0).fit(X, Y)
    run.sklearn(machine, 0, data=(X, Y))
    margin = np.where(Y == "yes", 1, -1) * machine.decision_function(X)
    assert run.record.curve("loss").values[0] == pytest.approx(np.maximum(0, 1 - margin).mean())
    other = od.Run("line", keep=False)
    line = SGDRegressor(random_state=0).fit(X, X[:, 0])
    other.sklearn(line, 0, data=(X, X[:, 0]))
    assert other.record.curve("loss").values[0] == pytest.approx(((line.predict(X) - X[:, 0]) ** 2).mean())


def test_an_estimator_that_kept_nothing_says_what_would_be_read(run: od.Run) -> None:
    with pytest.raises(od.OffdiagonalError, match=r"RandomForestClassifier kept nothing .* loss_curve_"):
        run.sklearn(RandomForestClassifier(2).fit(X, Y))
    with pytest.raises(od.OffdiagonalError, match=r"data= is a pair \(X, y\), not ndarray"):
        run.sklearn(SGDClassifier().fit(X, Y), 0, data=X)


def test_lengths_that_differ_are_refused(run: od.Run) -> None:
    model = GradientBoostingClassifier(n_estimators=2).fit(X, Y)
    with pytest.raises(od.errors.LengthError, match=r"y of validation= has 5 values but X has 50 rows"):
        run.sklearn(model, validation=(X[150:], Y[:5]))
    with pytest.raises(od.errors.LengthError, match=r"y of data= has 200 values but X has 100 rows"):
        run.sklearn(model, 0, data=(csr_array(X[:100]), Y))


def test_what_is_not_fitted_or_no_estimator_is_said(run: od.Run) -> None:
    with pytest.raises(od.OffdiagonalError, match=r"MLPClassifier is not fitted; call run.sklearn after"):
        run.sklearn(MLPClassifier())
    with pytest.raises(od.OffdiagonalError, match=r"Pipeline is not fitted"):
        run.sklearn(make_pipeline(StandardScaler(), SGDClassifier()), 0, data=(X, Y))
    for none in ("mlp", MLPClassifier):
        with pytest.raises(od.OffdiagonalError, match=r"takes a fitted estimator .*, not .*(mlp|MLP)"):
            run.sklearn(none)


def test_of_a_pipeline_the_last_step_tells_its_training(run: od.Run) -> None:
    model = make_pipeline(
        StandardScaler(), make_pipeline(MinMaxScaler(), GradientBoostingClassifier(**SMALL))
    )
    model.fit(X[:150], Y[:150])
    run.sklearn(model, validation=VALIDATION)
    last = model[-1][-1]
    np.testing.assert_allclose(run.record.curve("loss").values, last.train_score_ / 2)
    expected = log_loss(VALIDATION[1], model.predict_proba(VALIDATION[0]), labels=model.classes_)
    assert run.record.curve("val_loss").values[-1] == pytest.approx(expected)
    assert run.config["n_estimators"] == 3
    now = od.Run("now", keep=False)
    now.sklearn(model, 0, validation=VALIDATION, data=(X, Y))
    assert now.record.curve("val_loss").values[-1] == pytest.approx(expected)


def test_a_first_loss_after_an_update_is_not_that_of_a_model_that_knows_nothing(run: od.Run) -> None:
    values, labels = load_breast_cancer(return_X_y=True)
    values = scale(values)
    model = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.01, random_state=0)
    for step in range(3):
        model.partial_fit(values, labels, classes=[0, 1])
        run.sklearn(model, step, data=(values, labels))
    assert run.record.curve("loss").values[0] < 0.3
    assert run.findings() == []


needs_callbacks = pytest.mark.skipif(
    tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 9),
    reason="scikit-learn has callbacks from 1.9 on",
)


@needs_callbacks
def test_the_callbacks_of_scikit_learn_tell_each_iteration(run: od.Run) -> None:
    model = LogisticRegression().set_callbacks(run.sklearn())
    model.fit(X, Y)
    curve = run.record.curve("loss")
    assert run.record.status == "finished"
    assert len(curve) == model.n_iter_[0]
    assert curve.values[-1] == pytest.approx(log_loss(Y, model.predict_proba(X)))
    assert run.config["C"] == 1.0


@needs_callbacks
def test_callbacks_find_nothing_wrong_with_a_training_that_goes_well(run: od.Run) -> None:
    values, labels = load_breast_cancer(return_X_y=True)
    LogisticRegression().set_callbacks(run.sklearn()).fit(scale(values), labels)
    assert run.record.curve("loss").steps[0] == 1
    assert run.findings() == []


@needs_callbacks
def test_stop_ends_the_iterations_of_scikit_learn(run: od.Run) -> None:
    class Press:
        def setup(self, estimator: object, context: object) -> None: ...
        def teardown(self, estimator: object, context: object) -> None: ...
        def on_fit_task_begin(self, estimator: object, context: object, **more: object) -> None:
            if len(run.record.curve("loss")) == 2:
                run.stop()

        def on_fit_task_end(self, estimator: object, context: object, **more: object) -> bool:
            return False

    model = LogisticRegression(tol=1e-12).set_callbacks(Press(), run.sklearn())
    model.fit(X, Y)
    assert run.record.status == "stopped"
    assert len(run.record.curve("loss")) == 3
