"""Counts and rows of one Evaluation under any clauses."""

from offdiagonal.engine.classes import class_counts, class_dim, class_of, class_option, class_tile
from offdiagonal.engine.clusters import Kind, matrix_effects, score_effects, slice_effects
from offdiagonal.engine.engine import Engine
from offdiagonal.engine.numbers import Numbers
from offdiagonal.engine.question import Question
from offdiagonal.engine.scores import table_auc

__all__ = [
    "Engine",
    "Kind",
    "Numbers",
    "Question",
    "class_counts",
    "class_dim",
    "class_of",
    "class_option",
    "class_tile",
    "matrix_effects",
    "score_effects",
    "slice_effects",
    "table_auc",
]
