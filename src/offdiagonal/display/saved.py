"""What a saved output holds: which examples, which counts, within which size."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from numpy.typing import NDArray

from offdiagonal.clauses import Clause, SliceClause, to_json
from offdiagonal.counts.filters import CodeFilter, needed
from offdiagonal.counts.tiers import cells, groups, margins, overlaps, pairs, wholes
from offdiagonal.counts.tiles import CELL, Tally, Tile, best_tile
from offdiagonal.display.confused import listed_options, names_of, too_many
from offdiagonal.display.examples import SavedRows, SavePolicy
from offdiagonal.display.wire import meta_json, pack, smallest_bytes, table_of
from offdiagonal.engine import Engine

GROUPS_TRIED = 120_000
SAMPLES = 8
"""One part in so many of a tile is compressed to see whether it is worth compressing whole."""
SLOW_BYTES = 1 << 20
"""Beyond it the last level of compression takes seconds and saves little."""
LIST_BYTES = 24 * 1024
"""Left free for the pairs that stand out, of classes too many for all of them."""
DESCRIPTION_BYTES = 24
"""What the header says of a tile, compressed."""


@dataclass(frozen=True)
class Snapshot:
    """The data of an island."""

    base64: str
    rows: int
    tier: str
    """What can be answered: ``groups`` every selection, ``pairs`` a cell with any two others, ``marginals`` a cell or
    one other, ``cells`` less than that."""
    checkpoints: bool = False
    """Whether there is something of the checkpoints of a training, which takes code of its own to show."""


@dataclass(frozen=True)
class Beside:
    """What is saved of the checkpoints of a training where the examples leave room for it."""

    of: Callable[[SavedRows, Callable[[dict[str, Any]], bool]], dict[str, Any] | None]
    """What there is for the examples that are saved, of which a function says whether it fits."""
    code: int
    """Bytes of what shows it."""


def snapshot(
    engine: Engine,
    kept: SavedRows,
    policy: SavePolicy,
    budget: int,
    clauses: Sequence[Clause],
    variable: str,
    sides: Sequence[str] = (),
    more: Sequence[Tile] = (),
    options: Mapping[str, Any] | None = None,
    effects: Callable[[Sequence[Clause]], list[dict[str, Any]]] | None = None,
    checkpoints: Beside | None = None,
) -> Snapshot:
    """The richest counts that fit into ``budget`` bytes of base64, and the saved examples.

    Parameters
    ----------
    engine
        The Evaluation's counts.
    kept, policy
        The examples, and what they were chosen by.
    budget
        Bytes. Examples make place where they must; what draws the views of all rows is kept even where it takes more.
    clauses
        The selection in force; the clauses that the saved counts cannot answer are left out.
    variable
        What the user calls the Evaluation.
    sides
        The two dims of a matrix that is displayed, where they are not label and prediction.
    more
        Counts that are kept too where all of them find room, else the first of them where that does.
    options
        Of the views, beside those that a live view has.
    effects
        What groups of rows do to intervals, under the clauses that are kept.
    checkpoints
        They come after the examples, and before the counts that more than one clause needs.
    """
    tally = _public_tally(engine)
    least = [*wholes(tally, engine.split), *_drawn(engine, tally, sides)]
    header: dict[str, Any] = {
        "meta": meta_json(dataclasses.replace(engine.meta, variable=variable), private=False),
        **_rows_of(kept),
        "clauses": [to_json(clause) for clause in public_clauses(engine, clauses)],
        "saved": {"rows": len(kept), "text_chars": policy.text_chars, "tier": "marginals", "left_out": 0},
    }
    if options:
        header["options"] = options
    if effects is not None:
        header["effects"] = effects(public_clauses(engine, clauses))
    listed = too_many(engine, tally, budget)
    if listed:
        header["meta"] |= names_of(engine, header)
    else:
        least += cells(tally, engine.split)
    if len(_base64(header, least)) > budget:
        kept = _first_that_fit(kept, lambda part: len(_base64(header | _rows_of(part), least)) <= budget)
        header |= _rows_of(kept)
        header["saved"]["rows"] = len(kept)
    beside = None if checkpoints is None else _beside(checkpoints, kept, header, least, budget)
    if checkpoints is not None and beside is not None:
        options = {**(options or {}), "checkpoints": beside}
        header["options"] = options
        budget -= checkpoints.code
    room = budget // 4 * 3 - len(gzip.compress(pack(header, []), 9)) - (LIST_BYTES if listed else 0)
    for part in (1.0, 0.9, 0.75, 0.5, 0.0):  # compressed together they may take more than one by one
        tier, tiles = _richest(tally, engine.split, least, int(room * part), cellwise=not listed)
        in_force = answered(engine, public_clauses(engine, clauses), tiles, sides)
        header["clauses"] = [to_json(clause) for clause in in_force]
        header["saved"] |= {"tier": tier, "left_out": len(clauses) - len(in_force)}
        if effects is not None:
            header["effects"] = effects(in_force)
        if listed:
            header["options"] = {**(options or {}), **listed_options(engine, in_force, part)}
            header["meta"] |= names_of(engine, header)
        data = _base64(header, tiles)
        if len(data) <= budget:
            break
    for part_of_more in (more, more[:1]):
        with_more = _base64(header, [*tiles, *part_of_more])
        if len(with_more) <= budget:
            data = with_more
            break
    return Snapshot(data, len(kept), tier, beside is not None)


def _beside(
    checkpoints: Beside, kept: SavedRows, header: dict[str, Any], least: Sequence[Tile], budget: int
) -> dict[str, Any] | None:
    """What is saved of checkpoints in the room that examples and the least counts leave."""
    options = header.get("options", {})

    def fits(found: dict[str, Any]) -> bool:
        more = {"options": {**options, "checkpoints": found}}
        return len(_base64(header | more, least)) + checkpoints.code <= budget

    return checkpoints.of(kept, fits)


def _rows_of(kept: SavedRows) -> dict[str, Any]:
    return {"rows": kept.rows, "row_codes": kept.codes}


def _first_that_fit(kept: SavedRows, fits: Callable[[SavedRows], bool]) -> SavedRows:
    """As many of the examples, from the first on, as fit; not all of them do."""
    fewest, most = 0, len(kept)
    while most - fewest > 1:
        middle = (fewest + most) // 2
        fewest, most = (middle, most) if fits(kept.first(middle)) else (fewest, middle)
    return kept.first(fewest)


def _base64(header: dict[str, Any], tiles: Sequence[Tile]) -> str:
    packed = pack(header, tiles)
    level = 9 if len(packed) < SLOW_BYTES else 7
    return base64.b64encode(gzip.compress(packed, level, mtime=0)).decode("ascii")


def _richest(
    tally: Tally, split: str | None, least: Sequence[Tile], room: int, *, cellwise: bool
) -> tuple[str, list[Tile]]:
    """The tiles of most use that take up to ``room`` bytes when compressed, and what they are together."""
    whole = groups(tally, GROUPS_TRIED) if cellwise else None
    if whole is not None and _fits(whole[0], room):
        return "groups", whole
    taken = _Taken(room)
    for tile in least:
        taken.put(tile, must=True)
    complete = True
    for tile in chain(overlaps(tally, split), margins(tally, split) if cellwise else ()):
        complete = taken.put(tile) and complete
        if taken.full:
            return "cells", taken.tiles
    if not complete or not cellwise:
        return "cells", taken.tiles
    return ("pairs" if all(taken.put(tile) for tile in pairs(tally, split)) else "marginals"), taken.tiles


class _Taken:
    """Tiles taken as long as there is room."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._by_dims: dict[tuple[str, ...], Tile] = {}

    @property
    def tiles(self) -> list[Tile]:
        return list(self._by_dims.values())

    @property
    def full(self) -> bool:
        return self._room <= DESCRIPTION_BYTES

    def put(self, tile: Tile, *, must: bool = False) -> bool:
        parent = self._by_dims.get(tile.dims[:-1])
        table = None if parent is None else table_of(tile, parent)
        counted = [*tile.codes, tile.n] if table is None else [table]
        size = _compressed([*counted, *tile.sums.values()]) + DESCRIPTION_BYTES
        if size > self._room and not must:
            return False
        self._room -= size
        self._by_dims[tile.dims] = tile
        return True


