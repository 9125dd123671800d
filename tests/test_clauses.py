"""Clauses as JSON: what is one comes back as it was, what is none is refused."""

from __future__ import annotations

import json
import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offdiagonal.clauses import RowsClause, all_from_json, from_json, to_json
from offdiagonal.errors import MessageError
from tests.make_selection_fixtures import spam

EV = spam()
META = EV._engine.meta
SIZES = {field.key: len(field.levels) for field in META.fields}
BINNED = [field.key for field in META.fields if field.kind != "category"]

finite = st.floats(allow_nan=False, allow_infinity=False)
intervals = st.tuples(finite, finite).map(sorted)


def sides():
    return st.none() | st.lists(st.integers(0, len(META.classes) - 1), max_size=4)


def clauses_of_field(field: str) -> st.SearchStrategy:
    codes = st.lists(st.integers(0, SIZES.get(field, 1) - 1), max_size=5)
    found = {
        "cell": st.builds(
            lambda cells, outcome: {"field": "cell", "any": cells, "outcome": outcome},
            st.lists(st.fixed_dictionaries({"label": sides(), "prediction": sides()}), max_size=3),
            st.sampled_from([None, "error", "correct"]),
        ).filter(lambda clause: clause["any"] or clause["outcome"]),
        "slice": st.lists(st.sampled_from([s.name for s in META.slices]), max_size=3).map(
            lambda names: {"field": "slice", "names": names}
        ),
        "confidence": st.lists(st.floats(0, 1), min_size=2, max_size=2).map(
            lambda ends: {"field": "confidence", "low": min(ends), "high": max(ends)}
        ),
        "text": st.text(min_size=1, max_size=20).map(lambda text: {"field": "text", "contains": text}),
    }
    if field in found:
        return found[field]
    return st.builds(
        lambda codes, intervals: {"field": field, "codes": codes, "intervals": intervals},
        codes,
        st.lists(intervals, max_size=2) if field in BINNED else st.just([]),
    )


FIELDS = ["cell", "slice", "confidence", "text", *SIZES]
selections = st.lists(st.sampled_from(FIELDS), unique=True, max_size=5).flatmap(
    lambda fields: st.tuples(*map(clauses_of_field, fields)).map(list)
)


