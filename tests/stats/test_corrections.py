import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import stats

from offdiagonal.stats.corrections import benjamini_hochberg

P_VALUES = npst.arrays(
    np.float64, st.integers(1, 50), elements=st.floats(0, 1) | st.sampled_from([0.01, 0.5])
)


@given(P_VALUES)
def test_equals_scipy(p):
    """V8."""
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p), abs=1e-12)


@given(P_VALUES, st.randoms(use_true_random=False))
def test_order_does_not_matter(p, random):
    order = list(range(len(p)))
    random.shuffle(order)
    assert benjamini_hochberg(p[order]) == pytest.approx(benjamini_hochberg(p)[order], abs=1e-15)


def test_none_and_one():
    assert benjamini_hochberg([]).tolist() == []
    assert benjamini_hochberg([0.3]).tolist() == [0.3]
    assert benjamini_hochberg([0.3] * 4) == pytest.approx([0.3] * 4)


def test_discoveries_among_nulls_are_as_rare_as_promised():
    """2,000 runs of 50 nulls: at .10, one run in ten makes a discovery."""
    p = np.random.default_rng(5).random((2000, 50))
    runs = sum((benjamini_hochberg(row) <= 0.1).any() for row in p)
    assert stats.binom.ppf(5e-6, 2000, 0.1) <= runs <= stats.binom.isf(5e-6, 2000, 0.1)


@pytest.mark.parametrize("p", [[1.1], [-0.1], [np.nan], [[0.1]], 0.1])
def test_refuses(p):
    with pytest.raises(ValueError, match="p-values"):
        benjamini_hochberg(p)
