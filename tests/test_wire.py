"""What is packed for the browser, read back as the browser reads it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offdiagonal.counts.tiers import groups, margins, overlaps, pairs, wholes
from offdiagonal.counts.tiles import Tally, Tile
from offdiagonal.display.wire import meta_json, pack, table_of
from tests.counts.test_tiles import SIZES, entries, tallies
from tests.make_selection_fixtures import spam, three
from tests.tables import engine_of

KINDS = {"Uint8Array": np.uint8, "Uint16Array": np.uint16, "Uint32Array": np.uint32}


def unpack(data: bytes) -> tuple[dict[str, Any], list[dict[tuple[int, ...], int]]]:
    """The header, and the entries of each tile: a twin of codec.ts."""
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    start = 8 + length
    assert start % 8 == 0
    tiles: list[dict[tuple[int, ...], int]] = []
    for tile in header["tiles"]:
        arrays = []
        for kind, offset, size in tile["arrays"]:
            assert offset % 8 == 0
            arrays.append(np.frombuffer(data, KINDS[kind], size, start + offset).tolist())
        if "parent" not in tile:
            *codes, n = arrays
            assert len(codes) == len(tile["dims"])
            tiles.append(dict(zip(zip(*codes, strict=True) if codes else [()] * len(n), n, strict=True)))
            continue
        parent = tiles[tile["parent"]]
        width = len(arrays[0]) // len(parent)
        found = {}
        for line, (prefix, n) in enumerate(parent.items()):
            row = arrays[0][line * width : (line + 1) * width]
            found |= {(*prefix, code): count for code, count in enumerate([*row, n - sum(row)]) if count}
        tiles.append(found)
    return header, tiles


@given(tallies())
def test_tiles_come_back_as_they_were(tally):
    tiles = [*wholes(tally), *overlaps(tally), *margins(tally), *pairs(tally), *groups(tally)]
    header, found = unpack(pack({"a": ["é", 1]}, tiles))
    assert header["a"] == ["é", 1]
    assert [tile["dims"] for tile in header["tiles"]] == [list(tile.dims) for tile in tiles]
    assert found == [entries(tile) for tile in tiles]


def test_no_tiles():
    assert unpack(pack({}, [])) == ({"tiles": []}, [])


@given(st.lists(st.sampled_from([1, 255, 256, 65_535, 65_536, 2**32 - 1]), min_size=1, max_size=5))
def test_counts_of_every_width(n):
    tile = Tile(("c0",), (np.arange(len(n), dtype=np.uint16),), np.asarray(n, dtype=np.int64))
    _, (found,) = unpack(pack({}, [tile]))
    assert list(found.values()) == n


def rows(**columns: Any) -> Tally:
    codes = {dim: np.asarray(values, dtype=np.uint8) for dim, values in columns.items()}
    return Tally(codes, dict.fromkeys(columns, 300))


def test_a_table_is_sent_where_it_is_small():
    tally = rows(label=[0, 0, 0, 1], prediction=[0, 0, 0, 0], s0=[0, 0, 1, 1])
    parent, tile = tally.tile(["label", "prediction"]), tally.tile(["label", "prediction", "s0"])
    assert table_of(tile, parent).tolist() == [[2], [0]]
    wide = rows(label=[0, 1], prediction=[0, 0], s0=[0, 200])
    assert table_of(wide.tile(["label", "prediction", "s0"]), wide.tile(["label", "prediction"])) is None


def test_a_table_is_only_sent_beside_its_own_parent():
    tally = rows(label=[0, 0, 1], prediction=[0, 0, 0], s0=[0, 1, 1])
    tile = tally.tile(["label", "prediction", "s0"])
    for other in (
        rows(label=[0, 0, 0], prediction=[0, 0, 0]),
        rows(label=[0, 1, 1], prediction=[0, 0, 0]),
        rows(label=[0, 1, 2], prediction=[0, 0, 0]),
    ):
        assert table_of(tile, other.tile(["label", "prediction"])) is None
    empty = Tile(tile.dims, tuple(codes[:0] for codes in tile.codes), tile.n[:0])
    assert table_of(empty, tile) is None


def test_a_table_saves_most_of_the_bytes():
    rng = np.random.default_rng(0)
    sizes = SIZES | {"c0": 5}
    codes = {dim: rng.integers(0, size, 20_000).astype(np.uint8) for dim, size in sizes.items()}
    tally = Tally(codes, sizes)
    tiles = [tally.tile(["label", "prediction"]), tally.tile(["label", "prediction", "c0"])]
    alone = Tile(("x", *tiles[1].dims), (tiles[1].codes[0], *tiles[1].codes), tiles[1].n)
    plain = pack({}, [tiles[0], alone])
    assert len(pack({}, tiles)) < 0.6 * len(plain)


def test_what_json_cannot_say_is_an_error():
    with pytest.raises(ValueError, match="not JSON compliant"):
        pack({"a": float("nan")}, [])


def test_the_description_is_json():
    for ev in (spam(), three()):
        meta = meta_json(engine_of(ev).meta, private=True)
        assert json.loads(json.dumps(meta, allow_nan=False)).keys() == meta.keys()
