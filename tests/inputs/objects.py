"""Objects: values of several types, collections, bytes, categories, and classes of the user's own."""

from __future__ import annotations

import enum
import uuid
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from tests.inputs.case import Cannot, arrow, kinds, shown, value


class Speechless:
    """Something that cannot even say what it is."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


class Colour(enum.Enum):
    """A value of the user's own."""

    RED = 1
    BLUE = 2


def of_type(name: str) -> str:
    """The note on objects."""
    return f"column 'x' holds values of the type {name}: they are shown as text"


def of_types(names: str) -> str:
    """The note on several types."""
    return (
        f"column 'x' holds values of several types ({names}): each is shown as what it is, "
        "numbers sorted before texts"
    )


def not_arrow(error: str, says: str = "") -> dict[str, Any]:
    """What Arrow cannot hold."""
    return arrow(Cannot(error, says))


BYTES = "column 'x' holds bytes: their number and the first 64 are shown"
SILENT = "<Speechless: its text raised RuntimeError>"
FOUR = [Speechless(), Speechless(), None, Speechless()]
MANY = list(range(10_000))
PREVIEW = f"[{', '.join(map(str, range(200)))}, … 10,000 items]"
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)
RED, BLUE = Colour.RED, Colour.BLUE
PAIRS = [(1, 2), (3, 4), None, (1, 2)]
INTERVALS = pd.arrays.IntervalArray.from_breaks([0, 1, 2, 3, 4])
ENDS = [{"left": i, "right": i + 1} for i in range(4)]
CUT = pd.cut(pd.Series([1, 5, 9, 3]), [0, 4, 8, 12]).array
CUTS = ["(0, 4]", "(4, 8]", "(8, 12]", "(0, 4]"]
CUT_ENDS = [{"left": low, "right": low + 4} for low in (0, 4, 8, 0)]
STEPS = pd.Categorical(["lo", "hi", None, "lo"], categories=["lo", "mid", "hi"], ordered=True)

