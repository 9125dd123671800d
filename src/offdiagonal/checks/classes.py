"""Asks whether there are classes that the model never gives, or only one class at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from offdiagonal.checks.words import listed, name, share
from offdiagonal.clauses import CellClause, Rectangle
from offdiagonal.findings import Finding
from offdiagonal.stats.cells import Cells
from offdiagonal.stats.intervals import wilson
from offdiagonal.stats.measure import MIN_N
from offdiagonal.views.text import amount

Counts = NDArray[np.int64]


def class_findings(
    confusion: Counts | Cells,
    texts: Sequence[str],
    missing: int | None = None,
    spellings: Collection[int] = (),
) -> list[Finding]:
    """Classes that are always, or never, predicted.

    Parameters
    ----------
    confusion
        Counts of all rows; rows are labels, columns predictions. Or the cells that occur.
    texts
        How the classes read.
    missing
        Code of the class that stands for a missing label or prediction.
    spellings
        Codes of classes that are another spelling of one: of these it is known why they are never predicted.
    """
    known = [code for code in range(len(texts)) if code != missing]
    cells = confusion if isinstance(confusion, Cells) else Cells.of([confusion])
    labelled = cells.by(cells.label, cells.sums[0])[known]
    predicted = cells.by(cells.prediction, cells.sums[0])[known]
    if labelled.sum() < MIN_N or predicted.sum() < MIN_N:
        return []
    classes = [texts[code] for code in known]
    if np.count_nonzero(labelled) == 1:
        return [_one_label(int(labelled.argmax()), labelled, predicted, classes)]
    only = int(predicted.argmax())
    if np.count_nonzero(predicted) == 1 and labelled.sum() - labelled[only] >= MIN_N:
        return [_constant(known[only], only, labelled, predicted, classes)]
    other = ~np.isin(known, [*spellings])
    return _never(known, labelled * other, predicted, classes, int(labelled.sum()))


def _one_label(code: int, labelled: Counts, predicted: Counts, classes: Sequence[str]) -> Finding:
    others = int(predicted.sum() - predicted[code])
    rest = (
        share(others, int(predicted.sum()), "prediction") + " another class" if others else "no other class"
    )
    return Finding(
        kind="constant-label",
        level="labels",
        title=f"every label is {name(classes[code])} ({amount(int(labelled[code]))})",
        certainty="confirmed",
        where=(CellClause((), "error"),) if others else (),
        evidence=f"Predicted is {rest}.",
        causes=("the rows are a filtered part of the data", "the label column is not the one that was meant"),
        try_next=("Evaluate on rows of all classes.",),
        confirm_by="Count the values of the label column where it comes from.",
        theory="Without rows of another class nothing tells how often one would be missed: accuracy is the recall "
        "of one class.",
    )


def _constant(code: int, only: int, labelled: Counts, predicted: Counts, classes: Sequence[str]) -> Finding:
    others, n = int(labelled.sum() - labelled[only]), int(labelled.sum())
    return Finding(
        kind="constant-prediction",
        level="predictions",
        title=f"every prediction is {name(classes[only])} ({amount(int(predicted[only]))})",
        certainty="confirmed",
        effect=wilson(others, n),
        where=(CellClause((Rectangle(None, (code,)),), "error"),),
        evidence=f"Another class is the label of {share(others, n)}, and all of these are wrong.",
        causes=(
            "training collapsed to the most frequent class",
            "a threshold that no score reaches",
            "the prediction column was filled with a default",
        ),
        rules_out=("one kind of examples that is hard",),
        try_next=("Look at the scores: if they sort the examples, only the threshold is wrong.",),
        confirm_by="Predict some training rows: a model that learnt anything gives more than one class there.",
        theory="The accuracy of a constant prediction is the share of that class among the labels. It says nothing "
        "of the model.",
    )


def _never(
    known: Sequence[int], labelled: Counts, predicted: Counts, classes: Sequence[str], n: int
) -> list[Finding]:
    absent: list[int] = np.flatnonzero((predicted == 0) & (labelled > 0)).tolist()
    found = [i for i in sorted(absent, key=lambda i: -int(labelled[i])) if labelled[i] >= MIN_N]
    if not found:
        return []
    k = int(labelled[found].sum())
    one = len(found) == 1
    what = f"class {name(classes[found[0]])} is" if one else f"{len(found)} classes are"
    each = "" if one else listed([f"{name(classes[i])} ({labelled[i]:,})" for i in found]) + ". "
    few = [name(classes[i]) for i in absent if labelled[i] < MIN_N]
    rare = f" Of fewer than {MIN_N} examples, and not predicted either: {listed(few)}." if few else ""
    return [
        Finding(
            kind="class-never-predicted",
            level="predictions",
            title=f"{what} never predicted ({amount(k)})",
            certainty="confirmed",
            effect=wilson(k, n),
            where=(CellClause((Rectangle(tuple(known[i] for i in found), None),)),),
            evidence=f"{each}That alone makes {share(k, n)} wrong.{rare}",
            causes=(
                "the class is not among those that the model was trained on",
                "it is rare in training, and never the most probable one",
                "its name is written in another way where the model was trained",
            ),
            try_next=("Compare the classes of the training data with these.",),
            confirm_by="Look at the probability of the class where it is the label: if it is high there, a threshold "
            "or a weight brings it back.",
            theory="A class that is never the most probable one has a recall of 0, whatever the accuracy is.",
        )
    ]
