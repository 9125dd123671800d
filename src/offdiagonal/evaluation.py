"""Evaluation, the front door: one model's predictions on a table of examples."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from offdiagonal.columns import column_of, dim_of
from offdiagonal.display.examples import SavePolicy
from offdiagonal.display.names import variable_name
from offdiagonal.display.session import Session
from offdiagonal.display.shown import Shown
from offdiagonal.display.view import BOARD, View, view_names
from offdiagonal.engine import Engine
from offdiagonal.engine.describe import Description
from offdiagonal.engine.slices import Slices
from offdiagonal.errors import LengthError, OffdiagonalError
from offdiagonal.selection import Selection
from offdiagonal.table.arrays import as_array
from offdiagonal.table.estimator import predictions_of
from offdiagonal.table.given import resolve
from offdiagonal.table.indexes import refuse_other_order
from offdiagonal.table.read import read, table_of
from offdiagonal.table.table import Table, build_table
from offdiagonal.where import slice_clauses


class Unnamed(str):
    """A name that the user did not give: two Evaluations may have it by chance."""

    __slots__ = ()


UNNAMED = Unnamed("evaluation")


class Evaluation(Shown):
    """One model's predictions on a table of examples, as linked views.

    Display it, or one of its views, in a notebook; ``selection`` is shared by all of them.

    Parameters
    ----------
    data
        The examples: a pandas or polars DataFrame, a pyarrow Table, or a dict of arrays.
    label, prediction
        Columns that hold the label and the predicted class; any hashable values. A row without a label is shown,
        and counted neither as right nor as wrong.
    probabilities
        One column for each class (a list of names, or a dict of class to name), a single column (or array) for the
        probability of the positive class, or an array of shape (n, number of classes), in [0, 1].
    scores
        A column or array of a score that sorts, such as ``decision_function``; it is never shown as a probability.
    classes
        The classes in the order of the probabilities' columns; default: as the columns' names say, else sorted.
    positive
        Of two classes the one that precision, recall and F1 are about; default: the second.
    text, id, group, time, source, split
        Columns with these roles. The other columns are metadata. Columns of few values, and bins of numbers and
        times, are slices.
    private
        Columns that are seen live only: nothing of them is saved with the notebook.
    name
        What the views are headed with. Of two Evaluations that were given one name the later one is in force.
    save_rows
        How many examples at most are saved with a displayed view; 0 for none.
    text_chars
        How many characters of a text are saved.

    Raises
    ------
    ColumnNotFoundError
        If a named column does not exist.
    LabelError
        If labels and predictions cannot be compared.
    ProbabilityError
        If the probabilities are none.

    Examples
    --------
    >>> import offdiagonal as od
    >>> table = {"label": ["ham", "spam", "spam"], "predicted": ["ham", "ham", "spam"]}
    >>> ev = od.Evaluation(table, label="label", prediction="predicted", name="toy")
    >>> len(ev.selection.where(correct=False))
    1
    >>> ev.selection.code("ev")
    'ev.selection.clear().where(correct=False)'
    """

    _engine: Engine

    def __init__(
        self,
        data: Any,
        *,
        label: Any = "label",
        prediction: Any = "prediction",
        probabilities: Any = None,
        scores: Any = None,
        classes: Sequence[Any] | None = None,
        positive: Any = None,
        text: Any = None,
        id: Any = None,
        group: Any = None,
        time: Any = None,
        source: Any = None,
        split: Any = None,
        private: Sequence[Any] = (),
        name: str = UNNAMED,
        save_rows: int = 200,
        text_chars: int = 200,
    ) -> None:
        rows = read(data)
        given = resolve(
            rows,
            label=label,
            prediction=prediction,
            probabilities=probabilities,
            scores=scores,
            classes=classes,
            positive=positive,
            roles={"text": text, "id": id, "group": group, "time": time, "source": source, "split": split},
            private=private,
        )
        self._start(build_table(rows, given), name, SavePolicy(save_rows, text_chars))

    @classmethod
    def from_predictions(
        cls, y_true: Any, y_pred: Any, *, probabilities: Any = None, data: Any = None, **options: Any
    ) -> Evaluation:
        """Make an Evaluation from arrays of labels and predictions.

        Parameters
        ----------
        y_true, y_pred
            Label and predicted class of each row.
        probabilities
            Shape (n, number of classes), or (n,) for the positive class.
        data
            The examples, row by row; optional.
        **options
            The other parameters of ``Evaluation``.

        Raises
        ------
        IndexMismatchError
            If pandas objects hold the rows in different orders.

        Examples
        --------
        >>> import offdiagonal as od
        >>> ev = od.Evaluation.from_predictions([0, 1, 1], [0, 0, 1])
        >>> ev.selection.where(correct=False).frame()
        {'label': array([1]), 'prediction': array([0])}
        """
        y_true, y_pred = (list(given) if isinstance(given, Iterator) else given for given in (y_true, y_pred))
        labels, predictions = as_array(y_true, "y_true"), as_array(y_pred, "y_pred")
        if len(predictions) != len(labels):
            raise LengthError.of("y_pred", len(predictions), len(labels), "y_true")
        refuse_other_order({"data": data, "y_true": y_true, "y_pred": y_pred, "probabilities": probabilities})
        if data is None:
            data, y_true, y_pred = table_of(label=y_true, prediction=y_pred), "label", "prediction"
        return cls(data, label=y_true, prediction=y_pred, probabilities=probabilities, **options)

    @classmethod
    def from_estimator(
        cls, estimator: Any, X: Any, y: Any, *, data: Any = None, **options: Any
    ) -> Evaluation:
        """Make an Evaluation from a fitted scikit-learn classifier.

        Probabilities come from ``predict_proba``; where there is none, ``decision_function`` of two classes sorts.
        ``classes=`` may name the classes in another order than the estimator has them.

        Parameters
        ----------
        estimator
            A fitted classifier.
        X
            What it predicts from; also the examples, where it is a table and ``data`` is not given.
        y
            The labels.
        data
            The examples, row by row; optional.
        **options
            The other parameters of ``Evaluation``.

        Raises
        ------
        IndexMismatchError
            If pandas objects hold the rows in different orders.
        LabelError
            If the estimator is a regressor.
        """
        refuse_other_order({"data": data, "X": X, "y": y})
        options.setdefault("name", Unnamed(type(estimator).__name__))
        predicted, found = predictions_of(estimator, X, options.get("positive"), options.pop("classes", None))
        shown = data if data is not None else X if hasattr(X, "columns") else None
        return cls.from_predictions(y, predicted, data=shown, **(found | options))

    @property
    def name(self) -> str:
        """What the views are headed with."""
        return self._engine.meta.name

    @property
    def selection(self) -> Selection:
        """The selection that all views share."""
        return self._selection

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, left out or found odd while reading the table."""
        return self._engine.meta.notes

    def slice(self, name: str, where: Any, *, private: bool = False) -> Evaluation:
        """Define a slice; the same name replaces it.

        Parameters
        ----------
        name
            What it is called.
        where
            A dict of the arguments of ``selection.where``, a function of the frame that gives a boolean array, or a
            boolean array.
        private
            Seen live only. A slice by a private column always is.

        Examples
        --------
        >>> import offdiagonal as od
        >>> table = {"label": ["a", "a", "b"], "prediction": ["a", "b", "b"], "length": [3, 40, 7]}
        >>> ev = od.Evaluation(table).slice("long", lambda table: table["length"] > 30)
        >>> len(ev.selection.where(slice="long"))
        1
        """
        if isinstance(where, Mapping):
            clauses = slice_clauses(self._engine, where)
            mask = self._engine.mask(clauses)
            secret = self._slices.tells_private(clauses, self._engine.meta)
        else:
            mask, secret = self._slices.found(where)
        self._slices.put(name, mask, private=private or secret)
        self._version += 1
        self._engine = self._new_engine()
        self._session.renew(self._engine)
        self._selection.renewed(name)
        return self

    def confusion(self, rows: Any = None, columns: Any = None, *, height: int | None = None) -> View:
        """The confusion matrix; or the matrix of any two columns of few values, or slices.

        Parameters
        ----------
        rows, columns
            Names of columns or of slices; default: label and prediction.
        height
            In pixels.
        """
        if (rows is None) != (columns is None):
            raise OffdiagonalError("give both rows= and columns=, or neither")
        sides = {} if rows is None else {"rows": rows, "columns": columns}
        options = {side: dim_of(self._engine.meta, name) for side, name in sides.items()}
        return self._view(["confusion"], height, **options)

    def slices(self, *, height: int | None = None) -> View:
        """Error rate of every slice against the rest."""
        return self._view(["slices"], height)

    def confidence(self, *, height: int | None = None) -> View:
        """Histogram of the predicted class's probability, right and wrong."""
        return self._view(["confidence"], height)

    def calibration(self, *, height: int | None = None) -> View:
        """How often predictions of each confidence are right."""
        return self._view(["calibration"], height)

    def distribution(self, column: Any = None, *, height: int | None = None) -> View:
        """How the rows in view spread over the values of a column, beside all rows.

        Parameters
        ----------
        column
            Name of a column of few values, or ``"label"`` or ``"prediction"``; default: the first such column.
        height
            In pixels.
        """
        options = {} if column is None else {"column": column_of(self._engine.meta, column)}
        return self._view(["distribution"], height, **options)

    def examples(self, *, height: int | None = None) -> View:
        """The examples in view, most confident errors first."""
        return self._view(["examples"], height)

    def board(self, views: str | Sequence[str] = BOARD, *, height: int | None = None) -> View:
        """Several views as one output: header, confusion, slices, confidence, calibration, distribution, examples."""
        return self._view(view_names(views), height)

    def __len__(self) -> int:
        return self._table.n

    def _start(self, table: Table, name: str, policy: SavePolicy) -> None:
        self._table = table
        named = not isinstance(name, Unnamed)
        self._description = Description(table, uuid.uuid4().hex, time.time(), str(name), named)
        self._version = 0
        self._policy = policy
        self._slices = Slices(table.source, table.private)
        self._engine = self._new_engine()
        self._selection = Selection(lambda: self._engine)

    def _new_engine(self) -> Engine:
        meta = self._description.meta(self._version, self._slices.fields)
        return Engine(self._table, meta, self._slices.masks)

    @cached_property
    def _session(self) -> Session:
        return Session(self._engine, self._selection, lambda: variable_name(self))

    def _view(self, views: Sequence[str], height: int | None, **options: str) -> View:
        return View(self._session, tuple(views), self._policy, height, options)
