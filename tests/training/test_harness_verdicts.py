"""Verdicts of the harnesses where it is easy to say too much: nearly learnt, two parts together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.training.test_harness import step_of, torch

import offdiagonal as od
from offdiagonal.training.harness.one_batch import more_steps


def plain_sgd(seed: int, rate: float = 0.1) -> Callable[[], Any]:
    torch.manual_seed(seed)
    model = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    return step_of(model, torch.optim.SGD(model.parameters(), lr=rate))


@pytest.mark.parametrize("seed", range(3))
def test_a_sound_net_that_is_slow_is_nearly_learnt_and_the_steps_it_is_told_do(seed: int) -> None:
    found = od.overfit_one_batch(plain_sgd(seed), steps=400)
    assert found.finding is not None
    assert found.finding.kind == "nearly-learnt"
    assert repr(found).startswith("not passed yet: One batch is nearly learnt: loss 2.3")
    assert not any("label" in cause or "softmax" in cause for cause in found.finding.causes)
    more = more_steps(found.run.record.curve("loss").values.tolist(), found.target or 0.0)
    assert more is not None
    assert f"some {more} more would likely bring it to" in found.finding.title
    assert not od.overfit_one_batch(plain_sgd(seed), steps=400 + more // 4).passed
    assert od.overfit_one_batch(plain_sgd(seed), steps=400 + 2 * more).passed


def test_a_loss_that_stays_near_the_target_is_no_nearly() -> None:
    rng = np.random.default_rng(0)
    steps = np.arange(500)
    held_up = 0.05 + 2.3 * np.exp(-steps / 20) + rng.normal(0, 0.001, 500)
    assert more_steps(held_up.tolist(), 0.023) is None
    assert more_steps((held_up * 0 + 0.03).tolist(), 0.023) is None
    assert more_steps((2.3 * np.exp(-steps / 300)).tolist(), 0.023) is None  # far from it still
    losses = iter(held_up)
    found = od.overfit_one_batch(lambda: float(next(losses)), steps=400)
    assert found.finding is not None
    assert found.finding.kind == "plateau"


def test_a_target_below_0_is_refused_for_a_loss_that_ends_at_0_and_taken_for_one_that_goes_on() -> None:
    falling = iter(2.0 * 0.9 ** np.arange(300))
    with pytest.raises(
        od.OffdiagonalError, match=r"target=-1 is below 0, and this loss comes down to .* give 0 or"
    ):
        od.overfit_one_batch(lambda: float(next(falling)), steps=200, target=-1)
    density = iter(np.linspace(1.5, -3, 300))
    assert od.overfit_one_batch(lambda: float(next(density)), steps=300, target=-1).passed
    stuck = od.overfit_one_batch(lambda: 2.3, target=-1)
    assert stuck.finding is not None
    assert stuck.finding.kind == "not-updated"


def test_parts_that_do_harm_only_together_are_both_named() -> None:
    def build(a: bool, c: bool, seed: int, d: bool = False) -> float:
        return (1 if a and c else 0.5) + 0.001 * seed + 0.0005 * d

    found = od.simplify(build, ["a", "c", "d"])
    assert sorted(found.culprits) == ["a", "c"]
    assert found.culprit is None
    assert found.finding is not None
    assert found.finding.title.startswith("Without a the score is better by 0.5")
    assert found.finding.title.endswith(", without c by 0.5")
    assert "together" in found.finding.causes[0]
    assert found.finding.rules_out == ("d alone",)


def test_a_part_that_helps_less_beyond_the_noise_is_not_named_with_the_best() -> None:
    found = od.simplify(lambda a, c, seed: 0.5 * a + 0.2 * c + 0.001 * seed, ["a", "c"])
    assert found.culprits == ("a",)
    assert found.culprit == "a"
    noise = np.random.default_rng(0).normal(0, 0.1, 100).tolist()
    unsure = od.simplify(lambda a, c: 5.0 * a + 4.99 * c + noise.pop(), ["a", "c"])
    assert sorted(unsure.culprits) == ["a", "c"]
