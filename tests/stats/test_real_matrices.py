"""F1 on ten confusion matrices of real predictions, from the data that lies beside the checkout."""

import csv
import gzip
from collections import Counter, defaultdict

import numpy as np
import pytest

from offdiagonal.stats.classification import f1, macro_f1


def tabulate(pairs):
    classes = sorted({value for pair in pairs for value in pair})
    code = {value: i for i, value in enumerate(classes)}
    counts = np.zeros((len(classes), len(classes)), int)
    for label, prediction in pairs:
        counts[code[label], code[prediction]] += 1
    return counts


def rows(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", newline="") as file:
        return list(csv.DictReader(file))


def modelled(data, name, label, prediction):
    return [(row[label], row[prediction]) for row in rows(data / "modeldata" / f"{name}.csv.gz")]


def cleaned(data, name):
    with np.load(data / "label_errors" / f"{name}_test_set.npz") as file:
        return list(zip(file["labels"].tolist(), file["pred"].tolist(), strict=True))


def majority(data, name):
    """The most frequent answer of the crowd against the truth; ties go to the smaller answer."""
    votes = defaultdict(Counter)
    for row in rows(data / "crowd_truth_infer" / f"{name}_answer.csv"):
        votes[row["question"]][row["answer"]] += 1
    truth = {row["question"]: row["truth"] for row in rows(data / "crowd_truth_infer" / f"{name}_truth.csv")}
    return [(truth[q], min(votes[q], key=lambda a: (-votes[q][a], a))) for q in votes if q in truth]


def nearest_mean(data):
    """Penguins by the nearest class mean of bill length and flipper length, without rescaling."""
    table = [
        row for row in rows(data / "modeldata" / "penguins.csv.gz") if row["bill_length_mm"] not in ("", "NA")
    ]
    x = np.array([[float(row["bill_length_mm"]), float(row["flipper_length_mm"])] for row in table])
    label = np.array([row["species"] for row in table])
    classes = np.unique(label)
    means = np.array([x[label == c].mean(axis=0) for c in classes])
    guess = classes[((x[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)]
    return list(zip(label.tolist(), guess.tolist(), strict=True))


SOURCES = {
    "hpc_cv": lambda data: modelled(data, "hpc_cv", "obs", "pred"),
    "two_class_example": lambda data: modelled(data, "two_class_example", "truth", "predicted"),
    "pathology": lambda data: modelled(data, "pathology", "pathology", "scan"),
    "mnist": lambda data: cleaned(data, "mnist"),
    "cifar10": lambda data: cleaned(data, "cifar10"),
    "20news": lambda data: cleaned(data, "20news"),
    "bluebird": lambda data: majority(data, "bluebird"),
    "dog": lambda data: majority(data, "dog"),
    "web_search": lambda data: majority(data, "web_search"),
    "penguins": nearest_mean,
}


def bootstrap(counts, resamples):
    """F1 by class, and its mean over the classes that occur, of resampled rows."""
    generator = np.random.default_rng(0)
    by_class, macro = [], []
    for _ in range(resamples // 1000):
        drawn = generator.multinomial(counts.sum(), counts.ravel() / counts.sum(), 1000).reshape(
            -1, *counts.shape
        )
        both = drawn.sum(axis=1) + drawn.sum(axis=2)
        scores = 2 * np.diagonal(drawn, axis1=1, axis2=2) / np.maximum(both, 1)
        occurs = drawn.sum(axis=2) > 0
        by_class.append(scores)
        macro.append((scores * occurs).sum(axis=1) / occurs.sum(axis=1))
    return np.concatenate(by_class), np.concatenate(macro)


def width(values):
    return np.subtract(*np.quantile(values, [0.975, 0.025], axis=0))


@pytest.mark.parametrize("name", SOURCES)
def test_f1_intervals_are_as_wide_as_those_of_10_000_bootstraps(name, shared_data):
    counts = tabulate(SOURCES[name](shared_data("modeldata").parent))
    by_class, macro = bootstrap(counts, 10_000)
    measure = macro_f1(counts)
    assert measure.high - measure.low == pytest.approx(width(macro), rel=0.1)
    for klass, expected in enumerate(width(by_class)):
        measure = f1(counts, klass)
        assert measure.high - measure.low == pytest.approx(expected, rel=0.1)
