"""Whether a model can learn one batch by heart, and if not, what the loss says about why."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import percent

HELD = 3
LEAST = 20
"""Of fewer steps nobody can say how the loss goes on."""
"""So many steps in a row below the target pass."""
SHARE = 0.01
"""Of the first loss: the target where none is given."""
NEAR = 5.0
"""A loss that still falls and is so many times the target, or less, has nearly got there."""
FURTHER = 4.0
"""It would take so many times as many steps as there were, at most."""
STILL = (
    "the optimiser does not step, or does not know these weights",
    "the loss is detached from the weights (.detach(), .item(), no_grad, argmax)",
    "all weights are frozen",
    "the learning rate is 0",
)
SEE = (
    "see that step_fn calls backward() and step()",
    "run.watch(model, optimizer) names weights without gradient",
)
THEORY = (
    "A net with more weights than a batch has labels can learn them by heart, so a loss that stays up is no lack of "
    "data or of regularisation. What is left is the code: loss, gradient, optimiser, or inputs and labels."
)


def passed(losses: Sequence[float], target: float) -> bool:
    """Whether the loss has stayed below the target."""
    return len(losses) >= HELD and all(loss <= target for loss in losses[-HELD:])


def given_up(losses: Sequence[float], patience: int) -> bool:
    """Whether there is no use in going on: it is no number, or has not fallen by 1 % for so long."""
    if not math.isfinite(losses[-1]):
        return True
    if len(losses) <= patience:
        return False
    before, now = min(losses[:-patience]), min(losses[-patience:])
    return now > before - 0.01 * abs(before)


def more_steps(losses: Sequence[float], target: float) -> int | None:
    """How many more steps would likely do, where the loss still falls and is near the target; else None.

    The last half is carried on as a power of the step: what falls faster gets there sooner.

    Examples
    --------
    >>> more_steps([2 / (1 + step) for step in range(60)], 0.02), more_steps([2.0] * 60, 0.02)
    (45, None)
    """
    values, n = np.asarray(losses), len(losses)
    if target <= 0 or n < LEAST or not np.isfinite(values).all() or values.min() <= 0:
        return None
    half = values[n // 2 :]
    last = float(np.median(half[-max(3, len(half) // 10) :]))
    fall, error = _fall(half)
    if last > NEAR * target or fall <= 3 * error:
        return None
    steps = np.log(np.arange(n - len(half), n) + 1.0)
    power = -float(np.polyfit(steps, np.log(half), 1)[0])
    if power <= 0:
        return None
    # A loss that jumps about the target has to stay below it for some steps.
    more = n * max(math.expm1(min(math.log(last / target) / power, 50.0)), 0.0) + HELD
    return _rounded(more) if more <= FURTHER * n else None


def _rounded(steps: float) -> int:
    """Up to two digits."""
    unit = 10 ** max(0, int(math.log10(steps)) - 1)
    return int(math.ceil(steps / unit) * unit)


def finding(losses: Sequence[float], target: float) -> Finding:
    """Why the batch was not learnt, by the shape of the loss."""
    first, last, n = losses[0], losses[-1], len(losses)
    more_needed = more_steps(losses, target)
    if more_needed is not None:
        return _nearly(losses, target, more_needed)
    values = np.asarray(losses)
    known = values[np.isfinite(values)]
    lowest = f"; the lowest was {known.min():.4g}" if len(known) else ""
    kind, cause, more, evidence = _shape(values, first, last)
    return Finding(
        kind=kind,
        level="training",
        certainty="confirmed",
        title=f"One batch was not learnt: loss {first:.4g} to {last:.4g} in {n} steps, not to {target:.3g}",
        evidence=f"{evidence}{lowest}",
        causes=cause,
        rules_out=("too little data", "overfitting", "a split or labels of other batches"),
        try_next=more,
        confirm_by="Change one thing and run od.overfit_one_batch again: it takes seconds",
        theory=THEORY,
    )


def _nearly(losses: Sequence[float], target: float, more: int) -> Finding:
    first, last, n = losses[0], losses[-1], len(losses)
    return Finding(
        kind="nearly-learnt",
        level="training",
        certainty="likely",
        title=(
            f"One batch is nearly learnt: loss {first:.4g} to {last:.4g} in {n} steps; "
            f"some {more:,} more would likely bring it to {target:.3g}"
        ),
        evidence="the loss still falls; its second half is carried on as a power of the step",
        causes=("too few steps", "a learning rate that is somewhat low"),
        rules_out=("a fault that keeps the net from learning",),
        try_next=(f"give it steps={n + more}", "or multiply the learning rate by 3"),
        confirm_by="Make the model anew and run od.overfit_one_batch again with more steps",
        theory="Near the end a loss falls ever more slowly: how far it comes is a matter of steps, not of the code.",
    )


def _fall(values: np.ndarray) -> tuple[float, float]:
    """How much the last quarter lies below the first, and the standard error of that by the noise between steps."""
    q = max(1, len(values) // 4)
    noise = float(np.diff(values).std()) / np.sqrt(2) if len(values) > 2 else 0.0
    return float(values[:q].mean() - values[-q:].mean()), noise * float(np.sqrt(2 / q))


def negative(first: float) -> Finding:
    """The loss begins below 0."""
    return Finding(
        kind="wrong-sign",
        level="training",
        certainty="likely",
        title=f"The first loss is {first:.4g}: one that a batch is learnt by comes down to 0",
        causes=("the sign of the loss is turned", "a loss that may be negative, such as that of a density"),
        try_next=("look at the sign of the loss", "give target= a loss that counts as learnt"),
        confirm_by="Compute the loss of one example by hand",
        theory=THEORY,
    )


def _shape(
    values: np.ndarray, first: float, last: float
) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
    if not np.isfinite(values).all():
        at = int(np.flatnonzero(~np.isfinite(values))[0])
        return (
            "not-a-number",
            (
                "a learning rate that is too high",
                "a logarithm or a division of 0",
                "half precision without scaling",
            ),
            (
                "divide the learning rate by 10",
                "look at the first tensor that is not finite: run.watch(model)",
            ),
            f"the loss is {values[at]} at step {at}",
        )
    spread = float(values.max() - values.min())
    if spread <= 1e-6 * max(abs(first), 1e-12):
        return (
            "not-updated",
            STILL,
            SEE,
            f"the loss is {first:.6g} at every step",
        )
    half = values[len(values) // 2 :]
    turns = float(np.mean(np.diff(np.sign(np.diff(half))) != 0)) if len(half) > 4 else 0.0
    if last > 1.5 * first and last > values.min() * 1.5:
        return (
            "diverged",
            (
                "a learning rate that is too high",
                "the sign of the loss",
                "a step that climbs (maximize=True)",
            ),
            ("divide the learning rate by 10", "check the sign of the loss"),
            f"the loss rose by {last - first:.3g}",
        )
    if turns > 0.5 and float(half.std()) > 0.05 * abs(first):
        return (
            "learning-rate-too-high",
            (
                "a learning rate that is too high",
                "dropout or augmentation that is on",
                "step_fn takes another batch each time",
            ),
            (
                "divide the learning rate by 10",
                "turn dropout and augmentation off",
                "draw the batch once, outside step_fn",
            ),
            f"in the second half the loss changes its direction in {percent(turns)} of the steps",
        )
    if float(values.max()) > 3 * abs(first):
        at = int(values.argmax())
        return (
            "learning-rate-too-high",
            ("a learning rate that is too high at the beginning", "weights that begin too large"),
            ("divide the learning rate by 10", "let it rise over the first steps", "clip the gradient"),
            f"the loss jumped to {values[at]:.3g} at step {at} and then stayed near {float(np.median(half)):.3g}",
        )
    fall, error = _fall(half)
    fell = float(values[:3].mean() - half.mean())
    if fell <= max(3 * float(half.std()) / np.sqrt(3), 0.005 * abs(first)) and fall <= 3 * error:
        return (
            "not-learning",
            STILL,
            SEE,
            f"the loss varies by {float(values.std()):.2g} and does not fall, as with dropout or batch norm alone",
        )
    if fall > 0.15 * (first - float(values.min())) and fall > max(3 * error, 0.001 * abs(first)):
        return (
            "still-improving",
            ("a learning rate that is too low", "too few steps"),
            (
                "multiply the learning rate by 10",
                "od.learning_rate_range(...) finds one",
                "give it steps= more",
            ),
            f"the loss still falls: by {fall:.3g} in the second half",
        )
    return (
        "plateau",
        (
            "labels that do not belong to these inputs, or equal inputs with different labels",
            "a loss that does not fit the outputs (softmax twice, wrong dimension, wrong reduction)",
            "dead or saturated units, or an output layer that cannot reach the labels",
            "regularisation that holds the loss up (weight decay, dropout, label smoothing)",
        ),
        (
            "look at the batch and at the outputs for it",
            "switch regularisation off",
            "run.watch(model) shows dead units",
        ),
        f"the loss stays near {float(np.median(half)):.4g}",
    )
