"""Further sets of planted faults and healthy runs: nets that no rule had seen when the set was fixed, scored once."""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from benchmarks.training_faults import faults, faults_of_data  # noqa: F401 - they put the faults into FAULTS
from benchmarks.training_faults.healthy import other_choices
from benchmarks.training_faults.plan import Plan, carry_out
from benchmarks.training_faults.registry import FAULTS
from benchmarks.training_faults.report import table
from benchmarks.training_faults.score import WORSE, Scored, judged, read
from benchmarks.training_faults.sweep import SEEDS, Task, finished
from offdiagonal.run import Run

HERE = Path(__file__).resolve().parent
BUILD = HERE.parents[1] / "build"
HEALTHY_PER_NET = 20
EACH = 3
"""Nets that each fault is planted in, in sets whose places are drawn."""


@dataclass(frozen=True)
class FurtherSet:
    """What a set is made of, and where it is kept."""

    name: str
    number: int
    plans: Mapping[str, Callable[..., Plan]]
    """By net, the training of a model that is given."""
    model: Callable[..., nn.Module]
    """A net by its name, made wider or narrower, with more dropout or less."""
    rates: Mapping[str, float]
    """Of Adam."""
    planted: Mapping[str, tuple[str, ...]]
    """Faults of the registry, and the nets they are planted in."""
    intro: tuple[str, ...]
    seen: str
    """What was mended after the set was scored; nothing before that."""

    @property
    def nets(self) -> tuple[str, ...]:
        return tuple(self.plans)

    def plan(self, net: str, seed: int) -> Plan:
        """The training that faults start from."""
        torch.manual_seed(seed)
        return self.plans[net](net, seed, self.model(net))

    def varied(self, net: str, seed: int) -> Plan:
        """A healthy training with other usual choices."""
        made = self.plan(net, seed)
        rng = np.random.default_rng([self.number, seed, self.nets.index(net)])
        width, dropout = float(rng.choice([0.75, 1.0, 1.5, 2.0])), float(rng.choice([0.0, 0.1, 0.2, 0.3]))
        made.model = self.model(net, width, dropout)
        return other_choices(made, self.rates[net], rng)

    @property
    def kept(self) -> Path:
        return BUILD / f"training_faults_{self.name}"

    @property
    def results(self) -> Path:
        return HERE.parent / f"training_faults_{self.name}.md"

    @property
    def scored_once(self) -> Path:
        """The tables as they were written when the set was scored."""
        return HERE / f"{self.name}_scored_once.md"


@dataclass(frozen=True)
class Further(Task):
    """One training of a further set."""

    of: FurtherSet

    @property
    def path(self) -> Path | None:
        return finished(self.of.kept / self.name)

    @property
    def held_out(self) -> bool:
        return True

    def plan(self) -> Plan:
        if self.fault is None:
            return (
                self.of.varied(self.net, self.seed)
                if self.seed >= SEEDS
                else self.of.plan(self.net, self.seed)
            )
        made = self.of.plan(self.net, self.seed)
        FAULTS[self.fault].change(made)
        return made


def drawn(
    seed: int, nets: tuple[str, ...], places: Mapping[str, tuple[str, ...]], elsewhere: set[str]
) -> dict[str, tuple[str, ...]]:
    """Each fault of the registry, and the nets it is planted in: drawn among those where it can be."""
    rng = np.random.default_rng(seed)
    found = {}
    for name in sorted(FAULTS):
        if name not in elsewhere:
            known = places.get(name, nets)
            chosen = rng.permutation(len(known))[:EACH]
            found[name] = tuple(known[i] for i in sorted(chosen))
    return found


def tasks(of: FurtherSet) -> Iterator[Further]:
    """All of them, so ordered that any beginning is an even part."""
    for seed in range(HEALTHY_PER_NET):
        for net in of.nets:
            yield Further(net, None, seed, of)
        if seed < SEEDS:
            for name, nets in of.planted.items():
                for net in nets:
                    yield Further(net, name, seed, of)


