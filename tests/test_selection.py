"""The selection: what ``where`` takes, what it means row by row, and how it comes and goes."""

from __future__ import annotations

import threading
import tracemalloc
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import offdiagonal as od
from offdiagonal.clauses import RowsClause, all_from_json
from offdiagonal.engine import engine as engine_module
from offdiagonal.errors import IndexMismatchError, LengthError, SelectionError
from tests.make_selection_fixtures import spam
from tests.tables import engine_of, evaluate, random_table

FRAME = random_table(200)
ROLES = {"probabilities": ["p_ham", "p_news", "p_spam"], "text": "text"}


def make(frame: pd.DataFrame = FRAME, **more: Any) -> od.Evaluation:
    ev = od.Evaluation(frame, **ROLES, **more)
    return ev.slice("long", frame["length"] > 100).slice("flagged", frame["flag"])


def confidence_of(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(
        [row[f"p_{row['prediction']}"] for _, row in frame.iterrows()], index=frame.index, dtype=float
    )


CONFIDENCE = confidence_of(FRAME)
EV = make()

# What each argument means, said of the rows themselves.
MEANINGS: list[tuple[dict[str, Any], Any]] = [
    ({"label": "ham"}, FRAME["label"] == "ham"),
    ({"label": ["ham", "spam"]}, FRAME["label"].isin(["ham", "spam"])),
    ({"label": [None]}, FRAME["label"].isna()),
    ({"label": ["ham", None]}, (FRAME["label"] == "ham") | FRAME["label"].isna()),
    ({"label": {"spam", "ham"}}, FRAME["label"].isin(["ham", "spam"])),
    ({"label": np.asarray(["ham"])}, FRAME["label"] == "ham"),
    ({"label": []}, FRAME["flag"] & ~FRAME["flag"]),
    ({"prediction": "news"}, FRAME["prediction"] == "news"),
    ({"label": "ham", "prediction": "news"}, (FRAME["label"] == "ham") & (FRAME["prediction"] == "news")),
    (
        {"cells": [("ham", "news"), ("spam", ...)]},
        ((FRAME["label"] == "ham") & (FRAME["prediction"] == "news")) | (FRAME["label"] == "spam"),
    ),
    ({"cells": [(None, ["ham", "news"])]}, FRAME["label"].isna() & (FRAME["prediction"] != "spam")),
    ({"correct": True}, FRAME["label"] == FRAME["prediction"]),
    ({"correct": False}, FRAME["label"].notna() & (FRAME["label"] != FRAME["prediction"])),
    ({"label": "ham", "correct": False}, (FRAME["label"] == "ham") & (FRAME["prediction"] != "ham")),
    ({"slice": "long"}, FRAME["length"] > 100),
    ({"slice": ["long", "flagged"]}, (FRAME["length"] > 100) | FRAME["flag"]),
    ({"confidence": (0.5, 0.8)}, (CONFIDENCE >= 0.5) & (CONFIDENCE < 0.8)),
    ({"confidence": (0.512, 1)}, CONFIDENCE >= 0.512),
    ({"confidence": (None, 0.5)}, CONFIDENCE < 0.5),
    ({"confidence": [0.5, None]}, CONFIDENCE >= 0.5),
    ({"text": "offer"}, FRAME["text"].str.lower().str.contains("offer")),
    ({"columns": {"source": "a"}}, FRAME["source"] == "a"),
    ({"columns": {"source": ["a", None]}}, FRAME["source"] != "b"),
    ({"columns": {"source": None}}, FRAME["source"].isna()),
    ({"columns": {"length": (20, 120)}}, FRAME["length"].between(20, 119)),
    ({"columns": {"length": [(1, 7), (50, None)]}}, (FRAME["length"] < 7) | (FRAME["length"] >= 50)),
    ({"columns": {"length": 17}}, FRAME["length"] == 17),
    ({"columns": {"score": (None, 0)}}, FRAME["score"] < 0),
    ({"columns": {"score": None}}, FRAME["score"].isna()),
    ({"columns": {"when": ("2024-02-01", "2024-03-15")}}, FRAME["when"].between("2024-02-01", "2024-03-14")),
    ({"columns": {"when": pd.Timestamp(FRAME["when"][0])}}, FRAME["when"] == FRAME["when"][0]),
    ({"columns": {"flag": True, "source": "b"}}, FRAME["flag"] & (FRAME["source"] == "b")),
    ({"rows": FRAME["length"] > 150}, FRAME["length"] > 150),
    ({"rows": [3, 1, 1]}, FRAME.index.isin([1, 3])),
    ({"rows": []}, FRAME["flag"] & ~FRAME["flag"]),
    ({"rows": range(5)}, FRAME.index < 5),
]


def expected(*masks: Any) -> list[int]:
    return np.flatnonzero(np.logical_and.reduce([np.asarray(mask, dtype=bool) for mask in masks])).tolist()


@pytest.mark.parametrize(("arguments", "mask"), MEANINGS, ids=["-".join(m[0]) for m in MEANINGS])
def test_where_means_these_rows(arguments, mask):
    selection = EV.selection.clear().where(**arguments)
    assert selection.indices.tolist() == expected(mask)
    assert selection.indices.dtype == np.int64
    assert len(selection) == len(expected(mask))
    assert selection.frame().index.tolist() == expected(mask)


def field_of(arguments: dict[str, Any]) -> set[str]:
    if "columns" in arguments:
        return set(arguments["columns"])
    return {
        next(iter(arguments)) if next(iter(arguments)) in {"slice", "confidence", "text", "rows"} else "cell"
    }


@settings(max_examples=60)
@given(st.lists(st.sampled_from(range(len(MEANINGS))), max_size=5))
def test_rows_satisfy_all_clauses_and_order_does_not_matter(chosen):
    kept: list[int] = []
    for i in chosen:
        if not any(field_of(MEANINGS[i][0]) & field_of(MEANINGS[j][0]) for j in kept):
            kept.append(i)
    rows = expected(np.ones(len(FRAME)), *(MEANINGS[i][1] for i in kept))
    for order in (kept, kept[::-1]):
        EV.selection.clear()
        for i in order:
            EV.selection.where(**MEANINGS[i][0])
        assert EV.selection.indices.tolist() == rows
        assert len(EV.selection) == len(rows)


def looked_up() -> od.Evaluation:
    """As if it had so many rows that the pair cube is asked first."""
    before, engine_module.CUBE_ROWS = engine_module.CUBE_ROWS, 0
    try:
        ev = make()
        assert engine_of(ev).cube is not None
    finally:
        engine_module.CUBE_ROWS = before
    return ev


@pytest.mark.parametrize("ev", [EV, looked_up()], ids=["tiles", "cube"])
@settings(max_examples=60)
@given(chosen=st.lists(st.sampled_from(range(len(MEANINGS))), max_size=4), data=st.data())
def test_a_view_leaves_out_its_own_clause(ev, chosen, data):
    ev.selection.clear()
    for i in chosen:
        ev.selection.where(**MEANINGS[i][0])
    engine, clauses = engine_of(ev), ev.selection.clauses
    field = data.draw(
        st.sampled_from([None, "cell", "slice", "confidence", *(f.key for f in engine.meta.fields)])
    )
    others = [clause for clause in clauses if clause.field != field]
    by = data.draw(st.lists(st.sampled_from(list(engine.sizes)), unique=True, min_size=1, max_size=2))
    counts = engine.tabulate(by, others)
    assert counts.shape == tuple(engine.sizes[dim] for dim in by)
    mask = engine.mask(others)
    assert int(counts.sum()) == int(mask.sum())
    naive = np.zeros(counts.shape, dtype=np.int64)
    np.add.at(naive, tuple(engine.tally.codes[dim][mask].astype(int) for dim in by), 1)
    assert counts.tolist() == naive.tolist()


def test_where_replaces_the_fields_it_names_and_keeps_the_others():
    selection = EV.selection.clear().where(
        label="ham", confidence=(0.5, 1), columns={"source": "a", "flag": True}
    )
    assert [clause.field for clause in selection.clauses] == ["cell", "confidence", "c3", "c7"]
    selection.where(correct=False)
    assert selection.code() == (
        "ev.selection.clear().where(confidence=(0.5, 1), correct=False, "
        "columns={'source': 'a', 'flag': True})"
    )
    selection.where(columns={"source": "b"})
    assert [clause.field for clause in selection.clauses] == ["confidence", "c7", "cell", "c3"]
    selection.where()
    assert len(selection.clauses) == 4


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ([], []),
        (["cell"], ["slice", "confidence", "text", "c3", "c4", "rows"]),
        (["label"], ["slice", "confidence", "text", "c3", "c4", "rows"]),
        (["correct", "slice"], ["confidence", "text", "c3", "c4", "rows"]),
        (["columns"], ["cell", "slice", "confidence", "text", "rows"]),
        (["source"], ["cell", "slice", "confidence", "text", "c4", "rows"]),
        (["text", "rows", "length"], ["cell", "slice", "confidence", "c3"]),
        (["when"], ["cell", "slice", "confidence", "text", "c3", "c4", "rows"]),
    ],
)
def test_clear(words, left):
    EV.selection.clear().where(label="ham", slice="long", confidence=(0, 1), text="a", rows=[1])
    EV.selection.where(columns={"source": "a", "length": 3}).clear(*words)
    order = ["cell", "slice", "confidence", "text", "c3", "c4", "rows"]
    assert sorted((c.field for c in EV.selection.clauses), key=order.index) == left


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"label": "Ham"}, SelectionError, "class 'Ham' not found; did you mean 'ham'?"),
        ({"label": 3}, SelectionError, "class 3 not found; there is 'ham', 'news', 'spam', '.missing.'"),
        ({"prediction": ["ham", "x"]}, SelectionError, "class 'x' not found"),
        ({"cells": []}, SelectionError, r"clear\('cell'\) drops the clause"),
        ({"cells": ["ham"]}, SelectionError, "a cell is a pair"),
        ({"cells": [("ham", "news", "x")]}, SelectionError, "a cell is a pair"),
        ({"cells": [("ham", "news")], "label": "ham"}, SelectionError, "not both"),
        ({"correct": "no"}, SelectionError, "correct= is True or False, not 'no'"),
        ({"correct": 1}, SelectionError, "correct= is True or False, not 1"),
        ({"slice": "lang"}, SelectionError, "slice 'lang' not found; did you mean 'long'?"),
        ({"slice": ["long", 3]}, SelectionError, "slice 3 not found"),
        ({"confidence": 0.5}, SelectionError, r"an interval is a pair \(low, high\), not 0.5"),
        ({"confidence": (0.9, 0.5)}, SelectionError, "from low to high, not from 0.9 to 0.5"),
        ({"confidence": (float("nan"), 1)}, SelectionError, "NaN is no end"),
        ({"confidence": ("0", 1)}, SelectionError, "'0' is no number"),
        ({"confidence": (True, 1)}, SelectionError, "True is no number"),
        ({"text": ""}, SelectionError, "text= is a string of 1 to 10,000 characters, not ''"),
        ({"text": 3}, SelectionError, "text= is a string"),
        ({"columns": {"sauce": 1}}, SelectionError, "column 'sauce' not found; did you mean 'source'?"),
        ({"columns": {"source": "c"}}, SelectionError, "value of source 'c' not found; there is 'a', 'b'"),
        ({"columns": {"source": ("a", "b")}}, SelectionError, "value of source"),
        ({"columns": {"length": "long"}}, SelectionError, "value of length 'long' not found"),
        ({"columns": {"length": (1, 2, 3)}}, SelectionError, "an interval is a pair"),
        ({"columns": {"length": 2**60}}, SelectionError, "too large to be told from its neighbours"),
        ({"columns": {"when": "soon"}}, SelectionError, "'soon' is no time"),
        ({"columns": {"when": ("2024-01-01", pd.NaT)}}, SelectionError, "a missing time is no end"),
        ({"columns": {"source": "a", "c3": "b"}}, SelectionError, "column 'c3' not found"),
        ({"rows": [200]}, SelectionError, "there is no row 200; the rows are 0 to 199"),
        ({"rows": [-1]}, SelectionError, "there is no row -1"),
        ({"rows": [1.5]}, SelectionError, "boolean mask or whole positions, but it holds float64"),
        ({"rows": [True, False]}, LengthError, "rows= has 2 values but the table has 200 rows"),
        ({"rows": np.asarray([], dtype=bool)}, LengthError, "rows= has 0 values"),
        ({"rows": (FRAME["length"] > 3).iloc[::-1]}, IndexMismatchError, "have different indexes"),
        ({"rows": "abc"}, od.OffdiagonalError, "one value for each row"),
        ({"rows": ["a"] * 200}, od.OffdiagonalError, "it holds str$"),
    ],
)
def test_what_cannot_be_selected(arguments, error, message):
    selection = EV.selection.clear().where(label="ham")
    with pytest.raises(error, match=message):
        selection.where(**arguments)
    assert selection.code() == "ev.selection.clear().where(label='ham')"


