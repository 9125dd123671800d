"""What a saved output holds: which examples, which counts, within which size."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause, SliceClause, to_json
from offdiagonal.counts.filters import CodeFilter, needed
from offdiagonal.counts.tiers import groups, margins, overlaps, pairs, wholes
from offdiagonal.counts.tiles import CELL, Tally, Tile, best_tile
from offdiagonal.display.wire import meta_json, pack, smallest_bytes, table_of
from offdiagonal.engine import Engine
from offdiagonal.errors import OffdiagonalError
from offdiagonal.pages import Pages, Sort

ROW_BYTES = 64 * 1024
GROUPS_TRIED = 120_000
SAMPLES = 8
"""One part in so many of a tile is compressed to see whether it is worth compressing whole."""
SLOW_BYTES = 1 << 20
"""Beyond it the last level of compression takes seconds and saves little."""
DESCRIPTION_BYTES = 24
"""What the header says of a tile, compressed."""


@dataclass(frozen=True)
class SavePolicy:
    """How many examples, and how much of their text, a saved output holds."""

    rows: int = 200
    text_chars: int = 200

    def __post_init__(self) -> None:
        for name, value in (("save_rows", self.rows), ("text_chars", self.text_chars)):
            if type(value) is not int or value < 0:
                raise OffdiagonalError(f"{name} must be a whole number, 0 or more, not {value!r}")


@dataclass(frozen=True)
class Snapshot:
    """The data of an island."""

    base64: str
    rows: int
    tier: str
    """What can be answered: ``groups`` every selection, ``pairs`` a cell with any two others, ``marginals`` a cell or
    one other, ``cells`` less than that."""


def snapshot(
    engine: Engine, pages: Pages, policy: SavePolicy, budget: int, clauses: Sequence[Clause], variable: str
) -> Snapshot:
    """The richest counts that fit into ``budget`` bytes of base64, and the saved examples.

    Parameters
    ----------
    engine, pages
        The Evaluation's counts and rows.
    policy
        Which examples.
    budget
        Bytes. Examples make place where they must; what draws the views of all rows is kept even where it takes more.
    clauses
        The selection in force; the clauses that the saved counts cannot answer are left out.
    variable
        What the user calls the Evaluation.
    """
    tally = _public_tally(engine)
    least = list(wholes(tally))
    rows, codes = saved_rows(engine, pages, policy)
    header: dict[str, Any] = {
        "meta": meta_json(dataclasses.replace(engine.meta, variable=variable), private=False),
        "rows": rows,
        "row_codes": codes,
        "clauses": [to_json(clause) for clause in public_clauses(engine, clauses)],
        "saved": {"rows": len(rows), "text_chars": policy.text_chars, "tier": "marginals", "left_out": 0},
    }
    while rows and len(_base64(header, least)) > budget:
        rows = rows[: len(rows) * 3 // 4]
        header["rows"], header["saved"]["rows"] = rows, len(rows)
        header["row_codes"] = {dim: column[: len(rows)] for dim, column in codes.items()}
    room = budget // 4 * 3 - len(gzip.compress(pack(header, []), 9))
    for part in (1.0, 0.9, 0.75, 0.5, 0.0):  # compressed together they may take more than one by one
        tier, tiles = _richest(tally, least, int(room * part))
        kept = answered(engine, public_clauses(engine, clauses), tiles)
        header["clauses"] = [to_json(clause) for clause in kept]
        header["saved"] |= {"tier": tier, "left_out": len(clauses) - len(kept)}
        data = _base64(header, tiles)
        if len(data) <= budget:
            break
    return Snapshot(data, len(rows), tier)


def _base64(header: dict[str, Any], tiles: Sequence[Tile]) -> str:
    packed = pack(header, tiles)
    level = 9 if len(packed) < SLOW_BYTES else 7
    return base64.b64encode(gzip.compress(packed, level, mtime=0)).decode("ascii")


def _richest(tally: Tally, least: Sequence[Tile], room: int) -> tuple[str, list[Tile]]:
    """The tiles of most use that take up to ``room`` bytes when compressed, and what they are together."""
    whole = groups(tally, GROUPS_TRIED)
    if whole is not None and _fits(whole[0], room):
        return "groups", whole
    taken = _Taken(room)
    for tile in least:
        taken.put(tile, must=True)
    complete = True
    for tile in chain(overlaps(tally), margins(tally)):
        complete = taken.put(tile) and complete
        if taken.full:
            return "cells", taken.tiles
    if not complete:
        return "cells", taken.tiles
    return ("pairs" if all(taken.put(tile) for tile in pairs(tally)) else "marginals"), taken.tiles


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
        size = _compressed([*tile.codes, tile.n] if table is None else [table]) + DESCRIPTION_BYTES
        if size > self._room and not must:
            return False
        self._room -= size
        self._by_dims[tile.dims] = tile
        return True


def _fits(tile: Tile, room: int) -> bool:
    """Whether a tile can be compressed into ``room`` bytes; a sample tells when it is far from it."""
    arrays = [*tile.codes, tile.n]
    part = slice(0, len(tile) // SAMPLES + 1)
    return SAMPLES * _compressed([array[part] for array in arrays]) < 2 * room and _compressed(arrays) <= room


def _compressed(arrays: Sequence[NDArray[Any]]) -> int:
    return len(zlib.compress(b"".join(smallest_bytes(array) for array in arrays), 6))


def _public_tally(engine: Engine) -> Tally:
    """Counts over what may be saved; where the browser's tile is far smaller than the rows, over that."""
    secret = _secret(engine)
    tally = engine.tally
    if len(engine.tiles) == 1 and 4 * len(engine.tiles[0]) < tally.rows:
        tally = Tally.of_tile(engine.tiles[0], tally.sizes, engine.table.missing)
    codes = {dim: codes for dim, codes in tally.codes.items() if dim not in secret}
    return Tally(codes, {dim: size for dim, size in tally.sizes.items() if dim not in secret}, tally.n)


