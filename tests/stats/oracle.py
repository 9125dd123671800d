"""What the views say of predictions, beside scikit-learn and a naive twin in plain Python.

Where definitions differ:

- Below ten rows no rate is given; the others give one of any number of rows.
- A row without a label is counted in n and left out of every rate; scikit-learn refuses it, and gets the rest.
- A missing prediction of a labelled row is an error: to scikit-learn it is one class more.
- Precision of a class that is never predicted is unknown; ``zero_division`` says what scikit-learn makes of it.
- F1 of a class that is never a label is unknown; scikit-learn's is 0.
- Macro F1 is the mean over the classes that occur as labels; scikit-learn's takes ``labels=`` for that.
- The area under the curve is of the rows that have a label and a score; scikit-learn gets those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn import metrics

import offdiagonal as od

MIN_N = 10
NO_PREDICTION = "no prediction"


@dataclass(frozen=True)
class Case:
    """Labels and predictions of named classes; the second of two is the positive one."""

    classes: Sequence[Any]
    labels: Sequence[Any]
    predictions: Sequence[Any]
    parts: Sequence[str] = ()
    """A column to slice by."""
    scores: Sequence[float | None] | None = None
    """Of two classes."""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def judged(self) -> list[tuple[Any, Any]]:
        """Label and prediction of the rows that have a label."""
        return [(a, b) for a, b in zip(self.labels, self.predictions, strict=True) if a is not None]

    def evaluation(self) -> od.Evaluation:
        """What is checked."""
        table = {"label": _objects(self.labels), "prediction": _objects(self.predictions)}
        if self.parts:
            table["part"] = _objects(self.parts)
        scored = {} if self.scores is None else {"scores": _floats(self.scores)}
        return od.Evaluation(table, classes=list(self.classes), **scored, **self.options)


def _objects(values: Sequence[Any]) -> Any:
    return np.fromiter(values, dtype=object, count=len(values))


def _floats(values: Sequence[float | None]) -> Any:
    return np.asarray([np.nan if value is None else value for value in values], dtype=float)


Rates = dict[str, float | None]


def twin(case: Case) -> Rates:
    """The header's measures, counted row by row."""
    judged = case.judged
    found: Rates = {"accuracy": _rate(sum(a == b for a, b in judged), len(judged))}
    if len(case.classes) != 2:
        return found | ({"macro F1": _twin_macro(case)} if len(case.classes) > 2 else {})
    positive = case.classes[1]
    hits = sum(a == b == positive for a, b in judged)
    labelled, predicted = (sum(pair[side] == positive for pair in judged) for side in (0, 1))
    found["precision"] = _rate(hits, predicted)
    found["recall"] = _rate(hits, labelled)
    union = labelled + predicted - hits
    found["F1"] = 2 * hits / (labelled + predicted) if labelled and union >= MIN_N else None
    if case.scores is not None:
        found["AUC"] = _twin_auc(case)
    return found


def _rate(part: int, of: int) -> float | None:
    return part / of if of >= MIN_N else None


def _twin_macro(case: Case) -> float | None:
    judged = case.judged
    if len(judged) < MIN_N:
        return None
    scores = []
    for klass in {a for a, _ in judged}:
        hits = sum(a == b == klass for a, b in judged)
        both = sum((a == klass) + (b == klass) for a, b in judged)
        scores.append(2 * hits / both)
    return sum(scores) / len(scores)


def _scored(case: Case) -> list[tuple[bool, float]]:
    positive = case.classes[1]
    return [
        (label == positive, score)
        for label, score in zip(case.labels, case.scores or (), strict=True)
        if label is not None and score is not None
    ]


def _twin_auc(case: Case) -> float | None:
    above, below = ([score for own, score in _scored(case) if own is side] for side in (True, False))
    if not above or not below or len(above) + len(below) < MIN_N:
        return None
    wins = sum((a > b) + (a == b) / 2 for a in above for b in below)
    return wins / (len(above) * len(below))


