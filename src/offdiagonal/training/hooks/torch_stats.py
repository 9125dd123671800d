"""Numbers of tensors that stay on their device: nothing here waits for it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

MOST_ELEMENTS = 2_000_000
"""Of an output with more, the first examples of the batch are looked at, so many that they have no more."""
SAMPLED = 2_048
"""So many values of a parameter, evenly spread, tell how far a step moves it: a copy of all would take memory."""
BOUNDED = {
    "Sigmoid": (0.0, 1.0),
    "Hardsigmoid": (0.0, 1.0),
    "Tanh": (-1.0, 1.0),
    "Hardtanh": (-1.0, 1.0),
    "Softsign": (-1.0, 1.0),
    "RNN": (-1.0, 1.0),
}
"""Modules whose outputs have two ends."""
NEAR = 0.01
"""This near to an end, as a share of the range, a unit hardly has a gradient."""
ALIKE = 1e-5
"""Units that differ by less than this share of their size give the same for all examples."""


def tensors(value: Any) -> Iterator[Any]:
    """All tensors in what a module is given or gives: a tensor, a tuple, a dict, an object that is one."""
    if hasattr(value, "detach"):
        if strided(value):
            yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from tensors(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from tensors(one)


def strided(value: Any) -> bool:
    """Whether a tensor holds a number for each place; of a sparse, nested or quantised one nothing is measured."""
    return str(value.layout) == "torch.strided" and not value.is_nested and not value.is_quantized


def made(parameter: Any) -> bool:
    """Whether a parameter has its shape yet; that of a lazy module has it after the first call."""
    from torch.nn.parameter import is_lazy

    return not is_lazy(parameter)


def first_tensor(value: Any) -> Any:
    """The first tensor in it, or None."""
    return next(tensors(value), None)


def output_stats(given: Any, kind: str) -> dict[str, Any]:
    """What there is to know of what a module gives, by the names of ``STATS``."""
    x = given.detach()
    if x.ndim == 0:
        x = x[None]
    if x.numel() > MOST_ELEMENTS and len(x) > 1:
        x = x[: max(2, MOST_ELEMENTS * len(x) // x.numel())]
    x = x.float()
    if not x.numel():
        return {}
    flat = x.reshape(len(x), -1)
    low, high = flat.aminmax(dim=0)
    size = x.abs().amax()
    nought = flat == 0
    units = _by_unit(nought, x)
    found = {
        "activation_mean": x.mean(),
        "activation_std": x.std(correction=0),
        "activation_max": size,
        "zero_share": nought.float().mean(),
        "dead_share": units.all(dim=0).float().mean(),
        "constant_share": ((high - low) <= ALIKE * size).float().mean(),
        "not_finite_share": 1 - flat.isfinite().float().mean(),
    }
    if kind in BOUNDED:
        lowest, highest = BOUNDED[kind]
        near = NEAR * (highest - lowest)
        found["saturated_share"] = ((x < lowest + near) | (x > highest - near)).float().mean()
    return found


def _by_unit(nought: Any, x: Any) -> Any:
    """Of each unit for each example; the places of an image are of one unit, its channel."""
    if x.ndim < 4:
        return nought
    return nought.reshape(len(x), x.shape[1], -1).all(dim=2)


def target_stats(given: Any) -> dict[str, Any]:
    """What there is to know of a batch's targets."""
    y = given.detach().float()
    if not y.numel():
        return {}
    return {
        "activation_mean": y.mean(),
        "activation_std": y.std(correction=0),
        "activation_max": y.abs().amax(),
        "lowest": y.amin(),
        "highest": y.amax(),
        "not_finite_share": 1 - y.isfinite().float().mean(),
    }


def rms(tensor: Any) -> Any:
    """Root mean square."""
    return tensor.detach().float().square().mean().sqrt()


def stride(size: int) -> int:
    """The step between sampled values; prime to each dimension, so that all rows and all columns are met."""
    step = max(1, size // SAMPLED)
    while math.gcd(step, size) > 1:
        step += 1
    return step


def spread(parameters: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Of each parameter copies of some values, and a number that changes when any of its values does."""
    found = []
    for parameter in parameters:
        flat = parameter.detach().reshape(-1)
        found.append((flat[:: stride(flat.numel())].clone(), _bits(flat)))
    return found


def _bits(flat: Any) -> Any:
    """The sum of all bits, taken as whole numbers of 64: on a processor that is faster than any of 32."""
    import torch

    if flat.is_complex():
        flat = torch.view_as_real(flat).reshape(-1)
    whole = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}[flat.element_size()]
    together = 8 // flat.element_size()
    if flat.storage_offset() % together:
        return flat.view(whole).sum()
    even = flat.numel() - flat.numel() % together
    return flat[:even].view(torch.int64).sum() + flat[even:].view(whole).sum()


def weight_stats(parameters: Iterable[Any]) -> dict[str, list[Any]]:
    """Of each parameter, before a step, its size."""
    found: dict[str, list[Any]] = {"weight_rms": [], "weight_mean": [], "weight_std": []}
    for parameter in parameters:
        whole = parameter.detach().float()
        mean, std = whole.mean(), whole.std(correction=0)
        found["weight_mean"].append(mean)
        found["weight_std"].append(std)
        found["weight_rms"].append((std.square() + mean.square()).sqrt())
    return found


def update_ratios(parameters: Iterable[Any], before: Sequence[tuple[Any, Any]]) -> list[Any]:
    """Of each parameter how far a step moved it, over its size before; 0 where not one of its values changed.

    NaN, not known, where some did and none of the sample, as of an embedding of many words.
    """
    found = []
    for (old, was), (new, now) in zip(before, spread(parameters), strict=True):
        ratio = rms(new.float() - old.float()) / rms(old).clamp(min=1e-12)
        found.append(ratio.masked_fill((ratio == 0) & (was != now), math.nan))
    return found


def gradient_rms(parameters: Iterable[Any]) -> list[Any]:
    """Of each parameter's gradient; None where there is none, or a sparse one: to add that up takes a wait."""
    return [
        None if parameter.grad is None or not strided(parameter.grad) else rms(parameter.grad)
        for parameter in parameters
    ]


def sparse_gradient(parameter: Any) -> bool:
    """Whether there is a gradient that is not measured."""
    return parameter.grad is not None and not strided(parameter.grad)


def table(rows: Sequence[Mapping[str, Any]], device: Any) -> dict[str, Any]:
    """One tensor for each statistic, a number for each row; NaN where a row has none."""
    import torch

    names = list(dict.fromkeys(name for row in rows for name in row))
    unknown = torch.full((), float("nan"), device=device)
    cells = [row.get(name) for row in rows for name in names]
    kept = [unknown if cell is None else cell.to(device, torch.float32, non_blocking=True) for cell in cells]
    whole = torch.stack(kept).reshape(len(rows), len(names))
    return {name: whole[:, i] for i, name in enumerate(names)}
