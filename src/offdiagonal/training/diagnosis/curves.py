"""Rules on what was learned: too little, nothing, or still more to come."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.fits import beats_chance
from offdiagonal.training.diagnosis.found import finding, percent
from offdiagonal.training.diagnosis.seen import FEWEST, NOTHING, UNSURE, Seen
from offdiagonal.training.diagnosis.smooth import ROUNDING
from offdiagonal.training.record import Floats

HIGH = 0.85
"""Share of the prior's loss that is left at the end, of a model that hardly uses its inputs. By the losses alone it
cannot be told from data that tell no more, as people's doings often do; so it is said only where nearly all is left,"""
MANY = 10
"""of so many classes or more: of two, and of amounts, the data may leave all of that."""
BELOW_NARROW = 0.2
"""Share of the prior's loss that is left behind a layer that lets little through."""
NEAR = 0.3
"""The gap between the two losses, as a share of what the training loss fell, under which they are near each other."""
FLAT = 0.08
"""Change over the last third, as a share of all that was learned, of a curve that is flat."""
SLOWING = 0.8
"""How much of each fall the next one is at most, in what is expected of more steps: most losses slow down."""
MORE = 0.25
"""What as many steps again would give, as a share of all that was learned."""
MORE_HOLDS = 0.4
"""The same of the validation loss, which is looked at where there is one: it is what more steps are taken for."""
LESS_HOLDS = 0.15
"""The same where it falls steadily to the end,"""
OF_ITSELF = 0.2
"""and would by this share of what is left."""
LEAST_TO_COME = 0.67
"""How many times the fall from the third quarter to the last as many steps again gave, at the least and"""
MOST_TO_COME = 4.6
"""at the most, in eight of ten of 37 healthy trainings that were trained twice as long, and what was"""
LEFT = 0.4
"""left of the loss then, at the least."""
LITTLE = 3 / 8
"""Share of the prior's loss under which most is learned."""
UNLEARNED = 0.75
"""Share of the prior's loss that is left of the training loss, where examples are not known by heart."""
BARELY = 0.02
"""How far below the prior's loss a validation loss is that has learned something, and a training loss twice that."""
LONG = 0.3
"""Share of the run that a plateau lasts, and share of the whole fall that comes after it."""
BEGUN = 0.01
"""How far below the loss of a model that knows nothing a steady validation loss is that has begun to fall."""
NARROW = 2
"""Width of a layer that little passes through."""


def steps_begin_anew(seen: Seen) -> Iterator[Finding]:
    """Steps that are counted from 0 in each epoch."""
    if seen.begun_anew is None:
        return
    name, times = seen.begun_anew
    curve = seen.record.curve(name)
    back = int(np.flatnonzero(np.diff(curve.steps) < 0)[0])
    yield finding(
        "steps-begin-anew",
        f"The steps of {name} begin anew {times} times: after step {curve.steps[back]:,.0f} comes "
        f"{curve.steps[back + 1]:,.0f}",
        f"{len(curve):,} values of {name} at {len(np.unique(curve.steps)):,} different steps; its trend is not judged",
        seen.steps,
        "confirmed",
    )


