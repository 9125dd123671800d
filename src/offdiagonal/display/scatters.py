"""Scatters as a view's options ask for them."""

from __future__ import annotations

from typing import Any

import numpy as np

from offdiagonal.clauses import Clause
from offdiagonal.display.saved import public_clauses, secret_dims
from offdiagonal.display.session import Session
from offdiagonal.engine.numbers import CONFIDENCE
from offdiagonal.table.axes import FineAxis
from offdiagonal.table.meta import Field
from offdiagonal.views.scatter import ScatterSpec


def scatter_of(session: Session, options: dict[str, Any], *, public: bool) -> ScatterSpec | None:
    """The rows in view over both columns, without the clauses on them; None where they may not be saved."""
    engine, numbers = session.engine, session.numbers
    keys = options["x"], options["y"]
    if public and {*keys} & secret_dims(engine):
        return None
    clauses: list[Clause] = [*session.selection.clauses]
    if public:
        clauses = public_clauses(engine, clauses)
    found = numbers.pairs(keys, [clause for clause in clauses if clause.field not in keys])
    if found is None:
        return None
    fields = [numbers.fields[key] for key in keys]
    x, y = (CONFIDENCE if field is None else field.name for field in fields)
    return ScatterSpec(
        x=x,
        y=y,
        x_edges=found.x.edges,
        y_edges=found.y.edges,
        x_texts=_texts(found.x, fields[0]),
        y_texts=_texts(found.y, fields[1]),
        cells=found.cells(),
        hues=numbers.hue_names,
        missing=found.missing,
        model=engine.meta.model,
    )


def _texts(axis: FineAxis, field: Field | None) -> tuple[str, ...]:
    if field is None or field.kind != "time":
        return tuple(f"{edge:,.6g}" for edge in axis.edges)
    times = np.asarray(axis.edges).astype(np.int64).astype("datetime64[ms]")
    return tuple(
        str(time).removesuffix("T00:00:00.000").replace("T", " ").removesuffix(":00.000") for time in times
    )
