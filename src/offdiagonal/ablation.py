"""Turns off one part of a training after the other, and names the one that brings a fault."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from offdiagonal.errors import OffdiagonalError
from offdiagonal.harness_figures import Simplified
from offdiagonal.run import Run
from offdiagonal.training.harness import switches
from offdiagonal.training.metrics import better
from offdiagonal.training.values import array, number

LOSSES = ("val_loss", "loss")


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
