"""A small training that is watched, and what is found in it."""

from __future__ import annotations

import pytest

import offdiagonal as od

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
nn = torch.nn


def batch(n: int = 32, features: int = 4):
    generator = torch.Generator().manual_seed(1)
    return torch.randn(n, features, generator=generator), torch.arange(n) % 3


def learn(model, x, y, *, steps=12, every=1, call=None, before=None, optimizer=None):
    """A training that is watched; ``before`` is called before each step with its number."""
    run = od.Run("watched", keep=False)
    optimizer = optimizer or torch.optim.SGD(model.parameters(), lr=0.1)
    loss_function = nn.CrossEntropyLoss()
    run.watch(model, optimizer, loss_function, every=every)
    for step in range(steps):
        if before is not None:
            before(step)
        optimizer.zero_grad()
        loss = loss_function((call or model)(x), y)
        loss.backward()
        optimizer.step()
        run.log(step, loss=loss)
    run.finish()
    return run


def kinds(run) -> list[str]:
    return [finding.kind for finding in run.findings()]


def ratios(run, name="0.weight"):
    layers = run.record.parameters
    return layers.stats["update_ratio"][:, layers.names.index(name)]
