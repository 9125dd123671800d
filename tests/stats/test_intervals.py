import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from offdiagonal.stats.intervals import mean, newcombe, welch, wilson, wilson_bounds, wilson_limits
from offdiagonal.stats.measure import Measure, logit_limits

COUNTS = st.integers(0, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def coverage(n, p, low, high):
    """The probability that the limits, one pair per count, hold p: a sum over all counts."""
    return stats.binom.pmf(np.arange(n + 1), n, p)[(low <= p) & (p <= high)].sum()


def wald(n):
    rate = np.arange(n + 1) / n
    half = 1.96 * np.sqrt(rate * (1 - rate) / n)
    return rate - half, rate + half


class TestWilson:
    @pytest.mark.parametrize(
        ("n", "p", "plain", "expected"),
        [(30, 0.05, 0.7821, 0.9392), (100, 0.02, 0.866, 0.949), (300, 0.05, 0.926, 0.955)],
    )
    def test_coverage_by_enumeration(self, n, p, plain, expected):
        """V19."""
        assert coverage(n, p, *wilson_bounds(np.arange(n + 1), n)) == pytest.approx(expected, abs=5e-4)
        assert coverage(n, p, *wald(n)) == pytest.approx(plain, abs=5e-4)

    @pytest.mark.parametrize("n", [10, 30, 100])
    def test_mean_coverage(self, n):
        limits = wilson_bounds(np.arange(n + 1), n)
        mean_coverage = np.mean([coverage(n, p, *limits) for p in np.linspace(0.01, 0.99, 981)])
        assert 0.951 <= mean_coverage <= 0.955

    def test_no_event_in_a_hundred(self):
        measure = wilson(0, 100)
        assert (measure.value, measure.low) == (0, 0)
        assert measure.high == pytest.approx(0.037, abs=5e-4)

    @pytest.mark.parametrize("k", [0, 1, 7, 40])
    def test_equals_scipy(self, k):
        expected = stats.binomtest(k, 40).proportion_ci(method="wilson")
        assert wilson_limits(k, 40) == pytest.approx((expected.low, expected.high), abs=1e-12)

    @given(COUNTS)
    def test_scalar_and_array_agree_and_mirror(self, counts):
        k, n = counts
        low, high = wilson_bounds([k, n - k], n)
        if n == 0:
            assert np.isnan([*low, *high]).all()
            return
        assert wilson_limits(k, n) == pytest.approx((low[0], high[0]), abs=1e-15)
        assert (1 - high[1], 1 - low[1]) == pytest.approx((low[0], high[0]), abs=1e-12)
        assert 0 <= low[0] <= k / n <= high[0] <= 1

    @given(COUNTS)
    def test_more_rows_of_one_rate_narrow_it(self, counts):
        k, n = counts
        once, twice = wilson(k, n), wilson(2 * k, 2 * n)
        if once.value is not None:
            assert twice.value == once.value
            assert once.low <= twice.low
            assert twice.high <= once.high

    @pytest.mark.parametrize("n", [0, 1, 9])
    def test_no_rate_below_ten_rows(self, n):
        assert wilson(n, n) == Measure(None, None, None, n, "Wilson")

    def test_takes_numpy_integers_and_gives_plain_numbers(self):
        measure = wilson(np.int64(3), np.uint8(12))
        assert {type(x) for x in (measure.value, measure.low, measure.high)} == {float}
        assert type(measure.n) is int

    @pytest.mark.parametrize(("k", "n"), [(-1, 10), (11, 10), (0, -1)])
    def test_refuses_impossible_counts(self, k, n):
        for function in (wilson, wilson_limits, wilson_bounds):
            with pytest.raises(ValueError, match="0 <= k <= n"):
                function(k, n)

    def test_refuses_fractions_and_no_rows(self):
        with pytest.raises(TypeError):
            wilson(2.5, 10)
        with pytest.raises(ValueError, match="no rows"):
            wilson_limits(0, 0)


def published_newcombe(a, m, b, n):
    """Newcombe 1998, method 10, as printed: l and u are the roots of |x - p| = z sqrt(x (1 - x) / n)."""
    z = stats.norm.ppf(0.975)

    def roots(k, size):
        return np.sort(np.roots([1 + z * z / size, -(2 * k / size + z * z / size), (k / size) ** 2]).real)

    (l1, u1), (l2, u2) = roots(a, m), roots(b, n)
    delta = z * math.sqrt(max(l1 * (1 - l1), 0) / m + max(u2 * (1 - u2), 0) / n)
    epsilon = z * math.sqrt(max(u1 * (1 - u1), 0) / m + max(l2 * (1 - l2), 0) / n)
    return a / m - b / n - delta, a / m - b / n + epsilon


class TestNewcombe:
    def test_equals_the_published_formula_on_random_tables(self):
        generator = np.random.default_rng(1)
        sizes = generator.integers(10, 400, (2000, 2))
        for (m, n), (a, b) in zip(sizes.tolist(), generator.integers(0, sizes + 1).tolist(), strict=True):
            measure = newcombe(a, m, b, n)
            assert (measure.low, measure.high) == pytest.approx(published_newcombe(a, m, b, n), abs=1e-7)

    @pytest.mark.parametrize(
        ("counts", "low", "high"),
        [
            ((56, 70, 48, 80), 0.0524, 0.3339),
            ((9, 10, 3, 10), 0.1705, 0.8090),
            ((5, 56, 0, 29), -0.0381, 0.1926),
            ((10, 10, 0, 10), 0.6075, 1.0),
        ],
    )
    def test_published_examples(self, counts, low, high):
        measure = newcombe(*counts)
        assert (measure.low, measure.high) == pytest.approx((low, high), abs=5e-5)

    @given(COUNTS, COUNTS)
    def test_swapping_the_sets_changes_the_sign(self, one, other):
        there, back = newcombe(*one, *other), newcombe(*other, *one)
        if there.value is None:
            assert min(one[1], other[1]) < 10
            assert there == back
        else:
            mirrored = (-back.value, -back.high, -back.low)
            assert (there.value, there.low, there.high) == pytest.approx(mirrored, abs=1e-12)


def moments(x):
    return len(x), float(np.sum(x)), float(np.sum(np.square(x)))


class TestMeans:
    def test_mean_equals_scipy(self):
        x = np.random.default_rng(2).gamma(2, size=37)
        measure = mean(*moments(x))
        expected = stats.ttest_1samp(x, 0).confidence_interval()
        assert (measure.low, measure.high) == pytest.approx((expected.low, expected.high), rel=1e-9)
        assert measure.value == pytest.approx(x.mean())

    def test_welch_equals_scipy(self):
        generator = np.random.default_rng(3)
        x, y = generator.normal(2, 3, 24), generator.normal(1, 0.5, 180)
        measure = welch(*moments(x), *moments(y))
        expected = stats.ttest_ind(x, y, equal_var=False).confidence_interval()
        assert (measure.low, measure.high) == pytest.approx((expected.low, expected.high), rel=1e-9)
        assert measure.n == 204

    @pytest.mark.parametrize("value", [0.0, 0.1, -3e8])
    def test_all_equal(self, value):
        one = mean(*moments(np.full(30, value)))
        assert (one.low, one.high) == pytest.approx((value, value), abs=1e-6 * (1 + abs(value)))
        same = welch(*moments(np.full(30, value)), *moments(np.full(12, value)))
        assert (same.value, same.low, same.high) == pytest.approx((0, 0, 0), abs=1e-6 * (1 + abs(value)))

    @pytest.mark.parametrize("n", [0, 1, 9])
    def test_no_mean_below_ten_rows(self, n):
        assert mean(n, 0.0, 0.0).value is None
        assert welch(n, 0.0, 0.0, 50, 1.0, 1.0) == Measure(None, None, None, n + 50, "Welch's t")

    @pytest.mark.parametrize("sums", [(-1, 0, 0), (5, math.nan, 1), (10, 100, 1), (0, 1, 1)])
    def test_refuses_impossible_sums(self, sums):
        with pytest.raises(ValueError, match=r"sum"):
            mean(*sums)


@given(st.floats(0.001, 0.999), st.floats(1e-6, 0.5))
def test_logit_limits_mirror_and_hold_the_value(value, error):
    low, high = logit_limits(value, error)
    assert 0 <= low < value < high <= 1
    assert logit_limits(1 - value, error) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize("value", [0, 1, math.nan])
def test_logit_limits_refuse_the_boundary(value):
    with pytest.raises(ValueError, match="logit"):
        logit_limits(value, 0.1)
