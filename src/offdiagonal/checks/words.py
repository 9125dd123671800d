"""How checks write names and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from offdiagonal.stats.intervals import wilson_limits
from offdiagonal.stats.measure import MIN_N
from offdiagonal.views.text import amount, interval, percent, visible

NAMED = 5
"""So many classes are named, the others counted."""
LETTERS = 60


def name(text: str) -> str:
    """A class by its name, white space at its ends kept: it may be what is wrong.

    Examples
    --------
    >>> name("spam "), name("x" * 100)[:10]
    ("'spam '", "'xxxxxxxxx")
    """
    inner = visible(text)
    start, end = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
    padded = f"{' ' * min(start, 3)}{inner}{' ' * min(end, 3)}" if inner else text
    return f"'{padded if len(padded) <= LETTERS else padded[: LETTERS - 1] + '…'}'"


def listed(texts: Sequence[str], most: int = NAMED) -> str:
    """Some things, and how many more.

    Examples
    --------
    >>> listed(["a", "b", "c"], 2), listed(["a", "b", "c"])
    ('a, b and 1 more', 'a, b, c')
    """
    shown = ", ".join(texts[:most])
    return shown if len(texts) <= most else f"{shown} and {len(texts) - most:,} more"


def share(k: int, n: int, one: str = "example", many: str = "") -> str:
    """A share with its interval and its n; below ten rows the counts alone.

    Examples
    --------
    >>> share(134, 1000), share(2, 5, "row")
    ('13.4 % [11.4, 15.7] of 1,000 examples', '2 of 5 rows')
    """
    if n < MIN_N:
        return f"{k:,} of {amount(n, one, many)}"
    return f"{percent(k / n)} {interval(*wilson_limits(k, n))} of {amount(n, one, many)}"
