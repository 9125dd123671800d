"""A real Trainer of Hugging Face on the CPU, with a model made here: what the callback takes, and Stop."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import offdiagonal as od

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
transformers = pytest.importorskip("transformers", reason="transformers is not installed")
pytest.importorskip("accelerate", reason="accelerate, which the Trainer needs, is not installed")
torch.set_num_threads(1)


def train(run: od.Run, folder: Path, *more: Any, watch: bool = False, **options: Any) -> Any:
    config = transformers.BertConfig(
        vocab_size=20,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        num_labels=3,
    )
    torch.manual_seed(0)
    rows = [
        {"input_ids": torch.tensor([i % 20, (i + 3) % 20]), "attention_mask": torch.ones(2), "labels": i % 3}
        for i in range(24)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = transformers.Trainer(
            transformers.BertForSequenceClassification(config),
            transformers.TrainingArguments(
                str(folder),
                per_device_train_batch_size=8,
                num_train_epochs=2,
                learning_rate=0.01,
                logging_steps=1,
                eval_strategy="epoch",
                save_strategy="no",
                report_to=[],
                use_cpu=True,
                disable_tqdm=True,
                **options,
            ),
            train_dataset=rows,
            eval_dataset=rows,
            callbacks=[run.transformers(watch=watch), *more],
        )
        trainer.train()
    return trainer


def test_it_takes_what_the_trainer_logs(tmp_path: Path) -> None:
    run = od.Run("bert", keep=False)
    trainer = train(run, tmp_path)
    record = run.record
    logged = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert record.status == "finished"
    assert record.curve("loss").steps.tolist() == [1, 2, 3, 4, 5, 6]
    assert record.curve("loss").values.tolist() == logged
    assert record.curve("val_loss").steps.tolist() == [3, 6]
    assert record.curve("lr").values[0] == pytest.approx(0.01)
    assert (record.curve("grad_norm").values > 0).all()
    assert set(record.metrics) == {"loss", "val_loss", "lr", "grad_norm", "epoch"}


def test_it_takes_settings_and_facts(tmp_path: Path) -> None:
    run = od.Run("bert", keep=False)
    train(run, tmp_path)
    assert {
        "learning_rate": 0.01,
        "num_train_epochs": 2,
        "lr_scheduler_type": "linear",
    }.items() <= run.config.items()
    facts = run.record.facts
    assert facts["framework"].startswith("transformers 5")
    assert (facts["classes"], facts["batch_size"], facts["steps_per_epoch"], facts["planned_steps"]) == (
        3,
        8,
        3,
        6,
    )


def test_stop_ends_the_training_after_the_step(tmp_path: Path) -> None:
    run = od.Run("bert", keep=False)

    class Press(transformers.TrainerCallback):
        def on_step_begin(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            if state.global_step == 1:
                run.stop()

    train(run, tmp_path, Press())
    assert run.record.status == "stopped"
    assert run.record.curve("loss").steps.tolist() == [1, 2]


def test_the_layers_are_looked_at_where_that_is_asked_for(tmp_path: Path) -> None:
    run = od.Run("bert", keep=False)
    train(run, tmp_path, watch=True)
    layers = run.record.parameters
    assert layers is not None
    assert "classifier.weight" in layers.names
    assert np.nanmax(layers.stats["update_ratio"]) > 0
