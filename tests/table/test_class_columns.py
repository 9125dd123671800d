"""Of which class a column of probabilities is, in every form in which a user names columns or gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse
from sklearn.dummy import DummyClassifier
from tests.tables import engine_of, evaluate

import offdiagonal as od
from offdiagonal.errors import ColumnNotFoundError, IndexMismatchError, ProbabilityError

LABELS = ["a", "b", "c", "a"]
MATRIX = np.asarray([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.2, 0.3, 0.5], [0.4, 0.35, 0.25]])
CONFIDENCE = [0.7, 0.6, 0.5, 0.4]
TABLE = pd.DataFrame(
    {"label": LABELS, "prediction": LABELS, "c": MATRIX[:, 2], "a": MATRIX[:, 0], "b": MATRIX[:, 1]}
)
FRAME = TABLE[["c", "a", "b"]]


def confidence_of(ev: od.Evaluation) -> list[float]:
    return np.round(engine_of(ev).table.confidence, 9).tolist()


@pytest.mark.parametrize(
    "given",
    [
        pd.Index(["b", "a", "c"]),
        np.asarray(["b", "a", "c"]),
        np.asarray(["b", "a", "c"], dtype=object),
        pd.Series(["b", "a", "c"]),
        FRAME.columns,
        (name for name in ["b", "a", "c"]),
        {"a": 0, "b": 0, "c": 0}.keys(),
        {"a": "a", "b": "b", "c": "c"},
        {"c": MATRIX[:, 2], "a": MATRIX[:, 0], "b": list(MATRIX[:, 1])},
        {name: FRAME[name] for name in FRAME},
        (row for row in MATRIX),
        sparse.csr_matrix(MATRIX),
        sparse.coo_array(MATRIX),
    ],
    ids=lambda given: type(given).__name__,
)
def test_every_form(given: Any):
    ev = od.Evaluation(TABLE, probabilities=given)
    assert confidence_of(ev) == CONFIDENCE


def test_names_in_an_array_are_hidden_as_those_in_a_list_are():
    assert engine_of(od.Evaluation(TABLE, probabilities=FRAME.columns)).meta.fields == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"a", "b", "c"}, "probabilities= is a set, which has no order; give a list"),
        ({}, "probabilities= is an empty dict"),
        ([], "probabilities= names no column"),
        (sparse.csr_matrix((4, 10**9)), r"a sparse matrix of shape \(4, 1000000000\) is too large"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_what_is_none(given: Any, message: str):
    with pytest.raises(od.OffdiagonalError, match=message):
        od.Evaluation(TABLE, probabilities=given)


def test_a_dict_is_told_by_its_keys_alone():
    with pytest.raises(
        ColumnNotFoundError, match=r"^probabilities column 'bb' not found; did you mean 'b'\?$"
    ):
        od.Evaluation(TABLE, probabilities={"a": "a", "b": "bb", "c": "c"})
    with pytest.raises(IndexMismatchError, match=r"data and probabilities\['a'\] have different indexes"):
        od.Evaluation(TABLE, probabilities={"a": FRAME["a"].iloc[::-1], "b": FRAME["b"], "c": FRAME["c"]})


@pytest.mark.parametrize("given", [["a", "b"], FRAME[["a", "b"]]], ids=["names", "frame"])
def test_a_class_without_a_column_is_named(given: Any):
    ev = od.Evaluation(TABLE, probabilities=given)
    assert engine_of(ev).meta.why_no_confidence.startswith(
        "class c has no column among the probabilities (a, b)"
    )
    assert not any("divide" in note for note in ev.notes)
    ev = evaluate(LABELS, LABELS, probabilities=MATRIX[:, :2], classes=["a", "b"])
    assert "class c has no column" in engine_of(ev).meta.why_no_confidence
    two = od.Evaluation(
        TABLE, probabilities={"a": MATRIX[:, 0] / MATRIX[:, :2].sum(axis=1), "b": MATRIX[:, 1]}
    )
    assert "class c has no column" in engine_of(two).meta.why_no_confidence


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["c", "a", "x"], "columns of the probabilities are c, a, x, and x is no class"),
        (["p_c", "p_a", "p_x"], "columns of the probabilities are p_c, p_a, p_x, and p_x is no class"),
        (["c", "a", "b", "x"], "and x is no class"),
        (["c", "a", "a"], "and a is there twice"),
        (["p_c", "q_a", "p_b"], "not all begin alike"),
    ],
)
def test_names_that_say_some_classes_are_not_taken_for_sorted(names: list[str], message: str):
    frame = pd.DataFrame(np.column_stack([MATRIX, MATRIX[:, 0]])[:, : len(names)], columns=names)
    with pytest.raises(ProbabilityError, match=message):
        evaluate(LABELS, LABELS, probabilities=frame)


@pytest.mark.parametrize(
    "make", [pd.DataFrame, lambda m: pl.DataFrame(m, schema=[f"column_{i}" for i in range(3)])]
)
def test_numbered_columns_say_no_class(make: Any):
    ev = evaluate([1, 2, 3, 1], [1, 2, 3, 1], probabilities=make(MATRIX))
    assert confidence_of(ev) == CONFIDENCE
    assert any("assumed to be in sorted order: 1, 2, 3" in note for note in ev.notes)


@pytest.mark.parametrize("more", [{}, {"classes": ["ham", "spam"]}])
@pytest.mark.parametrize("labels", [["ham"] * 12, ["ham", "spam"] * 6])
def test_an_estimator_of_one_class(labels: list[str], more: dict[str, Any]):
    X = np.zeros((12, 1))
    model = DummyClassifier().fit(X, ["ham"] * 12)
    ev = od.Evaluation.from_estimator(model, X, labels, **more)
    assert confidence_of(ev) == [1.0] * 12
    assert len(ev.selection.where(correct=False, confidence=(0.9, 1))) == labels.count("spam")


def test_one_probability_of_one_class():
    assert confidence_of(evaluate(["ham"] * 4, ["ham"] * 4, probabilities=np.ones((4, 1)))) == [1] * 4
    ev = evaluate(["ham"] * 4, ["ham"] * 4, probabilities=[0.9, 0.8, 0.7, 1], classes=["ham"])
    assert confidence_of(ev) == [0.9, 0.8, 0.7, 1]
