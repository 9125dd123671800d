"""What a table of predictions is, as plain data: the classes, the fields that can be selected, the columns shown.

It is the one description that Python and the browser share; ``js/src/core/types.ts`` is its twin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

CONFIDENCE_BINS = 200
GRID_CLASSES = 200
"""More classes than this have no room in a grid: the cells that occur are listed, and no array of all is made."""

MEDIA = ("image", "audio")
"""Kinds of columns whose values are seen or heard, and neither sorted nor written."""

FieldKind = Literal["category", "number", "time"]
ColumnKind = Literal["image", "audio", "text", "number", "category", "time", "probability", "label"]

Area = tuple[float, float | None, float | None, int]
"""Value, low, high, n."""
Known = tuple[str, float, float | None, float | None, int, str]
"""Name, value, low, high, n, method."""


@dataclass(frozen=True)
class Level:
    """One value, or one bin, of a field."""

    text: str
    python: str
    """A Python expression for ``where(columns={name: ...})``; ``None`` for missing values."""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Field:
    """A column of few values; numbers and times (epoch milliseconds) are binned."""

    key: str
    """``c0``, ``c1`` ...: the position of the column in the given table."""
    name: str
    python: str
    kind: FieldKind
    levels: tuple[Level, ...]
    role: str | None = None
    private: bool = False
    maximum: float | None = None


def called(field: Field) -> str:
    """What an error calls a column: a notebook saves errors too."""
    return "a private column" if field.private else field.name


@dataclass(frozen=True)
class SliceField:
    """A slice that the user defined, or that a training told apart."""

    key: str
    name: str
    private: bool = False
    run: bool = False
    """Whether a training told its rows apart, by when they were right: no part of the data to be worse on."""


@dataclass(frozen=True)
class GridColumn:
    """A column of the examples."""

    key: str
    name: str
    kind: ColumnKind
    role: str | None = None
    private: bool = False


@dataclass(frozen=True)
class FindingField:
    """Something found wrong, as the views show it; ``findings.Finding`` says what each part is."""

    kind: str
    level: str
    certainty: str
    title: str
    evidence: str
    try_next: str
    more: tuple[tuple[str, str], ...]
    """What else is said of it, each under a heading."""
    where: tuple[dict[str, Any], ...]
    """Clauses as JSON; none for all rows."""
    private: bool = False


@dataclass(frozen=True)
class LossField:
    """What says how wrong a row is, where that is no class."""

    name: str
    """What is averaged: ``absolute error``, or the name of a loss."""
    key: str
    """The column of the histogram: the residual of a regression, or the loss itself."""
    label: str | None
    prediction: str | None
    """The columns of a regression's label and prediction."""
    scores: tuple[Known, ...] = ()
    """Measures of all rows that counts do not give: name, value, low, high, n, method."""


@dataclass(frozen=True)
class SplitField:
    """The column that tells the splits, of which one is shown at a time."""

    key: str
    start: int | None
    """Code of the split that is shown first; None for all."""
    auc: tuple[Area | None, ...] = ()
    """As ``Meta.auc``, of each split."""
    scores: tuple[tuple[Known, ...], ...] = ()
    """As ``LossField.scores``, of each split."""


@dataclass(frozen=True)
class Meta:
    """Everything about an Evaluation but its rows and counts."""

    evaluation: str
    """Identity of the Evaluation in its kernel."""
    fingerprint: str
    """Hash of the content: what links saved and live views."""
    created: float
    """Epoch seconds: of two Evaluations of one name the later one is in force."""
    version: int
    """Grows when slices are added."""
    name: str
    named: bool
    """Whether the user gave the name: one that was not given links no runs."""
    variable: str
    n: int
    model: bool
    """Whether there are predictions; else all views but those of the table itself are absent."""
    classes: tuple[str, ...]
    class_python: tuple[str, ...]
    missing: int | None
    positive: int | None
    """The class that precision, recall and F1 are about; only where there are two classes."""
    order: tuple[int, ...]
    """Class codes as the matrix shows them: similar classes side by side."""
    fields: tuple[Field, ...]
    slices: tuple[SliceField, ...]
    confidence: bool
    why_no_confidence: str | None
    score: str | None
    """Name of a score that sorts and is no probability, where one was given."""
    text: str | None
    """Key of the column that text search reads."""
    columns: tuple[GridColumn, ...]
    auc: Area | None
    """Area under the ROC curve of all rows: value, low, high, n; two classes with probabilities or a score."""
    notes: tuple[str, ...]
    macro: Area | None = None
    """Macro F1 of all rows, where there are too many classes for a page to hold all that it follows from."""
    findings: tuple[FindingField, ...] = ()
    """What was found wrong, data first."""
    checks: tuple[str, ...] = ()
    """What was looked for."""
    said: tuple[int, ...] = ()
    """Places of the notes that a finding says better."""
    loss: LossField | None = None
    """What is averaged in place of errors counted."""
    weighted: bool = False
    """Whether rows have weights: rates and means are then weighted."""
    split: SplitField | None = None
    """What tells the splits."""
    groups: bool = False
    """Whether rows come in groups that fare alike: what that does to intervals, the rows alone tell."""

    @property
    def many(self) -> bool:
        """Whether there are too many classes for a grid."""
        return len(self.classes) > GRID_CLASSES

    @property
    def instead(self) -> tuple[str, ...]:
        """The families that have views in place of the board's of the same name."""
        many = ("confused",) if self.many and self.model else ()
        return (*many, "numbers") if self.loss is not None else many if self.model else ("data",)
