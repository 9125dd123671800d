"""One rule that fails on an odd record must not take the others, and the pane, with it."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.seen import Seen

log = logging.getLogger("offdiagonal")
T = TypeVar("T")


def made(rule: Callable[[Any], Iterator[T]], given: Any) -> list[T]:
    """What a rule yields; where it fails, what it had yielded, and the log says so with the traceback."""
    found: list[T] = []
    try:
        with np.errstate(all="ignore"):  # a loss of 1e300 overflows, and is found out by its own rule
            found.extend(rule(given))
    except (ArithmeticError, LookupError, TypeError, ValueError):
        log.exception("the rule %s could not judge this run", getattr(rule, "__name__", rule))
    return found


def findings_of(rule: Callable[[Seen], Iterator[Finding]], seen: Seen) -> list[Finding]:
    """What a rule finds at steps that there are."""
    return [one for one in made(rule, seen) if _at_steps(one)]


def _at_steps(finding: Finding) -> bool:
    steps = finding.where.get("step") if isinstance(finding.where, dict) else None
    return steps is None or all(math.isfinite(step) for step in steps)
