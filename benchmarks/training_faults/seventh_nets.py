"""Twelve small trainings more: tables of surveys, delays and salaries, letters, words and images."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.training_faults.fifth_nets import tower, worded
from benchmarks.training_faults.fourth_nets import letters
from benchmarks.training_faults.healthy import adamw, stairs, warm
from benchmarks.training_faults.nets import Split, _split, by_fours, classifier, mlp, regression
from benchmarks.training_faults.plan import Plan, adam, always, cosine, sgd
from benchmarks.training_faults.sixth_nets import frame_of, inputs, table
from benchmarks.training_faults.third_nets import DATA

WORDS = 1_200


@cache
def mail() -> Split:
    """Whether a letter is spam, from 57 shares of words and signs."""
    return table(frame_of("uci_tables_r/spam.csv.gz"), "type", kind="classes", most=4_601)


@cache
def caravans() -> Split:
    """Who has a caravan insured: one in seventeen."""
    return table(frame_of("uci_tables_r/ticdata.csv.gz"), "CARAVAN", kind="classes", most=5_600)


@cache
def opinions() -> Split:
    """What people in four countries think of help for the poor: too little, about right, too much."""
    return table(frame_of("cardata/WVS.csv.gz"), "poverty", kind="classes", most=5_381)


@cache
def customers() -> Split:
    """Who leaves a telephone company: one in four."""
    return table(frame_of("modeldata/wa_churn.csv.gz").fillna(0), "churn", kind="classes", most=6_000)


@cache
def jobs() -> Split:
    """How long a computation takes, in four classes."""
    return table(frame_of("modeldata/hpc_data.csv.gz"), "class", kind="classes", most=4_331)


@cache
def incomes() -> Split:
    """Which of nine ranges a household's income lies in."""
    return table(frame_of("uci_tables_r/income.csv.gz").dropna(), "INCOME", kind="classes", most=6_000)


@cache
def salaries() -> Split:
    """What programmers earn, on a log scale; some few say next to nothing."""
    frame = frame_of("modeldata/stackoverflow.csv.gz")
    return table(frame[frame["Salary"] > 0].fillna(0), "Salary", kind="log", most=5_500)


@cache
def delays() -> Split:
    """How late a flight is, from the hour, the month, the airline and where it goes; most are not, some for hours."""
    frame = frame_of("nycflights13/flights.parquet").dropna(subset=["arr_delay"])
    columns = ["month", "hour", "distance", "carrier", "origin", "arr_delay", "dep_delay"]
    frame = frame[columns].sample(5_000, random_state=7)
    return table(frame, "arr_delay", kind="amounts", most=5_000)


@cache
def wishes() -> Split:
    """Which of seven things is asked for, from the first twelve words."""
    frame = frame_of("intents/snips.csv.gz").drop_duplicates("text").sample(3_800, random_state=7)
    return worded(list(frame["text"].astype(str)), list(frame["label"]), 12, 2_800)


@cache
def strokes() -> Split:
    """Handwritten digits, as 14 x 14 with what is left and above of each."""
    import pandas as pd

    frame = pd.read_csv(DATA / "mnist_5k" / "mnist_5k.csv.gz", header=None)
    values = frame.to_numpy(dtype=np.float32)[np.random.default_rng(7).permutation(len(frame))[:4_000]]
    pixels = values[:, :-1].reshape(-1, 14, 2, 14, 2).mean((2, 4))
    edges = np.stack([pixels, np.diff(pixels, axis=1, prepend=0), np.diff(pixels, axis=2, prepend=0)], axis=1)
    X = torch.as_tensor(((edges - edges.mean()) / edges.std()).astype(np.float32))
    return _split(X, torch.as_tensor(values[:, -1]).long(), 3_100)


@cache
def demands() -> Split:
    """How much electricity is taken in half an hour, from the 24 half hours before."""
    frame = frame_of("drift_streams/elec.csv.gz").iloc[16_000:30_000]
    values = frame[["period", "nswprice", "nswdemand"]].to_numpy(dtype=np.float32)
    values = (values - values.mean(0)) / values.std(0)
    starts = np.arange(0, len(values) - 25, 3)
    starts = starts[np.random.default_rng(7).permutation(len(starts))]
    X = np.stack([values[start : start + 24].T for start in starts])
    return _split(torch.as_tensor(X), torch.as_tensor(values[starts + 24, 2:]), 3_200)


