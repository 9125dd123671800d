"""Each check on small tables with numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from offdiagonal.checks.classes import class_findings
from offdiagonal.checks.ids import id_findings
from offdiagonal.checks.order import fitting_order, follows_threshold, order_findings
from offdiagonal.checks.scale import scale_findings
from offdiagonal.checks.shift import Shift, best_shift, shift_findings
from offdiagonal.checks.spelling import key, one_edit, spelling_findings
from offdiagonal.clauses import CellClause, Rectangle
from offdiagonal.table.probabilities import off_one, out_of_range

RNG = np.random.default_rng(0)


def test_a_class_never_predicted_is_told_with_its_share():
    (found,) = class_findings(np.array([[70, 5, 0], [3, 10, 0], [6, 6, 0]]), ["a", "b", "spam"])
    assert found.kind == "class-never-predicted"
    assert found.title == "class 'spam' is never predicted (12 examples)"
    assert found.evidence == "That alone makes 12.0 % [7.0, 19.8] of 100 examples wrong."
    assert found.where == (CellClause((Rectangle((2,), None),)),)
    assert (found.effect.value, found.effect.n) == (0.12, 100)


def test_several_classes_never_predicted_are_one_finding_and_rare_ones_are_named():
    counts = np.zeros((4, 4), int)
    counts[:, 0] = [50, 20, 30, 4]
    counts[0, 3] = 1
    (found,) = class_findings(counts, ["a", "b", "c", "d"])
    assert found.title == "2 classes are never predicted (50 examples)"
    assert found.evidence.startswith("'c' (30), 'b' (20). That alone makes")
    counts[3, 3], counts[3, 0], counts[2, 2], counts[1, :] = 1, 0, 9, [2, 0, 0, 0]
    assert class_findings(counts, ["a", "b", "c", "d"]) == []
    counts[2, :] = [30, 0, 0, 0]
    assert class_findings(counts, ["a", "b", "c", "d"])[0].evidence.endswith("not predicted either: 'b'.")


def test_a_missing_label_is_no_class():
    assert class_findings(np.array([[30, 2, 0], [3, 20, 0], [5, 10, 0]]), ["a", "b", "(missing)"], 2) == []


def test_a_constant_prediction_is_told_once_and_its_errors_are_selected():
    (found,) = class_findings(np.array([[87, 0], [13, 0]]), ["ham", "spam"])
    assert (found.kind, found.title) == ("constant-prediction", "every prediction is 'ham' (100 examples)")
    assert found.where == (CellClause((Rectangle(None, (0,)),), "error"),)


def test_one_label_only_is_a_fault_of_the_labels():
    (found,) = class_findings(np.array([[38, 2], [0, 0]]), ["ham", "spam"])
    assert (found.kind, found.level) == ("constant-label", "labels")
    assert found.evidence == "Predicted is 5.0 % [1.4, 16.5] of 40 predictions another class."
    (both,) = class_findings(np.array([[40]]), ["ham"])
    assert both.evidence == "Predicted is no other class."


@pytest.mark.parametrize("counts", [[[5, 0], [4, 0]], [[90, 0], [9, 0]], [[0, 0], [0, 0]]])
def test_few_rows_say_nothing_of_classes(counts):
    assert class_findings(np.array(counts), ["a", "b"]) == []


def test_spellings_of_one_class():
    counts = np.array([[60, 0, 0], [9, 1, 0], [3, 0, 30]])
    (found,) = spelling_findings(counts, ["not-spam", "Not_Spam ", "spam"])
    assert found.title == "'not-spam' and 'Not_Spam ' differ in case, spaces or hyphens only"
    assert "8.7 % [4.7, 15.8] of 103 examples are wrong" in found.evidence
    assert found.where == (CellClause((Rectangle((1,), None), Rectangle(None, (1,)))),)


@pytest.mark.parametrize("texts", [["A", "a"], ["C", "C++"], ["1", "-1"], ["time", "timer"], ["v 1", "v 2"]])
def test_classes_that_are_meant_to_differ_do(texts):
    assert spelling_findings(np.array([[50, 10], [10, 50]]), texts) == []


def test_a_class_of_one_side_a_letter_from_one_of_the_other_is_a_hypothesis():
    (found,) = spelling_findings(np.array([[50, 10, 0], [8, 40, 0], [4, 1, 0]]), ["spam", "ham", "sapm"])
    assert (found.kind, found.certainty) == ("label-misspelt", "hypothesis")
    assert found.title == "'sapm' may be 'spam' mistyped: it is among the labels only"
    assert spelling_findings(np.array([[50, 10, 0], [8, 40, 0], [4, 1, 1]]), ["spam", "ham", "sapm"]) == []


def test_keys_and_edits():
    assert key("Ｓpam\u00a0") == "spam"
    assert one_edit("abcd", "abdc")
    assert one_edit("abc", "abxc")
    assert not one_edit("abcd", "badc")
    assert not one_edit("v10", "v11")


def test_ids_that_repeat():
    numbers = np.array([0, -1, 0, 1, 1, 1, -1, -1, -1, -1, -1, -1])
    label = np.array([0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    (found,) = id_findings(numbers, label, "key")
    assert found.title == "5 rows share their id with another row"
    assert "column 'key' 2 ids occur up to 3 times, 1 of them with different labels." in found.evidence
    assert found.where[0].mask.tolist() == (numbers >= 0).tolist()
    (secret,) = id_findings(numbers, label, None)
    assert secret.evidence == "That is 41.7 % [19.3, 68.0] of 12 rows."
    assert id_findings(np.full(4, -1), label[:4], "key") == []


def probabilities(n: int = 400, k: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and their most probable classes."""
    matrix = np.random.default_rng(1).dirichlet(np.full(k, 0.5), n)
    return matrix, matrix.argmax(axis=1)


