"""Shares of weighted rows: without weights those of Wilson and Newcombe, and what they promise by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score

from offdiagonal.stats.auc import auc_delong
from offdiagonal.stats.classification import Weights, accuracy, f1, macro_f1, precision, recall
from offdiagonal.stats.intervals import newcombe, wilson
from offdiagonal.stats.weighted import Rows, gap, many_shares, rows_at, share

counts = st.integers(0, 60)


def numbers(measure):
    return measure.value, measure.low, measure.high


@given(counts, counts, counts, counts, st.floats(0.1, 10))
def test_weights_of_one_size_are_as_none(a: int, b: int, c: int, d: int, size: float):
    rows = [Rows(n, n * size, n * size**2) for n in (a, a + b, c, c + d)]
    plain, weighted = wilson(a, a + b), share(rows[0], rows[1])
    assert numbers(weighted) == pytest.approx(numbers(plain)) or plain.value is weighted.value is None
    plain, weighted = newcombe(a, a + b, c, c + d), gap(*rows)
    assert (
        numbers(weighted) == pytest.approx(numbers(plain), abs=1e-12) or plain.value is weighted.value is None
    )


def matrix(y, p, w, k):
    cell = y * k + p
    sums = (np.bincount(cell, weights=v, minlength=k * k).reshape(k, k) for v in (np.ones(len(y)), w, w**2))
    n, *weights = sums
    return n.astype(int), Weights(*weights)


@pytest.mark.parametrize("k", [2, 4])
def test_values_are_those_of_scikit_learn(k: int):
    rng = np.random.default_rng(k)
    y, p, w = rng.integers(0, k, 400), rng.integers(0, k, 400), rng.gamma(1, 1, 400)
    cells, weights = matrix(y, p, w, k)
    assert accuracy(cells, None, weights).value == pytest.approx(accuracy_score(y, p, sample_weight=w))
    for ours, theirs in ((recall, recall_score), (precision, precision_score), (f1, f1_score)):
        expected = theirs(y, p, average=None, sample_weight=w)
        assert [ours(cells, i, None, weights).value for i in range(k)] == pytest.approx(expected.tolist())
    macro = f1_score(y, p, average="macro", sample_weight=w)
    assert macro_f1(cells, None, weights).value == pytest.approx(macro)


def test_weighted_area_is_that_of_scikit_learn_and_of_equal_weights_that_without():
    rng = np.random.default_rng(3)
    y = rng.random(300) < 0.4
    score, w = np.round(rng.normal(size=300) + y, 1), rng.gamma(1, 1, 300)
    assert auc_delong(y, score, w).value == pytest.approx(roc_auc_score(y, score, sample_weight=w))
    plain, equal = auc_delong(y, score), auc_delong(y, score, np.full(300, 2.0))
    assert numbers(equal) == pytest.approx(numbers(plain))


def test_near_misses_weighted_back_cover_the_true_rate():
    """V21 of the fixtures: an evaluation on near misses with a floor of a fifth drawn evenly; 93 to 97 % cover."""
    rng = np.random.default_rng(4)
    wrong = rng.random(20_000) < 0.163
    near = np.where(wrong, rng.random(20_000) < 0.6, rng.random(20_000) < 0.2)
    chance = 500 * (0.2 / 20_000 + 0.8 * near / near.sum())
    covered, errors = 0, []
    for _ in range(1_000):
        drawn = rng.random(20_000) < chance
        w = 1 / chance[drawn]
        part, whole = (
            Rows(int(m.sum()), w[m].sum(), (w[m] ** 2).sum()) for m in (wrong[drawn], np.full(len(w), True))
        )
        measure = share(part, whole)
        covered += measure.low <= wrong.mean() <= measure.high
        errors.append(measure.value - wrong.mean())
    assert abs(np.mean(errors)) < 0.005
    assert 0.92 < covered / 1_000 < 0.98


@pytest.mark.parametrize("weighted", [False, True])
def test_many_shares_are_those_of_one_at_a_time(weighted: bool):
    rng = np.random.default_rng(5)
    n = rng.integers(0, 60, 400)
    k = np.where(rng.random(400) < 0.2, n, rng.binomial(n, rng.random(400)))
    parts, wholes = [k], [n]
    if weighted:
        weight = [rng.choice([0.0, 0.4, 1.0, 3.0], size, p=[0.4, 0.2, 0.2, 0.2]) for size in n]
        weight[:20] = [np.zeros(size) for size in n[:20]]
        for power in (1, 2):
            parts.append(np.array([(own[:part] ** power).sum() for own, part in zip(weight, k, strict=True)]))
            wholes.append(np.array([(own**power).sum() for own in weight]))
    effect = rng.choice([1.0, 1.7, 12.0, np.inf], 400)
    values, low = many_shares(parts, wholes, effect)
    for i in range(400):
        one = share(rows_at(parts, i), rows_at(wholes, i), float(effect[i]))
        for many, alone in ((values[i], one.value), (low[i], one.low)):
            assert (np.isnan(many) and alone is None) or many == pytest.approx(alone, abs=1e-12, rel=0)
    assert np.isnan(values).any()
    assert (np.isnan(low) & ~np.isnan(values)).any()
    assert (low == 0).any()
