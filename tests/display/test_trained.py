"""What a saved output holds of checkpoints: the counts that the Evaluation itself has there, and nothing private."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import numpy as np
import pytest
from tests.display.test_runs import ISLAND
from tests.test_wire import unpack
from tests.test_with_run import STEPS, N
from tests.test_with_run import trained as made

import offdiagonal as od
from offdiagonal.counts.tiles import Tally
from offdiagonal.display import trained
from offdiagonal.display.saved import secret_dims
from offdiagonal.display.trained import saved_checkpoints
from offdiagonal.display.view import VIEW_BYTES

VIEWS = ("header", "confusion", "slices", "examples")


def kept(ev: od.Evaluation, rows: tuple[int, ...] = (), views: tuple[str, ...] = VIEWS) -> dict[str, Any]:
    """What is saved of the checkpoints, as a page reads it."""
    engine = ev._engine
    found = saved_checkpoints(ev._session.trained(), engine, secret_dims(engine), views, rows)
    assert found is not None
    return dict(json.loads(json.dumps(found)))


def counts_at(tile: dict[str, Any], place: int) -> dict[tuple[int, ...], int]:
    """How often each combination occurs at a checkpoint."""
    counts = np.cumsum(tile["n"], axis=0)[place]
    return {tuple(codes): int(n) for *codes, n in zip(*tile["codes"], counts, strict=True) if n}


def expected(ev: od.Evaluation, dims: list[str]) -> dict[tuple[int, ...], int]:
    """The same by the Evaluation."""
    engine = ev._engine
    tile = Tally(engine.codes | {"outcome": engine.outcome}, engine.sizes).tile(dims)
    assert tile is not None
    return {tuple(map(int, codes)): int(n) for *codes, n in zip(*tile.codes, tile.n, strict=True)}


@pytest.mark.parametrize("split", [None, "part"])
def test_the_counts_are_those_of_the_evaluation_at_each_checkpoint(split: str | None) -> None:
    run, table, _ = made()
    if split:
        table[split] = np.where(np.arange(N) % 3, "train", "test")
    ev = od.Evaluation(table, id="id", run=run, split=split)
    found = kept(ev)
    assert (found["steps"], found["of"]) == (list(STEPS), len(STEPS))
    assert found["run"] == run.session.fingerprint
    assert {"label", "prediction", "confidence"} <= {dim for tile in found["tiles"] for dim in tile["dims"]}
    for place, step in enumerate(STEPS):
        ev.at(step)
        for tile in found["tiles"]:
            assert counts_at(tile, place) == expected(ev, tile["dims"])
        assert found["meta"][place]["name"] == f"evaluation, step {step}"
    assert ev.at(200)._session.trained().shown == 200
    before = kept(ev)
    assert before["version"] == ev._engine.meta.version
    assert kept(ev.slice("new", np.arange(N) < 9))["version"] > before["version"]


def test_the_saved_examples_have_their_predictions_of_each_checkpoint() -> None:
    run, table, predicted = made()
    ev = od.Evaluation(table, id="id", run=run)
    rows = (7, 3, 250)
    found = kept(ev, rows)["rows"]
    assert found["row"] == list(rows)
    for place, step in enumerate(STEPS):
        texts = [ev._engine.meta.classes[code] for code in found["prediction"][place]]
        assert texts == [str(predicted[step][row]) for row in rows]
        sure = ev.at(step)._engine.table.confidence
        assert sure is not None
        assert found["confidence"][place] == pytest.approx(sure[list(rows)], abs=1e-4)
        assert found["bin"][place] == ev._engine.codes["confidence"][list(rows)].tolist()


def test_what_has_no_room_is_thinned_and_the_first_and_the_last_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    run = od.Run("long", keep=False)
    rng = np.random.default_rng(0)
    label = rng.integers(0, 3, 400)
    for step in range(100):
        run.log_examples(step, range(400), prediction=np.where(rng.random(400) < step / 100, label, 0))
    table = {"label": label, **{f"column {i}": rng.integers(0, 6, 400) for i in range(5)}}
    ev = od.Evaluation(table, run=run)
    found = kept(ev)
    assert len(found["steps"]) == trained.MOST
    assert (found["of"], found["steps"][0], found["steps"][-1]) == (100, 0, 99)
    sizes = [len(found["steps"]) * len(found["tiles"])]
    for room in (6_000, 2_500, 600, 100):
        monkeypatch.setattr(trained, "COUNT_BYTES", room)
        found = kept(ev)
        assert trained._size(found["tiles"]) <= room
        sizes.append(len(found["steps"]) * len(found["tiles"]))
    assert sizes == sorted(sizes, reverse=True)
    assert (found["steps"], found["tiles"], found["rows"]) == ([], [], None)
    monkeypatch.setattr(trained, "COUNT_BYTES", 24_000)
    monkeypatch.setattr(trained, "ROWS_COUNTED", 400 * 5)
    assert kept(ev)["steps"] == [0, 25, 50, 74, 99]
    monkeypatch.setattr(trained, "ROW_BYTES", 400)
    rows = kept(ev, tuple(range(200)))["rows"]
    assert 1 <= len(rows["row"]) < 200
    assert trained._size(rows) <= 400
    assert all(len(own) == len(rows["row"]) for own in rows["prediction"])


def test_with_less_room_there_are_fewer_checkpoints_then_no_rows_then_none() -> None:
    ev, _ = wordy(20)
    engine, rows = ev._engine, tuple(range(0, 2000, 40))
    most = trained._size(kept(ev, rows))
    told = []
    for room in (*range(most, 0, -most // 50), 0):
        found = saved_checkpoints(
            ev._session.trained(),
            engine,
            set(),
            VIEWS,
            rows,
            lambda data, room=room: trained._size(data) <= room,
        )
        assert found is None or trained._size(found) <= room
        told.append(None if found is None else (found["rows"] is not None, len(found["steps"])))
    assert list(dict.fromkeys(told))[-2:] == [(False, 0), None]
    assert {(True, 12), (True, 6), (False, 12)} <= set(told)
    some = [one for one in told if one is not None]
    assert [with_rows for with_rows, _ in some] == sorted([one for one, _ in some], reverse=True)


def classes_of(k: int, n: int) -> od.Evaluation:
    """Predictions that are all of one class at the first of 24 checkpoints, and of any later on."""
    rng = np.random.default_rng(0)
    label = rng.integers(0, k, n)
    run = od.Run("classes", keep=False)
    for look in range(24):
        said = label if look == 0 else np.where(rng.random(n) < look / 40, label, rng.integers(0, k, n))
        run.log_examples(look, range(n), prediction=said, probabilities=rng.random(n))
    return od.Evaluation({"label": label, **{f"c{i}": rng.integers(0, 12, n) for i in range(6)}}, run=run)


def test_where_the_matrix_alone_has_no_room_no_more_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    ev = classes_of(150, 6000)
    counted = []
    counts = Tally.tile
    monkeypatch.setattr(
        Tally, "tile", lambda self, dims, most=None: counted.append(dims) or counts(self, dims, most)
    )
    found = kept(ev, (1, 2))
    assert (found["steps"], found["tiles"], found["rows"]) == ([], [], None)
    assert len(counted) <= min(trained.FEWER)
    assert {tuple(dims) for dims in counted} == {("label", "prediction")}


def test_more_values_than_there_is_ever_room_for_are_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    ev = classes_of(12, 3000)
    packed = []
    together = trained._together
    monkeypatch.setattr(trained, "MOST_VALUES", 30_000)
    monkeypatch.setattr(trained, "COUNT_BYTES", 1_000_000)
    monkeypatch.setattr(trained, "_together", lambda *given: packed.append(together(*given)) or packed[-1])
    found = kept(ev)
    assert found["steps"]
    assert max(len(tile["n"]) * len(tile["n"][0]) for tile in packed if tile) <= 30_000


def test_private_columns_and_slices_are_in_none_of_it() -> None:
    run, table, _ = made()
    ev = od.Evaluation(table, id="id", run=run, private=["source"])
    ev.slice("secret", np.arange(N) < 50, private=True).slice("open", np.arange(N) < 60)
    hidden = secret_dims(ev._engine)
    dims = {dim for tile in kept(ev, (1, 2))["tiles"] for dim in tile["dims"]}
    assert len(hidden) == 2
    assert not dims & hidden
    assert any(part.key in dims for part in ev._engine.meta.slices if part.name == "open")
    assert "web" not in json.dumps(kept(ev, (1, 2)))


def test_weights_are_added_up_at_each_checkpoint() -> None:
    run, table, predicted = made()
    table["weight"] = np.arange(N) / 7
    found = kept(od.Evaluation(table, id="id", run=run, weight="weight"))
    cells = found["tiles"][0]
    wrong = np.asarray(cells["codes"][0]) != np.asarray(cells["codes"][1])
    for place, step in enumerate(STEPS):
        weight = np.asarray(cells["sums"]["w"][place])[wrong].sum()
        assert weight == pytest.approx(table["weight"][predicted[step] != table["label"]].sum())


def test_only_a_classification_that_joined_a_run_has_them() -> None:
    run, table, predicted = made()
    alone = od.Evaluation({**table, "prediction": predicted[0]}, id="id")
    assert "checkpoints" not in snapshot_options(alone)
    losses = od.Run("losses", keep=False)
    losses.log_examples(0, [0, 1], loss=[1, 2])
    ev = od.Evaluation({"label": ["a", "b"], "prediction": ["a", "a"]}, run=losses)
    assert "checkpoints" not in snapshot_options(ev)
    amounts = od.Run("amounts", keep=False)
    for step in range(3):
        amounts.log_examples(step, range(30), prediction=np.arange(30) + 0.5 / (step + 1))
    assert "checkpoints" not in snapshot_options(od.Evaluation({"label": np.arange(30) + 0.25}, run=amounts))
    assert snapshot_options(od.Evaluation(table, id="id", run=run))["checkpoints"]["of"] == len(STEPS)


def snapshot_options(ev: od.Evaluation) -> dict[str, Any]:
    """What the views of a saved board are told beside counts."""
    return dict(saved_header(ev.board()).get("options", {}))


def saved_header(view: Any) -> dict[str, Any]:
    """What a saved output says beside its counts."""
    (data,) = ISLAND.findall(view._repr_html_())
    header, _ = unpack(gzip.decompress(base64.b64decode(data)))
    return dict(header)


def wordy(chars: int) -> tuple[od.Evaluation, od.Evaluation]:
    """Examples of three long texts with 24 checkpoints of a training, and the same without."""
    n, looks = 2000, 24
    rng = np.random.default_rng(0)
    words = np.asarray(["".join(rng.choice(list("abcdefghijklmnop"), 6)) for _ in range(4000)])
    label = rng.choice(["ham", "spam", "other"], n)
    texts = {f"text {i}": [" ".join(rng.choice(words, 40)) for _ in range(n)] for i in range(3)}
    run = od.Run("wordy", keep=False)
    for look in range(looks):
        right = rng.random(n) < look / looks
        said = np.where(right, label, rng.choice(["ham", "spam", "other"], n))
        run.log_examples(look, range(n), prediction=said, probabilities=rng.random(n))
    last = {"prediction": said}
    table = {"label": label, **texts}
    more = {"text_chars": chars}
    return od.Evaluation(table, run=run, **more), od.Evaluation(table | last, **more)


@pytest.mark.parametrize("chars", [20, 300])
def test_examples_come_before_checkpoints_which_have_the_rows_that_are_saved(chars: int) -> None:
    ev, alone = wordy(chars)
    assert len(ev.examples()._repr_html_().encode()) <= VIEW_BYTES
    with_them, without = saved_header(ev.examples()), saved_header(alone.examples())
    rows = {row["row"] for row in with_them["rows"]}
    assert len(rows) >= len(without["rows"]) - 1 > 0
    found = with_them.get("options", {}).get("checkpoints")
    assert (found is not None) == (chars == 20)
    if found is not None and found["rows"] is not None:
        assert set(found["rows"]["row"]) <= rows


def test_views_that_stand_as_they_were_saved_are_named() -> None:
    run, table, _ = made()
    ev = od.Evaluation(table, id="id", run=run, measures=["kappa"])
    assert kept(ev, views=("measures", "confusion"))["standing"] == ["measures"]
    assert kept(ev)["standing"] == []
