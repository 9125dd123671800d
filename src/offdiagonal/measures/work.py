"""Measures under a selection and of each slice: found step by step, so that no kernel is held up, and kept."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import count
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.engine import Engine
from offdiagonal.errors import MeasureError
from offdiagonal.measures.given import MOST, Measuring, measures_of
from offdiagonal.measures.names import usual
from offdiagonal.measures.rows import Part, Rows
from offdiagonal.measures.task import Result, Task
from offdiagonal.splits import split_clauses

AT_ONCE = 0.1
"""So many seconds a kernel is held by one message."""
UNASKED = 4.0
"""Intervals that take longer in all are drawn when they are asked for."""
KEPT_TASKS, KEPT_WORKS = 4096, 24

T = TypeVar("T")
_ids = count(1)


@dataclass(frozen=True)
class Place:
    """A slice: the dim that tells who is in it, and the code there."""

    key: str
    code: int
    field: str
    """The field of its own clause, which it leaves out."""


@dataclass(frozen=True)
class Answer:
    """What was found since a step."""

    results: dict[int, Result]
    next: int
    steps: int
    drawn: int
    """Resamples of the interval that is being drawn."""
    held: float | None
    """Seconds that the other intervals take, where they are only drawn when asked for."""


class Work:
    """Some tasks: first all values, then the intervals that have to be drawn, the quick ones first."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self.tasks = list(tasks)
        self.id = next(_ids)
        """Steps are those of this work alone."""
        self.tried = False
        """Whether what is saved has waited for its intervals."""

    @cached_property
    def _order(self) -> list[int]:
        """Known when all values are: those that are drawn already come first in any case."""
        return sorted(range(len(self.tasks)), key=lambda i: self.tasks[i].cost)

    def advance(self, start: int, *, slow: bool, seconds: float = AT_ONCE) -> Answer:
        """Go on from a step for about so many seconds.

        Parameters
        ----------
        start
            The first step that is not known yet.
        slow
            Whether intervals are drawn that take long.
        seconds
            How long.
        """
        many, results, held = len(self.tasks), {}, None
        deadline = time.perf_counter() + seconds
        step = start
        while step < 2 * many:
            place = step if step < many else self._order[step - many]
            task = self.tasks[place]
            task.start()
            if step >= many:
                left = sum(self.tasks[i].cost for i in self._order[step - many :])
                if not slow and task.cost and left > UNASKED:
                    held = left
                    break
                if not task.draw(deadline):
                    break
            assert task.result is not None
            results[place] = task.result
            step += 1
            if time.perf_counter() > deadline:
                break
        drawn = self.tasks[self._order[step - many]].drawn if many <= step < 2 * many else 0
        return Answer(results, step, 2 * many, drawn, held)


