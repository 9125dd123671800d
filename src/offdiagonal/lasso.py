"""When features turn on: the lasso path as the user holds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from offdiagonal.capacity.given import whole
from offdiagonal.capacity.path import LassoPath, path_of
from offdiagonal.display.figure import Figure
from offdiagonal.errors import OffdiagonalError
from offdiagonal.views.figure import FigureSpec
from offdiagonal.views.path import path_figure

FIRST = 8


class FeaturePath(Figure):
    """A lasso path: as a view, a frame, a file, an order of features."""

    def __init__(self, path: LassoPath) -> None:
        self.path = path

    def __repr__(self) -> str:
        """The first features to turn on."""
        rows = [
            f"{name} at {f'{penalty:.3g}' if penalty else 'never'}"
            + ("" if share is None else f", in {100 * share:.0f} % of halves")
            for name, penalty, share in self.path.order()[:FIRST]
        ]
        frozen = f"; never penalised: {', '.join(self.path.frozen)}" if self.path.frozen else ""
        return f"lasso path of {len(self.path.names)} features: {'; '.join(rows)}{frozen}"

    def _frame(self) -> dict[str, Any]:
        return self.path.frame()

    def _shown(self) -> FigureSpec:
        return path_figure(self.path)


def lasso_path(
    X: Any,
    y: Any,
    *,
    names: Sequence[str] | None = None,
    frozen: str | Sequence[str] = (),
    halves: int = 100,
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
        Names of features that are known to be good, or one name: they are never penalised.
    halves
        Random halves of the rows that the path is found for once more; 0: none, and nothing is said of stability.
    seed
        Of the halves.

    Raises
    ------
    OffdiagonalError
        If a value is no finite number, a frozen feature does not exist, or all are frozen.

    Examples
    --------
    >>> import offdiagonal as od
    >>> from sklearn.datasets import load_diabetes
    >>> X, y = load_diabetes(return_X_y=True, as_frame=True)
    >>> [name for name, *_ in od.lasso_path(X, y, halves=10).path.order()][:3]
    ['bmi', 's5', 'bp']
    """
    if not whole(halves) or halves < 0:
        raise OffdiagonalError(f"halves={halves!r:.40}: give 0 or more, as a whole number")
    return FeaturePath(path_of(X, y, names, frozen, halves, seed))