def test_one_column_by_two_names():
    frame = pd.DataFrame({"label": ["a", "b"], "prediction": ["a", "a"], 3: [0, 1], "3": [1, 0]})
    selection = od.Evaluation(frame).selection
    assert len(selection.where(columns={3: 0, "3": 1})) == 1
    with pytest.raises(SelectionError, match="columns= names a column twice"):
        selection.where(columns={3: 0, "3 (int)": 1})


def test_what_an_evaluation_does_not_have():
    bare = evaluate().selection
    with pytest.raises(SelectionError, match="no confidence to select by: no probabilities were given"):
        bare.where(confidence=(0, 1))
    with pytest.raises(SelectionError, match="there is no text to search; name its column with text="):
        bare.where(text="a")
    with pytest.raises(SelectionError, match="column 'length' not found; there is none"):
        bare.clear("length")


def test_a_mask_with_gaps_is_no_list_of_positions():
    mask = pd.array([True, None, False, True] * 50, dtype="boolean")
    assert len(EV.selection.clear().where(rows=mask)) == 100


def test_undo_goes_back_step_by_step():
    selection = make().selection
    seen = []
    selection.observe(lambda s: seen.append(s.code()))
    selection.undo()
    assert seen == []
    selection.where(label="ham").where(label="ham").where(slice="long").clear("cell").clear("cell").undo()
    assert selection.code() == "ev.selection.clear().where(label='ham', slice=\"long\")"
    selection.undo().undo()
    assert not selection
    assert selection.steps == 0
    selection.undo()
    assert len(seen) == 6


