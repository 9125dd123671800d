"""What the view of measures shows: for the page as JSON, for the still forms as a spec."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

from offdiagonal.clauses import Clause, to_json
from offdiagonal.display.saved import public_clauses, secret_dims
from offdiagonal.display.session import Session
from offdiagonal.measures.given import Measuring
from offdiagonal.measures.messages import UNSAVED, labels_of, result_json
from offdiagonal.measures.task import Result, Task
from offdiagonal.measures.work import Place, Work
from offdiagonal.stats.measured import Measured, absent
from offdiagonal.views.measures import MeasuredSlice, MeasureRow, MeasuresSpec
from offdiagonal.views.slices import level_text

Options = Mapping[str, Any]
SAVE_SECONDS = 1.0
"""So long the saved form waits for intervals; what takes longer is drawn where a kernel is."""
SAVED_SLICES = 80
"""So many results of slices are saved, beside those of the measure that is shown by slice."""
NOT_DRAWN = "no interval: it was not drawn when this was saved"


def described(measures: Sequence[Measuring], ids: Sequence[int]) -> list[dict[str, Any]]:
    """What the page is told of measures, as an option of their view."""
    return [
        {"id": i, "name": measures[i].name, "share": measures[i].share, "better": measures[i].better}
        for i in ids
    ]


def measures_spec(session: Session, options: Options, *, public: bool, seconds: float | None) -> MeasuresSpec:
    """The measures of a view under the selection.

    Parameters
    ----------
    session, options
        What is shown.
    public
        Leave out what is seen live only.
    seconds
        How long to draw intervals; None: until all are there.
    """
    measures, ids = session.measures, _ids(options)
    clauses = _clauses(session, public=public)
    work = measures.table(ids, clauses)
    _take(work, seconds)
    table = work.tasks
    every = measures.places(clauses)
    places = _places(session, every, public=public)
    chosen = options.get("chosen")
    by_slice = None if chosen is None else measures.slices(chosen, clauses)
    if by_slice is not None:
        _take(by_slice, seconds)
    rows = [
        _row(
            measures.known[i],
            _result(whole, public=public),
            [_result(task, public=public) for task in selected],
        )
        for i, whole, *selected in zip(
            ids, table[: len(ids)], *([table[len(ids) :]] if len(table) > len(ids) else []), strict=True
        )
    ]
    found = [
        _slice(session, place, task, public=public)
        for place, task in zip(every, [] if by_slice is None else by_slice.tasks, strict=False)
    ]
    return MeasuresSpec(
        tuple(rows),
        next((row for i, row in zip(ids, rows, strict=True) if i == chosen), None),
        tuple(one for place, one in zip(every, found, strict=False) if place in places),
    )


def saved_measures(session: Session, options: Options) -> dict[str, Any]:
    """What the saved form keeps: the measures of all rows and of the selection, and slices that were measured."""
    measures, ids = session.measures, _ids(options)
    clauses = _clauses(session, public=True)
    last = time.perf_counter() + SAVE_SECONDS
    work = measures.table(ids, clauses)
    chosen = options.get("chosen")
    _take(work, SAVE_SECONDS)
    kept: dict[int, list[list[Any]]] = {}
    for i in sorted(ids, key=lambda i: i != chosen):
        slices = measures.slices(i, clauses)
        if i != chosen and sum(map(len, kept.values())) + len(slices.tasks) > SAVED_SLICES:
            continue
        for task in slices.tasks:
            if i == chosen or time.perf_counter() < last:
                task.start()
        if all(task.result is not None for task in slices.tasks):
            _take(slices, SAVE_SECONDS if i == chosen else max(0.0, last - time.perf_counter()))
            kept[i] = _saved_slices(session, clauses, slices.tasks)
    labels = labels_of(ids, len(work.tasks))
    return {
        "clauses": [to_json(clause) for clause in clauses],
        "table": [
            [*label, result_json(task.result, public=True)]
            for label, task in zip(labels, work.tasks, strict=True)
            if task.result
        ],
        "slices": kept,
    }


def _saved_slices(session: Session, clauses: Sequence[Clause], tasks: Sequence[Task]) -> list[list[Any]]:
    every = session.measures.places(clauses)
    public = _places(session, every, public=True)
    return [
        [place.key, place.code, result_json(task.result, public=True)]
        for place, task in zip(every, tasks, strict=True)
        if place in public and task.result is not None
    ]


def _ids(options: Options) -> list[int]:
    return [one["id"] for one in options["measures"]]


def _clauses(session: Session, *, public: bool) -> tuple[Clause, ...]:
    clauses = session.selection.clauses
    return tuple(public_clauses(session.engine, clauses)) if public else tuple(clauses)


def _places(session: Session, every: Sequence[Place], *, public: bool) -> list[Place]:
    secret = secret_dims(session.engine) if public else set()
    return [place for place in every if place.key not in secret]


def _take(work: Work, seconds: float | None) -> None:
    """All values, and the intervals that are there in time, the quick ones first; time is given once."""
    for task in work.tasks:
        task.start()
    if seconds is not None and work.tried:
        return
    work.tried = True
    deadline = math.inf if seconds is None else time.perf_counter() + seconds
    for task in sorted(work.tasks, key=lambda task: task.cost):
        if time.perf_counter() > deadline:
            return
        task.draw(deadline)


def _result(task: Task, *, public: bool) -> Result:
    assert task.result is not None
    value, difference = task.result.value, task.result.difference
    return Result(
        _still(value, public=public), None if difference is None else _still(difference, public=public)
    )


def _still(found: Measured, *, public: bool) -> Measured:
    if found.failed and public:
        return absent(UNSAVED, failed=True)
    return Measured(found.measure, NOT_DRAWN) if found.pending else found


def _row(measure: Measuring, whole: Result, selected: Sequence[Result]) -> MeasureRow:
    first = selected[0] if selected else None
    return MeasureRow(
        measure.name,
        measure.share,
        measure.better,
        whole.value,
        None if first is None else first.value,
        None if first is None else first.difference,
    )


def _slice(session: Session, place: Place, task: Task, *, public: bool) -> MeasuredSlice:
    meta, result = session.engine.meta, _result(task, public=public)
    assert result.difference is not None
    field = next((field for field in meta.fields if field.key == place.key), None)
    if field is None:
        own = next(part for part in meta.slices if part.key == place.key)
        return MeasuredSlice(place.key, 1, "", own.name, result.value, result.difference, own.private)
    text = level_text(field, field.levels[place.code])
    return MeasuredSlice(
        place.key, place.code, field.name, text, result.value, result.difference, field.private
    )
