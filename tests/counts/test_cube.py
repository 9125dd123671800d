"""The pair cube gives what counting the rows gives, whatever is asked of it."""

from __future__ import annotations

from itertools import combinations
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offdiagonal.counts import bundles
from offdiagonal.counts.cube import LEVELS, CubeTally, build_cube
from offdiagonal.counts.filters import CodeFilter, RowFilter, passing
from offdiagonal.counts.tiles import CELL, Tally, outcome_of

BINS = 9

SIZES = {"label": 3, "prediction": 3, "outcome": 3, "c0": 4, "confidence": 200}
CODES = {dim: np.arange(60, dtype=np.uint8) % size for dim, size in SIZES.items()}

Rows = tuple[dict[str, Any], dict[str, int], int | None]


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    """Codes, sizes and the missing class of a few rows; not all codes occur."""
    n, k = draw(st.integers(0, 60)), draw(st.integers(1, 5))
    widths = draw(st.lists(st.integers(1, 6), max_size=4))
    sizes = {"label": k, "prediction": k, "outcome": 3} | {f"c{i}": width for i, width in enumerate(widths)}
    sizes |= {"confidence": BINS} if draw(st.booleans()) else {}
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    codes = {
        dim: random.integers(0, random.integers(1, size + 1), n).astype(np.uint8)
        for dim, size in sizes.items()
    }
    missing = draw(st.sampled_from([None, k - 1]))
    return codes | {"outcome": outcome_of(codes["label"], codes["prediction"], missing)}, sizes, missing


@st.composite
def questions(draw: st.DrawFn, sizes: dict[str, int]) -> tuple[list[str], list[CodeFilter]]:
    """Dims to count by, in any order, and filters; sometimes more than a cube can answer."""
    by = draw(st.lists(st.sampled_from(list(sizes)), unique=True, max_size=4))
    others = [dim for dim in sizes if dim not in {*CELL, "outcome"}]
    choices = [CELL, *((dim,) for dim in others), *combinations(others, 2)]
    over = draw(st.lists(st.sampled_from(choices), unique=True, max_size=3))
    return by, [CodeFilter(dims, draw(allowed([sizes[dim] for dim in dims]))) for dims in over]


