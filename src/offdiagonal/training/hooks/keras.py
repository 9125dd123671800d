"""A callback of Keras 3, for all of its backends."""

from __future__ import annotations

import threading
from collections import deque
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
        self.begun: deque[int] = deque()
        self.ended: dict[int, tuple[int, float | None]] = {}
        self.lock = threading.Lock()

    def on_train_begin(self, logs: Any = None) -> None:
        self.step = int(self.model.optimizer.iterations)
        self.means = None if _own_step(self.model) else True
        begin(self.run, "keras", _config(self.model, self.params), _facts(self.model, self.params))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epoch = epoch
        self.before = (-1, 0.0)
        self.begun.clear()
        self.ended.clear()

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.begun.append(batch)
        if self.run.should_stop:
            self.model.stop_training = True

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Take a batch; Keras may call this for several at once, in threads, so they are put in order here."""
        loss = (logs or {}).get("loss")
        with self.lock:
            begin = max(one for one in self.begun if one <= batch)
            self.ended[begin] = (batch, None if loss is None else float(loss))
            while self.begun and self.begun[0] in self.ended:
                self._log(*self.ended.pop(self.begun.popleft()))
        if self.run.should_stop:
            self.model.stop_training = True

    def _log(self, batch: int, mean: float | None) -> None:
        last, before = self.before
        self.step += batch - last
        self.before = (batch, before if mean is None else mean)
        if mean is not None:
            self.run.log(self.step, loss=self._of_batch(last, before, batch, mean), epoch=self.epoch)

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
