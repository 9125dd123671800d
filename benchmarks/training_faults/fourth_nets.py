"""Seven small trainings more, of kinds of net and on data that none before them had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache, partial

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.training_faults.healthy import adamw, stairs, warm
from benchmarks.training_faults.nets import Split, _split, by_fours, classifier, regression
from benchmarks.training_faults.plan import Plan, adam, always, cosine, sgd
from benchmarks.training_faults.third_nets import DATA

WORDS = 800
CHARACTERS = 40
"""Of which a text is made; the others are one character."""


def _shuffled(n: int) -> np.ndarray:
    return np.random.default_rng(4).permutation(n)


@cache
def letters() -> Split:
    """Which of 26 letters, from sixteen numbers on its print."""
    import pandas as pd

    frame = pd.read_csv(DATA / "uci_tables_r" / "LetterRecognition.csv.gz")
    frame = frame.iloc[_shuffled(len(frame))[:6_000]]
    names = frame["lettr"].astype("category").cat.codes.to_numpy(dtype=np.int64)
    X = frame.select_dtypes("number").to_numpy(dtype=np.float32)
    X = (X - X.mean(0)) / X.std(0)
    return _split(torch.as_tensor(X), torch.as_tensor(names), 4_800)


@cache
def requests() -> Split:
    """Which of seven things is asked for, from the first 60 characters."""
    import pandas as pd

    frame = pd.read_csv(DATA / "intents" / "snips.csv.gz").drop_duplicates("text")
    frame = frame.iloc[_shuffled(len(frame))[:3_600]]
    texts = [str(text).lower() for text in frame["text"]]
    common = [c for c, _ in Counter("".join(texts)).most_common(CHARACTERS - 2)]
    index = {c: i + 2 for i, c in enumerate(common)}
    X = np.zeros((len(texts), 60), dtype=np.int64)
    for row, text in zip(X, texts, strict=True):
        row[: len(text)] = [index.get(c, 1) for c in text[:60]]
    y = frame["label"].astype("category").cat.codes.to_numpy(dtype=np.int64)
    return _split(torch.as_tensor(X), torch.as_tensor(y), 2_700)


@cache
def news() -> Split:
    """Which of eight topics, from the first 24 words; half of the messages have one topic."""
    import pandas as pd

    frame = pd.read_parquet(DATA / "topics" / "reuters-r8.parquet")
    frame = frame.iloc[_shuffled(len(frame))[:4_400]]
    words = [str(text).split()[:24] for text in frame["text"]]
    common = [word for word, _ in Counter(word for text in words for word in text).most_common(WORDS - 2)]
    index = {word: i + 2 for i, word in enumerate(common)}
    X = np.zeros((len(words), 24), dtype=np.int64)
    for row, text in zip(X, words, strict=True):
        row[: len(text)] = [index.get(word, 1) for word in text]
    y = frame["label"].astype("category").cat.codes.to_numpy(dtype=np.int64)
    return _split(torch.as_tensor(X), torch.as_tensor(y), 3_300)


@cache
def patches() -> Split:
    """Handwritten digits as sixteen patches of 7 x 7."""
    import pandas as pd

    frame = pd.read_csv(DATA / "mnist_5k" / "mnist_5k.csv.gz", header=None)
    table = frame.to_numpy(dtype=np.float32)[_shuffled(len(frame))[:4_000]]
    pixels = table[:, :-1].reshape(-1, 4, 7, 4, 7).transpose(0, 1, 3, 2, 4).reshape(-1, 16, 49)
    X = (pixels - pixels.mean()) / pixels.std()
    return _split(torch.as_tensor(X), torch.as_tensor(table[:, -1]).long(), 3_100)


@cache
def electricity() -> Split:
    """Whether the price goes up, from six numbers over the last 32 half hours; the later ones are validation."""
    import pandas as pd

    frame = pd.read_csv(DATA / "drift_streams" / "elec.csv.gz").iloc[:16_000]
    table = frame.drop(columns="class").to_numpy(dtype=np.float32)
    table = (table - table.mean(0)) / (table.std(0) + 1e-6)
    starts = np.arange(0, len(table) - 32, 4)
    order = np.concatenate([_shuffled(3_000), 3_000 + _shuffled(len(starts) - 3_000)])
    X = np.stack([table[start : start + 32].T for start in starts[order]])
    y = frame["class"].to_numpy(dtype=np.int64)[starts[order] + 31]
    return _split(torch.as_tensor(X), torch.as_tensor(y), 3_000)


def _numbers(path: str, target: str, *, log: bool, n: int) -> Split:
    import pandas as pd

    frame = pd.read_csv(DATA / path)
    frame = frame.iloc[_shuffled(len(frame))]
    y = frame[target].to_numpy(dtype=np.float64)
    y = np.log(y) if log else y
    features = frame.drop(columns=target)
    numbers = features.select_dtypes("number")
    named = features.drop(columns=numbers.columns)
    parts = [(numbers - numbers.mean()) / (numbers.std() + 1e-9)]
    parts += [pd.get_dummies(named.astype(str))] if named.shape[1] else []
    X = np.nan_to_num(np.hstack([part.to_numpy(dtype=np.float32) for part in parts]))
    y = ((y - y.mean()) / y.std())[:, None]
    return _split(torch.as_tensor(X), torch.as_tensor(y, dtype=torch.float32), n)


@cache
def crime() -> Split:
    """Violent crimes in 1,994 communities, from a hundred numbers on each."""
    return _numbers("fairness_tables/communities_crime.csv.gz", "ViolentCrimesPerPop", log=False, n=1_500)


@cache
def houses() -> Split:
    """What a house in Ames was sold for, on a log scale."""
    return _numbers("modeldata/ames.csv.gz", "Sale_Price", log=True, n=2_200)


def batch_normed(width: int, dropout: float) -> nn.Sequential:
    layers: list[nn.Module] = []
    for i in range(2):
        layers += [nn.Linear(16 if i == 0 else width, width), nn.BatchNorm1d(width), nn.LeakyReLU()]
    return nn.Sequential(*layers, nn.Dropout(dropout), nn.Linear(width, 26))


class Characters(nn.Module):
    """Characters' vectors, two convolutions with group norm, the mean of what they find."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(CHARACTERS, 12)
        self.found = nn.Sequential(
            nn.Conv1d(12, width, 5, padding=2),
            nn.GroupNorm(4, width),
            nn.ReLU(),
            nn.Conv1d(width, width, 5, stride=2, padding=2),
            nn.GroupNorm(4, width),
            nn.ReLU(),
        )
        self.dropout = nn.Dropout(dropout)
        self.head: nn.Module = nn.Linear(width, 7)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.dropout(self.found(self.embedding(x).transpose(1, 2)).mean(2)))


