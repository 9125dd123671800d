"""Columns of every type: what can be selected by, and what its levels say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.tables import LABELS, PREDICTIONS, engine_of, every_kind, fields_of, levels_of

import offdiagonal as od
from offdiagonal.errors import ColumnNotFoundError, LengthError
from offdiagonal.table.bins import _range_texts


def moment(*parts: int) -> dt.datetime:
    """A time without a zone."""
    return dt.datetime(*parts)  # noqa: DTZ001


BASE = {"label": LABELS, "prediction": PREDICTIONS}


def of(make: Any, values: Any, **more: Any) -> od.Evaluation:
    return od.Evaluation(make(BASE | {"x": values}), **more)


@every_kind
def test_few_texts(make):
    ev = of(make, ["b", "a", "b", None, "c", "c"])
    assert levels_of(ev, "x") == {"a": 1, "b": 2, "c": 2, "(missing)": 1}
    assert len(ev.selection.where(columns={"x": ["a", None]})) == 2


@every_kind
def test_bools(make):
    assert levels_of(of(make, [True, False, None, True, True, None]), "x") == {
        "False": 1,
        "True": 3,
        "(missing)": 2,
    }


@every_kind
def test_whole_numbers_with_gaps(make):
    ev = of(make, [1, 2, None, 2, 10, 1])
    assert levels_of(ev, "x") == {"1": 2, "2": 2, "10": 1, "(missing)": 1}
    assert len(ev.selection.where(columns={"x": 10})) == 1


@every_kind
def test_a_column_of_one_value_or_none_is_no_field(make):
    assert fields_of(of(make, [None] * 6)) == []
    assert fields_of(of(make, ["a"] * 6)) == []
    assert levels_of(of(make, ["a", None, "a", "a", "a", "a"]), "x") == {"a": 5, "(missing)": 1}


@every_kind
def test_times(make):
    days = [moment(2024, 1, day) for day in (1, 2, 2, 5)]
    ev = of(make, [*days, None, moment(2024, 1, 6)])
    assert levels_of(ev, "x") == {
        "2024-01-01": 1,
        "2024-01-02": 2,
        "2024-01-03": 0,
        "2024-01-04": 0,
        "2024-01-05": 1,
        "2024-01-06": 1,
        "(missing)": 1,
    }
    assert len(ev.selection.where(columns={"x": ("2024-01-02", "2024-01-06")})) == 3
    assert len(ev.selection.where(columns={"x": moment(2024, 1, 5)})) == 1
    assert len(ev.selection.where(columns={"x": (None, "2024-01-02 00:00:00.001")})) == 3


@every_kind
def test_dates(make):
    ev = of(make, [dt.date(2024, 1, day) for day in (1, 2, 2, 5, 5, 5)])
    assert levels_of(ev, "x")["2024-01-05"] == 3


@every_kind
def test_numbers_of_many_values_fall_into_bins(make):
    rng = np.random.default_rng(1)
    values = rng.normal(size=500)
    data = {"label": ["a"] * 500, "prediction": ["a"] * 250 + ["b"] * 250, "x": values}
    ev = od.Evaluation(make(data))
    levels = levels_of(ev, "x")
    assert len(levels) == 5
    assert sum(levels.values()) == 500
    assert max(levels.values()) < 120
    for low, high in [(-0.5, 0.5), (values.min(), 0.1), (0.1, None), (None, values.max())]:
        most = np.inf if high is None or high == values.max() else high
        expected = (values >= (-9 if low is None else low)) & (values < most)
        assert (
            ev.selection.where(columns={"x": (low, high)}).indices.tolist()
            == np.flatnonzero(expected).tolist()
        )


def test_a_number_that_is_nearly_always_one_value_is_still_binned():
    values = np.zeros(1_000)
    values[:40] = np.arange(40)
    ev = of_many(values)
    assert sum(levels_of(ev, "x").values()) == 1_000
    assert len(levels_of(ev, "x")) > 1


def of_many(values: Any) -> od.Evaluation:
    n = len(values)
    return od.Evaluation({"label": ["a"] * n, "prediction": ["a"] * (n - 1) + ["b"], "x": values})


@pytest.mark.parametrize(
    ("edges", "texts"),
    [
        ([53526, 2.1e6, 3.5e6], ["53,526 to < 2,100,000", "2,100,000 to 3,500,000"]),
        ([1234567, 1234568, 1e15], ["1,234,567 to < 1,234,568", "1,234,568 to 1,000,000,000,000,000"]),
        ([1e15, 2e15, 1e300], ["1,000,000,000,000,000 to < 2e+15", "2e+15 to 1e+300"]),
        ([-0.0, 0.1 + 0.2, 1 / 3, 3], ["0 to < 0.3", "0.3 to < 0.333333", "0.333333 to 3"]),
        ([-1500.5, -0.001, 1e-9], ["-1,500.5 to < -0.001", "-0.001 to 1e-09"]),
        ([1234567.125, 1234567.25], ["1,234,567.12 to 1,234,567.25"]),
        ([1234567.125, 1234568.75], ["1,234,567 to 1,234,569"]),
        ([100, 1000.0, 20000], ["100 to < 1,000", "1,000 to 20,000"]),
    ],
)
def test_bins_are_written_in_full_with_as_many_digits_as_tell_them_apart(edges, texts):
    assert _range_texts([float(edge) for edge in edges]) == texts


@pytest.mark.parametrize(
    ("groups", "private", "note"),
    [
        (["a", "a", "b", "b", None, None], (), "slices allow for 2 groups of examples; those of confidence"),
        (["a"] * 6, (), "all examples are of one group"),
        ([[1], [1], [2], [2], [3], [3]], (), "group= holds values that cannot be compared"),
        (list("abcdef"), (), None),
        ([None] * 6, (), None),
        (list("aabbcc"), "who", "slices allow for groups of examples"),
        (None, (), None),
    ],
)
def test_a_note_says_which_intervals_allow_for_groups(groups, private, note):
    column = np.empty(6, dtype=object)
    column[:] = groups or list("aabbcc")
    table = {"label": LABELS, "prediction": PREDICTIONS, "who": column}
    ev = od.Evaluation(table, group="who" if groups else None, private=private)
    found = [text for text in ev.notes if "group" in text and "(group)" not in text]
    assert len(found) == (note is not None)
    assert all(note in text for text in found)
    assert all(text.replace("'", "&#x27;") in ev._repr_html_() for text in found)


def test_infinite_numbers_are_levels_of_their_own():
    values = np.append(np.arange(20.0), [np.inf, np.inf, -np.inf, np.nan])
    ev = of_many(values)
    levels = levels_of(ev, "x")
    assert (levels["inf"], levels["-inf"], levels["(missing)"]) == (2, 1, 1)
    assert sum(levels.values()) == 24
    select = ev.selection.where
    assert len(select(columns={"x": (10, None)})) == 12
    assert len(select(columns={"x": (10, float("inf"))})) == 12
    assert len(select(columns={"x": (10, 19)})) == 10
    assert len(select(columns={"x": (None, 3)})) == 4
    assert len(select(columns={"x": float("inf")})) == 2
    assert len(select(columns={"x": 7})) == 1
    assert len(select(columns={"x": [None, "inf"]})) == 3


def test_the_maximum_of_many_is_in_the_last_bin_alone():
    values = np.append(np.arange(100.0), np.full(60, 99.0))
    ev = of_many(values)
    field = engine_of(ev).meta.fields[0]
    assert sum(levels_of(ev, "x").values()) == 160
    for code in range(len(field.levels)):
        expected = int((engine_of(ev).codes[field.key] == code).sum())
        assert len(ev.selection.where(columns={"x": eval(field.levels[code].python)})) == expected


def test_huge_and_tiny_numbers():
    for values in (
        np.arange(20) + 2**60,
        np.arange(20) * 1e-300,
        np.arange(20) * 1e306,
        np.asarray([10**30 * (i + 1) for i in range(20)], dtype=object),
        np.linspace(1, 1 + 1e-12, 20),
    ):
        levels = levels_of(of_many(values), "x")
        assert sum(levels.values()) == 20
        assert len(levels) >= 2


def test_numbers_held_as_objects():
    values = [Decimal(i) / 7 for i in range(30)] + [None]
    levels = levels_of(of_many(np.asarray(values, dtype=object)), "x")
    assert levels.pop("(missing)") == 1
    assert sum(levels.values()) == 30


def test_intervals_of_numbers_of_few_values_are_their_levels():
    ev = of(dict, [1, 2, 3, 4, 5, 5])
    assert len(ev.selection.where(columns={"x": (2, 4)})) == 2
    assert len(ev.selection.where(columns={"x": (2, 5)})) == 5
    assert len(ev.selection.where(columns={"x": (None, 2)})) == 1


def test_unlike_values_stay_apart():
    ev = of(dict, np.asarray([1, "1", True, None, 1.0, "x"], dtype=object))
    assert levels_of(ev, "x") == {
        "True": 1,
        "1 (int)": 2,
        "1 (str)": 1,
        "x": 1,
        "(missing)": 1,
    }
    for value, n in ((1, 2), ("1", 1), (True, 1), (None, 1)):
        assert len(ev.selection.where(columns={"x": value})) == n


def test_lists_and_other_things_are_shown_and_no_field():
    things = np.empty(6, dtype=object)
    things[:] = [[1], {"a": 1}, {1}, np.zeros(2), object(), None]
    ev = of(dict, things)
    assert fields_of(ev) == []
    assert [c.name for c in engine_of(ev).meta.columns] == ["label", "predicted", "x"]


def test_nested_columns_of_polars_and_arrow():
    nested = pl.DataFrame(BASE | {"x": [[1], [2], None, [1], [], [3]], "y": [{"a": i} for i in range(6)]})
    assert fields_of(od.Evaluation(nested)) == []
    assert fields_of(od.Evaluation(nested.to_arrow())) == []


def test_polars_and_arrow_types():
    frame = pl.DataFrame(
        BASE
        | {
            "category": pl.Series(["a", None, "b", "a", "a", "b"], dtype=pl.Categorical),
            "enum": pl.Series(
                ["low", "high", None, "low", "mid", "mid"], dtype=pl.Enum(["low", "mid", "high"])
            ),
            "decimal": pl.Series([Decimal("1.5"), None] * 3),
            "nothing": pl.Series([None] * 6),
            "duration": [dt.timedelta(hours=1), None, dt.timedelta(days=2)] * 2,
            "time": [dt.time(1), None, dt.time(2)] * 2,
            "binary": [b"a", None, b"b"] * 2,
        }
    )
    for table in (frame, frame.to_arrow()):
        ev = od.Evaluation(table)
        assert levels_of(ev, "category") == {"a": 3, "b": 2, "(missing)": 1}
        assert levels_of(ev, "decimal") == {"1.5": 3, "(missing)": 3} or levels_of(ev, "decimal") == {
            "1.500": 3,
            "(missing)": 3,
        }
        assert sum(levels_of(ev, "duration").values()) == 6
        assert sum(levels_of(ev, "time").values()) == 6
        assert sum(levels_of(ev, "binary").values()) == 6
        assert "nothing" not in fields_of(ev)
    assert list(levels_of(od.Evaluation(frame), "enum")) == ["low", "mid", "high", "(missing)"]


def test_ordered_categories_keep_their_order():
    values = pd.Categorical(
        ["low", "high", "mid", "low", None, "mid"], ["low", "mid", "high", "never"], ordered=True
    )
    assert levels_of(of(pd.DataFrame, values), "x") == {"low": 2, "mid": 2, "high": 1, "(missing)": 1}


@pytest.mark.parametrize(
    "values",
    [
        pd.array([1, 2, None, 2, 1, 3], dtype="Int8"),
        pd.array([0.5, None, 0.25, 0.5, 0.5, 1], dtype="Float64"),
        pd.array([True, None, False, True, True, False], dtype="boolean"),
        pd.array(["a", None, "b", "a", "a", "b"], dtype="string"),
        pd.arrays.SparseArray([0, 0, 1, 0, 2, 0]),
        pd.period_range("2024-01", periods=6, freq="M"),
        pd.interval_range(0, 6),
        pd.to_timedelta([1, 2, None, 1, 1, 1], unit="h"),
        pd.Categorical([1.5, None, 2.5, 1.5, 1.5, 2.5]),
        pd.array([1, None, 2, 2, 2, 2], dtype="int64[pyarrow]"),
        pd.array([dt.date(2024, 1, 1)] * 5 + [None], dtype=pd.ArrowDtype(pa.date32())),
        pd.array([Decimal("1.5")] * 5 + [None], dtype=pd.ArrowDtype(pa.decimal128(5, 2))),
        pd.array(pd.to_datetime(["2024-01-01"] * 5 + [None]), dtype="timestamp[us][pyarrow]"),
    ],
    ids=lambda values: str(values.dtype),
)
def test_pandas_types(values):
    ev = of(pd.DataFrame, values)
    levels = levels_of(ev, "x")
    assert sum(levels.values()) == 6
    assert levels.get("(missing)", 0) == int(pd.isna(values).sum())


@every_kind
def test_times_with_a_zone_are_those_of_the_clock_there(make):
    stamps = pd.to_datetime(["2024-01-01 23:30", "2024-01-02 04:30"] * 3).tz_localize("UTC")
    values = list(stamps.tz_convert("Europe/Berlin").to_pydatetime())
    made = {"polars": pl.Series(values).dt.convert_time_zone("Europe/Berlin")}.get(
        "polars" if make({"a": [1]}).__class__.__module__.startswith("polars") else "", values
    )
    ev = of(make, made)
    assert levels_of(ev, "x") == {
        "2024-01-02 00": 3,
        **{f"2024-01-02 0{i}": 0 for i in range(1, 5)},
        "2024-01-02 05": 3,
    }
    assert "times of column 'x' are those of Europe/Berlin" in ev.notes
    assert len(ev.selection.where(columns={"x": ("2024-01-02 00:00", "2024-01-02 05:00")})) == 3
    aware = pd.Timestamp("2024-01-01 23:30", tz="UTC")
    assert len(ev.selection.where(columns={"x": (aware, aware + pd.Timedelta(hours=1))})) == 3


def test_an_end_with_a_zone_for_a_column_without():
    ev = of(pd.DataFrame, pd.date_range("2024-01-01", periods=6))
    with pytest.raises(od.OffdiagonalError, match="has a time zone, and the column has none"):
        ev.selection.where(columns={"x": (pd.Timestamp("2024-01-01", tz="UTC"), None)})
    with pytest.raises(od.OffdiagonalError, match="is no time; write it as"):
        ev.selection.where(columns={"x": ("yesterday!", None)})


def test_text_in_a_time_column():
    values = ["2024-01-01", "2024-02-01 10:00", None, "2024-03-01", "soon", "2024-01-05"]
    ev = of(dict, values, time="x")
    assert sum(levels_of(ev, "x").values()) == 6
    assert levels_of(ev, "x")["(missing)"] == 2
    assert "1 of 6 values of column 'x' are no times: they count as missing" in ev.notes
    assert len(ev.selection.where(columns={"x": ("2024-01-03", "2024-02-15")})) == 2
    quarters = of(dict, ["Q1", "Q2", "Q1", "Q2", "Q1", "Q2"], time="x")
    assert levels_of(quarters, "x") == {"Q1": 3, "Q2": 3}


def test_far_away_years():
    years = [moment(1, 1, 1), moment(9999, 12, 31), *[moment(2000, 1, 1)] * 4]
    for make in (pl.DataFrame, dict):
        assert sum(levels_of(of(make, years), "x").values()) == 6


def test_names_of_columns():
    frame = pd.DataFrame(
        np.asarray([[i % 2, i % 3, i % 2, i % 3, i % 2] for i in range(6)]),
        columns=pd.Index(["a", "a", 3, "3", None], dtype=object),
    ).assign(**BASE)
    ev = od.Evaluation(frame)
    assert fields_of(ev) == ["a", "a (2)", "3 (int)", "3 (str)", "None"]
    assert "2 columns are called 'a': the later ones have numbers behind their name" in ev.notes
    for name, n in (("a", 3), ("a (2)", 2), (3, 3), ("3", 2), (None, 3)):
        assert len(ev.selection.clear().where(columns={name: 0})) == n
        code = ev.selection.code("ev")
        ev.selection.clear()
        assert len(eval(code, {"ev": ev})) == n


def test_names_of_several_levels():
    frame = pd.DataFrame(
        {
            ("y", "true"): LABELS,
            ("y", "pred"): PREDICTIONS,
            ("meta", "source"): ["a", "b"] * 3,
            ("", ""): [1, 2] * 3,
        }
    )
    ev = od.Evaluation(frame, label=("y", "true"), prediction=("y", "pred"), source=("meta", "source"))
    assert fields_of(ev) == ["meta / source", "(empty) / (empty)"]
    assert len(ev.selection.where(columns={("meta", "source"): "a"})) == 3
    assert "('meta', 'source'): 'a'" in ev.selection.code()


def test_a_name_that_is_there_twice_names_no_role():
    frame = pd.DataFrame([["a", "a", "a"]], columns=["label", "prediction", "label"])
    with pytest.raises(
        ColumnNotFoundError, match="label column 'label': 2 columns are called so; rename them"
    ):
        od.Evaluation(frame)
    table = pa.table([pa.array(["a"])] * 4, names=["label", "prediction", "x", "x"])
    assert [c.name for c in engine_of(od.Evaluation(table)).meta.columns][2:] == ["x", "x (2)"]


@every_kind
def test_an_unknown_column_names_the_nearest_one(make):
    with pytest.raises(ColumnNotFoundError, match=r"label column 'lable' not found; did you mean 'label'?"):
        od.Evaluation(make(BASE), label="lable")
    with pytest.raises(
        ColumnNotFoundError, match="text column 'body' not found; the columns are 'label', 'pred"
    ):
        od.Evaluation(make(BASE), text="body")
    with pytest.raises(ColumnNotFoundError, match="private column 'zzz'"):
        od.Evaluation(make(BASE), private="zzz")
    with pytest.raises(ColumnNotFoundError, match="probabilities column 'p_ham' not found"):
        od.Evaluation(make(BASE), probabilities=["p_ham", "p_spam"])


def test_a_column_has_one_role():
    with pytest.raises(od.OffdiagonalError, match="'label' is named as label and as text"):
        od.Evaluation(BASE, text="label")
    with pytest.raises(od.OffdiagonalError, match="'label' is named as label and as prediction"):
        od.Evaluation(BASE, prediction="label")
    with pytest.raises(od.OffdiagonalError, match="'x' is named as group and as source"):
        od.Evaluation(BASE | {"x": range(6)}, group="x", source="x")


def test_the_outcome_cannot_be_private():
    with pytest.raises(od.OffdiagonalError, match="'label' is the label and cannot be private"):
        od.Evaluation(BASE, private=["label"])


@every_kind
def test_no_rows(make):
    empty = make({"label": np.asarray([], dtype=str), "prediction": np.asarray([], dtype=str), "x": []})
    ev = od.Evaluation(empty)
    assert len(ev) == 0
    assert len(ev.selection) == 0
    assert fields_of(ev) == []
    assert ev.selection.frame() is not None
    with_classes = od.Evaluation(empty, classes=["a", "b"])
    assert engine_of(with_classes).meta.classes == ("a", "b")


def test_no_columns():
    ev = od.Evaluation(pd.DataFrame(index=range(6)), label=LABELS, prediction=PREDICTIONS)
    assert len(ev.selection.where(correct=False)) == 2
    assert ev.selection.frame().shape == (2, 0)
    with pytest.raises(ColumnNotFoundError, match="label column 'label' not found; there is no column"):
        od.Evaluation(pd.DataFrame(index=range(6)))


def test_columns_of_unequal_length():
    with pytest.raises(LengthError, match="column 'b' has 1 values but 'a' has 2"):
        od.Evaluation({"a": [1, 2], "b": [1]})


@pytest.mark.parametrize(
    "data",
    [None, 3, "frame.csv", [{"label": "a"}], np.zeros((3, 2)), pd.Series([1]), iter([1])],
    ids=lambda data: type(data).__name__,
)
def test_other_things_than_tables(data):
    with pytest.raises(od.OffdiagonalError, match="cannot be read; give a pandas or polars DataFrame"):
        od.Evaluation(data)


def test_no_value_that_can_be_binned():
    n = 40
    infinite = np.where(np.arange(n) % 2 == 0, np.inf, -np.inf)
    assert levels_of(of_many(infinite), "x") == {"-inf": 20, "inf": 20}
    never = np.full(n, np.datetime64("NaT"), dtype="datetime64[s]")
    assert fields_of(of_many(never)) == []


def test_many_texts_after_few():
    values = np.asarray([*["a"] * 100_000, *map(str, range(60))], dtype=object)
    values = values[np.random.default_rng(0).permutation(len(values))]
    assert fields_of(of_many(values)) == []


def test_a_slice_role_of_too_many_values_is_said():
    users = [f"user {i}" for i in range(60)]
    data = {"label": ["a", "b"] * 30, "prediction": ["a"] * 60, "user": users}
    ev = od.Evaluation(data, source="user")
    assert "column 'user' (source) has too many values, or only one: it is not shown as slices" in ev.notes
    ev = od.Evaluation(data, source="user", private="user")
    assert "a private column (source) has too many values, or only one: it is not shown as slices" in ev.notes


def test_text_of_several_zones():
    values = ["2024-01-01T00:00+01:00", "2024-01-01T00:00-05:00"] * 3
    ev = of(dict, values, time="x")
    assert sum(levels_of(ev, "x").values()) == 6
    assert "times of column 'x' are those of UTC" in ev.notes


def test_far_apart_years():
    values = np.asarray(["-9000-01-01", "9000-01-01"] * 3, dtype="datetime64[D]")
    assert sum(levels_of(of(dict, values), "x").values()) == 6


def test_roles_are_columns():
    with pytest.raises(od.OffdiagonalError, match="label is None; name its column"):
        od.Evaluation(BASE, label=None)
    with pytest.raises(od.OffdiagonalError, match="text= names a column of the table"):
        od.Evaluation(BASE, text=["a"] * 6)


def test_other_tables_of_arrow():
    batch = pa.RecordBatch.from_pydict(BASE)
    assert len(od.Evaluation(batch).selection.where(correct=False).frame()) == 2
    with pytest.raises(od.OffdiagonalError, match="cannot be read"):
        od.Evaluation(pa.array([1]))


def test_names_that_cannot_be_compared():
    class Name:
        def __eq__(self, other: object) -> bool:
            raise TypeError("no")

        __hash__ = object.__hash__

    frame = pd.DataFrame([["a", "a", 1]], columns=pd.Index(["label", "prediction", Name()], dtype=object))
    assert len(od.Evaluation(frame)) == 1
    with pytest.raises(ColumnNotFoundError):
        od.Evaluation(frame, text="x")


def test_many_columns_are_not_all_listed():
    wide = {f"column {i}": [i] for i in range(20)}
    with pytest.raises(ColumnNotFoundError, match="'column 11' and 8 more"):
        od.Evaluation(wide, label="zzzz")
