"""Whatever the data hold, the views are shown, saved and exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.export import export_rows
from tests.inputs.case import Case, Shown
from tests.inputs.kinds import KINDS
from tests.inputs.test_inputs import CASES

NASTY = [
    "infinity and negative zero",
    "2 to the 64",
    "half precision",
    "complex numbers",
    "decimals with infinity",
    "NUL",
    "lone surrogates",
    "a text of a million characters",
    "colours of a terminal",
    "markup",
    "times of several zones",
    "years that no calendar has",
    "values that read alike",
    "dicts",
    "a million bytes",
    "objects whose text raises",
    "a name twice",
    "names of several levels",
    "no name",
    "a lone surrogate in a name",
    "quotes and markup in names",
    "one class",
    "no label at all",
    "a lone surrogate in a class",
    "NUL and colours in classes",
    "no rows",
]
HELD = [
    (case, kind)
    for case in CASES
    for kind in ("pandas-arrow", "arrays")
    if case.name in NASTY and isinstance(case.expected(kind), Shown)
]


@pytest.fixture(autouse=True)
def _long_fields() -> Iterator[None]:
    """Python's csv refuses fields of a million characters unless told."""
    before = csv.field_size_limit(10_000_000)
    yield
    csv.field_size_limit(before)


@pytest.mark.parametrize(("case", "kind"), HELD, ids=[f"{case.name}-{kind}" for case, kind in HELD])
def test_save(case: Case, kind: str, tmp_path: Path):
    ev = od.Evaluation(KINDS[kind].make(case.columns), **case.options, name=case.name)
    ev.save(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "</html>" in page
    assert "\0" not in page
    assert len(page.encode()) < 2_000_000
    assert repr(ev).encode()
    text = export_rows(ev._engine, np.arange(len(ev)), "csv", private=True)
    lines = list(csv.reader(io.StringIO(text.encode().decode(), newline="")))
    assert [line[0] for line in lines] == ["row", *map(str, range(len(ev)))]
    assert len({len(line) for line in lines}) == 1


def test_each_is_saved():
    assert {case.name for case, _ in HELD} == set(NASTY)
