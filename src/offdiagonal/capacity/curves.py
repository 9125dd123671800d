"""Learning curves and validation curves: the same training over sizes, or over values of one setting."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from offdiagonal.capacity.calibrated import NUMBERS, miscalibration
from offdiagonal.capacity.fits import Fits, Ints, Plan, error_function, error_rate, sizes_for, splits, taken
from offdiagonal.capacity.given import check, error_target, whole
from offdiagonal.capacity.repeats import row_means
from offdiagonal.capacity.tested import Tested
from offdiagonal.errors import OffdiagonalError

MOST_FAILURES = 5
LEAST_REPEATS = 2
SEED = "random_state"

Measured = Callable[[Any, Any, Any], float]
Cell = tuple[Any, Ints, Ints]
"""An estimator, the rows that it is trained on, and those that it is tested on."""


def over_sizes(
    estimator: Any,
    X: Any,
    y: Any,
    sizes: Sequence[float] | None,
    seeds: int,
    plan: Plan,
    target: float | None = None,
) -> tuple[Fits, str]:
    """Train on more and more rows of each repeat, each size part of the next; and what the errors are called.

    At the largest size the probabilities are judged too, and other seeds of the estimator are tried. A target that no
    such error comes down to is refused.
    """
    if not whole(plan.repeats) or plan.repeats < LEAST_REPEATS:
        raise OffdiagonalError(
            f"repeats={plan.repeats!r:.40}: give two or more; one says nothing of the noise"
        )
    check(estimator, X, y, plan)
    seeded = _seeds_of(estimator, seeds)
    measure, name, classes = error_function(estimator, plan.scoring)
    if target is not None:  # before anything is trained
        error_target(target, name)
    pairs = list(splits(y, plan, classes=classes))
    most = min(len(train) for train, _ in pairs)
    at = sizes_for(most, sizes)
    rng = np.random.default_rng(plan.seed)
    orders = [(rng.permutation(train), test) for train, test in pairs]
    cells: list[list[Cell]] = [
        [(estimator, order[:size], test) for size in at.tolist()] for order, test in orders
    ]
    judged = classes and hasattr(estimator, "predict_proba")
    texts = [f"{size:,}" for size in at.tolist()]
    tested = Tested(len(y), len(at), plan.groups) if measure is error_rate else None
    fits = _fitted(at.astype(float), texts, cells, X, y, measure, tested, judged=judged)
    _enough(fits)
    if seeds > 1:
        fits = _over_seeds(fits, cells, X, y, measure, seeded, seeds)
    return fits, name


def _enough(fits: Fits) -> None:
    """Two repeats at the largest size are the least that say something of the noise."""
    worked = int(np.isfinite(fits.test[:, -1] - fits.train[:, -1]).sum())
    if worked < LEAST_REPEATS:
        known = [fits.errors[last]] if (last := len(fits.at) - 1) in fits.errors else fits.failures
        why = f": {known[0]}" if known else "; see what scoring= returns"
        raise OffdiagonalError(
            f"{worked} of {len(fits.test)} repeats worked with {fits.at[-1]:,.0f} rows, and it takes two{why}"
        )


def over_values(
    estimator: Any, X: Any, y: Any, parameter: str, values: Sequence[Any], plan: Plan
) -> tuple[Fits, str]:
    """Train with each value of one setting on the same repeats; and what the errors are called."""
    from sklearn.base import clone

    check(estimator, X, y, plan)
    known = estimator.get_params()
    if parameter not in known:
        raise OffdiagonalError(
            f"{type(estimator).__name__} has no parameter {parameter!r}; it has {', '.join(sorted(known))}"
        )
    measure, name, classes = error_function(estimator, plan.scoring)
    pairs = list(splits(y, plan, classes=classes))
    made = [clone(estimator).set_params(**{parameter: value}) for value in values]
    cells: list[list[Cell]] = [[(one, train, test) for one in made] for train, test in pairs]
    known = [isinstance(value, int | float) and math.isfinite(value) for value in values]
    numbers = [float(value) if known[i] else float(i) for i, value in enumerate(values)]
    texts = [f"{parameter} {value_text(value)}" for value in values]
    tested = Tested(len(y), len(made), plan.groups) if measure is error_rate else None
    return _fitted(np.asarray(numbers), texts, cells, X, y, measure, tested, judged=False), name


def value_text(value: Any) -> str:
    """How a value of a setting reads."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _seeds_of(estimator: Any, seeds: int) -> list[str]:
    """The parameters that are seeds, of the estimator or of what it is made of."""
    found = [name for name in estimator.get_params() if name == SEED or name.endswith(f"__{SEED}")]
    if not whole(seeds) or seeds < 1:
        raise OffdiagonalError(f"seeds={seeds!r:.40}: give one or more, as a whole number")
    if seeds > 1 and not found:
        raise OffdiagonalError(
            f"seeds={seeds!r:.40}: {type(estimator).__name__} has no {SEED}, so that seeds change nothing"
        )
    return found


