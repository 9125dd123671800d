"""What a saved output holds: rows by the policy, nothing private, and within its size."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import offdiagonal as od
from offdiagonal.clauses import all_from_json, to_json
from offdiagonal.counts.filters import CodeFilter, tabulate
from offdiagonal.counts.tiles import Tile, best_tile
from offdiagonal.display.examples import ROW_BYTES, SavedRows, SavePolicy, json_size, saved_rows
from offdiagonal.display.saved import answered, secret_dims, snapshot
from tests.counts.test_tiles import entries as entries_of
from tests.make_selection_fixtures import many, spam, tiers
from tests.tables import engine_of, evaluate, random_table
from tests.test_clauses import META, selections
from tests.test_wire import unpack

PLENTY = 1_000_000


def saved(ev: od.Evaluation, budget: int = PLENTY, **policy: Any) -> tuple[dict[str, Any], list[Any], Any]:
    """The header and the tiles of a snapshot, and the snapshot."""
    session = ev._session
    kept = saved_rows(session.engine, session.pages, SavePolicy(**policy), secret_dims(session.engine))
    found = snapshot(session.engine, kept, SavePolicy(**policy), budget, ev.selection.clauses, "ev")
    header, tiles = unpack(gzip.decompress(base64.b64decode(found.base64)))
    return header, tiles, found


def tiles_of(header: dict[str, Any], entries: list[Any]) -> list[Tile]:
    """Tiles as the browser holds them."""
    return [
        Tile(
            tuple(described["dims"]),
            tuple(np.asarray(column, dtype=np.uint8) for column in zip(*own, strict=True)),
            np.asarray(list(own.values()), dtype=np.int64),
        )
        for described, own in zip(header["tiles"], entries, strict=True)
    ]


class TestRows:
    """Which examples are saved."""

    def test_at_most_so_many(self):
        for rows in (0, 1, 7, 200):
            header, _, found = saved(spam(), rows=rows)
            assert len(header["rows"]) == found.rows == header["saved"]["rows"] == min(rows, 120)
        assert saved(spam(), rows=0)[0]["row_codes"] == {}

    @pytest.mark.parametrize("policy", [{"rows": -1}, {"rows": True}, {"rows": 1.5}, {"text_chars": None}])
    def test_a_policy_is_whole_numbers(self, policy):
        with pytest.raises(od.OffdiagonalError, match="must be a whole number, 0 or more"):
            SavePolicy(**policy)
        with pytest.raises(od.OffdiagonalError, match="must be a whole number"):
            evaluate(**{"save_rows" if name == "rows" else name: value for name, value in policy.items()})

    @pytest.mark.parametrize("whole", [np.int64(5), np.uint8(5)])
    def test_whole_numbers_of_any_kind_are_a_policy(self, whole):
        policy = SavePolicy(whole, whole)
        assert (type(policy.rows), type(policy.text_chars)) == (int, int)
        header, _, _ = saved(spam(), rows=whole)
        assert len(header["rows"]) == 5
        with pytest.raises(od.OffdiagonalError, match="must be a whole number"):
            SavePolicy(np.True_)

    def test_they_are_dealt_over_the_cells(self):
        label = ["a"] * 50 + ["b"] * 30 + ["c"] * 20 + ["a"] * 100
        prediction = ["b"] * 50 + ["c"] * 30 + ["a"] * 20 + ["a"] * 100
        probability = np.linspace(0.5, 0.99, 200)
        matrix = np.zeros((200, 3))
        matrix[np.arange(200), [ord(p) - 97 for p in prediction]] = probability
        matrix += (1 - probability)[:, None] * (matrix == 0) / 2
        ev = evaluate(label, prediction, probabilities=matrix)
        header, _, _ = saved(ev, rows=8)
        cells = [(row["label"], row["prediction"]) for row in header["rows"]]
        assert cells == [(0, 1), (1, 2), (2, 0)] * 2 + [(0, 1), (1, 2)]
        assert [row["row"] for row in header["rows"]] == [49, 79, 99, 48, 78, 98, 47, 77]
        header, _, _ = saved(ev, rows=105)
        assert sum(row["label"] != row["prediction"] for row in header["rows"]) == 100
        assert [row["row"] for row in header["rows"]][-5:] == [199, 198, 197, 196, 195]

    def test_their_codes_are_those_of_the_rows(self):
        ev = spam()
        header, _, _ = saved(ev, rows=50)
        engine = engine_of(ev)
        assert set(header["row_codes"]) == set(engine.codes) - {"label", "prediction"}
        for dim, codes in header["row_codes"].items():
            assert codes == [int(engine.codes[dim][row["row"]]) for row in header["rows"]]

    def test_texts_are_cut(self):
        frame = pd.DataFrame({"label": ["a", "b"], "prediction": ["b", "b"], "text": ["é" * 500, "short"]})
        header, _, _ = saved(od.Evaluation(frame, text="text"), text_chars=10)
        assert [row["values"]["c2"] for row in header["rows"]] == ["é" * 10 + "…", "short"]

    def test_they_take_at_most_64_kb(self):
        n = 400
        frame = pd.DataFrame({"label": ["a", "b"] * 200, "prediction": ["a"] * n})
        frame = frame.assign(**{f"t{i}": [f"日本 {i} " * 30] * n for i in range(6)})
        header, _, found = saved(od.Evaluation(frame, text="t0"))
        size = sum(map(json_size, header["rows"])) + json_size(header["row_codes"])
        assert 0.9 * ROW_BYTES < size <= ROW_BYTES
        assert found.rows < 200

    def test_one_that_is_too_large_makes_place_for_others(self):
        frame = pd.DataFrame({"label": ["a", "b", "a"], "prediction": ["b", "a", "b"]})
        wide = {f"t{i}": ["x" * 200, "y", "z"] for i in range(400)}
        header, _, _ = saved(od.Evaluation(pd.concat([frame, pd.DataFrame(wide)], axis=1)))
        assert [row["row"] for row in header["rows"]] == [1, 2]

    def test_they_make_place_for_the_counts(self):
        header, _, found = saved(spam(), 6_000)
        assert len(found.base64) <= 6_000
        assert 0 < found.rows == len(header["rows"]) == header["saved"]["rows"] < 120
        assert {len(codes) for codes in header["row_codes"].values()} == {found.rows}

    def test_no_rows(self):
        ev = od.Evaluation({"label": [], "prediction": []}, classes=["a", "b"])
        header, _, _ = saved(ev)
        assert header["rows"] == []


class TestPrivate:
    """Nothing private is in what is saved."""

    @pytest.fixture
    def ev(self):
        n = 60
        frame = random_table(n).assign(
            secret_name=[f"CANARY-v{i % 3}" for i in range(n)],
            secret_id=[f"CANARY-id{i}" for i in range(n)],
            open_column=[f"OPEN-v{i % 3}" for i in range(n)],
        )
        ev = od.Evaluation(
            frame,
            probabilities=["p_ham", "p_news", "p_spam"],
            text="text",
            id="secret_id",
            group="secret_name",
            private=["secret_name", "secret_id", "when"],
            time="when",
        )
        ev.slice("CANARY-slice", lambda f: f["secret_name"] == "CANARY-v1")
        ev.slice("CANARY-clauses", {"columns": {"secret_name": "CANARY-v1"}})
        ev.slice("CANARY-said", {"correct": True}, private=True)
        return ev.slice("OPEN-slice", {"correct": False})

    def test_no_canary_is_saved(self, ev):
        ev.selection.where(
            columns={"secret_name": "CANARY-v1", "open_column": "OPEN-v1"},
            slice=["CANARY-slice", "OPEN-slice"],
        )
        header, _, _ = saved(ev)
        text = json.dumps(header, ensure_ascii=False)
        assert "CANARY" not in text
        assert "secret" not in text
        assert "when" not in [field["name"] for field in header["meta"]["fields"]]
        assert "OPEN-v1" in text  # what may be seen is there: the test can find something
        assert "OPEN-slice" in text
        assert [clause["field"] for clause in header["clauses"]] == ["c13"]
        assert header["saved"]["left_out"] == 2

    def test_no_private_dim_is_counted(self, ev):
        engine = engine_of(ev)
        private = {f.key for f in (*engine.meta.fields, *engine.meta.slices) if f.private}
        assert len(private) == 5
        for budget in (PLENTY, 12_000, 0):
            header, _, _ = saved(ev, budget=budget)
            dims = {dim for tile in header["tiles"] for dim in tile["dims"]} | set(header["row_codes"])
            assert not dims & private
            assert "s3" in dims

    def test_a_private_text_is_not_searched(self):
        frame = random_table(60).assign(text="CANARY text")
        ev = od.Evaluation(frame, text="text", private="text")
        ev.selection.where(text="CANARY")
        header, _, _ = saved(ev)
        assert "CANARY" not in json.dumps(header)
        assert header["meta"]["text"] is None
        assert header["clauses"] == []

    def test_masks_are_not_saved(self):
        ev = spam()
        ev.selection.where(rows=[1, 2], label="ham")
        header, _, _ = saved(ev)
        assert [clause["field"] for clause in header["clauses"]] == ["cell"]


class TestTiers:
    """Which counts are saved."""

    def test_the_richer_the_more_there_is_room(self):
        ev = many()
        tiers = [saved(ev, budget)[2].tier for budget in (PLENTY, 30_000)]
        assert tiers[0] == "groups"
        wide = wide_evaluation(3_000, 8, False)
        found = {budget: saved(wide, budget, rows=0)[2] for budget in (400_000, 120_000, 30_000, 8_000, 0)}
        order = ["cells", "marginals", "pairs", "groups"]
        ranks = [order.index(snapshot.tier) for snapshot in found.values()]
        assert ranks == sorted(ranks, reverse=True)
        assert ranks[0] >= 2
        assert ranks[-1] == 0
        for budget, snapshot_ in found.items():
            assert len(snapshot_.base64) <= max(budget, 8_000)

    def test_pairs_are_saved_where_groups_are_too_many(self):
        rng = np.random.default_rng(0)
        columns = {f"c{i}": rng.integers(0, 3, 20_000) for i in range(12)}
        ev = od.Evaluation(
            {"label": rng.integers(0, 2, 20_000), "prediction": rng.integers(0, 2, 20_000), **columns}
        )
        ev.selection.where(label=0, columns={"c1": 2, "c2": 1})
        header, _, found = saved(ev, 30_000, rows=0)
        assert found.tier == "pairs"
        assert [clause["field"] for clause in header["clauses"]] == ["cell", "c3"]
        assert header["saved"]["left_out"] == 1

    @pytest.mark.parametrize("budget", [PLENTY, 20_000, 12_000, 0])
    def test_what_is_answered_is_exact(self, budget):
        ev = wide_evaluation(2_000, 4, False)
        engine = engine_of(ev)
        header, entries, _ = saved(ev, budget)
        tiles = tiles_of(header, entries)
        whole = [
            ["label", "prediction"],
            ["confidence", "outcome"],
            *([f.key, "outcome"] for f in engine.meta.fields),
        ]
        for by in whole:
            found = tabulate(tiles, by, [], engine.sizes, engine.table.missing)
            assert found.tolist() == engine.tabulate(by, []).tolist()
        for described, tile in zip(header["tiles"], entries, strict=True):
            assert tile == entries_of(engine.tally.tile(described["dims"]))

    @settings(max_examples=30)
    @given(selections, st.sampled_from(["groups", "pairs", "marginals"]))
    def test_clauses_that_are_saved_can_be_answered(self, data, tier):
        engine = engine_of(EV)
        clauses = all_from_json(data, META)
        tiles = tiers(EV)[tier]
        kept = answered(engine, clauses, tiles)
        assert [clause for clause in clauses if clause in kept] == kept
        for by, without in [
            ([], None),
            (["label", "prediction"], "cell"),
            (["confidence", "outcome"], "confidence"),
            *(([f.key, "outcome"], f.key) for f in engine.meta.fields),
            *(([s.key, "outcome"], "slice") for s in engine.meta.slices),
        ]:
            filters = [engine.filter(clause) for clause in kept if clause.field != without]
            assert tabulate(tiles, by, filters, engine.sizes, engine.table.missing) is not None
        coded = [clause for clause in clauses if isinstance(engine.filter(clause), CodeFilter)]
        if tier == "groups":
            assert kept == coded
        elif any(clause.field == "cell" or len(engine.filter(clause).dims) == 1 for clause in coded):
            assert kept

    def test_the_selection_in_force_is_saved(self):
        ev = spam()
        ev.selection.where(label="ham", text="free", confidence=(0.5, 1), columns={"length": (3, 17)})
        header, _, found = saved(ev)
        assert found.tier == "groups"
        assert header["clauses"] == [
            to_json(c) for c in ev.selection.clauses if c.field in {"cell", "confidence"}
        ]
        assert header["saved"]["left_out"] == 2


EV = spam()


def wide_evaluation(n: int, columns: int, flags: bool, seed: int = 0) -> od.Evaluation:
    """77 classes whose errors are anywhere, and columns of five values or overlapping slices."""
    rng = np.random.default_rng(seed)
    k = 77
    label = rng.integers(0, k, n)
    wrong = rng.random(n) > 0.9
    prediction = np.where(wrong, rng.integers(0, k, n), label)
    sure = np.where(wrong, rng.beta(4, 3, n), rng.beta(12, 1.5, n))
    matrix = np.repeat(((1 - sure) / (k - 1))[:, None], k, axis=1)
    matrix[np.arange(n), prediction] = sure
    names = np.asarray([f"intent_number_{i:02d}" for i in range(k)], dtype=object)
    frame = pd.DataFrame({"label": names[label], "prediction": names[prediction]})
    frame["text"] = [f"message {i} of somebody who asks how to do this or that" for i in range(n)]
    base = rng.random((n, 4))
    for i in range(columns):
        if flags:
            frame[f"slice {i}"] = base[:, i % 4] + rng.random(n) / 2 < rng.uniform(0.2, 0.9)
        else:
            frame[f"column {i}"] = rng.choice(list("abcde"), n, p=[0.4, 0.25, 0.2, 0.1, 0.05])
    return od.Evaluation(frame, probabilities=matrix, text="text", classes=names)


@pytest.mark.parametrize(
    ("columns", "flags"), [(4, False), (20, True)], ids=["four columns", "twenty slices"]
)
def test_budgets_of_a_hundred_thousand_rows(columns, flags):
    ev = wide_evaluation(100_000, columns, flags)
    engine_of(ev).tiles  # noqa: B018 - the live view has asked for them
    for room, rows, least in ((140_000, 200, "marginals"), (30_000, 0, "cells")):
        _, _, found = saved(ev, room, rows=rows)
        assert len(found.base64) <= room
        order = ["cells", "marginals", "pairs", "groups"]
        assert order.index(found.tier) >= order.index(least)


def test_what_draws_a_displayed_matrix_is_saved_where_nothing_else_has_room():
    rng = np.random.default_rng(0)
    frame = {f"c{i}": rng.choice([f"level {j}" for j in range(45)], 3_000) for i in range(8)}
    ev = od.Evaluation(frame | {"label": rng.choice(["a", "b"], 3_000), "prediction": ["a"] * 3_000})
    session = ev._session
    sides = [field.key for field in engine_of(ev).meta.fields[3:5]]
    found = snapshot(session.engine, SavedRows(), SavePolicy(0), 0, (), "ev", sides)
    header, entries = unpack(gzip.decompress(base64.b64decode(found.base64)))
    tile = best_tile(tiles_of(header, entries), {*sides})
    assert tile is not None
    assert tile.n.sum() == 3_000


def test_the_text_counts_the_examples_that_found_room():
    rng = np.random.default_rng(0)
    n = 400
    frame = {
        "label": rng.choice(["a", "b"], n),
        "prediction": rng.choice(["a", "b"], n),
        "text": ["".join(map(chr, rng.integers(0x4E00, 0x9FA5, 180))) for _ in range(n)],
    }
    view = od.Evaluation(frame, text="text", save_rows=400).examples()
    html = view._repr_html_()
    assert len(html.encode()) <= 160 * 1024
    (data,) = re.findall(r'class="od-data">([^<]+)<', html)
    header, _ = unpack(gzip.decompress(base64.b64decode(data)))
    assert 0 < len(header["rows"]) < 200
    assert f"and {len(header['rows'])} of 400 examples" in html


@pytest.mark.parametrize(
    ("columns", "flags"), [(4, False), (20, True)], ids=["four columns", "twenty slices"]
)
def test_budgets_of_whole_outputs(columns, flags):
    ev = wide_evaluation(100_000, columns, flags)
    views = {"confusion": ev.confusion(), "slices": ev.slices(), "confidence": ev.confidence()}
    views |= {"calibration": ev.calibration(), "examples": ev.examples()}
    assert len(ev._repr_html_().encode()) <= 300 * 1024
    for name, view in views.items():
        assert len(view._repr_html_().encode()) <= 160 * 1024, name
