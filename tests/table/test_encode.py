"""Values as codes and as Python."""

from __future__ import annotations

import ast

import numpy as np

from offdiagonal.table.encode import python_of


def test_python_of_a_value_is_its_literal_where_that_is_the_same_value() -> None:
    same = ["a'b", b"x", True, 7, -0.5, None, ("a", 1, (None, 2.0)), ()]
    assert [ast.literal_eval(python_of(value, "text")) for value in same] == same
    others = [float("nan"), float("inf"), 10**6000, ("a", float("inf")), np.str_("a"), (1, [2]), object()]
    assert [python_of(value, "text") for value in others] == ["'text'"] * len(others)
