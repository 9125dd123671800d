"""The columns that are metadata, as fields to select by and as columns of the grid."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.table.bins import even_edges, quantile_edges
from offdiagonal.table.encode import Codes, object_kind
from offdiagonal.table.fields import NUMBERS, make_field, selectable, why_not_binned
from offdiagonal.table.given import Given
from offdiagonal.table.lengths import length_field
from offdiagonal.table.losses import Loss
from offdiagonal.table.meta import ColumnKind, Field, GridColumn
from offdiagonal.table.names import ColumnName, column_names
from offdiagonal.table.source import Source
from offdiagonal.table.value_notes import value_notes

SLICE_ROLES = ("group", "time", "source", "split")
OUTCOMES = ("label", "prediction", "residual", "loss")
"""Roles of columns that stand before all metadata: what the views are about where there are no classes."""

NO_FIELD = ("id", "weight")
"""Roles of columns that nothing is sliced by."""
SIDE_BINS = 8
"""Of a regression's label and prediction, which are cut alike."""


class Metadata:
    """The columns that are metadata, as fields to select by and as columns of the grid.

    Parameters
    ----------
    source
        The rows.
    given
        Where the roles stand.
    notes
        Gets what is found odd.
    loss
        What says how wrong a row is, where it is no class.
    """

    def __init__(self, source: Source, given: Given, notes: list[str], loss: Loss | None) -> None:
        self.fields: list[Field] = []
        self.codes: dict[str, Codes] = {}
        self.zones: dict[str, str] = {}
        self.lengths: list[str] = []
        self.text: list[GridColumn] = []
        self.rest: list[GridColumn] = []
        self._notes = notes
        self._edges = _edges(source, loss)
        roles = {position: role for role, position in given.roles.items()}
        shown = [position for position in range(len(source.names)) if position not in given.hidden]
        names = column_names([source.names[i] for i in shown], [i in given.private for i in shown], notes)
        self._names = {name.text for name in names}
        for position, name in zip(shown, names, strict=True):
            self._add(source, position, name, roles.get(position), position in given.private)
        self.lengths = [key for key in self.lengths if not self._twice(key)]
        self.fields = [field for field in self.fields if field.key in self.codes]
        self.fields.sort(key=lambda field: field.key in self.lengths)  # what is made of a column comes last
        self.rest.sort(key=lambda c: OUTCOMES.index(c.role) if c.role in OUTCOMES else len(OUTCOMES))

    def _twice(self, key: str) -> bool:
        """Whether a column of the user's holds the lengths of a text already; then they are no field of their own."""
        own = next(field for field in self.fields if field.key == key)
        ends = [(level.low, level.high) for level in own.levels]
        for field in self.fields:
            other = field.key != key and field.private == own.private
            same = other and [(level.low, level.high) for level in field.levels] == ends
            if same and np.array_equal(self.codes[field.key], self.codes[key]):
                del self.codes[key]
                return True
        return False

    def _add(self, source: Source, position: int, name: ColumnName, role: str | None, private: bool) -> None:
        key = f"c{position}"
        if role == "image":
            self.text.insert(0, GridColumn(key, name.text, "image", role, private))
            return
        if role == "audio":
            self.text.append(GridColumn(key, name.text, "audio", role, private))
            return
        values = source.values(position)
        called = "a private column" if private else f"column {name.text!r}"
        self._notes += value_notes(values, called)
        if (remark := source.remark(position)) is not None:
            self._notes.append(f"{called} {remark}")
        if role == "text":
            self.text.append(GridColumn(key, name.text, "text", role, private))
            made = length_field(key, name.text, values, self._names, private=private)
            self._put(key, made)
            self.lengths += [] if made is None else [key]
            return
        found = selectable(values, role, source.zone(position))
        if found.lost:
            self._notes.append(
                f"{found.lost:,} of {source.n:,} values of {called} are no times: they count as missing"
            )
        if found.zone is not None:
            self._notes.append(f"times of {called} are those of {found.zone}")
            self.zones[key] = found.zone
        self.rest.append(GridColumn(key, name.text, _kind(found.values), role, private))
        if role in NO_FIELD:
            return
        field = Field(key, name.text, name.python, "category", (), role, private)
        made = make_field(field, found.values, source.order(position), self._edges.get(position))
        self._put(key, made)
        if made is not None:
            return
        if role in SLICE_ROLES and role != "group" and source.n:
            self._notes.append(
                f"{called} ({role}) has too many values, or only one: it is not shown as slices"
            )
        elif (why := why_not_binned(found.values)) is not None:
            self._notes.append(f"{called} is not shown as slices: {why}")

    def _put(self, key: str, made: tuple[Field, Codes] | None) -> None:
        if made is not None:
            self.fields.append(made[0])
            self.codes[key] = made[1]


def _edges(source: Source, loss: Loss | None) -> dict[int, list[float]]:
    """Edges of the columns that are not cut on their own: a regression's two sides, and what is drawn as histogram."""
    if loss is None:
        return {}
    edges = {}
    if (finite := _finite(source.values(loss.shown))).size:
        edges[loss.shown] = even_edges(finite)
    if loss.sides is not None:
        both = np.concatenate([_finite(source.values(side)) for side in loss.sides])
        if both.size:
            edges |= dict.fromkeys(loss.sides, quantile_edges(both, SIDE_BINS))
    return edges


def _finite(values: NDArray[Any]) -> NDArray[np.float64]:
    numbers = values.astype(np.float64)
    return numbers[np.isfinite(numbers)]


def _kind(values: NDArray[Any]) -> ColumnKind:
    kinds: dict[str, ColumnKind] = {"M": "time", "i": "number", "u": "number", "f": "number", "b": "category"}
    if values.dtype == object and object_kind(values) in NUMBERS:
        return "number"
    return kinds.get(values.dtype.kind, "text")