class Residual(nn.Module):
    """Linear, norm, a unit, linear, added to what came in."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(width, width), nn.Linear(width, width)
        self.norm, self.unit = nn.LayerNorm(width), nn.GELU()

    def forward(self, x: Tensor) -> Tensor:
        return x + self.two(self.unit(self.one(self.norm(x))))


class Together(nn.Module):
    """Words' vectors, attention among them, the largest, a head."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, width)
        self.places = nn.Parameter(0.1 * torch.randn(12, width))
        self.attention = nn.MultiheadAttention(width, 4, dropout, batch_first=True)
        self.norm = nn.LayerNorm(width)
        self.head: nn.Module = nn.Linear(width, 7)

    def forward(self, x: Tensor) -> Tensor:
        inside = self.embedding(x) + self.places
        among, _ = self.attention(inside, inside, inside, need_weights=False)
        return self.head(self.norm(inside + among).amax(1))


def deep(width: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(16, width), *(Residual(width) for _ in range(3)), nn.Dropout(dropout), nn.Linear(width, 26)
    )


def images(width: int, dropout: float) -> nn.Sequential:
    layers: list[nn.Module] = []
    for wide, out in ((3, width), (width, 2 * width)):
        layers += [nn.Conv2d(wide, out, 3, stride=2, padding=1), nn.BatchNorm2d(out), nn.SiLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(dropout), nn.Linear(32 * width, 10))


def series(width: int, dropout: float) -> nn.Sequential:
    layers = [nn.Conv1d(3, width, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2)]
    layers += [nn.Conv1d(width, width, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(dropout), nn.Linear(6 * width, 1))


def model(net: str, factor: float = 1.0, dropout: float = 0.1) -> nn.Module:
    """The net of a training, made wider or narrower."""
    wide = by_fours(factor)
    return {
        "batch_mail": lambda: tower(inputs(mail), wide(16), 2, dropout, "batch"),
        "layer_caravans": lambda: tower(inputs(caravans), wide(16), 2, dropout, "layer"),
        "tanh_opinions": lambda: tower(inputs(opinions), wide(12), 3, dropout, "tanh"),
        "mlp_customers": lambda: mlp(inputs(customers), wide(16), 2, dropout=dropout),
        "batch_jobs": lambda: tower(inputs(jobs), wide(24), 4, dropout, "batch"),
        "mlp_incomes": lambda: mlp(inputs(incomes), wide(24), 9, dropout=dropout),
        "layer_salaries": lambda: tower(inputs(salaries), wide(16), 1, dropout / 2, "layer"),
        "mlp_delays": lambda: mlp(inputs(delays), wide(16), 1, dropout=dropout / 2),
        "together_wishes": lambda: Together(wide(24), dropout),
        "deep_letters": lambda: deep(wide(40), dropout),
        "images_strokes": lambda: images(wide(8), dropout),
        "series_demands": lambda: series(wide(12), dropout / 2),
    }[net]()


PLANS: dict[str, Callable[..., Plan]] = {
    "batch_mail": classifier(mail, 2, optimizer=adam, lr=3e-3, steps=260, schedule=cosine),
    "layer_caravans": classifier(caravans, 2, optimizer=adamw, lr=1e-3, steps=260, schedule=warm),
    "tanh_opinions": classifier(opinions, 3, optimizer=adam, lr=3e-3, steps=300, schedule=stairs),
    "mlp_customers": classifier(customers, 2, optimizer=sgd, lr=0.02, steps=300, schedule=cosine),
    "batch_jobs": classifier(jobs, 4, optimizer=adam, lr=5e-3, steps=300, schedule=cosine),
    "mlp_incomes": classifier(incomes, 9, optimizer=sgd, lr=0.02, steps=320, schedule=stairs),
    "layer_salaries": regression(salaries, optimizer=adamw, lr=3e-3, steps=300, schedule=cosine),
    "mlp_delays": regression(delays, optimizer=adam, lr=3e-3, steps=300, schedule=always),
    "together_wishes": classifier(wishes, 7, optimizer=adamw, lr=3e-3, steps=300, schedule=warm),
    "deep_letters": classifier(letters, 26, optimizer=adamw, lr=3e-3, steps=500, schedule=cosine),
    "images_strokes": classifier(strokes, 10, optimizer=sgd, lr=0.05, steps=260, schedule=cosine),
    "series_demands": regression(demands, optimizer=adam, lr=3e-3, steps=320, schedule=stairs),
}
