"""Two thousand random tables: what the views say is what scikit-learn and a naive twin say."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.stats.oracle import Case, check

pytestmark = pytest.mark.filterwarnings("ignore:A single label was found")

CASES, EACH = 2_000, 50
EACH_COMMIT = 500
"""How many are tried without ``--slow``."""
KINDS: list[list[Any]] = [
    ["ham", "spam"],
    [False, True],
    [0, 1],
    [-1, 1],
    ["a", "b", "c"],
    [0, 1, 2, 3],
    [1.5, 2.5, 10.0],
    ["only"],
    [*"abcdefgh"],
]


def drawn(seed: int) -> Case:
    """A table of 0 to 150 rows: any number of classes, as unequal as may be, with gaps on either side."""
    rng = random.Random(seed)
    classes = rng.choice(KINDS)
    n = rng.choice([rng.randrange(14), rng.randrange(10, 40), rng.randrange(40, 150)])
    weights = [rng.choice([0, 0.02, 0.3, 1, 1]) for _ in classes]
    weights = weights if any(weights) else [1] * len(classes)
    skill, no_label, no_prediction = rng.random(), rng.choice([0, 0, 0.1, 0.9]), rng.choice([0, 0, 0.1])
    silent = rng.choice([None, rng.choice(classes)])
    labels, predictions = [], []
    for _ in range(n):
        label = rng.choices(classes, weights)[0]
        prediction = label if rng.random() < skill else rng.choice(classes)
        prediction = classes[0] if prediction == silent else prediction
        labels.append(None if rng.random() < no_label else label)
        predictions.append(None if rng.random() < no_prediction else prediction)
    parts = [rng.choice(["x", "x", "x", "y", "z"]) for _ in range(n)]
    return Case(classes, labels, predictions, parts, _scores(rng, labels, classes), _options(rng, classes))


def _scores(rng: random.Random, labels: list[Any], classes: list[Any]) -> list[float | None] | None:
    """Scores of few values, so that many are equal, some missing."""
    if len(classes) != 2 or rng.random() < 0.3:
        return None
    values = rng.choice([2, 5, 1000])
    gaps = rng.choice([0, 0, 0.2])
    return [
        None if rng.random() < gaps else (rng.randrange(values) + (label == classes[1]) * values / 3) / values
        for label in labels
    ]


def _options(rng: random.Random, classes: list[Any]) -> dict[str, Any]:
    return {"positive": classes[1]} if len(classes) == 2 and rng.random() < 0.5 else {}


@pytest.mark.parametrize(
    "first",
    [
        first if first < EACH_COMMIT else pytest.param(first, marks=pytest.mark.slow)
        for first in range(0, CASES, EACH)
    ],
)
def test_random_tables(first: int):
    for seed in range(first, first + EACH):
        check(drawn(seed))


def test_the_cases_are_of_every_kind():
    cases = [drawn(seed) for seed in range(CASES)]
    assert {tuple(case.classes) for case in cases} == {tuple(classes) for classes in KINDS}
    assert sum(None in case.labels for case in cases) > 500
    assert sum(None in case.predictions for case in cases) > 300
    assert sum(len(case.judged) < 10 for case in cases) > 200
    assert sum(case.scores is not None for case in cases) > 400
