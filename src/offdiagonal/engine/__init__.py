"""Counts and rows of one Evaluation under any clauses."""

from offdiagonal.engine.engine import Engine
from offdiagonal.engine.question import Question
from offdiagonal.engine.scores import table_auc

__all__ = ["Engine", "Question", "table_auc"]
