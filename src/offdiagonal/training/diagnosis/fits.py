"""Rules on what of that which was learned holds on other data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import finding, percent
from offdiagonal.training.diagnosis.seen import NEVER, NOTHING, Seen
from offdiagonal.training.diagnosis.smooth import ROUNDING, smoothed
from offdiagonal.training.record import Curve, Floats

RISE = 0.2
"""How far the validation loss rises again, as a share of all that was learned, or of its lowest value where that is
less, before it is overfitting: below it few would stop a training earlier."""
TRIFLE = 0.05
"""Share of all that was learned, under which no rise matters."""
LITTLE = 0.03
"""The same of the lowest validation loss."""
WIDE = 0.3
"""The gap between the two losses, as a share of what the training loss fell."""
MOST = 0.6
"""The same of a model that has learned more of what holds for its examples alone than of what holds for others."""
SOME = 0.2
"""The same that says as much"""
BY_HEART = 0.01
"""where the training loss is less than this share of the validation loss: the examples are known by heart, and nothing
is left to learn from them. A gap alone harms nobody: most nets that do well have one."""
WORSE = 0.05
"""How much lower than at its best the share of right answers is, for a gap that does harm."""
CHANCE = 0.1
"""A model knows something where the share of right answers is this much above the most frequent class's."""
BETTER = 0.2
"""How much lower the validation loss is, as a share of what the training loss fell,"""
BETTER_BY_DROPOUT = 0.6
"""and where there is dropout, which is off at evaluation."""


def at(seen: Seen, steps: Floats) -> Floats:
    """The smoothed training loss at the steps of the validation."""
    return np.asarray(np.interp(steps, seen.loss.steps, seen.smooth))


def overfitting(seen: Seen) -> Iterator[Finding]:
    """A validation loss that rises while the training loss falls, or stays far above it."""
    if len(seen.val) < 6 or (seen.enough and not seen.learned):
        return
    found = list(_rises(seen))
    yield from found or (_gap(seen) if seen.enough and seen.fall > 0 else ())


def _rises(seen: Seen) -> Iterator[Finding]:
    val = seen.val
    curve = smoothed(val.values)
    low = int(curve.argmin())
    lowest, last = float(curve[low]), float(np.median(curve[-3:]))
    high = max(float(val.values[0]), float(curve[: low + 1].max()), seen.base if seen.enough else -np.inf)
    fell, rose = max(high - lowest, 1e-12), last - lowest
    rough = 2 * float(np.median(np.abs(np.diff(val.values))))
    much = rose > RISE * fell + rough or (rose > RISE * abs(lowest) + rough and rose > TRIFLE * fell)
    if not much or rose <= LITTLE * abs(lowest) or low >= len(val) - 2:
        return
    more = ""
    if seen.enough:
        train = at(seen, val.steps)
        if train[low] - train[-1] <= -2 * seen.noise or seen.end >= seen.start:
            return
        more = f"; the training loss went from {train[low]:.3g} to {train[-1]:.3g} meanwhile"
    yield finding(
        "overfitting",
        f"The validation loss rises from {lowest:.3g} to {last:.3g} after step {val.steps[low]:,.0f}",
        (f"it fell by {fell:.3g} before and rose" if fell > ROUNDING * abs(lowest) else "it rose")
        + f" by {rose:.3g} since{more}",
        (float(val.steps[low]), float(val.steps[-1])),
    )


def _gap(seen: Seen) -> Iterator[Finding]:
    val = seen.val
    curve = smoothed(val.values)
    last, train = float(np.median(curve[-3:])), float(np.median(at(seen, val.steps)[-3:]))
    gap = last - train - seen.lift
    share = gap / seen.fall
    by_heart = 0 <= train < BY_HEART * last
    lost = _lost(seen.accuracy)
    rough = float(np.median(np.abs(np.diff(val.values))))
    wide = MOST if not (by_heart or lost) else SOME
    if share <= wide + rough / seen.fall or seen.end >= 0.6 * seen.start:
        return
    more = f"; the share of right answers fell from {percent(lost[0])} to {percent(lost[1])}" if lost else ""
    yield finding(
        "overfitting",
        f"The validation loss stays at {last:.3g} while the training loss is at {train:.3g}",
        f"the gap of {gap:.3g} is {percent(share)} of what the training loss fell{more}",
        (float(val.steps[int(curve.argmin())]), float(val.steps[-1])),
    )


