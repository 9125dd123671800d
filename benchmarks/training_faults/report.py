"""A part of the runs as a table."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.training_faults.score import Scored, by_fault, summary


def table(scored: list[Scored], title: str, said: str = "") -> Iterator[str]:
    """One part: the three numbers, each fault, and the false alarms."""
    numbers = summary(scored)
    left = [one for one in scored if not one.counts]
    yield f"## {title}"
    yield ""
    if said:
        yield said
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
    for name, runs, out, found, right, first in by_fault(scored):
        yield f"| {name} | {runs} | {out} | {found} | {right} | {first} |"
    yield ""
    yield "| net | runs with a fault | right | healthy | false alarms |"
    yield "|---|---|---|---|---|"
    for net in sorted({one.task.net for one in scored}):
        part = summary(one for one in scored if one.task.net == net)
        yield f"| {net} | {part['faulty']:,} | {part['right']:.1%} | {part['healthy']:,} | {part['false']:.1%} |"
    yield ""
