"""Scores the diagnosis on the kept runs, by the rules of held_out.json."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.training_faults.nets import NETS
from benchmarks.training_faults.registry import FAULTS
from benchmarks.training_faults.sweep import SEEDS, Task, tasks
from offdiagonal.training.diagnosis import diagnose
from offdiagonal.training.record import RunRecord
from offdiagonal.training.store import read_run

WORSE = 0.02
BELOW = 0.05
ABOVE = 1.15


@dataclass(frozen=True)
class Scored:
    """A run and what was found."""

    task: Task
    counts: bool
    kinds: tuple[str, ...]

    @property
    def right(self) -> bool:
        causes = FAULTS[self.task.fault].causes if self.task.fault else ()
        return bool(self.kinds) and self.kinds[0] in causes


def read(task: Task) -> RunRecord | None:
    """A kept run. All log training examples (``plan.evaluate``); those kept before that could be said do not say so."""
    if task.path is None:
        return None
    record = read_run(task.path)
    return replace(record, facts={**record.facts, "training_examples": True})


def harmed(faulty: RunRecord, base: RunRecord) -> bool:
    """Whether a fault did harm, against the healthy training of the same net and seed."""
    if any(not np.isfinite(curve.values).all() for curve in faulty.metrics.values()):
        return True
    one, other = faulty.curve("val_score").values, base.curve("val_score").values
    return not len(one) or bool(one[-1] < other[-1] - WORSE or one.mean() < other.mean() - WORSE)


def sound(record: RunRecord, usual: float) -> bool:
    """Whether a run that should be healthy is."""
    loss, score = record.curve("val_loss").values, record.curve("val_score").values
    return bool(np.isfinite(loss).all() and score[-1] >= usual - BELOW and loss[-1] <= ABOVE * loss.min())


def score(*, held_out: bool) -> list[Scored]:
    """All kept runs of one part."""
    part = [task for task in tasks() if task.held_out == held_out and task.path is not None]
    return judged(part, {(net, seed): Task(net, None, seed) for net in NETS for seed in range(SEEDS)})


def judged(part: Iterable[Task], unchanged: Mapping[tuple[str, int], Task]) -> list[Scored]:
    """What is found in runs, against the unchanged trainings by net and seed."""
    bases = {key: record for key, task in unchanged.items() if (record := read(task)) is not None}
    scores: dict[str, list[float]] = {}
    for (net, _), record in bases.items():
        scores.setdefault(net, []).append(float(record.curve("val_score").values[-1]))
    found, harms = [], {}
    for task in part:
        record = read(task)
        assert record is not None
        if task.fault is None:
            fits = sound(record, float(np.median(scores[task.net])))
        else:
            base = bases.get((task.net, task.seed))
            fits = base is not None and harmed(record, base)
            harms.setdefault((task.fault, task.net), []).append(fits)
        found.append((task, fits, tuple(finding.kind for finding in diagnose(record))))
    return [
        Scored(task, fits if task.fault is None else _mostly(harms[task.fault, task.net]), kinds)
        for task, fits, kinds in found
    ]


def _mostly(harms: Iterable[bool]) -> bool:
    known = list(harms)
    return sum(known) >= min(2, len(known))


def summary(scored: Iterable[Scored]) -> dict[str, float]:
    """The three numbers, and how many runs they are of."""
    counted = [one for one in scored if one.counts]
    faulty, healthy = (
        [one for one in counted if one.task.fault],
        [one for one in counted if not one.task.fault],
    )
    return {
        "faulty": len(faulty),
        "found": sum(bool(one.kinds) for one in faulty) / max(1, len(faulty)),
        "right": sum(one.right for one in faulty) / max(1, len(faulty)),
        "healthy": len(healthy),
        "false": sum(bool(one.kinds) for one in healthy) / max(1, len(healthy)),
    }


def by_fault(scored: Iterable[Scored]) -> list[tuple[str, int, int, int, int, str]]:
    """Fault, runs, left out, found, right, and what came first."""
    rows = []
    known = list(scored)
    for name in FAULTS:
        every = [one for one in known if one.task.fault == name]
        runs = [one for one in every if one.counts]
        if every:
            first = Counter(one.kinds[0] if one.kinds else "nothing" for one in runs)
            said = ", ".join(f"{kind} {n}" for kind, n in first.most_common(3))
            rows.append(
                (
                    name,
                    len(runs),
                    len(every) - len(runs),
                    sum(bool(o.kinds) for o in runs),
                    sum(o.right for o in runs),
                    said,
                )
            )
    return rows
