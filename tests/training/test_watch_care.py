"""The mode in which a watched PyTorch model learns, and that watching never ends a training."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from tests.training.watched import batch, kinds, learn, ratios

import offdiagonal as od

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
nn = torch.nn


pytestmark = pytest.mark.usefixtures("one_thread")


def norms() -> nn.Module:
    return nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))


# modes


@pytest.mark.parametrize("every", [None, 1, 5, 20])
def test_a_training_that_stays_in_evaluation_mode_is_found_and_looked_at(every):
    x, y = batch()
    model = norms()

    def validate(step):
        if step and step % 20 == 0:
            model.eval()
            with torch.no_grad():
                model(x)

    run = learn(model, x, y, steps=120, every=every, before=validate)
    found = {finding.kind: finding for finding in run.findings()}
    assert "100 of 120 steps" in found["evaluation-mode-at-training"].title
    assert "1, 3 did not do" in found["evaluation-mode-at-training"].evidence
    assert "train-mode-at-evaluation" not in found
    assert run.record.facts["calls"]["steps"] == 120
    assert run.record.parameters.steps[-1] >= 100
    assert run.record.activations.steps[-1] >= 100


def test_a_model_that_is_never_in_training_mode_is_looked_at_with_the_steps_of_the_loop():
    x, y = batch()
    run = learn(norms().eval(), x, y, steps=12)
    assert "evaluation-mode-at-training" in kinds(run)
    assert run.record.parameters.steps.tolist() == list(range(1, 12))  # the first may have been an evaluation
    assert run.record.facts["trace"][1]["module"] == "0"


def test_a_model_that_is_the_same_in_both_modes_may_stay_in_evaluation_mode():
    x, y = batch()
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).eval()
    run = learn(model, x, y)
    assert "evaluation-mode-at-training" not in kinds(run)
    assert run.record.parameters is not None


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_calls_with_gradients_in_evaluation_mode_are_no_steps(mode):
    x, y = batch()
    model = norms()

    def attack(step):
        model.eval()
        for _ in range(3):  # far from what the model learns from
            given = (1000 * x).requires_grad_()
            model(given).sum().backward()
        getattr(model, mode)()

    run = learn(model, x, y, steps=12, before=attack)
    assert run.record.facts["calls"]["steps"] == 12
    assert ("evaluation-mode-at-training" in kinds(run)) == (mode == "eval")
    layers = run.record.activations
    assert layers.steps.max() == 11
    assert "0#2" not in layers.names
    size = layers.stats["activation_max"][:, layers.names.index("(input)")]
    assert np.nanmax(size) < 100


# nothing ends a training


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.EmbeddingBag(20, 8, sparse=True)
        self.end = nn.Linear(8, 3)

    def forward(self, x):
        return self.end(self.words(x))


def test_sparse_gradients_are_left_out():
    model = Words()
    optimizers = [
        torch.optim.SparseAdam(model.words.parameters()),
        torch.optim.Adam(model.end.parameters()),
    ]
    run, loss_function = od.Run("sparse", keep=False), nn.CrossEntropyLoss()
    run.watch(model, optimizers, loss_function, every=1)
    x, y = torch.arange(40).reshape(8, 5) % 20, batch(8)[1]
    for step in range(6):
        model.zero_grad()
        loss = loss_function(model(x), y)
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
        run.log(step, loss=loss)
    run.finish()
    assert (ratios(run, "words.weight") > 0).all()
    assert "grad_norm" not in run.record.metrics  # that of all gradients is not known
    gradients = run.record.parameters.stats["gradient_rms"]
    assert np.isfinite(gradients).any(axis=0).tolist() == [False, True, True]
    assert "no-gradient" not in kinds(run)


def test_lazy_modules_are_watched_from_when_they_have_a_shape():
    model = nn.Sequential(nn.LazyLinear(16), nn.ReLU(), nn.LazyLinear(3))
    run = learn(model, *batch())
    assert run.record.parameters.names == ("0.weight", "0.bias", "2.weight", "2.bias")
    assert run.record.facts["parameters"]["0.weight"]["shape"] == [16, 4]


def test_a_scripted_model_trains_on_and_is_said_not_to_be_watched():
    model = torch.jit.script(nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)))
    with pytest.warns(UserWarning, match="takes no hooks"):
        run = learn(model, *batch())
    assert len(run.record.curve("loss").values) == 12


def test_transforms_of_functions_are_passed_over():
    x, y = batch()
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    run = learn(model, x, y, call=lambda x: torch.func.vmap(model)(x) + model(x))
    assert run.record.activations.names == ("(input)", "0", "1", "2", "(output)", "(target)")
    assert run.record.facts["calls"]["trained"] == 12


def test_a_model_of_which_a_compiled_one_was_made_is_still_seen():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Dynamo, on what it does not trace
        run = learn(model, *batch(), steps=3, call=torch.compile(model, backend="eager"))
    assert len(run.record.parameters.steps) == 3


def test_what_cannot_be_measured_ends_the_looking_with_a_warning_and_not_the_training(monkeypatch):
    from offdiagonal.training.hooks import torch_stats

    def fails(*_):
        raise NotImplementedError("not for this device")

    monkeypatch.setattr(torch_stats, "weight_stats", fails)
    with pytest.warns(UserWarning, match="stopped looking.*NotImplementedError: not for this device") as told:
        run = learn(norms(), *batch())
    assert len(told) == 1
    assert len(run.record.curve("loss").values) == 12


def test_a_model_that_is_never_called_is_said_at_the_end():
    model = norms()
    with pytest.warns(UserWarning, match=r"12 steps of the optimiser and no call.*model\.forward") as told:
        learn(model, *batch(), call=model.forward)
    assert len(told) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        od.Run("idle", keep=False).watch(norms())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"model": nn.Linear}, "not the class Linear"),
        ({"optimizer": torch.optim.Adam}, r"give Adam\(model.parameters\(\)\)"),
        ({"optimizer": []}, "holds no optimiser"),
        ({"loss_function": 3}, "loss_function=3 is no function"),
        ({"every": "all"}, "every='all' is no number of steps"),
        ({"every": 2.5}, "every=2.5 is no number of steps"),
        ({"every": True}, "every=True is no number of steps"),
    ],
)
def test_wrong_use_is_refused_in_one_sentence(wrong, said):
    with pytest.raises(od.OffdiagonalError, match=said):
        od.Run("wrong", keep=False).watch(**{"model": norms(), **wrong})


def test_a_run_watches_a_model_once():
    run, model = od.Run("twice", keep=False), norms()
    remove = run.watch(model)
    with pytest.raises(od.OffdiagonalError, match="watches the Sequential already"):
        run.watch(model)
    run.watch(norms())
    od.Run("other", keep=False).watch(model)
    remove()
    run.watch(model)


def test_the_batch_of_an_alignment_loss_is_no_number_of_classes():
    torch.manual_seed(0)
    model = torch.nn.Linear(6, 5)
    optimizer, loss_function = torch.optim.SGD(model.parameters(), lr=0.01), torch.nn.CTCLoss()
    with od.Run("ctc", keep=False) as run:
        run.watch(model, optimizer, loss_function, every=1)
        for step in range(12):
            optimizer.zero_grad()
            scores = model(torch.randn(20, 16, 6)).log_softmax(2)
            loss = loss_function(scores, torch.randint(1, 5, (16, 4)), [20] * 16, [4] * 16)
            loss.backward()
            optimizer.step()
            run.log(step, loss=loss)
    assert "classes" not in run.record.facts
    assert "initial-loss-off" not in [one.kind for one in run.findings()]
