"""Healthy trainings drawn at random: which table, which of its columns is the target, which net, how it is trained.

``python -m benchmarks.training_faults.at_random`` trains what is not kept yet and writes what the present rules find in
trainings that do about as well as the others of their group: the same data and kind of net, with other widths,
optimisers, rates, schedules and lengths. The sets with names have a dozen nets each, and false alarms go by nets and
data; of these there are as many as one likes. By the first groups rules may be mended; the last ones they have not met.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from benchmarks.training_faults.at_random_nets import Drawn, drawn, loss_of
from benchmarks.training_faults.further import BUILD, HERE, twice_as_long
from benchmarks.training_faults.healthy import adamw, decayed, stairs, warm
from benchmarks.training_faults.plan import Plan, adam, always, carry_out, cosine, sgd
from benchmarks.training_faults.score import read, sound
from benchmarks.training_faults.sweep import Task, finished
from offdiagonal.findings import Finding
from offdiagonal.run import Run
from offdiagonal.training.diagnosis import diagnose
from offdiagonal.training.record import RunRecord

MENDED_BY = range(450)
"""Groups by which rules were mended,"""
NOT_MET = range(450, 600)
"""and groups that no rule has met."""
EACH = 4
"""Trainings of a group."""
LEARNT = 0.02
"""By how much the median score of a group is above chance, of which there is something to learn: where there is not,
that nothing is learned is true."""
KEPT = BUILD / "training_faults_at_random"
RESULTS = HERE.parent / "training_faults_at_random.md"


@dataclass(frozen=True)
class AtRandom(Task):
    """One training of a group."""

    @property
    def group(self) -> int:
        return int(self.net)

    @property
    def path(self) -> Any:
        return finished(KEPT / self.name)

    def plan(self) -> Plan:
        of = drawn(self.group)
        rng = np.random.default_rng([89, self.group, self.seed])
        torch.manual_seed(int(rng.integers(1 << 30)))
        model = of.make(float(rng.choice([0.75, 1.0, 1.5, 2.0])), float(rng.choice([0.0, 0.1, 0.2, 0.3])))
        loss = loss_of(of, np.random.default_rng([90, self.group]))  # of a group alike: losses are compared
        optimizer = [sgd, decayed, adam, adamw][int(rng.integers(4))]
        low, high = (0.005, 0.05) if optimizer in {sgd, decayed} else (1e-3, 6e-3)
        lr = float(np.exp(rng.uniform(np.log(low), np.log(high))))
        steps, batch = int(rng.integers(200, 700)), int(rng.choice([16, 32, 64]))
        plan = Plan(
            self.net, self.seed, model, *of.data, loss, optimizer, lr, steps, batch, classes=of.classes
        )
        plan.schedule = [always, cosine, warm, stairs][int(rng.integers(4))]
        plan.clip = 1.0 if rng.random() < 0.3 else None
        return plan


def chance(of: Drawn) -> float:
    """The score of a model that knows nothing: the share of the most frequent class, or no variance explained."""
    _, y = of.data[1]
    return 0.0 if of.classes is None else float(torch.bincount(y).max() / len(y))


def kept(groups: range) -> Iterator[list[AtRandom]]:
    """The trainings of each group; what is not kept yet is trained."""
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    for group in groups:
        tasks = [AtRandom(str(group), None, seed) for seed in range(EACH)]
        for task in tasks:
            if task.path is None:
                with Run(task.name, folder=KEPT / task.name) as run:
                    carry_out(task.plan(), run)
        yield tasks


def healthy(tasks: list[AtRandom]) -> Iterator[tuple[AtRandom, RunRecord]]:
    """The trainings of a group in which there is something to learn that do about as well as the others."""
    records = [record for task in tasks if (record := read(task)) is not None]
    usual = float(np.median([record.curve("val_score").values[-1] for record in records]))
    if usual > chance(drawn(tasks[0].group)) + LEARNT:
        yield from ((task, one) for task, one in zip(tasks, records, strict=True) if sound(one, usual))


def borne_out(task: AtRandom, found: Finding) -> str:
    """Of a finding that expects more of more steps, whether it comes."""
    return twice_as_long(task) if found.kind == "still-improving" else ""


def report() -> Iterator[str]:
    """How many have a finding, and each that no rule had met."""
    yield "# Healthy trainings drawn at random"
    yield ""
    yield "Written by `python -m benchmarks.training_faults.at_random`. A random column of one of 26 tables, a step"
    yield "ahead in a series or the label of texts is the target; net, optimiser, rate, schedule and length are random"
    yield f"too. A training is healthy where it does about as well as the {EACH} of its group, and its group is better"
    yield f"than chance by {LEARNT:.2f} of the score."
    yield ""
    yield "| groups | healthy trainings | with a finding | first, and how often |"
    yield "|---|---|---|---|"
    lines = []
    for groups, what in ((MENDED_BY, "by which rules were mended"), (NOT_MET, "that no rule has met")):
        every = [(task, diagnose(record)) for tasks in kept(groups) for task, record in healthy(tasks)]
        some = [(task, found) for task, found in every if found]
        kinds = Counter(found[0].kind for _, found in some).most_common()
        said = ", ".join(f"{kind} {n}" for kind, n in kinds)
        yield f"| {len(groups)} {what} | {len(every)} | {100 * len(some) / len(every):.1f} % | {said} |"
        lines = [
            f"| {drawn(task.group).name} | {found[0].title}; {found[0].evidence} | {borne_out(task, found[0])} |"
            for task, found in (some if groups is NOT_MET else [])
        ]
    yield ""
    yield "## Findings of those that no rule has met"
    yield ""
    yield "| training | found | trained twice as long |"
    yield "|---|---|---|"
    yield from lines


def main() -> None:
    """Train what is not kept yet, and write what is found."""
    lines = list(report())
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
