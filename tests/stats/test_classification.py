import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import stats
from sklearn.metrics import f1_score

from offdiagonal.stats.classification import accuracy, f1, macro_f1, precision, recall
from offdiagonal.stats.intervals import wilson
from offdiagonal.stats.measure import Z

CS229 = np.array([[1000, 45, 7], [10, 505, 8], [50, 30, 2000]])
MATRICES = st.integers(1, 6).flatmap(
    lambda size: npst.arrays(np.int64, (size, size), elements=st.integers(0, 60))
)


def limits(measure):
    return measure.value, measure.low, measure.high


class TestFixtureV1:
    def test_accuracy(self):
        measure = accuracy(CS229)
        assert measure.n == 3655
        assert limits(measure) == pytest.approx((0.95896, 0.9520, 0.9649), abs=5e-5)

    def test_recall_and_precision(self):
        recalls = [recall(CS229, klass).value for klass in range(3)]
        precisions = [precision(CS229, klass).value for klass in range(3)]
        assert recalls == pytest.approx([0.9506, 0.9656, 0.9615], abs=5e-5)
        assert precisions == pytest.approx([0.9434, 0.8707, 0.9926], abs=5e-5)


class TestMissing:
    """The last class stands for missing values: 24 rows have no label, 3 labelled ones no prediction."""

    counts = np.array([[40, 5, 3], [6, 50, 0], [7, 8, 9]])

    def test_unlabelled_rows_are_not_judged(self):
        assert accuracy(self.counts, 2) == wilson(90, 104)
        assert precision(self.counts, 0, 2) == wilson(40, 46)

    def test_a_missing_prediction_is_an_error(self):
        assert recall(self.counts, 0, 2) == wilson(40, 48)
        assert f1(self.counts, 0, 2).value == pytest.approx(80 / (48 + 46))

    def test_missing_is_no_class(self):
        for measure in (recall, precision, f1):
            assert measure(self.counts, 2, 2).value is None
            assert measure(self.counts, 2, 2).n == 0
        assert macro_f1(self.counts, 2).value == pytest.approx((80 / 94 + 100 / 111) / 2)


class TestConventions:
    def test_a_labelled_class_that_is_never_predicted_counts_as_nought(self):
        counts = [[30, 4, 0], [2, 28, 0], [11, 3, 0]]
        assert precision(counts, 2).value is None
        assert f1(counts, 2).value == 0
        assert macro_f1(counts).value == pytest.approx((60 / 77 + 56 / 65) / 3)

    def test_a_class_without_labels_is_no_term(self):
        counts = [[30, 4, 16], [2, 28, 0], [0, 0, 0]]
        assert recall(counts, 2).value is None
        assert (f1(counts, 2).value, f1(counts, 2).n) == (None, 16)
        assert macro_f1(counts).value == pytest.approx((60 / 82 + 56 / 62) / 2)

    def test_nine_labelled_rows_are_too_few_for_an_interval_of_the_mean(self):
        counts = np.array([[30, 4, 1], [2, 28, 0], [2, 1, 6]])
        measure = macro_f1(counts)
        assert measure.value is not None
        assert measure.low is None
        assert measure.high is None
        counts[2, 2] += 1
        assert macro_f1(counts).low is not None

    @pytest.mark.parametrize("counts", [np.zeros((0, 0)), np.zeros((2, 2)), [[1]], [[4, 1], [0, 4]]])
    def test_below_ten_rows_there_is_no_measure(self, counts):
        assert accuracy(counts).value is None
        assert macro_f1(counts).value is None
        for klass in range(len(counts)):
            assert f1(counts, klass).value is None

    def test_no_error_still_leaves_doubt(self):
        counts = [[25, 0], [0, 12]]
        assert limits(f1(counts, 1))[::2] == (1, 1)
        assert f1(counts, 1).low == pytest.approx(2 * 0.7575 / 1.7575, abs=1e-4)
        assert macro_f1(counts).high == 1
        assert macro_f1(counts).low == pytest.approx((f1(counts, 0).low + f1(counts, 1).low) / 2)

    @pytest.mark.parametrize("counts", [[1, 2], [[1, 2]], [[1.5]], [[-1]], [[math.nan]], [[math.inf]]])
    def test_refuses_what_is_no_confusion_matrix(self, counts):
        with pytest.raises(ValueError, match="confusion matrix"):
            accuracy(counts)

    @pytest.mark.parametrize("klass", [-1, 3])
    def test_refuses_an_unknown_class(self, klass):
        for measure in (recall, precision, f1):
            with pytest.raises(IndexError):
                measure(CS229, klass)
        with pytest.raises(IndexError):
            accuracy(CS229, missing=klass)


