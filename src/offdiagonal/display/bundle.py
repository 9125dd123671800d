"""The built front end: what is sent to a live view, and what a saved output carries."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CHARTS = ("chart", "chart-2", "chart-3", "chart-4")
"""A user's own charts, as many as one board may have."""
FAMILIES = {
    **dict.fromkeys(CHARTS, "chart"),
    "calibration": "calibration",
    "distribution": "data",
    "findings": "findings",
    "losses": "numbers",
    "measures": "measures",
    "scatter": "scatter",
}
"""The views that the board's own code does not have, and the family that each is of."""
INSTEAD = {
    "confused": {"header", "confusion"},
    "data": {"header", "slices"},
    "numbers": {"header", "slices"},
}
"""Views of the board that a family has one of its own for, where the board's do not fit the table."""


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


@cache
def training() -> Bundle:
    """The views of training runs, which are a front end of their own."""
    return _bundle("training.js.gz")


@cache
def figure() -> Bundle:
    """A chart whose numbers no longer change: a front end of its own, for it needs no kernel."""
    return _bundle("figure.js.gz")


def _bundle(name: str) -> Bundle:
    packed = _read(name)
    code = gzip.decompress(packed)
    digest = hashlib.blake2b(code, digest_size=8).hexdigest()
    return Bundle(code, digest, base64.b64encode(packed).decode("ascii"))


@cache
def family(name: str) -> Bundle:
    """Views that are sent and saved only where they are shown."""
    return _bundle(f"{name}.js.gz")


def families(views: Iterable[str], instead: Iterable[str] = ()) -> list[Bundle]:
    """The families that some views are of, beside the board.

    Parameters
    ----------
    views
        Names of views.
    instead
        The families that have views in place of the board's; they come last.
    """
    names = dict.fromkeys(FAMILIES[view] for view in views if view in FAMILIES)
    for own in instead:
        if INSTEAD[own] & {*views}:
            names.pop(own, None)
            names[own] = None
    return [family(name) for name in names]


def checkpoints() -> Bundle:
    """What shows a saved output at the checkpoints of a training: a live view asks its kernel."""
    return family("checkpoints")


def by_digest(digest: str) -> Bundle | None:
    """The views whose code has a digest."""
    return next((one for one in map(family, {*FAMILIES.values(), *INSTEAD}) if one.digest == digest), None)


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
