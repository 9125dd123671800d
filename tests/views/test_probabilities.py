"""Confidence and calibration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from offdiagonal.stats.calibration import corp
from offdiagonal.views.calibration import TOP, CalibrationSpec, calibration
from offdiagonal.views.confidence import confidence
from tests.views.fakes import ArrayTables, make_tables


class TestConfidence:
    """The histogram."""

    def test_twenty_bins_hold_every_row(self) -> None:
        values = np.asarray([0.0, 0.04, 0.05, 0.5, 0.949, 0.95, 1.0])
        spec = confidence(
            make_tables(
                [0, 0, 0, 0, 0, 1, 2], [0, 1, 0, 0, 0, 0, 0], list("abm"), confidence=values, missing=2
            )
        )
        assert spec.edges.tolist() == pytest.approx([i / 20 for i in range(21)])
        assert (spec.right[0], spec.wrong[0], spec.right[1]) == (1, 1, 1)
        assert (spec.right[18], spec.wrong[19], spec.not_judged[19]) == (1, 1, 1)
        assert spec.n == 7

    def test_own_clause_is_left_out(self) -> None:
        values = np.linspace(0, 1, 100)
        kept = {"confidence": values > 0.5, "cell": np.arange(100) % 2 == 0}
        spec = confidence(make_tables(np.zeros(100), np.zeros(100), ["a"], confidence=values, kept=kept))
        assert spec.n == 50

    def test_row_without_a_probability(self) -> None:
        values = np.asarray([0.5, np.nan, 0.9])
        tables = make_tables(np.zeros(3), np.zeros(3), ["a"], confidence=values)
        assert confidence(tables).n == 2
        assert confidence(tables).without == 1
        assert calibration(tables).curves[0].result.n == 2

    def test_without_probabilities(self) -> None:
        spec = confidence(make_tables([0], [0], ["a"]))
        assert spec.why == "no probabilities were given"
        assert spec.n == 0

    def test_frame(self, spam: ArrayTables) -> None:
        frame = confidence(spam).frame()
        assert frame["wrong"].sum() + frame["right"].sum() == 4000
        assert frame["low"][0] == 0
        assert frame["high"][-1] == 1


class TestCalibration:
    """Reliability curves."""

    def test_predicted_class(self, cs229: ArrayTables) -> None:
        counts = cs229.tabulate(["confidence", "outcome"])[:200]
        (curve,) = calibration(cs229).curves
        assert curve.of == TOP
        assert curve.result == corp(counts.sum(axis=1), counts[:, 1])

    def test_positive_class(self) -> None:
        """Its score is the confidence where it is predicted, else one minus the confidence."""
        p = np.asarray([0.9025, 0.0975, 0.3025, 0.6975] * 5)
        label = np.asarray([1, 0, 1, 1] * 5)
        prediction = (p > 0.5).astype(int)
        tables = make_tables(
            label, prediction, ["ham", "spam"], confidence=np.where(prediction == 1, p, 1 - p), positive=1
        )
        rows, events = np.zeros(200, int), np.zeros(200, int)
        np.add.at(rows, (p * 200).astype(int), 1)
        np.add.at(events, (p * 200).astype(int), label)
        top, spam = calibration(tables).curves
        assert spam.of == "spam"
        assert spam.result == corp(rows, events)
        assert top.result.n == 20

    def test_rows_without_label_or_prediction(self) -> None:
        label, prediction = np.asarray([0, 1, 2, 1] * 10), np.asarray([0, 1, 1, 2] * 10)
        tables = make_tables(
            label, prediction, ["a", "b", "(missing)"], confidence=np.full(40, 0.7), missing=2, positive=1
        )
        top, positive = calibration(tables).curves
        assert (top.result.n, positive.result.n) == (30, 20)

    def test_calibrated_model(self, spam: ArrayTables) -> None:
        for curve in calibration(spam).curves:
            assert curve.result.mcb is not None
            assert curve.result.mcb_95 is not None
            assert curve.result.mcb < 2 * curve.result.mcb_95

    def test_too_few(self) -> None:
        tables = make_tables([0] * 5, [0] * 5, ["a"], confidence=np.full(5, 0.9))
        assert calibration(tables).curves[0].result.mcb is None
        assert calibration(tables).frame()["rate"].tolist() == []

    def test_without_probabilities(self) -> None:
        spec = calibration(make_tables([0], [0], ["a"]))
        assert spec.curves == ()
        assert spec.why == "no probabilities were given"
        assert spec.frame()["score"].tolist() == []

    def test_frame(self, spam: ArrayTables) -> None:
        frame = calibration(spam).frame()
        assert set(frame["of"]) == {TOP, "spam"}
        assert (np.diff(frame["rate"][np.asarray(frame["of"]) == TOP]) >= 0).all()
        assert (frame["low"] <= frame["high"]).all()
        assert frame["n"].sum() == 8000


def test_cells_chosen_by_label_leave_the_curve_as_it_is() -> None:
    """Of the errors alone, or of one label, no share of right ones is meant; of one prediction it is."""
    random = np.random.default_rng(0)
    confidence = 0.5 + random.random(400) / 2
    prediction = random.integers(0, 2, 400)
    label = np.where(random.random(400) < confidence, prediction, 1 - prediction)

    def spec_of(kept: dict[str, Any]) -> CalibrationSpec:
        return calibration(
            make_tables(label, prediction, ["a", "b"], confidence=confidence, positive=1, kept=kept)
        )

    whole = spec_of({})
    assert not whole.all_cells
    for cells in (label != prediction, label == 1, (label == 0) & (prediction == 1)):
        found = spec_of({"cell": cells})
        assert found.all_cells
        assert found.curves == whole.curves
    predicted = spec_of({"cell": prediction == 1})
    assert not predicted.all_cells
    assert predicted.curves[0].result.n == int((prediction == 1).sum())
