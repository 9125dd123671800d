"""Figures to look at: curves of trainings, paths, experiments and attention, with what they must stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.datasets import load_diabetes, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

import offdiagonal as od
from offdiagonal.capacity.calibrated import calibrated, finding
from offdiagonal.capacity.extrapolate import extrapolate
from offdiagonal.capacity.fits import Fits
from offdiagonal.capacity.path import LassoPath
from offdiagonal.capacity.verdict import verdict
from offdiagonal.display.figure import Figure
from offdiagonal.harness_figures import Simplified
from offdiagonal.lasso import FeaturePath
from offdiagonal.learning_figures import LearningCurve, tested
from offdiagonal.training.harness import switches as parts
from offdiagonal.training.record import RunRecord
from offdiagonal.views.learning import LearningSpec

TOKENS = [
    "the",
    "film",
    "was",
    "not",
    "very",
    "good",
    ",",
    "and",
    "the",
    "end",
    "came",
    "much",
    "too",
    "late",
    "for",
    "me",
]


def points(n: int = 600) -> tuple[Any, Any]:
    """Two classes that overlap."""
    return make_classification(n, 12, n_informative=6, flip_y=0.05, class_sep=0.8, random_state=0)


def learning() -> Figure:
    """A tree, which learns its training rows by heart."""
    return od.learning_curve(DecisionTreeClassifier(random_state=0), *points(), repeats=6, target=0.1)


def validation() -> Figure:
    """Neighbours over a log scale."""
    values = [1, 3, 9, 27, 81, 243]
    return od.validation_curve(KNeighborsClassifier(), *points(), "n_neighbors", values, repeats=6)


def words() -> Figure:
    """A setting whose values are words."""
    values = ["uniform", "distance"]
    return od.validation_curve(KNeighborsClassifier(), *points(300), "weights", values, repeats=5)


def crossing() -> Any:
    """A linear model that is better with few rows, and neighbours that are with many."""
    X, y = make_classification(2000, 8, n_informative=6, n_redundant=0, class_sep=1.2, random_state=3)
    sizes = [20, 60, 200, 600, 1500]
    one, other = (
        od.learning_curve(model, X, y, sizes=sizes, repeats=5)
        for model in (LogisticRegression(), KNeighborsClassifier(5))
    )
    return od.crossing(one, other)


def path() -> Figure:
    """Ten features of patients, one of them frozen."""
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    return od.lasso_path(X, y, frozen=["age"], halves=20)


def many_features() -> Figure:
    """Sixty features, of which five matter; long names."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 60))
    y = X[:, :5] @ np.array([3.0, -2, 1.5, -1, 0.7]) + rng.normal(size=200)
    names = [
        f"feature {i}" if i else "a feature whose name goes on and on until no column holds it"
        for i in range(60)
    ]
    return od.lasso_path(X, y, names=names, halves=10)


def rates() -> Any:
    """A loss that falls, and breaks at a high rate."""
    rng = np.random.default_rng(0)
    state = {"weight": 1.0, "lr": 0.0}

    def step() -> float:
        loss = state["weight"] ** 2 + 0.02 * abs(rng.normal())
        state["weight"] -= state["lr"] * 2 * state["weight"]
        return float(loss)

    return od.learning_rate_range(step, lambda rate: state.update(lr=rate), low=1e-4)


def one_batch() -> Any:
    """A batch that is not learnt."""
    rng = np.random.default_rng(0)
    losses = iter(0.9 + 1.4 * np.exp(-np.arange(500) / 20) + rng.normal(0, 0.005, 500))
    return od.overfit_one_batch(lambda: float(next(losses)), steps=200)


def switches() -> Any:
    """Normalisation brings the fault."""

    def build(seed: int, dropout: bool, norm: bool, augmentation: bool) -> float:
        noise = float(np.random.default_rng((seed, dropout, norm, augmentation)).normal(0, 0.01))
        return 0.3 + noise + (0.2 if norm else 0.0) + (0.01 if dropout else 0.0)

    return od.simplify(build, ["dropout", "norm", "augmentation"], seeds=range(4))


def attention() -> Figure:
    """Three heads over a sentence, tested by taking words away."""
    rng = np.random.default_rng(0)
    size = len(TOKENS)
    scores = rng.normal(0, 1, (3, size, size))
    scores[0] += 4 * np.eye(size, k=-1)
    scores[1][:, 3] += 3
    weights = np.exp(scores)
    weights /= weights.sum(axis=2, keepdims=True)
    mean = weights.mean(axis=(0, 1))
    return od.attention_map(weights, TOKENS).ablated(
        lambda place: 0.9 - mean[place] + rng.normal(0, 0.02), 0.9
    )


def long_attention() -> Figure:
    """A hundred names, one head."""
    rng = np.random.default_rng(0)
    weights = rng.dirichlet(np.full(100, 0.1), 100)
    return od.attention_map(weights, [f"token-{i}" for i in range(100)])


