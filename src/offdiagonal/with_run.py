"""An Evaluation of a model whose training was logged: the same views at any checkpoint."""

from __future__ import annotations

import dataclasses
import math
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from offdiagonal.checks import findings_of
from offdiagonal.clauses import Clause, ColumnClause, SliceClause, to_json
from offdiagonal.display.names import variable_name
from offdiagonal.display.run_examples import Joined, Kind
from offdiagonal.display.trained import Trained
from offdiagonal.engine import Engine
from offdiagonal.engine.describe import Description
from offdiagonal.errors import OffdiagonalError, ProbabilityError
from offdiagonal.measured import WithMeasures
from offdiagonal.splits import split_clauses
from offdiagonal.table.forecasts import Forecasts, forecasts
from offdiagonal.table.meta import Meta
from offdiagonal.table.repredicted import repredicted
from offdiagonal.table.source import Source
from offdiagonal.table.table import Table
from offdiagonal.training.checkpoints import Checkpoints, checkpoints
from offdiagonal.training.examples import told_apart
from offdiagonal.training.record import Curve
from offdiagonal.training.told import no_probabilities
from offdiagonal.views.text import short, step_text

if TYPE_CHECKING:
    from offdiagonal.run import Run

NAMES = {"late": "learned late", "never": "never learned", "forgotten": "forgotten"}
"""Slices of the examples that a training told apart."""


def last_predictions(run: Any, rows: Source, id: Any) -> NDArray[Any]:
    """What the model predicted at the last checkpoint, for the rows of a table."""
    found = logged(run, ids_of(rows, id))
    if found.log.prediction is None:
        raise OffdiagonalError(
            f"{run.name} has logged no predictions of examples, and the table has none; log prediction=, or give them"
        )
    return np.asarray(found.log.prediction[-1])


