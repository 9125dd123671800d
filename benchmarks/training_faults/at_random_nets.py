"""Data, targets and nets that are drawn at random: a column of a table, a step ahead in a series, a label of texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.training_faults.fifth_nets import tower, worded
from benchmarks.training_faults.nets import Split, _split, by_fours, mlp
from benchmarks.training_faults.seventh_nets import Residual
from benchmarks.training_faults.sixth_nets import Over, Words, frame_of, scaled, table

MOST_CLASSES = 30
TABLES = (
    "adult/adult.parquet",
    "bike_sharing/hour.csv",
    "cardata/SLID.csv.gz",
    "cardata/WVS.csv.gz",
    "drift_streams/elec.csv.gz",
    "fairness_tables/bank-full.csv.gz",
    "fairness_tables/communities_crime.csv.gz",
    "fairness_tables/compas-scores-two-years.csv.gz",
    "fairness_tables/credit-card-clients.csv.gz",
    "fairness_tables/student_por_new.csv.gz",
    "kdd_census_income/census_income.parquet",
    "modeldata/Chicago.csv.gz",
    "modeldata/ames.csv.gz",
    "modeldata/cells.csv.gz",
    "modeldata/check_times.csv.gz",
    "modeldata/hpc_data.csv.gz",
    "modeldata/lending_club.csv.gz",
    "modeldata/stackoverflow.csv.gz",
    "modeldata/wa_churn.csv.gz",
    "nycflights13/flights.parquet",
    "uci_tables_r/LetterRecognition.csv.gz",
    "uci_tables_r/Satellite.csv.gz",
    "uci_tables_r/Shuttle.csv.gz",
    "uci_tables_r/income.csv.gz",
    "uci_tables_r/spam.csv.gz",
    "uci_tables_r/ticdata.csv.gz",
)
SERIES = ("drift_streams/elec.csv.gz", "bike_sharing/hour.csv", "modeldata/Chicago.csv.gz")
TEXTS = (
    ("intents/banking77.csv.gz", "text", "label"),
    ("intents/snips.csv.gz", "text", "label"),
    ("modeldata/fine_foods_train.csv.gz", "review", "score"),
    ("topics/20newsgroups.parquet", "text", "label"),
    ("topics/reuters-r8.parquet", "text", "label"),
    ("topics/reuters-r52.parquet", "text", "label"),
)


@cache
def _known(path: str) -> Any:
    frame = frame_of(path)
    return frame.sample(min(len(frame), 30_000), random_state=0).reset_index(drop=True)


def _usable(frame: Any) -> Any:
    """Columns of numbers, and of names that are few."""
    kept = [
        name
        for name in frame.columns
        if frame[name].dtype.kind in "iufb" or frame[name].nunique() <= MOST_CLASSES
    ]
    frame = frame[kept].copy()
    for name in kept:
        frame[name] = frame[name].fillna(0) if frame[name].dtype.kind in "iufb" else frame[name].astype(str)
    return frame.loc[:, frame.nunique() > 1]


@dataclass(frozen=True)
class Drawn:
    """Data, and what is learned from it."""

    name: str
    data: Split
    classes: int | None
    make: Callable[[float, float], nn.Module]


def _of_a_table(rng: np.random.Generator) -> Drawn:
    while True:
        path = str(rng.choice(TABLES))
        frame = _usable(_known(path))
        target = str(rng.choice(frame.columns))
        others = [name for name in frame.columns if name != target]
        some = rng.permutation(others)[: int(rng.integers(min(3, len(others)), len(others) + 1))]
        frame = frame[[*some, target]]
        values = frame[target]
        named = values.dtype.kind not in "iuf" or values.nunique() <= int(rng.choice([2, 7, 12]))
        if named:
            counts = values.value_counts()
            frame = frame[values.isin(counts.index[counts >= 20])]
            classes = int(frame[target].nunique())
            if not 2 <= classes <= MOST_CLASSES or len(frame) < 600:
                continue
            kind = "classes"
        else:
            classes = None
            kind = "log" if values.min() > 0 and rng.random() < 0.5 else "amounts"
        most = int(rng.integers(800, 6_000))
        data = table(frame, target, kind=kind, most=most)
        if len(data[1][1].unique()) > 1:
            break
    wide, out = data[0][0].shape[1], classes or 1
    width = int(rng.choice([8, 12, 16, 24, 32, 48]))
    shape = str(rng.choice(["mlp", "batch", "layer", "tanh", "linear", "deep"]))

    def make(factor: float, dropout: float) -> nn.Module:
        inner = by_fours(factor)(width)
        if shape == "mlp":
            return mlp(wide, inner, out, dropout=dropout)
        if shape == "linear":
            return nn.Linear(wide, out)
        if shape == "deep":
            body = (Residual(inner) for _ in range(3))
            return nn.Sequential(nn.Linear(wide, inner), *body, nn.Dropout(dropout), nn.Linear(inner, out))
        return tower(wide, inner, out, dropout, shape)

    return Drawn(f"{shape}.{Path(path).name.partition('.')[0]}.{target}", data, classes, make)


def _of_a_series(rng: np.random.Generator) -> Drawn:
    path = str(rng.choice(SERIES))
    frame = frame_of(path).select_dtypes("number").dropna(axis=1)
    columns = frame.columns[rng.permutation(frame.shape[1])[: int(rng.integers(2, min(6, frame.shape[1])))]]
    values = scaled(frame[columns].to_numpy(dtype=np.float64))
    ahead = int(rng.choice([1, 3, 12]))
    starts = rng.permutation(len(values) - 24 - ahead)[: int(rng.integers(1_500, 4_000))]
    X = torch.stack([values[start : start + 24] for start in starts])
    data = _split(X, values[starts + 23 + ahead][:, :1], len(starts) * 3 // 4)
    inputs, width = len(columns), int(rng.choice([8, 12, 20]))
    recurrent = bool(rng.random() < 0.5)

    def make(factor: float, dropout: float) -> nn.Module:
        inner = by_fours(factor)(width)
        if recurrent:
            return Over(inputs, inner, 1)
        layers = [nn.Conv1d(inputs, inner, 3, padding=1), nn.ReLU(), nn.MaxPool1d(2), nn.Flatten()]
        return nn.Sequential(Turned(), *layers, nn.Dropout(dropout), nn.Linear(12 * inner, 1))

    kind = "gru" if recurrent else "conv"
    return Drawn(f"{kind}.{Path(path).name.partition('.')[0]}.{columns[0]}.{ahead}", data, None, make)


class Turned(nn.Module):
    """Time last."""

    def forward(self, x: Tensor) -> Tensor:
        return x.transpose(1, 2)


def _of_texts(rng: np.random.Generator) -> Drawn:
    path, text, label = TEXTS[int(rng.integers(len(TEXTS)))]
    frame = _known(path)
    labels = frame[label].value_counts().index[: int(rng.integers(2, 20))]
    frame = frame[frame[label].isin(labels)].sample(frac=1, random_state=int(rng.integers(1 << 30)))
    frame = frame.iloc[: int(rng.integers(1_000, 5_000))]
    length = int(rng.choice([8, 16, 40]))
    data = worded(
        [str(one) for one in frame[text]], [str(one) for one in frame[label]], length, len(frame) * 3 // 4
    )
    classes, width = int(frame[label].nunique()), int(rng.choice([12, 24, 32]))

    def make(factor: float, dropout: float) -> nn.Module:
        return Words(by_fours(factor)(width), classes, dropout)

    return Drawn(f"words.{Path(path).name.partition('.')[0]}.{classes}", data, classes, make)


@cache
def drawn(group: int) -> Drawn:
    """What a group is of."""
    rng = np.random.default_rng([88, group])
    of = rng.choice([_of_a_table, _of_a_series, _of_texts], p=[0.7, 0.15, 0.15])
    found: Drawn = of(rng)
    return found


def loss_of(of: Drawn, rng: np.random.Generator) -> nn.Module:
    """Cross entropy, now and then with weighted or smoothed labels, or squared errors."""
    if of.classes is None:
        return nn.MSELoss()
    if rng.random() < 0.1:
        counts = torch.bincount(of.data[0][1], minlength=of.classes).clamp(min=1)
        return nn.CrossEntropyLoss(weight=(counts.sum() / (of.classes * counts)).clamp(max=10).float())
    return nn.CrossEntropyLoss(label_smoothing=0.1 if rng.random() < 0.1 else 0.0)
