"""The examples that all benchmarks count: ten classes, ten columns of 50 values together, a split, a confidence, texts.

The columns are independent of each other, which is the worst case: hardly any two rows have all codes in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

CLASSES = 10
WIDTHS = (2, 3, 4, 5, 5, 5, 5, 6, 7, 8)
ERRORS = 0.15
BINS = 20
WORDS = (
    "free",
    "call",
    "now",
    "prize",
    "hello",
    "meeting",
    "tomorrow",
    "thanks",
    "please",
    "offer",
    "deal",
    "lunch",
)


@dataclass(frozen=True)
class Click:
    """A cell of the matrix and a slice, selected together."""

    label: int
    prediction: int
    column: str
    level: int


@dataclass(frozen=True, eq=False)
class Examples:
    """Codes of n rows, in the order in which the user holds them."""

    label: NDArray[np.uint8]
    prediction: NDArray[np.uint8]
    columns: dict[str, NDArray[np.uint8]]
    """The ten columns, and the split."""
    confidence: NDArray[np.float64]
    text: NDArray[Any]

    @property
    def n(self) -> int:
        return len(self.label)

    @cached_property
    def sizes(self) -> dict[str, int]:
        return dict(zip(self.columns, (*WIDTHS, 2), strict=True))

    @cached_property
    def bins(self) -> NDArray[np.uint8]:
        """The bin of the histogram that each row is in."""
        fine = np.minimum(np.floor(self.confidence * 200 + 1e-9), 199)
        return (fine // (200 // BINS)).astype(np.uint8)

    @cached_property
    def cell(self) -> NDArray[np.uint8]:
        return self.label * np.uint8(CLASSES) + self.prediction

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The order of interest: most confident errors first."""
        return np.lexsort((-self.confidence, self.label == self.prediction))

    def ordered(self) -> tuple[dict[str, NDArray[Any]], NDArray[Any]]:
        """Codes by name, and texts, in the order of interest: so no peer has to sort."""
        codes = {"label": self.label, "prediction": self.prediction, **self.columns, "bin": self.bins}
        return {name: code[self.order] for name, code in codes.items()}, self.text[self.order]

    @cached_property
    def frame(self) -> Any:
        """What a user has: a pandas frame of texts and numbers, with a column of probabilities a class."""
        import pandas as pd

        names = np.asarray([f"class {i}" for i in range(CLASSES)])
        frame = pd.DataFrame({"label": names[self.label], "predicted": names[self.prediction]})
        for name, codes in self.columns.items():
            frame[name] = np.asarray([f"{name} {i}" for i in range(self.sizes[name])])[codes]
        frame["text"] = self.text
        probabilities = np.repeat(((1 - self.confidence) / (CLASSES - 1))[:, None], CLASSES, axis=1)
        probabilities[np.arange(self.n), self.prediction] = self.confidence
        names = [f"p_class {i}" for i in range(CLASSES)]
        return pd.concat([frame, pd.DataFrame(probabilities, columns=names)], axis=1)

    def clicks(self, count: int, seed: int) -> list[Click]:
        """Cells and slices by chance, each as likely as the others, none twice."""
        random = np.random.default_rng(seed)
        columns = [name for name in self.columns if name != "split"]
        drawn: dict[Click, None] = {}
        while len(drawn) < count:
            label, prediction = random.integers(0, CLASSES, 2).tolist()
            column = str(random.choice(columns))
            drawn[Click(label, prediction, column, int(random.integers(self.sizes[column])))] = None
        return list(drawn)


def make(n: int, seed: int = 0) -> Examples:
    """Draw n examples."""
    random = np.random.default_rng(seed)
    label = random.integers(0, CLASSES, n).astype(np.uint8)
    other = (label + random.integers(1, CLASSES, n)) % CLASSES
    prediction = np.where(random.random(n) < ERRORS, other, label).astype(np.uint8)
    names = [f"column {chr(ord('a') + i)}" for i in range(len(WIDTHS))]
    columns = {
        name: random.integers(0, width, n).astype(np.uint8) for name, width in zip(names, WIDTHS, strict=True)
    }
    columns["split"] = (random.random(n) < 0.2).astype(np.uint8)
    words = np.asarray(WORDS)[random.integers(0, len(WORDS), (n, 8))]
    text = np.asarray([f"{' '.join(row)} {i}" for i, row in enumerate(words.tolist())], dtype=object)
    return Examples(label, prediction, columns, random.beta(5, 2, n), text)
