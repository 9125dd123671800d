"""Examples before there is a model, and the Evaluations that share their slices."""

from __future__ import annotations

import gc

import numpy as np
import pandas as pd
import pytest

import offdiagonal as od
from offdiagonal.errors import OffdiagonalError, SelectionError

N = 120
RANDOM = np.random.default_rng(0)
FRAME = pd.DataFrame(
    {
        "label": RANDOM.choice(["ham", "spam"], N, p=[0.7, 0.3]),
        "text": [f"message {i}" for i in range(N)],
        "source": RANDOM.choice(["web", "phone"], N),
        "guess": RANDOM.choice(["ham", "spam"], N),
    }
)


def dataset(**options: object) -> od.Dataset:
    return od.Dataset(FRAME, label="label", text="text", **options)


def test_rows_are_selected_by_label_column_slice_and_text() -> None:
    ds = dataset().slice("odd", lambda frame: frame.index % 2 == 1)
    assert len(ds) == N
    assert len(ds.selection.where(label="spam")) == int((FRAME["label"] == "spam").sum())
    kept = FRAME[(FRAME["label"] == "spam") & (FRAME.index % 2 == 1) & (FRAME["source"] == "web")]
    ds.selection.where(slice="odd", columns={"source": "web"})
    pd.testing.assert_frame_equal(ds.selection.frame(), kept)
    assert len(ds.selection.clear().where(text="message 11")) == 11
    assert ds.selection.code("ds") == 'ds.selection.clear().where(text="message 11")'


@pytest.mark.parametrize("where", [{"correct": True}, {"prediction": "ham"}, {"cells": [("ham", "spam")]}])
def test_nothing_is_selected_by_predictions(where: dict[str, object]) -> None:
    with pytest.raises(SelectionError, match=r"no predictions to select by; dataset\.evaluate"):
        dataset().selection.where(**where)


def test_views_of_predictions_are_refused_by_name() -> None:
    with pytest.raises(OffdiagonalError, match="unknown view 'confusion'; there is header, distribution"):
        dataset().board(["confusion"])


def test_the_text_says_what_is_in_it_and_what_comes_next() -> None:
    first, labels, next_step, slices, _ = repr(dataset(name="mail")).split("\n")
    assert first == "mail · board · 2 classes"
    assert labels.startswith("ham ")
    assert "spam " in labels
    assert "dataset.evaluate(prediction=...)" in next_step
    assert slices.startswith("Slices above the rest, share of spam and difference: ")


def test_frames_of_the_views() -> None:
    ds = dataset()
    assert list(ds.slices().to_frame().columns[:4]) == ["field", "slice", "n", "label"]
    ham = ds.slices(of="ham").to_frame().set_index("slice")
    web = FRAME[FRAME["source"] == "web"]
    found = ham.loc["source = web"]
    assert found["n"] == len(web)
    assert found["label"] == pytest.approx((web["label"] == "ham").mean())
    assert ds.distribution().to_frame()["value"].tolist() == ["ham", "spam"]
    assert ds.to_frame()["measure"].unique().tolist() == ["ham", "spam"]
    pd.testing.assert_frame_equal(ds.examples().to_frame(), FRAME)


def test_without_labels_slices_are_sizes() -> None:
    ds = od.Dataset(FRAME.drop(columns="label"), text="text")
    assert "no labels" in repr(ds)
    frame = ds.slices().to_frame().set_index("slice")
    assert frame.loc["source = web", "rows"] == pytest.approx((FRAME["source"] == "web").mean())
    assert [column.key for column in ds._engine.meta.columns if column.kind == "label"] == []
    with pytest.raises(OffdiagonalError, match=r"no labels to compare predictions with.*label=\.\.\."):
        ds.evaluate("guess")


def test_missing_labels_are_a_class_of_their_own_and_noted() -> None:
    frame = FRAME.assign(label=FRAME["label"].where(FRAME.index > 9, None))
    ds = od.Dataset(frame, label="label")
    assert "10 of 120 rows have no label" in ds.notes
    assert len(ds.selection.where(label=[None])) == 10
    spam = ds.slices(of="spam").to_frame().set_index("slice").loc["source = web"]
    assert spam["n"] == int(((frame["source"] == "web") & frame["label"].notna()).sum())


def test_a_model_is_evaluated_as_by_an_evaluation_of_its_own() -> None:
    ds = dataset()
    ev = ds.evaluate("guess", name="coin")
    own = od.Evaluation(FRAME, label="label", prediction="guess", text="text", name="coin")
    assert repr(ev) == repr(own)
    assert ev._engine.meta.fingerprint == own._engine.meta.fingerprint
    assert (
        repr(ds.evaluate(FRAME["guess"].to_numpy(), name="coin")).split("\n")[1] == repr(own).split("\n")[1]
    )


def test_slices_are_shared_whoever_defines_them() -> None:
    ds = dataset().slice("odd", lambda frame: frame.index % 2 == 1)
    one, two = ds.evaluate("guess"), ds.evaluate(["ham"] * N)
    assert len(one.selection.where(slice="odd")) == N // 2
    two.slice("even", lambda frame: frame.index % 2 == 0)
    for each in (ds, one, two):
        assert [part.name for part in each._engine.meta.slices] == ["odd", "even"]
    assert len(ds.selection.where(slice="even", label="ham")) == len(
        FRAME[(FRAME.index % 2 == 0) & (FRAME["label"] == "ham")]
    )


def test_selections_are_not_shared() -> None:
    ds = dataset()
    ev = ds.evaluate("guess")
    ds.selection.where(label="spam")
    assert not ev.selection


def test_an_evaluation_that_is_gone_is_not_kept_by_its_dataset() -> None:
    ds = dataset()
    ev = ds.evaluate("guess")
    before = len(ds._slices._followers)
    del ev
    gc.collect()
    ds.slice("odd", lambda frame: frame.index % 2 == 1)
    assert len(ds._slices._followers) == before - 1


def test_saved_only_as_declared(tmp_path) -> None:
    ds = od.Dataset(FRAME, label="label", text="text", private=["text", "source"], name="mail")
    ds.save(tmp_path / "mail.html")
    page = (tmp_path / "mail.html").read_text()
    assert "message 1" not in page
    assert "source" not in ds._repr_html_().split("od-data")[0].replace("vendor", "")
    ds.save(tmp_path / "mail.png")
    assert (tmp_path / "mail.png").read_bytes().startswith(b"\x89PNG")


def test_classes_are_listed_in_the_order_given() -> None:
    ds = od.Dataset(FRAME, label="label", classes=["spam", "ham", "other"])
    assert ds._engine.meta.classes == ("spam", "ham", "other")
    assert ds.distribution("label").to_frame()["n"].sum() == N


def test_an_empty_table_stands() -> None:
    ds = od.Dataset({"label": [], "source": []}, label="label")
    assert "0 examples" in repr(ds)
    assert ds.slices().to_frame().empty
    ds._repr_html_()
