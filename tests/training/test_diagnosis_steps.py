"""What the diagnosis says of the steps: their size, their momentum, what decay takes, how many examples they follow."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.training.test_diagnosis import STEPS, falling, record
from tests.training.test_diagnosis_care import held, kinds

from offdiagonal.training.diagnosis import diagnose
from offdiagonal.training.diagnosis.seen import Seen
from offdiagonal.training.record import Layers


def moved(given, ratios):
    """The same run, with how far its steps moved two matrices."""
    steps = np.linspace(0, STEPS - 1, len(ratios)).round()
    stats = {"update_ratio": np.column_stack([ratios, ratios])}
    return replace(given, parameters=Layers(("a", "b"), ("Linear", "Linear"), ((4, 4), (4, 4)), steps, stats))


def calls(steps, per_step=1):
    return {"trained": steps * per_step, "steps": steps}


@pytest.mark.parametrize(
    ("momentum", "dampening", "found"), [(0.998, 0, True), (0.9, 0, False), (0.998, 1, False)]
)
def test_momentum_that_adds_up_more_steps_than_there_are_is_a_learning_rate_too_high(
    momentum, dampening, found
):
    settings = {"momentum": momentum, "dampening": dampening}
    given = record(
        loss=falling(0.5), val_loss=held(0.55), facts={"optimizer_settings": settings, "calls": calls(STEPS)}
    )
    assert kinds(given) == ["learning-rate-too-high"] * found
    if found:
        assert "adds up 500 steps, of which there are 400" in diagnose(given)[0].title


def test_momentum_near_one_is_usual_in_a_training_that_is_or_will_be_long():
    settings = {"optimizer_settings": {"momentum": 0.998}}
    for facts in ({"calls": calls(20_000)}, {"calls": calls(STEPS), "planned_steps": 20_000}):
        assert kinds(record(loss=falling(0.5), val_loss=held(0.55), facts=settings | facts)) == []
    begun = record(loss=falling(0.5), val_loss=held(0.55), facts=settings | {"calls": calls(STEPS)})
    assert kinds(replace(begun, status="running")) == []


@pytest.mark.parametrize(
    ("matrices", "left", "decay", "found"),
    [
        (2, 0.3, 0, True),
        (1, 0.3, 0, False),
        (1, 0.7, 3e-3, True),
        (2, 0.7, 0, False),
        (2, 0.7, 3e-3, True),
        (2, 0.7, 2e-3, False),
        (2, 1, 0.1, False),
    ],
)
def test_weights_that_shrink_much_or_by_decay_are_found(matrices, left, decay, found):
    steps = np.linspace(0, STEPS - 1, 20).round()
    sizes = np.where(np.arange(20) < 2, 1, left).astype(float)
    stats = {"weight_rms": np.tile(sizes, (matrices, 1)).T}
    layers = Layers(("a", "b")[:matrices], ("Linear",) * matrices, ((4, 4),) * matrices, steps, stats)
    given = record(loss=falling(0.5), val_loss=held(0.55), facts={"decay_per_step": decay})
    assert kinds(replace(given, parameters=layers)) == ["weight-decay-too-strong"] * found


def test_early_steps_that_wipe_out_the_weights_leave_the_loss_above_chance():
    slow = np.concatenate([np.full(60, 2.45), falling(0.3, start=2.45, n=STEPS - 60)])
    early = np.concatenate([[0.2, 0.25, 0.2], np.full(20, 0.01)])
    facts = {"classes": 10}
    given = moved(record(loss=slow, val_loss=held(0.35), facts=facts), early)
    (one,) = diagnose(given)
    assert one.kind == "learning-rate-too-high"
    assert "early steps change the weights by up to 25 % of their size" in one.title
    assert "above the 2.3 of a model that knows nothing" in one.title
    assert kinds(moved(record(loss=slow, val_loss=held(0.35), facts=facts), early / 10)) == []
    quick = record(loss=falling(0.3), val_loss=held(0.35), facts=facts)
    assert kinds(moved(quick, early)) == []


def singles(level, per_step=1):
    """Losses of single examples, that differ by half of what they are."""
    loss = level * np.random.default_rng(0).gamma(4, 1 / 4, size=STEPS)
    return record(loss=loss, facts={"batch_size": 1, "calls": calls(STEPS, per_step)})


def test_steps_that_follow_one_example_each_and_a_loss_that_does_not_fall():
    (one,) = [one for one in diagnose(singles(2.0)) if one.kind == "learning-rate-too-high"]
    assert "each step follows 1 example, whose losses differ by" in one.title


def test_steps_that_follow_one_example_each_are_fine_where_the_loss_falls():
    assert "learning-rate-too-high" not in kinds(singles(falling(0.2)))


def test_gradients_gathered_over_several_batches_of_one_are_no_chance():
    assert "learning-rate-too-high" not in kinds(singles(2.0, per_step=8))


def test_a_validation_loss_that_is_never_below_chance_is_not_learning_whatever_the_batches_do():
    few = {"classes": 2, "label_counts": [8_700, 1_300]}
    noisy = np.abs(0.38 + 0.12 * np.random.default_rng(0).normal(size=STEPS))
    given = record(loss=noisy, val_loss=np.concatenate([[0.6, 0.5], np.full(14, 0.4)]), facts=few)
    (one,) = diagnose(given)
    assert one.kind == "not-learning"
    assert "a model that knows nothing has 0.386" in one.title
    learns = record(loss=noisy * 0.5, val_loss=np.concatenate([[0.6, 0.5], np.full(14, 0.2)]), facts=few)
    assert kinds(learns) == []


def test_a_validation_loss_that_falls_steadily_to_the_end_still_improves():
    shares = 2.0 * 0.978 ** np.arange(40)
    (one,) = diagnose(record(loss=np.interp(np.arange(STEPS), np.arange(40) * 10, shares), val_loss=shares))
    assert one.kind == "still-improving"
    rests = held(0.4)
    assert kinds(record(loss=falling(0.3), val_loss=rests * np.linspace(1.02, 0.98, len(rests)))) == []


def test_rest_that_the_schedule_brings_says_nothing_of_too_small_a_rate():
    cosine = 0.5 * (1 + np.cos(np.pi * np.arange(STEPS) / STEPS))
    loss = 0.69 - 0.19 * np.cumsum(cosine) / cosine.sum()
    facts = {"classes": 2, "calls": calls(STEPS)}
    given = moved(record(loss=loss, lr=1e-4 * cosine, facts=facts), np.full(30, 1e-4))
    assert kinds(given)[0] == "learning-rate-too-low"


def test_what_is_left_to_learn_of_the_very_last_is_not_still_improving():
    shares = 0.6 * 0.95 ** np.arange(40)
    known = {"classes": 10}
    early = np.concatenate(
        [np.geomspace(2.3, 0.6, 200), np.interp(np.arange(200), np.arange(40) * 5, shares)]
    )
    assert kinds(record(loss=early, val_loss=early[::10], facts=known)) == []


@pytest.mark.parametrize(("scale", "found"), [(100, True), (3, False)])
def test_a_layer_whose_first_weights_are_many_times_the_others_is_named(scale, found):
    weights = np.full((3, 3), 0.1)
    weights[:, 1] *= scale
    names = ("one.weight", "two.weight", "three.weight")
    layers = Layers(names, ("Linear",) * 3, ((32, 32),) * 3, np.arange(3.0), {"weight_rms": weights})
    given = replace(record(loss=falling(0.5), val_loss=held(0.55)), parameters=layers)
    assert kinds(given) == ["weights-too-large"] * found
    if found:
        assert (
            "two.weight makes a signal 57 times as large, the other layers 0.57 times"
            in diagnose(given)[0].title
        )


def test_batches_with_an_outlier_are_events_and_no_finding():
    loss = falling(0.2, start=1.0)
    loss[[120, 150, 250, 320]] += [1.1, 1.6, 1.2, 1.9]
    given = record(loss=loss, val_loss=held(0.25, start=1.0))
    assert kinds(given) == []
    loss[250] += 5
    assert kinds(record(loss=loss, val_loss=held(0.25, start=1.0))) == ["loss-spike"]


@pytest.mark.parametrize(
    ("classes", "left", "found"), [(10, 0.9, ["underfitting"]), (2, 0.9, []), (9, 0.72, []), (2, 0.72, [])]
)
def test_data_may_leave_most_of_the_loss_to_the_best_of_models(classes, left, found):
    prior = np.log(classes)
    given = record(
        loss=falling(left * prior, start=prior, noise=0.01),
        val_loss=held(left * prior, start=prior),
        facts={"classes": classes},
    )
    assert kinds(given) == found


def test_noise_of_a_loss_that_has_little_to_learn_is_no_plateau():
    noise = 0.12 * np.random.default_rng(0).normal(size=STEPS)
    level = np.concatenate([np.full(120, 0.52), np.linspace(0.52, 0.43, 60), np.full(220, 0.43)])
    facts = {"classes": 2, "label_counts": [780, 220]}
    assert kinds(record(loss=level + noise, val_loss=held(0.43, start=0.6), facts=facts)) == []


def test_of_few_labels_with_a_rare_class_the_prior_is_too_unsure_to_say_that_nothing_is_learned():
    noisy = np.abs(0.2 + 0.05 * np.random.default_rng(0).normal(size=STEPS))
    noisy[:8] = 0.66
    for counts, found in (([94, 6], []), ([9_400, 600], ["not-learning"])):
        facts = {"classes": 2, "label_counts": counts}
        given = record(
            loss=noisy + 0.028, val_loss=np.concatenate([[0.4, 0.3], np.full(14, 0.24)]), facts=facts
        )
        assert kinds(given) == found


def test_a_rare_class_does_not_make_the_first_loss_a_leap():
    rare = {"classes": 2, "label_counts": [9_900, 100]}
    begins = np.concatenate([np.linspace(0.69, 0.3, 60), np.linspace(0.3, 0.02, STEPS - 60)])
    assert kinds(moved(record(loss=begins, facts=rare), np.concatenate([[0.2] * 6, [0.01] * 20]))) == []


def test_a_spike_of_a_model_that_knew_something_when_it_began_is_one():
    loss = falling(2.42, start=2.5, noise=0.01)
    loss[200] += 5
    assert "loss-spike" in kinds(record(loss=loss, facts={"classes": 50_000}))


@pytest.mark.parametrize(
    ("kind", "found"), [("Linear", True), ("PositionEmbedding", False), ("EmbeddingBag", False)]
)
def test_only_weights_that_are_multiplied_and_added_up_can_be_too_large(kind, found):
    weights = np.array([[0.1, 0.1, 5.0]] * 3)
    layers = Layers(
        ("a.weight", "b.weight", "c"),
        ("Linear", "Linear", kind),
        ((32, 32),) * 3,
        np.arange(3.0),
        {"weight_rms": weights},
    )
    given = replace(record(loss=falling(0.5), val_loss=held(0.55)), parameters=layers)
    assert kinds(given) == ["weights-too-large"] * found


@pytest.mark.parametrize(
    ("counts", "prior"), [([0.9, 0.1], 0.325), ([90_000, 10_000], 0.325), ([0, 40], math.log(2))]
)
def test_the_prior_is_the_entropy_of_counts_or_shares_and_of_one_class_alone_unknown(counts, prior):
    seen = Seen(record(loss=falling(), facts={"classes": 2, "label_counts": counts}))
    assert seen.prior == pytest.approx(prior, abs=1e-3)
    assert seen.prior_error < 0.01


def test_a_loss_above_a_guess_from_first_to_last_is_of_steps_that_are_too_large():
    facts = {"classes": 10, "first_loss": "after an update"}
    high = 8 + 4 * np.abs(np.sin(np.arange(20)))
    (one,) = diagnose(record(val_loss=high, facts=facts))
    assert (one.kind, one.certainty) == ("learning-rate-too-high", "hypothesis")
    assert "and a model that knows nothing has 2.3: answers are sure, and wrong" in one.title
    assert diagnose(record(val_loss=held(0.4), facts=facts)) == ()
    assert kinds(record(loss=falling(0.01), val_loss=high, facts={"classes": 10}))[0] != one.kind


def test_what_more_steps_would_give_is_a_range_and_nothing_is_said_of_a_loss_below_0():
    falls = np.linspace(2.3, 1.2, STEPS)
    (one,) = diagnose(record(loss=falls))
    assert one.title == (
        "The loss still falls; as many steps again would likely bring it from 1.23 to between 0.49 and 1"
    )
    assert one.evidence == "means of the last three quarters 1.89, 1.61 and 1.34"
    assert kinds(record(loss=falls - 5)) == []


def test_a_model_that_was_trained_before_needs_no_large_steps():
    facts = {"classes": 10, "calls": calls(STEPS)}
    small = np.full(20, 1e-4)
    given = record(loss=falling(0.48, start=0.76, half=150), val_loss=held(0.5, start=0.75), facts=facts)
    assert kinds(moved(given, small)) == []
    slow = record(loss=falling(2.2, start=2.3, half=150), val_loss=np.linspace(2.3, 2.2, 20), facts=facts)
    assert kinds(moved(slow, small))[0] == "learning-rate-too-low"
