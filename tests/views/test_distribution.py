"""Distributions, by their definition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from offdiagonal.stats.intervals import wilson
from offdiagonal.views.distribution import distribution
from offdiagonal.views.vegalite.distribution import distribution_chart
from tests.views.fakes import make_tables

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
        assert part.whole_share == wilson(int(inside.sum()), spec.whole)
    assert sum(part.n for part in spec.parts) == spec.n
    frame = spec.frame()
    assert list(frame["value"]) == ["x", "y", "z"]
    assert {len(column) for column in frame.values()} == {3}


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
