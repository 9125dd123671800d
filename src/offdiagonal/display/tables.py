"""Counts of a session as the views ask for them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.engine import (
    Engine,
    Kind,
    Question,
    class_counts,
    class_of,
    matrix_effects,
    score_effects,
    slice_effects,
)
from offdiagonal.splits import split_clauses, split_codes
from offdiagonal.stats.cells import Cells
from offdiagonal.stats.clustered import LevelEffects, MatrixEffects, no_cells
from offdiagonal.table.meta import Meta


class SelectedTables:
    """One Evaluation's counts under some clauses; ``public`` leaves private fields out, for what is saved."""

    def __init__(self, engine: Engine, clauses: Sequence[Clause], *, public: bool) -> None:
        self._engine = engine
        self._clauses = tuple(clauses)
        self._fields = {clause.field for clause in clauses}
        self._slices = {item.key for item in engine.meta.slices}
        self._questions: dict[tuple[bool | str, ...], Question] = {}
        self._meta = _public(engine.meta) if public else engine.meta
        self._hidden = public and engine.table.private_groups
        """Whether what groups do to the numbers of slices may not be told."""
        self._split = split_clauses(clauses, engine.meta)

    @property
    def meta(self) -> Meta:
        """The description of the table."""
        return self._meta

    @property
    def amounts(self) -> Collection[str]:
        """What can be added up beside the number of rows, by name."""
        return self._engine.amounts.keys()

    @property
    def split(self) -> tuple[int, ...] | None:
        """Codes of the splits in force."""
        return split_codes(self._clauses, self._engine.meta)

    def tabulate(
        self, by: Sequence[str], without: str | tuple[str, ...] = (), whole: bool = False
    ) -> NDArray[Any]:
        """Count the selected rows by dims, or add up the amount named first."""
        left_out = (without,) if isinstance(without, str) else without
        klass = class_of(by, self._engine.table)
        if klass is not None:
            return class_counts(self._engine, klass, self._without(left_out, whole))
        return self._question(left_out, whole).tabulate(by)

    def score_effects(self, *, whole: bool) -> Mapping[str, float]:
        """By how much groups of rows widen the interval of each number of the header."""
        if self._engine.table.group is None:
            return {}
        return score_effects(self._engine, self._without((), whole))

    def slice_effects(self, keys: Sequence[str], kind: Kind, label: int = 0) -> Mapping[str, LevelEffects]:
        """The same of the levels of columns and slices."""
        if self._engine.table.group is None:
            return {}
        if self._hidden:
            return {key: LevelEffects(*np.full((2, self._engine.sizes[key]), np.inf)) for key in keys}
        return slice_effects(self._engine, keys, self._clauses, kind, label)

    def cells(self, without: str | tuple[str, ...] = (), whole: bool = False) -> Cells:
        """The cells of label and prediction that occur among the selected rows, with counts and weights."""
        tile = self._question((without,) if isinstance(without, str) else without, whole).cells()
        weights = [tile.sums[name] for name in ("w", "ww") if self.meta.weighted and name in tile.sums]
        label, prediction = tile.codes
        return Cells(len(self.meta.classes), label, prediction, [tile.n, *weights])

    def matrix_effects(self, rows: str, columns: str, without: tuple[str, ...]) -> MatrixEffects | None:
        """The same of the cells of a matrix."""
        if self._engine.table.group is None:
            return None
        if self._hidden:
            return no_cells(*(self._engine.sizes[side] for side in (rows, columns)))
        return matrix_effects(self._engine, rows, columns, self._without(without, whole=False))

    def outcomes(
        self, dims: Sequence[str], without: str | tuple[str, ...] = (), amount: str = ""
    ) -> list[NDArray[Any]]:
        """Count the selected rows by each of some dims and the outcome, without the clause of its own."""
        if amount:
            left = (without,) if isinstance(without, str) else without
            fields = ["slice" if dim in self._slices else dim for dim in dims]
            return [
                self.tabulate([amount, dim, "outcome"], (field, *left))
                for dim, field in zip(dims, fields, strict=True)
            ]
        left_out = (without,) if isinstance(without, str) else without
        counts = self._question(left_out).outcomes(dims)
        for i, dim in enumerate(dims):
            own = "slice" if dim in self._slices else dim
            if own in self._fields:
                counts[i] = self._question((own, *left_out)).tabulate([dim, "outcome"])
        return counts

    def _question(self, without: tuple[str, ...], whole: bool = False) -> Question:
        key: tuple[bool | str, ...] = (whole, *(field for field in without if field in self._fields))
        if key not in self._questions:
            self._questions[key] = self._engine.question(self._without(without, whole))
        return self._questions[key]

    def _without(self, fields: tuple[str, ...], whole: bool) -> list[Clause]:
        return [c for c in (self._split if whole else self._clauses) if c.field not in fields]


def _public(meta: Meta) -> Meta:
    return dataclasses.replace(
        meta,
        fields=tuple(f for f in meta.fields if not f.private),
        slices=tuple(s for s in meta.slices if not s.private),
        columns=tuple(c for c in meta.columns if not c.private),
    )
