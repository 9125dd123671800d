"""Which examples a saved output holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.counts.sparse import occurring
from offdiagonal.counts.tiles import CELL
from offdiagonal.engine import Engine
from offdiagonal.errors import OffdiagonalError
from offdiagonal.pages import Pages, Sort

ROW_BYTES = 64 * 1024


@dataclass(frozen=True)
class SavePolicy:
    """How many examples, and how much of their text, a saved output holds."""

    rows: int = 200
    text_chars: int = 200
    most_bytes: int | None = ROW_BYTES
    """Of the examples together, as JSON; None where the user asked for a number of rows for a file."""
    images: bool = True
    """Whether small images are saved with them."""

    def __post_init__(self) -> None:
        for name, value in (("save_rows", self.rows), ("text_chars", self.text_chars)):
            object.__setattr__(self, "rows" if name == "save_rows" else name, _whole(name, value))


def _whole(name: str, value: Any) -> int:
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < 0:
        raise OffdiagonalError(f"{name} must be a whole number, 0 or more, not {value!r}")
    return int(value)


@dataclass(frozen=True)
class SavedRows:
    """Examples as they are saved."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    """As ``Pages.rows`` gives them, private columns left out, texts cut."""
    codes: dict[str, list[int]] = field(default_factory=dict)
    """For each public dim its code in each row, so that a saved notebook can filter them."""

    def __len__(self) -> int:
        return len(self.rows)

    def first(self, n: int) -> SavedRows:
        """The first of them."""
        return SavedRows(self.rows[:n], {dim: column[:n] for dim, column in self.codes.items()})


def saved_rows(
    engine: Engine, pages: Pages, policy: SavePolicy, secret: set[str], split: Sequence[Clause] = ()
) -> SavedRows:
    """The examples that a policy allows, dealt round-robin over cells: errors by count, then correct ones.

    Parameters
    ----------
    engine, pages
        The Evaluation's counts and rows.
    policy
        How many.
    secret
        The dims that are not saved.
    split
        The clause on the split in force: its examples come first.
    """
    if policy.rows <= 0 or engine.table.n == 0:
        return SavedRows()
    dealt = deal(engine, pages.indices(split, Sort()), policy.rows)
    if len(dealt) < policy.rows and split:
        others = pages.indices([], Sort())
        outside = others[~engine.mask(split)[others]]
        dealt = np.concatenate([dealt, deal(engine, outside, policy.rows - len(dealt))])
    rows = pages.rows(dealt, chars=policy.text_chars, private=False, images=policy.images)
    hidden = {*CELL, *secret}
    codes = {dim: column[dealt].tolist() for dim, column in engine.codes.items() if dim not in hidden}
    if policy.most_bytes is None:
        return SavedRows(rows, codes)
    sizes = [json_size(row) + sum(json_size(c[i]) for c in codes.values()) for i, row in enumerate(rows)]
    kept = _within(sizes, policy.most_bytes)
    return SavedRows(
        [rows[i] for i in kept], {dim: [column[i] for i in kept] for dim, column in codes.items()}
    )


def deal(engine: Engine, order: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Positions dealt round-robin: one of each error cell (largest first), a second of each ..., then correct cells."""
    label, prediction, k = _sides(engine)
    _, place, size = occurring(label, prediction, k)
    cell = place[order]
    size = np.bincount(cell, minlength=len(size))
    by_cell = np.argsort(cell, kind="stable")
    starts = np.cumsum(size) - size
    turn = np.empty(len(order), dtype=np.int64)
    turn[by_cell] = np.arange(len(order)) - np.repeat(starts, size)
    right = engine.outcome[order] != 0
    ranked = np.lexsort((np.arange(len(order)), -size[cell], turn, right))
    return order[ranked[:most]]


def _sides(engine: Engine) -> tuple[NDArray[Any], NDArray[Any], int]:
    """The codes that make the cells, and how many there are: of a regression the bins of its two columns."""
    loss = engine.meta.loss
    sides = [] if loss is None else [engine.codes.get(str(side)) for side in (loss.label, loss.prediction)]
    if len(sides) == 2 and sides[0] is not None and sides[1] is not None:
        return sides[0], sides[1], engine.sizes[str(loss and loss.prediction)]
    return engine.table.label, engine.table.prediction, len(engine.table.classes)


def json_size(value: Any) -> int:
    """Bytes that a value takes in the saved header, with the comma behind it."""
    return len(json.dumps(value, separators=(",", ":"))) + 1


def _within(sizes: Sequence[int], most: int) -> list[int]:
    """Which of the rows, in order, fit into a number of bytes together; one that does not makes place for the next."""
    kept: list[int] = []
    for i, size in enumerate(sizes):
        if size <= most:
            kept.append(i)
            most -= size
    return kept