def _lost(accuracy: Curve) -> tuple[float, float] | None:
    """The share of right answers at its best and at the end; None: it did not fall by more than chance."""
    if len(accuracy) < 6:
        return None
    curve = smoothed(accuracy.values)
    best, last = float(curve.max()), float(np.median(curve[-3:]))
    rough = float(np.median(np.abs(np.diff(accuracy.values))))
    return (best, last) if best - last > WORSE + 2 * rough else None


def memorises_noise(seen: Seen) -> Iterator[Finding]:
    """Training examples are learned, and nothing that holds for others."""
    val = seen.val
    if len(val) < 6 or not seen.enough or seen.start <= 0 or beats_chance(seen):
        return
    prior = seen.prior or float(val.values[0])
    if seen.amounts and seen.val_low < (1 - NOTHING) * val.values[0]:
        return  # of targets with outliers the variance of a few batches is not that of the validation's
    fell = seen.base - seen.end - seen.lift
    if seen.learned and seen.val_low > NEVER * prior and fell > NOTHING * seen.start + 3 * seen.noise:
        yield finding(
            "memorises-noise",
            f"The training loss falls to {seen.end:.3g}, the validation loss never below {prior:.3g}",
            f"training {seen.start:.3g} to {seen.end:.3g}; validation at best {seen.val_low:.3g}, where a model "
            f"that knows nothing has {prior:.3g}",
            seen.steps,
        )


def beats_chance(seen: Seen) -> bool:
    """Whether more answers are right than of a model that always gives the most frequent class."""
    if len(seen.accuracy) < 3 or not seen.classes:
        return False
    counts = seen.record.facts.get("label_counts")
    known = Counter(dict(enumerate(counts)) if isinstance(counts, list) else counts or {})
    share = max(known.values()) / known.total() if known.total() else 1 / seen.classes
    return float(np.median(seen.accuracy.values[-3:])) > share + CHANCE


def evaluation_differs(seen: Seen) -> Iterator[Finding]:
    """Examples that the model learns from have another loss when it is evaluated; of others a gap is usual."""
    examples = seen.record.examples
    if seen.record.facts.get("training_examples") is not True:
        return
    if examples is None or examples.loss is None or not seen.enough or not seen.learned or len(seen.val) < 4:
        return
    val = float(np.median((seen.val.values - at(seen, seen.val.steps))[-max(3, len(seen.val) // 4) :]))
    if val < WIDE * seen.fall:  # the examples' loss may be another function than the training's
        return
    values = np.asarray(examples.loss, float)
    known = np.isfinite(values)
    looked = known.any(axis=1)
    if looked.sum() < 4:
        return
    own = (np.where(known, values, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))[looked]
    batch = at(seen, examples.steps[looked])
    late = len(own) * 3 // 4
    gap = float(np.median((own - batch)[late:])) - seen.lift
    last = values[looked][-1]
    error = 3 * float(np.nanstd(last)) / np.sqrt(max(1, np.isfinite(last).sum()))
    if np.isfinite(gap) and gap > WIDE * seen.fall + error:
        yield finding(
            "evaluation-differs",
            f"Training examples have a loss of {np.median(own[late:]):.3g} at evaluation and "
            f"{np.median(batch[late:]):.3g} in training",
            f"{own.shape[0]} looks at {len(examples.ids)} examples; "
            f"{percent(gap / seen.fall)} of all that the loss fell",
            seen.steps,
        )


def validation_better(seen: Seen) -> Iterator[Finding]:
    """A validation loss well below the training loss."""
    val = seen.val
    if len(val) < 4 or not seen.enough or not seen.learned:
        return
    late = max(3, len(val) // 2)
    gaps = (at(seen, val.steps) - val.values)[-late:]
    error = seen.noise / np.sqrt(max(1, len(seen.loss) // 20))
    drops = any("Dropout" in kind for _, kind in seen.modules)
    much = BETTER_BY_DROPOUT if drops else BETTER
    if np.median(gaps) > much * seen.fall + 2 * error and (gaps > 0).mean() > 0.9:
        yield finding(
            "validation-better-than-train",
            f"The validation loss is {np.median(gaps):.2g} below the training loss",
            f"in {percent((gaps > 0).mean())} of the last {late} evaluations; "
            f"{percent(np.median(gaps) / seen.fall)} of all that the training loss fell",
            seen.steps,
            causes=("dropout, which is off at evaluation",) if drops else (),
        )
