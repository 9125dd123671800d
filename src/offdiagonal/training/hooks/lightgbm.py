"""A callback of LightGBM."""

from __future__ import annotations

import weakref
from typing import Any

from offdiagonal.training.hooks.boosting import boosted, loss_of
from offdiagonal.training.hooks.common import Logged, begin
from offdiagonal.training.record import AFTER_AN_UPDATE


class Callback:
    """A callback of LightGBM: it takes the scores of a round."""

    def __init__(self, run: Logged, train: str | None, validation: str | None) -> None:
        self.order = 20  # after the evaluation is printed, before a training is stopped early (30)
        self.before_iteration = False
        self.run = run
        self.sets = train, validation
        self.ending: weakref.finalize[Any, Callback] | None = None

    def __call__(self, env: Any) -> None:
        """Take the scores of a round."""
        scores = {(one[0], one[1].removeprefix(f"{one[0]} ")): one[2] for one in env.evaluation_result_list}
        if env.iteration == env.begin_iteration:
            self._begin(env, loss_of([metric for _, metric in scores]))
        if scores:
            self.run.log(env.iteration, **boosted(scores, *self.sets))
        if self.run.should_stop:
            from lightgbm.callback import EarlyStopException

            self.run.finish()
            raise EarlyStopException(env.iteration, env.evaluation_result_list)
        if env.iteration == env.end_iteration - 1:
            self.run.finish()

    def _begin(self, env: Any, loss: str | None) -> None:
        names = {"num_iterations": env.end_iteration - env.begin_iteration, **env.params}
        classes = env.params.get("num_class")
        facts = {
            "optimizer": env.params.get("boosting", env.params.get("boosting_type", "gbdt")),
            "loss_function": loss or None,
            "first_loss": AFTER_AN_UPDATE,
            "classes": classes or (2 if env.params.get("objective") == "binary" else None),
            "planned_steps": env.end_iteration,
        }
        begin(self.run, "lightgbm", names, facts)
        # LightGBM tells nobody when another callback stops the training early: it then lets go of this one
        self.ending = self.ending or weakref.finalize(self, self.run.finish)