def _over_seeds(
    fits: Fits, cells: list[list[Cell]], X: Any, y: Any, measure: Measured, seeded: list[str], seeds: int
) -> Fits:
    """With other seeds too at the largest size, where the errors of a repeat are then the means over its seeds."""
    from sklearn.base import clone

    found, trained = (np.full((len(cells), seeds), np.nan) for _ in range(2))
    found[:, 0], trained[:, 0] = fits.test[:, -1], fits.train[:, -1]
    failures = list(fits.failures)
    for i, row in enumerate(cells):
        estimator, rows, held_out = row[-1]
        for k in range(1, seeds) if np.isfinite(found[i, 0]) else ():
            one = clone(estimator).set_params(**dict.fromkeys(seeded, 1000 * (i + 1) + k))
            try:
                one.fit(taken(X, rows), taken(y, rows))
                found[i, k], trained[i, k] = (
                    measure(one, taken(X, part), taken(y, part)) for part in (held_out, rows)
                )
            except ValueError as error:
                failures.append(f"{fits.at[-1]:,.0f}, seed {1000 * (i + 1) + k}: {_why(error)}")
    train, test = fits.train.copy(), fits.test.copy()
    train[:, -1], test[:, -1] = row_means(trained), row_means(found)
    return dataclasses.replace(fits, train=train, test=test, seeds=found, failures=_first(failures))


def _fitted(
    at: Any,
    texts: list[str],
    cells: list[list[Cell]],
    X: Any,
    y: Any,
    measure: Measured,
    tested: Tested | None,
    *,
    judged: bool,
) -> Fits:
    from sklearn.base import clone

    shape = (len(cells), len(at))
    train, test, seconds = (np.full(shape, np.nan) for _ in range(3))
    calibration = np.full((len(cells), NUMBERS), np.nan)
    failures: list[str] = []
    failed: dict[int, list[str]] = {}
    for i, row in enumerate(cells):
        for j, (estimator, rows, held_out) in enumerate(row):
            began = time.perf_counter()
            try:
                fitted = clone(estimator).fit(taken(X, rows), taken(y, rows))
                took = time.perf_counter() - began
                on_train = measure(fitted, taken(X, rows), taken(y, rows))
                if tested is not None:
                    test[i, j] = tested.take(j, held_out, fitted, taken(X, held_out), taken(y, held_out))
                else:
                    test[i, j] = measure(fitted, taken(X, held_out), taken(y, held_out))
                train[i, j] = on_train
            except ValueError as error:  # as of a part with one class only: the others still tell something
                failed.setdefault(j, []).append(_why(error))
                continue
            seconds[i, j] = took
            if judged and j == len(at) - 1:
                try:
                    calibration[i] = miscalibration(fitted, taken(X, held_out), taken(y, held_out))
                except Exception as error:  # noqa: BLE001 - the curve needs no probabilities, and says why there are none
                    failures.append(f"{texts[j]}, probabilities: {error!r:.200}")
    worked = np.isfinite(test).any(axis=0).tolist()
    errors = {
        j: failed[j][0] if j in failed else f"the error is {test[0, j]:g} on all test rows; see scoring="
        for j in range(len(at))
        if not worked[j]
    }
    if not any(worked):
        raise OffdiagonalError(f"no fit worked, so that there is no curve: {errors[0]}")
    failures += [f"{texts[j]}: {why}" for j in sorted(failed) if worked[j] for why in failed[j]]
    return Fits(
        at,
        train,
        test,
        seconds,
        round(float(np.mean([len(held_out) for row in cells for *_, held_out in row]))),
        _first(failures),
        errors=errors,
        calibration=calibration if judged and np.isfinite(calibration).any() else None,
        tested=tested.rows() if tested is not None else (),
        rows=_digest([row[-1][2] for row in cells]),
    )


def _why(error: ValueError) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def _first(failures: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(failures))[:MOST_FAILURES]


def _digest(tested: list[Ints]) -> str:
    found = hashlib.blake2b(digest_size=8)
    for rows in tested:
        found.update(np.ascontiguousarray(rows, dtype=np.int64).tobytes())
        found.update(b"|")
    return found.hexdigest()
