"""Arrays as bytes: a JSON header, then the arrays one behind the other. Nothing in it is ever run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPES = {"f4", "f8", "u1", "u4"}


def packed(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """One piece of bytes of a header and of arrays of the types that there are, little-endian."""
    described = {}
    body = bytearray()
    for name, given in arrays.items():
        kind = given.dtype.str[1:]
        assert kind in TYPES, kind
        array = np.ascontiguousarray(given, dtype=f"<{kind}")
        described[name] = [kind, list(array.shape)]
        body += array.tobytes()
    text = json.dumps({"header": header, "arrays": described}, separators=(",", ":")).encode()
    return len(text).to_bytes(4, "little") + text + bytes(body)


def unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What was packed.

    Raises
    ------
    ValueError
        If the bytes are no such piece.
    """
    length = int.from_bytes(data[:4], "little")
    described = json.loads(data[4 : 4 + length])
    at = 4 + length
    arrays = {}
    for name, (kind, shape) in described["arrays"].items():
        if kind not in TYPES:
            raise ValueError(f"unknown type {kind!r:.20}")
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(data, dtype=f"<{kind}", count=count, offset=at).reshape(shape)
        at += arrays[name].nbytes
    return described["header"], arrays
