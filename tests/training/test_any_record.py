"""Whatever was logged, the rules say something or nothing, and never fail."""

from __future__ import annotations

import logging
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import offdiagonal as od
from offdiagonal.training.diagnosis import diagnose, events, shared_spikes
from offdiagonal.training.growing import ExamplesAt, GrowingExamples, LayersAt, layers_of
from offdiagonal.training.record import STATS, Curve, RunRecord

VALUES = st.one_of(
    st.floats(width=32),
    st.floats(0, 10),
    st.just(0.0),
    st.sampled_from([math.nan, math.inf, -math.inf, 1e300, -1e300, 1e-300]),
)
SHAPES = st.sampled_from(["any", "flat", "falling", "rising", "zigzag"])
NAMES = ["loss", "val_loss", "accuracy", "val_accuracy", "lr", "grad_norm", "epoch", "other"]


@st.composite
def curves(draw: Any) -> Curve:
    n = draw(st.integers(0, 120))
    shape = draw(SHAPES)
    if shape == "any":
        values = np.asarray(draw(st.lists(VALUES, min_size=n, max_size=n)), dtype=float)
    else:
        rng = np.random.default_rng(draw(st.integers(0, 99)))
        base = {
            "flat": np.zeros(n),
            "falling": -np.arange(n),
            "rising": np.arange(n),
            "zigzag": np.arange(n) % 2,
        }
        values = draw(st.floats(0, 5)) * base[shape] + draw(st.floats(0, 1)) * rng.random(n) + draw(VALUES)
    steps = np.arange(n) * draw(st.sampled_from([1.0, 10.0, 0.5]))
    if draw(st.booleans()):
        steps = np.random.default_rng(0).permutation(steps)
    return Curve(steps, values, np.arange(n, dtype=float))


@st.composite
def layers(draw: Any) -> Any:
    names = tuple(
        draw(st.lists(st.sampled_from(["0", "1", "2", "(input)", "head"]), unique=True, max_size=4))
    )
    stats = draw(st.lists(st.sampled_from(sorted(STATS)), unique=True, max_size=5))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    kinds = tuple(draw(st.sampled_from(["Linear", "ReLU", "Sigmoid", ""])) for _ in names)
    parts = [
        LayersAt(
            names,
            kinds,
            tuple((3, 4) for _ in names),
            float(step),
            {
                stat: (rng.random(len(names)) * draw(st.sampled_from([0, 1, 1e30, math.nan])))
                for stat in stats
            },
        )
        for step in range(draw(st.integers(0, 5)))
    ]
    return layers_of(parts)


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "classes": st.sampled_from([0, 1, 2, 10]),
        "label_counts": st.sampled_from([{}, {"a": 0}, {"a": 5}, {"a": 5, "b": 1}]),
        "target_variance": st.sampled_from([0.0, 1.0, math.inf]),
        "examples": st.sampled_from([0, 1, 1000]),
        "batch_size": st.sampled_from([0, 1, 32]),
        "steps_per_epoch": st.sampled_from([0, 1, 20]),
        "planned_steps": st.sampled_from([0, 100]),
        "loss_function": st.sampled_from(["CrossEntropyLoss", "MSELoss", "x"]),
        "parameters": st.sampled_from(
            [{}, {"0.weight": {"shape": [3], "requires_grad": True, "in_optimizer": False}}]
        ),
        "first_not_finite": st.sampled_from([{"step": 3, "tensor": "0", "kind": "gradient"}]),
    },
)


@st.composite
def records(draw: Any) -> RunRecord:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=6))
    examples = GrowingExamples(
        [
            ExamplesAt(
                float(step),
                np.asarray([1, 2, 3], dtype=object),
                np.float32(draw(st.lists(VALUES, min_size=3, max_size=3))),
            )
            for step in range(draw(st.integers(0, 4)))
        ]
    )
    return RunRecord(
        id="x",
        name="x",
        started=0.0,
        status=draw(st.sampled_from(["running", "finished", "crashed", "lost"])),
        metrics={name: draw(curves()) for name in names},
        parameters=draw(layers()),
        activations=draw(layers()),
        examples=examples.log(),
        facts=draw(FACTS),
    )


class Failures(logging.Handler):
    """What a rule that could not judge said in the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@settings(max_examples=150, deadline=None)
@given(records())
def test_the_rules_take_any_record(record: RunRecord) -> None:
    failed = Failures()
    log = logging.getLogger("offdiagonal")
    log.addHandler(failed)
    try:
        found = diagnose(record)
        marks = events(record)
        shared_spikes([record, record, record])
    finally:
        log.removeHandler(failed)
    assert not failed.said
    for finding in found:
        assert finding.title
        assert finding.evidence
        assert "step" in finding.where
    for mark in marks:
        assert math.isfinite(mark.step)
        assert mark.text


def test_examples_without_any_curve_are_judged_without_an_error(caplog: pytest.LogCaptureFixture) -> None:
    run = od.Run("examples alone", keep=False)
    run.fact("classes", 4)
    for step in range(5):
        run.log_examples(step, np.arange(50), prediction=np.zeros(50, int), loss=np.ones(50))
    assert run.findings() == []
    assert not caplog.records
