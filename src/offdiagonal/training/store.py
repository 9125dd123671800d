"""Runs on disk: one SQLite file a run, written every half second, so that a crash of the kernel loses less than one.

A file is written by the kernel, and by processes that it started; each writes pieces of its own, whole or not at all.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.blob import packed, unpacked
from offdiagonal.training.growing import ExamplesAt, GrowingCurve, GrowingExamples, LayersAt, layers_of
from offdiagonal.training.record import Curve, RunRecord, Status
from offdiagonal.training.values import plain

FOLDER = Path(".offdiagonal") / "runs"
"""Below the folder that the kernel works in."""
SUFFIX = ".run"
PATIENCE = 10.0
"""Seconds after which a run that says nothing is looked after: it says something twice a second."""
VERSION = 1
TABLES = """
create table if not exists facts (key text primary key, value text not null);
create table if not exists pieces (
  number integer primary key, writer text not null, kind text not null, name text not null, data blob not null
);
"""


@dataclass(frozen=True)
class Piece:
    """Some of what was logged: ``metric``, ``parameters``, ``activations`` or ``examples``."""

    kind: str
    name: str
    data: bytes


class RunFile:
    """One run's file, as one process writes and reads it."""

    def __init__(self, path: Path, writer: str, *, begun: bool = False) -> None:
        self.path = path
        self.writer = writer
        self._read = 0
        if begun and not path.exists():  # one made anew would hold no run
            raise OffdiagonalError(
                f"{path} was deleted or moved, so that nothing of this process is kept: begin another run"
            )
        with _storing(path):
            _make_folder(path.parent)
            self._link = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
            self._link.execute("pragma synchronous = normal")
            self._link.executescript(TABLES)

    def write(self, pieces: Iterable[Piece], facts: Mapping[str, Any]) -> None:
        """Write all of it, or nothing.

        Raises
        ------
        OffdiagonalError
            If the disk does not take it.
        """
        with _keeping(self.path), self._transaction():
            self._link.executemany(
                "insert into pieces (writer, kind, name, data) values (?, ?, ?, ?)",
                [(self.writer, piece.kind, piece.name, piece.data) for piece in pieces],
            )
            self._link.executemany(
                "insert or replace into facts values (?, ?)",
                [(key, json.dumps(value)) for key, value in facts.items()],
            )

    def fact(self, key: str) -> Any:
        """Something that stands over the run; None where nothing does."""
        with _storing(self.path):
            found = self._link.execute("select value from facts where key = ?", (key,)).fetchone()
        return None if found is None else json.loads(found[0])

    def others(self) -> list[Piece]:
        """What other processes wrote since this was last asked."""
        with _storing(self.path):
            found = self._link.execute(
                "select number, kind, name, data from pieces where number > ? and writer != ? order by number",
                (self._read, self.writer),
            ).fetchall()
        if found:
            self._read = found[-1][0]
        return [Piece(*columns) for _, *columns in found]

    def close(self) -> None:
        """Close the file."""
        self._link.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._link.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._link.execute("rollback")
            raise
        self._link.execute("commit")


@contextmanager
def _storing(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise OffdiagonalError(
            f"the run cannot be kept in {path}: {error}; give another folder=, or keep=False"
        ) from error


@contextmanager
def _keeping(path: Path) -> Iterator[None]:
    """The same of a run that goes on, whose file may be gone."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        gone = getattr(error, "sqlite_errorname", "") == "SQLITE_READONLY_DBMOVED" or not path.exists()
        raise OffdiagonalError(
            f"the run is no longer kept: {path} {'was deleted or moved' if gone else f'takes nothing ({error})'}; "
            "what was logged is in memory, and run.curves().save('run.html') writes it to a file"
        ) from error


def _make_folder(folder: Path) -> None:
    """Make the folder; one that is made here is left out of version control."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n")


def curve_piece(name: str, curve: Curve) -> Piece:
    """Some values of a metric."""
    arrays = {"steps": curve.steps, "values": curve.values, "times": curve.times}
    return Piece("metric", plain(name), packed({}, arrays))


def layers_piece(kind: str, layers: LayersAt) -> Piece:
    """The numbers of the layers at a step."""
    header = {
        "names": layers.names,
        "kinds": layers.kinds,
        "shapes": layers.shapes,
        "step": layers.step,
    }
    return Piece(kind, "", packed(header, dict(layers.stats)))


def examples_piece(examples: ExamplesAt) -> Piece:
    """What examples came to at a step."""
    header: dict[str, Any] = {"step": examples.step, "ids": plain(examples.ids.tolist())}
    arrays: dict[str, NDArray[Any]] = {}
    if examples.prediction is not None:
        known = list(dict.fromkeys(examples.prediction.tolist()))
        place = {one: code for code, one in enumerate(known)}
        header["classes"] = plain(known)
        arrays["prediction"] = np.asarray([place[one] for one in examples.prediction.tolist()], dtype="u4")
    for name in ("loss", "probability"):
        values = getattr(examples, name)
        if values is not None:
            arrays[name] = values
    return Piece("examples", "", packed(header, arrays))