class Steps(RuleBasedStateMachine):
    """Changes and steps back, against a list of states."""

    def __init__(self) -> None:
        super().__init__()
        self.selection = EV.selection
        self.selection.clear()
        self.selection._past.clear()
        self.states: list[Any] = [()]

    def changed(self) -> None:
        if self.selection.clauses != self.states[-1]:
            self.states.append(self.selection.clauses)

    @rule(i=st.sampled_from(range(len(MEANINGS))))
    def where(self, i: int) -> None:
        self.selection.where(**MEANINGS[i][0])
        self.changed()

    @rule(word=st.sampled_from(["cell", "slice", "columns", "rows"]))
    def clear(self, word: str) -> None:
        self.selection.clear(word)
        self.changed()

    @rule()
    def clear_all(self) -> None:
        self.selection.clear()
        self.changed()

    @rule()
    def undo(self) -> None:
        self.selection.undo()
        self.states = self.states[:-1] or [()]

    @invariant()
    def same(self) -> None:
        assert self.selection.clauses == self.states[-1]
        assert self.selection.steps == len(self.states) - 1
        fields = [clause.field for clause in self.selection.clauses]
        assert len(fields) == len(set(fields))


TestSteps = Steps.TestCase
TestSteps.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_observers():
    selection = make().selection
    seen: list[int] = []
    end = selection.observe(lambda s: seen.append(len(s)))
    selection.where(label="ham")
    end()
    end()
    selection.clear()
    assert seen == [int((FRAME["label"] == "ham").sum())]


