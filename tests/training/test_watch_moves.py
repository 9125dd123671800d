"""What moves in a watched PyTorch model is seen to move, and what is no number is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.training.watched import batch, kinds, learn, ratios

import offdiagonal as od
from offdiagonal.training.diagnosis import diagnose
from offdiagonal.training.record import Curve

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
nn = torch.nn


pytestmark = pytest.mark.usefixtures("one_thread")


def test_a_weight_of_which_columns_never_move_is_sampled_over_all_columns():
    x, y = batch(64, 784)
    x[:, ::28] = 0  # the border of an image: 28 divides the number of columns
    x[:, ::196] = 0
    model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 3))
    before = model[0].weight.detach().clone()
    run = learn(model, x, y, steps=1)
    moved = (model[0].weight.detach() - before).norm() / before.norm()
    assert ratios(run)[0] == pytest.approx(float(moved), rel=0.5)


@pytest.mark.parametrize("shape", [(256, 64), (64, 2048), (512, 784), (64, 32, 3, 3), (50_000, 16)])
def test_a_sample_meets_all_places_of_each_dimension_alike(shape):
    from offdiagonal.training.hooks.torch_stats import SAMPLED, spread

    size = int(np.prod(shape))
    sample, _ = spread([torch.arange(size).reshape(shape)])[0]
    assert SAMPLED / 2 <= len(sample) <= 2 * SAMPLED
    for places, of in zip(np.unravel_index(sample.numpy(), shape), shape, strict=True):
        assert len(set(places.tolist())) >= 0.6 * min(of, len(sample))


def test_a_weight_of_which_hardly_a_value_moves_is_not_said_to_stay():
    words = nn.Embedding(50_000, 16)
    model = nn.Sequential(words, nn.Flatten(), nn.Linear(32, 3))
    x, y = torch.tensor([[7, 9]] * 8), batch(8)[1]
    run = learn(model, x, y, steps=4)
    assert np.isnan(ratios(run)).all()  # not known: no value of the sample is of these two words
    assert "not-updated" not in kinds(run)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.complex64])
@pytest.mark.parametrize("offset", [0, 1])
def test_any_change_of_any_value_is_seen(dtype, offset):
    from offdiagonal.training.hooks.torch_stats import spread

    whole = torch.randn(10_002).to(dtype)
    parameter = whole[offset : 9_999 + offset]
    marks = [int(spread([parameter])[0][1])]
    for place in (1, 9_998):
        parameter[place] += 1
        marks.append(int(spread([parameter])[0][1]))
    assert len(set(marks)) == 3
    assert marks[-1] == int(spread([parameter])[0][1])


def test_a_weight_that_never_changes_is_still_found():
    x, y = batch()
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    still = [{"params": model[0].parameters(), "lr": 0.0}, {"params": model[2].parameters()}]
    run = learn(model, x, y, optimizer=torch.optim.SGD(still, lr=0.1))
    assert "not-updated" in kinds(run)
    assert not ratios(run).any()


def test_frozen_weights_with_an_old_gradient_are_frozen_and_not_called_still():
    x, y = batch()
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    model(x).square().mean().backward()
    model[0].requires_grad_(False)
    run = learn(model, x, y, optimizer=torch.optim.SGD(model[2].parameters(), lr=0.1))
    found = {finding.kind: finding for finding in run.findings()}
    assert "not-updated" not in found
    assert "frozen" in found["no-gradient"].title


def nans():
    x, y = batch()
    x = x.clone()

    def spoil(step):
        x[0, 0] = float("nan") if step == 5 else 0.5

    return learn(nn.Linear(4, 3), x, y, before=spoil)


def test_of_inputs_that_are_no_numbers_these_are_named_and_no_metric_of_watch():
    finding = next(f for f in nans().findings() if f.kind == "not-a-number")
    assert finding.title == "loss is nan at step 5: the inputs of the model are not finite"
    assert "the first are the inputs of the model, at step 5" in finding.evidence
    assert finding.causes[0] == "NaN in the data"


def test_where_the_loop_logs_no_loss_then_the_norm_that_watch_has_logged_is_not_named():
    record = nans().record
    loss = record.curve("loss")
    metrics = {**record.metrics, "loss": Curve(loss.steps[:5], loss.values[:5], loss.times[:5])}
    assert not np.isfinite(metrics["grad_norm"].values).all()
    finding = next(f for f in diagnose(replace(record, metrics=metrics)) if f.kind == "not-a-number")
    assert finding.title == "The inputs of the model are not finite at step 5"


def test_one_value_is_spoken_of_as_one():
    run = od.Run("one", keep=False)
    for step in range(20):
        run.log(step, loss=float("nan") if step == 9 else 1 / (1 + step))
    run.finish()
    finding = next(f for f in run.findings() if f.kind == "not-a-number")
    assert finding.evidence.startswith("1 value of loss is no number, at step 9")
