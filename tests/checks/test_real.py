"""On each real data set: every planted fault is found, and nothing in sound predictions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import offdiagonal as od
from tests.checks import real


@pytest.mark.parametrize("name", real.NAMES)
def test_planted_faults_are_found_and_nothing_else(name: str, shared_data: Callable[[str], Path]) -> None:
    sound = real.load(name, None if name in real.PACKAGED else shared_data(name))
    assert kinds(sound.evaluation()) == []
    assert kinds(sound.shuffled().evaluation()) == []
    for kind, plant in real.PLANTED.items():
        two = kind == "class-never-predicted" and len(sound.classes) == 2
        expected = ["constant-prediction" if two else kind]
        assert kinds(plant(sound).evaluation()) == expected, f"{kind} planted in {name}"


def test_a_labelled_expert_is_sound(shared_data: Callable[[str], Path]) -> None:
    frame = pd.read_csv(shared_data("modeldata/pathology.csv.gz"))
    assert kinds(od.Evaluation(frame, label="pathology", prediction="scan")) == []


def test_a_thousand_classes_are_sound(shared_data: Callable[[str], Path]) -> None:
    held = np.load(shared_data("label_errors/imagenet_val_set.npz"))
    label, prediction = held["labels"].astype(int), held["pred"].astype(int)
    found = list(od.Evaluation.from_predictions(label, prediction).findings())
    assert [finding.kind for finding in found if finding.kind != "class-never-predicted"] == []
    never = np.setdiff1d(label, prediction)
    assert len(found) == (len(never) > 0)


def test_a_stream_in_time_order_is_sound_and_a_moved_one_is_found(shared_data: Callable[[str], Path]) -> None:
    frame = pd.read_csv(shared_data("drift_streams/elec.csv.gz"))
    sound = real.of_table(frame.iloc[:8000].reset_index(drop=True), "class")
    assert kinds(sound.evaluation()) == []
    late = np.roll(sound.prediction, 6)
    assert kinds(od.Evaluation.from_predictions(sound.label, late)) == ["rows-shifted"]


def test_a_misspelt_label_is_found(shared_data: Callable[[str], Path]) -> None:
    sound = real.load("intents/clinc150.csv.gz", shared_data("intents/clinc150.csv.gz"))
    label = sound.label.copy()
    rows = np.flatnonzero(label == "translate")[:5]
    label[rows] = "transalte"
    (finding,) = od.Evaluation.from_predictions(label, sound.prediction).findings()
    assert finding.title == "'transalte' may be 'translate' mistyped: it is among the labels only"


def kinds(ev: od.Evaluation) -> list[str]:
    """What kinds of faults are found."""
    return [finding.kind for finding in ev.findings()]
