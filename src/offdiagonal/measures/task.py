"""One measure of one set of rows, and by how much it differs in the others: taken in steps that can be broken off."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offdiagonal.measures.given import Measuring
from offdiagonal.measures.rows import Part
from offdiagonal.measures.sample import Sample
from offdiagonal.stats.bootstrap import RESAMPLES, independent_difference, percentile_limits
from offdiagonal.stats.measure import MIN_N, Measure
from offdiagonal.stats.measured import Measured, UndefinedError, absent, few

MOST_LETTERS = 300
PART, REST = 0, 1
QUICK, SLOW = 1e-3, 0.1
"""Seconds: a value that takes less is drawn a thousand times in one; what takes more is not tried twice."""


@dataclass(frozen=True)
class Result:
    """What a task has found."""

    value: Measured
    difference: Measured | None = None
    """To the rows that are not in the set; None where the set is all rows."""


class Task:
    """A measure of a set of rows.

    Parameters
    ----------
    measure
        What is measured.
    part, rest
        Give the rows, and those they are compared with.
    """

    def __init__(
        self, measure: Measuring, part: Callable[[], Part], rest: Callable[[], Part] | None = None
    ) -> None:
        self.measure = measure
        self._sets = [part] if rest is None else [part, rest]
        self.seconds = 0.0
        """How long one resample takes, of the rows and of the others."""
        self._draws: list[NDArray[np.float64]] = [np.empty(0), np.empty(0)]
        self._samples: list[Sample] | None = None
        self.result: Result | None = None

    @property
    def drawn(self) -> int:
        """How many resamples there are."""
        return len(self._draws[len(self._sets) - 1])

    @property
    def pending(self) -> bool:
        """Whether resamples are still to be drawn."""
        found = self.result
        return found is not None and (
            found.value.pending or (found.difference is not None and found.difference.pending)
        )

    @property
    def cost(self) -> float:
        """About how many seconds are left to draw."""
        return self.seconds * (RESAMPLES - self.drawn) if self.pending else 0.0

    def start(self) -> None:
        """Take the values, and the intervals that have a formula."""
        if self.result is None:
            with _quiet():
                self.result = self._started()

    def _started(self) -> Result:
        taken = [self._taken(one) for one in self._sets]
        value = taken[PART]
        return Result(value, None if len(taken) == 1 else self._difference(value, taken[REST]))

    def _taken(self, rows: Callable[[], Part]) -> Measured:
        part = rows()
        n = len(part)
        try:
            sample = self.measure.sample(part)
            n = sample.n
            if sample.n < MIN_N:
                return absent(few(sample.n), sample.n, sample.method)
            closed = sample.closed()
            if closed is not None:
                return _of_formula(sample, closed)
            value = Measure(self._timed(sample), None, None, sample.n, sample.method)
        except UndefinedError as error:
            return absent(str(error), n)
        except Exception as error:  # noqa: BLE001 - a function of the user: its error is shown, the rest goes on
            return absent(_said(error), n, failed=True)
        why = sample.why_none()
        return Measured(value, why, pending=not why)

    def _timed(self, sample: Sample) -> float:
        """The value, and how long it took; once more where the first time may have been slow by its beginning."""
        for _ in range(2):
            first = time.perf_counter()
            value = sample.value()
            took = time.perf_counter() - first
            if not QUICK < took < SLOW:
                break
        self.seconds += took / sample.at_once  # those that are drawn at once take little more than one
        return value

    def _difference(self, value: Measured, rest: Measured) -> Measured:
        n = value.measure.n + rest.measure.n
        method = value.measure.method
        for side, where in ((value, ""), (rest, "of the rest: ")):
            if side.measure.value is None:
                return absent(f"{where}{side.why}", n, method, failed=side.failed)
        most = 1.0 if self.measure.share else None
        difference = independent_difference(value.measure, rest.measure, most)
        if value.pending or rest.pending:
            known = difference.value
            why = "" if value.pending and rest.pending else value.why or rest.why
            return Measured(Measure(known, None, None, n, method), why, pending=not why)
        return Measured(difference, "" if difference.low is not None else value.why or rest.why)

    def draw(self, deadline: float) -> bool:
        """Draw resamples until all are there, or it is too late; whether all are there."""
        if not self.pending:
            return True
        with _quiet():
            if self._samples is None:
                self._samples = [self.measure.sample(rows()) for rows in self._sets]
            while self.drawn < RESAMPLES:
                for stream, sample in enumerate(self._samples):
                    self._draw(stream, sample)
                if time.perf_counter() > deadline:
                    break
        if self.drawn < RESAMPLES:
            return False
        self.result = self._finished()
        self._samples, self._draws = None, [np.empty(0), np.empty(0)]
        return True

    def _draw(self, stream: int, sample: Sample) -> None:
        """One call's resamples; broken off, the next call makes up for it."""
        step = min(one.at_once for one in self._samples or [sample])
        first = len(self._draws[stream])
        many = min(step, RESAMPLES - first)
        if many and first <= min(len(draws) for draws in self._draws[: len(self._sets)]):
            self._draws[stream] = np.concatenate([self._draws[stream], sample.draws(stream, first, many)])

    def _finished(self) -> Result:
        found = self.result
        assert found is not None
        value = _with_limits(found.value, self._draws[PART])
        difference = found.difference
        if difference is not None and difference.pending:
            difference = self._drawn_difference(difference)
        return Result(value, difference)

    def _drawn_difference(self, difference: Measured) -> Measured:
        """Where resamples of one of the two sets say nothing, they say nothing of the difference."""
        for draws, where in zip(self._draws, ("", "of the rest: "), strict=True):
            limits = percentile_limits(draws)
            if isinstance(limits, str):
                return Measured(difference.measure, f"no interval: {where}{limits}")
        return _with_limits(difference, self._draws[PART] - self._draws[REST])

    def finish(self) -> Result:
        """All of it, however long it takes."""
        self.start()
        self.draw(math.inf)
        assert self.result is not None
        return self.result


def _with_limits(found: Measured, draws: NDArray[np.float64]) -> Measured:
    if not found.pending:
        return found
    limits = percentile_limits(draws)
    if isinstance(limits, str):
        return Measured(found.measure, f"no interval: {limits}")
    own = found.measure
    return Measured(Measure(own.value, *limits, own.n, own.method))


def _of_formula(sample: Sample, closed: Measure) -> Measured:
    if closed.value is not None:
        why = (
            "" if closed.low is not None else sample.why_none() or "no interval: too few examples of a class"
        )
        return Measured(closed, why)
    if 0 < closed.n < MIN_N:
        return Measured(closed, few(closed.n))
    sample.value()  # says why it is undefined
    return Measured(closed, "undefined for these examples")


def _said(error: Exception) -> str:
    text = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": ")
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"


@contextmanager
def _quiet() -> Iterator[None]:
    """Without warnings, which a notebook would print a thousand times, into whatever cell ran last."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
