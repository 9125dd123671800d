"""Two models by one objective: what it is on the straight line from one to the other."""

from __future__ import annotations

import numpy as np

from offdiagonal.capacity.objective import PLACES, Objectives
from offdiagonal.views.figure import FigureSpec, Line, Lines, Table, figure

LOG = 30.0
"""From such a ratio on, objectives stand on a log scale."""


def objective_figure(found: Objectives) -> FigureSpec:
    """The objective from our parameters to the other's."""
    places, ends = PLACES.tolist(), (found.ours, found.other)
    values = [value if np.isfinite(value) else None for value in found.between.tolist()]
    known = [value for value in values if value is not None]
    log = min(known) > 0 and max(known) / min(known) >= LOG
    gone: list[float | None] = [None] * (len(places) - 1)
    chart = Lines(
        "share of the other",
        places,
        "objective",
        (
            Line("objective", values),
            Line("ours", [found.ours, *gone], hue="error", points=True),
            Line("the other", [*gone, found.other], hue="train", points=True),
        ),
        log_y=log,
        zero=not log and min(known) >= 0,
    )
    rows = tuple(
        (name, figure(value), figure(score))
        for name, value, score in zip(("ours", other_name(found)), ends, found.scores, strict=True)
    )
    missing = len(values) - len(known)
    bad = (f"At {missing} of {len(values)} places the objective is NaN or infinite.",) if missing else ()
    return FigureSpec(
        "Optimiser or objective",
        "two models, one objective",
        (way_text(found),),
        chart,
        Table("Models", ("model", "objective", "score"), rows, numbers=2),
        (found.finding,),
        ("Parameters from ours (0) to those of the other (1), mixed between them.", *bad),
    )


def other_name(found: Objectives) -> str:
    """The other model, and what its parameters were multiplied by."""
    return f"the other, times {figure(found.factor)}" if found.scaled else "the other"


def way_text(found: Objectives) -> str:
    """Whether a straight line leads from one to the other without a rise."""
    barrier = found.barrier
    if barrier is None:
        return "On the straight line between them the objective is nowhere above both."
    return (
        f"On the straight line between them the objective rises to {figure(barrier)}, above both: "
        "they may lie in different valleys."
    )