def by_sklearn(case: Case) -> Rates:
    """The same by scikit-learn, of the rows that have a label; None where it has nothing to say."""
    codes = {value: code for code, value in enumerate(case.classes)} | {None: len(case.classes)}
    labels, predictions = ([codes[pair[side]] for pair in case.judged] for side in (0, 1))
    if not labels:
        return {}
    found: Rates = {"accuracy": float(metrics.accuracy_score(labels, predictions))}
    if len(case.classes) == 2:
        sides = metrics.precision_recall_fscore_support(labels, predictions, labels=[1], zero_division=0)
        found |= {
            name: float(side[0]) for name, side in zip(("precision", "recall", "F1"), sides, strict=False)
        }
        positives = [own for own, _ in _scored(case)] if case.scores is not None else []
        if len(set(positives)) == 2:
            found["AUC"] = float(metrics.roc_auc_score(positives, [score for _, score in _scored(case)]))
    elif len(case.classes) > 2:
        occur = sorted(set(labels))
        found["macro F1"] = float(
            metrics.f1_score(labels, predictions, labels=occur, average="macro", zero_division=0)
        )
    return found


def check(case: Case) -> dict[str, float]:
    """Compare all that the header, the matrix and the slices show; the header's values."""
    ev = case.evaluation()
    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
        header = _check_header(ev, case)
        _check_matrix(ev, case)
        if case.parts:
            _check_slices(ev, case)
    return header


def _check_header(ev: od.Evaluation, case: Case) -> dict[str, float]:
    frame = ev.to_frame()
    frame = frame[frame["rows"] == "all"]
    shown = dict(zip(frame["measure"], frame["value"], strict=True))
    expected, other = twin(case), by_sklearn(case)
    if "AUC" in expected and "AUC" not in shown:
        assert expected.pop("AUC") is None
    assert set(shown) == set(expected)
    for name, value in expected.items():
        if value is None:
            assert np.isnan(shown[name]), name
        else:
            assert shown[name] == pytest.approx(value, abs=1e-12), name
            assert shown[name] == pytest.approx(other[name], abs=1e-12), name
    assert dict(zip(frame["measure"], frame["n"], strict=True))["accuracy"] == len(case.judged)
    return shown


def _check_matrix(ev: od.Evaluation, case: Case) -> None:
    frame = ev.confusion().to_frame()
    sides = [*case.classes, *([None] if None in [*case.labels, *case.predictions] else [])]
    shown = frame["n"].to_numpy().reshape(len(sides), len(sides))
    pairs = list(zip(case.labels, case.predictions, strict=True))
    naive = [[sum(pair == (a, b) for pair in pairs) for b in sides] for a in sides]
    assert shown.tolist() == naive
    codes = {value: code for code, value in enumerate(sides)}
    if pairs:
        theirs = metrics.confusion_matrix(
            [codes[a] for a, _ in pairs], [codes[b] for _, b in pairs], labels=range(len(sides))
        )
        assert shown.tolist() == theirs.tolist()
    shares = frame["share_of_label"].to_numpy().reshape(len(sides), len(sides))
    for row, counts in zip(shares, naive, strict=True):
        rates = [_rate(n, sum(counts)) for n in counts]
        assert np.allclose(row, [np.nan if rate is None else rate for rate in rates], equal_nan=True)


def _check_slices(ev: od.Evaluation, case: Case) -> None:
    frame = ev.slices().to_frame().set_index("slice")
    assert len(frame) == (len(set(case.parts)) if len(set(case.parts)) > 1 else 0)
    rows = list(zip(case.labels, case.predictions, case.parts, strict=True))
    codes = {value: code for code, value in enumerate([*case.classes, None])}
    for part, shown in frame.iterrows():
        inside = [(a, b) for a, b, own in rows if f"part = {own}" == part]
        rest = [(a, b) for a, b, own in rows if f"part = {own}" != part and a is not None]
        judged = [(a, b) for a, b in inside if a is not None]
        errors = sum(a != b for a, b in judged)
        assert (shown["n"], shown["judged"], shown["errors"]) == (len(inside), len(judged), errors)
        here, there = _rate(errors, len(judged)), _rate(sum(a != b for a, b in rest), len(rest))
        _same(shown["error"], here)
        if here is not None and judged:
            theirs = metrics.zero_one_loss([codes[a] for a, _ in judged], [codes[b] for _, b in judged])
            assert shown["error"] == pytest.approx(theirs, abs=1e-12)
        _same(shown["difference"], None if here is None or there is None else here - there)


def _same(shown: float, expected: float | None) -> None:
    assert pd.isna(shown) if expected is None else shown == pytest.approx(expected, abs=1e-12)