def not_learning(seen: Seen) -> Iterator[Finding]:
    """A loss that stays where a model without knowledge has it."""
    if not seen.enough or len(seen.loss) < 20 or seen.start <= 0:
        return
    level = seen.prior or float(np.mean(seen.loss.values[: min(10, max(1, len(seen.loss) // 100))]))
    if seen.prior_error > (NOTHING if seen.classes else UNSURE) * level:
        return  # too few labels were seen, or too many outliers, to say what a model has that knows nothing
    half = seen.loss.values[len(seen.loss) // 2 :]
    error = 2 * seen.noise / np.sqrt(len(half))
    fell = np.mean(half[: len(half) // 2]) - np.mean(half[len(half) // 2 :])
    chance = 4 * max(seen.noise, float(half.std()) if seen.amounts else 0.0) / np.sqrt(len(half))
    if fell > max(chance, 0.01 * level) and (seen.val_falls or not _never_below(seen)):
        return  # it has begun to fall
    held = level if seen.held is None else seen.held
    fell_held = len(seen.val) and held < (1 - NOTHING) * seen.val.values[0]
    if beats_chance(seen) or (fell_held and not (seen.prior and seen.classes)):
        return
    if held < level - max(seen.prior_error, BARELY * level) or (
        seen.val_falls and seen.val.values[-1] < (1 - BEGUN) * level
    ):
        return  # so it has where batches do not blur it
    if _never_below(seen):
        yield finding(
            "not-learning",
            f"The validation loss never comes below {seen.val_low:.3g}, and a model that knows "
            f"nothing has {seen.prior:.3g}",
            f"{len(seen.val)} evaluations, the last at {seen.val.values[-1]:.3g}; the training loss ends "
            f"at {seen.end:.3g}",
            seen.steps,
        )
    elif abs(np.mean(half) - level) < max(2 * BARELY * level, error) or level < np.mean(half) < 1.2 * level:
        yield finding(
            "not-learning",
            f"The loss stays at {np.mean(half):.3g}, where "
            + (f"a model that knows nothing has {level:.3g}" if seen.prior else f"it began, at {level:.3g}"),
            f"mean of the later half {np.mean(half):.4g} ± {error:.2g}, of the first steps {seen.start:.4g}",
            seen.steps,
        )


def _never_below(seen: Seen) -> bool:
    """Whether the validation loss stays above what a model without knowledge has, where nothing is learned by heart."""
    if seen.prior is None or len(seen.val) < FEWEST or seen.end < UNLEARNED * seen.prior:
        return False
    return seen.val_low > (1 - BARELY) * seen.prior + seen.prior_error


def bottleneck(seen: Seen) -> Iterator[Finding]:
    """A high loss, and a layer that hardly anything passes through."""
    narrow = _narrowest(seen)
    if narrow is None or not seen.prior or not seen.enough:
        return
    left = min(seen.end, _held(seen)) / seen.prior
    if left > BELOW_NARROW:
        yield finding(
            "underfitting",
            f"All that the model knows passes through {narrow[1]} number{'s' if narrow[1] > 1 else ''}, which "
            f"{narrow[0]} is given; {percent(left)} of the loss of a model that knows nothing are left",
            f"training loss {seen.end:.3g}, and a model that knows nothing has {seen.prior:.3g}",
            seen.steps,
            "hypothesis",
        )


def underfitting(seen: Seen) -> Iterator[Finding]:
    """Both losses flat, near to each other, and high."""
    left = None if seen.val_falls else _left(seen)
    if left is not None and (seen.classes or 0) >= MANY and HIGH < left < 1 - NOTHING:
        yield finding(
            "underfitting",
            f"{percent(left)} of the loss of a model that knows nothing are left, on the training data too",
            f"training loss {seen.end:.3g} of {seen.prior:.3g}, and flat over the last third",
            seen.steps,
            "hypothesis",
        )


def _held(seen: Seen) -> float:
    """Where the validation loss ended; without one the training loss."""
    return seen.end if seen.held is None else seen.held


def _left(seen: Seen) -> float | None:
    """The share of the prior's loss that is left at the end of a flat curve; None: it is not flat, or not known."""
    prior = seen.prior
    if not prior or not seen.enough or len(seen.loss) < 30:
        return None
    smooth = seen.smooth[: seen.moving]
    n = len(smooth)
    if n < 24:
        return None
    still = float(np.mean(smooth[-n // 3 : -n // 8]) - np.mean(smooth[-n // 8 :]))
    held = _held(seen)
    error = 2 * seen.noise / math.sqrt(n // 8)
    fell = max(seen.fall, prior - seen.low, NOTHING * seen.start)
    flat = still < max(FLAT * fell, error) and held - seen.end < NEAR * fell
    return min(seen.end, held) / prior if flat else None


def _narrowest(seen: Seen) -> tuple[str, int] | None:
    """The layer that is given the one or two numbers that another gives, or a state of so many; else None.

    The first is given the data, an added path (a gate, a low-rank update, a time) is given something else.
    """
    layers = seen.record.parameters
    given = seen.record.activations
    if layers is None or given is None:
        return None
    inside = [s for n, s in zip(given.names, given.shapes, strict=True) if not n.startswith("(")][:-1]
    widths = {shape[-1] for shape in inside if shape}
    found = []
    weights = [one for one in zip(layers.names, layers.kinds, layers.shapes, strict=True) if len(one[2]) > 1]
    for place, (name, kind, shape) in enumerate(weights):
        state = "weight_hh" in name and "reverse" not in name
        dense = kind == "Linear" and place > 0 and shape[1] in widths and name.endswith(".weight")
        if (state or dense) and shape[1] <= NARROW:
            found.append((shape[1], name))
    return (min(found)[1], min(found)[0]) if found else None


def plateau(seen: Seen) -> Iterator[Finding]:
    """A long rest of a loss that had begun to fall, after which it falls again."""
    n = len(seen.smooth)
    if not seen.enough or n < 40 or not seen.learned:
        return
    wide = int(LONG * n)
    change = np.abs(seen.smooth[wide:] - seen.smooth[:-wide])
    later = seen.smooth[wide:] - seen.end
    fell = seen.base - seen.end
    error = 3 * seen.noise / math.sqrt(max(1, n // 20))
    begun = seen.base - seen.smooth[:-wide] > FLAT * fell  # many nets that do well are slow to begin
    rests = np.flatnonzero(begun & (change < FLAT / 4 * fell) & (later > LONG * fell + error))
    if len(rests):
        first, last = int(rests[0]), int(rests[-1]) + wide
        yield finding(
            "plateau",
            f"The loss rests at {seen.smooth[first]:.3g} from step {seen.loss.steps[first]:,.0f} to "
            f"{seen.loss.steps[last]:,.0f}, and falls after it",
            f"it changes by less than {percent(FLAT / 4)} of all that it falls over {last - first:,} values, "
            f"and ends at {seen.end:.3g}",
            (float(seen.loss.steps[first]), float(seen.loss.steps[last])),
            "hypothesis",
        )


def still_improving(seen: Seen) -> Iterator[Finding]:
    """A loss that falls as fast at the end as before; of the validation's where there is one."""
    if not seen.enough or len(seen.loss) < 20 or seen.fall <= 0 or seen.low < 0:
        return  # below 0 there is nothing that a share could be taken of
    lr = seen.record.curve("lr").finite
    if len(lr) and lr.values[-1] < 0.2 * lr.values.max():
        return
    error = 3 * seen.noise / np.sqrt(len(seen.loss) / 4)
    (_, b, c), _ = _to_come(seen.loss.values)
    if b - c <= error and not (b > c and seen.val_falls):
        return
    by_val = len(seen.val) >= FEWEST
    curve = seen.val if by_val else seen.loss
    (a, b, c), gain = _to_come(curve.values)
    fall = float(np.ptp(curve.values)) if by_val else seen.fall
    gain = min(gain, 0.8 * c)
    val = seen.val
    if (
        not by_val
        and len(val) >= 4
        and val.values[-1] > val.values[:-1].min() + 2 * abs(val.values[-1] - val.values[-2])
    ):
        return
    steady = by_val and seen.val_falls and gain > OF_ITSELF * c
    least = LESS_HOLDS if steady else MORE_HOLDS if by_val else MORE
    if by_val and 0 < c < LITTLE * (seen.prior or seen.start):
        return  # most is learned, and most trainings end before the very last of it
    if gain > max(least * fall, ROUNDING * abs(c)):
        now = float(np.median(curve.values[-max(3, len(curve) // 20) :]))
        low, high = max(now - MOST_TO_COME * (b - c), LEFT * now), now - LEAST_TO_COME * (b - c)
        yield finding(
            "still-improving",
            f"The {'validation ' if by_val else ''}loss still falls; as many steps again would likely bring it from "
            f"{now:.3g} to between {low:.2g} and {high:.2g}",
            f"means of the last three quarters {a:.3g}, {b:.3g} and {c:.3g}",
            (float(seen.loss.steps[len(seen.loss) // 2]), seen.steps[1]),
            "hypothesis",
        )


def _to_come(values: Floats) -> tuple[tuple[float, float, float], float]:
    """Means of the last three quarters, and what as many values more would give if each fall shrinks as the last."""
    n = len(values)
    a, b, c = (float(np.mean(values[i * n // 4 : (i + 1) * n // 4])) for i in (1, 2, 3))
    shrink = min(SLOWING, max(0.0, (b - c) / (a - b))) if a > b else SLOWING
    return (a, b, c), (b - c) * sum(shrink**i for i in range(1, 5))
