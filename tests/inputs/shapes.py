"""Tables without rows or columns, of one row, and roles that name nothing or the same column."""

from __future__ import annotations

import pandas as pd

from offdiagonal.errors import ColumnNotFoundError, IndexMismatchError, LengthError, OffdiagonalError
from tests.inputs.case import LABELS, PREDICTIONS, Cannot, Case, Refused, Shown, kinds

BOTH = [LABELS, PREDICTIONS]
X = ("x", ["a", "b", "c", "d"])
SHUFFLED = pd.Series(LABELS[1], index=[3, 1, 0, 2])
NO_COLUMN = Cannot("InvalidInputException", "must have at least one column")

SHAPES = [
    Case(
        "no rows",
        [("label", []), ("prediction", []), ("x", [])],
        Shown({"x": []}, levels=[], classes=[], matrix=[]),
    ),
    Case(
        "one row",
        [("label", ["a"]), ("prediction", ["b"]), ("x", [1])],
        Shown(
            {"x": [1]},
            ["predicted, but no row has the label: b", "never predicted: a"],
            matrix=[[0, 1], [0, 0]],
        ),
        options={"classes": ["a", "b"]},
    ),
    Case(
        "no columns",
        [],
        Refused(ColumnNotFoundError, "label column 'label' not found; there is no column"),
        kinds(NO_COLUMN, "duckdb"),
    ),
    Case("labels and predictions and nothing else", BOTH, Shown(levels=[], matrix=[[2, 0], [1, 1]])),
    Case(
        "the label's column is not there",
        [("Label", LABELS[1]), PREDICTIONS],
        Refused(ColumnNotFoundError, "label column 'label' not found; did you mean 'Label'?"),
    ),
    Case(
        "one column in two roles",
        [*BOTH, X],
        Refused(
            OffdiagonalError, "column 'x' is named as text and as id; each role needs a column of its own"
        ),
        options={"text": "x", "id": "x"},
    ),
    Case(
        "the label as the prediction",
        BOTH,
        Refused(OffdiagonalError, "column 'label' is named as label and as prediction"),
        options={"prediction": "label"},
    ),
    Case(
        "fewer labels than rows",
        BOTH,
        Refused(LengthError, "label= has 3 values but the table has 4 rows; give one value for each row"),
        options={"label": ["ham", "spam", "ham"]},
    ),
    Case(
        "labels in another order of the index",
        BOTH,
        Shown(matrix=[[2, 0], [1, 1]]),
        kinds(
            Refused(
                IndexMismatchError,
                "data and label= have different indexes, so their rows may not belong together; "
                "if equal index labels mean the same row, give label.reindex(data.index)",
            ),
            "pandas",
            "pandas-arrow",
        ),
        {"label": SHUFFLED},
    ),
    Case(
        "ids that repeat",
        [*BOTH, ("key", ["a", "a", "b", "c"])],
        Shown(
            {"key": ["a", "a", "b", "c"]},
            ["the id column 'key' repeats: 2 of 4 rows share theirs with another row"],
            levels=[],
        ),
        options={"id": "key"},
    ),
    Case(
        "no label is named",
        BOTH,
        Refused(OffdiagonalError, "label is None; name its column, or give one value for each row"),
        options={"label": None},
    ),
    Case(
        "a text to search that is no text",
        [*BOTH, ("x", [1, 2, 3, 4])],
        Shown({"x": [1, 2, 3, 4]}, levels=[]),
        options={"text": "x"},
    ),
]
