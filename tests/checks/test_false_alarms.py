"""How often a shift is told where there is none: the rate of docs/findings.md, by simulation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from offdiagonal.checks.shift import best_shift

Rng = np.random.Generator
Pair = tuple[np.ndarray, np.ndarray]
TABLES = 2000


def runs(rng: Rng, n: int, k: int, stay: float) -> np.ndarray:
    """Classes that stay the same for a while."""
    new = (rng.random(n) > stay) | (np.arange(n) == 0)
    return rng.integers(0, k, n)[np.maximum.accumulate(np.where(new, np.arange(n), 0))]


def right(rng: Rng, label: np.ndarray, k: int, rows: np.ndarray) -> Pair:
    """Predictions that are right in some rows, and any class in the others."""
    return label, np.where(rows, label, rng.integers(0, k, len(label)))


CASES: dict[str, Callable[[Rng, int, int], Pair]] = {
    "useless": lambda rng, n, k: (rng.integers(0, k, n), rng.integers(0, k, n)),
    "useless, in runs": lambda rng, n, k: (runs(rng, n, k, 0.8), runs(rng, n, k, 0.8)),
    "useless, in long runs": lambda rng, n, k: (runs(rng, n, k, 0.98), runs(rng, n, k, 0.98)),
    "sound": lambda rng, n, k: right(rng, rng.integers(0, k, n), k, rng.random(n) < 0.7),
    "sound, errors in runs": lambda rng, n, k: right(
        rng, rng.integers(0, k, n), k, runs(rng, n, 10, 0.95) < 7
    ),
    "sound, labels in runs": lambda rng, n, k: right(rng, runs(rng, n, k, 0.95), k, rng.random(n) < 0.7),
    "constant": lambda rng, n, k: (rng.integers(0, k, n), np.zeros(n, int)),
    "rare": lambda rng, n, _: ((rng.random(n) < 0.06) * 1, (rng.random(n) < 0.3) * 1),
    "rare, in runs": lambda rng, n, _: ((runs(rng, n, 99, 0.9) < 6) * 1, (runs(rng, n, 99, 0.9) < 30) * 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("n", [50, 200, 1100, 4000])
@pytest.mark.parametrize("case", CASES)
def test_a_shift_is_told_at_most_at_its_rate(case: str, n: int) -> None:
    """At a rate of 1 in 1,000 more than 10 alarms in 2,000 tables have a chance below 1 in 100,000."""
    rng = np.random.default_rng(3)
    count = TABLES if n < 4000 else TABLES // 4
    alarms = sum(best_shift(*CASES[case](rng, n, 2 + i % 2 * 8)) is not None for i in range(count))
    print(case, n, alarms, "of", count)
    assert alarms <= 10
