"""Faults of the optimiser, the learning rate, the loss and the loop."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.training_faults.plan import Plan, adam
from benchmarks.training_faults.registry import ALL, CLASSIFIERS, DENSE, MLPS, PLAIN, fault

HIGH = ("learning-rate-too-high", "diverged", "not-a-number")
LOW = ("learning-rate-too-low",)


@fault(ALL, "gradients-accumulate")
def no_zero_grad(plan: Plan) -> None:
    plan.zero_grad = False


@fault(ALL, *HIGH)
def lr_x_100(plan: Plan) -> None:
    plan.lr *= 100


@fault(ALL, *HIGH)
def lr_x_25(plan: Plan) -> None:
    plan.lr *= 25


@fault(PLAIN, *HIGH)
def momentum_near_one(plan: Plan) -> None:
    plan.optimizer = lambda parameters, lr: torch.optim.SGD(parameters, lr=lr, momentum=0.998)


@fault(ALL, *LOW)
def lr_over_1000(plan: Plan) -> None:
    plan.lr /= 1_000


@fault(ALL, *LOW)
def lr_over_200(plan: Plan) -> None:
    plan.lr /= 200


@fault(PLAIN, *LOW)
def clipped_to_nothing(plan: Plan) -> None:
    plan.clip = 1e-3


@fault(ALL, "learning-rate-decays-too-early", "learning-rate-too-low")
def schedule_by_step_not_epoch(plan: Plan) -> None:
    plan.schedule = lambda step, _: 0.8**step


@fault(ALL, "learning-rate-decays-too-early", "learning-rate-too-low")
def schedule_of_a_shorter_training(plan: Plan) -> None:
    plan.schedule = lambda step, steps: 1.0 if step < steps / 12 else 1e-4


@fault(ALL, *HIGH)
def learning_rate_grows(plan: Plan) -> None:
    plan.schedule = lambda step, steps: 1_000 ** (step / steps)


@fault(ALL, "weight-decay-too-strong")
def decay_too_strong(plan: Plan) -> None:
    plan.optimizer = lambda parameters, lr: torch.optim.AdamW(parameters, lr=lr, weight_decay=20.0)


@fault(MLPS, "weight-decay-too-strong")
def l2_too_strong(plan: Plan) -> None:
    plan.optimizer = lambda parameters, lr: torch.optim.SGD(parameters, lr=lr, momentum=0.9, weight_decay=0.3)


def weights(model: nn.Module) -> list[nn.Parameter]:
    return [parameter for parameter in model.parameters() if parameter.dim() > 1]


def head(model: nn.Module) -> nn.Linear:
    return [module for module in model.modules() if isinstance(module, nn.Linear)][-1]


@fault(ALL, "not-updated")
def head_not_in_optimizer(plan: Plan) -> None:
    def without(model: nn.Module) -> Iterable[Any]:
        new = {id(parameter) for parameter in head(model).parameters()}
        return [parameter for parameter in model.parameters() if id(parameter) not in new]

    plan.parameters = without


@fault(ALL, "not-updated")
def optimizer_of_another_model(plan: Plan) -> None:
    plan.parameters = lambda _: [nn.Parameter(torch.zeros(3))]


@fault(ALL, "not-updated")
def no_step(plan: Plan) -> None:
    plan.moves = False


@fault(ALL, "not-updated")
def body_not_in_optimizer(plan: Plan) -> None:
    plan.parameters = lambda model: head(model).parameters()


@fault(ALL, "no-gradient")
def frozen_body(plan: Plan) -> None:
    for parameter in plan.model.parameters():
        parameter.requires_grad_(False)
    for parameter in head(plan.model).parameters():
        parameter.requires_grad_(True)


@fault(ALL, "no-gradient")
def frozen_first_layer(plan: Plan) -> None:
    weights(plan.model)[0].requires_grad_(False)


class Detached(nn.Module):
    """What comes out knows nothing of where it came from."""

    def forward(self, x: Tensor) -> Tensor:
        return x.detach()


def before_head(model: nn.Module, module: nn.Module) -> None:
    """Put a module before the last linear layer."""
    last = head(model)
    for parent in model.modules():
        for name, child in parent.named_children():
            if child is last:
                setattr(parent, name, nn.Sequential(module, last))
                return


@fault(ALL, "no-gradient")
def detached_body(plan: Plan) -> None:
    before_head(plan.model, Detached())


class Criterion(nn.Module):
    """A loss of one's own."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.function = function

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return self.function(outputs, targets)


