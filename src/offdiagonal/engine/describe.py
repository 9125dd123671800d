"""What the browser is told of an Evaluation: everything but its rows and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from offdiagonal.engine.scores import regression_scores, table_auc
from offdiagonal.table.encode import literals
from offdiagonal.table.meta import LossField, Meta, SliceField
from offdiagonal.table.order import similarity_order
from offdiagonal.table.table import Table


@dataclass(frozen=True)
class Description:
    """What stays the same of one Evaluation whatever slices it gets."""

    table: Table
    evaluation: str
    created: float
    name: str
    named: bool

    def meta(self, version: int, slices: Sequence[SliceField]) -> Meta:
        """The description with the slices of now."""
        table = self.table
        known = literals(table.labels.known, table.class_texts[: len(table.labels.known)])
        return Meta(
            evaluation=self.evaluation,
            fingerprint=self._fingerprint,
            created=self.created,
            version=version,
            name=self.name,
            named=self.named,
            variable="ev" if table.evaluated else "dataset",
            n=table.n,
            model=table.labels.model,
            classes=table.class_texts,
            class_python=tuple(known) if table.missing is None else (*known, "None"),
            missing=table.missing,
            positive=table.positive,
            order=self._order,
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
        )

    @cached_property
    def _fingerprint(self) -> str:
        return self.table.fingerprint(self.name)

    @cached_property
    def _order(self) -> tuple[int, ...]:
        table = self.table
        k = len(table.classes)
        if not table.labels.model:
            frequent = np.argsort(-np.bincount(table.label, minlength=k), kind="stable").tolist()
            return tuple(sorted(frequent, key=lambda code: code == table.missing))
        cells = table.label.astype(np.int64) * k + table.prediction
        return similarity_order(np.bincount(cells, minlength=k * k).reshape(k, k), table.missing)

    @cached_property
    def _loss(self) -> LossField | None:
        loss = self.table.loss
        if loss is None:
            return None
        label, prediction = (None, None) if loss.sides is None else (f"c{side}" for side in loss.sides)
        scores = tuple(
            (name, measure.value, measure.low, measure.high, measure.n, measure.method)
            for name, measure in regression_scores(self.table, None)
            if measure.value is not None
        )
        return LossField(loss.name, f"c{loss.shown}", label, prediction, scores)

    @cached_property
    def _auc(self) -> tuple[float, float | None, float | None, int] | None:
        measure = table_auc(self.table, None)
        if measure is None or measure.value is None:
            return None
        return measure.value, measure.low, measure.high, measure.n