@st.composite
def allowed(draw: st.DrawFn, shape: list[int]) -> np.ndarray:
    """Which codes pass: one, or any of them."""
    size = int(np.prod(shape))
    if draw(st.booleans()):
        flat = np.arange(size) == draw(st.integers(0, size - 1))
    else:
        flat = np.asarray(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    return flat.reshape(shape)


def count(
    codes: dict[str, Any], sizes: dict[str, int], by: list[str], filters: list[CodeFilter]
) -> np.ndarray:
    """Count the rows one by one."""
    counts = np.zeros([sizes[dim] for dim in by], dtype=np.int64)
    for row in np.flatnonzero(passing(filters, codes, len(codes["label"]))):
        counts[tuple(codes[dim][row] for dim in by)] += 1
    return counts


class TestTabulate:
    """Tests for `Cube.tabulate`."""

    @given(st.data())
    def test_equals_counting_the_rows(self, data: st.DataObject) -> None:
        codes, sizes, missing = data.draw(rows())
        by, filters = data.draw(questions(sizes))
        with mock.patch.object(bundles, "TABLE_SIZE", data.draw(st.sampled_from([1, 64, 1024, 1 << 17]))):
            cube = build_cube(codes, sizes, missing)
        assert cube is not None
        found = cube.tabulate(by, filters)
        asked = {dim for dim in by if dim not in {*CELL, "outcome"}}
        asked |= {dim for item in filters if item.dims != CELL for dim in item.dims}
        if len(asked) > 2:
            assert found is None
        else:
            assert found is not None
            assert found.dtype == np.int64
            np.testing.assert_array_equal(found, count(codes, sizes, by, filters))

    @given(rows())
    def test_counts_in_chunks_as_at_once(self, given_rows: Rows) -> None:
        codes, sizes, missing = given_rows
        with mock.patch.object(bundles, "CHUNK_ROWS", 1), mock.patch.object(bundles, "ROWS_PER_COUNT", 0):
            chunked = build_cube(codes, sizes, missing)
        whole = build_cube(codes, sizes, missing)
        assert chunked is not None
        assert whole is not None
        np.testing.assert_array_equal(chunked.pairs, whole.pairs)

    @given(st.data())
    def test_all_levels_at_once(self, data: st.DataObject) -> None:
        codes, sizes, missing = data.draw(rows())
        _, filters = data.draw(questions(sizes))
        cube = build_cube(codes, sizes, missing)
        assert cube is not None
        levels = cube.tabulate([LEVELS, "outcome"], filters)
        whole = cube.tabulate(["outcome"], filters)
        if levels is None:
            assert len({dim for item in filters if item.dims != CELL for dim in item.dims}) > 1
            return
        np.testing.assert_array_equal(levels[0], whole)
        for dim in sizes:
            if dim in cube.spans:
                np.testing.assert_array_equal(
                    levels[cube.spans[dim]], count(codes, sizes, [dim, "outcome"], filters)
                )

    def test_changing_an_answer_leaves_the_cube_alone(self) -> None:
        codes = {dim: np.zeros(3, dtype=np.uint8) for dim in (*CELL, "c0")}
        cube = build_cube(codes, {"label": 1, "prediction": 1, "outcome": 3, "c0": 2}, None)
        assert cube is not None
        for by in ([], ["c0"], ["label", "prediction"], ["c0", "outcome"]):
            answer = cube.tabulate(by, [])
            assert answer is not None
            before = answer.copy()
            answer += 1
            np.testing.assert_array_equal(cube.tabulate(by, []), before)

    def test_does_not_know_rows_unknown_dims_or_a_dim_twice(self) -> None:
        codes = {dim: np.zeros(3, dtype=np.uint8) for dim in CELL}
        cube = build_cube(codes, {"label": 1, "prediction": 1, "outcome": 3}, None)
        assert cube is not None
        assert cube.tabulate([], [RowFilter(np.ones(3, dtype=bool))]) is None
        assert cube.tabulate(["c0"], []) is None
        assert cube.tabulate(["confidence"], []) is None
        assert cube.tabulate(["label", "label"], []) is None
        assert cube.tabulate([], [CodeFilter(("label",), np.ones(1, dtype=bool))]) is None


class TestTile:
    """Tests for `Cube.tile`."""

    @given(st.data())
    def test_equals_the_tile_made_from_rows(self, data: st.DataObject) -> None:
        codes, sizes, missing = data.draw(rows())
        others = [dim for dim in sizes if dim not in {*CELL, "outcome"}]
        pair = data.draw(st.lists(st.sampled_from(others), unique=True, max_size=2)) if others else []
        dims = data.draw(st.sampled_from([[*CELL, *pair], [*pair, "outcome"], ["outcome", *pair]]))
        cube = build_cube(codes, sizes, missing)
        assert cube is not None
        tile, expected = cube.tile(dims), Tally(codes, sizes).tile(dims)
        assert tile is not None
        assert expected is not None
        assert tile.dims == expected.dims
        np.testing.assert_array_equal(tile.n, expected.n)
        for ours, theirs in zip(tile.codes, expected.codes, strict=True):
            np.testing.assert_array_equal(ours, theirs)
            assert ours.dtype == theirs.dtype

    def test_knows_no_three_dims_and_none_without_cell_or_outcome(self) -> None:
        codes = {dim: np.zeros(3, dtype=np.uint8) for dim in (*CELL, "c0", "c1", "c2")}
        sizes = {"label": 1, "prediction": 1, "outcome": 3, "c0": 1, "c1": 1, "c2": 1}
        cube = build_cube(codes, sizes, None)
        assert cube is not None
        assert cube.tile([*CELL, "c0", "c1", "c2"]) is None
        assert cube.tile(["c0", "c1"]) is None
        assert cube.tile([*CELL, "c9"]) is None


class TestCubeTally:
    """Tests for `CubeTally`."""

    @given(rows())
    def test_gives_the_tiles_of_the_rows(self, given_rows: Rows) -> None:
        codes, sizes, missing = given_rows
        cube = build_cube(codes, sizes, missing)
        assert cube is not None
        tally = Tally(codes, sizes)
        others = [dim for dim in sizes if dim not in {*CELL, "outcome"}]
        for dims in ([*CELL], [*CELL, *others], ["outcome", *others[:2]]):
            for most in (None, 3):
                found, expected = CubeTally(tally, cube).tile(dims, most), tally.tile(dims, most)
                assert (found is None) == (expected is None)
                if found is not None and expected is not None:
                    np.testing.assert_array_equal([*found.codes, found.n], [*expected.codes, expected.n])


class TestSize:
    """What a cube does when it would take too much room."""

    def test_gives_up(self) -> None:
        assert build_cube(CODES, SIZES, None, most=100) is None

    def test_leaves_the_bins_out_first(self) -> None:
        cube = build_cube(CODES, SIZES, None, most=8_000)
        assert cube is not None
        assert cube.bins is None
        assert cube.tabulate(["confidence"], []) is None
        np.testing.assert_array_equal(cube.tabulate(["c0"], []), [15] * 4)

    def test_only_cells_that_occur_take_room(self) -> None:
        k = 60
        label = np.arange(k, dtype=np.uint8)
        cube = build_cube(
            {"label": label, "prediction": label}, {"label": k, "prediction": k, "outcome": 3}, None
        )
        assert cube is not None
        assert len(cube.pairs) < 2 * k
        np.testing.assert_array_equal(cube.tabulate([*CELL], []), np.eye(k))

    @pytest.mark.parametrize("k", [255, 256, 257])
    def test_codes_wider_than_a_byte(self, k: int) -> None:
        label = np.arange(k, dtype=np.uint16)
        codes = {"label": label, "prediction": label[::-1].copy(), "c0": label}
        sizes = {"label": k, "prediction": k, "outcome": 3, "c0": k}
        cube = build_cube(codes, sizes, None, most=1 << 30)
        assert cube is not None
        np.testing.assert_array_equal(cube.tabulate([*CELL], []), np.eye(k)[::-1])
        np.testing.assert_array_equal(cube.tabulate(["c0"], []), np.ones(k))
