"""What a figure shows, as plain data: a verdict, one chart, a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from offdiagonal.findings import Finding
from offdiagonal.stats.measure import Measure
from offdiagonal.views.text import ABSENT

Numbers = Sequence[float | None]

HUES = 6
"""So many lines have a colour of their own."""


@dataclass(frozen=True)
class Line:
    """A line, or single points, over the places of a chart."""

    name: str
    y: Numbers
    """One a place; None where there is none."""
    low: Numbers = ()
    high: Numbers = ()
    hue: str = "0"
    """``"0"`` to ``"5"``, ``"train"``, ``"error"``, or ``"quiet"`` for one of many."""
    dashed: bool = False
    points: bool = False
    notes: tuple[str, ...] = ()
    """What the legend says of it, under the heads of the chart."""


@dataclass(frozen=True)
class Span:
    """A part of the x axis that means something, or one place of it."""

    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Lines:
    """Lines over the same places."""

    x: str
    at: Sequence[float]
    """The places, from left to right; they may fall, as penalties do."""
    y: str
    lines: tuple[Line, ...]
    texts: tuple[str, ...] = ()
    """How the places read; where they are no numbers, they stand evenly."""
    even: bool = False
    log_x: bool = False
    log_y: bool = False
    zero: bool = False
    """Whether the y axis begins at 0."""
    most: float | None = None
    """Where the y axis ends, for what blows up."""
    spans: tuple[Span, ...] = ()
    level: Span | None = None
    """A height that means something, such as a target."""
    heads: tuple[str, ...] = ()
    kind: str = "lines"


@dataclass(frozen=True)
class Dot:
    """A number with its interval on a line of its own."""

    name: str
    measure: Measure
    note: str = ""


@dataclass(frozen=True)
class Dots:
    """Numbers with their intervals below each other, against 0."""

    x: str
    dots: tuple[Dot, ...]
    kind: str = "dots"


@dataclass(frozen=True)
class Heat:
    """Grids of numbers of 0 or more, from pale to dark."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    grids: tuple[tuple[str, Sequence[Sequence[float]]], ...]
    """Each with its name."""
    axes: tuple[str, str]
    """What rows and columns are."""
    below: tuple[str, Numbers] = ("", ())
    """A number of each column, and what it is."""
    kind: str = "heat"


@dataclass(frozen=True)
class Table:
    """Texts in columns; the last ones are numbers."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int


@dataclass(frozen=True)
class FigureSpec:
    """A whole figure."""

    title: str
    more: str
    said: tuple[str, ...]
    """Sentences with numbers; the first is the verdict where there is no finding."""
    chart: Lines | Dots | Heat
    table: Table
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    """What is not shown, and why."""


def figure(value: float | None) -> str:
    """A number in three digits, as ``figure`` of ``js/src/core/run-format.ts`` writes it.

    Examples
    --------
    >>> figure(0.12345), figure(1234.5), figure(-0.00001234), figure(float("nan"))
    ('0.123', '1,234', '−1.23e-05', '—')
    """
    if value is None or math.isnan(value):
        return ABSENT
    sign = "−" if value < 0 else ""
    size = abs(value)
    if math.isinf(size):
        return f"{sign}∞"
    if size and not 1e-4 <= size < 1e7:
        return f"{sign}{size:.3g}"
    return sign + (f"{size:,.0f}" if size >= 100 else f"{float(f'{size:.3g}'):g}")


def measured(measure: Measure) -> str:
    """A measure with its interval.

    Examples
    --------
    >>> measured(Measure(0.2, 0.125, 0.275, 10, "t"))
    '0.2 [0.125, 0.275]'
    """
    if measure.value is None:
        return ABSENT
    if measure.low is None or measure.high is None:
        return figure(measure.value)
    return f"{figure(measure.value)} [{figure(measure.low)}, {figure(measure.high)}]"


def measures(line: Iterable[Measure]) -> dict[str, list[float | None]]:
    """The values and the ends of measures, as a Line takes them."""
    given = list(line)
    return {name: [getattr(one, name) for one in given] for name in ("value", "low", "high")}
