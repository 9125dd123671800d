"""When features turn on: the lasso path, with features that are known to be good left alone, and its stability."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import ColumnNotFoundError, LengthError, OffdiagonalError

Floats = NDArray[np.float64]
POINTS = 60
ON = 1e-9


@dataclass(frozen=True)
class LassoPath:
    """Coefficients of standardised features from the strongest penalty, where none is in, to a weak one."""

    names: tuple[str, ...]
    """Of the features that are penalised."""
    frozen: tuple[str, ...]
    penalties: Floats
    """Falling; the unit is that of scikit-learn's ``alpha`` for standardised features."""
    coefficients: Floats
    """(features, penalties): change of y, in its own unit, for one standard deviation of the feature."""
    stability: Floats | None
    """(features, penalties): share of random halves of the rows in which the feature is in; None: not looked at."""

    def ranks(self) -> list[tuple[int, float, float | None]]:
        """The places of features by when they turn on, the penalty there, and how often they were in by then or before.

        The share is the largest over the path up to where half of the features are in (Meinshausen and Bühlmann,
        Stability selection, JRSS B 72, 2010). Those that never turn on come last, with the penalty 0.
        """
        inside = np.abs(self.coefficients) > ON
        last = int(np.argmax(inside.sum(axis=0) * 2 >= len(self.names))) or len(self.penalties) - 1
        rows = []
        for i in range(len(self.names)):
            at = int(np.argmax(inside[i])) if inside[i].any() else -1
            penalty = float(self.penalties[at]) if at >= 0 else 0.0
            share = None if self.stability is None else float(self.stability[i, : last + 1].max())
            rows.append((i, penalty, share))
        return sorted(rows, key=lambda row: -row[1])

    def order(self) -> list[tuple[str, float, float | None]]:
        """The same with the names of the features in place of their places."""
        return [(self.names[place], penalty, share) for place, penalty, share in self.ranks()]

    def frame(self) -> dict[str, Any]:
        """One row a feature and penalty."""
        k, points = self.coefficients.shape
        return {
            "feature": np.repeat(np.asarray(self.names, dtype=object), points),
            "penalty": np.tile(self.penalties, k),
            "coefficient": self.coefficients.ravel(),
            **({} if self.stability is None else {"stability": self.stability.ravel()}),
        }


def path_of(
    X: Any, y: Any, names: Sequence[str] | None, frozen: str | Sequence[str], halves: int, seed: int
) -> LassoPath:
    """The lasso path of a linear regression, with the options of ``offdiagonal.lasso_path``.

    Features that are frozen are never penalised: what they explain is taken out of y and of the other features
    first, which gives the same coefficients as leaving their penalty out (Frisch, Waugh and Lovell).
    """
    if np.ndim(X) != 2 or np.ndim(y) != 1:
        raise OffdiagonalError(
            f"X has the shape {np.shape(X)}, y {np.shape(y)}; X is (n, features), and y has n numbers"
        )
    if len(X) != len(y):
        raise LengthError.of("y", len(y), len(X), "X")
    known = [
        str(name) for name in (names if names is not None else getattr(X, "columns", range(np.shape(X)[1])))
    ]
    kept_names = _names(frozen)
    values, target = _numbers(X, known), _amounts(y)
    _check(values, target, known, kept_names)
    free = [i for i, name in enumerate(known) if name not in kept_names]
    kept = [i for i, name in enumerate(known) if name in kept_names]
    penalties = _penalties(*_apart(values[:, free], values[:, kept], target))
    coefficients = _path(values[:, free], values[:, kept], target, penalties)
    rng = np.random.default_rng(seed)
    inside = np.zeros_like(coefficients)
    for _ in range(halves):
        rows = rng.permutation(len(target))[: len(target) // 2]
        inside += np.abs(_path(values[rows][:, free], values[rows][:, kept], target[rows], penalties)) > ON
    return LassoPath(
        tuple(known[i] for i in free),
        tuple(known[i] for i in kept),
        penalties,
        coefficients,
        inside / halves if halves else None,
    )


def _names(frozen: Any) -> list[str]:
    """Names of features; of an array they are numbers."""
    many = isinstance(frozen, Iterable) and not isinstance(frozen, str)
    return [str(name) for name in (frozen if many else [frozen])]


def _numbers(X: Any, names: Sequence[str]) -> Floats:
    """The features as numbers, or an error that names the first that are none."""
    try:
        return np.asarray(X, dtype=float)
    except (TypeError, ValueError):
        bad = (
            (i, value) for i, column in enumerate(_cells(X).T) for value in column if not _is_number(value)
        )
        i, value = next(bad)
        raise OffdiagonalError(
            f"X holds {_shown(value)} in column {names[i] if i < len(names) else i}, which is no number; encode texts "
            "first, as pandas.get_dummies does, or leave the column out"
        ) from None


def _amounts(y: Any) -> Floats:
    try:
        return np.asarray(y, dtype=float)
    except (TypeError, ValueError):
        value = next(value for value in _cells(y) if not _is_number(value))
        raise OffdiagonalError(
            f"y holds {_shown(value)}, which is no number; give one number a row"
        ) from None


def _cells(data: Any) -> Any:
    return np.asarray(data, dtype=object)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return value is None  # which becomes NaN
    return True


def _shown(value: Any) -> str:
    return f"{value.item() if isinstance(value, np.generic) else value!r:.80}"


def _check(values: Floats, target: Floats, names: list[str], frozen: Sequence[str]) -> None:
    if len(names) != values.shape[1]:
        raise OffdiagonalError(
            f"names= has {len(names)} names but X has {values.shape[1]} features; give one each"
        )
    if not (np.isfinite(values).all() and np.isfinite(target).all()):
        raise OffdiagonalError("X or y holds NaN or infinity; fill or drop those rows first")
    for name in frozen:
        if name not in names:
            raise ColumnNotFoundError.of("frozen", name, names)
    if set(names) <= set(frozen):
        raise OffdiagonalError(
            f"of {len(names)} features {len(names)} are frozen; leave one or more to turn on"
        )


def _apart(free: Floats, kept: Floats, target: Floats) -> tuple[Floats, Floats]:
    """The free features, standardised, and y, without what the frozen ones explain of them."""
    base = np.column_stack([np.ones(len(target)), kept])
    scale = free.std(axis=0)
    scaled = free / np.where(scale > 0, scale, 1.0)
    both = np.column_stack([scaled, target])
    left = both - base @ np.linalg.lstsq(base, both, rcond=None)[0]
    return left[:, :-1], left[:, -1]


def _penalties(free: Floats, target: Floats) -> Floats:
    most = float(np.abs(free.T @ target).max()) / len(target)
    return np.geomspace(most or 1.0, (most or 1.0) * 1e-3, POINTS)


def _path(free: Floats, kept: Floats, target: Floats, penalties: Floats) -> Floats:
    from sklearn.linear_model import lasso_path as path

    left, rest = _apart(free, kept, target)
    _, coefficients, _ = path(left, rest, alphas=penalties)
    return np.asarray(coefficients)
