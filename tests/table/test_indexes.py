"""Rows said by pandas objects: which of two mends of another index is right, and labels that are no positions."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from tests.tables import evaluate

import offdiagonal as od
from offdiagonal.errors import IndexMismatchError, SelectionError

FRAME = pd.DataFrame(
    {"label": list("aabb"), "prediction": list("abab"), "x": [1, 2, 3, 4]}, index=pd.Index([3, 2, 1, 0])
)


def mends(error: pytest.ExceptionInfo[IndexMismatchError]) -> list[str]:
    """The expressions that an error offers."""
    return re.findall(r"give ([\w.\[\]'()]+)", str(error.value))


@pytest.mark.parametrize("by", ["rows", "slice"])
def test_both_mends_select_the_rows_that_each_says(by: str):
    ev = od.Evaluation(FRAME)

    def indices(mask: Any) -> list[int]:
        if by == "rows":
            return ev.selection.clear().where(rows=mask).indices.tolist()
        return ev.slice("s", mask).selection.clear().where(slice="s").indices.tolist()

    mask = (FRAME["x"] > 2).reset_index(drop=True)
    with pytest.raises(IndexMismatchError) as error:
        indices(mask)
    by_label, by_order = mends(error)
    assert "if equal index labels mean the same row, give mask.reindex(data.index);" in str(error.value)
    assert by_order == "mask.to_numpy()"
    names = {"mask": mask, "data": FRAME}
    assert indices(eval(by_order, names)) == [2, 3]
    with pytest.raises(IndexMismatchError) as error:
        indices((FRAME["x"] > 2).sort_index())
    by_label, _ = mends(error)
    names["mask"] = (FRAME["x"] > 2).sort_index()
    assert indices(eval(by_label, names)) == [2, 3]


def test_labels_of_other_rows_are_not_offered_as_a_mend():
    with pytest.raises(IndexMismatchError) as error:
        od.Evaluation(FRAME).selection.where(rows=pd.Series([True] * 4, index=[5, 6, 7, 8]))
    assert mends(error) == ["mask.to_numpy()"]


def test_a_frame_keeps_the_names_of_its_columns():
    frame = pd.DataFrame({"a": [0.5] * 4, "b": [0.5] * 4})
    with pytest.raises(IndexMismatchError) as error:
        od.Evaluation(FRAME, probabilities=frame)
    assert mends(error) == ["probabilities.reindex(data.index)", "probabilities.set_axis(data.index)"]


def test_labels_of_an_estimator_are_called_as_the_user_calls_them():
    model = DummyClassifier().fit(FRAME[["x"]], FRAME["label"])
    y = FRAME["label"].reset_index(drop=True)
    for more in ({}, {"data": FRAME[["x"]]}):
        with pytest.raises(IndexMismatchError, match="and y have different indexes") as error:
            od.Evaluation.from_estimator(model, FRAME[["x"]], y, **more)
        assert mends(error)[1] == "y.to_numpy()"


def test_columns_of_a_dict():
    with pytest.raises(IndexMismatchError) as error:
        od.Evaluation({"label": FRAME["label"], "prediction": FRAME["prediction"].sort_index()})
    assert mends(error)[0] == "data['prediction'].reindex(data['label'].index)"


def selected(ev: od.Evaluation, rows: Any) -> list[int]:
    return ev.selection.clear().where(rows=rows).indices.tolist()


def test_an_index_holds_labels_and_no_positions():
    ev = od.Evaluation(FRAME)
    assert selected(ev, FRAME[FRAME["x"] > 2].index) == [2, 3]
    assert selected(ev, np.asarray([0, 1])) == [0, 1]
    assert selected(ev, FRAME.index[:0]) == []
    assert selected(od.Evaluation(FRAME.reset_index(drop=True)), pd.Index([1, 3])) == [1, 3]
    assert selected(evaluate(FRAME["label"], FRAME["prediction"]), FRAME.index[:1]) == [0]
    assert selected(od.Evaluation(dict(FRAME.items())), FRAME.index[:1]) == [0]


@pytest.mark.parametrize(
    "index",
    [
        pd.Index(list("wxyz")),
        pd.date_range("2024-01-01", periods=4),
        pd.MultiIndex.from_product([[1, 2], ["a", "b"]]),
    ],
    ids=lambda index: type(index).__name__,
)
def test_labels_of_any_kind_are_looked_up(index: pd.Index):
    frame = FRAME.set_axis(index)
    assert selected(od.Evaluation(frame), frame[frame["x"] > 2].index) == [2, 3]


def test_an_index_of_truth_values_is_a_mask():
    assert selected(od.Evaluation(FRAME), pd.Index([True, False, False, True])) == [0, 3]


def test_labels_that_name_no_row_or_several_are_refused():
    with pytest.raises(SelectionError, match="no row of the table has the label 9"):
        selected(od.Evaluation(FRAME), pd.Index([3, 9]))
    with pytest.raises(SelectionError, match="several rows of the table have the label 1"):
        selected(od.Evaluation(FRAME.set_axis([1, 1, 2, 3])), pd.Index([2]))
    with pytest.raises(SelectionError, match="the table has no index to look its labels up in"):
        selected(evaluate(list("aabb"), list("abab")), pd.Index([2]))
