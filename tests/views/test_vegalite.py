"""Pictures as specs: valid, self-contained, and of nothing private."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import altair as alt
import numpy as np
import pytest

from offdiagonal.views.calibration import calibration
from offdiagonal.views.confidence import confidence
from offdiagonal.views.confusion import confusion
from offdiagonal.views.header import header
from offdiagonal.views.slices import slices
from offdiagonal.views.vegalite.board import board_chart
from offdiagonal.views.vegalite.curves import _round_up
from offdiagonal.views.vegalite.style import CARD, ERROR, INK, MUTED, mix
from tests.views.fakes import ATTACKS, ArrayTables, make_tables, of_matrix

Spec = dict[str, Any]
EXAMPLES = [{"text": attack, "label": attack} for attack in ATTACKS]


def board(tables: ArrayTables, **more: Any) -> Spec:
    return board_chart(
        header(tables),
        confusion=confusion(tables),
        slices=slices(tables),
        confidence=confidence(tables),
        calibration=calibration(tables),
        **more,
    )


def walk(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from walk(inner)


def texts(spec: Spec) -> list[str]:
    return [part for part in walk(spec) if isinstance(part, str)]


TABLES = ["cs229", "spam", "banking", "attacked"]


@pytest.mark.parametrize("name", TABLES)
def test_board_is_a_valid_chart(name: str, request: pytest.FixtureRequest) -> None:
    spec = board(request.getfixturevalue(name), examples=EXAMPLES)
    alt.Chart.from_dict(spec)
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec


@pytest.mark.parametrize("name", TABLES)
def test_nothing_is_fetched(name: str, request: pytest.FixtureRequest) -> None:
    spec = board(request.getfixturevalue(name), examples=EXAMPLES)
    for part in walk(spec):
        if isinstance(part, dict):
            assert not {"url", "href", "expr", "signal", "transform"} & set(part)
    assert spec["config"]["font"] == "sans-serif"
    assert [text for text in texts(spec) if "://" in text and text not in ATTACKS][:1] == [spec["$schema"]]


@pytest.mark.parametrize(
    "views",
    [
        {"confusion"},
        {"slices"},
        {"confidence"},
        {"calibration"},
        {"examples"},
        set(),
        {"confusion", "confidence"},
    ],
)
def test_views_alone(cs229: ArrayTables, views: set[str]) -> None:
    functions: dict[str, Any] = {f.__name__: f for f in (confusion, slices, confidence, calibration)}
    given = {view: EXAMPLES if view == "examples" else functions[view](cs229) for view in views}
    alt.Chart.from_dict(board_chart(header(cs229), **given))


def test_numbers_of_v1(cs229: ArrayTables) -> None:
    shown = texts(board_chart(header(cs229), confusion=confusion(cs229)))
    assert {"1,000", "45", "7", "10", "505", "8", "50", "30", "2,000"} <= set(shown)
    assert {"95 %", "97 %", "96 %", "94 %", "87 %", "99 %"} <= set(shown)
    assert "row = label, column = predicted" in shown


def test_many_classes_are_squares(banking: ArrayTables) -> None:
    spec = confusion(banking)
    chart = board_chart(header(banking), confusion=spec)["vconcat"][0]["hconcat"][0]
    squares, names = (layer["data"]["values"] for layer in chart["layer"])
    assert len(squares) == np.count_nonzero(spec.counts)
    assert 5 <= len(names) <= 40
    places = [name["i"] for name in names]
    assert min(np.diff(places)) * 5 >= 22


@pytest.mark.parametrize("k", [1, 2, 3, 20, 21, 100, 300])
def test_any_number_of_classes(k: int) -> None:
    rng = np.random.default_rng(k)
    tables = make_tables(rng.integers(0, k, 500), rng.integers(0, k, 500), [f"class {i}" for i in range(k)])
    alt.Chart.from_dict(board(tables))


def test_nothing_private(cs229: ArrayTables) -> None:
    spec = board(cs229) | {"more": board_chart(header(cs229), confusion=confusion(cs229, "c1", "label"))}
    assert "secret" not in json.dumps(spec)
    assert "source" in json.dumps(spec)


def test_hidden_characters_are_spelt(attacked: ArrayTables) -> None:
    shown = "".join(texts(board(attacked, examples=EXAMPLES)))
    assert not set("\x1b\x00\u202e\u2066\u200b\ufeff\u2028\ud800") & set(shown)
    assert "\\u202e" in shown


@pytest.mark.parametrize(
    "tables",
    [
        of_matrix([[50]], ["only"]),
        of_matrix([[0, 0], [0, 0]], ["a", "b"], positive=1, confidence=np.zeros(0)),
        make_tables([], [], []),
        make_tables([2] * 30, [0] * 30, ["a", "b", "(missing)"], missing=2, confidence=np.full(30, np.nan)),
        make_tables([0] * 30, [0] * 30, ["a"], confidence=np.ones(30), fields={"f": ([0] * 30, ["x", "y"])}),
    ],
    ids=["one class", "no rows", "no classes", "no labels", "all right"],
)
def test_little_to_show(tables: ArrayTables) -> None:
    alt.Chart.from_dict(board(tables, examples=[]))


def test_absent_views_say_why(cs229: ArrayTables) -> None:
    bare = make_tables([0, 1], [0, 1], ["a", "b"])
    assert "Absent: no probabilities were given." in texts(
        board_chart(header(bare), confidence=confidence(bare))
    )
    assert "Absent: no probabilities were given." in texts(
        board_chart(header(bare), calibration=calibration(bare))
    )
    assert not any("Absent" in text for text in texts(board(bare)))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_is_readable() -> None:
    assert contrast(INK, CARD) > 7
    assert contrast(MUTED, CARD) > 4.5
    assert contrast(ERROR, CARD) > 3


@pytest.mark.parametrize("errors", range(0, 1001, 50))
def test_numbers_are_readable_on_their_cells(errors: int) -> None:
    tables = of_matrix([[1000 - errors, errors], [0, 10]], ["a", "b"])
    chart = board_chart(header(tables), confusion=confusion(tables))["vconcat"][0]
    cells = chart["data"]["values"]
    assert all(contrast(cell["ink"], cell["fill"]) > 4.5 for cell in cells)


def test_mix() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#102030", "#ffffff", 0) == "#102030"


@pytest.mark.parametrize("most", [*range(300), 999, 1000, 1001, 12345, 10**7 + 1])
def test_scale_of_the_histogram(most: int) -> None:
    top = _round_up(most)
    assert top >= max(most, 2)
    assert top % 2 == 0
    assert top <= max(2, 2.01 * most)
