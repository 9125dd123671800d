"""Attention maps say what they are, and are tested by taking parts away."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.errors import OffdiagonalError

TOKENS = ["the", "film", "was", "not", "very", "good", "the", "end"]


def weights(heads: int = 2) -> np.ndarray:
    drawn = np.random.default_rng(0).random((heads, len(TOKENS), len(TOKENS)))
    return drawn / drawn.sum(axis=2, keepdims=True)


def test_effects_that_follow_the_attention_agree_and_chance_does_not() -> None:
    seen = od.attention_map(weights(), TOKENS)
    mean = seen.weights.mean(axis=(0, 1))
    same = seen.ablated(lambda place: 0.9 - mean[place], 0.9).agreement()
    assert same is not None
    assert same[0] == pytest.approx(1.0)
    assert same[1] < 0.01
    ps = []
    for seed in range(200):
        noise = np.random.default_rng(seed).random(len(TOKENS))
        found = seen.ablated(lambda place, noise=noise: noise[place], 0.0).agreement()
        assert found is not None
        ps.append(found[1])
    assert np.mean(np.asarray(ps) <= 0.05) <= 0.12


def test_it_says_the_caveat_until_it_is_tested() -> None:
    seen = od.attention_map(weights(), TOKENS)
    assert "not why it decides" in repr(seen)
    assert "not why it decides" in seen._repr_html_()
    tested = seen.ablated(float, 0.0)
    assert "rank correlation" in repr(tested)
    assert od.attention_map([[1.0, 0.0]] * 2, ["a", "b"]).ablated(float, 0.0).agreement() is None


def test_an_effect_that_is_no_number_is_not_held_against_attention() -> None:
    seen = od.attention_map(weights(), TOKENS)
    for no_number in (np.nan, np.inf):
        tested = seen.ablated(lambda place, bad=no_number: bad if place in (2, 5) else place / 10, 0.9)
        assert tested.agreement() is None
        assert "The effect of taking away 2 of 8 parts is no number" in repr(tested)
        assert "is no number" in tested._repr_html_()


def test_files_frame_and_names_that_are_markup(tmp_path: Path) -> None:
    names = ["<b>", "'+alert(1)+'", "\\", "שלום", "a" * 200, "x", "x", "🙂"]
    seen = od.attention_map(weights(4), names)
    for kind, first in (("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")):
        seen.save(tmp_path / f"x.{kind}")
        assert (tmp_path / f"x.{kind}").read_bytes().startswith(first)
    frame = seen.to_frame()
    assert len(frame) == 4 * 64
    assert frame["weight"].sum() == pytest.approx(32)
    assert "<b>" not in seen._repr_html_().replace("<bdi>", "")


@pytest.mark.parametrize(
    ("given", "names", "why"),
    [
        (np.ones((2, 3)), ["a", "b"], r"shape \(1, 2, 3\), and there are 2 queries and 2 keys"),
        (-np.ones((2, 2)), ["a", "b"], "negative or no number"),
        (np.full((2, 2), np.nan), ["a", "b"], "negative or no number"),
        (np.ones((30, 1, 1)), ["a"], "at most 24 heads"),
        (np.ones((0, 1, 1)), ["a"], "0 heads"),
    ],
)
def test_what_is_no_attention_is_said(given: np.ndarray, names: list[str], why: str) -> None:
    with pytest.raises(OffdiagonalError, match=why):
        od.attention_map(given, names)
