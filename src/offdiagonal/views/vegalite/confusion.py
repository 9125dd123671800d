"""Picture of the confusion matrix, whatever its size."""

from __future__ import annotations

from offdiagonal.views.confusion import ConfusionSpec
from offdiagonal.views.vegalite.matrix import matrix_chart
from offdiagonal.views.vegalite.squares import squares_chart
from offdiagonal.views.vegalite.style import Spec, heading, note

NUMBERED = 20
"""Classes up to which each cell has its number and each class its label."""


def confusion_chart(spec: ConfusionSpec) -> Spec:
    """Draw the matrix: with its numbers for few classes, as a map of small squares for many."""
    if spec.private:
        return note(heading("Confusion"), "A private column: drawn live only.", 300)
    return squares_chart(spec) if many(spec) else matrix_chart(spec)


def many(spec: ConfusionSpec) -> bool:
    """Whether there are too many classes for a number in each cell."""
    return bool(max(spec.counts.shape) > NUMBERED)