@given(selections)
def test_json_and_back(data):
    clauses = all_from_json(json.loads(json.dumps(data)), META)
    assert [to_json(clause) for clause in clauses] == data
    assert all_from_json([to_json(clause) for clause in clauses], META) == clauses
    assert [clause.field for clause in clauses] == [item["field"] for item in data]


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(string.printable, max_size=8)
    | st.sampled_from(["cell", "slice", "rows", "c5", "label", "error", "few stars", 10**400, -1]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "field",
                    "any",
                    "outcome",
                    "names",
                    "low",
                    "high",
                    "codes",
                    "intervals",
                    "label",
                    "id",
                    "count",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(junk)
def test_junk_is_refused_or_a_clause(data):
    try:
        clause = from_json(data, META)
    except MessageError as error:
        text = str(error)
    else:
        text = ""
        assert to_json(clause) == data
    assert len(text) < 300


def spoiled(**change):
    base = {
        "cell": {"field": "cell", "any": [{"label": [0], "prediction": None}], "outcome": None},
        "confidence": {"field": "confidence", "low": 0.1, "high": 0.9},
        "column": {"field": BINNED[0], "codes": [0], "intervals": [[1, 2]]},
        "slice": {"field": "slice", "names": ["few stars"]},
        "text": {"field": "text", "contains": "a"},
    }
    kind, change = next(iter(change.items()))
    return {key: value for key, value in (base[kind] | change).items() if value is not ...}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "cell",
        {},
        {"field": None},
        {"field": ["cell"]},
        {"field": "c99", "codes": [], "intervals": []},
        {"field": "c1; drop", "codes": [], "intervals": []},
        {"field": "rows", "count": 3},
        {"field": "rows", "id": "0", "count": 3},
        spoiled(cell={"more": 1}),
        spoiled(cell={"outcome": ...}),
        spoiled(cell={"outcome": "wrong"}),
        spoiled(cell={"outcome": True}),
        spoiled(cell={"any": []}),
        spoiled(cell={"any": None}),
        spoiled(cell={"any": [[0, 1]]}),
        spoiled(cell={"any": [{"label": [0]}]}),
        spoiled(cell={"any": [{"label": 0, "prediction": None}]}),
        spoiled(cell={"any": [{"label": [3], "prediction": None}]}),
        spoiled(cell={"any": [{"label": [-1], "prediction": None}]}),
        spoiled(cell={"any": [{"label": [True], "prediction": None}]}),
        spoiled(cell={"any": [{"label": [0.0], "prediction": None}]}),
        spoiled(cell={"any": [{"label": ["0"], "prediction": None}]}),
        spoiled(cell={"any": [{"label": [10**30], "prediction": None}]}),
        spoiled(cell={"any": [{"label": [0], "prediction": None}] * 10_001}),
        spoiled(cell={"any": [{"label": [0] * 10_001, "prediction": None}]}),
        spoiled(confidence={"low": "0"}),
        spoiled(confidence={"low": None}),
        spoiled(confidence={"low": True}),
        spoiled(confidence={"low": float("nan")}),
        spoiled(confidence={"high": float("inf")}),
        spoiled(confidence={"high": 10**400}),
        spoiled(confidence={"low": 0.95}),
        spoiled(confidence={"low": -0.1}),
        spoiled(confidence={"high": 50}),
        spoiled(column={"codes": [99]}),
        spoiled(column={"codes": [[]]}),
        spoiled(column={"intervals": [[1]]}),
        spoiled(column={"intervals": [[1, 2, 3]]}),
        spoiled(column={"intervals": [[2, 1]]}),
        spoiled(column={"intervals": [[1, float("nan")]]}),
        spoiled(column={"intervals": [[0, 1]] * 10_001}),
        spoiled(slice={"names": "few stars"}),
        spoiled(slice={"names": ["no such slice"]}),
        spoiled(slice={"names": [["few stars"]]}),
        spoiled(text={"contains": ""}),
        spoiled(text={"contains": "a" * 10_001}),
        spoiled(text={"contains": 3}),
    ],
    ids=lambda data: str(data)[:60],
)
def test_what_is_no_clause(data):
    with pytest.raises(MessageError):
        from_json(data, META)


def test_columns_of_levels_have_no_intervals():
    field = next(f for f in META.fields if f.kind == "category")
    with pytest.raises(MessageError, match="the column has no intervals"):
        from_json({"field": field.key, "codes": [], "intervals": [[0, 1]]}, META)


def test_what_an_evaluation_does_not_have():
    from tests.tables import engine_of, evaluate

    bare = engine_of(evaluate()).meta
    with pytest.raises(MessageError, match="this evaluation has no confidence"):
        from_json(spoiled(confidence={}), bare)
    with pytest.raises(MessageError, match="this evaluation has no text"):
        from_json(spoiled(text={}), bare)


def test_at_most_one_clause_a_field_and_a_hundred():
    text = {"field": "text", "contains": "a"}
    with pytest.raises(MessageError, match="at most one clause a field"):
        all_from_json([text, text], META)
    with pytest.raises(MessageError, match="a list of at most 100"):
        all_from_json([text] * 101, META)
    with pytest.raises(MessageError, match="a list of at most 100"):
        all_from_json(text, META)


def test_masks_are_known_by_what_they_hold():
    masks = [RowsClause(np.isin(np.arange(9), rows)) for rows in ([1, 2, 3], [6, 7, 8])]
    assert to_json(masks[0]) != to_json(masks[1])
    for mask in masks:
        data = to_json(mask)
        assert data == {"field": "rows", "id": mask.id, "count": 3}
        assert from_json(data, META, masks) is mask
        for spoilt in ({"id": "0"}, {"id": None}, {"id": [1]}, {"count": 2}, {"count": 3.0}, {"count": True}):
            with pytest.raises(MessageError, match="no longer held"):
                from_json(data | spoilt, META, masks)
        with pytest.raises(MessageError, match="no longer held"):
            from_json(data, META)


def test_equal_masks_are_equal_clauses():
    rows = np.arange(11) % 3 == 0
    one, two = RowsClause(rows), RowsClause(rows.copy())
    assert one == two
    assert hash(one) == hash(two)
    assert one.mask.tolist() == rows.tolist()
    assert one != RowsClause(~rows)
    assert RowsClause(np.zeros(8, dtype=bool)) != RowsClause(np.zeros(9, dtype=bool))
