"""Design effects: against sums over groups made one by one, and by the coverage of intervals of simulated groups."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offdiagonal.stats.auc import auc_delong
from offdiagonal.stats.classification import macro_f1, macro_f1_gradient
from offdiagonal.stats.clustered import effect_of, level_effects, mean_effect, part_effects
from offdiagonal.stats.intervals import t_quantile
from offdiagonal.stats.measure import Measure, Z
from offdiagonal.stats.moments import Moments, loss_difference, loss_mean
from offdiagonal.stats.regression import mean_error, r2, rmse
from offdiagonal.stats.weighted import Rows, gap, share

SIMULATED = 400


def few(groups: int) -> float:
    return groups / (groups - 1) * (t_quantile(groups - 1) / Z) ** 2


def variance(added: np.ndarray, group: np.ndarray) -> float:
    return sum(float(added[group == one].sum()) ** 2 for one in np.unique(group))


@given(st.integers(0, 10_000), st.sampled_from([None, "some"]))
def test_the_effects_of_levels_are_those_of_sums_over_groups(seed, weighted):
    rng = np.random.default_rng(seed)
    n, levels = int(rng.integers(20, 120)), int(rng.integers(1, 4))
    group, level = rng.integers(0, n // 3, n), rng.integers(0, levels, n)
    value = rng.normal(size=n)
    weight = np.ones(n) if weighted is None else rng.gamma(1, 1, n)
    found = level_effects(value, group, level, levels, None if weighted is None else weight)
    for code in range(levels):
        inside = level == code
        if len(np.unique(group[inside])) < 2:
            assert math.isinf(found.mean[code])
            continue
        mean = np.average(value[inside], weights=weight[inside])
        own = weight * (value - mean) * inside
        wanted = max(1, variance(own, group) / float(own @ own)) * few(len(np.unique(group[inside])))
        assert found.mean[code] == pytest.approx(wanted)
        if len(np.unique(group[~inside])) < 2:
            assert math.isinf(found.difference[code])
            continue
        rest = np.average(value[~inside], weights=weight[~inside])
        added = own / weight[inside].sum() - weight * (value - rest) * ~inside / weight[~inside].sum()
        groups = min(len(np.unique(group[inside])), len(np.unique(group[~inside])))
        wanted = max(1, variance(added, group) / float(added @ added)) * few(groups)
        assert found.difference[code] == pytest.approx(wanted)


@given(st.integers(0, 10_000), st.sampled_from([None, "some"]))
def test_the_effects_of_parts_are_those_of_sums_over_groups(seed, weighted):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(10, 90))
    group, part = rng.integers(0, max(2, n // 3), n), rng.integers(0, 6, n)
    whole = part % 2
    weight = np.ones(n) if weighted is None else rng.gamma(1, 1, n)
    found = part_effects(part, whole, group, None if weighted is None else weight)
    for code in np.unique(part):
        rows = whole == code % 2
        own = level_effects(
            (part[rows] == code) * 1.0, group[rows], np.zeros(rows.sum(), dtype=np.int64), 1, weight[rows]
        )
        assert found.part[code] == pytest.approx(float(own.mean[0]))
    for code in np.unique(whole):
        rows = whole == code
        nothing = mean_effect(np.zeros(rows.sum()), group[rows], weight[rows])
        assert found.nothing[code] == pytest.approx(nothing)


def test_groups_of_one_row_widen_nothing_but_for_their_number():
    rng = np.random.default_rng(0)
    value, level = rng.random(3000), rng.integers(0, 3, 3000)
    found = level_effects(value, np.arange(3000), level, 3)
    assert found.mean == pytest.approx([1, 1, 1], abs=0.01)
    assert found.difference == pytest.approx([1, 1, 1], abs=0.01)
    assert effect_of(value - value.mean(), np.arange(3000)) == pytest.approx(1, abs=0.01)


def test_rows_that_are_copies_count_once():
    value = np.repeat(np.arange(200) % 3 == 0, 5) * 1.0
    assert mean_effect(value, np.repeat(np.arange(200), 5)) == pytest.approx(5, rel=0.02)


@pytest.mark.parametrize("value", [0.0, 1.0, 2.5])
def test_where_all_values_are_the_same_a_group_counts_as_one_row(value):
    group = np.repeat(np.arange(100), 4)
    assert mean_effect(np.full(400, value), group) == pytest.approx(4 * few(100))


def test_one_group_or_no_rows_tell_nothing():
    assert math.isinf(mean_effect(np.arange(20.0), np.zeros(20, dtype=np.int64)))
    assert math.isinf(mean_effect(np.empty(0), np.empty(0, dtype=np.int64)))
    assert math.isinf(effect_of(np.empty(0), np.empty(0, dtype=np.int64)))


def drawn(
    rng: np.random.Generator, groups: int, size: int, rate: float, alike: float
) -> tuple[np.ndarray, ...]:
    """Groups of rows, right or wrong: each group has a rate of its own (beta-binomial)."""
    sizes = rng.poisson(size - 1, groups) + 1
    each = rng.beta(rate * (1 - alike) / alike, (1 - rate) * (1 - alike) / alike, groups)
    group = np.repeat(np.arange(groups), sizes)
    return (rng.random(len(group)) < each[group]) * 1.0, group


@pytest.mark.parametrize("alike", [0.1, 0.4])
@pytest.mark.parametrize("within", [True, False])
def test_intervals_of_rates_cover(alike, within):
    rng = np.random.default_rng(5)
    held, held_gap, naive = 0, 0, 0
    for _ in range(SIMULATED):
        value, group = drawn(rng, 60, 8, 0.2, alike)
        level = (rng.random(len(group)) < 0.4 if within else group % 3 == 0).astype(np.int64)
        n, k = len(value), int(value.sum())
        found = share(Rows(k), Rows(n), mean_effect(value, group))
        held += found.low <= 0.2 <= found.high
        plain = share(Rows(k), Rows(n))
        naive += plain.low <= 0.2 <= plain.high
        effect = float(level_effects(value, group, level, 2).difference[1])
        n1, k1 = int(level.sum()), int(value[level == 1].sum())
        difference = gap(Rows(k1), Rows(n1), Rows(k - k1), Rows(n - n1), effect)
        held_gap += difference.low <= 0 <= difference.high
    assert 0.92 <= held / SIMULATED <= 0.98
    assert 0.92 <= held_gap / SIMULATED <= 0.985
    assert naive / SIMULATED < (0.9 if alike == 0.1 else 0.75)


def test_intervals_of_means_and_scores_cover():
    rng = np.random.default_rng(6)
    held = dict.fromkeys(["mean", "difference", "macro F1", "AUC", "bias", "RMSE", "R²"], 0)
    truth = macro_truth()
    for _ in range(SIMULATED):
        groups, size = 80, 6
        group = np.repeat(np.arange(groups), size)
        own = rng.normal(0, 1, groups)[group]
        error = own + rng.normal(0, 1, groups * size)
        label = rng.normal(0, 2, groups * size)
        level = rng.integers(0, 2, groups * size)
        held["mean"] += holds(loss_mean(sums(error), mean_effect(error, group)), 0)
        effect = float(level_effects(error, group, level, 2).difference[1])
        parts = sums(error[level == 1]), sums(error[level == 0])
        held["difference"] += holds(loss_difference(*parts, effect), 0)
        held["bias"] += holds(mean_error(label, label + error, group=group), 0)
        held["RMSE"] += holds(rmse(label, label + error, group=group), math.sqrt(2))
        held["R²"] += holds(r2(label, label + error, group=group), 1 - 2 / 4)
        positive = rng.random(groups * size) < 0.5
        held["AUC"] += holds(auc_delong(positive, error, group=group), 0.5)
        held["macro F1"] += holds(macro(rng, group), truth)
    assert {name: n for name, n in held.items() if not 0.92 <= n / SIMULATED <= 0.985} == {}


def sums(x: np.ndarray) -> Moments:
    n = len(x)
    return Moments(n, n, n, float(x.sum()), float(x.sum()), float((x**2).sum()))


def holds(measure: Measure, truth: float) -> bool:
    return measure.low <= truth <= measure.high


def confused(rng: np.random.Generator, group: np.ndarray) -> np.ndarray:
    """Labels and predictions of three classes; in some groups more is wrong than in others."""
    label = rng.choice(3, len(group), p=[0.5, 0.3, 0.2])
    wrong = rng.random(len(group)) < rng.beta(1, 4, group.max() + 1)[group]
    return np.stack([label, np.where(wrong, (label + 1) % 3, label)])


def macro(rng: np.random.Generator, group: np.ndarray) -> object:
    label, prediction = confused(rng, group)
    counts = np.bincount(label * 3 + prediction, minlength=9).reshape(3, 3)
    return macro_f1(counts, effect=effect_of(macro_f1_gradient(counts)[label, prediction], group))


def macro_truth() -> float:
    label, prediction = confused(np.random.default_rng(0), np.arange(1_000_000))
    return macro_f1(np.bincount(label * 3 + prediction, minlength=9).reshape(3, 3)).value
