"""Probabilities and scores: not summing to one, outside of it, missing, or no numbers at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from offdiagonal.errors import LengthError, ProbabilityError
from tests.inputs.case import LABELS, PREDICTIONS, Case, Refused, Shown, Then

NAMED = "columns of the probabilities are as their names say: ham, spam"
NAN = float("nan")


def scored(name: str, columns: dict[str, Any], then: Then, unlike: Any = None, **options: Any) -> Case:
    """Columns of probabilities beside labels and predictions."""
    options = options or {"probabilities": list(columns)}
    return Case(name, [LABELS, PREDICTIONS, *columns.items()], then, unlike or {}, options)


def both(ham: list[Any], spam: list[Any]) -> dict[str, Any]:
    """A column for each class."""
    return {"p_ham": ham, "p_spam": spam}


SCORES = [
    scored(
        "probabilities that sum to one",
        both([0.9, 0.6, 0.5, 0.25], [0.1, 0.4, 0.5, 0.75]),
        Shown(notes=[NAMED], confidence=[0.9, 0.6, 0.5, 0.75]),
    ),
    scored(
        "sums that are rounded",
        both([0.3334, 0.6667, 0.5, 0.25], [0.667, 0.333, 0.5, 0.75]),
        Shown(
            notes=[NAMED, "in 1 of 4 rows the most probable class is not the prediction"],
            confidence=[0.3334, 0.6667, 0.5, 0.75],
        ),
    ),
    scored(
        "probabilities that do not sum to one",
        both([0.9, 0.6, 0.5, 0.5], [0.6, 0.4, 0.5, 0.5]),
        Shown(
            notes=[
                NAMED,
                (
                    "the probabilities of 1 of 4 rows do not sum to 1 (one sums to 1.5); divide each row by "
                    "its sum if that is what they mean, or give scores=... for numbers that only sort: "
                    "confidence and calibration are not shown"
                ),
            ],
            confidence=[None] * 4,
        ),
    ),
    scored(
        "probabilities just outside of [0, 1]",
        both([1.0005, 0.6, 0.5, 0.25], [-0.0005, 0.4, 0.5, 0.75]),
        Shown(
            notes=["2 probabilities lie outside [0, 1] by at most 0.001, and are cut off there", NAMED],
            confidence=[1.0, 0.6, 0.5, 0.75],
        ),
    ),
    scored(
        "missing probabilities",
        {"p": [0.1, NAN, 0.4, 0.75]},
        Shown(
            notes=["1 of 4 rows have no probability for their prediction"], confidence=[0.9, None, 0.6, 0.75]
        ),
    ),
    scored(
        "probabilities as decimals",
        {"p": [Decimal("0.1"), Decimal("0.25"), None, Decimal("0.75")]},
        Shown(
            notes=["1 of 4 rows have no probability for their prediction"], confidence=[0.9, 0.75, None, 0.75]
        ),
    ),
    scored(
        "probabilities as text",
        {"p": ["a", "b", "c", "d"]},
        Refused(ProbabilityError, "probabilities column 'p' does not hold numbers: could not convert string"),
    ),
    scored(
        "one column for three classes",
        {"a": [0.1, 0.2, 0.3, 0.4]},
        Refused(
            ProbabilityError, "one probability a row is that of the positive of two classes, but there are 3"
        ),
        probabilities="a",
        classes=["ham", "spam", "news"],
    ),
    scored(
        "fewer probabilities than rows",
        {},
        Refused(
            LengthError, "probabilities has 3 values but the table has 4 rows; give one value for each row"
        ),
        probabilities=[0.1, 0.2, 0.3],
    ),
    scored(
        "infinite scores",
        {"s": [float("inf"), -float("inf"), NAN, 0.5]},
        Shown(notes=["1 of 4 rows have no score: they come last, and the AUC leaves them out"]),
        scores="s",
    ),
]
