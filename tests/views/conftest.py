"""Tables that several tests look at."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from offdiagonal.table.order import similarity_order
from tests.views.fakes import ATTACKS, ArrayTables, make_tables, of_matrix

CS229 = [[1000, 45, 7], [10, 505, 8], [50, 30, 2000]]
"""V1: rows are labels, columns predictions."""


@pytest.fixture
def cs229() -> ArrayTables:
    """V1, with confidences, two fields and two slices of which one of each is private."""
    bare = of_matrix(CS229, ["LoanSpam", "Phishing", "Good"])
    label, prediction = bare.codes["label"], bare.codes["prediction"]
    rng = np.random.default_rng(0)
    wrong = label != prediction
    source = np.where(wrong & (rng.random(len(label)) < 0.5), 1, rng.integers(0, 3, len(label)))
    return make_tables(
        label,
        prediction,
        bare.meta.classes,
        confidence=np.where(wrong, rng.uniform(0.4, 0.8, len(label)), rng.uniform(0.6, 1, len(label))),
        fields={
            "source": (source, ["in-house", "vendor-a", "vendor-b"]),
            "secret-field": (rng.integers(0, 2, len(label)), ["secret-low", "secret-high"]),
        },
        slices={"contains url": wrong | (rng.random(len(label)) < 0.1), "secret-slice": wrong},
        private=["secret-field", "secret-slice"],
        name="mail v1",
        notes=["3 rows: the most probable class is not the prediction"],
    )


@pytest.fixture
def spam() -> ArrayTables:
    """Two classes, calibrated by construction."""
    rng = np.random.default_rng(1)
    p = np.clip(rng.beta(0.4, 1.2, 4000), 0.001, 0.999)
    label, prediction = (rng.random(4000) < p).astype(int), (p > 0.5).astype(int)
    return make_tables(
        label,
        prediction,
        ["ham", "spam"],
        confidence=np.where(prediction == 1, p, 1 - p),
        fields={"source": (rng.integers(0, 2, 4000), ["vendor-a", "vendor-b"])},
        positive=1,
        auc=(0.953, 0.940, 0.966, 4000),
    )


@pytest.fixture(scope="session")
def banking(shared_data: Callable[[str], Path]) -> ArrayTables:
    """77 classes: the test half of BANKING77, one prediction in ten a class with a word in common."""
    with gzip.open(shared_data("intents/banking77.csv.gz"), "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    classes = sorted({row["label"] for row in rows})
    label = np.asarray([classes.index(row["label"]) for row in rows])
    words = [set(name.split("_")) for name in classes]
    near = np.asarray([[len(a & b) + 0.02 for b in words] for a in words])
    np.fill_diagonal(near, 0)
    rng = np.random.default_rng(2)
    wrong = rng.random(len(label)) < 0.1
    other = np.asarray([rng.choice(len(classes), p=near[code] / near[code].sum()) for code in label])
    prediction = np.where(wrong, other, label)
    counts = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(counts, (label, prediction), 1)
    length = np.minimum([len(row["text"].split()) // 5 for row in rows], 3)
    return make_tables(
        label,
        prediction,
        classes,
        confidence=np.where(wrong, rng.beta(4, 4, len(label)), rng.beta(7, 1, len(label))),
        fields={"words": (length, ["0 to 4", "5 to 9", "10 to 14", "15 or more"])},
        order=similarity_order(counts),
        name="banking-intents v3",
    )


@pytest.fixture
def attacked() -> ArrayTables:
    """Every name is an attack."""
    rng = np.random.default_rng(3)
    k = len(ATTACKS)
    label = rng.integers(0, k, 3000)
    prediction = np.where(rng.random(3000) < 0.3, rng.integers(0, k, 3000), label)
    return make_tables(
        label,
        prediction,
        ATTACKS,
        confidence=rng.random(3000),
        fields={attack: (rng.integers(0, 2, 3000), [attack, attack]) for attack in ATTACKS[:8]},
        slices={attack: rng.random(3000) < 0.5 for attack in ATTACKS},
        name=" ".join(ATTACKS),
        notes=ATTACKS,
    )