def test_the_order_that_fits_is_named_by_the_given_columns():
    matrix, prediction = probabilities()
    wrong = matrix[:, [1, 2, 0]]  # the column taken for class 0 is that of class 1
    (found,) = order_findings(wrong, prediction, ["a", "b", "c"], [0, 1, 2])
    assert found.kind == "class-order"
    assert found.title.endswith("another order of the classes: 'b', 'c', 'a'")
    assert found.try_next == ("Name the classes in the order of the columns: classes=['b', 'c', 'a'].",)
    assert "100.0 % [99.0, 100.0] of 400 examples" in found.evidence
    assert order_findings(matrix, prediction, ["a", "b", "c"]) == []


def test_a_threshold_is_no_fault_however_far_from_one_half():
    score = RNG.random(1000)
    matrix = np.column_stack([1 - score, score])
    for threshold in (0.05, 0.3, 0.95):
        prediction = (score > threshold).astype(int)
        assert follows_threshold(matrix, prediction)
        assert order_findings(matrix, prediction, ["a", "b"]) == []
    noisy = (score + RNG.normal(0, 0.03, 1000) > 0.95).astype(int)
    assert [f.kind for f in order_findings(matrix, noisy, ["a", "b"])] == ["not-most-probable"]


def test_rows_with_a_more_probable_class_are_selected():
    matrix, prediction = probabilities()
    prediction[:8] = (prediction[:8] + 1) % 3
    (found,) = order_findings(matrix, prediction, ["a", "b", "c"])
    assert found.title == "in 8 rows another class is more probable than the prediction"
    assert np.flatnonzero(found.where[0].mask).tolist() == list(range(8))


def test_unrelated_probabilities_fit_no_order():
    matrix, _ = probabilities(300, 10)
    for seed in range(20):
        prediction = np.random.default_rng(seed).integers(0, 10, 300)
        assert [f.kind for f in order_findings(matrix, prediction, list("abcdefghij"))] == [
            "not-most-probable"
        ]


def test_missing_columns_and_predictions_are_left_out():
    matrix, prediction = probabilities()
    gaps = np.column_stack([matrix, np.full(len(matrix), np.nan)])
    prediction[:5], prediction[5:9] = 3, 4
    assert order_findings(gaps, prediction, ["a", "b", "c", "d", "(missing)"]) == []
    assert fitting_order(gaps, prediction) is None


