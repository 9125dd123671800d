"""Which switch brings a fault: scores with all on, and with each off in turn, over seeds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.stats.measure import Measure

METHOD = "difference of means over seeds, pooled t, Bonferroni over the switches"
SAME = 1e-9
"""Gains that differ by less than this part of them are the same."""
THEORY = (
    "One part is changed at a time and the rest stays, else what made the difference cannot be told. "
    "Two trainings that differ in the seed alone differ too, and a change that is no larger than that says nothing."
)


@dataclass(frozen=True)
class Rung:
    """The scores with one switch off."""

    switch: str
    scores: tuple[float, ...]
    gain: Measure
    """How much better it is without."""
    failed: int
    """Of how many scores are not finite."""

    @property
    def helps(self) -> bool:
        """Whether it is better without, beyond the noise between seeds."""
        return self.gain.low is not None and self.gain.low > 0


def rungs(
    base: Sequence[float], without: Mapping[str, Sequence[float]], *, lower: bool, level: float = 0.95
) -> tuple[Rung, ...]:
    """What turning each switch off gains, the greatest gain first."""
    groups = [_finite(base), *(_finite(scores) for scores in without.values())]
    freedom = sum(max(len(group) - 1, 0) for group in groups)
    squares = sum(float(((group - group.mean()) ** 2).sum()) for group in groups if len(group))
    deviation = math.sqrt(squares / freedom) if freedom else math.nan
    found = []
    for (switch, scores), group in zip(without.items(), groups[1:], strict=True):
        gain = _gain(
            groups[0], group, deviation, freedom, 1 - (1 - level) / max(len(without), 1), lower=lower
        )
        found.append(Rung(switch, tuple(scores), gain, len(scores) - len(group)))
    return tuple(
        sorted(
            found, key=lambda rung: (rung.failed, -(rung.gain.value if rung.gain.value is not None else 0.0))
        )
    )


def _finite(scores: Sequence[float]) -> np.ndarray:
    values = np.asarray(scores, dtype=np.float64)
    return values[np.isfinite(values)]


def _gain(
    base: np.ndarray, off: np.ndarray, deviation: float, freedom: int, level: float, *, lower: bool
) -> Measure:
    n = len(base) + len(off)
    if not len(base) or not len(off):
        return Measure(None, None, None, n, METHOD)
    value = float(base.mean() - off.mean()) * (1 if lower else -1)
    if not freedom:
        return Measure(value, None, None, n, METHOD)
    from scipy.stats import t

    half = float(t.ppf((1 + level) / 2, freedom)) * deviation * math.sqrt(1 / len(base) + 1 / len(off))
    return Measure(value, value - half, value + half, n, METHOD)


def failed(scores: Sequence[float]) -> int:
    """How many are not finite."""
    return len(scores) - len(_finite(scores))


def failures(base: Sequence[float], found: Sequence[Rung]) -> str:
    """How many trainings failed, and where; empty where none did."""
    counts = [("with all on", failed(base), len(base))]
    counts += [(f"without {rung.switch}", rung.failed, len(rung.scores)) for rung in found]
    if not any(count for _, count, _ in counts):
        return ""
    told = ", ".join(f"{count} of {n} {where}" for where, count, n in counts)
    return f"trainings that end in NaN or infinity: {told}"


def culprits(base: Sequence[float], found: Sequence[Rung]) -> tuple[str, ...]:
    """The switches that bring the fault, the best gain first.

    Where trainings fail it is the only one without which no seed fails; else the best gain beyond the noise, and all
    that the noise does not tell from it.
    """
    if failed(base):
        mended = [rung for rung in found if rung.failed == 0]
        return (mended[0].switch,) if len(mended) == 1 else ()
    helping = sorted(
        (rung for rung in found if rung.helps and rung.failed == 0),
        key=lambda rung: -(rung.gain.value or 0.0),
    )
    return tuple(rung.switch for rung in helping if not _behind(rung.gain, helping[0].gain))


def _behind(gain: Measure, best: Measure) -> bool:
    """Whether a gain is smaller beyond the noise: of as many seeds, so that the half width is that of a difference."""
    assert gain.value is not None
    assert best.value is not None
    assert best.low is not None
    return best.value - gain.value > best.value - best.low + SAME * abs(best.value)


def finding(base: Sequence[float], found: Sequence[Rung], names: Sequence[str]) -> Finding:
    """What the switches do, the best first."""
    rung, *more = [one for name in names for one in found if one.switch == name]
    failing = failed(base)
    each = " or ".join(names)
    if failing:
        title = f"With {each} on {failing} of {len(base)} trainings end in NaN or infinity, without it none"
    else:
        title = (
            f"Without {rung.switch} the score is better by {rung.gain.value:.3g} "
            f"({rung.gain.low:.3g} to {rung.gain.high:.3g}, {len(base)} seeds)"
        )
        title += "".join(f", without {one.switch} by {one.gain.value:.3g}" for one in more)
    causes: tuple[str, ...] = (
        f"{rung.switch} as it is set",
        f"{rung.switch} beside another part that it does not fit",
    )
    if more:
        both = " and ".join(names)
        causes = (f"{both} together, which do harm only beside each other", f"{both}, each on its own")
    return Finding(
        kind="switch-brings-fault",
        level="training",
        certainty="confirmed" if failing == len(base) or (not failing and rung.helps) else "likely",
        title=title,
        effect=None if failing else rung.gain,
        evidence="; ".join(
            f"without {one.switch}: " + ", ".join(f"{s:.4g}" for s in one.scores) for one in found
        ),
        causes=causes,
        rules_out=tuple(f"{one.switch} alone" for one in found if one.switch not in names and not one.helps),
        try_next=(
            f"look at how {each} is called in training and in evaluation",
            f"train on without {each}",
        ),
        confirm_by="Run od.simplify again with other seeds: what was found on these is the best of several",
        theory=THEORY,
    )
