"""A callback of Lightning."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from offdiagonal.training.hooks.common import Logged, begin, size_of, watched, whole
from offdiagonal.training.names import all_ours


def callback(run: Logged, watch: bool) -> Any:
    """A Callback of whichever of the two packages the user works with."""
    if "pytorch_lightning" in sys.modules and "lightning.pytorch" not in sys.modules:
        from pytorch_lightning import Callback

        package = "pytorch_lightning"
    else:
        from lightning.pytorch import Callback

        package = "lightning"
    return type("OffdiagonalCallback", (_Hook, Callback), {})(run, package, watch)


class _Hook:
    def __init__(self, run: Logged, package: str, watch: bool) -> None:
        self.run = run
        self.package = package
        self.watch = watch
        self.watcher: Any = None
        self.unseen = False
        self.sum: Any = None
        self.batches = 0
        self.step = 0
        self.norm: Any = None
        self.rate: Any = None

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        if trainer.is_global_zero:
            self.step = trainer.global_step
            begin(self.run, self.package, _config(trainer, pl_module), _facts(trainer, pl_module))
            if self.watch:
                self.watcher = watched(self.run, pl_module, trainer.optimizers, trainer.global_step)

    def on_train_batch_start(self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int) -> None:
        if self.watcher is None:
            return
        if not self.unseen and not self.watcher.calls.trained and self.watcher.calls.steps:
            self.unseen = (
                True  # training_step calls the parts of the module, and no hook on the whole is called
            )
            self.watcher.step = trainer.global_step
        if self.unseen:
            self.watcher._begin(pl_module, (batch,), {})  # noqa: SLF001

    def on_before_optimizer_step(self, trainer: Any, pl_module: Any, optimizer: Any) -> None:
        if not trainer.is_global_zero:
            return
        import torch

        self.rate = optimizer.param_groups[0]["lr"]  # after the step a schedule may have changed it
        gradients = [
            weight.grad
            for group in optimizer.param_groups
            for weight in group["params"]
            if weight.grad is not None and not weight.grad.is_sparse
        ]
        norms = torch._foreach_norm(gradients) if gradients else []  # noqa: SLF001 - as clip_grad_norm_ does
        if norms and len({norm.device for norm in norms}) == 1:
            self.norm = torch.linalg.vector_norm(torch.stack(norms))

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        if not trainer.is_global_zero:
            return
        loss = outputs.get("loss") if isinstance(outputs, Mapping) else outputs
        if loss is not None:  # none where the module steps its optimizers itself
            loss = loss.detach()
            self.sum = loss.clone() if self.sum is None else self.sum + loss
            self.batches += 1
        if trainer.global_step == self.step:  # gradients are still added up
            return
        self.step = trainer.global_step
        known: dict[str, Any] = {"epoch": trainer.current_epoch}
        if self.sum is not None:
            # Lightning has divided each by how many gradients are added up
            known["loss"] = self.sum * (trainer.accumulate_grad_batches / self.batches)
        if self.rate is not None:
            known["lr"] = self.rate
        if self.norm is not None:
            known["grad_norm"] = self.norm
        self.sum, self.batches, self.norm = None, 0, None
        self.run.log(self.step, **known)
        if self.run.should_stop:
            trainer.should_stop = True

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        if trainer.is_global_zero:
            self._log_own(trainer, validation=False)

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        if trainer.is_global_zero and not trainer.sanity_checking and trainer.state.fn == "fit":
            self._log_own(trainer, validation=True)

    def _log_own(self, trainer: Any, *, validation: bool) -> None:
        """What the module logged itself: numbers of validation after it, the others at the end of an epoch."""
        names = all_ours(trainer.callback_metrics)
        taken = {"loss", "lr", "grad_norm", "epoch"}
        known = {
            names[name]: value
            for name, value in trainer.callback_metrics.items()
            if names[name].startswith("val_") == validation
            and names[name] not in taken
            and not name.endswith("_step")
        }
        if known:
            self.run.log(trainer.global_step, **known)

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        if trainer.is_global_zero:
            self.run.finish()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        if trainer.is_global_zero and trainer.state.fn == "fit":
            self.run.__exit__(type(exception), exception, None)


def _config(trainer: Any, module: Any) -> dict[str, Any]:
    optimizer = trainer.optimizers[0] if trainer.optimizers else None
    return {
        **({"optimizer": type(optimizer).__name__, **optimizer.defaults} if optimizer is not None else {}),
        "batch_size": getattr(trainer.train_dataloader, "batch_size", None),
        "max_epochs": trainer.max_epochs,
        "accumulate_grad_batches": trainer.accumulate_grad_batches,
        "gradient_clip_val": trainer.gradient_clip_val,
        "precision": str(trainer.precision),
        **dict(module.hparams),
    }


def _facts(trainer: Any, module: Any) -> dict[str, Any]:
    loader = trainer.train_dataloader
    losses = [type(part).__name__ for part in module.modules() if type(part).__name__.endswith("Loss")]
    batches = whole(trainer.num_training_batches)
    return {
        "optimizer": type(trainer.optimizers[0]).__name__ if trainer.optimizers else None,
        "loss_function": losses[0] if len(losses) == 1 else None,
        "batch_size": getattr(loader, "batch_size", None),
        "examples": size_of(getattr(loader, "dataset", None)),
        "steps_per_epoch": -(-batches // trainer.accumulate_grad_batches) if batches else None,
        "planned_steps": whole(trainer.estimated_stepping_batches),
    }
