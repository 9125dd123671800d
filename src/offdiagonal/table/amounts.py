"""What is added up beside the number of rows, where rows have a loss or a weight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Amounts = dict[str, NDArray[np.float64]]


def amounts_of(loss: NDArray[np.float64] | None, weight: NDArray[np.float64] | None) -> Amounts:
    """Amounts by name: sums of the weight ``w`` and its square ``ww``, and of the loss times each.

    ``wl`` and ``wwl`` are the loss, ``wwll`` its square; ``k`` are the rows whose loss is known. What would say the
    same as another is left out, and read from it (``stats/moments.py``): without weights ``ww`` is ``w`` is ``k``, and
    without missing losses that is the number of rows.
    """
    amounts: Amounts = {}
    if loss is None:
        return {} if weight is None else {"w": weight, "ww": weight**2}
    known = ~np.isnan(loss)
    values = np.where(known, loss, 0.0)
    if not known.all():
        amounts["k"] = known.astype(np.float64)
    if weight is None:
        return amounts | {"wl": values, "wwll": values**2}
    w = np.where(known, weight, 0.0)
    return amounts | {
        "w": w,
        "ww": w**2,
        "wl": w * values,
        "wwl": w**2 * values,
        "wwll": (w * values) ** 2,
    }
