"""Whatever the data hold: each named input in each kind of table is exact, noted or refused; never silently changed."""

from __future__ import annotations

import pytest

from tests.inputs.case import Case, check
from tests.inputs.kinds import KINDS
from tests.inputs.labels import LABELS
from tests.inputs.names import NAMES
from tests.inputs.numbers import NUMBERS
from tests.inputs.objects import OBJECTS
from tests.inputs.scores import SCORES
from tests.inputs.shapes import SHAPES
from tests.inputs.texts import TEXTS
from tests.inputs.times import TIMES

CASES = [*NUMBERS, *TEXTS, *TIMES, *OBJECTS, *NAMES, *LABELS, *SCORES, *SHAPES]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_input(case: Case, kind: str):
    check(case, kind)


def test_there_are_720_inputs_or_more_and_no_two_have_one_name():
    assert len(CASES) * len(KINDS) >= 720
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(KINDS) == 6
    assert {name for case in CASES for name in case.unlike} <= set(KINDS)
