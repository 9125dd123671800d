"""Single examples over a training: learned late, never, or learned and forgotten."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from offdiagonal.training.record import ExampleLog

LATE = 0.5
"""Learned late: first right, for good, in the second half of the steps that were looked at."""
SURE = float(np.log(2))
"""Without labels an example counts as right where its loss is below that of a probability of one half."""


@dataclass(frozen=True)
class ToldApart:
    """Which examples, in the order of the log's ids."""

    late: NDArray[np.bool_]
    never: NDArray[np.bool_]
    forgotten: NDArray[np.bool_]


def told_apart(examples: ExampleLog, labels: NDArray[np.object_] | None = None) -> ToldApart | None:
    """Tell examples apart by when they were right.

    An example is *forgotten* where it was right at one look and wrong at a later one and at the last
    (Toneva et al., An empirical study of example forgetting, ICLR 2019, count each such change).

    Parameters
    ----------
    examples
        What was logged of them.
    labels
        Of the ids; without them an example is right where its loss is below ln 2.

    Returns
    -------
    ToldApart or None
        None where it was looked at fewer than three times, or neither labels nor losses are known.
    """
    if len(examples.steps) < 3:
        return None
    if labels is not None and examples.prediction is not None:
        right = examples.prediction == labels[None, :]
        known = examples.prediction != None  # noqa: E711 - by element
    elif examples.loss is not None:
        right = examples.loss < SURE
        known = np.isfinite(examples.loss)
    else:
        return None
    order = np.argsort(examples.steps)
    known = np.asarray(known, dtype=bool)[order]
    right = np.asarray(right, dtype=bool)[order] & known
    looked: NDArray[np.bool_] = np.asarray(known.all(axis=0))
    ever, last = np.asarray(right.any(axis=0)), np.asarray(right[-1])
    wrong_until = np.where(right, -1, np.arange(len(right))[:, None]).max(axis=0)
    late = last & (wrong_until >= LATE * (len(right) - 1))
    return ToldApart(late & looked, ~ever & looked, ever & ~last & looked)
