"""The conversation of training runs with their live views."""

from __future__ import annotations

import hashlib
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from offdiagonal.display import bundle
from offdiagonal.display.message import Answer, Peer, answering, reply, send, shown, type_of
from offdiagonal.display.pace import Pace
from offdiagonal.display.run_examples import ExamplesDoor
from offdiagonal.display.run_looking import Looking
from offdiagonal.display.run_state import (
    Looked,
    Page,
    Part,
    events_json,
    findings_json,
    layers_json,
    parts_json,
    range_json,
    state,
)
from offdiagonal.display.run_tail import Seen
from offdiagonal.errors import MessageError
from offdiagonal.training.blob import packed
from offdiagonal.training.buckets import between, buckets
from offdiagonal.training.record import Curve, RunRecord
from offdiagonal.training.recorder import Recorder

RANGE_BUCKETS = 4096
LONG = 50_000
"""Points from which on a page gets the curves first and what is wrong with them later."""
LAYERS_SECONDS = 1.0
"""How often at most the heat map of layers is sent anew."""


class RunSession:
    """Answers the live views of some runs, and tells them what is new.

    Parameters
    ----------
    recorders
        Of the runs.
    look
        Finds what is wrong in a run.
    variable
        What the user calls what is displayed.
    """

    def __init__(
        self, recorders: Sequence[Recorder], look: Callable[[RunRecord], Looked], variable: Callable[[], str]
    ) -> None:
        self.recorders = tuple(recorders)
        self.steps: tuple[float, float] | None = None
        self.examples = ExamplesDoor()
        self._parts: tuple[Part, ...] = ()
        self._observers: list[Callable[[tuple[float, float] | None], None]] = []
        self._variable = variable
        self._peers: weakref.WeakSet[Any] = weakref.WeakSet()
        self._lock = threading.RLock()
        self._ends: list[Callable[[], None]] = []
        self._seen = [Seen() for _ in recorders]
        self._greeted: weakref.WeakSet[Any] = weakref.WeakSet()
        self._pace = Pace(self._tell, self._lock)
        self._looking = Looking(look, self.recorders)
        self._layers_after = 0.0
        self._told = 0
        """Which version of what was found the views have."""
        ids = " ".join(recorder.id for recorder in recorders)
        self.fingerprint = hashlib.blake2b(ids.encode(), digest_size=16).hexdigest()

    def join(self, peer: Peer) -> None:
        """A view is open: from now on the recorders tell of what is new at once."""
        with self._lock:
            self._peers.add(peer)
            if not self._ends:
                changed = weakref.WeakMethod(self._changed)
                self._ends = [recorder.watch(lambda: _call(changed)) for recorder in self.recorders]

    def leave(self, peer: Peer) -> None:
        """A view is closed."""
        with self._lock:
            self._peers.discard(peer)
            self._greeted.discard(peer)
            if not self._peers:
                for end in self._ends:
                    end()
                self._ends = []

    def receive(self, peer: Peer, content: Any) -> None:
        """Answer one message; whatever it holds, the sender gets a typed reply."""
        reply(peer, content, partial(self._answer, peer))

    def _answer(self, peer: Peer, content: Any) -> Answer:
        handlers: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
            "code": self._code,
            "hello": lambda content: self._hello(content, peer),
            "steps": self._brushed,
            "stop": self._stop,
            "range": self._range,
            "examples": self.examples.asked,
        }
        kind = type_of(content)
        if kind not in handlers:
            raise MessageError(f"unknown message type {shown(kind)}")
        return handlers[kind](content)

    def _code(self, content: Mapping[str, Any]) -> Answer:
        digest = content.get("digest")
        found = bundle.training()
        if digest is not None and digest != found.digest:
            raise MessageError(f"no views have the digest {shown(digest)}; run the cell again")
        return {"type": "code", "digest": found.digest}, [found.code]

    def _hello(self, content: Mapping[str, Any], peer: Peer) -> Answer:
        # Not under the lock: to read a recorder tells the views of other sessions, which have locks of their own.
        records = [recorder.record() for recorder in self.recorders]
        long = sum(len(curve) for record in records for curve in record.metrics.values()) > LONG
        if not long:
            self._looking.at(records)
        with self._lock:
            page = self.page(records)
            tails = [seen.tails(record) for record, seen in zip(page.records, self._seen, strict=True)]
            if any(tails) or self._looking.version != self._told:
                self._send(tails)
            self._greeted.add(peer)
            if long:
                self._looking.aside(self._found)
            # Here, under the lock: no tail comes before the state that it goes on from.
            send(peer, answering(content, {"type": "runs", "steps": self.steps}), [state(page)])
            return None, []

    def _brushed(self, content: Mapping[str, Any]) -> Answer:
        given = content.get("range")
        if given is not None:
            sound = isinstance(given, list) and len(given) == 2
            if not sound or not all(_finite(one) for one in given) or given[0] > given[1]:
                raise MessageError(f"range must be two steps, the lower first, or null, not {shown(given)}")
        self.select(None if given is None else (float(given[0]), float(given[1])))
        return self._steps_json(), []

    def _steps_json(self) -> dict[str, Any]:
        return {"type": "steps", "range": None if self.steps is None else list(self.steps)}

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show the losses of some examples beside the whole's, in place of those shown before."""
        with self._lock:
            if not parts and not self._parts:
                return
            self._parts = tuple(parts)
            arrays: dict[str, Any] = {}
            data = packed({"parts": parts_json(self._parts, arrays)}, arrays)
            for peer in list(self._greeted):
                send(peer, {"type": "parts"}, [data])

    def tell_examples(self) -> None:
        """The Evaluation that holds the examples has changed, or selects others."""
        message = self.examples.message()
        with self._lock:
            for peer in list(self._greeted):
                send(peer, message, [])

    def observe(self, function: Callable[[tuple[float, float] | None], None]) -> Callable[[], None]:
        """Call a function with the steps whenever others are brushed; the returned function ends that."""
        self._observers.append(function)
        return lambda: self._observers.remove(function)

    def select(self, steps: tuple[float, float] | None) -> None:
        """Brush some steps, or none, in all views."""
        with self._lock:
            if steps == self.steps:
                return
            self.steps = steps
            for peer in list(self._greeted):
                send(peer, self._steps_json(), [])
        for function in list(self._observers):
            function(steps)

    def _stop(self, content: Mapping[str, Any]) -> Answer:
        recorder = self._recorder(content)
        recorder.stop()
        self._changed()
        return {"type": "stopping", "run": content.get("run")}, []

    def _range(self, content: Mapping[str, Any]) -> Answer:
        curve = self._recorder(content).record().metrics.get(str(content.get("metric")))
        low, high = content.get("low"), content.get("high")
        if curve is None:
            raise MessageError(f"no metric is called {shown(content.get('metric'))}")
        if not _finite(low) or not _finite(high):
            raise MessageError(f"low and high must be steps, not {shown(low)} and {shown(high)}")
        part = between(curve.finite, float(low or 0), float(high or 0))
        return {"type": "range"}, [range_json(buckets(part, RANGE_BUCKETS))]

    def _recorder(self, content: Mapping[str, Any]) -> Recorder:
        place = content.get("run")
        if type(place) is not int or not 0 <= place < len(self.recorders):
            raise MessageError(f"there is no run {shown(place)}")
        return self.recorders[place]

    def page(self, records: Sequence[RunRecord] | None = None) -> Page:
        """The runs as they are now, and what is wrong with them; of given records what is known so far."""
        if records is None:
            records = [recorder.record() for recorder in self.recorders]
            self._looking.at(records)
            with self._lock:
                if self._looking.version != self._told:
                    self._send([{} for _ in records])
        stopping = frozenset(i for i, recorder in enumerate(self.recorders) if recorder.stopping)
        return Page(
            tuple(records),
            tuple(self._looking.found),
            self.fingerprint,
            self._variable(),
            self._parts,
            stopping,
            self.examples.told(),
        )

    def _found(self, records: Sequence[RunRecord]) -> None:
        """Tell the views what was found, and how the layers are by now."""
        with self._lock:
            layers = time.monotonic() >= self._layers_after or not self._running
            if layers or self._looking.version != self._told:
                self._send([{} for _ in records], self.page(records) if layers else None)

    @property
    def _running(self) -> bool:
        return any(recorder.status == "running" for recorder in self.recorders)

    def _changed(self) -> None:
        """Something is new: all views are told, at once, or soon where it changes faster than anybody sees."""
        with self._lock:
            if self._peers:
                self._pace.tell()

    def _tell(self) -> None:
        """Send what the views do not have yet."""
        tails = [recorder.tails(seen.n) for recorder, seen in zip(self.recorders, self._seen, strict=True)]
        ended = self._stati() != [seen.status for seen in self._seen]
        if not ended and not any(tails):
            return
        self._send(tails)
        if ended or self._looking.due:
            self._looking.aside(self._found)

    def _send(
        self,
        tails: Sequence[Mapping[str, Curve]],
        layers: Page | None = None,
    ) -> None:
        """Tell the views that have the state what came since; of a page its layers too."""
        new, self._told = self._looking.version != self._told, self._looking.version
        arrays: dict[str, Any] = {}
        runs = []
        for i, (seen, tail) in enumerate(zip(self._seen, tails, strict=True)):
            seen.status = self._stati()[i]
            runs.append(
                {
                    "index": i,
                    "status": seen.status,
                    "metrics": seen.tell(tail, str(i), arrays),
                    "events": events_json(self._looking.found[i]) if new else None,
                    "layers": layers_json(layers.records[i], i, arrays) if layers else None,
                }
            )
        if layers:
            self._layers_after = time.monotonic() + LAYERS_SECONDS
        header = {"runs": runs, "findings": findings_json(self._looking.found) if new else None}
        if self._greeted:
            data = packed(header, arrays)
            for peer in list(self._greeted):
                send(peer, {"type": "tail"}, [data])

    def _stati(self) -> list[str]:
        return [
            "stopping" if recorder.stopping and recorder.status == "running" else recorder.status
            for recorder in self.recorders
        ]


def _call(changed: weakref.WeakMethod[Callable[[], None]]) -> None:
    """Tell a session, where there is still one."""
    method = changed()
    if method is not None:
        method()


def _finite(value: Any) -> bool:
    return type(value) in (int, float) and bool(np.isfinite(value))
