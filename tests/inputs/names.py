"""Names of columns: twice, of any type, of several levels, blank, broken, or like our own."""

from __future__ import annotations

from typing import Any

from tests.inputs.case import LABELS, PREDICTIONS, Cannot, Case, Shown, Then, arrow, kinds
from tests.inputs.kinds import KINDS

ONE, TWO = [1, 2, 3, 1], [5, 6, 7, 5]
LONG = "n" * 300
NAMED = [name for name in KINDS if name not in ("polars", "pyarrow", "duckdb")]
TWICE = "2 columns are called 'a': the later ones have numbers behind their name"
BLANK = "a column whose name is blank is shown as (empty)"
TEXT_ONLY = kinds(Cannot("TypeError", "Series name must be a string"), "polars")


def only_bytes(kind: str) -> dict[str, Then]:
    """Arrow's names are texts."""
    return arrow(Cannot("TypeError", f"expected bytes, {kind} found"))


def named(name: str, columns: dict[Any, Any] | list[tuple[Any, Any]], then: Then, unlike: Any = None) -> Case:
    """Columns beside labels and predictions."""
    own = list(columns.items()) if isinstance(columns, dict) else columns
    return Case(name, [LABELS, PREDICTIONS, *own], then, unlike or {})


def exact(name: str, *names: str) -> Case:
    """Names that are shown as they are."""
    return named(name, dict.fromkeys(names, ONE), Shown(dict.fromkeys(names, ONE)))


NAMES = [
    named(
        "a name twice",
        [("a", ONE), ("a", TWO)],
        Shown({"a": ONE, "a (2)": TWO}, [TWICE]),
        # DuckDB gives the second another name, and a dict has no second
        kinds(Shown({"a": ONE, "a_1": TWO}), "duckdb")
        | kinds(Cannot("DuplicateError", "column with name 'a' has more than one occurrence"), "polars")
        | kinds(Cannot("KeyError", "a"), "arrays"),
    ),
    named(
        "names that differ in case",
        {"A": ONE, "a": TWO},
        Shown({"A": ONE, "a": TWO}),
        kinds(Shown({"A": ONE, "a_1": TWO}), "duckdb"),
    ),
    named("a number as a name", {1: ONE}, Shown({"1": ONE}), TEXT_ONLY | only_bytes("int")),
    named(
        "a number and its text as names",
        {1: ONE, "1": TWO},
        Shown({"1 (int)": ONE, "1 (str)": TWO}),
        TEXT_ONLY | only_bytes("int"),
    ),
    named(
        "None as a name",
        {None: ONE},
        Shown({"None": ONE}),
        kinds(Shown({"column_2": ONE}), "polars"),
    ),
    Case(
        "names of several levels",
        [(("y", "label"), LABELS[1]), (("y", "model"), PREDICTIONS[1]), (("x", ""), ONE), (("x", "b"), TWO)],
        Shown(
            {"x / (empty)": ONE, "x / b": TWO},
            ["column names of several levels are shown joined: 'x / (empty)', 'x / b'"],
        ),
        TEXT_ONLY | only_bytes("tuple"),
        {"label": ("y", "label"), "prediction": ("y", "model")},
    ),
    exact("names of an index", "index", "rowid", "level_0", "index.0", "__index_level_0__"),
    exact("our own names", "c0", "s0", "row", "cell", "confidence", "score", "predicted", "outcome"),
    named(
        "no name",
        {"": ONE},
        Shown({"(empty)": ONE}, [BLANK]),
        kinds(Shown({"column_2": ONE}), "polars") | kinds(Shown({"v2": ONE}), "duckdb"),
    ),
    named("blank names", {" ": ONE, "\t": TWO}, Shown({"(empty)": ONE, "(empty) (2)": TWO}, [BLANK])),
    named("NUL in a name", {"a\0b": ONE}, Shown({"a\0b": ONE}), kinds(Shown({"a": ONE}), "duckdb")),
    named(
        "a lone surrogate in a name",
        {"\ud800": ONE},
        Shown(
            {"\\ud800": ONE},
            ["column names with half a character, a lone surrogate, are shown with an escape: '\\\\ud800'"],
        ),
        kinds(Cannot("UnicodeEncodeError", "surrogates not allowed"), "polars", "pyarrow", "duckdb"),
    ),
    named(
        "names of 300 characters",
        {LONG + "a": ONE, LONG + "b": TWO},
        Shown(
            {"n" * 200 + "…": ONE, "n" * 200 + "… (2)": TWO},
            [f"column names of more than 200 characters are shown cut: '{'n' * 40}', '{'n' * 40}'"],
        ),
    ),
    exact("names from right to left, and emoji", "שם", "👩‍👩‍👧", "a\u202eb"),
    exact("quotes and markup in names", "a\"b'c`d", "<b>x</b>", 'b"; DROP TABLE x; --', "{a}", "$x$"),
]
