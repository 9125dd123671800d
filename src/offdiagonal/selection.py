"""The selection: the clauses now in force, at most one a field; one per Evaluation, shared by all its views."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.code import selection_code
from offdiagonal.where import Rows, clauses_of, field_key

UNDO_LIMIT = 200


class Selection:
    """The rows now selected.

    ``len(selection)`` is how many; ``selection.frame()`` is what they are.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._clauses: tuple[Clause, ...] = ()
        self._past: list[tuple[Clause, ...]] = []
        self._observers: list[Callable[[Selection], object]] = []
        self._lock = threading.RLock()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses in force."""
        return self._clauses

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
            A class or a list of classes: a row, a column or a cell of the matrix.
        cells
            Pairs (label, prediction).
        correct
            True for right, False for wrong predictions.
        slice
            A slice's name, or several: any of them.
        confidence
            Interval (low, high) of the probability of the predicted class.
        text
            What the text contains, whatever the case.
        columns
            Column name to a value, a list of values, or an interval (low, high).
        rows
            A boolean mask over all rows, or positions.

        Returns
        -------
        The selection itself.

        Raises
        ------
        SelectionError
            If something named does not exist.
        """
        new = clauses_of(
            self._rows,
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
        self._set((*(c for c in self._clauses if c.field not in fields), *new))
        return self

    def clear(self, *fields: str) -> Selection:
        """Drop the clauses of the named fields (``cell``, ``slice`` ... or a column), or all."""
        keys = {field_key(self._rows, field) for field in fields}
        self._set(tuple(c for c in self._clauses if keys and c.field not in keys))
        return self

    def undo(self) -> Selection:
        """Go back to the selection before the last change."""
        with self._lock:
            if self._past:
                self._clauses = self._past.pop()
        self._tell()
        return self

    def undo_to(self, clauses: Sequence[Clause]) -> Selection:
        """The browser went back: take its state, and forget the step that led away from it."""
        with self._lock:
            if self._past:
                self._past.pop()
            self._clauses = tuple(clauses)
        self._tell()
        return self

    def replace(self, clauses: Sequence[Clause]) -> Selection:
        """Put these clauses in force instead of the present ones."""
        self._set(tuple(clauses))
        return self

    def frame(self) -> Any:
        """The selected rows, in the type of the given table."""
        return self._rows.take(self.indices)

    @property
    def indices(self) -> NDArray[np.int64]:
        """Positions of the selected rows in the given table, as int64."""
        return self._rows.indices(self._clauses)

    def __len__(self) -> int:
        """How many rows are selected."""
        return self._rows.count(self._clauses)

    def __bool__(self) -> bool:
        """Whether anything is selected by: an empty selection is all rows."""
        return bool(self._clauses)

    def code(self, name: str = "ev") -> str:
        """A Python expression that restores the selection, for the Evaluation called ``name``."""
        return selection_code(self._clauses, self._rows.meta, name)

    def observe(self, function: Callable[[Selection], object]) -> Callable[[], None]:
        """Call ``function(selection)`` after every change.

        Returns
        -------
        A function that ends it.
        """
        self._observers.append(function)

        def end() -> None:
            if function in self._observers:
                self._observers.remove(function)

        return end

    def __repr__(self) -> str:
        """How many rows, and why."""
        meta = self._rows.meta
        return f"<{len(self):,} of {meta.n:,} examples: {self.code(meta.variable)}>"

    def _set(self, clauses: tuple[Clause, ...]) -> None:
        with self._lock:
            if clauses == self._clauses:
                return
            self._past.append(self._clauses)
            del self._past[:-UNDO_LIMIT]
            self._clauses = clauses
        self._tell()

    def _tell(self) -> None:
        for observer in list(self._observers):
            observer(self)
