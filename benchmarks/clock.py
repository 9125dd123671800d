"""Timing several ways of doing the same beside each other."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Times:
    """Seconds that each repetition took."""

    turns: list[list[float]] = field(default_factory=list)
    """Those of each turn, without its first."""
    first: list[float] = field(default_factory=list)
    """Those right after other work, which has emptied the processor's caches."""

    @property
    def median(self) -> float:
        """That of the quietest turn: what else the machine does only ever adds to a time."""
        turns = [turn for turn in self.turns if turn]
        return min(map(statistics.median, turns)) if turns else statistics.median(self.first)

    @property
    def median_first(self) -> float:
        return statistics.median(self.first)


def interleaved(ways: Sequence[Callable[[T], object]], tasks: Sequence[T], block: int) -> list[Times]:
    """Time all ways over the same tasks, in turns of ``block`` tasks, each round beginning with another way.

    So what else the machine does meets all of them alike.
    """
    times = [Times() for _ in ways]
    blocks = [tasks[i : i + block] for i in range(0, len(tasks), block)]
    with _without_collection():
        for turn, some in enumerate(blocks):
            for i in _rotated(len(ways), turn):
                first, *rest = [seconds(ways[i], task) for task in some]
                times[i].first.append(first)
                times[i].turns.append(rest)
    return times


def seconds(way: Callable[[T], object], task: T) -> float:
    """How long one call takes; letting go of its result is not counted."""
    start = time.perf_counter()
    result = way(task)
    took = time.perf_counter() - start
    del result
    return took


def once(way: Callable[[], T]) -> tuple[T, float]:
    """The result of a call, and how long it took."""
    start = time.perf_counter()
    result = way()
    return result, time.perf_counter() - start


def _rotated(count: int, turn: int) -> list[int]:
    return [(turn + i) % count for i in range(count)]


@contextmanager
def _without_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
