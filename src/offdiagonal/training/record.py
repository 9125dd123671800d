"""A training run as plain data: what readers and hooks give, and what diagnosis and views take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Status = Literal["running", "finished", "stopped", "crashed", "lost"]
"""``lost``: it neither ended nor lives: its process is gone."""


@dataclass(frozen=True)
class Curve:
    """One metric of a run, in the order in which it was logged."""

    steps: Floats
    values: Floats
    """May hold NaN and infinity: they are what was logged."""
    times: Floats
    """Seconds since the run began."""

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def finite(self) -> Curve:
        """Without what is not a number, or is infinite."""
        kept = np.isfinite(self.values)
        return self if kept.all() else Curve(self.steps[kept], self.values[kept], self.times[kept])


EMPTY = Curve(*(np.empty(0) for _ in range(3)))


@dataclass(frozen=True)
class Layers:
    """Numbers of each layer over the steps, as a hook of a framework measures them.

    There are two of a run: ``parameters``, one line for each tensor of weights, and ``activations``, one for each
    module in the order of the forward pass.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    """The class of each module, such as ``Linear``; of a parameter its module's."""
    shapes: tuple[tuple[int, ...], ...]
    """Of the tensors; of an activation without the batch."""
    steps: Floats
    stats: Mapping[str, NDArray[np.float32]]
    """By name an array of shape (steps, layers); NaN where it is not known. The names are in ``STATS``."""


STATS: Mapping[str, str] = {
    # of parameters
    "weight_rms": "root mean square of the weights before the step",
    "weight_mean": "mean of the weights",
    "weight_std": "standard deviation of the weights",
    "gradient_rms": "root mean square of the gradient; NaN where there is none",
    "carried_gradient_rms": "root mean square of the gradient that was there before a step's first backward pass",
    "update_ratio": "root mean square of one step's change over that of the weights before it",
    # of activations
    "activation_mean": "mean of the outputs",
    "activation_std": "standard deviation of the outputs",
    "activation_max": "largest absolute output",
    "lowest": "lowest target",
    "highest": "highest target",
    "zero_share": "share of the outputs that are nought",
    "dead_share": "share of the units whose output is nought for all examples of the batch",
    "saturated_share": "share of the outputs at an end of the function's range (sigmoid, tanh, hard variants)",
    "constant_share": "share of the units whose output is the same for all examples of the batch",
    "output_gradient_rms": "root mean square of the gradient with respect to the outputs",
    "not_finite_share": "share of the outputs that are NaN or infinite",
}


@dataclass(frozen=True)
class ExampleLog:
    """What single examples came to, at some steps: losses, predictions, probabilities."""

    ids: NDArray[Any]
    """Who they are, each once."""
    steps: Floats
    loss: NDArray[np.float32] | None = None
    """(steps, ids), NaN where an example was not looked at."""
    prediction: NDArray[Any] | None = None
    """(steps, ids) objects, None where an example was not looked at."""
    probability: NDArray[np.float32] | None = None
    """(steps, ids) of the predicted class."""


@dataclass(frozen=True)
class RunRecord:
    """All that is known of a run."""

    id: str
    name: str
    started: float
    """Seconds since 1970."""
    status: Status
    config: Mapping[str, Any] = field(default_factory=dict)
    """As the user gave it: the settings of the run."""
    metrics: Mapping[str, Curve] = field(default_factory=dict)
    """By name, in the order of their first value."""
    parameters: Layers | None = None
    activations: Layers | None = None
    examples: ExampleLog | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What hooks saw beside numbers by step, as JSON; the keys are in ``FACTS``."""

    def curve(self, name: str) -> Curve:
        """A metric; empty where it was never logged."""
        return self.metrics.get(name, EMPTY)


AFTER_AN_UPDATE = "after an update"
"""The fact ``first_loss`` where the first loss that is logged is that of a model that has learned."""
FACTS: Mapping[str, str] = {
    "framework": "name and version of what trains",
    "loss_function": "its name, such as CrossEntropyLoss",
    "first_loss": "'after an update' where it is not that of a model that has learned nothing",
    "classes": "how many classes there are",
    "label_counts": "how often each class occurs among the training labels, or among those of the first steps",
    "target_variance": "variance of the targets, of a regression",
    "examples": "how many examples the training set has",
    "training_examples": "whether the model learns from all examples that are logged one by one",
    "batch_size": "examples in one batch",
    "steps_per_epoch": "steps from one epoch to the next",
    "planned_steps": "steps that the training will take",
    "optimizer": "its name",
    "optimizer_settings": "momentum, betas and weight_decay of its first parameters, where they are numbers",
    "decay_per_step": "share of the weights that weight decay takes at a step, the median of the looks",
    "parameters": "by name: shape, requires_grad, in_optimizer, and whether it had a gradient and was moved",
    "calls": "how often the model was called in training and in evaluation, in which mode, and the optimiser stepped",
    "loss_call": "shapes of the outputs and the targets that the loss function is given",
    "first_not_finite": "step, tensor and kind (activation, gradient, weight, loss) of the first NaN or infinity",
    "trace": "of one forward pass: module, kind, shape, dtype, smallest and largest output",
    "no_probabilities": "why those that were logged of examples are none",
    "error": "what ended a run that crashed",
}
