"""Training runs to look at: the cases that their views must stand."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

import offdiagonal as od
from offdiagonal.display.run_session import RunSession
from offdiagonal.display.run_state import Looked
from offdiagonal.display.run_view import RunView
from offdiagonal.training.events import Event
from offdiagonal.training.record import Curve, Layers, RunRecord

LAYERS = ("input.weight", "hidden.0.weight", "hidden.1.weight", "output.weight")
UNITS = ("input", "hidden.0", "hidden.1")


def trained(name: str, seed: int = 0, steps: int = 1200, speed: float = 1.0, **config: Any) -> od.Run:
    """A run that overfits from step 520 on, with a spike at 840 and half of a layer dead."""
    rng = np.random.default_rng(seed)
    run = od.Run(name, config={"lr": 1e-3, "batch": 32, **config}, keep=False)
    run.fact("steps_per_epoch", 20)
    for step in range(steps):
        fell = 2.3 * np.exp(-max(0, step - 60) * speed / 150) + 0.08
        noise = np.exp(rng.normal(0, 0.35) * min(1, step / 100)) * (12 if step in (840, 841) else 1)
        run.log(step, loss=fell * noise, lr=1e-3 if step < 600 else 1e-4, grad_norm=2 * noise)
        if step % 20 == 0:
            late = max(0, step - 520) / 1200
            loss = 2.2 * np.exp(-step * speed / 110) + 0.26 + 0.4 * late + rng.normal(0, 0.02)
            run.log(step, val_loss=loss, val_accuracy=0.92 - 0.8 * np.exp(-step / 110))
            _layers(run, step, rng)
    return run


def _layers(run: od.Run, step: int, rng: np.random.Generator) -> None:
    size = 1e-3 * np.exp(rng.normal(0, 0.4, len(LAYERS))) * min(1, 0.1 + step / 200)
    weights = {"update_ratio": size, "gradient_rms": 10 * size, "weight_rms": np.full(len(LAYERS), 0.05)}
    run.log_layers("parameters", step, LAYERS, weights, kinds=["Linear"] * 4, shapes=[(64, 256)] * 4)
    run.log_layers(
        "activations", step, UNITS, {"dead_share": [0.02, 0.59, 0.0], "activation_std": [1.1, 0.4, 0.9]}
    )


def digits() -> list[od.Run]:
    """One run with all that there can be."""
    run = trained("digits, 3 layers")
    ids = np.arange(300)
    for step in (0, 600, 1199):
        prediction = np.where((ids % 7 == 0) & (step != 600), 1, 0)
        run.log_examples(step, ids, loss=np.full(300, 1.0 / (step + 1)), prediction=prediction)
    run.finish()
    return [run]


def several() -> list[od.Run]:
    """Three runs of which one is shorter and one goes on, with two settings changed."""
    short = trained("lr 2e-3, a name that is longer than that of the others", 1, 900, 1.4, lr=2e-3, batch=64)
    short.finish()
    running = trained("lr 3e-3", 2, 1000, 0.8, lr=3e-3, batch=64)
    first = trained("lr 1e-3")
    first.finish()
    return [first, short, running]


def nothing() -> list[od.Run]:
    """A run that has logged nothing."""
    return [od.Run("nothing yet", keep=False)]


def odd() -> list[od.Run]:
    """Markup for a name, values that are no numbers, one point only, a run that crashed."""
    run = od.Run("<b>bold</b> \u202eevil " + "name " * 30, config={"a": "<img src=x>"}, keep=False)
    for step in range(200):
        value = float("nan") if step in (50, 51) else float("inf") if step == 120 else 1e-3 * (step + 1)
        run.log(step, loss=value, a_metric_with_a_very_long_name_indeed=-1e9 * step)
    run.log(7, val_loss=0.5)
    with contextlib.suppress(RuntimeError), run:
        run.log(200, loss=out_of_memory())
    return [run]


def out_of_memory() -> float:
    """What a framework raises."""
    raise RuntimeError("CUDA out of memory " * 10)


def wide() -> list[od.Run]:
    """Twelve metrics, 60 layers whose names begin alike, a curve that stops being a number."""
    rng = np.random.default_rng(0)
    steps = np.arange(400.0)
    metrics = {"loss": 4 * np.exp(-steps / 90) + 0.5 + rng.normal(0, 0.1, 400)}
    metrics["loss"][300:] = np.nan
    metrics["val_loss"] = metrics["loss"] + 0.2
    for name in (
        "accuracy",
        "val_accuracy",
        "lr",
        "grad_norm",
        "tokens_per_second",
        "reward/model/helpfulness_of_the_answer_as_judged",
        "kl",
        "perplexity",
        "memory_gb",
        "weight_norm",
    ):
        metrics[name] = rng.random() + np.abs(rng.normal(0, 0.1, 400)).cumsum() / 40
    parts = (
        "attn.c_attn.weight",
        "attn.c_proj.weight",
        "mlp.c_fc.weight",
        "mlp.c_proj.weight",
        "ln_1.weight",
    )
    names = tuple(f"transformer.h.{block}.{part}" for block in range(12) for part in parts)
    size = np.exp(rng.normal(-7, 1, (40, 60)) - np.arange(60) / 10).astype(np.float32)
    size[30:] = np.nan
    layers = Layers(names, ("Linear",) * 60, ((768, 768),) * 60, steps[::10], {"update_ratio": size})
    return [_made("a transformer of twelve blocks", metrics, parameters=layers)]


def many() -> list[od.Run]:
    """A hundred metrics, of which one has a name that is pages long, at steps near 2 ** 70."""
    steps = 2.0**70 + 2.0**60 * np.arange(50)
    metrics = {"loss": np.linspace(2, 1, 50), "lr": np.full(50, 1e-3), "wo" + "r" * 5_000: np.arange(50.0)}
    metrics |= {f"metric {i}": np.arange(50.0) * i for i in range(97)}
    curves = {name: Curve(steps, values, np.arange(50.0)) for name, values in metrics.items()}
    return [od.Run.of(RunRecord("many", "a hundred metrics", 0.0, "finished", metrics=curves))]


def million() -> list[od.Run]:
    """A million points of a noisy loss."""
    rng = np.random.default_rng(0)
    steps = np.arange(1_000_000.0)
    loss = 2.3 * np.exp(-steps / 150_000) * np.exp(rng.normal(0, 0.4, len(steps))) + 0.05
    few = steps[::5_000]
    metrics = {"loss": loss, "val_loss": 2.2 * np.exp(-few / 120_000) + 0.2, "lr": 1e-3 / (1 + steps / 1e5)}
    return [_made("a million points", metrics)]


def _made(name: str, metrics: Mapping[str, Any], **parts: Any) -> od.Run:
    curves = {
        one: Curve(
            at := np.linspace(0, max(len(v) for v in metrics.values()) - 1, len(values)), values, at / 50
        )
        for one, values in metrics.items()
    }
    record = RunRecord(name.replace(" ", "-"), name, 0.0, "finished", metrics=curves, **parts)
    return od.Run.of(record)


def broken() -> list[od.Run]:
    """Findings of several kinds: a rate that is far too high, values that are no numbers, layers that are dead."""
    rng = np.random.default_rng(0)
    steps = np.arange(600.0)
    metrics = {
        "loss": 2.3 + np.where(steps % 2, 1, -1) * (0.4 + steps / 900) + rng.normal(0, 0.05, 600),
        "val_loss": 2.4 + rng.normal(0, 0.02, 600) + steps / 400,
        "grad_norm": np.exp(steps / 120),
    }
    for values in metrics.values():
        values[580:] = np.nan
    layers = Layers(
        ("input", "hidden.0", "hidden.1"),
        ("Linear", "ReLU", "Linear"),
        ((64,), (64,), (10,)),
        steps[::50],
        {"dead_share": np.tile(np.array([0, 0.93, 0.1], np.float32), (12, 1))},
    )
    return [_made("broken in several ways", metrics, activations=layers)]


KEPT: list[od.Evaluation] = []
"""An Evaluation that nobody holds is none that a run could show examples in."""


def joined(name: str = "joined") -> od.Run:
    """A run whose examples an Evaluation holds: learned late, never and forgotten."""
    run = trained(name, steps=300)
    ids = np.arange(200)
    labels = np.where(ids % 2, "spam", "ham")
    for look in range(6):
        right = (ids % 10 != 0) & ((ids % 10 != 1) | (look > 3)) & ((ids % 10 != 2) | (look < 5))
        other = np.where(labels == "ham", "spam", "ham")
        run.log_examples(
            60 * look, ids, loss=np.where(right, 0.1, 2.0), prediction=np.where(right, labels, other)
        )
    run.finish()
    table = {"label": labels, "source": np.where(ids % 3, "web", "app")}
    KEPT[:] = [od.Evaluation(table, run=run, name=name)]
    return run


RUNS: dict[str, Callable[[], list[od.Run]]] = {
    "runs/digits": digits,
    "runs/several": several,
    "runs/nothing": nothing,
    "runs/odd": odd,
    "runs/wide": wide,
    "runs/many": many,
    "runs/million": million,
    "runs/broken": broken,
    "runs/joined": lambda: [joined()],
}


def shown(runs: Sequence[od.Run], **options: Any) -> Any:
    """The view of one run or of several."""
    return runs[0].curves(**options) if len(runs) == 1 else od.curves(runs, **options)


LOOKED = Looked(
    findings=(
        od.Finding(
            "overfitting",
            "training",
            "overfitting since step 520",
            certainty="likely",
            where={"step": (520, 859)},
            evidence="Validation loss rose from 0.26 to 0.43 while training loss fell from 0.19 to 0.08.",
            causes=("too few examples",),
            rules_out=("too little capacity",),
            try_next=("Stop at step 520.", "Add weight decay."),
            confirm_by="Train on twice the examples.",
            theory="A model with more freedom than its data learns their noise.",
        ),
    ),
    events=(
        Event("overfitting", "val_loss", 520, 859, "overfitting since step 520"),
        Event("learning-rate", "lr", 600, None, "learning rate from 0.001 to 0.0001"),
        Event("spike", "loss", 840, 841, "loss 12 times its median"),
    ),
)
"""What was found in the run below: its looks do not hang on the rules of diagnosis."""


def kept() -> RunView:
    """A run whose clock is no machine's, so that its view is the same wherever it is drawn."""
    record = trained("digits, 3 layers", steps=860).record
    metrics = {
        name: Curve(curve.steps, curve.values, curve.steps * 0.03) for name, curve in record.metrics.items()
    }
    run = od.Run.of(replace(record, id="kept", status="finished", started=0.0, metrics=metrics))
    return RunView(RunSession([run.recorder], lambda _: LOOKED, lambda: "run"), ("curves",), {})
