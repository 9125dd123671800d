"""What is no number, or is infinite."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.record import RunRecord


def not_a_number(record: RunRecord) -> Iterator[Finding]:
    """The first step at which a metric is no number."""
    for name, curve in record.metrics.items():
        lost = np.flatnonzero(~np.isfinite(curve.values))
        if len(lost):
            step = float(curve.steps[lost[0]])
            yield Finding(
                "not-a-number",
                "training",
                f"{name} is {curve.values[lost[0]]} from step {step:,.0f} on",
                "confirmed",
                where={"step": (step, float(curve.steps[-1]))},
            )
            return
