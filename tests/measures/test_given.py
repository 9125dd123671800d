"""Functions of the user and scikit-learn's scorers: what they are given, what they give, what goes wrong."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from sklearn import metrics
from sklearn.base import BaseEstimator, ClassifierMixin

import offdiagonal as od
from offdiagonal.errors import MeasureError
from tests.measures.test_named import World, asked


def value(ev: od.Evaluation, measure: Any) -> float:
    """A measure without its resamples."""
    found = asked(ev, measure)
    assert found.measure.value is not None, found.why
    return found.measure.value


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(
    "scorer",
    [
        "roc_auc_ovr",
        "neg_log_loss",
        "accuracy",
        "balanced_accuracy",
        "f1_macro",
        "jaccard_weighted",
        "matthews_corrcoef",
    ],
)
def test_a_scorer_gives_what_it_gives_for_an_estimator(scorer, classes):
    world = World(5, classes, holes=False)
    y, p, q, _ = world.judged(probable=True)

    class Fitted(ClassifierMixin, BaseEstimator):
        classes_ = np.asarray(world.classes)

        def __sklearn_is_fitted__(self):
            return True

        def predict(self, rows):
            return p[rows[:, 0]]

        def predict_proba(self, rows):
            return q[rows[:, 0]]

    given = metrics.get_scorer(scorer)
    wanted = abs(given(Fitted(), np.arange(len(y)).reshape(-1, 1), y))
    assert value(world.ev, given) == pytest.approx(wanted)
    if scorer == "jaccard_weighted":
        assert value(world.ev, scorer) == pytest.approx(wanted)


@pytest.mark.parametrize("scorer", ["roc_auc", "average_precision", "neg_brier_score", "f1", "precision"])
def test_a_scorer_of_one_class_is_about_the_positive_one(scorer):
    name = {
        "roc_auc": "AUC",
        "average_precision": "average precision",
        "neg_brier_score": "Brier",
        "f1": "F1",
    }
    world = World(6, 2, holes=False)
    for positive in world.classes:
        ev = od.Evaluation(
            {"label": world.label, "prediction": world.prediction},
            probabilities=world.probabilities,
            classes=world.classes,
            positive=positive,
        )
        assert value(ev, metrics.get_scorer(scorer)) == pytest.approx(value(ev, name.get(scorer, scorer)))


def test_a_loss_is_shown_with_its_own_sign_and_says_that_less_is_better():
    world = World(7, 2)
    ev = world.ev
    ev.measures(
        metrics.get_scorer("neg_log_loss"), metrics.make_scorer(metrics.fbeta_score, beta=2, pos_label="k1")
    )
    loss, fbeta = ev._session.measures.known
    assert (loss.name, loss.better) == ("log loss", -1)
    assert (fbeta.name, fbeta.better) == ("fbeta (beta=2, pos_label='k1')", 1)


def test_a_scorer_that_asks_for_a_decision_gets_the_score():
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, 200)
    score = label + rng.normal(0, 1, 200)
    ev = od.Evaluation({"label": label, "prediction": (score > 0.5).astype(int)}, scores=score)
    assert value(ev, metrics.get_scorer("roc_auc")) == pytest.approx(metrics.roc_auc_score(label, score))
    only = metrics.make_scorer(metrics.log_loss, response_method="predict_proba")
    assert "no probabilities were given" in asked(ev, only).why


def test_functions_are_given_what_their_parameters_are_called():
    world = World(8, 2, weighted=True)
    seen: dict[str, Any] = {}

    def of_prediction(label, prediction, *, weight=None, unknown=3):
        seen["prediction"] = (label, prediction, weight, unknown)
        return 0.5

    def of_probabilities(y_true, probabilities):
        seen["probabilities"] = (y_true, probabilities)
        return np.float32(0.25)

    def of_score(label, y_score):
        seen["score"] = (label, y_score)
        return 1

    for function in (of_prediction, of_probabilities, of_score):
        value(world.ev, function)
    kept = np.asarray([label is not None for label in world.label])
    label, prediction, weight, unknown = seen["prediction"]
    assert label.tolist() == world.label[kept].tolist()
    assert prediction.tolist() == world.prediction[kept].tolist()
    assert weight.tolist() == world.weight[kept].tolist()
    assert unknown == 3
    probable = kept & ~np.isnan(world.probabilities[:, 0])
    label, probabilities = seen["probabilities"]
    assert label.tolist() == world.label[probable].tolist()
    assert probabilities.tolist() == world.probabilities[probable].tolist()
    assert seen["score"][1].tolist() == world.probabilities[probable, 1].tolist()
    assert "unweighted: it takes no weight" in asked(world.ev, of_probabilities).measure.method
    assert "unweighted" not in asked(world.ev, of_prediction).measure.method


def test_labels_have_the_type_that_they_were_given_in():
    for values in ([0, 1], [False, True], ["a", "b"], [0.5, 1.5], [(1, 2), (3, 4)]):
        table = np.empty(40, dtype=object)
        table[:] = values * 20
        seen = []
        ev = od.Evaluation({"label": table, "prediction": table})
        value(ev, lambda label, prediction, seen=seen: seen.append((label, prediction)) or 1.0)
        assert seen[0][0].tolist() == table.tolist()
        assert (
            seen[0][0].dtype.kind == {int: "i", bool: "b", str: "U", float: "f", tuple: "O"}[type(values[0])]
        )


@pytest.mark.parametrize(
    ("function", "options"),
    [
        (metrics.log_loss, {}),
        (metrics.roc_auc_score, {}),
        (metrics.average_precision_score, {"pos_label": "k1"}),
        (metrics.brier_score_loss, {"pos_label": "k1"}),
        (metrics.accuracy_score, {}),
        (metrics.f1_score, {"pos_label": "k1"}),
        (metrics.cohen_kappa_score, {}),
        (metrics.fbeta_score, {"pos_label": "k1", "beta": 2}),
    ],
)
def test_functions_of_scikit_learn_are_taken_as_they_are(function, options):
    world = World(9, 2, holes=False)
    y, p, q, _ = world.judged(probable=True)
    sorts = function is metrics.log_loss
    scores = function in (metrics.roc_auc_score, metrics.average_precision_score, metrics.brier_score_loss)
    wanted = function(y, q if sorts else q[:, 1] if scores else p, **options)
    given = functools.partial(function, beta=2) if "beta" in options else function
    assert value(world.ev, {"x": given} if "beta" in options else given) == pytest.approx(wanted)


def test_what_fails_is_told_in_its_row_and_the_rest_goes_on():
    def fails(label, prediction):
        raise KeyError("refund")

    ev = World(1, 2).ev
    frame = ev.measures("kappa", fails).to_frame()
    assert frame["value"].notna().tolist() == [True, False]
    assert frame["why"].tolist()[1] == "KeyError: 'refund'"
    assert "not a number" in asked(ev, {"x": lambda label, prediction: "high"}).why
    assert "it gives an array" in asked(ev, {"y": lambda label, prediction: np.ones(3)}).why
    assert "nan" in asked(ev, {"z": lambda label, prediction: float("nan")}).why
    assert "infinite" in asked(ev, {"i": lambda label, prediction: float("inf")}).why
    with pytest.raises(MeasureError, match="'fails' failed: KeyError: 'refund'"):
        ev.measure(fails)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("kapa", "did you mean 'kappa'?"),
        ("balanced acuracy", "did you mean 'balanced accuracy'?"),
        ("jaccard_wieghted", "did you mean 'jaccard_weighted'?"),
        (3, "measures= takes names, scorers of scikit-learn and functions"),
        (lambda a, b: 1, "it is not known what to give for its parameter 'a'"),
        (lambda label: 1, "a measure compares labels with predictions, but it takes label"),
        (int, "measures= takes names"),
    ],
)
def test_what_is_no_measure_says_what_would_be(given, text):
    with pytest.raises(MeasureError) as caught:
        od.Evaluation({"label": ["a", "b"] * 20, "prediction": ["a", "a"] * 20}, measures=[given])
    assert text in str(caught.value)


def test_two_of_one_name_are_refused_and_a_dict_names_them():
    table = {"label": ["a", "b"] * 20, "prediction": ["a", "a"] * 20}
    one, two = (lambda label, prediction: 1.0), (lambda label, prediction: 2.0)
    with pytest.raises(MeasureError, match="two measures are called 'lambda'"):
        od.Evaluation(table, measures=[one, two])
    ev = od.Evaluation(table, measures={"one": one, "two": two, "Cohen": "kappa"})
    assert ev.measures().to_frame()["measure"].tolist() == ["one", "two", "Cohen"]


def test_a_regression_takes_functions_and_scorers_and_says_that_names_are_about_classes():
    rng = np.random.default_rng(0)
    label = rng.normal(size=100)
    prediction = label + rng.normal(size=100)
    ev = od.Evaluation({"label": label, "prediction": prediction}, task="regression")
    assert value(ev, metrics.get_scorer("r2")) == pytest.approx(metrics.r2_score(label, prediction))
    assert value(ev, metrics.mean_absolute_error) == pytest.approx(np.abs(label - prediction).mean())
    assert asked(ev, "kappa").why == "labels and predictions are no classes"


@pytest.mark.parametrize("weighted", [False, True])
def test_names_of_a_regression_are_measures_of_amounts(weighted):
    rng = np.random.default_rng(1)
    label, w = rng.gamma(2, 10, 200), rng.gamma(1, 1, 200) if weighted else None
    prediction, long = label + rng.normal(1, 4, 200), rng.random(200) < 0.3
    table = {"label": label, "prediction": prediction}
    ev = od.Evaluation(table, task="regression", weight=w).slice("long", long)
    ev.selection.where(slice="long")
    found = ev.measures().to_frame().set_index(["measure", "rows"])
    assert found.index.unique("measure").tolist() == ["MAE", "RMSE", "R²", "bias"]
    for rows, kept in (("all", np.full(200, True)), ("selected", long)):
        own = label[kept], prediction[kept]
        weights = None if w is None else w[kept]
        expected = {
            "MAE": metrics.mean_absolute_error(*own, sample_weight=weights),
            "RMSE": metrics.root_mean_squared_error(*own, sample_weight=weights),
            "R²": metrics.r2_score(*own, sample_weight=weights),
            "bias": np.average(own[1] - own[0], weights=weights),
        }
        for name, value in expected.items():
            assert found.loc[(name, rows), "value"] == pytest.approx(value)
            assert found.loc[(name, rows), "value_low"] < value < found.loc[(name, rows), "value_high"]
    classes = od.Evaluation({"label": ["a", "b"] * 20, "prediction": ["a", "a"] * 20})
    assert asked(classes, "RMSE").why == "labels and predictions are classes, not amounts"


def test_a_dataset_takes_them_for_the_model():
    dataset = od.Dataset({"label": ["a", "b"] * 20}, label="label")
    ev = dataset.evaluate(["a", "a"] * 20, measures="kappa")
    assert ev.measures().to_frame()["measure"].tolist() == ["kappa"]
