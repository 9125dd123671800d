"""Probabilities in every form: of which class is which column, and are they any."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tables import engine_of, evaluate, every_kind

import offdiagonal as od
from offdiagonal.errors import LabelError, LengthError, ProbabilityError
from offdiagonal.table.class_columns import order_by_names
from offdiagonal.table.probabilities import confidence_codes

LABELS = ["ham", "spam", "spam", "ham"]
PREDICTIONS = ["ham", "spam", "ham", "ham"]
HAM = np.asarray([0.9, 0.2, 0.6, 0.75])
BOTH = np.column_stack([HAM, 1 - HAM])
CONFIDENCE = [0.9, 0.8, 0.6, 0.75]


def confidence_of(ev: od.Evaluation) -> list[float]:
    return np.round(engine_of(ev).table.confidence, 9).tolist()


def note(ev: od.Evaluation, part: str) -> bool:
    return any(part in text for text in ev.notes)


@every_kind
def test_columns_by_name_in_either_order(make):
    table = make({"label": LABELS, "prediction": PREDICTIONS, "p_ham": HAM, "p_spam": 1 - HAM})
    for columns in (["p_ham", "p_spam"], ["p_spam", "p_ham"], ("p_spam", "p_ham")):
        ev = od.Evaluation(table, probabilities=columns)
        assert confidence_of(ev) == CONFIDENCE
        assert note(ev, "columns of the probabilities are as their names say")
        assert [c.name for c in engine_of(ev).meta.columns] == ["label", "predicted", "confidence"]


@every_kind
def test_a_single_column_is_of_the_positive_class(make):
    table = make({"label": LABELS, "prediction": PREDICTIONS, "probability": 1 - HAM})
    assert confidence_of(od.Evaluation(table, probabilities="probability")) == CONFIDENCE
    assert confidence_of(od.Evaluation(table, probabilities=["probability"])) == CONFIDENCE
    table = make({"label": LABELS, "prediction": PREDICTIONS, "probability": HAM})
    ev = od.Evaluation(table, probabilities="probability", positive="ham")
    assert confidence_of(ev) == CONFIDENCE
    assert engine_of(ev).meta.positive == 0


@every_kind
def test_a_single_column_that_names_the_other_class(make):
    ev = od.Evaluation(
        make({"label": LABELS, "prediction": PREDICTIONS, "p_ham": HAM}), probabilities="p_ham"
    )
    assert confidence_of(ev) == CONFIDENCE
    assert note(ev, "'p_ham' is taken for the probability of ham, as its name says")
    assert engine_of(ev).meta.positive == 1


@pytest.mark.parametrize(
    "given",
    [
        BOTH,
        BOTH.tolist(),
        BOTH.astype(np.float32),
        pd.DataFrame(BOTH, columns=["ham", "spam"]),
        pd.DataFrame(BOTH[:, ::-1], columns=["p(spam)", "p(ham)"]).rename(columns=lambda c: c.strip(")")),
        pl.DataFrame(BOTH[:, ::-1], schema=["spam", "ham"]),
        pa.table({"proba=spam": 1 - HAM, "proba=ham": HAM}),
        1 - HAM,
        list(1 - HAM),
        pd.Series(1 - HAM),
        pd.Series(HAM, name="p_ham"),
        pl.Series(1 - HAM),
        pa.array(1 - HAM),
        (1 - HAM).reshape(-1, 1),
    ],
    ids=lambda given: type(given).__module__.split(".")[0] + str(np.shape(given)),
)
def test_every_form(given):
    ev = evaluate(LABELS, PREDICTIONS, probabilities=given)
    assert np.allclose(confidence_of(ev), CONFIDENCE, atol=1e-6)


def test_sorted_order_is_assumed_and_said():
    ev = evaluate(LABELS, PREDICTIONS, probabilities=BOTH)
    assert note(ev, "columns of the probabilities are assumed to be in sorted order: ham, spam")
    ev = evaluate(LABELS, PREDICTIONS, probabilities=BOTH[:, ::-1])
    assert note(
        ev, "in 4 of 4 rows the most probable class is not the prediction; are the columns in another order?"
    )
    ev = evaluate(LABELS, PREDICTIONS, probabilities=BOTH[:, ::-1], classes=["spam", "ham"])
    assert confidence_of(ev) == CONFIDENCE
    assert engine_of(ev).meta.classes == ("spam", "ham")


def test_names_that_contain_one_another():
    assert order_by_names(["p_spam", "p_not_spam"], ["not_spam", "spam"]) == ["spam", "not_spam"]
    assert order_by_names(["p_1", "p_11", "p_0"], [0, 1, 11]) == [1, 11, 0]
    assert order_by_names(["am", "ham"], ["am", "ham"]) == ["am", "ham"]
    assert order_by_names(["p_ham", "q_spam"], ["ham", "spam"]) is None
    assert order_by_names(["a", "b"], ["ham", "spam"]) is None
    assert order_by_names(["p_True", "p_False"], [False, True]) == [True, False]
    assert order_by_names([], ["ham"]) is None


def test_a_label_that_the_model_does_not_know():
    labels = ["ham", "spam", "eggs", "ham"]
    columns = {"label": labels, "prediction": PREDICTIONS, "p_spam": 1 - HAM, "p_ham": HAM}
    ev = od.Evaluation(columns, probabilities=["p_spam", "p_ham"])
    assert confidence_of(ev) == CONFIDENCE
    assert np.isnan(engine_of(ev).table.probabilities[:, 0]).all()
    ev = evaluate(labels, PREDICTIONS, probabilities=BOTH, classes=["ham", "spam"])
    assert confidence_of(ev) == CONFIDENCE


@pytest.mark.parametrize("columns", [1, 3])
def test_the_wrong_number_of_columns(columns):
    if columns == 1:
        with pytest.raises(
            ProbabilityError, match="one probability a row is that of the positive of two classes, but"
        ):
            evaluate(["a", "b", "c"], ["a", "b", "c"], probabilities=[0.1, 0.2, 0.3])
    else:
        with pytest.raises(
            ProbabilityError, match=r"there are 3 columns of probabilities but 2 classes .ham, spam."
        ):
            evaluate(LABELS, PREDICTIONS, probabilities=np.full((4, 3), 1 / 3))


def test_logits_are_refused():
    with pytest.raises(
        ProbabilityError, match=r"2 probabilities lie outside \[0, 1\], the first is -3; .* softmax"
    ):
        evaluate(LABELS, PREDICTIONS, probabilities=[[0.1, 0.9], [-3, 4], [0, 1], [0, 1]])
    with pytest.raises(ProbabilityError, match="outside"):
        evaluate(LABELS, PREDICTIONS, probabilities=[np.inf, 0, 1, 0])


def test_rounding_is_cut_off():
    ev = evaluate(LABELS, PREDICTIONS, probabilities=[-1e-9, 1 + 1e-9, 0.4, 0.25])
    assert confidence_of(ev) == [1, 1, 0.6, 0.75]
    assert not note(ev, "outside")
    ev = evaluate(LABELS, PREDICTIONS, probabilities=[-1e-4, 1, 0.4, 0.25])
    assert note(ev, "1 probabilities lie outside [0, 1] by at most 0.001")


def test_rows_that_do_not_sum_to_one():
    ev = evaluate(LABELS, PREDICTIONS, probabilities=BOTH * [[1], [1], [0.5], [1]])
    assert engine_of(ev).table.confidence is None
    why = "the probabilities of 1 of 4 rows do not sum to 1 (one sums to 0.5); divide each row by its sum"
    assert engine_of(ev).meta.why_no_confidence.startswith(why)
    assert note(ev, "confidence and calibration are not shown")
    with pytest.raises(
        od.OffdiagonalError, match="there is no confidence to select by: the probabilities of 1 of 4"
    ):
        ev.selection.where(confidence=(0, 1))


def test_gaps():
    some = BOTH.copy()
    some[1] = np.nan
    some[2, 1] = np.nan
    ev = evaluate(LABELS, PREDICTIONS, probabilities=some)
    assert np.isnan(engine_of(ev).table.confidence).tolist() == [False, True, False, False]
    assert note(ev, "1 of 4 rows have no probability for their prediction")
    assert len(ev.selection.where(confidence=(0, 1))) == 3
    some[0] = [0.9, np.nan]
    assert engine_of(evaluate(LABELS, PREDICTIONS, probabilities=some)).table.confidence is not None
    three = np.asarray([[0.9, 0.9, np.nan]] * 3)
    assert engine_of(evaluate([0, 1, 2], [0, 1, 2], probabilities=three)).table.confidence is None


@every_kind
def test_columns_with_gaps(make):
    table = make({"label": LABELS, "prediction": PREDICTIONS, "p": [0.1, None, 0.4, 0.25]})
    ev = od.Evaluation(table, probabilities="p")
    assert np.isnan(engine_of(ev).table.confidence).tolist() == [False, True, False, False]


def test_what_is_no_number():
    with pytest.raises(ProbabilityError, match="probabilities column 'p' does not hold numbers"):
        od.Evaluation({"label": LABELS, "prediction": PREDICTIONS, "p": list("abcd")}, probabilities="p")
    with pytest.raises(ProbabilityError, match="probabilities must be numbers"):
        evaluate(LABELS, PREDICTIONS, probabilities=np.full((4, 2), "a"))
    with pytest.raises(ProbabilityError, match=r"one or two dimensions, but their shape is \(2, 4, 2\)"):
        evaluate(LABELS, PREDICTIONS, probabilities=[BOTH, BOTH])


def test_lengths_and_order():
    with pytest.raises(LengthError, match="probabilities has 3 values but the table has 4 rows"):
        evaluate(LABELS, PREDICTIONS, probabilities=BOTH[:3])
    frame = pd.DataFrame({"label": LABELS, "prediction": PREDICTIONS}, index=list("abcd"))
    shuffled = pd.DataFrame(BOTH, index=list("badc"))
    with pytest.raises(
        od.OffdiagonalError, match=r"data and probabilities= have different .* probabilities.reindex"
    ):
        od.Evaluation(frame, probabilities=shuffled)


def test_no_probabilities():
    ev = evaluate()
    assert engine_of(ev).meta.why_no_confidence == "no probabilities were given"
    empty = od.Evaluation({"label": [], "prediction": []}, probabilities=np.empty((0, 2)))
    assert engine_of(empty).meta.why_no_confidence == "there are no rows"


def test_scores_sort_and_are_no_probabilities():
    table = {"label": LABELS, "prediction": PREDICTIONS, "margin": [3.0, -1.0, None, 0.5]}
    ev = od.Evaluation(table, scores="margin")
    assert engine_of(ev).meta.why_no_confidence == "no probabilities were given, and scores only sort"
    assert engine_of(ev).meta.score == "score"
    assert [c.name for c in engine_of(ev).meta.columns] == ["label", "predicted", "score"]
    with pytest.raises(od.OffdiagonalError, match="scores must be numbers"):
        evaluate(LABELS, PREDICTIONS, scores=list("abcd"))
    with pytest.raises(LengthError, match="scores= has 1 value but the table has 4 rows"):
        evaluate(LABELS, PREDICTIONS, scores=[1.0])


def test_the_given_arrays_are_not_held():
    scores, probabilities = np.asarray([1.0, 2, 3, 4]), BOTH.copy()
    ev = evaluate(LABELS, PREDICTIONS, scores=scores, probabilities=probabilities)
    scores[:], probabilities[:] = 0, 0
    assert engine_of(ev).table.score.tolist() == [1, 2, 3, 4]
    assert engine_of(ev).table.probabilities.tolist() == BOTH.tolist()


def test_one_class_seen_of_two():
    with pytest.raises(ProbabilityError, match=r"but there are 1 .ham.; .* name both classes with classes="):
        evaluate(["ham"] * 2, ["ham"] * 2, probabilities=[0.1, 0.2])
    ev = evaluate(["ham"] * 2, ["ham"] * 2, probabilities=[0.1, 0.2], classes=["ham", "spam"])
    assert confidence_of(ev) == [0.9, 0.8]


def test_positive_of_another_type():
    with pytest.raises(LabelError):
        evaluate([0, 1], [0, 1], probabilities=[0.1, 0.2], positive="1")


@given(
    st.lists(st.one_of(st.floats(0, 1), st.integers(0, 200).map(lambda i: i / 200), st.just(float("nan"))))
)
def test_bins_of_the_confidence_begin_at_their_edge(values):
    codes = confidence_codes(np.asarray(values, dtype=float))
    for value, code in zip(values, codes.tolist(), strict=True):
        if np.isnan(value):
            assert code == 200
        else:
            assert code / 200 <= value
            assert value < (code + 1) / 200 or (value == 1 and code == 199)


def test_masked_probabilities_are_missing():
    gap = np.arange(len(LABELS)) == 1
    both = np.ma.masked_array(BOTH, mask=np.column_stack([gap, gap]))
    for masked in (both, both[:, 1]):
        ev = evaluate(LABELS, PREDICTIONS, probabilities=masked)
        assert np.isnan(confidence_of(ev)).tolist() == gap.tolist()
        assert note(ev, "1 of 4 rows have no probability for their prediction")
    whole = np.ma.masked_array(np.asarray([0, 1, 1, 0]), mask=gap)
    assert np.isnan(confidence_of(evaluate(LABELS, PREDICTIONS, probabilities=whole))).sum() == 1
