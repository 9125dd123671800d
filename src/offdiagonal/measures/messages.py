"""What the page asks of measures, and what it is answered: some results at a time, for it to ask on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from offdiagonal.clauses import Clause
from offdiagonal.errors import MessageError
from offdiagonal.measures.task import Result
from offdiagonal.measures.work import Measures
from offdiagonal.stats.bootstrap import RESAMPLES
from offdiagonal.stats.measured import Measured

UNSAVED = "run its notebook for the error"


def answer(measures: Measures, content: Mapping[str, Any], clauses: Sequence[Clause]) -> dict[str, Any]:
    """Some of the measures of a table, or of the slices of one measure.

    Parameters
    ----------
    measures
        What is known of them.
    content
        ``measures``: their places; ``slices``: the one that is asked of each slice, or null; ``work`` and ``start``:
        how far an earlier answer came; ``slow``: whether intervals are drawn that take long.
    clauses
        The selection.

    Raises
    ------
    MessageError
        If it asks for what there is not.
    """
    ids, chosen = content.get("measures"), content.get("slices")
    known = range(len(measures.known))
    if (
        not isinstance(ids, list)
        or not all(type(i) is int and i in known for i in ids)
        or len(set(ids)) < len(ids)
    ):
        raise MessageError("measures must be a list of those that there are, each once")
    if chosen is not None and not (type(chosen) is int and chosen in known):
        raise MessageError("there is no such measure to slice by")
    work = measures.table(ids, clauses) if chosen is None else measures.slices(chosen, clauses)
    start = content.get("start")
    if type(start) is not int or not 0 <= start <= 2 * len(work.tasks) or content.get("work") != work.id:
        start = 0
    found = work.advance(start, slow=content.get("slow") is True)
    if chosen is None:
        labels: list[tuple[str, int]] = labels_of(ids, len(work.tasks))
    else:
        labels = [(place.key, place.code) for place in measures.places(clauses)]
    return {
        "type": "measures",
        "work": work.id,
        "from": start,
        "results": [[*labels[i], result_json(result)] for i, result in found.results.items()],
        "next": found.next,
        "steps": found.steps,
        "drawn": found.drawn,
        "of": RESAMPLES,
        "held": found.held,
    }


def labels_of(ids: Sequence[int], many: int) -> list[tuple[str, int]]:
    """Of which rows, and of which measure, each task of a table is."""
    return [*(("all", i) for i in ids), *(("selected", i) for i in ids)][:many]


def measured_json(found: Measured, *, public: bool = False) -> dict[str, Any]:
    """A measure as the page takes it; the errors of a function may hold anything, and are not saved."""
    own = found.measure
    why = UNSAVED if public and found.failed else found.why
    said = {"why": why} if why else {}
    flags = {name: True for name in ("pending", "failed") if getattr(found, name)}
    return {
        "value": own.value,
        "low": own.low,
        "high": own.high,
        "n": own.n,
        "method": own.method,
        **said,
        **flags,
    }


def result_json(result: Result, *, public: bool = False) -> dict[str, Any]:
    """A result as the page takes it."""
    difference = result.difference
    more = {} if difference is None else {"difference": measured_json(difference, public=public)}
    return {"value": measured_json(result.value, public=public), **more}
