"""Bias or variance, more rows or not, optimiser or objective: planted truth, real curves, other people's code."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer, load_diabetes, make_classification
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

import offdiagonal as od
from offdiagonal.capacity.extrapolate import extrapolate, rise
from offdiagonal.capacity.objective import best_scale
from offdiagonal.capacity.repeats import corrected
from offdiagonal.errors import OffdiagonalError

SIZES = np.array([32.0, 64, 128, 256, 512, 1024, 2048])
ROOT = Path(__file__).resolve().parents[2]


def curve(rng: np.random.Generator, *, floor: float, amount: float, exponent: float, noise: float) -> Any:
    """Twenty repeats of a power law, each with a level of its own and noise at each size."""
    level = rng.normal(0, noise, (20, 1))
    return floor + amount * SIZES**-exponent + level + rng.normal(0, noise, (20, len(SIZES)))


def test_the_interval_holds_what_a_planted_curve_comes_to() -> None:
    held = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        floor, exponent = rng.uniform(0, 0.2), rng.uniform(0.2, 1)
        amount = rng.uniform(0.5, 2)
        errors = curve(rng, floor=floor, amount=amount, exponent=exponent, noise=0.005)
        truth = (
            floor
            + amount * 4096**-exponent
            + (errors - (floor + amount * SIZES**-exponent)).mean(axis=1).mean()
        )
        found = extrapolate(SIZES, errors, 4096)
        if found.value is not None and found.low is not None and found.high is not None:
            held.append(found.low <= truth <= found.high)
    assert len(held) > 270  # the test for a rise is at 5 %
    assert 0.75 <= np.mean(held) <= 0.97


def test_a_curve_that_rises_is_refused_and_says_where() -> None:
    rng = np.random.default_rng(0)
    errors = curve(rng, floor=0.1, amount=1, exponent=0.5, noise=0.003)
    errors[:, 4] += 0.1
    found = extrapolate(SIZES, errors, 4096)
    assert found.value is None
    assert "the error rises from 256 to 512 rows, so more rows need not help" in found.refused


def test_flat_noise_is_hardly_ever_called_a_rise() -> None:
    risen = 0
    for seed in range(400):
        errors = np.random.default_rng(seed).normal(0.2, 0.02, (20, len(SIZES)))
        risen += rise(SIZES, errors) is not None
    assert risen <= 34  # 5 % of 400 are 20; more than 34 happen once in 1,000 times, and seeds are fixed


@pytest.mark.parametrize(
    ("sizes", "repeats", "n", "why"),
    [
        (5, 20, 4096, "5 sizes are too few"),
        (7, 4, 4096, "fewer than 5 repeats"),
        (7, 20, 9000, "9,000 rows are more than 4 times those that were tried; ask for 8,192"),
        (7, 20, 100, "100 rows were tried already"),
    ],
)
def test_what_cannot_be_carried_on_is_refused(sizes: int, repeats: int, n: int, why: str) -> None:
    errors = curve(np.random.default_rng(0), floor=0.1, amount=1, exponent=0.5, noise=0.003)
    assert why in extrapolate(SIZES[-sizes:], errors[:repeats, -sizes:], n).refused


@settings(max_examples=30, deadline=None)
@given(factor=st.floats(1e-3, 1e3), seed=st.integers(0, 100))
def test_the_unit_of_the_error_changes_nothing(factor: float, seed: int) -> None:
    errors = curve(np.random.default_rng(seed), floor=0.1, amount=1, exponent=0.5, noise=0.02)
    plain, scaled = rise(SIZES, errors), rise(SIZES, factor * errors)
    assert plain == scaled


@pytest.mark.skipif(not (ROOT.parent / "shared/data/lcdb").is_dir(), reason="the curves of LCDB are not here")
def test_the_interval_holds_the_withheld_size_of_real_curves() -> None:
    spec = importlib.util.spec_from_file_location(
        "learning_curves", ROOT / "benchmarks" / "learning_curves.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table = module.judged()
    monotone = table["monotone"]
    assert table[monotone]["accepted"].mean() >= 0.7
    assert not table[~monotone]["accepted"].any()
    assert 0.75 <= table[table["accepted"]]["held"].mean() <= 0.88


def test_overlapping_repeats_have_a_wider_interval() -> None:
    values = np.array([0.1, 0.2, 0.3, 0.2])
    alone, shared = corrected(values, 0.0), corrected(values, 0.25)
    assert alone.low is not None
    assert shared.low is not None
    assert (0.2 - shared.low) / (0.2 - alone.low) == pytest.approx(np.sqrt((0.25 + 0.25) / 0.25))
    assert corrected(np.array([0.1]), 0.25).value is None


def test_a_tree_has_variance_and_a_stump_bias() -> None:
    X, y = make_classification(1500, 20, n_informative=10, flip_y=0.05, class_sep=0.7, random_state=0)
    tree = od.learning_curve(DecisionTreeClassifier(random_state=0), X, y, repeats=6)
    stump = od.learning_curve(DecisionTreeClassifier(max_depth=1, random_state=0), X, y, repeats=6)
    assert [found.findings()[0].kind for found in (tree, stump)] == ["high-variance", "high-bias"]
    assert any("lack of capacity" in text for text in tree.findings()[0].rules_out)
    assert any("lack of rows" in text for text in stump.findings()[0].rules_out)


def test_below_the_target_it_says_stop() -> None:
    X, y = load_breast_cancer(return_X_y=True)
    model = LogisticRegression(max_iter=5000)
    fine = od.learning_curve(model, StandardScaler().fit_transform(X), y, target=0.1, repeats=6)
    assert fine.findings()[0].kind == "good-enough"


def test_a_curve_is_a_frame_a_picture_and_text(tmp_path: Path) -> None:
    X, y = load_diabetes(return_X_y=True)
    found = od.learning_curve(Ridge(), X, y, repeats=5, sizes=[0.1, 0.3, 100, 1.0])
    frame = found.to_frame()
    assert frame["rows"].tolist() == [33, 33, 99, 99, 100, 100, 331, 331]
    assert (frame["low"] <= frame["error"]).all()
    assert (frame["error"] <= frame["high"]).all()
    for kind, first in (("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")):
        found.save(tmp_path / f"x.{kind}")
        assert (tmp_path / f"x.{kind}").read_bytes().startswith(first)
    assert len(repr(found).splitlines()) == 5
    assert "<table" in found._repr_html_()
    with pytest.raises(OffdiagonalError, match=r"cannot save as '\.docx'"):
        found.save("x.docx")


def test_a_setting_names_the_values_that_noise_does_not_tell_apart() -> None:
    X, y = make_classification(600, 10, n_informative=5, random_state=0)
    found = od.validation_curve(KNeighborsClassifier(), X, y, "n_neighbors", [1, 9, 11, 300], repeats=8)
    said = repr(found).splitlines()[3]
    assert said.startswith("the lowest test error rate is at n_neighbors ")
    assert "not told apart from it" in said
    assert "300" not in said
    with pytest.raises(OffdiagonalError, match="has no parameter 'neighbours'; it has algorithm"):
        od.validation_curve(KNeighborsClassifier(), X, y, "neighbours", [1, 2])
    with pytest.raises(OffdiagonalError, match="only one over rows can be carried on"):
        found.extrapolate()


def test_groups_stay_on_one_side() -> None:
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(60), 10)
    X = rng.normal(size=(60, 5))[group] + rng.normal(0, 0.01, (600, 5))
    y = rng.integers(0, 2, 60)[group]
    tree = DecisionTreeClassifier(random_state=0)
    mixed = od.learning_curve(tree, X, y, repeats=5).to_frame()
    apart = od.learning_curve(tree, X, y, repeats=5, groups=group).to_frame()
    assert mixed["error"].iloc[-1] < 0.05
    assert apart["error"].iloc[-1] > 0.3


def test_two_curves_cross() -> None:
    X, y = make_classification(2000, 20, n_informative=12, n_redundant=0, class_sep=1.2, random_state=3)
    sizes = [40, 120, 400, 1500]
    linear = od.learning_curve(LogisticRegression(), X, y, sizes=sizes, repeats=5)
    near = od.learning_curve(KNeighborsClassifier(7), X, y, sizes=sizes, repeats=5)
    found = od.crossing(linear, near)
    means = [one.to_frame().query("side == 'test'")["error"].to_numpy() for one in (linear, near)]
    better = means[0] < means[1]
    assert (found["between"] is None) == (better.all() or not better.any())
    assert found["better"] == int(np.argmin([mean[-1] for mean in means]))
    with pytest.raises(OffdiagonalError, match="over other sizes"):
        od.crossing(linear, od.learning_curve(LogisticRegression(), X, y, sizes=[40, 80], repeats=2))


def test_a_crossing_of_other_test_sizes_is_the_same_from_either_side() -> None:
    X, y = make_classification(200, 5, random_state=0)
    half, tenth = (
        od.learning_curve(LogisticRegression(), X, y, sizes=[40, 80], repeats=4, test_size=size)
        for size in (0.5, 0.1)
    )
    one, other = (od.crossing(*both).to_frame() for both in ((half, tenth), (tenth, half)))
    for end, mirrored in (("difference", "difference"), ("difference_low", "difference_high")):
        np.testing.assert_allclose(one[end], -other[mirrored])


def test_optimiser_or_objective_on_a_known_case() -> None:
    """Five steps of gradient descent against a linear SVM; without the rescaling the verdict would be wrong."""
    X, y = make_classification(3000, 20, n_informative=8, class_sep=0.8, random_state=1)
    X = StandardScaler().fit_transform(X)

    def objective(w: Any) -> float:
        return float(np.logaddexp(0, -(X @ w[:-1] + w[-1]) * (2 * y - 1)).mean() + 5e-4 * (w[:-1] @ w[:-1]))

    def accuracy(w: Any) -> float:
        return float(((X @ w[:-1] + w[-1] > 0) == y).mean())

    steps = np.zeros(21)
    for _ in range(5):
        gradient = 1 / (1 + np.exp(-(X @ steps[:-1] + steps[-1]))) - y
        steps -= 0.05 * np.append(X.T @ gradient / len(y), gradient.mean())
    machine = LinearSVC(C=1).fit(X, y)
    svm = np.append(machine.coef_[0], machine.intercept_[0])
    best = LogisticRegression(C=1 / (1e-3 * len(y)), max_iter=5000).fit(X, y)
    optimum = np.append(best.coef_[0], best.intercept_[0])
    assert [round(objective(w), 4) for w in (steps, svm, optimum)] == [0.6678, 0.4852, 0.392]
    assert round(best_scale(objective, svm)[1], 4) == 0.3922
    early = od.optimisation_or_objective(objective, steps, svm, scores=(accuracy(steps), accuracy(svm)))
    assert early.finding.kind == "optimiser-at-fault"
    done = od.optimisation_or_objective(objective, optimum, svm, scores=(0.80, accuracy(svm)))
    assert done.finding.kind == "objective-at-fault"
    last = od.optimisation_or_objective(objective, optimum, svm, scores=(0.9, 0.8))
    assert last.finding.kind == "no-better-model"


def test_a_frozen_feature_is_one_that_is_not_penalised() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(150, 6)) @ rng.normal(size=(6, 6))
    y = X @ np.array([1.0, 0, 2, 0, 0, -1]) + rng.normal(size=150)
    names = list("abcdef")
    path = od.lasso_path(X, y, names=names, frozen=["c"], halves=0).path
    scaled = StandardScaler().fit_transform(X)
    scaled[:, 2] *= 1e4  # so that its penalty is next to nothing
    for place in (5, 20, 40):
        oracle = Lasso(alpha=path.penalties[place], max_iter=200_000, tol=1e-10).fit(scaled, y)
        np.testing.assert_allclose(path.coefficients[:, place], np.delete(oracle.coef_, 2), atol=1e-3)


def test_noise_is_less_stable_than_what_matters(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(300, 12))
    y = 2 * X[:, 3] - 1.5 * X[:, 7] + rng.normal(size=300)
    found = od.lasso_path(X, y, halves=40)
    order = found.path.order()
    assert {name for name, *_ in order[:2]} == {"3", "7"}
    assert all(share == 1.0 for *_, share in order[:2])
    assert found.to_frame()["stability"].between(0, 1).all()
    found.save(tmp_path / "path.png")
    assert "3 at" in repr(found)
    with pytest.raises(OffdiagonalError, match="frozen column 'x' not found; the columns are '0'"):
        od.lasso_path(X, y, frozen=["x"])


def test_one_frozen_feature_may_be_a_text_and_one_is_left() -> None:
    X = np.random.default_rng(0).normal(size=(40, 2))
    assert od.lasso_path(X, X[:, 0], names=["age", "bmi"], frozen="age", halves=2).path.frozen == ("age",)
    with pytest.raises(OffdiagonalError, match="of 2 features 2 are frozen; leave one"):
        od.lasso_path(X, X[:, 0], names=["age", "bmi"], frozen=["bmi", "age"])
