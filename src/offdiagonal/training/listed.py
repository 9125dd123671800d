"""What a list of runs says of each: a row, and a line of text."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from offdiagonal.training.metrics import best
from offdiagonal.training.record import RunRecord

SHOWN = ("loss", "val_loss")
COLUMNS = (
    "name",
    "id",
    "started",
    "status",
    "steps",
    *(f"{k}{name}" for name in SHOWN for k in ("", "best_")),
)


def row_of(record: RunRecord) -> dict[str, Any]:
    """What a list says of a run, by column."""
    steps = [float(curve.steps.max()) for curve in record.metrics.values() if len(curve)]
    row: dict[str, Any] = {
        "name": record.name,
        "id": record.id,
        "started": record.started,
        "status": record.status,
        "steps": max(steps, default=float("nan")),
    }
    for name in SHOWN:
        curve = record.curve(name)
        found = best(name, curve)
        row[name] = float(curve.values[-1]) if len(curve) else float("nan")
        row[f"best_{name}"] = found[0] if found else float("nan")
    return row


def line_of(row: Mapping[str, Any], width: int) -> str:
    """The same as a line of text."""
    name = row["name"] if len(row["name"]) <= width else f"{row['name'][: width - 1]}…"
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(row["started"])) if row["started"] else ""
    text = f"  {name:{width}}  {when:16}  {row['status']:8}"
    if row["steps"] == row["steps"]:
        text += f"  step {row['steps']:,.0f}"
    for metric in SHOWN:
        if row[metric] == row[metric]:
            text += f"  {metric} {row[metric]:.4g}"
    return text
