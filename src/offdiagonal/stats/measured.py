"""A measure with the reason why it, or its interval, is not there."""

from __future__ import annotations

from dataclasses import dataclass

from offdiagonal.stats.measure import MIN_N, Measure, unknown


class UndefinedError(ValueError):
    """A measure has no value for these rows; the text says why."""


@dataclass(frozen=True)
class Measured:
    """A measure of some rows, or why there is none."""

    measure: Measure
    why: str = ""
    """Why there is no value, or no interval; empty where there is one."""
    pending: bool = False
    """Whether the interval is still to be drawn."""
    failed: bool = False
    """Whether a function of the user failed: then ``why`` is its error."""


def absent(why: str, n: int = 0, method: str = "", *, failed: bool = False) -> Measured:
    """No value, and why."""
    return Measured(unknown(n, method), why, failed=failed)


def few(n: int) -> str:
    """Why there is no number of so few rows."""
    return f"n {n}: no number from fewer than {MIN_N} examples"