def train_all(of: FurtherSet, *, backwards: bool = False) -> None:
    """Train what is not kept yet; from the end on in a second process. No rule is applied here."""
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")  # the faults are what PyTorch warns of
    began, done = time.time(), 0
    for task in reversed(list(tasks(of))) if backwards else tasks(of):
        if task.path is not None:
            continue
        made = task.plan()
        run = Run(task.name, config={"net": task.net, "lr": made.lr}, folder=of.kept / task.name)
        try:
            with run:
                carry_out(made, run)
        except RuntimeError as error:  # the run says so itself: status crashed
            print(f"{task.name} ended: {error}")
        done += 1
        if done % 20 == 0:
            print(f"{done} trained, {(time.time() - began) / done:.2f} s each", flush=True)


def alarms(scored: list[Scored]) -> Iterator[str]:
    """Each false alarm, and of those that expect more of more steps whether it came."""
    yield "## False alarms"
    yield ""
    yield "| run | found | trained twice as long |"
    yield "|---|---|---|"
    for one in scored:
        if one.counts and one.task.fault is None and one.kinds:
            longer = twice_as_long(one.task) if one.kinds[0] == "still-improving" else ""
            yield f"| {one.task.name} | {', '.join(one.kinds)} | {longer} |"
    yield ""


def twice_as_long(task: Task) -> str:
    """What twice as many steps give."""
    made = task.plan()
    made.steps *= 2
    run = Run(task.name, keep=False)
    with run:
        carry_out(made, run)
    before, after = read(task), run.record
    assert before is not None
    losses = [float(record.curve("val_loss").values.min()) for record in (before, after)]
    scores = [float(record.curve("val_score").values[-1]) for record in (before, after)]
    better = scores[1] > scores[0] + WORSE or losses[1] < 0.9 * losses[0]
    return (
        f"{'borne out' if better else 'not borne out'}: loss {losses[0]:.3f} to {losses[1]:.3f}, "
        f"score {scores[0]:.3f} to {scores[1]:.3f}"
    )


def scored_now(of: FurtherSet) -> list[Scored]:
    """What the present rules find."""
    part = [task for task in tasks(of) if task.path is not None]
    bases = {(net, seed): Further(net, None, seed, of) for net in of.nets for seed in range(SEEDS)}
    return judged(part, bases)


def report(of: FurtherSet) -> Iterator[str]:
    """The tables of the one scoring: of the first time that this is asked for."""
    yield f"# Planted faults: {'an' if of.name[0] in 'aeio' else 'a'} {of.name} set"
    yield ""
    yield from of.intro
    yield ""
    if of.scored_once.exists():
        yield of.scored_once.read_text("utf-8").rstrip()
        yield ""
        yield "## Since then"
        yield ""
        yield of.seen.rstrip()
        yield ""
    else:
        yield from present(of, f"{of.name.capitalize()} set")


def present(of: FurtherSet, title: str) -> Iterator[str]:
    """The tables of the present rules, and their false alarms."""
    scored = scored_now(of)
    yield from table(scored, title)
    yield from alarms(scored)


def main(of: FurtherSet, description: str | None) -> None:
    """Train; score once the rules are mended."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--only-train", action="store_true", help="apply no rule, and write nothing")
    parser.add_argument(
        "--backwards", action="store_true", help="train from the end on, beside another process"
    )
    parser.add_argument(
        "--present", action="store_true", help="print what the present rules have, and write nothing"
    )
    asked = parser.parse_args()
    if asked.present or asked.only_train or not of.scored_once.exists():
        train_all(of, backwards=asked.backwards)
    if asked.present:
        print("\n".join(present(of, "The present rules, to which these runs are no longer new")))
    elif not asked.only_train:
        lines = list(report(of))
        of.results.write_text("\n".join(lines), "utf-8")
        print("\n".join(lines))
