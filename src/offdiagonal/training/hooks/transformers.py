"""A callback of the Trainer of Hugging Face."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from offdiagonal.training.hooks.common import Logged, begin, watched, whole
from offdiagonal.training.names import all_ours

SUMMARY = re.compile(r".*_(runtime|per_second)|total_flos|train_loss|epoch")
SETTINGS = (
    "learning_rate",
    "lr_scheduler_type",
    "warmup_steps",
    "warmup_ratio",
    "weight_decay",
    "optim",
    "max_grad_norm",
    "per_device_train_batch_size",
    "gradient_accumulation_steps",
    "num_train_epochs",
    "max_steps",
    "label_smoothing_factor",
    "fp16",
    "bf16",
    "seed",
)


def callback(run: Logged, watch: bool) -> Any:
    """A TrainerCallback."""
    from transformers import TrainerCallback

    return type("OffdiagonalCallback", (_Hook, TrainerCallback), {})(run, watch)


class _Hook:
    def __init__(self, run: Logged, watch: bool) -> None:
        self.run = run
        self.watch = watch

    def on_train_begin(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        if state.is_world_process_zero:
            begin(self.run, "transformers", _config(args), _facts(args, state, more))
            if self.watch:
                watched(self.run, more["model"], [_bare(more.get("optimizer"))], state.global_step)

    def on_log(
        self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        if not state.is_world_process_zero or not logs:
            return
        names = all_ours(logs)
        known = {
            names[name]: value
            for name, value in logs.items()
            if isinstance(value, int | float) and not SUMMARY.fullmatch(name)
        }
        if known:
            self.run.log(state.global_step, **known, epoch=state.epoch or 0)

    def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        if state.is_world_process_zero and self.run.should_stop:
            control.should_training_stop = True

    def on_train_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        if state.is_world_process_zero:
            self.run.finish()


def _bare(optimizer: Any) -> Any:
    """The optimiser that accelerate has wrapped."""
    return getattr(optimizer, "optimizer", optimizer)


def _config(args: Any) -> dict[str, Any]:
    found = {name: getattr(args, name, None) for name in SETTINGS}
    return {name: getattr(value, "value", value) for name, value in found.items()}  # some are enums


def _facts(args: Any, state: Any, more: Mapping[str, Any]) -> dict[str, Any]:
    optimizer, model = _bare(more.get("optimizer")), more.get("model")
    epochs = getattr(state, "num_train_epochs", 0)
    config = getattr(model, "config", None)
    return {
        "optimizer": None if optimizer is None else type(optimizer).__name__,
        "classes": getattr(config, "num_labels", None) if "Classification" in type(model).__name__ else None,
        "batch_size": args.train_batch_size * args.gradient_accumulation_steps * args.world_size,
        "planned_steps": whole(state.max_steps),
        "steps_per_epoch": -(-state.max_steps // epochs) if args.max_steps <= 0 and epochs else None,
    }
