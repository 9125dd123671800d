"""Generated tables of predictions, and what plain Python says of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import offdiagonal as od

EXAMPLES = 30
"""Of each property, unless a profile asks for more: ``--hypothesis-profile thorough`` (200) or ``nightly`` (10,000)."""

DAYS = [*map(dt.datetime.fromisoformat, ("2024-01-01", "2024-01-31", "2024-06-01")), None]
COLUMNS = ("label", "prediction", "source", "size", "length", "when", "flag", "words", "p")
SLICES = ("source", "size", "length", "when", "flag")


@dataclass(frozen=True)
class Row:
    """One example."""

    label: str | None
    prediction: str | None
    source: str | None
    size: int
    length: float | None
    when: dt.datetime | None
    flag: bool
    words: str | None
    p: float | None

    @property
    def outcome(self) -> bool | None:
        """Whether the prediction is right; None without a label."""
        return None if self.label is None else self.label == self.prediction


Rows = list[Row]

names = st.sampled_from(["ham", "spam", "news"])
rows = st.builds(
    Row,
    label=names | st.none(),
    prediction=names | st.none(),
    source=st.sampled_from(["a", "b", "", "Ä", None]),
    size=st.integers(-2, 3),
    length=st.integers(0, 40).map(lambda n: n / 4) | st.none(),
    when=st.sampled_from(DAYS),
    flag=st.booleans(),
    words=st.text("aAbß \ud83d\ude00"[:4], max_size=5) | st.none(),
    p=st.integers(0, 40).map(lambda n: n / 40) | st.none(),
)
worlds = st.lists(rows, max_size=24)
"""Tables of no rows to 24."""
some = st.lists(rows, min_size=1, max_size=24)
"""Tables of one row or more."""


def examples(most: int = EXAMPLES) -> int:
    """How many examples: those of the profile where one was asked for."""
    asked = settings().max_examples
    return most if asked == 100 else asked


def holds(*strategies: Any) -> Callable[[Any], Any]:
    """A property of generated values."""

    def decorate(test: Any) -> Any:
        slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
        return settings(max_examples=examples(), deadline=None, suppress_health_check=slow)(
            given(*strategies)(test)
        )

    return decorate


def columns(world: Sequence[Row], leave_out: Sequence[str] = ("p",)) -> dict[str, list[Any]]:
    """The table as a dict of lists."""
    return {name: [getattr(row, name) for row in world] for name in COLUMNS if name not in leave_out}


def evaluate(world: Sequence[Row], **more: Any) -> od.Evaluation:
    """An Evaluation without probabilities; classes in their order, whichever occur."""
    options = {"classes": ["ham", "news", "spam"], "text": "words"} | more
    return od.Evaluation(columns(world), **options)


def with_scores(world: Sequence[Row], **more: Any) -> od.Evaluation:
    """An Evaluation of two classes, with the probability of spam."""
    return od.Evaluation(
        columns([two_classes(row) for row in world], leave_out=()),
        classes=["ham", "spam"],
        probabilities="p",
        text="words",
        **more,
    )


def two_classes(row: Row) -> Row:
    """The row, with ham for news."""
    label, prediction = ("ham" if name == "news" else name for name in (row.label, row.prediction))
    return Row(**{**row.__dict__, "label": label, "prediction": prediction})


def confidence(row: Row) -> float | None:
    """Probability of the predicted class, of two."""
    if row.p is None or row.prediction is None:
        return None
    return row.p if row.prediction == "spam" else 1 - row.p


def matrix(ev: od.Evaluation) -> dict[tuple[str, str], int]:
    """The counts of the confusion matrix that are not zero."""
    frame = ev.confusion().to_frame()
    return {
        (a, b): int(n) for a, b, n in zip(frame["label"], frame["prediction"], frame["n"], strict=True) if n
    }


def shown(name: str | None) -> str:
    """A class as the matrix shows it."""
    return "(missing)" if name is None else name


def indices(ev: od.Evaluation) -> set[int]:
    """The selected rows."""
    return set(ev.selection.indices.tolist())


def having(world: Sequence[Row], test: Callable[[Row], Any]) -> set[int]:
    """The rows of which something is true."""
    return {i for i, row in enumerate(world) if test(row)}


def arguments(world: Sequence[Row]) -> st.SearchStrategy[tuple[dict[str, Any], set[int]]]:
    """One argument of where, and the rows that it means."""
    label = names.map(lambda name: ({"label": name}, having(world, lambda row: row.label == name)))
    prediction = st.lists(names, min_size=1, max_size=2).map(
        lambda found: ({"prediction": found}, having(world, lambda row: row.prediction in found))
    )
    correct = st.booleans().map(
        lambda right: ({"correct": right}, having(world, lambda row: row.outcome is right))
    )
    chosen = st.sets(st.integers(0, max(0, len(world) - 1)), max_size=len(world)).map(
        lambda found: ({"rows": sorted(found & set(range(len(world))))}, found & set(range(len(world))))
    )
    text = st.sampled_from(["a", "B", "aa", "ß"]).map(
        lambda part: ({"text": part}, having(world, lambda row: part.lower() in (row.words or "").lower()))
    )
    found = [label, prediction, correct, chosen, text]
    return st.one_of(
        *found, *(_of_column(world, name) for name in ("source", "size", "flag") if _has(world, name))
    )


def _has(world: Sequence[Row], name: str) -> bool:
    return len({getattr(row, name) for row in world}) > 1


def _of_column(world: Sequence[Row], name: str) -> st.SearchStrategy[tuple[dict[str, Any], set[int]]]:
    known = sorted({getattr(row, name) for row in world}, key=repr)
    return st.lists(st.sampled_from(known), min_size=1, max_size=3).map(
        lambda values: ({"columns": {name: values}}, having(world, lambda row: getattr(row, name) in values))
    )


def fields_of(given: dict[str, Any]) -> set[str]:
    """The fields that arguments of where are about."""
    own = {"label": "cell", "prediction": "cell", "correct": "cell"}
    return {own.get(name, name) for name in given if name != "columns"} | set(given.get("columns", {}))


@st.composite
def asked(
    draw: st.DrawFn, minimum: int = 0, most: int = 3
) -> tuple[Rows, list[tuple[dict[str, Any], set[int]]]]:
    """A table, and arguments of where on different fields with the rows that each means."""
    world = draw(some)
    found = draw(st.lists(arguments(world), min_size=minimum, max_size=most + 3))
    kept: list[tuple[dict[str, Any], set[int]]] = []
    taken: set[str] = set()
    for given_, meant in found:
        if not fields_of(given_) & taken and len(kept) < most:
            kept.append((given_, meant))
            taken |= fields_of(given_)
    return world, kept


def select(ev: od.Evaluation, asked_: Sequence[tuple[dict[str, Any], set[int]]]) -> od.Evaluation:
    """The Evaluation with all of these in force."""
    for given_, _ in asked_:
        ev.selection.where(**given_)
    return ev
