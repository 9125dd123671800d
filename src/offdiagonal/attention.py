"""Attention maps from arrays, and the test whether what is attended to matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.display.figure import Figure
from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.values import array
from offdiagonal.views.attention import attention_figure
from offdiagonal.views.figure import FigureSpec
from offdiagonal.views.text import short

CAVEAT = "Attention shows where a model looks, not why it decides (Jain and Wallace 2019): take parts away to test it."
MOST_HEADS, MOST_TOKENS = 24, 100
PERMUTATIONS = 999
FEWEST = 6


class AttentionMap(Figure):
    """Attention weights as a view, a frame, a file; with what taking each part away does, where that is known."""

    def __init__(
        self,
        weights: NDArray[np.float64],
        queries: tuple[str, ...],
        keys: tuple[str, ...],
        effects: NDArray[np.float64] | None = None,
    ) -> None:
        self.weights = weights
        """(heads, queries, keys)."""
        self.effects = effects
        """By key: how much the model's output changes without it."""
        self._queries, self._keys = queries, keys

    def ablated(self, without: Callable[[int], float], whole: float) -> AttentionMap:
        """Test the map: whether the output changes most where the attention is.

        Parameters
        ----------
        without
            Takes the place of a key, gives the model's output (a probability, say) with that key masked.
        whole
            The output with nothing masked.

        Returns
        -------
        AttentionMap
            The same map, whose text says how attention and effect go together.
        """
        effects = np.asarray([abs(float(without(place)) - float(whole)) for place in range(len(self._keys))])
        return AttentionMap(self.weights, self._queries, self._keys, effects)

    def agreement(self) -> tuple[float, float] | None:
        """Spearman's correlation of mean attention and effect over the keys, and its p by permutation.

        None where no effects are known, one is no finite number, or there are fewer than six keys.
        """
        if self.effects is None or len(self.effects) < FEWEST or not np.isfinite(self.effects).all():
            return None
        from scipy.stats import rankdata

        given, effect = rankdata(self._mean()), rankdata(self.effects)
        if np.ptp(given) == 0 or np.ptp(effect) == 0:
            return None
        one, other = ((ranks - ranks.mean()) / ranks.std() for ranks in (given, effect))
        found = float(one @ other) / len(one)
        shuffled = np.random.default_rng(0).permuted(np.tile(other, (PERMUTATIONS, 1)), axis=1)
        as_high = int(np.sum(shuffled @ one / len(one) >= found - 1e-12))
        return found, (1 + as_high) / (1 + PERMUTATIONS)

    def _mean(self) -> NDArray[np.float64]:
        return np.asarray(self.weights.mean(axis=(0, 1)))

    def _frame(self) -> dict[str, Any]:
        heads, queries, keys = self.weights.shape
        return {
            "head": np.repeat(np.arange(heads), queries * keys),
            "from": np.tile(np.repeat(np.asarray(self._queries, dtype=object), keys), heads),
            "to": np.tile(np.asarray(self._keys, dtype=object), heads * queries),
            "weight": self.weights.ravel(),
        }

    def _said(self) -> str:
        found = self.agreement()
        if found is not None:
            much, p = found
            both = "Attention and the effect of taking a part away"
            return f"{both}: rank correlation {much:.2f}, permutation p = {p:.3g}."
        bad = 0 if self.effects is None else int(np.sum(~np.isfinite(self.effects)))
        if not bad:
            return CAVEAT
        parts = f"{bad} of {len(self._keys)} parts"
        return f"The effect of taking away {parts} is no number, so that it is not held against attention."

    def _shown(self) -> FigureSpec:
        effects = None if self.effects is None else self.effects.tolist()
        return attention_figure(self.weights, self._queries, self._keys, effects, self._said())

    def __repr__(self) -> str:
        """What is most attended to, and the caveat."""
        mean = self._mean()
        top = ", ".join(f"{short(self._keys[i], 20)} {mean[i]:.2f}" for i in np.argsort(-mean)[:5].tolist())
        return f"attention, {len(self.weights)} heads, most to: {top}. {self._said()}"


def attention_map(weights: Any, queries: Sequence[Any], keys: Sequence[Any] | None = None) -> AttentionMap:
    """Show attention weights, and test them by taking parts away.

    Parameters
    ----------
    weights
        (queries, keys) or (heads, queries, keys): an array or a tensor, 0 or more.
    queries
        Names of the rows, such as the tokens.
    keys
        Names of the columns; default: those of the rows.

    Raises
    ------
    OffdiagonalError
        If shape and names do not fit, a weight is negative or no number, or there are more than 24 heads or 100 names.

    Examples
    --------
    >>> import offdiagonal as od
    >>> seen = od.attention_map([[0.9, 0.1], [0.4, 0.6]], ["not", "good"])
    >>> seen.to_frame()["weight"].tolist()
    [0.9, 0.1, 0.4, 0.6]
    """
    given = np.asarray(array(weights), dtype=float)
    given = given[None] if given.ndim == 2 else given
    rows = tuple(str(one) for one in queries)
    columns = rows if keys is None else tuple(str(one) for one in keys)
    if given.ndim != 3 or given.shape[1:] != (len(rows), len(columns)):
        raise OffdiagonalError(
            f"weights have the shape {given.shape}, and there are {len(rows)} queries and {len(columns)} keys; "
            "give (queries, keys) or (heads, queries, keys)"
        )
    if not len(given) or len(given) > MOST_HEADS or max(given.shape[1:]) > MOST_TOKENS:
        raise OffdiagonalError(
            f"{given.shape[0]} heads of {given.shape[1]} by {given.shape[2]} weights; at most {MOST_HEADS} heads of "
            f"{MOST_TOKENS} by {MOST_TOKENS} can be read: choose some"
        )
    if not np.isfinite(given).all() or given.min() < 0:
        raise OffdiagonalError("an attention weight is negative or no number; give them after the softmax")
    return AttentionMap(given, rows, columns)
