"""What groups of rows do to the intervals of views: what a page asks for, and what of it is saved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from offdiagonal.clauses import Clause, to_json
from offdiagonal.counts.tiles import CELL
from offdiagonal.display.message import shown
from offdiagonal.display.saved import secret_dims
from offdiagonal.engine import Engine, Kind, matrix_effects, score_effects, slice_effects
from offdiagonal.errors import MessageError
from offdiagonal.splits import split_clauses
from offdiagonal.stats.clustered import MatrixEffects
from offdiagonal.views.shares import usual_class

if TYPE_CHECKING:
    from offdiagonal.display.session import Session

SCORES = "scores"
MATRIX = "matrix"
MOST_CELLS = 1_000
"""Of a matrix of more cells only recall and precision have their intervals saved: cells of few rows tell little."""
KINDS = (SCORES, MATRIX, *get_args(Kind))


def effects_answer(engine: Engine, content: Mapping[str, Any], clauses: Sequence[Clause]) -> dict[str, Any]:
    """By how much groups widen the intervals of the header, or of slices.

    Parameters
    ----------
    engine
        The rows.
    content
        ``of``: ``scores``, ``matrix``, or what slices are compared by; ``label``: the code of a label; ``sides``: the
        dims of a matrix.
    clauses
        The selection.

    Raises
    ------
    MessageError
        If it asks for what there is not.
    """
    of, label = content.get("of"), content.get("label")
    if engine.table.group is None:
        raise MessageError("there are no groups")
    if of not in KINDS or (of == "loss" and engine.table.loss is None):
        raise MessageError(f"no intervals are called {shown(of)}")
    if label is not None and not (type(label) is int and 0 <= label < len(engine.table.classes)):
        raise MessageError(f"there is no label {shown(label)}")
    if of == MATRIX:
        rows, columns = _sides(engine, content.get("sides"))
        return {"type": "effects", "effects": _of_matrix(matrix_effects(engine, rows, columns, clauses))}
    return {"type": "effects", "effects": _effects(engine, of, clauses, label or 0, set())}


def _sides(engine: Engine, sides: Any) -> tuple[str, str]:
    """The dims of a matrix that a page names."""
    known = {*CELL, *_fields(engine)}
    if isinstance(sides, list) and len(sides) == 2 and all(isinstance(side, str) for side in sides):
        rows, columns = sides
        if {rows, columns} <= known:
            return rows, columns
    raise MessageError(f"a matrix is of two dims, not {shown(sides)}")


def _fields(engine: Engine) -> dict[str, str]:
    """The dims of columns and slices, and the field of the clause that each leaves out."""
    meta = engine.meta
    return {field.key: field.key for field in meta.fields} | {part.key: "slice" for part in meta.slices}


def _of_matrix(found: MatrixEffects) -> dict[str, list[Any]]:
    names = ("row", "column", "no_row", "no_column", "recall", "precision")
    effects = {name: [_finite(one) for one in getattr(found, name).tolist()] for name in names}
    return {"cells": found.cells.tolist(), **effects}


def group_effects(
    session: Session, views: Sequence[str], options: Mapping[str, Any], clauses: Sequence[Clause]
) -> list[dict[str, Any]]:
    """What an island keeps: of all rows of the split, and of the selection in force.

    Of a private group those of the header alone: those of a slice tell who is in it.

    Parameters
    ----------
    session, views, options
        What is saved.
    clauses
        What of the selection is saved.
    """
    engine, meta = session.engine, session.engine.meta
    if engine.table.group is None:
        return []
    states = [tuple(state) for state in dict.fromkeys([split_clauses(clauses, meta), tuple(clauses)])]
    kinds = [(SCORES, None), *([] if engine.table.private_groups else _kinds(session, options))]
    saved = [
        _saved(state, of, code, _effects(engine, of, state, code or 0, secret_dims(engine)))
        for state in states
        for of, code in kinds
    ]
    sides = [str(options.get(side, usual)) for side, usual in zip(("rows", "columns"), CELL, strict=True)]
    drawn = "confusion" in views and meta.model and not meta.many and not engine.table.private_groups
    if not drawn or {*sides} & secret_dims(engine):
        return saved
    own = {_fields(engine).get(side, "cell") for side in sides}
    kept = dict.fromkeys(tuple(c for c in state if c.field not in own) for state in states)
    for state in kept:
        effects = _of_matrix(matrix_effects(engine, sides[0], sides[1], state))
        if len(effects["cells"]) > MOST_CELLS:
            effects = {name: effects[name] for name in ("recall", "precision")}
        saved.append(_saved(state, MATRIX, None, effects) | {"sides": sides})
    return saved


def _kinds(session: Session, options: Mapping[str, Any]) -> list[tuple[str, int | None]]:
    """What slices are compared by, and the label where it is one."""
    engine, meta = session.engine, session.engine.meta
    if meta.loss is not None:
        return [("loss", None)]
    if meta.model:
        return [("error", None), ("share", None)]
    label = options.get("label")
    return [("rows", None), ("label", usual_class(engine.meta) if label is None else label)]


def _saved(state: Sequence[Clause], of: str, label: int | None, effects: Mapping[str, Any]) -> dict[str, Any]:
    return {"clauses": [to_json(clause) for clause in state], "of": of, "label": label, "effects": effects}


def _effects(
    engine: Engine, of: Any, clauses: Sequence[Clause], label: int, secret: set[str]
) -> dict[str, list[float | None] | list[list[float | None]]]:
    """By name; of slices those of the rate and of the difference, by level. What is infinite is null."""
    if of == SCORES:
        return {name: [_finite(effect)] for name, effect in score_effects(engine, clauses).items()}
    keys = [field.key for field in engine.meta.fields] + [part.key for part in engine.meta.slices]
    found = slice_effects(engine, [key for key in keys if key not in secret], clauses, of, label)
    return {
        key: [[_finite(effect) for effect in one.tolist()] for one in effects]
        for key, effects in found.items()
    }


def _finite(effect: float) -> float | None:
    return round(effect, 6) if math.isfinite(effect) else None
