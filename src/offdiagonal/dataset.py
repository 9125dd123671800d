"""Dataset: a table of examples before there is a model, and the Evaluations of the models that come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from offdiagonal.display.examples import SavePolicy
from offdiagonal.display.linking import views_and_charts
from offdiagonal.display.view import DATASET_BOARD, View
from offdiagonal.errors import OffdiagonalError
from offdiagonal.evaluation import UNNAMED, Evaluation
from offdiagonal.linked import Linked, Unnamed
from offdiagonal.table.given import resolve
from offdiagonal.table.losses import Task
from offdiagonal.table.read import read
from offdiagonal.table.table import build_table


class Dataset(Linked):
    """Examples that no model has seen yet, as linked views; its slices are those of all its Evaluations.

    Parameters
    ----------
    data
        The examples: a pandas or polars DataFrame, a pyarrow Table, or a dict of arrays.
    label
        Column that holds the label, or an array of labels; any hashable values. Without labels slices are shown by
        their size alone.
    classes
        The classes in the order in which they are listed; default: sorted.
    positive
        Of two classes the one that slices are compared by; default: the second.
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
        What the views are headed with. Of two Datasets that were given one name the later one is in force.
    save_rows
        How many examples at most are saved with a displayed view; 0 for none.
    text_chars
        How many characters of a text are saved.
    save_images
        Whether images of at most 64 pixels are saved with the examples.
    task
        ``"classification"`` or ``"regression"``: whether labels are classes or amounts; default: seen from the values.
    weight
        Column or array of how much each row stands for; the Evaluations are weighted by it.

    Raises
    ------
    ColumnNotFoundError
        If a named column does not exist.
    LabelError
        If there are too many labels, or they are not hashable.

    Examples
    --------
    >>> import offdiagonal as od
    >>> table = {"label": ["ham", "spam", "spam"], "length": [12, 140, 9]}
    >>> dataset = od.Dataset(table, label="label").slice("long", lambda table: table["length"] > 100)
    >>> len(dataset.selection.where(label="spam", slice="long"))
    1
    >>> ev = dataset.evaluate(["ham", "spam", "ham"])
    >>> len(ev.selection.where(slice="long", correct=True))
    1
    """

    def __init__(
        self,
        data: Any,
        *,
        label: Any = None,
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
        name: str = Unnamed("dataset"),
        save_rows: int = 200,
        text_chars: int = 200,
        save_images: bool = True,
        task: Task | None = None,
        weight: Any = None,
    ) -> None:
        self._rows = rows = read(data)
        roles = {"text": text, "id": id, "group": group, "time": time, "source": source, "split": split}
        self._given = {"label": label, "classes": classes, "positive": positive, "private": private}
        media = {"image": image, "image_root": image_root}
        media |= {"audio": audio, "audio_root": audio_root, "audio_rate": audio_rate}
        self._given |= {"media": media, "task": task, "weight": weight}
        self._roles = roles
        given = resolve(rows, prediction=None, model=False, roles=roles, **self._given)
        super().__init__(
            build_table(rows, given), name, SavePolicy(save_rows, text_chars, images=save_images)
        )

    def evaluate(
        self,
        prediction: Any,
        *,
        probabilities: Any = None,
        scores: Any = None,
        classes: Sequence[Any] | None = None,
        name: str = UNNAMED,
        measures: Any = None,
    ) -> Evaluation:
        """Show where a model is wrong on these examples; slices defined here or there are those of both.

        Parameters
        ----------
        prediction
            Column that holds the predicted class, or an array of predicted classes.
        probabilities, scores
            As an Evaluation takes them.
        classes
            The classes in the order of the probabilities' columns; default: the Dataset's.
        name
            What the views are headed with.
        measures
            As an Evaluation takes them.

        Raises
        ------
        OffdiagonalError
            If the Dataset has no labels.
        LabelError
            If labels and predictions cannot be compared.
        """
        if self._given["label"] is None:
            raise OffdiagonalError(
                "the Dataset has no labels to compare predictions with; name their column: od.Dataset(data, label=...)"
            )
        given = resolve(
            self._rows,
            prediction=prediction,
            probabilities=probabilities,
            scores=scores,
            roles=self._roles,
            **(self._given if classes is None else self._given | {"classes": classes}),
        )
        made = Evaluation.__new__(Evaluation)
        Linked.__init__(made, build_table(self._rows, given), name, self._policy, self._slices)
        made._take_measures(measures)  # noqa: SLF001 - as its constructor does
        return made

    def slices(self, of: Any = None, *, height: int | None = None) -> View:
        """Size of every slice, and its share of a label against the rest.

        Parameters
        ----------
        of
            The label; default: the positive one of two, else the most frequent.
        height
            In pixels.
        """
        options = {} if of is None else {"label": self._engine.class_code(of)}
        return self._view(["slices"], height, **options)

    def board(self, views: Any = DATASET_BOARD, *, height: int | None = None) -> View:
        """Several views as one output: any of header, distribution, slices, examples, and charts of your own."""
        names, charts = views_and_charts(self._session, views, DATASET_BOARD)
        return self._view(names, height, **charts)
