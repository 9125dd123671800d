"""How often rows are of a class, by the probability that the model gave the class.

The dim ``p3`` is of the class with code 3: twice the bin of its probability, plus one where it is the label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.counts.tiles import Codes, Counts, Tally, Tile
from offdiagonal.engine.engine import Engine
from offdiagonal.errors import SelectionError
from offdiagonal.table.meta import CONFIDENCE_BINS
from offdiagonal.table.probabilities import NO_CONFIDENCE, confidence_codes
from offdiagonal.table.table import Table

CLASS_SIZE = 2 * CONFIDENCE_BINS + 1
UNKNOWN = CLASS_SIZE - 1
"""Code of a row that has no label, or no probability of the class."""


def class_dim(code: int) -> str:
    """The dim of a class."""
    return f"p{code}"


def class_of(dims: Sequence[Any], table: Table) -> int | None:
    """Code of the class that a single dim is of; None where it is none of these dims."""
    one = dims[0] if len(dims) == 1 else None
    found = re.fullmatch(r"p(\d{1,6})", one, re.ASCII) if isinstance(one, str) else None
    if found is None or table.probabilities is None:
        return None
    code = int(found[1])
    return code if code < table.probabilities.shape[1] else None


def class_codes(table: Table, code: int) -> Codes:
    """The dim of a class, for each row."""
    probabilities: NDArray[np.float64] | None = table.probabilities
    if probabilities is None:
        return np.full(table.n, UNKNOWN, dtype=np.uint16)
    bins = confidence_codes(probabilities[:, code])
    unknown = bins == NO_CONFIDENCE
    if table.missing is not None:
        unknown |= table.label == table.missing
    codes = 2 * bins.astype(np.uint16) + (table.label == code)
    return np.where(unknown, UNKNOWN, codes).astype(np.uint16)


def class_counts(engine: Engine, code: int, clauses: Sequence[Clause]) -> Counts:
    """Count the rows that satisfy the clauses by the dim of a class."""
    codes = class_codes(engine.table, code)
    kept = codes[engine.mask(clauses)] if clauses else codes
    return np.bincount(kept, minlength=CLASS_SIZE).astype(np.int64)


def class_tile(engine: Engine, code: int) -> Tile:
    """What a saved output keeps of a class: the counts of all rows, where there are splits of each."""
    dim, split = class_dim(code), engine.meta.split
    codes = {dim: class_codes(engine.table, code), **engine.codes}
    tally = Tally(codes, {dim: CLASS_SIZE, **engine.sizes})
    tile = tally.tile([dim] if split is None else [dim, split.key])
    assert tile is not None
    return tile


def class_option(engine: Engine, value: Any) -> dict[str, int]:
    """The class that a view is about, as its option; none where none was asked for.

    Raises
    ------
    SelectionError
        If there is no such class.
    """
    if value is None:
        return {}
    code = engine.class_code(value)
    if code == engine.table.missing:
        raise SelectionError(f"{engine.table.class_texts[code]} is no class, so nothing has its probability")
    return {"of": code}
