"""A regression at several moments of its training, cut into the same bins at each."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offdiagonal.table.encode import Codes
from offdiagonal.table.extended import ExtendedSource
from offdiagonal.table.fields import make_field
from offdiagonal.table.losses import Loss, absolute_error
from offdiagonal.table.meta import Field
from offdiagonal.table.source import Source
from offdiagonal.table.table import Table

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Forecasts:
    """What was predicted at each moment, the predictions that were given first."""

    source: Source
    loss: Loss
    sides: tuple[int, int]
    label: Numbers
    predictions: Numbers
    """Shape (1 + moments, n)."""
    fields: dict[str, Field]
    """The label's, the prediction's and the residual's, with bins that hold those of all moments."""
    codes: dict[str, Codes]
    """Shape (1 + moments, n) each."""

    def at(self, table: Table, moment: int | None) -> Table:
        """The table with the predictions of a moment; None: those that were given."""
        row = 0 if moment is None else 1 + moment
        codes = table.field_codes | {key: found[row] for key, found in self.codes.items()}
        fields = tuple(self.fields.get(field.key, field) for field in table.fields)
        made = dataclasses.replace(
            table, fields=fields, field_codes=codes, source=self.source, loss=self.loss
        )
        if moment is None:
            return made
        residual = self.predictions[row] - self.label
        source = ExtendedSource(
            self.source, {}, {self.sides[1]: self.predictions[row], self.loss.shown: residual}
        )
        loss = dataclasses.replace(self.loss, values=absolute_error(residual))
        return dataclasses.replace(made, source=source, loss=loss)


def forecasts(table: Table, predictions: Numbers) -> Forecasts:
    """Cut the predictions of several moments into the bins of the table, the outermost as wide as they need to be.

    Parameters
    ----------
    table
        Of a regression.
    predictions
        Shape (moments, n).
    """
    loss = table.loss
    assert loss is not None
    assert loss.sides is not None
    label, given = (np.asarray(table.source.values(side), np.float64) for side in loss.sides)
    every = np.vstack([given, predictions])
    labels = np.broadcast_to(label, every.shape)
    columns = {loss.sides[0]: labels, loss.sides[1]: every, loss.shown: every - label}
    fields, codes = {}, {}
    for field in table.fields:
        values = columns.get(int(field.key[1:]))
        if values is None or field.key in table.lengths:
            continue
        reach = (every, labels) if values is not columns[loss.shown] else (values,)
        made = make_field(field, values.ravel(), edges=_widened(field, reach))
        assert made is not None  # it has the bins that the table's own field has
        fields[field.key], codes[field.key] = made[0], made[1].reshape(every.shape)
    return Forecasts(table.source, loss, loss.sides, label, every, fields, codes)


def _widened(field: Field, columns: tuple[Numbers, ...]) -> list[float]:
    """The edges of a field's bins, the first and the last as far out as the numbers are."""
    lows = [level.low for level in field.levels if level.low is not None]
    highs = [level.high for level in field.levels if level.high is not None]
    finite = [values[np.isfinite(values)] for values in columns]
    lowest = min(float(part.min()) for part in finite if part.size)
    highest = max(float(part.max()) for part in finite if part.size)
    return [min(lows[0], lowest), *lows[1:], max(highs[-1], highest)]
