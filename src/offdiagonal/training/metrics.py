"""What the names of metrics mean: which belong together, and which way is better."""

from __future__ import annotations

import re

import numpy as np

from offdiagonal.training.record import Curve

RISING = re.compile(
    r"(^|[_./ -])(acc|accuracy|f1|f\d|auc|auroc|precision|recall|r2|r_squared|score|bleu|rouge\w*|map|ap|iou|dice|"
    r"kappa|mcc|ndcg|hits|reward|return|top\d*|exact_match)([_./@ -]|\d|$)",
    re.IGNORECASE,
)
NEITHER = re.compile(
    r"(^|[_./ -])(lr|learning_rate|epoch|grad_norm|gradient_norm|momentum|weight_decay|time|tokens|memory)([_./ -]|$)",
    re.IGNORECASE,
)
VALIDATION = re.compile(r"^(val|valid|validation|eval|dev|test)[_./ -]", re.IGNORECASE)


def better(name: str) -> str | None:
    """``"lower"`` or ``"higher"``; None where neither is better, as of a learning rate."""
    if NEITHER.search(name):
        return None
    return "higher" if RISING.search(name) else "lower"


def validates(name: str) -> bool:
    """Whether the metric is of data that the model does not learn from."""
    return VALIDATION.match(name) is not None


def best(name: str, curve: Curve) -> tuple[float, float] | None:
    """The best value and its step; None where neither way is better, or nothing finite was logged."""
    way = better(name)
    kept = curve.finite
    if way is None or not len(kept):
        return None
    at = int(np.argmin(kept.values) if way == "lower" else np.argmax(kept.values))
    return float(kept.values[at]), float(kept.steps[at])
