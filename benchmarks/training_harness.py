"""One batch learnt by heart, and a range of learning rates, on healthy nets and on planted faults.

``python -m benchmarks.training_harness`` writes ``training_harness.md`` beside this file; a few minutes on one core.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

import offdiagonal as od
from benchmarks.training_faults import faults as _faults  # noqa: F401 - they register themselves
from benchmarks.training_faults.nets import NETS
from benchmarks.training_faults.plan import Plan, batches
from benchmarks.training_faults.registry import FAULTS

SEEDS = 3
CODE = (
    "optimizer_of_another_model",
    "no_step",
    "detached_body",
    "sign_turned",
    "lr_x_100",
    "lr_over_1000",
    "clipped_to_nothing",
    "softmax_module_before_cross_entropy",
    "softmax_in_the_loss",
    "relu_behind_the_head",
    "sigmoid_behind_the_head",
    "targets_without_their_axis",
)
"""Faults that keep a net from learning one batch."""
OTHERS = ("head_not_in_optimizer", "log_of_nought", "one_class_weighs_all")
"""Faults with which a net can learn one batch all the same, or most often can: the other layers make up for it."""


def step_of(plan: Plan, *, one: bool) -> tuple[Callable[[], Any], torch.optim.Optimizer]:
    """A training step on one batch, or on the next one each time."""
    torch.manual_seed(plan.seed)
    optimizer = plan.optimizer(list(plan.parameters(plan.model)), plan.lr)
    take = iter(batches(plan, np.random.default_rng(plan.seed)))
    held = next(take)
    plan.model.train(plan.training_mode)

    def step() -> Any:
        chosen = held if one else next(take)
        x, y = plan.train[0][chosen], plan.train[1][chosen]
        if plan.on_batch is not None:
            x, y = plan.on_batch(0, x, y)
        if plan.zero_grad:
            optimizer.zero_grad()
        loss = plan.loss(plan.model(x), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(plan.model.parameters(), plan.clip or float("inf"))
        if plan.moves:
            optimizer.step()
        return loss.detach()

    return step, optimizer


def one_batch(net: str, fault: str | None, seed: int) -> od.harness.OneBatch:
    plan = NETS[net](seed)
    if fault:
        FAULTS[fault].change(plan)
    return od.overfit_one_batch(step_of(plan, one=True)[0])


def final_loss(net: str, seed: int, rate: float) -> float:
    plan = NETS[net](seed)
    plan.lr = rate
    step, _ = step_of(plan, one=False)
    losses = [float(step()) for _ in range(100)]
    return float(np.mean(losses[-20:]))


def rates(net: str, seed: int) -> tuple[str, str, str]:
    """The suggestion for a net, and whether it trains as well as the rate that its author chose."""
    plan = NETS[net](seed)
    step, optimizer = step_of(plan, one=False)
    found = od.learning_rate_range(step, optimizer)
    if found.suggestion is None:
        return "none", "", ""
    chosen = NETS[net](seed).lr
    return (
        f"{found.suggestion:.2g}",
        f"{final_loss(net, seed, found.suggestion):.3f}",
        f"{final_loss(net, seed, chosen):.3f}",
    )


def table(names: tuple[str, ...]) -> list[str]:
    """A line a fault: how many of its trainings did not pass, and what was said of them."""
    lines = []
    failed = total = 0
    for name in names:
        found = [one_batch(net, name, seed) for net in FAULTS[name].nets for seed in range(SEEDS)]
        kinds = Counter(one.finding.kind if one.finding else "passed" for one in found)
        missed = sum(not one.passed for one in found)
        said = ", ".join(f"{kind} {n}" for kind, n in kinds.most_common())
        lines.append(f"| {name} | {missed} of {len(found)} | {said} |")
        failed, total = failed + missed, total + len(found)
    return [*lines, f"| all | {failed} of {total} | |"]


def main() -> None:
    torch.set_num_threads(1)
    lines = ["# One batch, and learning rates", "", "The rules were written with these nets in view.", ""]
    lines += ["## `od.overfit_one_batch`", ""]
    healthy = {(net, seed): one_batch(net, None, seed) for net in NETS for seed in range(SEEDS)}
    passed = sum(found.passed for found in healthy.values())
    steps = [len(found.run.record.curve("loss")) for found in healthy.values() if found.passed]
    lines += [
        f"Healthy: {passed} of {len(healthy)} passed, after {int(np.median(steps))} steps (median).",
        *(
            f"- not passed: {net}, seed {seed}: {found!r}"
            for (net, seed), found in healthy.items()
            if not found.passed
        ),
        "",
        "| fault | not passed | what it says |",
        "|---|---|---|",
    ]
    lines += table(CODE)
    lines += [
        "",
        "Faults that one batch need not show:",
        "",
        "| fault | not passed | what it says |",
        "|---|---|---|",
    ]
    lines += table(OTHERS)
    lines += ["", "## `od.learning_rate_range`", ""]
    lines += [
        "Loss over the steps 80 to 100 at the rate that was suggested, and at the one that the net's author chose.",
        "",
        "| net | seed | suggested | loss there | loss at the author's |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {net} | {seed} | " + " | ".join(rates(net, seed)) + " |" for net in NETS for seed in range(SEEDS)
    ]
    text = "\n".join(lines) + "\n"
    (Path(__file__).parent / "training_harness.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
