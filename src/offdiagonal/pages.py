"""Pages of examples: sorted rows as plain data."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.counts.cells import CellRows, Search, is_cell, search, sort_by_cell
from offdiagonal.counts.sparse import occurring
from offdiagonal.engine import Engine
from offdiagonal.table.images import LARGE, SMALL
from offdiagonal.table.meta import MEDIA, GridColumn
from offdiagonal.table.plain import PREVIEW_CHARS, Plain, level_texts, plain_column
from offdiagonal.table.sorting import Order, order_of, positions, sort_rows

MAX_PAGE = 500
DETAIL_CHARS = 1_000_000
DETAIL_CLASSES = 20
CACHED = 4

K = TypeVar("K")
V = TypeVar("V")


class Sort(NamedTuple):
    """One column to sort by; None is the order of interest: most confident errors first."""

    column: str | None = None
    descending: bool = False


class Pages:
    """Sorted pages of one Engine, with the few orders last used; threads may share them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.RLock()
        self._orders: OrderedDict[Sort, Order] = OrderedDict()
        self._cells: OrderedDict[Sort, CellRows] = OrderedDict()
        self._levels: dict[str, NDArray[Any] | None] = {}
        self._searches: OrderedDict[tuple[tuple[Clause, ...], Sort], Search] = OrderedDict()

    def indices(self, clauses: Sequence[Clause], sort: Sort) -> NDArray[np.int64]:
        """Positions of the selected rows, sorted."""
        return self.positions(clauses, sort, 0, None).astype(np.int64)

    def positions(self, clauses: Sequence[Clause], sort: Sort, start: int, end: int | None) -> NDArray[Any]:
        """Positions of the selected rows from one place in the order to another, or to the last."""
        with self._lock:  # a search goes on where the last one stopped, whoever asked
            return self._search(clauses, sort).rows(start, end)

    def total(self, clauses: Sequence[Clause], sort: Sort) -> int:
        """How many rows are selected."""
        known = self._engine.question(clauses).known([])
        if known is not None:
            return int(known)
        with self._lock:
            return len(self._search(clauses, sort))

    def page(self, clauses: Sequence[Clause], sort: Sort, offset: int, limit: int) -> dict[str, Any]:
        """Rows ``offset`` to ``offset + limit`` of the selected ones, and how many there are."""
        rows = self.positions(clauses, sort, offset, offset + min(limit, MAX_PAGE))
        return {"total": self.total(clauses, sort), "offset": offset, "rows": self.rows(rows)}

    def rows(
        self, rows: NDArray[Any], chars: int = PREVIEW_CHARS, private: bool = True, images: bool = True
    ) -> list[dict[str, Any]]:
        """Rows as plain data: position, codes of label and prediction, probabilities, and shown values."""
        table = self._engine.table
        keys, columns = [], []
        for column in table.columns:
            if _is_metadata(column) and (private or not column.private):
                keys.append(column.key)
                columns.append(
                    self._images(rows, chars, shown=images)
                    if column.kind == "image"
                    else self._audio(rows, chars, shown=private)
                    if column.kind == "audio"
                    else self._shown(column.key, rows, chars)
                )
        known = {
            "row": rows.tolist(),
            "label": table.label[rows].tolist(),
            "prediction": table.prediction[rows].tolist(),
            "confidence": _finite(None if table.confidence is None else table.confidence[rows], len(rows)),
            "label_probability": _finite(self._label_probability(rows), len(rows)),
        }
        if table.score is not None:
            known["score"] = _finite(table.score[rows], len(rows))
        names = tuple(known)
        values = zip(*columns, strict=True) if columns else [()] * len(rows)
        return [
            dict(zip(names, row, strict=True)) | {"values": dict(zip(keys, own, strict=True))}
            for row, own in zip(zip(*known.values(), strict=True), values, strict=True)
        ]

    def detail(self, position: int) -> dict[str, Any]:
        """Everything known about one row: its full values, and the classes by probability."""
        table = self._engine.table
        row = self.rows(np.asarray([position]), chars=DETAIL_CHARS)[0]
        if table.probabilities is not None:
            probabilities = table.probabilities[position]
            order = np.argsort(-np.nan_to_num(probabilities, nan=-1), kind="stable")[:DETAIL_CLASSES]
            row["probabilities"] = [
                list(pair)
                for pair in zip(order.tolist(), _finite(probabilities[order], len(order)), strict=True)
            ]
        row["slices"] = [name for name, mask in self._engine.slices.items() if mask[position]]
        return row

    def _images(self, rows: NDArray[Any], chars: int, *, shown: bool) -> Sequence[Plain]:
        images = self._engine.table.images
        if images is None or not shown:
            return [None] * len(rows)
        return images.urls(rows, LARGE if chars == DETAIL_CHARS else SMALL)

    def _audio(self, rows: NDArray[Any], chars: int, *, shown: bool) -> Sequence[Plain]:
        audio = self._engine.table.audio
        if audio is None or not shown:
            return [None] * len(rows)
        return [audio.url(row) for row in rows.tolist()] if chars == DETAIL_CHARS else audio.texts(rows)

    def _shown(self, key: str, rows: NDArray[Any], chars: int) -> list[Plain]:
        if key not in self._levels:
            field = next((f for f in self._engine.table.fields if f.key == key), None)
            levels = None if field is None else level_texts(field)
            self._levels[key] = None if levels is None or _longest(levels) > chars else levels
        levels = self._levels[key]
        if levels is not None:
            return list(levels[self._engine.codes[key][rows]])
        return plain_column(self._engine.table.source.at(int(key[1:]), rows), chars)

    def _label_probability(self, rows: NDArray[Any]) -> NDArray[np.float64] | None:
        table = self._engine.table
        if table.probabilities is None:
            return None
        codes = table.label[rows].astype(np.int64)
        known = codes < table.probabilities.shape[1]
        return np.where(known, table.probabilities[rows, np.where(known, codes, 0)], np.nan)

    def _search(self, clauses: Sequence[Clause], sort: Sort) -> Search:
        key = (tuple(clauses), sort)
        return _remembered(self._searches, key, lambda: self._new_search(clauses, sort))

    def _new_search(self, clauses: Sequence[Clause], sort: Sort) -> Search:
        engine = self._engine
        filters = [engine.filter(clause) for clause in clauses]
        for item in filters:
            if is_cell(item):
                return self._by_cell(sort).search(filters)
        return search(self._order(sort), filters, engine.codes)

    def _by_cell(self, sort: Sort) -> CellRows:
        engine = self._engine
        return _remembered(
            self._cells,
            sort,
            lambda: sort_by_cell(self._order(sort), engine.codes, len(engine.table.classes)),
        )

    def _order(self, sort: Sort) -> Order:
        by = sort.column
        return _remembered(
            self._orders, sort, lambda: self._interest() if by is None else self._by(by, sort.descending)
        )

    def _interest(self) -> Order:
        """The largest loss first; without a model as given; else errors first.

        Then the most confident first; else the largest error cell, then the row.
        """
        engine, table = self._engine, self._engine.table
        if table.loss is not None:
            return sort_rows(table.loss.values, descending=True)
        if not table.labels.model:
            return positions(np.arange(table.n))
        rank = np.asarray([0, 2, 1])[engine.outcome]
        if table.confidence is not None:
            return positions(np.lexsort((-np.nan_to_num(table.confidence, nan=-1), rank)))
        if table.score is not None:
            return positions(np.lexsort((-np.abs(np.nan_to_num(table.score)), rank)))
        _, cell, size = occurring(table.label, table.prediction, len(table.classes))
        return positions(np.lexsort((cell, -size[cell], rank)))

    def _by(self, column: str, descending: bool) -> Order:
        table = self._engine.table
        if column in {"label", "prediction"}:
            codes = table.label if column == "label" else table.prediction
            missing = np.zeros(table.n, dtype=bool) if table.missing is None else codes == table.missing
            return order_of(codes, missing, descending=descending)
        own = {"row": np.arange(table.n), "confidence": table.confidence, "score": table.score}
        if column not in own:
            at = int(column[1:])
            return sort_rows(table.source.values(at), descending=descending, first=table.source.order(at))
        values = own[column]
        return sort_rows(np.zeros(table.n) if values is None else values, descending=descending)


def _remembered(cache: OrderedDict[K, V], key: K, make: Callable[[], V]) -> V:
    """What was made for a key, of which the few last used are kept."""
    found = cache.get(key)
    if found is not None:
        cache.move_to_end(key)
        return found
    made = cache[key] = make()
    if len(cache) > CACHED:
        cache.popitem(last=False)
    return made


def sortable_columns(columns: Sequence[GridColumn]) -> set[str]:
    """Keys that a page can be sorted by."""
    return {"row", "score", *(column.key for column in columns if column.kind not in MEDIA)}


def _is_metadata(column: GridColumn) -> bool:
    return column.kind == "image" or (column.key.startswith("c") and column.key[1:].isdigit())


def _longest(texts: NDArray[Any]) -> int:
    return max((len(text) for text in texts if text is not None), default=0)


def _finite(values: NDArray[np.float64] | None, n: int) -> list[float | None]:
    if values is None:
        return [None] * n
    listed: list[float] = values.tolist()
    return list(listed) if np.isfinite(values).all() else [v if math.isfinite(v) else None for v in listed]
