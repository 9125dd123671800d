"""What is always said of a finding of each kind; docs/diagnosis.md lists the same."""

from __future__ import annotations

from offdiagonal.training.diagnosis.kinds.data import DATA
from offdiagonal.training.diagnosis.kinds.kind import Kind
from offdiagonal.training.diagnosis.kinds.layers import LAYERS
from offdiagonal.training.diagnosis.kinds.learning import LEARNING
from offdiagonal.training.diagnosis.kinds.steps import STEPS
from offdiagonal.training.diagnosis.kinds.wiring import WIRING

KINDS: dict[str, Kind] = {**WIRING, **DATA, **LAYERS, **STEPS, **LEARNING}
"""By slug."""
