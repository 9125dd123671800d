"""A regression at any checkpoint of its training: as of an Evaluation that was given the predictions of then."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import offdiagonal as od
from offdiagonal.errors import OffdiagonalError

N = 400
STEPS = (0, 10, 20, 30)


def trained() -> tuple[od.Run, dict[str, Any], dict[int, np.ndarray]]:
    """A run whose predictions come near the labels, its table, and what was predicted at each step."""
    rng = np.random.default_rng(0)
    label = rng.normal(50, 20, N)
    noise = rng.normal(0, 1, N)
    table = {"label": label, "id": np.arange(N) + 7, "kind": rng.choice(["a", "b"], N)}
    run = od.Run("amounts", keep=False)
    predicted = {}
    for step in STEPS:
        predicted[step] = label * step / 30 + noise * (50 - step)
        order = rng.permutation(N)
        run.log_examples(
            step,
            table["id"][order],
            loss=((predicted[step] - label) ** 2)[order],
            prediction=predicted[step][order],
        )
    return run, table, predicted


def test_without_a_column_of_predictions_those_of_the_last_checkpoint_are_shown() -> None:
    run, table, predicted = trained()
    ev = od.Evaluation(table, id="id", run=run)
    assert ev.measure("mae").value == pytest.approx(np.abs(predicted[30] - table["label"]).mean())
    assert set(ev.selection.where(columns={"kind": "a"}).frame()) == {"label", "id", "kind"}


def test_every_number_is_that_of_the_checkpoints_predictions() -> None:
    run, table, predicted = trained()
    ev = od.Evaluation({**table, "prediction": predicted[30]}, id="id", run=run)
    for step in (*STEPS, 0):
        then = od.Evaluation({**table, "prediction": predicted[step]}, id="id")
        ev.at(step)
        assert (ev.step, ev.name) == (step, f"evaluation, step {step}")
        for name in ("mae", "rmse", "r2", "bias"):
            assert ev.measure(name).value == pytest.approx(then.measure(name).value)
        ours, theirs = (one.slices().to_frame().set_index("slice") for one in (ev, then))
        pd.testing.assert_frame_equal(ours.sort_index(), theirs.sort_index())
        frame = ev.losses().to_frame()
        assert frame["n"].sum() == N
        over = ev.selection.where(columns={"residual": (0, None)}).indices
        assert over.tolist() == np.flatnonzero(predicted[step] - table["label"] >= 0).tolist()
        ev.selection.clear()
    ev.at(None)
    assert ev.step is None
    assert ev.measure("mae").value == pytest.approx(np.abs(predicted[30] - table["label"]).mean())


def test_a_selection_of_bins_means_the_same_amounts_at_each_checkpoint() -> None:
    run, table, predicted = trained()
    ev = od.Evaluation(table, id="id", run=run)
    levels = ev.losses().to_frame()
    place = int(levels["n"].argmax())
    low, high = levels.loc[place, ["low", "high"]]
    ev.selection.where(columns={"residual": (low, high)})
    for step in STEPS:
        residual = predicted[step] - table["label"]
        inside = (residual >= low) & (residual < high)
        assert ev.at(step).selection.indices.tolist() == np.flatnonzero(inside).tolist()


def test_brushed_steps_move_the_views_and_the_selection_has_its_own_loss() -> None:
    run, table, predicted = trained()
    ev = od.Evaluation(table, id="id", run=run)
    curves = run.curves()
    curves.steps = (5, 12)
    assert ev.step == 10
    rows = ev.selection.where(columns={"kind": "b"}).indices
    curve = ev.loss_curve()
    assert curve is not None
    expected = [((predicted[step] - table["label"])[rows] ** 2).mean() for step in STEPS]
    assert curve.values == pytest.approx(expected, rel=1e-5)


def test_predictions_that_left_all_numbers_are_missing_at_their_checkpoint_alone() -> None:
    run, table, predicted = trained()
    run.log_examples(40, table["id"], prediction=np.full(N, np.inf))
    run.log_examples(50, table["id"], prediction=np.full(N, np.nan))
    ev = od.Evaluation({**table, "prediction": predicted[30]}, id="id", run=run)
    for step in (40, 50):
        assert ev.at(step).measure("mae").n == 0
        assert ev._repr_html_()
    assert ev.at(20).measure("mae").n == N


def test_classes_for_amounts_are_refused_and_so_is_a_loss_alone() -> None:
    run = od.Run("classes", keep=False)
    run.log_examples(0, [0, 1], prediction=["ham", "spam"])
    with pytest.raises(OffdiagonalError, match="predicts classes and the table's labels are amounts"):
        od.Evaluation({"label": [0.5, 1.5], "prediction": [0.25, 1.75]}, task="regression", run=run)
    with pytest.raises(OffdiagonalError, match="a loss per row alone has none"):
        od.Evaluation({"loss": [0.5, 1.5]}, loss="loss", run=run)