@fault(ALL, "initial-loss-off", "learning-rate-too-high", "diverged", "not-a-number")
def loss_summed_over_batch(plan: Plan) -> None:
    plan.loss = type(plan.loss)(reduction="sum")


@fault(ALL, "wrong-sign", "diverged")
def sign_turned(plan: Plan) -> None:
    right = plan.loss
    plan.loss = Criterion(lambda outputs, targets: -right(outputs, targets))


@fault(CLASSIFIERS, "softmax-twice")
def softmax_module_before_cross_entropy(plan: Plan) -> None:
    plan.model = nn.Sequential(plan.model, nn.Softmax(dim=1))


@fault(CLASSIFIERS, "softmax-twice")
def softmax_in_the_loss(plan: Plan) -> None:
    right = plan.loss
    plan.loss = Criterion(lambda outputs, targets: right(outputs.softmax(1), targets))


@fault(ALL, "wrong-output-activation", "dead-units")
def relu_behind_the_head(plan: Plan) -> None:
    plan.model = nn.Sequential(plan.model, nn.ReLU())


@fault(ALL, "wrong-output-activation", "softmax-twice")
def sigmoid_behind_the_head(plan: Plan) -> None:
    plan.model = nn.Sequential(plan.model, nn.Sigmoid())


@fault(("mlp_regression",), "shapes-broadcast")
def targets_without_their_axis(plan: Plan) -> None:
    plan.on_batch = lambda _, x, y: (x, y[:, 0])


@fault(CLASSIFIERS, "not-a-number")
def log_of_nought(plan: Plan) -> None:
    def loss(outputs: Tensor, targets: Tensor) -> Tensor:
        chances = (outputs * 30).softmax(1)
        return -chances[torch.arange(len(targets)), targets].log().mean()

    plan.loss = Criterion(loss)


@fault(CLASSIFIERS, "constant-output", "not-learning")
def one_class_weighs_all(plan: Plan) -> None:
    share = torch.full((plan.classes or 0,), 1e-4)
    share[0] = 1.0
    plan.loss = nn.CrossEntropyLoss(weight=share)


@fault(ALL, "still-improving")
def stopped_early(plan: Plan) -> None:
    plan.schedule = lambda *_: 1.0
    plan.lr /= 4
    plan.steps = plan.steps // 4


@fault(("cnn_digits",), "train-mode-at-evaluation")
def training_mode_at_evaluation(plan: Plan) -> None:
    plan.validation = (plan.validation[0][:12], plan.validation[1][:12])
    plan.evaluation_mode = False


@fault(("mlp_digits", "mlp_regression", "bag_texts"), "train-mode-at-evaluation")
def dropout_at_evaluation(plan: Plan) -> None:
    before_head(plan.model, nn.Dropout(0.5))
    plan.evaluation_mode = False


@fault(("cnn_digits",), "batch-norm-small-batches", "train-mode-at-evaluation")
def batch_norm_of_two(plan: Plan) -> None:
    plan.batch = 2


@fault(("cnn_digits",), "evaluation-differs")
def stale_running_statistics(plan: Plan) -> None:
    for module in plan.model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1e-5


@fault(DENSE, "dropout-too-strong", "underfitting", "validation-better-than-train")
def dropout_of_95(plan: Plan) -> None:
    before_head(plan.model, nn.Dropout(0.95))


@fault(ALL, "loss-spike")
def weights_lost_half_way(plan: Plan) -> None:
    def reset(step: int, model: nn.Module) -> None:
        if step == plan.steps // 2:
            for module in model.modules():
                if hasattr(module, "reset_parameters"):
                    module.reset_parameters()

    plan.on_step = reset


@fault(ALL, "loss-spike", "learning-rate-too-high", "diverged")
def learning_rate_jumps_for_a_step(plan: Plan) -> None:
    usual = plan.schedule
    jump = 300 if plan.optimizer is not adam else 60
    plan.schedule = lambda step, steps: usual(step, steps) * (jump if step == steps // 2 else 1)
