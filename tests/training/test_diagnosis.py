"""The diagnosis of runs: by curves that are drawn here, and by small trainings with a fault."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.training.diagnosis import diagnose, events, shared_spikes
from offdiagonal.training.diagnosis.kinds import KINDS
from offdiagonal.training.record import Curve, RunRecord

DOCS = Path(__file__).resolve().parents[2] / "docs" / "diagnosis.md"
STEPS = 400


def record(facts=None, id="r", steps=None, **metrics) -> RunRecord:
    curves = {}
    for name, given in metrics.items():
        values = np.asarray(given, float)
        at = np.linspace(0, STEPS - 1, len(values)).round() if steps is None else np.asarray(steps, float)
        curves[name] = Curve(at, values, at / 10)
    return RunRecord(id=id, name=id, started=0.0, status="finished", metrics=curves, facts=facts or {})


def falling(end=0.1, start=2.3, noise=0.03, seed=0, n=STEPS, half=30):
    rng = np.random.default_rng(seed)
    level = end + (start - end) * np.exp(-np.arange(n) / half)
    return level * (1 + noise * rng.normal(size=n))


def healthy(**other):
    return record(loss=falling(), val_loss=falling(0.13, n=20, half=2, seed=1), **other)


def first(given: RunRecord) -> str:
    found = diagnose(given)
    return found[0].kind if found else ""


def overfitted():
    rise = np.concatenate([falling(0.5, n=10, half=2), 0.5 + np.linspace(0, 0.9, 20)])
    return record(loss=falling(0.01), val_loss=rise)


def spiked(at=200, height=4.0, seed=0, id="r"):
    loss = falling(seed=seed)
    loss[at] += height
    return record(loss=loss, id=id)


def lost():
    loss = falling()
    loss[300:] = np.nan
    return record(loss=loss)


def diverging():
    return record(loss=np.concatenate([falling(n=200), 0.1 + np.exp(np.linspace(0, 4, 200)) / 10]))


CASES = {
    "overfitting": overfitted,
    "loss-spike": spiked,
    "not-a-number": lost,
    "diverged": diverging,
    "not-learning": lambda: record(loss=2.3 + 0.02 * np.random.default_rng(0).normal(size=STEPS)),
    "memorises-noise": lambda: record(
        facts={"classes": 10}, loss=falling(0.2), val_loss=2.31 + np.linspace(0, 0.5, 20)
    ),
    "validation-better-than-train": lambda: record(loss=falling(1.2), val_loss=falling(0.5, n=20, half=2)),
    "initial-loss-off": lambda: record(facts={"classes": 10}, loss=falling(start=9.0)),
    "underfitting": lambda: record(facts={"classes": 10}, loss=falling(2.05)),
    "still-improving": lambda: record(loss=np.linspace(2.3, 1.2, STEPS) * (1 + falling(0, 0.03) * 0)),
    "learning-rate-decays-too-early": lambda: record(loss=falling(0.8), lr=0.1 * 0.9 ** np.arange(STEPS)),
    "wrong-sign": lambda: record(facts={"classes": 10}, loss=-np.exp(np.linspace(0, 4, STEPS))),
}


@pytest.mark.parametrize("kind", CASES)
def test_the_right_cause_comes_first_of_losses_alone(kind):
    assert first(CASES[kind]()) == kind


def test_nothing_is_said_of_a_healthy_run():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        loss = falling(
            end=rng.uniform(0.02, 0.4), noise=rng.uniform(0.01, 0.15), seed=seed, half=rng.uniform(10, 40)
        )
        assert diagnose(record(loss=loss)) == ()
    assert diagnose(healthy()) == ()


def test_nothing_is_said_of_nothing():
    assert diagnose(record()) == ()
    assert diagnose(record(loss=[1.0])) == ()
    assert diagnose(record(loss=[2.0, 1.0, 0.5], val_loss=[1.0])) == ()


SHAPES = (
    "overfitting",
    "loss-spike",
    "diverged",
    "not-learning",
    "validation-better-than-train",
    "still-improving",
)


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("times", [1e-200, 1e-6, 0.37, 1e9, 1e300])
def test_a_loss_in_other_units_has_the_same_findings(kind, times):
    given = CASES[kind]()
    metrics = {name: Curve(c.steps, c.values * times, c.times) for name, c in given.metrics.items()}
    scaled = RunRecord(id="r", name="r", started=0.0, status="finished", metrics=metrics)
    assert [one.kind for one in diagnose(scaled)] == [one.kind for one in diagnose(given)]


@pytest.mark.parametrize("kind", SHAPES)
def test_the_numbering_of_steps_does_not_matter(kind):
    given = CASES[kind]()
    metrics = {name: Curve(c.steps * 1000 + 7, c.values, c.times) for name, c in given.metrics.items()}
    moved = RunRecord(id="r", name="r", started=0.0, status="finished", metrics=metrics)
    assert [one.kind for one in diagnose(moved)] == [one.kind for one in diagnose(given)]


def test_values_that_come_out_of_order_or_twice_have_the_same_findings():
    given = overfitted()
    rng = np.random.default_rng(0)
    metrics = {}
    for name, curve in given.metrics.items():
        order = rng.permutation(np.repeat(np.arange(len(curve)), 2))
        metrics[name] = Curve(curve.steps[order], curve.values[order], curve.times[order])
    mixed = RunRecord(id="r", name="r", started=0.0, status="finished", metrics=metrics)
    assert [one.kind for one in diagnose(mixed)] == [one.kind for one in diagnose(given)]


@pytest.mark.parametrize("kind", CASES)
def test_a_finding_says_all_that_it_should(kind):
    one = diagnose(CASES[kind]())[0]
    assert one.level == "training"
    low, high = one.where["step"]
    assert 0 <= low <= high < STEPS
    assert any(letter.isdigit() for letter in one.evidence)
    assert one.causes
    assert one.try_next
    assert one.confirm_by
    assert one.theory.count(".") >= 2


def test_the_documentation_lists_each_kind():
    text = DOCS.read_text("utf-8")
    assert [slug for slug, kind in KINDS.items() if f"### `{slug}`\n\n{kind.meaning}" not in text] == []


def test_events_mark_what_happened_at_a_step():
    loss = falling()
    loss[200] += 2
    loss[390] = np.nan
    lr = np.where(np.arange(STEPS) < 300, 0.1, 0.01)
    found = events(record(loss=loss, lr=lr))
    assert [(one.kind, one.metric, one.step) for one in found] == [
        ("spike", "loss", 200),
        ("learning-rate", "lr", 300),
        ("not-a-number", "loss", 390),
    ]
    assert [one.text for one in found][1] == "learning rate from 0.1 to 0.01 at step 300"
    onset = events(overfitted())
    assert [one.kind for one in onset] == ["overfitting"]


def test_one_hard_batch_is_an_event_and_a_spike_that_lasts_a_finding():
    once = spiked(height=1.0)
    assert diagnose(once) == ()
    assert [one.kind for one in events(once)] == ["spike"]
    loss = falling()
    loss[200:230] += np.linspace(1.0, 0, 30)
    assert first(record(loss=loss)) == "loss-spike"


def test_a_curve_that_is_flat_without_a_learning_rate_says_nothing_of_the_model():
    fall = 2.02 + 0.28 * np.exp(-np.minimum(np.arange(STEPS), 300) / 250)
    flat = {"facts": {"classes": 10}, "loss": fall * falling(1, 1, noise=0.002)}
    assert first(record(**flat)) == "underfitting"
    assert first(record(**flat, lr=np.where(np.arange(STEPS) < 300, 0.1, 0.005))) == ""


def test_a_spike_that_three_runs_share_is_of_the_data():
    runs = [spiked(200, seed=i, id=str(i)) for i in range(3)] + [spiked(250, seed=9, id="other")]
    (one,) = shared_spikes(runs)
    assert (one.step, set(one.runs)) == (200, {"0", "1", "2"})
    assert "3 of 4 runs" in one.text
    rng = np.random.default_rng(0)
    assert shared_spikes([runs[i] for i in rng.permutation(4)])[0].step == 200
    assert shared_spikes(runs[1:]) == ()


def test_a_layer_is_named_with_its_class_and_a_share_has_a_space():
    run = od.Run("layers", keep=False)
    for step in range(12):
        shares = {"dead_share": np.float32([0, 1]), "not_finite_share": np.float32([0, step == 11])}
        run.log_layers("activations", step, ["2", "3"], shares, kinds=["Linear", "ReLU"])
    run.finish()
    titles = [one.title for one in run.findings()]
    assert "100 % of the units of layer 3 (ReLU) give 0 for all examples" in titles
    assert "The output of layer 3 (ReLU) is not finite at step 11" in titles


def trained(change):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from benchmarks.training_faults.nets import NETS
    from benchmarks.training_faults.plan import carry_out

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        plan = NETS["mlp_digits"](0)
        plan.steps = 120
        change(plan)
        run = od.Run("planted", keep=False)
        carry_out(plan, run)
        run.finish()
    finally:
        torch.set_num_threads(before)
    return [one.kind for one in run.findings()]


def test_a_healthy_training_has_no_cause_to_name():
    assert trained(lambda plan: None) == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("no_zero_grad", "gradients-accumulate"),
        ("head_not_in_optimizer", "not-updated"),
        ("frozen_first_layer", "no-gradient"),
        ("relu_dead_by_bias", "dead-units"),
        ("sorted_by_target", "unshuffled"),
        ("softmax_module_before_cross_entropy", "softmax-twice"),
        ("weights_all_alike", "symmetric-weights"),
        ("labels_shuffled_each_epoch", "not-learning"),
    ],
)
def test_a_planted_fault_is_named_first(fault, kind):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from benchmarks.training_faults import faults, faults_of_data
    from benchmarks.training_faults.registry import FAULTS

    assert faults
    assert faults_of_data
    assert trained(FAULTS[fault].change)[0] == kind


def test_held_out_faults_are_those_that_were_fixed_first():
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from benchmarks.training_faults.registry import FAULTS
    from benchmarks.training_faults.sweep import HELD_OUT

    written = {**HELD_OUT["faults"], **HELD_OUT["development"]}
    assert {name: list(fault.causes) for name, fault in FAULTS.items()} == written
    assert len(HELD_OUT["faults"]) == round(len(FAULTS) / 3)


@pytest.fixture(scope="module")
def logs():
    from benchmarks import nanogpt

    if not (nanogpt.DATA / "runs.parquet").exists():
        pytest.skip(f"the logs are not in {nanogpt.DATA}")
    pytest.importorskip("pyarrow", reason="the logs are a Parquet file")
    every = nanogpt.records(nanogpt.DATA)
    return nanogpt, every, [one for one in every if len(one.curve("loss"))]


def test_real_spikes_are_found_and_calm_curves_have_none(logs):
    from offdiagonal.training.diagnosis.leaps import spikes_of

    nanogpt, _, trained_runs = logs
    some = trained_runs[::12]
    assert all(spikes_of(one.curve("loss")) for one in some)
    calm = [spikes_of(nanogpt.calm(one, seed).curve("loss")) for seed, one in enumerate(some)]
    assert sum(not spikes for spikes in calm) >= 0.95 * len(some) - 1
    assert 918 in {one.step for one in shared_spikes(some)}


def test_real_validation_curves_are_not_called_overfitted(logs):
    _, every, _ = logs
    some = [one for one in every if not len(one.curve("loss"))][::10]
    kinds = [{finding.kind for finding in diagnose(one)} for one in some]
    assert sum(bool(found & {"overfitting", "diverged"}) for found in kinds) <= 0.02 * len(some)


def test_real_runs_that_are_stored_twice_are_named(logs):
    nanogpt, every, _ = logs
    assert len(nanogpt.duplicates(every)) == 51
