"""A training as a plan that one fault changes one thing of, and the loop that carries it out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

EVALUATIONS = 16
"""How often the validation set is looked at."""
WATCHED = 8
"""Every so many steps the layers are looked at."""
KEPT_EXAMPLES = 100
"""Of the training set, whose losses are logged at each evaluation."""

Batch = tuple[Tensor, Tensor]
OptimizerOf = Callable[[Iterable[Any], float], torch.optim.Optimizer]


def sgd(parameters: Iterable[Any], lr: float) -> torch.optim.Optimizer:
    return torch.optim.SGD(parameters, lr=lr, momentum=0.9)


def adam(parameters: Iterable[Any], lr: float) -> torch.optim.Optimizer:
    return torch.optim.Adam(parameters, lr=lr)


def always(_: int, __: int) -> float:
    """A learning rate that stays."""
    return 1.0


def cosine(step: int, steps: int) -> float:
    """Down to nothing over the whole training."""
    return 0.5 * (1 + math.cos(math.pi * step / max(1, steps)))


@dataclass
class Plan:
    """All that a training is made of. A fault changes a plan in place."""

    net: str
    seed: int
    model: nn.Module
    train: Batch
    validation: Batch
    loss: Any
    optimizer: OptimizerOf
    lr: float
    steps: int
    batch: int = 32
    classes: int | None = None
    schedule: Callable[[int, int], float] = always
    shuffle: bool = True
    zero_grad: bool = True
    moves: bool = True
    """Whether the optimiser's step is taken."""
    clip: float | None = None
    training_mode: bool = True
    evaluation_mode: bool = True
    parameters: Callable[[nn.Module], Iterable[Any]] = lambda model: model.parameters()
    on_batch: Callable[[int, Tensor, Tensor], Batch] | None = None
    on_evaluation: Callable[[Tensor], Tensor] | None = None
    on_step: Callable[[int, nn.Module], None] | None = None
    config: dict[str, Any] = field(default_factory=dict)

    def score(self, outputs: Tensor, targets: Tensor) -> float:
        """Accuracy, or the share of the variance that is explained."""
        if self.classes is not None:
            return float((outputs.argmax(1) == targets).float().mean())
        return float(1 - (outputs.reshape(-1) - targets.reshape(-1)).square().mean() / targets.var())


def batches(plan: Plan, rng: np.random.Generator) -> Iterable[Tensor]:
    """Indices without an end, epoch by epoch."""
    n = len(plan.train[0])
    while True:
        order = rng.permutation(n) if plan.shuffle else np.arange(n)
        for start in range(0, n - min(plan.batch, n) + 1, plan.batch):
            yield torch.as_tensor(order[start : start + plan.batch])


def carry_out(plan: Plan, run: Any) -> None:
    """Train, log and watch as a user would."""
    model = plan.model
    optimizer = plan.optimizer(list(plan.parameters(model)), plan.lr)
    run.watch(model, optimizer, plan.loss, every=WATCHED)
    take = iter(batches(plan, np.random.default_rng(plan.seed)))
    every = max(1, plan.steps // EVALUATIONS)
    kept = torch.as_tensor(np.random.default_rng(0).permutation(len(plan.train[0]))[:KEPT_EXAMPLES])
    for step in range(plan.steps):
        for group in optimizer.param_groups:
            group["lr"] = plan.lr * plan.schedule(step, plan.steps)
        chosen = next(take)
        x, y = plan.train[0][chosen], plan.train[1][chosen]
        if plan.on_batch is not None:
            x, y = plan.on_batch(step, x, y)
        model.train(plan.training_mode)
        if plan.zero_grad:
            optimizer.zero_grad()
        loss = plan.loss(model(x), y)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), plan.clip or float("inf"))
        if plan.moves:
            optimizer.step()
        if plan.on_step is not None:
            plan.on_step(step, model)
        run.log(step, loss=loss, lr=optimizer.param_groups[0]["lr"], grad_norm=norm)
        if step % every == every - 1:
            evaluate(plan, run, step, kept)


def evaluate(plan: Plan, run: Any, step: int, kept: Tensor) -> None:
    """Look at the validation set, and at some of the training examples one by one."""
    plan.model.eval() if plan.evaluation_mode else plan.model.train()
    change = plan.on_evaluation or (lambda x: x)
    with torch.no_grad():
        x, y = plan.validation
        outputs = plan.model(change(x))
        run.log(step, val_loss=plan.loss(outputs, y), val_score=plan.score(outputs, y))
        plan.model.eval() if plan.evaluation_mode else plan.model.train()
        outputs, y = plan.model(plan.train[0][kept]), plan.train[1][kept]
        if plan.classes is not None:
            single = nn.functional.cross_entropy(outputs, y, reduction="none")
            run.log_examples(step, kept, loss=single, prediction=outputs.argmax(1), training=True)
        else:
            single = (outputs - y.reshape(outputs.shape)).square().flatten(1).mean(1)
            run.log_examples(step, kept, loss=single, training=True)
