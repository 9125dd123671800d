"""Takes what a training loop logs, in a microsecond, and puts it in order and on disk in a thread of its own."""

from __future__ import annotations

import logging
import multiprocessing.util
import os
import threading
import time
import uuid
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training import keeping, store
from offdiagonal.training.growing import (
    ExamplesAt,
    GrowingCurve,
    GrowingExamples,
    LayersAt,
    layers_of,
    parts_of,
)
from offdiagonal.training.names import with_names
from offdiagonal.training.record import Curve, RunRecord, Status
from offdiagonal.training.values import array, numbers, plain

log = logging.getLogger("offdiagonal")

QUIET = 0.5
"""Seconds between two looks at what was logged while nobody watches."""
WATCHED = 1 / 25
"""The same while a view is open: a server drops what comes more often than some thirty times a second."""
MOST_WAITING = 200_000
"""A loop that logs faster than this is read is held until some of it is."""

Facts = Mapping[str, Any]
Logged = tuple[str, float, float, Mapping[str, Any]]
Late = Callable[[], None]


class Recorder:
    """One run's record, and the thread that makes it.

    Parameters
    ----------
    name, config
        As the user gave them.
    folder
        Where the run is kept; None: nowhere.
    id, started
        Of a run that another process began, whose record this one adds to.
    """

    def __init__(
        self,
        name: str,
        config: Facts,
        folder: Path | None,
        *,
        path: Path | None = None,
        id: str | None = None,
        started: float | None = None,
    ) -> None:
        self.child = path is not None
        self.id = id or uuid.uuid4().hex
        self.name = name
        self.config = config
        self.started = time.time() if started is None else started
        self.pid = os.getpid()
        self.status: Status = "running"
        self.facts: dict[str, Any] = {}
        self.counted_labels: list[int] | None = None
        """The counts that a hook put among the facts, and not the user."""
        if path is None and folder is not None:
            path = store.new_path(folder, name, self.started, self.id)
        self.path = path
        self.revision = 0
        self._told_over = False
        self.stopping = False
        """Somebody asked the training to end."""
        self._file: store.RunFile | None = None
        self._inbox: deque[Any] = deque()
        self._lock = threading.RLock()
        self._curves: dict[str, GrowingCurve] = {}
        self._layers: dict[str, list[LayersAt]] = {"parameters": [], "activations": []}
        self._examples = GrowingExamples()
        self._written: dict[str, int] = {}
        self._pieces: list[store.Piece] = []
        self._facts_written: dict[str, Any] = {}
        self.named: dict[str, str] = {}
        """What the metrics that the loop logs itself are called here."""
        self.at_end: list[Callable[[], None]] = []
        """Called once, when the run is over: hooks that are to go."""
        self._watchers: list[Callable[[], None]] = []
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self.failure: OffdiagonalError | None = None
        """Why nothing more is kept, where that is so."""
        if self.child:  # a process that multiprocessing started ends without the usual finalizers
            multiprocessing.util.Finalize(self, keeping.flush, args=(weakref.ref(self),), exitpriority=10)
        if path is not None:
            self._open(path)

    def _open(self, path: Path) -> None:
        try:
            self._file = store.RunFile(path, uuid.uuid4().hex, begun=self.child)
        except OffdiagonalError as error:
            if not self.child:
                raise
            self._no_file(error)  # of a process in the middle of a training
            return
        keeping.WRITING.add(self)
        weakref.finalize(self, self._file.close)
        self._keep()

    def _no_file(self, error: OffdiagonalError) -> None:
        log.warning("%s", error)
        self.failure = error
        self._file = None

    @classmethod
    def of(cls, record: RunRecord) -> Self:
        """What holds a run that is plain data already; nothing is written."""
        own = cls(record.name, record.config, None, id=record.id, started=record.started)
        own.facts = dict(record.facts)
        own.status = record.status
        for name, curve in record.metrics.items():
            own._extend(name, curve)
        own._layers = {"parameters": parts_of(record.parameters), "activations": parts_of(record.activations)}
        own._examples = GrowingExamples.of(record.examples)
        return own

    def put(self, item: Logged | Late) -> None:
        """Take something to be put in order later; it must not change any more."""
        self._inbox.append(item)
        if self._thread is None:
            self._start()
        elif len(self._inbox) > MOST_WAITING:
            self.flush()

    def say_if_over(self) -> None:
        """Say, once, that what is logged comes after the run's end."""
        if self.status != "running" and not self._told_over:
            self._told_over = True
            log.warning(
                "%s is %s: what is logged to it now is taken, and it stays %s; run.resume() lets it go on",
                self.name,
                self.status,
                self.status,
            )

    def called(self, metrics: dict[str, Any]) -> dict[str, Any]:
        """Metrics by the names that they have here."""
        named = self.named
        if not metrics.keys() <= named.keys():
            self.named = named = with_names(named, metrics)
        return {named[name]: value for name, value in metrics.items()}

    def hold(self) -> None:
        """Write nothing until ``release``."""
        self._lock.acquire()

    def release(self) -> None:
        """Go on writing."""
        self._lock.release()

    def now(self) -> float:
        """Seconds since the run began."""
        return time.time() - self.started

    def _start(self) -> None:
        with self._lock:
            if self._thread is not None:
                return
            own = weakref.ref(self)
            self._thread = threading.Thread(target=keeping.keep_up, args=(own, self._wake), daemon=True)
            self._thread.name = f"offdiagonal run {self.name}"
            self._thread.start()

    def flush(self) -> None:
        """Put all in order that was logged until now, and write it; in a process that was forked it is the other's."""
        if self.pid != os.getpid():
            return
        with self._lock:
            changed = self._read_inbox()
            self._keep()  # before what others wrote comes behind it, which is on disk already
            changed = self._take_of_others() or changed
            self._hear_stop()
            if changed:
                self.revision += 1
        if changed:
            for watcher in list(self._watchers):
                watcher()

    def _read_inbox(self) -> bool:
        waiting = [self._inbox.popleft() for _ in range(len(self._inbox))]
        points: list[tuple[str, float, float, Any]] = []
        for item in waiting:
            try:
                if callable(item):
                    item()
                else:
                    _, step, seconds, metrics = item
                    points += [(name, step, seconds, value) for name, value in metrics.items()]
            except OffdiagonalError as error:
                log.error("%s: %s", self.name, error)  # noqa: TRY400 - it says all, and is the user's to mend
            except Exception:  # what cannot be read of one value must not end the record of the others
                log.exception("something that was logged to %s could not be read", self.name)
        rows: dict[str, list[tuple[float, float, float]]] = {}
        values = numbers([value for *_, value in points])
        for (name, step, seconds, _), value in zip(points, values, strict=True):
            if value is None:
                log.error("%s that was logged to %s at step %g could not be read", name, self.name, step)
            else:
                rows.setdefault(name, []).append((step, value, seconds))
        for name, found in rows.items():
            self._extend(name, Curve(*np.asarray(found).T))
        return bool(waiting)

    def _extend(self, name: str, curve: Curve) -> None:
        self._curves.setdefault(name, GrowingCurve()).extend(curve.steps, curve.values, curve.times)

    def add_layers(self, kind: str, layers: LayersAt) -> None:
        """Add the numbers of the layers at a step; for the recorder's own thread."""
        stats = {name: np.asarray(array(stat), dtype=np.float32) for name, stat in layers.stats.items()}
        known = LayersAt(layers.names, layers.kinds, layers.shapes, layers.step, stats)
        self._layers[kind].append(known)
        self._pieces.append(store.layers_piece(kind, known))

    def add_examples(self, examples: ExamplesAt) -> None:
        """Add what examples came to at a step; for the recorder's own thread."""
        self._examples.parts.append(examples)
        self._pieces.append(store.examples_piece(examples))

    def _take_of_others(self) -> bool:
        """What processes that this one started have logged."""
        if self._file is None or self.child:
            return False
        others = self._file.others()
        for piece in others:
            if piece.kind == "metric":
                self._extend(piece.name, store.curve_of(piece))
                curve = self._curves[piece.name]
                self._written[piece.name] = self._written.get(piece.name, 0) + len(store.curve_of(piece))
                assert self._written[piece.name] <= curve.n
            elif piece.kind == "examples":
                self._examples.parts.append(store.examples_at(piece))
            elif piece.kind in self._layers:
                self._layers[piece.kind].append(store.layers_at(piece))
        return bool(others)

    def _keep(self) -> None:
        """Write what is not on disk yet, and that the run lives."""
        if self._file is None:
            return
        new = {name: curve for name, curve in self._curves.items() if curve.n > self._written.get(name, 0)}
        curves = [
            store.curve_piece(name, curve.since(self._written.get(name, 0))) for name, curve in new.items()
        ]
        facts = {} if self.child else self._new_facts()
        try:
            self._file.write([*self._pieces, *curves], facts)
        except OffdiagonalError as error:
            self._no_file(error)
        self._pieces = []
        self._facts_written |= facts
        self._written |= {name: curve.n for name, curve in new.items()}

    def _hear_stop(self) -> None:
        """In a process that the run's own started: whether somebody pressed Stop there."""
        if self.child and self._file is not None and not self.stopping:
            self.stopping = self._file.fact("stopping") is True

    def _new_facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "version": store.VERSION,
            "id": self.id,
            "name": self.name,
            "started": self.started,
            "config": plain(self.config),
            "status": self.status,
            "stopping": self.stopping,
            "facts": plain(self.facts),
            "heard": time.time(),
            **store.process_facts(),
        }
        return {key: value for key, value in facts.items() if self._facts_written.get(key) != value}

    def record(self) -> RunRecord:
        """All that was logged until now."""
        self.flush()
        with self._lock:
            return RunRecord(
                id=self.id,
                name=self.name,
                started=self.started,
                status=self.status,
                config=dict(self.config),
                metrics={name: curve.since(0) for name, curve in self._curves.items()},
                parameters=layers_of(self._layers["parameters"]),
                activations=layers_of(self._layers["activations"]),
                examples=self._examples.log(),
                facts=dict(self.facts),
            )

    def tails(self, known: Mapping[str, int]) -> dict[str, Curve]:
        """Of each metric what follows the first so many values."""
        with self._lock:
            return {
                name: curve.since(known.get(name, 0))
                for name, curve in self._curves.items()
                if curve.n > known.get(name, 0)
            }

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call a function after each change, in the recorder's thread; the returned function ends that."""
        self._watchers.append(watcher)
        self._wake.set()
        self._start()

        def end() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return end

    @property
    def done(self) -> bool:
        """Whether the run is over and all of it is in order: then its thread ends."""
        over = self.status != "running" and not self._inbox
        if over:
            self._thread = None
        return over

    @property
    def pause(self) -> float:
        """Seconds until the next look."""
        return WATCHED if self._watchers else QUIET

    def resume(self) -> None:
        """The run goes on after it was over."""
        with self._lock:
            self.stopping = self._told_over = False
            if self.status in {"finished", "stopped", "crashed"}:
                self.status = "running"
        self.flush()  # at once: a process that is started now reads whether it is to stop
        if self._file is not None or self._watchers:
            self._start()

    def listen(self) -> None:
        """Hear of Stop in a process that logs nothing itself."""
        if self.child and self._thread is None:
            self._start()

    def stop(self) -> None:
        """Ask the training to end, in this process and, soon after, in those that it started."""
        self.stopping = True
        if self._file is not None:
            self._start()
        self._wake.set()

    def end(self, status: Status) -> None:
        """The run is over; what is logged later is still taken."""
        if self.pid != os.getpid():
            return
        waiting, self.at_end = self.at_end, []
        for leave in waiting:
            leave()
        with self._lock:
            if self.status == "running":
                self.status = status
            self.revision += 1
        self.flush()
        self._wake.set()
        for watcher in list(self._watchers):
            watcher()

    def leave(self) -> None:
        """Nobody holds the run any more, or Python ends: a thread that is in compiled code then could take it down."""
        error = keeping.died() if self.status == "running" else None
        if self.stopping or isinstance(error, KeyboardInterrupt):
            self.end("stopped")
        elif error is not None:
            self.facts["error"] = f"{type(error).__name__}: {error}"[:500]
            self.end("crashed")
        else:
            self.end("finished")
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(5)
