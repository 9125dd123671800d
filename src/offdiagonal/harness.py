"""Small experiments with a verdict, on the user's own training step: the front door of the harnesses."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from offdiagonal.errors import OffdiagonalError
from offdiagonal.findings import Finding
from offdiagonal.run import Run
from offdiagonal.table.frames import as_frame
from offdiagonal.training.harness import one_batch, rates, switches, traces
from offdiagonal.training.metrics import better
from offdiagonal.training.values import array, number

LOSSES = ("val_loss", "loss")


@dataclass(frozen=True, repr=False)
class OneBatch:
    """Whether one batch was learnt by heart."""

    passed: bool
    finding: Finding | None
    """Why not."""
    run: Run
    """The loss, step by step."""

    def __repr__(self) -> str:
        if self.finding is not None:
            return f"not passed: {self.finding.title}"
        curve = self.run.record.curve("loss")
        fall = f"loss {curve.values[0]:.4g} to {curve.values[-1]:.2g}"
        return f"passed: one batch is learnt, {fall} in {len(curve)} steps"


@dataclass(frozen=True, repr=False)
class LearningRates:
    """The learning rates at which the loss falls. The model was trained by finding it out: make it anew."""

    low: float | None
    """Where the loss begins to fall."""
    high: float | None
    """Where it is lowest: beyond it rises."""
    suggestion: float | None
    """One to begin with."""
    finding: Finding | None
    """What is wrong, or why the range is cut off."""
    run: Run
    """``loss`` and ``lr`` by step."""

    def __repr__(self) -> str:
        lines = []
        if self.suggestion is not None:
            lines.append(
                f"the loss falls between learning rates {self.low:.2g} and {self.high:.2g}; "
                f"begin with {self.suggestion:.2g}"
            )
        if self.finding is not None:
            lines.append(self.finding.title)
        return "\n".join([*lines, "the model has been trained by this test: make it anew before training it"])


@dataclass(frozen=True, repr=False)
class Simplified:
    """Which switch brings a fault."""

    culprit: str | None
    """None: no switch alone makes a difference beyond the noise between seeds; or of the trainings that end in NaN or
    infinity, no switch alone mends all, or several do."""
    finding: Finding | None
    base: tuple[float, ...]
    """The scores with all switches on."""
    plain: tuple[float, ...]
    """The scores with all off."""
    rungs: tuple[switches.Rung, ...]

    def to_frame(self) -> Any:
        """One row a switch: the mean without it, how much better that is, and its interval."""
        return as_frame(
            {
                "switch": [rung.switch for rung in self.rungs],
                "without": [_mean(rung.scores) for rung in self.rungs],
                "gain": [rung.gain.value for rung in self.rungs],
                "low": [rung.gain.low for rung in self.rungs],
                "high": [rung.gain.high for rung in self.rungs],
                "failed": [rung.failed for rung in self.rungs],
            }
        )

    def __repr__(self) -> str:
        head = f"all on {_mean(self.base):.4g}, all off {_mean(self.plain):.4g} ({len(self.base)} seeds)"
        failures = switches.failures(self.base, self.rungs)
        if failures:
            head = f"{head}\n{failures}"
        if self.finding is not None:
            return f"{self.finding.title}\n{head}"
        if switches.failed(self.base):
            mending = [rung.switch for rung in self.rungs if rung.failed == 0]
            if mending:
                return f"no training fails without {' or without '.join(mending)}\n{head}"
            return f"no switch alone mends all trainings that fail\n{head}"
        return f"no switch alone makes a difference beyond the noise between seeds\n{head}"


def overfit_one_batch(
    step_fn: Callable[[], Any], *, steps: int = 500, target: float | None = None, patience: int | None = None
) -> OneBatch:
    """Try to learn one batch by heart: what cannot do that has a fault in its code, whatever the data are.

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
        If ``step_fn`` returns no number, or the first loss is 0 and there is no target.

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
    if steps < one_batch.HELD:
        raise OffdiagonalError(
            f"steps={steps!r:.40} are too few to see a loss fall; give at least {one_batch.HELD}"
        )
    losses: list[float] = []
    with Run("one batch", keep=False) as run:
        for step in range(steps):
            losses.append(_loss(step_fn()))
            run.log(step, loss=losses[-1])
            if target is None and losses[0] < 0:
                return OneBatch(False, one_batch.negative(losses[0]), run)
            if target is None:
                target = _target(losses[0])
            if one_batch.passed(losses, target) or one_batch.given_up(
                losses, patience or max(50, steps // 4)
            ):
                break
    assert target is not None
    learnt = one_batch.passed(losses, target)
    return OneBatch(learnt, None if learnt else one_batch.finding(losses, target), run)


def _target(first: float) -> float:
    if first == 0:
        raise OffdiagonalError("the first loss is 0: there is nothing to learn, or it is not the loss")
    return one_batch.SHARE * first if math.isfinite(first) else 0.0


def _loss(given: Any) -> float:
    if given is None:
        raise OffdiagonalError("step_fn returned None; it returns the loss of the batch")
    return number("the loss that step_fn returned", given.detach() if hasattr(given, "detach") else given)


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
    if not 0 < low < high or not math.isfinite(high):
        raise OffdiagonalError(
            f"learning rates rise from low to high, both above 0: not from {low!r} to {high!r}"
        )
    if steps < 10:
        raise OffdiagonalError(
            f"steps={steps!r:.40} are too few to see where the loss falls; give at least 10"
        )
    change = set_lr if callable(set_lr) else _setter(set_lr)
    tried = np.geomspace(low, high, steps).tolist()
    losses: list[float] = []
    with Run("learning rates", keep=False) as run:
        for step, rate in enumerate(tried):
            change(rate)
            losses.append(_loss(step_fn()))
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


def simplify(
    build: Callable[..., Any],
    parts: Iterable[str] | Mapping[str, tuple[Any, Any]],
    /,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    metric: str | None = None,
    lower: bool | None = None,
) -> Simplified:
    """Turn off one part after the other and name the one that brings a fault, measured against the noise of seeds.

    It trains (number of switches + 2) times the number of seeds.

    Parameters
    ----------
    build
        Called with the switches by name, and with ``seed=`` where it takes that. It trains and returns a Run, or a
        score.
    parts
        Names of parts, which are True or False; or by name the values for on and off.
    seeds
        One training each, with everything else the same.
    metric
        Of a Run, the one whose last value is the score; default: ``val_loss``, else ``loss``.
    lower
        Whether less is better; default: by the metric's name, of plain scores less.

    Raises
    ------
    OffdiagonalError
        If there is no switch, there are fewer than two seeds, or ``build`` returns neither.

    Examples
    --------
    >>> import offdiagonal as od
    >>> def build(seed, dropout, norm):
    ...     return 0.3 + 0.001 * seed + (0.2 if norm else 0.0)  # train here, return the validation loss
    >>> od.simplify(build, ["dropout", "norm"])
    Without norm the score is better by 0.2 (0.198 to 0.202, 3 seeds)
    all on 0.501, all off 0.301 (3 seeds)
    """
    pairs = dict(parts) if isinstance(parts, Mapping) else dict.fromkeys(parts, (True, False))
    if not pairs:
        raise OffdiagonalError(
            "there is no switch to turn off; give their names, such as ['dropout', 'norm']"
        )
    if len(seeds) < 2:
        raise OffdiagonalError(
            f"{len(seeds)} seed says nothing of the noise between seeds; give at least two"
        )
    on = {name: pair[0] for name, pair in pairs.items()}
    off = {name: pair[1] for name, pair in pairs.items()}
    train = _Trainer(build, seeds, metric)
    base = train.scores(on)
    without = {name: train.scores({**on, name: off[name]}) for name in pairs}
    plain = train.scores(off) if len(pairs) > 1 else without[next(iter(pairs))]
    less = lower if lower is not None else better(train.metric or "loss") != "higher"
    found = switches.rungs(base, without, lower=less)
    culprit = switches.culprit(base, found)
    finding = None if culprit is None else switches.finding(base, found, culprit)
    return Simplified(culprit, finding, base, plain, found)


class _Trainer:
    """Trains with some switches on, once a seed."""

    def __init__(self, build: Callable[..., Any], seeds: Sequence[int], metric: str | None) -> None:
        self.build = build
        self.seeds = seeds
        self.metric = metric
        parameters = inspect.signature(build).parameters.values()
        self.seeded = any(one.name == "seed" or one.kind is one.VAR_KEYWORD for one in parameters)

    def scores(self, settings: Mapping[str, Any]) -> tuple[float, ...]:
        more = [{"seed": seed} if self.seeded else {} for seed in self.seeds]
        return tuple(self._score(self.build(**settings, **one)) for one in more)

    def _score(self, given: Any) -> float:
        if not isinstance(given, Run):
            return number("the score that build returned", given if given is not None else "None")
        record = given.record
        self.metric = self.metric or next((name for name in LOSSES if len(record.curve(name))), None)
        if self.metric is None or not len(record.curve(self.metric)):
            raise OffdiagonalError(
                f"the run {given.name} has no {self.metric or 'val_loss or loss'}; it logged "
                f"{', '.join(record.metrics) or 'nothing'}: give metric="
            )
        return float(array(record.curve(self.metric).values)[-1])


def _mean(scores: Sequence[float]) -> float:
    return float(np.mean(scores)) if scores else math.nan


def compare_traces(first: Run, second: Run) -> Any:
    """Say where one forward pass of two runs differs: modules, shapes, types, and ranges by more than fourfold.

    Parameters
    ----------
    first, second
        Runs whose models ``run.watch`` has seen.

    Raises
    ------
    OffdiagonalError
        If one of them has no trace.
    """
    found = traces.differences(_trace(first), _trace(second))
    return as_frame({name: [row[name] for row in found] for name in ("module", "what", "first", "second")})


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
