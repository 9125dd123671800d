"""All rules, and which finding comes first."""

from __future__ import annotations

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.numbers import not_a_number
from offdiagonal.training.record import RunRecord


def diagnose(record: RunRecord) -> tuple[Finding, ...]:
    """What is wrong with a run: the likeliest cause first."""
    return tuple(not_a_number(record))
