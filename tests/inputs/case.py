"""A named input, what must come of it, and how that is checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.display.wire import meta_json
from offdiagonal.pages import Sort
from tests.inputs.kinds import KINDS, Kind, same

LABELS = ("label", ["ham", "spam", "ham", "spam"])
PREDICTIONS = ("prediction", ["ham", "ham", "ham", "spam"])


@dataclass(frozen=True)
class Shown:
    """The input is taken. Without notes that is EXACT; with notes that say what is shown otherwise, NOTED."""

    values: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """By the name that is shown: the values on a page of examples."""
    notes: Sequence[str] = ()
    levels: Sequence[str] | None = None
    """The levels of all columns, in their order."""
    classes: Sequence[str] | None = None
    matrix: Sequence[Sequence[int]] | None = None
    held: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    """By position: what the kind itself makes of values, before we see them."""
    confidence: Sequence[float | None] | None = None


@dataclass(frozen=True)
class Refused:
    """REFUSED: the error says what happened, with the value, and what to do."""

    error: type[od.OffdiagonalError]
    says: str


@dataclass(frozen=True)
class Cannot:
    """The kind cannot hold it: the user's own library refuses before we are asked."""

    error: str
    says: str = ""


Then = Shown | Refused | Cannot


@dataclass(frozen=True)
class Case:
    """One input in all kinds of tables."""

    name: str
    columns: Sequence[tuple[Any, Any]]
    then: Then
    unlike: Mapping[str, Then] = field(default_factory=dict)
    """What must come of it in some kinds, where that differs."""
    options: Mapping[str, Any] = field(default_factory=dict)

    def expected(self, kind: str) -> Then:
        """What must come of it in one kind."""
        return self.unlike.get(kind, self.then)


def value(
    name: str, values: Any, then: Then, unlike: Mapping[str, Then] | None = None, **options: Any
) -> Case:
    """A column x beside labels and predictions."""
    return Case(name, [LABELS, PREDICTIONS, ("x", values)], then, unlike or {}, options)


def shown(values: Sequence[Any], *notes: str, levels: Sequence[str] | None = None, held: Any = None) -> Shown:
    """The column x as it is shown."""
    return Shown({"x": values}, notes, levels, held={} if held is None else {2: held})


def kinds(then: Then, *names: str) -> dict[str, Then]:
    """The same in some kinds."""
    return dict.fromkeys(names, then)


def arrow(then: Then) -> dict[str, Then]:
    """The same in the two kinds that hold Arrow's values."""
    return kinds(then, "pyarrow", "duckdb")


def check(case: Case, name: str) -> None:
    """Make the table, and see that what must come of it does."""
    kind, then = KINDS[name], case.expected(name)
    if isinstance(then, Cannot):
        with pytest.raises(BaseException, match=re.escape(then.says) or None) as raised:
            kind.make(case.columns)
        assert type(raised.value).__name__ == then.error
        return
    table = kind.make(case.columns)
    if isinstance(then, Refused):
        with pytest.raises(od.OffdiagonalError, match=re.escape(then.says)) as refused:
            od.Evaluation(table, **case.options)
        assert type(refused.value) is then.error
        return
    _check_shown(od.Evaluation(table, **case.options), case, then, kind)


def _check_shown(ev: od.Evaluation, case: Case, then: Shown, kind: Kind) -> None:
    meta = ev._engine.meta
    assert list(ev.notes) == [*kind.notes(meta.n), *then.notes]
    rows = ev._session.pages.rows(np.arange(meta.n))
    json.dumps([rows, meta_json(meta, private=True)], ensure_ascii=False, allow_nan=False).encode()
    keys = {column.name: column.key for column in meta.columns}
    for name, expected in then.values.items():
        got = [row["values"][keys[name]] for row in rows]
        assert len(got) == len(expected)
        assert all(map(same, got, expected)), got
    if then.levels is not None:
        assert [level.text for own in meta.fields for level in own.levels] == list(then.levels)
    if then.classes is not None:
        assert list(meta.classes) == list(then.classes)
    if then.matrix is not None:
        assert ev._engine.tabulate(["label", "prediction"], []).tolist() == then.matrix
    if then.confidence is not None:
        assert [row["confidence"] for row in rows] == list(then.confidence)
    _check_held(ev, case, then, kind)
    _check_levels(ev)
    _check_orders(ev)


def _check_held(ev: od.Evaluation, case: Case, then: Shown, kind: Kind) -> None:
    """The rows that come back are the user's own, in all and in part."""
    given = [then.held.get(i, list(values)) for i, (_, values) in enumerate(case.columns)]
    for rows in (range(len(ev)), range(len(ev) - 1, len(ev)) if len(ev) else range(0)):
        back = kind.read(ev.selection.clear().where(rows=list(rows)).frame())
        assert len(back) == len(given)
        for own, whole in zip(back, given, strict=True):
            assert len(own) == len(rows)
            assert all(map(same, own, [whole[i] for i in rows])), own


def _check_levels(ev: od.Evaluation) -> None:
    """Each level selects the rows that it counts, and its code restores it."""
    for own in ev._engine.meta.fields:
        counts = ev._engine.tabulate([own.key], [])
        assert counts.sum() == len(ev)
        for level, count in zip(own.levels, counts, strict=True):
            ev.selection.clear().where(columns={own.name: level.text})
            assert len(ev.selection) == count
            code, found = ev.selection.code("ev"), ev.selection.indices.tolist()
            ev.selection.clear()
            eval(code, {"ev": ev})  # the code is what a user pastes
            assert ev.selection.indices.tolist() == found
    ev.selection.clear()


def _check_orders(ev: od.Evaluation) -> None:
    """Every column sorts all rows, either way."""
    for column in ev._engine.meta.columns:
        for descending in (False, True):
            order = ev._session.pages.indices([], Sort(column.key, descending))
            assert sorted(order.tolist()) == list(range(len(ev)))
