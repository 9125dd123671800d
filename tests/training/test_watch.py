"""Watching a PyTorch model: what is seen, that nothing is held, and what is said of wrong use."""

from __future__ import annotations

import copy
import gc
import pickle
import subprocess
import sys
import weakref

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.training.hooks.torch_facts import decay_of, settings_of
from offdiagonal.training.hooks.torch_model import pause

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
nn = torch.nn


pytestmark = pytest.mark.usefixtures("one_thread")


def net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.25), nn.Linear(8, 3))


def batch(n: int = 16):
    generator = torch.Generator().manual_seed(1)
    return torch.randn(n, 4, generator=generator), torch.arange(n) % 3


def train(run, model, optimizer, *, steps=12, every=1, loss_function=None, **options):
    loss_function = loss_function or nn.CrossEntropyLoss()
    remove = run.watch(model, optimizer, loss_function, every=every)
    x, y = batch()
    for step in range(steps):
        model.train()
        if options.get("zero", True):
            optimizer.zero_grad()
        loss = loss_function(model(x), y)
        loss.backward()
        if options.get("step", True):
            optimizer.step()
        run.log(step, loss=loss, **options.get("metrics", {}))
        if step % 4 == 3:
            if options.get("evaluation", True):
                model.eval()
            with torch.no_grad():
                model(x * options.get("scale", 1))
    return remove


def trained(model=None, lr=0.1, **options):
    model = model or net()
    run = od.Run("watched", keep=False)
    train(run, model, torch.optim.SGD(model.parameters(), lr=lr), **options)
    run.finish()
    return run.record


def column(layers, name, stat):
    values = layers.stats[stat][:, layers.names.index(name)]
    return values[~np.isnan(values)]


def test_watch_sees_each_layer_in_the_order_of_the_forward_pass():
    record = trained()
    assert [n for n in record.activations.names if not n.startswith("(")] == ["0", "1", "2", "3"]
    assert record.activations.kinds[1:5] == ("Linear", "ReLU", "Dropout", "Linear")
    assert record.activations.shapes[1:5] == ((8,), (8,), (8,), (3,))
    assert record.parameters.names == ("0.weight", "0.bias", "3.weight", "3.bias")
    assert record.parameters.shapes[0] == (8, 4)


def test_watch_measures_what_numpy_measures():
    model = net().eval()
    weight = model[0].weight.detach().numpy().copy()
    x, y = batch()
    outputs = nn.functional.relu(model[0](x)).detach().numpy()
    record = trained(model, steps=1)
    first = {
        stat: column(record.parameters, "0.weight", stat)[0]
        for stat in ("weight_rms", "weight_std", "weight_mean")
    }
    assert first["weight_rms"] == pytest.approx(np.sqrt((weight**2).mean()), rel=1e-5)
    assert first["weight_std"] == pytest.approx(weight.std(), rel=1e-5)
    assert first["weight_mean"] == pytest.approx(weight.mean(), rel=1e-4)
    assert column(record.activations, "1", "zero_share")[0] == pytest.approx((outputs == 0).mean())
    assert column(record.activations, "1", "dead_share")[0] == pytest.approx((outputs == 0).all(0).mean())
    assert column(record.activations, "1", "activation_std")[0] == pytest.approx(outputs.std(), rel=1e-5)
    assert column(record.activations, "(target)", "activation_mean")[0] == pytest.approx(
        float(y.float().mean())
    )


def test_update_ratio_is_the_change_over_the_weights():
    torch.manual_seed(0)
    model = nn.Linear(4, 3)
    before = model.weight.detach().clone()
    run = od.Run("one", keep=False)
    train(run, model, torch.optim.SGD(model.parameters(), lr=0.5), steps=1)
    moved = (model.weight.detach() - before).square().mean().sqrt() / before.square().mean().sqrt()
    assert column(run.record.parameters, "weight", "update_ratio")[0] == pytest.approx(float(moved), rel=1e-5)


