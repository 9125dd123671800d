"""Labels and predictions of every type: exact, noted, or refused with what mends it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.tables import classes_of, engine_of, evaluate, every_kind, matrix_of

import offdiagonal as od
from offdiagonal.errors import LabelError, LengthError


@every_kind
def test_text_labels(make):
    ev = od.Evaluation(make({"label": ["b", "a", "b"], "prediction": ["b", "b", "a"]}))
    assert classes_of(ev) == ["a", "b"]
    assert matrix_of(ev) == [[0, 1], [1, 1]]
    assert ev.notes == ()


@every_kind
def test_whole_numbers(make):
    ev = od.Evaluation(make({"label": [2, 10, 2], "prediction": [2, 2, 10]}))
    assert classes_of(ev) == ["2", "10"]  # sorted as numbers, not as text
    assert engine_of(ev).meta.class_python == ("2", "10")


@every_kind
def test_missing_labels_have_a_row_of_their_own(make):
    ev = od.Evaluation(make({"label": ["a", None, "b", None], "prediction": ["a", "a", None, None]}))
    assert classes_of(ev) == ["a", "b", "(missing)"]
    assert matrix_of(ev) == [[1, 0, 0], [0, 0, 1], [1, 0, 1]]
    assert engine_of(ev).outcome.tolist() == [1, 2, 0, 2]
    assert "2 of 4 rows have no label: not counted as right or wrong" in ev.notes
    assert "2 of 4 rows have no prediction: counted as errors where there is a label" in ev.notes


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, np.datetime64("NaT")], ids=repr)
def test_every_missing_value_is_missing(missing):
    ev = evaluate(["a", missing, "b"], ["a", "a", "b"])
    assert classes_of(ev) == ["a", "b", "(missing)"]


def test_whole_numbers_that_pandas_made_floats_stay_whole():
    ev = evaluate(pd.Series([1, None, 2]), pd.Series([1, 2, 2]))
    assert classes_of(ev) == ["1", "2", "(missing)"]
    assert engine_of(ev).meta.class_python == ("1", "2", "None")
    assert len(ev.selection.where(label=1)) == 1


def test_floats():
    ev = evaluate([0.5, 1.0, 1.0], [0.5, 0.5, 1.0])
    assert classes_of(ev) == ["0.5", "1"]
    assert len(ev.selection.where(label=1)) == 2


def test_small_floats_read_as_they_are_written():
    labels = np.asarray([0.1, 0.2, 0.1], dtype=np.float32)
    assert classes_of(evaluate(labels, labels)) == ["0.1", "0.2"]


@pytest.mark.parametrize(
    "dtype", ["Int64", "string", "boolean", "category", "int64[pyarrow]", "string[pyarrow]"]
)
def test_pandas_dtypes_of_its_own(dtype):
    values = {"boolean": [True, False, None, True]}.get(dtype, [1, 2, None, 1])
    if "string" in dtype:
        values = ["x", "y", None, "x"]
    series = pd.Series(values, dtype=dtype)
    ev = evaluate(series, series)
    assert classes_of(ev)[-1] == "(missing)"
    assert len(classes_of(ev)) == 3
    assert len(ev.selection.where(label=[values[0]])) == 2


def test_huge_numbers_keep_every_digit():
    big = 2**53
    ev = evaluate(pd.Series([big, big + 1, None], dtype="Int64"), [big, big + 1, big])
    assert classes_of(ev) == [str(big), str(big + 1), "(missing)"]
    assert matrix_of(ev) == [[1, 0, 0], [0, 1, 0], [1, 0, 0]]
    ev = evaluate(np.asarray([2**63, 1], dtype=np.uint64), np.asarray([1, 1], dtype=np.int64))
    assert classes_of(ev) == ["1", str(2**63)]
    assert classes_of(evaluate([10**30, 1], [1, 1])) == ["1", str(10**30)]


def test_tuples_and_other_hashable_labels():
    ev = evaluate([("a", 1), ("b", 2)], [("a", 1), ("a", 1)])
    assert classes_of(ev) == ["('a', 1)", "('b', 2)"]
    assert len(ev.selection.where(label=("b", 2))) == 1
    ev = evaluate([frozenset("ab"), frozenset("c")], [frozenset("ab"), frozenset("ab")])
    assert len(ev.selection.where(label=frozenset("c"))) == 1
    ev = evaluate([dt.date(2024, 1, 1), dt.date(2024, 1, 2)], [dt.date(2024, 1, 1)] * 2)
    assert classes_of(ev) == ["2024-01-01", "2024-01-02"]
    ev = evaluate([Decimal("1.10"), Decimal(2)], [Decimal("1.10"), Decimal("1.10")])
    assert classes_of(ev) == ["1.10", "2"]


def test_times_of_two_units_are_equal():
    label = np.asarray(["2024-01-01", "2024-01-02"], dtype="datetime64[ns]")
    ev = evaluate(label, label.astype("datetime64[s]"))
    assert matrix_of(ev) == [[1, 0], [0, 1]]
    assert len(ev.selection.where(label=np.datetime64("2024-01-01"))) == 1


def test_ordered_and_unused_categories():
    labels = pd.Categorical(["b", "a", None], categories=["c", "b", "a"], ordered=True)
    ev = evaluate(labels, ["b", "b", "a"])
    assert classes_of(ev) == ["a", "b", "(missing)"]


def test_polars_categories_and_arrow_dictionaries_keep_their_nulls():
    # pyarrow's own conversion to numpy gives a null of a dictionary the value of its neighbour
    for labels in (
        pl.Series(["x", None, "y"], dtype=pl.Categorical),
        pa.chunked_array([pa.array(["x", None, "y"]).dictionary_encode()]),
        pa.array(["x", None, "y"]).dictionary_encode(),
    ):
        ev = evaluate(labels, ["x", "x", "y"])
        assert matrix_of(ev) == [[1, 0, 0], [0, 1, 0], [1, 0, 0]]


def test_arrow_bools_with_nulls():
    ev = evaluate(pa.array([True, None, False]), pa.chunked_array([[True, True, False]]))
    assert classes_of(ev) == ["False", "True", "(missing)"]


def test_masked_arrays_keep_their_mask():
    ev = evaluate(np.ma.MaskedArray([1, 2, 1], mask=[False, False, True]), [1, 1, 1])
    assert classes_of(ev) == ["1", "2", "(missing)"]


def test_an_array_of_one_column_is_its_column():
    assert matrix_of(evaluate(np.asarray([["a"], ["b"]]), pd.DataFrame({"y": ["a", "a"]}))) == [
        [1, 0],
        [1, 0],
    ]


def test_unlike_values_of_one_text_are_two_classes():
    ev = evaluate([1, "1", "a"], [1, "1", 1])
    assert classes_of(ev) == ["1 (int)", "1 (str)", "a"]
    assert len(ev.selection.where(label="1")) == 1
    assert len(ev.selection.where(label=1)) == 1
    ev = evaluate([True, 1, "a"], [True, 1, "a"])
    assert len(classes_of(ev)) == 3


def test_a_class_that_reads_like_the_missing_one():
    ev = evaluate(["(missing)", None, ""], ["(missing)", "", ""])
    assert classes_of(ev) == ["(empty)", "(missing) (str)", "(missing)"]
    assert len(ev.selection.where(label="(missing)")) == 1
    assert len(ev.selection.where(label=[None])) == 1
    assert len(ev.selection.where(label="")) == 1


def test_long_and_broken_text():
    long, broken = "x" * 1_000_000, "half \ud800"
    ev = evaluate([long, broken], [long, long])
    assert [len(text) for text in classes_of(ev)] == [11, 201]
    assert classes_of(ev)[0] == "half \\ud800"
    assert len(ev.selection.where(label=long)) == 1
    assert len(ev.selection.where(label=broken)) == 1


@pytest.mark.parametrize(
    ("labels", "predictions"),
    [
        ([1, 2], ["1", "2"]),
        (["1", "2"], [1, 2]),
        ([1.5, 2.5], ["1.5", "2.5"]),
        ([True, False], [1, 0]),
        ([1, 0], [True, False]),
        ([True, False], ["True", "False"]),
        (["a", "b"], ["A", "b "]),
    ],
)
def test_sides_that_only_read_alike_are_refused_with_the_cast_that_mends_them(labels, predictions):
    sides = {"labels": pd.Series(labels), "predictions": pd.Series(predictions)}
    with pytest.raises(LabelError, match="so no prediction equals its label") as refused:
        evaluate(**sides)
    cast = str(refused.value).split(": ")[-1]
    if cast.startswith("."):
        mended = {side: eval("values" + cast, {"values": values}) for side, values in sides.items()}
    else:
        side = cast.split(".")[0]
        mended = sides | {side: eval(cast, dict(sides))}
    assert matrix_of(evaluate(**mended))[0][0] == 1


def test_sides_that_share_nothing_are_refused():
    with pytest.raises(
        LabelError, match=re.escape("labels (a, b) and predictions (c) have no value in common")
    ):
        evaluate(["a", "b"], ["c", "c"])


def test_sides_that_share_nothing_may_be_all_wrong_where_the_classes_are_named():
    assert matrix_of(evaluate(["a", "a"], ["b", "b"], classes=["a", "b"])) == [[0, 2], [0, 0]]


def test_unhashable_labels_are_refused():
    with pytest.raises(LabelError, match=r"the label of row 1 is a list .* not hashable"):
        evaluate(["a", ["b"], "a"], ["a", "a", "a"])
    with pytest.raises(LabelError, match="the prediction of row 2 is a dict"):
        evaluate(["a", "b", "a"], ["a", "a", {"b": 1}])


def test_amounts_are_refused_as_classes():
    values = np.arange(30_000) / 7
    with pytest.raises(LabelError, match=r"30,000 different values .* say task='regression' of amounts"):
        od.Evaluation.from_predictions(values, values, task="classification")


def test_one_class():
    ev = evaluate(["a", "a"], ["a", "a"])
    assert matrix_of(ev) == [[2]]
    assert ev.notes == ("there is one class only: a",)


def test_classes_of_one_side_are_noted():
    ev = evaluate(["a", "b", "c"], ["a", "d", "a"], classes=["a", "b", "c", "d", "e"])
    assert ev.notes == (
        "predicted, but no row has the label: d",
        "never predicted: b, c",
        "in neither labels nor predictions: e",
    )


def test_declared_classes_give_the_order():
    ev = evaluate(["a", "b", "x"], ["a", "b", "a"], classes=np.asarray(["b", "a"]))
    assert classes_of(ev) == ["b", "a", "x"]
    assert engine_of(ev).meta.class_python == ("'b'", "'a'", "'x'")
    assert "not in classes=, and put after them: x" in ev.notes


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        (["a", "a"], "names a class twice"),
        (["a", None], "holds None"),
        (["x", "y"], "none of classes= .* is a label or a prediction"),
        ([0, 1], "none of classes= .* in the same type"),
        ("ab", "a list of the classes in their order, not a str"),
        ({"a", "b"}, "a list of the classes in their order, not a set"),
        ([["a"], ["b"]], "classes= holds a list .* not hashable"),
    ],
)
def test_declared_classes_that_cannot_be(classes, message):
    with pytest.raises(LabelError, match=message):
        evaluate(["a", "b"], ["a", "b"], classes=classes)


def test_positive():
    assert engine_of(evaluate()).meta.positive == 1
    assert engine_of(evaluate(positive="ham")).meta.positive == 0
    three = evaluate(["a", "b", "c"], ["a", "b", "c"], positive="b")
    assert engine_of(three).meta.positive is None
    assert three.notes == ("positive=b is not used: there are 3 classes, not two",)
    with pytest.raises(LabelError, match="positive='Spam' is no class; the classes are 'ham', 'spam'"):
        evaluate(positive="Spam")
    with pytest.raises(LabelError, match="positive=1 is no class"):
        evaluate([True, False], [True, True], positive=1)


def test_unequal_lengths():
    with pytest.raises(LengthError, match="y_pred has 2 values but y_true has 3 rows"):
        evaluate(["a", "b", "a"], ["a", "b"])


@pytest.mark.parametrize("given", ["abc", {"a": 1}, {1, 2}, 3, None], ids=repr)
def test_what_is_no_array(given: Any):
    with pytest.raises(od.OffdiagonalError, match="one value for each row"):
        evaluate(given, ["a"])


def test_two_dimensions():
    with pytest.raises(
        od.OffdiagonalError, match=re.escape("must have one dimension, but its shape is (2, 2)")
    ):
        evaluate(np.zeros((2, 2)), ["a", "b"])


def test_numbers_of_two_widths_are_equal():
    ev = evaluate(np.asarray([1, 2], dtype=np.uint64), np.asarray([1, 1], dtype=np.int8))
    assert matrix_of(ev) == [[1, 0], [1, 0]]
    ev = evaluate(np.asarray([0.5, 2], dtype=np.float32), np.asarray([0.5, 0.5]))
    assert matrix_of(ev) == [[1, 0], [1, 0]]


class Odd:
    """A value that can be hashed and nothing else."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Odd) and self.name == other.name

    def __lt__(self, other: object) -> bool:
        raise RuntimeError("no order")

    def __str__(self) -> str:
        if self.name == "b":
            raise RuntimeError("no text")
        return self.name


