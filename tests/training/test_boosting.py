"""Real XGBoost and LightGBM: what the callbacks take, how names of data are read, and Stop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.training.hooks.boosting import boosted

xgb = pytest.importorskip("xgboost", reason="XGBoost is not installed")
lgb = pytest.importorskip("lightgbm", reason="LightGBM is not installed")

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(200, 3))
Y = (X[:, 0] + 0.5 * RANDOM.normal(size=200) > 0).astype(int)
PARAMS = {
    "objective": "binary:logistic",
    "eta": 0.2,
    "max_depth": 2,
    "eval_metric": ["logloss", "auc"],
    "nthread": 1,
}
LIGHT = {
    "objective": "binary",
    "learning_rate": 0.2,
    "metric": ["auc", "binary_logloss"],
    "verbose": -1,
    "num_threads": 1,
}


def train_xgb(run: od.Run, rounds: int = 5, **options: Any) -> Any:
    data, held = xgb.DMatrix(X[:150], Y[:150]), xgb.DMatrix(X[150:], Y[150:])
    more = options.pop("callbacks", [])
    sets = options.pop("evals", [(data, "train"), (held, "val")])
    return xgb.train(
        PARAMS, data, rounds, evals=sets, verbose_eval=False, callbacks=[run.xgboost(), *more], **options
    )


def train_lgb(run: od.Run, rounds: int = 5, callbacks: tuple[Any, ...] = ()) -> Any:
    data = lgb.Dataset(X[:150], Y[:150])
    held = data.create_valid(X[150:], Y[150:])
    return lgb.train(LIGHT, data, rounds, valid_sets=[data, held], callbacks=[run.lightgbm(), *callbacks])


def test_xgboost_gives_losses_settings_and_facts() -> None:
    run = od.Run("trees", keep=False)
    found: dict[str, Any] = {}
    train_xgb(run, evals_result=found)
    record = run.record
    assert record.status == "finished"
    assert record.curve("loss").values.tolist() == found["train"]["logloss"]
    assert record.curve("val_loss").values.tolist() == found["val"]["logloss"]
    assert record.curve("val_auc").values.tolist() == found["val"]["auc"]
    assert {"objective": "binary:logistic", "eta": 0.2, "max_depth": 2}.items() <= run.config.items()
    assert (record.facts["loss_function"], record.facts["classes"]) == ("logloss", 2)


def test_xgboost_stops() -> None:
    run = od.Run("trees", keep=False)

    class Press(xgb.callback.TrainingCallback):
        def before_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
            if epoch == 2:
                run.stop()
            return False

    booster = train_xgb(run, rounds=50, callbacks=[Press()])
    assert booster.num_boosted_rounds() == 3
    assert run.record.status == "stopped"
    assert len(run.record.curve("loss")) == 3


def test_xgboost_is_finished_when_it_stops_early() -> None:
    run = od.Run("trees", keep=False)
    train_xgb(run, rounds=200, early_stopping_rounds=2)
    assert run.record.status == "finished"


def test_xgboost_as_an_estimator_and_as_a_cross_validation() -> None:
    run = od.Run("trees", keep=False)
    model = xgb.XGBClassifier(n_estimators=3, n_jobs=1, callbacks=[run.xgboost(train="validation_0")])
    model.fit(X, Y, eval_set=[(X, Y), (X[150:], Y[150:])], verbose=False)
    assert set(run.record.metrics) == {"loss", "val_loss"}
    folds = od.Run("folds", keep=False)
    found = xgb.cv(PARAMS, xgb.DMatrix(X, Y), 3, nfold=3, callbacks=[folds.xgboost()])
    np.testing.assert_allclose(folds.record.curve("val_loss").values, found["test-logloss-mean"])


def test_lightgbm_gives_losses_settings_and_facts() -> None:
    run = od.Run("trees", keep=False)
    found: dict[str, Any] = {}
    train_lgb(run, callbacks=(lgb.record_evaluation(found),))
    record = run.record
    assert record.status == "finished"
    assert record.curve("loss").values.tolist() == found["training"]["binary_logloss"]
    assert record.curve("val_loss").values.tolist() == found["valid_1"]["binary_logloss"]
    assert record.curve("val_auc").values.tolist() == found["valid_1"]["auc"]
    assert {"objective": "binary", "learning_rate": 0.2, "num_iterations": 5}.items() <= run.config.items()
    assert (record.facts["loss_function"], record.facts["classes"]) == ("binary_logloss", 2)


def test_lightgbm_stops_and_keeps_the_trees_until_then() -> None:
    run = od.Run("trees", keep=False)

    def press(env: Any) -> None:
        if env.iteration == 2:
            run.stop()

    booster = train_lgb(run, rounds=50, callbacks=(press,))
    assert booster.current_iteration() == 3
    assert booster.best_iteration == 3
    assert run.record.status == "stopped"
    assert len(run.record.curve("loss")) == 3


def test_lightgbm_is_finished_when_another_callback_stops_it_early() -> None:
    run = od.Run("trees", keep=False)
    train_lgb(run, rounds=200, callbacks=(lgb.early_stopping(2, verbose=False),))
    assert run.record.status == "finished"


def test_lightgbm_as_a_cross_validation_and_as_an_estimator() -> None:
    folds = od.Run("folds", keep=False)
    found = lgb.cv(LIGHT, lgb.Dataset(X, Y), 3, nfold=3, callbacks=[folds.lightgbm()])
    np.testing.assert_allclose(folds.record.curve("val_loss").values, found["valid binary_logloss-mean"])
    run = od.Run("trees", keep=False)
    model = lgb.LGBMClassifier(n_estimators=3, n_jobs=1, verbose=-1)
    model.fit(X, Y, eval_set=[(X[150:], Y[150:])], callbacks=[run.lightgbm()])
    assert len(run.record.curve("val_loss")) == 3
    assert run.record.status == "finished"


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_a_first_loss_is_that_after_a_round_and_not_of_a_model_that_knows_nothing(library: str) -> None:
    run = od.Run("trees", keep=False)
    y = (X[:, 0] > 0).astype(int)  # which the first tree tells without an error
    if library == "xgboost":
        data = xgb.DMatrix(X, y)
        params = {**PARAMS, "eta": 1.0, "lambda": 0.0}
        xgb.train(params, data, 5, evals=[(data, "train")], verbose_eval=False, callbacks=[run.xgboost()])
    else:
        rows = lgb.Dataset(X, y)
        params = {**LIGHT, "learning_rate": 1.0}
        lgb.train(params, rows, 5, valid_sets=[rows], callbacks=[run.lightgbm()])
    assert run.record.curve("loss").values[0] < 0.2
    assert run.record.facts["first_loss"] == "after an update"
    assert "initial-loss-off" not in [one.kind for one in run.findings()]


@pytest.mark.parametrize(
    ("sets", "train", "validation", "expected"),
    [
        (["train", "val"], None, None, ["loss", "val_loss"]),
        (["validation_0"], None, None, ["val_loss"]),
        (["validation_0", "validation_1"], None, None, ["validation_0_loss", "val_loss"]),
        (["validation_0", "validation_1"], "validation_0", None, ["loss", "val_loss"]),
        (["a", "b", "c"], "c", "a", ["val_loss", "b_loss", "loss"]),
    ],
)
def test_data_are_told_apart_by_their_names(
    sets: list[str], train: str | None, validation: str | None, expected: list[str]
) -> None:
    assert list(boosted({(name, "rmse"): 1.0 for name in sets}, train, validation)) == expected
