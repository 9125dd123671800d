"""What is said of each finding of a kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What a kind means, what leads to it, what to do, how to make sure."""

    meaning: str
    causes: tuple[str, ...]
    rules_out: tuple[str, ...]
    try_next: tuple[str, ...]
    confirm_by: str
    theory: str
