"""The confusion matrix: what was predicted for each label; also any two categorical fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.clustered import MatrixEffects
from offdiagonal.stats.intervals import wilson_bounds
from offdiagonal.stats.measure import MIN_N, Measure
from offdiagonal.stats.weighted import rows_at, share
from offdiagonal.views.axes import Axis, axis
from offdiagonal.views.tables import Tables

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Confusion:
    """A label, and the class that was predicted instead."""

    label: str
    prediction: str
    n: int
    share: Measure
    """Of the rows of that label."""


@dataclass(frozen=True, eq=False)
class ConfusionSpec:
    """The numbers of one matrix; counts are in the order of its axes."""

    rows: Axis
    columns: Axis
    counts: Counts
    correct: NDArray[np.bool_]
    """The cells whose rows are right."""
    wrong: NDArray[np.bool_]
    """The cells whose rows are errors; neither for rows without a label, and on other axes."""
    recall: tuple[Measure, ...]
    """Of each class, in the order of the axis of labels; empty on other axes."""
    precision: tuple[Measure, ...]
    """Of each class, in the order of the axis of predictions; empty on other axes."""
    confusions: tuple[Confusion, ...]
    """Those that occur, most frequent first."""
    effects: MatrixEffects | None = None
    """What groups of rows do to the intervals of the cells' shares."""

    @property
    def judges(self) -> bool:
        """Whether the axes are label and prediction, so that a cell says if its rows are right."""
        return {self.rows.key, self.columns.key} == {"label", "prediction"}

    @property
    def private(self) -> bool:
        """Whether an axis is a private column."""
        return self.rows.private or self.columns.private

    @property
    def pairs(self) -> int:
        """How many pairs of classes are confused."""
        return len(self.confusions)

    @property
    def errors(self) -> int:
        """How many rows are errors."""
        return int(self.counts[self.wrong].sum())

    def frame(self) -> dict[str, Any]:
        """One row a cell: n, and which share of its row and of its column that is."""
        i, j = (index.ravel() for index in np.indices(self.counts.shape))
        names = _column_names(self.rows, self.columns)
        texts = [[self.rows.texts[at] for at in i], [self.columns.texts[at] for at in j]]
        data: dict[str, Any] = dict(zip(names, texts, strict=True))
        n = self.counts.ravel()
        data["n"] = n
        codes = np.asarray(self.rows.codes)[i], np.asarray(self.columns.codes)[j]
        of_row, of_column = (1.0, 1.0) if self.effects is None else self.effects.of_cells(*codes)
        return (
            data
            | shares(names[0], n, self.counts.sum(axis=1)[i], of_row)
            | shares(names[1], n, self.counts.sum(axis=0)[j], of_column)
        )


def confusion(tables: Tables, rows: str = "label", columns: str = "prediction") -> ConfusionSpec:
    """Count the rows in view by two dims.

    Parameters
    ----------
    tables
        What is counted.
    rows, columns
        Dims: ``label``, ``prediction``, ``c0`` ..., ``s0`` ...

    Raises
    ------
    KeyError
        If there is no such dim.
    """
    row_axis, column_axis = axis(tables.meta, rows), axis(tables.meta, columns)
    own = (row_axis.field, column_axis.field)
    coded, effects = tables.tabulate([rows, columns], without=own), tables.matrix_effects(rows, columns, own)
    counts = coded[np.ix_(row_axis.codes, column_axis.codes)]
    if {rows, columns} != {"label", "prediction"}:
        nowhere = np.zeros(counts.shape, dtype=bool)
        return ConfusionSpec(row_axis, column_axis, counts, nowhere, nowhere, (), (), (), effects)
    label, prediction = (row_axis, column_axis) if rows == "label" else (column_axis, row_axis)
    by_label = counts if rows == "label" else counts.T
    sums = [by_label, *_weights(tables, label, prediction)]
    judged = np.asarray([code != tables.meta.missing for code in label.codes], dtype=bool)
    right = np.diag(judged)
    wrong = judged[:, None] & ~right
    return ConfusionSpec(
        row_axis,
        column_axis,
        counts,
        right,
        wrong if rows == "label" else wrong.T,
        *_class_rates(sums, judged, label.codes, effects),
        _confusions(sums, wrong, label, prediction, partial(_of_label, rows, effects)),
        effects,
    )


