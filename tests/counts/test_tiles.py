"""Tiles and tiers against counting row by row."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offdiagonal.counts import tiles as module
from offdiagonal.counts.filters import CodeFilter, RowFilter, passing, tabulate
from offdiagonal.counts.tiers import groups, live, margins, others, overlaps, pairs, wholes
from offdiagonal.counts.tiles import Tally, Tile, add_up, best_tile, outcome_of

SIZES = {"label": 4, "prediction": 4, "outcome": 3, "c0": 3, "c1": 2, "confidence": 201, "s0": 2}
MISSING = 3


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    n = draw(st.integers(0, 60))
    codes = {
        dim: np.asarray(draw(st.lists(st.integers(0, size - 1), min_size=n, max_size=n)), dtype=np.uint8)
        for dim, size in SIZES.items()
        if dim != "outcome"
    }
    codes["outcome"] = outcome_of(codes["label"], codes["prediction"], MISSING)
    return Tally(codes, SIZES)


def counted(tally: Tally, dims: tuple[str, ...]) -> Counter[tuple[int, ...]]:
    columns = [tally.codes[dim].tolist() for dim in dims]
    return Counter(zip(*columns, strict=True)) if dims else Counter({(): tally.rows})


def entries(tile: Tile) -> dict[tuple[int, ...], int]:
    return dict(zip(zip(*(c.tolist() for c in tile.codes), strict=True), tile.n.tolist(), strict=True))


@given(tallies(), st.permutations(list(SIZES)), st.integers(1, 6))
def test_a_tile_counts_every_combination_once_and_in_order(tally, dims, width):
    dims = tuple(dims[:width])
    tile = tally.tile(dims)
    assert entries(tile) == counted(tally, dims)
    assert list(entries(tile)) == sorted(entries(tile))
    assert [code.dtype for code in tile.codes] == [tally.codes[dim].dtype for dim in dims]
    assert tile.n.dtype == np.int64


@given(tallies())
def test_sorting_and_addressing_count_alike(tally):
    dims = ["label", "prediction", "c0", "confidence"]
    dense = tally.tile(dims)
    before = module.DENSE_AT_LEAST, module.DENSE_AT_MOST
    module.DENSE_AT_LEAST = module.DENSE_AT_MOST = 1
    try:
        assert entries(Tally(tally.codes, SIZES).tile(dims)) == entries(dense)
        assert entries(Tally.of_tile(dense, SIZES, MISSING).tile(["c0", "outcome"])) == counted(
            tally, ("c0", "outcome")
        )
    finally:
        module.DENSE_AT_LEAST, module.DENSE_AT_MOST = before


@given(tallies(), st.integers(0, 60))
def test_a_tile_of_too_many_entries_is_given_up(tally, most):
    dims = [dim for dim in SIZES if dim != "outcome"]
    tile = tally.tile(dims, most)
    assert (tile is None) == (len(counted(tally, tuple(dims))) > most)


@given(tallies())
def test_tiles_of_tiles(tally):
    whole = groups(tally)[0]
    again = Tally.of_tile(whole, SIZES, MISSING)
    for dims in combinations(SIZES, 3):
        assert entries(again.tile(dims)) == counted(tally, dims)


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[str], list[CodeFilter]]:
    by = draw(st.lists(st.sampled_from(list(SIZES)), max_size=3, unique=True))
    filters = []
    for dims in draw(
        st.lists(st.sampled_from([("label", "prediction"), ("c0",), ("c1",), ("s0",)]), unique=True)
    ):
        shape = tuple(SIZES[dim] for dim in dims)
        size = int(np.prod(shape))
        allowed = draw(st.lists(st.booleans(), min_size=size, max_size=size))
        filters.append(CodeFilter(dims, np.asarray(allowed, dtype=bool).reshape(shape)))
    return by, filters


def scanned(tally: Tally, by: list[str], filters: list[CodeFilter]) -> np.ndarray:
    result = np.zeros([SIZES[dim] for dim in by], dtype=np.int64)
    for row in range(tally.rows):
        if all(f.allowed[tuple(int(tally.codes[dim][row]) for dim in f.dims)] for f in filters):
            result[tuple(int(tally.codes[dim][row]) for dim in by)] += 1
    return result


@settings(max_examples=150)
@given(tallies(), questions())
def test_every_tier_that_answers_gives_the_counts_of_the_rows(tally, question):
    by, filters = question
    expected = scanned(tally, by, filters)
    small = [*wholes(tally), *margins(tally), *overlaps(tally)]
    answers = {
        "groups": tabulate(groups(tally), by, filters, SIZES, MISSING),
        "pairs": tabulate([*small, *pairs(tally)], by, filters, SIZES, MISSING),
        "marginals": tabulate(small, by, filters, SIZES, MISSING),
    }
    beside = {*by, *(dim for f in filters for dim in f.dims)} - {"label", "prediction", "outcome"}
    cells = {"label", "prediction"} & {*by, *(dim for f in filters for dim in f.dims)}
    assert answers["groups"] is not None
    assert (answers["pairs"] is not None) == (len(beside) <= 2)
    assert (answers["marginals"] is not None) == (len(beside) <= (1 if cells else 2))
    for found in answers.values():
        assert found is None or (found.tolist() == expected.tolist() and found.dtype == np.int64)


@given(tallies())
def test_margins_add_up_to_the_rows(tally):
    for tile in [*wholes(tally), *margins(tally), *overlaps(tally), *pairs(tally)]:
        assert int(tile.n.sum()) == tally.rows


def test_filters_over_rows_are_no_question_to_a_tile():
    tally = Tally(
        {"label": np.zeros(3, np.uint8), "prediction": np.zeros(3, np.uint8)}, {"label": 1, "prediction": 1}
    )
    mask = RowFilter(np.asarray([True, False, True]))
    assert tabulate(groups(tally), [], [mask], tally.sizes, None) is None
    assert passing([mask], tally.codes, 3).tolist() == [True, False, True]


LOW = np.arange(4, dtype=np.uint8) % 2


def test_the_smallest_tile_answers():
    tally = Tally(
        {"label": LOW, "prediction": LOW, "outcome": LOW, "c0": np.arange(4, dtype=np.uint8) // 2},
        {"label": 2, "prediction": 2, "outcome": 2, "c0": 2},
    )
    tiles = [*pairs(tally), *margins(tally), *wholes(tally)]
    assert best_tile(tiles, {"label"}).dims == ("label", "prediction")
    assert best_tile(tiles, {"outcome"}).dims == ("label", "prediction")
    assert best_tile(tiles, {"c9"}) is None


def test_counting_by_nothing():
    with pytest.raises(ValueError, match="nothing to count by"):
        add_up([], [], None)


def test_the_live_tier():
    rng = np.random.default_rng(0)
    sizes = {"label": 2, "prediction": 2, "outcome": 3} | {f"c{i}": 10 for i in range(6)}
    codes = {dim: rng.integers(0, size, 400_000).astype(np.uint8) for dim, size in sizes.items()}
    tiles = live(Tally(codes, sizes))
    assert [tile.dims for tile in tiles[:2]] == [("label", "prediction"), ("outcome", "c0")]
    assert {tile.dims[2:] for tile in tiles if len(tile.dims) == 4} == set(combinations(others(sizes), 2))
    few = {dim: column[:1000] for dim, column in codes.items()}
    assert [tile.dims for tile in live(Tally(few, sizes))] == [("label", "prediction", *others(sizes))]