OBJECTS = [
    value("nothing at all", [None] * 4, shown([None] * 4, levels=[])),
    value("one value only", ["a"] * 4, shown(["a"] * 4, levels=[])),
    value(
        "numbers and texts",
        [1, "x", 2.5, None],
        shown([1, "x", 2.5, None], of_types("float, int, str"), levels=["2.5", "1", "x", "(missing)"]),
        not_arrow("ArrowInvalid", "Could not convert 'x' with type str")
        | kinds(Cannot("TypeError", "found value of type String"), "polars"),
    ),
    value(
        "values that read alike",
        [1, "1", True, 1.0],
        shown([1, "1", True, 1.0], of_types("bool, float, int, str"), levels=["True", "1 (int)", "1 (str)"]),
        not_arrow("ArrowInvalid", "Could not convert '1' with type str")
        | kinds(Cannot("TypeError", "found value of type String"), "polars"),
    ),
    value("lists", [[1, 2], [3], None, []], shown(["[1, 2]", "[3]", None, "[]"], of_type("list"), levels=[])),
    value(
        "lists in lists",
        [[[1], []], [[2, 3]], None, []],
        shown(["[[1], []]", "[[2, 3]]", None, "[]"], of_type("list"), levels=[]),
    ),
    value(
        "a list of ten thousand",
        [MANY, [1], None, []],
        shown([PREVIEW, "[1]", None, "[]"], of_type("list"), levels=[]),
    ),
    value(
        "dicts",
        [{"a": 1}, {"a": 2}, None, {"a": 3}],
        shown(["{'a': 1}", "{'a': 2}", None, "{'a': 3}"], of_type("dict"), levels=[]),
    ),
    value(
        "sets",
        [{1}, {2}, None, {1}],
        shown(["{1}", "{2}", None, "{1}"], of_type("set"), levels=[]),
        kinds(
            shown(["[1]", "[2]", None, "[1]"], of_type("list"), held=[[1], [2], None, [1]]),
            "pandas-arrow",
            "pyarrow",
            "duckdb",
        ),
    ),
    value(
        "tuples",
        PAIRS,
        shown(
            ["(1, 2)", "(3, 4)", None, "(1, 2)"], of_type("tuple"), levels=["(1, 2)", "(3, 4)", "(missing)"]
        ),
        kinds(
            shown(["[1, 2]", "[3, 4]", None, "[1, 2]"], of_type("list"), held=[p and list(p) for p in PAIRS]),
            "pandas-arrow",
            "polars",
            "pyarrow",
            "duckdb",
        ),
    ),
    value(
        "arrays",
        [np.array([1, 2]), np.array([3, 4]), np.array([1, 2]), np.array([5, 6])],
        shown(["[1 2]", "[3 4]", "[1 2]", "[5 6]"], of_type("ndarray"), levels=[]),
        kinds(
            shown(["[1, 2]", "[3, 4]", "[1, 2]", "[5, 6]"], of_type("list")),
            "pandas-arrow",
            "polars",
            "pyarrow",
            "duckdb",
        ),
    ),
    value(
        "bytes",
        [b"\xff\x00", b"b", None, b""],
        shown(
            ["2 bytes: ff 00", "1 bytes: 62", None, "0 bytes: "],
            BYTES,
            levels=["b''", "b'b'", "b'\\xff\\x00'", "(missing)"],
        ),
    ),
    value(
        "a million bytes",
        [bytes(1_000_000), b"b", None, b"c"],
        shown([f"1,000,000 bytes: {' '.join(['00'] * 64)} …", "1 bytes: 62", None, "1 bytes: 63"], BYTES),
    ),
    value(
        "objects whose text raises",
        FOUR,
        shown([SILENT, f"{SILENT} (2)", None, f"{SILENT} (3)"], of_type("Speechless")),
        not_arrow("ArrowInvalid", "did not recognize Python value type"),
    ),
    value(
        "UUIDs",
        [ONE, TWO, None, ONE],
        shown(
            [str(ONE), str(TWO), None, str(ONE)], of_type("UUID"), levels=[str(ONE), str(TWO), "(missing)"]
        ),
        kinds(
            shown([str(ONE), str(TWO), None, str(ONE)], held=[str(ONE), str(TWO), None, str(ONE)]), "duckdb"
        ),
    ),
    value(
        "members of an enum",
        [RED, BLUE, None, RED],
        shown(
            ["Colour.RED", "Colour.BLUE", None, "Colour.RED"],
            of_type("Colour"),
            levels=["Colour.BLUE", "Colour.RED", "(missing)"],
        ),
        not_arrow("ArrowInvalid", "did not recognize Python value type")
        | kinds(Cannot("AttributeError", "'NoneType' object has no attribute 'value'"), "polars"),
    ),
    value(
        "paths",
        [PurePosixPath("a/b"), PurePosixPath("c"), None, PurePosixPath("c")],
        shown(["a/b", "c", None, "c"], of_type("PurePosixPath"), levels=["a/b", "c", "(missing)"]),
        not_arrow("ArrowInvalid", "did not recognize Python value type"),
    ),
    value(
        "intervals",
        INTERVALS,
        shown(["(0, 1]", "(1, 2]", "(2, 3]", "(3, 4]"], levels=["(0, 1]", "(1, 2]", "(2, 3]", "(3, 4]"]),
        kinds(shown([str(ends) for ends in ENDS], of_type("dict"), held=ENDS), "polars", "duckdb")
        | kinds(
            shown(
                [str(ends) for ends in ENDS],
                of_type("dict"),
                "column 'x' is of the type pandas.interval, which only pandas reads: what Arrow stores is shown",
                held=ENDS,
            ),
            "pyarrow",
        ),
    ),
    value(
        "categories, one without rows",
        pd.Categorical(["a", "b", None, "a"], categories=["b", "a", "unused"]),
        shown(["a", "b", None, "a"], levels=["a", "b", "(missing)"]),
    ),
    value(
        "categories in an order",
        STEPS,
        shown(["lo", "hi", None, "lo"], levels=["hi", "lo", "(missing)"]),
        kinds(shown(["lo", "hi", None, "lo"], levels=["lo", "hi", "(missing)"]), "pandas"),
    ),
    value(
        "categories that are numbers",
        pd.Categorical([1, 2, None, 1]),
        shown([1, 2, None, 1], levels=["1", "2", "(missing)"]),
    ),
    value(
        "categories of several types",
        pd.Categorical([1, "1", None, 1]),
        shown([1, "1", None, 1], of_types("int, str"), levels=["1 (int)", "1 (str)", "(missing)"]),
        not_arrow("ArrowInvalid", "Could not convert '1' with type str")
        | kinds(Cannot("ArrowInvalid", "Could not convert '1' with type str"), "polars"),
    ),
    value(
        "categories that are intervals",
        CUT,
        shown(CUTS, levels=["(0, 4]", "(4, 8]", "(8, 12]"]),
        kinds(shown([str(ends) for ends in CUT_ENDS], of_type("dict"), held=CUT_ENDS), "polars", "pyarrow")
        | kinds(Cannot("InternalException", "Vector::SetSize out of range"), "duckdb"),
    ),
]