def test_values_that_can_hardly_be_used():
    ev = evaluate([Odd("b"), Odd("a")], [Odd("b"), Odd("b")])
    assert sorted(classes_of(ev)) == ["<Odd: its text raised RuntimeError>", "a"]
    assert len(ev.selection.where(label=Odd("b"))) == 1
    assert len(ev.selection.where(label="a")) == 1
    code = ev.selection.code("ev")
    ev.selection.clear()
    assert len(eval(code, {"ev": ev})) == 1


def test_a_value_that_cannot_be_compared_is_no_class():
    ev = evaluate([("a", 1), ("b", 2)], [("a", 1), ("a", 1)])
    with pytest.raises(od.OffdiagonalError, match="not found"):
        ev.selection.where(label=(np.zeros(2), 1))


def test_other_arrays():
    class Foreign:
        def __array__(self, dtype=None, copy=None):
            return np.asarray(["a", "b"])

        def __iter__(self):
            raise AssertionError("an array is not gone through value by value")

    assert classes_of(evaluate(Foreign(), ["a", "a"])) == ["a", "b"]
    assert classes_of(evaluate(pd.Categorical([None, None], categories=[]), ["a", "a"])) == ["a", "(missing)"]
    assert classes_of(evaluate([10**19, 1.5], [1.5, 1.5])) == ["1.5", str(10**19)]
    assert classes_of(evaluate((x for x in "ab"), iter("aa"))) == ["a", "b"]
    with pytest.raises(od.OffdiagonalError, match=r"one value for each row, not a pandas.*DataFrame"):
        evaluate(pd.DataFrame({"a": [1], "b": [2]}), [1])


def test_sides_of_other_types_that_share_nothing():
    with pytest.raises(LabelError, match="have no value in common"):
        evaluate(["1x", "2x"], [1, 2])
    with pytest.raises(LabelError, match="have no value in common"):
        evaluate([dt.date(2024, 1, 1)] * 2, [1, 2])


def test_classes_that_differ_in_spaces_or_case_only_are_noted():
    ev = evaluate(["spam", "ham", "Ham", "spam"], ["spam ", "ham", "ham", "spam"])
    assert ev.notes[-1] == (
        "classes that differ in spaces or case only: 'Ham' and 'ham', 'spam' and 'spam '; "
        ".str.strip().str.lower() would make them one"
    )
    assert not any("spaces" in note for note in evaluate(["spam", "ham"], ["ham", "spam"]).notes)
    with pytest.raises(
        LabelError, match=r"^labels and predictions differ in spaces or case \('spam' and 'spam '\)"
    ):
        evaluate(["spam", "ham"], ["spam ", "eggs"])
