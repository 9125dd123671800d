"""One split at a time: its numbers are those of a table that holds its rows alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import offdiagonal as od
from offdiagonal.display.examples import SavePolicy
from offdiagonal.display.session import Session
from tests.browser.gallery import splits
from tests.test_session import FakePeer

SPLITS = ["train", "valid", "test"]


def table(n: int = 900, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    label = rng.choice(["a", "b"], n)
    score = rng.random(n).round(3)
    return pd.DataFrame(
        {
            "label": label,
            "prediction": np.where(score > 0.5, "b", "a"),
            "p": score,
            "part": rng.choice(SPLITS, n, p=[0.6, 0.2, 0.2]),
            "source": rng.choice(["web", "app", "mail"], n),
            "length": rng.integers(0, 200, n),
            "amount": rng.normal(10, 3, n),
            "weight": rng.random(n).round(2),
        }
    )


def evaluation(frame: pd.DataFrame, split: str | None = "part", **options: object) -> od.Evaluation:
    return od.Evaluation(frame, probabilities="p", split=split, name="parts", **options)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (["train", "test", "valid"], "test"),
        (["Train", "Dev"], "Dev"),
        (["fit", "Hold-Out", "val"], "Hold-Out"),
        (["train", "other"], None),
        ([1, 2, 3], None),
    ],
)
def test_the_split_that_was_held_out_is_shown_first(values, first):
    part = np.asarray(values, dtype=object)[np.arange(60) % len(values)]
    ev = od.Evaluation({"label": ["a", "b"] * 30, "prediction": ["a"] * 60, "part": part}, split="part")
    kept = np.flatnonzero(part == first) if first else np.arange(60)
    assert ev.selection.indices.tolist() == kept.tolist()
    assert not ev.selection


@pytest.mark.parametrize("part", [["test"] * 60, [f"t{i}" for i in range(60)]])
def test_a_column_that_is_no_split_leaves_all_rows(part):
    ev = od.Evaluation({"label": ["a", "b"] * 30, "prediction": ["a"] * 60, "part": part}, split="part")
    assert len(ev.selection) == 60
    assert any("part" in note for note in ev.notes)


def test_a_private_split_is_a_column_like_others():
    ev = evaluation(table(), private=["part"])
    assert len(ev.selection) == len(ev.selection.clear()) == len(ev)
    assert "all splits" not in repr(ev.board())


@pytest.mark.parametrize("n", [900, 24_000])
@pytest.mark.parametrize("part", SPLITS)
def test_numbers_are_those_of_its_rows_alone(n, part):
    frame = table(n)
    ev, alone = evaluation(frame), evaluation(frame[frame["part"] == part].drop(columns="part"), split=None)
    ev.selection.where(columns={"part": part})
    for clauses in ({}, {"correct": False}, {"label": "a", "columns": {"source": ["web", "app"]}}):
        for one in (ev, alone):
            one.selection.clear()
            if clauses:
                one.selection.where(**clauses)
        assert len(ev.selection) == len(alone.selection)
        for view in ("confusion", "confidence", "calibration"):
            same(getattr(ev, view)().to_frame(), getattr(alone, view)().to_frame())
        same(ev.board(["header", "confusion"]).to_frame(), alone.board(["header", "confusion"]).to_frame())
        found, wanted = (one.slices().to_frame()[lambda f: f["field"] == "source"] for one in (ev, alone))
        same(found, wanted)
        for against in ("all", "rest"):
            views = (one.distribution("source", against=against).to_frame() for one in (ev, alone))
            same(*views)
        for names in (["kappa", "accuracy"],):
            same(*(one.measures(*names).to_frame() for one in (ev, alone)))


@pytest.mark.parametrize("part", SPLITS)
def test_a_regression_is_measured_within_its_split(part):
    frame = table().rename(columns={"amount": "label", "label": "klass"})
    frame["prediction"] = frame["label"] + np.random.default_rng(1).normal(size=len(frame))
    ev = od.Evaluation(frame, split="part", weight="weight")
    rows = frame[frame["part"] == part].drop(columns="part")
    alone = od.Evaluation(rows, weight="weight")
    ev.selection.where(columns={"part": part})
    for one in (ev, alone):
        one.selection.where(columns={"klass": "a"})
    found, wanted = (one.board(["header", "losses"]).to_frame() for one in (ev, alone))
    same(found, wanted)


def test_a_table_before_a_model_has_one_split_too():
    frame = table()
    dataset = od.Dataset(frame[["label", "part", "source"]], label="label", split="part")
    assert len(dataset.selection) == (frame["part"] == "test").sum()
    ev = dataset.evaluate(prediction=frame["prediction"])
    assert len(ev.selection) == len(dataset.selection)


class TestTheSelection:
    def test_clear_keeps_the_split_and_clear_of_it_shows_all(self):
        ev = evaluation(table())
        test = len(ev.selection)
        ev.selection.where(correct=False)
        assert ev.selection
        assert len(ev.selection.clear()) == test
        assert not ev.selection
        assert len(ev.selection.clear("part")) == len(ev)
        assert len(ev.selection.undo()) == test

    def test_it_is_written_and_restored(self):
        ev = evaluation(table())
        for change in ({"columns": {"part": "train"}}, {"correct": False}):
            code = ev.selection.where(**change).code("ev")
            rows = ev.selection.indices.tolist()
            ev.selection.clear("part")
            eval(code, {"ev": ev})
            assert ev.selection.indices.tolist() == rows
        everything = ev.selection.clear("part").clear().code("ev")
        ev.selection.where(columns={"part": "valid"})
        eval(everything, {"ev": ev})
        assert len(ev.selection) == len(ev)

    def test_its_repr_counts_within_the_split(self):
        frame = table()
        ev = evaluation(frame)
        n = (frame["part"] == "test").sum()
        assert (
            repr(ev.selection)
            == f"<{n:,} of {n:,} examples: ev.selection.clear().where(columns={{'part': 'test'}})>"
        )

    def test_frames_and_slices_are_of_all_rows(self):
        frame = table()
        ev = evaluation(frame).slice("wrong", {"correct": False})
        wrong = frame["label"] != frame["prediction"]
        assert len(ev.frame(correct=False)) == wrong.sum()
        assert len(ev.selection.clear("part").where(slice="wrong")) == wrong.sum()


def test_a_measure_is_of_the_split_unless_another_is_named():
    frame = table()
    ev = evaluation(frame)
    right = frame["label"] == frame["prediction"]
    for where, rows in (
        ({}, frame["part"] == "test"),
        ({"columns": {"source": "web"}}, (frame["part"] == "test") & (frame["source"] == "web")),
        ({"columns": {"part": "train"}}, frame["part"] == "train"),
    ):
        measure = ev.measure("accuracy", **where)
        assert (measure.n, round(measure.value * measure.n)) == (rows.sum(), (right & rows).sum())


def test_what_is_still_says_which_split():
    ev = evaluation(table())
    assert "split test: accuracy" in repr(ev.board())
    ev.selection.where(columns={"part": ["train", "valid"]})
    assert "split train or valid: accuracy" in repr(ev.board())
    ev.selection.clear("part")
    assert "all splits: accuracy" in repr(ev.board())
    assert "split" not in repr(evaluation(table(), split=None).board()).split("Worst")[0]


def test_a_slice_is_none_of_the_split_that_is_shown():
    ev = evaluation(table())
    assert "part" not in set(ev.slices().to_frame()["field"])
    ev.selection.clear("part")
    assert "part" in set(ev.slices().to_frame()["field"])


def test_a_page_selects_a_split_like_any_column():
    ev = evaluation(table())
    key = ev._engine.split
    session: Session = ev._session
    session.receive(
        FakePeer(), {"type": "select", "clauses": [{"field": key, "codes": [1], "intervals": []}]}
    )
    assert ev.selection.code() == "ev.selection.clear().where(columns={'part': 'train'})"


def test_the_gallery_has_a_worse_slice_in_its_test_split_alone():
    ev = splits()
    worst = ev.slices().to_frame().iloc[0]
    assert (worst["slice"], worst["difference_low"] > 0) == ("source = print", True)


@pytest.mark.parametrize("n", [900, 30_000])
def test_another_split_shares_no_row_with_the_one_in_force(n):
    frame = table(n)
    ev = evaluation(frame)
    found = ev.distribution("source", against={"columns": {"part": "train"}}).to_frame()
    assert found["difference_low"].notna().all()
    assert found["n_against"].sum() == (frame["part"] == "train").sum()


def test_saved_examples_are_of_the_split_in_force_first():
    frame = table(4000)
    frame["part"] = np.where(np.arange(4000) % 20 == 0, "test", "train")
    ev = evaluation(frame)
    kept = ev.examples()._kept(SavePolicy())
    assert len(kept) == 200
    assert (frame["part"].iloc[[row["row"] for row in kept.rows]] == "test").sum() == 200
    few = evaluation(frame.iloc[:600]).examples()._kept(SavePolicy())
    assert (frame["part"].iloc[[row["row"] for row in few.rows]] == "test").sum() == 30
    assert len({row["row"] for row in few.rows}) == len(few) == 200


def test_measures_by_slice_list_what_slices_do():
    ev = evaluation(table())
    for change in (lambda: None, lambda: ev.selection.clear("part")):
        change()
        measured = ev.measures("accuracy", slices="accuracy").to_frame()
        assert set(measured["rows"]) - {"all"} == set(ev.slices().to_frame()["slice"])


def test_before_a_model_slices_are_about_the_most_frequent_label_of_all_splits():
    label = ["a"] * 300 + ["b"] * 40 + ["c"] * 60
    part = ["train"] * 300 + ["test"] * 100
    dataset = od.Dataset({"label": label, "part": part, "x": ["u", "v"] * 200}, label="label", split="part")
    assert dataset._engine.meta.classes[dataset._engine.meta.order[0]] == "a"
    assert "share of a" in repr(dataset.board()) or "a" in repr(dataset.slices())