def test_every_says_which_steps_are_looked_at():
    assert trained(steps=12, every=5).parameters.steps.tolist() == [0, 5, 10]


def test_without_every_looks_are_rare_enough():
    record = trained(steps=40, every=None)
    assert record.parameters.steps[0] == 0
    assert (np.diff(record.parameters.steps) >= 5).all()


def test_a_short_training_is_looked_at_more_than_now_and_then():
    assert len(trained(steps=60, every=None).parameters.steps) >= 8


def test_looks_of_a_long_training_stay_below_their_share():
    looks, step, spent = 0, 0, 0.0
    while step < 6000:  # of 10 ms each, a look takes as long
        looks, spent = looks + 1, spent + 0.01
        step += pause(None, step + 1, spent, (step + 1) * 0.01)
    assert looks >= 20
    assert spent / 60 <= 0.02


def test_facts_tell_classes_batch_size_trace_and_optimizer():
    facts = trained().facts
    assert facts["classes"] == 3
    assert facts["batch_size"] == 16
    assert facts["optimizer"] == "SGD"
    assert facts["loss_function"] == "CrossEntropyLoss"
    assert facts["loss_call"] == {"output": [16, 3], "target": [16], "target_dtype": "int64"}
    assert [line["module"] for line in facts["trace"]] == ["(input)", "0", "1", "2", "3", "(output)"]
    assert facts["trace"][2]["shape"] == [16, 8]
    assert facts["trace"][2]["low"] == 0
    assert facts["parameters"]["0.weight"] == {
        "shape": [8, 4],
        "requires_grad": True,
        "in_optimizer": True,
        "had_gradient": True,
    }


def test_labels_are_counted_without_those_that_are_ignored():
    run, model = od.Run("labels", keep=False), net()
    loss_function = nn.CrossEntropyLoss(ignore_index=-100)
    run.watch(model, torch.optim.SGD(model.parameters(), lr=0.1), loss_function, every=1)
    for _ in range(3):
        loss_function(model(torch.randn(6, 4)), torch.tensor([0, 0, 0, 2, -100, 2])).backward()
    run.finish()
    assert run.record.facts["label_counts"] == [9, 0, 6]  # gradients gathered over three batches


def test_labels_of_all_steps_are_counted_and_those_of_evaluations_are_not():
    run, model = od.Run("labels", keep=False), net()
    loss_function, (x, y) = nn.CrossEntropyLoss(), batch(6)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    run.watch(model, optimizer, loss_function, every=100)
    for _ in range(5):
        optimizer.zero_grad()
        loss_function(model(x), y).backward()
        optimizer.step()
        with torch.no_grad():
            loss_function(model(x), torch.zeros_like(y))
    run.finish()
    assert run.record.facts["label_counts"] == [10, 10, 10]


def test_labels_that_the_user_has_counted_stay():
    run, model = od.Run("labels", keep=False), net()
    run.fact("label_counts", [7, 8, 9])
    train(run, model, torch.optim.SGD(model.parameters(), lr=0.1))
    run.finish()
    assert run.record.facts["label_counts"] == [7, 8, 9]


class Focal(nn.Module):
    def forward(self, outputs, targets):
        return nn.functional.cross_entropy(outputs, targets) ** 2


@pytest.mark.parametrize(
    "loss_function",
    [
        nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0])),
        nn.CrossEntropyLoss(label_smoothing=0.1),
        Focal(),
    ],
)
def test_labels_of_which_the_entropy_is_no_prior_are_not_counted(loss_function):
    assert "label_counts" not in trained(loss_function=loss_function).facts


def test_a_class_that_the_loss_ignores_is_not_counted():
    assert trained(loss_function=nn.CrossEntropyLoss(ignore_index=0)).facts["label_counts"] == [0, 60, 60]


def test_a_second_watch_of_a_run_counts_on():
    run, model = od.Run("twice", keep=False), net()
    for _ in range(2):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        train(run, model, optimizer, steps=2)()
    x, y = batch()
    run.watch(model, optimizer, loss := nn.CrossEntropyLoss(), every=1)
    loss(model(x), torch.zeros_like(y))
    run.finish()
    assert run.record.facts["label_counts"] == [16, 0, 0]


