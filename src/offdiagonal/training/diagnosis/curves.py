"""Rules on the two curves: what was learned, what of it holds on other data, and whether more is to come."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import finding, percent
from offdiagonal.training.diagnosis.seen import Seen, smoothed
from offdiagonal.training.record import Floats

RISE = 0.2
"""How far the validation loss rises again, as a share of what it fell, before it is overfitting and not chance."""
WIDE = 0.3
"""The gap between the two losses, as a share of what the training loss fell."""
LEARNT = 0.05
"""Share of the first loss that is left of examples known by heart: then a smaller gap says as much."""
NOTHING = 0.06
"""Share of the first loss that has to be learned before there is any learning."""
NEVER = 0.97
"""Of the prior's loss: a validation loss that never comes below this knows nothing."""
BETTER = 0.2
"""How much lower the validation loss is, as a share of what the training loss fell."""
HIGH = 0.4
"""Share of the prior's loss that is left at the end, of a model that is too small for its data."""
FLAT = 0.08
"""Change over the last third, as a share of all that was learned, of a curve that is flat."""
SLOWING = 0.8
"""How much of each fall the next one is at most, in what is expected of more steps: most losses slow down."""
MORE = 0.25
"""What as many steps again would give, as a share of all that was learned."""
LONG = 0.3
"""Share of the run that a plateau lasts, and share of the whole fall that comes after it."""
MOVING = 0.2
"""Share of the largest learning rate with which a model still moves."""
NARROW = 2
"""Width of a layer that little passes through."""


def _at(seen: Seen, steps: Floats) -> Floats:
    """The smoothed training loss at the steps of the validation."""
    return np.asarray(np.interp(steps, seen.loss.steps, seen.smooth))


def overfitting(seen: Seen) -> Iterator[Finding]:
    """A validation loss that rises while the training loss falls, or stays far above it."""
    val = seen.val
    if len(val) < 6 or (seen.enough and not seen.learned):
        return
    curve = smoothed(val.values)
    low = int(curve.argmin())
    first, lowest, last = float(val.values[0]), float(curve[low]), float(np.median(curve[-3:]))
    fell = max(first, float(curve[: low + 1].max())) - lowest
    rough = float(np.median(np.abs(np.diff(val.values)))) if len(val) > 3 else 0.0
    rises = last - lowest > RISE * max(fell, 1e-12) + 2 * rough
    train = _at(seen, val.steps) if seen.enough else None
    if train is not None:
        down = train[low] - train[-1] > -2 * seen.noise
        rises = rises and bool(down) and seen.end < seen.start
    if rises and train is not None and low < len(val) - 2:
        yield finding(
            "overfitting",
            f"The validation loss rises from {lowest:.3g} to {last:.3g} after step {val.steps[low]:,.0f}",
            f"it fell by {fell:.3g} before and rose by {last - lowest:.3g} since; the training loss went from "
            f"{train[low]:.3g} to {train[-1]:.3g} meanwhile",
            (float(val.steps[low]), float(val.steps[-1])),
        )
        return
    if train is None or seen.fall <= 0:
        return
    gap = last - float(np.median(train[-3:]))
    wide = WIDE if seen.end > LEARNT * seen.start else 2 / 3 * WIDE
    if gap > wide * seen.fall + rough and seen.end < 0.6 * seen.start:
        yield finding(
            "overfitting",
            f"The validation loss stays at {last:.3g} while the training loss is at {train[-1]:.3g}",
            f"the gap of {gap:.3g} is {percent(gap / seen.fall)} of what the training loss fell",
            (float(val.steps[low]), float(val.steps[-1])),
        )


def memorises_noise(seen: Seen) -> Iterator[Finding]:
    """Training examples are learned, and nothing that holds for others."""
    val = seen.val
    if len(val) < 6 or not seen.enough or seen.start <= 0:
        return
    prior = seen.prior or float(val.values[0])
    fell = seen.base - seen.end
    if (
        seen.learned
        and float(smoothed(val.values).min()) > NEVER * prior
        and fell > NOTHING * seen.start + 3 * seen.noise
    ):
        yield finding(
            "memorises-noise",
            f"The training loss falls to {seen.end:.3g}, the validation loss never below {prior:.3g}",
            f"training {seen.start:.3g} to {seen.end:.3g}; validation at best "
            f"{smoothed(val.values).min():.3g}, where a "
            f"model that knows nothing has {prior:.3g}",
            seen.steps,
        )


