"""Notes on scores and ids."""

from __future__ import annotations

import numpy as np
import pytest
from tests.tables import evaluate

import offdiagonal as od

TWO, THREE = ["a", "b"] * 6, ["a", "b", "c"] * 4


def test_scores_that_are_missing_are_counted():
    ev = evaluate(TWO, TWO, scores=[np.nan, 1.0, None] + [0.5] * 9)
    assert ev.notes == ("2 of 12 rows have no score: they come last, and the AUC leaves them out",)
    assert evaluate(TWO, TWO, scores=[0.5] * 12).notes == ()


def test_scores_of_three_classes_only_sort():
    ev = evaluate(THREE, THREE, scores=[0.5] * 12)
    assert ev.notes == ("scores only sort the examples: with 3 classes there is no AUC of them",)


@pytest.mark.parametrize("private", [False, True])
def test_ids_that_repeat_are_counted(private: bool):
    table = {"label": TWO, "prediction": TWO, "key": [1, 1, 2, 2, 2, None, None, *range(10, 15)]}
    ev = od.Evaluation(table, id="key", private=["key"] if private else [])
    called = "the private column that is the id" if private else "the id column 'key'"
    assert ev.notes == (f"{called} repeats: 5 of 12 rows share theirs with another row",)
    assert od.Evaluation(table | {"key": range(12)}, id="key").notes == ()
