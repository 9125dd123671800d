"""Is the optimiser at fault, or the objective? Two models and one objective tell."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.errors import OffdiagonalError
from offdiagonal.findings import Finding

Objective = Callable[[NDArray[np.float64]], float]

SCALES = (1e-4, 1e4)
"""Factors that the other model's parameters are tried with: another method may have found the same direction."""
SAME = 1e-9
PLACES = np.linspace(0, 1, 21)
"""On the straight line from our parameters to the other's."""


@dataclass(frozen=True)
class Objectives:
    """Two models by one objective, and what it is on the straight line between them."""

    finding: Finding
    ours: float
    other: float
    factor: float
    """What the other's parameters were multiplied by."""
    scores: tuple[float, float]
    between: NDArray[np.float64]
    """The objective at PLACES; NaN where it is no number."""

    @property
    def scaled(self) -> bool:
        """Whether the factor shows."""
        return shows(self.factor)

    @property
    def barrier(self) -> float | None:
        """How high it rises between the two above both; None where it does not."""
        ends = (self.ours, self.other)
        inside = np.append(self.between[np.isfinite(self.between)], max(ends))
        rise = SAME * max(1.0, *map(abs, ends)) + 0.01 * abs(ends[0] - ends[1])
        return float(inside.max()) if inside.max() > max(ends) + rise else None


def shows(factor: float) -> bool:
    """Whether a factor is another than 1 in the digits that are written."""
    return f"{factor:.3g}" != "1"


def objectives_of(
    objective: Objective, ours: Any, other: Any, scores: tuple[float, float], *, rescale: bool
) -> Objectives:
    """What ``offdiagonal.optimisation_or_objective`` tells."""
    mine, others = _parameters(objective, ours, other)
    pair = _scores(scores)
    factor, reached = best_scale(objective, others) if rescale else (1.0, float(objective(others)))
    now = float(objective(mine))
    if not np.isfinite([now, reached]).all():
        raise OffdiagonalError(
            f"the objective is {now:g} for ours and {reached:g} for the other; give parameters for which it is a number"
        )
    between = np.array([float(objective((1 - t) * mine + t * factor * others)) for t in PLACES[1:-1]])
    line = np.concatenate([[now], np.where(np.isfinite(between), between, np.nan), [reached]])
    return Objectives(_verdict(now, reached, factor, pair), now, reached, factor, pair, line)


def _parameters(objective: Any, ours: Any, other: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not callable(objective):
        raise OffdiagonalError(
            f"objective={objective!r:.80} cannot be called; give a function of parameters that training lowers"
        )
    mine, others = (np.asarray(given, dtype=float) for given in (ours, other))
    if mine.shape != others.shape:
        raise OffdiagonalError(
            f"ours has the shape {mine.shape} and other {others.shape}; give parameters of one model, in one order"
        )
    return mine, others


def _scores(given: Any) -> tuple[float, float]:
    try:
        ours, other = (float(score) for score in given)
    except (TypeError, ValueError):
        ours = other = math.nan
    if not (math.isfinite(ours) and math.isfinite(other)):
        raise OffdiagonalError(f"scores={given!r:.80}: give two numbers, ours and the other's")
    return ours, other


def best_scale(objective: Objective, parameters: NDArray[np.float64]) -> tuple[float, float]:
    """The factor for which the objective is lowest, and the objective there."""
    from scipy.optimize import minimize_scalar

    low, high = np.log(SCALES)
    found = minimize_scalar(
        lambda log: float(objective(np.exp(log) * parameters)), bounds=(low, high), method="bounded"
    )
    plain = float(objective(parameters))
    return (1.0, plain) if plain <= found.fun else (float(np.exp(found.x)), float(found.fun))


def _verdict(now: float, reached: float, factor: float, scores: tuple[float, float]) -> Finding:
    """Whether the optimiser or the objective is at fault (Ng, CS 229, advice for applying machine learning)."""
    scaled = f" (its parameters times {factor:.3g})" if shows(factor) else ""
    said = (
        f"the objective is {now:.4g} for ours and {reached:.4g} for the other{scaled}; "
        f"the score is {scores[0]:.4g} and {scores[1]:.4g}"
    )
    if scores[1] <= scores[0]:
        return _nothing(said)
    if reached < now - SAME * max(1.0, abs(now)):
        return Finding(
            "optimiser-at-fault",
            "training",
            "The optimiser did not get to the minimum of its own objective",
            certainty="confirmed",
            evidence=said,
            causes=(
                "too few steps",
                "a learning rate too small or too large",
                "a bad start or scale of features",
            ),
            rules_out=("the objective, as the first thing to change", "a lack of data"),
            try_next=("Train longer, or with another optimiser or learning rate.",),
            confirm_by="With more steps our own objective falls below that of the other model.",
            theory=(
                "Parameters exist that lower the objective further, for the other model has them. "
                "So the objective is not what stands in the way yet."
            ),
        )
    return Finding(
        "objective-at-fault",
        "training",
        "A lower objective does not mean a better score here: change the objective",
        certainty="confirmed",
        evidence=said,
        causes=(
            "the loss is not what is wanted",
            "too much or too little regularisation",
            "weights of the classes",
        ),
        rules_out=("the optimiser: ours has the lower objective",),
        try_next=(
            "Change the regularisation or the loss so that it ranks the two models as the score does.",
        ),
        confirm_by="Under the new objective the other model has the lower value.",
        theory=(
            "Ours is better at what it was trained for and worse at what is wanted. "
            "More optimisation of the same objective would only make that clearer."
        ),
    )


def _nothing(said: str) -> Finding:
    return Finding(
        "no-better-model",
        "training",
        "The other model is not better, so it tells nothing of ours",
        evidence=said,
        try_next=("Give a model, or parameters, whose score is higher than ours.",),
        confirm_by="scores= has the higher number second.",
        theory="The comparison needs parameters that do better. Only then is there something to explain.",
    )