def curve_of(piece: Piece) -> Curve:
    """The values of a piece."""
    _, arrays = unpacked(piece.data)
    return Curve(arrays["steps"], arrays["values"], arrays["times"])


def layers_at(piece: Piece) -> LayersAt:
    """The layers of a piece."""
    header, stats = unpacked(piece.data)
    shapes = tuple(tuple(shape) for shape in header["shapes"])
    return LayersAt(tuple(header["names"]), tuple(header["kinds"]), shapes, header["step"], stats)


def examples_at(piece: Piece) -> ExamplesAt:
    """The examples of a piece."""
    header, arrays = unpacked(piece.data)
    ids = _objects(header["ids"])
    prediction = None
    if "prediction" in arrays:
        prediction = _objects([header["classes"][code] for code in arrays["prediction"].tolist()])
    return ExamplesAt(header["step"], ids, arrays.get("loss"), prediction, arrays.get("probability"))


def _objects(values: list[Any]) -> Any:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def process_facts() -> dict[str, Any]:
    """By which process a run lives."""
    return {"pid": os.getpid(), "host": platform.node()}


def new_path(folder: Path, name: str, started: float, id: str) -> Path:
    """Where a new run is kept: its file tells when it began and what it is called."""
    when = time.strftime("%Y%m%d-%H%M%S", time.gmtime(started))
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    return folder / f"{when}-{slug or 'run'}-{id[:8]}{SUFFIX}"


def read_run(path: Path) -> RunRecord:
    """The record in a file.

    Raises
    ------
    OffdiagonalError
        If the file holds no run, or one of a later version.
    """
    facts, pieces = _read(path, pieces=True)
    try:
        return _record(facts, pieces)
    except (ValueError, KeyError, TypeError) as error:
        raise OffdiagonalError(f"{path} holds no run that can be read: {error}") from error


def _record(facts: Mapping[str, Any], pieces: Iterable[Piece]) -> RunRecord:
    curves: dict[str, GrowingCurve] = {}
    layers: dict[str, list[LayersAt]] = {"parameters": [], "activations": []}
    examples = GrowingExamples()
    for piece in pieces:
        if piece.kind == "metric":
            curve = curve_of(piece)
            curves.setdefault(piece.name, GrowingCurve()).extend(curve.steps, curve.values, curve.times)
        elif piece.kind == "examples":
            examples.parts.append(examples_at(piece))
        elif piece.kind in layers:
            layers[piece.kind].append(layers_at(piece))
    return RunRecord(
        id=facts["id"],
        name=facts["name"],
        started=facts["started"],
        status=_status(facts),
        config=facts.get("config", {}),
        metrics={name: curve.since(0) for name, curve in curves.items()},
        parameters=layers_of(layers["parameters"]),
        activations=layers_of(layers["activations"]),
        examples=examples.log(),
        facts=facts.get("facts", {}),
    )


def read_facts(path: Path) -> dict[str, Any]:
    """What stands over a run: its name, id, start, status, configuration; not what was logged."""
    facts, _ = _read(path, pieces=False)
    return {**facts, "status": _status(facts)}


def _read(path: Path, *, pieces: bool) -> tuple[dict[str, Any], list[Piece]]:
    try:
        if path.with_name(f"{path.name}-journal").exists():
            _recover(path)
        link = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)
        with closing(link):
            facts = {key: json.loads(value) for key, value in link.execute("select key, value from facts")}
            found = (
                link.execute("select kind, name, data from pieces order by number").fetchall()
                if pieces
                else []
            )
    except (sqlite3.Error, ValueError) as error:
        raise OffdiagonalError(f"{path} holds no run: {error}") from error
    if facts.get("version") != VERSION:
        raise OffdiagonalError(
            f"{path} is of version {facts.get('version')!r} and this reads {VERSION}; update offdiagonal"
        )
    return facts, [Piece(*columns) for columns in found]


def _recover(path: Path) -> None:
    """Take back a write in whose middle a kernel died, where it did; one that goes on is waited for."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30)) as link:
        link.execute("select count(*) from facts")


def _status(facts: Mapping[str, Any]) -> Status:
    """What a file says, but a run whose process is gone does not run."""
    status: Status = facts["status"]
    silent = time.time() - facts["heard"] > PATIENCE
    return "lost" if status == "running" and silent and not _lives(facts) else status


def _lives(facts: Mapping[str, Any]) -> bool:
    if os.name != "posix" or facts.get("host") != platform.node():  # elsewhere signal 0 ends a process
        return False
    try:
        os.kill(int(facts["pid"]), 0)
    except (OSError, ValueError, KeyError):
        return False
    return True


def paths(folder: Path) -> list[Path]:
    """The files of the runs in a folder, the newest first as far as their names tell: by the second."""
    return sorted(folder.glob(f"*{SUFFIX}"), reverse=True) if folder.is_dir() else []
