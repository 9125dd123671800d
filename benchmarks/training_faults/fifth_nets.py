"""Seven small trainings more, on tables, texts and images that the rules had not met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.training_faults.healthy import adamw, stairs, warm
from benchmarks.training_faults.nets import Split, _split, by_fours, classifier, mlp, regression
from benchmarks.training_faults.plan import Plan, adam, always, cosine, sgd
from benchmarks.training_faults.third_nets import DATA

WORDS = 1_200


def _shuffled(n: int) -> np.ndarray:
    return np.random.default_rng(5).permutation(n)


def scaled(X: np.ndarray) -> Tensor:
    known = np.nan_to_num(X.astype(np.float64))
    return torch.as_tensor(
        np.clip((known - known.mean(0)) / (known.std(0) + 1e-9), -8, 8), dtype=torch.float32
    )


@cache
def satellite() -> Split:
    """Which of six soils, from four colours of nine pixels."""
    import pandas as pd

    frame = pd.read_csv(DATA / "uci_tables_r" / "Satellite.csv.gz")
    frame = frame.iloc[_shuffled(len(frame))[:5_400]]
    y = frame["classes"].astype("category").cat.codes.to_numpy(dtype=np.int64)
    return _split(scaled(frame.drop(columns="classes").to_numpy()), torch.as_tensor(y), 4_200)


def worded(texts: list[str], labels: list[str], length: int, n: int) -> Split:
    words = [text.lower().split()[:length] for text in texts]
    common = [word for word, _ in Counter(word for text in words for word in text).most_common(WORDS - 2)]
    index = {word: i + 2 for i, word in enumerate(common)}
    X = np.zeros((len(words), length), dtype=np.int64)
    for row, text in zip(X, words, strict=True):
        row[: len(text)] = [index.get(word, 1) for word in text]
    names = sorted(set(labels))
    return _split(torch.as_tensor(X), torch.as_tensor([names.index(label) for label in labels]), n)


@cache
def groups() -> Split:
    """Which of eight newsgroups, from the first eighty words."""
    import pandas as pd

    frame = pd.read_parquet(DATA / "topics" / "20newsgroups.parquet")
    frame = frame[frame["label"].isin(sorted(set(frame["label"]))[::2][:8])]
    frame = frame.iloc[_shuffled(len(frame))[:5_000]]
    return worded([str(text) for text in frame["text"]], [str(label) for label in frame["label"]], 80, 3_800)


@cache
def intents() -> Split:
    """Which of fourteen intents, from the last words of a question."""
    import pandas as pd

    frame = pd.read_csv(DATA / "intents" / "clinc150.csv.gz")
    chosen = [label for label in sorted(set(frame["label"])) if label != "oos"][::11]
    frame = frame[frame["label"].isin(chosen)]
    frame = frame.iloc[_shuffled(len(frame))]
    texts = [" ".join(["-"] * 12 + str(text).split()).split()[-12:] for text in frame["text"]]
    return worded([" ".join(text) for text in texts], list(frame["label"]), 12, len(frame) * 3 // 4)


@cache
def credit() -> Split:
    """Who will not pay a card's debt: one in five."""
    import pandas as pd

    frame = pd.read_csv(DATA / "fairness_tables" / "credit-card-clients.csv.gz")
    frame = frame.iloc[_shuffled(len(frame))[:6_000]]
    y = frame["default payment"].to_numpy(dtype=np.int64)
    return _split(scaled(frame.drop(columns="default payment").to_numpy()), torch.as_tensor(y), 4_600)


@cache
def trains() -> Split:
    """How many board at a station a day, from other stations two weeks ago and the weather."""
    import pandas as pd

    frame = pd.read_csv(DATA / "modeldata" / "Chicago.csv.gz")
    frame = frame.iloc[_shuffled(len(frame))[:5_000]]
    y = scaled(frame[["ridership"]].to_numpy())
    return _split(scaled(frame.drop(columns=["ridership", "date"]).to_numpy()), y, 3_900)


