"""The built front end: what is sent to a live view, and what a saved output carries."""

from __future__ import annotations

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Bundle:
    """One family of views."""

    code: bytes
    digest: str
    compressed: str
    """The code as base64 of gzip, as an island stores it."""


@cache
def board() -> Bundle:
    """The views of the board."""
    packed = _read("board.js.gz")
    code = gzip.decompress(packed)
    digest = hashlib.blake2b(code, digest_size=8).hexdigest()
    return Bundle(code, digest, base64.b64encode(packed).decode("ascii"))


@cache
def stub() -> str:
    """The few lines that every widget model stores: they ask for the code once a page."""
    return _read("stub.js").decode("utf-8")


@cache
def loader() -> str:
    """The script of an island."""
    return _read("loader.js").decode("utf-8")


def _read(name: str) -> bytes:
    try:
        return (files("offdiagonal.display") / "bundle" / name).read_bytes()
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"the front end ({name}) is not built; in a checkout run: cd js && npm ci && npm run build"
        ) from error
