"""A lasso path: coefficients as the penalty falls, solid where they are stable."""

from __future__ import annotations

from offdiagonal.capacity.path import LassoPath
from offdiagonal.views.figure import HUES, FigureSpec, Line, Lines, Table, figure
from offdiagonal.views.text import amount, short, whole_percent

STABLE = 0.8
MOST_LINES = 200
LISTED = 2000


def path_figure(path: LassoPath) -> FigureSpec:
    """The features in the order in which they turn on; the first ones have colours."""
    order, looked = path.ranks(), path.stability is not None
    lines, rows = [], []
    for rank, (place, penalty, share) in enumerate(order):
        name = path.names[place]
        notes = (
            figure(penalty) if penalty else "never",
            *(() if share is None else (whole_percent(share),)),
        )
        rows.append((name, *notes))
        if rank < MOST_LINES:
            values = path.coefficients[place].tolist()
            hue = str(rank) if rank < HUES else "quiet"
            dashed = share is not None and share < STABLE
            lines.append(Line(name, values, hue=hue, dashed=dashed, notes=notes))
    heads = ("turns on at", *(("in halves",) if looked else ()))
    chart = Lines(
        "penalty",
        path.penalties.tolist(),
        "coefficient, for one standard deviation of the feature",
        tuple(lines),
        log_x=True,
        heads=heads,
    )
    left = len(order) - len(lines)
    return FigureSpec(
        "When features turn on",
        amount(len(order), "feature"),
        (_first(path),),
        chart,
        Table(
            "Features",
            ("feature", "turns on at penalty", *(("in random halves",) if looked else ())),
            tuple(rows[:LISTED]),
            numbers=1 + looked,
        ),
        notes=(
            *(
                [f"Solid: in {100 * STABLE:.0f} % of random halves of the rows or more; dashed: in fewer."]
                if looked
                else []
            ),
            *([f"{amount(left, 'more feature')} that turn on later are not drawn."] if left else []),
            *(
                [f"{len(rows) - LISTED:,} more are not listed: to_frame() has all."]
                if len(rows) > LISTED
                else []
            ),
        ),
    )


def _first(path: LassoPath) -> str:
    """Which come first, and stay where that was looked at, in one sentence."""
    found = [name for name, penalty, share in path.order() if penalty and (share is None or share >= STABLE)]
    named = ", ".join(short(name, 40) for name in found[:5])
    more = f" and {len(found) - 5:,} more" if len(found) > 5 else ""
    frozen = f" Never penalised: {', '.join(short(name, 40) for name in path.frozen)}." if path.frozen else ""
    if path.stability is None:
        return (
            f"In the order in which they turn on: {named}{more}.{frozen}"
            if found
            else f"None turns on.{frozen}"
        )
    if not found:
        return f"No feature is in {100 * STABLE:.0f} % of the random halves: none is stable.{frozen}"
    return f"Stable, in the order in which they turn on: {named}{more}.{frozen}"
