"""What is told of single examples is refused where it is no such thing, and never waited for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.errors import ProbabilityError
from offdiagonal.training.told import LOOKED_AT, no_probabilities

LATE = 2 * LOOKED_AT
"""Rows of which the loop itself does not look at the last."""


def late_logits(last: list[float]) -> od.Run:
    run = od.Run("late", keep=False)
    probabilities = np.full((LATE, 2), 0.5)
    probabilities[-1] = last
    run.log_examples(
        0, range(LATE), prediction=np.zeros(LATE, int), loss=np.ones(LATE), probabilities=probabilities
    )
    return run


@pytest.mark.parametrize(
    ("last", "message"), [([9.0, -9.0], "holds 9, which is not from"), ([0.1, 0.1], "sums to 0.2")]
)
def test_what_is_no_probability_is_refused_where_the_run_is_joined(
    last: list[float], message: str, caplog: pytest.LogCaptureFixture
) -> None:
    run = late_logits(last)
    examples = run.record.examples
    assert examples is not None
    assert (examples.probability, examples.loss is None) == (None, False)
    (said,) = caplog.messages
    assert "late, step 0: " in said
    with pytest.raises(ProbabilityError, match=f"late: .*{message}.* softmax"):
        od.Evaluation({"label": np.zeros(LATE, int)}, run=run)


def test_logits_in_a_run_that_was_kept_before_are_refused_too() -> None:
    run = od.Run("old", keep=False)
    run.log_examples(0, [0, 1], prediction=[0, 1], probabilities=[0.5, 0.5])
    examples = run.record.examples
    assert examples is not None
    old = replace(run.record, examples=replace(examples, probability=np.array([[5.0, 0.5]], np.float32)))
    with pytest.raises(ProbabilityError, match="holds 5"):
        od.Evaluation({"label": [0, 1]}, run=od.Run.of(old))


def test_half_precision_and_a_model_that_diverged_are_probabilities() -> None:
    rounded = np.random.default_rng(0).dirichlet(np.ones(100), 50).astype(np.float16)
    assert no_probabilities(rounded.astype(np.float32)) is None
    assert no_probabilities(np.full((2, 3), np.nan, np.float32)) is None
    assert no_probabilities(np.array([[0.3], [0.9]], np.float32)) is None


def test_tensors_of_the_cpu_are_looked_at_and_others_when_they_are_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    run = od.Run("tensors", keep=False)
    two = torch.arange(2)
    wrong: list[tuple[Any, dict[str, Any], str]] = [
        (torch.zeros(2, dtype=torch.int64), {"loss": torch.ones(2)}, "ids= holds 0 2 times"),
        (two.reshape(2, 1), {"loss": torch.ones(2)}, r"ids= has the shape \(2, 1\)"),
        (two, {"prediction": torch.ones(2, 3)}, r"logits.argmax\(1\)"),
        (two, {"probabilities": torch.tensor([[3.0, 1.0], [0.0, 1.0]])}, "holds 3"),
    ]
    for ids, given, message in wrong:
        with pytest.raises(od.OffdiagonalError, match=message):
            run.log_examples(0, ids, **given)
    assert run.record.examples is None

    class Elsewhere:
        """A tensor of a device; what reads it in the loop fails the test."""

        def __init__(self, values: Any, *, here: bool = False) -> None:
            self.values, self.here = values, here
            self.ndim, self.shape, self.device = values.ndim, values.shape, "chip"

        def __len__(self) -> int:
            return len(self.values)

        def detach(self) -> Elsewhere:
            return self

        def clone(self) -> Elsewhere:
            return Elsewhere(self.values, here=True)

        def cpu(self) -> Any:
            assert self.here
            return self.values

    run.log_examples(1, Elsewhere(torch.zeros(2, dtype=torch.int64)), loss=torch.ones(2))
    assert run.record.examples is None
    assert caplog.messages == [
        "tensors: ids= holds 0 2 times in one call; tell of each example once, such as by np.unique"
    ]
