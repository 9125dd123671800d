"""Harnesses on real small nets with planted faults: each says what is wrong, and passes what is sound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

import offdiagonal as od
from offdiagonal.training.harness.traces import differences
from offdiagonal.training.record import RunRecord

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
torch.set_num_threads(1)

DIGITS = load_digits()
X = torch.tensor(DIGITS.data / 16, dtype=torch.float32)
Y = torch.tensor(DIGITS.target)
BATCH = slice(0, 32)


def net(seed: int = 0) -> Any:
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))


def step_of(model: Any, optimizer: Any, labels: Any = None, inputs: Any = None) -> Callable[[], Any]:
    y = Y[BATCH] if labels is None else labels
    x = X[BATCH] if inputs is None else inputs

    def step() -> Any:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return step


def adam(model: Any, lr: float = 0.01) -> Any:
    return torch.optim.Adam(model.parameters(), lr=lr)


def test_a_sound_net_learns_one_batch_and_the_test_ends_early() -> None:
    model = net()
    found = od.overfit_one_batch(step_of(model, adam(model)))
    assert found.passed
    assert found.finding is None
    assert 3 < len(found.run.record.curve("loss")) < 400
    assert found.run.record.status == "finished"
    assert repr(found).startswith("passed: one batch is learnt, loss 2.")


def test_an_optimiser_of_another_model_is_found() -> None:
    found = od.overfit_one_batch(step_of(net(), adam(net(1))), steps=200)
    assert not found.passed
    assert found.finding is not None
    assert found.finding.kind == "not-updated"
    assert len(found.run.record.curve("loss")) < 80  # it gives up
    assert "does not know these weights" in found.finding.causes[0]


def test_dropout_alone_is_no_learning() -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Dropout(0.3), torch.nn.Linear(32, 10))
    found = od.overfit_one_batch(step_of(model, adam(net(1))), steps=200)
    assert found.finding is not None
    assert found.finding.kind == "not-learning"


def test_a_learning_rate_far_too_high_is_found() -> None:
    model = net()
    found = od.overfit_one_batch(step_of(model, torch.optim.SGD(model.parameters(), lr=300.0, momentum=0.9)))
    assert found.finding is not None
    assert found.finding.kind in {"diverged", "not-a-number", "learning-rate-too-high"}


def test_a_learning_rate_too_low_is_found() -> None:
    model = net()
    found = od.overfit_one_batch(step_of(model, torch.optim.SGD(model.parameters(), lr=0.03)), steps=120)
    assert found.finding is not None
    assert found.finding.kind == "still-improving"


def test_equal_inputs_with_other_labels_are_a_plateau() -> None:
    model = net()
    found = od.overfit_one_batch(step_of(model, adam(model), inputs=X[:1].repeat(32, 1)), steps=300)
    assert found.finding is not None
    assert found.finding.kind == "plateau"
    assert "equal inputs with different labels" in found.finding.causes[0]


def test_a_jump_that_kills_the_net_is_the_learning_rates() -> None:
    losses = iter([2.3, 60.0, 9.0] + [2.3] * 500)
    found = od.overfit_one_batch(lambda: next(losses))
    assert found.finding is not None
    assert found.finding.kind == "learning-rate-too-high"
    assert "jumped to 60 at step 1" in found.finding.evidence


def test_not_a_number_ends_it_at_once() -> None:
    losses = iter([1.0, 0.5, float("nan"), 0.1])
    found = od.overfit_one_batch(lambda: next(losses))
    assert found.finding is not None
    assert found.finding.kind == "not-a-number"
    assert "at step 2" in found.finding.evidence


def test_a_target_can_be_given_and_what_gives_no_loss_is_said() -> None:
    losses = iter([-1.0] + [-9.0] * 10)
    assert od.overfit_one_batch(lambda: next(losses), target=-8).passed
    turned = od.overfit_one_batch(lambda: -1.0)
    assert turned.finding is not None
    assert turned.finding.kind == "wrong-sign"
    with pytest.raises(od.OffdiagonalError, match="nothing to learn"):
        od.overfit_one_batch(lambda: 0.0)
    with pytest.raises(od.OffdiagonalError, match="step_fn returned None"):
        od.overfit_one_batch(lambda: None)


def batches(model: Any, optimizer: Any) -> Callable[[], Any]:
    order = iter(np.random.default_rng(0).permutation(len(X)).tolist() * 20)

    def step() -> Any:
        rows = [next(order) for _ in range(64)]
        return step_of(model, optimizer, Y[rows], X[rows])()

    return step


def test_a_range_of_learning_rates_holds_one_that_trains() -> None:
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    found = od.learning_rate_range(batches(model, optimizer), optimizer, 1e-4, 100.0)
    assert found.low is not None
    assert found.high is not None
    assert found.suggestion is not None
    assert found.low < found.suggestion <= found.high
    assert 0.01 < found.suggestion < 3
    assert found.run.record.curve("lr").values[0] == 1e-4
    assert "make it anew" in repr(found)

    def loss_after(rate: float) -> float:
        fresh = net()
        step = batches(fresh, torch.optim.SGD(fresh.parameters(), lr=rate))
        return [float(step().detach()) for _ in range(60)][-1]

    assert loss_after(found.suggestion) < loss_after(found.suggestion / 30) - 0.5
    assert loss_after(found.suggestion) < loss_after(found.suggestion * 300)


def test_a_range_that_ends_too_early_or_moves_nothing_is_said() -> None:
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    early = od.learning_rate_range(batches(model, optimizer), optimizer, 1e-4, 0.2)
    assert early.finding is not None
    assert early.finding.kind == "learning-rate-too-low"
    other = torch.optim.SGD(net(1).parameters(), lr=1.0)
    nothing = od.learning_rate_range(batches(net(), other), other, 1e-4, 10)
    assert nothing.suggestion is None
    assert nothing.finding is not None
    assert nothing.finding.kind == "not-learning"
    with pytest.raises(od.OffdiagonalError, match=r"not from 1\.0 to 0\.1"):
        od.learning_rate_range(lambda: 1.0, lambda rate: None, 1.0, 0.1)
    with pytest.raises(od.OffdiagonalError, match="a function of the rate or a PyTorch optimiser, not 3"):
        od.learning_rate_range(lambda: 1.0, 3)


def build(seed: int, dropout: bool, norm: bool, noise: bool) -> od.Run:
    """A net whose dropout is far too strong, which is the planted fault."""
    torch.manual_seed(seed)
    parts = [torch.nn.Linear(64, 32), torch.nn.ReLU()]
    if dropout:
        parts.append(torch.nn.Dropout(0.95))
    if norm:
        parts.append(torch.nn.BatchNorm1d(32))
    model = torch.nn.Sequential(*parts, torch.nn.Linear(32, 10))
    optimizer = adam(model, 0.02)
    for _ in range(40):
        rows = torch.randint(0, 1200, (32,))
        step_of(model, optimizer, Y[rows], X[rows] + 0.01 * torch.randn(32, 64) * noise)()
    model.eval()
    with od.Run("net", keep=False) as run, torch.no_grad():
        run.log(40, val_loss=torch.nn.functional.cross_entropy(model(X[1200:]), Y[1200:]))
    return run


def test_the_switch_that_brings_the_fault_is_named() -> None:
    found = od.simplify(build, ["dropout", "norm", "noise"])
    assert found.culprit == "dropout"
    assert found.finding is not None
    assert found.finding.title.startswith("Without dropout the score is better by")
    assert "noise alone" in found.finding.rules_out
    assert found.to_frame().set_index("switch")["low"]["dropout"] > 0


def test_no_switch_is_named_for_the_noise_of_seeds() -> None:
    random = np.random.default_rng(1)
    named = sum(
        bool(od.simplify(lambda a, b, c: random.normal(), ["a", "b", "c"]).culprits) for _ in range(200)
    )
    # at most 2.5 % by its own level, one-sided; more than 17 of 200 has a chance below 1 in 10,000
    assert named <= 17


def test_a_switch_that_makes_training_fail_is_named() -> None:
    found = od.simplify(lambda half, norm: float("nan") if half else 0.5 + 0.0 * norm, ["half", "norm"])
    assert found.culprit == "half"
    assert found.finding is not None
    assert found.finding.title == "With half on 3 of 3 trainings end in NaN or infinity, without it none"


def test_a_switch_that_mends_the_seeds_that_fail_is_named_and_failures_are_counted() -> None:
    nan = float("nan")
    found = od.simplify(lambda seed, half, norm: nan if half and seed == 1 else 0.5, ["half", "norm"])
    assert found.culprit == "half"
    assert found.finding is not None
    assert found.finding.title == "With half on 1 of 3 trainings end in NaN or infinity, without it none"
    assert found.finding.certainty == "likely"
    assert "1 of 3 with all on, 0 of 3 without half, 1 of 3 without norm" in repr(found)
    both = od.simplify(lambda seed, a, b: nan if a and b and seed else 0.5, ["a", "b"])
    assert both.culprit is None
    assert repr(both).startswith("no training fails without a or without b\n")
    ever = od.simplify(lambda seed, a, b: nan if seed else 0.5, ["a", "b"])
    assert ever.culprit is None
    assert repr(ever).startswith("no switch alone mends all trainings that fail\n")


def test_values_for_on_and_off_and_more_is_better() -> None:
    found = od.simplify(
        lambda depth, seed: 0.5 + 0.01 * seed - 0.1 * (depth > 3), {"depth": (20, 2)}, lower=False
    )
    assert found.culprit == "depth"
    with pytest.raises(od.OffdiagonalError, match="no switch to turn off"):
        od.simplify(lambda: 1.0, [])
    with pytest.raises(od.OffdiagonalError, match="1 seed says nothing"):
        od.simplify(lambda a: 1.0, ["a"], seeds=[0])
    with pytest.raises(od.OffdiagonalError, match="give metric="):
        od.simplify(lambda a: od.Run("empty", keep=False), ["a"])


def line(module: str, low: float = 0.0, high: float = 1.0, **more: Any) -> dict[str, Any]:
    return {
        "module": module,
        "kind": "Linear",
        "shape": [8, 4],
        "dtype": "float32",
        "low": low,
        "high": high,
        **more,
    }


def traced(name: str, lines: list[dict[str, Any]]) -> od.Run:
    return od.Run.of(RunRecord(id=name, name=name, started=0.0, status="finished", facts={"trace": lines}))


def test_traces_differ_in_modules_shapes_types_and_ranges() -> None:
    first = traced("a", [line("0"), line("1"), line("2"), line("3")])
    second = traced(
        "b", [line("0", high=1.2), line("1", high=40.0), line("2", shape=[8, 1]), line("4", kind="ReLU")]
    )
    found = od.compare_traces(first, second)
    assert len(found) == 4
    assert repr(found) == "4 differences in 4 of 5 modules; the first is the range of 1: 0 to 1 and 0 to 40."
    frame = found.to_frame()
    assert frame.to_dict("records") == [
        {"module": "1", "what": "range", "first": "0 to 1", "second": "0 to 40"},
        {"module": "2", "what": "shape", "first": "[8, 4]", "second": "[8, 1]"},
        {"module": "3", "what": "module", "first": "Linear [8, 4]", "second": "–"},
        {"module": "4", "what": "module", "first": "–", "second": "ReLU [8, 4]"},
    ]
    assert first.trace()["module"].tolist() == ["0", "1", "2", "3"]
    with pytest.raises(od.OffdiagonalError, match=r"c has no trace .* run.watch"):
        od.compare_traces(first, traced("c", []))


def test_equal_traces_have_no_difference_and_infinity_is_one() -> None:
    assert differences([line("0")], [line("0")]) == []
    same = od.compare_traces(traced("a", [line("0")]), traced("a", [line("0")]))
    assert not same
    assert repr(same) == "The traces do not differ: 1 module of the same shapes, types and ranges."
    assert same.to_frame().columns.tolist() == ["module", "what", "first", "second"]
    assert same._shown().more == "a (first) and a (second)"
    assert [row["what"] for row in differences([line("0")], [line("0", high=float("inf"))])] == ["range"]


def test_the_trace_of_a_real_net_is_compared() -> None:
    runs = []
    for width in (32, 16):
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Linear(64, width), torch.nn.ReLU(), torch.nn.Linear(width, 10))
        with od.Run(f"width {width}", keep=False) as run:
            optimizer = adam(model)
            run.watch(model, optimizer)
            step = step_of(model, optimizer)
            for i in range(3):
                run.log(i, loss=step())
        runs.append(run)
    frame = od.compare_traces(*runs).to_frame()
    shapes = frame[frame["what"] == "shape"]
    assert shapes["module"].tolist() == ["0", "1"]