@cache
def checks() -> Split:
    """How long a package of R takes to be checked, on a log scale."""
    import pandas as pd

    frame = pd.read_csv(DATA / "modeldata" / "check_times.csv.gz")
    frame = frame[frame["check_time"] > 0]
    frame = frame.iloc[_shuffled(len(frame))[:5_200]]
    y = scaled(np.log(frame[["check_time"]].to_numpy(dtype=np.float64)))
    features = frame.drop(columns=["check_time", "status"]).select_dtypes("number")
    return _split(scaled(np.log1p(features.clip(lower=0).to_numpy(dtype=np.float64))), y, 4_000)


@cache
def squares() -> Split:
    """Whether a handwritten digit is five or more."""
    import pandas as pd

    frame = pd.read_csv(DATA / "mnist_5k" / "mnist_5k.csv.gz", header=None)
    table = frame.to_numpy(dtype=np.float32)[_shuffled(len(frame))[:4_000]]
    pixels = table[:, :-1].reshape(-1, 1, 28, 28)[:, :, 2:26, 2:26].reshape(-1, 1, 12, 2, 12, 2).mean((3, 5))
    X = torch.as_tensor((pixels - pixels.mean()) / pixels.std())
    return _split(X, torch.as_tensor(table[:, -1] >= 5).long(), 3_100)


class Mean(nn.Module):
    """The mean of words' vectors, a hidden layer, a head."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, width)
        self.hidden = nn.Linear(width, width)
        self.unit = nn.SiLU()
        self.dropout = nn.Dropout(dropout)
        self.head: nn.Module = nn.Linear(width, 8)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.dropout(self.unit(self.hidden(self.embedding(x).mean(1)))))


class Last(nn.Module):
    """Words' vectors, an LSTM, a head on its last state."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 24)
        self.layer = nn.LSTM(24, width, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.head: nn.Module = nn.Linear(width, 14)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.layer(self.embedding(x))
        return self.head(self.dropout(states[:, -1]))


def tower(inputs: int, width: int, outputs: int, dropout: float, kind: str) -> nn.Sequential:
    """Two hidden layers, with tanh, batch norm, or layer norm."""
    layers: list[nn.Module] = []
    for wide in (inputs, width):
        layers += [nn.Linear(wide, width)]
        if kind == "tanh":
            layers += [nn.Tanh()]
        elif kind == "batch":
            layers += [nn.BatchNorm1d(width), nn.ReLU()]
        else:
            layers += [nn.LayerNorm(width), nn.GELU()]
    return nn.Sequential(*layers, nn.Dropout(dropout), nn.Linear(width, outputs))


def pooled(width: int, dropout: float) -> nn.Sequential:
    """Two convolutions without a norm, each pooled."""
    return nn.Sequential(
        nn.Conv2d(1, width, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(width, width, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Linear(9 * width, 2),
    )


def model(net: str, factor: float = 1.0, dropout: float = 0.1) -> nn.Module:
    """The net of a training, made wider or narrower."""
    wide = by_fours(factor)
    return {
        "tanh_satellite": lambda: tower(36, wide(32), 6, dropout, "tanh"),
        "mean_groups": lambda: Mean(wide(24), dropout),
        "lstm_intents": lambda: Last(wide(24), dropout),
        "norm_credit": lambda: tower(23, wide(24), 2, dropout, "batch"),
        "gelu_trains": lambda: tower(48, wide(32), 1, dropout / 2, "layer"),
        "mlp_checks": lambda: mlp(checks()[0][0].shape[1], wide(32), 1, dropout=dropout / 2),
        "pooled_images": lambda: pooled(wide(8), dropout),
    }[net]()


PLANS: dict[str, Callable[..., Plan]] = {
    "tanh_satellite": classifier(satellite, 6, optimizer=sgd, lr=0.02, steps=320, schedule=always),
    "mean_groups": classifier(groups, 8, optimizer=adam, lr=8e-3, steps=420, schedule=warm),
    "lstm_intents": classifier(intents, 14, optimizer=adamw, lr=1e-2, steps=380, schedule=cosine),
    "norm_credit": classifier(credit, 2, optimizer=adam, lr=3e-3, steps=280, schedule=cosine),
    "gelu_trains": regression(trains, optimizer=adamw, lr=3e-3, steps=360, schedule=stairs),
    "mlp_checks": regression(checks, optimizer=sgd, lr=0.005, steps=400, schedule=always),
    "pooled_images": classifier(squares, 2, optimizer=sgd, lr=0.03, steps=420, schedule=warm),
}
