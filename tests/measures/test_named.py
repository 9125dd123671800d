"""Each name beside scikit-learn and a twin in plain Python, on random data with holes."""

from __future__ import annotations

import math
import subprocess
import sys
from collections import Counter
from typing import Any

import numpy as np
import pytest
from sklearn import metrics
from sklearn.preprocessing import label_binarize

import offdiagonal as od
from offdiagonal.measures.names import NAMED

NO_PREDICTION = "no prediction"


class World:
    """A random table; some labels and predictions are missing, some rows have no probabilities."""

    def __init__(self, seed: int, classes: int, *, holes: bool = True, weighted: bool = False) -> None:
        rng = np.random.default_rng(seed)
        n = int(rng.integers(40, 400))
        self.classes = [f"k{i}" for i in range(classes)]
        self.probabilities = rng.dirichlet(np.full(classes, 0.6), n).round(int(rng.integers(1, 9)))
        self.probabilities /= self.probabilities.sum(axis=1, keepdims=True)
        names = np.asarray(self.classes, dtype=object)
        noise = rng.random(n) < rng.uniform(0, 0.5)
        drawn = np.asarray([rng.choice(classes, p=row) for row in self.probabilities])
        self.label = names[np.where(noise, rng.integers(0, classes, n), drawn)]
        self.label[:classes] = names
        self.prediction = names[self.probabilities.argmax(axis=1)]
        if holes:
            self.label[rng.random(n) < 0.05] = None
            self.prediction[rng.random(n) < 0.05] = None
            self.probabilities[rng.random(n) < 0.05] = np.nan
        self.weight = rng.uniform(0.2, 3, n) if weighted else None
        options: dict[str, Any] = {} if self.weight is None else {"weight": self.weight}
        self.ev = od.Evaluation(
            {"label": self.label, "prediction": self.prediction},
            probabilities=self.probabilities,
            classes=self.classes,
            **options,
        )

    def judged(self, *, probable: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
        """What scikit-learn may be given."""
        kept = np.asarray([label is not None for label in self.label])
        if probable:
            kept &= ~np.isnan(self.probabilities).any(axis=1)
        prediction = np.asarray([NO_PREDICTION if p is None else p for p in self.prediction])
        weight = None if self.weight is None else self.weight[kept]
        return self.label[kept].astype(str), prediction[kept], self.probabilities[kept], weight


def sklearn_value(name: str, world: World) -> float:
    """What scikit-learn says; nan where it is about other numbers of classes."""
    probable = name in {
        "AUC",
        "average precision",
        "macro AUC",
        "macro average precision",
        "log loss",
        "Brier",
    }
    y, p, q, w = world.judged(probable=probable)
    classes, two = world.classes, len(world.classes) == 2
    more: dict[str, Any] = {"sample_weight": w}
    macro = {"labels": [c for c in classes if c in set(y)], "average": "macro", "zero_division": 0} | more
    binary = {"zero_division": 0, "labels": classes[-1:], "average": "macro"} | more
    happened = (
        label_binarize(y, classes=classes) if not two else np.column_stack([y == classes[0], y == classes[1]])
    )
    others = y != classes[-1]
    found = {
        "accuracy": lambda: metrics.accuracy_score(y, p, **more),
        "error rate": lambda: metrics.zero_one_loss(y, p, **more),
        "balanced accuracy": lambda: metrics.recall_score(y, p, **macro),
        "precision": lambda: metrics.precision_score(y, p, **binary),
        "recall": lambda: metrics.recall_score(y, p, **binary),
        "specificity": lambda: np.average(
            (p != classes[-1])[others], weights=None if w is None else w[others]
        ),
        "F1": lambda: metrics.f1_score(y, p, **binary),
        "macro precision": lambda: metrics.precision_score(y, p, **macro),
        "macro F1": lambda: metrics.f1_score(y, p, **macro),
        "weighted F1": lambda: metrics.f1_score(y, p, **(macro | {"average": "weighted"})),
        "kappa": lambda: metrics.cohen_kappa_score(y, p, **more),
        "MCC": lambda: metrics.matthews_corrcoef(y, p, **more),
        "AUC": lambda: metrics.roc_auc_score(y == classes[-1], q[:, -1], **more),
        "average precision": lambda: metrics.average_precision_score(y == classes[-1], q[:, -1], **more),
        "macro AUC": lambda: metrics.roc_auc_score(happened, q, average="macro", **more),
        "macro average precision": lambda: metrics.average_precision_score(
            happened, q, average="macro", **more
        ),
        "log loss": lambda: metrics.log_loss(y, q, labels=classes, **more),
        "Brier": lambda: np.average(((q - happened) ** 2).sum(axis=1) / (2 if two else 1), weights=w),
    }[name]
    return float(found())


def asked(ev: od.Evaluation, name: Any) -> Any:
    """A measure without its resamples, or why there is none."""
    (place,) = ev._session.measures.put(name if isinstance(name, dict) else [name])
    task = ev._session.measures.one(place, ())
    task.start()
    assert task.result is not None
    return task.result.value


SEEDS = range(12)


@pytest.mark.parametrize("classes", [2, 3, 6])
@pytest.mark.parametrize("name", [one.name for one in NAMED])
def test_a_name_is_what_scikit_learn_computes(name, classes):
    for seed in SEEDS:
        world = World(seed, classes)
        found = asked(world.ev, name)
        one = next(one for one in NAMED if one.name == name)
        if one.classes == "two" and classes > 2:
            assert found.measure.value is None
            assert f"is about one class of two, and there are {classes}" in found.why
        elif found.measure.value is None:
            assert found.measure.n < 10
        else:
            assert found.measure.value == pytest.approx(sklearn_value(name, world), abs=1e-9)


@pytest.mark.parametrize("name", [one.name for one in NAMED])
def test_with_weights_too(name):
    for seed in range(6):
        classes = 2 if next(one for one in NAMED if one.name == name).classes == "two" else 3
        world = World(seed, classes, weighted=True)
        found = asked(world.ev, name)
        assert found.measure.value == pytest.approx(sklearn_value(name, world), abs=1e-9)
        assert found.measure.n <= len(world.label)


def naive(world: World) -> dict[str, float]:
    """Row by row, in plain Python."""
    pairs = [(a, b) for a, b in zip(world.label, world.prediction, strict=True) if a is not None]
    n = len(pairs)
    right = sum(a == b for a, b in pairs)
    labels, calls = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(labels[c] * calls[c] for c in world.classes) / n**2
    recalls = [sum(a == b == c for a, b in pairs) / labels[c] for c in labels]
    scored = [
        (world.classes.index(a), row)
        for a, row in zip(world.label, world.probabilities.tolist(), strict=True)
        if a is not None and not any(math.isnan(p) for p in row)
    ]
    brier = [sum((p - (i == code)) ** 2 for i, p in enumerate(row)) for code, row in scored]
    return {
        "accuracy": right / n,
        "balanced accuracy": sum(recalls) / len(recalls),
        "kappa": (right / n - chance) / (1 - chance),
        "log loss": sum(-math.log(min(max(row[code], 2.0**-52), 1 - 2.0**-52)) for code, row in scored)
        / len(scored),
        "Brier": sum(brier) / len(brier) / (2 if len(world.classes) == 2 else 1),
    }


@pytest.mark.parametrize("classes", [2, 4])
def test_a_naive_twin_says_the_same(classes):
    for seed in range(20):
        world = World(100 + seed, classes)
        for name, value in naive(world).items():
            assert asked(world.ev, name).measure.value == pytest.approx(value, abs=1e-12), (seed, name)


def test_average_precision_row_by_row():
    for seed in range(20):
        world = World(200 + seed, 2)
        y, _, q, _ = world.judged(probable=True)
        score = q[:, 1]
        total = 0.0
        for at in sorted(set(score)):
            own = (score == at) & (y == "k1")
            called = score >= at
            total += own.sum() * (y[called] == "k1").mean()
        assert asked(world.ev, "average precision").measure.value == pytest.approx(total / (y == "k1").sum())


@pytest.mark.parametrize(
    ("label", "prediction", "why"),
    [
        (
            "a" * 30,
            "a" * 30,
            {
                "kappa": "of one class",
                "MCC": "of one class",
                "AUC": "all labels",
                "average precision": "labelled b",
                "F1": "labelled b",
                "recall": "labelled b",
                "precision": "predicted b",
            },
        ),
        (
            "a" * 9,
            "ab" * 4 + "a",
            dict.fromkeys(
                ("kappa", "accuracy", "Brier", "AUC", "MCC", "log loss"), "n 9: no number from fewer than 10"
            ),
        ),
        ("ab" * 15, "a" * 30, {"MCC": "all predictions", "precision": "predicted b"}),
    ],
)
def test_what_is_undefined_says_why_and_is_no_number(label, prediction, why):
    p = np.linspace(0, 1, len(label))
    ev = od.Evaluation(
        {"label": list(label), "prediction": list(prediction)}, classes=["a", "b"], probabilities=p
    )
    for name, text in why.items():
        found = asked(ev, name)
        assert found.measure.value is None, name
        assert text in found.why, (name, found.why)


def test_without_probabilities_it_says_so():
    ev = od.Evaluation({"label": ["a", "b"] * 20, "prediction": ["a", "a"] * 20})
    assert "no probabilities were given" in asked(ev, "log loss").why
    assert "needs probabilities or a score" in asked(ev, "AUC").why
    assert [one.name for one in ev._session.measures.known][:1] == ["log loss"]
    assert "AUC" not in set(ev.measures().to_frame()["measure"])


def test_plain_names_do_not_import_scikit_learn():
    code = (
        "import sys, offdiagonal as od; ev = od.Evaluation({'label': ['a', 'b'] * 20, 'prediction': ['a', 'a'] * 20}, "
        "measures=['kappa', 'F1', 'mcc']); ev.measures().to_frame(); assert 'sklearn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
