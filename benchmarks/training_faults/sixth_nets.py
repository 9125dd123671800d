"""Twelve small trainings: above all tables of which the best of models leaves most of the loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.training_faults.fifth_nets import scaled, tower, worded
from benchmarks.training_faults.healthy import adamw, stairs, warm
from benchmarks.training_faults.nets import Split, _split, by_fours, classifier, mlp, regression
from benchmarks.training_faults.plan import Plan, adam, always, cosine, sgd
from benchmarks.training_faults.third_nets import DATA

WORDS = 1_200


def _order(n: int) -> np.ndarray:
    return np.random.default_rng(6).permutation(n)


def frame_of(path: str) -> Any:
    """A table of the shared data."""
    import pandas as pd

    return pd.read_parquet(DATA / path) if path.endswith(".parquet") else pd.read_csv(DATA / path)


def table(frame: Any, target: str, *, kind: str, most: int, without: Sequence[str] = ()) -> Split:
    """Numbers scaled, names as columns of noughts and ones; three quarters are for training."""
    import pandas as pd

    frame = frame.iloc[_order(len(frame))[:most]]
    features = frame.drop(columns=[target, *without])
    numbers = features.select_dtypes("number")
    named = features.drop(columns=numbers.columns).astype(str)
    parts = [numbers] + ([pd.get_dummies(named)] if named.shape[1] else [])
    X = scaled(np.hstack([part.to_numpy(dtype=np.float64) for part in parts]))
    if kind == "classes":
        y = torch.as_tensor(frame[target].astype("category").cat.codes.to_numpy(dtype=np.int64))
    else:
        amounts = frame[[target]].to_numpy(dtype=np.float64)
        y = scaled(np.log(amounts) if kind == "log" else amounts)
    return _split(X, y, len(frame) * 3 // 4)


@cache
def compas() -> Split:
    """Who is charged again within two years; about half are, and little tells who."""
    frame = frame_of("fairness_tables/compas-scores-two-years.csv.gz")
    known = ["sex", "age", "race", "juv_fel_count", "juv_misd_count", "priors_count", "c_charge_degree"]
    return table(frame[[*known, "two_year_recid"]], "two_year_recid", kind="classes", most=5_400)


@cache
def bank() -> Split:
    """Who takes a deposit that is offered by telephone: one in eight."""
    frame = frame_of("fairness_tables/bank-full.csv.gz")
    return table(frame, "y", kind="classes", most=6_000, without=["duration"])


@cache
def wages() -> Split:
    """What people earn an hour, on a log scale, from their age, schooling, sex and language."""
    frame = frame_of("cardata/SLID.csv.gz").dropna()
    return table(frame, "wages", kind="log", most=4_000)


@cache
def students() -> Split:
    """The mark of 649 pupils after a third of the year, from their families and habits."""
    frame = frame_of("fairness_tables/student_por_new.csv.gz")
    return table(frame, "G1", kind="amounts", most=649, without=["G2", "class"])


@cache
def shuttle() -> Split:
    """Which state a radiator is in: four of five are in one, and all can be told."""
    return table(frame_of("uci_tables_r/Shuttle.csv.gz"), "Class", kind="classes", most=6_000)


@cache
def cells() -> Split:
    """Whether a cell was outlined well, from 56 numbers on its picture."""
    frame = frame_of("modeldata/cells.csv.gz")
    return table(frame, "class", kind="classes", most=2_019, without=["case"])


@cache
def loans() -> Split:
    """Who pays a loan back: nineteen in twenty."""
    return table(frame_of("modeldata/lending_club.csv.gz"), "Class", kind="classes", most=6_000)


@cache
def census() -> Split:
    """Who earns more than 50,000 a year: one in sixteen."""
    frame = frame_of("kdd_census_income/census_income.parquet")
    return table(frame.sample(6_000, random_state=6), "income_gt_50k", kind="classes", most=6_000)


@cache
def prices() -> Split:
    """The price of electricity in half an hour, from the 24 half hours before."""
    frame = frame_of("drift_streams/elec.csv.gz").iloc[:14_000]
    table = scaled(frame.drop(columns=["class", "period"]).to_numpy(dtype=np.float64))
    starts = np.arange(0, len(table) - 25, 3)[_order((len(table) - 25 + 2) // 3)]
    X = torch.stack([table[start : start + 24] for start in starts])
    return _split(X, table[starts + 24][:, :1], 3_200)


@cache
def wires() -> Split:
    """Which of 52 topics a message of an agency has; two make up most."""
    frame = frame_of("topics/reuters-r52.parquet")
    frame = frame.iloc[_order(len(frame))[:5_000]]
    return worded([str(text) for text in frame["text"]], [str(label) for label in frame["label"]], 60, 3_800)


@cache
def reviews() -> Split:
    """Whether a review of food is great, from its first forty words."""
    frame = frame_of("modeldata/fine_foods_train.csv.gz")
    frame = frame.iloc[_order(len(frame))]
    return worded(
        [str(text) for text in frame["review"]], [str(label) for label in frame["score"]], 40, 3_000
    )


@cache
def rows() -> Split:
    """Handwritten digits, row after row from the top."""
    import pandas as pd

    frame = pd.read_csv(DATA / "mnist_5k" / "mnist_5k.csv.gz", header=None)
    table = frame.to_numpy(dtype=np.float32)[_order(len(frame))[:4_000]]
    pixels = table[:, :-1].reshape(-1, 14, 2, 28).mean(2)
    return _split(
        torch.as_tensor((pixels - pixels.mean()) / pixels.std()), torch.as_tensor(table[:, -1]).long(), 3_100
    )


class Over(nn.Module):
    """A GRU over a sequence of numbers, and a head on its last state."""

    def __init__(self, inputs: int, width: int, outputs: int) -> None:
        super().__init__()
        self.layer = nn.GRU(inputs, width, batch_first=True)
        self.head: nn.Module = nn.Linear(width, outputs)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.layer(x)
        return self.head(states[:, -1])


class Words(nn.Module):
    """The mean of words' vectors, and a head."""

    def __init__(self, width: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, width)
        self.dropout = nn.Dropout(dropout)
        self.head: nn.Module = nn.Linear(width, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.dropout(self.embedding(x).mean(1)))


