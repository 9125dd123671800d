"""One Evaluation's side of the conversation with its live views."""

from __future__ import annotations

import dataclasses
import math
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from offdiagonal.clauses import Clause, RowsClause, all_from_json, to_json
from offdiagonal.counts.tiles import Tile, asked_for
from offdiagonal.display import bundle
from offdiagonal.display.charting import Charts, vega_answer
from offdiagonal.display.confused import confused_answer
from offdiagonal.display.effects import effects_answer
from offdiagonal.display.message import CHANGES, Answer, Peer, integer, numbered, reply, send, shown, type_of
from offdiagonal.display.numbers import histogram_answer, pairs_answer
from offdiagonal.display.pace import Pace
from offdiagonal.display.trained import Trained
from offdiagonal.display.wire import meta_json, pack
from offdiagonal.engine import Engine, Numbers, class_counts, class_of
from offdiagonal.errors import MessageError
from offdiagonal.export import export_rows
from offdiagonal.measures.messages import answer
from offdiagonal.measures.work import Measures
from offdiagonal.pages import Pages, Sort, sortable_columns
from offdiagonal.selection import Selection

MAX_ROWS_COPIED = 100_000
MAX_COUNTS = 4_000_000
PAGES_KNOWN = 64
"""Of so many pages it is known which of their changes came last."""


