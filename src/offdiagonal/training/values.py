"""Takes what a training loop logs as a number: without a wait in the loop, to be read later in another thread."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import OffdiagonalError


def taken(value: Any) -> Any:
    """What may be read later: a number as it is, and of a tensor a copy on its device, for a loop adds to its own.

    To copy on the device does not wait for it: a kernel is queued, as the loop's own are.
    """
    if type(value) is float or type(value) is int:
        return value
    if hasattr(value, "detach"):
        return value.detach().clone()
    if isinstance(value, np.ndarray):
        return value.copy()
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def number(name: str, value: Any) -> float:
    """A number of what was taken; of a tensor on a device this waits for it, so it is for the reading thread.

    Raises
    ------
    OffdiagonalError
        If it is no single number.
    """
    if type(value) is float:
        return value
    if getattr(value, "size", None) == 1 and hasattr(value, "item"):  # an array of one element
        value = value.item()
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except (TypeError, ValueError, RuntimeError) as error:
        raise OffdiagonalError(
            f"{name}={value!r:.80} is no number; log one number a metric, such as the mean of the batch"
        ) from error


def numbers(values: Sequence[Any]) -> list[float | None]:
    """Numbers of what was taken, those on a device in one read each; None where one cannot be read."""
    found: list[float | None] = [value if type(value) is float else None for value in values]
    alike: dict[tuple[Any, Any], list[int]] = {}
    for at, value in enumerate(values):
        if hasattr(value, "detach"):
            alike.setdefault((value.device, value.dtype), []).append(at)
        elif found[at] is None:
            found[at] = _or_none(value)
    for places in alike.values():
        for at, value in zip(places, _together([values[at] for at in places]), strict=True):
            found[at] = value
    return found


def _together(tensors: list[Any]) -> list[float | None]:
    """What tensors of one device and type hold: one wait for all of them."""
    if len(tensors) > 1:
        try:
            import torch

            return [float(one) for one in torch.stack([one.reshape(()) for one in tensors]).tolist()]
        except Exception:  # noqa: BLE001, S110 - they are another library's, or one cannot be read: each by itself
            pass
    return [_or_none(one) for one in tensors]


def _or_none(value: Any) -> float | None:
    try:
        return number("a metric", value)
    except Exception:  # noqa: BLE001 - whatever it is, the others are read; the recorder says that this one was not
        return None


def array(value: Any) -> NDArray[Any]:
    """An array of what was taken: of a list, an array, or a tensor on whatever device."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        if str(value.dtype) == "torch.bfloat16":  # numpy has none
            value = value.float()
        return np.asarray(value.numpy())
    return np.asarray(value)


def plain(value: Any) -> Any:
    """A setting, a fact or an id as JSON can hold it; what it cannot is kept as its text."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")  # half a character is no text
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence | np.ndarray) and not isinstance(value, bytes):
        return [plain(one) for one in value]
    return f"{value!s:.200}" if hasattr(value, "hex") or hasattr(value, "isoformat") else f"{value!r:.200}"
