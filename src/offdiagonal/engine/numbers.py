"""Numbers of single rows, which counts by slices do not tell: histograms of many bins, and pairs of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.engine.engine import Engine
from offdiagonal.table.axes import FineAxis, fine_axis
from offdiagonal.table.meta import Field

CONFIDENCE = "confidence"
HUES = 3
MARKED, OTHERS, NEITHER = range(HUES)
"""What a row counts as: wrong, right, not judged; before there is a model of one label, of others, of none."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """The rows in view over two columns."""

    x: FineAxis
    y: FineAxis
    points: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]
    """Both numbers and the hue of each row that has both."""
    missing: int
    """Rows that lack a number."""

    def cells(self) -> NDArray[np.int64]:
        """Counts by bin of x, bin of y and hue."""
        x, y, hue = self.points
        key = (self.x.codes(x) * self.y.bins + self.y.codes(y)) * HUES + hue
        size = self.x.bins * self.y.bins * HUES
        return np.bincount(key, minlength=size).reshape(self.x.bins, self.y.bins, HUES).astype(np.int64)


class Numbers:
    """What single rows of one Engine say; the axes last used are kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._values: dict[str, NDArray[np.float64]] = {}
        self._axes: dict[tuple[str, bool | None], FineAxis | None] = {}

    @property
    def fields(self) -> dict[str, Field | None]:
        """What there is a number of, by key; the confidence is no field."""
        found: dict[str, Field | None] = {
            field.key: field for field in self._engine.meta.fields if field.kind != "category"
        }
        return found | ({CONFIDENCE: None} if self._engine.meta.confidence else {})

    def axis(self, key: str, log: bool | None = None) -> FineAxis | None:
        """The axis of a column; None where it has no two numbers."""
        if (key, log) not in self._axes:
            field = self.fields[key]
            kind = "number" if field is None else field.kind
            self._axes[key, log] = fine_axis(self._of(key), kind, log)
        return self._axes[key, log]

    def histogram(self, key: str, axis: FineAxis, clauses: Sequence[Clause]) -> NDArray[np.int64]:
        """How many of the selected rows are in each bin."""
        codes = axis.codes(self._of(key)[self._rows(clauses)])
        return np.bincount(codes[codes >= 0], minlength=axis.bins).astype(np.int64)

    def pairs(
        self,
        keys: tuple[str, str],
        clauses: Sequence[Clause],
        logs: tuple[bool | None, bool | None] = (None, None),
    ) -> Pairs | None:
        """The selected rows over two columns; None where one has no two numbers.

        Parameters
        ----------
        keys
            Of both columns.
        clauses
            What is selected.
        logs
            Whether each axis is logarithmic; default: as its numbers want it.
        """
        axes = [self.axis(key, log) for key, log in zip(keys, logs, strict=True)]
        if axes[0] is None or axes[1] is None:
            return None
        rows = self._rows(clauses)
        x, y = (self._of(key)[rows] for key in keys)
        there = np.isfinite(x) & np.isfinite(y)
        hues = self._hues[rows]
        missing = len(there) - int(there.sum())
        return Pairs(axes[0], axes[1], (x[there], y[there], hues[there]), missing)

    def _of(self, key: str) -> NDArray[np.float64]:
        if key not in self._values:
            table = self._engine.table
            found = table.confidence if key == CONFIDENCE else table.numbers(key)
            assert found is not None
            self._values[key] = found
        return self._values[key]

    def _rows(self, clauses: Sequence[Clause]) -> NDArray[np.bool_]:
        return self._engine.mask(clauses) if clauses else np.ones(self._engine.table.n, dtype=bool)

    @property
    def hue_names(self) -> tuple[str, str, str]:
        """What a row counts as, by hue."""
        meta = self._engine.meta
        if meta.model:
            return "wrong", "right", "not judged"
        label = self._label
        return ("", "examples", "") if label is None else (meta.classes[label], "other labels", "no label")

    @property
    def _label(self) -> int | None:
        """Before there is a model the label whose rows are marked: the positive one, else the most frequent."""
        meta = self._engine.meta
        known = [code for code in meta.order if code != meta.missing]
        if meta.loss is not None or not known:
            return None
        return known[0] if meta.positive is None else meta.positive

    @cached_property
    def _hues(self) -> NDArray[np.uint8]:
        engine, label = self._engine, self._label
        if engine.meta.model:
            return engine.outcome
        codes = engine.table.label
        if label is None:
            return np.full(engine.table.n, OTHERS, dtype=np.uint8)
        hues = np.where(codes == label, MARKED, OTHERS).astype(np.uint8)
        if engine.table.missing is not None:
            hues[codes == engine.table.missing] = NEITHER
        return hues
