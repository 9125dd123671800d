"""The same views at any checkpoint of a training: as of an Evaluation that was given the predictions of then."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.errors import LabelError, OffdiagonalError
from tests.display.test_runs import Page, saved

N = 300
STEPS = (0, 100, 200, 300, 400)


def trained(
    *, probabilities: bool = True, shuffled: bool = True
) -> tuple[od.Run, dict[str, Any], dict[int, Any]]:
    """A run, its table, and what was predicted at each step: row by row right from some step on."""
    rng = np.random.default_rng(0)
    label = rng.choice(["ham", "spam"], N)
    other = np.where(label == "ham", "spam", "ham")
    since = rng.choice([0, 100, 300, 400, 1000], N)
    forgotten = rng.random(N) < 0.1
    table = {"label": label, "id": np.arange(N) + 1000, "source": rng.choice(["web", "app"], N)}
    run = od.Run("toy", keep=False)
    predicted = {}
    for step in STEPS:
        right = (since <= step) & ~(forgotten & (step == STEPS[-1]))
        predicted[step] = np.where(right, label, other)
        order = rng.permutation(N) if shuffled else np.arange(N)
        sure = 0.5 + rng.random(N) / 2
        run.log_examples(
            step,
            table["id"][order],
            loss=np.where(right, 0.1, 2.0)[order],
            prediction=predicted[step][order],
            probabilities=sure[order] if probabilities else None,
        )
    return run, table, predicted


@pytest.mark.parametrize("probabilities", [True, False])
def test_a_checkpoint_is_the_evaluation_of_its_predictions(*, probabilities: bool) -> None:
    run, table, predicted = trained(probabilities=probabilities)
    ev = od.Evaluation(table, id="id", run=run)
    for step in (*STEPS, 0):
        then = od.Evaluation({**table, "prediction": predicted[step]}, id="id")
        ev.at(step)
        assert ev.step == step
        assert len(ev.selection.where(correct=False)) == len(then.selection.where(correct=False))
        for view in ("confusion", "slices"):
            ours = getattr(ev, view)().to_frame()
            theirs = getattr(then, view)().to_frame()
            if view == "slices":  # the run's slices come on top
                ours = ours[ours["slice"].isin(theirs["slice"])].reset_index(drop=True)
                theirs = theirs[theirs["slice"].isin(ours["slice"])].reset_index(drop=True)
            assert ours.equals(theirs)
        assert (ev.confidence is not None) == (then.confidence is not None)
    ev.at(None)
    assert ev.step is None
    assert ev.name == "evaluation"


def test_probabilities_that_were_logged_are_shown_from_the_start() -> None:
    run, table, _ = trained()
    ev = od.Evaluation(table, id="id", run=run)
    last = ev.confidence().to_frame()
    assert last[["wrong", "right"]].to_numpy().sum() == N
    assert ev.at(400).confidence().to_frame().equals(last)


def test_a_step_between_checkpoints_is_the_one_before() -> None:
    run, table, _ = trained()
    ev = od.Evaluation(table, id="id", run=run)
    assert [ev.at(step).step for step in (250, 99, -5, 9999)] == [200, 0, 0, 400]
    assert ev.at(250).name == "evaluation, step 200"
    for step in ("a", "100", float("nan"), [1, 2]):
        with pytest.raises(OffdiagonalError, match=r"is no step; checkpoints were logged at 0 to 400"):
            ev.at(step)
    assert ev.step == 200


def test_fractional_steps_are_told_apart_by_their_names() -> None:
    run = od.Run("epochs", keep=False)
    steps = (0.25, 1 / 3, 0.5, 0.75, 1, 1234.5, 20_000)
    for step in steps:
        run.log_examples(step, range(3), prediction=["ham", "spam", "ham"])
    ev = od.Evaluation({"label": ["ham", "spam", "spam"]}, run=run)
    names = ["0.25", "0.333333", "0.5", "0.75", "1", "1234.5", "20,000"]
    assert [ev.at(step).name for step in steps] == [f"evaluation, step {name}" for name in names]
    with pytest.raises(OffdiagonalError, match=r"logged at 0\.25 to 20,000"):
        ev.at("first")


def test_the_selection_stays_and_frames_are_the_users_rows() -> None:
    run, table, predicted = trained()
    ev = od.Evaluation(table, id="id", run=run)
    ev.selection.where(columns={"source": "web"}, correct=False)
    for step in STEPS:
        wrong = (predicted[step] != table["label"]) & (table["source"] == "web")
        assert ev.at(step).selection.indices.tolist() == np.flatnonzero(wrong).tolist()
        assert set(ev.selection.frame()) == {"label", "id", "source"}


def test_examples_learned_late_never_and_forgotten_are_slices() -> None:
    run, table, predicted = trained()
    ev = od.Evaluation(table, id="id", run=run)
    right = np.stack([predicted[step] == table["label"] for step in STEPS])
    never = ~right.any(axis=0)
    forgotten = right.any(axis=0) & ~right[-1]
    late = right[-1] & ~right[2]
    for name, mask in (("never learned", never), ("forgotten", forgotten), ("learned late", late)):
        assert mask.any()
        assert ev.selection.where(slice=name).indices.tolist() == np.flatnonzero(mask).tolist()


def test_what_a_training_told_apart_does_not_compete_with_the_slices_of_the_user() -> None:
    run, table, _ = trained()
    ev = od.Evaluation(table, id="id", run=run).slice("first", np.arange(N) < 150)
    kinds = {"learned late", "never learned", "forgotten"}
    frame = ev.slices().to_frame()
    assert set(frame["slice"][-3:]) == kinds
    assert "first" in set(frame["slice"][:-3])
    worst = repr(ev).split("Worst slices")[1].split("\n")[0]
    still = ev.slices()._repr_html_().split('class="od-static"')[1]
    for kind in kinds:
        assert kind not in worst
        assert kind not in still
    ev.slice("never learned", np.arange(N) < 40)
    assert "never learned" in set(ev.slices().to_frame()["slice"][:-2])


def test_the_loss_of_a_slice_over_the_checkpoints() -> None:
    run, table, predicted = trained()
    ev = od.Evaluation(table, id="id", run=run)
    rows = ev.selection.where(columns={"source": "web"}).indices
    curve = ev.loss_curve()
    assert curve is not None
    for step, value in zip(curve.steps, curve.values, strict=True):
        right = predicted[int(step)][rows] == table["label"][rows]
        assert value == pytest.approx(np.where(right, 0.1, 2.0).mean(), rel=1e-6)


def test_brushed_steps_show_their_last_checkpoint() -> None:
    run, table, predicted = trained()
    ev = od.Evaluation(table, id="id", run=run)
    curves = run.curves()
    curves.steps = (120, 310)
    assert ev.step == 300
    wrong = predicted[300] != table["label"]
    assert len(ev.selection.where(correct=False)) == wrong.sum()
    curves.steps = None
    assert ev.step is None


def test_brushing_changes_nothing_where_only_losses_were_logged() -> None:
    run = od.Run("losses", keep=False)
    run.log_examples(0, [0, 1], loss=[1, 2])
    ev = od.Evaluation({"label": ["a", "b"], "prediction": ["a", "a"]}, run=run)
    curves = run.curves()
    curves.steps = (0, 1)
    assert curves.steps == (0, 1)
    assert ev.step is None


def test_a_given_prediction_stays_what_is_shown_first() -> None:
    run, table, predicted = trained()
    ev = od.Evaluation({**table, "prediction": predicted[100]}, id="id", run=run)
    assert ev.step is None
    assert len(ev.selection.where(correct=False)) == (predicted[100] != table["label"]).sum()
    assert ev.at(400).at(None).step is None
    assert len(ev.selection.where(correct=False)) == (predicted[100] != table["label"]).sum()


def test_rows_that_were_looked_at_now_and_then_show_what_they_showed_last() -> None:
    run = od.Run("some", keep=False)
    run.log_examples(0, [0, 1], prediction=["a", "b"])
    run.log_examples(1, [1, 2], prediction=["a", "b"])
    ev = od.Evaluation({"label": ["a", "a", "b"], "prediction": ["b", "b", "b"]}, run=run)
    assert ev.at(0).selection.where(correct=True).indices.tolist() == [0, 2]
    assert ev.at(1).selection.where(correct=True).indices.tolist() == [0, 1, 2]


def test_what_cannot_be_joined_is_said() -> None:
    run, table, _ = trained()
    silent = od.Run("silent", keep=False)
    losses = od.Run("losses", keep=False)
    losses.log_examples(0, np.arange(N), loss=np.ones(N))
    with pytest.raises(OffdiagonalError, match=r"never told of 300 of the 300 rows, such as 0; log the ids"):
        od.Evaluation(table, run=run)
    with pytest.raises(OffdiagonalError, match=r"silent has logged no examples; call run\.log_examples"):
        od.Evaluation(table, run=silent)
    with pytest.raises(
        OffdiagonalError, match="has logged no predictions of examples, and the table has none"
    ):
        od.Evaluation(table, run=losses)
    with pytest.raises(OffdiagonalError, match=r"run= is an od\.Run, not 3"):
        od.Evaluation(table, run=3)
    with pytest.raises(OffdiagonalError, match="there are no checkpoints to go to"):
        od.Evaluation({"label": ["a"], "prediction": ["a"]}).at(3)
    places = od.Run("places", keep=False)
    places.log_examples(0, [0, 1], prediction=[0, 1])
    with pytest.raises(LabelError, match=r"predicts 0, .*log names in place of positions"):
        od.Evaluation({"label": ["a", "b"], "prediction": ["a", "b"]}, run=places).at(0)
    odd = od.Run("odd", keep=False)
    odd.log_examples(0, [0, 1], prediction=["a", "z"])
    odd.log_examples(1, [0, 1], prediction=["a", "a"])
    with pytest.raises(LabelError, match="the run predicts 'z', which is no class of the table"):
        od.Evaluation({"label": ["a", "b"]}, run=odd).at(0)


def test_the_loss_of_the_selection_stands_beside_the_wholes() -> None:
    run, table, _ = trained()
    ev = od.Evaluation(table, id="id", run=run).slice("first", np.arange(N) < 100)
    page = Page(run.session)
    assert page.state()[0]["parts"] == []
    for where, name in (({"columns": {"source": "web"}}, "source: web"), ({"slice": "first"}, "first")):
        rows = ev.selection.clear().where(**where).indices
        header, arrays = page.state()
        assert header["parts"] == [f"{name}, n = {len(rows)}"]
        curve = ev.loss_curve()
        assert curve is not None
        assert arrays["part/0/value"].tolist() == curve.values.astype(np.float32).tolist()
        assert page.heard[-1][0] == {"type": "parts"}
    ev.selection.where(correct=False)
    assert page.state()[0]["parts"] == [f"the selection, n = {len(ev.selection)}"]
    ev.selection.clear()
    assert page.state()[0]["parts"] == []


def test_a_private_selection_is_told_live_only() -> None:
    run, table, _ = trained()
    ev = od.Evaluation(table, id="id", run=run, private=["source"])
    ev.slice("secret", np.arange(N) < 50, private=True)
    for where in ({"columns": {"source": "web"}}, {"slice": "secret"}):
        ev.selection.clear().where(**where)
        assert len(Page(run.session).state()[0]["parts"]) == 1
        assert saved(run._repr_html_())[0]["parts"] == []
    ev.selection.clear().where(slice="forgotten")
    assert len(saved(run._repr_html_())[0]["parts"]) == 1


def test_a_pane_shows_the_examples_that_the_training_told_apart() -> None:
    run, table, predicted = trained()
    page = Page(run.session)
    assert page.state()[0]["joined"] is None
    assert page.ask(type="examples", kind="forgotten")[0]["type"] == "error"
    ev = od.Evaluation(table, id="id", run=run)
    right = np.stack([predicted[step] == table["label"] for step in STEPS])
    forgotten = np.flatnonzero(right.any(axis=0) & ~right[-1])
    told = page.state()[0]["joined"]
    assert told["variable"] == "ev"
    assert {kind["name"]: kind["n"] for kind in told["kinds"]}["forgotten"] == len(forgotten)
    ev.selection.where(label="ham")
    answer, _ = page.ask(type="examples", kind="forgotten")
    assert answer["joined"]["selected"] == "forgotten"
    assert ev.selection.indices.tolist() == forgotten.tolist()
    page.heard.clear()
    ev.selection.where(label="ham")
    (heard,) = [message for message, _ in page.heard if message["type"] == "examples"]
    assert heard["joined"]["selected"] is None
    page.ask(type="examples", kind=None)
    assert not ev.selection
    assert page.ask(type="examples", kind="no such")[0]["code"] == "message"


def test_the_examples_are_those_of_the_evaluation_that_joined_last_and_is_there() -> None:
    run, table, _ = trained()
    page = Page(run.session)
    first = od.Evaluation(table, id="id", run=run, name="first")
    last = od.Evaluation(table, id="id", run=run, name="last")
    page.ask(type="examples", kind="forgotten")
    assert (bool(first.selection), bool(last.selection)) == (False, True)
    del last
    gc.collect()
    page.ask(type="examples", kind="forgotten")
    assert first.selection


def test_a_slice_of_the_users_with_the_name_of_a_kind_is_none() -> None:
    run, table, _ = trained()
    ev = od.Evaluation(table, id="id", run=run)
    page = Page(run.session)
    page.ask(type="hello")
    ev.slice("forgotten", np.arange(N) < 11, private=True)
    joined = run.session.examples.told()
    assert joined is not None
    assert [kind.name for kind in joined.kinds] == ["learned late", "never learned"]


def test_a_run_forgets_the_evaluations_that_nobody_holds() -> None:
    run, table, _ = trained()
    for _ in range(3):
        od.Evaluation(table, id="id", run=run)
        gc.collect()
    assert run.session.examples.told() is None
    assert len(run.session._observers) == 0
    ev = od.Evaluation(table, id="id", run=run)
    run.session.select((0, 150))
    assert ev.step == 100


def test_within_a_split_the_examples_are_its_rows() -> None:
    run, table, _ = trained()
    table["split"] = np.where(np.arange(N) % 2, "test", "train")
    page = Page(run.session)
    ev = od.Evaluation(table, id="id", run=run, split="split")
    (kind, *_) = page.state()[0]["joined"]["kinds"]
    page.ask(type="examples", kind=kind["name"])
    assert len(ev.selection) == kind["n"]
    assert set(ev.selection.frame()["split"]) == {"test"}
