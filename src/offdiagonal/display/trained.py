"""What a saved output holds of the checkpoints of a training: the counts under the predictions of some of them."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offdiagonal.counts.tiers import margins, wholes
from offdiagonal.counts.tiles import Tally, Tile
from offdiagonal.engine import Engine
from offdiagonal.table.meta import SplitField

Told = Literal["selections", "all rows", "cells"]

MOST = 24
"""Checkpoints that are kept at most, the first and the last among them."""
FEWER = (24, 12, 6)
ROWS_COUNTED = 4_000_000
"""Of a larger table fewer are kept: to save an output takes a few seconds at most."""
COUNT_BYTES = 24 * 1024
TOLD: tuple[Told, ...] = ("selections", "all rows", "cells")
"""What is told of each checkpoint: what draws the views under one selection, of all rows, or the matrix alone."""
MOST_VALUES = 400_000
"""More have no room, however well they compress."""
ROW_BYTES = 16 * 1024
"""Of base64, compressed. All outputs of an Evaluation keep the same checkpoints: they are shown side by side."""
STANDING = ("measures", "scatter", "findings")
"""Views that a saved output has under the predictions alone that were shown when it was saved."""
CHANGING = ("name", "confidence", "why_no_confidence", "score", "auc", "split")
"""What the description of an Evaluation says of its predictions."""


@dataclass(frozen=True)
class Trained:
    """The checkpoints that an Evaluation can go to."""

    run: str
    """What links the views of the run: they tell which steps are brushed."""
    steps: Sequence[float]
    shown: float | None
    """The step whose predictions are shown; None: those that were given."""
    engine: Callable[[int], Engine]
    """Counts under the predictions of a checkpoint."""


def saved_checkpoints(
    trained: Trained | None,
    now: Engine,
    secret: set[str],
    views: Sequence[str],
    rows: Sequence[int],
    fits: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> dict[str, Any] | None:
    """Counts, and what was predicted of the saved examples, at as many checkpoints as there is room for.

    Where there is little of it fewer checkpoints are kept, then no predictions of examples, then none at all.

    Parameters
    ----------
    trained
        The checkpoints.
    now
        The Evaluation as it is shown.
    secret
        The dims that are not saved.
    views
        What is displayed.
    rows
        The positions of the saved examples.
    fits
        Whether the output has room for something.

    Returns
    -------
    dict or None
        None where there are no checkpoints, or too many classes to count them in a saved output, or no classes; or
        no room even to say that none is kept.
    """
    if trained is None or now.meta.loss is not None or now.meta.many:
        return None
    moment = cache(lambda place: _Moment.of(trained.engine(place), secret, rows))
    counted = len(trained.steps) if now.table.n == 0 else ROWS_COUNTED // now.table.n
    places = _evenly(np.arange(len(trained.steps)), min(MOST, max(2, counted)))
    described = _described(now)

    def found(some: Sequence[int], tiles: list[dict[str, Any]], own: Sequence[int]) -> dict[str, Any]:
        moments = [moment(place) for place in some]
        return {
            "run": trained.run,
            "created": now.meta.created,
            "version": now.meta.version,
            "shown": trained.shown,
            "of": len(trained.steps),
            "steps": [float(trained.steps[place]) for place in some],
            "meta": [
                {name: value for name, value in one.described.items() if value != described[name]}
                for one in moments
            ],
            "tiles": tiles,
            "rows": _predicted(own, [one.rows for one in moments]),
            "standing": [
                view for view in STANDING if view in views and (view != "findings" or now.meta.findings)
            ],
        }

    kept = list(_choices(moment, places))
    for own in (rows, ()) if rows else ((),):
        for some, tiles in kept:
            if fits(data := found(some, tiles, own)):
                return data
    nothing = found((), [], ())
    return nothing if fits(nothing) else None


def _choices(
    moment: Callable[[int], _Moment], places: NDArray[np.int64]
) -> Iterator[tuple[Sequence[int], list[dict[str, Any]]]]:
    """Which checkpoints, and what is told of them, the richest first.

    The cheapest is tried first, and of each that tells more the fewest checkpoints: where these have no room, to count
    more takes seconds and finds nothing.
    """

    @cache
    def packed(told: Told, most: int) -> list[dict[str, Any]] | None:
        some = _evenly(places, most)
        found = _packed_of(moment, told, some.tolist())
        return found if found is None or _size(found) <= COUNT_BYTES else None

    if packed(TOLD[-1], FEWER[-1]) is None:
        return
    for told in TOLD:
        if packed(told, FEWER[-1]) is not None:
            for most in FEWER:
                tiles = packed(told, most)
                if tiles is not None:
                    yield _evenly(places, most).tolist(), tiles


def _packed_of(
    moment: Callable[[int], _Moment], told: Told, places: Sequence[int]
) -> list[dict[str, Any]] | None:
    """What is told of some checkpoints; None where that is more than ``MOST_VALUES``."""
    moments: list[Sequence[Tile]] = []
    for place in reversed(places):  # what a model predicts first is often all of one class
        tiles = moment(place).tiles(told, MOST_VALUES // len(places))
        if tiles is None:
            return None
        moments.insert(0, tiles)
    return _packed(moments)


def _evenly(places: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most so many of some places, the first and the last among them."""
    return places[np.linspace(0, len(places) - 1, min(most, len(places))).round().astype(np.int64)]