class Measures:
    """The measures of an Evaluation, and all that was found of them."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._known: list[Measuring] = []
        self._tasks: OrderedDict[Hashable, Task] = OrderedDict()
        self._works: OrderedDict[Hashable, Work] = OrderedDict()
        self._rows: Rows | None = None

    @property
    def rows(self) -> Rows:
        """The rows that are measured."""
        table = self._engine().table
        if self._rows is None or self._rows.table is not table:
            self._rows = Rows(table)
        return self._rows

    @property
    def known(self) -> tuple[Measuring, ...]:
        """All of them; a measure is called by its place."""
        return tuple(self._known)

    def put(self, given: Any = None) -> list[int]:
        """Take measures; the same one again keeps its place.

        Parameters
        ----------
        given
            As the user gives them; None: the usual ones.

        Raises
        ------
        MeasureError
            If one of them is none, or there are too many.
        """
        found = list(usual(self.rows.whole)) if given is None else measures_of(given)
        names = [one.name for one in found]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise MeasureError(
                f"two measures are called {twice!r}; give a dict of names: measures={{{twice!r}: ...}}"
            )
        new = [one for one in found if one not in self._known]
        if len(self._known) + len(new) > MOST:
            raise MeasureError(
                f"more than {MOST} measures of one Evaluation; make another one for the others"
            )
        self._known += new
        return [self._known.index(one) for one in found]

    def table(self, ids: Sequence[int], clauses: Sequence[Clause]) -> Work:
        """The measures of all rows, and where there are clauses of those that satisfy them, against the rest.

        One split at a time: where a clause is on it, all rows are those of the split.
        """
        split = split_clauses(clauses, self._engine().meta)
        selected = clauses if len(clauses) > len(split) else ()
        return self._work(
            ("table", *ids), clauses, lambda: [*self._whole(ids, split), *self._selected(ids, selected)]
        )

    def slices(self, measure: int, clauses: Sequence[Clause]) -> Work:
        """A measure of each slice of the rows that satisfy the clauses, against the rest of them."""
        return self._work(
            ("slices", measure),
            clauses,
            lambda: [self._slice(measure, p, clauses) for p in self.places(clauses)],
        )

    def places(self, clauses: Sequence[Clause]) -> list[Place]:
        """The slices, in the order of the columns: not the split, where one of them is all that is shown."""
        meta = self._engine().meta
        shown = {clause.field for clause in split_clauses(clauses, meta)}
        fields = [
            Place(field.key, code, field.key)
            for field in meta.fields
            if field.key not in shown
            for code in range(len(field.levels))
        ]
        return [*fields, *(Place(part.key, 1, "slice") for part in meta.slices)]

    def one(self, measure: int, clauses: Sequence[Clause]) -> Task:
        """A measure of the rows that satisfy the clauses."""
        return self._selected([measure], clauses)[0] if clauses else self._whole([measure], ())[0]

    def _whole(self, ids: Sequence[int], split: Sequence[Clause]) -> list[Task]:
        part = partial(self._part, split) if split else lambda: self.rows.whole
        return [self._task(("all", i, *split), partial(Task, self._known[i], part)) for i in ids]

    def _selected(self, ids: Sequence[int], clauses: Sequence[Clause]) -> list[Task]:
        if not clauses:
            return []
        part, rest = partial(self._part, clauses), partial(self._part, clauses, outside=True)
        return [self._task((i, *clauses), partial(Task, self._known[i], part, rest)) for i in ids]

    def _slice(self, measure: int, place: Place, clauses: Sequence[Clause]) -> Task:
        kept = tuple(clause for clause in clauses if clause.field != place.field)
        part, rest = partial(self._inside, place, kept), partial(self._inside, place, kept, outside=True)
        return self._task((measure, place, *kept), lambda: Task(self._known[measure], part, rest))

    def _part(self, clauses: Sequence[Clause], *, outside: bool = False) -> Part:
        engine = self._engine()
        mask, split = engine.mask(clauses), split_clauses(clauses, engine.meta)
        if not outside:
            return self.rows.part(mask)
        return self.rows.part(~mask & engine.mask(split) if split else ~mask)

    def _inside(self, place: Place, clauses: Sequence[Clause], *, outside: bool = False) -> Part:
        engine = self._engine()
        mask: NDArray[np.bool_] = engine.codes[place.key] == place.code
        mask = ~mask if outside else mask
        return self.rows.part(mask & engine.mask(clauses) if clauses else mask)

    def _task(self, key: tuple[Hashable, ...], make: Callable[[], Task]) -> Task:
        return _kept(self._tasks, (self._engine().meta.version, *key), make, KEPT_TASKS)

    def _work(self, key: Hashable, clauses: Sequence[Clause], tasks: Callable[[], list[Task]]) -> Work:
        whole = (self._engine().meta.version, key, tuple(clauses))
        return _kept(self._works, whole, lambda: Work(tasks()), KEPT_WORKS)


def _kept(cache: OrderedDict[Hashable, T], key: Hashable, make: Callable[[], T], most: int) -> T:
    """What was made for a key; of what was used longest ago most is forgotten."""
    if key not in cache:
        cache[key] = make()
    cache.move_to_end(key)
    while len(cache) > most:
        cache.popitem(last=False)
    return cache[key]


def finished(work: Work) -> list[Result]:
    """All results, however long they take."""
    return [task.finish() for task in work.tasks]
