"""Bias and variance: what more rows, or another value of a setting, would change."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Sequence
from typing import Any

from offdiagonal.capacity.calibrated import calibrated, finding
from offdiagonal.capacity.curves import over_sizes, over_values, value_text
from offdiagonal.capacity.extrapolate import extrapolate
from offdiagonal.capacity.fits import Plan
from offdiagonal.capacity.objective import Objective, objectives_of
from offdiagonal.capacity.verdict import verdict
from offdiagonal.errors import OffdiagonalError
from offdiagonal.lasso import FeaturePath, lasso_path
from offdiagonal.learning_figures import DOUBLE, Crossing, LearningCurve, ObjectiveTest, tested
from offdiagonal.views.learning import LearningSpec

__all__ = [
    "Crossing",
    "FeaturePath",
    "LearningCurve",
    "ObjectiveTest",
    "crossing",
    "lasso_path",
    "learning_curve",
    "optimisation_or_objective",
    "validation_curve",
]

SCALE = 30.0
"""From such a ratio of the largest to the smallest value on, a setting stands on a log scale."""


def learning_curve(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    sizes: Sequence[float] | None = None,
    repeats: int = 10,
    test_size: float = 0.25,
    target: float | None = None,
    seeds: int = 1,
    scoring: Any = None,
    groups: Any = None,
    seed: int = 0,
) -> LearningCurve:
    """Train on more and more rows, and tell bias from variance and what twice the rows would give.

    Parameters
    ----------
    estimator
        A scikit-learn classifier or regressor; it is cloned, never fitted itself.
    X, y
        n rows and their labels.
    sizes
        Rows to train on, or shares up to 1; default: eight that grow by one factor.
    repeats
        Random splits; each trains on nested parts of its training rows.
    test_size
        Share of the rows that a repeat tests on.
    target
        The error that would be good enough, of an error rate from 0 to 1; the verdict then counts from there, and
        says whether the noise of splits and seeds lets the error be told from it.
    seeds
        Seeds of the estimator (``random_state``) that are tried on each split at the largest size, so that their
        noise is known apart from that of the splits.
    scoring
        A function of estimator, X and y, lower where it is better; default: error rate, or RMSE.
    groups
        n values; rows of one group stay on one side.
    seed
        Of the splits.

    Raises
    ------
    OffdiagonalError
        If X, y and groups differ in length, y has one class, the sizes are none, seeds change nothing, no error
        comes down to the target, or fewer than two repeats work with all rows.

    Examples
    --------
    >>> import offdiagonal as od
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> curve = od.learning_curve(DecisionTreeClassifier(random_state=0), X, y)
    >>> curve.findings()[0].kind
    'high-variance'
    """
    plan = Plan(repeats, test_size, scoring, groups, seed)
    fits, name = over_sizes(estimator, X, y, sizes, seeds, plan, target)
    largest = int(fits.at[-1])
    spec = LearningSpec(
        type(estimator).__name__, "rows", tuple(f"{int(size):,}" for size in fits.at), fits, name, largest
    )
    held = None if target is None else tested(spec, target)
    ends = (fits.train[:, -1], fits.test[:, -1])
    found = [verdict(largest, *ends, spec.test_share, held=held, tested=fits.tested_last, unit=name)]
    leaf = None
    if fits.calibration is not None:
        leaf = calibrated(fits.calibration, largest, spec.test_share)
        found += [off] if (off := finding(leaf)) else []
    return LearningCurve(
        dataclasses.replace(
            spec,
            findings=tuple(found),
            carried_on=extrapolate(fits.at, fits.test, int(DOUBLE * largest)),
            calibrated=leaf,
            target=held,
        )
    )


def validation_curve(
    estimator: Any,
    X: Any,
    y: Any,
    parameter: str,
    values: Sequence[Any],
    *,
    repeats: int = 10,
    test_size: float = 0.25,
    scoring: Any = None,
    groups: Any = None,
    seed: int = 0,
) -> LearningCurve:
    """Train with several values of one setting; the best, and those that the noise does not tell from it.

    Parameters
    ----------
    estimator
        A scikit-learn classifier or regressor.
    X, y
        n rows and their labels.
    parameter
        Name of the setting, as ``get_params`` has it.
    values
        What it is set to; they stand in the order in which they are given.
    repeats, test_size, scoring, groups, seed
        As of ``learning_curve``; all values are tried on the same splits.

    Raises
    ------
    OffdiagonalError
        If there is no such setting, fewer than two values, or no fit works.

    Examples
    --------
    >>> import offdiagonal as od
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> curve = od.validation_curve(KNeighborsClassifier(), X, y, "n_neighbors", [1, 5, 60])
    >>> len(curve.to_frame())
    6
    """
    if not isinstance(parameter, str):
        raise OffdiagonalError(
            f"parameter={parameter!r:.80} is no name; give that of one setting, and its values behind it"
        )
    if isinstance(values, str) or not hasattr(values, "__len__") or len(values) < 2:
        raise OffdiagonalError(f"values={values!r:.80}: give two or more values of {parameter}, as a list")
    plan = Plan(repeats, test_size, scoring, groups, seed)
    fits, name = over_values(estimator, X, y, parameter, values, plan)
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    log = numbers and _on_log(values)
    rows = round(len(y) * (1 - test_size))
    texts = tuple(value_text(value) for value in values)
    spec = LearningSpec(type(estimator).__name__, parameter, texts, fits, name, rows, log=log)
    return LearningCurve(spec)


def _on_log(values: Sequence[float]) -> bool:
    """Whether numbers go one way, and so far that they need a log scale."""
    steps = [after > before for before, after in itertools.pairwise(values)]
    one_way = len(set(values)) == len(values) and len(set(steps)) == 1
    return one_way and min(values) > 0 and SCALE <= max(values) / min(values) < math.inf


def crossing(first: LearningCurve, second: LearningCurve) -> Crossing:
    """Where the better of two learning curves changes, and what each arm costs.

    Parameters
    ----------
    first, second
        Curves over the same rows, as of a pretrained model and of one from scratch. Of the same ``seed``, ``repeats``
        and ``test_size`` they have the same splits, and are compared in pairs.

    Returns
    -------
    Crossing
        A view, and a dict: ``between``: the two sizes, or None; ``better``: the place of the better at the largest
        size, with the ``difference`` of the mean test errors; ``seconds``: of one fit at the largest size, of each.

    Raises
    ------
    OffdiagonalError
        If they are no learning curves, are over other sizes, or measure different errors.
    """
    return Crossing(first, second)


def optimisation_or_objective(
    objective: Objective,
    ours: Any,
    other: Any,
    *,
    scores: tuple[float, float],
    rescale: bool = True,
) -> ObjectiveTest:
    """Tell a bad optimiser from a bad objective, given another model that does better.

    If the other model's parameters also reach a lower value of the objective that ours were trained for, then the
    optimiser did not get to the minimum. If they do not, and are better all the same, then the objective is not
    what is wanted (Ng, CS 229, advice for applying machine learning).

    Parameters
    ----------
    objective
        Takes parameters, gives the value that training lowers; called some fifty times.
    ours, other
        Parameters of our model, and of one that does better, as arrays of one shape.
    scores
        What is wanted of each, such as accuracy: ours, other; higher is better.
    rescale
        Whether the other parameters may be multiplied by a factor first: another method, such as an SVM, finds a
        direction and has no reason for the same length. Without it the verdict can be wrong.

    Returns
    -------
    ObjectiveTest
        A view: the verdict, and the objective on the straight line from ours to the other; ``finding`` is the verdict.

    Raises
    ------
    OffdiagonalError
        If the shapes differ, the scores are no pair of numbers, or the objective is no number.

    Examples
    --------
    >>> import offdiagonal as od
    >>> found = od.optimisation_or_objective(lambda w: float((w[0] - 1) ** 2), [0.2], [0.9], scores=(0.8, 0.9))
    >>> found.finding.kind
    'optimiser-at-fault'
    """
    return ObjectiveTest(objectives_of(objective, ours, other, scores, rescale=rescale))
