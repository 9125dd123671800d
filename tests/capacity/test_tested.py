"""The rows that an interval is of are those that were tested, not those that would have been."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

import offdiagonal as od
from offdiagonal.capacity.curves import over_sizes, over_values
from offdiagonal.capacity.fits import Plan, splits
from offdiagonal.capacity.repeats import rate_limits

N, SMALL, REPEATS, WORK = 400, 50, 10, 2
X = np.random.default_rng(0).normal(size=(N, 2))
Y = np.arange(N) % 2
GROUPS = np.arange(N) // 2


def unlucky() -> Any:
    """An estimator whose fits on few rows work twice, or as often as `works` says, and then no more."""
    small = itertools.count()

    class Unlucky(ClassifierMixin, BaseEstimator):
        def __init__(self, works: int = WORK) -> None:
            self.works = works

        def fit(self, X: Any, y: Any) -> Unlucky:
            if len(X) == SMALL and next(small) >= self.works:
                raise ValueError("too few rows")
            self.classes_ = np.unique(y)
            return self

        def predict(self, X: Any) -> Any:
            return np.zeros(len(X), int)

    return Unlucky()


def union(plan: Plan, repeats: int) -> Any:
    tests = [test for _, test in splits(Y, plan, classes=True)]
    return np.unique(np.concatenate(tests[:repeats]))


@pytest.mark.parametrize("groups", [None, GROUPS])
def test_rows_of_repeats_that_failed_are_not_among_the_tested(groups: Any) -> None:
    plan = Plan(REPEATS, 0.25, None, groups, 0)
    fits, _ = over_sizes(unlucky(), X, Y, [SMALL, 1.0], 1, plan)
    few, many = union(plan, WORK), union(plan, REPEATS)
    assert len(few) < len(many)
    assert [tested.rows for tested in fits.tested] == [len(few), len(many)]
    of = [None, None] if groups is None else [len(np.unique(groups[rows])) for rows in (few, many)]
    assert [tested.groups for tested in fits.tested] == of


@pytest.mark.parametrize("groups", [None, GROUPS])
def test_where_no_repeat_worked_no_row_was_tested(groups: Any) -> None:
    plan = Plan(REPEATS, 0.25, None, groups, 0)
    fits, _ = over_sizes(unlucky().set_params(works=0), X, Y, [SMALL, 1.0], 1, plan)
    assert [tested.rows for tested in fits.tested] == [0, len(union(plan, REPEATS))]
    assert fits.tested[0].groups == (None if groups is None else 0)


def test_the_interval_of_a_size_is_no_narrower_than_that_of_its_rows() -> None:
    curve = od.learning_curve(unlucky(), X, Y, sizes=[SMALL, 1.0], repeats=REPEATS)
    row = curve.to_frame().set_index(["rows", "side"]).loc[(SMALL, "test")]
    few = union(Plan(REPEATS, 0.25, None, None, 0), WORK)
    low, high = rate_limits(row["error"], len(few))
    assert row["low"] <= low + 1e-12
    assert row["high"] >= high - 1e-12


def test_rows_are_those_of_all_repeats_where_none_failed() -> None:
    plan = Plan(3, 0.25, None, None, 0)
    fits, _ = over_values(unlucky(), X, Y, "works", [1, 2], plan)
    assert {(tested.rows, tested.of) for tested in fits.tested} == {(len(union(plan, 3)), N)}
