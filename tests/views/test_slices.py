"""Slices against the rest, by their definition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from offdiagonal.stats.intervals import newcombe, wilson
from offdiagonal.table.meta import Field, Level
from offdiagonal.views.slices import level_text, slices
from tests.views.fakes import ArrayTables, make_tables

rows = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2)), max_size=80)


def test_every_level_and_slice_has_a_row(cs229: ArrayTables) -> None:
    spec = slices(cs229)
    assert sorted(row.text for row in spec.rows) == [
        "contains url",
        "secret-field = secret-high",
        "secret-field = secret-low",
        "secret-slice",
        "source = in-house",
        "source = vendor-a",
        "source = vendor-b",
    ]


def test_worst_first(cs229: ArrayTables) -> None:
    differences = [row.difference.value for row in slices(cs229).rows]
    assert differences == sorted(differences, key=lambda value: -(value or 0))


def test_private_slices_are_live_only(cs229: ArrayTables) -> None:
    spec = slices(cs229)
    assert "secret-slice" in [row.text for row in spec.rows]
    assert not any("secret" in row.text for row in (*spec.rated, *spec.worst()))


def test_worst_are_worse(cs229: ArrayTables) -> None:
    spec = slices(cs229)
    assert [row.text for row in spec.worst(1)] == ["contains url"]
    assert all((row.difference.value or 0) > 0 for row in spec.worst())


@given(rows)
def test_as_defined(data: list[tuple[int, int, int]]) -> None:
    """Error rate and difference are those of the judged rows in the slice and outside."""
    label, prediction, level = (np.asarray([row[i] for row in data], dtype=int) for i in range(3))
    tables = make_tables(
        label, prediction, ["a", "b", "(missing)"], fields={"f": (level, ["x", "y", "z"])}, missing=2
    )
    judged, wrong = label != 2, (label != prediction) & (label != 2)
    for row in slices(tables).rows:
        inside = level == row.code
        k, n = int((wrong & inside).sum()), int((judged & inside).sum())
        assert (row.n, row.judged, row.errors) == (int(inside.sum()), n, k)
        assert row.rate == wilson(k, n)
        assert row.difference == newcombe(k, n, int(wrong.sum()) - k, int(judged.sum()) - n)


def test_own_clause_is_left_out() -> None:
    """A field's rows stay when one of its levels is selected; slices of the user share one clause."""
    first = np.arange(40) < 20
    even = np.arange(40) % 2 == 0
    tables = make_tables(
        np.zeros(40),
        np.zeros(40),
        ["a"],
        fields={"f": (first.astype(int), ["x", "y"])},
        slices={"even": even, "first": first},
        kept={"c0": first, "slice": even},
    )
    n = {row.text: row.n for row in slices(tables).rows}
    assert n == {"f = x": 10, "f = y": 10, "even": 10, "first": 20}


def test_too_few_rows_come_last() -> None:
    level = np.repeat([0, 1, 2], [5, 50, 50])
    tables = make_tables(level == 1, np.zeros(105), ["a", "b"], fields={"f": (level, ["few", "bad", "good"])})
    spec = slices(tables)
    assert [row.text for row in spec.rows] == ["f = bad", "f = good", "f = few"]
    assert spec.rows[2].rate.value is None
    assert spec.rows[0].clear
    assert not spec.rows[2].clear


def test_whole_of_a_field_has_no_rest() -> None:
    tables = make_tables(np.zeros(50), np.zeros(50), ["a"], slices={"all": np.ones(50, dtype=bool)})
    assert slices(tables).rows[0].difference.value is None


def test_frame(cs229: ArrayTables) -> None:
    frame = slices(cs229).frame()
    assert list(frame)[:5] == ["field", "slice", "n", "judged", "errors"]
    assert len({len(column) for column in frame.values()}) == 1
    worst = slices(cs229).rows[0]
    assert frame["difference_low"][0] == worst.difference.low
    assert frame["error_high"][0] == worst.rate.high


@given(rows, st.sampled_from([0, 1, 2]))
def test_of_cells_with_one_outcome_the_share_selected(data: list[tuple[int, int, int]], outcome: int) -> None:
    label, prediction, level = (np.asarray([row[i] for row in data], dtype=int) for i in range(3))
    own = np.where(label == 2, 2, (label == prediction).astype(int))
    cells = own == outcome
    tables = make_tables(
        label,
        prediction,
        ["a", "b", "(missing)"],
        fields={"f": (level, ["x", "y", "z"])},
        missing=2,
        kept={"cell": cells, "c0": level == 1},
    )
    spec = slices(tables)
    here = cells & (level == 1)
    if not 0 < here.sum() < (level == 1).sum():
        assert spec.measure == "error"
        return
    assert spec.measure == "share"
    for row in spec.rows:
        inside = level == row.code
        k, n = int((cells & inside).sum()), int(inside.sum())
        assert row.n == k
        assert row.rate == wilson(k, n)
        assert row.difference == newcombe(k, n, int(cells.sum()) - k, len(data) - n)
    assert "share" in spec.frame()


def test_no_fields() -> None:
    spec = slices(make_tables([0], [0], ["a"]))
    assert spec.rows == ()
    assert spec.frame()["n"].tolist() == []


def test_text_of_a_level() -> None:
    field = Field("c0", "length", "'length'", "number", ())
    assert level_text(field, Level("5 to < 10", "(5, 10)", 5, 10)) == "length 5 to < 10"
    assert level_text(field, Level("(missing)", "None")) == "length = (missing)"
