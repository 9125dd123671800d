"""How wrong the model is where that is no class: means of a loss, slices by it, and its histogram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.clustered import LevelEffects
from offdiagonal.stats.measure import Measure
from offdiagonal.stats.moments import Moments, loss_difference, loss_mean, moments
from offdiagonal.table.meta import LossField, Meta
from offdiagonal.views.slices import SliceRow, SlicesSpec, effect_at, level_text, sliced_fields
from offdiagonal.views.tables import Tables

AMOUNTS = ("k", "w", "ww", "wl", "wwl", "wwll")


@dataclass(frozen=True, eq=False)
class LossesSpec:
    """A histogram of a regression's residuals, or of the loss of each row."""

    name: str
    """Of the column."""
    residual: bool
    """Whether nought is in the middle: below it predictions are too low."""
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n: NDArray[np.int64]
    without: int
    """Rows in view whose loss is not known."""

    def frame(self) -> dict[str, Any]:
        """One row a bin."""
        return {"low": self.low, "high": self.high, "n": self.n}


def losses(tables: Tables) -> LossesSpec:
    """Count the rows in view by their loss, or of a regression by their residual.

    Parameters
    ----------
    tables
        What is counted.
    """
    loss = _loss(tables.meta)
    name = next(column.name for column in tables.meta.columns if column.key == loss.key)
    field = next((field for field in tables.meta.fields if field.key == loss.key), None)
    if field is None:  # one value, or none at all
        nothing = np.empty(0)
        total = int(tables.tabulate([]))
        return LossesSpec(name, loss.label is not None, nothing, nothing, nothing.astype(np.int64), total)
    counts = tables.tabulate([loss.key], without=loss.key)
    bins = [code for code, level in enumerate(field.levels) if level.low is not None]
    low, high = (
        np.asarray([getattr(field.levels[code], end) for code in bins], dtype=np.float64)
        for end in ("low", "high")
    )
    n = counts[bins]
    return LossesSpec(name, loss.label is not None, low, high, n, int(counts.sum() - n.sum()))


def mean_name(loss: LossField) -> str:
    """What the mean of the loss is called: ``MAE`` of a regression."""
    return "MAE" if loss.label is not None else f"mean {loss.name}"


def mean_of(tables: Tables, *, whole: bool) -> Measure:
    """The mean loss of all rows, or of those selected."""
    effect = tables.score_effects(whole=whole).get("mean", 1.0)
    return loss_mean(next(_moments(tables, [], whole=whole)), effect)


def loss_slices(tables: Tables) -> SlicesSpec:
    """Compare the mean loss of each slice with that of the rest of the rows in view.

    A column leaves out its own clause, and all slices of the user leave out theirs. Label, prediction and how wrong it
    is are no slices: errors are large where amounts are, and the matrix shows them.

    Parameters
    ----------
    tables
        What is counted.
    """
    meta = tables.meta
    loss = _loss(meta)
    rows: list[SliceRow] = []
    fields = [f for f in sliced_fields(tables) if f.key not in (loss.key, loss.label, loss.prediction)]
    effects = tables.slice_effects(
        [field.key for field in fields] + [part.key for part in meta.slices], "loss"
    )
    for field in fields:
        parts = list(_moments(tables, [field.key], without=field.key))
        counts = tables.tabulate([field.key], without=field.key)
        rows += (
            _row(parts, counts, effects, field.key, code, field.name, level_text(field, level), field.private)
            for code, level in enumerate(field.levels)
        )
    for part in meta.slices:
        parts = list(_moments(tables, [part.key], without="slice"))
        counts = tables.tabulate([part.key], without="slice")
        rows.append(_row(parts, counts, effects, part.key, 1, "", part.name, part.private))
    rows.sort(key=lambda row: -np.inf if row.difference.value is None else row.difference.value, reverse=True)
    return SlicesSpec(tuple(rows), "loss", loss.name)


def _row(
    parts: Sequence[Moments],
    counts: NDArray[np.int64],
    effects: Mapping[str, LevelEffects],
    key: str,
    code: int,
    field: str,
    text: str,
    private: bool,
) -> SliceRow:
    inside, (mean_effect, gap_effect) = parts[code], effect_at(effects, key, code)
    everywhere = Moments(
        *(sum(getattr(part, name) for part in parts) for name in ("n", "w", "ww", "wl", "wwl", "wwll"))
    )
    return SliceRow(
        key,
        code,
        field,
        text,
        n=int(counts[code]),
        judged=inside.n,
        errors=0,
        rate=loss_mean(inside, mean_effect),
        difference=loss_difference(inside, everywhere.less(inside), gap_effect),
        private=private,
    )


def _moments(
    tables: Tables, by: list[str], without: str | tuple[str, ...] = (), *, whole: bool = False
) -> Iterator[Moments]:
    """Sums over the rows of each code."""
    n = np.atleast_1d(tables.tabulate(by, without, whole))
    sums = {
        name: np.atleast_1d(tables.tabulate([f"+{name}", *by], without, whole))
        for name in AMOUNTS
        if name in tables.amounts
    }
    for code, count in enumerate(n):
        own = {name: float(values[code]) for name, values in sums.items()}
        yield moments(float(count), own.get)


def _loss(meta: Meta) -> LossField:
    assert meta.loss is not None
    return meta.loss
