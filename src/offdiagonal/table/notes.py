"""Notes on scores and ids that are not what they seem."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from offdiagonal.table.arrays import missing_in
from offdiagonal.table.encode import text_of
from offdiagonal.table.given import Given
from offdiagonal.table.read import Source


def score_notes(given: Given, classes: int) -> list[str]:
    """Notes on scores that are missing, or that measure nothing."""
    if given.scores is None:
        return []
    missing, n = int(np.isnan(given.scores).sum()), len(given.scores)
    notes = (
        [f"{missing:,} of {n:,} rows have no score: they come last, and the AUC leaves them out"]
        if missing
        else []
    )
    if classes > 2:
        notes.append(f"scores only sort the examples: with {classes:,} classes there is no AUC of them")
    return notes


def id_notes(source: Source, given: Given) -> list[str]:
    """A note on ids that several rows have."""
    position = given.roles.get("id")
    if position is None:
        return []
    repeated = int((repeated_ids(source.values(position)) >= 0).sum())
    if not repeated:
        return []
    secret = position in given.private
    called = (
        "the private column that is the id"
        if secret
        else f"the id column {text_of(source.names[position])!r}"
    )
    return [f"{called} repeats: {repeated:,} of {source.n:,} rows share theirs with another row"]


def repeated_ids(values: NDArray[Any]) -> NDArray[np.int64]:
    """A number for each id that several rows have; -1 for rows of which there is one, or that have none."""
    numbers = np.full(len(values), -1, dtype=np.int64)
    present = np.flatnonzero(~missing_in(values))
    known = pd.Series(values[present])
    try:
        again = known.duplicated(keep=False).to_numpy()
    except TypeError:  # lists and the like have no hash
        return numbers
    if again.any():
        numbers[present[again]] = pd.factorize(known[again])[0]
    return numbers
