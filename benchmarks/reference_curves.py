"""Draws a page of reference curves from the validation runs: ``python -m benchmarks.reference_curves``.

One run for each kind of finding, the first whose first finding it is and rightly so, beside healthy ones: what a
curve looks like that the rules call so. It needs the runs that ``python -m benchmarks.training_faults`` and its
further sets keep; all of them were scored before.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.training_faults import fifth, fourth, further, third
from benchmarks.training_faults.registry import FAULTS
from benchmarks.training_faults.score import read
from benchmarks.training_faults.sweep import Task, tasks
from offdiagonal.display.png import render_png
from offdiagonal.training.buckets import buckets
from offdiagonal.training.diagnosis import diagnose
from offdiagonal.training.record import Curve, RunRecord
from offdiagonal.views.vegalite.style import INK, MUTED, RIGHT_STRONG, Spec, card, inline

DOCS = Path(__file__).resolve().parents[1] / "docs"
ACROSS, WIDTH, HEIGHT = 5, 170, 84
HEALTHY = 5
POINTS = 60
HUES = {"loss": RIGHT_STRONG, "val_loss": INK}

Example = tuple[str, Task, RunRecord, str]


def examples() -> Iterator[Example]:
    """Kind, task, record and title of one run for each kind, and of some healthy ones."""
    known: set[str] = set()
    healthy: set[str] = set()
    for task in chain(tasks(), *(further.tasks(of) for of in (third.THIRD, fourth.FOURTH, fifth.FIFTH))):
        if task.path is None:
            continue
        record = read(task)
        if record is None:
            continue
        if task.fault is None:
            if task.net not in healthy and len(healthy) < HEALTHY and not diagnose(record):
                healthy.add(task.net)
                yield "healthy", task, record, ""
            continue
        found = diagnose(record)
        if found and found[0].kind in FAULTS[task.fault].causes and found[0].kind not in known:
            known.add(found[0].kind)
            yield found[0].kind, task, record, found[0].title


def panel(example: Example) -> Spec:
    """One small chart: training loss grey, validation loss black, on a log scale where the loss is above nought."""
    kind, task, record, _ = example
    lines = {name: record.curve(name) for name in HUES if len(record.curve(name).finite)}
    values = [v for curve in lines.values() for v in curve.finite.values.tolist()]
    log = bool(values) and min(values) > 0 and max(values) / min(values) > 5
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "axis": {"title": None, "labelColor": MUTED, "grid": not log, "tickCount": 3, "format": ".2~g"},
        "scale": {"zero": False, "nice": False, **({"type": "log"} if log else {})},
    }
    x: Spec = {"field": "x", "type": "quantitative", "axis": None, "scale": {"nice": False}}
    layers = [
        {
            "data": inline(_rows(curve, log=log)),
            "mark": {"type": "line", "color": HUES[name], "strokeWidth": 1.5, "clip": True},
            "encoding": {"x": x, "y": y},
        }
        for name, curve in lines.items()
    ]
    title = {"text": kind, "subtitle": f"{task.fault or 'no fault'}, {task.net}", "fontSize": 11}
    title["subtitleFontSize"] = 9
    return {"title": title, "width": WIDTH, "height": HEIGHT, "layer": layers or [_nothing()]}


def _rows(curve: Curve, *, log: bool) -> list[dict[str, Any]]:
    short = buckets(curve, POINTS)
    kept = np.abs(short.mean) < 1e12
    pairs = zip(short.steps[kept].tolist(), short.mean[kept].tolist(), strict=True)
    return [{"x": a, "y": float(f"{b:.4g}")} for a, b in pairs if b > 0 or not log]


def _nothing() -> Spec:
    return {
        "data": inline([{}]),
        "mark": {"type": "text", "text": "not a number from the first step", "color": MUTED},
    }


def main() -> None:
    """Write the picture and the page."""
    found = sorted(examples(), key=lambda one: (one[0] != "healthy", one[0]))
    panels = [panel(one) for one in found]
    rows = [{"hconcat": panels[i : i + ACROSS], "spacing": 24} for i in range(0, len(panels), ACROSS)]
    picture = render_png(card({"vconcat": rows, "spacing": 16}), scale=1.5, most=400_000)
    (DOCS / "reference_curves.png").write_bytes(picture)
    kinds = len({one[0] for one in found} - {"healthy"})
    lines = [
        "# Reference curves",
        "",
        "Written by `python -m benchmarks.reference_curves` from the runs that the diagnosis is validated on. Grey is",
        f"the training loss, black the validation loss. Of {kinds} kinds the first run whose first finding it is,",
        "and rightly so; what a kind means, and what else it can be, is in [diagnosis.md](diagnosis.md). Many",
        "kinds cannot be told from the curve: they need the layers, the optimiser or the data.",
        "",
        "![Loss curves of healthy runs and of runs with each kind of fault](reference_curves.png)",
        "",
        "| kind | fault | net | what is found |",
        "|---|---|---|---|",
        *(f"| {kind} | {task.fault or 'none'} | {task.net} | {title} |" for kind, task, _, title in found),
    ]
    (DOCS / "reference_curves.md").write_text("\n".join(lines) + "\n")
    print(f"{len(found)} curves, {kinds} kinds, {len(picture) / 1000:.0f} KB")


if __name__ == "__main__":
    main()