def _of_label(rows: str, effects: MatrixEffects | None, label: int, prediction: int) -> float:
    """The effect on the share that a cell has of its label."""
    if effects is None:
        return 1.0
    return effects.of_row(label, prediction) if rows == "label" else effects.of_column(prediction, label)


def _weights(tables: Tables, label: Axis, prediction: Axis) -> list[NDArray[np.float64]]:
    """Sums of the weights and of their squares, by label; none where rows have no weights."""
    names = ("+w", "+ww") if tables.meta.weighted and "w" in tables.amounts else ()
    places = np.ix_(label.codes, prediction.codes)
    return [tables.tabulate([name, "label", "prediction"], without="cell")[places] for name in names]


def _class_rates(
    sums: Sequence[NDArray[Any]],
    judged: NDArray[np.bool_],
    codes: Sequence[int],
    effects: MatrixEffects | None,
) -> tuple[tuple[Measure, ...], tuple[Measure, ...]]:
    """Recall and precision of each class, over rows with a label."""
    cells = [values * judged[:, None] for values in sums]
    hits = [np.where(judged, np.diag(values), 0) for values in cells]
    labelled = [values.sum(axis=1) for values in cells]
    predicted = [np.where(judged, values.sum(axis=0), 0) for values in cells]
    none = np.ones(max(codes, default=-1) + 1)
    of_recall, of_precision = (none, none) if effects is None else (effects.recall, effects.precision)
    recall, precision = (
        tuple(share(rows_at(hits, i), rows_at(totals, i), float(own[code])) for i, code in enumerate(codes))
        for totals, own in ((labelled, of_recall), (predicted, of_precision))
    )
    return recall, precision


def _confusions(
    sums: Sequence[NDArray[Any]],
    wrong: NDArray[np.bool_],
    label: Axis,
    prediction: Axis,
    effect: Callable[[int, int], float],
) -> tuple[Confusion, ...]:
    by_label = sums[0]
    totals = [values.sum(axis=1) for values in sums]
    i, j = np.nonzero(by_label * wrong)
    n = by_label[i, j]
    frequent_first = np.argsort(-n, kind="stable")
    return tuple(
        Confusion(
            label.texts[a],
            prediction.texts[b],
            k,
            share(rows_at(sums, (a, b)), rows_at(totals, a), effect(label.codes[a], prediction.codes[b])),
        )
        for a, b, k in zip(*(values[frequent_first].tolist() for values in (i, j, n)), strict=True)
    )


def _column_names(rows: Axis, columns: Axis) -> tuple[str, str]:
    """Names for the frame: those of the axes, unless they collide with each other or with the numbers."""
    first, second = ("prediction" if side.key == "prediction" else side.name for side in (rows, columns))
    taken = {"n"} | {f"share_of_{name}{end}" for name in (first, second) for end in ("", "_low", "_high")}
    return ("row", "column") if first == second or taken & {first, second} else (first, second)


def shares(
    of: str, n: Counts, total: Counts, effect: NDArray[np.float64] | float = 1.0
) -> dict[str, NDArray[np.float64]]:
    """Columns of which share of a total each count is, with Wilson's interval, which groups of rows widen."""
    low, high = (
        np.where(np.isfinite(effect), limit, np.nan) for limit in wilson_bounds(n / effect, total / effect)
    )
    enough = total >= MIN_N
    share = n / np.maximum(total, 1)
    columns = {"": share, "_low": low, "_high": high}
    return {f"share_of_{of}{end}": np.where(enough, values, np.nan) for end, values in columns.items()}