def kept_learning() -> Figure:
    """A curve that no library's version can change."""
    rng = np.random.default_rng(1)
    at = np.array([20.0, 40, 80, 160, 320, 640])
    test = 0.08 + 1.1 * at**-0.5 + rng.normal(0, 0.012, (8, 6))
    train = np.maximum(0, 0.02 + at / 40_000 + rng.normal(0, 0.004, (8, 6)))
    seeds = test[:, -1:] + rng.normal(0, 0.01, (8, 3))
    test[:, -1] = seeds.mean(axis=1)
    numbers = np.column_stack(
        [rng.normal(0.02, 0.004, 8), rng.normal(0.95, 0.01, 8), rng.normal(0.87, 0.01, 8)]
    )
    fits = Fits(at, train, test, np.ones((8, 6)), 210, ("20: one class only",), seeds)
    texts = tuple(f"{int(size)}" for size in at)
    spec = LearningSpec("DecisionTreeClassifier", "rows", texts, fits, "error rate", 640)
    leaf = calibrated(numbers[:, [0, 1, 2, 1, 2]], 640, spec.test_share)
    found = [
        verdict(640, train[:, -1], test[:, -1], spec.test_share, held=tested(spec, 0.1), unit="error rate"),
        finding(leaf),
    ]
    return LearningCurve(
        replace(
            spec,
            findings=tuple(one for one in found if one),
            carried_on=extrapolate(at, test, 1280),
            calibrated=leaf,
            target=tested(spec, 0.1),
        )
    )


def kept_path() -> Figure:
    """The path of features that are not correlated, by its formula."""
    strengths = np.array([3.0, -2.0, 1.5, -1.0, 0.7, 0.4, -0.3, 0.2, 0.1, -0.05])
    penalties = np.geomspace(3, 0.003, 60)
    coefficients = np.sign(strengths)[:, None] * np.maximum(0, np.abs(strengths)[:, None] - penalties)
    stability = np.clip(np.abs(coefficients) * 4, 0, 1)
    long = "a feature whose name goes on and on until no column holds it"
    names = (*(f"feature {i}" for i in range(9)), long)
    return FeaturePath(LassoPath(names, ("age",), penalties, coefficients, stability))


def objective() -> Figure:
    """A logistic regression that was stopped early, and one that does better."""
    X, y = points(200)

    def loss(weights: Any) -> float:
        return float(np.mean(np.logaddexp(0, -(2 * y - 1) * (X @ weights))))

    ours, gradient = np.zeros(12), X.T @ (0.5 - y) / len(y)
    ours -= 0.05 * gradient
    other = LogisticRegression(C=10.0, fit_intercept=False).fit(X, y).coef_[0]
    scores = tuple(float(np.mean((X @ weights > 0) == y)) for weights in (ours, other))
    return od.optimisation_or_objective(loss, ours, other, scores=(scores[0], scores[1]))


def kept_objective() -> Figure:
    """A valley on either side of a ridge, by its formula."""
    return od.optimisation_or_objective(
        lambda w: float((w[0] ** 2 - 1) ** 2 - 0.3 * w[0] + 0.5),
        [-0.9],
        [1.0],
        scores=(0.81, 0.93),
        rescale=False,
    )


def traces() -> Figure:
    """Two nets of eight modules: one of them is wider, and in half precision at the end."""
    names = [
        "(input)",
        "conv1",
        "norm1",
        "relu1",
        "a module whose name goes on and on",
        "relu2",
        "pool",
        "head",
    ]

    def run(name: str, factor: float, half: bool) -> od.Run:
        lines = []
        for i, module in enumerate(names[: 8 if half else 7]):
            width = 2.0 * 1.6**i * (factor if i > 3 else 1.1)
            dtype = "float16" if half and i > 5 else "float32"
            kind = module.rstrip("12").capitalize() if i else ""
            low = 0.0 if "relu" in module else -width / 2
            lines.append(
                {
                    "module": module,
                    "kind": kind,
                    "shape": [32, 8],
                    "dtype": dtype,
                    "low": low,
                    "high": low + width,
                }
            )
        facts = {"trace": lines}
        return od.Run.of(RunRecord(id=name, name=name, started=0.0, status="finished", facts=facts))

    return od.compare_traces(run("plain", 1.0, half=False), run("scaled", 30.0, half=True))


def many_traces() -> Figure:
    """Two hundred modules, of which one differs."""

    def run(name: str, at: int) -> od.Run:
        rng = np.random.default_rng(0)
        lines = [
            {
                "module": f"layers.{i // 4}.{'qkvo'[i % 4]}_proj",
                "kind": "Linear",
                "shape": [8, 64],
                "dtype": "float32",
                "low": -float(high),
                "high": float(high) * (50 if i == at else 1),
            }
            for i, high in enumerate(np.exp(rng.normal(0, 0.6, 200)))
        ]
        return od.Run.of(
            RunRecord(id=name, name=name, started=0.0, status="finished", facts={"trace": lines})
        )

    return od.compare_traces(run("before", -1), run("after", 90))


def kept_switches() -> Figure:
    """One part of three that brings a fault."""
    base, without = (
        (0.51, 0.52, 0.50),
        {"norm": (0.3, 0.31, 0.29), "dropout": (0.5, 0.52, 0.49), "noise": (0.53,) * 3},
    )
    rungs = parts.rungs(base, without, lower=True)
    return Simplified("norm", parts.finding(base, rungs, ["norm"]), base, (0.3, 0.3, 0.3), rungs, ("norm",))


FIGURES: dict[str, Callable[[], Any]] = {
    "figures/learning": learning,
    "figures/validation": validation,
    "figures/words": words,
    "figures/crossing": crossing,
    "figures/path": path,
    "figures/many-features": many_features,
    "figures/rates": rates,
    "figures/one-batch": one_batch,
    "figures/switches": switches,
    "figures/objective": objective,
    "figures/valleys": kept_objective,
    "figures/traces": traces,
    "figures/many-traces": many_traces,
    "figures/attention": attention,
    "figures/long-attention": long_attention,
}
