"""What small experiments on a training step show: losses by step or learning rate, what switches gain, two traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.harness import traces
from offdiagonal.training.harness.rates import Range, smoothed
from offdiagonal.training.harness.switches import Rung
from offdiagonal.training.harness.traces import Line as Trace
from offdiagonal.views.figure import Dot, Dots, FigureSpec, Line, Lines, Span, Table, figure, measured
from offdiagonal.views.text import amount

LOG = 30.0
"""From such a ratio on, losses stand on a log scale."""
TABLE = 40
NAMED = 12
"""So many modules all have their name below the axis."""
FEW = 40
"""So many modules have a point each."""
MOST_POINTS = 2000
ROOM = 1.3
"""The y axis ends so much above where the loss began."""


def batch_figure(
    columns: Mapping[str, Any], target: float | None, said: str, found: Sequence[Finding]
) -> FigureSpec:
    """The loss of one batch by step, and the loss that counts as learnt."""
    every = -(-len(columns["step"]) // MOST_POINTS)
    steps, losses = columns["step"], columns["loss"]
    values = _known(losses[::every])
    whole = [value for value in values if value is not None]
    log = bool(whole) and min(whole) > 0 and max(whole) / min(whole) >= LOG
    chart = Lines(
        "step",
        steps[::every].tolist(),
        "loss",
        (Line("loss", values),),
        log_y=log,
        zero=not log and bool(whole) and min(whole) >= 0,
        level=None if target is None else Span(target, target, f"learnt below {figure(target)}"),
    )
    return FigureSpec(
        "One batch",
        f"{len(steps)} steps",
        () if found else (_sentence(said),),
        chart,
        _table("Losses", ("step", "loss"), steps, losses),
        tuple(found),
        (*_unknown(_known(losses)), *([f"One of {every} steps is drawn."] if every > 1 else [])),
    )


def rates_figure(
    columns: Mapping[str, Any], found: Range | None, said: Sequence[str], findings: Sequence[Finding]
) -> FigureSpec:
    """The loss over the learning rate, raw and smoothed; where it falls, and the rate to begin with."""
    tried, losses = columns["lr"], columns["loss"]
    values = _known(losses)
    kept = [value for value in values if value is not None]
    smooth = [*smoothed(kept).tolist(), *([None] * (len(values) - len(kept)))]
    first = max((value for value in smooth[: max(5, len(kept) // 8)] if value is not None), default=0.0)
    most = ROOM * first if first > 0 and max(kept, default=0.0) > ROOM * first else None
    spans: tuple[Span, ...] = ()
    if found is not None:
        spans = (
            Span(found.low, found.high, "the loss falls"),
            Span(found.suggestion, found.suggestion, f"begin with {found.suggestion:.2g}"),
        )
    chart = Lines(
        "learning rate",
        tried.tolist(),
        "loss",
        (Line("smoothed", smooth), Line("loss", values, hue="train")),
        log_x=True,
        zero=min(kept, default=0.0) >= 0,
        most=most,
        spans=spans,
    )
    above = sum(value > most for value in kept) if most is not None else 0
    notes = [f"{amount(above, 'loss', 'losses')} above {figure(most)}: beyond the axis."] if above else []
    return FigureSpec(
        "Learning rates",
        f"{len(tried)} steps, from {figure(float(tried[0]))} to {figure(float(tried[-1]))}",
        tuple(_sentence(line) for line in said),
        chart,
        _table("Losses", ("learning rate", "loss"), tried, losses),
        tuple(findings),
        (*notes, *_unknown(values)),
    )


def switches_figure(rungs: Sequence[Rung], said: Sequence[str], findings: Sequence[Finding]) -> FigureSpec:
    """How much better the score is without each part, with its interval."""
    dots = tuple(
        Dot(rung.switch, rung.gain, f"{rung.failed} of {len(rung.scores)} failed" if rung.failed else "")
        for rung in rungs
    )
    rows = tuple(
        (rung.switch, figure(_mean(rung.scores)), measured(rung.gain), str(rung.failed)) for rung in rungs
    )
    return FigureSpec(
        "One part off at a time",
        f"{len(rungs[0].scores)} seeds each",
        tuple(_sentence(line) for line in said),
        Dots("how much better the score is without it", dots),
        Table("Parts", ("part", "score without it", "better by", "failed"), rows, numbers=3),
        tuple(findings),
        (
            "Intervals: 95 % over seeds, shared by all parts. A hollow dot: the noise does not tell it from 0.",
        ),
    )


def traces_figure(
    names: tuple[str, str], first: Sequence[Trace], second: Sequence[Trace], said: str
) -> FigureSpec:
    """How wide the range is that each module gave in each of two runs, and where they differ."""
    pairs = traces.aligned(first, second)
    found = [traces.told(one, other) for one, other in pairs]
    widths = [[_width(line) for line in side] for side in zip(*pairs, strict=True)]
    either = [
        max((value for value in pair if value is not None), default=None)
        for pair in zip(*widths, strict=True)
    ]
    points = len(pairs) <= FEW
    lines = [
        Line(name, values, hue=str(i), dashed=i > 0, points=points)
        for i, (name, values) in enumerate(zip(names, widths, strict=True))
    ]
    if any(found):
        at = [value if rows else None for value, rows in zip(either, found, strict=True)]
        lines.append(Line("they differ", at, hue="error", points=True))
    texts = []
    for (one, other), rows in zip(pairs, found, strict=True):
        what = f" ({', '.join(row['what'] for row in rows)})" if rows else ""
        texts.append(f"{traces.name(one, other)}{what}")
    chart = Lines(
        "module",
        list(range(1, len(pairs) + 1)),
        "width of the range of what it gave",
        tuple(lines),
        tuple(texts),
        even=len(pairs) <= NAMED,
        log_y=any(value is not None for value in either),
    )
    none = sum(value is None for value in either)
    return FigureSpec(
        "One forward pass of two runs",
        f"{names[0]} and {names[1]}",
        (said,),
        chart,
        Table(
            "Differences",
            ("module", "what", *names),
            tuple(
                (row["module"], row["what"], row["first"], row["second"]) for rows in found for row in rows
            ),
            numbers=0,
        ),
        notes=(f"{amount(none, 'module')} gave one value, or none that is finite: not drawn.",)
        if none
        else (),
    )


def traces_said(first: Sequence[Trace], second: Sequence[Trace]) -> str:
    """Where two traces differ, and which modules were compared though their names differ."""
    pairs = traces.aligned(first, second)
    found = [rows for one, other in pairs if (rows := traces.told(one, other))]
    names = traces.renamed(first, second)
    by = ""
    if names:
        were = "module was" if len(names) == 1 else "modules were"
        by = (
            f" {len(names):,} {were} matched by kind and the order of calls, for the names differ: "
            f"{names[0][0]} is {names[0][1]}{' and so on' if len(names) > 1 else ''}."
        )
    if not found:
        alike = f"{amount(len(pairs), 'module')} of the same shapes, types and ranges"
        return f"The traces do not differ: {alike}.{by}"
    row, rest = found[0][0], sum(map(len, found))
    where = f"in {len(found):,} of {amount(len(pairs), 'module')}"
    one = f"the {row['what']} of {row['module']}: {row['first']} and {row['second']}."
    return f"{amount(rest, 'difference')} {where}; {'it' if rest == 1 else 'the first'} is {one}{by}"


def _width(line: Trace | None) -> float | None:
    """What has a place on a log scale."""
    value = traces.width(line)
    return value if np.isfinite(value) and value > 0 else None


def _known(losses: Any) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in losses.tolist()]


def _unknown(values: Sequence[float | None]) -> tuple[str, ...]:
    bad = sum(value is None for value in values)
    return (f"{bad} of {len(values)} losses are NaN or infinite.",) if bad else ()


def _table(name: str, heads: tuple[str, str], at: Any, losses: Any) -> Table:
    """Some rows evenly from the first to the last: the frame has all."""
    places = np.unique(np.linspace(0, len(at) - 1, min(TABLE, len(at))).round().astype(int))
    rows = tuple((figure(float(at[i])), _text(float(losses[i]))) for i in places.tolist())
    return Table(
        name if len(rows) == len(at) else f"{name}, {len(rows)} of {len(at)}", heads, rows, numbers=2
    )


def _text(loss: float) -> str:
    return "NaN" if np.isnan(loss) else figure(loss)


def _mean(scores: Sequence[float]) -> float:
    return float(np.mean(scores)) if scores else float("nan")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
