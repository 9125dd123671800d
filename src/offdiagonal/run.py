"""One training, as it is logged and looked at: the front door of training."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from offdiagonal.display.run_listed import FoundInRun
from offdiagonal.display.run_session import RunSession
from offdiagonal.display.run_view import RunView
from offdiagonal.errors import OffdiagonalError
from offdiagonal.run_views import run_view, session_of
from offdiagonal.training.hooks.doors import Hooks
from offdiagonal.training.hooks.watching import Watching
from offdiagonal.training.logging import Logging, StopTraining
from offdiagonal.training.record import RunRecord
from offdiagonal.training.recorder import Recorder
from offdiagonal.training.store import FOLDER

LIVING: weakref.WeakValueDictionary[str, Run] = weakref.WeakValueDictionary()
"""The runs that this process keeps, by id: what is listed is the run itself, not a copy of its file."""


class Run(Logging, Hooks, Watching):
    """One training: log numbers from any loop, thread or process, watch them live and find out what is wrong.

    What is logged is kept in a file, written twice a second, so that it outlives a crash; ``od.runs()`` lists those.

    Parameters
    ----------
    name
        What distinguishes the run, such as ``"lr 3e-4"``.
    config
        Its settings: a dict that JSON can hold. Runs are compared by them.
    folder
        Where the run is kept; default: ``.offdiagonal/runs`` below the working folder.
    keep
        Whether it is kept at all.

    Raises
    ------
    OffdiagonalError
        If the name is empty or none, ``config`` is no mapping, or the folder cannot be written to.

    Examples
    --------
    >>> import offdiagonal as od
    >>> run = od.Run("lr 0.1", config={"lr": 0.1}, keep=False)
    >>> for step in range(3):
    ...     run.log(step, loss=1 / (step + 1))
    >>> run.finish()
    >>> run.record.curve("loss").values.round(2)
    array([1.  , 0.5 , 0.33])
    """

    _read_from: Path | None = None

    def __init__(
        self,
        name: str,
        *,
        config: Any = None,
        folder: str | os.PathLike[str] | None = None,
        keep: bool = True,
    ) -> None:
        if not _is_name(name):
            raise OffdiagonalError(
                f"a run needs a name that tells it from others, such as 'lr 3e-4', not {name!r:.80}"
            )
        if config is not None and not isinstance(config, Mapping):
            raise OffdiagonalError(
                f"config= is a dict of the run's settings, such as {{'lr': 3e-4}}, not {config!r:.80}"
            )
        where = (Path(folder) if folder is not None else FOLDER).absolute() if keep else None
        self._recorder = Recorder(str(name), dict(config or {}), where)
        weakref.finalize(self, self._recorder.leave)
        if keep:
            LIVING[self._recorder.id] = self

    @classmethod
    def of(cls, record: RunRecord, path: Path | None = None) -> Self:
        """Make a Run of plain data: of one that was read, or that another process kept. It is kept nowhere else.

        Parameters
        ----------
        record
            All that is known of it.
        path
            The file that it was read from, where it is one of ours.

        Examples
        --------
        >>> import offdiagonal as od
        >>> from offdiagonal.training.record import RunRecord
        >>> od.Run.of(RunRecord(id="1", name="lr 0.1", started=0.0, status="finished"))
        Run('lr 0.1', finished, nothing logged)
        """
        run = cls(record.name, config=record.config, keep=False)
        run._recorder, run._read_from = Recorder.of(record), path
        return run

    @property
    def name(self) -> str:
        """What the run is called."""
        return self._recorder.name

    @property
    def id(self) -> str:
        """What no other run is called."""
        return self._recorder.id

    @property
    def config(self) -> dict[str, Any]:
        """The settings."""
        return dict(self._recorder.config)

    @property
    def path(self) -> Path | None:
        """The file that the run is kept in, or was read from; None: it is not kept. To delete it deletes the run."""
        return self._recorder.path or self._read_from

    @property
    def record(self) -> RunRecord:
        """All that was logged until now, as plain data."""
        return self._recorder.record()

    @property
    def recorder(self) -> Recorder:
        """What takes and keeps what is logged, in this process."""
        if self._recorder.pid != os.getpid():  # a process that was started later has its own: the same file
            self._recorder = _recorder_of(self.__getstate__())
            weakref.finalize(self, self._recorder.leave)
        return self._recorder

    @cached_property
    def session(self) -> RunSession:
        """The conversation with this run's views."""
        return session_of([self])

    def curves(
        self,
        *,
        x: str = "step",
        log: bool | None = None,
        metrics: str | Sequence[str] | None = None,
        height: int | None = None,
    ) -> RunView:
        """The curves of the run, what happened in it, its layers and what is wrong: live while it runs.

        Parameters
        ----------
        x
            What lies below the curves at first: ``"step"``, ``"epoch"`` or ``"time"``.
        log
            Whether the loss is on a log scale; default: where its curves span a power of ten.
        metrics
            Names of the metrics that are shown, in this order, or one name; default: all.
        height
            Of the loss, in pixels.

        Raises
        ------
        OffdiagonalError
            If an option is none of the above.
        """
        return run_view(self.session, ("curves",), x=x, log=log, metrics=metrics, height=height)

    def layers(self, *, height: int | None = None) -> RunView:
        """Weights, gradients, updates and activations of each layer over the steps, as a heat map."""
        return run_view(self.session, ("layers",), height=height)

    def trace(self) -> Any:
        """What each module gave in one forward pass that ``watch`` saw: shape, type and range, as a DataFrame.

        Raises
        ------
        OffdiagonalError
            If no model was watched.
        """
        from offdiagonal.harness import trace

        return trace(self)

    def findings(self) -> FoundInRun:
        """What is wrong with the run, as far as what was logged shows it: the likeliest cause first.

        Returns
        -------
        list of Finding
            Each with the steps, the evidence, what it rules out and what to try; none where nothing stands out. A
            notebook shows it as a table.

        Examples
        --------
        >>> import offdiagonal as od
        >>> run = od.Run("lr 10", keep=False)
        >>> for step in range(50):
        ...     run.log(step, loss=1.0 if step < 20 else float("nan"))
        >>> [finding.kind for finding in run.findings()]
        ['not-a-number']
        """
        return FoundInRun(super().findings())

    def _ipython_display_(self) -> None:
        """A run at the end of a cell is its curves."""
        self.curves()._ipython_display_()

    def _repr_html_(self) -> str:
        return self.curves()._repr_html_()

    def configure(self, config: Mapping[str, Any]) -> None:
        """Take the settings that a framework knows, where the run was made without any.

        Parameters
        ----------
        config
            A dict that JSON can hold.
        """
        if not self._recorder.config:
            self._recorder.config = dict(config)

    def resume(self) -> None:
        """The training goes on, after it was finished or stopped: a second ``fit``, say."""
        self.recorder.resume()

    @property
    def should_stop(self) -> bool:
        """Whether somebody pressed Stop. A loop that looks here ends by itself, and ``log`` no longer raises."""
        self._polite = True
        recorder = self.recorder
        recorder.listen()
        return recorder.stopping

    def stop(self) -> None:
        """Ask the training to end: as the button of the pane does."""
        self.recorder.stop()

    def start(self, train: Callable[[], Any]) -> threading.Thread:
        """Train in a thread, so that the cell ends at once, and Stop and all views answer while it runs.

        Parameters
        ----------
        train
            The training loop, without arguments.

        Returns
        -------
        threading.Thread
            Already started; ``join()`` waits for it.

        Raises
        ------
        OffdiagonalError
            If it is no function.
        """
        if not callable(train):
            raise OffdiagonalError(
                f"start takes the function itself, as in run.start(train) and not run.start(train()); "
                f"this is {train!r:.80}"
            )

        def work() -> None:
            with self:
                train()

        thread = threading.Thread(target=work, name=f"training {self.name}", daemon=True)
        thread.start()
        return thread

    def finish(self) -> None:
        """The training is over."""
        self.recorder.end("stopped" if self._recorder.stopping else "finished")

    def __enter__(self) -> Self:
        if self.recorder.status != "running":
            self.resume()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        recorder = self.recorder
        if isinstance(error, StopTraining | KeyboardInterrupt):
            recorder.end("stopped")
        elif error is not None:
            text = f"{type(error).__name__}: {error}"[:500]
            recorder.put(lambda: recorder.facts.__setitem__("error", text))
            recorder.end("crashed")
        else:
            self.finish()
        return isinstance(error, StopTraining)

    def __getstate__(self) -> dict[str, Any]:
        own = self._recorder
        if own.path is None:
            raise OffdiagonalError(
                f"{own.name} is kept nowhere, so no other process can log to it; leave keep=False out"
            )
        return {
            "name": own.name,
            "config": own.config,
            "path": own.path,
            "id": own.id,
            "started": own.started,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._recorder = _recorder_of(state)
        weakref.finalize(self, self._recorder.leave)

    def __repr__(self) -> str:
        record = self.record
        steps = max(
            (float(curve.steps.max()) for curve in record.metrics.values() if len(curve)), default=None
        )
        seen = "nothing logged" if steps is None else f"step {steps:,.0f}"
        return f"Run({self.name!r}, {record.status}, {seen})"


def _is_name(name: object) -> bool:
    none = name is None or isinstance(name, bool | Iterable)
    return bool(str(name).strip()) and (isinstance(name, str) or not none)


def _recorder_of(state: Mapping[str, Any]) -> Recorder:
    known = {key: state[key] for key in ("path", "id", "started")}
    return Recorder(state["name"], state["config"], None, **known)
