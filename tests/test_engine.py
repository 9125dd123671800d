"""The engine: counts from tiles and from rows, and its few remembered answers."""

from __future__ import annotations

import threading
import time

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

import offdiagonal as od
from offdiagonal.clauses import (
    CellClause,
    ColumnClause,
    ConfidenceClause,
    Rectangle,
    RowsClause,
    SliceClause,
    TextClause,
)
from offdiagonal.counts.filters import CodeFilter, RowFilter
from offdiagonal.engine.filters import MAX_SLICE_DIMS, aligned_bins, between
from tests.make_selection_fixtures import spam
from tests.tables import engine_of, evaluate, random_table


@pytest.fixture
def engine():
    return engine_of(spam())


def test_codes_answer_what_they_can(engine):
    length = next(f for f in engine.meta.fields if f.name == "length")
    coded = [
        CellClause((Rectangle((0,), None),)),
        SliceClause(("few stars",)),
        ConfidenceClause(0.5, 1),
        ColumnClause(length.key, (0,)),
        ColumnClause(length.key, (), ((length.levels[1].low, length.levels[1].high),)),
    ]
    rows = [
        TextClause("free"),
        RowsClause(np.ones(120, dtype=bool)),
        ConfidenceClause(0.5001, 1),
        ColumnClause(length.key, (), ((3, 17),)),
    ]
    assert all(isinstance(engine.filter(clause), CodeFilter) for clause in coded)
    assert all(isinstance(engine.filter(clause), RowFilter) for clause in rows)


def test_many_slices_are_asked_of_the_rows():
    ev = evaluate()
    for i in range(MAX_SLICE_DIMS + 1):
        ev.slice(f"row {i}", np.arange(6) == i % 6)
    names = tuple(s.name for s in engine_of(ev).meta.slices)
    for some in (names[:2], names[:MAX_SLICE_DIMS], names):
        assert engine_of(ev).count([SliceClause(some)]) == min(6, len(some))
    assert isinstance(engine_of(ev).filter(SliceClause(names)), RowFilter)


def test_rows_and_tiles_count_alike(engine):
    clauses = [CellClause((), "error"), ConfidenceClause(0.6, 1)]
    loose = [CellClause((), "error"), ConfidenceClause(0.6, 1.5)]
    by = ["label", "c5"]
    assert engine.tabulate(by, clauses).tolist() == engine.tabulate(by, loose).tolist()
    assert engine.count(clauses) == int(engine.mask(clauses).sum()) == len(engine.indices(clauses))


def test_text_is_found_whatever_the_case_and_whatever_it_is():
    texts = pd.Series(["Straße", None, "ΣΑΣ", "a.b*", 3.5, float("nan")], dtype=object)
    data = {"label": list("aabbab"), "prediction": list("abbaab"), "text": texts}
    ev = od.Evaluation(pd.DataFrame(data), text="text")
    for text, rows in [
        ("STRASSE", []),
        ("straße", [0]),
        ("σας", [2]),
        (".B*", [3]),
        ("a", [0, 3]),
        ("3.5", [4]),
    ]:
        assert ev.selection.where(text=text).indices.tolist() == rows, text
    numbers = od.Evaluation(pd.DataFrame(data).assign(text=[1, 12, 2, 21, 3, 4]), text="text")
    assert numbers.selection.where(text="1").indices.tolist() == [0, 1, 3]
    nullable = od.Evaluation(
        pd.DataFrame(data).assign(text=pd.array(["x", None] * 3, dtype="string")), text="text"
    )
    assert nullable.selection.where(text="X").indices.tolist() == [0, 2, 4]


def test_the_same_question_is_answered_once(engine, monkeypatch):
    asked = []
    original = engine._filters._contains
    monkeypatch.setattr(engine._filters, "_contains", lambda text: asked.append(text) or original(text))
    clauses = [TextClause("free")]
    for _ in range(3):
        engine.tabulate(["label"], clauses)
        engine.mask(clauses)
    assert asked == ["free"]
    for i in range(40):
        engine.mask([TextClause(str(i))])
    engine.mask(clauses)
    assert asked.count("free") == 2


def test_threads_that_ask_for_cube_and_tiles_at_once_both_get_them(engine):
    got = []

    def look_up():
        got.append(engine.cube)

    def make_tiles():
        with engine._lock:
            other = threading.Thread(target=look_up, daemon=True)
            other.start()
            time.sleep(0.1)  # until it waits for the lock
            got.append(engine.tiles)
        other.join(10)

    asking = threading.Thread(target=make_tiles, daemon=True)
    asking.start()
    asking.join(20)
    assert len(got) == 2


def test_a_new_slice_of_the_same_name_is_another():
    ev = evaluate().slice("a", [True] * 6)
    assert len(ev.selection.where(slice="a")) == 6
    ev.slice("a", [True] + [False] * 5)
    assert len(ev.selection) == 1


def test_auc_is_that_of_scikit_learn():
    frame = random_table(300)
    two = frame[frame["label"].isin(["ham", "spam"]) & frame["prediction"].isin(["ham", "spam"])]
    score = two["p_spam"] / (two["p_ham"] + two["p_spam"])
    for options in ({"scores": score}, {"probabilities": score}):
        ev = od.Evaluation(two, **options)
        value, low, high, n = engine_of(ev).meta.auc
        assert value == pytest.approx(roc_auc_score(two["label"] == "spam", score))
        assert low < value < high
        assert n == len(two)
        flagged = ev.selection.where(columns={"flag": True}).clauses
        expected = roc_auc_score((two["label"] == "spam")[two["flag"]], score[two["flag"]])
        assert engine_of(ev).scores(flagged)["AUC"].value == pytest.approx(expected)
    assert engine_of(evaluate()).scores([]) == {}


@pytest.mark.parametrize(
    ("low", "high", "bins"),
    [
        (0, 1, [1, 0, 0]),
        (1, 4, [0, 1, 1]),
        (-5, 9, [1, 1, 1]),
        (-5, 0, [0, 0, 0]),
        (5, 9, [0, 0, 0]),
        (1, 1, [0, 0, 0]),
        (0.5, 2, None),
        (1 + 1e-12, 2, None),
        (4, 9, None),
    ],
)
def test_bins_on_their_edges(low, high, bins):
    found = aligned_bins(np.asarray([0.0, 1, 2, 4]), low, high)
    assert (None if found is None else found.astype(int).tolist()) == bins
    values = np.asarray([0.0, 0.5, 1, 1.5, 2, 3, 4])
    if found is not None:
        codes = np.minimum(np.searchsorted([0.0, 1, 2, 4], values, side="right") - 1, 2)
        assert found[codes].tolist() == between(values, low, high, 4.0).tolist()


def test_no_bins():
    assert aligned_bins(np.empty(0), 0, 1) is None


def test_counts_do_not_change_with_what_is_handed_out(engine):
    engine.tabulate(["label"], [])[:] = 0
    assert int(engine.tabulate(["label"], []).sum()) == 120
    with pytest.raises(ValueError, match="read-only"):
        engine.mask([])[:] = False
