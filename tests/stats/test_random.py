import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from offdiagonal.stats.random import binomial_quantile, normal_quantile, uniform


def mulberry32(seed, calls):
    """The generator as its author wrote it, a state that is stepped; in whole numbers."""
    mask = 2**32 - 1
    for _ in range(calls):
        seed = (seed + 0x6D2B79F5) & mask
        t = ((seed ^ (seed >> 15)) * (seed | 1)) & mask
        t ^= (t + (t ^ (t >> 7)) * (t | 61)) & mask
        yield t ^ (t >> 14)


@pytest.mark.parametrize("seed", [0, 1, 12345, 2**32 - 1])
def test_uniform_is_mulberry32_in_any_order(seed):
    expected = [(x + 0.5) / 2**32 for x in mulberry32(seed, 50)]
    index = np.arange(50, dtype=np.uint32)
    assert uniform(index, seed).tolist() == expected
    assert uniform(index[::-1].reshape(5, 10), seed).ravel().tolist() == expected[::-1]


@pytest.mark.parametrize("seed", [0, 7])
def test_uniform_numbers_are_uniform_and_unrelated(seed):
    """A fixed stream: nothing here varies."""
    u = uniform(np.arange(100_000, dtype=np.uint32), seed)
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    for lag in (1, 200):
        assert abs(np.corrcoef(u[:-lag], u[lag:])[0, 1]) < 4 / np.sqrt(u.size)


def test_normal_quantile_equals_scipy():
    u = np.r_[np.linspace(0, 1, 10_001)[1:-1], 2.0**-33, 1 - 2.0**-33, 1e-13]
    assert normal_quantile(u) == pytest.approx(stats.norm.ppf(u), abs=1e-6)


@pytest.mark.parametrize("u", [0, 1, -1, np.nan])
def test_normal_quantile_refuses(u):
    with pytest.raises(ValueError, match="probabilities"):
        normal_quantile(np.array([0.5, u]))


@pytest.mark.parametrize(
    ("n", "p"), [(0, 0.3), (1, 0.5), (9, 0.99), (399, 0.5), (39_000, 0.0025), (10**7, 5e-6), (12, 0), (12, 1)]
)
def test_binomial_quantile_is_exact_where_the_variance_is_small(n, p):
    u = uniform(np.arange(20_000, dtype=np.uint32), 8)
    expected = stats.binom.ppf(u, n, p) if 0 < p < 1 and n else np.full(u.size, n * p)
    assert binomial_quantile(u, n, p).tolist() == expected.tolist()


@pytest.mark.parametrize(("n", "p"), [(401, 0.5), (41_000, 0.0025), (100_000, 0.9875), (10**8, 0.3)])
def test_binomial_quantile_is_at_most_one_off_where_it_is_large(n, p):
    u = uniform(np.arange(20_000, dtype=np.uint32), 9)
    off = np.abs(binomial_quantile(u, n, p) - stats.binom.ppf(u, n, p))
    assert off.max() <= 1 + 1e-6 * np.sqrt(n)
    assert (off > 0).mean() < 0.02


@given(st.integers(0, 10**9), st.floats(0, 1), st.lists(st.floats(1e-9, 1 - 1e-9), min_size=1))
def test_binomial_quantile_rises_within_its_range(n, p, u):
    k = binomial_quantile(np.sort(u), n, p)
    assert k.dtype == np.int64
    assert ((k >= 0) & (k <= n)).all()
    assert (np.diff(k) >= 0).all()


@pytest.mark.parametrize(("n", "p"), [(-1, 0.5), (3, -0.1), (3, 1.1), (3, np.nan)])
def test_binomial_quantile_refuses(n, p):
    with pytest.raises(ValueError, match="binomial"):
        binomial_quantile(np.array([0.5]), n, p)
