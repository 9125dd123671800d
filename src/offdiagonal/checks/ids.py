"""Asks whether any example is there more than once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.checks.words import share
from offdiagonal.clauses import RowsClause
from offdiagonal.findings import Finding
from offdiagonal.stats.intervals import wilson
from offdiagonal.views.text import amount, short


def id_findings(numbers: NDArray[np.int64], label: NDArray[Any], column: str | None) -> list[Finding]:
    """Ids that several rows have.

    Parameters
    ----------
    numbers
        A number for each id that several rows have; -1 for the other rows.
    label
        Class code of each row's label.
    column
        Name of the id column; None where it must not be told.
    """
    mask = numbers >= 0
    if not mask.any():
        return []
    codes, labels = numbers[mask], label[mask].astype(np.int64)
    sizes = np.bincount(codes)
    pairs = np.unique(codes * (int(labels.max()) + 1) + labels) // (int(labels.max()) + 1)
    ids, torn = len(sizes), int((np.bincount(pairs) > 1).sum())
    n, k = len(numbers), int(mask.sum())
    where = "" if column is None else f"In column {short(column)!r} {_seen(ids, int(sizes.max()), torn)}. "
    return [
        Finding(
            kind="duplicate-ids",
            level="data",
            title=f"{amount(k, 'row')} share their id with another row",
            certainty="confirmed",
            effect=wilson(k, n),
            where=(RowsClause(mask),),
            evidence=f"{where}That is {share(k, n, 'row')}.",
            causes=(
                "a join that multiplied rows",
                "files that were put together twice",
                "an id of something larger than a row: a person, a document",
            ),
            try_next=(
                "Drop the repeated rows, or give the column as group= if one id stands for several examples.",
            ),
            confirm_by="Open two rows of one id: the same text and the same prediction are one example.",
            theory="An example that is there twice counts twice, and intervals come out too narrow.",
        )
    ]


def _seen(ids: int, most: int, torn: int) -> str:
    """How many ids occur how often, and how many of them with several labels."""
    if ids == 1:
        return f"one id occurs {most:,} times, {'with different labels' if torn else 'always with the same label'}"
    labels = f"{torn:,} of them with different labels" if torn else "each with one label"
    return f"{amount(ids, 'id')} occur up to {most:,} times, {labels}"
