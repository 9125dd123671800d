"""Faults by name: what each changes, with which nets, and the kinds of finding that name its cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.training_faults.plan import Plan

CLASSIFIERS = ("mlp_digits", "cnn_digits", "gru_sequences", "bag_texts")
ALL = ("mlp_digits", "cnn_digits", "mlp_regression", "gru_sequences", "bag_texts")
DENSE = ("mlp_digits", "cnn_digits", "mlp_regression", "bag_texts")
PLAIN = ("mlp_digits", "mlp_regression")
MLPS = ("mlp_digits", "mlp_regression", "bag_texts")
IMAGES = ("mlp_digits", "cnn_digits")
NUMBERS = ("mlp_digits", "cnn_digits", "mlp_regression", "gru_sequences")


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    nets: tuple[str, ...]
    causes: tuple[str, ...]
    """Any of these first is right."""
    change: Callable[[Plan], None]


FAULTS: dict[str, Fault] = {}


def fault(nets: tuple[str, ...], *causes: str) -> Callable[[Callable[[Plan], None]], Callable[[Plan], None]]:
    """Put a function that changes a plan among the faults."""

    def take(change: Callable[[Plan], None]) -> Callable[[Plan], None]:
        name = change.__name__
        FAULTS[name] = Fault(name, nets, causes, change)
        return change

    return take
