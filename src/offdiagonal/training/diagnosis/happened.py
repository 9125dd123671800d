"""What happened at single steps of a run, to mark its curves with; and spikes that several runs share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from offdiagonal.training.diagnosis.curves import plateau
from offdiagonal.training.diagnosis.fits import overfitting
from offdiagonal.training.diagnosis.guard import made
from offdiagonal.training.diagnosis.leaps import spikes_of
from offdiagonal.training.diagnosis.restarts import begun_anew
from offdiagonal.training.diagnosis.seen import Seen
from offdiagonal.training.diagnosis.smooth import in_order
from offdiagonal.training.diagnosis.spikes import SHARED
from offdiagonal.training.events import Event
from offdiagonal.training.record import RunRecord

CHANGED = 0.5
"""Share by which a learning rate changes from one step to the next, that is no schedule's slope."""
MOST = 50
"""Changes of the learning rate, more of which are a schedule of their own and are marked at no single step."""


def events(record: RunRecord) -> tuple[Event, ...]:
    """What happened at single steps of a run, in the order of the steps.

    Parameters
    ----------
    record
        A run.

    Returns
    -------
    tuple of Event
        Of the kinds ``spike``, ``not-a-number``, ``learning-rate``, ``overfitting`` and ``plateau``.
    """
    seen = Seen(record)
    found = [event for rule in (_spikes, _not_numbers, _rates) for event in made(rule, record)]
    found += made(_onsets, seen)
    return tuple(sorted(found, key=lambda event: event.step))


def _spikes(record: RunRecord) -> Iterator[Event]:
    for name in ("loss", "val_loss"):
        for one in spikes_of(record.curve(name)):
            text = f"{name} leaps by {one.height:.3g} at step {one.step:,.0f}"
            yield Event("spike", name, one.step, one.end if one.end > one.step else None, text)


def _not_numbers(record: RunRecord) -> Iterator[Event]:
    for name, curve in record.metrics.items():
        lost = np.flatnonzero(~np.isfinite(curve.values))
        if len(lost):
            first, last = float(curve.steps[lost[0]]), float(curve.steps[lost[-1]])
            text = f"{name} is {curve.values[lost[0]]} at step {first:,.0f}, {len(lost):,} values in all"
            yield Event("not-a-number", name, first, last if last > first else None, text)


def _rates(record: RunRecord) -> Iterator[Event]:
    given = record.curve("lr")
    if begun_anew(given):
        return
    curve = in_order(given.finite)
    before, after = curve.values[:-1], curve.values[1:]
    larger = np.maximum(before, after)
    jumps = np.flatnonzero((np.abs(after - before) > CHANGED * larger) & (np.minimum(before, after) > 0))
    if len(jumps) <= MOST:
        for i in jumps.tolist():
            step = float(curve.steps[i + 1])
            yield Event(
                "learning-rate",
                "lr",
                step,
                None,
                f"learning rate from {before[i]:.3g} to {after[i]:.3g} at step {step:,.0f}",
            )


def _onsets(seen: Seen) -> Iterator[Event]:
    for kind, metric, rule in (("overfitting", "val_loss", overfitting), ("plateau", "loss", plateau)):
        for one in rule(seen):
            low, high = one.where["step"] if isinstance(one.where, dict) else seen.steps
            yield Event(kind, metric, low, high, one.title)


@dataclass(frozen=True)
class SharedSpike:
    """A spike that several runs have at one step: of a batch of the data, and no sick run."""

    step: float
    runs: tuple[str, ...]
    """Their ids."""
    text: str


def shared_spikes(records: Sequence[RunRecord], metric: str = "loss") -> tuple[SharedSpike, ...]:
    """Steps at which three or more runs have a spike: there is a batch of the data.

    Parameters
    ----------
    records
        Runs that see the same data in the same order.
    metric
        The metric whose spikes are looked at.

    Returns
    -------
    tuple of SharedSpike
        By step.
    """
    at: dict[float, list[RunRecord]] = {}
    for record in records:
        for step in {
            step
            for one in spikes_of(record.curve(metric))
            for step in _covered(record, metric, one.step, one.end)
        }:
            at.setdefault(step, []).append(record)
    return tuple(
        SharedSpike(
            step,
            tuple(record.id for record in runs),
            f"{len(runs)} of {len(records)} runs have a spike at step {step:,.0f}: a batch of the data, not a sick run",
        )
        for step, runs in sorted(at.items())
        if len(runs) >= SHARED
    )


def _covered(record: RunRecord, metric: str, low: float, high: float) -> list[float]:
    """The steps of a spike: from its top to its end."""
    steps = record.curve(metric).steps
    return [float(step) for step in steps[(steps >= low) & (steps <= high)]]
