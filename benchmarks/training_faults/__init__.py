"""Planted faults: healthy trainings with one thing changed, and how often the diagnosis names the cause."""
