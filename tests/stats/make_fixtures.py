"""Write tests/fixtures/stats.json, which the Python and the TypeScript statistics must both give.

Run: python tests/stats/make_fixtures.py
"""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from offdiagonal.stats.calibration import corp
from offdiagonal.stats.classification import Weights, accuracy, f1, macro_f1, precision, recall
from offdiagonal.stats.intervals import newcombe, wilson
from offdiagonal.stats.moments import Moments, loss_difference, loss_mean
from offdiagonal.stats.random import binomial_quantile, normal_quantile, uniform
from offdiagonal.stats.weighted import Rows, gap

PATH = Path(__file__).parents[1] / "fixtures" / "stats.json"

CONFUSIONS = {
    "CS229": ([[1000, 45, 7], [10, 505, 8], [50, 30, 2000]], None),
    "hpc_cv": ([[1620, 141, 6, 2], [371, 647, 24, 36], [64, 219, 79, 50], [9, 60, 28, 111]], None),
    "missing last": ([[40, 5, 3], [6, 50, 0], [7, 8, 9]], 2),
    "missing first": ([[9, 7, 8], [3, 40, 5], [0, 6, 50]], 0),
    "class without rows": ([[30, 4, 6], [2, 28, 0], [0, 0, 0]], None),
    "class never predicted": ([[30, 4, 0], [2, 28, 0], [11, 3, 0]], None),
    "class of nine rows": ([[30, 4, 1], [2, 28, 0], [2, 1, 6]], None),
    "nine rows": ([[5, 1], [0, 3]], None),
    "no rows": ([[0, 0], [0, 0]], None),
    "no judged rows": ([[0, 0], [12, 30]], 1),
    "perfect": ([[25, 0], [0, 12]], None),
    "all wrong": ([[0, 25], [12, 0]], None),
    "one class": ([[17]], None),
    "nothing": ([], None),
}


