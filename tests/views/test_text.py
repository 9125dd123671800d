"""Names and numbers as they are shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offdiagonal.stats.measure import Measure
from offdiagonal.views.text import (
    amount,
    difference_texts,
    percent,
    points,
    rate_texts,
    score_texts,
    short,
    together,
    visible,
)


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain", "plain"),
        ("two\r\n\tlines ", "two lines"),
        ("a\x1b[31mb\x07", "a\\x1b[31mb\\x07"),
        ("x\u202ey\u2066z\u200e", "x\\u202ey\\u2066z\\u200e"),
        ("a\u200bb\ufeffc\u00add", "a\\u200bb\\ufeffc\\xadd"),
        ("ham\u200dx", "ham\\u200dx"),
        ("\ud800", "\\ud800"),
        ("blank \u3164 letter", "blank \\u3164 letter"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("größer, 中文, 😀", "größer, 中文, 😀"),
        ("می‌خواهم", "می‌خواهم"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("שלום", "שלום"),
    ],
)
def test_visible(given_text: str, shown: str) -> None:
    assert visible(given_text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_visible_holds_nothing_hidden(text: str) -> None:
    for character in visible(text):
        joiner = character in "\u200c\u200d"
        assert unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert joiner or unicodedata.bidirectional(character) not in {
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }
    assert visible(visible(text)) == visible(text)
    visible(text).encode("utf-8")


@given(st.text(), st.integers(1, 50))
def test_short_is_short(text: str, most: int) -> None:
    assert len(short(text, most)) <= most


def test_numbers() -> None:
    assert (percent(0.888), percent(1), points(0.014), points(-0.0123)) == (
        "88.8 %",
        "100.0 %",
        "+1.4 pt",
        "−1.2 pt",
    )
    assert points(-0.0000001) == "0.0 pt"
    assert amount(3080) == "3,080 examples"
    assert amount(2, "class", "classes") == "2 classes"


def test_measures() -> None:
    rate = Measure(0.888, 0.877, 0.899, 3080, "Wilson")
    assert together(rate_texts(rate)) == "88.8 % [87.7, 89.9]"
    assert together(rate_texts(Measure(None, None, None, 3, "Wilson"))) == "—"
    assert together(rate_texts(Measure(0.5, None, None, 30, "delta"))) == "50.0 %"
    assert together(difference_texts(Measure(0.014, 0.003, 0.025, 90, "Newcombe"))) == "+1.4 pt [+0.3, +2.5]"
    assert together(difference_texts(Measure(None, None, None, 3, "Newcombe"))) == "—"
    assert (
        together(score_texts(Measure(0.95312, 0.94, 0.966, 90, "DeLong (logit)"))) == "0.953 [0.940, 0.966]"
    )
    assert together(score_texts(rate)) == "88.8 % [87.7, 89.9]"
