"""What groups of rows do to the intervals of views: what a page asks for, and what of it is saved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from offdiagonal.clauses import Clause, to_json
from offdiagonal.display.message import shown
from offdiagonal.display.saved import public_clauses, secret_dims
from offdiagonal.display.tables import SelectedTables
from offdiagonal.engine import Engine, Kind, score_effects, slice_effects
from offdiagonal.errors import MessageError
from offdiagonal.splits import split_clauses
from offdiagonal.views.shares import usual_class

if TYPE_CHECKING:
    from offdiagonal.display.session import Session

SCORES = "scores"
KINDS = (SCORES, *get_args(Kind))


def effects_answer(engine: Engine, content: Mapping[str, Any], clauses: Sequence[Clause]) -> dict[str, Any]:
    """By how much groups widen the intervals of the header, or of slices.

    Parameters
    ----------
    engine
        The rows.
    content
        ``of``: ``scores``, or what slices are compared by; ``label``: the code of a label.
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
    return {"type": "effects", "effects": _effects(engine, of, clauses, label or 0, set())}


def group_effects(session: Session, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What an island keeps: of all rows of the split, and of the selection in force."""
    engine, meta = session.engine, session.engine.meta
    if engine.table.group is None:
        return []
    label = options.get("label")
    if label is None:
        label = usual_class(SelectedTables(engine, (), public=True))
    clauses = tuple(public_clauses(engine, session.selection.clauses))
    of_slices = [("error", None), ("share", None)] if meta.model else [("rows", None), ("label", label)]
    kinds = [(SCORES, None), *([("loss", None)] if meta.loss is not None else of_slices)]
    return [
        {
            "clauses": [to_json(clause) for clause in state],
            "of": of,
            "label": code,
            "effects": _effects(engine, of, state, code or 0, secret_dims(engine)),
        }
        for state in dict.fromkeys([split_clauses(clauses, meta), clauses])
        for of, code in kinds
    ]


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
