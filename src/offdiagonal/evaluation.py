"""Evaluation, the front door: one model's predictions on a table of examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from offdiagonal.columns import dim_of
from offdiagonal.display.examples import SavePolicy
from offdiagonal.display.findings import FindingsView
from offdiagonal.display.linking import views_and_charts
from offdiagonal.display.view import VIEWS, View, board_views
from offdiagonal.engine import class_option
from offdiagonal.errors import LengthError, OffdiagonalError
from offdiagonal.findings import Finding, Found, check
from offdiagonal.linked import Unnamed, V
from offdiagonal.table.arrays import as_array
from offdiagonal.table.estimator import predictions_of
from offdiagonal.table.given import resolve
from offdiagonal.table.indexes import refuse_other_order
from offdiagonal.table.losses import Task
from offdiagonal.table.read import read, table_of
from offdiagonal.table.table import build_table
from offdiagonal.where import slice_clauses
from offdiagonal.with_run import WithRun, ids_of, last_predictions, logged

UNNAMED = Unnamed("evaluation")
LABEL, PREDICTION = "label", "prediction"


class Evaluation(WithRun):
    """One model's predictions on a table of examples, as linked views.

    Display it, or one of its views, in a notebook; ``selection`` is shared by all of them.

    Parameters
    ----------
    data
        The examples: a pandas or polars DataFrame, a pyarrow Table, a polars LazyFrame or DuckDB relation (read once),
        or a dict of arrays.
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
        Columns with these roles. The other columns are metadata. Columns of few values, and bins of numbers, of
        times and of the length of the text, are slices. Of ``split`` one value is shown at a time, test
        first. Intervals allow for rows of one ``group`` that fare alike.
    image, image_root
        Column of images (arrays, PIL images, bytes of files, or paths below ``image_root``), or an array of shape
        (n, height, width) or with channels. Files are opened with Pillow.
    audio, audio_root, audio_rate
        Column of sounds: bytes of files (WAV, MP3, Ogg, FLAC, MP4, WebM), paths below ``audio_root``, or arrays of
        ``audio_rate`` samples a second. An opened row plays them, live; nothing of them is saved.
    private
        Columns that are seen live only: nothing of them is saved with the notebook.
    name
        What the views are headed with. Of two Evaluations that were given one name the later one is in force.
    save_rows
        How many examples at most are saved with a displayed view; 0 for none.
    text_chars
        How many characters of a text are saved.
    save_images
        Whether images of at most 64 pixels are saved with the examples.
    task
        ``"classification"`` or ``"regression"``; default: seen from the values. Of a regression the residuals are
        shown, prediction minus label.
    loss
        Any number per row that says how wrong it is: a column, an array, or a function of the table. Slices, histogram
        and order of the examples are then by it; label and prediction may be absent.
    weight
        Column or array of how much each row stands for, 0 or more: rates and means are weighted, n stays the number
        of rows.
    run
        The ``od.Run`` that trained the model, with ``run.log_examples`` of these rows by ``id`` (else by position): the
        views can go to any checkpoint (``at``, or brush steps in the run's curves), and the examples learned late,
        never, or forgotten are slices of a classification. Without a prediction column the predictions are those of
        the last checkpoint.
    measures
        What ``measures()`` shows: names such as ``"kappa"``, scorers of scikit-learn, functions of label and
        prediction or probabilities; or a dict of names to these (docs/measures.md).

    Raises
    ------
    ColumnNotFoundError
        If a named column does not exist.
    LabelError
        If labels and predictions cannot be compared.
    ProbabilityError
        If the probabilities are none.
    MeasureError
        If one of the measures is none.

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

    def __init__(
        self,
        data: Any,
        *,
        label: Any = LABEL,
        prediction: Any = PREDICTION,
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
        image: Any = None,
        image_root: Any = None,
        audio: Any = None,
        audio_root: Any = None,
        audio_rate: int | None = None,
        private: Sequence[Any] = (),
        name: str = UNNAMED,
        save_rows: int = 200,
        text_chars: int = 200,
        save_images: bool = True,
        task: Task | None = None,
        loss: Any = None,
        weight: Any = None,
        run: Any = None,
        measures: Any = None,
    ) -> None:
        rows = read(data)
        unpredicted = run is not None and isinstance(prediction, str) and not rows.positions(prediction)
        if unpredicted:
            prediction = last_predictions(run, rows, id)
        if loss is not None:  # then the columns of labels and predictions need not be there
            label, prediction = (
                None if given is usual and not rows.positions(usual) else given
                for given, usual in ((label, LABEL), (prediction, PREDICTION))
            )
        given = resolve(
            rows,
            label=label,
            prediction=prediction,
            task=task,
            loss=loss,
            weight=weight,
            probabilities=probabilities,
            scores=scores,
            classes=classes,
            positive=positive,
            roles={"text": text, "id": id, "group": group, "time": time, "source": source, "split": split},
            media={
                "image": image,
                "image_root": image_root,
                "audio": audio,
                "audio_root": audio_root,
                "audio_rate": audio_rate,
            },
            private=private,
        )
        super().__init__(
            build_table(rows, given), name, SavePolicy(save_rows, text_chars, images=save_images)
        )
        self._take_measures(measures)
        if run is not None:
            self._take_run(run, logged(run, ids_of(rows, id)), last=unpredicted)

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
        """Make an Evaluation from a fitted scikit-learn classifier or regressor.

        Probabilities come from ``predict_proba``; where there is none, ``decision_function`` of two classes sorts.
        ``classes=`` may name the classes in another order than the estimator has them.

        Parameters
        ----------
        estimator
            A fitted classifier or regressor.
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
            If the estimator is none.
        """
        refuse_other_order({"data": data, "X": X, "y": y})
        options.setdefault("name", Unnamed(type(estimator).__name__))
        predicted, found = predictions_of(estimator, X, options.get("positive"), options.pop("classes", None))
        shown = data if data is not None else X if hasattr(X, "columns") else None
        return cls.from_predictions(y, predicted, data=shown, **(found | options))

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
        meta = self._engine.meta
        if rows is None:
            if "confusion" not in board_views(meta):
                raise OffdiagonalError(
                    "there are no labels and predictions to set against each other; give rows= and columns="
                )
            return self._view(["confusion"], height)
        options = {"rows": dim_of(meta, rows), "columns": dim_of(meta, columns)}
        if meta.many and {"label", "prediction"} & {*options.values()}:
            raise OffdiagonalError(
                f"{len(meta.classes):,} classes have no room on a side of a matrix; confusion() lists the pairs that "
                "are confused, and slices() compares the values of a column"
            )
        return self._view(["confusion"], height, **options)

    def slices(self, *, height: int | None = None) -> View:
        """Error rate of every slice against the rest."""
        return self._view(["slices"], height)

    def confidence(self, *, height: int | None = None) -> View:
        """Histogram of the predicted class's probability, right and wrong."""
        return self._view(["confidence"], height)

    def calibration(self, of: Any = None, *, height: int | None = None) -> View:
        """How often predictions of each confidence are right; or how often a class is the label, by its probability.

        Parameters
        ----------
        of
            The class; default: whichever is predicted.
        height
            In pixels.

        Raises
        ------
        SelectionError
            If there is no such class.
        """
        return self._view(["calibration"], height, **class_option(self._engine, of))

    def losses(self, *, height: int | None = None) -> View:
        """Histogram of the loss of each row; of a regression of its residual, prediction minus label.

        Raises
        ------
        OffdiagonalError
            If there is no loss: labels and predictions are classes.
        """
        if self._engine.meta.loss is None:
            raise OffdiagonalError(
                "labels and predictions are classes, so there is no loss; name one: loss=..."
            )
        return self._view(["losses"], height)

    def findings(self, *, height: int | None = None) -> FindingsView:
        """What was found wrong, data first; iterate over it for the findings themselves.

        Examples
        --------
        >>> import offdiagonal as od
        >>> ev = od.Evaluation({"label": ["ham", "spam"] * 20, "prediction": ["ham"] * 40})
        >>> [(finding.kind, finding.title) for finding in ev.findings()]
        [('constant-prediction', "every prediction is 'ham' (40 examples)")]
        """
        return self._made(FindingsView, ["findings"], height)

    def check(self, *checks: Callable[[Evaluation], Any], private: bool | None = None) -> Evaluation:
        """Make checks of your own, now; what they find joins the findings.

        Parameters
        ----------
        *checks
            Functions of the Evaluation that yield Findings (``od.check``). One made before is made anew.
        private
            Whether what they find is seen live only; default: where the Evaluation has private columns. What is
            about a private column or slice always is.

        Raises
        ------
        OffdiagonalError
            If a check gives anything but Findings.
        SelectionError
            If the ``where`` of a Finding names something that does not exist.
        """
        secret = bool(self._table.private) if private is None else private
        for each in map(check, checks):
            self._findings.put(each.name, [self._found(item, secret) for item in each(self)], private=secret)
        self._renew()
        return self

    def _found(self, finding: Finding, private: bool) -> Found:
        where = finding.where
        clauses = slice_clauses(self._engine, where) if isinstance(where, Mapping) else finding.clauses
        about = self._slices.tells_private(clauses, self._engine.meta)
        return Found(finding, tuple(clauses), private or about)

    def board(self, views: Any = None, *, height: int | None = None) -> View:
        """Several views as one output.

        Any of header, confusion, slices, confidence, calibration, losses, distribution, examples and findings; of
        findings only where there are some. Default: those that there is something to see in. Charts of your own,
        Altair's or Vega-Lite specs, may stand among the names: ``link`` says what becomes of them.
        """
        usual = board_views(self._engine.meta)
        known = VIEWS if "losses" in usual else [view for view in VIEWS if view != "losses"]
        if views is None:
            return self._view(usual, height)
        names, charts = views_and_charts(self._session, views, known)
        return self._view(names, height, **charts)

    def _made(self, kind: type[V], views: Sequence[str], height: int | None, **options: Any) -> V:
        loss = self._engine.meta.loss
        if "confusion" in views and loss is not None and loss.label is not None:
            options = {"rows": loss.label, "columns": loss.prediction} | options
        return super()._made(kind, views, height, **options)
