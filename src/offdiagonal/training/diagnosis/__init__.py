"""What is wrong with a run: rules that take a RunRecord and give Findings."""

from __future__ import annotations

from offdiagonal.training.diagnosis.happened import SharedSpike, events, shared_spikes
from offdiagonal.training.diagnosis.order import diagnose

__all__ = ["SharedSpike", "diagnose", "events", "shared_spikes"]
