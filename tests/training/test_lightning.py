"""A real Lightning trainer on the CPU: what the callback takes, and that Stop and a crash end the run."""

from __future__ import annotations

import logging
import warnings
from typing import Any

import numpy as np
import pytest

import offdiagonal as od

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
L = pytest.importorskip("lightning", reason="Lightning is not installed")
torch.set_num_threads(1)


class Net(L.LightningModule):
    def __init__(self, hidden: int = 4, fail_at: int | None = None) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.net = torch.nn.Sequential(
            torch.nn.Linear(3, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 2)
        )
        self.criterion = torch.nn.CrossEntropyLoss()
        self.losses: list[float] = []

    def training_step(self, batch: Any, index: int) -> Any:
        if index == self.hparams.fail_at:
            raise ValueError("no such index")
        x, y = batch
        loss = self.criterion(self.net(x), y)
        self.losses.append(float(loss))
        self.log("train_loss", loss)
        self.log("train_acc", (self.net(x).argmax(1) == y).float().mean(), on_epoch=True, on_step=False)
        return loss

    def validation_step(self, batch: Any, index: int) -> None:
        x, y = batch
        self.log("val_loss", self.criterion(self.net(x), y))

    def configure_optimizers(self) -> Any:
        optimizer = torch.optim.SGD(self.parameters(), lr=0.1)
        return {"optimizer": optimizer, "lr_scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 1)}


def loader(n: int = 32) -> Any:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(n, 3, generator=generator)
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, (x[:, 0] > 0).long()), batch_size=8)


def fit(run: od.Run, module: Net, **options: Any) -> Any:
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    trainer = L.Trainer(
        max_epochs=options.pop("max_epochs", 2),
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[run.lightning(watch=options.pop("watch", False)), *options.pop("callbacks", [])],
        **options,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer.fit(module, loader(), loader())
    return trainer


def test_it_takes_the_loss_of_each_update_and_validation_after_each_epoch() -> None:
    run = od.Run("net", keep=False)
    module = Net()
    fit(run, module)
    record = run.record
    assert record.status == "finished"
    assert record.curve("loss").steps.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    np.testing.assert_allclose(record.curve("loss").values, module.losses, rtol=1e-6)
    assert record.curve("val_loss").steps.tolist() == [4, 8]
    assert record.curve("accuracy").steps.tolist() == [4, 8]
    np.testing.assert_allclose(record.curve("lr").values, [0.1] * 4 + [0.01] * 4)
    assert (record.curve("grad_norm").values > 0).all()
    assert record.curve("epoch").values.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert not set(record.metrics) - {"loss", "val_loss", "accuracy", "lr", "grad_norm", "epoch"}


def test_it_takes_settings_and_facts() -> None:
    run = od.Run("net", keep=False)
    fit(run, Net(hidden=5))
    assert {
        "hidden": 5,
        "lr": 0.1,
        "optimizer": "SGD",
        "max_epochs": 2,
        "batch_size": 8,
    }.items() <= run.config.items()
    facts = run.record.facts
    assert facts["framework"].startswith("lightning 2")
    assert facts["loss_function"] == "CrossEntropyLoss"
    assert (facts["steps_per_epoch"], facts["planned_steps"], facts["examples"]) == (4, 8, 32)


def test_the_settings_of_the_user_stay() -> None:
    run = od.Run("net", config={"lr": "mine"}, keep=False)
    fit(run, Net())
    assert run.config == {"lr": "mine"}


def test_gradients_that_are_added_up_are_one_step() -> None:
    run = od.Run("net", keep=False)
    module = Net()
    fit(run, module, accumulate_grad_batches=2, max_epochs=1)
    curve = run.record.curve("loss")
    assert curve.steps.tolist() == [1, 2]
    np.testing.assert_allclose(curve.values, np.reshape(module.losses, (2, 2)).mean(axis=1), rtol=1e-6)
    assert run.record.facts["steps_per_epoch"] == 2


def test_stop_ends_the_fit_after_the_update() -> None:
    run = od.Run("net", keep=False)

    class Press(L.Callback):
        def on_train_batch_start(self, trainer: Any, module: Any, batch: Any, index: int) -> None:
            if trainer.global_step == 2:
                run.stop()

    fit(run, Net(), callbacks=[Press()])
    assert run.record.status == "stopped"
    assert run.record.curve("loss").steps.tolist() == [1, 2, 3]


def test_an_error_of_the_training_is_the_users_and_the_run_says_it() -> None:
    run = od.Run("net", keep=False)
    with pytest.raises(ValueError, match="no such index"):
        fit(run, Net(fail_at=2))
    assert run.record.status == "crashed"
    assert run.record.facts["error"] == "ValueError: no such index"
    assert len(run.record.curve("loss")) == 2


def test_a_second_fit_goes_on_with_the_run() -> None:
    run = od.Run("net", keep=False)
    module = Net()
    trainer = fit(run, module, max_epochs=1)
    trainer.fit_loop.max_epochs = 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer.fit(module, loader(), loader())
    assert run.record.status == "finished"
    assert run.record.curve("loss").steps.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_layers_are_looked_at_where_that_is_asked_for() -> None:
    run = od.Run("net", keep=False)
    fit(run, Net(), watch=True, max_epochs=4)
    layers = run.record.parameters
    assert layers is not None
    assert set(layers.steps.tolist()) <= set(run.record.curve("loss").steps.tolist())
    assert {"net.0.weight", "net.2.weight"} <= set(layers.names)
    assert np.nanmax(layers.stats["update_ratio"]) > 0
