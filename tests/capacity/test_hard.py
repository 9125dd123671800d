"""Curves of estimators that fail, of settings that make no sense, and of scores that are no errors."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

import offdiagonal as od
from offdiagonal.display.figure import Figure
from offdiagonal.errors import OffdiagonalError

rng = np.random.default_rng(0)
X = rng.normal(size=(160, 3))
Y = (X[:, 0] + rng.normal(size=160) > 0).astype(int)


class Fragile(ClassifierMixin, BaseEstimator):
    """Says the first class; what it is told to fail at fails."""

    def __init__(self, fails: str = "", random_state: int | None = None) -> None:
        self.fails = fails
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Fragile:
        if self.fails == "seed" and self.random_state is not None and self.random_state % 1000 == 2:
            raise ValueError("an unlucky seed")
        if self.fails == "many rows" and len(X) > 100:
            raise ValueError("too many rows")
        self.classes_ = np.unique(y)
        return self

    def predict(self, X: Any) -> Any:
        return (X[:, 0] > 0).astype(int)

    def predict_proba(self, X: Any) -> Any:
        raise RuntimeError("no probabilities today")


def curve(estimator: Any, y: Any = Y, **more: Any) -> Any:
    return od.learning_curve(estimator, X, y, **{"sizes": [0.5, 1.0], "repeats": 3, **more})


def test_a_seed_that_fails_and_probabilities_that_fail_leave_the_curve() -> None:
    found = curve(Fragile("seed"), seeds=4, target=0.3)
    page = found._repr_html_()
    assert "seed 1002: an unlucky seed" in page
    assert "no probabilities today" in page
    assert "3 splits" in found.target_test(0.3).text()


def test_several_outputs_have_a_curve_without_calibration() -> None:
    forest = RandomForestClassifier(3, random_state=0)
    found = curve(forest, np.column_stack([Y, Y]))
    assert 0 < found.to_frame()["error"].iloc[-1] < 0.5
    assert "alibration" not in found._repr_html_()


def test_fewer_than_two_repeats_are_refused_with_the_reason() -> None:
    with pytest.raises(OffdiagonalError, match="repeats=1: give two or more"):
        curve(Fragile(), repeats=1)
    with pytest.raises(OffdiagonalError, match=r"0 of 3 repeats worked with 120 rows.*too many rows"):
        curve(Fragile("many rows"))


def test_what_is_no_setting_is_refused_in_words() -> None:
    tree = DecisionTreeClassifier(random_state=0)
    with pytest.raises(OffdiagonalError, match="target='x' is no number"):
        curve(tree, target="x")
    with pytest.raises(OffdiagonalError, match=r"seeds=1\.5: give one or more, as a whole number"):
        curve(tree, seeds=1.5)
    with pytest.raises(OffdiagonalError, match="the error is inf on all test rows"):
        curve(tree, scoring=lambda *_: np.inf)


def test_with_seeds_one_number_stands_everywhere() -> None:
    tree = DecisionTreeClassifier(max_features=1, random_state=0)
    found = curve(tree, seeds=3, target=0.05, repeats=4)
    error = f"{found.to_frame()['error'].iloc[-1]:.3g}"
    assert f"the test error of {error} [" in found.target_test(0.05).text()
    assert f"and {error} [" in found.findings()[0].evidence
    assert "At 120 rows errors are means over 3 seeds." in found._repr_html_()


def test_the_text_of_a_curve_names_its_target() -> None:
    found = curve(DecisionTreeClassifier(random_state=0), target=0.05)
    assert "the target of 0.05" in repr(found)
    assert re.search(r'alt="[^"]*the target of 0\.05', found._repr_html_())


def test_a_negative_score_lies_in_its_interval() -> None:
    def less_r2(model: Any, X: Any, y: Any) -> float:
        return -float(model.score(X, y))

    y = X[:, 0] + rng.normal(0, 0.5, 160)
    frame = od.learning_curve(
        LinearRegression(), X, y, scoring=less_r2, repeats=4, sizes=[0.5, 1.0]
    ).to_frame()
    assert (frame["error"] < 0).all()
    assert (frame["low"] <= frame["error"]).all()
    assert (frame["error"] <= frame["high"]).all()


@pytest.mark.parametrize(
    ("values", "even"),
    [([1, 10, 100], False), ([100, 10, 1], False), ([1, 100, 10], True), ([1, 1, 100], True)],
)
def test_only_values_that_go_one_way_stand_on_a_log_scale(values: list[int], even: bool) -> None:
    found: Figure = od.validation_curve(KNeighborsClassifier(), X, Y, "n_neighbors", values, repeats=2)
    assert found._shown().chart.even is even


def test_labels_in_a_column_have_the_same_curve() -> None:
    errors = [curve(DecisionTreeClassifier(random_state=0), y).to_frame()["error"] for y in (Y, Y[:, None])]
    assert errors[0].tolist() == errors[1].tolist()
    line = [
        curve(LinearRegression(), y).to_frame()["error"]
        for y in (X @ [1.0, 2, 3], (X @ [1.0, 2, 3])[:, None])
    ]
    np.testing.assert_allclose(line[0], line[1], atol=1e-9)


class Choosy(Fragile):
    """What it is told to do decides whether it can be fitted, and whether it can say something."""

    def fit(self, X: Any, y: Any) -> Choosy:
        if self.fails == "fit":
            raise ValueError("it cannot be fitted")
        self.classes_ = np.unique(y)
        return self

    def predict(self, X: Any) -> Any:
        if self.fails == "predict":
            raise ValueError("it says nothing")
        said: Any = np.full(len(X), np.nan) if self.fails == "score" else super().predict(X)
        return said


def test_a_value_for_which_no_fit_worked_is_named_with_its_error_and_not_compared() -> None:
    values = ["", "fit", "predict"]
    found = od.validation_curve(Choosy(), X, Y, "fails", values, repeats=3)
    for said in (repr(found), found._repr_html_()):
        assert "not told apart" not in said
        assert "no fit worked with fails fit: it cannot be fitted" in said.replace("No fit", "no fit")
        assert "no fit worked with fails predict: it says nothing" in said.replace("No fit", "no fit")
    page = found._shown()
    assert page.said[0] == "The lowest test error rate is at fails ; there is no other to compare it with."
    assert page.table.rows[1][1:] == ("failed", "failed")
    frame = found.to_frame().set_index("fails")
    assert np.isnan(frame.loc["fit", "error"]).all()


def test_each_value_that_failed_has_its_own_error_however_many_they_are() -> None:
    found = od.validation_curve(KNeighborsClassifier(), X, Y, "n_neighbors", [5, *range(121, 130)], repeats=2)
    said = " ".join(found._shown().said)
    for value in range(121, 130):
        assert (
            f"n_neighbors {value}: Expected n_neighbors <= n_samples_fit, but n_neighbors = {value}" in said
        )


def test_sizes_at_which_no_fit_worked_have_no_part_in_a_crossing() -> None:
    class Late(Fragile):
        def fit(self, X: Any, y: Any) -> Late:
            if len(X) < 100:
                raise ValueError("too few rows")
            self.classes_ = np.unique(y)
            return self

    one, other = curve(Late()), curve(Fragile())
    found = od.crossing(one, other)
    assert found["between"] is None
    assert "do not cross" in repr(found)
    assert np.isnan(one.to_frame()["seconds"].iloc[0])
