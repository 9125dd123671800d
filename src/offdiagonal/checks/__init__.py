"""What is checked of every Evaluation: one question, one module; each a function of plain data."""

from __future__ import annotations

from offdiagonal.checks.table import CHECKS, findings_of

__all__ = ["CHECKS", "findings_of"]
