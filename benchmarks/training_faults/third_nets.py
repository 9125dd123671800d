"""Seven more small trainings, on other data and of other kinds of net than all before them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.training_faults.healthy import adamw, warm
from benchmarks.training_faults.nets import Split, _split, by_fours, classifier, mlp, regression
from benchmarks.training_faults.plan import Plan, adam, always, cosine, sgd
from offdiagonal import datasets

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@cache
def images() -> Split:
    """Handwritten digits of 14 x 14, from other hands than scikit-learn's."""
    import pandas as pd

    frame = pd.read_csv(DATA / "mnist_5k" / "mnist_5k.csv.gz", header=None).sample(3_600, random_state=0)
    table = frame.to_numpy(dtype=np.float32)
    pixels = table[:, :-1].reshape(-1, 14, 2, 14, 2).mean((2, 4))
    X = torch.as_tensor((pixels - pixels.mean()) / pixels.std())[:, None]
    return _split(X, torch.as_tensor(table[:, -1]).long(), 2_800)


@cache
def pictures() -> Split:
    """The same as rows, which are their own targets."""
    (train, _), (validation, _) = images()
    return (train.flatten(1), train.flatten(1)), (validation.flatten(1), validation.flatten(1))


@cache
def questions() -> Split:
    """The twelve commonest intents of questions to a bank, as sixteen words of the 700 commonest."""
    frame = datasets.banking77()
    common = list(frame["label"].value_counts().index[:12])
    frame = frame[frame["label"].isin(common)].drop_duplicates("text").sample(frac=1, random_state=0)
    words = [text.replace("?", " ?").replace(".", " .").replace(",", " ,").split() for text in frame["text"]]
    counts: dict[str, int] = {}
    for word in (word for text in words for word in text):
        counts[word] = counts.get(word, 0) + 1
    known = sorted(counts, key=lambda word: (-counts[word], word))[:698]
    index = {word: i + 2 for i, word in enumerate(known)}
    X = np.zeros((len(words), 16), dtype=np.int64)
    for row, text in zip(X, words, strict=True):
        row[: len(text)] = [index.get(word, 1) for word in text[:16]]
    y = np.array([common.index(label) for label in frame["label"]])
    return _split(torch.as_tensor(X), torch.as_tensor(y), len(X) * 7 // 10)


@cache
def messages() -> Split:
    """Which of 600 words a message has, by their weight; one in eight messages is spam."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    frame = datasets.sms_spam().sample(frac=1, random_state=0)
    X = TfidfVectorizer(max_features=600).fit_transform(frame["text"].to_list()).toarray()
    y = (frame["label"] == "spam").to_numpy(dtype=np.int64)
    return _split(torch.as_tensor(X, dtype=torch.float32), torch.as_tensor(y), 3_300)


def _hired() -> Any:
    frame = datasets.bike_sharing()
    hired = np.log(frame["rentals"].to_numpy(dtype=np.float64))
    return frame, (hired - hired.mean()) / hired.std()


@cache
def hours() -> Split:
    """Bicycles hired in an hour, on a log scale, from the hour, the day and the weather."""
    import pandas as pd

    frame, hired = _hired()
    named = ["hour", "season", "weekday", "working_day", "weather"]
    numbers = frame[["temperature", "humidity", "wind"]]
    parts = [pd.get_dummies(frame[named].astype(str)), (numbers - numbers.mean()) / numbers.std()]
    X = np.hstack([part.to_numpy(dtype=np.float32) for part in parts])
    order = np.random.default_rng(0).permutation(len(X))[:5_000]
    return _split(
        torch.as_tensor(X[order]), torch.as_tensor(hired[order], dtype=torch.float32)[:, None], 4_000
    )


@cache
def days() -> Split:
    """Bicycles hired in the next hour, from the twenty-four before."""
    frame, hired = _hired()
    numbers = frame[["temperature", "humidity"]].to_numpy(dtype=np.float64)
    clock = frame["hour"].to_numpy() / 24 * 2 * np.pi
    table = np.column_stack(
        [hired, (numbers - numbers.mean(0)) / numbers.std(0), np.sin(clock), np.cos(clock)]
    )
    starts = np.random.default_rng(0).permutation(len(table) - 24)[:3_300]
    X = np.stack([table[start : start + 24] for start in starts])
    y = hired[starts + 24][:, None]
    return _split(torch.as_tensor(X, dtype=torch.float32), torch.as_tensor(y, dtype=torch.float32), 2_500)


@cache
def adults() -> Split:
    """Whether someone earns more than 50,000 a year: one in four does."""
    import pandas as pd

    frame = pd.read_parquet(DATA / "adult" / "adult.parquet").sample(6_500, random_state=0)
    target = frame.columns[-1]
    y = frame[target].astype(str).str.contains(">50K").to_numpy(dtype=np.int64)
    features = frame.drop(columns=target)
    numbers = features.select_dtypes("number")
    named = features.drop(columns=numbers.columns).astype(str)
    parts = [pd.get_dummies(named), (numbers - numbers.mean()) / numbers.std()]
    X = np.hstack([part.to_numpy(dtype=np.float32) for part in parts])
    return _split(torch.as_tensor(X), torch.as_tensor(y), 4_500)


class Residual(nn.Module):
    """Two convolutions with batch norm, added to what came in."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.one = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm_one = nn.BatchNorm2d(width)
        self.two = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm_two = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        within = torch.relu(self.norm_one(self.one(x)))
        return torch.relu(x + self.norm_two(self.two(within)))


def residual(width: int = 8, dropout: float = 0.0) -> nn.Sequential:
    first = [nn.Conv2d(1, width, 3, stride=2, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
    last = [nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Dropout(dropout), nn.Linear(4 * width, 10)]
    return nn.Sequential(*first, Residual(width), Residual(width), *last)


class Former(nn.Module):
    """Words and places, one layer of a transformer's encoder, the mean, a head."""

    def __init__(self, width: int = 32, dropout: float = 0.1) -> None:
        super().__init__()
        self.embedding = nn.Embedding(700, width)
        self.places = nn.Parameter(0.1 * torch.randn(16, width))
        self.layer = nn.TransformerEncoderLayer(width, 4, 2 * width, dropout, batch_first=True)
        self.head = nn.Linear(width, 12)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.layer(self.embedding(x) + self.places).mean(1))


class Series(nn.Module):
    """An LSTM, and a head on its last state."""

    def __init__(self, width: int = 20) -> None:
        super().__init__()
        self.layer = nn.LSTM(5, width, batch_first=True)
        self.head = nn.Linear(width, 1)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.layer(x)
        return self.head(states[:, -1])


def coder(width: int = 64, dropout: float = 0.0) -> nn.Sequential:
    """From 196 pixels through 16 numbers to 196 pixels."""
    there = [nn.Linear(196, width), nn.ReLU(), nn.Dropout(dropout), nn.Linear(width, 16), nn.ReLU()]
    return nn.Sequential(*there, nn.Linear(16, width), nn.ReLU(), nn.Linear(width, 196))


def normed(inputs: int, width: int = 32, dropout: float = 0.0) -> nn.Sequential:
    layers: list[nn.Module] = []
    for i in range(2):
        layers += [nn.Linear(inputs if i == 0 else width, width), nn.LayerNorm(width), nn.SiLU()]
        layers += [nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(width, 2))


def model(net: str, factor: float = 1.0, dropout: float = 0.0) -> nn.Module:
    """The net of a training, made wider or narrower."""
    wide = by_fours(factor)
    return {
        "res_images": lambda: residual(wide(8), dropout),
        "former_questions": lambda: Former(wide(32), dropout),
        "mlp_hours": lambda: mlp(hours()[0][0].shape[1], wide(48), 1, depth=3, dropout=dropout),
        "lstm_days": lambda: Series(wide(20)),
        "coder_images": lambda: coder(wide(64), dropout / 3),
        "words_spam": lambda: mlp(600, wide(24), 2, depth=1, dropout=dropout),
        "norm_adults": lambda: normed(adults()[0][0].shape[1], wide(32), dropout),
    }[net]()


PLANS: dict[str, Callable[..., Plan]] = {
    "res_images": classifier(images, 10, optimizer=sgd, lr=0.03, steps=240, schedule=cosine),
    "former_questions": classifier(questions, 12, optimizer=adamw, lr=4e-3, steps=400, schedule=warm),
    "mlp_hours": regression(hours, optimizer=adam, lr=3e-3, steps=400, schedule=always),
    "lstm_days": regression(days, optimizer=adam, lr=1.5e-2, steps=360, schedule=cosine),
    "coder_images": regression(pictures, optimizer=adam, lr=4e-3, steps=600, schedule=cosine),
    "words_spam": classifier(messages, 2, optimizer=adam, lr=5e-3, steps=300, schedule=always),
    "norm_adults": classifier(adults, 2, optimizer=sgd, lr=0.03, steps=300, schedule=cosine),
}
