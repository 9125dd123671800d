"""One or more training runs: what they came to, and the curves in few points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.buckets import Buckets, buckets
from offdiagonal.training.metrics import best, validates
from offdiagonal.training.record import RunRecord
from offdiagonal.views.text import short

DRAWN = 400
"""Buckets of a curve in a picture."""
SECONDS = ((86_400, "d"), (3_600, "h"), (60, "min"))


@dataclass(frozen=True)
class MetricRow:
    """What one metric of a run came to."""

    run: str
    metric: str
    n: int
    bad: int
    """How many values are NaN or infinite."""
    last: float
    step: float
    """Of the last value."""
    best: tuple[float, float] | None
    """Value and step; None where neither way is better."""


@dataclass(frozen=True)
class Line:
    """A curve as a picture draws it."""

    run: str
    metric: str
    validates: bool
    curve: Buckets


@dataclass(frozen=True)
class RunsSpec:
    """Runs as a view shows them."""

    records: tuple[RunRecord, ...]
    findings: tuple[tuple[int, Finding], ...] = ()
    """With the place of the run that each is about."""
    at: str = ""
    """When this is saved, where a run goes on."""

    @property
    def title(self) -> str:
        """The run's name, or how many runs there are."""
        if len(self.records) == 1:
            return short(self.records[0].name, 80)
        return f"{len(self.records)} runs: " + ", ".join(short(run.name, 30) for run in self.records[:4])

    def rows(self) -> list[MetricRow]:
        """One for each metric of each run."""
        return [
            MetricRow(
                run.name,
                name,
                len(curve),
                int((~np.isfinite(curve.values)).sum()),
                float(curve.values[-1]),
                float(curve.steps[-1]),
                best(name, curve),
            )
            for run in self.records
            for name, curve in run.metrics.items()
            if len(curve)
        ]

    def panels(self, most: int = DRAWN) -> dict[str, list[Line]]:
        """The curves by what they measure; those of loss come first, a metric and its validation stand together."""
        found: dict[str, list[Line]] = {}
        for run in self.records:
            for name, curve in run.metrics.items():
                line = Line(run.name, name, validates(name), buckets(curve, most))
                if len(line.curve):
                    found.setdefault(kind_of(name), []).append(line)
        return dict(sorted(found.items(), key=lambda item: item[0] != "loss"))

    def frame(self) -> dict[str, Any]:
        """One row a value that was logged."""
        parts = [
            (run.name, name, curve)
            for run in self.records
            for name, curve in run.metrics.items()
            if len(curve)
        ]

        def column(values: Sequence[Any], dtype: Any) -> Any:
            return np.concatenate(values) if values else np.empty(0, dtype)

        return {
            "run": column([np.repeat(np.asarray(run, object), len(c)) for run, _, c in parts], object),
            "metric": column([np.repeat(np.asarray(name, object), len(c)) for _, name, c in parts], object),
            "step": column([curve.steps for *_, curve in parts], float),
            "seconds": column([curve.times for *_, curve in parts], float),
            "value": column([curve.values for *_, curve in parts], float),
        }

    def text(self, saved: str = "", view: str = "curves") -> str:
        """Five lines."""
        rows = self.rows()
        last = "; ".join(
            f"{short(row.metric)} {number(row.last)} at step {row.step:,.0f}" for row in rows[:6]
        )
        found = "; ".join(short(finding.title, 160) for _, finding in self.findings[:2])
        return "\n".join(
            [
                f"{self.title} · {view} · {', '.join(self.states())}",
                last or "nothing logged yet",
                "; ".join(best_texts(rows)) or "no best value yet",
                f"Found: {found}" if found else "No finding from what was logged.",
                f"{saved}Run the cell for the live view.",
            ]
        )

    def states(self) -> Iterator[str]:
        """What became of each run, and how far it came."""
        for run in self.records[:6]:
            steps = [curve.steps[-1] for curve in run.metrics.values() if len(curve)]
            seconds = [curve.times[-1] for curve in run.metrics.values() if len(curve)]
            far = f", step {max(steps):,.0f}, {duration(max(seconds))}" if steps else ""
            name = f"{short(run.name, 30)} " if len(self.records) > 1 else ""
            when = f" when saved, {self.at}" if self.at and run.status == "running" else ""
            yield f"{name}{run.status}{when}{far}"


def kind_of(metric: str) -> str:
    """What a metric measures, whichever data it is of: ``val_loss`` measures ``loss``."""
    for split in ("val", "valid", "validation", "eval", "dev", "test", "train", "training"):
        for joint in "_/.- ":
            if metric.lower().startswith(split + joint):
                return metric[len(split) + 1 :]
    return metric


def best_texts(rows: Sequence[MetricRow]) -> list[str]:
    """The best values of what validates."""
    return [
        f"best {short(row.metric)} {number(row.best[0])} at step {row.best[1]:,.0f}"
        for row in rows
        if row.best is not None and validates(row.metric)
    ][:4]


def number(value: float) -> str:
    """A value of a metric: four digits that count.

    Examples
    --------
    >>> number(0.123456), number(12345.6), number(float("nan"))
    ('0.1235', '1.235e+04', 'NaN')
    """
    return "NaN" if np.isnan(value) else f"{value:.4g}"


def duration(seconds: float) -> str:
    """Seconds as people say them.

    Examples
    --------
    >>> duration(41), duration(5400)
    ('41 s', '1.5 h')
    """
    for size, unit in SECONDS:
        if seconds >= size:
            return f"{seconds / size:.2g} {unit}"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"


def differences(records: Sequence[RunRecord]) -> Mapping[str, tuple[Any, ...]]:
    """The settings that are not the same in all runs, and what they are in each; None where one has none."""
    names = dict.fromkeys(name for run in records for name in run.config)
    found = {name: tuple(run.config.get(name) for run in records) for name in names}
    return {name: values for name, values in found.items() if any(value != values[0] for value in values)}