def _fits(tile: Tile, room: int) -> bool:
    """Whether a tile can be compressed into ``room`` bytes; a sample tells when it is far from it."""
    arrays = [*tile.codes, tile.n, *tile.sums.values()]
    part = slice(0, len(tile) // SAMPLES + 1)
    return SAMPLES * _compressed([array[part] for array in arrays]) < 2 * room and _compressed(arrays) <= room


def _compressed(arrays: Sequence[NDArray[Any]]) -> int:
    return len(zlib.compress(b"".join(smallest_bytes(array) for array in arrays), 6))


def _public_tally(engine: Engine) -> Tally:
    """Counts over what may be saved; where the browser's tile is far smaller than the rows, over that."""
    secret = secret_dims(engine)
    tally = engine.tally
    if len(engine.tiles) == 1 and 4 * len(engine.tiles[0]) < tally.rows:
        tally = Tally.of_tile(engine.tiles[0], tally.sizes, engine.unjudged)
    codes = {dim: codes for dim, codes in tally.codes.items() if dim not in secret}
    sizes = {dim: size for dim, size in tally.sizes.items() if dim not in secret}
    return Tally(codes, sizes, tally.n, tally.amounts)


def secret_dims(engine: Engine) -> set[str]:
    """The private columns and slices, by their keys."""
    fields = {field.key for field in engine.meta.fields if field.private}
    return fields | {part.key for part in engine.meta.slices if part.private}


def public_clauses(engine: Engine, clauses: Sequence[Clause]) -> list[Clause]:
    """Clauses that may be saved: none of a private column or slice, and no mask."""
    meta = engine.meta
    hidden = {part.name for part in meta.slices if part.private}
    private_text = any(column.key == meta.text and column.private for column in meta.columns)
    dropped = {"rows", *secret_dims(engine), *(["text"] if private_text else [])}
    return [
        clause
        for clause in clauses
        if clause.field not in dropped
        and not (isinstance(clause, SliceClause) and hidden & set(clause.names))
    ]


def _drawn(engine: Engine, tally: Tally, sides: Sequence[str]) -> list[Tile]:
    """What draws a view of all rows beyond its outcomes: a matrix of two columns, the positive class's calibration."""
    wanted = []
    if sides:
        cellwise = {*sides} & {*CELL}
        wanted.append(dict.fromkeys([*(CELL if cellwise else ["outcome"]), *sides]))
    if engine.meta.confidence and engine.meta.positive is not None:
        wanted.append(dict.fromkeys([*CELL, "confidence"]))
    split = [] if engine.split is None else [engine.split]
    tiles = [tally.tile([*dict.fromkeys([*dims, *split])]) for dims in wanted]
    return [tile for tile in tiles if tile is not None]


def answered(
    engine: Engine, clauses: Sequence[Clause], tiles: Sequence[Tile], sides: Sequence[str] = ()
) -> list[Clause]:
    """The clauses under which every view can be counted from the tiles, taken in their order."""
    kept: list[Clause] = []
    questions = list(_questions(engine, sides))
    for clause in clauses:
        if all(_answers(engine, tiles, by, own, [*kept, clause]) for by, own in questions):
            kept.append(clause)
    return kept


def _questions(engine: Engine, sides: Sequence[str]) -> Iterator[tuple[list[str], set[str]]]:
    """What the views count by, and whose clauses they leave out."""
    meta, secret = engine.meta, secret_dims(engine)
    own = {part.key: "slice" for part in meta.slices} | {field.key: field.key for field in meta.fields}
    if not (meta.many and meta.model):  # of many classes the list has its own
        yield [*CELL], set()
        yield [*CELL], {"cell"}
    else:
        yield [], set()
    if meta.confidence:
        yield ["confidence", "outcome"], {"confidence"}
    for key, field in own.items():
        if key not in secret:
            yield [key, "outcome"], {field}
    if sides:
        yield [*sides], {own.get(side, "cell") for side in sides}


def _answers(
    engine: Engine, tiles: Sequence[Tile], by: list[str], without: set[str], clauses: Sequence[Clause]
) -> bool:
    filters = [engine.filter(clause) for clause in clauses if clause.field not in without]
    coded = [item for item in filters if isinstance(item, CodeFilter)]
    return len(coded) == len(filters) and best_tile(tiles, needed(by, coded)) is not None
