"""Whether a curve can be made of what is given: an estimator, rows with their labels, and how they are split."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

import numpy as np

from offdiagonal.capacity.fits import Plan
from offdiagonal.capacity.repeats import ERROR_RATE, RMSE
from offdiagonal.errors import LengthError, OffdiagonalError

DOES = ("fit", "predict", "get_params")


def check(estimator: Any, X: Any, y: Any, plan: Plan) -> None:
    """Refuse what no curve can be made of.

    Raises
    ------
    OffdiagonalError
        If the estimator is none, X, y and groups differ in length, labels or groups are missing or all the same, or
        the rows cannot be split so.
    """
    name = getattr(estimator, "__name__", "")
    if isinstance(estimator, type):
        raise OffdiagonalError(f"{name} is a class; give an estimator: {name}()")
    if not all(callable(getattr(estimator, what, None)) for what in DOES):
        raise OffdiagonalError(
            f"estimator={estimator!r:.80} cannot be fitted; give a classifier or a regressor as scikit-learn has them"
        )
    n = _rows("X", X)
    for what, given in (("y", y), ("groups=", plan.groups)):
        if (what == "y" or given is not None) and _rows(what, given) != n:
            raise LengthError.of(what, _rows(what, given), n, "X")
    _plan(plan, n)
    _labels(estimator, _array("y", y, "label"))


def whole(number: Any) -> bool:
    """Whether it is a whole number, and not a truth value."""
    return isinstance(number, Integral) and not isinstance(number, bool)


def float_of(given: Any) -> float:
    """A number as a float; NaN of what is none."""
    return math.nan if isinstance(given, bool) or not isinstance(given, Real) else float(given)


def share(name: str, given: Any, such_as: str, of: str = "") -> float:
    """A share that is neither nothing nor all."""
    value = float_of(given)
    if not 0 < value < 1:
        raise OffdiagonalError(f"{name}={given!r:.40}: give a share{of} between 0 and 1, such as {such_as}")
    return value


def error_target(target: Any, error: str) -> float:
    """An error that would be good enough, if errors of this name can come down to it."""
    value = float_of(target)
    if not math.isfinite(value):
        raise OffdiagonalError(f"target={target!r:.40} is no number that an error could come down to")
    if error == ERROR_RATE and not 0 <= value <= 1:
        raise OffdiagonalError(
            f"target={target!r:.40} is no error rate; give the share of the rows that may be wrong, from 0 to 1, "
            "such as 0.05"
        )
    if error == RMSE and value < 0:
        raise OffdiagonalError(f"target={target!r:.40} is below 0, and no RMSE is; give 0 or more")
    return value


def rows_asked(rows: Any, largest: float) -> int:
    """A number of rows that a curve may be carried on to."""
    value = float_of(rows)
    if not (value >= 1 and value.is_integer()):
        raise OffdiagonalError(
            f"rows={rows!r:.40} is no number of rows; give one such as {2 * largest:.0f}, or nothing for that"
        )
    return int(value)


def _rows(what: str, given: Any) -> int:
    """How many rows there are; a sparse matrix has a shape and no length."""
    shape = getattr(given, "shape", None)
    if shape:
        return int(shape[0])
    try:
        return len(given)
    except TypeError:
        rest = "give n rows of numbers" if what == "X" else "give one label for each row of X"
        raise OffdiagonalError(f"{what}={given!r:.80} has no rows; {rest}") from None


def _array(what: str, given: Any, one: str) -> Any:
    try:
        found = np.asarray(given)
    except ValueError:
        raise OffdiagonalError(
            f"{what} holds rows of several lengths; give one {one} for each row of X"
        ) from None
    if not found.ndim:
        raise OffdiagonalError(
            f"{what} is a {type(given).__name__} and no array; give one {one} for each row of X"
        )
    return found


def _known(what: str, rows: Any, instead: str) -> None:
    """Refuse rows in which something is missing."""
    lacking = np.array([any(map(_missing, row)) for row in rows.reshape(len(rows), -1).tolist()])
    if lacking.any():
        raise OffdiagonalError(
            f"{what} is missing in {lacking.sum():,} of {len(rows):,} rows, first in row {int(lacking.argmax())}; "
            f"{instead}"
        )


def _labels(estimator: Any, y: Any) -> None:
    """What is missing in y, and of a classifier whether there is more than one class."""
    from sklearn.base import is_classifier

    _known("y", y, "leave these rows out of X and y")
    classes = set(y.ravel().tolist()) if is_classifier(estimator) else set()
    if len({isinstance(one, str) for one in classes}) > 1:
        texts = next(one for one in y.ravel().tolist() if isinstance(one, str))
        other = next(one for one in y.ravel().tolist() if not isinstance(one, str))
        raise OffdiagonalError(
            f"y holds texts and others, {texts!r:.40} and {other!r:.40}; make all labels texts, or all numbers"
        )
    if len(classes) == 1:
        raise OffdiagonalError(
            f"y is {next(iter(classes))!r:.40} in all {len(y):,} rows; a classifier is judged on two or more classes"
        )


def _groups(given: Any) -> Any:
    """Each group once."""
    groups = _array("groups=", given, "group")
    if groups.ndim != 1:
        raise OffdiagonalError(f"groups= has the shape {groups.shape}; give one group for each row of X")
    if len(groups):
        _known("groups=", groups, "give these rows a group each, or leave them out")
    try:
        found = np.unique(groups)
    except TypeError:
        raise OffdiagonalError(
            "groups= holds values of several types that have no order; make them all texts, or all numbers"
        ) from None
    if len(found) == 1:
        raise OffdiagonalError(
            f"groups= has one group, {found.tolist()[0]!r:.40}; rows of two or more are needed, for each of them "
            "stays on one side"
        )
    return found


def _missing(label: Any) -> bool:
    try:
        return label is None or bool(label != label)
    except TypeError:  # pandas' NA is neither
        return True


def _plan(plan: Plan, n: int) -> None:
    share("test_size", plan.test_size, "0.25", " of the rows")
    if not whole(plan.repeats) or plan.repeats < 1:
        raise OffdiagonalError(f"repeats={plan.repeats!r:.40}: give one or more, as a whole number")
    if not whole(plan.seed) or plan.seed < 0:
        raise OffdiagonalError(f"seed={plan.seed!r:.40}: give a whole number of 0 or more")
    units = n if plan.groups is None else len(_groups(plan.groups))
    if units - math.ceil(units * plan.test_size) < 1:
        unit = "rows" if plan.groups is None else "groups"
        raise OffdiagonalError(
            f"{units:,} {unit} cannot be split into training and test {unit}; give more, or a smaller test_size="
        )