def _amounts(run: Run, found: Checkpoints) -> NDArray[np.float64]:
    """The predictions of a regression at each checkpoint."""
    try:
        return np.asarray(found.log.prediction, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise OffdiagonalError(
            f"{run.name} predicts classes and the table's labels are amounts: {error}; log numbers as prediction=, "
            "or say task='classification'"
        ) from error


def ids_of(rows: Source, id: Any) -> NDArray[Any]:
    """The ids of the rows; their positions where no column has them."""
    places = [] if id is None else rows.positions(id)
    return rows.values(places[0]) if places else np.arange(rows.n)


def logged(run: Any, ids: NDArray[Any]) -> Checkpoints:
    """What a run logged of the rows that have these ids.

    Raises
    ------
    OffdiagonalError
        If it is no run, it logged no examples, or some of the rows are not among them.
    """
    from offdiagonal.run import Run  # only here: an Evaluation without a run needs nothing of runs

    if not isinstance(run, Run):
        raise OffdiagonalError(f"run= is an od.Run, not {run!r:.80}")
    examples = run.record.examples
    if examples is None:
        raise OffdiagonalError(
            f"{run.name} has logged no examples; call run.log_examples(step, ids, prediction=...) as it trains"
        )
    wrong = run.record.facts.get("no_probabilities")
    if wrong is not None:
        raise ProbabilityError(f"{run.name}: {wrong}")
    if examples.probability is not None:  # of a file that was written before they were looked at
        wrong = no_probabilities(examples.probability.ravel())
        if wrong is not None:
            raise ProbabilityError(f"{run.name}: {wrong}")
    return checkpoints(examples, ids)


def named(clauses: Sequence[Clause], meta: Meta) -> str:
    """What a selection is called where there is little room."""
    if len(clauses) == 1:
        (clause,) = clauses
        if isinstance(clause, SliceClause):
            return short(" or ".join(clause.names))
        field = next((one for one in meta.fields if one.key == clause.field), None)
        if isinstance(clause, ColumnClause) and field is not None and clause.codes:
            levels = " or ".join(field.levels[code].text for code in clause.codes)
            return short(f"{field.name}: {levels}")
    return "the selection"


def _step(given: Any, found: Checkpoints) -> float:
    try:
        step = float(given)
    except (TypeError, ValueError):
        step = math.nan
    if isinstance(given, str) or math.isnan(step):
        raise OffdiagonalError(
            f"step={given!r:.80} is no step; checkpoints were logged at {step_text(found.steps[0])} to "
            f"{step_text(found.steps[-1])}, and None shows the predictions that were given"
        )
    return step


class WithRun(WithMeasures):
    """Examples with the predictions of each checkpoint of a training."""

    _checkpoints: Checkpoints | None = None
    _forecasts: Forecasts | None = None
    _kinds: dict[str, NDArray[np.bool_]]
    """Which examples were learned late, never, or forgotten."""
    _told_by: str
    """What says which of them are right."""

    def _take_run(self, run: Run, found: Checkpoints, *, last: bool) -> None:
        """Join a run; `last` says that the predictions are those of its last checkpoint."""
        self._kinds = {}
        loss = self._table.loss
        if not self._table.evaluated or (loss is not None and loss.sides is None):
            raise OffdiagonalError("run= is for labels and predictions; a loss per row alone has none")
        self._checkpoints = found
        if loss is not None and found.log.prediction is not None:
            self._forecasts = forecasts(self._table, _amounts(run, found))
            self._table = self._forecasts.at(self._table, None)
            self._description = dataclasses.replace(self._description, table=self._table)
            self._renew()
        if last and loss is None and found.log.probability is not None:
            assert found.log.prediction is not None
            self._table = repredicted(self._table, found.log.prediction[-1], found.log.probability[-1])
            self._description = dataclasses.replace(self._description, table=self._table)
            self._findings.look_again(*findings_of(self._table))
            self._renew()
        self._given = self._description
        self._step: float | None = None
        self._run = run
        apart = None if loss is not None else told_apart(found.log, self._classes_of_labels(), found.looks)
        if apart is not None:
            for part, name in NAMES.items():
                mask = getattr(apart, part)
                if mask.any():
                    self._slices.put(name, mask, private=False, run=True)
                    self._kinds[name] = mask
            self._told_by = apart.by
            door = run.session.examples
            self._until_gone(door.join(weakref.WeakMethod(self._apart), weakref.WeakMethod(self._show_kind)))
        own = weakref.ref(self)

        def brushed(steps: tuple[float, float] | None) -> None:
            evaluation = own()
            if evaluation is not None:
                evaluation.at(None if steps is None else steps[1])

        if found.log.prediction is not None:
            self._until_gone(run.session.observe(brushed))
            trained = weakref.WeakMethod(self._trained)
            self._session.trained = lambda: None if (method := trained()) is None else method()
        self._selection.observe(lambda _: self._tell_part())
        run.session.tell_examples()

    def _until_gone(self, leave: Callable[[], None]) -> None:
        """End something once nobody holds this Evaluation any more."""
        weakref.finalize(self, leave).atexit = False

    def _apart(self) -> Joined:
        """The examples that the training told apart, and what selects them."""
        kinds, meta = [], self._engine.meta
        split = split_clauses(self._selection.clauses, meta)
        selected = None
        for name, mask in self._kinds.items():
            if np.array_equal(
                self._slices.masks.get(name, ()), mask
            ):  # else the name is a slice of the user's by now
                clauses = (*split, SliceClause((name,)))
                kinds.append(Kind(name, self._engine.count(clauses), [to_json(one) for one in clauses]))
                selected = name if clauses == self._selection.clauses else selected
        none = [to_json(one) for one in split]
        return Joined(
            variable_name(self, meta.variable), meta.fingerprint, kinds, none, selected, self._told_by
        )

    def _show_kind(self, name: str | None) -> None:
        """Select the examples of a kind alone; None: no longer."""
        split = split_clauses(self._selection.clauses, self._engine.meta)
        self._selection.replace((*split, *(() if name is None else (SliceClause((name,)),))))

    def _classes_of_labels(self) -> NDArray[np.object_]:
        classes = np.empty(len(self._table.classes), dtype=object)
        classes[:] = self._table.classes
        return np.asarray(classes[self._table.label])

    @property
    def step(self) -> float | None:
        """The checkpoint whose predictions are shown; None: those that were given."""
        return self._step if self._checkpoints is not None else None

    def at(self, step: float | None) -> Self:
        """Show the predictions of a checkpoint of the run, in all views; brushing steps in its curves does the same.

        Parameters
        ----------
        step
            The last checkpoint up to this step is shown, the first where there is none; None: the predictions that
            were given.

        Raises
        ------
        OffdiagonalError
            If there is no ``run=``, it logged no predictions, or the step is no number.

        Examples
        --------
        >>> import offdiagonal as od
        >>> run = od.Run("toy", keep=False)
        >>> run.log_examples(10, [0, 1, 2], prediction=["ham", "ham", "ham"])
        >>> run.log_examples(20, [0, 1, 2], prediction=["ham", "spam", "ham"])
        >>> ev = od.Evaluation({"label": ["ham", "spam", "spam"]}, run=run)
        >>> [len(ev.at(step).selection.where(correct=False)) for step in (10, 20)]
        [2, 1]
        """
        found = self._checkpoints
        if found is None or found.log.prediction is None:
            raise OffdiagonalError(
                "there are no checkpoints to go to: give run=, and log prediction= with run.log_examples"
            )
        place = None if step is None else found.at(_step(step, found))
        shown = None if place is None else float(found.steps[place])
        if shown == self._step:
            return self
        self._description = self._description_at(place)
        self._step, self._table = shown, self._description.table
        self._findings.look_again(*findings_of(self._table))
        self._renew()
        return self

    def _description_at(self, place: int | None) -> Description:
        """With the predictions of a checkpoint; None: those that were given."""
        first = dataclasses.replace(self._given, table=self._table_at(None))
        found = self._checkpoints
        if place is None or found is None:
            return first
        moment = f"step {step_text(found.steps[place])}"
        return dataclasses.replace(first, table=self._table_at(place), first=first, moment=moment)

    def _trained(self) -> Trained:
        """The checkpoints, for what is saved."""
        found = self._checkpoints
        assert found is not None

        def engine(place: int) -> Engine:
            description = self._description_at(place)
            meta = description.meta(self._version, self._slices.fields)
            return Engine(description.table, meta, self._slices.masks)

        return Trained(self._run.session.fingerprint, found.steps.tolist(), self._step, engine)

    def _table_at(self, place: int | None) -> Table:
        """The table with the predictions of a checkpoint; None: those that were given."""
        found = self._checkpoints
        if self._forecasts is not None:
            return self._forecasts.at(self._table, place)
        given = self._given.table
        table = dataclasses.replace(self._table, labels=given.labels, known=given.known, score=given.score)
        if place is None or found is None or found.log.prediction is None:
            return table
        sure = None if found.log.probability is None else found.log.probability[place]
        return repredicted(table, found.log.prediction[place], sure)

    def _tell_part(self) -> None:
        """Show the selection's own loss beside the whole's in the run's curves."""
        from offdiagonal.display.run_state import Part

        meta = self._engine.meta
        clauses = [
            one for one in self._selection.clauses if one not in split_clauses(self._selection.clauses, meta)
        ]
        curve = self.loss_curve() if clauses else None
        private = self._slices.tells_private(clauses, meta)
        name = f"{named(clauses, meta)}, n = {len(self._selection):,}"
        self._run.session.tell_examples()
        self._run.session.show_parts([] if curve is None else [Part(name, curve, private)])

    def loss_curve(self) -> Curve | None:
        """The mean loss of the selected rows at each checkpoint; None where no losses were logged of them."""
        return None if self._checkpoints is None else self._checkpoints.loss_of(self.selection.indices)
