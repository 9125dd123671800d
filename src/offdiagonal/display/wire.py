"""What goes to the browser: the description as JSON, counts as typed arrays behind a JSON header.

The arrays of a tile are one for each dim and one of counts. Where the tile without the last dim is there too, its
*parent*, only a table of counts is sent: one line for each entry of the parent, one column for each code of the last
dim but the highest, whose counts are what is left of the parent's.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.tiles import Counts, Tile
from offdiagonal.table.meta import Meta

TYPES = {"u1": "Uint8Array", "u2": "Uint16Array", "u4": "Uint32Array", "f8": "Float64Array"}

TABLE_SHARE = 4
"""A table may have this many times the entries of the tile that it stands for."""


def meta_json(meta: Meta, *, private: bool) -> dict[str, Any]:
    """The description as plain data; without the private columns where it is saved."""
    data = dataclasses.asdict(meta)
    if meta.many:
        _shorten(data, meta)
    if not private:
        for part in ("fields", "slices", "columns", "findings"):
            data[part] = [item for item in data[part] if not item["private"]]
        data["columns"] = [
            column for column in data["columns"] if column["kind"] != "audio"
        ]  # heard live only
        for finding in data["findings"]:  # a mask is held by the kernel alone
            finding["where"] = [c | {"id": ""} if c["field"] == "rows" else c for c in finding["where"]]
        if all(column["key"] != meta.text for column in data["columns"]):
            data["text"] = None
    return data


def _shorten(data: dict[str, Any], meta: Meta) -> None:
    """Of many classes leave out what follows from their names: the order that they have, and their literals."""
    if meta.order == tuple(range(len(meta.classes))):
        data["order"] = []
    others = literals_of(meta)
    if 2 * len(others) < len(meta.classes):
        data["class_python"] = others


def literals_of(meta: Meta) -> dict[int, str]:
    """How the classes are written in Python, by code, where that does not follow from their names."""
    return {i: own for i, own in enumerate(meta.class_python) if own != f"'{meta.classes[i]}'"}


def pack(header: dict[str, Any], tiles: Sequence[Tile]) -> bytes:
    """One buffer: the header's length, the header, and the arrays of the tiles, each aligned to eight bytes."""
    body = bytearray()
    place = {tile.dims: i for i, tile in enumerate(tiles)}
    described = []
    for tile in tiles:
        parent = place.get(tile.dims[:-1])
        table = None if parent is None else table_of(tile, tiles[parent])
        arrays = [*tile.codes, tile.n] if table is None else [table.reshape(-1)]
        own: dict[str, Any] = {"dims": list(tile.dims), "arrays": [_append(body, array) for array in arrays]}
        if tile.sums:
            own["sums"] = {name: _append(body, added) for name, added in tile.sums.items()}
        described.append(own if table is None else {**own, "parent": parent})
    text = json.dumps({**header, "tiles": described}, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 8) % 8)
    return len(text).to_bytes(8, "little") + text + bytes(body)


def table_of(tile: Tile, parent: Tile) -> Counts | None:
    """The counts of a tile by entry of its parent and code, but for the highest code; None where that is larger."""
    if len(tile) == 0:
        return None
    width = int(tile.codes[-1].max()) + 1
    if len(parent) * (width - 1) > TABLE_SHARE * len(tile):
        return None
    new = np.zeros(len(tile), dtype=bool)
    for codes in tile.codes[:-1]:
        new[1:] |= codes[1:] != codes[:-1]
    line = np.cumsum(new)
    table = np.zeros((len(parent), width), dtype=np.int64)
    if line[-1] != len(parent) - 1:
        return None
    table[line, tile.codes[-1]] = tile.n
    return table[:, :-1] if np.array_equal(table.sum(axis=1), parent.n) else None


def _append(body: bytearray, array: NDArray[Any]) -> list[Any]:
    body.extend(b"\0" * (-len(body) % 8))
    offset = len(body)
    small = _smallest(array)
    body.extend(small.tobytes())
    return [TYPES[small.dtype.str[1:]], offset, len(small)]


def smallest_bytes(array: NDArray[Any]) -> bytes:
    """The bytes of an array as it is sent."""
    return _smallest(array).tobytes()


def _smallest(array: NDArray[Any]) -> NDArray[Any]:
    """Counts in the smallest type that holds them, codes and sums in theirs; little-endian."""
    if array.dtype.kind not in "uf":
        most = int(array.max()) if array.size else 0
        array = array.astype(np.uint8 if most < 1 << 8 else np.uint16 if most < 1 << 16 else np.uint32)
    return array.astype(array.dtype.newbyteorder("<"), copy=False)
