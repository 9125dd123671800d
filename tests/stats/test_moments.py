"""Means of a loss and their differences, against scipy and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from offdiagonal.stats.moments import Moments, loss_difference, loss_mean, moments


def sums(x: np.ndarray, w: np.ndarray | None = None) -> Moments:
    w = np.ones(len(x)) if w is None else w
    return Moments(len(x), *(float(v.sum()) for v in (w, w**2, w * x, w**2 * x, (w * x) ** 2)))


def test_without_weights_the_mean_is_that_of_student():
    x = np.random.default_rng(0).gamma(2, 3, 47)
    measure = loss_mean(sums(x))
    expected = scipy_stats.ttest_1samp(x, 0).confidence_interval()
    assert (measure.value, measure.low, measure.high) == pytest.approx((x.mean(), *expected))
    assert (measure.n, measure.method) == (47, "Student's t")


def test_without_weights_the_difference_is_that_of_welch():
    rng = np.random.default_rng(1)
    a, b = rng.gamma(2, 3, 31), rng.normal(4, 9, 80)
    measure = loss_difference(sums(a), sums(b))
    expected = scipy_stats.ttest_ind(a, b, equal_var=False).confidence_interval()
    assert (measure.value, measure.low, measure.high) == pytest.approx((a.mean() - b.mean(), *expected))


@given(st.floats(0.01, 100), st.integers(10, 60), st.integers(0, 10**6))
def test_weights_of_one_size_are_as_none(size: float, n: int, seed: int):
    x = np.random.default_rng(seed).normal(size=n)
    plain, weighted = loss_mean(sums(x)), loss_mean(sums(x, np.full(n, size)))
    assert (weighted.value, weighted.low, weighted.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )


def test_what_is_not_there_is_said_by_another_sum():
    plain = moments(12, {"wl": 30.0, "wwll": 100.0}.get)
    assert plain == Moments(12, 12, 12, 30.0, 30.0, 100.0)
    missing = moments(15, {"k": 12.0, "wl": 30.0, "wwll": 100.0}.get)
    assert missing == plain


def test_below_ten_rows_there_is_no_mean_and_no_difference():
    few, many = sums(np.arange(9.0)), sums(np.arange(30.0))
    assert loss_mean(few).value is None
    assert loss_difference(few, many).value is None
    assert loss_difference(many, few).value is None


def test_a_row_that_outweighs_all_others_leaves_no_interval():
    measure = loss_mean(sums(np.arange(20.0), np.r_[1000.0, np.ones(19)]))
    assert measure.value is not None
    assert measure.low is None


def test_weighted_intervals_cover():
    """Of 2,000 samples drawn with unequal probabilities 93 to 97 % cover the mean of those they are drawn from."""
    rng = np.random.default_rng(2)
    loss = rng.gamma(2, 1, 20_000)
    chance = 0.002 + 0.02 * (loss > 3)
    truth, covered = loss.mean(), 0
    for _ in range(2_000):
        drawn = rng.random(len(loss)) < chance
        measure = loss_mean(sums(loss[drawn], 1 / chance[drawn]))
        covered += measure.low <= truth <= measure.high
    assert 0.93 < covered / 2_000 < 0.97
