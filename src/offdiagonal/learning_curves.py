"""Bias and variance: what more rows, or another value of a setting, would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from offdiagonal.capacity.curves import over_sizes, over_values
from offdiagonal.capacity.extrapolate import Extrapolation, extrapolate
from offdiagonal.capacity.objective import optimisation_or_objective
from offdiagonal.capacity.path import HALVES, LassoPath
from offdiagonal.capacity.path import lasso_path as path_of
from offdiagonal.capacity.verdict import verdict
from offdiagonal.display.figure import Figure
from offdiagonal.display.html import heading_html, table_html, text_html
from offdiagonal.errors import OffdiagonalError
from offdiagonal.findings import Finding
from offdiagonal.views.learning import LearningSpec, best_text, carried_text, measure_text
from offdiagonal.views.text import short
from offdiagonal.views.vegalite.learning import learning_chart
from offdiagonal.views.vegalite.path import path_chart

__all__ = ["crossing", "lasso_path", "learning_curve", "optimisation_or_objective", "validation_curve"]

DOUBLE = 2.0
LISTED = 40
SCALE = 30.0
"""From such a ratio of the largest to the smallest value on, a setting stands on a log scale."""


class LearningCurve(Figure):
    """Train and test error over sizes, or over values of a setting: as a picture, a frame, a file, a verdict."""

    def __init__(self, spec: LearningSpec) -> None:
        self._spec = spec

    def findings(self) -> list[Finding]:
        """The verdict: high bias, high variance, good enough, or no clear cause; none over a setting."""
        return [] if self._spec.finding is None else [self._spec.finding]

    def extrapolate(self, rows: int | None = None, *, level: float = 0.8) -> Extrapolation:
        """What more rows would give; refused where the curve is not monotone.

        Parameters
        ----------
        rows
            How many; default: twice the largest size.
        level
            Of the interval.

        Raises
        ------
        OffdiagonalError
            If the curve is over a setting.
        """
        if self._spec.x != "rows":
            raise OffdiagonalError(f"this curve is over {self._spec.x}; only one over rows can be carried on")
        fits = self._spec.fits
        n = int(DOUBLE * fits.at[-1]) if rows is None else int(rows)
        return extrapolate(fits.at, fits.test, n, level)

    def __repr__(self) -> str:
        """Five lines of text."""
        return self._spec.text()

    def _frame(self) -> dict[str, Any]:
        return self._spec.frame()

    def _chart(self) -> dict[str, Any]:
        return learning_chart(self._spec)

    def _parts(self, picture: str) -> list[str]:
        spec = self._spec
        found = spec.measures()
        rows = [
            (spec.texts[i], *(measure_text(found[side][i]) for side in ("train", "test")))
            for i in range(len(spec.texts))
        ]
        said = carried_text(spec.carried_on) if spec.carried_on else best_text(spec)
        return [
            heading_html(text_html(spec.title), f"{spec.error} over {spec.x}", level=3),
            picture,
            f"<p>{text_html(said)}</p>",
            *([f"<p>{text_html(spec.finding.evidence)}</p>"] if spec.finding else []),
            *(f"<p>Failed: {text_html(why)}</p>" for why in spec.fits.failures),
            table_html("Errors", (spec.x, f"train {spec.error}", f"test {spec.error}"), rows, numbers=2),
        ]


class FeaturePath(Figure):
    """A lasso path: as a picture, a frame, a file, an order of features."""

    def __init__(self, path: LassoPath) -> None:
        self.path = path

    def _frame(self) -> dict[str, Any]:
        return self.path.frame()

    def _chart(self) -> dict[str, Any]:
        return path_chart(self.path)

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (name, f"{penalty:.3g}" if penalty else "never", f"{100 * share:.0f} %")
            for name, penalty, share in self.path.order()
        ]

    def _parts(self, picture: str) -> list[str]:
        heads = ("feature", "turns on at penalty", "in random halves")
        shown = [(short(name, 80), at, share) for name, at, share in self._rows()[:LISTED]]
        more = len(self.path.names) - LISTED
        return [
            heading_html("When features turn on", "the first ones first", level=3),
            picture,
            table_html("Features", heads, shown, numbers=2),
            *([f"<p>{more:,} more features are not listed.</p>"] if more > 0 else []),
        ]

    def __repr__(self) -> str:
        """The first features to turn on."""
        first = "; ".join(f"{name} at {at}, in {share} of halves" for name, at, share in self._rows()[:8])
        frozen = f"; never penalised: {', '.join(self.path.frozen)}" if self.path.frozen else ""
        return f"lasso path of {len(self.path.names)} features: {first}{frozen}"


def lasso_path(
    X: Any,
    y: Any,
    *,
    names: Sequence[str] | None = None,
    frozen: Sequence[str] = (),
    halves: int = HALVES,
    seed: int = 0,
) -> FeaturePath:
    """Show when features turn on as the penalty of a linear regression falls, and how stable that is.

    Parameters
    ----------
    X
        (n, features) numbers: an array, or a frame whose columns name them.
    y
        n numbers.
    names
        Of the features, where X is an array.
    frozen
        Names of features that are known to be good: they are never penalised.
    halves
        Random halves of the rows that the path is found for once more.
    seed
        Of the halves.

    Raises
    ------
    OffdiagonalError
        If a value is no finite number, or a frozen feature does not exist.

    Examples
    --------
    >>> import offdiagonal as od
    >>> from sklearn.datasets import load_diabetes
    >>> X, y = load_diabetes(return_X_y=True, as_frame=True)
    >>> [name for name, *_ in od.lasso_path(X, y, halves=10).path.order()][:3]
    ['bmi', 's5', 'bp']
    """
    return FeaturePath(path_of(X, y, names=names, frozen=frozen, halves=halves, seed=seed))


def learning_curve(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    sizes: Sequence[float] | None = None,
    repeats: int = 10,
    test_size: float = 0.25,
    target: float | None = None,
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
        The error that would be good enough; the verdict then counts from there.
    scoring
        A function of estimator, X and y, lower where it is better; default: error rate, or RMSE.
    groups
        n values; rows of one group stay on one side.
    seed
        Of the splits.

    Raises
    ------
    OffdiagonalError
        If the sizes are none, or the estimator cannot be fitted at all.

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
    fits, name = over_sizes(
        estimator,
        X,
        y,
        sizes=sizes,
        repeats=repeats,
        test_size=test_size,
        scoring=scoring,
        groups=groups,
        seed=seed,
    )
    largest = int(fits.at[-1])
    texts = tuple(f"{int(size):,}" for size in fits.at)
    found = verdict(
        largest,
        fits.train[:, -1],
        fits.test[:, -1],
        fits.test_rows / largest,
        target=target,
        unit=name,
    )
    carried = extrapolate(fits.at, fits.test, int(DOUBLE * largest))
    return LearningCurve(
        LearningSpec(
            type(estimator).__name__,
            "rows",
            texts,
            fits,
            name,
            largest,
            finding=found,
            carried_on=carried,
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
        What it is set to, in order.
    repeats, test_size, scoring, groups, seed
        As of ``learning_curve``; all values are tried on the same splits.

    Raises
    ------
    OffdiagonalError
        If there is no such setting, fewer than two values, or the estimator cannot be fitted at all.

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
    if len(values) < 2:
        raise OffdiagonalError(f"values={values!r:.80}: give two or more values of {parameter}")
    fits, name = over_values(
        estimator,
        X,
        y,
        parameter=parameter,
        values=values,
        repeats=repeats,
        test_size=test_size,
        scoring=scoring,
        groups=groups,
        seed=seed,
    )
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    log = numbers and min(values) > 0 and max(values) / min(values) >= SCALE
    rows = round(len(y) * (1 - test_size))
    texts = tuple(f"{value:g}" if isinstance(value, float) else str(value) for value in values)
    spec = LearningSpec(type(estimator).__name__, parameter, texts, fits, name, rows, log=log)
    return LearningCurve(spec)


def crossing(first: LearningCurve, second: LearningCurve) -> dict[str, Any]:
    """Where the better of two learning curves changes, and what each arm costs.

    Parameters
    ----------
    first, second
        Curves over the same rows, as of a pretrained model and of one from scratch.

    Returns
    -------
    dict
        ``between``: the two sizes, or None; ``better``: the place of the better at the largest size, with the
        ``difference`` of the mean test errors; ``seconds``: of one fit at the largest size, of each.

    Raises
    ------
    OffdiagonalError
        If the curves are over other sizes.
    """
    from offdiagonal.capacity.extrapolate import crossing as changes

    one, two = first._spec.fits, second._spec.fits  # noqa: SLF001 - of the same class
    if one.at.tolist() != two.at.tolist():
        raise OffdiagonalError("the curves are over other sizes; give both the same sizes=")
    means = [np.nanmean(fits.test, axis=0) for fits in (one, two)]
    return {
        "between": changes(one.at, *means),
        "better": int(np.argmin([mean[-1] for mean in means])),
        "difference": float(means[1][-1] - means[0][-1]),
        "seconds": [float(np.nanmean(fits.seconds[:, -1])) for fits in (one, two)],
    }
