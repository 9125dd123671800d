import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from offdiagonal.stats.auc import auc_delong
from offdiagonal.stats.measure import Z

ROWS = st.lists(st.tuples(st.booleans(), st.integers(-4, 4)), max_size=60)


def draw(generator, m, n, shift, digits):
    positive = np.repeat([True, False], [m, n])
    return positive, np.round(generator.normal(shift * positive, 1), digits)


def error(measure):
    """The standard error that the limits came from."""
    logit = [math.log(x / (1 - x)) for x in (measure.low, measure.high)]
    return (logit[1] - logit[0]) / (2 * Z) * measure.value * (1 - measure.value)


@pytest.mark.parametrize("digits", [0, 1, 9])
def test_equals_scikit_learn_and_the_definition(digits):
    """With one digit there are many ties. DeLong's variance is that of the kernel's row and column means."""
    positive, score = draw(np.random.default_rng(1), 40, 70, 0.8, digits)
    measure = auc_delong(positive, score)
    assert measure.value == pytest.approx(roc_auc_score(positive, score), abs=1e-12)
    kernel = np.heaviside(score[positive][:, None] - score[~positive], 0.5)
    variance = kernel.mean(axis=1).var(ddof=1) / 40 + kernel.mean(axis=0).var(ddof=1) / 70
    assert error(measure) == pytest.approx(math.sqrt(variance), rel=1e-9)


def test_error_is_that_of_2_000_bootstraps():
    generator = np.random.default_rng(2)
    positive, score = draw(generator, 150, 250, 1.0, 1)
    areas = []
    for _ in range(2000):
        rows = generator.integers(0, 400, 400)
        ranks = stats.rankdata(score[rows])
        m = positive[rows].sum()
        areas.append((ranks[positive[rows]].sum() - m * (m + 1) / 2) / (m * (400 - m)))
    assert error(auc_delong(positive, score)) == pytest.approx(np.std(areas), rel=0.1)


@pytest.mark.parametrize("truth", [0.7, 0.95])
def test_coverage(truth):
    """1,000 samples of 40 and 60: .95 of normal scores within exact binomial limits of 1 in 100,000."""
    generator = np.random.default_rng(3)
    shift = stats.norm.ppf(truth) * math.sqrt(2)
    measures = [auc_delong(*draw(generator, 40, 60, shift, 12)) for _ in range(1000)]
    held = sum(measure.low <= truth <= measure.high for measure in measures)
    assert stats.binom.ppf(5e-6, 1000, 0.93) <= held <= stats.binom.isf(5e-6, 1000, 0.97)


@pytest.mark.parametrize(
    ("score", "value"), [([0] * 30, 0.5), ([1] * 20 + [0] * 10, 1), ([0] * 20 + [1] * 10, 0)]
)
def test_nought_variance_still_leaves_doubt(score, value):
    measure = auc_delong([True] * 20 + [False] * 10, score)
    assert measure.value == value
    assert measure.method == "Newcombe's score"
    assert measure.low <= value <= measure.high
    assert 0.1 < measure.high - measure.low < 0.5


@given(ROWS, st.randoms(use_true_random=False))
def test_order_does_not_matter(rows, random):
    again = list(rows)
    random.shuffle(again)
    results = []
    for given_rows in (rows, again):
        positive, score = zip(*given_rows, strict=True) if given_rows else ((), ())
        results.append(auc_delong(positive, score))
    one, other = results
    assert (one.n, one.method) == (other.n, other.method)
    for side in ("value", "low", "high"):
        assert getattr(one, side) == pytest.approx(getattr(other, side), abs=1e-12)


@given(ROWS)
def test_swapping_the_kinds_mirrors(rows):
    positive = np.array([row[0] for row in rows], bool)
    score = np.array([row[1] for row in rows], float)
    there, back = auc_delong(positive, score), auc_delong(~positive, score)
    rising = auc_delong(positive, np.exp(score))
    assert rising == there
    if there.value is None:
        assert back.value is None
    elif there.low is None:
        assert back.value == pytest.approx(1 - there.value)
    else:
        mirrored = (1 - there.value, 1 - there.high, 1 - there.low)
        assert (back.value, back.low, back.high) == pytest.approx(mirrored, abs=1e-9)


def test_rows_twice():
    positive, score = draw(np.random.default_rng(4), 30, 40, 1, 1)
    once, twice = auc_delong(positive, score), auc_delong(np.tile(positive, 2), np.tile(score, 2))
    assert twice.value == pytest.approx(once.value)
    assert error(once) / error(twice) == pytest.approx(math.sqrt(2), rel=0.02)


@pytest.mark.parametrize("rows", [0, 1, 9])
def test_no_area_below_ten_rows(rows):
    assert auc_delong(np.arange(rows) % 2 == 0, np.arange(rows)).value is None


def test_one_kind_has_no_area_and_nine_of_a_kind_no_interval():
    assert auc_delong([True] * 20, range(20)).value is None
    measure = auc_delong([True] * 9 + [False] * 30, [*range(20, 29), *range(30)])
    assert measure.value > 0.5
    assert measure.low is None


def test_infinite_scores_are_ranked():
    score = np.r_[np.full(12, -np.inf), np.full(12, np.inf)]
    assert auc_delong(score > 0, score).value == 1


@pytest.mark.parametrize(
    ("positive", "score"),
    [([True], [1.0, 2.0]), ([[True]], [[1.0]]), ([True] * 5 + [False] * 5, [math.nan] * 10)],
)
def test_refuses(positive, score):
    with pytest.raises(ValueError, match="score"):
        auc_delong(positive, score)
