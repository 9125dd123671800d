"""Pages are slices of the sorted selection, whatever the values, the clauses and the order."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import offdiagonal as od
from offdiagonal import pages
from offdiagonal.clauses import (
    CellClause,
    Clause,
    ColumnClause,
    ConfidenceClause,
    Rectangle,
    SliceClause,
    TextClause,
)
from offdiagonal.pages import MAX_PAGE, Pages, Sort, sortable_columns
from offdiagonal.table.plain import is_missing, plain, plain_column, text_of_object, without_surrogates
from offdiagonal.table.sorting import sort_rows

CLASSES = ["ham", "spam", "eggs"]


class Unwilling:
    """An object that can neither be read nor compared."""

    __hash__ = None

    def __str__(self) -> str:
        raise RuntimeError("no")

    def __eq__(self, other: object) -> Any:
        raise RuntimeError("no")


def evaluation(n: int = 500, **change: Any) -> od.Evaluation:
    rng = np.random.default_rng(n)
    label = rng.choice(CLASSES, n)
    predicted = np.where(rng.random(n) < 0.7, label, rng.choice(CLASSES, n))
    probabilities = rng.dirichlet(np.ones(3), n)
    frame = {
        "label": label,
        "predicted": predicted,
        "text": [f"text {i % 7} of {i}" for i in range(n)],
        "source": rng.choice(["web", "phone"], n),
        "size": rng.integers(0, 40, n).astype(float),
    }
    given: dict[str, Any] = {
        "label": "label",
        "prediction": "predicted",
        "probabilities": probabilities,
        "classes": CLASSES,
        "text": "text",
    }
    return od.Evaluation(frame, **(given | change))


def pages_of(ev: od.Evaluation) -> Pages:
    return Pages(ev._engine)


def key_of(ev: od.Evaluation, name: str) -> str:
    return next(column.key for column in ev._engine.meta.columns if column.name == name)


EV = evaluation()


@st.composite
def selections(draw: st.DrawFn) -> list[Clause]:
    codes = st.lists(st.integers(0, 2), min_size=1, max_size=2, unique=True).map(tuple)
    rectangle = st.builds(Rectangle, st.none() | codes, st.none() | codes)
    cells = st.builds(
        CellClause, st.lists(rectangle, max_size=3).map(tuple), st.sampled_from([None, "error", "correct"])
    )
    edges = st.integers(0, 200).map(lambda edge: edge / 200)
    free = st.floats(0, 1)
    confidence = st.tuples(edges | free, edges | free).map(lambda ends: ConfidenceClause(*sorted(ends)))
    field = next(f for f in EV._engine.meta.fields if f.name == "source")
    column = st.sampled_from([(0,), (1,), (0, 1)]).map(lambda levels: ColumnClause(field.key, levels))
    text = st.sampled_from(["TEXT 3", "1", "of 49", "nowhere"]).map(TextClause)
    return [draw(part) for part in (cells, confidence, column, text) if draw(st.booleans())]


SORTS = [
    Sort(),
    *(Sort(key, down) for key in sorted(sortable_columns(EV._engine.meta.columns)) for down in (False, True)),
]


@given(selections(), st.sampled_from(SORTS), st.integers(0, 520), st.integers(0, 600))
def test_a_page_is_a_slice_of_the_sorted_selection(
    clauses: list[Clause], sort: Sort, offset: int, limit: int
) -> None:
    whole = pages_of(EV).indices(clauses, sort)
    assert sorted(whole) == np.flatnonzero(EV._engine.mask(clauses)).tolist()
    everything = pages_of(EV).indices([], sort)
    place = np.empty(len(everything), dtype=int)
    place[everything] = np.arange(len(everything))
    assert (np.diff(place[whole]) > 0).all()
    page = pages_of(EV).page(clauses, sort, offset, limit)
    assert page["total"] == len(whole) == EV._engine.count(clauses)
    assert [row["row"] for row in page["rows"]] == whole[offset : offset + min(limit, MAX_PAGE)].tolist()


@given(selections(), st.lists(st.integers(0, 500), min_size=1, max_size=6))
def test_pages_in_any_order_are_the_same(clauses: list[Clause], offsets: list[int]) -> None:
    shared = pages_of(EV)
    whole = pages_of(EV).indices(clauses, Sort())
    for offset in offsets:
        found = [row["row"] for row in shared.page(clauses, Sort(), offset, 50)["rows"]]
        assert found == whole[offset : offset + 50].tolist()


def test_threads_that_ask_at_once_get_the_rows_that_one_would_get() -> None:
    ev = evaluation(30_000)
    clauses = [CellClause((), "error")]
    expected = pages_of(ev).indices(clauses, Sort()).tolist()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            for _ in range(60):
                shared = pages_of(ev)
                asked = [pool.submit(shared.indices, clauses, Sort()) for _ in range(2)]
                asked += [pool.submit(shared.positions, clauses, Sort(), 0, 1_000 * i) for i in (1, 3)]
                whole, again, few, some = (found.result().tolist() for found in asked)
                assert whole == again == expected
                assert (few, some) == (expected[:1_000], expected[:3_000])
    finally:
        sys.setswitchinterval(before)


def test_the_order_of_interest() -> None:
    table = EV._engine.table
    assert table.confidence is not None
    order = pages_of(EV).indices([], Sort())
    errors = EV._engine.outcome[order] == 0
    assert not errors[errors.sum() :].any()
    assert (np.diff(table.confidence[order][errors]) <= 0).all()
    assert (np.diff(table.confidence[order][~errors]) <= 0).all()


def test_without_probabilities_the_largest_error_cell_comes_first() -> None:
    frame = {"label": ["a", "a", "a", "b", "b", "c"], "predicted": ["b", "c", "b", "a", "b", "c"]}
    ev = od.Evaluation(frame, prediction="predicted")
    assert pages_of(ev).indices([], Sort()).tolist() == [0, 2, 1, 3, 4, 5]


def test_scores_sort_and_are_shown() -> None:
    frame = {"label": ["a", "a", "b", "b"], "predicted": ["b", "b", "b", "a"], "score": [0.5, 2.0, 9.0, -3.0]}
    ev = od.Evaluation(frame, prediction="predicted", scores="score")
    page = pages_of(ev).page([], Sort(), 0, 10)
    assert [(row["row"], row["score"]) for row in page["rows"]] == [(3, -3.0), (1, 2.0), (0, 0.5), (2, 9.0)]
    assert pages_of(ev).indices([], Sort("score")).tolist() == [3, 0, 1, 2]
    assert pages_of(ev).indices([], Sort("confidence", True)).tolist() == [0, 1, 2, 3]


def test_labels_sort_by_class_missing_ones_last() -> None:
    frame = {"label": ["b", None, "a", "b"], "predicted": ["a", "a", None, "b"]}
    ev = od.Evaluation(frame, prediction="predicted")
    sorted_by = {
        (key, down): pages_of(ev).indices([], Sort(key, down)).tolist()
        for key in ("label", "prediction")
        for down in (False, True)
    }
    assert sorted_by == {
        ("label", False): [2, 0, 3, 1],
        ("label", True): [0, 3, 2, 1],
        ("prediction", False): [0, 1, 3, 2],
        ("prediction", True): [3, 0, 1, 2],
    }


VALUES: dict[str, list[Any]] = {
    "mixed": ["b", 2, None, "a", 1.5, True, float("nan"), Decimal("1.7"), (1, 2), "B", b"x"],
    "lists": [[3], {"a": 1}, None, "text", [1], np.arange(3), {2}, 7, [3]],
    "decimals": [Decimal(2), Decimal("NaN"), Decimal("-1.5"), None, Decimal("1e30")],
    "integers": [2**60 + 1, 2**60, -(2**62), 2**60 + 2, 0],
    "huge": [2**80, 1, -(2**90), 2**80 + 1, None],
    "times": [pd.Timestamp("2024-05-01"), pd.NaT, pd.Timestamp("2023-05-01"), None],
    "zones": [pd.Timestamp("2024-05-01", tz="UTC"), pd.Timestamp("2024-04-01"), None, "2024"],
    "dates": [dt.date(2024, 5, 1), dt.date(2020, 1, 1), None],
    "spans": [pd.Timedelta("2h"), pd.Timedelta("1D"), pd.NaT],
    "periods": [pd.Period("2024-01"), pd.Period("2020-01"), None],
    "complex": [1 + 2j, 1 + 1j, complex("nan")],
    "surrogates": ["\ud800", "a", "\udfff", None],
    "none": [None, None, None],
    "unwilling": [Unwilling(), "a", None, 3],
}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("descending", [False, True])
def test_any_values_sort_missing_last_and_can_be_sent(name: str, descending: bool) -> None:
    values = VALUES[name]
    n = len(values)
    column = np.empty(n, dtype=object)
    column[:] = values
    order = sort_rows(column, descending=descending)
    assert sorted(order.tolist()) == list(range(n))
    missing = [is_missing(value) for value in values]
    assert [missing[i] for i in order] == sorted(missing)
    ev = od.Evaluation({"label": ["a"] * n, "predicted": ["a"] * n, "values": column}, prediction="predicted")
    found = pages_of(ev).page([], Sort(key_of(ev, "values"), descending), 0, 100)
    assert [row["row"] for row in found["rows"]] == order.tolist()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    for row in found["rows"]:
        detail = pages_of(ev).detail(row["row"])
        assert json.loads(json.dumps(detail, allow_nan=False).encode()) == detail


def test_numbers_come_before_texts_and_those_before_the_rest() -> None:
    column = np.empty(7, dtype=object)
    column[:] = ["b", (1,), 2, "a", None, True, 1.5]
    assert [column[i] for i in sort_rows(column)] == [True, 1.5, 2, "a", "b", (1,), None]


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 2), max_size=40), st.booleans())
def test_integers_sort_exactly_and_stably(values: list[int], descending: bool) -> None:
    expected = sorted(range(len(values)), key=values.__getitem__, reverse=False)
    if descending:
        expected = sorted(range(len(values)), key=lambda i: -values[i])
    assert sort_rows(np.asarray(values, dtype=np.int64), descending=descending).tolist() == expected


@given(
    st.lists(st.none() | st.text(max_size=3) | st.integers(-3, 3) | st.floats(), max_size=30), st.booleans()
)
def test_equal_values_keep_their_order(values: list[Any], descending: bool) -> None:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    order = sort_rows(column, descending=descending).tolist()
    for before, after in itertools.pairwise(order):
        both_missing = is_missing(values[after]) and is_missing(values[before])
        if both_missing or values[before] == values[after]:
            assert before < after
        elif not is_missing(values[after]):
            kinds = [isinstance(values[i], str) for i in (before, after)]
            if kinds[0] == kinds[1]:
                assert (values[before] > values[after]) is descending


def test_an_ordered_categorical_keeps_its_order() -> None:
    sizes = pd.Categorical(["M", "S", "L", None, "S"], categories=["S", "M", "L"], ordered=True)
    frame = pd.DataFrame({"label": list("aabba"), "predicted": list("aabbb"), "size": sizes})
    ev = od.Evaluation(frame, prediction="predicted")
    key = key_of(ev, "size")
    assert pages_of(ev).indices([], Sort(key)).tolist() == [1, 4, 0, 2, 3]
    assert pages_of(ev).indices([], Sort(key, True)).tolist() == [2, 0, 1, 4, 3]


def test_rows_hold_what_the_frame_holds() -> None:
    ev = evaluation(300)
    frame = ev.selection.frame()
    for row in pages_of(ev).page([], Sort("row"), 100, 20)["rows"]:
        at = row["row"]
        assert row["values"][key_of(ev, "text")] == frame["text"][at]
        assert row["values"][key_of(ev, "source")] == frame["source"][at]
        assert row["values"][key_of(ev, "size")] == frame["size"][at]
        assert ev._engine.meta.classes[row["label"]] == frame["label"][at]
        assert ev._engine.table.probabilities is not None
        assert row["label_probability"] == ev._engine.table.probabilities[at, row["label"]]
        assert row["confidence"] == ev._engine.table.probabilities[at, row["prediction"]]


def test_texts_are_cut_for_pages_and_private_columns_left_out_where_they_must() -> None:
    n = 60
    frame = {
        "label": ["a", "b"] * 30,
        "predicted": ["a", "b"] * 30,
        "text": [f"{'x' * 5000}{i}" for i in range(n)],
        "name": ["y" * 3000, None] * 30,
    }
    ev = od.Evaluation(frame, prediction="predicted", text="text", private=["name"])
    text, name = key_of(ev, "text"), key_of(ev, "name")
    row = pages_of(ev).page([], Sort("row"), 0, 1)["rows"][0]["values"]
    assert (len(row[text]), len(row[name])) == (2001, 2001)
    saved = pages_of(ev).rows(np.asarray([0, 1]), chars=10, private=False)
    assert [list(r["values"]) for r in saved] == [[text], [text]]
    assert saved[0]["values"][text] == "x" * 10 + "…"
    detail = pages_of(ev).detail(1)
    assert (len(detail["values"][text]), detail["values"][name]) == (5001, None)


def test_everything_known_about_a_row() -> None:
    ev = evaluation(50).slice("has 3", {"text": "text 3"})
    detail = pages_of(ev).detail(3)
    assert detail["slices"] == ["has 3"]
    shares = [p for _, p in detail["probabilities"]]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)


def test_few_orders_and_searches_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    ev = evaluation(100)
    found = pages_of(ev)
    made: list[Sort] = []
    own = Pages._by
    monkeypatch.setattr(Pages, "_by", lambda self, *args: made.append(Sort(*args)) or own(self, *args))
    for _ in range(2):
        for key in ("row", "label", "prediction"):
            found.page([], Sort(key), 0, 10)
    assert len(made) == 3
    for down in (False, True):
        for key in ("row", "label", "prediction", "confidence"):
            found.page([TextClause("1")], Sort(key, down), 0, 10)
    assert len(found._orders) == len(found._searches) == pages.CACHED
    assert all(order.dtype == np.int32 for order in found._orders.values())


@pytest.mark.parametrize("frame", [{}, {"label": [], "predicted": [], "text": []}])
def test_no_rows(frame: dict[str, list[str]]) -> None:
    ev = od.Evaluation({"label": [], "predicted": []} | frame, prediction="predicted")
    for sort in (Sort(), Sort("row"), Sort("label", True)):
        assert pages_of(ev).page([], sort, 0, 100) == {"total": 0, "offset": 0, "rows": []}
    assert pages_of(ev).page([CellClause((), "error")], Sort(), 5, 5)["total"] == 0


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (float("nan"), None),
        (np.float64("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (Decimal("NaN"), None),
        (np.datetime64("NaT"), None),
        (np.True_, True),
        (2**53, str(2**53)),
        (2**53 - 1, 2**53 - 1),
        (np.float32(0.1), 0.1),
        (float("inf"), "inf"),
        (Decimal("1.10"), "1.10"),
        (np.datetime64("2024-01-02T03:04:05.600"), "2024-01-02 03:04:05.6"),
        (b"\x89PNG", "4 bytes: 89 50 4e 47"),
        ("\ud83d", "\ufffd"),
        (list(range(3)), "[0, 1, 2]"),
        (Unwilling(), "<Unwilling: its text raised RuntimeError>"),
    ],
)
def test_plain_values(value: Any, shown: object) -> None:
    assert plain(value, 2000) == shown
    assert type(plain(value, 2000)) is type(shown)


def test_plain_columns_are_what_their_values_are() -> None:
    columns = [
        np.asarray([1.5, np.nan, np.inf]),
        np.asarray([0.1, 2.5], dtype=np.float32),
        np.asarray([2**60, 1]),
        np.asarray([1, 2], dtype=np.uint8),
        np.asarray([], dtype=np.int64),
        np.asarray([True, False]),
        np.asarray(["2024-01-01", "NaT"], dtype="datetime64[ns]"),
        np.asarray([1, 2], dtype="timedelta64[h]"),
        np.asarray([np.longdouble("0.1"), 2], dtype=np.longdouble),
    ]
    for values in columns:
        assert plain_column(values, 100) == [plain(value, 100) for value in values]


def test_large_collections_are_not_written_out() -> None:
    million = list(range(1_000_000))
    for value in (million, tuple(million), set(million), dict.fromkeys(million)):
        text = text_of_object(value)
        assert len(text) < 3000
        assert "1,000,000 items" in text
    nested: list[Any] = []
    nested.append(nested)
    assert text_of_object(nested) == "[[...]]"


@given(st.text(alphabet=st.characters()))
def test_text_that_can_be_encoded_is_left_alone(text: str) -> None:
    clean = without_surrogates(text)
    clean.encode()
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert clean == text


@pytest.mark.parametrize("n", [30, 30_000])
def test_any_of_no_slices_is_no_row(n: int) -> None:
    """No view says so, but a message may: with tiles and with a cube, by cell and not."""
    frame = pd.DataFrame({"label": np.arange(n) % 2, "prediction": 1, "text": "a"})
    ev = od.Evaluation(frame, text="text").slice("odd", np.arange(n) % 2 == 1)
    cell = CellClause((Rectangle((0,), (1,)),))
    for clauses in [(SliceClause(()),), (cell, SliceClause(()))]:
        assert ev._session.pages.page(clauses, Sort(), 0, 10) == {"total": 0, "offset": 0, "rows": []}
        assert ev._engine.count(clauses) == 0
        assert ev._engine.tabulate(["label", "prediction"], clauses).sum() == 0
