"""Recognises what a run is kept in, and reads it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training import store
from offdiagonal.training.readers.logged import record_of
from offdiagonal.training.readers.objects import read_object
from offdiagonal.training.readers.tables import read_csv, read_json, read_jsonl
from offdiagonal.training.readers.tensorboard import read_events
from offdiagonal.training.record import RunRecord

READABLE = (
    "CSV (a row a step, or a row a value), JSON lines, trainer_state.json, a Keras history, event files of "
    "TensorBoard, runs and exports of W&B and MLflow, and .run files"
)


def read(source: Any, name: str | None) -> RunRecord:
    """The record of a run that something else wrote.

    Raises
    ------
    OffdiagonalError
        If there is no such file, or it is none that can be read.
    """
    if isinstance(source, RunRecord):
        return source
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.suffix == store.SUFFIX and path.is_file():
            found = store.read_run(path)
            return found if name is None else replace(found, name=name)
        try:
            return record_of(_read_path(path), name)
        except (OSError, UnicodeDecodeError) as error:
            raise OffdiagonalError(f"{path} cannot be read: {error}") from error
    logged = read_object(source)
    if logged is None:
        raise OffdiagonalError(f"a {type(source).__name__} is no run that can be read; there is {READABLE}")
    return record_of(logged, name)


def _read_path(path: Path) -> Any:
    if path.is_dir():
        state = path / "trainer_state.json"
        return read_json(state) if state.is_file() else read_events(path)
    if not path.is_file():
        raise OffdiagonalError(f"there is no file {path}")
    ending = path.suffix.lower()
    if "tfevents" in path.name:
        return read_events(path)
    if ending in {".jsonl", ".ndjson"}:
        return read_jsonl(path)
    if ending == ".json":
        return read_json(path) if not _lines_of_json(path) else read_jsonl(path)
    if ending in {".csv", ".tsv", ".txt", ".log"}:
        return read_jsonl(path) if _begins(path, b"{") else read_csv(path)
    raise OffdiagonalError(f"{path.name} is of no known kind ({ending or 'no ending'}); there is {READABLE}")


def _begins(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(mark)


def _lines_of_json(path: Path) -> bool:
    """Whether a .json holds an object a line, as some write it."""
    with path.open("rb") as file:
        first, second = file.readline(1_000_000).strip(), file.readline(64).strip()
    return first.startswith(b"{") and first.endswith(b"}") and second.startswith(b"{")
