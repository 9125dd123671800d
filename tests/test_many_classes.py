"""More classes than a grid has room for: the pairs that occur are counted, listed and saved, and nothing is squared."""

from __future__ import annotations

import base64
import gzip
import json
import re
import tracemalloc
from collections import Counter
from typing import Any

import numpy as np
import pytest

import offdiagonal as od
from offdiagonal.display.confused import confused
from offdiagonal.display.tables import SelectedTables
from offdiagonal.errors import LabelError
from offdiagonal.stats.cells import Cells
from offdiagonal.stats.classification import accuracy, macro_f1
from offdiagonal.stats.intervals import wilson
from offdiagonal.stats.measure import Measure
from offdiagonal.stats.weighted import rows_at, share
from offdiagonal.views.pairs import PairsSpec, pairs

CLASSES = 2_000


def table(k: int = CLASSES, n: int = 12_000, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    weight = 1 / (np.arange(k) + 5.0)
    label = rng.choice(k, n, p=weight / weight.sum())
    predicted = np.where(rng.random(n) < 0.25, (label + rng.integers(1, 9, n)) % k, label)
    names = np.asarray([f"class {i:05d}" for i in range(k)], dtype=object)
    return {
        "label": names[label],
        "prediction": names[predicted],
        "source": rng.choice(["shop", "web", "import"], n),
    }


@pytest.fixture(scope="module")
def given() -> dict[str, Any]:
    return table()


@pytest.fixture
def ev(given: dict[str, Any]) -> od.Evaluation:
    return od.Evaluation(given, classes=sorted({f"class {i:05d}" for i in range(CLASSES)}), name="many")


def naive(given: dict[str, Any], kept: Any = None) -> Counter[tuple[str, str]]:
    sides = zip(given["label"], given["prediction"], strict=True)
    return Counter(pair for i, pair in enumerate(sides) if kept is None or kept[i])


def listed(ev: od.Evaluation) -> dict[tuple[str, str], int]:
    frame = ev.confusion().to_frame()
    return {(a, b): int(n) for a, b, n in zip(frame["label"], frame["prediction"], frame["n"], strict=True)}


class Peer:
    """A view that keeps what it is sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []

    def send(self, content: Any, buffers: Any = None) -> None:
        self.sent.append((content, list(buffers or [])))

    def ask(self, ev: od.Evaluation, **content: Any) -> tuple[dict[str, Any], list[bytes]]:
        ev._session.receive(self, {"request": 1, **content})
        return self.sent[-1]


def test_the_cells_are_those_of_a_naive_count(ev: od.Evaluation, given: dict[str, Any]):
    assert listed(ev) == naive(given)
    ev.selection.where(columns={"source": "web"})
    assert listed(ev) == naive(given, given["source"] == "web")
    assert sum(listed(ev).values()) == (given["source"] == "web").sum()


def test_cells_rows_columns_and_outcomes_select_their_rows(ev: od.Evaluation, given: dict[str, Any]):
    label, prediction = given["label"], given["prediction"]
    (a, b), n = max(((pair, n) for pair, n in naive(given).items() if pair[0] != pair[1]), key=lambda x: x[1])
    wanted = [
        ({"label": a, "prediction": b}, (label == a) & (prediction == b)),
        ({"label": a}, label == a),
        ({"prediction": b}, prediction == b),
        ({"cells": [(a, b), (b, ...)]}, ((label == a) & (prediction == b)) | (label == b)),
        ({"label": a, "correct": False}, (label == a) & (prediction != a)),
        ({"correct": True, "columns": {"source": "web"}}, (label == prediction) & (given["source"] == "web")),
    ]
    assert n > 1
    for where, mask in wanted:
        ev.selection.clear().where(**where)
        assert ev.selection.indices.tolist() == np.flatnonzero(mask).tolist()
        assert len(ev.selection) == mask.sum()
        page = ev._session.pages.page(ev.selection.clauses, ev._session._sort({}), 0, 500)
        assert page["total"] == mask.sum()
        assert all(mask[row["row"]] for row in page["rows"])


def test_measures_are_those_of_the_whole_matrix(given: dict[str, Any]):
    small = table(k=300, n=9_000)
    ev = od.Evaluation(small)
    frame = ev.to_frame().set_index(["rows", "measure"])
    codes = {name: i for i, name in enumerate(sorted({*small["label"], *small["prediction"]}))}
    matrix = np.zeros((len(codes), len(codes)), dtype=np.int64)
    for (a, b), n in naive(small).items():
        matrix[codes[a], codes[b]] = n
    for name, wanted in (("accuracy", accuracy(matrix)), ("macro F1", macro_f1(matrix))):
        assert frame.loc[("all", name), "value"] == pytest.approx(wanted.value)
    cells = Cells.of([matrix])
    assert macro_f1(cells) == macro_f1(matrix)
    assert accuracy(cells) == accuracy(matrix)


def test_measures_by_name_are_those_of_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    small = table(k=250, n=2_000)
    label, prediction = (small[side].tolist() for side in ("label", "prediction"))
    known = od.Evaluation(small, measures=["balanced accuracy", "weighted F1", "kappa", "MCC"]).measures()
    values = known.to_frame().set_index("measure")["value"]
    wanted = {
        "balanced accuracy": metrics.recall_score(
            label, prediction, labels=sorted({*label}), average="macro"
        ),
        "weighted F1": metrics.f1_score(label, prediction, average="weighted", zero_division=0),
        "kappa": metrics.cohen_kappa_score(label, prediction),
        "MCC": metrics.matthews_corrcoef(label, prediction),
    }
    assert values[list(wanted)].tolist() == pytest.approx(list(wanted.values()))


def test_nothing_is_squared():
    given = table(k=9_000, n=9_000)
    tracemalloc.start()
    ev = od.Evaluation(given, classes=sorted({f"class {i:05d}" for i in range(9_000)}))
    html = ev._repr_html_()
    ev.selection.where(label="class 00003", correct=False)
    repr(ev)
    ev._session.pages.page(ev.selection.clauses, ev._session._sort({}), 0, 50)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 9_000 * 9_000  # a byte a cell
    assert len(html.encode()) < 300 * 1024


def snapshot_of(html: str) -> dict[str, Any]:
    found = re.search(r'class="od-data">([^<]*)<', html)
    assert found
    raw = gzip.decompress(base64.b64decode(found[1]))
    header: dict[str, Any] = json.loads(raw[8 : 8 + int.from_bytes(raw[:4], "little")])
    return header


def test_a_saved_view_holds_all_cells_where_they_have_room(ev: od.Evaluation):
    html = ev._repr_html_()
    header = snapshot_of(html)
    assert len(html.encode()) < 300 * 1024
    assert ["label", "prediction"] in [tile["dims"][:2] for tile in header["tiles"]]
    assert all(header["meta"]["classes"])


def test_a_saved_view_holds_the_pairs_that_stand_out_where_they_have_not():
    rng = np.random.default_rng(1)
    names = np.asarray([f"{rng.integers(1 << 60):x} {i}" for i in range(6_000)], dtype=object)
    label, predicted = rng.integers(0, 6_000, (2, 60_000))
    common = rng.random(60_000) < 0.3
    label[common], predicted[common] = 17, np.where(rng.random(common.sum()) < 0.5, 17, 23)
    ev = od.Evaluation({"label": names[label], "prediction": names[predicted], "half": label % 2})
    ev.selection.where(columns={"half": 1})
    html = ev.confusion()._repr_html_()
    header = snapshot_of(html)
    told = header["options"]["confused"]
    assert len(html.encode()) < 160 * 1024
    assert not [tile for tile in header["tiles"] if "prediction" in tile["dims"]]
    assert told["of"] == header["clauses"]
    first = told["pairs"][0]
    inside = label % 2 == 1
    n = int(((label == 17) & (predicted == 23) & inside).sum())
    assert [header["meta"]["classes"][code] for code in first[:2]] == [names[17], names[23]]
    assert first[2:] == [[n], [int(((label == 17) & inside).sum())], 1.0]
    assert told["errors"] == int(((label != predicted) & inside).sum())
    shown = {code for pair in told["pairs"] for code in pair[:2]}
    assert all(bool(name) == (code in shown) for code, name in enumerate(header["meta"]["classes"]))


@pytest.mark.parametrize("quoted", [1, 3])
def test_of_classes_that_are_not_told_of_no_literal_is_saved(quoted: int):
    rng = np.random.default_rng(2)
    texts = [f"{rng.integers(1 << 60):x} {'it' if i % quoted else 'it' + chr(39)}s {i}" for i in range(6_000)]
    label, predicted = np.arange(60_000) % 6_000, rng.integers(0, 6_000, 60_000)
    names = np.asarray(texts, dtype=object)
    ev = od.Evaluation({"label": names[label], "prediction": names[predicted]}, classes=texts)
    html = ev.confusion()._repr_html_()
    header = snapshot_of(html)
    literals, classes = header["meta"]["class_python"], header["meta"]["classes"]
    told = {str(code): repr(text) for code, text in enumerate(classes) if text and chr(39) in text}
    assert 0 < len(told) < 3_000
    assert literals == told
    assert len(html.encode()) < 160 * 1024


def test_a_view_asks_for_the_pairs_that_stand_out(ev: od.Evaluation, given: dict[str, Any]):
    counted = {pair: n for pair, n in naive(given).items() if pair[0] != pair[1]}
    names = ev._session.engine.meta.classes
    answer, _ = Peer().ask(ev, type="confused", clauses=[])
    assert (answer["total"], answer["errors"]) == (len(counted), sum(counted.values()))
    for label, prediction, part, whole, _ in answer["pairs"]:
        assert part == [counted[names[label], names[prediction]]]
        assert whole == [int((given["label"] == names[label]).sum())]
    low = [wilson(part[0], whole[0]).low or 0 for *_, part, whole, _ in answer["pairs"]]
    every = [(wilson(n, int((given["label"] == pair[0]).sum())).low or 0) for pair, n in counted.items()]
    assert max(low) == max(every)
    about, _ = Peer().ask(ev, type="confused", clauses=[], about=[7])
    assert about["total"] == sum(names[7] in pair for pair in counted)
    assert all(7 in pair[:2] for pair in about["pairs"])
    every_one, _ = Peer().ask(ev, type="confused", clauses=[], about=list(range(CLASSES)))
    assert (every_one["total"], every_one["errors"]) == (len(counted), sum(counted.values()))


@pytest.mark.parametrize("more", [{"weight": "weight"}, {"weight": "weight", "group": "who"}])
def test_weighted_pairs_are_told_by_the_lower_end_of_their_share(given: dict[str, Any], more: dict[str, str]):
    rng = np.random.default_rng(3)
    n = len(given["label"])
    own = given | {"weight": rng.uniform(0.5, 2, n), "who": rng.integers(0, 60, n)}
    engine = od.Evaluation(own, **more)._session.engine
    spec = pairs(SelectedTables(engine, [], public=False))
    shares = [share_of(spec, place) for place in spec.wrong.tolist()]
    rated = spec.by_rate(spec.wrong).tolist()
    assert sorted(rated) == sorted(
        p for p, one in zip(spec.wrong.tolist(), shares, strict=True) if one.value is not None
    )
    low = [share_of(spec, place).low for place in rated]
    known = [one for one in low if one is not None]
    assert low[: len(known)] == pytest.approx(sorted(known, reverse=True), abs=1e-12)
    behind = [share_of(spec, place).value or 0 for place in rated[len(known) :]]
    assert behind == sorted(behind, reverse=True)
    sought = rated[len(known) // 2]
    code = int(spec.cells.label[sought])
    told = confused(engine, [], [code], most=10_000)
    assert [code in pair[:2] for pair in told["pairs"]] == [True] * told["total"]
    assert told["errors"] == sum(pair[2][0] for pair in told["pairs"])


def share_of(spec: PairsSpec, place: int) -> Measure:
    effect = float(spec.of_label(np.asarray([place]))[0])
    return share(rows_at(spec.cells.sums, place), rows_at(spec.totals, int(spec.cells.label[place])), effect)


@pytest.mark.parametrize("about", [[-1], [CLASSES], ["7"], 7, [True], [0] * (CLASSES + 1)])
def test_what_is_no_list_of_classes_is_refused(ev: od.Evaluation, about: Any):
    answer, _ = Peer().ask(ev, type="confused", clauses=[], about=about)
    assert answer["type"] == "error"


def test_few_classes_have_a_matrix_and_no_list():
    ev = od.Evaluation({"label": ["a", "b"] * 9, "prediction": ["a", "a"] * 9})
    answer, _ = Peer().ask(ev, type="confused", clauses=[])
    assert "these classes have a matrix" in answer["text"]


def test_no_message_is_large(ev: od.Evaluation):
    _, [state] = Peer().ask(ev, type="hello", have=None)
    assert len(state) < 256 * 1024
    answer, _ = Peer().ask(ev, type="confused", clauses=[])
    assert len(json.dumps(answer)) < 64 * 1024
    refused, _ = Peer().ask(ev, type="count", by=["label", "prediction"], clauses=[])
    assert refused["type"] in {"count", "error"}


def test_weights_count(given: dict[str, Any]):
    weight = np.random.default_rng(3).uniform(0.5, 2, len(given["label"]))
    ev = od.Evaluation(given | {"weight": weight}, weight="weight")
    spec_row = ev.to_frame().set_index(["rows", "measure"]).loc[("all", "accuracy")]
    right = given["label"] == given["prediction"]
    assert spec_row["value"] == pytest.approx(weight[right].sum() / weight.sum())
    answer, _ = Peer().ask(ev, type="confused", clauses=[])
    label, prediction, part, whole, effect = answer["pairs"][0]
    assert effect == 1
    names = ev._session.engine.meta.classes
    rows = (given["label"] == names[label]) & (given["prediction"] == names[prediction])
    assert part == pytest.approx([rows.sum(), weight[rows].sum(), (weight[rows] ** 2).sum()])
    assert whole[1] == pytest.approx(weight[given["label"] == names[label]].sum())


def test_missing_labels_are_not_judged(given: dict[str, Any]):
    label = given["label"].copy()
    label[:600] = None
    ev = od.Evaluation({"label": label, "prediction": given["prediction"]})
    answer, _ = Peer().ask(ev, type="confused", clauses=[])
    assert answer["errors"] == int((label[600:] != given["prediction"][600:]).sum())
    frame = ev.to_frame().set_index(["rows", "measure"])
    assert frame.loc[("all", "accuracy"), "n"] == len(label) - 600


def test_a_text_names_the_pairs(ev: od.Evaluation, given: dict[str, Any]):
    wrong = Counter({pair: n for pair, n in naive(given).items() if pair[0] != pair[1]})
    n = wrong.most_common(1)[0][1]
    assert f" {n} (" in repr(ev).splitlines()[2]


def test_a_side_of_so_many_classes_is_refused(ev: od.Evaluation):
    with pytest.raises(
        od.OffdiagonalError, match=r"2,000 classes have no room on a side .* confusion\(\) lists"
    ):
        ev.confusion("label", "source")


def test_more_than_ten_thousand_classes_are_refused():
    names = [f"k{i}" for i in range(10_001)]
    with pytest.raises(LabelError, match=r"10,001 different values .* at most 10,000 .* evaluate a part"):
        od.Evaluation({"label": names, "prediction": names})