def test_two_optimizers_are_one_step_and_both_are_seen_to_move_their_weights():
    run, model = od.Run("two", keep=False), net()
    optimizers = [torch.optim.SGD(model[i].parameters(), lr=0.1) for i in (0, 3)]
    loss_function, (x, y) = nn.CrossEntropyLoss(), batch()
    run.watch(model, optimizers, loss_function, every=1)
    for step in range(6):
        model.zero_grad()
        loss_function(model(x), y).backward()
        for optimizer in optimizers if step % 2 else optimizers[:1]:
            optimizer.step()
            optimizer.zero_grad()
    run.finish()
    assert run.record.facts["calls"]["steps"] == 6
    moved = {name: column(run.record.parameters, name, "update_ratio") for name in ("0.weight", "3.weight")}
    assert (moved["0.weight"] > 0).all()
    assert (moved["3.weight"] > 0).tolist() == [False, True] * 3


def test_decay_is_that_of_all_parameters_by_the_rate_of_their_own():
    run, model = od.Run("decay", keep=False), net()
    small = torch.optim.AdamW(model[3].parameters(), lr=1e-4, weight_decay=0.1)
    large = torch.optim.SGD(model[0].parameters(), lr=0.5, momentum=0.9)
    run.watch(model, [small, large], loss_function := nn.CrossEntropyLoss(), every=1)
    x, y = batch()
    for _ in range(3):
        loss_function(model(x), y).backward()
        large.step()
        small.step()
    run.finish()
    assert run.record.facts["decay_per_step"] == pytest.approx(1e-5 * 27 / 67)


def test_numbers_of_an_optimizer_that_are_tensors_are_not_read():
    model = net()
    optimizer = torch.optim.Adam(
        model.parameters(), lr=torch.tensor(0.1), betas=(torch.tensor(0.9), torch.tensor(0.99))
    )
    assert "betas" not in settings_of(optimizer)
    assert decay_of([optimizer]) == 0


@pytest.mark.parametrize(
    ("optimizer", "settings"),
    [
        (lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), {"momentum": 0.9, "dampening": 0}),
        (lambda p: torch.optim.AdamW(p, lr=0.1), {"betas": [0.9, 0.999], "weight_decay": 0.01}),
    ],
)
def test_the_optimizer_says_its_momentum_and_decay(optimizer, settings):
    run, model = od.Run("settings", keep=False), net()
    train(run, model, optimizer(model.parameters()))
    run.finish()
    assert settings.items() <= run.record.facts["optimizer_settings"].items()


def test_calls_are_counted_by_mode():
    assert trained().facts["calls"]["evaluated_in_training"] == 0
    calls = trained(evaluation=False).facts["calls"]
    assert calls["evaluations"] == calls["evaluated_in_training"] == 3
    assert calls["modules"] == ["2"]


def test_lr_and_grad_norm_are_logged_where_the_loop_does_not():
    record = trained()
    assert set(record.curve("lr").values) == {0.1}
    assert (record.curve("grad_norm").values > 0).all()
    own = trained(metrics={"lr": 7.0, "grad_norm": 8.0})
    assert set(own.curve("lr").values) == {7.0}
    assert set(own.curve("grad_norm").values) == {8.0}


def test_gradient_left_over_is_seen_before_the_backward_pass():
    assert "carried_gradient_rms" not in {
        name for name, values in trained().parameters.stats.items() if np.nanmax(values, initial=0) > 0
    }
    assert column(trained(zero=False).parameters, "0.weight", "carried_gradient_rms").min() > 0


def test_hooks_go_with_the_run_and_when_asked():
    model, run = net(), od.Run("gone", keep=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train(run, model, optimizer)
    run.finish()
    assert hooks(model) == 0
    asked = od.Run("asked", keep=False)
    remove = asked.watch(model, optimizer)
    assert hooks(model) == 1
    remove()
    assert hooks(model) == 0
    assert not optimizer._optimizer_step_post_hooks


def hooks(model) -> int:
    modules = list(model.modules())
    return sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in modules)


