"""What a watched PyTorch training tells beside numbers: its parameters, its modes, one forward pass."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from offdiagonal.training.hooks.torch_stats import made, tensors

MOST_NAMES = 20
ENOUGH_LABELS = 20_000
MOST_COUNTED = 2_000
"""Classes, of which each is counted."""
SETTINGS = ("momentum", "dampening", "nesterov", "betas", "weight_decay")
"""Of an optimiser; reading a tensor among them would wait for its device."""


@dataclass
class Calls:
    """How often the model was called, in which mode, and how often the optimiser stepped."""

    trained: int = 0
    """Calls in training mode with gradients."""
    steps: int = 0
    backward: bool = False
    """Whether a gradient was seen to come back."""
    evaluations: int = 0
    evaluated_in_training: int = 0
    """Evaluations while modules that differ in it were in training mode."""
    modules: list[str] = field(default_factory=list)
    """Their names."""
    trained_in_evaluation: int = 0
    """Steps that followed a call in evaluation mode."""
    last_in_evaluation: bool = False
    stepped_in_evaluation: bool = False
    """Whether the last step was one of these."""
    resting: list[str] = field(default_factory=list)
    """Modules that did not do, at the first of these, what they do in training mode."""

    def see_evaluation(self, model: Any) -> None:
        """Look at the modes of a model that is called without gradients, or in evaluation mode."""
        self.evaluations += 1
        wrong = [
            name or "(model)"
            for name, module in model.named_modules()
            if module.training and _differs(module)
        ]
        if wrong:
            self.evaluated_in_training += 1
            self.modules = wrong[:MOST_NAMES]

    def see_step(self, model: Any) -> None:
        """Count a step of the optimiser."""
        if self.last_in_evaluation and not self.trained_in_evaluation and model is not None:
            self.resting = [
                name or "(model)"
                for name, module in model.named_modules()
                if not module.training and _differs(module)
            ][:MOST_NAMES]
        self.stepped_in_evaluation = self.last_in_evaluation
        self.trained_in_evaluation += self.last_in_evaluation
        self.last_in_evaluation = False

    def plain(self) -> dict[str, Any]:
        """As a fact."""
        return {
            "trained": self.trained,
            "steps": self.steps,
            "backward": self.backward,
            "evaluations": self.evaluations,
            "evaluated_in_training": self.evaluated_in_training,
            "modules": list(self.modules),
            "trained_in_evaluation": self.trained_in_evaluation,
            "resting": list(self.resting),
        }


class Labels:
    """How often each class occurs among the labels of the first steps; counted on their device."""

    def __init__(self, recorder: Any) -> None:
        self._recorder = recorder
        self._counts: Any = None
        self._seen = 0

    @property
    def enough(self) -> bool:
        """Whether more would hardly change the shares."""
        return self._seen >= ENOUGH_LABELS

    def see(self, loss_function: Any, args: Any) -> None:
        """Count those of one call of a loss that ``counts_labels``."""
        import torch

        given = list(tensors(args))[:2]
        classes = classes_of(*given) if len(given) == 2 else None
        if not classes or classes > MOST_COUNTED:
            return
        targets = given[1]
        flat = targets.detach().reshape(-1)
        if self._counts is None or len(self._counts) != classes:
            self._counts = torch.zeros(classes, dtype=torch.long, device=flat.device)
        known = (flat >= 0) & (flat < classes) & (flat != getattr(loss_function, "ignore_index", -100))
        self._counts = self._counts.scatter_add(0, flat.clamp(0, classes - 1).long(), known.long())
        self._seen += flat.numel()

    def tell(self) -> None:
        """Say what was counted, from the reading thread."""
        if self._counts is not None:
            counts = self._counts
            self._recorder.put(lambda: self._tell(counts))

    def _tell(self, counts: Any) -> None:
        facts, recorder = self._recorder.facts, self._recorder
        if facts.get("label_counts") is recorder.counted_labels:  # else the user has said them
            recorder.counted_labels = facts["label_counts"] = counts.tolist()


def classes_of(outputs: Any, targets: Any) -> int | None:
    """How many classes a loss chooses among, where its targets are their places; None: they are not."""
    if targets.is_floating_point() or not outputs.ndim == targets.ndim + 1 > 1:
        return None
    return int(outputs.shape[1])


def counts_labels(loss_function: Any) -> bool:
    """Whether the entropy of the labels is what a model has under this loss that knows nothing."""
    return (
        type(loss_function).__name__ in {"CrossEntropyLoss", "NLLLoss"}
        and getattr(loss_function, "weight", None) is None
        and not getattr(loss_function, "label_smoothing", 0)
    )


def _differs(module: Any) -> bool:
    """Whether a module does in training mode what it does not in evaluation."""
    kind = type(module).__name__
    if "Dropout" in kind:
        return bool(getattr(module, "p", 1))
    return "BatchNorm" in kind


def about_parameters(
    model: Any, optimizers: Iterable[Any], known: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Of each parameter: whether it may learn, whether an optimiser has it, whether it ever had a gradient."""
    held = {id(p) for one in optimizers for group in one.param_groups for p in group["params"]}
    return {
        name: {
            "shape": list(parameter.shape),
            "requires_grad": parameter.requires_grad,
            "in_optimizer": id(parameter) in held,
            "had_gradient": parameter.grad is not None or bool(known.get(name, {}).get("had_gradient")),
        }
        for name, parameter in model.named_parameters()
        if made(parameter)
    }


def settings_of(optimizer: Any) -> dict[str, Any]:
    """What an optimiser was given for its first parameters, as far as these are numbers that are known here."""
    given = {key: value for key, value in optimizer.param_groups[0].items() if key in SETTINGS}
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in given.items()
        if all(isinstance(one, int | float) for one in (value if isinstance(value, tuple) else (value,)))
    }


def decay_of(optimizers: Iterable[Any]) -> float:
    """The share of the weights that decay takes at a step, over all parameters.

    Only of SGD and AdamW: what Adam adds to a gradient it divides by the gradient's size again.
    """
    taken, size = 0.0, 0
    for one in optimizers:
        for group in one.param_groups:
            numbers = sum(parameter.numel() for parameter in group["params"])
            size += numbers
            lr, decay = group.get("lr"), group.get("weight_decay")
            if not (isinstance(lr, int | float) and isinstance(decay, int | float)):
                continue  # a tensor: to read it would wait for its device
            if type(one).__name__ == "AdamW":
                taken += numbers * lr * decay
            elif type(one).__name__ == "SGD":
                momentum = 0.0 if group.get("dampening") else float(group.get("momentum") or 0.0)
                taken += numbers * lr * decay / max(1 - momentum, 1e-3)
    return taken / size if size else 0.0


def shape_of(tensor: Any) -> tuple[int, ...]:
    """The shape without the batch."""
    return tuple(int(size) for size in tensor.shape[1:])


def trace_line(name: str, kind: str, given: Any) -> dict[str, Any]:
    """A line of the trace of one forward pass, whose range is still on the device."""
    low, high = given.detach().float().aminmax()
    return {
        "module": name,
        "kind": kind,
        "shape": [int(size) for size in given.shape],
        "dtype": str(given.dtype).removeprefix("torch."),
        "low": low,
        "high": high,
    }


def read_line(line: Mapping[str, Any]) -> dict[str, Any]:
    """The same as JSON; this waits for the device, so it is for the reading thread."""
    ends = {key: float(line[key]) for key in ("low", "high")}
    return {**line, **{key: end if math.isfinite(end) else str(end) for key, end in ends.items()}}
