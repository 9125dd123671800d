"""A callback of Keras 3, for all of its backends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offdiagonal.training.hooks.common import Logged, begin, whole
from offdiagonal.training.names import all_ours


def callback(run: Logged) -> Any:
    """A keras.callbacks.Callback."""
    import keras

    return type("OffdiagonalCallback", (_Hook, keras.callbacks.Callback), {})(run)


class _Hook:
    async_safe = True  # else Keras waits for the device after each batch, to hand over its numbers
    model: Any
    params: Mapping[str, Any]

    def __init__(self, run: Logged) -> None:
        super().__init__()
        self.run = run
        self.step = 0
        self.epoch = 0
        self.before = (-1, 0.0)
        self.means: bool | None = None

    def on_train_begin(self, logs: Any = None) -> None:
        self.step = int(self.model.optimizer.iterations)
        self.means = None if _own_step(self.model) else True
        begin(self.run, "keras", _config(self.model, self.params), _facts(self.model, self.params))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epoch = epoch
        self.before = (-1, 0.0)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        last, mean = self.before
        self.step += batch - last
        loss = (logs or {}).get("loss")
        if loss is None:
            self.before = (batch, mean)
        else:
            self.before = (batch, float(loss))
            self.run.log(self.step, loss=self._of_batch(last, mean, batch, float(loss)), epoch=self.epoch)
        if self.run.should_stop:
            self.model.stop_training = True

    def _of_batch(self, last: int, before: float, batch: int, mean: float) -> float:
        """The loss of the last batches: Keras tells the mean since the epoch began."""
        if self.means is None and batch > 0:
            trackers = [metric for metric in self.model.metrics if metric.name == "loss"]
            self.means = any(abs(float(one.result()) - mean) <= 1e-5 * abs(mean) for one in trackers)
        if not self.means or last < 0:
            return mean
        return ((batch + 1) * mean - (last + 1) * before) / (batch - last)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        names = all_ours(logs or {})
        known = {names[name]: value for name, value in (logs or {}).items() if name != "loss"}
        known["lr"] = float(self.model.optimizer.learning_rate)  # Keras has just waited for its numbers
        self.run.log(self.step, **known)
        if self.run.should_stop:
            self.model.stop_training = True

    def on_train_end(self, logs: Any = None) -> None:
        self.run.finish()


def _own_step(model: Any) -> bool:
    """Whether the user wrote the training step, whose loss may be that of the batch."""
    return not getattr(type(model).train_step, "__module__", "").startswith("keras.")


def _config(model: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    optimizer = model.optimizer.get_config()
    optimizer.pop("name", None)
    rate = optimizer.get("learning_rate")
    return {
        **optimizer,
        "optimizer": type(model.optimizer).__name__,
        "learning_rate": rate if isinstance(rate, int | float) else f"{type(rate).__name__}",
        **({"learning_rate": rate.get("class_name")} if isinstance(rate, Mapping) else {}),
        "loss": _name(model.loss),
        "epochs": params.get("epochs"),
        "steps_per_epoch": params.get("steps"),
        "trainable_weights": sum(1 for _ in model.trainable_weights),
    }


def _facts(model: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    steps, epochs = whole(params.get("steps")), whole(params.get("epochs"))
    return {
        "optimizer": type(model.optimizer).__name__,
        "loss_function": _name(model.loss),
        "steps_per_epoch": steps,
        "planned_steps": steps * epochs if steps and epochs else None,
    }


def _name(loss: Any) -> str | None:
    if loss is None or isinstance(loss, str):
        return loss
    return getattr(loss, "name", None) or getattr(loss, "__name__", type(loss).__name__)
