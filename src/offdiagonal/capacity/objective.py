"""Is the optimiser at fault, or the objective? Two models and one objective tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.findings import Finding

Objective = Callable[[NDArray[np.float64]], float]

SCALES = (1e-4, 1e4)
"""Factors that the other model's parameters are tried with: another method may have found the same direction."""
SAME = 1e-9


def best_scale(objective: Objective, parameters: NDArray[np.float64]) -> tuple[float, float]:
    """The factor for which the objective is lowest, and the objective there."""
    from scipy.optimize import minimize_scalar

    low, high = np.log(SCALES)
    found = minimize_scalar(
        lambda log: float(objective(np.exp(log) * parameters)), bounds=(low, high), method="bounded"
    )
    plain = float(objective(parameters))
    return (1.0, plain) if plain <= found.fun else (float(np.exp(found.x)), float(found.fun))


def optimisation_or_objective(
    objective: Objective,
    ours: Any,
    other: Any,
    *,
    scores: tuple[float, float],
    rescale: bool = True,
) -> Finding:
    """Tell a bad optimiser from a bad objective, given another model that does better.

    If the other model's parameters also reach a lower value of the objective that ours were trained for, then the
    optimiser did not get to the minimum. If they do not, and are better all the same, then the objective is not
    what is wanted (Ng, CS 229, advice for applying machine learning).

    Parameters
    ----------
    objective
        Takes parameters, gives the value that training lowers.
    ours, other
        Parameters of our model, and of one that does better, as arrays of one shape.
    scores
        What is wanted of each, such as accuracy: ours, other; higher is better.
    rescale
        Whether the other parameters may be multiplied by a factor first: another method, such as an SVM, finds a
        direction and has no reason for the same length. Without it the verdict can be wrong.

    Examples
    --------
    >>> import numpy as np
    >>> from offdiagonal.capacity.objective import optimisation_or_objective
    >>> found = optimisation_or_objective(lambda w: float((w[0] - 1) ** 2), [0.2], [0.9], scores=(0.8, 0.9))
    >>> found.kind
    'optimiser-at-fault'
    """
    mine, others = (np.asarray(given, dtype=float) for given in (ours, other))
    factor, reached = best_scale(objective, others) if rescale else (1.0, float(objective(others)))
    now = float(objective(mine))
    scaled = f" (its parameters times {factor:.3g})" if abs(factor - 1) > SAME else ""
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
