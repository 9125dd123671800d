"""What XGBoost and LightGBM share: sets of data and metrics by name, round by round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from offdiagonal.training.names import TRAINING

LOSSES = (
    "logloss",
    "mlogloss",
    "binary_logloss",
    "multi_logloss",
    "rmse",
    "rmsle",
    "l2",
    "l1",
    "mae",
    "mape",
    "mphe",
    "huber",
    "fair",
    "poisson",
    "poisson-nloglik",
    "gamma-nloglik",
    "gamma",
    "gamma_deviance",
    "cox-nloglik",
    "tweedie",
    "quantile",
    "cross_entropy",
)
"""Metrics that what is minimised is measured by; others keep their names."""


def boosted(
    scores: Mapping[tuple[str, str], float], train: str | None, validation: str | None
) -> dict[str, float]:
    """The numbers of a round by our names.

    Parameters
    ----------
    scores
        By name of the data and of the metric.
    train, validation
        What the data are called that the model learns from, and those it does not; None: the former by a name that
        says so, and of the others the last, which stops the training early too.
    """
    sets = list(dict.fromkeys(data for data, _ in scores))
    metrics = list(dict.fromkeys(metric for _, metric in scores))
    loss = next((metric for metric in metrics if is_loss(metric)), None)
    train = train or next((name for name in sets if is_training(name)), None)
    validation = validation or next((name for name in reversed(sets) if name != train), None)
    known = {}
    for (data, metric), value in scores.items():
        name = "loss" if metric == loss else metric
        prefix = "" if data == train else "val_" if data == validation else f"{data}_"
        known[prefix + name] = value
    return known


def is_loss(metric: str) -> bool:
    """Whether what is minimised is measured by it; ``tweedie-nloglik@1.5`` has a parameter."""
    return metric.split("@", maxsplit=1)[0].split(":", maxsplit=1)[0] in LOSSES or metric.split(
        "@", maxsplit=1
    )[0].endswith("nloglik")


def is_training(name: str) -> bool:
    """Whether data of this name are those that the model learns from."""
    return name.lower() in {*TRAINING, "dtrain", "learn"}


def loss_of(metrics: Sequence[str]) -> str | None:
    """The metric that is the loss."""
    return next((metric for metric in metrics if is_loss(metric)), None)
