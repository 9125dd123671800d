"""A callback of XGBoost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from offdiagonal.training.hooks.boosting import boosted, loss_of
from offdiagonal.training.hooks.common import Logged, begin
from offdiagonal.training.record import AFTER_AN_UPDATE

EvalsLog = Mapping[str, Mapping[str, Sequence[Any]]]
SETTINGS = (
    "eta",
    "max_depth",
    "min_child_weight",
    "gamma",
    "lambda",
    "alpha",
    "subsample",
    "colsample_bytree",
    "max_bin",
    "max_leaves",
    "grow_policy",
)


def callback(run: Logged, train: str | None, validation: str | None) -> Any:
    """A TrainingCallback."""
    from xgboost.callback import TrainingCallback

    return type("OffdiagonalCallback", (_Hook, TrainingCallback), {})(run, train, validation)


class _Hook:
    def __init__(self, run: Logged, train: str | None, validation: str | None) -> None:
        super().__init__()
        self.run = run
        self.sets = train, validation
        self.began = False

    def before_training(self, model: Any) -> Any:
        begin(self.run, "xgboost", *_settings(model))
        return model

    def after_iteration(self, model: Any, epoch: int, evals_log: EvalsLog) -> bool:
        scores = {
            (data, metric): _last(values)
            for data, metrics in evals_log.items()
            for metric, values in metrics.items()
        }
        if not self.began:
            self.began = True
            loss = loss_of([metric for _, metric in scores])
            if loss:
                self.run.fact("loss_function", loss)
        if scores:
            self.run.log(epoch, **boosted(scores, *self.sets))
        return self.run.should_stop

    def after_training(self, model: Any) -> Any:
        self.run.finish()
        return model


def _last(values: Sequence[Any]) -> float:
    """The last value; of a cross-validation the mean of the folds, beside which their deviation stands."""
    last = values[-1]
    return float(last[0] if isinstance(last, tuple) else last)


def _settings(model: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings and facts of a Booster; those of a cross-validation are those of its first fold."""
    booster = model.cvfolds[0].bst if hasattr(model, "cvfolds") else model
    learner = json.loads(booster.save_config())["learner"]
    given = learner.get("gradient_booster", {})
    trees = given.get("tree_train_param", given.get("updater", {}))
    config: dict[str, Any] = {"objective": learner.get("objective", {}).get("name")}
    for name in SETTINGS:
        if name in trees:
            config[name] = _number(trees[name])
    classes = int(learner.get("learner_model_param", {}).get("num_class", 0))
    facts = {
        "optimizer": given.get("name"),
        "first_loss": AFTER_AN_UPDATE,
        "classes": classes or (2 if str(config["objective"]).startswith("binary:") else None),
    }
    return config, facts


def _number(text: Any) -> Any:
    try:
        value = float(text)
    except (TypeError, ValueError):
        return text
    return int(value) if value.is_integer() else round(value, 7)  # it is kept in single precision
