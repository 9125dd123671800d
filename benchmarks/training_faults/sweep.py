"""Trains all runs once and keeps them, so that rules can be scored again without training."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.training_faults import faults, faults_of_data  # noqa: F401 - they put the faults into FAULTS
from benchmarks.training_faults.healthy import healthy
from benchmarks.training_faults.nets import NETS
from benchmarks.training_faults.plan import Plan, carry_out
from benchmarks.training_faults.registry import FAULTS
from offdiagonal.run import Run
from offdiagonal.training.store import paths, read_facts

HERE = Path(__file__).resolve().parent
KEPT = HERE.parent.parent / "build" / "training_faults"
HELD_OUT = json.loads((HERE / "held_out.json").read_text("utf-8"))
SEEDS = 3
HEALTHY_PER_NET = 158
"""As many healthy runs as faulty ones."""


def finished(folder: Path) -> Path | None:
    """The run that is kept in a folder, if it came to its end."""
    found = paths(folder)
    return found[0] if found and read_facts(found[0])["status"] in {"finished", "crashed"} else None


@dataclass(frozen=True)
class Task:
    """One training."""

    net: str
    fault: str | None
    seed: int

    @property
    def name(self) -> str:
        return f"{self.fault or 'healthy'}.{self.net}.{self.seed}"

    @property
    def path(self) -> Path | None:
        """Where it is kept, once it is trained."""
        return finished(KEPT / self.name)

    @property
    def held_out(self) -> bool:
        return self.net == HELD_OUT["net"] or self.fault in HELD_OUT["faults"]

    def plan(self) -> Plan:
        if self.fault is None:
            return healthy(self.net, self.seed)
        plan = NETS[self.net](self.seed)
        FAULTS[self.fault].change(plan)
        return plan


def tasks() -> Iterator[Task]:
    """All of them, so ordered that any beginning is an even part."""
    each = HEALTHY_PER_NET // SEEDS + 1
    for seed in range(SEEDS):
        for net in NETS:
            for fault in FAULTS.values():
                if net in fault.nets:
                    yield Task(net, fault.name, seed)
            first = seed * each if seed else 0
            for other in range(first, min(first + each, HEALTHY_PER_NET)):
                yield Task(net, None, other)


def train(task: Task) -> None:
    """Train and keep one run."""
    plan = task.plan()
    run = Run(task.name, config={"net": task.net, "lr": plan.lr}, folder=KEPT / task.name)
    try:
        with run:
            carry_out(plan, run)
    except RuntimeError as error:  # the run says so itself: status crashed
        print(f"{task.name} ended: {error}")


def sweep(*, only_new: bool = True) -> None:
    """Train what is not kept yet, in this one process."""
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")  # the faults are what PyTorch warns of
    began, done = time.time(), 0
    for task in tasks():
        if only_new and task.path is not None:
            continue
        train(task)
        done += 1
        if done % 20 == 0:
            print(f"{done} trained, {(time.time() - began) / done:.2f} s each", flush=True)
