"""RMSE, R squared and mean error: values of scikit-learn, intervals by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import r2_score, root_mean_squared_error

from offdiagonal.stats.regression import mean_error, r2, rmse


@pytest.mark.parametrize("weighted", [False, True])
def test_values_are_those_of_scikit_learn(weighted: bool):
    rng = np.random.default_rng(0)
    label = rng.gamma(2, 10, 200)
    prediction = label + rng.normal(1, 4, 200)
    w = rng.gamma(1, 1, 200) if weighted else None
    assert rmse(label, prediction, w).value == pytest.approx(
        root_mean_squared_error(label, prediction, sample_weight=w)
    )
    assert r2(label, prediction, w).value == pytest.approx(r2_score(label, prediction, sample_weight=w))
    assert mean_error(label, prediction, w).value == pytest.approx(np.average(prediction - label, weights=w))


@pytest.mark.parametrize(("measure", "truth"), [(rmse, 2.0), (r2, 1 - 4 / 29), (mean_error, 0.0)])
def test_intervals_cover(measure, truth):
    """Of 2,000 samples of 150 rows 92 to 97.5 % cover: normal labels of variance 29, errors of 4."""
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(2_000):
        prediction = rng.normal(0, 5, 150)
        found = measure(prediction + rng.normal(0, 2, 150), prediction)
        covered += found.low <= truth <= found.high
    assert 0.92 < covered / 2_000 < 0.975


def test_below_ten_rows_and_without_spread_nothing_is_said():
    label = np.arange(9.0)
    assert all(measure(label, label).value is None for measure in (rmse, r2, mean_error))
    assert r2(np.ones(20), np.arange(20.0)).value is None
    assert rmse(np.ones(20), np.ones(20)).value == 0