class Session:
    """Answers the live views of one Evaluation and tells them of changes."""

    def __init__(self, engine: Engine, selection: Selection, variable: Callable[[], str]) -> None:
        self.engine = engine
        self.selection = selection
        self.variable = variable
        self.pages = Pages(engine)
        self.measures = Measures(lambda: self.engine)
        self.numbers = Numbers(engine)
        self.charts = Charts()
        self.revision = 0
        self._changed_at = time.monotonic()
        self._by: tuple[str, int] | None = None
        self._answering = False
        self._numbers: dict[str, int] = {}
        self._renewed = False
        self._peers: weakref.WeakSet[Any] = weakref.WeakSet()
        self._lock = threading.RLock()
        self._pace = Pace(self._told, self._lock)
        self._seconds: dict[tuple[Clause, ...], str] = {}
        self.trained: Callable[[], Trained | None] = lambda: None
        """The checkpoints of the run that the Evaluation joined."""
        selection.observe(self._selected)

    def join(self, peer: Peer) -> None:
        """A view is open."""
        self._peers.add(peer)

    def leave(self, peer: Peer) -> None:
        """A view is closed."""
        self._peers.discard(peer)

    def renew(self, engine: Engine) -> None:
        """Slices changed: every view gets the new counts."""
        with self._lock:
            self.engine = engine
            self.pages = Pages(engine)
            self.numbers = Numbers(engine)
            self._renewed = True
            self._tell()

    def receive(self, peer: Peer, content: Any) -> None:
        """Answer one message; whatever it holds, the state stays sound and the sender gets a typed reply."""
        with self._lock:
            self._by = numbered(content)
            if self._by is not None:
                self._remember(*self._by)
            self._answering = True
            try:
                self._reply(peer, content)
            finally:
                self._by, self._answering = None, False

    def _remember(self, page: str, number: int) -> None:
        self._numbers.pop(page, None)
        self._numbers[page] = number
        for oldest in list(self._numbers)[:-PAGES_KNOWN]:
            del self._numbers[oldest]

    def _reply(self, peer: Peer, content: Any) -> None:
        steps, clauses = self.selection.steps, self.selection.clauses
        refused = reply(peer, content, self._answer, lambda: self._restore(steps, clauses))
        if refused is not None and type_of(content) in CHANGES:
            send(peer, {**self._selection_json(), "refused": refused}, [])

    def _restore(self, steps: int, clauses: tuple[Clause, ...]) -> None:
        """A change that did not come to its end has not happened."""
        if self.selection.steps > steps:
            self.selection.undo()
        elif self.selection.clauses != clauses:
            self.selection.replace(clauses)

    def _answer(self, content: Any) -> Answer:
        kind = type_of(content)
        if kind is None:
            raise MessageError("a message must be an object with a type")
        handlers: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
            "code": self._code,
            "hello": self._hello,
            "select": self._select,
            "undo": self._undo,
            "page": self._page,
            "count": self._count,
            "measure": self._measure,
            "measures": self._measures,
            "row": self._row,
            "export": self._export,
            "against": self._against,
            "common": self._common,
            "chart": self.charts.answer,
            "charted": lambda content: self.charts.rows(self.engine, content, self._clauses(content)),
            "vega": vega_answer,
            "effects": self._effects,
            "confused": lambda content: (confused_answer(self.engine, content, self._clauses(content)), []),
            "histogram": lambda content: histogram_answer(self.numbers, content, self._clauses(content)),
            "pairs": lambda content: pairs_answer(self.numbers, content, self._clauses(content)),
        }
        handler = handlers.get(kind)
        if handler is None:
            raise MessageError(f"unknown message type {shown(kind)}")
        return handler(content)

    def _code(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        digest = content.get("digest")
        found = bundle.board() if digest is None else bundle.by_digest(digest)
        if found is None:
            raise MessageError(f"no views have the digest {shown(digest)}; run the cell again")
        return {"type": "code", "digest": found.digest}, [found.code]

    def _hello(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        meta = self.engine.meta
        page = content.get("page")
        if type(page) is str and page in self._numbers:
            self._by = (page, self._numbers[page])
        if content.get("have") == [meta.created, meta.version]:
            return {**self._selection_json(), "type": "state"}, []
        return self._state()

    def _state(self) -> tuple[dict[str, Any], list[bytes]]:
        meta = dataclasses.replace(self.engine.meta, variable=self.variable())
        packed = pack({"meta": meta_json(meta, private=True)}, self.engine.tiles)
        return {**self._selection_json(), "type": "state"}, [packed]

    def _select(self, content: Mapping[str, Any]) -> Answer:
        clauses = self._clauses(content)
        return self._changed(lambda: self.selection.replace(clauses))

    def _undo(self, _: Mapping[str, Any]) -> Answer:
        return self._changed(self.selection.undo)

    def _changed(self, change: Callable[[], object]) -> Answer:
        """Change the selection: all views are told, and who asked is answered in any case."""
        before = self.revision
        change()
        return (self._selection_json() if self.revision == before else None), []

    def _page(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        offset, limit = (integer(content, key) for key in ("offset", "limit"))
        page = self.pages.page(self._clauses(content), self._sort(content), offset, limit)
        return {"type": "page", **page}, []

    def _count(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        by = content.get("by")
        klass = class_of(by, self.engine.table) if isinstance(by, list) else None
        if klass is not None:
            rows = class_counts(self.engine, klass, self._clauses(content))
            return {"type": "count"}, [pack({}, [Tile(("count",), (), rows)])]
        sizes = self.engine.sizes
        if not isinstance(by, list) or len(by) > 5 or not all(isinstance(dim, str) for dim in by):
            raise MessageError(f"unknown dims {shown(by)}")
        amount, by = asked_for(asked := by)
        known = amount is None or amount in self.engine.amounts
        if len(by) > 4 or not known or not all(dim in sizes for dim in by):
            raise MessageError(f"unknown dims {shown(asked)}")
        if math.prod(sizes[dim] for dim in by) > MAX_COUNTS:
            raise MessageError(f"counts by {', '.join(by)} are more than {MAX_COUNTS:,}")
        counted = self.engine.tabulate(asked, self._clauses(content))
        flat = Tile(("count",), (), counted.reshape(-1))
        return {"type": "count"}, [pack({}, [flat])]

    def _measure(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        scores = self.engine.scores(self._clauses(content))
        known = {name: dataclasses.asdict(measure) for name, measure in scores.items()}
        return {"type": "measure", "measures": known}, []

    def _effects(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        return effects_answer(self.engine, content, self._clauses(content)), []

    def _measures(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        return answer(self.measures, content, self._clauses(content)), []

    def _row(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        row = integer(content, "row")
        if row >= self.engine.table.n:
            raise MessageError(f"there is no row {shown(row)}")
        return {"type": "row", "detail": self.pages.detail(row)}, []

    def _export(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        found = self.pages.indices(self._clauses(content), self._sort(content))
        kind = content.get("format")
        if kind not in ("csv", "text"):
            raise MessageError(f"unknown format {shown(kind)}")
        text = export_rows(self.engine, found[:MAX_ROWS_COPIED], kind, private=content.get("private") is True)
        answer = {"type": "export", "rows": min(len(found), MAX_ROWS_COPIED), "total": len(found)}
        return answer, [text.encode("utf-8", "replace")]

    def remember(self, clauses: tuple[Clause, ...]) -> str:
        """The id by which views may ask this session for a second selection, which their models do not hold."""
        return self._seconds.setdefault(clauses, uuid.uuid4().hex)

    def _against(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        found = next((clauses for clauses, name in self._seconds.items() if name == content.get("id")), None)
        if found is None:
            raise MessageError(
                f"no selection to compare with is called {shown(content.get('id'))}; run the cell again"
            )
        return {"type": "against", "clauses": [to_json(clause) for clause in found]}, []

    def _common(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        clauses = (*self._clauses(content), *self._clauses(content, "others"))
        return {"type": "common", "n": self.engine.count(clauses)}, []

    def _clauses(self, content: Mapping[str, Any], part: str = "clauses") -> tuple[Clause, ...]:
        seconds = [c for clauses in self._seconds for c in clauses if isinstance(c, RowsClause)]
        masks = [*self.selection.masks, *self.engine.masks, *seconds]
        return all_from_json(content.get(part), self.engine.meta, masks)

    def _sort(self, content: Mapping[str, Any]) -> Sort:
        column = content.get("sort")
        if column is None:
            return Sort()
        if not isinstance(column, str) or column not in sortable_columns(self.engine.table.columns):
            raise MessageError(f"cannot sort by {shown(column)}")
        return Sort(column, content.get("descending") is True)

    def _selection_json(self) -> dict[str, Any]:
        """The selection, how long it has been so, how often it can be undone, and whose message changed it."""
        return {
            "type": "selection",
            "clauses": [to_json(clause) for clause in self.selection.clauses],
            "age": round(time.monotonic() - self._changed_at, 3),
            "steps": self.selection.steps,
            "revision": self.revision,
            "evaluation": self.engine.meta.evaluation,
            "by": self._by and list(self._by),
        }

    def _selected(self, _: Selection) -> None:
        with self._lock:
            self.revision += 1
            self._changed_at = time.monotonic()
            self._tell()

    def _tell(self) -> None:
        """Tell all views how things are now: at once, or soon where they change faster than anybody sees.

        A page hears of its own change at once: it waits for that. A server drops what comes in a flood.
        """
        if self._answering:
            self._told()
        else:
            self._pace.tell()

    def _told(self) -> None:
        state, self._renewed = self._renewed, False
        if self._peers:
            self._broadcast(*(self._state() if state else (self._selection_json(), [])))

    def _broadcast(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        for peer in list(self._peers):
            send(peer, content, buffers)