def curve_cases():
    place = np.arange(200)
    u = uniform(place.astype(np.uint32), 229)
    wiggle = (40 * u).astype(int)
    few = np.where(place % 7 == 3, wiggle, 0)
    ends = np.zeros(200, int)
    ends[[0, 199]] = 5000, 300_000
    return {
        "spread out": (wiggle, (wiggle * np.clip(place / 200 + u - 0.5, 0, 1)).astype(int), 0),
        "few bins, other seed": (few, (few * (place / 200) ** 2).astype(int), 2**32 - 1),
        "millions": (wiggle * 3000, (wiggle * 3000 * (place + 0.5) / 200).astype(int), 1),
        "falling": (wiggle, (wiggle * (1 - place / 200)).astype(int), 0),
        "both ends": (ends, ends * 9 // 10, 0),
        "one bin": (np.where(place == 120, 64, 0), np.where(place == 120, 40, 0), 0),
        "all events": (few, few, 0),
        "ten bins": (wiggle[:10] + 5, wiggle[:10] // 3, 0),
        "nine rows": (np.where(place == 9, 9, 0), np.where(place == 9, 2, 0), 0),
        "no rows": (np.zeros(200, int), np.zeros(200, int), 0),
    }


def confusion_case(name, confusion, missing):
    counts = np.array(confusion, int).reshape(len(confusion), len(confusion))
    classes = range(len(confusion))
    return {
        "name": name,
        "confusion": confusion,
        "missing": missing,
        "accuracy": asdict(accuracy(counts, missing)),
        "macro_f1": asdict(macro_f1(counts, missing)),
        "recall": [asdict(recall(counts, klass, missing)) for klass in classes],
        "precision": [asdict(precision(counts, klass, missing)) for klass in classes],
        "f1": [asdict(f1(counts, klass, missing)) for klass in classes],
    }


def weighted_case(name, counts, seed):
    """A matrix of rows with weights of two sizes, some rows without any."""
    rng = np.random.default_rng(seed)
    counts = np.array(counts)
    drawn = [rng.choice([0.0, 0.5, 1.0, 4.0], n) for n in counts.ravel()]
    w, ww = (
        np.array([float((each**power).sum()) for each in drawn]).reshape(counts.shape) for power in (1, 2)
    )
    weights = Weights(w, ww)
    classes = range(len(counts))
    return {
        "name": name,
        "confusion": [values.ravel().tolist() for values in (counts, w, ww)],
        "accuracy": asdict(accuracy(counts, weights=weights)),
        "macro_f1": asdict(macro_f1(counts, weights=weights)),
        "recall": [asdict(recall(counts, klass, weights=weights)) for klass in classes],
        "precision": [asdict(precision(counts, klass, weights=weights)) for klass in classes],
        "f1": [asdict(f1(counts, klass, weights=weights)) for klass in classes],
    }


def grouped_case(name, counts, effect, seed=None):
    """A matrix whose rows come in groups that fare alike; with weights where there is a seed."""
    counts = np.array(counts)
    weights = None
    if seed is not None:
        each = np.random.default_rng(seed).choice([0.5, 1.0, 4.0], counts.shape)
        weights = Weights(each * counts, each**2 * counts)
    sums = [counts] if weights is None else [counts, weights.w, weights.ww]
    part, whole = (Rows(*(x.ravel()[:many].sum().item() for x in sums)) for many in (1, 2))
    rest = Rows(*(x.ravel()[2:].sum().item() for x in sums))
    other = Rows(*(x.ravel()[2].item() for x in sums))
    return {
        "name": name,
        "effect": None if np.isinf(effect) else effect,
        "confusion": [values.ravel().tolist() for values in sums],
        "accuracy": asdict(accuracy(counts, None, weights, effect)),
        "macro_f1": asdict(macro_f1(counts, None, weights, effect)),
        "recall": asdict(recall(counts, 0, None, weights, effect)),
        "precision": asdict(precision(counts, 0, None, weights, effect)),
        "f1": asdict(f1(counts, 0, None, weights, effect)),
        "rows": [[x for x in one if x is not None] for one in (part, whole, other, rest)],
        "gap": asdict(gap(part, whole, other, rest, effect)),
    }


def loss_cases():
    """Sums over two sets of rows: without weights, with them, with too few, with one row that outweighs all others."""
    rng = np.random.default_rng(7)
    cases = {
        "plain": [(rng.gamma(2, 3, n), np.ones(n)) for n in (40, 12)],
        "weighted": [(rng.gamma(2, 3, n), rng.gamma(1, 1, n)) for n in (40, 25)],
        "nine rows": [(rng.gamma(2, 3, n), np.ones(n)) for n in (9, 40)],
        "all equal": [(np.full(n, 2.5), np.ones(n)) for n in (12, 15)],
        "one outweighs": [
            (rng.normal(size=20), np.r_[1000.0, np.ones(19)]),
            (rng.normal(size=30), np.ones(30)),
        ],
        "no weight": [(rng.normal(size=20), np.zeros(20)), (rng.normal(size=30), np.ones(30))],
    }
    for name, sets in cases.items():
        sums = [
            Moments(len(x), *(float(v.sum()) for v in (w, w**2, w * x, w**2 * x, (w * x) ** 2)))
            for x, w in sets
        ]
        yield {
            "name": name,
            "sums": [asdict(one) for one in sums],
            "means": [asdict(loss_mean(one)) for one in sums],
            "difference": asdict(loss_difference(*sums)),
            "grouped": [asdict(loss_mean(sums[0], 3.5)), asdict(loss_difference(*sums, effect=3.5))],
        }


def build():
    rates = [(0, 0), (3, 9), (0, 10), (10, 10), (1, 30), (96, 100), (0, 100), (3505, 3655), (7, 10**9)]
    pairs = [
        (56, 70, 48, 80),
        (9, 10, 3, 10),
        (5, 56, 0, 29),
        (10, 10, 0, 20),
        (0, 12, 0, 900),
        (1, 9, 1, 10),
    ]
    places, u = (
        np.array([0, 1, 2, 39_999, 2**31, 2**32 - 1], np.uint32),
        np.array([2**-33, 0.02, 0.3, 0.5, 0.99]),
    )
    binomials = [(0, 0.5), (1, 0.25), (50, 0), (50, 1), (300, 0.01), (399, 0.5), (500, 0.5), (10**6, 0.9975)]
    return {
        "uniform": [
            {"seed": seed, "index": places.tolist(), "value": uniform(places, seed).tolist()}
            for seed in (0, 1, 2**32 - 1)
        ],
        "normal": [
            {"u": x, "value": float(normal_quantile(np.array(x)))} for x in (1e-12, 2**-33, 0.07, 0.5, 0.93)
        ],
        "binomial": [
            {"n": n, "p": p, "u": u.tolist(), "value": binomial_quantile(u, n, p).tolist()}
            for n, p in binomials
        ],
        "wilson": [{"k": k, "n": n, "measure": asdict(wilson(k, n))} for k, n in rates],
        "newcombe": [{"counts": pair, "measure": asdict(newcombe(*pair))} for pair in pairs],
        "confusion": [confusion_case(name, *case) for name, case in CONFUSIONS.items()],
        "weighted": [
            weighted_case("two classes", [[60, 9], [4, 30]], 1),
            weighted_case("CS229", CONFUSIONS["CS229"][0], 2),
            weighted_case("nine rows", [[5, 1], [0, 3]], 3),
            weighted_case("perfect", [[25, 0], [0, 14]], 4),
        ],
        "grouped": [
            grouped_case("three times", [[60, 9], [4, 30]], 3.0),
            grouped_case("weighted", [[60, 9], [4, 30]], 1.5, 5),
            grouped_case("one group", [[60, 9], [4, 30]], np.inf),
            grouped_case("perfect", [[25, 0], [0, 14]], 2.5),
            grouped_case("few", [[5, 1], [0, 3]], 2.0),
        ],
        "losses": list(loss_cases()),
        "corp": [
            {"name": name, "n": n.tolist(), "k": k.tolist(), "seed": seed, "result": asdict(corp(n, k, seed))}
            for name, (n, k, seed) in curve_cases().items()
        ],
    }


def text(fixtures):
    """One case a line."""
    parts = (
        f'"{name}": [\n' + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]"
        for name, cases in fixtures.items()
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(text(build()), encoding="utf-8", newline="\n")
