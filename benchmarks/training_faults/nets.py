"""Five small trainings that go well: on scikit-learn's digits and on data that are made here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.training_faults.plan import Batch, Plan, adam, cosine, sgd

Split = tuple[Batch, Batch]


@cache
def digits() -> Split:
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(X))
    X = (X[order] - X.mean()) / X.std()
    return _split(torch.as_tensor(X, dtype=torch.float32), torch.as_tensor(y[order]), 1_400)


@cache
def friedman() -> Split:
    from sklearn.datasets import make_friedman1

    X, y = make_friedman1(n_samples=2_300, noise=1.0, random_state=0)
    X, y = (X - X.mean(0)) / X.std(0), (y - y.mean()) / y.std()
    return _split(
        torch.as_tensor(X, dtype=torch.float32), torch.as_tensor(y, dtype=torch.float32)[:, None], 2_000
    )


@cache
def sequences() -> Split:
    """Which of four channels was the largest, over the first half of the sequence."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2_300, 12, 4))
    X[np.arange(2_300), :6, rng.integers(0, 4, 2_300)] += 0.6
    y = X[:, :6].sum(1).argmax(1)
    return _split(torch.as_tensor(X, dtype=torch.float32), torch.as_tensor(y), 1_900)


@cache
def texts() -> Split:
    """Thirty words of five hundred; each of five topics prefers some of them."""
    rng = np.random.default_rng(0)
    topics = rng.dirichlet(np.full(500, 0.4), size=5) * 0.6 + 0.4 / 500
    y = rng.integers(0, 5, 2_300)
    X = np.stack([rng.choice(500, size=30, p=topics[topic]) for topic in y])
    return _split(torch.as_tensor(X), torch.as_tensor(y), 1_900)


def _split(X: Tensor, y: Tensor, n: int) -> Split:
    return (X[:n], y[:n]), (X[n:], y[n:])


class Recurrent(nn.Module):
    """A recurrent layer, and a head on its last state."""

    def __init__(self, layer: nn.Module, width: int, classes: int) -> None:
        super().__init__()
        self.layer = layer
        self.head = nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.layer(x)
        return self.head(states[:, -1])


class Bag(nn.Module):
    """The mean of words' vectors, and a small network on it."""

    def __init__(self, width: int, classes: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.embedding = nn.Embedding(500, width)
        self.body = nn.Sequential(
            nn.Linear(width, width), nn.ReLU(), nn.Dropout(dropout), nn.Linear(width, classes)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.body(self.embedding(x).mean(1))


def classifier(data: Callable[[], Split], classes: int, **how: Any) -> Callable[..., Plan]:
    """A training of a net that is given, by cross entropy."""
    return lambda net, seed, made: Plan(
        net, seed, made, *data(), nn.CrossEntropyLoss(), classes=classes, **how
    )


def regression(data: Callable[[], Split], **how: Any) -> Callable[..., Plan]:
    """The same by squared error."""
    return lambda net, seed, made: Plan(net, seed, made, *data(), nn.MSELoss(), **how)


def by_fours(factor: float) -> Callable[[int], int]:
    """Widths times a factor, in steps of four: heads and groups share them out."""
    return lambda width: 4 * max(1, round(width * factor / 4))


def mlp(inputs: int, width: int, outputs: int, depth: int = 2, dropout: float = 0.0) -> nn.Sequential:
    """Linear layers with ReLU between them."""
    layers: list[nn.Module] = []
    for i in range(depth):
        layers += [nn.Linear(inputs if i == 0 else width, width), nn.ReLU()]
        layers += [nn.Dropout(dropout)] if dropout else []
    return nn.Sequential(*layers, nn.Linear(width, outputs))


def cnn(width: int = 8, dropout: float = 0.0) -> nn.Sequential:
    """Two convolutions with batch norm on images of 8 x 8."""
    layers = [nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
    layers += [
        nn.MaxPool2d(2),
        nn.Conv2d(width, 2 * width, 3, padding=1),
        nn.BatchNorm2d(2 * width),
        nn.ReLU(),
    ]
    layers += [nn.MaxPool2d(2), nn.Flatten(), *([nn.Dropout(dropout)] if dropout else [])]
    return nn.Sequential(*layers, nn.Linear(8 * width, 10))


def mlp_digits(seed: int) -> Plan:
    torch.manual_seed(seed)
    model = mlp(64, 32, 10)
    return Plan("mlp_digits", seed, model, *digits(), nn.CrossEntropyLoss(), sgd, 0.05, 240, classes=10)


def cnn_digits(seed: int) -> Plan:
    torch.manual_seed(seed)
    return Plan("cnn_digits", seed, cnn(), *digits(), nn.CrossEntropyLoss(), adam, 4e-3, 160, classes=10)


def mlp_regression(seed: int) -> Plan:
    torch.manual_seed(seed)
    return Plan("mlp_regression", seed, mlp(10, 32, 1), *friedman(), nn.MSELoss(), sgd, 0.05, 240)


def gru_sequences(seed: int) -> Plan:
    torch.manual_seed(seed)
    model = Recurrent(nn.GRU(4, 16, batch_first=True), 16, 4)
    plan = Plan("gru_sequences", seed, model, *sequences(), nn.CrossEntropyLoss(), adam, 3e-2, 180, classes=4)
    plan.schedule = cosine
    return plan


def bag_texts(seed: int) -> Plan:
    torch.manual_seed(seed)
    return Plan("bag_texts", seed, Bag(24, 5), *texts(), nn.CrossEntropyLoss(), adam, 8e-3, 200, classes=5)


NETS: dict[str, Callable[[int], Plan]] = {
    make.__name__: make for make in (mlp_digits, cnn_digits, mlp_regression, gru_sequences, bag_texts)
}
