"""The length of texts, as slices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.display.test_privacy import decoded

import offdiagonal as od
from offdiagonal.errors import SelectionError
from offdiagonal.table.lengths import lengths

TEXTS = ["x" * (i % 60) for i in range(120)]
LABELS = ["ham", "spam"] * 60


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.Table.from_pydict, dict])
def test_the_text_is_sliced_by_its_length(make: object) -> None:
    ds = od.Dataset(make({"label": LABELS, "text": TEXTS}), label="label", text="text")
    frame = ds.distribution("text").to_frame()
    assert set(frame["column"]) == {"text length"}
    assert frame["n"].sum() == 120
    selected = ds.selection.where(columns={"text length": (7, 10)})
    assert [len(TEXTS[i]) for i in selected.indices] == [7, 8, 9] * 2
    assert selected.code("ds") == "ds.selection.clear().where(columns={'text length': (7, 10)})"


def test_a_missing_text_has_no_length() -> None:
    found = lengths(np.asarray(["ab", None, "", np.nan, 12], dtype=object))
    np.testing.assert_array_equal(found, [2, np.nan, 0, np.nan, 2])
    np.testing.assert_array_equal(lengths(np.asarray(["a", "bcd"])), [1, 3])
    ds = od.Dataset({"text": [*TEXTS, None]}, text="text")
    assert ds.distribution("text").to_frame()["value"].iloc[-1] == "(missing)"


def test_a_column_that_holds_the_lengths_already_is_not_shown_twice() -> None:
    own = {"text": TEXTS, "letters": [len(text) for text in TEXTS], "words": np.arange(120)}
    ds = od.Dataset(own, text="text")
    assert set(ds.slices().to_frame()["field"]) == {"letters", "words"}
    assert set(ds.distribution("text").to_frame()["column"]) == {"text length"}
    private = od.Dataset(own, text="text", private=["letters"])
    assert set(private.slices().to_frame()["field"]) == {"letters", "words", "text length"}


def test_a_column_that_is_called_so_keeps_its_name() -> None:
    ds = od.Dataset({"text": TEXTS, "text length": np.arange(120)}, text="text")
    assert set(ds.distribution("text").to_frame()["column"]) == {"text length (2)"}
    assert set(ds.distribution("text length").to_frame()["column"]) == {"text length"}


def test_texts_of_one_length_are_no_slices() -> None:
    ds = od.Dataset({"text": [f"{i:04}" for i in range(50)], "source": ["a", "b"] * 25}, text="text")
    assert [field.name for field in ds._engine.meta.fields] == ["source"]
    with pytest.raises(SelectionError, match="text"):
        ds.distribution("text")


def test_other_texts_when_they_are_asked_for() -> None:
    comments = [f"{i} {'y' * (i % 40)}" for i in range(120)]
    ds = od.Dataset({"label": LABELS, "comment": comments, "n": np.arange(120)}, label="label")
    with pytest.raises(SelectionError):
        ds.selection.where(columns={"comment length": (0, 20)})
    ds.slice("even", np.arange(120) % 2 == 0)
    frame = ds.distribution("comment", against="even").to_frame()
    assert frame["n"].sum() == 120
    assert frame["n_against"].sum() == 60
    short = ds.selection.where(columns={"comment length": (0, 20)}, slice="even")
    assert len(short) == sum(len(comments[i]) < 20 for i in range(0, 120, 2))
    assert "comment length" in set(ds.slices().to_frame()["field"])
    with pytest.raises(SelectionError, match="column 'comments' not found"):
        ds.distribution("comments")


def test_a_private_text_has_a_private_length() -> None:
    ds = od.Dataset({"label": LABELS, "text": TEXTS}, label="label", text="text", private=["text"])
    assert "text length" not in decoded(ds._repr_html_())
    assert [field.private for field in ds._engine.meta.fields] == [True]
