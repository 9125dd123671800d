"""The matrix, against V1 and against counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offdiagonal.stats.intervals import wilson
from offdiagonal.views.confusion import confusion
from tests.views.conftest import CS229
from tests.views.fakes import ArrayTables, make_tables, of_matrix

pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=60)


class TestOfV1:
    """V1 of the statistics' fixtures."""

    def test_counts_and_rates(self, cs229: ArrayTables) -> None:
        spec = confusion(cs229)
        assert spec.counts.tolist() == CS229
        assert [round(rate.value or 0, 4) for rate in spec.recall] == [0.9506, 0.9656, 0.9615]
        assert [round(rate.value or 0, 4) for rate in spec.precision] == [0.9434, 0.8707, 0.9926]
        assert spec.errors == 150
        assert spec.recall[0] == wilson(1000, 1052)
        assert spec.precision[2] == wilson(2000, 2015)

    def test_top_by_count(self, cs229: ArrayTables) -> None:
        top = confusion(cs229).confusions[0]
        assert (top.label, top.prediction, top.n) == ("Good", "LoanSpam", 50)
        assert round(top.share.value or 0, 4) == 0.0240
        assert top.share == wilson(50, 2080)

    def test_all_confusions_in_order(self, cs229: ArrayTables) -> None:
        assert [pair.n for pair in confusion(cs229).confusions] == [50, 45, 30, 10, 8, 7]

    def test_frame_is_tidy(self, cs229: ArrayTables) -> None:
        frame = confusion(cs229).frame()
        assert list(frame)[:3] == ["label", "prediction", "n"]
        assert {len(column) for column in frame.values()} == {9}
        assert (frame["label"][6], frame["prediction"][6], frame["n"][6]) == ("Good", "LoanSpam", 50)
        limits = [frame[f"share_of_label{end}"][6] for end in ("", "_low", "_high")]
        assert limits == pytest.approx([50 / 2080, wilson(50, 2080).low, wilson(50, 2080).high])
        assert frame["share_of_prediction"][6] == pytest.approx(50 / 1060)


class TestAxes:
    """Which dims stand where, and in which order."""

    def test_order_of_the_classes(self) -> None:
        spec = confusion(of_matrix(CS229, ["a", "b", "c"], order=[2, 0, 1]))
        assert spec.rows.texts == spec.columns.texts == ("c", "a", "b")
        assert spec.counts.tolist() == [[2000, 50, 30], [7, 1000, 45], [8, 10, 505]]
        assert round(spec.recall[1].value or 0, 4) == 0.9506
        assert (spec.confusions[0].label, spec.confusions[0].prediction) == ("c", "a")

    def test_predictions_as_rows(self, cs229: ArrayTables) -> None:
        spec = confusion(cs229, "prediction", "label")
        assert spec.counts.tolist() == np.transpose(CS229).tolist()
        assert spec.recall == confusion(cs229).recall
        assert spec.confusions == confusion(cs229).confusions
        assert spec.errors == 150
        assert list(spec.frame())[:2] == ["prediction", "label"]

    def test_two_fields(self, cs229: ArrayTables) -> None:
        spec = confusion(cs229, "c0", "s0")
        assert spec.counts.tolist() == cs229.tabulate(["c0", "s0"])[:, ::-1].tolist()
        assert not spec.judges
        assert spec.confusions == spec.recall == ()
        assert list(spec.frame())[:2] == ["source", spec.columns.name]

    def test_a_slice(self, cs229: ArrayTables) -> None:
        spec = confusion(cs229, "s0", "label")
        assert spec.rows.texts == ("in", "out")
        assert spec.counts[0].tolist() == cs229.tabulate(["s0", "label"])[1].tolist()

    def test_private_column(self, cs229: ArrayTables) -> None:
        assert confusion(cs229, "c1", "label").private
        assert not confusion(cs229).private

    def test_unknown_dim(self, cs229: ArrayTables) -> None:
        with pytest.raises(KeyError, match=r"c9.*c0"):
            confusion(cs229, "c9")

    @pytest.mark.parametrize("name", ["n", "predicted", "share_of_label", "label"])
    def test_names_that_collide(self, name: str) -> None:
        tables = make_tables([0, 1], [0, 1], ["a", "b"], fields={name: ([0, 1], ["x", "y"])})
        frame = confusion(tables, "label", "c0").frame()
        assert len(frame) == 9
        assert frame["n"].tolist() == [1, 0, 0, 1]

    def test_clause_of_the_matrix_is_left_out(self) -> None:
        label = np.repeat([0, 1], 20)
        tables = make_tables(
            label, label, ["a", "b"], kept={"cell": label == 0, "slice": np.arange(40) % 2 == 0}
        )
        assert confusion(tables).counts.tolist() == [[10, 0], [0, 10]]


class TestBadTables:
    """Tables with nothing, or little, to judge."""

    def test_missing_labels_are_no_errors(self) -> None:
        counts = [[40, 3, 1], [2, 30, 4], [5, 6, 7]]
        spec = confusion(of_matrix(counts, ["a", "b", "(missing)"], missing=2))
        assert spec.counts.tolist() == counts
        assert spec.errors == 3 + 1 + 2 + 4
        assert spec.recall[0] == wilson(40, 44)
        assert spec.precision[0] == wilson(40, 42)
        assert spec.recall[2].value is spec.precision[2].value is None
        assert {pair.label for pair in spec.confusions} == {"a", "b"}

    def test_no_rows(self) -> None:
        spec = confusion(of_matrix([[0, 0], [0, 0]], ["a", "b"]))
        assert spec.confusions == ()
        assert all(rate.value is None for rate in spec.recall + spec.precision)
        assert np.isnan(spec.frame()["share_of_label"]).all()

    def test_no_classes(self) -> None:
        spec = confusion(make_tables([], [], []))
        assert spec.counts.shape == (0, 0)
        assert spec.frame()["n"].tolist() == []

    def test_one_class(self) -> None:
        spec = confusion(of_matrix([[50]], ["only"]))
        assert spec.confusions == ()
        assert spec.recall[0].value == 1

    def test_below_ten_rows_no_rate(self) -> None:
        spec = confusion(of_matrix([[8, 1], [0, 20]], ["a", "b"]))
        assert spec.recall[0].value is None
        assert spec.confusions[0].share.value is None
        assert np.isnan(spec.frame()["share_of_label"][:2]).all()


@given(pairs)
def test_as_counted_by_hand(rows: list[tuple[int, int]]) -> None:
    """Each cell is a count, the errors are what is off the diagonal, every share has an interval around it."""
    spec = confusion(
        make_tables([a for a, _ in rows], [b for _, b in rows], list("abcd"), order=[3, 1, 0, 2])
    )
    for i, a in enumerate([3, 1, 0, 2]):
        for j, b in enumerate([3, 1, 0, 2]):
            assert spec.counts[i, j] == rows.count((a, b))
    assert spec.errors == sum(a != b for a, b in rows) == sum(pair.n for pair in spec.confusions)
    for pair in spec.confusions:
        if pair.share.value is not None:
            assert (pair.share.low or 0) <= pair.share.value <= (pair.share.high or 1)


def test_77_classes(banking: ArrayTables) -> None:
    spec = confusion(banking)
    assert spec.counts.shape == (77, 77)
    assert spec.counts.sum() == 3080
    assert spec.counts[spec.correct].sum() + spec.errors == 3080
    assert len(spec.frame()["n"]) == 77 * 77
