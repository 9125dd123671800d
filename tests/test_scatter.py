"""Two numbers of each row: what is counted, saved and refused."""

from __future__ import annotations

import html
import json
import re

import numpy as np
import pandas as pd
import pytest

import offdiagonal as od
from offdiagonal.display.numbers import MOST_POINTS, pairs_answer
from offdiagonal.display.view import View
from offdiagonal.errors import SelectionError
from offdiagonal.stats.intervals import wilson
from tests.display.test_privacy import decoded

N = 400
RANDOM = np.random.default_rng(5)
FRAME = pd.DataFrame(
    {
        "label": RANDOM.choice(["ham", "spam"], N),
        "prediction": RANDOM.choice(["ham", "spam"], N),
        "score": RANDOM.random(N),
        "length": np.where(RANDOM.random(N) < 0.1, np.nan, RANDOM.integers(5, 300, N)),
        "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(RANDOM.integers(0, 60, N), unit="D"),
        "source": RANDOM.choice(["web", "app"], N),
        "text": ["x" * int(k) for k in RANDOM.integers(1, 90, N)],
    }
)


def evaluation(**options: object) -> od.Evaluation:
    return od.Evaluation(FRAME, text="text", **options)


def options_of(view: View) -> dict[str, object]:
    """What the page of a saved view is told."""
    found = re.search(r'data-options="([^"]*)"', view._repr_html_())
    assert found
    return json.loads(html.unescape(found[1]))


def test_counts_are_those_of_pandas_under_the_selection_without_its_own_clauses() -> None:
    ev = evaluation()
    ev.selection.where(columns={"source": "web", "score": (0, 0.1)})
    frame = ev.scatter("length", "score").to_frame()
    web = FRAME[(FRAME["source"] == "web") & FRAME["length"].notna()]
    assert frame["n"].sum() == len(web)
    wrong = web["label"] != web["prediction"]
    for row in frame.itertuples():
        inside = web["length"].between(row.x_low, row.x_high, inclusive="left") & web["score"].between(
            row.y_low, row.y_high, inclusive="left"
        )
        # the last bins hold their upper end
        inside |= (web["length"] == row.x_high) & (row.x_high == web["length"].max()) & inside
        if row.x_high < FRAME["length"].max() and row.y_high < FRAME["score"].max():
            assert (row.n, row.wrong) == (int(inside.sum()), int((wrong & inside).sum()))
            assert row.error == pytest.approx(wilson(row.wrong, row.n).value or np.nan, nan_ok=True)


def test_a_dataset_marks_a_label_and_times_and_lengths_are_numbers() -> None:
    ds = od.Dataset(FRAME.drop(columns="prediction"), label="label", text="text")
    frame = ds.scatter("when", "text").to_frame()
    assert set(frame["label"]) == {"spam"}
    assert frame["with_label"].sum() == (FRAME["label"] == "spam").sum()
    assert set(frame["y"]) == {"text length"}


def test_what_has_no_numbers_is_refused() -> None:
    with pytest.raises(
        SelectionError, match=r"a scatter is of numbers or times .*there is score, length, when"
    ):
        evaluation().scatter("source", "score")
    with pytest.raises(SelectionError, match="two columns"):
        evaluation().scatter("score", "score")
    with pytest.raises(SelectionError):
        evaluation().scatter("score", "confidence")


def test_few_rows_are_points_and_many_are_counts() -> None:
    ev = evaluation()
    keys = dict(zip(("x", "y"), ev.scatter("length", "score")._options.values(), strict=True))
    answer, buffers = pairs_answer(ev._session.numbers, keys, [])
    assert answer["missing"] == int(FRAME["length"].isna().sum())
    assert np.frombuffer(buffers[0]).tolist() == FRAME["length"].dropna().tolist()
    assert sum(answer["cells"][1]) == int(FRAME["length"].notna().sum())
    many = pd.concat([FRAME] * (1 + MOST_POINTS // 300))
    answer, buffers = pairs_answer(od.Evaluation(many, text="text")._session.numbers, keys, [])
    assert buffers == []
    assert sum(answer["cells"][1]) == int(many["length"].notna().sum())


def test_counts_alone_are_saved_and_nothing_of_a_private_column() -> None:
    view = evaluation().scatter("length", "score")
    assert sum(options_of(view)["pairs"]["cells"][1]) == int(FRAME["length"].notna().sum())
    assert json.dumps(float(FRAME["score"][0])) not in decoded(view._repr_html_())
    ev = evaluation(private=["length"])
    for view in (ev.scatter("length", "score"), ev.distribution("score")):
        options = options_of(view)
        assert "pairs" not in options
        assert "c3" not in options.get("fine", {})
        assert "length" not in json.dumps(options)
    ev.selection.where(columns={"length": (0, 50)})
    public_frame = ev.scatter("score", "when").to_frame()
    assert public_frame["n"].sum() == int((FRAME["length"] < 50).sum())


def test_every_way_to_look_at_it(tmp_path) -> None:
    view = evaluation().scatter("length", "score")
    for name in ("a.html", "a.png", "a.svg"):
        view.save(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 2000
    assert "score by length" in json.dumps(view.to_altair().to_dict())
    assert od.Evaluation({"label": [], "prediction": [], "x": [], "y": []}).distribution().to_frame().empty
