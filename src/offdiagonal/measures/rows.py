"""The rows that measures are of: those with a label, as codes and as the user's own values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.bootstrap import BOOTSTRAP, BOOTSTRAP_GROUPS, times
from offdiagonal.table.table import Table

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

NO_PROBABILITIES = "no probabilities were given"
NO_SCORES = "needs probabilities or a score of two classes"


class Rows:
    """The judged rows of a table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        loss: Any = getattr(table, "loss", None)
        sides = None if loss is None else loss.sides
        self.classes = bool(table.labels.model)
        """Whether labels and predictions are classes; else they may be numbers."""
        self.numbers: bool = not self.classes and sides is not None
        self._sides: Any = sides
        if self.classes:
            self.judged: Mask = table.outcome != 2
        elif self.numbers:
            self.judged = ~np.isnan(loss.values)
        else:
            self.judged = np.zeros(table.n, dtype=np.bool_)
        weight = getattr(table, "weight", None)
        self.weight: Floats | None = None if weight is None else np.asarray(weight, np.float64)

    @property
    def positive(self) -> int | None:
        """Of two classes the one that some measures are about."""
        return self.table.positive

    @cached_property
    def known(self) -> NDArray[Any]:
        """The classes as an array of the type that their values have; without the missing one."""
        return array_of(list(self.table.labels.known))

    @cached_property
    def sorted(self) -> NDArray[np.int64]:
        """Codes of the classes in the order of their values, where these have one."""
        try:
            return np.argsort(self.known, kind="stable")
        except TypeError:
            return np.arange(len(self.known))

    @cached_property
    def labels(self) -> NDArray[Any]:
        """Labels in the user's own values; those of rows that are not judged say nothing."""
        if self.numbers:
            return np.asarray(self.table.source.values(self._sides[0]), np.float64)
        if not len(self.known):
            return np.empty(self.table.n, dtype=object)
        return np.asarray(self.known[np.minimum(self.table.label, len(self.known) - 1).astype(np.int64)])

    @cached_property
    def predictions(self) -> NDArray[Any]:
        """Predictions in the user's own values; None where there is none."""
        if self.numbers:
            return np.asarray(self.table.source.values(self._sides[1]), np.float64)
        prediction = self.table.prediction.astype(np.int64)
        missing = prediction >= len(self.known)
        if not missing.any():
            return np.asarray(self.known[prediction])
        found = np.full(self.table.n, None, dtype=object)
        found[~missing] = self.known.astype(object)[prediction[~missing]]
        return found

    @cached_property
    def probable(self) -> Mask:
        """Rows whose probabilities are all known."""
        probabilities = self.table.probabilities
        if probabilities is None:
            return np.zeros(self.table.n, dtype=np.bool_)
        return np.asarray(~np.isnan(probabilities).any(axis=1))

    @cached_property
    def positive_score(self) -> Floats | None:
        """What sorts the rows by the positive class: its probability, else a score; None where there is neither."""
        table = self.table
        if table.positive is None:
            return None
        return table.score if table.probabilities is None else table.probabilities[:, table.positive]

    @cached_property
    def groups(self) -> int:
        """How many groups there are."""
        group = self.table.group
        return 0 if group is None else int(group.max(initial=-1)) + 1

    @cached_property
    def whole(self) -> Part:
        """All judged rows."""
        return Part(self, np.flatnonzero(self.judged))

    def part(self, mask: Mask) -> Part:
        """The judged rows of a set."""
        return Part(self, np.flatnonzero(mask & self.judged))


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the judged rows, by their positions."""

    rows: Rows
    at: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at)

    def where(self, mask: Mask) -> Part:
        """Those that are in a mask over all rows, too."""
        return Part(self.rows, self.at[mask[self.at]])

    @property
    def label(self) -> NDArray[np.int64]:
        """Class codes of the labels."""
        return self.rows.table.label[self.at].astype(np.int64)

    @property
    def prediction(self) -> NDArray[np.int64]:
        """Class codes of the predictions."""
        return self.rows.table.prediction[self.at].astype(np.int64)

    @property
    def weight(self) -> Floats | None:
        """How much each row stands for."""
        return None if self.rows.weight is None else self.rows.weight[self.at]

    @property
    def grouped(self) -> bool:
        """Whether rows come in groups that fare alike: these are resampled, not rows."""
        return self.rows.table.group is not None

    @property
    def method(self) -> str:
        """How an interval is made that has no formula."""
        return BOOTSTRAP_GROUPS if self.grouped else BOOTSTRAP

    def times(self, stream: int, resample: int) -> Floats:
        """How often each row is in a resample: of groups, all or none of one, and of both sets alike."""
        group = self.rows.table.group
        if group is None:
            return times(stream, resample, len(self))
        return times(0, resample, self.rows.groups)[group[self.at]]

    @property
    def probabilities(self) -> Floats:
        """One column a class."""
        known = self.rows.table.probabilities
        assert known is not None
        return known[self.at]


def array_of(values: list[Any]) -> NDArray[Any]:
    """Values as an array of their own type where they have one in common, else of objects."""
    plain = [value.item() if isinstance(value, np.generic) else value for value in values]
    kinds = {type(value) for value in plain}
    if kinds <= {int, float} or (len(kinds) == 1 and kinds <= {str, bool}):
        return np.asarray(plain)
    made = np.empty(len(plain), dtype=object)
    made[:] = plain
    return made