def inputs(data: Callable[[], Split]) -> int:
    return int(data()[0][0].shape[-1])


def model(net: str, factor: float = 1.0, dropout: float = 0.1) -> nn.Module:
    """The net of a training, made wider or narrower."""
    wide = by_fours(factor)
    return {
        "batch_compas": lambda: tower(inputs(compas), wide(16), 2, dropout, "batch"),
        "tanh_bank": lambda: tower(inputs(bank), wide(16), 2, dropout, "tanh"),
        "mlp_wages": lambda: mlp(inputs(wages), wide(24), 1, dropout=dropout / 2),
        "layer_pupils": lambda: tower(inputs(students), wide(12), 1, dropout, "layer"),
        "mlp_shuttle": lambda: mlp(inputs(shuttle), wide(24), 7, dropout=dropout / 2),
        "batch_cells": lambda: tower(inputs(cells), wide(16), 2, dropout, "batch"),
        "tanh_loans": lambda: tower(inputs(loans), wide(16), 2, dropout, "tanh"),
        "layer_census": lambda: tower(inputs(census), wide(16), 2, dropout, "layer"),
        "gru_prices": lambda: Over(inputs(prices), wide(20), 1),
        "mean_wires": lambda: Words(wide(32), 52, dropout),
        "mean_reviews": lambda: Words(wide(24), 2, dropout),
        "gru_rows": lambda: Over(28, wide(32), 10),
    }[net]()


PLANS: dict[str, Callable[..., Plan]] = {
    "batch_compas": classifier(compas, 2, optimizer=adam, lr=2e-3, steps=260, schedule=cosine),
    "tanh_bank": classifier(bank, 2, optimizer=adam, lr=2e-3, steps=280, schedule=always),
    "mlp_wages": regression(wages, optimizer=sgd, lr=0.01, steps=260, schedule=cosine),
    "layer_pupils": regression(students, optimizer=adamw, lr=1e-3, steps=140, schedule=stairs),
    "mlp_shuttle": classifier(shuttle, 7, optimizer=sgd, lr=0.05, steps=400, schedule=cosine),
    "batch_cells": classifier(cells, 2, optimizer=sgd, lr=0.01, steps=240, schedule=stairs),
    "tanh_loans": classifier(loans, 2, optimizer=sgd, lr=0.01, steps=260, schedule=always),
    "layer_census": classifier(census, 2, optimizer=adamw, lr=2e-3, steps=300, schedule=cosine),
    "gru_prices": regression(prices, optimizer=adam, lr=5e-3, steps=320, schedule=warm),
    "mean_wires": classifier(wires, 52, optimizer=adam, lr=2e-2, steps=500, schedule=cosine),
    "mean_reviews": classifier(reviews, 2, optimizer=adamw, lr=6e-3, steps=360, schedule=warm),
    "gru_rows": classifier(rows, 10, optimizer=adam, lr=5e-3, steps=420, schedule=cosine),
}
