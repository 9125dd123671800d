"""A user's own chart as it is saved: a picture and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChartStill:
    """A picture of a chart; nothing else of it is saved."""

    title: str
    about: str
    """Alternative text."""
    note: str
    """Of which rows it is; or why there is no picture."""
    png: bytes | None
