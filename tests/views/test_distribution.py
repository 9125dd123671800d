"""Distributions, by their definition."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from offdiagonal.stats.intervals import newcombe, wilson
from offdiagonal.views.distribution import Other, distribution
from offdiagonal.views.vegalite.distribution import distribution_chart
from tests.views.fakes import ArrayTables, make_tables

rows = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.booleans(), st.booleans()), max_size=60)


@given(rows)
def test_shares_of_the_rows_in_view_and_of_all(data: list[tuple[int, int, bool, bool]]) -> None:
    """Without the column's own clause."""
    label, level, own, other = (np.asarray([row[i] for row in data], dtype=int) for i in range(4))
    tables = make_tables(
        label,
        label,
        ["a", "b"],
        fields={"f": (level, ["x", "y", "z"])},
        kept={"c0": own.astype(bool), "confidence": other.astype(bool)},
    )
    spec = distribution(tables, "c0")
    assert (spec.column, spec.n, spec.whole) == ("f", int(other.sum()), len(data))
    for code, part in enumerate(spec.parts):
        inside = level == code
        assert part.share == wilson(int((inside & (other == 1)).sum()), spec.n)
        assert part.other_share == wilson(int(inside.sum()), spec.whole)
        assert part.difference.value is None
    assert sum(part.n for part in spec.parts) == spec.n
    frame = spec.frame()
    assert list(frame["value"]) == ["x", "y", "z"]
    assert {len(column) for column in frame.values()} == {3}


@given(rows)
def test_beside_the_rest_each_share_has_its_difference(data: list[tuple[int, int, bool, bool]]) -> None:
    level, other = (np.asarray([row[i] for row in data], dtype=int) for i in (1, 3))
    spec = distribution(worlds(level, {"confidence": other.astype(bool)}), "c0", "rest")
    assert (spec.n, spec.other, spec.common) == (int(other.sum()), int((other == 0).sum()), 0)
    for code, part in enumerate(spec.parts):
        k, j = (int(((level == code) & (other == side)).sum()) for side in (1, 0))
        assert part.difference == newcombe(k, spec.n, j, spec.other)
    assert {"n_rest", "share_rest", "difference", "difference_low"} <= set(spec.frame())


@given(rows, st.booleans())
def test_beside_another_selection_only_without_rows_in_common(
    data: list[tuple[int, int, bool, bool]], apart: bool
) -> None:
    """Both leave out the column's own clause."""
    level, own, one = (np.asarray([row[i] for row in data], dtype=int) for i in (1, 2, 3))
    two = 1 - one if apart else np.ones(len(data), dtype=int)
    kept = [{"c0": own.astype(bool), "confidence": part.astype(bool)} for part in (one, two, one & two)]
    here, there, both = (worlds(level, part) for part in kept)
    spec = distribution(here, "c0", Other("the other", there, both))
    assert (spec.n, spec.other, spec.common) == (int(one.sum()), int(two.sum()), int((one & two).sum()))
    assert spec.apart == (spec.common == 0)
    for code, part in enumerate(spec.parts):
        k, j = (int(((level == code) & (side == 1)).sum()) for side in (one, two))
        assert (part.share, part.other_share) == (wilson(k, spec.n), wilson(j, spec.other))
        wanted = newcombe(k, spec.n, j, spec.other).value if spec.apart else None
        assert part.difference.value == wanted
    words = json.dumps(distribution_chart(spec))
    assert ("difference" in words) == (spec.whole > 0)
    assert ("in both: no difference" in words) == (spec.common > 0)


def worlds(level: NDArray[np.int64], kept: dict[str, NDArray[np.bool_]]) -> ArrayTables:
    zeros = np.zeros(len(level), dtype=int)
    return make_tables(zeros, zeros, ["a", "b"], fields={"f": (level, ["x", "y", "z"])}, kept=kept)


def test_the_classes_leave_out_the_clause_on_cells() -> None:
    kept = {"cell": np.asarray([True, False, False])}
    spec = distribution(make_tables([0, 0, 1], [0, 1, 1], ["a", "b"], kept=kept), "label")
    assert [part.n for part in spec.parts] == [2, 1]
    assert not spec.filtered


def test_a_picture_has_a_line_for_all_rows_only_where_some_are_left_out() -> None:
    kept = {"confidence": np.arange(40) < 20}
    field = {"f": (np.arange(40) % 2, ["x", "y"])}
    filtered = make_tables(np.zeros(40, int), np.zeros(40, int), ["a", "b"], fields=field, kept=kept)
    whole = make_tables(np.zeros(40, int), np.zeros(40, int), ["a", "b"], fields=field)
    marks = [
        [layer["mark"]["type"] for layer in distribution_chart(distribution(tables, "c0"))["layer"]]
        for tables in (filtered, whole)
    ]
    assert [kinds.count("tick") for kinds in marks] == [1, 0]
