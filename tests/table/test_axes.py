"""Axes of many bins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offdiagonal.table.axes import FINE_BINS, fine_axis

RANDOM = np.random.default_rng(0)
numbers = st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), min_size=1, max_size=60)


@given(numbers, st.sampled_from([None, True, False]))
def test_every_finite_number_is_in_one_bin_between_its_edges(values: list[float], log: bool | None) -> None:
    found = np.asarray(values, dtype=float)
    finite = found[np.isfinite(found)]
    axis = fine_axis(found, "number", log)
    assert (axis is None) == (len(finite) == 0 or finite.min() == finite.max())
    if axis is None:
        return
    edges = np.asarray(axis.edges)
    assert (np.diff(edges) > 0).all()
    assert (edges[0], edges[-1]) == (finite.min(), finite.max())
    codes = axis.codes(found)
    assert (codes[~np.isfinite(found)] == -1).all()
    inside = codes[np.isfinite(found)]
    assert (edges[inside] <= finite).all()
    last = inside == axis.bins - 1
    assert (finite[~last] < edges[inside + 1][~last]).all()


def test_edges_are_round_and_outliers_are_in_the_last_bin() -> None:
    axis = fine_axis(np.append(RANDOM.normal(50, 10, 5000), 1e6), "number")
    assert axis is not None
    assert 20 <= axis.bins <= FINE_BINS + 2
    assert axis.edges[-1] == 1e6
    assert all(edge == round(edge, 1) for edge in axis.edges[1:-1])
    assert axis.edges[-2] < 100


def test_whole_numbers_have_no_bins_between_them() -> None:
    axis = fine_axis(RANDOM.integers(0, 15, 500).astype(float), "number")
    assert axis is not None
    assert set(np.diff(axis.edges)) == {1.0}


def test_numbers_over_decades_are_on_a_log_axis_unless_it_is_switched_off() -> None:
    prices = np.exp(RANDOM.normal(4, 2.5, 3000))
    usual, even = fine_axis(prices, "number"), fine_axis(prices, "number", log=False)
    assert usual is not None
    assert even is not None
    assert (usual.log, usual.decades, even.log, even.decades) == (True, True, False, True)
    assert {1.0, 10.0, 100.0} <= set(usual.edges)
    inner = np.asarray(usual.edges[1:-1])
    np.testing.assert_allclose(np.diff(np.log10(inner)), np.log10(inner[1] / inner[0]), rtol=0.05)


@pytest.mark.parametrize(
    ("values", "log"), [([0, 1, 10, 100, 50_000], True), ([-1, 10, 50_000], False), ([1, 5, 90], False)]
)
def test_nought_is_in_the_first_bin_and_negative_numbers_have_no_log(values: list[float], log: bool) -> None:
    axis = fine_axis(np.repeat(np.asarray(values, dtype=float), 200), "number", log=True)
    assert axis is not None
    assert axis.log is log


def test_times_are_in_calendar_bins() -> None:
    start = np.datetime64("2024-01-01", "ms").astype(np.int64)
    axis = fine_axis(start + RANDOM.integers(0, 30 * 86_400_000, 900).astype(float), "time")
    assert axis is not None
    assert axis.bins == 30
    assert set(np.diff(axis.edges)) == {86_400_000.0}
