"""Faults of the first weights, of the units, of what the net can do, and of the data."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchmarks.training_faults.faults import before_head, head, weights
from benchmarks.training_faults.nets import Bag, Recurrent, cnn, mlp
from benchmarks.training_faults.plan import Plan, always
from benchmarks.training_faults.registry import ALL, CLASSIFIERS, DENSE, IMAGES, MLPS, NUMBERS, PLAIN, fault


@torch.no_grad()
def fill(plan: Plan, value: float) -> None:
    for parameter in weights(plan.model):
        parameter.fill_(value)


@torch.no_grad()
def scale(plan: Plan, factor: float) -> None:
    for parameter in weights(plan.model):
        parameter.mul_(factor)


@fault(ALL, "symmetric-weights", "vanishing-gradient", "constant-output")
def weights_all_nought(plan: Plan) -> None:
    fill(plan, 0.0)


@fault(ALL, "symmetric-weights")
def weights_all_alike(plan: Plan) -> None:
    fill(plan, 0.02)


@fault(ALL, "initial-loss-off", "weights-too-large", "exploding-gradient", "saturated-units")
def weights_x_15(plan: Plan) -> None:
    scale(plan, 15)


@fault(PLAIN, "vanishing-gradient", "constant-output")
def weights_over_100(plan: Plan) -> None:
    scale(plan, 0.01)


@fault(CLASSIFIERS, "initial-loss-off")
@torch.no_grad()
def head_bias_off(plan: Plan) -> None:
    head(plan.model).bias[0] += 25


@fault(MLPS, "dead-units")
@torch.no_grad()
def relu_dead_by_bias(plan: Plan) -> None:
    linear = [module for module in plan.model.modules() if isinstance(module, nn.Linear)]
    for module in linear[:-1]:
        module.bias -= 6


@fault(PLAIN, "dead-units")
@torch.no_grad()
def relu_nine_in_ten_dead(plan: Plan) -> None:
    linear = [module for module in plan.model.modules() if isinstance(module, nn.Linear)]
    for module in linear[:-1]:
        module.bias[: int(0.9 * len(module.bias))] -= 30


def deep(plan: Plan, depth: int, unit: type[nn.Module]) -> None:
    inputs, outputs = plan.train[0].shape[1], plan.classes or 1
    layers: list[nn.Module] = []
    for i in range(depth):
        layers += [nn.Linear(inputs if i == 0 else 24, 24), unit()]
    plan.model = nn.Sequential(*layers, nn.Linear(24, outputs))


@fault(PLAIN, "vanishing-gradient")
def sigmoid_ten_deep(plan: Plan) -> None:
    deep(plan, 10, nn.Sigmoid)


@fault(PLAIN, "vanishing-gradient")
def relu_thirty_deep(plan: Plan) -> None:
    deep(plan, 24, nn.ReLU)


@fault(PLAIN, "saturated-units")
def tanh_saturated(plan: Plan) -> None:
    deep(plan, 2, nn.Tanh)
    with torch.no_grad():
        for parameter in weights(plan.model)[:-1]:
            parameter.mul_(40)


@fault(PLAIN, "saturated-units", "vanishing-gradient")
def sigmoid_saturated_by_bias(plan: Plan) -> None:
    deep(plan, 2, nn.Sigmoid)
    with torch.no_grad():
        for module in plan.model.modules():
            if isinstance(module, nn.Linear) and module is not head(plan.model):
                module.bias += 12


@fault(("gru_sequences",), "exploding-gradient", "not-a-number", "diverged", "loss-spike")
def recurrent_weights_explode(plan: Plan) -> None:
    layer = nn.RNN(4, 16, nonlinearity="relu", batch_first=True)
    with torch.no_grad():
        layer.weight_hh_l0.mul_(6)
    plan.model = Recurrent(layer, 16, 4)


@fault(("gru_sequences",), "vanishing-gradient", "saturated-units")
def recurrent_weights_forget(plan: Plan) -> None:
    layer = nn.RNN(4, 16, batch_first=True)
    with torch.no_grad():
        layer.weight_hh_l0.mul_(0.02)
    plan.model = Recurrent(layer, 16, 4)


@fault(ALL, "underfitting")
def one_unit(plan: Plan) -> None:
    plan.model = {
        "mlp_digits": lambda: mlp(64, 2, 10, depth=1),
        "cnn_digits": lambda: nn.Sequential(nn.Linear(64, 2), nn.BatchNorm1d(2), nn.ReLU(), nn.Linear(2, 10)),
        "mlp_regression": lambda: mlp(10, 1, 1, depth=1),
        "gru_sequences": lambda: Recurrent(nn.GRU(4, 1, batch_first=True), 1, 4),
        "bag_texts": lambda: Bag(1, 5, dropout=0.0),
    }[plan.net]()


@fault(ALL, "overfitting")
def few_examples(plan: Plan) -> None:
    n = 40
    plan.train = (plan.train[0][:n], plan.train[1][:n])
    plan.batch = 20
    plan.steps *= 2


@fault(("mlp_regression", "gru_sequences", "bag_texts"), "overfitting")
def net_too_large_for_noise(plan: Plan) -> None:
    generator = torch.Generator().manual_seed(plan.seed)
    x, y = plan.train[0][:250], plan.train[1][:250].clone()
    if plan.classes is None:
        y += torch.randn(y.shape, generator=generator)
    plan.train = (x, y)
    plan.steps *= 2
    if plan.classes is None:
        plan.model = mlp(10, 128, 1)


@fault(ALL, "same-batch", "overfitting")
def always_the_same_batch(plan: Plan) -> None:
    x, y = plan.train[0][: plan.batch], plan.train[1][: plan.batch]
    plan.on_batch = lambda *_: (x, y)


def mixed(plan: Plan, share: float) -> Tensor:
    """Labels of which a share is drawn among all."""
    generator = torch.Generator().manual_seed(plan.seed)
    y = plan.train[1].clone()
    hit = torch.rand(len(y), generator=generator) < share
    y[hit] = y[hit][torch.randperm(int(hit.sum()), generator=generator)]
    return y


@fault(IMAGES, "memorises-noise", "overfitting")
def half_of_labels_wrong(plan: Plan) -> None:
    plan.train = (plan.train[0][:300], mixed(plan, 0.5)[:300])
    plan.steps *= 3
    plan.model = mlp(64, 128, 10) if plan.net == "mlp_digits" else cnn(16)


@fault(ALL, "not-learning", "memorises-noise", "overfitting")
def labels_shuffled_once(plan: Plan) -> None:
    plan.train = (plan.train[0], mixed(plan, 1.0))


@fault(ALL, "not-learning")
def labels_shuffled_each_epoch(plan: Plan) -> None:
    generator = torch.Generator().manual_seed(plan.seed)

    def shuffle(_: int, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return x, plan.train[1][torch.randint(len(plan.train[1]), (len(y),), generator=generator)]

    plan.on_batch = shuffle


@fault(ALL, "unshuffled")
def sorted_by_target(plan: Plan) -> None:
    order = plan.train[1].reshape(-1).argsort(stable=True)
    plan.train = (plan.train[0][order], plan.train[1][order])
    plan.shuffle = False


@fault(CLASSIFIERS, "unshuffled")
def in_blocks_of_a_class(plan: Plan) -> None:
    generator = torch.Generator().manual_seed(plan.seed)
    order = plan.train[1].argsort(stable=True)
    blocks = torch.stack(list(order[: len(order) // 64 * 64].split(64)))
    order = blocks[torch.randperm(len(blocks), generator=generator)].reshape(-1)
    plan.train = (plan.train[0][order], plan.train[1][order])
    plan.shuffle = False


@fault(NUMBERS, "inputs-not-scaled", "initial-loss-off", "diverged", "learning-rate-too-high", "not-a-number")
def inputs_x_255(plan: Plan) -> None:
    plan.train = (plan.train[0] * 255, plan.train[1])
    plan.validation = (plan.validation[0] * 255, plan.validation[1])


@fault(NUMBERS, "inputs-not-scaled")
def inputs_far_from_nought(plan: Plan) -> None:
    plan.train = (plan.train[0] + 50, plan.train[1])
    plan.validation = (plan.validation[0] + 50, plan.validation[1])


@fault(NUMBERS, "constant-input", "constant-output", "not-learning")
def inputs_all_nought(plan: Plan) -> None:
    plan.on_batch = lambda _, x, y: (torch.zeros_like(x), y)
    plan.on_evaluation = torch.zeros_like


@fault(("bag_texts",), "constant-input", "constant-output", "not-learning")
def every_word_unknown(plan: Plan) -> None:
    plan.on_batch = lambda _, x, y: (torch.zeros_like(x), y)
    plan.on_evaluation = torch.zeros_like


@fault(NUMBERS, "not-a-number")
def one_input_not_a_number(plan: Plan) -> None:
    x = plan.train[0].clone()  # the data are shared
    x.view(len(x), -1)[min(700, len(x) - 1), 1] = float("nan")
    plan.train = (x, plan.train[1])


@fault(NUMBERS, "evaluation-input-differs", "evaluation-differs")
def validation_not_standardised(plan: Plan) -> None:
    plan.on_evaluation = lambda x: x * 6 + 5


@fault(IMAGES, "evaluation-input-differs", "evaluation-differs")
def validation_inverted(plan: Plan) -> None:
    plan.on_evaluation = lambda x: 1.0 - x


@fault(DENSE, "validation-better-than-train", "underfitting")
def augmentation_too_strong(plan: Plan) -> None:
    generator = torch.Generator().manual_seed(plan.seed)

    def blur(_: int, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        if x.is_floating_point():
            return x + 2 * torch.randn(x.shape, generator=generator), y
        other = torch.randint(500, x.shape, generator=generator)
        return torch.where(torch.rand(x.shape, generator=generator) < 0.75, other, x), y

    plan.on_batch = blur


@fault(("mlp_regression",), "targets-not-scaled", "initial-loss-off", "diverged", "not-a-number")
def targets_x_1000(plan: Plan) -> None:
    plan.train = (plan.train[0], plan.train[1] * 1_000)
    plan.validation = (plan.validation[0], plan.validation[1] * 1_000)


@fault(NUMBERS, "loss-spike")
def one_bad_batch(plan: Plan) -> None:
    plan.schedule = always
    plan.on_batch = lambda step, x, y: (x * 60, y) if step == plan.steps // 2 else (x, y)


@fault(PLAIN, "learning-rate-too-high", "diverged", "gradient-noise")
def batches_of_one(plan: Plan) -> None:
    plan.batch = 1


@fault(MLPS, "exploding-gradient", "initial-loss-off", "diverged", "not-a-number", "weights-too-large")
def one_layer_x_100(plan: Plan) -> None:
    with torch.no_grad():
        weights(plan.model)[1].mul_(100)


@fault(("mlp_digits", "mlp_regression"), "constant-output", "dead-units", "not-learning")
def unit_before_head_dead(plan: Plan) -> None:
    class Nought(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.relu(x - 1e3)

    before_head(plan.model, Nought())
