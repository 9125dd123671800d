"""What the front end is tested with is what Python packs and merges."""

from __future__ import annotations

import json

from tests.make_run_fixtures import PATH, made


def test_the_fixtures_of_the_front_end_are_those_of_this_python() -> None:
    assert json.loads(PATH.read_text("utf-8")) == made()
