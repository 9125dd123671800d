"""Counts and rows of one Evaluation under any clauses: exact, from tiles where they can answer, else from the rows."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause, RowsClause
from offdiagonal.counts.cube import Cube, CubeTally, build_cube
from offdiagonal.counts.filters import Filter, passing
from offdiagonal.counts.tiers import live
from offdiagonal.counts.tiles import Codes, Tally, Tile, Unjudged
from offdiagonal.engine.filters import Filters
from offdiagonal.engine.question import LookUp, Question
from offdiagonal.engine.scores import regression_scores, table_auc
from offdiagonal.errors import SelectionError
from offdiagonal.findings import Found
from offdiagonal.stats.cells import Cells
from offdiagonal.stats.classification import macro_f1
from offdiagonal.stats.measure import Measure
from offdiagonal.table.arrays import is_missing
from offdiagonal.table.encode import identity, plain_value, python_of, text_of
from offdiagonal.table.masks import row_mask
from offdiagonal.table.meta import CONFIDENCE_BINS, Field, Meta, called
from offdiagonal.table.moments import moment, span
from offdiagonal.table.probabilities import confidence_codes
from offdiagonal.table.roles import why_no_field
from offdiagonal.table.table import Table

CACHED = 32
CUBES = 3
"""Cubes of single splits that are kept."""
CUBE_ROWS = 20_000
"""From so many rows on a look-up in the pair cube beats adding up a tile."""

V = TypeVar("V")


class Engine:
    """Answers for one Table and its slices; immutable, so a new slice makes a new Engine."""

    def __init__(
        self,
        table: Table,
        meta: Meta,
        slices: Mapping[str, NDArray[np.bool_]],
        found: Sequence[Found] = (),
    ) -> None:
        self.table = table
        self.meta = meta
        self.found = tuple(found)
        self.slices = dict(slices)
        self.codes: dict[str, Codes] = {"label": table.label, "prediction": table.prediction}
        self.codes |= table.field_codes
        self.sizes = {"label": len(table.classes), "prediction": len(table.classes), "outcome": 3}
        self.sizes |= {field.key: len(field.levels) for field in table.fields}
        if table.confidence is not None:
            self.codes["confidence"] = confidence_codes(table.confidence)
            self.sizes["confidence"] = CONFIDENCE_BINS + 1
        for item in meta.slices:
            self.codes[item.key] = self.slices[item.name].astype(np.uint8)
            self.sizes[item.key] = 2
        self._tiles: list[Tile] | None = None
        self._filters = Filters(table, meta, self.codes, self.slices)
        self._filter = lru_cache(CACHED)(self._filters.of)
        self._cache: OrderedDict[Hashable, Any] = OrderedDict()
        self._cubes: OrderedDict[Clause, Cube | None] = OrderedDict()
        self._lock = threading.RLock()

    @property
    def tiles(self) -> list[Tile]:
        """The richest tier that the browser can hold; made when first asked for."""
        with self._lock:
            if self._tiles is None:
                self._tiles = live(self.tally, self.unjudged, self.split)
            return self._tiles

    @property
    def tally(self) -> Tally:
        """Counts over the rows."""
        with self._lock:
            return self._tally

    @property
    def cube(self) -> Cube | None:
        """Any cell with any two slices; None for few rows, and where the levels are too many."""
        with self._lock:
            return self._cube

    # Up to Python 3.11 a cached property has a lock of its own: it is only taken inside that of the Engine.

    @cached_property
    def _tally(self) -> Tally:
        tally = Tally(self.codes | {"outcome": self.outcome}, self.sizes, amounts=self.amounts)
        return tally if self._cube is None or self.amounts else CubeTally(tally, self._cube)

    @cached_property
    def _cube(self) -> Cube | None:
        few = self.table.n < CUBE_ROWS or self.meta.many
        return None if few else build_cube(self.codes, self.sizes, self.unjudged)

    @property
    def split(self) -> str | None:
        """The dim that tells the splits, of which one is shown at a time."""
        return None if self.meta.split is None else self.meta.split.key

    @property
    def masks(self) -> list[RowsClause]:
        """The rows of findings that no other clause tells."""
        clauses = [clause for item in self.found for clause in item.where]
        return [clause for clause in clauses if isinstance(clause, RowsClause)]

    @property
    def unjudged(self) -> Unjudged:
        """Whose predictions are neither right nor wrong."""
        return self.table.labels.unjudged

    @property
    def outcome(self) -> NDArray[np.uint8]:
        """0 error, 1 correct, 2 not judged, for each row."""
        return self.table.outcome

    @property
    def amounts(self) -> Mapping[str, NDArray[np.float64]]:
        """What is added up beside the number of rows, by name: a number for each row."""
        return self.table.amounts

    def tabulate(self, by: Sequence[str], clauses: Sequence[Clause]) -> NDArray[Any]:
        """Count rows by dims under the clauses, or add up the amount named first; the shape is the size of each."""
        return self.question(clauses).tabulate(by)

    def question(self, clauses: Sequence[Clause]) -> Question:
        """The rows under the clauses, to be counted by one thing after the other."""
        return Question(self, self._all(clauses), self._look_up(clauses), lambda: self.mask(clauses))

    def _look_up(self, clauses: Sequence[Clause]) -> LookUp | None:
        """The cube that knows most of the rows under the clauses: of the split that is shown, where there is one."""
        if self.cube is None:
            return None
        split = tuple(clause for clause in clauses if clause.field == self.split)
        if not split:
            return LookUp(self.cube, self._all(clauses))
        cube = self._cube_of(split[0])
        others = self._all([clause for clause in clauses if clause is not split[0]])
        return None if cube is None else LookUp(cube, others)

    def _cube_of(self, clause: Clause) -> Cube | None:
        """The cube of the rows of one split; the last few are kept."""
        with self._lock:
            if clause not in self._cubes:
                rows = self.mask([clause])
                codes = {dim: column[rows] for dim, column in self.codes.items()}
                self._cubes[clause] = build_cube(codes, self.sizes, self.unjudged)
                if len(self._cubes) > CUBES:
                    self._cubes.popitem(last=False)
            self._cubes.move_to_end(clause)
            return self._cubes[clause]

    def count(self, clauses: Sequence[Clause]) -> int:
        """How many rows satisfy the clauses."""
        look = self._look_up(clauses)
        found = None if look is None else look.tabulate([])
        if found is None and self._tiles is None:  # they take longer than one look at the rows
            return int(np.count_nonzero(self.mask(clauses)))
        return int(self.tabulate([], clauses) if found is None else found)

    def mask(self, clauses: Sequence[Clause]) -> NDArray[np.bool_]:
        """Which rows satisfy the clauses; not to be written to."""
        return self.remembered(("mask", *clauses), lambda: self._mask(clauses))

    def _mask(self, clauses: Sequence[Clause]) -> NDArray[np.bool_]:
        mask = passing(self._all(clauses), self.codes, self.table.n)
        mask.flags.writeable = False
        return mask

    def indices(self, clauses: Sequence[Clause]) -> NDArray[np.int64]:
        """Positions of the rows that satisfy the clauses."""
        return np.flatnonzero(self.mask(clauses)).astype(np.int64)

    def take(self, indices: NDArray[np.int64]) -> Any:
        """Rows in the caller's own type."""
        return self.table.source.take(indices)

    def scores(self, clauses: Sequence[Clause]) -> dict[str, Measure]:
        """Measures of the selected rows that counts do not give, by name; none below ten rows."""
        auc = self.auc_measure(clauses)
        if auc is not None:
            return {"AUC": auc}
        if self.meta.macro is not None:
            tile = self.question(clauses).cells()
            weights = [tile.sums[name] for name in ("w", "ww") if self.meta.weighted]
            label, prediction = tile.codes
            cells = Cells(len(self.meta.classes), label, prediction, [tile.n, *weights])
            # rows of one group are alike: how much they widen the interval is told beside it
            effect = 1.0 if self.table.group is None else math.inf
            return {"macro F1": macro_f1(cells, self.meta.missing, effect=effect)}
        return dict(regression_scores(self.table, self.mask(clauses) if clauses else None))

    def auc_measure(self, clauses: Sequence[Clause]) -> Measure | None:
        """Area under the ROC curve of the selected rows; None where there is no score of two classes."""
        return table_auc(self.table, self.mask(clauses) if clauses else None)

    def filter(self, clause: Clause) -> Filter:
        """A clause as a filter over codes, or over rows where codes do not know the answer."""
        return self._filter(clause)

    def class_code(self, value: Any) -> int:
        """Code of a class, by value or, failing that, by its text."""
        table = self.table
        if is_missing(value) and table.missing is not None:
            return table.missing
        wanted = identity(plain_value(value))
        for code, own in enumerate(table.labels.known):
            if own is value or _same(identity(own), wanted):
                return code
        return _by_text("class", value, self.meta.classes)

    def level_code(self, field: Field, value: Any) -> int:
        """Code of a value of a column, by value or, failing that, by its text."""
        texts = [level.text for level in field.levels]
        if is_missing(value):
            missing = [code for code, level in enumerate(field.levels) if level.python == "None"]
            if missing:
                return missing[0]
        else:
            own = python_of(plain_value(value), text_of(value))
            for code, level in enumerate(field.levels):
                if level.python == own:
                    return code
        if field.private and text_of(value) not in texts:
            raise SelectionError(f"no such value in {called(field)}; its values are not listed here")
        return _by_text(f"value of {field.name}", value, texts)

    def moment(self, field: Field, value: Any) -> float:
        """A point in time as epoch milliseconds by the wall clock of a column."""
        return moment(value, self.table.zones.get(field.key))

    def span(self, field: Field, value: Any) -> tuple[float, float]:
        """Epoch milliseconds of a day, a month ...: the first one, and the one after the last."""
        return span(value, self.table.zones.get(field.key))

    def why_no_field(self, name: Any) -> str | None:
        """Why a column of the table is none to select by, and what to do; None where there is no such column."""
        return why_no_field(self.table, name)

    def row_mask(self, rows: Any) -> NDArray[np.bool_]:
        """A mask, or positions, as a mask over all rows."""
        return row_mask(self.table.source, rows)

    def _all(self, clauses: Sequence[Clause]) -> list[Filter]:
        return [self._filter(clause) for clause in clauses]

    def remembered(self, key: Hashable, make: Callable[[], V]) -> V:
        """What was made for a key; the few last used are kept, for a selection is asked about many times."""
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                found: V = self._cache[key]
                return found
            made = self._cache[key] = make()
            if len(self._cache) > CACHED:
                self._cache.popitem(last=False)
            return made


def _same(a: Any, b: Any) -> bool:
    try:
        return bool(a == b)
    except (TypeError, ValueError):
        return False


def _by_text(what: str, value: Any, texts: Sequence[str]) -> int:
    text = text_of(value)
    if text not in texts:
        raise SelectionError.unknown(what, value, texts)
    return list(texts).index(text)
