"""Small experiments with a verdict, on the user's own training step: the front door of the harnesses."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from offdiagonal.ablation import simplify
from offdiagonal.errors import OffdiagonalError
from offdiagonal.harness_figures import LearningRates, OneBatch, Simplified, TraceDifferences
from offdiagonal.run import Run
from offdiagonal.table.frames import as_frame
from offdiagonal.training.harness import given, one_batch, rates, traces

__all__ = [
    "LearningRates",
    "OneBatch",
    "Simplified",
    "TraceDifferences",
    "compare_traces",
    "learning_rate_range",
    "overfit_one_batch",
    "simplify",
    "trace",
]


def overfit_one_batch(
    step_fn: Callable[[], Any], *, steps: int = 500, target: float | None = None, patience: int | None = None
) -> OneBatch:
    """Try to learn one batch by heart: what cannot do that has a fault in its code, whatever the data are.

    A loss that still falls, near the target, is no fault: it then says how many more steps would likely do.

    Parameters
    ----------
    step_fn
        Does one update, always on the same batch, and returns the loss before it.
    steps
        At most so many; it ends once the batch is learnt, or nothing has moved for long.
    target
        A loss that counts as learnt; default: a hundredth of the first. Give it where the loss cannot get there, as
        with label smoothing.
    patience
        Steps without a fall of 1 % after which it is given up; default: a quarter of ``steps``, at least 50.

    Raises
    ------
    OffdiagonalError
        If ``step_fn`` returns no number, the first loss is 0 and there is no target, or the loss does not come down to
        the target because none like it does: it began there, or it is not below 0 as the target is.

    Examples
    --------
    >>> import offdiagonal as od
    >>> weight = [1.0]
    >>> def step():
    ...     loss = weight[0] ** 2
    ...     weight[0] -= 0.1 * 2 * weight[0]
    ...     return loss
    >>> od.overfit_one_batch(step)
    passed: one batch is learnt, loss 1 to 0.003 in 14 steps
    """
    given.step(step_fn)
    given.whole("steps", steps, one_batch.HELD, " are too few to see a loss fall")
    if target is not None:
        target = given.real("target", target, "give the loss that counts as learnt")
    if patience is not None:
        given.whole("patience", patience, 1)
    losses: list[float] = []
    with Run("one batch", keep=False) as run:
        for step in range(steps):
            losses.append(given.loss(step_fn()))
            run.log(step, loss=losses[-1])
            if target is None and losses[0] < 0:
                return OneBatch(False, one_batch.negative(losses[0]), run, None)
            if target is None:
                target = _target(losses[0])
            if not step and losses[0] <= target:
                raise OffdiagonalError(
                    f"target={target:.4g} is no lower than the first loss of {losses[0]:.4g}: nothing would be learnt; "
                    "give a lower one"
                )
            if one_batch.passed(losses, target) or one_batch.given_up(
                losses, patience or max(50, steps // 4)
            ):
                break
    assert target is not None
    learnt = one_batch.passed(losses, target)
    if target < 0 <= min(losses) <= one_batch.SHARE * losses[0]:
        raise OffdiagonalError(
            f"target={target:.4g} is below 0, and this loss comes down to {min(losses):.3g} and no further, "
            "as one that cannot be negative; give 0 or more, or no target"
        )
    return OneBatch(learnt, None if learnt else one_batch.finding(losses, target), run, target)


def _target(first: float) -> float:
    if first == 0:
        raise OffdiagonalError("the first loss is 0: there is nothing to learn, or it is not the loss")
    return one_batch.SHARE * first if math.isfinite(first) else 0.0


def learning_rate_range(
    step_fn: Callable[[], Any],
    set_lr: Any,
    low: float = 1e-6,
    high: float = 10.0,
    steps: int = 100,
) -> LearningRates:
    """Train while the learning rate rises from step to step, and see where the loss falls and where it breaks.

    The weights are not put back: make the model anew afterwards.

    Parameters
    ----------
    step_fn
        Does one update, each time on another batch, and returns the loss before it.
    set_lr
        Called with the learning rate of the next step; or a PyTorch optimiser.
    low, high
        The first and the last learning rate.
    steps
        How many there are; it ends before that once the loss blows up.

    Raises
    ------
    OffdiagonalError
        If the rates are not 0 < low < high, there are fewer than 10 steps, or ``step_fn`` returns no number.

    Examples
    --------
    >>> import offdiagonal as od
    >>> state = {"weight": 1.0, "lr": 0.0}
    >>> def step():
    ...     loss = state["weight"] ** 2
    ...     state["weight"] -= state["lr"] * 2 * state["weight"]
    ...     return loss
    >>> od.learning_rate_range(step, lambda rate: state.update(lr=rate), low=1e-4)
    the loss falls between learning rates 0.0052 and 5; begin with 0.042
    the model has been trained by this test: make it anew before training it
    """
    given.step(step_fn)
    given.real("low", low, "give the first learning rate")
    given.real("high", high, "give the last learning rate")
    if not 0 < low < high:
        raise OffdiagonalError(
            f"learning rates rise from low to high, both above 0: not from {low!r} to {high!r}"
        )
    given.whole("steps", steps, 10, " are too few to see where the loss falls")
    change = set_lr if callable(set_lr) else _setter(set_lr)
    tried = np.geomspace(low, high, steps).tolist()
    losses: list[float] = []
    with Run("learning rates", keep=False) as run:
        for step, rate in enumerate(tried):
            change(rate)
            losses.append(given.loss(step_fn()))
            run.log(step, loss=losses[-1], lr=rate)
            if rates.broken(losses):
                break
    found, finding = rates.judge(tried, losses)
    if found is None:
        return LearningRates(None, None, None, finding, run)
    return LearningRates(found.low, found.high, found.suggestion, finding, run)


def _setter(optimizer: Any) -> Callable[[float], None]:
    groups = getattr(optimizer, "param_groups", None)
    if groups is None:
        raise OffdiagonalError(
            f"set_lr is a function of the rate or a PyTorch optimiser, not {optimizer!r:.80}"
        )

    def change(rate: float) -> None:
        for group in groups:
            group["lr"] = rate

    return change


def compare_traces(first: Run, second: Run) -> TraceDifferences:
    """Say where one forward pass of two runs differs: modules, shapes, types, and ranges by more than fourfold.

    Parameters
    ----------
    first, second
        Runs whose models ``run.watch`` has seen.

    Returns
    -------
    TraceDifferences
        A view: the width of the range that each module gave, and the differences; ``to_frame()`` has one row each.

    Raises
    ------
    OffdiagonalError
        If one of them has no trace.
    """
    for run in (first, second):
        if not isinstance(run, Run):
            raise OffdiagonalError(f"{run!r:.80} is no run; give two whose models run.watch(model) has seen")
    names = (first.name, second.name)
    if first.name == second.name:
        names = (f"{first.name} (first)", f"{second.name} (second)")
    return TraceDifferences(names, tuple(_trace(first)), tuple(_trace(second)))


def trace(run: Run) -> Any:
    """The trace of one forward pass of a run as a frame.

    Parameters
    ----------
    run
        One whose model ``run.watch`` has seen.

    Raises
    ------
    OffdiagonalError
        If it has none.
    """
    lines = _trace(run)
    return as_frame({name: [line.get(name) for line in lines] for name in traces.COLUMNS})


def _trace(run: Run) -> list[dict[str, Any]]:
    lines = run.record.facts.get("trace")
    if not lines:
        raise OffdiagonalError(
            f"{run.name} has no trace of a forward pass; run.watch(model) before the first step takes one"
        )
    return [dict(line) for line in lines]
