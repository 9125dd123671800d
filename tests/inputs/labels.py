"""Labels and predictions: of every type, missing, on one side only, or never equal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from offdiagonal.errors import LabelError
from tests.inputs.case import Cannot, Case, Refused, Shown, Then, arrow, kinds


def labelled(
    name: str, labels: Any, predictions: Any, then: Then, unlike: Any = None, **options: Any
) -> Case:
    """Labels and predictions alone."""
    return Case(name, [("label", labels), ("prediction", predictions)], then, unlike or {}, options)


def refused(name: str, labels: Any, predictions: Any, says: str, unlike: Any = None) -> Case:
    """Labels and predictions that cannot be compared."""
    return labelled(name, labels, predictions, Refused(LabelError, says), unlike)


MANY = [f"k{i:05}" for i in range(10_001)]
HALF = [f"k{i}" for i in range(1_000)]
SIDES = [True, False, True, False]
DAYS = [dt.date(2024, 1, 1), dt.date(2024, 1, 2)] * 2
ONES = ([1, 0, 1, 0], [1, 0, 1, 1])
TWO_BY_TWO = [[1, 1], [0, 2]]
BROKEN = Cannot("UnicodeEncodeError", "surrogates not allowed")
PAIRS = [("a", 1), ("b", 2)] * 2

LABELS = [
    labelled(
        "one class",
        ["a"] * 4,
        ["a"] * 4,
        Shown(notes=["there is one class only: a"], classes=["a"], matrix=[[4]]),
    ),
    labelled(
        "a class that is never predicted",
        ["a", "b", "a", "b"],
        ["a"] * 4,
        Shown(notes=["never predicted: b"], classes=["a", "b"], matrix=[[2, 0], [2, 0]]),
    ),
    labelled(
        "a class that is never a label",
        ["a"] * 4,
        ["a", "b", "a", "a"],
        Shown(notes=["predicted, but no row has the label: b"], classes=["a", "b"], matrix=[[3, 1], [0, 0]]),
    ),
    labelled(
        "missing labels",
        ["a", None, "b", None],
        ["a", "b", "b", "a"],
        Shown(
            notes=["2 of 4 rows have no label: not counted as right or wrong"],
            classes=["a", "b", "(missing)"],
            matrix=[[1, 0, 0], [0, 1, 0], [1, 1, 0]],
        ),
    ),
    labelled(
        "missing predictions",
        ["a", "a", "b", "b"],
        ["a", None, "b", None],
        Shown(
            notes=["2 of 4 rows have no prediction: counted as errors where there is a label"],
            classes=["a", "b", "(missing)"],
            matrix=[[1, 0, 1], [0, 1, 1], [0, 0, 0]],
        ),
    ),
    labelled(
        "no label at all",
        [None] * 4,
        ["a", "b", "a", "a"],
        Shown(
            notes=[
                "predicted, but no row has the label: a, b",
                "4 of 4 rows have no label: not counted as right or wrong",
            ],
            classes=["a", "b", "(missing)"],
            matrix=[[0, 0, 0], [0, 0, 0], [3, 1, 0]],
        ),
    ),
    labelled(
        "NaN among numbers as labels",
        [1.0, float("nan"), 2.0, 1.0],
        [1.0, 2.0, 2.0, 2.0],
        Shown(
            notes=["1 of 4 rows have no label: not counted as right or wrong"],
            classes=["1", "2", "(missing)"],
            matrix=[[1, 1, 0], [0, 1, 0], [0, 1, 0]],
        ),
    ),
    labelled(
        "a class called (missing)",
        ["(missing)", None, "b", "b"],
        ["(missing)", "b", "b", "b"],
        Shown(
            notes=["1 of 4 rows have no label: not counted as right or wrong"],
            classes=["(missing) (str)", "b", "(missing)"],
            matrix=[[1, 0, 0], [0, 2, 0], [0, 1, 0]],
        ),
    ),
    refused(
        "text against whole numbers",
        ["1", "0", "1", "0"],
        ONES[1],
        "labels are str ('0' ...) and predictions int (0 ...), so no prediction equals its label; "
        "cast one of them: labels.astype(int)",
    ),
    refused(
        "whole numbers against text",
        ONES[0],
        ["1", "0", "1", "1"],
        "cast one of them: predictions.astype(int)",
    ),
    refused(
        "text against fractions",
        ["1.5", "0.0", "1.5", "0.0"],
        [1.5, 0.0, 1.5, 1.5],
        "cast one of them: labels.astype(float)",
    ),
    refused(
        "bools against numbers",
        SIDES,
        ONES[1],
        "labels are bool (False ...) and predictions int (0 ...), so no prediction equals its label; "
        "cast one of them: predictions.astype(bool)",
    ),
    refused(
        "bools against text", SIDES, ["True", "False", "True", "True"], "cast one of them: labels.astype(str)"
    ),
    refused(
        "bytes against text",
        [b"a", b"b", b"a", b"b"],
        ["a", "b", "a", "b"],
        "labels are bytes (b'a' ...) and predictions str ('a' ...), so no prediction equals its label; "
        "cast one of them: labels.str.decode('utf-8')",
    ),
    refused(
        "classes that differ in spaces and case",
        ["a", "b", "a", "b"],
        [" a", "B ", " a", "B "],
        "differ in spaces or case ('a' and ' a'), so no prediction equals its label; "
        "make both alike, in pandas with: .str.strip().str.lower()",
    ),
    refused(
        "no class in common",
        ["a", "b", "a", "b"],
        ["x", "y", "x", "y"],
        "labels (a, b) and predictions (x, y) have no value in common, so no prediction can be right; "
        "check that both hold the same classes, or name them all with classes=[...]",
    ),
    labelled(
        "no class in common, but named",
        ["a", "b", "a", "b"],
        ["x", "y", "x", "y"],
        Shown(
            notes=["predicted, but no row has the label: x, y", "never predicted: a, b"],
            classes=["a", "b", "x", "y"],
        ),
        classes=["a", "b", "x", "y"],
    ),
    labelled(
        "whole numbers against the same with a point",
        [1, 0, 1, 0],
        [1.0, 0.0, 1.0, 1.0],
        Shown(classes=["0", "1"], matrix=[[1, 1], [0, 2]]),
    ),
    labelled(
        "bools as classes",
        SIDES,
        [True, False, True, True],
        Shown(classes=["False", "True"], matrix=[[1, 1], [0, 2]]),
    ),
    labelled(
        "numbers in their own order",
        [10, 9, 10, 2],
        [10, 9, 2, 2],
        Shown(classes=["2", "9", "10"], matrix=[[1, 0, 0], [0, 1, 0], [1, 0, 1]]),
    ),
    labelled(
        "classes that are nearly alike",
        ["a", "A", "a ", "b"],
        ["a", "A", "a ", "b"],
        Shown(
            notes=[
                (
                    "classes that differ in spaces or case only: 'A' and 'a' and 'a '; "
                    ".str.strip().str.lower() would make them one"
                )
            ],
            classes=["A", "a", "a ", "b"],
        ),
    ),
    labelled(
        "blank classes",
        ["", " ", "a", "a"],
        ["", " ", "a", ""],
        Shown(
            notes=[
                (
                    "classes that differ in spaces or case only: '' and ' '; "
                    ".str.strip().str.lower() would make them one"
                )
            ],
            classes=["(empty)", "(empty) (2)", "a"],
        ),
    ),
    labelled(
        "a lone surrogate in a class",
        ["\ud800", "b", "\ud800", "b"],
        ["\ud800", "b", "b", "b"],
        Shown(
            notes=["classes with half a character, a lone surrogate, are shown with an escape: \\ud800"],
            classes=["b", "\\ud800"],
            matrix=[[2, 0], [1, 1]],
        ),
        kinds(BROKEN, "pandas", "polars", "pyarrow", "duckdb"),
    ),
    labelled(
        "NUL and colours in classes",
        ["a\0", "\x1b[31m", "a\0", "b"],
        ["a\0", "\x1b[31m", "b", "b"],
        Shown(classes=["\x1b[31m", "a\0", "b"], matrix=[[1, 0, 0], [0, 1, 1], [0, 0, 1]]),
    ),
    labelled(
        "categories without rows",
        pd.Categorical(["a", "b", "a", "b"], categories=["b", "a", "c"]),
        pd.Categorical(["a", "b", "b", "b"], categories=["b", "a", "c"]),
        Shown(classes=["a", "b"], matrix=TWO_BY_TWO),
    ),
    labelled(
        "categories without rows, named",
        pd.Categorical(["a", "b", "a", "b"], categories=["b", "a", "c"]),
        pd.Categorical(["a", "b", "b", "b"], categories=["b", "a", "c"]),
        Shown(
            notes=["in neither labels nor predictions: c"],
            classes=["b", "a", "c"],
            matrix=[[2, 0, 0], [1, 1, 0], [0, 0, 0]],
        ),
        classes=["b", "a", "c"],
    ),
    labelled("days as classes", DAYS, DAYS, Shown(matrix=[[2, 0], [0, 2]])),
    labelled(
        "tuples as classes",
        PAIRS,
        PAIRS,
        Shown(classes=["('a', 1)", "('b', 2)"], matrix=[[2, 0], [0, 2]]),
        arrow(Cannot("ArrowTypeError", "Expected bytes, got a 'int' object"))
        | kinds(Cannot("TypeError"), "polars"),
    ),
    refused(
        "lists as classes",
        [["a"], ["b"]] * 2,
        [["a"], ["b"]] * 2,
        "the label of row 0 is a list (['a']), which is not hashable; turn such values into tuples or strings",
    ),
    labelled("a thousand classes", HALF, HALF[::-1], Shown(classes=sorted(HALF))),
    refused(
        "more than ten thousand classes",
        MANY,
        MANY,
        "labels and predictions have 10,001 different values ('k00000', 'k00001' ...), and at most 10,000 classes "
        "can be shown; put the rare ones together, evaluate a part of the classes, say task='regression' of amounts, "
        "or give a loss per row: loss=...",
    ),
    labelled(
        "small and large whole numbers",
        np.array([1, 0, 1, 0], np.int8),
        np.array([1, 0, 1, 1], np.uint64),
        Shown(classes=["0", "1"], matrix=TWO_BY_TWO),
    ),
]
