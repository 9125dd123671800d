"""Watches a PyTorch model while it learns: what its layers give, its gradients, and what the optimiser does.

Between the steps that are looked at there is one hook on the model and two on the optimiser, of a microsecond each.
What is measured stays on its device and is read by the recorder's thread.
"""

from __future__ import annotations

import time
import warnings
import weakref
from collections.abc import Sequence
from functools import partial
from statistics import median
from typing import Any

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.hooks import torch_stats as stats
from offdiagonal.training.hooks.torch_facts import (
    Calls,
    Labels,
    about_parameters,
    classes_of,
    counts_labels,
    decay_of,
    settings_of,
    shape_of,
)
from offdiagonal.training.hooks.torch_model import (
    Hook,
    checked,
    kind_of,
    layers_of,
    looking,
    pause,
    takes_hooks,
    transformed,
)
from offdiagonal.training.hooks.torch_told import Told


class Watcher:
    """Hooks on a model, its optimisers and its loss function; it holds none of them."""

    def __init__(
        self,
        run: Any,
        model: Any,
        optimizers: Sequence[Any],
        loss_function: Any,
        every: int | None,
        start: int,
    ) -> None:
        self._told = Told(run)
        self._recorder = run.recorder
        self._model = weakref.ref(model)
        self._loss = weakref.ref(loss_function) if hasattr(loss_function, "register_forward_hook") else None
        self._optimizers = [weakref.ref(optimizer) for optimizer in optimizers]
        self._every = every
        self.step = start - 1
        self.spent = 0.0
        """Seconds that looking took in the training's own thread."""
        self._began = time.perf_counter()
        self._next = start
        self._looks = 0
        self._looking = False
        self._tentative = False
        """Whether the look began in evaluation mode: without a step after it, it was none at the training."""
        self.blind = False
        """Whether looking has failed."""
        self._stepped = True
        self._evaluated = False
        self.calls = Calls()
        self._rows: dict[str, tuple[str, tuple[int, ...], dict[str, Any]]] = {}
        self._carried: list[Any] | None = None
        self._before: list[Any] = []
        self._weights: dict[str, list[Any]] = {}
        self._gradients: list[Any] = []
        self._temporary: list[Any] = []
        self._labels = Labels(run.recorder)
        self._decay: list[float] = []
        self._round: set[int] = set()
        """The optimisers that stepped since the model was called."""
        self._lasting: list[Any] = []
        if takes_hooks(model):
            self._lasting.append(model.register_forward_pre_hook(Hook(self._begin), with_kwargs=True))
        else:
            self.blind = True
            warnings.warn(
                f"a {type(model).__name__} takes no hooks, so run.watch sees nothing of it: "
                "watch the model that was not scripted",
                stacklevel=4,
            )
        self._recorder.at_end.append(self.remove)
        for optimizer in optimizers:
            self._lasting.append(optimizer.register_step_pre_hook(self._before_step))
            self._lasting.append(optimizer.register_step_post_hook(self._after_step))
        if self._loss and counts_labels(loss_function):
            self._lasting.append(loss_function.register_forward_hook(Hook(self._count)))
        name = type(loss_function).__name__ if self._loss else getattr(loss_function, "__name__", None)
        self._told.fact("loss_function", name)
        self._told.fact("optimizer", type(optimizers[0]).__name__ if optimizers else None)
        self._told.fact("optimizer_settings", settings_of(optimizers[0]) if optimizers else None)
        self._describe_parameters()

    def remove(self) -> None:
        """Take all hooks away."""
        if self._lasting:
            self._end()
        for handle in [*self._temporary, *self._lasting]:
            handle.remove()
        self._temporary, self._lasting = [], []
        if self.remove in self._recorder.at_end:
            self._recorder.at_end.remove(self.remove)

    @looking
    def _end(self) -> None:
        self._finish()
        self._labels.tell()
        if self._decay:
            self._told.fact("decay_per_step", median(self._decay))
        if self.calls.trained or self.calls.evaluations:
            self._told.fact("calls", self.calls.plain())
        elif self.calls.steps:
            warnings.warn(
                f"run.watch saw {self.calls.steps:,} steps of the optimiser and no call of the model: "
                "call model(x), not model.forward(x), and watch the module that is called",
                stacklevel=4,
            )

    def give_up(self, error: Exception) -> None:
        """Look no more; the training goes on. The hooks stay until the end, for torch may be going through them."""
        self.blind = True
        warnings.warn(
            f"run.watch stopped looking at the model, on {type(error).__name__}: {error!s:.200}", stacklevel=4
        )

    def of(self, model: Any) -> bool:
        """Whether it is this model that is watched."""
        return self._model() is model

    def _describe_parameters(self) -> None:
        model = self._model()
        optimizers = [optimizer for ref in self._optimizers if (optimizer := ref()) is not None]
        if model is not None:
            self._told.fact(
                "parameters", about_parameters(model, optimizers, self._told.facts.get("parameters", {}))
            )

    def _parameters(self) -> list[tuple[str, Any]]:
        model = self._model()
        return (
            []
            if model is None
            else [(n, p) for n, p in model.named_parameters() if stats.made(p) and p.numel()]
        )

    # the model is called

    @looking
    def _begin(self, model: Any, args: Any, kwargs: Any) -> None:
        import torch

        if transformed():
            return
        if not torch.is_grad_enabled():
            self._begin_evaluation(model, args, kwargs)
        elif model.training:
            self._evaluated = self.calls.last_in_evaluation = False
            self.calls.trained += 1
            self._pass(model, args, kwargs, tentative=False)
        else:
            self.calls.last_in_evaluation = True
            if self.calls.stepped_in_evaluation:  # then this may be the next step; a saliency map is none
                self._evaluated = False
                self._pass(model, args, kwargs, tentative=True)
            else:
                self._begin_evaluation(model, args, kwargs)

    def _pass(self, model: Any, args: Any, kwargs: Any, *, tentative: bool) -> None:
        """Begin a forward pass of a training."""
        self._gradients = []  # those read before this call are of another pass: a closure is called inside step
        if self._stepped or not self.calls.steps:
            self._finish()
            self._stepped, self._round = False, set()
            self.step += 1
            if self.step >= self._next:
                self._look(model, args, kwargs)
        elif self._looking and (tentative or self._tentative):  # the pass before was none of this step
            self._forget()
            self._look(model, args, kwargs)
        self._tentative = tentative

    def _begin_evaluation(self, model: Any, args: Any, kwargs: Any) -> None:
        if self._evaluated:
            return
        self._evaluated = True
        self._finish()
        self.calls.see_evaluation(model)
        given = stats.first_tensor((args, kwargs))
        if given is not None and self.calls.steps:
            row = {"(evaluation input)": ("", shape_of(given), stats.output_stats(given, ""))}
            self._told.send(self.step, "activations", row, given.device)
        self._told.fact("calls", self.calls.plain())

    def _look(self, model: Any, args: Any, kwargs: Any) -> None:
        """Put hooks on all layers, for this step alone."""
        self._looking = True
        given = stats.first_tensor((args, kwargs))
        if given is not None:
            if given.ndim:
                self._told.fact("batch_size", len(given))
            self._rows["(input)"] = ("", shape_of(given), stats.output_stats(given, ""))
            self._told.trace("(input)", "", given)
        for name, module in layers_of(model):
            self._temporary.append(module.register_forward_hook(Hook(partial(self._see_layer, name))))
        self._temporary.append(model.register_forward_hook(Hook(partial(self._see_layer, "(output)"))))
        loss = self._loss() if self._loss else None
        if loss is not None:
            self._temporary.append(loss.register_forward_hook(Hook(self._see_loss)))
        parameters = [parameter for _, parameter in self._parameters()]
        self._weights = stats.weight_stats(parameters)
        self._before = stats.spread(parameters)

    @looking
    def _see_layer(self, name: str, module: Any, _: Any, output: Any) -> None:
        given = stats.first_tensor(output)
        if given is None or not self._looking or transformed():
            return
        key = name
        while key in self._rows:  # called more than once, or in several passes before one step
            stem, _, times = key.partition("#")
            key = f"{stem}#{int(times or 1) + 1}"
        kind = type(module).__name__
        row = stats.output_stats(given, kind)
        self._rows[key] = (kind, shape_of(given), row)
        self._told.trace(key, kind, given)
        if given.requires_grad:
            given.register_hook(partial(self._see_gradient, row, name == "(output)"))

    @looking
    def _see_gradient(self, row: dict[str, Any], last: bool, gradient: Any) -> None:
        if self._looking and stats.strided(gradient) and not transformed():
            row["output_gradient_rms"] = stats.rms(gradient)
            if last and self._carried is None:  # no weight has its gradient of this step yet
                self.calls.backward = True
                self._carried = stats.gradient_rms(parameter for _, parameter in self._parameters())

    @looking
    def _see_loss(self, loss: Any, args: Any, _: Any) -> None:
        given = list(stats.tensors(args))[:2]
        if self._looking and len(given) == 2 and not transformed():
            outputs, targets = given
            self._rows["(target)"] = ("", shape_of(targets), stats.target_stats(targets))
            shapes = {
                "output": list(outputs.shape),
                "target": list(targets.shape),
                "target_dtype": str(targets.dtype).removeprefix("torch."),
            }
            self._told.fact("loss_call", self._told.facts.get("loss_call", shapes))
            alignment = "CTC" in type(loss).__name__  # the second axis of its outputs is the batch
            if not alignment and (classes := classes_of(outputs, targets)):
                self._told.fact("classes", classes)
                self._labels.tell()

    @looking
    def _count(self, loss: Any, args: Any, _: Any) -> None:
        if not self._evaluated and not self._labels.enough and not transformed():
            self._labels.see(loss, args)

    # the optimiser steps

    @looking
    def _before_step(self, *_: Any) -> None:
        if self._looking and not self._round:
            self._gradients = stats.gradient_rms(parameter for _, parameter in self._parameters())

    @looking
    def _after_step(self, optimizer: Any, *_: Any) -> None:
        if id(optimizer) in self._round:  # again, and the model was not called between: its parts were
            self._round = set()
        if not self._round:
            if self.calls.last_in_evaluation:
                self._evaluated = False
                self.step += self._stepped  # its call was taken for one of an evaluation
            self.calls.steps += 1
            self.calls.see_step(self._model())
        self._stepped = True
        first = not self._round
        self._round.add(id(optimizer))
        if self._looking:
            if first:
                self._begin_of_steps(optimizer)
            if len(self._round) == len(self._optimizers):
                self._finish()

    def _begin_of_steps(self, optimizer: Any) -> None:
        self._looks += 1
        self._decay.append(decay_of(one for ref in self._optimizers if (one := ref()) is not None))
        if self._looks & (self._looks - 1) == 0:  # what had no gradient may get one later
            self._describe_parameters()
            self._told.fact("decay_per_step", median(self._decay))
        self._log_numbers(optimizer)

    def _log_numbers(self, optimizer: Any) -> None:
        """Log learning rate and norm of the gradient, unless the loop logs them itself."""
        import torch

        sizes = [p.numel() for _, p in self._parameters()]
        known = self._gradients if len(self._gradients) == len(sizes) else [None] * len(sizes)
        squares = [g.square() * n for g, n in zip(known, sizes, strict=True) if g is not None]
        numbers = {"lr": float(optimizer.param_groups[0]["lr"])}
        whole = not any(stats.sparse_gradient(p) for _, p in self._parameters())
        if squares and whole and len({square.device for square in squares}) == 1:
            numbers["grad_norm"] = torch.stack(squares).sum().sqrt()
        self._told.numbers(self.step, numbers)

    # what was seen is sent

    def _measure(self) -> None:
        """Look at what the steps did to the weights, and send it."""
        found = self._parameters()
        if len(found) == len(self._before):
            columns = {
                **self._weights,
                "update_ratio": stats.update_ratios([parameter for _, parameter in found], self._before),
            }
            if len(self._gradients) == len(found):
                columns["gradient_rms"] = self._gradients
            if self._carried is not None and len(self._carried) == len(found):
                columns["carried_gradient_rms"] = self._carried
            rows = {
                name: (kind_of(self._model(), name), tuple(p.shape), {k: v[i] for k, v in columns.items()})
                for i, (name, p) in enumerate(found)
            }
            if rows:
                self._told.send(self.step, "parameters", rows, found[0][1].device)

    def _finish(self) -> None:
        """End the look at a step, and choose the next."""
        if not self._looking:
            return
        if self._round:  # not all of them may step each time
            self._measure()
        rows = self._rows
        if rows and (self._round or not self._tentative):
            self._told.tell_trace()
            some = next(iter(rows.values()))[2]
            if some:
                self._told.send(self.step, "activations", rows, next(iter(some.values())).device)
        self._forget()
        self._told.fact("calls", self.calls.plain())
        passed = time.perf_counter() - self._began
        self._next = self.step + pause(self._every, self.calls.steps, self.spent, passed)

    def _forget(self) -> None:
        """Leave the look at a step."""
        self._looking = False
        for handle in self._temporary:
            handle.remove()
        self._temporary, self._rows = [], {}
        self._told.forget_trace()
        self._carried, self._before, self._gradients, self._weights = None, [], [], {}


def watch(run: Any, model: Any, optimizer: Any, loss_function: Any, every: int | None) -> Watcher:
    """Put the hooks on."""
    optimizers = checked(model, optimizer, loss_function, every)
    others = [getattr(leave, "__self__", None) for leave in run.recorder.at_end]
    if any(isinstance(other, Watcher) and other.of(model) for other in others):
        raise OffdiagonalError(
            f"this run watches the {type(model).__name__} already; call what run.watch gave before, or make a new run"
        )
    return Watcher(run, model, optimizers, loss_function, every, int(run.last_step) + 1)