class TestF1:
    @pytest.mark.parametrize("rate", [0.05, 0.2, 0.5, 0.9, 0.98])
    def test_coverage_by_enumeration(self, rate):
        """Given the rows that concern a class, its hits are binomial: sum over them all."""
        union, truth, held = 100, 2 * rate / (1 + rate), 0.0
        for hits in range(1, union + 1):
            measure = f1([[hits, union - hits], [0, 900]], 0)
            held += (measure.low <= truth <= measure.high) * stats.binom.pmf(hits, union, rate)
        assert 0.93 < held < 0.97

    def test_large_tables_give_the_delta_method(self):
        hits, missed, false = 60_000, 5_000, 9_000
        union, both = hits + missed + false, 2 * hits + missed + false
        measure = f1([[hits, missed], [false, 10]], 0)
        error = 2 * math.sqrt(hits * (missed + false) * union) / both**2
        assert (measure.high - measure.low) / 2 == pytest.approx(Z * error, rel=1e-3)

    @given(MATRICES)
    def test_value_equals_scikit_learn(self, counts):
        labels, predictions = np.nonzero(counts)
        weights = counts[labels, predictions]
        measure = macro_f1(counts)
        if counts.sum() < 10:
            assert measure.value is None
            return
        occurring = np.unique(labels)
        given_by_sklearn = f1_score(
            labels, predictions, labels=occurring, average=None, sample_weight=weights, zero_division=0
        )
        assert measure.value == pytest.approx(given_by_sklearn.mean())
        for klass, expected in zip(occurring, given_by_sklearn, strict=True):
            assert f1(counts, klass).value in (None, pytest.approx(expected))

    def test_macro_error_is_that_of_a_numeric_gradient(self):
        def macro(cells):
            cells = cells.reshape(3, 3)
            return np.mean(2 * cells.diagonal() / (cells.sum(axis=0) + cells.sum(axis=1)))

        cells = CS229.ravel().astype(float)
        gradient = np.array([(macro(cells + step) - macro(cells - step)) / 2e-3 for step in np.eye(9) * 1e-3])
        n, p = cells.sum(), cells / cells.sum()
        error = math.sqrt(n * (p @ gradient**2 - (p @ gradient) ** 2))
        value, low, high = limits(macro_f1(CS229))
        logit = [math.log(x / (1 - x)) for x in (low, high)]
        assert (logit[1] - logit[0]) / 2 * value * (1 - value) / Z == pytest.approx(error, rel=1e-4)


class TestProperties:
    @given(MATRICES, st.randoms(use_true_random=False))
    def test_relabelling(self, counts, random):
        order = list(range(len(counts)))
        random.shuffle(order)
        again = counts[np.ix_(order, order)]
        assert accuracy(again) == accuracy(counts)
        assert limits(macro_f1(again)) == pytest.approx(limits(macro_f1(counts)), abs=1e-9)
        for place, klass in enumerate(order):
            for measure in (recall, precision, f1):
                assert measure(again, place) == measure(counts, klass)

    @given(MATRICES)
    def test_rows_twice(self, counts):
        once, twice = macro_f1(counts), macro_f1(2 * counts)
        if once.low is None or all(f1(counts, klass).value in (None, 0, 1) for klass in range(len(counts))):
            return
        assert twice.value == pytest.approx(once.value)
        spans = [math.log(m.high / (1 - m.high)) - math.log(m.low / (1 - m.low)) for m in (once, twice)]
        assert spans[0] == pytest.approx(spans[1] * math.sqrt(2))

    @given(MATRICES)
    def test_limits_hold_the_value(self, counts):
        measures = [accuracy(counts), macro_f1(counts), *(f1(counts, klass) for klass in range(len(counts)))]
        for measure in measures:
            if measure.low is not None:
                assert 0 <= measure.low <= measure.value <= measure.high <= 1
