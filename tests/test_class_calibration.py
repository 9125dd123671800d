"""Calibration class-wise: one class's probability, and how often it is the label."""

from __future__ import annotations

import base64
import gzip
import json

import numpy as np
import pandas as pd
import pytest

import offdiagonal as od
from offdiagonal.display import still
from offdiagonal.display.examples import SavedRows
from offdiagonal.display.saved import snapshot
from offdiagonal.errors import SelectionError
from offdiagonal.stats.calibration import corp
from tests.browser.gallery import four
from tests.test_session import FakePeer
from tests.test_wire import unpack


def odd(n: int = 600, classes: str = "abc", seed: int = 3) -> tuple[pd.DataFrame, np.ndarray, od.Evaluation]:
    """Labels, predictions and probabilities with holes, as one meets them."""
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(len(classes)), n)
    label = np.asarray(list(classes), dtype=object)[
        [rng.choice(len(classes), p=row) for row in probabilities]
    ]
    predicted = np.asarray(list(classes), dtype=object)[probabilities.argmax(axis=1)]
    label[::17], predicted[::23] = None, None
    probabilities[::29] = np.nan
    frame = pd.DataFrame({"label": label, "prediction": predicted, "half": np.arange(n) % 2})
    return frame, probabilities, od.Evaluation(frame, probabilities=probabilities, classes=list(classes))


def by_hand(rows: pd.DataFrame, probability: np.ndarray, name: str):
    """The curve of a class, row by row."""
    n, k = [0] * 200, [0] * 200
    for label, p in zip(rows["label"], probability, strict=True):
        if pd.isna(label) or pd.isna(p):
            continue
        place = next(i for i in range(200) if p < (i + 1) / 200 or i == 199)
        n[place] += 1
        k[place] += label == name
    return corp(n, k)


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_a_class_of_many_is_counted_row_by_row(name):
    frame, probabilities, ev = odd()
    found = ev.calibration(of=name).to_frame()
    result = by_hand(frame, probabilities[:, "abc".index(name)], name)
    assert set(found["of"]) == {name}
    assert found["n"].tolist() == list(result.rows)
    assert found["rate"].tolist() == list(result.curve)
    assert found["low"].tolist() == list(result.low)


def test_it_follows_the_selection_but_not_labels_that_were_chosen():
    frame, probabilities, ev = odd()
    ev.selection.where(columns={"half": 1})
    kept = (frame["half"] == 1).to_numpy()
    result = by_hand(frame[kept], probabilities[kept, 1], "b")
    assert ev.calibration(of="b").to_frame()["rate"].tolist() == list(result.curve)
    ev.selection.clear().where(label="b")
    result = by_hand(frame, probabilities[:, 1], "b")
    assert ev.calibration(of="b").to_frame()["rate"].tolist() == list(result.curve)


def test_the_live_view_is_answered_with_the_same_counts():
    frame, probabilities, ev = odd()
    peer = FakePeer()
    ev._session.join(peer)
    ev._session.receive(peer, {"type": "count", "by": ["p1"], "clauses": []})
    data = peer.told[-1][1][0]
    start = 8 + int.from_bytes(data[:8], "little")
    kind, offset, size = json.loads(data[8:start])["tiles"][0]["arrays"][0]
    bins = np.frombuffer(data, kind.removesuffix("Array").lower(), size, start + offset)[:400].reshape(200, 2)
    result = by_hand(frame, probabilities[:, 1], "b")
    assert corp(bins.sum(axis=1), bins[:, 1]) == result
    for by in (["p3"], ["p"], ["p-1"], ["p1", "label"], ["p\u0661"], ["p1", "p2"]):
        ev._session.receive(peer, {"type": "count", "by": by, "clauses": []})
        assert peer.last()["type"] == "error"


def test_of_two_classes_either_can_be_asked_for():
    ev = od.Evaluation(
        {
            "label": ["ham", "spam"] * 40,
            "prediction": ["ham", "spam", "ham", "ham"] * 20,
            "p": [0.2, 0.9, 0.4, 0.3] * 20,
        },
        probabilities="p",
    )
    assert set(ev.calibration().to_frame()["of"]) == {"predicted class", "spam"}
    ham, spam = ev.calibration(of="ham").to_frame(), ev.calibration(of="spam").to_frame()
    assert ham["score"].tolist() == pytest.approx((1 - spam["score"][::-1]).tolist())
    assert ham["n"].tolist() == spam["n"][::-1].tolist()


def test_an_unknown_class_and_the_missing_one_are_refused():
    _, _, ev = odd()
    with pytest.raises(SelectionError, match="class 'd' not found"):
        ev.calibration(of="d")
    with pytest.raises(SelectionError, match="is no class"):
        ev.calibration(of=float("nan"))


@pytest.mark.parametrize(("budget", "kept"), [(200_000, ["p0", "p1", "p2", "p3"]), (1_000, [])])
def test_few_classes_are_saved_where_there_is_room(budget, kept):
    ev = four()
    session, views = ev._session, ("calibration",)
    tiles = still.class_tiles(session, views, {})
    assert still.class_tiles(session, ("confusion",), {}) == []
    rows = SavedRows()
    found = snapshot(session.engine, rows, ev._policy, budget, (), "ev", (), tiles)
    header, _ = unpack(gzip.decompress(base64.b64decode(found.base64)))
    assert [
        tile["dims"][0]
        for tile in header["tiles"]
        if tile["dims"][0][1:].isdigit() and tile["dims"][0][0] == "p"
    ] == kept


def test_the_picture_and_the_text_are_of_the_class():
    _, _, ev = odd()
    view = ev.calibration(of="b")
    assert "Calibration of b" in str(view.to_altair().to_dict())
    assert "Calibration of b" not in str(ev.calibration().to_altair().to_dict())
