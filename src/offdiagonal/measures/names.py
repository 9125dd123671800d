"""The measures that have a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.measures import cells
from offdiagonal.measures.amounts import AMOUNTS, OfAmounts
from offdiagonal.measures.ranked import (
    Area,
    AveragePrecision,
    Mean,
    OneByOne,
    Weighed,
    brier_losses,
    log_losses,
)
from offdiagonal.measures.rows import NO_PROBABILITIES, NO_SCORES, Part
from offdiagonal.measures.sample import Cells, Sample, Scored, WeighedCells
from offdiagonal.stats import classification
from offdiagonal.stats.auc import auc_delong
from offdiagonal.stats.cells import Cells as ClassCells
from offdiagonal.stats.intervals import wilson
from offdiagonal.stats.measure import Measure
from offdiagonal.stats.measured import UndefinedError

Matrix = NDArray[np.int64]
TWO, MANY, ANY = "two", "many", "any"
ONE_LABEL = "all labels are of one class"
ONE_SIDE = "all labels, or all predictions, are of one class"
NO_CLASSES = "labels and predictions are no classes"


@dataclass(frozen=True)
class Named:
    """A measure by name."""

    name: str
    make: Callable[[Part], Sample]
    classes: str = ANY
    """Whether it is about one of two classes, or a mean over more."""
    share: bool = True
    """Whether it is written in per cent."""
    better: int = 1
    """1 where more is better, -1 where less is, 0 where that is not known."""
    also: tuple[str, ...] = field(default=())
    """What else it is called."""
    counted = True
    """Whether it is cheap to resample."""

    def sample(self, part: Part) -> Sample:
        """The measure of some rows.

        Raises
        ------
        UndefinedError
            If it is not about classes such as these.
        """
        table = part.rows.table
        if not part.rows.classes:
            raise UndefinedError(NO_CLASSES)
        many = len(table.labels.known)
        if self.classes == TWO and table.positive is None:
            other = OF_MANY.get(self.name)
            instead = f"; {other!r} is for more" if other else ""
            raise UndefinedError(
                f"is about one class of two, and there {'is' if many == 1 else 'are'} {many}{instead}"
            )
        return self.make(part)


def _cells(part: Part) -> ClassCells:
    """The cells of label and prediction that occur."""
    size = len(part.rows.table.classes)
    found, counts = np.unique(part.label * size + part.prediction, return_counts=True)
    return ClassCells(size, *np.divmod(found, size), [counts])


Formula = Callable[[ClassCells, int], Measure]


def _counted(
    measure: Callable[[cells.Margins, int | None], cells.Values],
    undefined: str,
    part: Part,
    *,
    formula: Formula | None = None,
    each_class: bool = False,
) -> Sample:
    """A measure that follows from the confusion matrix."""
    positive, weight, size = part.rows.positive, part.weight, len(part.rows.table.classes)
    name = "" if positive is None else part.rows.table.class_texts[positive]
    undefined = undefined.format(positive=name)
    if weight is not None or part.grouped:
        return WeighedCells(
            measure,
            part.label,
            part.prediction,
            size,
            np.ones(len(part)) if weight is None else weight,
            positive,
            part.times,
            undefined=undefined,
            each_class=each_class,
            method=part.method,
        )
    counted = _cells(part)
    closed = None if formula is None else partial(formula, counted, positive or 0)
    return Cells(measure, counted, positive, formula=closed, undefined=undefined, each_class=each_class)


def _sorted(kind: type[Area | AveragePrecision], undefined: str, part: Part) -> Sample:
    """A measure of how the positive class is sorted."""
    score, positive = part.rows.positive_score, part.rows.positive
    if score is None:
        raise UndefinedError(NO_SCORES)
    part = part.where(~np.isnan(score))
    own = part.label == positive
    values = score[part.at]
    formula = partial(auc_delong, own, values) if kind is Area and not part.grouped else None
    return _scored(
        kind(own, values),
        part,
        formula=formula,
        undefined=undefined.format(positive=part.rows.table.class_texts[positive or 0]),
        kinds=np.bincount(own.astype(np.int64), minlength=2),
    )


def _scored(measure: Weighed, part: Part, **options: Any) -> Sample:
    return Scored(measure, len(part), part.weight, part.times, method=part.method, **options)


def _probable(part: Part) -> Part:
    """The rows that have probabilities."""
    if part.rows.table.probabilities is None:
        raise UndefinedError(part.rows.table.why_no_confidence or NO_PROBABILITIES)
    return part.where(part.rows.probable)


def _one_by_one(kind: type[Area | AveragePrecision], part: Part) -> Sample:
    part = _probable(part)
    kinds = np.bincount(part.label)
    return _scored(
        OneByOne(kind, part.label, part.probabilities),
        part,
        undefined=ONE_LABEL,
        kinds=kinds[kinds > 0],
    )


def _log_loss(part: Part) -> Sample:
    part = _probable(part)
    return _scored(Mean(log_losses(part.label, part.probabilities)), part)


def _brier(part: Part) -> Sample:
    part = _probable(part)
    losses = brier_losses(part.label, part.probabilities, part.rows.positive)
    return _scored(Mean(losses), part)


def _errors(counted: ClassCells) -> Measure:
    counts = counted.sums[0]
    return wilson(int(counts[~counted.right].sum()), int(counts.sum()))


def _specificity(matrix: Matrix, positive: int) -> Measure:
    negative = np.arange(len(matrix)) != positive
    others = matrix[negative]
    n = int(others.sum())
    return wilson(n - int(others[:, positive].sum()), n)


def _on_all(of: Callable[[ClassCells], Measure]) -> Formula:
    """A formula that is about no single class."""
    return lambda counted, _: of(counted)


def _of_two(of: Callable[[Matrix, int], Measure]) -> Formula:
    """A formula that is about one of two classes."""

    def formula(counted: ClassCells, positive: int) -> Measure:
        matrix = np.zeros((counted.size, counted.size), dtype=np.int64)
        matrix[counted.label, counted.prediction] = counted.sums[0]
        return of(matrix, positive)

    return formula


NOT_CALLED = "no example is predicted {positive}"
NOT_LABELLED = "no example is labelled {positive}"

NAMED = (
    Named(
        "accuracy",
        partial(_counted, cells.accuracy, "", formula=_on_all(classification.accuracy)),
        also=("acc",),
    ),
    Named(
        "error rate",
        partial(_counted, cells.error_rate, "", formula=_on_all(_errors)),
        better=-1,
        also=("error", "zero one loss"),
    ),
    Named(
        "balanced accuracy",
        partial(_counted, cells.balanced_accuracy, "", each_class=True),
        also=("macro recall", "recall macro"),
    ),
    Named(
        "precision",
        partial(_counted, cells.precision, NOT_CALLED, formula=_of_two(classification.precision)),
        TWO,
        also=("ppv",),
    ),
    Named(
        "recall",
        partial(_counted, cells.recall, NOT_LABELLED, formula=_of_two(classification.recall)),
        TWO,
        also=("sensitivity", "tpr"),
    ),
    Named(
        "specificity",
        partial(
            _counted, cells.specificity, "every example is labelled {positive}", formula=_of_two(_specificity)
        ),
        TWO,
        also=("tnr",),
    ),
    Named(
        "F1",
        partial(_counted, cells.f1, NOT_LABELLED, formula=_of_two(classification.f1)),
        TWO,
        also=("f1 score",),
    ),
    Named(
        "macro precision",
        partial(_counted, cells.macro_precision, "", each_class=True),
        also=("precision macro",),
    ),
    Named(
        "macro F1",
        partial(_counted, cells.macro_f1, "", formula=_on_all(classification.macro_f1)),
        also=("f1 macro",),
    ),
    Named("weighted F1", partial(_counted, cells.weighted_f1, ""), also=("f1 weighted",)),
    Named(
        "kappa",
        partial(_counted, cells.kappa, ONE_SIDE),
        share=False,
        also=("cohen's kappa", "cohen kappa", "cohen kappa score"),
    ),
    Named("MCC", partial(_counted, cells.mcc, ONE_SIDE), share=False, also=("matthews corrcoef", "matthews")),
    Named("AUC", partial(_sorted, Area, ONE_LABEL), TWO, share=False, also=("roc auc", "auroc")),
    Named(
        "average precision",
        partial(_sorted, AveragePrecision, NOT_LABELLED),
        TWO,
        share=False,
        also=("ap", "pr auc", "auprc"),
    ),
    Named("macro AUC", partial(_one_by_one, Area), share=False, also=("roc auc ovr",)),
    Named("macro average precision", partial(_one_by_one, AveragePrecision), share=False, also=("map",)),
    Named("log loss", _log_loss, share=False, better=-1, also=("neg log loss", "cross entropy")),
    Named(
        "Brier", _brier, share=False, better=-1, also=("brier score", "brier score loss", "neg brier score")
    ),
)
OF_MANY = {
    "F1": "macro F1",
    "precision": "macro precision",
    "recall": "balanced accuracy",
    "AUC": "macro AUC",
    "average precision": "macro average precision",
}
"""What is the mean over classes of a measure that is about one of two."""

USUAL_TWO = (
    "accuracy",
    "balanced accuracy",
    "precision",
    "recall",
    "F1",
    "AUC",
    "average precision",
    "log loss",
    "Brier",
    "kappa",
    "MCC",
)
USUAL_MANY = ("accuracy", "balanced accuracy", "macro F1", "log loss", "Brier", "kappa", "MCC")
PROBABLE = {"log loss", "Brier"}
SORTED = {"AUC", "average precision"}


def folded(name: str) -> str:
    """A name without case, spaces and signs: so two spellings of one are the same."""
    return re.sub(r"[\s_\-']+", "", name.casefold())


BY_NAME: dict[str, Named | OfAmounts] = {
    folded(text): one for one in (*NAMED, *AMOUNTS) for text in (one.name, *one.also)
}
EVERY_NAME = tuple(one.name for one in (*NAMED, *AMOUNTS))


def usual(part: Part) -> list[Named | OfAmounts]:
    """The measures that are shown where none were named."""
    rows = part.rows
    if not rows.classes:
        return list(AMOUNTS) if rows.numbers else []
    names = USUAL_MANY if rows.positive is None else USUAL_TWO
    left_out = set() if rows.table.probabilities is not None else PROBABLE
    left_out = left_out | (SORTED if rows.positive_score is None else set())
    return [BY_NAME[folded(name)] for name in names if name not in left_out]