def not_learning(seen: Seen) -> Iterator[Finding]:
    """A loss that stays where a model without knowledge has it."""
    if not seen.enough or len(seen.loss) < 20 or seen.start <= 0:
        return
    level = seen.prior or seen.start
    half = seen.loss.values[len(seen.loss) // 2 :]
    error = 2 * seen.noise / np.sqrt(len(half))
    if np.mean(half[: len(half) // 2]) - np.mean(half[len(half) // 2 :]) > max(2 * error, 0.01 * level):
        return  # it has begun to fall
    if abs(np.mean(half) - level) < max(NOTHING * level, error) or level < np.mean(half) < 1.2 * level:
        yield finding(
            "not-learning",
            f"The loss stays at {np.mean(half):.3g}, where a model that knows nothing has {level:.3g}",
            f"mean of the later half {np.mean(half):.4g} ± {error:.2g}, of the first steps {seen.start:.4g}",
            seen.steps,
        )


def validation_better(seen: Seen) -> Iterator[Finding]:
    """A validation loss well below the training loss."""
    val = seen.val
    if len(val) < 4 or not seen.enough or not seen.learned:
        return
    late = max(3, len(val) // 2)
    gaps = (_at(seen, val.steps) - val.values)[-late:]
    error = seen.noise / np.sqrt(max(1, len(seen.loss) // 20))
    if np.median(gaps) > BETTER * seen.fall + 2 * error and (gaps > 0).mean() > 0.9:
        drops = any("Dropout" in kind for _, kind in seen.modules)
        yield finding(
            "validation-better-than-train",
            f"The validation loss is {np.median(gaps):.2g} below the training loss",
            f"in {percent((gaps > 0).mean())} of the last {late} evaluations; "
            f"{percent(np.median(gaps) / seen.fall)} of all that the training loss fell",
            seen.steps,
            causes=("dropout, which is off at evaluation",) if drops else (),
        )


def evaluation_differs(seen: Seen) -> Iterator[Finding]:
    """The same examples have another loss when the model is evaluated."""
    examples = seen.record.examples
    if examples is None or examples.loss is None or not seen.enough or not seen.learned or len(seen.val) < 4:
        return
    val = float(np.median((seen.val.values - _at(seen, seen.val.steps))[-max(3, len(seen.val) // 4) :]))
    if val < WIDE * seen.fall:  # the examples' loss may be another function than the training's
        return
    values = np.asarray(examples.loss, float)
    known = np.isfinite(values)
    looked = known.any(axis=1)
    if looked.sum() < 4:
        return
    own = (np.where(known, values, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))[looked]
    batch = _at(seen, examples.steps[looked])
    late = len(own) * 3 // 4
    gap = float(np.median((own - batch)[late:]))
    if np.isfinite(gap) and gap > WIDE * seen.fall:
        yield finding(
            "evaluation-differs",
            f"Training examples have a loss of {np.median(own[late:]):.3g} at evaluation and "
            f"{np.median(batch[late:]):.3g} in training",
            f"{own.shape[0]} looks at {len(examples.ids)} examples; "
            f"{percent(gap / seen.fall)} of all that the loss fell",
            seen.steps,
        )


def bottleneck(seen: Seen) -> Iterator[Finding]:
    """A high loss, and a layer that hardly anything passes through."""
    narrow = _narrowest(seen)
    if narrow is not None and (left := _left(seen)) is not None and HIGH / 2 < left < 1 + NOTHING:
        yield _underfits(seen, left, f"; all has to pass through {narrow[0]}, of width {narrow[1]}")


def underfitting(seen: Seen) -> Iterator[Finding]:
    """Both losses flat, near to each other, and high."""
    left = _left(seen)
    if left is not None and HIGH < left < 1 - NOTHING:
        yield _underfits(seen, left, "")


def _left(seen: Seen) -> float | None:
    """The share of the prior's loss that is left at the end of a flat curve; None: it is not flat, or not known."""
    prior = seen.prior
    if prior is None or not seen.enough or len(seen.loss) < 30:
        return None
    smooth = seen.smooth[: _moving(seen)]
    n = len(smooth)
    if n < 24:
        return None
    still = float(np.mean(smooth[-n // 3 : -n // 8]) - np.mean(smooth[-n // 8 :]))
    gap = float(np.median(seen.val.values[-3:])) - seen.end if len(seen.val) >= 3 else 0.0
    flat = still < FLAT * max(seen.fall, NOTHING * seen.start) and gap < WIDE * max(
        seen.fall, NOTHING * seen.start
    )
    return seen.end / prior if flat else None


def _moving(seen: Seen) -> int:
    """How many values there are until the learning rate is nearly gone: after that any model is flat."""
    lr = seen.record.curve("lr").finite
    if len(lr) < 8 or lr.values.max() <= 0:
        return len(seen.loss)
    large = lr.steps[lr.values >= MOVING * lr.values.max()]
    return int(np.searchsorted(seen.loss.steps, large[-1], side="right"))


def _underfits(seen: Seen, left: float, more: str) -> Finding:
    return finding(
        "underfitting",
        f"{percent(left)} of the loss of a model that knows nothing are left, on the training data too",
        f"training loss {seen.end:.3g} of {seen.prior:.3g}, and flat over the last third{more}",
        seen.steps,
        "hypothesis",
    )


def _narrowest(seen: Seen) -> tuple[str, int] | None:
    """The layer through which hardly anything passes, before the last."""
    layers = seen.record.activations
    if layers is None:
        return None
    last = max((i for i, name in enumerate(layers.names) if not name.startswith("(")), default=0)
    widths = [
        (math.prod(shape) if len(shape) != 2 else shape[-1], name)
        for name, shape in list(zip(layers.names, layers.shapes, strict=True))[:last]
        if not name.startswith("(") and shape
    ]
    if not widths or min(widths)[0] > NARROW:
        return None
    return (min(widths)[1], min(widths)[0])


def plateau(seen: Seen) -> Iterator[Finding]:
    """A long rest, after which the loss falls again."""
    n = len(seen.smooth)
    if not seen.enough or n < 40 or not seen.learned:
        return
    wide = int(LONG * n)
    change = np.abs(seen.smooth[wide:] - seen.smooth[:-wide])
    later = seen.smooth[wide:] - seen.low
    rests = np.flatnonzero((change < FLAT / 4 * seen.fall) & (later > LONG * seen.fall))
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
    """A loss that falls as fast at the end as before."""
    if not seen.enough or len(seen.loss) < 20 or seen.fall <= 0:
        return
    values, n = seen.loss.values, len(seen.loss)
    a, b, c = (float(np.mean(values[i * n // 4 : (i + 1) * n // 4])) for i in (1, 2, 3))
    error = 3 * seen.noise / np.sqrt(n / 4)
    lr = seen.record.curve("lr").finite
    if len(lr) and lr.values[-1] < 0.2 * lr.values.max():
        return
    shrink = min(SLOWING, max(0.0, (b - c) / (a - b))) if a > b else SLOWING
    gain = min((b - c) * sum(shrink**i for i in range(1, 5)), 0.8 * (c - min(0.0, seen.low)))
    val = seen.val
    falls = len(val) < 4 or val.values[-1] <= np.min(val.values[:-1]) + 2 * abs(
        val.values[-1] - val.values[-2]
    )
    if b - c > error and gain > MORE * seen.fall and falls:
        yield finding(
            "still-improving",
            f"The loss still falls; as many steps again would likely bring it from {c:.3g} to about "
            f"{max(c - gain, 0):.2g}",
            f"{a:.3g}, {b:.3g} and {c:.3g} in the last three quarters: "
            f"each fall is {percent(shrink)} of the one before",
            (float(seen.loss.steps[n // 2]), seen.steps[1]),
            "hypothesis",
        )
