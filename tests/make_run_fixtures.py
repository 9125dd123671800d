"""Writes fixtures/runs.json: what Python packs and merges, for the tests of the front end."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from offdiagonal.training.blob import packed
from offdiagonal.training.buckets import buckets
from offdiagonal.training.record import Curve

PATH = Path(__file__).parent / "fixtures" / "runs.json"
POINTS = 20_001


def made() -> dict[str, Any]:
    """One packed piece, and some buckets of a curve that both languages can make."""
    arrays = {
        "a": np.array([1, 2, 3], "u1"),
        "b": np.array([0.5, -1.25], "f8"),
        "c": np.array([7, 4_000_000_000], "u4"),
    }
    at = np.arange(POINTS, dtype=float)
    found = buckets(Curve(at, (np.arange(POINTS) * 7919 % 1000) / 8, at))
    places = [0, 1, 2, 777, 2500, len(found) - 2, len(found) - 1]
    return {
        "packed": base64.b64encode(packed({"name": "µ"}, arrays)).decode("ascii"),
        "points": POINTS,
        "buckets": {
            "size": len(found),
            "places": places,
            "step": found.steps[places].tolist(),
            "n": found.n[places].tolist(),
            "mean": found.mean[places].tolist(),
            "low": found.low[places].tolist(),
            "high": found.high[places].tolist(),
        },
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(made(), indent=1) + "\n", "utf-8")
