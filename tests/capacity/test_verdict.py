"""A verdict says no more than its interval bears out, and a share only where it is one, of what stands beside it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LogisticRegression

import offdiagonal as od
from offdiagonal.capacity.repeats import RowsTested
from offdiagonal.capacity.target import against
from offdiagonal.capacity.verdict import verdict
from offdiagonal.findings import Finding

NOISE = np.random.default_rng(0).normal(0, 0.001, 10)
NOISE -= NOISE.mean()
TESTED = RowsTested(5000, 5000)


def told(train: float, test: float, target: float | None = None, noise: float = 1.0) -> Finding:
    """Ten repeats around a training and a test error rate."""
    errors = test + noise * NOISE
    held = None if target is None else against(target, errors, None, 0.33, TESTED)
    return verdict(
        900, train + noise * NOISE[::-1], errors, 0.33, held=held, tested=TESTED, unit="error rate"
    )


def test_iris_with_few_repeats_has_no_cause_and_no_share_beyond_100() -> None:
    X, y = load_iris(return_X_y=True)
    for repeats in (2, 10):
        found = od.learning_curve(LogisticRegression(max_iter=1000), X, y, repeats=repeats).findings()[0]
        assert found.kind == "no-clear-cause"
        assert "%" not in found.title
        assert "[-" not in found.evidence.split(", a gap")[0]  # no error rate is below 0


def test_a_target_that_cannot_be_told_has_no_cause_and_no_advice_against_it() -> None:
    X, y = load_digits(return_X_y=True)
    model = LogisticRegression(max_iter=300)
    found = od.learning_curve(model, X / 16, y, target=0.03, repeats=4, sizes=[0.5, 1.0])
    first = found.findings()[0]
    assert first.kind == "no-clear-cause"
    assert first.title == "The test error rate cannot be told from the target of 0.03"
    assert first.try_next == ("Take more rows before changing the model.",)
    assert "cannot be told from the target of 0.03" in repr(found).splitlines()[-2]


def test_the_share_is_that_of_the_numbers_beside_it() -> None:
    assert told(0.03, 0.1).title.endswith("others: 70 % of the test error rate of 0.1 is the gap")
    assert told(0.08, 0.1).title == "80 % of the test error rate of 0.1 is there on the training rows already"
    above = told(0.05, 0.1, target=0.04).title
    assert above.endswith("83 % of the 0.06 that the test error rate lies above the target is the gap")
    assert told(0.02, 0.1, target=0.04).title.endswith(
        "training rows reach the target of 0.04, test rows do not"
    )
    assert told(0.11, 0.1).title == "All of the test error rate is there on the training rows already"


@pytest.mark.parametrize("train", np.linspace(0, 0.2, 9).tolist())
@pytest.mark.parametrize("target", [None, 0.0, 0.02, 0.05, 0.09])
def test_every_share_is_from_0_to_100(train: float, target: float | None) -> None:
    found = told(train, 0.1, target)
    shares = [float(text) for text in re.findall(r"(-?\d+) %", found.title)]
    assert all(0 <= share <= 100 for share in shares)


def test_an_interval_that_holds_both_names_neither() -> None:
    assert told(0.05, 0.1).kind == "no-clear-cause"
    assert told(0.08, 0.1).kind == "high-bias"
    assert told(0.08, 0.1, noise=40).kind == "no-clear-cause"
    assert told(0.02, 0.1).kind == "high-variance"
    assert told(0.02, 0.1, noise=40).kind == "no-clear-cause"


def kinds(train: float, test: float, repeats: int, rng: Any) -> str:
    errors = rng.normal(test, 0.02, repeats)
    return verdict(900, rng.normal(train, 0.02, repeats), errors, 0.33, unit="error").kind


def test_a_cause_is_seldom_named_where_both_are_as_large() -> None:
    rng = np.random.default_rng(0)
    named = [kinds(0.1, 0.2, 10, rng) != "no-clear-cause" for _ in range(400)]
    assert np.mean(named) <= 0.05
    assert np.mean([kinds(0.0, 0.2, 10, rng) == "high-variance" for _ in range(100)]) >= 0.95
    assert np.mean([kinds(0.2, 0.2, 10, rng) == "high-bias" for _ in range(100)]) >= 0.95
