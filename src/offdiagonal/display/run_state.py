"""What a page gets of training runs: a description as JSON and curves as arrays. The twin of js/src/core/run.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.display.run_examples import Joined, joined_json
from offdiagonal.findings import Finding
from offdiagonal.training.blob import packed
from offdiagonal.training.buckets import MOST, Buckets, buckets
from offdiagonal.training.events import Event
from offdiagonal.training.examples import told_apart
from offdiagonal.training.metrics import best
from offdiagonal.training.record import Curve, Layers, RunRecord
from offdiagonal.views.runs import differences

COLUMNS = 240
"""Steps of the heat map of layers; more are averaged."""
LETTERS = 400
"""Of a setting's value."""

Header = dict[str, Any]
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Looked:
    """What was seen in one run."""

    findings: tuple[Finding, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Part:
    """The mean loss of some examples, checkpoint by checkpoint, that stands beside the whole's."""

    name: str
    curve: Curve
    private: bool = False
    """Seen live only."""


@dataclass(frozen=True)
class Page:
    """Runs as they are sent, and what stands over them."""

    records: tuple[RunRecord, ...]
    looked: tuple[Looked, ...]
    fingerprint: str
    variable: str = "run"
    parts: tuple[Part, ...] = ()
    stopping: frozenset[int] = field(default_factory=frozenset)
    joined: Joined | None = None
    at: str = ""
    """When this is saved, where a run goes on: it may have ended since."""


def single(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Numbers of four bytes; those that are too large for one are the largest that there is."""
    most = float(np.finfo(np.float32).max)
    return np.where(np.isfinite(values), np.clip(values, -most, most), values).astype(np.float32)


def state(page: Page, most: int = MOST, *, saved: bool = False, columns: int = COLUMNS) -> bytes:
    """All that the views draw.

    Parameters
    ----------
    page
        The runs.
    most
        Buckets of each curve.
    saved
        Whether it is saved: then it says how many points it stands for.
    columns
        Steps of the heat map of layers at most; 0: it is left out.
    """
    arrays: Arrays = {}
    runs: list[Header] = [
        _run(page, index, record, arrays, most, columns) for index, record in enumerate(page.records)
    ]
    points = sum(len(curve) for record in page.records for curve in record.metrics.values())
    kept = sum(len(array) for name, array in arrays.items() if name.endswith("/mean"))
    header: Header = {
        "fingerprint": page.fingerprint,
        "variable": page.variable,
        "created": min((record.started for record in page.records), default=0.0),
        "saved": {"points": points, "kept": kept, "at": page.at} if saved else None,
        "runs": runs,
        "findings": findings_json(page.looked),
        "differences": settings_json(page.records),
        "joined": joined_json(page.joined),
        "parts": parts_json([part for part in page.parts if not (saved and part.private)], arrays),
    }
    return packed(header, arrays)


def _run(page: Page, index: int, record: RunRecord, arrays: Arrays, most: int, columns: int) -> Header:
    for place, curve in enumerate(record.metrics.values()):
        _put_buckets(arrays, f"{index}/{place}", buckets(curve, most))
    return {
        "id": record.id,
        "name": record.name,
        "status": status_of(page, index),
        "started": record.started,
        "config": {str(name): _short(value) for name, value in record.config.items()},
        "metrics": [metric_json(name, curve) for name, curve in record.metrics.items()],
        "events": events_json(page.looked[index]),
        "steps_per_epoch": record.facts.get("steps_per_epoch"),
        "layers": layers_json(record, index, arrays, columns),
        "examples": examples_json(record),
        "error": record.facts.get("error"),
    }


def status_of(page: Page, index: int) -> str:
    """What became of a run; ``stopping`` where it was asked to end and has not."""
    status = page.records[index].status
    return "stopping" if status == "running" and index in page.stopping else status


def _put_buckets(arrays: Arrays, name: str, curve: Buckets) -> None:
    arrays[f"{name}/step"] = curve.steps
    arrays[f"{name}/mean"] = single(curve.mean)
    arrays[f"{name}/time"] = single(curve.times)
    if not curve.raw:
        arrays[f"{name}/n"] = curve.n.astype(np.uint32)
        arrays[f"{name}/low"] = single(curve.low)
        arrays[f"{name}/high"] = single(curve.high)


def range_json(curve: Buckets) -> bytes:
    """A finer part of a curve."""
    arrays: Arrays = {
        "step": curve.steps,
        "mean": curve.mean.astype(np.float32),
        "time": curve.times.astype(np.float32),
        "n": curve.n.astype(np.uint32),
        "low": curve.low.astype(np.float32),
        "high": curve.high.astype(np.float32),
    }
    return packed({}, arrays)


def metric_json(name: str, curve: Curve) -> Header:
    """A metric without its values."""
    kept = curve.finite
    some = len(kept) > 0
    return {
        "name": name,
        "points": len(curve),
        "first": float(curve.steps.min()) if len(curve) else None,
        "last": float(curve.steps.max()) if len(curve) else None,
        "last_value": float(kept.values[-1]) if some else None,
        "best": best_json(name, curve),
        "bad": len(curve) - len(kept),
    }


def best_json(name: str, curve: Curve) -> Header | None:
    """The best value and its step."""
    found = best(name, curve)
    return None if found is None else {"value": found[0], "step": found[1]}


def events_json(looked: Looked) -> list[Header]:
    """What happened at single steps."""
    return [
        {
            "kind": event.kind,
            "metric": event.metric,
            "step": event.step,
            "end": event.end,
            "text": event.text,
        }
        for event in looked.events
    ]


def parts_json(parts: Sequence[Part], arrays: Arrays) -> list[str]:
    """The names of the parts; their values go into `arrays`."""
    for place, part in enumerate(parts):
        kept = part.curve.finite
        arrays[f"part/{place}/step"] = kept.steps
        arrays[f"part/{place}/value"] = kept.values.astype(np.float32)
    return [part.name for part in parts]


def findings_json(looked: Sequence[Looked]) -> list[Header]:
    """What was found, run by run."""
    return [
        {
            "run": index,
            "kind": finding.kind,
            "title": finding.title,
            "certainty": finding.certainty,
            "evidence": finding.evidence,
            "causes": list(finding.causes),
            "rules_out": list(finding.rules_out),
            "try_next": list(finding.try_next),
            "confirm_by": finding.confirm_by,
            "theory": finding.theory,
            "steps": steps_of(finding),
        }
        for index, one in enumerate(looked)
        for finding in one.findings
    ]


def steps_of(finding: Finding) -> list[float] | None:
    """The steps that a finding is about."""
    given = finding.where.get("step") if isinstance(finding.where, Mapping) else None
    return None if given is None else [float(given[0]), float(given[1])]


def settings_json(records: Sequence[RunRecord]) -> Header:
    """The settings in which the runs differ."""
    found = differences(records)
    many = len(found) > 1 and len(records) > 1
    warning = (
        f"{len(found)} settings differ between these runs ({', '.join(list(found)[:5])}), "
        "so none of them alone explains a difference"
        if many
        else None
    )
    settings = [[name, [_short(value) for value in values]] for name, values in found.items()]
    return {"settings": settings, "warning": warning}


def _short(value: Any) -> Any:
    """A setting as a page shows it."""
    if isinstance(value, bool | int | float) or value is None:
        return value if not isinstance(value, float) or np.isfinite(value) else str(value)
    return str(value)[:LETTERS]


def layers_json(record: RunRecord, index: int, arrays: Arrays, columns: int = COLUMNS) -> Header:
    """The numbers of the layers; their values go into `arrays`."""
    return {
        kind: None if layers is None or not columns else _layers(f"{index}/{kind}", layers, arrays, columns)
        for kind, layers in (("parameters", record.parameters), ("activations", record.activations))
    }


def _layers(name: str, layers: Layers, arrays: Arrays, columns: int) -> Header:
    count = len(layers.steps)
    size = -(-count // columns)
    starts = np.arange(0, count, size)
    arrays[f"{name}/step"] = layers.steps[starts]
    for stat, values in layers.stats.items():
        arrays[f"{name}/{stat}"] = values if size == 1 else _means(values, starts)
    return {
        "names": list(layers.names),
        "kinds": list(layers.kinds),
        "shapes": [list(shape) for shape in layers.shapes],
        "stats": list(layers.stats),
    }


def _means(values: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Means of some lines each, of what is known."""
    known = np.isfinite(values)
    sums = np.add.reduceat(np.where(known, values, 0), starts, axis=0)
    counts = np.add.reduceat(known.astype(np.float32), starts, axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan).astype(np.float32)


def examples_json(record: RunRecord) -> Header | None:
    """How many examples were learned late, never, or forgotten, where no labels are needed to say it."""
    if record.examples is None:
        return None
    apart = told_apart(record.examples)
    return {
        "n": len(record.examples.ids),
        "steps": record.examples.steps.tolist(),
        "learned_late": None if apart is None else int(apart.late.sum()),
        "forgotten": None if apart is None else int(apart.forgotten.sum()),
        "never": None if apart is None else int(apart.never.sum()),
        "predicted": record.examples.prediction is not None,
    }
