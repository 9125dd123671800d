"""What readers find, and how a record is made of it."""

from __future__ import annotations

import math
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.names import KNOWN, all_ours, ours
from offdiagonal.training.record import Curve, RunRecord

MOST_VALUES = 50_000_000
"""Numbers that are read of one run; more is most likely not a run."""
MOST_METRICS = 10_000
STEPS = (
    "step",
    "global_step",
    "train/global_step",
    "trainer/global_step",
    "_step",
    "iteration",
    "iter",
    "round",
    "epoch",
)
"""Columns that count steps, the first of them that is there."""
RUNS = ("run", "run_id", "run_name")
"""Columns that tell runs apart, where a table holds several."""
EMPTY = {"", "-", "–", "na", "n/a", "<na>", "none", "null"}
TIMES = ("_runtime", "train_time_s", "runtime", "wall_time", "time", "_timestamp", "timestamp")
"""Columns of seconds: since the run began, or since 1970."""


@dataclass
class Logged:
    """What a file tells of one run."""

    metrics: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)
    """By name as written: step, value and second each."""
    config: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    started: float | None = None
    name: str = ""
    status: str = "finished"
    n: int = 0

    def add(self, name: str, step: float, value: float, second: float = math.nan) -> None:
        """Take one value.

        Raises
        ------
        OffdiagonalError
            If there are more than any run has.
        """
        self.n += 1
        if self.n > MOST_VALUES or (name not in self.metrics and len(self.metrics) == MOST_METRICS):
            raise OffdiagonalError(
                f"more than {MOST_VALUES:,} numbers or {MOST_METRICS:,} metrics in one run: it is none, or log less"
            )
        self.metrics.setdefault(name, []).append((step, value, second))


def record_of(logged: Logged, name: str | None) -> RunRecord:
    """The record of what was read; metrics get the names that they have here."""
    names = all_ours(logged.metrics)
    metrics = {names[given]: _curve(rows) for given, rows in logged.metrics.items()}
    seconds = [curve.times[0] for curve in metrics.values() if len(curve) and curve.times[0] > 1e8]
    first = min(seconds, default=0.0)  # since 1970
    if first:
        metrics = {
            key: Curve(one.steps, one.values, np.maximum(one.times - first, 0.0))
            for key, one in metrics.items()
        }
    return RunRecord(
        id=uuid.uuid4().hex,
        name=(name or logged.name or "run")[:200],
        started=logged.started if logged.started is not None else first,
        status="crashed" if logged.status in {"failed", "crashed"} else "finished",
        config=logged.config,
        metrics=metrics,
        facts=logged.facts,
    )


def _curve(rows: Sequence[tuple[float, float, float]]) -> Curve:
    steps, values, times = np.asarray(rows, dtype=np.float64).T
    if np.isnan(times).any():  # unknown: as if each step took a second
        times = steps - steps.min() if len(steps) else steps
    return Curve(np.ascontiguousarray(steps), np.ascontiguousarray(values), np.ascontiguousarray(times))


def add_rows(logged: Logged, rows: Iterable[Mapping[str, Any]], where: str) -> None:
    """Take rows, a step each: every column of numbers but step and time is a metric.

    Raises
    ------
    OffdiagonalError
        If there is no number in any of them, a step is none, or one value of a metric is none.
    """
    seen: dict[str, None] = {}
    odd: dict[str, Odd] = {}
    runs: set[str] = set()
    counts: Counter[str] = Counter()
    last = -1.0
    for i, row in enumerate(rows):
        runs |= {str(row[name])[:80] for name in RUNS if isinstance(row.get(name), str)}
        if len(runs) > 1:
            raise OffdiagonalError(
                f"{where} holds several runs, such as {' and '.join(map(repr, sorted(runs)))}; read them one by one: "
                "[od.read_run(part, name) for name, part in pandas.read_csv(...).groupby('run')]"
            )
        numbers: dict[str, float] = {}
        for key, given in row.items():
            value = number(given)
            if value is not None:
                numbers[key] = value
            elif not is_empty(given):
                odd.setdefault(key, Odd(i + 1, given)).n += 1
        counts.update(numbers.keys())
        seen |= dict.fromkeys(list(row)[:50])
        step_name = next((name for name in STEPS if name in numbers), None)
        step = last + 1 if step_name is None else numbers[step_name]
        if not math.isfinite(step):
            raise OffdiagonalError(
                f"{where}, row {i + 1:,}: {step_name} is {step}, and a step is a finite number"
            )
        last = step
        time_name = next((name for name in TIMES if name in numbers), None)
        second = math.nan if time_name is None else numbers[time_name]
        for key, value in numbers.items():
            if key not in {step_name, *TIMES} or (key == "epoch" and step_name == "epoch"):
                logged.add(key, step, value, second)
    for key, one in odd.items():
        if one.n <= counts[key] or (isinstance(one.value, str) and (key in STEPS or ours(key) in KNOWN)):
            raise OffdiagonalError(
                f"{where}, row {one.row:,}: {key}={one.value!r:.80} is no number; mend it, empty the field, or leave "
                "the column out"
            )
        logged.n -= len(logged.metrics.pop(key, []))  # a column of texts, some of which look like numbers
    if not logged.n:
        raise OffdiagonalError(
            f"{where} has no metric: a run is a row a step, with numbers such as loss beside step; there is "
            f"{', '.join(map(repr, list(seen)[:10])) or 'nothing'}"
        )


@dataclass
class Odd:
    """What is no number in a column: the first of it, its row, and how often there is such a thing."""

    row: int
    value: Any
    n: int = 0


def is_empty(value: Any) -> bool:
    """Whether a field holds nothing: it is left out, or says so."""
    return value is None or (isinstance(value, str) and value.strip().lower() in EMPTY)


def number(value: Any) -> float | None:
    """A value as a number; None where it is empty, a text or a list. NaN and infinity are numbers of a run.

    50 % is a half.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if isinstance(value, str):
        text = value.strip()
        if len(text) > 40 or "_" in text:
            return None
        if text.endswith("%"):
            share = number(text[:-1])
            return None if share is None else share / 100
        try:
            return float(text)
        except ValueError:
            return None
    if hasattr(value, "item") and getattr(value, "size", 0) == 1:
        return number(value.item())
    return None
