"""The built front end: what is sent to a live view, and what a saved output carries."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FAMILIES = {"distribution": "data"}
"""The views that the board's own code does not have, and the family that each is of."""
BEFORE = {"header": "data", "slices": "data"}
"""Those that are others before there is a model."""


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
    return _bundle("board.js.gz")


def _bundle(name: str) -> Bundle:
    packed = _read(name)
    code = gzip.decompress(packed)
    digest = hashlib.blake2b(code, digest_size=8).hexdigest()
    return Bundle(code, digest, base64.b64encode(packed).decode("ascii"))


@cache
def family(name: str) -> Bundle:
    """Views that are sent and saved only where they are shown."""
    return _bundle(f"{name}.js.gz")


def families(views: Iterable[str], *, model: bool = True) -> list[Bundle]:
    """The families that some views are of, beside the board."""
    homes = FAMILIES if model else FAMILIES | BEFORE
    return [family(name) for name in dict.fromkeys(homes[view] for view in views if view in homes)]


def by_digest(digest: str) -> Bundle | None:
    """The views whose code has a digest."""
    return next((one for one in map(family, set(FAMILIES.values())) if one.digest == digest), None)


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
