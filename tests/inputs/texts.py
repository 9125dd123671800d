"""Texts: blank, broken, long, written from right to left, or full of what no one sees."""

from __future__ import annotations

import numpy as np

from tests.inputs.case import Cannot, Case, arrow, kinds, shown, value

BROKEN = Cannot("UnicodeEncodeError", "surrogates not allowed")
NO_SURROGATES = arrow(BROKEN) | kinds(BROKEN, "pandas", "polars")


def broken(texts: str) -> str:
    """The note on lone surrogates."""
    return f"column 'x' has {texts} with half a character, a lone surrogate: what cannot be written is shown as �"


def long(texts: str) -> str:
    """The note on long texts."""
    return (
        f"column 'x' has {texts} of more than 2,000 characters: the beginning is shown, "
        "an opened example shows all"
    )


def exact(name: str, texts: list[str | None], levels: list[str] | None = None) -> Case:
    """Texts that are shown as they are."""
    return value(name, texts, shown(texts, levels=levels))


TEXTS = [
    exact("few texts", ["a", "b", None, "a"], ["a", "b", "(missing)"]),
    exact("blank texts", ["", "  ", "a", "\n"], ["(empty)", "(empty) (2)", "(empty) (3)", "a"]),
    exact("NUL", ["a\0b", "c", "\0", "d"], ["\0", "a\0b", "c", "d"]),
    value(
        "lone surrogates",
        ["\ud800x", "ok", "\udfff", "ok"],
        shown(["�x", "ok", "�", "ok"], broken("2 texts"), levels=["ok", "\\ud800x", "\\udfff"]),
        NO_SURROGATES,
    ),
    value(
        "a lone surrogate beside its escape",
        ["\ud800", "\\ud800", None, "a"],
        shown(
            ["�", "\\ud800", None, "a"], broken("1 text"), levels=["\\ud800", "a", "\\ud800 (2)", "(missing)"]
        ),
        NO_SURROGATES,
    ),
    value(
        "a text of a million characters",
        ["x" * 1_000_000, "y", None, "z"],
        shown(["x" * 2_000 + "…", "y", None, "z"], long("1 text")),
    ),
    value(
        "texts that differ behind 2,000 characters",
        ["x" * 2_000 + "a", "x" * 2_000 + "b", None, "x" * 2_000],
        shown(["x" * 2_000 + "…", "x" * 2_000 + "…", None, "x" * 2_000], long("2 texts")),
    ),
    exact("from right to left", ["שלום", "مرحبا", "abc שלום", "a"]),
    exact("emoji of several parts", ["👩‍👩‍👧", "👍🏽", "🇩🇪", "a"]),
    exact("stacks of accents", ["e\u0301\u0302\u0303" * 20, "é", "e\u0301", "a"]),
    exact("colours of a terminal", ["\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "b", "a"]),
    exact("control characters", ["\x07", "\x7f", "\x85", "a"]),
    exact("direction and width that no one sees", ["a\u202eb\u202c", "\u200b", "a\u2066b", "a\ufeff"]),
    exact("lines and tabs", ["a\nb", "a\r\nb", "a\tb", "a\u2028b"]),
    exact("markup", ["<script>alert(1)</script>", "&amp;", "</td>", "a"]),
    exact("formulas", ["=1+1", "@a", "-2", "+3"]),
    exact(
        "words for what is missing",
        ["None", "nan", "(missing)", None],
        ["(missing) (str)", "None", "nan", "(missing)"],
    ),
    exact("numbers as text", ["1", "01", "1.0", None], ["01", "1", "1.0", "(missing)"]),
    exact("composed and decomposed", ["é", "e\u0301", "É", "E\u0301"], ["E\u0301", "e\u0301", "É", "é"]),
    value(
        "texts of numpy", np.array(["a", "b", "a", "c"]), shown(["a", "b", "a", "c"], levels=["a", "b", "c"])
    ),
]