def test_observers_are_told_when_a_slice_in_force_is_replaced():
    ev = make()
    seen: list[int] = []
    ev.selection.where(slice=["long", "flagged"])
    ev.selection.observe(lambda s: seen.append(len(s)))
    ev.slice("long", FRAME["length"] > 150)
    assert seen == [int(((FRAME["length"] > 150) | FRAME["flag"]).sum())]
    ev.slice("another", FRAME["flag"])
    ev.selection.where(slice="another")
    ev.slice("long", FRAME["length"] > 10)
    assert len(seen) == 2
    assert ev.selection.steps == 2


def test_an_observer_that_fails_stops_nobody(caplog):
    selection = make().selection
    seen: list[str] = []
    selection.observe(lambda s: 1 / 0)
    selection.observe(lambda s: seen.append(s.code()))
    selection.where(correct=False)
    assert seen == ["ev.selection.clear().where(correct=False)"]
    assert "an observer of the selection failed" in caplog.text


def test_an_observer_may_select():
    selection = make().selection
    selection.observe(lambda s: s.where(slice="long"))
    selection.where(label="ham")
    assert [clause.field for clause in selection.clauses] == ["cell", "slice"]


def test_threads_lose_no_change():
    selection = make().selection
    columns = [{"source": "a"}, {"length": 3}, {"flag": True}, {"score": (0, 1)}]

    def work(column: dict[str, Any]) -> None:
        for _ in range(100):
            selection.where(columns=column)
            selection.clear(next(iter(column)))
        selection.where(columns=column)

    threads = [threading.Thread(target=work, args=(column,)) for column in columns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(selection.clauses) == 4


def test_a_row_that_is_there_twice_counts_twice():
    twice = pd.concat([FRAME, FRAME], ignore_index=True)
    one, two = EV, make(twice)
    for arguments, _ in MEANINGS:
        if "rows" in arguments:
            continue
        assert len(two.selection.clear().where(**arguments)) == 2 * len(
            one.selection.clear().where(**arguments)
        )
    by = ["label", "prediction"]
    assert (engine_of(two).tabulate(by, []) == 2 * engine_of(one).tabulate(by, [])).all()


def test_the_order_of_rows_does_not_matter():
    shuffled = FRAME.sample(frac=1, random_state=0)
    ev = make(shuffled)
    for arguments, mask in MEANINGS:
        if "rows" not in arguments:
            rows = ev.selection.clear().where(**arguments)
            assert sorted(rows.frame().index) == expected(mask)
            assert (np.diff(rows.indices) > 0).all()


def test_renaming_the_classes_changes_no_count():
    names = {"ham": "z", "news": "y", "spam": "x"}
    renamed = FRAME.assign(label=FRAME["label"].map(names), prediction=FRAME["prediction"].map(names))
    ev = od.Evaluation(renamed, probabilities=ROLES["probabilities"], classes=["z", "y", "x"], text="text")
    assert (
        engine_of(ev).tabulate(["label", "prediction"], []).tolist()
        == engine_of(EV).tabulate(["label", "prediction"], []).tolist()
    )
    assert (
        ev.selection.where(confidence=(0.5, 0.7)).indices.tolist()
        == EV.selection.clear().where(confidence=(0.5, 0.7)).indices.tolist()
    )


def test_the_same_mask_again_is_no_change():
    selection = make().selection.where(rows=[1, 2])
    seen: list[int] = []
    selection.observe(lambda s: seen.append(len(s)))
    selection.where(rows=[2, 1]).where(rows=[3, 4])
    assert seen == [2]


def test_the_history_holds_masks_as_bits():
    rng = np.random.default_rng(0)
    n = 80_000
    selection = od.Evaluation.from_predictions(np.zeros(n), np.zeros(n)).selection
    tracemalloc.start()
    for _ in range(100):
        selection.where(rows=rng.random(n) < 0.5)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 100 * n / 6


def test_masks_are_remembered_while_they_can_come_back():
    selection = make().selection.where(rows=[1, 2]).where(rows=[3]).clear("rows").where(rows=[1, 2, 3])
    assert [mask.count for mask in selection.masks] == [3, 1, 2]
    assert all(isinstance(mask, RowsClause) for mask in selection.masks)


def test_repr():
    ev = spam()
    assert repr(ev.selection) == "<120 of 120 examples: ev.selection.clear()>"
    assert (
        repr(ev.selection.where(correct=False))
        == "<57 of 120 examples: ev.selection.clear().where(correct=False)>"
    )
    assert bool(ev.selection)
    assert not ev.selection.clear()


def test_replace_takes_what_the_browser_says():
    ev = make()
    data = [{"field": "cell", "any": [{"label": [0], "prediction": None}], "outcome": "error"}]
    ev.selection.replace(all_from_json(data, engine_of(ev).meta))
    assert ev.selection.code() == "ev.selection.clear().where(label='ham', correct=False)"
