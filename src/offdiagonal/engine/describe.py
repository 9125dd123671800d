"""What the browser is told of an Evaluation: everything but its rows and counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.sparse import occurring
from offdiagonal.engine.scores import regression_scores, table_auc
from offdiagonal.stats.cells import Cells
from offdiagonal.stats.classification import macro_f1
from offdiagonal.table.encode import literals
from offdiagonal.table.meta import GRID_CLASSES, Area, Known, LossField, Meta, SliceField, SplitField
from offdiagonal.table.order import similarity_order
from offdiagonal.table.splits import first_split, split_field
from offdiagonal.table.table import Table


@dataclass(frozen=True)
class Description:
    """What stays the same of one Evaluation whatever slices it gets."""

    table: Table
    evaluation: str
    created: float
    name: str
    named: bool
    first: Description | None = None
    """Of the predictions that were given, where the table now has those of another checkpoint."""
    moment: str = ""
    """Of which checkpoint the predictions are."""

    def meta(self, version: int, slices: Sequence[SliceField]) -> Meta:
        """The description with the slices of now."""
        table = self.table
        known = literals(table.labels.known, table.class_texts[: len(table.labels.known)])
        return Meta(
            evaluation=self.evaluation,
            fingerprint=self.fingerprint,
            created=self.created,
            version=version,
            name=f"{self.name}, {self.moment}" if self.moment else self.name,
            named=self.named,
            variable="ev" if table.evaluated else "dataset",
            n=table.n,
            model=table.labels.model,
            classes=table.class_texts,
            class_python=tuple(known) if table.missing is None else (*known, "None"),
            missing=table.missing,
            positive=table.positive,
            order=self.order,
            fields=table.fields,
            slices=tuple(slices),
            confidence=table.confidence is not None,
            why_no_confidence=table.why_no_confidence,
            score=None if table.score is None else "score",
            text=f"c{table.roles['text']}" if "text" in table.roles else None,
            columns=table.columns,
            auc=self._auc,
            notes=table.notes,
            loss=self._loss,
            weighted=table.weight is not None,
            split=self._split,
            groups=table.group is not None,
            macro=self._macro,
        )

    @cached_property
    def fingerprint(self) -> str:
        """What tells the Evaluation from others, whatever checkpoint it shows."""
        return self.table.fingerprint(self.name) if self.first is None else self.first.fingerprint

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The classes in the order of the matrix, which stays when another checkpoint is shown."""
        if self.first is not None:
            return self.first.order
        table = self.table
        k = len(table.classes)
        if not table.labels.model:
            frequent = np.argsort(-np.bincount(table.label, minlength=k), kind="stable").tolist()
            return tuple(sorted(frequent, key=lambda code: code == table.missing))
        if k > GRID_CLASSES:
            return tuple(range(k))
        cells = table.label.astype(np.int64) * k + table.prediction
        return similarity_order(np.bincount(cells, minlength=k * k).reshape(k, k), table.missing)

    @cached_property
    def _loss(self) -> LossField | None:
        loss = self.table.loss
        if loss is None:
            return None
        label, prediction = (None, None) if loss.sides is None else (f"c{side}" for side in loss.sides)
        return LossField(loss.name, f"c{loss.shown}", label, prediction, _scores(self.table, None))

    @cached_property
    def _auc(self) -> Area | None:
        return _area(self.table, None)

    @cached_property
    def _macro(self) -> Area | None:
        table = self.table
        if len(table.classes) <= GRID_CLASSES or not table.labels.model:
            return None
        k = len(table.classes)
        cells, place, n = occurring(table.label, table.prediction, k)
        effect = 1.0 if table.group is None else math.inf
        weight = [] if table.weight is None else [table.weight, table.weight**2]
        sums = [np.bincount(place, values, len(cells)) for values in weight]
        measure = macro_f1(Cells(k, *np.divmod(cells, k), [n, *sums]), table.missing, effect=effect)
        return None if measure.value is None else (measure.value, measure.low, measure.high, measure.n)

    @cached_property
    def _split(self) -> SplitField | None:
        table = self.table
        field = split_field(table.fields, table.roles)
        if field is None:
            return None
        masks = [table.field_codes[field.key] == code for code in range(len(field.levels))]
        return SplitField(
            field.key,
            first_split(field),
            tuple(_area(table, mask) for mask in masks),
            tuple(_scores(table, mask) for mask in masks),
        )


def _area(table: Table, mask: NDArray[np.bool_] | None) -> Area | None:
    measure = table_auc(table, mask)
    if measure is None or measure.value is None:
        return None
    return measure.value, measure.low, measure.high, measure.n


def _scores(table: Table, mask: NDArray[np.bool_] | None) -> tuple[Known, ...]:
    return tuple(
        (name, measure.value, measure.low, measure.high, measure.n, measure.method)
        for name, measure in regression_scores(table, mask)
        if measure.value is not None
    )
