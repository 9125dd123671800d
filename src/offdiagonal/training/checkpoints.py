"""What a model predicted at some steps, row by row of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.examples import filled, looks_of
from offdiagonal.training.record import Curve, ExampleLog, Floats


@dataclass(frozen=True)
class Checkpoints:
    """What was logged of the examples, the steps in order and the examples in the order of a table's rows."""

    steps: Floats
    log: ExampleLog
    """Its columns are the rows of the table. At a step at which a row was not looked at stands what came before."""
    looks: NDArray[np.int64]
    """How often each row was looked at."""

    def at(self, step: float) -> int:
        """The place of the last checkpoint up to a step; the first where there is none."""
        return max(0, int(np.searchsorted(self.steps, step, side="right")) - 1)

    def loss_of(self, rows: NDArray[Any]) -> Curve | None:
        """The mean loss of some rows, checkpoint by checkpoint; None where no losses were logged."""
        loss = self.log.loss
        if loss is None or not len(rows):
            return None
        part = loss[:, rows].astype(np.float64)
        known = np.isfinite(part)
        counts = known.sum(axis=1)
        sums = np.where(known, part, 0).sum(axis=1)
        means = np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
        return Curve(self.steps, means, np.zeros(len(means)))


def checkpoints(examples: ExampleLog, ids: NDArray[Any]) -> Checkpoints:
    """What was logged, for the rows that have these ids.

    Parameters
    ----------
    examples
        What was logged.
    ids
        n values, one a row, each once.

    Raises
    ------
    OffdiagonalError
        If a row was never logged.
    """
    place = {one: i for i, one in enumerate(examples.ids.tolist())}
    found = [place.get(one, -1) for one in ids.tolist()]
    absent = [one for one, at in zip(ids.tolist(), found, strict=True) if at < 0]
    if absent:
        raise OffdiagonalError(
            f"run.log_examples was never told of {len(absent):,} of the {len(ids):,} rows, such as "
            f"{absent[0]!r:.80}; log the ids that the table has in id=, or without id= the positions of the rows"
        )
    order = np.argsort(examples.steps, kind="stable")
    columns = np.asarray(found)

    def table(values: NDArray[Any] | None) -> NDArray[Any] | None:
        return None if values is None else filled(values[order][:, columns])

    log = ExampleLog(
        examples.ids[columns],
        examples.steps[order],
        table(examples.loss),
        table(examples.prediction),
        table(examples.probability),
    )
    return Checkpoints(log.steps, log, looks_of(examples)[columns])
