"""What goes to the browser: the description as JSON, counts as typed arrays behind a JSON header."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.tiles import Tile
from offdiagonal.table.meta import Meta

TYPES = {"u1": "Uint8Array", "u2": "Uint16Array", "u4": "Uint32Array", "f8": "Float64Array"}


def meta_json(meta: Meta, *, private: bool) -> dict[str, Any]:
    """The description as plain data; without the private columns where it is saved."""
    data = dataclasses.asdict(meta)
    if not private:
        for part in ("fields", "slices", "columns"):
            data[part] = [item for item in data[part] if not item["private"]]
    return data


def pack(header: dict[str, Any], tiles: Sequence[Tile]) -> bytes:
    """One buffer: the header's length, the header, and the arrays of the tiles, each aligned to eight bytes."""
    body = bytearray()
    described = [{"dims": list(tile.dims), "arrays": [_append(body, a) for a in _arrays(tile)]} for tile in tiles]
    text = json.dumps({**header, "tiles": described}, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 8) % 8)
    return len(text).to_bytes(8, "little") + text + bytes(body)


def _arrays(tile: Tile) -> list[NDArray[Any]]:
    return [*tile.codes, _counts(tile.n)]


def _counts(n: NDArray[np.int64]) -> NDArray[Any]:
    most = int(n.max()) if len(n) else 0
    return n.astype(np.uint8 if most < 1 << 8 else np.uint16 if most < 1 << 16 else np.uint32)


def _append(body: bytearray, array: NDArray[Any]) -> list[Any]:
    body.extend(b"\0" * (-len(body) % 8))
    offset = len(body)
    body.extend(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
    return [TYPES[array.dtype.str[1:]], offset, len(array)]
