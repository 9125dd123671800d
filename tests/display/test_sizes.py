"""Thirty views of three tables stay within their size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.make_selection_fixtures import spam
from tests.test_saved import wide_evaluation

import offdiagonal as od

BOARD, VIEW = 300 * 1024, 160 * 1024

ALONE = ["header", "confusion", "slices", "confidence", "calibration", "distribution", "examples"]
TOGETHER = [
    *([name, "examples"] for name in ALONE[:-1]),
    *(["header", name] for name in ALONE[1:]),
    ["confusion", "slices"],
    ["confidence", "calibration"],
    ["confusion", "slices", "examples"],
    ["slices", "distribution"],
    ["confusion", "distribution"],
    ALONE,
]
SELECTED: list[dict[str, Any]] = [{}, {"correct": False}, {"text": "a"}, {"confidence": (0.5, 0.9)}]
SELECTED += [{"correct": True, "confidence": (0.31, 0.97), "text": "a"}]
TABLES: dict[str, Callable[[], od.Evaluation]] = {
    "few rows": spam,
    "four columns": lambda: wide_evaluation(100_000, 4, flags=False),
    "twenty slices": lambda: wide_evaluation(100_000, 20, flags=True),
}


def sizes(ev: od.Evaluation) -> Iterator[tuple[object, int, int]]:
    """Each view, what it takes and what it may take: alone, with others, and the board with something selected."""
    for name in ALONE:
        yield name, len(ev.board(name)._repr_html_().encode()), VIEW
    for names in TOGETHER:
        yield names, len(ev.board(names)._repr_html_().encode()), BOARD
    for where in SELECTED:
        ev.selection.clear().where(**where)
        yield where, len(ev._repr_html_().encode()), BOARD


@pytest.mark.parametrize(
    "table",
    ["few rows", *(pytest.param(name, marks=pytest.mark.slow) for name in ("four columns", "twenty slices"))],
)
def test_thirty_views_are_within_their_size(table: str) -> None:
    found = list(sizes(TABLES[table]()))
    assert len(found) == 30
    assert [view for view in found if not 50_000 < view[1] <= view[2]] == []


def test_measures_and_their_slices_are_within_the_size_of_a_view() -> None:
    ev = spam()
    ev.selection.where(confidence=(0.5, 0.9))
    assert 50_000 < len(ev.measures(slices="kappa")._repr_html_().encode()) <= VIEW
