"""The index of a pandas frame: what has a name in it is a column, and nothing of it is lost."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.tables import LABELS, PREDICTIONS, engine_of, fields_of, levels_of

import offdiagonal as od

FRAME = pd.DataFrame({"label": LABELS, "prediction": PREDICTIONS, "x": list("aabbcc")})
SPEAKERS = [("ann", 1), ("ann", 2), ("bob", 1), ("bob", 2), ("cy", 1), ("cy", 2)]


def shown(ev: od.Evaluation) -> list[dict[str, object]]:
    """The values of the first two rows, by name of the column."""
    names = {column.key: column.name for column in engine_of(ev).meta.columns}
    return [
        {names[key]: value for key, value in row["values"].items()}
        for row in ev._session.pages.rows(pd.array([0, 1]))
    ]


def test_a_named_index_without_repeats_is_the_id():
    frame = FRAME.set_index(pd.Index([f"doc {i}" for i in range(6)], name="doc"))
    ev = od.Evaluation(frame)
    assert [(c.name, c.role) for c in engine_of(ev).meta.columns][2:] == [("x", None), ("doc", "id")]
    assert shown(ev) == [{"x": "a", "doc": "doc 0"}, {"x": "a", "doc": "doc 1"}]
    assert ev.notes == ()
    pd.testing.assert_frame_equal(ev.selection.where(correct=False).frame(), frame.iloc[[1, 3]])


def test_an_id_that_is_named_stands_before_the_index():
    ev = od.Evaluation(FRAME.set_index(pd.RangeIndex(6, name="row")).assign(key=range(6)), id="key")
    assert {c.name: c.role for c in engine_of(ev).meta.columns}["row"] is None


def test_a_named_index_with_repeats_is_a_column_to_select_by():
    ev = od.Evaluation(FRAME.set_index(pd.Index(["one", "one", "two", "two", "two", "one"], name="batch")))
    assert levels_of(ev, "batch") == {"one": 3, "two": 3}
    assert ev.selection.where(columns={"batch": "two"}).indices.tolist() == [2, 3, 4]


def test_levels_of_an_index_are_columns_with_or_without_a_name():
    frame = FRAME.set_index(pd.MultiIndex.from_tuples(SPEAKERS, names=["speaker", None]))
    ev = od.Evaluation(frame, group="speaker")
    assert fields_of(ev) == ["x", "speaker", "index.1"]
    assert levels_of(ev, "speaker") == {"ann": 2, "bob": 2, "cy": 2}
    assert ev.selection.where(columns={"index.1": 2}).indices.tolist() == [1, 3, 5]
    assert ev.selection.frame().index.tolist() == SPEAKERS[1::2]


def test_an_index_called_like_a_column_keeps_apart_from_it():
    ev = od.Evaluation(FRAME.set_index("x", drop=False))
    assert fields_of(ev) == ["x", "index.x"]


def test_an_index_without_a_name_is_no_column():
    assert fields_of(od.Evaluation(FRAME.set_index(pd.Index(list("aabbcc"))))) == ["x"]


@pytest.mark.parametrize("drop", ["speaker", "word"])
def test_a_private_level_is_dropped_where_private_columns_are(drop: str):
    frame = FRAME.set_index(pd.MultiIndex.from_tuples(SPEAKERS, names=["speaker", "word"]))
    ev = od.Evaluation(frame, private=[drop])
    left = ev._table.source.without(ev._table.private)
    assert list(left.index.names) == [name for name in ("speaker", "word") if name != drop]
    assert left.columns.tolist() == FRAME.columns.tolist()


def test_a_private_index_is_dropped_where_private_columns_are():
    ev = od.Evaluation(FRAME.set_index(pd.Index(range(6), name="patient")), private=["patient"])
    assert ev._table.source.without(ev._table.private).index.name is None
    ev.slice("first", lambda frame: frame.index.get_level_values("patient") < 2)
    assert engine_of(ev).meta.slices[0].private


def test_labels_may_stand_in_the_index():
    frame = FRAME.set_index(["label", "x"])
    assert od.Evaluation(frame).selection.where(label="ham").indices.tolist() == [0, 1, 4]
