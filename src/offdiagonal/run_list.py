"""The runs that are kept, and runs that other tools wrote: the front door of what is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Self, overload

import numpy as np

from offdiagonal.display.run_listed import runs_list_html
from offdiagonal.errors import OffdiagonalError
from offdiagonal.run import LIVING, Run
from offdiagonal.table.frames import as_frame
from offdiagonal.training import store
from offdiagonal.training.budget import By
from offdiagonal.training.compare import compare, differences
from offdiagonal.training.compared import Comparison
from offdiagonal.training.listed import COLUMNS, line_of, row_of
from offdiagonal.training.readers.read import read
from offdiagonal.training.record import RunRecord

DAMAGED = (OffdiagonalError, KeyError, TypeError, ValueError)  # what reading a damaged file raises
LISTED = 20


class Kept:
    """A run on disk, read when it is asked for."""

    def __init__(self, path: Path) -> None:
        facts = store.read_facts(path)
        self.path = path
        self.id: str = facts["id"]
        self.name: str = facts["name"]
        self.started: float = facts["started"]

    @property
    def run(self) -> Run:
        """The run itself, where this process logs it; else as the file told it when it was first asked for."""
        return LIVING.get(self.id) or self._read

    @cached_property
    def _read(self) -> Run:
        return Run.of(store.read_run(self.path), self.path)


class Given:
    """A run that is there already."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.id, self.name = run.id, run.name


