"""One click: a cell of the matrix and a slice, to the matrix, 52 slices, the histogram and a page of 100 rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.clock import Times, interleaved, once
from benchmarks.data import Click, Examples, make
from benchmarks.memory import Memory, measured
from benchmarks.ours import Ours
from benchmarks.peers import Peer
from benchmarks.report import Table, milliseconds, ratio
from benchmarks.ways import ALL

BLOCK = 100
CHECKED = 12
COUNTS = "counts of all views"

GOALS = {"pandas": 40, "polars": 20, "duckdb": 100}
"""How many times faster than the best way with each of them we mean to be, at a million rows."""


@dataclass(frozen=True)
class Result:
    """All times of one number of rows."""

    n: int
    prepared: dict[str, float]
    clicks: dict[str, Times]
    parts: dict[str, Times]
    """Our own answer, part by part."""
    memory: dict[str, Memory | None]


def run(n: int, clicks: int, *, memory: bool) -> Result:
    """Check that all give the same answers, then time them in turns."""
    examples = make(n)
    for name in ("frame", "order", "bins", "cell"):  # what is given
        getattr(examples, name)
    peers, prepared = [], {}
    for kind in ALL:
        peer, prepared[kind.name] = once(lambda kind=kind: kind(examples))
        peers.append(peer)
    check(peers, examples)
    ours = peers[0]
    parts = {
        COUNTS: by_clauses(ours, ours.counts),
        "page of 100 rows, text": by_clauses(ours, ours.page),
        "one count": by_clauses(ours, ours.count),
        "page of 100 rows, all columns, as it is sent": by_clauses(ours, ours.message),
    }
    whole = interleaved([peer.ask for peer in peers], examples.clicks(clicks, seed=2), BLOCK)
    partly = interleaved(list(parts.values()), examples.clicks(clicks, seed=3), BLOCK)
    return Result(
        n,
        prepared,
        {peer.name: times for peer, times in zip(peers, whole, strict=True)},
        dict(zip(parts, partly, strict=True)),
        {kind.name: measured(kind.__name__, n) if memory else None for kind in ALL},
    )


def by_clauses(ours: Ours, part: Callable[[Any], object]) -> Callable[[Click], object]:
    """A part of our answer, asked as the whole is."""
    return lambda click: part(ours.clauses(click))


def check(peers: list[Peer], examples: Examples) -> None:
    """Stop unless all peers give the same counts and the same rows."""
    for click in examples.clicks(CHECKED, seed=1):
        first, *others = (peer.answer(peer.ask(click)) for peer in peers)
        for peer, answer in zip(peers[1:], others, strict=True):
            if answer != first:
                raise SystemExit(f"{peer.name} and {peers[0].name} differ on {click}:\n{answer}\n{first}")


def tables(results: list[Result]) -> list[Table]:
    """What was found, to be read."""
    return [
        clicks_table(results),
        parts_table(results),
        *([] if memoryless(results) else [memory_table(results)]),
    ]


def memoryless(results: list[Result]) -> bool:
    return all(value is None for result in results for value in result.memory.values())


def clicks_table(results: list[Result]) -> Table:
    columns = ["way"]
    for result in results:
        columns += [f"{result.n:,} rows", "ratio", "after other work", "ratio"]
    rows = []
    for name in results[0].clicks:
        row = [name]
        for result in results:
            ours, times = result.clicks[Ours.name], result.clicks[name]
            row += [milliseconds(times.median), ratio(times.median, ours.median)]
            row += [milliseconds(times.median_first), ratio(times.median_first, ours.median_first)]
        rows.append(row)
    return Table("One linked selection, median of the quietest turn (ms)", columns, rows)


def parts_table(results: list[Result]) -> Table:
    rows = [
        [name, *(milliseconds(result.parts[name].median) for result in results)] for name in results[0].parts
    ]
    rows += [
        [f"{name}, once: prepare (s)", *(f"{result.prepared[name]:.2f}" for result in results)]
        for name in results[0].prepared
    ]
    return Table("Our answer by its parts (ms), and what each way does once", columns_of(results), rows)


def memory_table(results: list[Result]) -> Table:
    rows = []
    for name in results[0].memory:
        cells = [result.memory[name] for result in results]
        rows.append([name, *("" if cell is None else f"{cell.held} / {cell.peak}" for cell in cells)])
    return Table("Memory beyond the given examples: held / peak (MB)", columns_of(results), rows)


def columns_of(results: list[Result]) -> list[str]:
    return ["", *(f"{result.n:,} rows" for result in results)]


def goals(results: list[Result]) -> list[str]:
    """Which goals were reached."""
    lines = []
    for result in results:
        ours = result.clicks[Ours.name].median
        for peer, goal in GOALS.items():
            best = min(times.median for name, times in result.clicks.items() if name.startswith(peer))
            if result.n >= 1_000_000:
                reached = "reached" if best >= goal * ours else "missed"
                lines.append(f"{result.n:,} rows: {best / ours:.0f}x {peer}, goal {goal}x: {reached}")
    smallest, largest = results[0], results[-1]
    grown = largest.parts[COUNTS].median / smallest.parts[COUNTS].median
    if smallest.n < largest.n:
        reached = "reached" if grown <= 2 else "missed"
        lines.append(
            f"counts from {smallest.n:,} to {largest.n:,} rows: {grown:.2f}x, goal at most 2x: {reached}"
        )
    return lines
