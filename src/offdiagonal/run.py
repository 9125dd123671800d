"""One training, as it is logged and looked at: the front door of training."""

from __future__ import annotations

import math
import os
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from offdiagonal.display.run_session import RunSession
from offdiagonal.display.run_view import RunView
from offdiagonal.errors import OffdiagonalError
from offdiagonal.run_views import run_view, session_of
from offdiagonal.training.growing import ExamplesAt, LayersAt
from offdiagonal.training.hooks.doors import Hooks
from offdiagonal.training.hooks.watching import Watching
from offdiagonal.training.record import FACTS, STATS, RunRecord
from offdiagonal.training.recorder import Recorder
from offdiagonal.training.store import FOLDER
from offdiagonal.training.values import array, number, plain, taken

LAYER_KINDS = ("parameters", "activations")
LIVING: weakref.WeakValueDictionary[str, Run] = weakref.WeakValueDictionary()
"""The runs that this process keeps, by id: what is listed is the run itself, not a copy of its file."""


class StopTraining(Exception):  # noqa: N818 - it is no error: somebody asked for it
    """Raised by ``run.log`` after Stop; ``with od.Run(...)`` takes it."""


class Run(Hooks, Watching):
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
        If the name is empty, ``config`` is no mapping, or the folder cannot be written to.

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

    def __init__(
        self,
        name: str,
        *,
        config: Any = None,
        folder: str | os.PathLike[str] | None = None,
        keep: bool = True,
    ) -> None:
        if not str(name).strip():
            raise OffdiagonalError(f"a run needs a name that tells it from others, not {name!r:.80}")
        if config is not None and not isinstance(config, Mapping):
            raise OffdiagonalError(
                f"config= is a dict of the run's settings, such as {{'lr': 3e-4}}, not {config!r:.80}"
            )
        where = (Path(folder) if folder is not None else FOLDER).absolute() if keep else None
        self._recorder = Recorder(str(name), dict(config or {}), where)
        weakref.finalize(self, self._recorder.leave)
        if keep:
            LIVING[self._recorder.id] = self
        self._polite = False
        self._last = -1.0

    @classmethod
    def of(cls, record: RunRecord) -> Self:
        """Make a Run of plain data: of one that was read, or that another process kept. It is kept nowhere else.

        Parameters
        ----------
        record
            All that is known of it.

        Examples
        --------
        >>> import offdiagonal as od
        >>> from offdiagonal.training.record import RunRecord
        >>> od.Run.of(RunRecord(id="1", name="lr 0.1", started=0.0, status="finished"))
        Run('lr 0.1', finished, nothing logged)
        """
        run = cls(record.name, config=record.config, keep=False)
        run._recorder = Recorder.of(record)
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
        """The file that the run is kept in; None: it is not kept."""
        return self._recorder.path

    @property
    def record(self) -> RunRecord:
        """All that was logged until now, as plain data."""
        return self._recorder.record()

    @property
    def last_step(self) -> float:
        """The step that was logged last by this process; -1: none yet."""
        return self._last

    @property
    def recorder(self) -> Recorder:
        """What takes and keeps what is logged, in this process."""
        if (
            self._recorder.pid != os.getpid()
        ):  # a process that was started later has its own, and the same file
            self._recorder = _recorder_of(self.__getstate__())
            weakref.finalize(self, self._recorder.flush)
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
        metrics: Sequence[str] | None = None,
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
            Names of the metrics that are shown, in this order; default: all.
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

    def _ipython_display_(self) -> None:
        """A run at the end of a cell is its curves."""
        self.curves()._ipython_display_()

    def _repr_html_(self) -> str:
        return self.curves()._repr_html_()

    def log(self, step: float | None = None, /, **metrics: Any) -> None:
        """Take numbers of a step; it returns in some microseconds and never waits for a device.

        Parameters
        ----------
        step
            How many updates the model has had; default: one more than the last.
        **metrics
            A number each, or a tensor of one element on any device: ``loss``, ``val_loss``, ``accuracy``,
            ``val_accuracy``, ``lr``, ``grad_norm``, ``epoch`` and whatever else there is. NaN and infinity are
            kept and marked as events.

        Raises
        ------
        OffdiagonalError
            If the step or a metric is no number.
        StopTraining
            If somebody pressed Stop, and the loop does not look at ``should_stop`` itself.
        """
        recorder = self.recorder
        if "step" in metrics:  # as a keyword it is the step too
            if step is not None:
                raise OffdiagonalError(f"log got two steps, {step!r:.80} and step={metrics['step']!r:.80}")
            step = metrics.pop("step")
        at = self._last + 1 if step is None else self._step(step)
        for name, value in metrics.items():
            if type(value) is not float:
                metrics[name] = self._metric(name, value)
        self._last = at
        recorder.named.update(metrics)
        recorder.put(("metrics", at, recorder.now(), metrics))
        if recorder.stopping and not self._polite:
            raise StopTraining(f"{self.name} was stopped at step {at:g}")

    @staticmethod
    def _step(step: Any) -> float:
        at = number("step", step)
        if not math.isfinite(at):
            raise OffdiagonalError(f"step={step!r:.80} is no step; count the updates from 0")
        return at

    @staticmethod
    def _metric(name: str, value: Any) -> Any:
        if not hasattr(value, "detach"):
            return number(name, value)
        if value.numel() != 1:
            raise OffdiagonalError(
                f"{name} is a tensor of shape {tuple(value.shape)}; log one number a metric, such as its mean"
            )
        return taken(value)

    def log_examples(
        self,
        step: float,
        ids: Any,
        *,
        loss: Any = None,
        prediction: Any = None,
        probabilities: Any = None,
    ) -> None:
        """Take what single examples come to at a step, which is what tells those learned late or forgotten.

        Parameters
        ----------
        step
            How many updates the model has had.
        ids
            Who the examples are: n values, the same at all steps; of an Evaluation its ``id=`` or the positions.
        loss
            n numbers.
        prediction
            n classes.
        probabilities
            n numbers of the predicted class, or n x classes.

        Raises
        ------
        OffdiagonalError
            If the lengths differ, or nothing is told of the examples.
        """
        recorder = self.recorder
        at = self._step(step)
        given = {"loss": loss, "prediction": prediction, "probabilities": probabilities}
        if all(value is None for value in given.values()):
            raise OffdiagonalError("log_examples takes loss=, prediction= or probabilities=, and got none")
        known = {name: _values(name, value) for name, value in given.items() if value is not None}
        who = _ids(ids)
        for name, value in known.items():
            if len(value) != len(who):
                raise OffdiagonalError(
                    f"{name}= has {len(value):,} values and ids {len(who):,}; give one for each example"
                )
        recorder.put(lambda: recorder.add_examples(_examples_at(at, who, known)))

    def log_layers(
        self,
        kind: str,
        step: float,
        names: Sequence[str],
        stats: Mapping[str, Any],
        *,
        kinds: Sequence[str] | None = None,
        shapes: Sequence[Sequence[int]] | None = None,
    ) -> None:
        """Take numbers of each layer at a step, as ``watch`` does by itself.

        Parameters
        ----------
        kind
            ``"parameters"``: of tensors of weights; ``"activations"``: of what modules give.
        step
            How many updates the model has had.
        names
            Of the layers.
        stats
            By name one number a layer, as a list, an array or a tensor on any device: see ``od.training`` in the
            documentation for the names.
        kinds, shapes
            The class of each layer's module, and the shape of the tensor.

        Raises
        ------
        OffdiagonalError
            If the kind or a statistic is unknown, or the lengths differ.
        """
        recorder = self.recorder
        if kind not in LAYER_KINDS:
            raise OffdiagonalError(f"layers are {' or '.join(LAYER_KINDS)}, not {kind!r:.80}")
        unknown = [name for name in stats if name not in STATS]
        if unknown:
            raise OffdiagonalError(f"unknown statistic {unknown[0]!r:.80}; there is {', '.join(STATS)}")
        for name, values in stats.items():
            if len(values) != len(names):
                raise OffdiagonalError(
                    f"{name} has {len(values):,} numbers and there are {len(names):,} layers"
                )
        for name, told in (("kinds", kinds), ("shapes", shapes)):
            if told is not None and len(told) != len(names):
                raise OffdiagonalError(
                    f"{name}= has {len(told):,} values and there are {len(names):,} layers"
                )
        layers = LayersAt(
            tuple(names),
            tuple(kinds or [""] * len(names)),
            tuple(tuple(shape) for shape in shapes or [()] * len(names)),
            self._step(step),
            {name: taken(values) for name, values in stats.items()},
        )
        recorder.put(lambda: recorder.add_layers(kind, layers))

    def fact(self, key: str, value: Any) -> None:
        """Take something about the run that is no number by step, such as how many classes there are.

        Parameters
        ----------
        key
            One of those that findings know: ``classes``, ``label_counts``, ``batch_size``, ``steps_per_epoch`` ...
        value
            What JSON can hold.

        Raises
        ------
        OffdiagonalError
            If the key is unknown.
        """
        if key not in FACTS:
            raise OffdiagonalError(f"unknown fact {key!r:.80}; there is {', '.join(FACTS)}")
        recorder = self.recorder
        recorder.put(lambda: recorder.facts.__setitem__(key, plain(value)))

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
        self._recorder.resume()

    @property
    def should_stop(self) -> bool:
        """Whether somebody pressed Stop. A loop that looks here ends by itself, and ``log`` no longer raises."""
        self._polite = True
        return self._recorder.stopping

    def stop(self) -> None:
        """Ask the training to end: as the button of the pane does."""
        self._recorder.stopping = True

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
        """

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
        weakref.finalize(self, self._recorder.flush)
        self._polite, self._last = False, -1.0

    def __repr__(self) -> str:
        record = self.record
        steps = max(
            (float(curve.steps.max()) for curve in record.metrics.values() if len(curve)), default=None
        )
        seen = "nothing logged" if steps is None else f"step {steps:,.0f}"
        return f"Run({self.name!r}, {record.status}, {seen})"


def _recorder_of(state: Mapping[str, Any]) -> Recorder:
    return Recorder(
        state["name"],
        state["config"],
        None,
        path=state["path"],
        id=state["id"],
        started=state["started"],
    )


def _ids(ids: Any) -> Any:
    """The ids as they are now; of a tensor a copy on its device."""
    if hasattr(ids, "detach"):
        return taken(ids)
    found = _objects(ids)
    try:
        set(found.tolist())
    except TypeError as error:
        raise OffdiagonalError(
            f"ids tell examples apart, so each is one value, not {found[0]!r:.80}"
        ) from error
    return found


def _values(name: str, value: Any) -> Any:
    """What is told of examples, checked as far as that needs no wait for a device."""
    if not hasattr(value, "detach"):
        try:
            value = _objects(value) if name == "prediction" else np.array(value, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise OffdiagonalError(f"{name}= holds what is no number: {error}") from error
    most = 2 if name == "probabilities" else 1
    if not 1 <= value.ndim <= most:
        raise OffdiagonalError(
            f"{name}= has the shape {tuple(value.shape)}; give one value for each example"
            + (", or one for each class too" if most == 2 else "")
        )
    return taken(value)


def _objects(values: Any) -> NDArray[np.object_]:
    """One object for each value; values of an array as Python has them."""
    listed = values.tolist() if hasattr(values, "tolist") else list(values)
    found = np.empty(len(listed), dtype=object)
    found[:] = listed
    return found


def _examples_at(step: float, ids: Any, known: Mapping[str, Any]) -> ExamplesAt:
    """Read, in the recorder's thread, what was taken of examples."""
    prediction = array(known["prediction"]).astype(object) if "prediction" in known else None
    probability = np.asarray(array(known["probabilities"]), np.float32) if "probabilities" in known else None
    if probability is not None and probability.ndim == 2:
        probability = probability.max(axis=1)
    loss = np.asarray(array(known["loss"]), np.float32) if "loss" in known else None
    return ExamplesAt(step, array(ids).astype(object), loss, prediction, probability)
