"""What the diagnosis leaves to chance: outliers, rare classes, data that tell little; and what it still finds there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.training.test_diagnosis import STEPS, falling, first, record
from tests.training.test_diagnosis_care import held, kinds

import offdiagonal as od
from offdiagonal.training.diagnosis import diagnose
from offdiagonal.training.diagnosis.seen import Seen
from offdiagonal.training.record import Layers

AMOUNTS = {"loss_function": "MSELoss", "target_variance": 1.0}


def with_outliers(level, seed):
    """Means of batches of 32 squared errors, of which one in four hundred is a hundred times the others."""
    rng = np.random.default_rng(seed)
    squares = rng.chisquare(1, (len(level), 32)) * np.where(rng.random((len(level), 32)) < 0.0025, 100, 1)
    return level * squares.mean(axis=1) / (1 + 0.0025 * 99)


@pytest.mark.parametrize("seed", range(10))
def test_outliers_among_the_targets_are_no_finding(seed):
    level = 0.5 + 0.5 * np.exp(-np.arange(STEPS) / 40)
    facts = AMOUNTS | {"batch_size": 32}
    given = record(loss=with_outliers(level, seed), val_loss=held(0.55, start=1.0), facts=facts)
    assert kinds(given) == []


def test_medians_of_batches_with_outliers_are_not_taken_for_a_gap():
    loss = with_outliers(np.full(STEPS, 1.0), 0)
    seen = Seen(record(loss=loss, facts=AMOUNTS))
    assert seen.lift == pytest.approx(loss[STEPS // 2 :].mean() - np.median(loss[STEPS // 2 :]), abs=0.08)
    calm = Seen(record(loss=falling(1.0, start=1.5, noise=0.02)))
    assert calm.lift < 0.01


def test_a_loss_that_stays_up_after_a_leap_is_found_among_outliers():
    level = np.concatenate([np.geomspace(1, 0.1, 200), np.geomspace(1.2, 0.3, 200)])
    loss = with_outliers(level, 1)
    loss[200] = 2.0
    assert first(record(loss=loss, facts=AMOUNTS)) == "loss-spike"


def predicting(shares, accuracy=None, **metrics):
    """A run whose examples are given one class by these shares of the looks."""
    with od.Run("imbalanced", keep=False) as run:
        for step in range(STEPS):
            run.log(step, loss=metrics["loss"][step])
            if step % 20 == 19:
                run.log(step, val_loss=metrics["val_loss"][step // 20])
                if accuracy is not None:
                    run.log(step, val_accuracy=accuracy)
                run.log_examples(
                    step, np.arange(100), loss=np.full(100, 0.4), prediction=np.arange(100) >= shares
                )
    return replace(run.record, facts={**run.record.facts, "classes": 7})


def test_one_class_for_most_examples_is_usual_where_most_are_of_it():
    curves = {"loss": falling(0.4, start=1.9), "val_loss": held(0.45, start=1.9)}
    assert first(predicting(97, **curves)) == "constant-output"
    assert first(predicting(97, accuracy=0.3, **curves)) == "constant-output"
    assert kinds(predicting(97, accuracy=0.88, **curves)) == []


def test_a_little_that_was_learned_is_not_nothing():
    noise = 0.03 * np.random.default_rng(0).normal(size=STEPS)
    facts = {"classes": 2, "label_counts": [5_000, 5_000]}
    for left, found in ((0.96, []), (0.999, ["not-learning"])):
        level = 0.693 * left
        given = record(loss=level + noise, val_loss=np.full(16, level), facts=facts)
        assert kinds(given) == found, left


def test_nothing_is_learned_where_the_training_loss_falls_and_the_validation_loss_never_does():
    given = record(
        loss=np.linspace(2.5, 2.38, STEPS) + 0.02 * np.random.default_rng(0).normal(size=STEPS),
        val_loss=2.49 + 0.02 * np.sin(np.arange(16)),
        facts={"classes": 12},
    )
    assert first(given) == "not-learning"


def test_answers_that_are_right_more_often_than_by_chance_were_learned():
    flat = {"loss": 1.92 + 0.02 * np.random.default_rng(0).normal(size=STEPS), "val_loss": np.full(16, 1.92)}
    assert first(record(**flat, facts={"classes": 7})) == "not-learning"
    assert kinds(record(**flat, val_accuracy=np.linspace(0.15, 0.4, 16), facts={"classes": 7})) == []


def weights(shapes, **stats):
    """Parameters of these shapes."""
    steps = np.linspace(0, STEPS - 1, 20).round()
    names = tuple(f"{i}.weight" for i in range(len(shapes)))
    columns = {key: np.tile(value, (20, len(shapes))) for key, value in stats.items()}
    return Layers(names, ("Linear",) * len(shapes), tuple(shapes), steps, columns)


@pytest.mark.parametrize(
    ("shapes", "widths", "found"),
    [
        (((32, 64), (1, 32), (10, 1)), (32, 1, 10), True),  # a layer is given the one number of another
        (((32, 64), (1, 32), (10, 32)), (32, 1, 10), False),  # a score of attention beside what passes
        (((32, 64), (16, 1), (10, 32)), (32, 16, 10), False),  # the time, from outside
        (((32, 1), (10, 32)), (32, 10), False),  # the data are one number
        (((4, 64), (10, 4)), (4, 10), False),
    ],
)
def test_a_layer_that_is_given_the_one_number_of_another_is_narrow(shapes, widths, found):
    facts = {"classes": 10, "label_counts": [100] * 10}
    given = record(loss=falling(1.4, half=90), val_loss=falling(1.4, n=20, half=5), facts=facts)
    names, kinds_ = tuple(map(str, range(len(widths)))), ("Linear",) * len(widths)
    steps = np.linspace(0, STEPS - 1, 20).round()
    outputs = Layers(names, kinds_, tuple((width,) for width in widths), steps, {})
    given = replace(given, parameters=weights(shapes, weight_rms=0.2), activations=outputs)
    assert kinds(given) == ["underfitting"] * found
    if found:
        assert "passes through 1 number, which 2.weight is given; 6" in diagnose(given)[0].title


@pytest.mark.parametrize(
    ("training", "evaluation", "found"),
    [(2.2, 1.0, "augmentation-too-strong"), (1.2, 1.0, ""), (1.0, 2.2, "evaluation-input-differs")],
)
def test_inputs_that_vary_more_in_training_than_at_evaluation_are_changed_too_much(
    training, evaluation, found
):
    names = ("(input)", "(evaluation input)")
    steps = np.linspace(0, STEPS - 1, 20).round()
    stats = {
        "activation_mean": 0.01 * np.random.default_rng(0).normal(size=(20, 2)),
        "activation_std": np.tile([training, evaluation], (20, 1)),
    }
    seen = Layers(names, ("", ""), ((64,), (64,)), steps, stats)
    given = replace(record(loss=falling(0.5), val_loss=held(0.4)), activations=seen)
    assert first(given) == found
    learned = replace(record(loss=falling(0.1), val_loss=held(0.15)), activations=seen)
    assert ("augmentation-too-strong" in kinds(learned)) is False


@pytest.mark.parametrize(
    ("size", "per_step", "found"), [(1, 1, ["gradient-noise"]), (1, 16, []), (32, 1, [])]
)
def test_steps_that_follow_one_example_are_chance_unless_several_are_gathered(size, per_step, found):
    rng = np.random.default_rng(0)
    loss = (0.4 + 0.4 * np.exp(-np.arange(STEPS) / 60)) * rng.chisquare(1, STEPS)
    facts = {
        **AMOUNTS,
        "batch_size": size,
        "calls": {"trained": STEPS * per_step, "steps": STEPS, "backward": True},
    }
    assert kinds(record(loss=loss, val_loss=held(0.4, start=0.8), facts=facts)) == found


@pytest.mark.parametrize("training", [True, None])
def test_examples_that_get_worse_while_the_loss_falls_below_0_show_its_sign(training):
    with od.Run("turned", keep=False) as run:
        for step in range(200):
            run.log(step, loss=-1 - step / 100)
            if step % 20 == 0:
                run.log_examples(step, np.arange(30), loss=np.full(30, 1 + step / 100), training=training)
    assert kinds(run.record) == (["wrong-sign"] if training else [])


def test_small_steps_are_no_fault_where_the_loss_fell_to_a_rest():
    ratios = np.full(20, 4e-4)
    steps = np.linspace(0, STEPS - 1, 20).round()
    facts = {"classes": 5, "label_counts": [600, 100, 100, 100, 100], "calls": {"steps": STEPS}}
    layers = Layers(
        ("a", "b"), ("Linear", "Linear"), ((8, 8), (8, 8)), steps, {"update_ratio": np.tile(ratios, (2, 1)).T}
    )
    prior = 1.228
    rest = record(
        loss=falling(prior * 0.9, start=1.7, half=20), val_loss=held(prior * 0.9, start=1.5), facts=facts
    )
    assert kinds(replace(rest, parameters=layers)) == []
    slow = record(loss=np.linspace(1.7, 1.5, STEPS), val_loss=np.linspace(1.7, 1.5, 20), facts=facts)
    assert first(replace(slow, parameters=layers)) == "learning-rate-too-low"


def test_a_validation_loss_that_hardly_moves_has_no_spike():
    val = np.concatenate([np.linspace(0.656, 0.652, 6), [0.673], np.full(9, 0.655)])
    given = {"loss": falling(0.62, start=0.69, noise=0.01), "facts": {"classes": 2}}
    assert "loss-spike" not in kinds(record(**given, val_loss=val))
    val[6] = 0.8
    assert "loss-spike" in kinds(record(**given, val_loss=val))


@pytest.mark.parametrize(
    ("end", "targets", "found"),
    [
        ("Sigmoid", (0, 1), []),
        ("Tanh", (-1, 1), []),
        ("ReLU", (0, 30), []),
        ("Sigmoid", (0, 4), ["wrong-output-activation"]),
        ("Tanh", (-2, 1), ["wrong-output-activation"]),
        ("ReLU", (-0.5, 3), ["wrong-output-activation"]),
    ],
)
def test_a_bounded_output_is_wrong_where_targets_lie_beyond_its_ends(end, targets, found):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    torch.manual_seed(0)
    low, high = targets
    x = torch.randn(256, 6)
    y = (low + (high - low) * torch.sigmoid(3 * x[:, :1])).clamp(low, high)
    y[:2, 0] = torch.tensor([low, high], dtype=torch.float32)
    model = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    model.append(getattr(torch.nn, end)())
    optimizer, loss_function = torch.optim.Adam(model.parameters(), lr=0.01), torch.nn.MSELoss()
    with od.Run("ends", keep=False) as run:
        run.watch(model, optimizer, loss_function, every=5)
        for step in range(120):
            rows = torch.randperm(256)[:64]
            optimizer.zero_grad()
            loss = loss_function(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            run.log(step, loss=loss)
    named = [one for one in run.findings() if one.kind == "wrong-output-activation"]
    assert [one.kind for one in named] == found
    if found:
        assert f"outside of [{'0' if end != 'Tanh' else '-1'}" in named[0].evidence


def test_bad_batches_hide_no_labels_that_are_learned_by_heart():
    loss = falling(0.1, n=600, half=100)
    loss[[350, 420, 470, 510, 550]] += 200
    val = 2.32 + np.linspace(0, 0.02, 30)
    assert "memorises-noise" in kinds(record(loss=loss, val_loss=val, facts={"classes": 10}))


@pytest.mark.parametrize("leaps", [1, 3, 4, 6])
def test_one_bad_batch_in_each_epoch_is_found_however_many_there_are(leaps):
    loss = falling(0.1)
    loss[np.linspace(60, 380, leaps).round().astype(int)] += 30
    assert kinds(record(loss=loss)) == ["loss-spike"]


def test_a_million_losses_with_outliers_are_judged():
    n = 1_000_000
    loss = (0.3 + 2 * np.exp(-np.arange(n) / 5e4)) * np.random.default_rng(0).chisquare(1, n)
    assert kinds(record(loss=loss, steps=np.arange(n))) == []


@pytest.mark.parametrize(("name", "found"), [("GaussianNLLLoss", []), ("Criterion", ["wrong-sign"])])
def test_a_density_may_fall_below_0(name, found):
    loss = -0.5 - np.linspace(0, 8, STEPS)
    assert kinds(record(loss=loss, val_loss=loss[::20] + 0.1, facts={"loss_function": name})) == found


def test_fine_tuning_with_two_texts_a_step_is_no_learning_rate_too_high():
    rng = np.random.default_rng(0)
    loss = 2.75 + 0.45 * np.exp(-np.arange(500) / 80) + 0.25 * rng.normal(size=500)
    val = 2.78 + 0.42 * np.exp(-np.arange(20) / 12)
    facts = {"batch_size": 2, "calls": {"trained": 500, "steps": 500, "backward": True}}
    assert kinds(record(loss=loss, val_loss=val, facts=facts)) == []


def test_a_loss_that_is_divided_by_the_batches_of_a_step_is_off():
    facts = {"classes": 10, "loss_function": "CrossEntropyLoss"}
    given = record(loss=falling(0.5) / 16, val_loss=held(0.55, start=2.2), facts=facts)
    (one, *_) = diagnose(given)
    assert one.kind == "initial-loss-off"
    assert one.causes[0] == "the loss is divided once too often"


def test_a_root_of_squares_is_not_held_against_the_targets_variance():
    facts = {"loss_function": "RMSELoss", "target_variance": 0.01}
    assert Seen(record(loss=falling(0.05, start=0.4), facts=facts)).prior is None
    assert Seen(record(loss=[1.0], facts=facts | {"loss_function": "mse_loss"})).prior == 0.01
