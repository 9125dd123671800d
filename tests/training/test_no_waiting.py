"""Nothing that is taken of a training makes its thread wait for the device.

Tensors of the device ``meta`` have a shape and no values: whatever reads one, which on an accelerator would wait
for it, raises. A training on it passes only where nothing is read in its thread.
"""

from __future__ import annotations

import warnings

import pytest

import offdiagonal as od

torch = pytest.importorskip("torch", reason="torch is not installed")


def train(run: od.Run, *, steps: int, every: int, training: bool = True) -> None:
    """All that a loop logs, of a model whose numbers nobody can read."""
    with torch.device("meta"):
        model = torch.nn.Sequential(
            torch.nn.Linear(8, 16),
            torch.nn.BatchNorm1d(16),
            torch.nn.ReLU(),
            torch.nn.Dropout(0.1),
            torch.nn.Linear(16, 3),
        )
        x, y = torch.randn(32, 8), torch.zeros(32, dtype=torch.int64)
        ids = torch.arange(32)
    loss_function = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    run.watch(model, optimizer, loss_function, every=every)
    for step in range(steps):
        model.train(training)
        optimizer.zero_grad()
        output = model(x)
        loss = loss_function(output, y)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        run.log(step, loss=loss, grad_norm=norm)
        each = torch.nn.functional.cross_entropy(output, y, reduction="none")
        run.log_examples(step, ids, loss=each, prediction=output.argmax(1), probabilities=output.softmax(1))
        model.eval()
        with torch.no_grad():
            run.log(step, val_loss=loss_function(model(x), y))


def test_a_tensor_of_meta_cannot_be_read() -> None:
    with pytest.raises((RuntimeError, NotImplementedError)):
        float(torch.zeros(1, device="meta"))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("every", [1, 3])
def test_a_training_is_never_made_to_wait(every: int, training: bool) -> None:
    run = od.Run("meta", keep=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # what fails in a look is but a warning
        train(run, steps=7, every=every, training=training)
    assert run.last_step == 6
