"""What figures save: sound JSON whatever the numbers are, within a budget, and a picture of each kind."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.capacity.path import LassoPath
from offdiagonal.display.figure import FILE_BYTES, SAVED_BYTES, Figure
from offdiagonal.lasso import FeaturePath
from offdiagonal.training.record import RunRecord


def saved(figure: Figure, budget: int = SAVED_BYTES) -> dict[str, Any]:
    """What an island draws from."""
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(figure._island(budget).data)))
    return found


def test_grids_that_have_no_room_in_a_notebook_are_named_and_a_file_has_them() -> None:
    weights = np.random.default_rng(0).dirichlet(np.full(90, 0.2), (24, 90))
    seen = od.attention_map(weights[:, :60, :60], [f"t{i}" for i in range(60)])
    page = saved(seen)
    kept = len(page["chart"]["grids"])
    assert 1 <= kept < 24
    assert page["notes"][-1].startswith(f"{25 - kept} more grids had no room")
    assert len(seen._island(SAVED_BYTES).data) <= SAVED_BYTES
    assert len(saved(seen, FILE_BYTES)["chart"]["grids"]) == 25
    assert "had no room" in seen._repr_html_()


def test_losses_that_are_no_numbers_are_counted_and_no_json_breaks(tmp_path: Any) -> None:
    losses = iter([1.0] * 12 + [float("inf"), float("nan")])
    found = od.learning_rate_range(lambda: next(losses), lambda rate: None, steps=13)
    page = saved(found)
    assert page["chart"]["lines"][1]["y"][-1] is None
    assert "1 of 13 losses are NaN or infinite." in page["notes"]
    assert len(found.to_frame()) == 13
    found.save(tmp_path / "rates.html")
    assert "od-island" in (tmp_path / "rates.html").read_text("utf-8")
    never = od.overfit_one_batch(lambda: float("nan"))
    assert saved(never)["findings"][0]["title"].startswith("One batch was not learnt")
    assert b"PNG" in base64.b64decode(never._repr_html_().split("base64,")[1][:40])


def test_many_steps_are_thinned_and_say_so() -> None:
    rng = np.random.default_rng(0)
    found = od.overfit_one_batch(lambda: 1 + rng.random(), steps=5000, patience=6000)
    page = saved(found)
    assert len(page["chart"]["at"]) == 1667
    assert "One of 3 steps is drawn." in page["notes"]
    assert len(page["table"]["rows"]) == 40
    assert len(found.to_frame()) == 5000


def test_features_of_one_name_have_a_line_each_and_thousands_are_cut() -> None:
    n = 2500
    penalties = np.geomspace(1, 0.01, 10)
    strengths = np.linspace(1, 0.1, n)[:, None]
    path = LassoPath(("x",) * n, (), penalties, np.maximum(0, strengths - penalties), np.ones((n, 10)))
    page = saved(FeaturePath(path))
    assert len(page["chart"]["lines"]) == 200
    assert len({tuple(line["y"]) for line in page["chart"]["lines"]}) > 150
    assert "2,300 more features that turn on later are not drawn." in page["notes"]
    assert len(page["table"]["rows"]) == 2000
    assert "500 more are not listed: to_frame() has all." in page["notes"]


def test_a_path_without_halves_says_nothing_of_stability() -> None:
    X = np.random.default_rng(0).normal(size=(60, 3))
    found = od.lasso_path(X, X[:, 1], names=["age", "bmi", "bp"], halves=0)
    page = saved(found)
    assert found.path.stability is None
    assert "stability" not in found.to_frame()
    assert page["said"][0].startswith("In the order in which they turn on: bmi")
    assert not any(line["dashed"] for line in page["chart"]["lines"])
    assert page["table"]["heads"] == ["feature", "turns on at penalty"]
    assert not any(word in json.dumps(page) + repr(found) for word in ("halves", "stable", "dashed:"))


def test_a_crossing_is_a_dict_and_a_view_with_the_difference_in_pairs() -> None:
    from sklearn.dummy import DummyClassifier
    from sklearn.tree import DecisionTreeClassifier

    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3))
    y = (X[:, 0] > 0).astype(int)
    tree, chance = (
        od.learning_curve(model, X, y, sizes=[0.3, 1.0], repeats=4)
        for model in (DecisionTreeClassifier(random_state=0), DummyClassifier())
    )
    found = od.crossing(tree, chance)
    assert {*found} == {"between", "better", "difference", "seconds"}
    assert dict(found)["better"] == 0
    frame = found.to_frame()
    assert frame["difference_low"].iloc[-1] > 0
    assert frame["difference"].iloc[-1] == pytest.approx(found["difference"])
    assert repr(found).startswith(
        "The curves do not cross: with 225 rows DecisionTreeClassifier is better by 0."
    )
    assert "the same splits, in pairs" in saved(found)["notes"][0]
    other = od.learning_curve(DummyClassifier(), X, y, sizes=[0.3, 1.0], repeats=4, seed=1)
    assert "splits that differ" in saved(od.crossing(tree, other))["notes"][0]
    twice = od.crossing(tree, tree)
    assert [line["name"] for line in saved(twice)["chart"]["lines"]] == [
        "DecisionTreeClassifier (first)",
        "DecisionTreeClassifier (second)",
    ]
    assert repr(twice).startswith(
        "The curves do not cross, and the noise does not tell which is better at any"
    )


def test_two_models_are_drawn_by_the_objective_between_them(tmp_path: Any) -> None:
    def double(w: Any) -> float:
        return float((w[0] ** 2 - 1) ** 2) if abs(w[0]) > 0.047 else float("nan")

    found = od.optimisation_or_objective(double, [-0.9], [1.0], scores=(0.8, 0.9), rescale=False)
    assert found.finding.kind == "optimiser-at-fault"
    assert "they may lie in different valleys" in repr(found)
    frame = found.to_frame()
    assert frame["objective"].iloc[[0, -1]].tolist() == [double([-0.9]), 0.0]
    assert frame["objective"].isna().sum() == 1
    page = saved(found)
    assert page["chart"]["lines"][0]["y"].count(None) == 1
    assert page["notes"][1] == "At 1 of 21 places the objective is NaN or infinite."
    assert [row[0] for row in page["table"]["rows"]] == ["ours", "the other"]
    found.save(tmp_path / "models.svg")
    line = od.optimisation_or_objective(
        lambda w: float(w[0] ** 2), [1.0], [0.5], scores=(0.8, 0.9), rescale=False
    )
    assert "nowhere above both" in repr(line)
    far = od.optimisation_or_objective(lambda w: float((w[0] - 3) ** 2), [1.0], [0.5], scores=(0.8, 0.9))
    assert saved(far)["table"]["rows"][1][0] == "the other, times 6"


def test_two_traces_are_drawn_where_a_range_has_a_width() -> None:
    def run(high: float, more: int) -> od.Run:
        lines = [
            {
                "module": f"m{i}",
                "kind": "Linear",
                "shape": [8, 4],
                "dtype": "float32",
                "low": 0.0,
                "high": end,
            }
            for i, end in enumerate([1.0, high, 0.0] + [1.0] * more)
        ]
        facts = {"trace": lines}
        return od.Run.of(RunRecord(id="x", name=f"to {high}", started=0.0, status="finished", facts=facts))

    page = saved(od.compare_traces(run(1.0, 0), run(9.0, 1)))
    assert page["chart"]["texts"] == ["m0", "m1 (range)", "m2", "m3 (module)"]
    assert [line["y"] for line in page["chart"]["lines"]] == [
        [1, 1, None, None],
        [1, 9, None, 1],
        [None, 9, None, 1],
    ]
    assert page["notes"] == ["1 module gave one value, or none that is finite: not drawn."]
    assert page["table"]["rows"][0] == ["m1", "range", "0 to 1", "0 to 9"]
    same = saved(od.compare_traces(run(1.0, 40), run(1.0, 40)))
    assert [line["name"] for line in same["chart"]["lines"]] == ["to 1.0 (first)", "to 1.0 (second)"]
    assert not same["chart"]["even"]
