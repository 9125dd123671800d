"""Single examples over a training: learned late, never, or learned and forgotten; what every view of them says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from offdiagonal.training.record import ExampleLog

LATE = 0.5
"""Learned late: first right, for good, in the second half of the steps that were looked at."""
SURE = float(np.log(2))
"""Without predictions an example counts as right where its loss is below that of a probability of one half."""
FEWEST = 3
"""Looks at an example that tell what became of it."""


@dataclass(frozen=True)
class ToldApart:
    """Which examples, in the order of the log's ids."""

    late: NDArray[np.bool_]
    never: NDArray[np.bool_]
    forgotten: NDArray[np.bool_]
    by: Literal["prediction", "loss"]
    """What says whether an example is right."""


def told_apart(
    examples: ExampleLog,
    labels: NDArray[np.object_] | None = None,
    looks: NDArray[np.int64] | None = None,
) -> ToldApart | None:
    """Tell examples apart by when they were right.

    Right is whose prediction is its label. The loss says it only where no predictions are logged at all: by two
    measures one example would be both. At a look that left an example out stands what it came to before, and before
    its first look what it came to then. Of an example that was itself looked at fewer than three times nothing is said.

    An example is *forgotten* where it was right at one look and wrong at a later one and at the last
    (Toneva et al., An empirical study of example forgetting, ICLR 2019, count each such change).

    Parameters
    ----------
    examples
        What was logged of them.
    labels
        Of the ids; needed where predictions are logged.
    looks
        How often each example was looked at (`looks_of`), where the log is filled already.

    Returns
    -------
    ToldApart or None
        None where there were fewer than three looks in all, or nothing says what is right.
    """
    if len(examples.steps) < FEWEST:
        return None
    order = np.argsort(examples.steps, kind="stable")
    looks = looks_of(examples) if looks is None else looks
    by: Literal["prediction", "loss"]
    if examples.prediction is not None:
        if labels is None:
            return None
        by, values = "prediction", filled(examples.prediction[order])
        right = values == labels[None, :]
    elif examples.loss is not None:
        by, values = "loss", filled(examples.loss[order])
        right = values < SURE
    else:
        return None
    looked: NDArray[np.bool_] = looks >= FEWEST
    right = np.asarray(right, dtype=bool) & looked
    ever, last = np.asarray(right.any(axis=0)), np.asarray(right[-1])
    wrong_until = np.where(right, -1, np.arange(len(right))[:, None]).max(axis=0)
    late = last & (wrong_until >= LATE * (len(right) - 1))
    return ToldApart(late, ~ever & looked, ever & ~last, by)


def looks_of(examples: ExampleLog) -> NDArray[np.int64]:
    """At how many steps each example was looked at, by what says whether it is right."""
    values = examples.loss if examples.prediction is None else examples.prediction
    if values is None:
        return np.zeros(len(examples.ids), dtype=np.int64)
    return np.asarray(there(values).sum(axis=0), dtype=np.int64)


def there(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which values are known."""
    known = values != None if values.dtype == object else np.isfinite(values)  # noqa: E711 - by element
    return np.asarray(known, dtype=bool)


def filled(values: NDArray[Any]) -> NDArray[Any]:
    """At a step at which a row was not looked at, what came before; before the first look what it showed."""
    known = there(values)
    steps = np.arange(len(values))[:, None]
    before = np.maximum.accumulate(np.where(known, steps, -1), axis=0)
    first = np.argmax(known, axis=0)[None, :]
    at = np.where(before < 0, first, before)
    return np.take_along_axis(values, at, axis=0)
