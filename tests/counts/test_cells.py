"""The first rows of a selection are those that sorting and masking all rows gives."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from offdiagonal.counts import cells
from offdiagonal.counts.cells import Search, search, sort_by_cell
from offdiagonal.counts.filters import CodeFilter, Filter, RowFilter, passing
from offdiagonal.counts.tiles import CELL


def found(order: np.ndarray, codes: dict[str, Any], classes: int, filters: list[Filter]) -> Search:
    """A search through the cells."""
    return sort_by_cell(order, codes, classes).search(filters)


def expected(order: np.ndarray, codes: dict[str, Any], filters: list[Filter]) -> np.ndarray:
    """The rows that it should find."""
    return order[passing(filters, codes, len(order))[order]]


class TestSearch:
    """Tests for `CellRows.search` and `search`."""

    @given(st.data())
    def test_pages_are_those_of_all_rows_masked(self, data: st.DataObject) -> None:
        n, k = data.draw(st.integers(0, 80)), data.draw(st.integers(1, 4))
        random = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
        sizes = {"label": k, "prediction": k, "c0": 3}
        codes = {dim: random.integers(0, size, n).astype(np.uint8) for dim, size in sizes.items()}
        order = random.permutation(n)
        some = st.lists(st.booleans(), min_size=k * k, max_size=k * k)
        one = st.integers(0, k * k - 1).map(lambda cell: [cell == i for i in range(k * k)])
        cell = CodeFilter(CELL, np.reshape(data.draw(one | some), (k, k)))
        level = CodeFilter(("c0",), np.asarray(data.draw(st.lists(st.booleans(), min_size=3, max_size=3))))
        masked = RowFilter(random.random(n) < 0.7)
        filters = data.draw(st.lists(st.sampled_from([cell, level, masked]), unique_by=id))
        small = st.sampled_from([0, 1, 3, 1 << 14])
        with (
            mock.patch.object(cells, "FIRST_RUN", data.draw(st.sampled_from([1, 4, 1 << 10]))),
            mock.patch.object(cells, "LAST_RUN", data.draw(st.sampled_from([1, 8, 1 << 18]))),
            mock.patch.object(cells, "HEAD", data.draw(small)),
            mock.patch.object(cells, "MERGED_SHARE", data.draw(small)),
        ):
            searches = found(order, codes, k, filters), search(order, filters, codes)
            rows = expected(order, codes, filters)
            for start, size in data.draw(
                st.lists(st.tuples(st.integers(0, n), st.integers(0, 9)), max_size=4)
            ):
                for one_search in searches:
                    np.testing.assert_array_equal(
                        one_search.rows(start, start + size), rows[start : start + size]
                    )
            for one_search in searches:
                assert len(one_search) == len(rows)
                np.testing.assert_array_equal(one_search.rows(0), rows)

    def test_a_cell_without_rows_has_none(self) -> None:
        codes = {"label": np.zeros(5, dtype=np.uint8), "prediction": np.zeros(5, dtype=np.uint8)}
        empty = CodeFilter(CELL, np.asarray([[False, True], [False, False]]))
        assert len(found(np.arange(5), codes, 2, [empty])) == 0

    def test_looks_no_further_than_asked(self) -> None:
        n = 100_000
        codes = {dim: np.zeros(n, dtype=np.uint8) for dim in (*CELL, "c0")}
        level = CodeFilter(("c0",), np.asarray([True]))
        with mock.patch.object(cells, "_passing", wraps=cells._passing) as looked:
            page = found(np.arange(n), codes, 1, [CodeFilter(CELL, np.asarray([[True]])), level])
            page.rows(0, 100)
            page.rows(100, 200)
            assert looked.call_count == 1
            assert len(page) == n

    def test_many_rows_and_classes(self) -> None:
        """As many as the defaults are made for: several runs, and cells merged behind the head."""
        random, n, k = np.random.default_rng(0), 200_000, 300
        label = random.integers(0, k, n).astype(np.uint16)
        wrong = random.random(n) < 0.2
        prediction = np.where(wrong, (label + 1) % k, label).astype(np.uint16)
        codes = {"label": label, "prediction": prediction, "c0": random.integers(0, 40, n).astype(np.uint8)}
        order = np.lexsort((random.random(n), ~wrong)).astype(np.int32)
        level = CodeFilter(("c0",), np.arange(40) == 7)
        off = ~np.eye(k, dtype=bool)
        few_right = np.diag(np.arange(k) < 30)
        for allowed in (off, ~off, few_right, off & (np.arange(k) < 3)[:, None], few_right & False):
            for filters in ([CodeFilter(CELL, allowed)], [CodeFilter(CELL, allowed), level]):
                rows, own = expected(order, codes, filters), found(order, codes, k, filters)
                for end in (1, 100, n):
                    np.testing.assert_array_equal(own.rows(0, end), rows[:end])
