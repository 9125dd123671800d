"""Eighty tables worked out by hand: what the views say is the fraction that is written here."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from tests.stats.oracle import Case, check

pytestmark = pytest.mark.filterwarnings("ignore:A single label was found")

# true negatives, false positives, false negatives, true positives: accuracy, precision, recall, F1
BINARY: dict[tuple[int, int, int, int], tuple[str | None, ...]] = {
    (50, 10, 5, 35): ("85/100", "35/45", "35/40", "70/85"),
    (90, 0, 0, 10): ("1", "1", "1", "1"),
    (0, 90, 10, 0): ("0", "0", "0", "0"),
    (25, 25, 25, 25): ("1/2", "1/2", "1/2", "1/2"),
    (99, 0, 1, 0): ("99/100", None, None, None),
    (990, 0, 10, 0): ("99/100", None, "0", "0"),
    (80, 20, 0, 0): ("4/5", "0", None, None),
    (0, 0, 20, 80): ("4/5", "1", "4/5", "8/9"),
    (0, 20, 0, 80): ("4/5", "4/5", "1", "8/9"),
    (10, 0, 0, 0): ("1", None, None, None),
    (0, 0, 0, 10): ("1", "1", "1", "1"),
    (0, 0, 0, 9): (None, None, None, None),
    (3, 2, 2, 3): ("6/10", None, None, None),
    (4, 5, 5, 5): ("9/19", "1/2", "1/2", "1/2"),
    (1, 5, 4, 5): ("6/15", "1/2", None, "10/19"),
    (1, 4, 5, 5): ("6/15", None, "1/2", "10/19"),
    (7, 1, 1, 1): ("8/10", None, None, None),
    (5, 3, 3, 4): ("9/15", None, None, "8/14"),
    (1000, 1, 1, 8): ("1008/1010", None, None, "16/18"),
    (1000, 1, 1, 9): ("1009/1011", "9/10", "9/10", "18/20"),
    (0, 10, 0, 0): ("0", "0", None, None),
    (0, 0, 10, 0): ("0", None, "0", "0"),
    (0, 5, 5, 0): ("0", None, None, "0"),
    (0, 5, 4, 0): (None, None, None, None),
    (1, 1, 4, 4): ("5/10", None, None, None),
    (123, 45, 67, 89): ("212/324", "89/134", "89/156", "178/290"),
    (1, 0, 0, 99): ("1", "1", "1", "1"),
    (0, 1, 0, 99): ("99/100", "99/100", "1", "198/199"),
    (500, 499, 1, 0): ("500/1000", "0", None, "0"),
    (6, 0, 0, 4): ("1", None, None, None),
}

# rows are labels: accuracy, macro F1
MANY: dict[str, tuple[list[list[int]], str | None, str | None]] = {
    "all right": ([[5, 0, 0], [0, 5, 0], [0, 0, 5]], "1", "1"),
    "all wrong": ([[0, 5, 0], [0, 0, 5], [5, 0, 0]], "0", "0"),
    "all one prediction": ([[10, 0, 0], [10, 0, 0], [10, 0, 0]], "1/3", "1/6"),
    "evenly spread": ([[2, 2, 2], [2, 2, 2], [2, 2, 2]], "1/3", "1/3"),
    "a class that is never a label": ([[5, 0, 1], [0, 5, 1], [0, 0, 0]], "10/12", "10/11"),
    "a class that is never predicted": ([[6, 0, 0], [0, 6, 0], [3, 3, 0]], "12/18", "8/15"),
    "a class that is nowhere": ([[6, 0, 0], [0, 6, 0], [0, 0, 0]], "1", "1"),
    "one label only": ([[8, 1, 1], [0, 0, 0], [0, 0, 0]], "8/10", "8/9"),
    "nine rows": ([[3, 0, 0], [0, 3, 0], [0, 0, 3]], None, None),
    "ten rows": ([[4, 0, 0], [0, 3, 0], [0, 0, 3]], "1", "1"),
    "no rows": ([[0, 0, 0], [0, 0, 0], [0, 0, 0]], None, None),
    "very unequal": ([[980, 0, 0], [10, 0, 0], [10, 0, 0]], "98/100", "98/297"),
    "two that are mixed up": ([[10, 0, 0], [0, 5, 5], [0, 5, 5]], "20/30", "2/3"),
    "four classes": ([[4, 0, 0, 0], [0, 4, 0, 0], [0, 0, 4, 0], [0, 0, 4, 0]], "12/16", "2/3"),
    "five, one row each beside ten": (
        [[10, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 1, 0]],
        "13/14",
        "11/15",
    ),
    "predicted only": ([[0, 0, 10], [0, 0, 10], [0, 0, 0]], "0", "0"),
    "one error": ([[4, 1, 0], [0, 5, 0], [0, 0, 5]], "14/15", "277/297"),
    "a cycle of halves": ([[3, 3, 0], [0, 3, 3], [3, 0, 3]], "1/2", "1/2"),
    "a lower triangle": ([[4, 0, 0], [4, 4, 0], [4, 4, 4]], "12/24", "1/2"),
    "a thousand and one": ([[1000, 0, 0], [0, 0, 1], [0, 0, 0]], "1000/1001", "1/2"),
}

# labels and predictions, a dot for what is missing: accuracy, n of it
GAPS: dict[str, tuple[str, str, str | None, int]] = {
    "no gaps": ("abababababab", "abababababab", "1", 12),
    "labels without predictions": ("aaaaaaaaaabb", "aaaaaaaaaa..", "10/12", 12),
    "predictions without labels": ("aaaaaaaaaa..", "aaaaaaaaaabb", "1", 10),
    "neither": ("aaaaaaaaaa..", "aaaaaaaaaa..", "1", 10),
    "nine labels": ("aaaaaaaaa...", "aaaaaaaaabbb", None, 9),
    "no labels": ("............", "abababababab", None, 0),
    "no predictions": ("abababababab", "............", "0", 12),
    "nothing": ("............", "............", None, 0),
    "gaps on either side": ("aaaaaaaaaaab.", "aaaaaaaaaa.b.", "11/12", 12),
    "a label in ten": ("a.........b.", "a.........b.", None, 2),
    "half right, half unlabelled": ("aaaaabbbbb..........", "aaaaaaaaaaaaaaabbbbb", "1/2", 10),
    "one class and gaps": ("aaaaaaaaaaaa", "aaaaaa......", "1/2", 12),
}

# scores of negatives, of positives: area under the curve
AREAS: dict[str, tuple[list[Any], list[Any], str | None]] = {
    "apart": ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], "1"),
    "the wrong way round": ([6, 7, 8, 9, 10], [1, 2, 3, 4, 5], "0"),
    "all equal": ([1, 1, 1, 1, 1], [1, 1, 1, 1, 1], "1/2"),
    "one pair of 25 swapped": ([1, 2, 3, 4, 6], [5, 7, 8, 9, 10], "24/25"),
    "one tie": ([1, 2, 3, 4, 5], [5, 6, 7, 8, 9], "49/50"),
    "nine rows": ([1, 2, 3, 4], [5, 6, 7, 8, 9], None),
    "one positive": ([1, 2, 3, 4, 5, 6, 7, 8, 10], [9], "8/9"),
    "no positive": ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [], None),
    "scores without a bound": ([-1e300, -5, 0, 0, 1e-300], [1e-300, 1, 2, 3, 1e300], "49/50"),
    "some without a score": ([1, 2, 3, 4, 5, None, None], [6, 7, 8, 9, 10, None], "1"),
}

# right and wrong inside, right and wrong outside: error rate inside, difference
PARTS: dict[tuple[int, int, int, int], tuple[str | None, str | None]] = {
    (5, 5, 10, 0): ("1/2", "1/2"),
    (10, 0, 5, 5): ("0", "-1/2"),
    (10, 10, 10, 10): ("1/2", "0"),
    (9, 0, 10, 10): (None, None),
    (10, 10, 9, 0): ("1/2", None),
    (0, 20, 20, 0): ("1", "1"),
    (80, 20, 90, 10): ("1/5", "1/10"),
    (3, 7, 20, 5): ("7/10", "1/2"),
}


def close(shown: float, written: str | None) -> bool:
    """Whether what is shown is the fraction; nothing is shown of what is unknown."""
    return (
        bool(np.isnan(shown))
        if written is None
        else shown == pytest.approx(float(Fraction(written)), abs=1e-12)
    )


def expanded(matrix: list[list[int]], classes: list[Any]) -> tuple[list[Any], list[Any]]:
    """Labels and predictions of a matrix."""
    pairs = [
        (a, b)
        for a, row in zip(classes, matrix, strict=True)
        for b, n in zip(classes, row, strict=True)
        for _ in range(n)
    ]
    return [a for a, _ in pairs], [b for _, b in pairs]


@pytest.mark.parametrize(("counts", "written"), BINARY.items(), ids=map(str, BINARY))
def test_two_classes(counts: tuple[int, int, int, int], written: tuple[str | None, ...]):
    tn, fp, fn, tp = counts
    labels, predictions = expanded([[tn, fp], [fn, tp]], ["ham", "spam"])
    shown = check(Case(["ham", "spam"], labels, predictions))
    assert [
        name
        for name, value in zip(("accuracy", "precision", "recall", "F1"), written, strict=True)
        if not close(shown[name], value)
    ] == []


@pytest.mark.parametrize("name", MANY)
def test_many_classes(name: str):
    matrix, accuracy, macro = MANY[name]
    classes = list("abcde")[: len(matrix)]
    shown = check(Case(classes, *expanded(matrix, classes)))
    assert close(shown["accuracy"], accuracy)
    assert close(shown["macro F1"], macro)


@pytest.mark.parametrize("name", GAPS)
def test_gaps(name: str):
    labels, predictions, accuracy, n = GAPS[name]
    sides = [[None if one == "." else one for one in side] for side in (labels, predictions)]
    case = Case(["a", "b"], *sides)
    assert len(case.judged) == n
    assert close(check(case)["accuracy"], accuracy)


@pytest.mark.parametrize("name", AREAS)
def test_areas(name: str):
    below, above, area = AREAS[name]
    labels = [False] * len(below) + [True] * len(above)
    shown = check(Case([False, True], labels, labels, scores=[*below, *above]))
    assert close(shown.get("AUC", np.nan), area)


@pytest.mark.parametrize(("counts", "written"), PARTS.items(), ids=map(str, PARTS))
def test_slices(counts: tuple[int, int, int, int], written: tuple[str | None, str | None]):
    n = [counts[0] + counts[1], counts[2] + counts[3]]
    outcome = [right for right, count in zip((1, 0, 1, 0), counts, strict=True) for _ in range(count)]
    case = Case(
        ["a", "b"],
        ["a"] * sum(n),
        ["a" if right else "b" for right in outcome],
        ["in"] * n[0] + ["out"] * n[1],
    )
    check(case)
    shown = case.evaluation().slices().to_frame().set_index("slice").loc["part = in"]
    assert close(shown["error"], written[0])
    assert close(shown["difference"], written[1])


def test_there_are_eighty():
    assert len(BINARY) + len(MANY) + len(GAPS) + len(AREAS) + len(PARTS) == 80
