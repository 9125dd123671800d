"""From the user's rows to a Table: roles checked, labels and columns encoded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import LabelError
from offdiagonal.table.amounts import Amounts, amounts_of
from offdiagonal.table.audio import Audio
from offdiagonal.table.bins import numeric
from offdiagonal.table.class_columns import Columns
from offdiagonal.table.encode import (
    MISSING_TEXT,
    Codes,
    distinct_texts,
    identity,
    plain_value,
    text_of,
)
from offdiagonal.table.fields import selectable
from offdiagonal.table.given import Given
from offdiagonal.table.groups import read_groups
from offdiagonal.table.images import Images
from offdiagonal.table.labels import Labels, encode_label, encode_labels
from offdiagonal.table.lengths import lengths
from offdiagonal.table.losses import Loss, loss_notes, with_loss
from offdiagonal.table.meta import Field, GridColumn
from offdiagonal.table.metadata import Metadata
from offdiagonal.table.notes import id_notes, score_notes
from offdiagonal.table.probabilities import Probabilities, read_probabilities
from offdiagonal.table.read import Source

SLICE_ROLES = ("group", "time", "source", "split")
FINGERPRINT_ROWS = 256


@dataclass(frozen=True)
class Table:
    """One model's predictions, encoded."""

    source: Source
    roles: dict[str, int]
    """Role to the position of its column; label and prediction are not among them."""
    hidden: dict[int, str]
    """Positions of the columns that are no metadata, and what they are: label, prediction ..."""
    labels: Labels
    positive: int | None
    """Of two classes the one that precision and recall are about."""
    fields: tuple[Field, ...]
    field_codes: dict[str, Codes]
    zones: dict[str, str]
    """Time zone of the fields that have one."""
    known: Probabilities
    score: NDArray[np.float64] | None
    columns: tuple[GridColumn, ...]
    notes: tuple[str, ...]
    images: Images | None = None
    audio: Audio | None = None
    loss: Loss | None = None
    """What says how wrong each row is, where that is no class."""
    weight: NDArray[np.float64] | None = None
    """How much each row stands for."""
    group: NDArray[np.int64] | None = None
    """Code of the group of each row, where rows come in groups that may fare alike."""
    lengths: frozenset[str] = frozenset()
    """Fields that are of how long the texts of a column are."""

    @property
    def n(self) -> int:
        """Number of rows."""
        return self.source.n

    @property
    def classes(self) -> tuple[Any, ...]:
        """Class values; the missing class, if any, is last and is None."""
        return self.labels.classes

    @property
    def missing(self) -> int | None:
        """Code of the missing class."""
        return self.labels.missing

    @property
    def label(self) -> Codes:
        """Class code of each row's label."""
        return self.labels.label

    @property
    def prediction(self) -> Codes:
        """Class code of each row's prediction."""
        return self.labels.prediction

    @property
    def confidence(self) -> NDArray[np.float64] | None:
        """Probability of the predicted class of each row; NaN where there is none."""
        return self.known.confidence

    @property
    def probabilities(self) -> NDArray[np.float64] | None:
        """One column a class, in the order of the classes."""
        return self.known.matrix

    @property
    def private(self) -> set[int]:
        """Positions of the columns that are seen live only."""
        return {int(column.key[1:]) for column in self.columns if column.private}

    @property
    def private_groups(self) -> bool:
        """Whether the column of the groups is seen live only."""
        return self.roles.get("group") in self.private

    @property
    def why_no_confidence(self) -> str | None:
        """Why confidence and calibration are absent."""
        if self.known.why_not is None or self.score is None:
            return self.known.why_not
        return f"{self.known.why_not}, and scores only sort"

    @cached_property
    def outcome(self) -> NDArray[np.uint8]:
        """0 error, 1 correct, 2 not judged because the label is missing, for each row."""
        return self.labels.outcome

    @cached_property
    def amounts(self) -> Amounts:
        """What is added up beside the number of rows."""
        return amounts_of(None if self.loss is None else self.loss.values, self.weight)

    @property
    def evaluated(self) -> bool:
        """Whether there is anything to judge a model by: predictions, or a loss."""
        return self.labels.model or self.loss is not None

    @cached_property
    def class_texts(self) -> tuple[str, ...]:
        """How the classes read, no two the same."""
        if self.missing is None:
            return tuple(distinct_texts(self.classes))
        return (*distinct_texts(self.labels.known, taken=[MISSING_TEXT]), MISSING_TEXT)

    def numbers(self, key: str) -> NDArray[np.float64]:
        """Values of a binned field: numbers, or epoch milliseconds."""
        position = int(key[1:])
        if key in self.lengths:
            return lengths(self.source.values(position))
        role = next((role for role, at in self.roles.items() if at == position), None)
        return numeric(selectable(self.source.values(position), role, None).values)

    def fingerprint(self, name: str) -> str:
        """Hash of what the views show: equal for equal content, whatever the process.

        Codes and scores go in whole, other values of some evenly spaced rows.
        """
        digest = hashlib.blake2b(digest_size=16)
        described = (
            name,
            self.n,
            self.labels.model,
            self.class_texts,
            self.positive,
            sorted(self.roles.items()),
            self.columns,
        )
        digest.update(repr((*described, self.fields)).encode("utf-8", "backslashreplace"))
        numbers = (self.confidence, self.score, *self.amounts.values())
        for array in (self.label, self.prediction, *self.field_codes.values(), *numbers):
            digest.update(b"" if array is None else np.ascontiguousarray(array).tobytes())
        for text in self._sample():
            digest.update(text.encode("utf-8", "backslashreplace"))
        return digest.hexdigest()

    def _sample(self) -> Iterator[str]:
        rows = (
            np.unique(np.linspace(0, self.n - 1, FINGERPRINT_ROWS).astype(np.int64))
            if self.n
            else np.arange(0)
        )
        if self.probabilities is not None:
            yield self.probabilities[rows].tobytes().hex()
        for position in range(len(self.source.names)):
            values = self.source.at(position, rows)
            if values.dtype != object:
                yield values.tobytes().hex()
            else:
                yield repr([value if isinstance(value, str | int | float) else None for value in values])


