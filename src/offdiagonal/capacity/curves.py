"""Learning curves and validation curves: the same training over sizes, or over values of one setting."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from offdiagonal.capacity.fits import Fits, error_function, sizes_for, splits, taken
from offdiagonal.errors import OffdiagonalError

MOST_FAILURES = 5


def over_sizes(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    sizes: Sequence[float] | None,
    repeats: int,
    test_size: float,
    scoring: Any,
    groups: Any,
    seed: int,
) -> tuple[Fits, str]:
    """Train on more and more rows of each repeat, each size part of the next; and what the errors are called."""
    measure, name, classes = error_function(estimator, scoring)
    pairs = list(splits(y, groups, repeats=repeats, test_size=test_size, seed=seed, classes=classes))
    most = min(len(train) for train, _ in pairs)
    at = sizes_for(most, sizes)
    rng = np.random.default_rng(seed)
    orders = [(rng.permutation(train), test) for train, test in pairs]
    cells = [[(estimator, order[:size], test) for size in at.tolist()] for order, test in orders]
    return _fitted(at.astype(float), cells, X, y, measure), name


def over_values(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    parameter: str,
    values: Sequence[Any],
    repeats: int,
    test_size: float,
    scoring: Any,
    groups: Any,
    seed: int,
) -> tuple[Fits, str]:
    """Train with each value of one setting on the same repeats; and what the errors are called."""
    from sklearn.base import clone

    known = estimator.get_params()
    if parameter not in known:
        raise OffdiagonalError(
            f"{type(estimator).__name__} has no parameter {parameter!r}; it has {', '.join(sorted(known))}"
        )
    measure, name, classes = error_function(estimator, scoring)
    pairs = list(splits(y, groups, repeats=repeats, test_size=test_size, seed=seed, classes=classes))
    made = [clone(estimator).set_params(**{parameter: value}) for value in values]
    cells = [[(one, train, test) for one in made] for train, test in pairs]
    numbers = [float(value) if isinstance(value, int | float) else float(i) for i, value in enumerate(values)]
    return _fitted(np.asarray(numbers), cells, X, y, measure), name


def _fitted(
    at: Any, cells: list[list[Any]], X: Any, y: Any, measure: Callable[[Any, Any, Any], float]
) -> Fits:
    from sklearn.base import clone

    shape = (len(cells), len(at))
    train, test, seconds = (np.full(shape, np.nan) for _ in range(3))
    failures: list[str] = []
    for i, row in enumerate(cells):
        for j, (estimator, rows, held_out) in enumerate(row):
            began = time.perf_counter()
            try:
                fitted = clone(estimator).fit(taken(X, rows), taken(y, rows))
            except ValueError as error:  # as of a part with one class only: the others still tell something
                failures.append(f"{at[j]:g}: {error}")
                continue
            seconds[i, j] = time.perf_counter() - began
            train[i, j] = measure(fitted, taken(X, rows), taken(y, rows))
            test[i, j] = measure(fitted, taken(X, held_out), taken(y, held_out))
    if not np.isfinite(test).any():
        raise OffdiagonalError(f"the estimator could not be fitted at all: {failures[0]}")
    test_rows = round(float(np.mean([len(held_out) for row in cells for *_, held_out in row])))
    return Fits(at, train, test, seconds, test_rows, tuple(dict.fromkeys(failures))[:MOST_FAILURES])
