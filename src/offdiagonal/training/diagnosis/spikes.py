"""Rules on spikes: what they threw off, and those that stand alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import amount, finding, percent
from offdiagonal.training.diagnosis.leaps import LEAP, WINDOW, Spike, median_before
from offdiagonal.training.diagnosis.seen import LEARNED, Seen
from offdiagonal.training.diagnosis.smooth import in_order, smoothed
from offdiagonal.training.record import Floats

HALF = 0.5
"""Share of all that was learned which a run still has before a spike that throws it off."""
KNOWS = 0.8
"""Share of the prior's loss under which a model knew something when the run began."""
ALONE = 1.5
"""How many times all that the loss fell (of amounts the prior's loss, where that is more) a spike is high: a batch that
is only hard hardly costs more than the first ones did,"""
OUTLIER = 6.0
"""nor one with an outlier this much more, where there are more of them, or where it does not stand out"""
CLEAR = 20.0
"""this many times the usual deviation."""
OTHERS = 3.0
"""And how many times the next highest leap: one among several is of a loss with a long tail."""
OF_ITSELF = 0.1
"""Share of a validation loss that it leaps by."""
AFTER = 5
"""Values after a spike, whose median says whether it lasts:"""
LASTING = 0.3
"""by this share of its height."""
SHARED = 3
"""Runs that have a spike at one step, which then is of the data's batch."""


def thrown_off(seen: Seen) -> Iterator[Finding]:
    """A spike of a run that had learned, and that learned it again at best: what comes after it follows from it."""
    found = list(loss_spike(seen))
    for one in found:
        step = float(one.where["step"][0]) if isinstance(one.where, dict) else np.nan
        before = seen.loss.values[seen.loss.steps < step]
        if len(before) < WINDOW:
            continue
        level = float(np.median(before[-WINDOW:]))
        calm = level < seen.base - HALF * (seen.base - float(np.min(smoothed(before))))
        if calm and seen.base - level > LEARNED * abs(seen.base):
            yield one


def loss_spike(seen: Seen) -> Iterator[Finding]:
    """The highest spike of the training loss that lasts, or else stands alone; else one of the validation loss."""
    if seen.prior is not None and seen.enough and not seen.learned and seen.start > KNOWS * seen.prior:
        return  # there is nothing that it could have thrown off
    found = seen.spikes
    if not found:
        yield from _validation_spike(seen)
        return
    thrown = [one for one in found if _lasts(seen, one) and (len(found) <= 3 or _parted(seen, one))]
    if not thrown and len(found) > max(3, len(seen.loss) / 60):  # so many are the loss's own noise
        return
    top = max(thrown or found, key=lambda one: one.height)
    if not thrown and not _alone(seen, top, found):
        return  # one hard batch in a calm run: an event on the curve, and nothing to mend
    beside = [text for name in ("grad_norm", "lr") if (text := _beside(seen, name, top.step))]
    jumped = any("learning rate" in text and "times" in text for text in beside)
    more = f"; {len(found)} in all, at steps {', '.join(f'{one.step:,.0f}' for one in found[:8])}"
    yield finding(
        "loss-spike",
        f"The loss leaps by {top.height:.2g} at step {top.step:,.0f}",
        f"{amount(top.times)} times the usual deviation above the median of the {WINDOW} values before"
        + (more if len(found) > 1 else "")
        + "".join(f"; {text}" for text in beside),
        (top.step, top.end),
        "confirmed",
        causes=("the learning rate jumped at this step",) if jumped else (),
    )


def _alone(seen: Seen, top: Spike, found: tuple[Spike, ...]) -> bool:
    """Whether a spike is far above all that the loss fell, and above what is none."""
    clear = top.times > CLEAR and len(found) <= 3
    if clear and not seen.amounts:
        return top.height >= ALONE * seen.fall
    values, steps = seen.loss.values, seen.loss.steps
    leap = np.zeros(len(values), bool)
    # of amounts some batches leap by their outliers: there all others count
    for one in (top,) if seen.amounts or top.times <= CLEAR else found:
        leap[slice(*np.searchsorted(steps, (one.step, one.end + 1e-9)))] = True
    begun = max(5, len(values) // 20)
    others = (values - median_before(values))[begun:][~leap[begun:]]
    fell = max(seen.fall, abs(seen.base)) if seen.amounts else seen.fall
    return top.height >= max((ALONE if clear else OUTLIER) * fell, OTHERS * float(others.max(initial=0.0)))


def _lasts(seen: Seen, spike: Spike) -> bool:
    """Whether the loss stays up after a spike: then the weights were thrown off, and not only a batch was hard."""
    before, after = _around(seen, spike)
    return len(after) > 1 and float(np.median(after) - np.median(before)) > LASTING * spike.height


def _parted(seen: Seen, spike: Spike) -> bool:
    """Whether all losses after a spike are above most of those before it."""
    before, after = _around(seen, spike, 2 * AFTER)
    return len(after) == 2 * AFTER and float(after.min()) > float(np.quantile(before, 0.9))


def _around(seen: Seen, spike: Spike, after: int = AFTER) -> tuple[Floats, Floats]:
    """The losses before a spike and after it."""
    at = int(np.searchsorted(seen.loss.steps, spike.step))
    values = seen.loss.values
    return values[max(0, at - WINDOW) : at], values[at + 1 : at + 1 + after]


def _validation_spike(seen: Seen) -> Iterator[Finding]:
    """A leap of the validation loss that goes back again."""
    val = seen.val
    if len(val) < 8:
        return
    change = np.diff(val.values)
    at = int(change.argmax())
    high = max(float(val.values[: at + 1].max()), seen.base if seen.enough else -np.inf)
    fell = high - float(val.values[: at + 1].min())
    usual = float(np.median(np.abs(change)))
    back = val.values[at + 1 :].min() < val.values[at] + change[at] / 2
    tall = change[at] > max(fell, OF_ITSELF * abs(val.values[at]))
    if at >= 2 and tall and change[at] > LEAP * usual and back:
        yield finding(
            "loss-spike",
            f"The validation loss leaps by {change[at]:.2g} before step {val.steps[at + 1]:,.0f} and goes back",
            f"from {val.values[at]:.3g} to {val.values[at + 1]:.3g}, "
            f"{percent(change[at] / fell)} of all that it had fallen",
            (float(val.steps[at]), float(val.steps[at + 1])),
        )


def _beside(seen: Seen, name: str, step: float) -> str:
    """What another metric did at a step."""
    curve = in_order(seen.record.curve(name).finite)
    if len(curve) < WINDOW:
        return ""
    near = np.abs(curve.steps - step) <= 2 * max(1.0, float(np.median(np.diff(curve.steps))))
    usual = float(np.median(curve.values))
    if not near.any() or usual <= 0:
        return ""
    top = float(curve.values[near].max())
    what = "gradient norm" if name == "grad_norm" else "learning rate"
    return (
        f"{what} {top:.3g}, {amount(top / usual, 1)} times its median"
        if top > 3 * usual
        else f"{what} as usual"
    )
