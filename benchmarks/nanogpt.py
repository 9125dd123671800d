"""Real logs: spikes, overfitting and duplicates in 1,546 runs of modded-nanogpt.

``python -m benchmarks.nanogpt FOLDER`` writes nanogpt.md.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from offdiagonal.training.diagnosis import diagnose, shared_spikes
from offdiagonal.training.diagnosis.leaps import spikes_of
from offdiagonal.training.record import Curve, RunRecord

RESULTS = Path(__file__).resolve().parent / "nanogpt.md"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "nanogpt_logs"
WIDE = 20
"""Steps whose median a spike of the reference is above."""
TALL = 0.6
"""By so much."""


def records(path: Path) -> list[RunRecord]:
    """All runs, as they are stored."""
    table = pd.read_parquet(path / "runs.parquet")
    return [_record(str(name), rows) for name, rows in table.groupby("run", sort=True)]


def _record(name: str, rows: pd.DataFrame) -> RunRecord:
    seconds = rows["train_time_s"].to_numpy(dtype=float, na_value=np.nan)
    steps = rows["step"].to_numpy(dtype=float)
    metrics = {}
    for ours, theirs in (("loss", "train_loss"), ("val_loss", "val_loss")):
        values = rows[theirs].to_numpy(dtype=float, na_value=np.nan)
        known = ~np.isnan(values)
        if known.any():
            metrics[ours] = Curve(steps[known], values[known], seconds[known])
    return RunRecord(id=name, name=name, started=0.0, status="finished", metrics=metrics)


def tall(curve: Curve) -> list[float]:
    """The reference: steps after the first hundred whose loss is over 0.6 above the median of the 20 around."""
    middle = pd.Series(curve.values).rolling(WIDE, center=True, min_periods=1).median().to_numpy()
    return curve.steps[(curve.values - middle > TALL) & (curve.steps > 100)].tolist()


def calm(record: RunRecord, seed: int) -> RunRecord:
    """The same curve, its spikes replaced by the running median and residuals drawn from the rest of it."""
    curve = record.curve("loss")
    middle = pd.Series(curve.values).rolling(WIDE, center=True, min_periods=1).median().to_numpy()
    rest = curve.values - middle
    replaced = np.zeros(len(curve), bool)
    for step in {*tall(curve), *(one.step for one in spikes_of(curve))}:
        replaced |= np.abs(curve.steps - step) <= WIDE
    rng = np.random.default_rng(seed)
    values = curve.values.copy()
    for i in np.flatnonzero(replaced):  # residuals of the same part of the run, for they shrink as it goes on
        near = np.flatnonzero(~replaced & (np.abs(np.arange(len(curve)) - i) <= 10 * WIDE))
        values[i] = middle[i] + rest[rng.choice(near)] if len(near) else middle[i]
    return RunRecord(
        id=record.id,
        name=record.name,
        started=0.0,
        status="finished",
        metrics={"loss": Curve(curve.steps, values, curve.times)},
    )


def duplicates(given: list[RunRecord]) -> list[tuple[str, ...]]:
    """Groups of runs whose curves are the same, byte by byte."""
    groups: dict[str, list[str]] = defaultdict(list)
    for record in given:
        parts = [
            name.encode() + curve.steps.tobytes() + curve.values.tobytes() + curve.times.tobytes()
            for name, curve in sorted(record.metrics.items())
        ]
        groups[hashlib.sha256(b"|".join(parts)).hexdigest()].append(record.name)
    return [tuple(names) for names in groups.values() if len(names) > 1]


def report(path: Path) -> Iterator[str]:
    """The lines of the table."""
    every = records(path)
    trained = [record for record in every if len(record.curve("loss"))]
    others = [record for record in every if not len(record.curve("loss"))]
    found = {record.name: spikes_of(record.curve("loss")) for record in trained}
    reference = {record.name: tall(record.curve("loss")) for record in trained}
    hit = sum(
        any(abs(one.step - step) <= WIDE for one in found[name])
        for name, at in reference.items()
        for step in at
    )
    sought = sum(len(at) for at in reference.values())
    with_spikes = sum(bool(ones) for ones in found.values())
    extra = sum(
        not any(abs(one.step - step) <= WIDE for step in reference[name])
        for name, ones in found.items()
        for one in ones
    )
    controls = [calm(record, seed) for seed, record in enumerate(trained)]
    without = sum(not spikes_of(record.curve("loss")) for record in controls)
    kinds = Counter(finding.kind for record in others for finding in diagnose(record))
    wrong = sum(
        any(finding.kind in {"overfitting", "diverged"} for finding in diagnose(record)) for record in others
    )
    twice = duplicates(every)
    yield "# Real logs: 1,546 runs of modded-nanogpt"
    yield ""
    yield "Written by `python -m benchmarks.nanogpt`. A spike of the reference is over 0.6 above the median of 20."
    yield ""
    yield "| what | found | target |"
    yield "|---|---|---|"
    yield f"| runs with a training loss in which a spike is found | {with_spikes} of {len(trained)} | 78 |"
    what = "spikes of the reference that are found; the others do not stand out of the usual upper tail"
    yield f"| {what} | {hit:,} of {sought:,} | |"
    yield f"| spikes found beside those | {extra} | |"
    yield f"| the same curves with their spikes taken out: none found | {without} of {len(controls)} | 74 |"
    most = len(others) // 50
    yield f"| validation loss only: overfitting or divergence | {wrong} of {len(others):,} | at most {most} |"
    yield f"| groups of runs stored more than once | {len(twice)} | 51 |"
    yield ""
    yield f"Kinds found in the runs with validation loss only: {dict(kinds) or 'none'}."
    yield ""
    yield "## Spikes that three or more runs share"
    yield ""
    for one in shared_spikes(trained):
        yield f"- {one.text}"
    yield ""
    yield "## Spikes of each run"
    yield ""
    yield "| run | steps (height) |"
    yield "|---|---|"
    for name, ones in found.items():
        yield f"| {name} | {', '.join(f'{one.step:,.0f} ({one.height:.2f})' for one in ones)} |"
    yield ""
    yield "## Runs stored more than once"
    yield ""
    for names in twice:
        yield f"- {' = '.join(names)}"


def main() -> None:
    """Write the table, and print what stands above the lists."""
    lines = list(report(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA))
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines[:20]))


if __name__ == "__main__":
    main()
