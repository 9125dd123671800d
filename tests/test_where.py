"""What ``where`` is told: times by name, whatever the bins; and what is no argument, with what to write instead."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import offdiagonal as od
from offdiagonal.errors import LabelError, OffdiagonalError, SelectionError
from tests.tables import every_kind


def moment(*parts: int) -> dt.datetime:
    """A time without a zone."""
    return dt.datetime(*parts)  # noqa: DTZ001 - without a zone is what is tested


def at_times(times: Any, make: Any = pd.DataFrame) -> od.Evaluation:
    n = len(times)
    return od.Evaluation(make({"label": ["a", "b"] * (n // 2), "prediction": ["a"] * n, "when": times}))


def count(ev: od.Evaluation, when: Any) -> int:
    return len(ev.selection.clear().where(columns={"when": when}))


DAYS = [2, 8, 42, 300, 2000]
"""How many: binned by hours, days, weeks, months, years."""


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize(
    ("when", "rows"),
    [
        ("2024-01-01", 24),
        (dt.date(2024, 1, 1), 24),
        (np.datetime64("2024-01-01"), 24),
        (pd.Period("2024-01-01"), 24),
        ("1 Jan 2024", 24),
        ("2024/01/01", 24),
        (["2024-01-01", dt.date(2024, 1, 2)], 48),
        ("2024-01-01 10", 1),
        ("2024-01-01T10:00", 1),
        ("2024-01-01 10:30", 0),
        ("2024-01-01 00:00:00", 1),
        (moment(2024, 1, 1), 1),
        (pd.Timestamp("2024-01-01"), 1),
        (np.datetime64("2024-01-01", "ns"), 1),
        (("2024-01-01", "2024-01-02"), 24),
    ],
    ids=str,
)
def test_a_time_selects_what_it_names_whatever_the_bins(days: int, when: Any, rows: int):
    ev = at_times(pd.date_range("2024-01-01", periods=24 * days, freq="h"))
    assert count(ev, when) == rows


@every_kind
def test_a_month_and_a_year(make: Any):
    times = [moment(2023, 12, 1) + i * dt.timedelta(days=1) for i in range(500)]
    ev = at_times(times, make)
    for when, rows in {"2024-02": 29, "2023-12": 31, "2024": 366, "Feb 2024": 29, "2030": 0}.items():
        assert count(ev, when) == rows


def test_a_moment_is_one_even_where_a_bin_is_called_so():
    ev = at_times(
        pd.to_datetime(
            ["2024-01-01 10:00:00", "2024-01-01 10:00:00.5"] * 2 + ["2024-01-01 10:00:04"] * 2,
            format="ISO8601",
        )
    )
    assert count(ev, "2024-01-01 10:00:00") == 2
    assert count(ev, "2024-01-01 10:00") == 6


def test_the_name_of_a_bin_of_several_days_selects_it():
    ev = at_times(pd.date_range("2024-01-01", periods=24 * 42, freq="h"))
    name = ev._engine.meta.fields[0].levels[1].text
    assert name == "2024-01-08 to < 2024-01-15"
    assert count(ev, name) == 24 * 7
    assert ev.selection.code() == "ev.selection.clear().where(columns={'when': ('2024-01-08', '2024-01-15')})"


def test_times_with_a_zone_are_named_by_its_clock():
    times = pd.date_range("2024-01-01", periods=96, freq="h", tz="UTC").tz_convert("Asia/Tokyo")
    ev = at_times(times)
    assert count(ev, "2024-01-01") == 15
    assert count(ev, "2024-01-02") == 24
    assert count(ev, "2024-01-01T15:00Z") == 1


def test_missing_times():
    ev = at_times([moment(2024, 1, day) for day in (1, 2, 3)] + [None])
    assert count(ev, None) == 1
    assert count(ev, "(missing)") == 1
    assert count(ev, ["2024-01-02", None]) == 2


@pytest.mark.parametrize("wrong", ["2024-13-01", "2024-02-30", "soon", "2024-01-01 25", True])
def test_what_is_no_time(wrong: Any):
    ev = at_times([moment(2024, 1, day) for day in (1, 2, 3, 4)])
    for when in (wrong, (wrong, None)):
        with pytest.raises(SelectionError, match="is no time; write it as '2024-01-31'"):
            ev.selection.where(columns={"when": when})


TABLE = pd.DataFrame(
    {
        "obs": ["ham", "spam"] * 10,
        "pred": ["ham"] * 20,
        "p": np.linspace(0, 1, 20),
        "body": [f"text {i}" for i in range(20)],
        "key": range(20),
        "k": ["x", "y"] * 10,
        "same": ["x"] * 20,
        "secret": ["s 1"] * 20,
    }
)
EV = od.Evaluation(
    TABLE, label="obs", prediction="pred", probabilities="p", text="body", id="key", private=["secret"]
)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"columns": "k"}, "columns= is a dict of column name to value, such as .*, not 'k'"),
        ({"columns": ["k"]}, r"columns= is a dict .* not \['k'\]"),
        ({"columns": {"body": "free"}}, "column 'body' is the text: search it with text="),
        ({"columns": {"obs": "ham"}}, "column 'obs' holds the labels: select by label="),
        ({"columns": {"pred": "ham"}}, "column 'pred' holds the predictions: select by prediction="),
        ({"columns": {"p": (0.5, 1)}}, r"column 'p' holds probabilities: select by confidence=\(low, high\)"),
        ({"columns": {"key": 3}}, "column 'key' is the id: give a mask as rows="),
        (
            {"columns": {"same": "x"}},
            "column 'same' cannot be selected by, as it has too many different values",
        ),
        ({"columns": {"secret": "s 1"}}, "^a private column cannot be selected by"),
        ({"columns": {"kk": "x"}}, "column 'kk' not found; did you mean 'k'?"),
        (
            {"confidence": (50, 70)},
            r"confidence is between 0 and 1, not 50 to 70; did you mean \(0.5, 0.7\)\?",
        ),
        ({"confidence": (0, 95)}, r"did you mean \(0, 0.95\)\?"),
        ({"confidence": (-1, 0.5)}, "confidence is between 0 and 1, not -1 to 0.5; give"),
        ({"confidence": (200, None)}, "confidence is between 0 and 1, not 200 to 200; give"),
    ],
)
def test_what_to_write_instead(arguments: dict[str, Any], message: str):
    with pytest.raises(SelectionError, match=message):
        EV.selection.clear().where(**arguments)
    assert not EV.selection


def test_confidence_has_open_ends():
    assert len(EV.selection.clear().where(confidence=(0.5, None))) == 10
    assert len(EV.selection.clear().where(confidence=(-np.inf, np.inf))) == 20


@pytest.mark.parametrize("wrong", [["label"], {"label"}, {"label": 1}])
def test_clear_takes_names(wrong: Any):
    with pytest.raises(SelectionError, match=r"clear takes names of fields, as in clear\('cell', 'slice'\)"):
        EV.selection.clear(wrong)


def test_observers_can_be_called():
    with pytest.raises(OffdiagonalError, match="observe takes a function of the selection, not 3"):
        EV.selection.observe(3)


@pytest.mark.parametrize(("wrong", "called"), [(None, "None"), ("svm", "'svm'"), (dict, "the class dict")])
def test_what_is_no_estimator(wrong: Any, called: str):
    with pytest.raises(LabelError, match=f"{called} is no fitted estimator"):
        od.Evaluation.from_estimator(wrong, [[1], [2]], ["a", "b"])
