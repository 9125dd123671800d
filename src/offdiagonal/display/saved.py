"""What a saved output holds: which examples, which counts, within which size."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause, SliceClause, to_json
from offdiagonal.counts.tiers import crossings, groups, margins, pairs
from offdiagonal.counts.tiles import Tally
from offdiagonal.display.wire import meta_json, pack
from offdiagonal.engine import Engine
from offdiagonal.pages import Pages, Sort

ROW_BYTES = 64 * 1024
GROUPS_TRIED = 120_000


@dataclass(frozen=True)
class SavePolicy:
    """How many examples, and how much of their text, a saved output holds."""

    rows: int = 200
    text_chars: int = 200


@dataclass(frozen=True)
class Snapshot:
    """The data of an island."""

    base64: str
    rows: int
    tier: str


def snapshot(engine: Engine, pages: Pages, policy: SavePolicy, budget: int, clauses: Sequence[Clause], variable: str) -> Snapshot:
    """The richest counts that fit into ``budget`` bytes of base64, and the saved examples.

    Parameters
    ----------
    engine, pages
        The Evaluation's counts and rows.
    policy
        Which examples.
    budget
        Bytes; the marginals are kept even where they take more.
    clauses
        The selection in force.
    variable
        What the user calls the Evaluation.
    """
    rows, codes = saved_rows(engine, pages, policy)
    secret = {f.key for f in (*engine.meta.fields, *engine.meta.slices) if f.private}
    public = {dim: c for dim, c in engine.tally.codes.items() if dim not in secret}
    sizes = {dim: size for dim, size in engine.sizes.items() if dim not in secret}
    meta = dataclasses.replace(engine.meta, variable=variable)
    header = {
        "meta": meta_json(meta, private=False),
        "rows": rows,
        "row_codes": codes,
        "clauses": [to_json(clause) for clause in public_clauses(engine, clauses)],
        "saved": {"rows": len(rows), "text_chars": policy.text_chars},
    }
    for tier, tiles in _tiers(public, sizes):
        if tiles is None:
            continue
        header["saved"]["tier"] = tier
        data = base64.b64encode(gzip.compress(pack(header, tiles), 9, mtime=0)).decode("ascii")
        if len(data) <= budget or tier == "marginals":
            return Snapshot(data, len(rows), tier)
    raise AssertionError("the marginals always fit")


def _tiers(codes: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
    tally = Tally(codes, sizes)
    yield "groups", groups(tally, GROUPS_TRIED)
    small = [*margins(tally), *crossings(tally)]
    yield "pairs", [*small, *pairs(tally)]
    yield "marginals", small


def public_clauses(engine: Engine, clauses: Sequence[Clause]) -> list[Clause]:
    """Clauses that may be saved: none of a private column or slice, and no mask."""
    meta = engine.meta
    secret = {f.key for f in meta.fields if f.private}
    hidden = {s.name for s in meta.slices if s.private}
    private_text = any(column.key == meta.text and column.private for column in meta.columns)
    dropped = {"rows", *secret, *(["text"] if private_text else [])}
    return [
        clause
        for clause in clauses
        if clause.field not in dropped and not (isinstance(clause, SliceClause) and hidden & set(clause.names))
    ]


def saved_rows(engine: Engine, pages: Pages, policy: SavePolicy) -> tuple[list[dict[str, Any]], dict[str, list[int]]]:
    """At most ``policy.rows`` examples and 64 KB, dealt round-robin over the cells: errors by count, then correct ones.

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
    kept = _within(rows, ROW_BYTES)
    secret = {f.key for f in (*engine.meta.fields, *engine.meta.slices) if f.private}
    codes = {
        dim: column[dealt[:kept]].tolist()
        for dim, column in engine.codes.items()
        if dim not in secret and dim not in ("label", "prediction")
    }
    return rows[:kept], codes


def deal(engine: Engine, order: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Positions dealt round-robin: one of each error cell (largest first), a second of each, ..., then correct cells."""
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


def _within(rows: Sequence[dict[str, Any]], most: int) -> int:
    """How many of the rows fit into a number of bytes."""
    total = 0
    for i, row in enumerate(rows):
        total += len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")) + 1
        if total > most:
            return i
    return len(rows)

