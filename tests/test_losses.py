"""A regression, and any loss per row: what a user sees and selects."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import stats
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

import offdiagonal as od
from offdiagonal.errors import LabelError, OffdiagonalError, SelectionError


def prices(n: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    price = np.exp(rng.normal(4, 0.8, n)).round(2)
    source = rng.choice(["web", "phone", "shop"], n)
    predicted = price * np.exp(rng.normal(0, 0.15, n)) * np.where(source == "shop", 1.3, 1.0)
    return pd.DataFrame(
        {"price": price, "predicted": predicted, "source": source, "age": rng.integers(0, 80, n)}
    )


def evaluate(frame: pd.DataFrame | None = None, **options) -> od.Evaluation:
    frame = prices() if frame is None else frame
    return od.Evaluation(frame, label="price", prediction="predicted", name="prices", **options)


def same(ev, other) -> bool:
    """Whether two Evaluations measure the same."""
    a, b = scores(ev), scores(other)
    return a.keys() == b.keys() and all(a[name] == pytest.approx(b[name]) for name in a)


def scores(ev, rows: str = "all") -> dict[str, tuple[float, float, float]]:
    frame = ev.to_frame()
    own = frame[frame["rows"] == rows]
    names = ["value", "value_low", "value_high"]
    return {row["measure"]: tuple(row[name] for name in names) for _, row in own.iterrows()}


class TestRegression:
    def test_is_seen_from_the_values(self):
        ev = evaluate()
        assert list(scores(ev)) == ["MAE", "RMSE", "R²", "bias"]
        assert evaluate(task="regression").to_frame().equals(ev.to_frame())

    def test_measures_are_those_of_scikit_learn_for_all_rows_and_the_selection(self):
        frame, ev = prices(), evaluate()
        ev.selection.where(columns={"source": "shop"})
        for rows, own in (("all", frame), ("selected", frame[frame["source"] == "shop"])):
            y, p = own["price"], own["predicted"]
            found = {name: value for name, (value, _, _) in scores(ev, rows).items()}
            assert found["MAE"] == pytest.approx(mean_absolute_error(y, p))
            assert found["RMSE"] == pytest.approx(root_mean_squared_error(y, p))
            assert found["R²"] == pytest.approx(r2_score(y, p))
            assert found["bias"] == pytest.approx((p - y).mean())
            low, high = scores(ev, rows)["MAE"][1:]
            assert (low, high) == pytest.approx(stats.ttest_1samp(abs(p - y), 0).confidence_interval())

    def test_slices_compare_the_mean_absolute_error_with_the_rest(self):
        frame, ev = prices(), evaluate()
        found = ev.slices().to_frame().set_index("slice").loc["source = shop"]
        error = (frame["predicted"] - frame["price"]).abs()
        inside = frame["source"] == "shop"
        expected = stats.ttest_ind(error[inside], error[~inside], equal_var=False).confidence_interval()
        assert found["loss"] == pytest.approx(error[inside].mean())
        assert (found["difference_low"], found["difference_high"]) == pytest.approx(tuple(expected))

    def test_no_slice_is_made_of_label_prediction_and_residual(self):
        assert set(evaluate().slices().to_frame()["field"]) == {"source", "age"}

    def test_matrix_sets_label_bins_against_prediction_bins_of_the_same_edges(self):
        ev = evaluate()
        cells = ev.confusion().to_frame()
        assert list(cells.columns[:2]) == ["price", "predicted"]
        assert set(cells["price"]) == set(cells["predicted"])
        assert cells["n"].sum() == 600

    def test_residuals_are_drawn_and_selected_by(self):
        frame, ev = prices(), evaluate()
        bins = ev.losses().to_frame()
        assert bins["n"].sum() == 600
        assert 0.0 in set(bins["low"])
        assert (bins["low"] < bins["high"]).all()
        residual = frame["predicted"] - frame["price"]
        ev.selection.where(columns={"residual": (20, 40)})
        assert ev.selection.indices.tolist() == np.flatnonzero((residual >= 20) & (residual < 40)).tolist()

    def test_rows_come_back_without_the_residual(self):
        ev = evaluate()
        assert list(ev.selection.frame().columns) == list(prices().columns)
        assert isinstance(evaluate(pl.from_pandas(prices())).selection.frame(), pl.DataFrame)

    def test_examples_begin_with_the_largest_error(self):
        frame, ev = prices(), evaluate()
        largest = (frame["predicted"] - frame["price"]).abs().idxmax()
        assert ev.examples().to_frame().index[0] == largest

    def test_nothing_is_right_or_wrong(self):
        with pytest.raises(SelectionError, match="none is right or wrong; select by their columns"):
            evaluate().selection.where(correct=False)

    def test_selection_as_python(self):
        ev = evaluate()
        ev.selection.where(columns={"price": (20, 60), "source": ["web", "shop"]})
        before = ev.selection.indices.tolist()
        code = ev.selection.code("ev")
        ev.selection.clear()
        eval(code, {"ev": ev})
        assert ev.selection.indices.tolist() == before

    def test_arrays_in_place_of_columns(self):
        frame = prices()
        ev = od.Evaluation.from_predictions(frame["price"], frame["predicted"], data=frame[["source"]])
        assert same(ev, evaluate())
        bare = od.Evaluation.from_predictions(frame["price"].to_numpy(), frame["predicted"].to_numpy())
        assert same(bare, evaluate())

    def test_a_regressor(self):
        frame = prices()
        model = LinearRegression().fit(frame[["age"]], frame["price"])
        ev = od.Evaluation.from_estimator(model, frame[["age"]], frame["price"])
        assert scores(ev)["R²"][0] == pytest.approx(r2_score(frame["price"], model.predict(frame[["age"]])))

    def test_a_dataset_of_amounts_gets_a_regression(self):
        frame = prices()
        dataset = od.Dataset(frame.drop(columns="predicted"), label="price")
        dataset.slice("shop", {"columns": {"source": "shop"}})
        ev = dataset.evaluate(frame["predicted"].to_numpy())
        assert same(ev, evaluate())
        assert "shop" in set(ev.slices().to_frame()["slice"])

    def test_rows_without_a_finite_label_or_prediction_are_in_no_mean(self):
        frame = prices()
        frame.loc[[3, 5], "price"], frame.loc[7, "predicted"] = np.nan, np.inf
        ev = evaluate(frame)
        assert (
            "3 of 600 rows have no finite label or prediction: they are shown, and are in no mean" in ev.notes
        )
        known = frame.drop(index=[3, 5, 7])
        assert scores(ev)["MAE"][0] == pytest.approx(mean_absolute_error(known["price"], known["predicted"]))
        assert len(ev) == 600

    @pytest.mark.parametrize("n", [0, 1, 9])
    def test_few_rows(self, n: int):
        ev = evaluate(prices().head(n), task="regression")
        assert np.isnan(ev.to_frame()["value"]).all()
        assert "prices" in repr(ev)

    def test_one_value_on_both_sides(self):
        frame = pd.DataFrame({"price": np.full(30, 2.5), "predicted": np.full(30, 3.5)})
        ev = evaluate(frame, task="regression")
        assert scores(ev)["MAE"][0] == 1
        assert "R²" not in scores(ev)

    def test_a_residual_column_of_the_users_own_stays(self):
        ev = evaluate(prices().assign(residual="mine"))
        names = [column.name for column in ev._engine.meta.columns]
        assert {"residual", "residual (2)"} <= set(names)

    @pytest.mark.parametrize("options", [{"positive": 1}, {"classes": [1, 2]}, {"scores": "age"}])
    def test_what_belongs_to_classes_is_refused(self, options):
        with pytest.raises(OffdiagonalError, match=f"{next(iter(options))}= is about classes"):
            evaluate(task="regression", **options)

    def test_what_are_no_numbers(self):
        with pytest.raises(LabelError, match="a regression needs numbers, but the predictions hold '"):
            od.Evaluation(prices(), label="price", prediction="source", task="regression")
        with pytest.raises(OffdiagonalError, match="task='ranking' is none; there is"):
            evaluate(task="ranking")


@pytest.mark.parametrize(
    ("label", "prediction", "regression"),
    [
        (np.arange(600) / 7, np.arange(600) / 8, True),
        (np.array([1.5, 2.0, 3.0]), np.array([1.1, 2.2, 3.3]), True),
        (np.arange(2_000), np.arange(2_000) + 1, True),
        (np.arange(30) % 9 / 2, np.arange(30) % 7 / 2, False),
        (np.arange(300) % 40, np.arange(300) % 41, False),
        (np.array(["a", "b", "a"]), np.array(["a", "a", "a"]), False),
    ],
    ids=["fractions", "few, none shared", "many whole numbers", "half stars", "whole numbers", "texts"],
)
def test_amounts_are_told_from_classes(label, prediction, regression):
    ev = od.Evaluation.from_predictions(label, prediction)
    assert (ev.to_frame()["measure"][0] == "MAE") is regression


class TestLoss:
    frame = prices().assign(loss=np.random.default_rng(1).gamma(2, 1, 600))

    def test_slices_header_and_examples_are_by_it(self):
        ev = od.Evaluation(self.frame, loss="loss")
        assert list(scores(ev)) == ["mean loss"]
        assert scores(ev)["mean loss"][0] == pytest.approx(self.frame["loss"].mean())
        assert ev.examples().to_frame().index[0] == self.frame["loss"].idxmax()
        slices = ev.slices().to_frame().set_index("slice")
        assert slices.loc["source = web", "loss"] == pytest.approx(
            self.frame.loc[self.frame["source"] == "web", "loss"].mean()
        )

    def test_a_function_and_an_array_say_the_same_as_a_column(self):
        named = od.Evaluation(self.frame, loss="loss")
        given = od.Evaluation(self.frame.drop(columns="loss"), loss=self.frame["loss"].to_numpy())
        made = od.Evaluation(self.frame, loss=lambda frame: frame["loss"])
        assert same(given, named)
        assert same(made, named)

    def test_beside_classes_these_are_judged_too(self):
        frame = self.frame.assign(label=["a", "b"] * 300, prediction=["a", "b", "b", "b"] * 150)
        ev = od.Evaluation(frame, loss="loss")
        assert list(scores(ev)) == ["mean loss", "accuracy", "precision", "recall", "F1"]
        assert len(ev.selection.where(correct=False)) == 150
        assert ev.confusion().to_frame()["n"].sum() == 600

    def test_missing_losses_are_in_no_mean(self):
        frame = self.frame.copy()
        frame.loc[::10, "loss"] = np.nan
        ev = od.Evaluation(frame, loss="loss")
        assert scores(ev)["mean loss"][0] == pytest.approx(frame["loss"].mean())
        assert ev.notes == ("60 of 600 rows have no known loss: they are shown, and are in no mean",)

    def test_what_is_no_loss(self):
        with pytest.raises(OffdiagonalError, match="loss= must be numbers"):
            od.Evaluation(self.frame, loss="source")
        with pytest.raises(OffdiagonalError, match="loss= is infinite in 1 of 600 rows, so it has no mean"):
            od.Evaluation(self.frame.assign(loss=[np.inf, *range(599)]), loss="loss")
        with pytest.raises(OffdiagonalError, match="is the loss and cannot be private"):
            od.Evaluation(self.frame, loss="loss", private=["loss"])

    def test_views_that_need_classes_say_so(self):
        ev = od.Evaluation(self.frame, loss="loss")
        with pytest.raises(OffdiagonalError, match="no labels and predictions to set against each other"):
            ev.confusion()
        with pytest.raises(OffdiagonalError, match="so there is no loss; name one: loss="):
            od.Evaluation({"label": ["a", "b"], "prediction": ["a", "a"]}).losses()


class TestWeights:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "label": rng.choice(["ham", "spam"], 400),
            "prediction": rng.choice(["ham", "spam"], 400),
            "source": rng.choice(["web", "phone"], 400),
            "w": rng.gamma(1, 1, 400),
        }
    )

    def test_rates_are_weighted_and_n_stays_n(self):
        ev = od.Evaluation(self.frame, weight="w")
        right = (self.frame["label"] == self.frame["prediction"]).to_numpy()
        accuracy = ev.to_frame().iloc[0]
        assert accuracy["value"] == pytest.approx(np.average(right, weights=self.frame["w"]))
        assert accuracy["n"] == 400
        web = (self.frame["source"] == "web").to_numpy()
        row = ev.slices().to_frame().set_index("slice").loc["source = web"]
        assert row["error"] == pytest.approx(np.average(~right[web], weights=self.frame["w"][web]))
        assert row["n"] == web.sum()

    def test_the_matrix_counts_rows_and_weighs_its_rates(self):
        ev = od.Evaluation(self.frame, weight="w")
        assert ev.confusion().to_frame()["n"].sum() == 400
        top = re.search(
            r"Top confusions, label → predicted: (\w+) → (\w+) ([\d,]+) \(([\d.]+) % of (\d+)", repr(ev)
        )
        label, prediction, n, share, of = top.groups()
        own = self.frame[self.frame["label"] == label]
        wrong = own["prediction"] == prediction
        assert (int(n), int(of)) == (wrong.sum(), len(own))
        assert float(share) == pytest.approx(100 * np.average(wrong, weights=own["w"]), abs=0.05)

    def test_weights_of_one_are_as_none(self):
        plain = od.Evaluation(self.frame.drop(columns="w"))
        equal = od.Evaluation(self.frame.drop(columns="w"), weight=np.ones(400))
        names = ["value", "value_low", "value_high", "n"]
        pd.testing.assert_frame_equal(plain.to_frame()[names], equal.to_frame()[names])
        for view in ("slices", "confusion"):
            a, b = (getattr(ev, view)().to_frame().select_dtypes("number") for ev in (plain, equal))
            pd.testing.assert_frame_equal(a, b)

    def test_a_row_twice_is_a_row_of_weight_two(self):
        twice = pd.concat([self.frame, self.frame.head(100)])
        weight = np.where(np.arange(400) < 100, 2.0, 1.0)
        values = [
            od.Evaluation(self.frame.drop(columns="w"), weight=weight).to_frame()["value"],
            od.Evaluation(twice.drop(columns="w")).to_frame()["value"],
        ]
        assert values[0].tolist() == pytest.approx(values[1].tolist())

    def test_a_weighted_regression(self):
        frame = prices()
        w = np.random.default_rng(3).gamma(1, 1, 600)
        ev = evaluate(frame, weight=w)
        expected = mean_absolute_error(frame["price"], frame["predicted"], sample_weight=w)
        assert scores(ev)["MAE"][0] == pytest.approx(expected)

    @pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
    def test_what_is_no_weight(self, wrong):
        w = np.ones(400)
        w[7] = wrong
        with pytest.raises(
            OffdiagonalError, match=rf"weight= must be 0 or more in every row, but is {wrong} in row 7"
        ):
            od.Evaluation(self.frame, weight=w)


@pytest.mark.parametrize("make", [evaluate, lambda: od.Evaluation(TestLoss.frame, loss="loss")])
def test_saved_and_still_forms(make, tmp_path):
    ev = make()
    html = ev._repr_html_()
    assert "Worst slices" in html
    assert "Largest errors" in html
    assert len(html) < 300 * 1024
    assert re.search(r"Worst slices, mean [\w ]+ and difference to the rest: ", repr(ev))
    json.dumps(ev.to_altair().to_dict())
    for name in ("a.html", "a.png", "a.svg"):
        ev.save(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 5_000
    assert ev.losses().to_altair() is not None