def test_a_run_keeps_nothing_of_the_model_alive():
    model, run = net(), od.Run("alive", keep=False)
    train(run, model, torch.optim.SGD(model.parameters(), lr=0.1))
    known = weakref.ref(model), weakref.ref(model[0].weight)
    del model
    gc.collect()
    assert [ref() for ref in known] == [None, None]
    assert run.record.parameters is not None


@pytest.mark.parametrize("kind", ["SGD", "Adam", "LBFGS"])
def test_a_step_with_a_closure_is_watched_and_has_no_gradient_of_another_pass(kind):
    run, model, loss_function = od.Run("closure", keep=False), net(), nn.CrossEntropyLoss()
    optimizer = getattr(torch.optim, kind)(model.parameters(), lr=0.1)
    run.watch(model, optimizer, loss_function, every=1)
    x, y = batch()

    def closure():
        optimizer.zero_grad()
        loss = loss_function(model(x), y)
        loss.backward()
        return loss

    for step in range(6):
        if step == 3:
            loss_function(model(x), y).backward()  # what the closure sets to zero
        run.log(step, loss=optimizer.step(closure))
    run.finish()
    parameters = run.record.parameters
    assert parameters is not None
    assert (parameters.stats["update_ratio"] > 0).any()
    assert not np.isfinite(parameters.stats.get("gradient_rms", np.array(np.nan))).any()
    assert "grad_norm" not in run.record.metrics
    assert run.record.curve("lr").values[0] == 0.1


@pytest.mark.parametrize("looking", [False, True])
def test_a_watched_model_is_copied_and_saved_without_its_hooks(looking, tmp_path):
    run, model, loss_function = od.Run("copied", keep=False), net(), nn.CrossEntropyLoss()
    run.watch(model, torch.optim.SGD(model.parameters(), lr=0.1), loss_function, every=1)
    x, y = batch()
    if looking:
        loss_function(model(x), y)
    path = tmp_path / "model.pt"
    torch.save(model, path)
    copies = [
        copy.deepcopy(model),
        torch.optim.swa_utils.AveragedModel(model).module,
        pickle.loads(pickle.dumps(model)),
        torch.load(path, weights_only=False),
    ]
    assert isinstance(copy.deepcopy(loss_function), nn.CrossEntropyLoss)
    for one in copies:
        assert torch.equal(one.eval()(x), copy.deepcopy(model).eval()(x))
        one.train()(x * float("nan")).sum().backward()
    code = f"import sys, torch; torch.load({str(path)!r}, weights_only=False); print('offdiagonal' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
    run.finish()
    seen = run.record.activations
    assert (seen is not None) == looking
    assert seen is None or not seen.stats["not_finite_share"].any()  # nothing of the copies


def test_an_output_that_is_a_dict_and_a_shared_module_are_seen():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 4)

        def forward(self, x):
            return {"logits": self.layer(self.layer(x))}

    model, run = Model(), od.Run("dict", keep=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    run.watch(model, optimizer, every=1)
    for step in range(3):
        optimizer.zero_grad()
        loss = model(batch()[0])["logits"].square().mean()
        loss.backward()
        optimizer.step()
        run.log(step, loss=loss)
    run.finish()
    assert run.record.activations.names == ("(input)", "layer", "layer#2", "(output)")


def test_wrong_use_says_what_is_taken():
    run = od.Run("wrong", keep=False)
    model = net()
    with pytest.raises(od.OffdiagonalError, match=r"torch.nn.Module, not 'net'"):
        run.watch("net")
    with pytest.raises(od.OffdiagonalError, match=r"Optimizer or a list of them, not 0.1"):
        run.watch(model, 0.1)
    with pytest.raises(od.OffdiagonalError, match=r"every=0 is no number of steps"):
        run.watch(model, every=0)
