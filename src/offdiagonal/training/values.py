"""Takes what a training loop logs as a number: without a wait in the loop, to be read later in another thread."""

from __future__ import annotations

import math
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
    return value.copy() if isinstance(value, np.ndarray) else value


def number(name: str, value: Any) -> float:
    """A number of what was taken; of a tensor on a device this waits for it, so it is for the reading thread.

    Raises
    ------
    OffdiagonalError
        If it is no single number.
    """
    if type(value) is float:
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except (TypeError, ValueError, RuntimeError) as error:
        raise OffdiagonalError(
            f"{name}={value!r:.80} is no number; log one number a metric, such as the mean of the batch"
        ) from error


def array(value: Any) -> NDArray[Any]:
    """An array of what was taken: of a list, an array, or a tensor on whatever device."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        if str(value.dtype) == "torch.bfloat16":  # numpy has none
            value = value.float()
        return np.asarray(value.numpy())
    return np.asarray(value)
