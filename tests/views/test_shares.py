"""Slices before there is a model, by their definition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from offdiagonal.stats.intervals import newcombe, wilson
from offdiagonal.views.shares import shares, usual_class
from offdiagonal.views.vegalite.slices import slices_chart
from tests.views.fakes import make_tables

rows = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans(), st.booleans()), max_size=80)


@given(rows)
def test_as_defined(data: list[tuple[int, int, bool, bool]]) -> None:
    """Of the labelled rows in the slice and outside, without the clauses on the label and on the column."""
    label, level, cell, other = (np.asarray([row[i] for row in data], dtype=int) for i in range(4))
    tables = make_tables(
        label,
        np.zeros_like(label),
        ["a", "b", "(missing)"],
        fields={"f": (level, ["x", "y", "z"])},
        slices={"own": cell == other},
        kept={
            "cell": cell.astype(bool),
            "confidence": other.astype(bool),
            "slice": np.zeros(len(data), bool),
        },
        missing=2,
        model=False,
    )
    spec = shares(tables, 1)
    known = (label != 2) & (other == 1)
    assert (spec.measure, spec.of) == ("label", "b")
    for row in spec.rows:
        inside = (cell == other) if row.field == "" else (level == row.code)
        kept = known if row.field == "" else known & False
        k, n = int(((label == 1) & inside & kept).sum()), int((inside & kept).sum())
        rest = int(((label == 1) & ~inside & kept).sum()), int((~inside & kept).sum())
        assert (row.n, row.rate, row.difference) == (n, wilson(k, n), newcombe(k, n, *rest))


def test_largest_above_the_rest_first() -> None:
    label = np.asarray([0, 1] * 60)
    tables = make_tables(label, label, ["a", "b"], fields={"f": (label, ["x", "y"])}, model=False, positive=1)
    assert [row.text for row in shares(tables).rows] == ["f = y", "f = x"]
    assert slices_chart(shares(tables))["title"]["subtitle"][0].startswith("share of b")


def test_the_usual_class_is_the_positive_one_else_the_first_in_order_which_is_by_frequency() -> None:
    label = np.asarray([0, 1, 1, 2, 2, 2])
    names = ["a", "b", "(missing)"]
    frequent = make_tables(label, label, names, missing=2, order=[1, 0, 2], model=False)
    assert usual_class(frequent.meta) == 1
    assert usual_class(make_tables(label, label, names, positive=0, model=False).meta) == 0
    assert usual_class(make_tables([0, 0], [0, 0], ["(missing)"], missing=0, model=False).meta) is None


def test_without_labels_the_share_of_the_rows() -> None:
    nothing = np.zeros(40, int)
    field = {"f": (np.arange(40) % 4 == 0, ["x", "y"])}
    spec = shares(make_tables(nothing, nothing, ["(missing)"], fields=field, missing=0, model=False))
    assert spec.measure == "rows"
    assert [(row.text, row.n, row.rate) for row in spec.rows] == [
        ("f = x", 30, wilson(30, 40)),
        ("f = y", 10, wilson(10, 40)),
    ]
    assert all(row.difference.value is None for row in spec.rows)