def _secret(engine: Engine) -> set[str]:
    fields = {field.key for field in engine.meta.fields if field.private}
    return fields | {part.key for part in engine.meta.slices if part.private}


def public_clauses(engine: Engine, clauses: Sequence[Clause]) -> list[Clause]:
    """Clauses that may be saved: none of a private column or slice, and no mask."""
    meta = engine.meta
    hidden = {part.name for part in meta.slices if part.private}
    private_text = any(column.key == meta.text and column.private for column in meta.columns)
    dropped = {"rows", *_secret(engine), *(["text"] if private_text else [])}
    return [
        clause
        for clause in clauses
        if clause.field not in dropped
        and not (isinstance(clause, SliceClause) and hidden & set(clause.names))
    ]


def answered(engine: Engine, clauses: Sequence[Clause], tiles: Sequence[Tile]) -> list[Clause]:
    """The clauses under which every view can be counted from the tiles, taken in their order."""
    kept: list[Clause] = []
    for clause in clauses:
        if all(_answers(engine, tiles, by, without, [*kept, clause]) for by, without in _questions(engine)):
            kept.append(clause)
    return kept


def _questions(engine: Engine) -> Iterator[tuple[list[str], str | None]]:
    """What the views count by, and whose clause they leave out."""
    secret = _secret(engine)
    yield [*CELL], None
    yield [*CELL], "cell"
    if engine.meta.confidence:
        yield ["confidence", "outcome"], "confidence"
    for field in engine.meta.fields:
        if field.key not in secret:
            yield [field.key, "outcome"], field.key
    for part in engine.meta.slices:
        if part.key not in secret:
            yield [part.key, "outcome"], "slice"


def _answers(
    engine: Engine, tiles: Sequence[Tile], by: list[str], without: str | None, clauses: Sequence[Clause]
) -> bool:
    filters = [engine.filter(clause) for clause in clauses if clause.field != without]
    coded = [item for item in filters if isinstance(item, CodeFilter)]
    return len(coded) == len(filters) and best_tile(tiles, needed(by, coded)) is not None


def saved_rows(
    engine: Engine, pages: Pages, policy: SavePolicy
) -> tuple[list[dict[str, Any]], dict[str, list[int]]]:
    """At most ``policy.rows`` examples and 64 KB, dealt round-robin over cells: errors by count, then correct ones.

    Returns
    -------
    rows
        As ``Pages.rows`` gives them, private columns left out, texts cut.
    codes
        For each public dim its code in each saved row, so that a saved notebook can filter them.
    """
    if policy.rows <= 0 or engine.table.n == 0:
        return [], {}
    dealt = deal(engine, pages.indices([], Sort()), policy.rows)
    rows = pages.rows(dealt, chars=policy.text_chars, private=False)
    hidden = {*CELL, *_secret(engine)}
    codes = {dim: column[dealt].tolist() for dim, column in engine.codes.items() if dim not in hidden}
    kept = _within(
        [json_size(row) + sum(json_size(c[i]) for c in codes.values()) for i, row in enumerate(rows)]
    )
    return [rows[i] for i in kept], {dim: [column[i] for i in kept] for dim, column in codes.items()}


def deal(engine: Engine, order: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Positions dealt round-robin: one of each error cell (largest first), a second of each ..., then correct cells."""
    table = engine.table
    k = len(table.classes)
    cell = (table.label.astype(np.int64) * k + table.prediction)[order]
    by_cell = np.argsort(cell, kind="stable")
    size = np.bincount(cell, minlength=k * k)
    starts = np.cumsum(size) - size
    turn = np.empty(len(order), dtype=np.int64)
    turn[by_cell] = np.arange(len(order)) - np.repeat(starts, size)
    right = engine.outcome[order] != 0
    ranked = np.lexsort((np.arange(len(order)), -size[cell], turn, right))
    return order[ranked[:most]]


def json_size(value: Any) -> int:
    """Bytes that a value takes in the saved header, with the comma behind it."""
    return len(json.dumps(value, separators=(",", ":"))) + 1


def _within(sizes: Sequence[int], most: int = ROW_BYTES) -> list[int]:
    """Which of the rows, in order, fit into a number of bytes together; one that does not makes place for the next."""
    kept: list[int] = []
    for i, size in enumerate(sizes):
        if size <= most:
            kept.append(i)
            most -= size
    return kept
