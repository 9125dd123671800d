"""What the diagnosis does not say of runs that do well, and what it puts first where several things are seen."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tests.training.test_diagnosis import STEPS, falling, first, record, trained

import offdiagonal as od
from offdiagonal.training.diagnosis import diagnose, events


def held(end, **other):
    """A validation loss that comes to rest."""
    return falling(end, n=20, half=2, noise=0.003, **other)


def kinds(given):
    return [one.kind for one in diagnose(given)]


@pytest.mark.parametrize("level", [2.3, 1e9, 3e-7, -0.1])
def test_a_change_of_the_last_digits_is_none(level):
    last = 1e-9 * level * np.random.default_rng(0).normal(size=500)
    for noise in (0 * last, last, np.sort(last), np.sort(last)[::-1], last * (np.arange(500) == 300)):
        loss = level + noise
        for curves in ({"loss": loss}, {"val_loss": loss[:30]}, {"loss": loss, "val_loss": loss[:21]}):
            found = kinds(record(**curves))
            assert set(found) <= {"not-learning"}
            assert not [one for one in events(record(**curves)) if one.kind == "spike"]


def test_no_number_has_hundreds_of_digits():
    loss, norm = falling(), np.ones(STEPS)
    loss[200:] += 1e200
    norm[200] = 3e9
    lr = np.where(np.arange(STEPS) < 200, 1e-3, 5e8)
    found = diagnose(record(loss=loss, val_loss=held(1e120), grad_norm=norm, lr=lr))
    told = " ".join(one.title + one.evidence for one in found)
    assert "e+09 times its median" in told
    assert "e+11 times at step 200" in told
    assert not re.search(r"\d[\d,.]{8}", told)


def by_epoch(epochs, metric="loss", first=0):
    run = od.Run("epochs", keep=False)
    for epoch in range(epochs):
        for i in range(50):
            step = epoch * 50 + i
            run.log(i + first if epoch else i, **{metric: 2.3 * 0.99**step}, lr=0.1 * 0.97**step)
            if metric != "loss":
                run.log(step, loss=2.3 * 0.99**step)
    run.finish()
    return run


@pytest.mark.parametrize("metric", ["loss", "val_loss"])
def test_steps_that_are_counted_from_0_in_each_epoch_are_said_and_no_trend_is(metric):
    run = by_epoch(5, metric)
    (one,) = run.findings()
    assert one.kind == "steps-begin-anew"
    assert one.title == f"The steps of {metric} begin anew 4 times: after step 49 comes 0"
    assert one.evidence.startswith(f"250 values of {metric} at 50 different steps")
    assert "steps are counted from 0 in each epoch" in one.causes
    assert events(run.record) == ()


def test_a_training_that_is_resumed_does_not_begin_anew():
    for resumed in (by_epoch(2), by_epoch(5, first=25)):
        assert "steps-begin-anew" not in [one.kind for one in resumed.findings()]


def test_a_loss_that_is_slow_to_begin_is_on_no_plateau():
    noise = 1 + 0.01 * np.random.default_rng(0).normal(size=STEPS)
    rest, fall = np.full(200, 2.49), np.concatenate([np.geomspace(2.49, 0.2, 60), np.full(140, 0.2)])
    assert kinds(record(loss=np.concatenate([rest, fall]) * noise)) == []
    begun = np.concatenate([np.linspace(3.4, 2.49, 40), rest[40:], fall])
    assert kinds(record(loss=begun * noise)) == ["plateau"]


def test_a_gap_alone_is_no_overfitting_while_the_validation_loss_is_at_its_best():
    assert kinds(record(loss=falling(0.02), val_loss=held(0.6))) == []


def test_a_gap_is_overfitting_where_nothing_is_left_to_learn():
    assert first(record(loss=falling(0.002), val_loss=held(0.6))) == "overfitting"


def test_a_gap_is_overfitting_where_more_was_learned_of_the_examples_than_of_what_holds():
    assert first(record(loss=falling(0.02), val_loss=held(1.4))) == "overfitting"


def test_a_gap_is_overfitting_where_answers_that_were_right_are_lost():
    lost = np.concatenate([np.linspace(0.3, 0.8, 6), np.linspace(0.8, 0.66, 14)])
    curves = {"facts": {"classes": 10}, "loss": falling(0.02), "val_loss": held(0.8)}
    (one,) = diagnose(record(**curves, val_accuracy=lost))
    assert one.kind == "overfitting"
    assert "right answers fell from 80 % to 67 %" in one.evidence
    assert kinds(record(**curves, val_accuracy=np.linspace(0.3, 0.8, 20))) == []


def test_a_rise_is_measured_by_all_that_was_learned_and_not_since_the_first_evaluation():
    small = np.concatenate([[0.35, 0.33], np.full(8, 0.31), np.full(10, 0.325)])
    run = {"facts": {"classes": 2}, "loss": falling(0.3, start=0.69)}
    assert kinds(record(**run, val_loss=small)) == []
    assert first(record(**run, val_loss=small + np.linspace(0, 0.2, 20))) == "overfitting"


def test_a_loss_that_the_data_may_leave_is_no_underfitting():
    run = {"facts": {"classes": 2}, "loss": falling(0.32, start=0.69, noise=0.1)}
    assert kinds(record(**run, val_loss=held(0.32, start=0.69))) == []


def test_rare_classes_do_not_put_the_first_loss_off():
    facts = {"classes": 2, "label_counts": [87, 13]}
    assert kinds(record(facts=facts, loss=falling(0.1, start=0.69))) == []
    assert first(record(facts=facts, loss=falling(0.1, start=3.0))) == "initial-loss-off"


def test_a_model_that_was_trained_before_begins_with_a_low_loss():
    facts = {"classes": 50_000, "loss_function": "CrossEntropyLoss"}
    assert kinds(record(facts=facts, loss=falling(2.4, start=3.1), val_loss=held(2.45, start=3.0))) == []
    right = {
        "facts": facts | {"classes": 10},
        "loss": falling(0.2, start=0.4),
        "val_loss": held(0.25, start=0.4),
    }
    assert kinds(record(**right, val_accuracy=np.linspace(0.82, 0.92, 20))) == []
    assert first(record(**right, val_accuracy=np.linspace(0.08, 0.5, 20))) == "initial-loss-off"


def test_a_validation_loss_that_falls_steadily_shows_what_batches_blur():
    noise = 0.03 * np.random.default_rng(0).normal(size=60)
    run = {"facts": {"classes": 5}, "loss": 1.61 - np.linspace(0, 0.08, 60) + noise}
    assert first(record(**run, val_loss=np.linspace(1.61, 1.53, 16))) == "still-improving"
    flat = {"facts": {"classes": 5}, "loss": 1.61 + noise}
    assert first(record(**flat, val_loss=np.full(16, 1.61))) == "not-learning"


def test_still_improving_is_judged_by_the_validation_loss_where_there_is_one():
    loss = np.linspace(2.3, 1.2, 400)
    assert first(record(loss=loss, val_loss=np.linspace(2.3, 1.2, 20))) == "still-improving"
    assert "still-improving" not in kinds(record(loss=loss, val_loss=held(1.3)))


def test_labels_are_no_noise_where_more_answers_are_right_than_by_chance():
    run = {"facts": {"classes": 4}, "loss": falling(0.01, start=1.39), "val_loss": np.linspace(1.7, 2.6, 20)}
    assert first(record(**run)) == "memorises-noise"
    assert first(record(**run, val_accuracy=np.linspace(0.4, 0.57, 20))) == "overfitting"
    assert first(record(**run, val_accuracy=np.full(20, 0.27))) == "memorises-noise"


def test_what_is_no_number_after_a_loss_ran_away_follows_from_that():
    loss = falling()
    loss[250:] *= np.exp(np.linspace(0, 12, 150))
    loss[395:] = np.nan
    found = kinds(record(loss=loss))
    assert found[0] == "diverged"
    assert "not-a-number" in found
    loss = falling()
    loss[395:] = np.nan
    assert kinds(record(loss=loss)) == ["not-a-number"]


def test_a_leap_of_a_run_that_had_learned_comes_before_what_it_led_to():
    loss = np.concatenate([falling(n=200), falling(2.2, n=200, seed=1)])
    loss[200] = 6.0
    found = kinds(record(loss=loss))
    assert found[0] == "loss-spike"
    assert "diverged" in found


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ([None], "overfitting"),
        ([False], "overfitting"),
        ([True], "evaluation-differs"),
        ([True, None], "overfitting"),
    ],
)
def test_examples_are_taken_for_training_examples_only_where_the_loop_says_so(told, kind):
    with od.Run("examples", keep=False) as run:
        for step in range(240):
            run.log(step, loss=1.4 * 0.985**step)
            if step % 10 == 9:
                val = 1.1 + 0.004 * abs(step - 60)
                run.log(step, val_loss=val)
                said = told[(step // 10) % len(told)]
                run.log_examples(step, np.arange(50), loss=np.full(50, val), training=said)
    assert run.findings()[0].kind == kind


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("softmax_in_the_loss", "softmax-twice"),
        ("one_class_weighs_all", "constant-output"),
        ("batches_of_one", "learning-rate-too-high"),
        ("lr_x_25", "learning-rate-too-high"),
    ],
)
def test_weak_signs_name_their_cause(fault, kind):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from benchmarks.training_faults import faults, faults_of_data
    from benchmarks.training_faults.registry import FAULTS

    assert faults
    assert faults_of_data

    def change(plan):
        plan.steps = 240
        FAULTS[fault].change(plan)

    assert trained(change)[0] == kind


@pytest.mark.parametrize(
    ("loss_function", "named"),
    [
        ("CrossEntropyLoss", True),
        ("nll_loss", True),
        ("BCEWithLogitsLoss", False),
        ("FocalLoss", False),
        (None, False),
    ],
)
def test_wrong_answers_that_cost_nothing_are_told_of_a_cross_entropy_alone(loss_function, named):
    run = od.Run("mostly one class", keep=False)
    if loss_function:
        run.fact("loss_function", loss_function)
    run.fact("classes", 3)
    for step, loss in enumerate(falling(0.1, start=0.69)):
        run.log(step, loss=loss)
    for step in range(0, 400, 40):
        run.log(step, val_loss=0.1, val_accuracy=0.4)
        run.log_examples(step, range(10), prediction=["a"] * 6 + ["b"] * 4)
    run.finish()
    causes = [cause for one in run.findings() if one.kind == "constant-output" for cause in one.causes]
    assert any("weights" in cause for cause in causes) == named


def test_noughts_that_come_later_are_not_what_dropout_takes():
    def run(shares):
        one = od.Run("dropout", keep=False)
        for step, share in enumerate(shares):
            stats = {"zero_share": np.float32([0, share]), "dead_share": np.float32([0, 0])}
            one.log_layers("activations", step, ["0", "1"], stats, kinds=["Linear", "Dropout"])
        one.finish()
        return [finding.kind for finding in one.findings()]

    assert run(np.full(12, 0.95)) == ["dropout-too-strong"]
    assert run(np.linspace(0.55, 0.95, 12)) == []