def build_table(source: Source, given: Given) -> Table:
    """Encode a table.

    Parameters
    ----------
    source
        The rows.
    given
        Labels, predictions and probabilities; where the other roles stand.
    """
    source, given, loss = with_loss(source, given)
    if given.label is None or given.prediction is None:
        labels = encode_label(given.label, source.n, given.classes)
    else:
        labels = encode_labels(given.label, given.prediction, given.classes)
    notes = [*source.notes, *labels.notes, *loss_notes(loss, source.n)]
    positive = _positive(labels, given.positive, notes)
    known = read_probabilities(
        given.probabilities, Columns(given.probability_names, given.classes), labels, positive
    )
    notes += known.notes
    columns = Metadata(source, given, notes, loss)
    group, group_notes = read_groups(source, given)
    notes += [
        *group_notes,
        *score_notes(given, len(labels.known)),
        *id_notes(source, given),
    ]
    return Table(
        source=source,
        roles=given.roles,
        hidden=given.hidden,
        labels=labels,
        positive=positive,
        fields=tuple(columns.fields),
        field_codes=columns.codes,
        zones=columns.zones,
        known=known,
        score=given.scores,
        columns=(
            *_image_columns(given),
            *columns.text,
            *_outcome_columns(labels, known, given.scores),
            *columns.rest,
        ),
        notes=tuple(notes),
        images=given.images,
        audio=given.audio,
        loss=loss,
        weight=given.weight,
        group=group,
        lengths=frozenset(columns.lengths),
    )


def _image_columns(given: Given) -> list[GridColumn]:
    """Of images that were given as an array: those of a column are named as it is."""
    there = given.images is not None and "image" not in given.roles
    return [GridColumn("image", "image", "image", "image")] if there else []


def _positive(labels: Labels, given: Any, notes: list[str]) -> int | None:
    """Code of the positive class: the given one, else the second of two."""
    classes = labels.known
    if given is None:
        return 1 if len(classes) == 2 else None
    wanted = identity(plain_value(given))
    code = next((i for i, value in enumerate(classes) if identity(value) == wanted), None)
    if code is None:
        shown = ", ".join(repr(value) for value in classes[:12])
        raise LabelError(f"positive={given!r} is no class; the classes are {shown}")
    if len(classes) != 2:
        notes.append(f"positive={text_of(given)} is not used: there are {len(classes)} classes, not two")
        return None
    return code


def _outcome_columns(
    labels: Labels, known: Probabilities, score: NDArray[np.float64] | None
) -> list[GridColumn]:
    columns = [GridColumn("label", "label", "label", "label")] if labels.known or labels.model else []
    if labels.model:
        columns.append(GridColumn("prediction", "predicted", "label", "prediction"))
    if known.confidence is not None:
        columns.append(GridColumn("confidence", "confidence", "probability"))
    if score is not None:
        columns.append(GridColumn("score", "score", "number"))
    return columns
