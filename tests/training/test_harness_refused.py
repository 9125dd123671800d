"""What no experiment can be made of is refused in one sentence, with the value and what to give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import offdiagonal as od


def build(seed: int = 0, norm: bool = True) -> float:
    return 0.3 + 0.001 * seed + 0.1 * norm


def batch(step: Any = lambda: 1.0, **more: Any) -> Any:
    return od.overfit_one_batch(step, **more)


def rates(**more: Any) -> Any:
    return od.learning_rate_range(lambda: 1.0, lambda rate: None, **more)


ANY: Any = None
REFUSED: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: batch(3),
        "step_fn=3 cannot be called; give a function that does one update and returns the loss",
    ),
    (lambda: batch(lambda x: 1), "step_fn asks for x; give a function without arguments, such as lambda: "),
    (lambda: batch(lambda: "a"), "step_fn returned 'a'; let it return the loss of the batch, as one number"),
    (lambda: batch(lambda: np.ones(3)), "step_fn returned array([1., 1., 1.]); let it return the loss of "),
    (lambda: batch(steps="10"), "steps='10': give a whole number of 3 or more"),
    (lambda: batch(steps=2), "steps=2 are too few to see a loss fall; give at least 3"),
    (lambda: batch(steps=True), "steps=True: give a whole number of 3 or more"),
    (lambda: batch(patience=0), "patience=0; give at least 1"),
    (lambda: batch(target="x"), "target='x' is no number; give the loss that counts as learnt"),
    (lambda: batch(target=float("nan")), "target=nan is no number; give the loss that counts as learnt"),
    (lambda: batch(target=1000), "target=1000 is no lower than the first loss of 1: nothing would be learnt"),
    (lambda: rates(steps="x"), "steps='x': give a whole number of 10 or more"),
    (lambda: rates(steps=5), "steps=5 are too few to see where the loss falls; give at least 10"),
    (lambda: rates(low="1e-3"), "low='1e-3' is no number; give the first learning rate"),
    (
        lambda: od.learning_rate_range(ANY, ANY),
        "step_fn=None cannot be called; give a function that does one",
    ),
    (lambda: od.simplify(build, "norm"), "parts='norm' is one text; give a list of names: ['norm']"),
    (lambda: od.simplify(build, 3), "parts=3 are no names; give a list of them, such as ['dropout', 'norm']"),
    (lambda: od.simplify(build, [1]), "parts: 1 is no name; give the names of build's arguments, such as "),
    (
        lambda: od.simplify(build, {"norm": 0.1}),
        "parts: norm has 0.1; give a pair of the values for on and off, such as {'norm': (0.1, 0.01)}",
    ),
    (lambda: od.simplify(build, ["nrm"]), "build does not take nrm; it takes seed, norm: name the parts as "),
    (
        lambda: od.simplify(lambda depth, norm: 1.0, ["norm"]),
        "build also asks for depth; name it among the parts, or give it a default",
    ),
    (
        lambda: od.simplify("x", ["norm"]),
        "build='x' cannot be called; give a function that trains and returns",
    ),
    (
        lambda: od.simplify(build, ["norm"], seeds=3),
        "seeds=3 are no seeds; give a list of them, such as seeds=",
    ),
    (
        lambda: od.simplify(build, ["norm"], seeds=[0, 0]),
        "seed 0 is given twice, which says nothing of the noise",
    ),
    (
        lambda: od.simplify(lambda norm: None, ["norm"]),
        "build returned None; let it return a Run or a score, as one number",
    ),
    (
        lambda: od.compare_traces(od.Run("a", keep=False), "x"),
        "'x' is no run; give two whose models run.watch(",
    ),
    (lambda: od.runs(3), "folder=3 is no path; give the folder in which runs are kept, as a text or a Path"),
]


@pytest.mark.parametrize(("made", "said"), REFUSED, ids=[said[:60] for _, said in REFUSED])
def test_it_is_refused_in_one_sentence(made: Callable[[], Any], said: str) -> None:
    with pytest.raises(od.OffdiagonalError) as caught:
        made()
    text = str(caught.value)
    assert text.startswith(said)
    assert "\n" not in text
    assert len(text) < 250


def test_what_is_written_in_another_way_is_taken(tmp_path: Path) -> None:
    assert od.simplify(build, {"norm": [1, 0]}, seeds=range(2)).culprit == "norm"
    assert od.simplify(lambda **more: 1.0 + more["norm"] + 0.01 * more["seed"], ("norm",)).culprit == "norm"
    assert od.simplify(build, ["norm"], seeds=np.arange(3)).culprit == "norm"
    assert len(od.runs(str(tmp_path))) == 0
    falling = iter(0.5 ** np.arange(50))
    assert batch(lambda *rows, scale=1: next(falling), steps=np.int64(40)).passed