@dataclass(frozen=True)
class _Moment:
    """An Evaluation at one checkpoint."""

    tiles: Callable[[Told, int], list[Tile] | None]
    """What is told of it in so many entries; None where there are more."""
    described: dict[str, Any]
    rows: dict[str, list[Any]]

    @classmethod
    def of(cls, engine: Engine, secret: set[str], rows: Sequence[int]) -> _Moment:
        codes = engine.codes | {"outcome": engine.outcome}
        public = {dim: own for dim, own in codes.items() if dim not in secret}
        sizes = {dim: size for dim, size in engine.sizes.items() if dim not in secret}
        tally, split = Tally(public, sizes, amounts=engine.amounts), engine.split

        def counted(told: Told) -> Iterator[Tile]:
            whole = wholes(tally, split)
            if told == "all rows":
                return whole
            cells = islice(whole, 1)
            return cells if told == "cells" else chain(cells, margins(tally, split))

        def tiles(told: Told, most: int) -> list[Tile] | None:
            found, entries = [], 0
            for tile in counted(told):
                found.append(tile)
                entries += len(tile)
                if entries > most:
                    return None
            return found

        table, places = engine.table, np.asarray(rows, dtype=np.int64)
        predicted: dict[str, list[Any]] = {"prediction": table.prediction[places].tolist()}
        if table.confidence is not None:
            sure = table.confidence[places]
            predicted["confidence"] = [round(p, 4) if np.isfinite(p) else None for p in sure.tolist()]
            predicted["bin"] = engine.codes["confidence"][places].tolist()
        return cls(tiles, _described(engine), predicted)


def _described(engine: Engine) -> dict[str, Any]:
    found = {name: getattr(engine.meta, name) for name in CHANGING}
    return {
        name: dataclasses.asdict(value) if isinstance(value, SplitField) else value
        for name, value in found.items()
    }


def _predicted(rows: Sequence[int], moments: Sequence[Mapping[str, list[Any]]]) -> dict[str, Any] | None:
    """What was predicted of each row, checkpoint by checkpoint; of as many rows, from the first on, as fit."""
    if not rows or not moments:
        return None
    most = len(rows)
    while True:
        found = {"row": list(rows[:most])} | {
            name: [one[name][:most] for one in moments] for name in moments[0]
        }
        size = _size(found)
        if size <= ROW_BYTES or most == 1:
            return found
        most = max(1, min(most - 1, most * ROW_BYTES // size))


def _packed(moments: Sequence[Sequence[Tile]]) -> list[dict[str, Any]] | None:
    """Tiles of the same dims together: the combinations that occur at any checkpoint, and how often at each.

    None where that is more than ``MOST_VALUES``.
    """
    found, room = [], MOST_VALUES
    for tiles in zip(*moments, strict=True):
        together = _together(tiles, room)
        if together is None:
            return None
        found.append(together)
        room -= len(tiles) * len(together["codes"][0])
    return found


def _together(tiles: Sequence[Tile], most: int) -> dict[str, Any] | None:
    """Counts are what came to those of the checkpoint before: most of them stay, and nought takes no room."""
    sizes = [max((int(codes.max()) + 1 for codes in own if len(codes)), default=1) for own in _by_dim(tiles)]
    keys = [np.ravel_multi_index(tile.codes, sizes) for tile in tiles]
    seen = np.unique(np.concatenate(keys))
    if len(tiles) * len(seen) > most:
        return None
    counts = np.zeros((len(tiles), len(seen)), dtype=np.int64)
    sums = {name: np.zeros(counts.shape) for name in tiles[0].sums}
    for i, (tile, key) in enumerate(zip(tiles, keys, strict=True)):
        at = np.searchsorted(seen, key)
        counts[i, at] = tile.n
        for name, added in sums.items():
            added[i, at] = tile.sums[name]
    return {
        "dims": list(tiles[0].dims),
        "codes": [codes.tolist() for codes in np.unravel_index(seen, sizes)],
        "n": np.diff(counts, axis=0, prepend=0).tolist(),
        "sums": {name: added.tolist() for name, added in sums.items()},
    }


def _by_dim(tiles: Sequence[Tile]) -> list[list[NDArray[Any]]]:
    return [[tile.codes[i] for tile in tiles] for i in range(len(tiles[0].dims))]


def _size(data: Any) -> int:
    text = json.dumps(data, separators=(",", ":")).encode()
    return len(base64.b64encode(gzip.compress(text, 6, mtime=0)))
