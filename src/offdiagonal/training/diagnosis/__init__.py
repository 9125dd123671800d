"""What is wrong with a run: rules that take a RunRecord and give Findings."""

from __future__ import annotations

from offdiagonal.training.diagnosis.order import diagnose

__all__ = ["diagnose"]
