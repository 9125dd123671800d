"""Write tests/fixtures/csv.json, by which Python and TypeScript write the same rows alike.

Run: python -m tests.make_csv_fixtures
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

import offdiagonal as od
from offdiagonal.display.wire import meta_json
from offdiagonal.export import export_rows

PATH = Path(__file__).parent / "fixtures" / "csv.json"

META = ("classes", "class_python", "missing", "confidence", "score", "columns")
"""What the text is made of."""

nan, inf = float("nan"), float("inf")

VALUES: dict[str, Any] = {
    "ints": [-1, 0, 7, -(2**53), 2**62, 12],
    "unsigned": np.asarray([0, 1, 2**64 - 1, 2**53 - 1, 2**53, 3], dtype=np.uint64),
    "floats": [1.0, -0.0, 0.1, nan, 1e-7, -2.5e-5],
    "large floats": [1e15, 1e16, 2.0**70, -inf, inf, 123456789012345680.0],
    "small floats": np.asarray([0.1, 1, -3.5, nan, 1e10, 1e-10], dtype=np.float32),
    "bools": [True, False, True, True, False, False],
    "some bools": [True, None, False, True, None, False],
    "some ints": [1, None, -2, 2**70, -(2**70), 0],
    "some floats": np.asarray([1.0, None, -0.5, inf, -inf, 1e21], dtype=object),
    "decimals": [Decimal("-1.10"), Decimal("1E+3"), Decimal("NaN"), Decimal("-Infinity"), None, Decimal(3)],
    "times": np.asarray(
        ["2024-01-02", "NaT", "2024-01-02T03:04:05.5", "1960-01-01", "-0044-03-15", "2024-12-31T23:59"],
        dtype="datetime64[ms]",
    ),
    "spans": np.asarray([1, -90, 0, 86_400, 3_601, 5], dtype="timedelta64[s]"),
    "=texts": ["=1+1", "-1", "+49 30", "@x", "", "a,b"],
    "lines": ['say "no"', "two\nlines", "two\rlines", "\ttab", "a\tb", "日本 😀"],
    "mixed": ["-1", 1.0, None, True, 2, "x"],
    "lists": [[1, 2], None, {"a": 1}, (1,), b"=1", "-"],
}


def objects(values: Any) -> Any:
    """A column of which numpy makes no other dtype than it should have."""
    if isinstance(values, np.ndarray) or len({type(value) for value in values}) == 1:
        return np.asarray(values)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def evaluations() -> dict[str, od.Evaluation]:
    """Columns of every kind, with classes that are text and probabilities; numbers and scores; odd ones."""
    frame = {name: objects(values) for name, values in VALUES.items()}
    sides = {"label": ["=a", "-1", "-1", "b", "=a", "b"], "predicted": ["=a", "=a", "-1", "b", "b", "b"]}
    sides["label"][3] = None
    numbers = {"label": [-1, 1, 1, -1, 1, 1], "predicted": [-1, -1, 1, 1, 1, -1]}
    floats = {"label": [-0.5, 1.0, 1.0, -inf, 1.0, True], "predicted": [-0.5, -0.5, 1.0, 1.0, 1.0, True]}
    shares = np.asarray([[0.7, 0.2, 0.1], [1, 0, 0], [0.25, 0.25, 0.5], [0, 0.5, 0.5]])[[0, 1, 2, 3, 0, 1]]
    scores = [1.0, -2.5, nan, 0.0, 1e-9, 3e20]
    return {
        "texts": od.Evaluation(
            {**sides, **frame}, prediction="predicted", probabilities=shares, classes=["-1", "=a", "b"]
        ),
        "numbers": od.Evaluation(numbers, prediction="predicted", scores=np.asarray(scores)),
        "odd classes": od.Evaluation(
            {name: objects(values) for name, values in floats.items()}, prediction="predicted"
        ),
    }


def build() -> dict[str, Any]:
    """All fixtures."""
    found = {}
    for name, ev in evaluations().items():
        meta = meta_json(ev._engine.meta, private=True)
        rows = np.arange(len(ev))
        found[name] = {
            "meta": {part: meta[part] for part in META},
            "rows": ev._session.pages.rows(rows),
            **{kind: export_rows(ev._engine, rows, kind, private=True) for kind in ("csv", "text")},
        }
    return found


if __name__ == "__main__":
    PATH.write_text(json.dumps(build(), allow_nan=False, indent=1) + "\n", "utf-8")