class Runs(Sequence[Run]):
    """Some runs: as a list, by name, as a table, compared.

    Parameters
    ----------
    runs
        Runs, in the order in which they are to be shown.

    Raises
    ------
    OffdiagonalError
        If one of them is no Run.

    Examples
    --------
    >>> import offdiagonal as od
    >>> slow = od.Run("slow", config={"lr": 0.01}, keep=False)
    >>> fast = od.Run("fast", config={"lr": 0.1}, keep=False)
    >>> for step in range(10):
    ...     slow.log(step, loss=1 - 0.01 * step)
    ...     fast.log(step, loss=1 - 0.1 * step)
    >>> od.Runs([slow, fast]).compare()
    at 9 steps fast has loss 0.1, slow 0.91: 0.81 better; one run each says nothing of other seeds
      lr: 0.01, 0.1
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        given = list(runs)
        for run in given:
            if not isinstance(run, Run):
                raise OffdiagonalError(f"Runs takes Runs, not a {type(run).__name__}: {run!r:.80}")
        self._entries: list[Kept | Given] = [Given(run) for run in given]
        self.unreadable: tuple[str, ...] = ()
        """Why files of the folder are left out."""
        self._where = ""

    @classmethod
    def of_entries(
        cls, entries: Sequence[Kept | Given], unreadable: tuple[str, ...] = (), where: str = ""
    ) -> Self:
        """Make a list of entries that are read when they are asked for."""
        found = cls([])
        found._entries, found.unreadable, found._where = list(entries), unreadable, where
        return found

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs())

    def _runs(self, most: int | None = None) -> list[Run]:
        """Read the first so many; a file that turns out to be damaged leaves the list and is named in its text."""
        found: list[Run] = []
        while len(found) < (len(self) if most is None else min(most, len(self))):
            entry = self._entries[len(found)]
            try:
                found.append(entry.run)
            except DAMAGED as error:
                self._entries.remove(entry)
                self.unreadable += (_reason(getattr(entry, "path", Path(entry.name)), error),)
        return found

    @overload
    def __getitem__(self, key: int | str) -> Run: ...

    @overload
    def __getitem__(self, key: slice) -> Runs: ...

    def __getitem__(self, key: int | str | slice) -> Run | Runs:
        if isinstance(key, slice):
            return Runs.of_entries(self._entries[key])
        if isinstance(key, str):
            return self._entry(key).run
        return self._entries[key].run

    def _entry(self, key: str) -> Kept | Given:
        """The run of that name, the newest if there are several, or whose id begins so."""
        for entry in self._entries:
            if entry.name == key:
                return entry
        begun = [entry for entry in self._entries if len(key) >= 4 and entry.id.startswith(key)]
        if len(begun) == 1:
            return begun[0]
        names = [entry.name for entry in self._entries]
        near = get_close_matches(key, names, 3, 0.3) or names[:3]
        raise OffdiagonalError(
            f"no run is called {key!r:.80}; there is {', '.join(map(repr, near)) or 'none at all'}"
            + (f" and {len(names) - len(near)} more" if len(names) > len(near) else "")
        )

    def _apart(self, keys: Sequence[str]) -> list[Kept | Given]:
        """The runs of those names or ids, no run twice."""
        found: list[Kept | Given] = []
        for key in keys:
            entry = self._entry(key)
            if entry in found:
                alike = [one.id[:8] for one in self._entries if one.name == entry.name]
                there = (
                    f"there are {len(alike)} of that name: give their ids, newest first "
                    if len(alike) > 1
                    else "there is no other of that name: its id is "
                )
                raise OffdiagonalError(
                    f"{key!r:.80} is the run {entry.name!r:.80} ({entry.id[:8]}), which is compared already; "
                    f"{there}{', '.join(map(repr, alike[:10]))}"
                )
            found.append(entry)
        return found

    @property
    def names(self) -> list[str]:
        """What they are called."""
        return [entry.name for entry in self._entries]

    @property
    def records(self) -> tuple[RunRecord, ...]:
        """All of them as plain data."""
        return tuple(run.record for run in self)

    def compare(self, *names: str, metric: str | None = None, by: By = "step") -> Comparison:
        """Say what the runs differ in, and which is better at the budget of the shortest.

        Parameters
        ----------
        *names
            Of the runs, or the beginnings of their ids, the one that the others are compared with first; default:
            all. A name that several have is the newest of them: by their ids they are told apart.
        metric
            What is compared; default: the validation loss, else what they have in common.
        by
            ``"step"``: after the same number of updates; ``"time"``: after the same time.

        Raises
        ------
        OffdiagonalError
            If there are fewer than two, one is named twice, or one lacks the metric.
        """
        chosen = [entry.run for entry in self._apart(names)] if names else list(self)
        return compare([run.record for run in chosen], metric, by)

    def to_frame(self) -> Any:
        """One row a run: name, id, start, status, steps, the last and best losses, and the settings that differ."""
        records = self.records
        rows = [row_of(record) for record in records]
        columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in COLUMNS}
        columns["started"] = np.asarray(
            [int(row["started"] * 1000) for row in rows], "datetime64[ms]"
        ).tolist()
        for name, values in differences(records).items():
            columns[name if name not in columns else f"config.{name}"] = list(values)
        return as_frame(columns)

    def _repr_html_(self) -> str:
        rows = [row_of(run.record) for run in self._runs(LISTED)]
        return runs_list_html(rows, len(self), self.unreadable, self._where)

    def __repr__(self) -> str:
        rows = [row_of(run.record) for run in self._runs(LISTED)]
        if not rows:
            return f"no runs{self._where}" + "".join(f"\n  left out: {text}" for text in self.unreadable)
        lines = [f"{len(self)} runs" if len(self) > 1 else "1 run"]
        width = min(max(len(row["name"]) for row in rows), 40)
        lines += [line_of(row, width) for row in rows]
        if len(self) > LISTED:
            lines.append(f"  and {len(self) - LISTED} more")
        lines += [f"  left out: {text}" for text in self.unreadable]
        return "\n".join(lines)


def _reason(path: Path, error: Exception) -> str:
    text = error if isinstance(error, OffdiagonalError) else f"it is damaged ({error!r})"
    return f"{path.name}: {text}"[:300]


def runs(folder: str | os.PathLike[str] | None = None) -> Runs:
    """List the runs that are kept in a folder, the newest first.

    A run of this process is the run itself, live; one that another process still writes is read as it is now, and
    anew by calling this again.

    Parameters
    ----------
    folder
        Where they are kept; default: ``.offdiagonal/runs`` below the working folder.

    Examples
    --------
    >>> import tempfile
    >>> import offdiagonal as od
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with od.Run("lr 0.1", folder=folder) as run:
    ...         run.log(0, loss=2.0)
    ...     od.runs(folder)["lr 0.1"].record.curve("loss").values
    array([2.])
    """
    if folder is not None and not isinstance(folder, str | os.PathLike):
        raise OffdiagonalError(
            f"folder={folder!r:.80} is no path; give the folder in which runs are kept, as a text or a Path"
        )
    where = (Path(folder) if folder is not None else store.FOLDER).absolute()
    entries: list[Kept] = []
    unreadable = []
    for path in store.paths(where):
        try:
            entries.append(Kept(path))
        except DAMAGED as error:
            unreadable.append(_reason(path, error))
    entries.sort(key=lambda entry: entry.started, reverse=True)
    kind = "" if where.is_dir() else ", which is no folder" if where.exists() else ", which is not there"
    return Runs.of_entries(entries, tuple(unreadable), f" in {where}{kind}")


def read_run(source: Any, name: str | None = None) -> Run:
    """Read a run that something else logged; it is looked at like one that was logged here.

    Parameters
    ----------
    source
        A file or folder: CSV, JSON lines, ``trainer_state.json``, event files of TensorBoard, exports of W&B and
        MLflow. Or an object: a Keras history, a Trainer of transformers, a run of W&B or MLflow, a data frame with a
        row a step, a dict of lists, a list of dicts.
    name
        What to call it; default: what it calls itself, or the file's name.

    Raises
    ------
    OffdiagonalError
        If it is none of these, or broken; it says what was seen.

    Examples
    --------
    >>> import offdiagonal as od
    >>> run = od.read_run({"loss": [0.9, 0.5], "val_loss": [0.8, 0.6]}, "history")
    >>> run
    Run('history', finished, step 1)
    >>> run.record.curve("val_loss").values
    array([0.8, 0.6])
    """
    return Run.of(read(source, name))
