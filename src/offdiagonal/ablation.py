"""Turns off one part of a training after the other, and names what brings a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from offdiagonal.errors import OffdiagonalError
from offdiagonal.harness_figures import Simplified
from offdiagonal.run import Run
from offdiagonal.training.harness import given, switches
from offdiagonal.training.metrics import better
from offdiagonal.training.values import array

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
    """Turn off one part after the other and name what brings a fault, measured against the noise of seeds.

    Where several parts help as much, within that noise, all of them are named.
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
        If there is no switch, ``build`` does not take it, there are fewer than two seeds, or ``build`` returns neither.

    Examples
    --------
    >>> import offdiagonal as od
    >>> def build(seed, dropout, norm):
    ...     return 0.3 + 0.001 * seed + (0.2 if norm else 0.0)  # train here, return the validation loss
    >>> od.simplify(build, ["dropout", "norm"])
    Without norm the score is better by 0.2 (0.198 to 0.202, 3 seeds)
    all on 0.501, all off 0.301 (3 seeds)
    """
    pairs, tried = given.switches(parts), given.seeds(seeds)
    seeded = given.takes(build, list(pairs))
    on = {name: pair[0] for name, pair in pairs.items()}
    off = {name: pair[1] for name, pair in pairs.items()}
    train = _Trainer(build, tried, metric, seeded=seeded)
    base = train.scores(on)
    without = {name: train.scores({**on, name: off[name]}) for name in pairs}
    plain = train.scores(off) if len(pairs) > 1 else without[next(iter(pairs))]
    less = lower if lower is not None else better(train.metric or "loss") != "higher"
    found = switches.rungs(base, without, lower=less)
    culprits = switches.culprits(base, found)
    finding = switches.finding(base, found, culprits) if culprits else None
    return Simplified(culprits[0] if len(culprits) == 1 else None, finding, base, plain, found, culprits)


class _Trainer:
    """Trains with some switches on, once a seed."""

    def __init__(
        self, build: Callable[..., Any], seeds: Sequence[int], metric: str | None, *, seeded: bool
    ) -> None:
        self.build = build
        self.seeds = seeds
        self.metric = metric
        self.seeded = seeded

    def scores(self, settings: Mapping[str, Any]) -> tuple[float, ...]:
        more = [{"seed": seed} if self.seeded else {} for seed in self.seeds]
        return tuple(self._score(self.build(**settings, **one)) for one in more)

    def _score(self, returned: Any) -> float:
        if not isinstance(returned, Run):
            return given.score(returned)
        record = returned.record
        self.metric = self.metric or next((name for name in LOSSES if len(record.curve(name))), None)
        if self.metric is None or not len(record.curve(self.metric)):
            raise OffdiagonalError(
                f"the run {returned.name} has no {self.metric or 'val_loss or loss'}; it logged "
                f"{', '.join(record.metrics) or 'nothing'}: give metric="
            )
        return float(array(record.curve(self.metric).values)[-1])
