"""By how much groups of rows widen the intervals of the views: counted over the rows of a selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.engine.engine import Engine
from offdiagonal.stats.classification import macro_f1_pull
from offdiagonal.stats.clustered import (
    LevelEffects,
    MatrixEffects,
    effect_of,
    level_effects,
    mean_effect,
    part_effects,
)

Kind = Literal["error", "share", "loss", "label", "rows"]
"""What a slice is compared by: its errors, how much of it is selected, its mean loss, how often a label is in it; or
only how large a share of the rows it is."""
ERROR, UNJUDGED = 0, 2
LABELS = 5
"""So many labels head a table before there is a model."""
CELL = "cell"

Mask = NDArray[np.bool_]


def score_effects(engine: Engine, clauses: Sequence[Clause]) -> dict[str, float]:
    """The effect on each number of the header, by its name."""
    return engine.remembered(("score effects", *clauses), lambda: _scores(engine, engine.mask(clauses)))


def _scores(engine: Engine, mask: Mask) -> dict[str, float]:
    table = engine.table
    found: dict[str, float] = {}
    if table.loss is not None:
        found["mean"] = _mean(engine, table.loss.values, mask & ~np.isnan(table.loss.values))
    if table.labels.model:
        return found | _of_classes(engine, mask)
    if table.loss is None and table.labels.known:
        known = mask if table.missing is None else mask & (table.label != table.missing)
        found |= {
            f"label {code}": mean_effect(table.label[known] == code, _group(engine, known))
            for code in [code for code in engine.meta.order if code != table.missing][:LABELS]
        }
    return found


def _of_classes(engine: Engine, mask: Mask) -> dict[str, float]:
    table = engine.table
    judged, right, positive = mask & (table.outcome != UNJUDGED), table.outcome == 1, table.positive
    if table.weight is not None:
        judged = judged & (table.weight > 0)
    found = {"accuracy": _mean(engine, right, judged)}
    if positive is not None:
        label, prediction = table.label == positive, table.prediction == positive
        both = label & prediction
        found |= {
            "precision": _mean(engine, both, judged & prediction),
            "recall": _mean(engine, both, judged & label),
            "F1": _mean(engine, both, judged & (label | prediction)),
        }
    elif len(table.labels.known) > 2:
        found["macro F1"] = _macro(engine, judged)
    return found


def _macro(engine: Engine, judged: Mask) -> float:
    table, k = engine.table, len(engine.table.classes)
    label, prediction = table.label[judged].astype(np.int64), table.prediction[judged].astype(np.int64)
    weight = _weight(engine, judged)
    added = macro_f1_pull(label, prediction, weight, k)
    return effect_of(added if weight is None else added * weight, _group(engine, judged))


def slice_effects(
    engine: Engine, keys: Sequence[str], clauses: Sequence[Clause], kind: Kind, label: int = 0
) -> dict[str, LevelEffects]:
    """The effect on the rate of each level of some columns and slices, and on its difference to the rest.

    Each leaves out the clause on its own field, as the views do.

    Parameters
    ----------
    engine
        The rows.
    keys
        Columns and slices: ``c0`` ..., ``s0`` ...
    clauses
        The selection.
    kind
        What slices are compared by.
    label
        Code of the label, where they are compared by one.
    """
    known = ("slice effects", kind, label, *keys, *clauses)
    return engine.remembered(known, lambda: _slices(engine, keys, clauses, kind, label))


def _slices(
    engine: Engine, keys: Sequence[str], clauses: Sequence[Clause], kind: Kind, label: int
) -> dict[str, LevelEffects]:
    slices = {part.key for part in engine.meta.slices}
    found = {}
    for key in keys:
        own = "slice" if key in slices else key
        kept = [clause for clause in clauses if clause.field != own]
        value, rows = _compared(engine, kept, kind, label)
        level, group = engine.codes[key][rows].astype(np.int64), _group(engine, rows)
        if kind == "rows":
            sizes = np.asarray([mean_effect(level == code, group) for code in range(engine.sizes[key])])
            found[key] = LevelEffects(sizes, sizes)
            continue
        weight = None if kind == "label" else _weight(engine, rows)  # labels are counted
        found[key] = level_effects(value[rows].astype(np.float64), group, level, engine.sizes[key], weight)
    return found


def matrix_effects(engine: Engine, rows: str, columns: str, clauses: Sequence[Clause]) -> MatrixEffects:
    """The effects on the numbers of a matrix of two dims, of the rows that satisfy the clauses."""
    return engine.remembered(
        ("matrix effects", rows, columns, *clauses),
        lambda: _matrix(engine, rows, columns, engine.mask(clauses)),
    )


def _matrix(engine: Engine, rows: str, columns: str, mask: Mask) -> MatrixEffects:
    width = engine.sizes[columns]
    if engine.table.weight is not None:
        mask = mask & (engine.table.weight > 0)
    row, column = (engine.codes[dim][mask].astype(np.int64) for dim in (rows, columns))
    group, weight = _group(engine, mask), _weight(engine, mask)
    cells, part = np.unique(row * width + column, return_inverse=True)
    by = [part_effects(part.reshape(-1), whole, group, weight) for whole in (row, column)]
    classes = {rows, columns} == {"label", "prediction"}
    judged = mask & (engine.outcome != UNJUDGED)
    rates = [
        level_effects(
            (engine.outcome[judged] == 1) * 1.0,
            _group(engine, judged),
            engine.codes[side][judged].astype(np.int64),
            engine.sizes[side],
            _weight(engine, judged),
        ).mean
        for side in ("label", "prediction")
        if classes
    ]
    return MatrixEffects(
        cells,
        width,
        by[0].part,
        by[1].part,
        _filled(by[0].nothing, engine.sizes[rows]),
        _filled(by[1].nothing, width),
        *(rates or [np.empty(0), np.empty(0)]),
    )


def _filled(effects: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Infinite for the codes that do not occur."""
    return np.concatenate([effects, np.full(size - len(effects), np.inf)])


def _compared(engine: Engine, clauses: Sequence[Clause], kind: Kind, label: int) -> tuple[NDArray[Any], Mask]:
    """The number of each row, and which rows are compared."""
    table = engine.table
    if kind == "error":
        return table.outcome == ERROR, engine.mask(clauses) & (table.outcome != UNJUDGED)
    others = [clause for clause in clauses if clause.field != CELL]
    if kind in ("share", "rows"):
        return engine.mask(clauses), engine.mask(others)
    if kind == "label":
        rows = engine.mask(others)
        return table.label == label, rows if table.missing is None else rows & (table.label != table.missing)
    assert table.loss is not None
    return table.loss.values, engine.mask(clauses) & ~np.isnan(table.loss.values)


def _mean(engine: Engine, value: NDArray[Any], rows: Mask) -> float:
    return mean_effect(value[rows].astype(np.float64), _group(engine, rows), _weight(engine, rows))


def _group(engine: Engine, rows: Mask) -> NDArray[np.int64]:
    assert engine.table.group is not None
    return engine.table.group[rows]


def _weight(engine: Engine, rows: Mask) -> NDArray[np.float64] | None:
    return None if engine.table.weight is None else engine.table.weight[rows]
