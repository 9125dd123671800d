"""A real Keras model on the CPU: what the callback takes, and that Stop ends the fit."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

import offdiagonal as od

pytest.importorskip("torch", reason="PyTorch, Keras's backend in the tests, is not installed")
os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras", reason="Keras is not installed")

X = np.random.default_rng(0).normal(size=(40, 3)).astype("float32")
Y = (X[:, 0] > 0).astype("float32")


class Losses(keras.callbacks.Callback):
    """The loss of each batch, as the user would find it: by the model before the update."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[float] = []

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        rows = slice(8 * batch, 8 * batch + 8)
        p = np.asarray(keras.ops.convert_to_numpy(self.model(X[rows])))[:, 0]
        y = Y[rows]
        self.found.append(float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))))


def model(**options: Any) -> Any:
    keras.utils.set_random_seed(0)
    net = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1, activation="sigmoid")])
    net.compile(
        optimizer=options.pop("optimizer", keras.optimizers.SGD(0.1)),
        loss="binary_crossentropy",
        metrics=["accuracy"],
        **options,
    )
    return net


def fit(run: od.Run, net: Any, *more: Any, epochs: int = 2, **options: Any) -> Any:
    return net.fit(
        X, Y, batch_size=8, epochs=epochs, shuffle=False, verbose=0, callbacks=[run.keras(), *more], **options
    )


def test_it_takes_the_loss_of_each_batch_and_the_rest_after_each_epoch() -> None:
    run = od.Run("net", keep=False)
    losses = Losses()
    history = fit(run, model(), losses, validation_data=(X, Y))
    record = run.record
    assert record.status == "finished"
    assert record.curve("loss").steps.tolist() == list(range(1, 11))
    np.testing.assert_allclose(record.curve("loss").values, losses.found, rtol=1e-4)
    assert record.curve("val_loss").steps.tolist() == [5, 10]
    np.testing.assert_allclose(record.curve("val_loss").values, history.history["val_loss"], rtol=1e-6)
    np.testing.assert_allclose(record.curve("accuracy").values, history.history["accuracy"], rtol=1e-6)
    np.testing.assert_allclose(record.curve("lr").values, [0.1, 0.1], rtol=1e-6)
    assert record.curve("epoch").values.tolist() == [0] * 5 + [1] * 5


def test_it_takes_settings_and_facts() -> None:
    run = od.Run("net", keep=False)
    fit(run, model())
    assert run.config["optimizer"] == "SGD"
    assert run.config["learning_rate"] == pytest.approx(0.1)
    assert (run.config["loss"], run.config["epochs"]) == ("binary_crossentropy", 2)
    facts = run.record.facts
    assert facts["framework"].startswith("keras 3")
    assert (facts["optimizer"], facts["steps_per_epoch"], facts["planned_steps"]) == ("SGD", 5, 10)


def test_a_schedule_of_the_learning_rate_is_followed() -> None:
    run = od.Run("net", keep=False)
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([7], [0.1, 0.01])
    fit(run, model(optimizer=keras.optimizers.SGD(schedule)))
    np.testing.assert_allclose(run.record.curve("lr").values, [0.1, 0.01], rtol=1e-6)


class OwnStep(keras.Model):
    """A training step of the user's own that tells the loss of the batch."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = keras.layers.Dense(1, activation="sigmoid")
        self.seen: list[float] = []

    def call(self, x: Any) -> Any:
        return self.dense(x)

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y = data
        loss = self.compute_loss(x=x, y=y[:, None], y_pred=self(x, training=True))
        self.zero_grad()
        loss.backward()
        weights = list(self.trainable_weights)
        self.optimizer.apply([weight.value.grad for weight in weights], weights)
        self.seen.append(float(loss.detach()))
        return {"loss": loss}


def test_the_loss_of_an_own_training_step_is_taken_as_it_is() -> None:
    run = od.Run("net", keep=False)
    net = OwnStep()
    net.compile(optimizer=keras.optimizers.SGD(0.5), loss="binary_crossentropy")
    fit(run, net)
    np.testing.assert_allclose(run.record.curve("loss").values, net.seen, rtol=1e-5)


def test_stop_ends_the_fit_after_the_batch_or_the_next() -> None:
    run = od.Run("net", keep=False)

    class Press(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            if batch == 2:
                run.stop()

    fit(run, model(), Press())
    assert run.record.status == "stopped"
    assert run.record.curve("loss").steps.tolist() in ([1, 2, 3], [1, 2, 3, 4])


def test_a_second_fit_goes_on_where_the_first_ended() -> None:
    run = od.Run("net", keep=False)
    net = model()
    fit(run, net, epochs=1)
    run.stop()  # of a training that is over: the next one is asked for anew
    fit(run, net, epochs=1)
    assert run.record.status == "finished"
    assert run.record.curve("loss").steps.tolist() == list(range(1, 11))
