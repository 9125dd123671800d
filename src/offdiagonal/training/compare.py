"""What runs differ in, and which is better where all have had the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from offdiagonal.errors import OffdiagonalError
from offdiagonal.training.budget import By, axis, best, curve_of, end, lost_from
from offdiagonal.training.compared import Comparison, Result
from offdiagonal.training.metrics import better
from offdiagonal.training.record import Curve, RunRecord

ABSENT = "–"
"""A setting that a run does not have."""
SEEDS = ("seed", "random_state", "random_seed", "seed_everything")


def flat(config: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Settings with those inside others by dotted names."""
    found: dict[str, Any] = {}
    for key, value in config.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and value and name.count(".") < 8:
            found |= flat(value, f"{name}.")
        else:
            found[name] = value.item() if getattr(value, "size", 0) == 1 else value  # of NumPy
    return found


def is_seed(setting: str) -> bool:
    """Whether a setting only draws other random numbers."""
    return setting.rsplit(".", 1)[-1].lower() in SEEDS


def differences(records: Sequence[RunRecord]) -> dict[str, tuple[Any, ...]]:
    """The settings that are not the same in all runs, with the value of each."""
    configs = [flat(record.config) for record in records]
    names = list(dict.fromkeys(name for config in configs for name in config))
    values = {name: tuple(config.get(name, ABSENT) for config in configs) for name in names}
    return {name: found for name, found in values.items() if len({repr(one) for one in found}) > 1}


def compare(records: Sequence[RunRecord], metric: str | None = None, by: By = "step") -> Comparison:
    """Compare runs at the budget of the shortest.

    Raises
    ------
    OffdiagonalError
        If there are fewer than two runs, or one lacks the metric.
    """
    if len(records) < 2:
        raise OffdiagonalError(f"there is {len(records)} run; to compare takes two")
    if by not in {"step", "time"}:
        raise OffdiagonalError(f"by={by!r:.80} is neither 'step' nor 'time'")
    different = differences(records)
    changed = tuple(_changed(different, i) for i in range(1, len(records)))
    chosen = _metric(records, metric)
    results: tuple[Result, ...] = ()
    budget = 0.0
    warnings = _config_warnings(records, changed)
    if chosen is not None:
        curves = [curve_of(record, chosen) for record in records]
        budget = min(float(axis(curve, by)[-1]) for curve in curves)
        results = _results(records, curves, chosen, by, budget)
        warnings += _lost_warnings(records, curves, chosen, by, budget)
        warnings += _budget_warnings(records, curves, by, budget)
    return Comparison(
        tuple(record.name for record in records),
        different,
        changed,
        chosen,
        by,
        budget,
        results,
        _gap(results, chosen),
        warnings,
        alike=_alike(records, results),
    )


def _alike(records: Sequence[RunRecord], results: Sequence[Result]) -> bool:
    """Whether the first two results are of the same settings, as far as they are known."""
    first = [records[result.places[0]] for result in results[:2]]
    return len(first) == 2 and all(record.config for record in first) and not differences(first)


def _changed(different: Mapping[str, tuple[Any, ...]], i: int) -> tuple[str, ...]:
    return tuple(
        name for name, values in different.items() if repr(values[i]) != repr(values[0]) and not is_seed(name)
    )


