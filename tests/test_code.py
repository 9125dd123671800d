"""A selection as Python code: running it restores the selection."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from offdiagonal.clauses import CellClause, ColumnClause, ConfidenceClause, SliceClause, all_from_json
from offdiagonal.code import selection_code
from tests import make_selection_fixtures
from tests.make_selection_fixtures import PATH, build, many, splits, three
from tests.test_clauses import EV, META, selections

CASES = {
    (name, case["name"]): case
    for name, table in json.loads(PATH.read_text("utf-8")).items()
    for case in table["cases"]
}
EVALUATIONS = {
    "spam": EV,
    "three": three(),
    "many": many(),
    "splits": splits(),
    "empty": make_selection_fixtures.empty(),
}


def test_the_fixtures_are_what_the_script_makes():
    assert json.loads(PATH.read_text("utf-8")) == json.loads(json.dumps(build()))


@pytest.mark.parametrize(("table", "name"), CASES)
def test_code_restores_the_rows(table, name):
    ev, case = EVALUATIONS[table], CASES[table, name]
    assert (
        selection_code(all_from_json(case["clauses"], ev._engine.meta), ev._engine.meta, "ev") == case["code"]
    )
    ev.selection.clear()
    eval(case["code"], {"ev": ev})
    assert ev.selection.indices.tolist() == case["rows"]
    once = ev.selection.code("ev")
    ev.selection.clear()
    eval(once, {"ev": ev})
    assert ev.selection.code("ev") == once


@given(selections)
def test_code_restores_every_selection(data):
    clauses = all_from_json(data, META)
    EV.selection.clear()
    eval(selection_code(clauses, META, "ev"), {"ev": EV})
    assert EV.selection.indices.tolist() == EV._engine.indices(clauses).tolist()
    found = {clause.field: clause for clause in EV.selection.clauses}
    for clause in clauses:
        # The rows are the same, but what is said twice is said once, and a whole bin by its code.
        if not isinstance(clause, CellClause | SliceClause | ColumnClause):
            assert found[clause.field] == clause


# The same list is in js/test/code.test.ts.
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (0.1, "0.1"),
        (1e-5, "0.00001"),
        (1.25e-7, "1.25e-7"),
        (5e-324, "5e-324"),
        (1e15, "1000000000000000"),
        (123456789012345680000.0, "123456789012345680000"),
        (1e21, "1e+21"),
        (-1.5e300, "-1.5e+300"),
    ],
)
def test_numbers_are_written_as_javascript_does(value, text):
    code = selection_code([ConfidenceClause(value, value)], META, "ev")
    assert code == f"ev.selection.clear().where(confidence=({text}, {text}))"
    assert float(text) == value