class BothWays(nn.Module):
    """Words' vectors, a GRU from both ends, the largest of its states."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 20)
        self.layer = nn.GRU(20, width, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(2 * width, 8)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.layer(self.embedding(x))
        return self.head(self.dropout(states.amax(1)))


class Patches(nn.Module):
    """Patches and places, two layers of a transformer's encoder that norm first, the mean, a head."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.patch = nn.Linear(49, width)
        self.places = nn.Parameter(0.1 * torch.randn(16, width))
        layer = partial(nn.TransformerEncoderLayer, batch_first=True, norm_first=True, activation="gelu")
        self.layers = nn.Sequential(*(layer(width, 4, 2 * width, dropout) for _ in range(2)))
        self.head: nn.Module = nn.Linear(width, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.layers(self.patch(x) + self.places).mean(1))


def dilated(width: int, dropout: float) -> nn.Sequential:
    layers: list[nn.Module] = []
    for i, dilation in enumerate((1, 2, 4)):
        wide = 6 if i == 0 else width
        layers += [nn.Conv1d(wide, width, 3, padding=dilation, dilation=dilation), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(dropout), nn.Linear(32 * width, 2))


def tower(inputs: int, width: int, dropout: float, unit: type[nn.Module]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for wide in (inputs, width):
        layers += [nn.Linear(wide, width), unit(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(width, 1))


def model(net: str, factor: float = 1.0, dropout: float = 0.1) -> nn.Module:
    """The net of a training, made wider or narrower."""
    wide = by_fours(factor)
    return {
        "norm_letters": lambda: batch_normed(wide(48), dropout),
        "conv_requests": lambda: Characters(wide(32), dropout),
        "gru_news": lambda: BothWays(wide(16), dropout),
        "patches_images": lambda: Patches(wide(32), dropout),
        "dilated_electricity": lambda: dilated(wide(12), dropout),
        "mlp_crime": lambda: tower(crime()[0][0].shape[1], wide(32), dropout, nn.ReLU),
        "elu_houses": lambda: tower(houses()[0][0].shape[1], wide(40), dropout / 2, nn.ELU),
    }[net]()


PLANS: dict[str, Callable[..., Plan]] = {
    "norm_letters": classifier(letters, 26, optimizer=sgd, lr=0.1, steps=500, schedule=cosine),
    "conv_requests": classifier(requests, 7, optimizer=adamw, lr=5e-3, steps=340, schedule=warm),
    "gru_news": classifier(news, 8, optimizer=adam, lr=1e-2, steps=420, schedule=always),
    "patches_images": classifier(patches, 10, optimizer=adamw, lr=5e-3, steps=440, schedule=warm),
    "dilated_electricity": classifier(electricity, 2, optimizer=adam, lr=3e-3, steps=400, schedule=always),
    "mlp_crime": regression(crime, optimizer=adamw, lr=1e-3, steps=260, schedule=stairs),
    "elu_houses": regression(houses, optimizer=sgd, lr=3e-3, steps=340, schedule=cosine),
}
