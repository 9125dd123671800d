"""What may be watched, and the modules of a model that do something themselves."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from offdiagonal.errors import OffdiagonalError

SHARE = 0.012
"""Of the training's time that looking may take, where the user does not say how often to look."""
FREE = 0.2
"""Seconds of looking in which no share is asked for: else of a short training hardly anything would be seen."""
SOONEST = 5
"""Never more often than this many steps, then."""


class Hook:
    """A hook on a module; copies of the module, and what is saved of it, have one that does nothing.

    What is saved names the standard library alone: it loads where offdiagonal is not installed.
    """

    def __init__(self, call: Callable[..., None]) -> None:
        self._call = call

    def __call__(self, *given: Any) -> None:
        """Pass on what the module gives its hooks."""
        self._call(*given)

    def __reduce__(self) -> tuple[Any, ...]:
        return getattr, (nullcontext(), "__exit__")  # takes anything, gives None


def looking(method: Callable[..., None]) -> Callable[..., None]:
    """A method of a Watcher that a training calls: its time is counted, and no error of it ends the training."""

    @wraps(method)
    def guarded(watcher: Any, *given: Any) -> None:
        if watcher.blind:
            return
        began = time.perf_counter()
        try:
            method(watcher, *given)
        except Exception as error:  # noqa: BLE001 - what cannot be measured is no reason to stop learning
            watcher.give_up(error)
        finally:
            watcher.spent += time.perf_counter() - began

    return guarded


def transformed() -> bool:
    """Whether vmap, grad or another transform of torch.func is at work: its tensors must not leave it."""
    import torch

    return torch._C._functorch.maybe_current_level() is not None  # noqa: SLF001 - there is no public way


def takes_hooks(model: Any) -> bool:
    """Whether a module can be watched; a scripted one cannot."""
    import torch

    return not isinstance(model, torch.jit.ScriptModule)


def pause(every: int | None, steps: int, spent: float, passed: float) -> int:
    """How many steps to wait until the next look: so many that looking stays below its share of the time."""
    if every is not None:
        return every
    over = max(0.0, spent - FREE)
    return max(SOONEST, round(max(1, steps) * (over / (SHARE * max(passed, 1e-9)) - 1)))


def layers_of(model: Any) -> list[tuple[str, Any]]:
    """The modules that do something themselves; of a compiled model none, for hooks would compile it again."""
    if hasattr(model, "_orig_mod"):
        return []
    return [(name, module) for name, module in model.named_modules() if name and not any(module.children())]


def kind_of(model: Any, parameter: str) -> str:
    """The class of the module that a parameter is of."""
    for part in parameter.split(".")[:-1]:
        model = getattr(model, part, None)
    return type(model).__name__


def checked(model: Any, optimizer: Any, loss_function: Any, every: Any) -> list[Any]:
    """The optimisers as a list.

    Raises
    ------
    OffdiagonalError
        If the model is no module, the optimiser none, the loss function no function, or every= no number of steps.
    """
    if isinstance(model, type):
        raise OffdiagonalError(f"watch takes a model, not the class {model.__name__}: make one of it first")
    if not hasattr(model, "register_forward_pre_hook"):
        raise OffdiagonalError(f"watch takes a torch.nn.Module, not {model!r:.80}")
    given = list(optimizer) if isinstance(optimizer, list | tuple) else [optimizer]
    if not given:
        raise OffdiagonalError(
            "optimizer=[] holds no optimiser; give what moves the weights, or leave it out"
        )
    optimizers = [one for one in given if one is not None]
    for one in optimizers:
        if isinstance(one, type):
            raise OffdiagonalError(
                f"watch takes an optimiser, not the class {one.__name__}: give {one.__name__}(model.parameters())"
            )
        if not hasattr(one, "register_step_post_hook"):
            raise OffdiagonalError(f"watch takes a torch.optim.Optimizer or a list of them, not {one!r:.80}")
    if loss_function is not None and not callable(loss_function):
        raise OffdiagonalError(
            f"loss_function={loss_function!r:.80} is no function; give torch.nn.CrossEntropyLoss() or its like"
        )
    if every is not None and (isinstance(every, bool) or not hasattr(every, "__index__") or every < 1):
        raise OffdiagonalError(f"every={every!r:.80} is no number of steps; take 1 or more, or leave it out")
    return optimizers
