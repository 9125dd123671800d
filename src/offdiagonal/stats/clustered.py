"""Design effects: how much wider intervals are where rows come in groups that fare alike.

The variance of a measure is the sum of the squares of what each row adds to it. Where rows of one group (a person, a
document) fare alike, what a group adds is squared as one: the cluster-robust, linearised variance. The **effect** is
the ratio of the two, and an interval is then made for n / effect rows. It is never below 1, infinite for a single
group, and holds Student's quantile of so many groups, so that few groups give wide intervals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from offdiagonal.stats.intervals import t_quantile
from offdiagonal.stats.measure import Z

DENSE = 1 << 16
"""So many sums, or four a row, are held at once rather than sorted for."""

Groups = NDArray[np.int64]
Floats = NDArray[np.float64]


class LevelEffects(NamedTuple):
    """Of each level of a column: of its mean, and of the difference to the mean of the other rows."""

    mean: Floats
    difference: Floats


def effect_of(added: Floats, group: Groups) -> float:
    """Answer how much wider the interval of a measure is for the groups of its rows.

    Parameters
    ----------
    added : array of shape (rows,)
        What each row adds to the measure: its influence, of mean 0.
    group : int array of shape (rows,)
        The group of each row, 0 or more.

    Returns
    -------
    float
        By which n is divided, 1 or more; infinite for a single group.

    References
    ----------
    Liang and Zeger (1986), Longitudinal data analysis using generalized linear models, Biometrika 73; the factor
    G / (G - 1) and t with G - 1 degrees of freedom: Cameron and Miller (2015), A practitioner's guide to
    cluster-robust inference, Journal of Human Resources 50.

    Examples
    --------
    >>> added = np.tile([1.0, -1.0], 50)
    >>> round(effect_of(added, np.arange(100)), 2)
    1.04
    >>> round(effect_of(np.repeat([1.0, -1.0], 50), np.arange(100) // 10), 1)
    14.8
    """
    sums = np.bincount(group, added) if len(group) else np.empty(0)
    many = len(np.unique(group))
    alone = float(added @ added)
    if many < 2:
        return math.inf
    return max(1.0, float(sums @ sums) / alone) * float(_few(many)) if alone > 0 else 1.0


def mean_effect(value: NDArray[Any], group: Groups, weight: Floats | None = None) -> float:
    """Answer how much wider the interval of a mean, or of a share, is for the groups of its rows.

    Where all values are the same nothing tells how alike groups are: it is then as if all rows of one were one row.

    Parameters
    ----------
    value : array of shape (rows,)
        A number for each row; of a share 0 or 1.
    group : int array of shape (rows,)
        The group of each row.
    weight : array of shape (rows,)
        How much each row stands for; default: 1.

    Examples
    --------
    >>> mean_effect(np.ones(100), np.arange(100) // 10) > 10
    True
    """
    level = np.zeros(len(value), dtype=np.int64)
    return float(level_effects(np.asarray(value, np.float64), group, level, 1, weight).mean[0])


def level_effects(
    value: Floats, group: Groups, level: Groups, levels: int, weight: Floats | None = None
) -> LevelEffects:
    """Answer the same of the mean of each level of a column, and of its difference to the other rows.

    Parameters
    ----------
    value : array of shape (rows,)
        A number for each row.
    group, level : int arrays of shape (rows,)
        The group and the level of each row.
    levels
        How many levels there are.
    weight : array of shape (rows,)
        How much each row stands for; default: 1.

    Returns
    -------
    LevelEffects
        Arrays of shape (levels,).

    Examples
    --------
    >>> rows = np.arange(200)
    >>> found = level_effects((rows % 20 < 10) * 1.0, rows // 10, rows % 2, 2)
    >>> found.mean.round(1).tolist(), found.difference.round(1).tolist()
    ([6.0, 6.0], [1.2, 1.2])
    """
    if weight is not None and not weight.all():  # rows that stand for nothing are of no group
        there = weight > 0
        value, group, level, weight = value[there], group[there], level[there], weight[there]
    rows = _sums(value, group, level, levels, np.ones(len(value)) if weight is None else weight)
    mean, flat = _of_means(rows)
    ratio, rest_flat, rest_kish, rest_groups = _of_differences(rows)
    told = np.where(flat | rest_flat, np.maximum.reduce([mean, ratio, rest_kish]), ratio)
    fewest = np.minimum(rows.groups, rest_groups)
    return LevelEffects(
        np.maximum(1.0, mean) * _few(rows.groups),
        np.maximum(1.0, told) * _few(fewest),
    )


class PartEffects(NamedTuple):
    """Of the share that each part has of its whole; and of one that has none of it, for each whole."""

    part: Floats
    nothing: Floats


def part_effects(part: Groups, whole: Groups, group: Groups, weight: Floats | None = None) -> PartEffects:
    """Answer how much wider the intervals of shares are, where each whole is divided into parts.

    Parameters
    ----------
    part, whole : int arrays of shape (rows,)
        The part and the whole of each row; all rows of one part are of one whole.
    group : int array of shape (rows,)
        The group of each row.
    weight : array of shape (rows,)
        How much each row stands for, above 0; default: 1.

    Returns
    -------
    PartEffects
        Arrays of as many parts and wholes as there are.

    Examples
    --------
    >>> rows = np.arange(240)
    >>> found = part_effects(rows // 10 % 2, np.zeros(240, dtype=np.int64), rows // 10)
    >>> found.part.round(1).tolist(), found.nothing.round(1).tolist()
    ([11.6, 11.6], [11.6])
    """
    if not len(part):
        return PartEffects(np.empty(0), np.empty(0))
    weight = np.ones(len(part)) if weight is None else weight
    parts, wholes, many = int(part.max()) + 1, int(whole.max()) + 1, int(group.max()) + 1
    of = np.zeros(parts, dtype=np.int64)
    of[part] = whole
    key, (in_whole,) = _by_key(whole * many + group, wholes * many, (weight,))
    sums, squares = _added(whole, weight, wholes), _added(whole, weight**2, wholes)
    own_key, (own,) = _by_key(part * many + group, parts * many, (weight,))
    here, of_group = np.divmod(own_key, many)
    share = _divided(_added(part, weight, parts), sums[of])
    own_squares = _added(part, weight**2, parts)
    beside = in_whole[np.searchsorted(key, of[here] * many + of_group)]
    pairs = _added(here, own**2 - 2 * share[here] * own * beside, parts)
    groups_squared = _added(key // many, in_whole**2, wholes)
    together = pairs + share**2 * groups_squared[of]
    apart = own_squares * (1 - share) ** 2 + (squares[of] - own_squares) * share**2
    kish = _divided(groups_squared, squares)
    few = _few(np.bincount(key // many, minlength=wholes))
    effect = np.where(apart <= 1e-12 * squares[of], kish[of], _divided(together, apart))
    return PartEffects(np.maximum(1.0, effect) * few[of], np.maximum(1.0, kish) * few)


@dataclass(frozen=True, eq=False)
class MatrixEffects:
    """The effects on the shares of the cells of a matrix that occur, and on recall and precision."""

    cells: NDArray[np.int64]
    """Code of the row times the number of columns plus code of the column, ascending."""
    columns: int
    row: NDArray[np.float64]
    column: NDArray[np.float64]
    """Of each of these cells, on its share of its row, and of its column."""
    no_row: NDArray[np.float64]
    no_column: NDArray[np.float64]
    """On a share of nothing, by code of the row and of the column."""
    recall: NDArray[np.float64]
    precision: NDArray[np.float64]
    """By class; empty where the matrix is of other columns."""

    def of_cells(self, rows: Groups, columns: Groups) -> tuple[Floats, Floats]:
        """The effects on the shares of their rows, and of their columns, that many cells are."""
        cell = rows * self.columns + columns
        place = np.minimum(np.searchsorted(self.cells, cell), max(len(self.cells) - 1, 0))
        if not len(self.cells):
            return self.no_row[rows], self.no_column[columns]
        there = self.cells[place] == cell
        return (
            np.where(there, self.row[place], self.no_row[rows]),
            np.where(there, self.column[place], self.no_column[columns]),
        )

    def of_row(self, row: int, column: int) -> float:
        """The effect on the share of its row that a cell is."""
        return self._at(row * self.columns + column, self.row, self.no_row, row)

    def of_column(self, row: int, column: int) -> float:
        """The effect on the share of its column that a cell is."""
        return self._at(row * self.columns + column, self.column, self.no_column, column)

    def _at(self, cell: int, known: NDArray[np.float64], nothing: NDArray[np.float64], line: int) -> float:
        place = int(np.searchsorted(self.cells, cell))
        there = place < len(self.cells) and self.cells[place] == cell
        return float(known[place] if there else nothing[line])


def no_cells(rows: int, columns: int) -> MatrixEffects:
    """The effects of a matrix of which none is told: infinite, so that nothing has an interval."""
    nothing = np.empty(0)
    by_row, by_column = (np.full(size, np.inf) for size in (rows, columns))
    return MatrixEffects(
        nothing.astype(np.int64), columns, nothing, nothing, by_row, by_column, by_row, by_column
    )


class _Sums(NamedTuple):
    """Sums over the rows of each level and group that occur together, and over levels, groups and all rows."""

    level: Groups
    group: Groups
    w: Floats
    wv: Floats
    by_level: tuple[Floats, ...]
    """Of each level: w, wv, and the squares of the weights alone, times the value and its square."""
    by_group: tuple[Floats, Floats]
    groups: Groups
    """How many groups each level has."""
    whole: Groups
    """How many of these have no row outside of it."""


def _sums(value: Floats, group: Groups, level: Groups, levels: int, weight: Floats) -> _Sums:
    many = int(group.max(initial=-1)) + 1
    key, (w, wv, n) = _by_key(
        level * many + group, levels * many, (weight, weight * value, np.ones(len(value)))
    )
    own, of = np.divmod(key, max(many, 1))
    squares = weight**2
    each = (weight, weight * value, squares, squares * value, squares * value**2)
    size = np.bincount(group, minlength=many)
    return _Sums(
        own,
        of,
        w,
        wv,
        tuple(_added(level, x, levels) for x in each),
        (_added(group, weight, many), _added(group, weight * value, many)),
        np.bincount(own, minlength=levels),
        np.bincount(own[n == size[of]], minlength=levels),
    )


def _by_key(keys: Groups, size: int, values: Sequence[Floats]) -> tuple[Groups, list[Floats]]:
    """The keys below ``size`` that occur, and the sums of some values over the rows of each."""
    if size <= max(DENSE, 4 * len(keys)):
        seen = np.flatnonzero(np.bincount(keys, minlength=size))
        return seen, [_added(keys, one, size)[seen] for one in values]
    seen, place = np.unique(keys, return_inverse=True)
    return seen, [_added(place.reshape(-1), one, len(seen)) for one in values]


def _of_means(rows: _Sums) -> tuple[Floats, NDArray[np.bool_]]:
    """The effect on the mean of each level, and where all of its values are the same."""
    w, wv, ww, wwv, wwvv = rows.by_level
    mean = _divided(wv, w)
    apart = wwvv - 2 * mean * wwv + mean**2 * ww
    flat = apart <= 1e-12 * np.maximum(wwvv, ww)
    together = np.bincount(rows.level, (rows.wv - mean[rows.level] * rows.w) ** 2, len(w))
    kish = _divided(np.bincount(rows.level, rows.w**2, len(w)), ww)
    return np.where(flat, kish, _divided(together, apart)), flat


def _of_differences(rows: _Sums) -> tuple[Floats, NDArray[np.bool_], Floats, Groups]:
    """The effect on each level's difference to the rest; where the rest is all the same, and then; its groups."""
    w, wv, ww, wwv, wwvv = rows.by_level
    rest_w, rest_wv, rest_ww, rest_wwv, rest_wwvv = (x.sum() - x for x in rows.by_level)
    mean, rest = _divided(wv, w), _divided(rest_wv, rest_w)
    rest_apart = rest_wwvv - 2 * rest * rest_wwv + rest**2 * rest_ww
    apart = _divided(wwvv - 2 * mean * wwv + mean**2 * ww, w**2) + _divided(rest_apart, rest_w**2)
    group_w, group_wv = rows.by_group
    here, of, levels = rows.level, rows.group, len(w)
    scale = _divided(np.ones(levels), rest_w)
    own = (rows.wv - mean[here] * rows.w) * _divided(np.ones(levels), w)[here]
    own += (rows.wv - rest[here] * rows.w) * scale[here]
    others = (group_wv[of] - rest[here] * group_w[of]) * scale[here]
    all_groups = (
        group_wv @ group_wv - 2 * rest * (group_wv @ group_w) + rest**2 * (group_w @ group_w)
    ) * scale**2
    together = np.bincount(here, own**2 - 2 * own * others, levels) + all_groups
    inside = np.bincount(here, rows.w**2 - 2 * rows.w * group_w[of], levels)
    kish = _divided(group_w @ group_w + inside, rest_ww)
    flat = rest_apart <= 1e-12 * np.maximum(rest_wwvv, rest_ww)
    return _divided(together, apart), flat, kish, np.count_nonzero(group_w) - rows.whole


def _added(code: Groups, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(code, values, size), np.float64)


def _divided(a: NDArray[Any], b: NDArray[Any]) -> Floats:
    nothing = np.zeros(np.broadcast(a, b).shape)
    return np.asarray(np.divide(a, b, out=nothing, where=b > 0), np.float64)


def _few(groups: Groups | int) -> Any:
    """What so few groups add: G / (G - 1), and the square of Student's quantile by the normal one."""
    known = np.atleast_1d(groups)
    factors = {g: g / (g - 1) * (t_quantile(g - 1) / Z) ** 2 for g in np.unique(known).tolist() if g > 1}
    found = np.asarray([factors.get(g, math.inf) for g in known.tolist()])
    return found if isinstance(groups, np.ndarray) else float(found[0])
