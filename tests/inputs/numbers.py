"""Numbers of every width, and what is nearly a number."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from tests.inputs.case import Cannot, arrow, kinds, shown, value

TOO_LARGE = Cannot("OverflowError", "Python int too large to convert to C long")
NO_SUCH_TYPE = "Unsupported numpy type"
INF = float("inf")
NAN = float("nan")
HALF = "column 'x' holds half-precision numbers: they are shown with the three or four digits that they have"
WIDE = "column 'x' holds numbers of more than 64 bits: they are shown, and cut into bins, rounded to 64"
COMPLEX = "column 'x' holds complex numbers: they are shown as text, and are no slices"
THIRDS = np.array([1, 2, 3, 4], np.longdouble) / 3

NUMBERS = [
    value("whole numbers", [1, 2, 3, 1], shown([1, 2, 3, 1], levels=["1", "2", "3"])),
    value(
        "whole numbers with gaps",
        [1, None, 3, 1],
        shown([1, None, 3, 1], levels=["1", "3", "(missing)"]),
    ),
    value("bytes as numbers", np.array([-128, 127, 0, 1], np.int8), shown([-128, 127, 0, 1])),
    value("floats", [0.1, 2.5, -3.25, 1e300], shown([0.1, 2.5, -3.25, 1e300])),
    value(
        "infinity and negative zero",
        [INF, -0.0, -INF, 1.5],
        shown(["inf", -0.0, "-inf", 1.5], levels=["-inf", "0", "1.5", "inf"]),
    ),
    value("NaN", [NAN, 1.0, NAN, 2.0], shown([None, 1, None, 2], levels=["1", "2", "(missing)"])),
    value("nothing but NaN", [NAN] * 4, shown([None] * 4, levels=[])),
    value(
        "subnormal and largest floats",
        [5e-324, 1.7976931348623157e308, 1.0, 2.0],
        shown([5e-324, 1.7976931348623157e308, 1, 2]),
    ),
    value(
        "above 2 to the 53",
        [2**53 + 1, 2**53, 2, 3],
        shown([str(2**53 + 1), str(2**53), 2, 3], levels=["2", "3", str(2**53), str(2**53 + 1)]),
    ),
    value(
        "above 2 to the 53 with a gap",
        [2**53 + 1, None, 2**53, 3],
        shown([str(2**53 + 1), None, str(2**53), 3]),
        # pandas makes floats of the list, before we see it
        kinds(shown([2.0**53, None, 2.0**53, 3], held=[2.0**53, None, 2.0**53, 3]), "pandas"),
    ),
    value("2 to the 63", [2**63, 1, 2, 3], shown([str(2**63), 1, 2, 3]), arrow(TOO_LARGE)),
    value("unsigned 64 bits", np.array([2**64 - 1, 0, 1, 2], np.uint64), shown([str(2**64 - 1), 0, 1, 2])),
    value(
        "2 to the 64",
        [2**64, 1, 2, 3],
        shown([str(2**64), 1, 2, 3], levels=["1", "2", "3", str(2**64)]),
        arrow(TOO_LARGE),
    ),
    value("the smallest of 64 bits", [-(2**63), 0, 1, 2], shown([str(-(2**63)), 0, 1, 2])),
    value("bools", [True, False, True, True], shown([True, False, True, True], levels=["False", "True"])),
    value(
        "bools with gaps",
        [True, None, False, None],
        shown([True, None, False, None], levels=["False", "True", "(missing)"]),
    ),
    value(
        "single precision",
        np.array([0.1, 16777217, np.nan, 3], np.float32),
        shown([0.1, 16777216, None, 3], levels=["0.1", "3", "16777216", "(missing)"]),
    ),
    value(
        "half precision",
        np.array([0.1, 65504, np.nan, 3], np.float16),
        shown([0.1, 65504, None, 3], HALF, levels=["0.1", "3", "65504", "(missing)"]),
        kinds(Cannot("NotImplementedException", "Unsupported Internal Arrow Type e"), "duckdb"),
    ),
    value(
        "wider than 64 bits",
        THIRDS,
        shown([float(third) for third in THIRDS], WIDE),
        arrow(Cannot("ArrowNotImplementedError", NO_SUCH_TYPE))
        | kinds(shown([str(third) for third in THIRDS]), "pandas-arrow", "polars"),
    ),
    value(
        "complex numbers",
        np.array([1 + 2j, 0, 3j, 1]),
        shown(["(1+2j)", "0j", "3j", "(1+0j)"], COMPLEX, levels=[]),
        arrow(Cannot("ArrowNotImplementedError", NO_SUCH_TYPE))
        | kinds(
            shown(
                ["(1+2j)", "0j", "3j", "(1+0j)"],
                "column 'x' holds values of the type complex128: they are shown as text",
            ),
            "pandas-arrow",
            "polars",
        ),
    ),
    value(
        "decimals",
        [Decimal("1.10"), Decimal("2.25"), None, Decimal("-3.30")],
        shown(["1.10", "2.25", None, "-3.30"], levels=["-3.30", "1.10", "2.25", "(missing)"]),
    ),
    value(
        "decimals of 38 digits",
        [Decimal("0.00000000000000000000000000000000000001"), Decimal("0.5"), None, Decimal("0.25")],
        shown(["1E-38", "0.5", None, "0.25"]),
        arrow(shown(["1E-38", f"0.5{'0' * 37}", None, f"0.25{'0' * 36}"]))
        | kinds(shown(["1E-38", f"0.5{'0' * 37}", None, f"0.25{'0' * 36}"]), "pandas-arrow", "polars"),
    ),
    value(
        "decimals with NaN",
        [Decimal("1.1"), Decimal("NaN"), Decimal(2), Decimal(3)],
        shown(["1.1", None, "2", "3"], levels=["1.1", "2", "3", "(missing)"]),
        arrow(Cannot("ArrowInvalid", "'NaN' is not a valid decimal128 number"))
        | kinds(Cannot("PanicException"), "polars"),
    ),
    value(
        "decimals with infinity",
        [Decimal("1.1"), Decimal("Infinity"), Decimal(2), Decimal(3)],
        shown(["1.1", "Infinity", "2", "3"], levels=["1.1", "2", "3", "Infinity"]),
        arrow(Cannot("TypeError", "'str' object cannot be interpreted"))
        | kinds(Cannot("PanicException"), "polars"),
    ),
    value(
        "fractions",
        [Fraction(1, 3), Fraction(1, 2), None, Fraction(1, 3)],
        shown(
            ["1/3", "1/2", None, "1/3"],
            "column 'x' holds values of the type Fraction: they are shown as text",
            levels=["1/3", "1/2", "(missing)"],
        ),
        arrow(Cannot("ArrowInvalid", "Could not convert Fraction(1, 3)"))
        | kinds(shown([1 / 3, 0.5, None, 1 / 3], held=[1 / 3, 0.5, None, 1 / 3]), "polars"),
    ),
    value(
        "a sparse column",
        pd.arrays.SparseArray([0, 0, 1, 2]),
        shown([0, 0, 1, 2], levels=["0", "1", "2"]),
        arrow(Cannot("ArrowTypeError", "Did not pass numpy.dtype object"))
        | kinds(Cannot("ArrowTypeError", "Did not pass numpy.dtype object"), "polars")
        | kinds(shown([0, 0, 1, 2], "column 'x' is sparse: its values are written out"), "pandas"),
    ),
    value(
        "masked numbers",
        np.ma.array([1, 2, 3, 1], mask=[0, 1, 0, 0]),
        shown([1, None, 3, 1], levels=["1", "3", "(missing)"], held=[1, None, 3, 1]),
    ),
    value(
        "whole numbers among floats",
        [1, 2.5, 1.0, 2.5],
        shown([1, 2.5, 1, 2.5], levels=["1", "2.5"]),
        kinds(Cannot("TypeError", "unexpected value while building Series of type Int64"), "polars"),
    ),
]
