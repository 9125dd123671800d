"""Numbers and times of many values that are hard to cut into bins: what is shown as slices, and what a note says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.tables import fields_of, levels_of

import offdiagonal as od

N = 400


def of(values: Any, **more: Any) -> od.Evaluation:
    return od.Evaluation(
        {"label": ["a", "b"] * (N // 2), "prediction": ["a", "b"] * (N // 2), "x": values}, **more
    )


@pytest.mark.parametrize("missing", [False, True])
def test_periods_are_the_times_when_they_begin(missing: bool):
    values = pd.Series(pd.period_range("2020-01-01", periods=N, freq="D"))
    if missing:
        values[0] = pd.NaT
    ev = of(values)
    assert ev.notes == ()
    assert levels_of(ev, "x")["2020-01 to < 2020-04"] == 91 - missing
    assert len(ev.selection.where(columns={"x": "2020-02"})) == 29
    assert ev.selection.frame()["x"][0] == pd.Period("2020-02-01")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (pd.to_timedelta(np.arange(N), unit="min"), "durations of more than 50 values are not cut into bins"),
        (list(pd.to_timedelta(np.arange(N), unit="min")), "durations of more than 50 values"),
        (np.arange(N).astype(np.uint64) + np.uint64(2**64 - 1000), "its numbers are too large"),
        (np.arange(N) + 2**62, "its numbers are too large"),
        ([10**30 + i for i in range(N)], "its numbers are too large"),
        ([10**400 + i for i in range(N)], "its numbers are too large"),
    ],
    ids=["timedelta", "timedelta objects", "uint64", "int64", "huge", "beyond floats"],
)
def test_what_is_not_binned_is_said(values: Any, why: str):
    ev = of(values)
    assert fields_of(ev) == []
    assert [note.partition(": ")[2][: len(why)] for note in ev.notes] == [why]
    assert ev.notes[0].startswith("column 'x' is not shown as slices: ")
    assert of(values, private=["x"]).notes[0].startswith("a private column is not shown as slices: ")


@pytest.mark.parametrize(
    "values",
    [
        [f"text {i}" for i in range(N)],
        [7] * N,
        [None] * N,
        np.arange(N),
        np.zeros(N, "m8[s]"),
    ],
    ids=["texts", "one number", "nothing", "numbers", "one duration"],
)
def test_nothing_is_said_of_others(values: Any):
    assert of(values).notes == ()


def test_complex_numbers_are_no_slices():
    ev = of(np.arange(N) * 1j)
    assert ev.notes == ("column 'x' holds complex numbers: they are shown as text, and are no slices",)


def test_many_kinds_of_periods_stay_as_they_are():
    ev = of([pd.Period("2020-01"), pd.Period("2020-01-01")] * (N // 2))
    assert fields_of(ev) == ["x"]
