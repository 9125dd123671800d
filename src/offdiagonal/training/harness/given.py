"""Whether an experiment can be made of what is given: a step, how many of them, a target, switches, seeds."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.values import number

SUCH_AS = "such as ['dropout', 'norm']"


def step(step_fn: Any) -> None:
    """Refuse what is no function without arguments."""
    if not callable(step_fn):
        raise OffdiagonalError(
            f"step_fn={step_fn!r:.80} cannot be called; give a function that does one update and returns the loss"
        )
    needs = needed(step_fn)
    if needs:
        raise OffdiagonalError(
            f"step_fn asks for {', '.join(needs)}; give a function without arguments, such as lambda: step(batch)"
        )


def needed(function: Callable[..., Any]) -> list[str]:
    """The arguments that a function has no default for; none where it does not say."""
    return [
        one.name
        for one in parameters(function)
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]


def parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """What a function takes; a builtin may not say."""
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return [inspect.Parameter("arguments", inspect.Parameter.VAR_KEYWORD)]


def whole(name: str, value: Any, least: int, why: str = "") -> int:
    """A whole number of so many or more."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise OffdiagonalError(f"{name}={value!r:.40}: give a whole number of {least} or more")
    if value < least:
        raise OffdiagonalError(f"{name}={value!r:.40}{why}; give at least {least}")
    return int(value)


def real(name: str, value: Any, instead: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise OffdiagonalError(f"{name}={value!r:.40} is no number; {instead}")
    return float(value)


def loss(returned: Any) -> float:
    """What a step returned."""
    if returned is None:
        raise OffdiagonalError("step_fn returned None; it returns the loss of the batch")
    return _single("step_fn", returned, "the loss of the batch, as one number")


def score(returned: Any) -> float:
    """What a training came to."""
    return _single("build", returned, "a Run or a score, as one number")


def _single(who: str, returned: Any, instead: str) -> float:
    try:
        return number(who, returned.detach() if hasattr(returned, "detach") else returned)
    except OffdiagonalError as error:
        raise OffdiagonalError(f"{who} returned {returned!r:.80}; let it return {instead}") from error


def switches(parts: Any) -> dict[str, tuple[Any, Any]]:
    """By the name of each part the values for on and off."""
    if isinstance(parts, str):
        raise OffdiagonalError(f"parts={parts!r:.80} is one text; give a list of names: [{parts!r:.80}]")
    if isinstance(parts, Mapping):
        found = dict(parts)
        for name, pair in found.items():
            if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
                raise OffdiagonalError(
                    f"parts: {name} has {pair!r:.80}; give a pair of the values for on and off, "
                    f"such as {{{name!r}: (0.1, 0.01)}}"
                )
    elif isinstance(parts, Iterable):
        found = dict.fromkeys(parts, (True, False))
    else:
        raise OffdiagonalError(f"parts={parts!r:.80} are no names; give a list of them, {SUCH_AS}")
    if not found:
        raise OffdiagonalError(f"there is no switch to turn off; give their names, {SUCH_AS}")
    other = next((name for name in found if not isinstance(name, str)), None)
    if other is not None:
        raise OffdiagonalError(
            f"parts: {other!r:.80} is no name; give the names of build's arguments, {SUCH_AS}"
        )
    return found


def takes(build: Any, names: Sequence[str]) -> bool:
    """Whether what trains takes a seed; refused where it does not take the switches."""
    if not callable(build):
        raise OffdiagonalError(
            f"build={build!r:.80} cannot be called; give a function that trains and returns a Run or a score"
        )
    known = parameters(build)
    any_name = any(one.kind is one.VAR_KEYWORD for one in known)
    by_name = [one.name for one in known if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    lacking = [] if any_name else [name for name in names if name not in by_name]
    if lacking:
        has = ", ".join(by_name) or "nothing"
        raise OffdiagonalError(
            f"build does not take {', '.join(lacking)}; it takes {has}: name the parts as its arguments are"
        )
    besides = [name for name in needed(build) if name not in names and name != "seed"]
    if besides:
        raise OffdiagonalError(
            f"build also asks for {', '.join(besides)}; name it among the parts, or give it a default"
        )
    return any_name or "seed" in by_name


def seeds(given: Any) -> list[int]:
    """Two seeds or more, each once."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise OffdiagonalError(
            f"seeds={given!r:.40} are no seeds; give a list of them, such as seeds=(0, 1, 2)"
        )
    found = list(given)
    if len(found) < 2:
        raise OffdiagonalError(
            f"{len(found)} seed says nothing of the noise between seeds; give at least two"
        )
    twice = next((seed for seed in found if found.count(seed) > 1), None)
    if twice is not None:
        raise OffdiagonalError(
            f"seed {twice!r:.40} is given twice, which says nothing of the noise; give each once"
        )
    return found
