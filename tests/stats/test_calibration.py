import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import isotonic_regression

from offdiagonal.stats.calibration import corp

BINS = (
    st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1)), min_size=1, max_size=30)
    .map(lambda bins: [(n, round(n * share)) for n, share in bins])
    .map(lambda bins: np.array(bins).T)
)


def numbers(result):
    return result.mcb, result.dsc, result.unc


def hidden_class():
    """A logistic model that cannot see a class of 15 %: scores and outcomes of its 10,000 test rows."""
    from sklearn.linear_model import LogisticRegression

    generator = np.random.default_rng(0)
    n, half = 20_000, 10_000
    hidden = generator.random(n) < 0.15
    x = generator.normal(size=n) + hidden
    y = generator.random(n) < np.where(hidden, 0.1, 1 / (1 + np.exp(-2 * x)))
    model = LogisticRegression().fit(x[:half, None], y[:half])
    return model.predict_proba(x[half:, None])[:, 1], y[half:]


def test_fixture_v12_is_reached_within_a_thousandth():
    score, event = hidden_class()
    place = np.minimum((score * 200).astype(int), 199)
    result = corp(np.bincount(place, minlength=200), np.bincount(place[event], minlength=200))
    assert numbers(result) == pytest.approx((0.0131, 0.0559, 0.2463), abs=0.001)
    assert result.expected_mcb < result.mcb_95 < 0.003


@given(BINS)
def test_curve_is_the_isotonic_regression_and_the_brier_score_its_three_parts(bins):
    n, k = bins
    result = corp(n, k)
    if n.sum() < 10:
        assert numbers(result) == (None, None, None)
        assert result.curve == result.blocks == ()
        return
    some = n > 0
    expected = isotonic_regression(k[some] / n[some], weights=n[some]).x
    assert result.curve == pytest.approx(expected, abs=1e-12)
    score = ((np.arange(len(n)) + 0.5) / len(n))[some]
    assert result.score == pytest.approx(score)
    brier = (k[some] * (1 - score) ** 2 + (n - k)[some] * score**2).sum() / n.sum()
    assert result.mcb - result.dsc + result.unc == pytest.approx(brier)
    assert min(result.mcb, result.dsc, result.unc) >= -1e-15
    assert (np.array(result.low) <= result.high).all()


@given(BINS)
def test_blocks_are_the_steps_of_the_curve(bins):
    result = corp(*bins)
    values = [block.value for block in result.blocks]
    assert values == sorted(set(result.curve))
    assert sum(block.n for block in result.blocks) == sum(result.rows)
    for score, value in zip(result.score, result.curve, strict=True):
        (block,) = (block for block in result.blocks if block.low < score < block.high)
        assert block.value == value


@given(BINS)
def test_rows_twice_give_the_same_curve_and_numbers(bins):
    n, k = bins
    once, twice = corp(n, k), corp(2 * n, 2 * k)
    if once.mcb is not None:
        assert twice.curve == once.curve
        assert numbers(twice) == pytest.approx(numbers(once), abs=1e-12)


@given(BINS)
def test_naming_the_other_outcome_mirrors(bins):
    n, k = bins
    here, there = corp(n, k), corp(n[::-1], (n - k)[::-1])
    if here.mcb is not None:
        assert there.curve[::-1] == pytest.approx(1 - np.array(here.curve), abs=1e-12)
        assert numbers(there) == pytest.approx(numbers(here), abs=1e-12)


@pytest.fixture(scope="module")
def right_scores():
    generator = np.random.default_rng(6)
    n = np.zeros(200, int)
    n[4::10] = 997
    score = (np.arange(200) + 0.5) / 200
    return [corp(n, generator.binomial(n, score), seed) for seed in range(600)]


class TestByChance:
    """Right scores: 600 tables of 20 occupied bins, each with simulations of its own.

    The table and its 200 simulations are then alike, so a quantile of them holds the table's number with the
    quantile's own probability, but for the steps of 1 in 201 and for ties.
    """

    @pytest.mark.parametrize("place", [0, 3, 10, 19])
    def test_the_band_holds_the_curve_as_often_as_it_says(self, right_scores, place):
        held = sum(result.low[place] <= result.curve[place] <= result.high[place] for result in right_scores)
        assert stats.binom.ppf(5e-6, 600, 189 / 201) <= held <= stats.binom.isf(5e-6, 600, 0.96)

    def test_miscalibration_is_as_large_as_expected(self, right_scores):
        below = sum(result.mcb <= result.mcb_95 for result in right_scores)
        assert stats.binom.ppf(5e-6, 600, 190 / 201) <= below <= stats.binom.isf(5e-6, 600, 192 / 201)
        observed = np.array([result.mcb for result in right_scores])
        expected = np.mean([result.expected_mcb for result in right_scores])
        assert abs(observed.mean() - expected) < 4.5 * observed.std() / np.sqrt(600)


def test_wrong_scores_leave_the_band():
    n = np.full(200, 100)
    result = corp(n, 50 + np.arange(200) // 20)
    curve = np.array(result.curve)
    assert ((curve < result.low) | (curve > result.high)).mean() > 0.8
    assert result.mcb > 20 * result.mcb_95


def test_the_same_rows_and_seed_give_the_same():
    n = np.arange(200) % 9
    assert corp(n, n // 2) == corp(n, n // 2)
    assert corp(n, n // 2).high != corp(n, n // 2, seed=1).high


def test_a_bin_draws_the_same_whichever_others_are_occupied():
    """So a band hardly moves while a selection does; where bins are blocks of their own, not at all."""
    n = np.zeros(200, int)
    n[[20, 100, 180]] = 5000
    fewer = np.where(np.arange(200) == 100, 0, n)
    all_three, two = corp(n, n // 2), corp(fewer, fewer // 2)
    assert all_three.low[::2] == two.low
    assert all_three.high[::2] == two.high


@pytest.mark.parametrize("events", [0, 400])
def test_all_equal(events):
    n = np.full(200, 2)
    result = corp(n, np.full(200, events // 200))
    assert result.curve == (events / 400,) * 200
    assert len(result.blocks) == 1
    assert (result.dsc, result.unc) == (0, 0)


@pytest.mark.parametrize("rows", [0, 1, 9])
def test_no_curve_below_ten_rows(rows):
    n = np.zeros(200, int)
    n[77] = rows
    result = corp(n, n)
    assert (result.n, result.curve, result.mcb, result.expected_mcb) == (rows, (), None, None)


@pytest.mark.parametrize(
    ("n", "k"), [([5, 5], [5]), ([[5]], [[5]]), ([5], [6]), ([5], [-1]), ([5.5], [1]), ([np.nan], [0])]
)
def test_refuses(n, k):
    with pytest.raises(ValueError, match="rows and events"):
        corp(n, k)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_refuses_a_seed_out_of_range(seed):
    with pytest.raises(ValueError, match="seed"):
        corp([20], [10], seed)
