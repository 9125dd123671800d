"""Findings of the kinds that docs/diagnosis.md lists, with what is always said of a kind."""

from __future__ import annotations

from offdiagonal.findings import Certainty, Finding
from offdiagonal.training.diagnosis.kinds import KINDS

LARGE = 10_000


def percent(share: float, digits: int = 0) -> str:
    """A share as people write it: 87 %."""
    return f"{amount(100 * share, digits)} %"


def amount(value: float, decimals: int = 0) -> str:
    """A number in words that people read: from 10,000 on three digits and a power of ten, which may be 300 of them."""
    return f"{value:.{decimals}f}" if abs(value) < LARGE else f"{value:.3g}"


def layer(name: str, kind: str) -> str:
    """A module by name and class: of many the name is but a number."""
    return f"layer {name} ({kind})" if kind else f"layer {name}"


def finding(
    slug: str,
    title: str,
    evidence: str,
    steps: tuple[float, float],
    certainty: Certainty = "likely",
    causes: tuple[str, ...] = (),
    rules_out: tuple[str, ...] = (),
) -> Finding:
    """A finding of a kind; causes that the evidence points to come before the usual ones."""
    kind = KINDS[slug]
    return Finding(
        slug,
        "training",
        title,
        certainty,
        where={"step": steps},
        evidence=evidence,
        causes=causes + tuple(cause for cause in kind.causes if cause not in causes),
        rules_out=rules_out or kind.rules_out,
        try_next=kind.try_next,
        confirm_by=kind.confirm_by,
        theory=kind.theory,
    )
