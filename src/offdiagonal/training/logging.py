"""What a Run takes of a training, step by step: methods of a Run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.growing import LayersAt
from offdiagonal.training.record import FACTS, STATS
from offdiagonal.training.told import ids_taken, read_examples, values_taken
from offdiagonal.training.values import number, plain, taken

if TYPE_CHECKING:
    from offdiagonal.training.recorder import Recorder

LAYER_KINDS = ("parameters", "activations")


class StopTraining(Exception):  # noqa: N818 - it is no error: somebody asked for it
    """Raised by ``run.log`` after Stop; ``with od.Run(...)`` takes it."""


class Logging:
    """Numbers by step, what single examples and layers come to, and facts."""

    _polite = False
    """Whether the loop looks at ``should_stop`` itself."""
    _last = -1.0
    _brought: frozenset[str] = frozenset()
    """The metrics of the last step."""
    _told: frozenset[bool | None] = frozenset()
    """What calls of log_examples said of whether the model learns from them."""

    if TYPE_CHECKING:  # a Run has them

        @property
        def name(self) -> str:
            """What the run is called."""

        @property
        def recorder(self) -> Recorder:
            """What takes and keeps what is logged, in this process."""

    @property
    def last_step(self) -> float:
        """The step that was logged last by this process; -1: none yet."""
        return self._last

    def log(
        self,
        step: float | Mapping[str, Any] | None = None,
        given: Mapping[str, Any] | None = None,
        /,
        **metrics: Any,
    ) -> None:
        """Take numbers of a step; it returns in some microseconds and never waits for a device.

        Parameters
        ----------
        step
            How many updates the model has had; default: one more than the last, or the last where it has none of
            these metrics yet, as with a validation after an update.
        given
            Metrics as a dict.
        **metrics
            A number each, or a tensor of one element on any device: ``loss``, ``val_loss``, ``accuracy``,
            ``val_accuracy``, ``lr``, ``grad_norm``, ``epoch`` and whatever else there is; ``train_loss``,
            ``eval_loss``, ``learning_rate`` and their like get these names. NaN and infinity are kept and marked as
            events.

        Raises
        ------
        OffdiagonalError
            If the step or a metric is no number, or a metric is given twice.
        StopTraining
            If somebody pressed Stop, and the loop does not look at ``should_stop`` itself.
        """
        recorder = self.recorder
        if given is None and isinstance(step, Mapping):
            step, given = None, step
        if given is not None:
            metrics = _merged(given, metrics)
        if "step" in metrics:  # as a keyword it is the step too
            if step is not None:
                raise OffdiagonalError(f"log got two steps, {step!r:.80} and step={metrics['step']!r:.80}")
            step = metrics.pop("step")
        at = self._next(metrics) if step is None else _step(step)
        for name, value in metrics.items():
            if type(value) is not float:
                metrics[name] = _metric(name, value)
        self._brought = self._brought.union(metrics) if at == self._last else frozenset(metrics)
        self._last = at
        recorder.say_if_over()
        recorder.put(("metrics", at, recorder.now(), recorder.called(metrics)))
        if recorder.stopping and not self._polite:
            raise StopTraining(f"{self.name} was stopped at step {at:g}")

    def _next(self, metrics: Mapping[str, Any]) -> float:
        """The step of metrics that come without one: the last, where they only bring what it does not have."""
        joins = bool(metrics and self._brought) and self._brought.isdisjoint(metrics)
        return self._last if joins else self._last + 1

    def log_examples(
        self,
        step: float,
        ids: Any,
        *,
        loss: Any = None,
        prediction: Any = None,
        probabilities: Any = None,
        training: bool | None = None,
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
            n classes, of logits ``logits.argmax(1)``.
        probabilities
            n numbers of the predicted class, or n x classes; of logits ``logits.softmax(1)``.
        training
            Whether the model learns from these examples; without it nothing is said that needs to know.

        Raises
        ------
        OffdiagonalError
            If the lengths differ, an example is there twice, or nothing is told of them; also where the first thousand
            probabilities on the CPU are none. Those of another device are looked at later, in another thread, and
            refused where an Evaluation joins the run.
        """
        recorder = self.recorder
        at = _step(step)
        given = {"loss": loss, "prediction": prediction, "probabilities": probabilities}
        if all(value is None for value in given.values()):
            raise OffdiagonalError("log_examples takes loss=, prediction= or probabilities=, and got none")
        known = {name: values_taken(name, value) for name, value in given.items() if value is not None}
        who = ids_taken(ids)
        for name, value in known.items():
            if len(value) != len(who):
                raise OffdiagonalError(
                    f"{name}= has {len(value):,} values and ids {len(who):,}; give one for each example"
                )
        recorder.say_if_over()
        recorder.put(lambda: read_examples(recorder, at, who, known))
        self._told |= {None if training is None else bool(training)}
        if self._told != {None}:
            self.fact("training_examples", self._told == {True})

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
            By name one number a layer, as a list, an array or a tensor on any device; docs/training.md has the names.
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
            _step(step),
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


def _merged(given: Any, metrics: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise OffdiagonalError(
            f"log takes metrics by name, as in run.log(step, loss=0.5) or {{'loss': 0.5}}, not {given!r:.80}"
        )
    twice = [name for name in given if name in metrics]
    if twice:
        raise OffdiagonalError(f"log got {twice[0]} twice, in the dict and by its name")
    return {**given, **metrics}


def _step(step: Any) -> float:
    at = number("step", step)
    if not math.isfinite(at):
        raise OffdiagonalError(f"step={step!r:.80} is no step; count the updates from 0")
    return at


def _metric(name: str, value: Any) -> Any:
    if not hasattr(value, "detach"):
        return number(name, value)
    if value.numel() != 1:
        raise OffdiagonalError(
            f"{name} is a tensor of shape {tuple(value.shape)}; log one number a metric, such as its mean"
        )
    return taken(value)
