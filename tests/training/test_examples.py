"""Examples learned late, never, or forgotten: by predictions, and by losses only where there are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.display.test_runs import Page

import offdiagonal as od
from offdiagonal.training.examples import told_apart
from offdiagonal.training.record import ExampleLog

#            always   late     never    forgotten  late, unsure
RIGHT = np.array([[1, 0, 0, 1, 0], [1, 0, 0, 1, 0], [1, 0, 0, 1, 0], [1, 1, 0, 0, 1]], dtype=bool)
LOSS = np.where(RIGHT, 0.1, 3.0)
LOSS[3, 4] = 0.9
"""Right, though its loss is above ln 2."""
LABELS = np.array(list("abaab"), dtype=object)
OTHER = np.array(list("babba"), dtype=object)


def log(**given: Any) -> ExampleLog:
    parts = {"loss": None, "prediction": None, "probability": None} | given
    return ExampleLog(np.arange(5), np.arange(4.0), **parts)


def names(found: Any) -> list[list[int]]:
    return [np.flatnonzero(getattr(found, kind)).tolist() for kind in ("late", "never", "forgotten")]


def test_predictions_say_what_is_right_where_they_are_logged() -> None:
    prediction = np.where(RIGHT, LABELS, OTHER)
    found = told_apart(log(prediction=prediction, loss=LOSS), LABELS)
    assert found is not None
    assert (names(found), found.by) == ([[1, 4], [2], [3]], "prediction")
    assert told_apart(log(prediction=prediction, loss=LOSS)) is None


def test_losses_say_it_where_no_predictions_are_logged_with_labels_or_without() -> None:
    for labels in (None, LABELS):
        found = told_apart(log(loss=LOSS), labels)
        assert found is not None
        assert (names(found), found.by) == ([[1], [2, 4], [3]], "loss")


def test_at_a_look_that_left_an_example_out_stands_what_was_before() -> None:
    prediction = np.where(RIGHT, LABELS, OTHER)
    prediction[2, :] = None
    found = told_apart(log(prediction=prediction), LABELS)
    assert found is not None
    assert names(found) == [[1, 4], [2], [3]]
    for more in (0, slice(None)):
        prediction[more, 3] = None
        seldom_seen = told_apart(log(prediction=prediction), LABELS)
        assert seldom_seen is not None
        assert names(seldom_seen) == [[1, 4], [2], []]


@pytest.mark.parametrize("by", ["prediction", "loss"])
def test_nothing_is_said_of_an_example_that_was_looked_at_fewer_than_three_times(by: str) -> None:
    run = od.Run("once", keep=False)
    for step in range(6):
        seen = np.arange(30) if step == 0 else np.arange(10 if step < 5 else 5)
        said: dict[str, Any] = {"loss": np.full(len(seen), 3.0)}
        if by == "prediction":
            said["prediction"] = np.full(len(seen), "b")
        run.log_examples(step, seen, **said)
    found = told_apart(run.record.examples, np.full(30, "a", dtype=object))
    assert found is not None
    assert names(found) == [[], list(range(10)), []]
    ev = od.Evaluation({"label": ["a"] * 30, "prediction": ["b"] * 29 + ["a"]}, run=run)
    assert np.flatnonzero(ev._kinds["never learned"]).tolist() == list(range(10))


def test_a_pane_and_the_board_count_the_same() -> None:
    for prediction, by in ((np.where(RIGHT, LABELS, OTHER), "prediction"), (None, "loss")):
        run = od.Run("both", keep=False)
        for step in range(4):
            seen = np.arange(5) if step != 2 else np.array([0, 1])  # a part of them
            predicted = {} if prediction is None else {"prediction": prediction[step][seen]}
            run.log_examples(step, seen, loss=LOSS[step][seen], **predicted)
        page = Page(run.session)
        alone = page.state()[0]["runs"][0]["examples"]
        table = {"label": LABELS, "prediction": np.where(RIGHT[3], LABELS, OTHER)}
        ev = od.Evaluation(table, run=run)
        joined = page.state()[0]["joined"]
        assert joined["by"] == by
        board = {kind["name"]: kind["n"] for kind in joined["kinds"]}
        assert board == {name: int(mask.sum()) for name, mask in ev._kinds.items()}
        told = [alone["learned_late"], alone["never"], alone["forgotten"]]
        if by == "loss":
            assert told == [board["learned late"], board["never learned"], board["forgotten"]]
        else:
            assert told == [None] * 3
        assert alone["predicted"] is (by == "prediction")