def scale(matrix: np.ndarray, why: str = "") -> list[str]:
    """What numbers are taken for."""
    found = scale_findings(matrix, out_of_range(matrix).any(axis=1), off_one(matrix)[0], why)
    return [finding.title for finding in found]


def test_what_numbers_look_like_that_are_no_probabilities():
    matrix, _ = probabilities()
    raw = np.log(matrix + 1e-9)
    assert scale(raw) == ["the probabilities look like logarithms of probabilities"]
    assert scale(raw - raw.mean(axis=1, keepdims=True)) == ["the probabilities look like logits"]
    assert scale(100 * matrix) == ["the probabilities look like percentages"]
    assert scale(raw[:, :1]) == ["the probabilities look like logits"]
    assert scale(0.9 * matrix) == ["the probabilities of 400 rows do not sum to 1"]
    assert scale(0.9 * matrix, "class d has no column; give one") == ["class d has no column"]
    assert scale(matrix) == []


def rows(n: int = 2000, accuracy: float = 0.8, k: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Labels, and predictions of some accuracy."""
    rng = np.random.default_rng(4)
    label = rng.integers(0, k, n)
    return label, np.where(rng.random(n) < accuracy, label, rng.integers(0, k, n))


@pytest.mark.parametrize("by", [1, -1, 3, -20])
def test_a_shift_of_all_rows(by):
    label, prediction = rows()
    assert best_shift(label, np.roll(prediction, by)) == Shift(by, 0, 2000)
    (found,) = shift_findings(label, np.roll(prediction, by))
    assert f"prediction.shift({-by})" in found.try_next[0]
    assert found.where == (CellClause((), "error"),)


def test_a_lost_row_shifts_the_rest_from_there():
    label, prediction = rows()
    lost = np.append(np.delete(prediction, 1200), 0)
    (found,) = shift_findings(label, lost)
    assert found.title.startswith("the predictions are 1 row too far up from row 1,")
    start = int(np.flatnonzero(found.where[0].mask)[0])
    assert abs(start - 1200) <= 5


def test_missing_labels_are_not_shifted():
    label, prediction = rows()
    label[::5] = 3
    assert best_shift(label, np.roll(prediction, 2), 3) == Shift(2, 0, 2000)
    both = prediction.copy()
    both[::5] = 3
    assert best_shift(label, both, 3) is None


def test_long_tables_are_sampled_and_a_late_shift_is_found():
    label, prediction = rows(300_000)
    prediction[150_000:] = np.roll(prediction[150_000:], 1)
    found = best_shift(label, prediction)
    assert found is not None
    assert found.by == 1
    assert abs(found.start - 150_000) < 5000


@pytest.mark.parametrize("n", [0, 1, 39, 200])
@pytest.mark.parametrize("k", [1, 2, 5])
def test_sound_useless_and_constant_predictions_are_not_shifted(n, k):
    label, prediction = rows(n, k=k)
    for given in (prediction, prediction[::-1].copy(), np.zeros(n, int)):
        assert best_shift(label, given) is None


def test_labels_that_alternate_are_no_shift():
    label = np.arange(1000) % 3
    assert best_shift(label, (label + 1) % 3) is None


def runs(rng: np.random.Generator, n: int, stay: float) -> np.ndarray:
    """Classes that stay the same for a while."""
    new = (rng.random(n) > stay) | (np.arange(n) == 0)
    return rng.integers(0, 3, n)[np.maximum.accumulate(np.where(new, np.arange(n), 0))]


@pytest.mark.parametrize("stay", [0, 0.8, 0.98])
def test_independent_labels_and_predictions_are_hardly_ever_shifted(stay):
    """At a rate of 1 in 1,000 two alarms in 100 tables have a chance of 1 in 200; the seed is fixed."""
    rng = np.random.default_rng(11)
    alarms = [best_shift(runs(rng, 1100, stay), runs(rng, 1100, stay)) for _ in range(100)]
    assert sum(found is not None for found in alarms) <= 1
