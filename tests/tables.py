"""Tables of every kind that can be given, and small evaluations to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import offdiagonal as od

Maker = Callable[[dict[str, Any]], Any]


def as_dict(columns: dict[str, Any]) -> dict[str, Any]:
    """A dict of arrays."""
    return dict(columns)


KINDS: dict[str, Maker] = {
    "pandas": pd.DataFrame,
    "polars": lambda columns: pl.DataFrame(columns, strict=False),
    "pyarrow": pa.table,
    "dict": as_dict,
}

every_kind = pytest.mark.parametrize("make", list(KINDS.values()), ids=list(KINDS))

LABELS = ["ham", "ham", "spam", "spam", "ham", "spam"]
PREDICTIONS = ["ham", "spam", "spam", "ham", "ham", "spam"]


def evaluate(labels: Any = LABELS, predictions: Any = PREDICTIONS, **more: Any) -> od.Evaluation:
    """An Evaluation of bare labels and predictions."""
    return od.Evaluation.from_predictions(labels, predictions, **more)


def engine_of(ev: od.Evaluation) -> Any:
    """What answers for an Evaluation."""
    return ev._engine


def matrix_of(ev: od.Evaluation) -> list[list[int]]:
    """The confusion matrix; rows are labels."""
    return engine_of(ev).tabulate(["label", "prediction"], []).tolist()


def levels_of(ev: od.Evaluation, name: str) -> dict[str, int]:
    """The levels of a field, and how many rows each has."""
    field = next(f for f in engine_of(ev).meta.fields if f.name == name)
    counts = engine_of(ev).tabulate([field.key], [])
    return dict(zip([level.text for level in field.levels], counts.tolist(), strict=True))


def fields_of(ev: od.Evaluation) -> list[str]:
    """Names of the columns that can be selected by."""
    return [field.name for field in engine_of(ev).meta.fields]


def classes_of(ev: od.Evaluation) -> list[str]:
    """How the classes read."""
    return list(engine_of(ev).meta.classes)


def random_table(n: int = 300, seed: int = 0) -> pd.DataFrame:
    """Labels, predictions, probabilities and metadata of every kind."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 3, n)
    logits = rng.normal(size=(n, 3)) + 2 * np.eye(3)[label]
    probability = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    names = np.asarray(["ham", "news", "spam"], dtype=object)
    frame = pd.DataFrame(
        {
            "label": names[label],
            "prediction": names[probability.argmax(axis=1)],
            "text": [f"message {i} {'free' if i % 3 else 'Offer'}" for i in range(n)],
            "source": rng.choice(np.asarray(["a", "b", None], dtype=object), n),
            "length": rng.integers(1, 200, n),
            "score": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)),
            "when": np.datetime64("2024-01-01") + rng.integers(0, 300, n).astype("timedelta64[D]"),
            "flag": rng.random(n) < 0.3,
        }
    )
    frame.loc[rng.random(n) < 0.05, "label"] = None
    return frame.assign(**{f"p_{name}": probability[:, i] for i, name in enumerate(names)})
