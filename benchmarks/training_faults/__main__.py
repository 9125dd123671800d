"""Trains what is not kept yet, and writes both tables: ``python -m benchmarks.training_faults``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks.training_faults.registry import FAULTS
from benchmarks.training_faults.score import Scored, by_fault, score, summary
from benchmarks.training_faults.sweep import HELD_OUT, sweep

RESULTS = Path(__file__).resolve().parents[1] / "training_faults.md"
TITLES = {False: "Development part", True: "Held-out part"}


def table(scored: list[Scored], *, held_out: bool) -> Iterator[str]:
    """One part: the three numbers, each fault, and the false alarms."""
    numbers = summary(scored)
    left = [one for one in scored if not one.counts]
    yield f"## {TITLES[held_out]}"
    yield ""
    yield "| | share | runs | target |"
    yield "|---|---|---|---|"
    yield f"| something found | {numbers['found']:.1%} | {numbers['faulty']:,} | at least 95 % |"
    yield f"| the right cause first | {numbers['right']:.1%} | {numbers['faulty']:,} | at least 80 % |"
    yield f"| false alarms | {numbers['false']:.1%} | {numbers['healthy']:,} | at most 5 % |"
    yield ""
    faulty = sum(one.task.fault is not None for one in left)
    yield f"Left out: {faulty} runs with a fault that did no harm, {len(left) - faulty} healthy runs that were not."
    yield ""
    yield "| fault | runs | left out | found | right | first, and how often |"
    yield "|---|---|---|---|---|---|"
    for name, runs, out, found, right, said in by_fault(scored):
        yield f"| {name} | {runs} | {out} | {found} | {right} | {said} |"
    yield ""
    yield "| net | runs with a fault | right | healthy | false alarms |"
    yield "|---|---|---|---|---|"
    for net in sorted({one.task.net for one in scored}):
        part = summary(one for one in scored if one.task.net == net)
        yield f"| {net} | {part['faulty']:,} | {part['right']:.1%} | {part['healthy']:,} | {part['false']:.1%} |"
    yield ""


def main() -> None:
    """Train, score and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_faults", description=__doc__)
    parser.add_argument("--no-training", action="store_true", help="score what is kept alone")
    parser.add_argument(
        "--development", action="store_true", help="leave the held-out part alone, and write nothing"
    )
    asked = parser.parse_args()
    if not asked.no_training:
        sweep()
    lines = [
        "# Planted faults",
        "",
        f"Written by `python -m benchmarks.training_faults`: {len(FAULTS)} faults in five small trainings, three",
        "seeds each, and as many healthy ones.",
        "",
        *(f"{HELD_OUT[key]}\n" for key in ("rule", "harm", "healthy", "score")),
    ]
    for held_out in (False,) if asked.development else (False, True):
        lines += table(score(held_out=held_out), held_out=held_out)
    if not asked.development:
        RESULTS.write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