def _config_warnings(records: Sequence[RunRecord], changed: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    found = []
    first = records[0].name
    for record, names in zip(records[1:], changed, strict=True):
        if len(names) > 1:
            shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
            found.append(
                f"{record.name} differs from {first} in {len(names)} settings at once ({shown}): "
                "what made the difference cannot be told; change one at a time"
            )
    without = [record.name for record in records if not record.config]
    if without:
        found.append(
            f"{len(without)} of {len(records)} runs have no config, so what they differ in is unknown"
        )
    return tuple(found)


def _metric(records: Sequence[RunRecord], given: str | None) -> str | None:
    if given is not None:
        for record in records:
            if not len(record.curve(given).finite):
                there = ", ".join(map(repr, list(record.metrics)[:10])) or "nothing"
                raise OffdiagonalError(f"{record.name} has no {given!r}; it logged {there}")
        return given
    common = [
        name for name in records[0].metrics if all(len(record.curve(name).finite) for record in records)
    ]
    first = [name for name in ("val_loss", "val_accuracy", "loss") if name in common]
    return next((name for name in [*first, *common] if better(name)), None)


def _results(
    records: Sequence[RunRecord], curves: Sequence[Curve], metric: str, by: By, budget: float
) -> tuple[Result, ...]:
    lower = better(metric) != "higher"
    groups: dict[str, list[int]] = {}
    for i, record in enumerate(records):
        known = {name: value for name, value in flat(record.config).items() if not is_seed(name)}
        groups.setdefault(
            repr(sorted(known.items(), key=lambda item: item[0])) if known else str(i), []
        ).append(i)
    found = []
    for members in _repeats(records, list(groups.values())):
        ends = [end(curves[i], by, budget) for i in members]
        bests = [best(curves[i], by, budget, lower=lower) for i in members]
        deviation = float(np.std(ends, ddof=1)) if len(ends) > 1 else None
        names = tuple(records[i].name for i in members)
        found.append(
            Result(
                names,
                float(np.mean(ends)),
                min(bests) if lower else max(bests),
                deviation,
                tuple(ends),
                tuple(members),
            )
        )
    return tuple(sorted(found, key=lambda result: _rank(result.value, lower=lower)))


def _repeats(records: Sequence[RunRecord], groups: Sequence[list[int]]) -> list[list[int]]:
    """Groups whose seeds all differ stay; of the others each run stands alone, for something else was changed."""
    found = []
    for members in groups:
        seeds = [
            repr(sorted((name, value) for name, value in flat(records[i].config).items() if is_seed(name)))
            for i in members
        ]
        repeats = "[]" not in seeds and len(set(seeds)) == len(seeds)
        found += [members] if repeats else [[i] for i in members]
    return found


def _rank(value: float, *, lower: bool) -> float:
    if not math.isfinite(value):
        return math.inf
    return value if lower else -value


def _lost_warnings(
    records: Sequence[RunRecord], curves: Sequence[Curve], metric: str, by: By, budget: float
) -> tuple[str, ...]:
    lost = [lost_from(curve, by, budget) for curve in curves]
    return tuple(
        f"{record.name} ranks last: its {metric} is not finite from step {step:,.0f} on"
        for record, step in zip(records, lost, strict=True)
        if step is not None
    )


def _budget_warnings(
    records: Sequence[RunRecord], curves: Sequence[Curve], by: By, budget: float
) -> tuple[str, ...]:
    longest = max(float(axis(curve, by)[-1]) for curve in curves)
    found = []
    unit = "steps" if by == "step" else "s"
    if longest > 1.05 * budget:
        found.append(
            f"cut at {budget:,.0f} {unit}, the end of the shortest; the longest went on to {longest:,.0f}: "
            "a schedule made for a longer run is behind at that point"
        )
    bad = [record.name for record in records if record.status in {"crashed", "lost"}]
    if bad:
        found.append(f"{', '.join(bad[:5])} did not end by itself")
    return tuple(found)


def _gap(results: Sequence[Result], metric: str | None) -> tuple[float, float | None, float | None] | None:
    if len(results) < 2 or metric is None:
        return None
    first, second = results[:2]
    amount = abs(first.value - second.value)
    if not math.isfinite(amount):
        return None
    if first.deviation is None or second.deviation is None:
        return amount, None, None
    from scipy.stats import t

    squares = [
        result.deviation**2 / len(result.runs) for result in (first, second) if result.deviation is not None
    ]
    error = math.sqrt(sum(squares))
    if error == 0:
        return amount, amount, amount
    freedom = sum(squares) ** 2 / sum(
        square**2 / (len(result.runs) - 1) for square, result in zip(squares, (first, second), strict=True)
    )
    half = float(t.ppf(0.975, freedom)) * error
    return amount, amount - half, amount + half
