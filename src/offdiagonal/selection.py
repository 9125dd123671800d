"""The selection: the clauses now in force, at most one a field; one per Evaluation, shared by all its views."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause, RowsClause, SliceClause
from offdiagonal.code import selection_code
from offdiagonal.errors import OffdiagonalError
from offdiagonal.splits import split_clauses
from offdiagonal.where import Rows, clauses_of, field_keys

log = logging.getLogger("offdiagonal")

UNDO_LIMIT = 200

Clauses = tuple[Clause, ...]


class Selection:
    """The rows now selected.

    ``len(selection)`` is how many; ``selection.frame()`` is what they are.

    Examples
    --------
    >>> import offdiagonal as od
    >>> ev = od.Evaluation({"label": ["ham", "spam", "spam"], "prediction": ["ham", "ham", "spam"]})
    >>> ev.selection.where(label="spam", correct=False)
    <1 of 3 examples: ev.selection.clear().where(label='spam', correct=False)>
    >>> ev.selection.indices
    array([1])
    """

    def __init__(self, rows: Callable[[], Rows], start: Clauses = ()) -> None:
        self._rows = rows
        self._clauses = start
        self._past: list[Clauses] = []
        self._observers: list[Callable[[Selection], object]] = []
        self._lock = threading.RLock()

    @property
    def clauses(self) -> Clauses:
        """The clauses in force."""
        return self._clauses

    @property
    def steps(self) -> int:
        """How many changes ``undo`` can take back."""
        return len(self._past)

    @property
    def masks(self) -> list[RowsClause]:
        """The masks over rows that are in force or were before, the latest first."""
        with self._lock:
            states = [self._clauses, *reversed(self._past)]
        found = [clause for clauses in states for clause in clauses if isinstance(clause, RowsClause)]
        return list(dict.fromkeys(found))

    def where(
        self,
        *,
        label: Any = None,
        prediction: Any = None,
        cells: Iterable[tuple[Any, Any]] | None = None,
        correct: bool | None = None,
        slice: str | Iterable[str] | None = None,
        confidence: tuple[float, float] | None = None,
        text: str | None = None,
        columns: Mapping[Any, Any] | None = None,
        rows: Any = None,
    ) -> Selection:
        """Select rows: replaces the clauses of the fields it names and keeps the others.

        Parameters
        ----------
        label, prediction
            A class or a list of classes: a row, a column or a cell of the matrix. ``[None]``: the missing ones.
        cells
            Pairs (label, prediction); each side a class, a list of classes, or ``...`` for all of them.
        correct
            True for right, False for wrong predictions; rows without a label are neither.
        slice
            A slice's name, or several: any of them.
        confidence
            Interval (low, high) of the probability of the predicted class.
        text
            What the text contains, whatever the case.
        columns
            Column name to a value, an interval (low, high), or a list of those: any of them. An interval holds its
            low end and not its high one, unless that is the maximum; None leaves an end open. Of a column of times
            ``"2024-01-05"`` is the whole day, ``"2024-01"`` the month; a time with seconds is that moment.
        rows
            A boolean mask over all rows, or positions; of a pandas Index the rows that have its labels.

        Returns
        -------
        The selection itself.

        Raises
        ------
        SelectionError
            If something named does not exist.
        IndexMismatchError
            If ``rows`` is a pandas Series with another index than the table.
        """
        new = clauses_of(
            self._rows(),
            label=label,
            prediction=prediction,
            cells=cells,
            correct=correct,
            slice=slice,
            confidence=confidence,
            text=text,
            columns=columns,
            rows=rows,
        )
        fields = {clause.field for clause in new}
        return self._change(lambda now: (*(c for c in now if c.field not in fields), *new))

    def clear(self, *fields: str) -> Selection:
        """Drop the clauses of the named fields (``cell``, ``slice`` ... or a column), or all but that on the split."""
        meta = self._rows().meta
        if not fields:
            return self._change(lambda now: split_clauses(now, meta))
        keys = {key for field in fields for key in field_keys(meta, field)}
        return self._change(lambda now: tuple(c for c in now if c.field not in keys))

    def undo(self) -> Selection:
        """Go back to the selection before the last change."""
        with self._lock:
            if not self._past:
                return self
            self._clauses = self._past.pop()
        self._tell()
        return self

    def replace(self, clauses: Sequence[Clause]) -> Selection:
        """Put these clauses in force instead of the present ones."""
        return self._change(lambda _: tuple(clauses))

    def renewed(self, name: str) -> None:
        """A slice holds other rows now: who observes is told where it is in force."""
        if any(isinstance(clause, SliceClause) and name in clause.names for clause in self._clauses):
            self._tell()

    def frame(self) -> Any:
        """The selected rows, in the type of the given table."""
        return self._rows().take(self.indices)

    @property
    def indices(self) -> NDArray[np.int64]:
        """Positions of the selected rows in the given table, sorted, as int64."""
        return self._rows().indices(self._clauses)

    def __len__(self) -> int:
        """How many rows are selected."""
        return self._rows().count(self._clauses)

    def __bool__(self) -> bool:
        """Whether anything is selected by: without clauses all rows of the split are in view."""
        return len(self._clauses) > len(split_clauses(self._clauses, self._rows().meta))

    def code(self, name: str = "ev") -> str:
        """A Python expression that restores the selection, for the Evaluation called ``name``."""
        return selection_code(self._clauses, self._rows().meta, name)

    def observe(self, function: Callable[[Selection], object]) -> Callable[[], None]:
        """Call ``function(selection)`` after every change.

        Returns
        -------
        A function that ends it.

        Raises
        ------
        OffdiagonalError
            If it cannot be called.
        """
        if not callable(function):
            raise OffdiagonalError(f"observe takes a function of the selection, not {function!r:.80}")
        self._observers.append(function)

        def end() -> None:
            if function in self._observers:
                self._observers.remove(function)

        return end

    def __repr__(self) -> str:
        """How many rows, and why; a notebook saves it, so nothing private is told."""
        meta = self._rows().meta
        why = selection_code(self._clauses, meta, meta.variable, public=True)
        n = self._rows().count(split_clauses(self._clauses, meta))
        return f"<{len(self):,} of {n:,} examples: {why}>"

    def _change(self, change: Callable[[Clauses], Clauses]) -> Selection:
        with self._lock:
            clauses = change(self._clauses)
            if clauses == self._clauses:
                return self
            self._past.append(self._clauses)
            del self._past[:-UNDO_LIMIT]
            self._clauses = clauses
        self._tell()
        return self

    def _tell(self) -> None:
        for observer in list(self._observers):
            try:
                observer(self)
            except Exception:
                log.exception("an observer of the selection failed")
