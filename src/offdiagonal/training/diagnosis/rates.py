"""Rules on the learning rate: too high, too low, gone too early; and a loss that is turned or diverges."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import amount, finding, layer, percent
from offdiagonal.training.diagnosis.seen import ROUNDING, Seen, running_median

FAST = 0.12
"""Share of its size that a step changes the weights by: a tenth and more forgets what was learned;
0.001 to 0.03 is usual."""
SLOW = 1e-3
"""The same under which steps are small,"""
FAR = 0.3
"""and all of them together have not brought the weights as far as this share of their size."""
AWAY = 10.0
"""How many times its first value a loss is below 0, that has no lower end."""
BAD = 0.5
"""Of the first loss this much is left, where a training that does well has long learned more away."""
ZIGZAG = -0.25
"""Correlation of the loss with that of the step before, under which it alternates; independent
batches give about -0.05."""
ALIVE = 0.3
"""Share of dead units at the first look, of a layer that lives,"""
DIED = 0.7
"""and of one that has died."""
FEWEST_LOOKS = 6
FEW = 4
"""Examples in a batch whose gradient is mostly chance."""
WIPED = 1.0
"""And which leaves nothing of them, whatever comes after."""
WHOLE = 0.6
"""Share of the weights that the first step changes, which wipes out how they began."""
JUMP = 10.0
"""How many times a learning rate leaps from one step to the next, after the warm-up."""
GROWN = 20.0
"""How many times a learning rate grows that nobody means to grow."""
BACK = 0.7
"""Share of what was learned that a loss gives back, when it diverges."""
GONE = 0.01
"""Share of the largest learning rate under which hardly anything moves."""
EARLY = 0.5
"""Before this share of the run."""
RISEN = 1.25
"""How many times the first loss a loss is at the end that diverged."""
RESTS = 0.03
"""Share of all that was learned which the loss falls by within a third of the run, when it is at rest."""
MUCH = 0.25
"""Share of the first loss that was learned, when there is something to be at rest after."""


def learning_rate_too_high(seen: Seen) -> Iterator[Finding]:
    """Steps so large that the loss jumps about instead of falling."""
    if not seen.enough:
        return
    signs = [
        text for sign in (_fast, _leaps, _zigzag, _kills, _grows, _jumps, _noisy) if (text := sign(seen))
    ]
    if signs:
        lr = seen.record.curve("lr").finite
        known = f"; learning rate {lr.values.max():.3g}" if len(lr) else ""
        yield finding(
            "learning-rate-too-high",
            f"The learning rate is too high: {signs[0]}",
            "; ".join(signs) + known,
            seen.steps,
        )


def _high(seen: Seen) -> bool:
    """Whether most of the loss is still there."""
    floor = min(0.0, seen.low)
    return seen.end - floor > BAD * (seen.start - floor)


def _fast(seen: Seen) -> str:
    ratio = seen.ratio
    if ratio is None or ratio <= FAST or not _high(seen):
        return ""
    return f"a step changes the weights by {percent(ratio)} of their size (median; 0.1 to 3 % is usual)"


def _leaps(seen: Seen) -> str:
    """A loss that leaps up at once and stays high."""
    early = np.sort(seen.loss.values[: max(10, len(seen.loss) // 8)])
    top = float(early[-2]) if len(early) > 2 else float(early[-1])
    if top <= 3 * abs(seen.start) + 5 * seen.noise or not _high(seen):
        return ""
    return f"the loss leaps from {seen.start:.3g} to {top:.3g} in the first steps and stays high"


def _zigzag(seen: Seen) -> str:
    """A loss that goes up and down in turn: chance alone does not alternate."""
    half = seen.loss.values[len(seen.loss) // 2 :]
    if len(half) < 30 or not _high(seen):
        return ""
    rest = half - running_median(half, 9)
    rest = np.clip(rest, -4 * seen.noise, 4 * seen.noise)
    rest = rest - rest.mean()
    largest = float(np.abs(rest).max())
    if largest == 0:
        return ""
    rest = rest / largest  # the square of a loss may be beyond what a float holds
    square = float((rest**2).mean())
    if largest * np.sqrt(square) <= 0.02 * abs(seen.end):
        return ""
    turn = float((rest[1:] * rest[:-1]).mean() / square)
    if turn > ZIGZAG - 3 / np.sqrt(len(half)):
        return ""
    return f"the loss goes up and down in turn (correlation of one step with the next {turn:.2f})"


def _kills(seen: Seen) -> str:
    """A first step that changes the weights wholly, and units that die of it."""
    firsts = [v[0] for name in seen.matrices if len(v := seen.finite_ratio(name))]
    if not firsts or np.median(firsts) < WHOLE:
        return _die_early(seen)
    died = any(
        len(share := seen.activation(name, "dead_share")) > 2 and np.median(share) > share[0] + 0.3
        for name, _ in seen.modules
    )
    if not died and not _high(seen) and np.median(firsts) < WIPED:
        return ""
    return f"the first step changes the weights by {percent(np.median(firsts))} of their size" + (
        ", and units die of it" if died else ""
    )


def _die_early(seen: Seen) -> str:
    """Units that lived at first and are dead after an eighth of the looks, for good."""
    for name, kind in seen.modules if seen.several else ():
        share = seen.activation(name, "dead_share")
        if "Dropout" in kind or len(share) < FEWEST_LOOKS:
            continue
        soon = float(share[1 : 2 + len(share) // 8].max())
        if share[0] < ALIVE and soon >= DIED and np.median(share[len(share) // 2 :]) >= DIED:
            return (
                f"{percent(soon)} of the units of {layer(name, kind)} die in the first steps, "
                f"of which {percent(float(share[0]))} were dead before"
            )
    return ""


def _noisy(seen: Seen) -> str:
    """Steps that follow an example or two each, and a loss that does not fall."""
    size = seen.record.facts.get("batch_size")
    if not size or size > FEW or len(seen.loss) < 20 or not _high(seen):
        return ""
    error = 2 * seen.noise / np.sqrt(max(1, len(seen.loss) // 10))
    late = float(np.mean(seen.loss.values[-max(3, len(seen.loss) // 10) :]))
    if late < seen.base - 0.2 * abs(seen.base) - error:
        return ""
    return (
        f"each step follows {size} example{'s' if size > 1 else ''}, whose losses differ by {seen.noise:.2g}, and the "
        f"loss is at {late:.3g} after {seen.start:.3g}: a step is too large for a gradient of so much chance"
    )


def _grows(seen: Seen) -> str:
    """A learning rate that grows until the loss rises again."""
    lr = seen.record.curve("lr").finite
    if len(lr) < 10 or lr.values[0] <= 0:
        return ""
    tenth = float(np.median(lr.values[: max(1, len(lr) // 10)]))
    late = float(np.median(lr.values[-max(1, len(lr) // 10) :]))
    if late < GROWN * tenth or seen.end < seen.low + 0.3 * seen.fall + 2 * seen.noise:
        return ""
    return (
        f"it grows from {tenth:.2g} to {late:.2g}, and the loss rises from {seen.low:.3g} to {seen.end:.3g}"
    )


def _jumps(seen: Seen) -> str:
    """A learning rate that leaps at a step, after which the loss is higher for long."""
    lr = seen.record.curve("lr").finite
    if len(lr) < 10 or lr.values.min() < 0:
        return ""
    times = lr.values[1:] / np.maximum(lr.values[:-1], 1e-30)
    at = int(times.argmax())
    step = float(lr.steps[at + 1])
    before, after = seen.loss.values[seen.loss.steps < step][-10:], seen.loss.values[seen.loss.steps > step]
    if times[at] < JUMP or lr.values[at] <= 0 or len(before) < 5 or len(after) < 5:
        return ""
    long = after[len(after) // 2 :]
    if np.median(long) < np.median(before) + 0.3 * seen.fall:
        return ""
    return f"it leaps {amount(times[at])} times at step {step:,.0f}, and the loss stays higher from there on"


def diverged(seen: Seen) -> Iterator[Finding]:
    """A loss that ends above where it began, or gives back most of what it had learned."""
    if not seen.enough or seen.start <= 0 or len(seen.loss) < 20:
        return
    late = float(np.median(seen.smooth[-max(3, len(seen.smooth) // 10) :]))
    above = late > RISEN * seen.start + 4 * seen.noise
    back = seen.learned and late - seen.low > BACK * (seen.base - seen.low) + seen.noise
    if above or back:
        lowest = int(seen.smooth.argmin())
        yield finding(
            "diverged",
            f"The training loss rises from {seen.low:.3g} to {late:.3g}; it began at {seen.start:.3g}",
            f"lowest {seen.low:.3g} at step {seen.loss.steps[lowest]:,.0f}, {late:.3g} over the last tenth",
            (float(seen.loss.steps[lowest]), seen.steps[1]),
            "confirmed",
        )


def wrong_sign(seen: Seen) -> Iterator[Finding]:
    """A loss that falls without an end, below nought."""
    if len(seen.loss) < 3:
        return
    away = seen.start < 0 and seen.loss.values.min() < AWAY * seen.start
    if away or (seen.classes and seen.end < -4 * seen.noise):
        yield finding(
            "wrong-sign",
            f"The loss falls below 0, from {seen.start:.3g} to {seen.end:.3g}, and goes on",
            f"first {seen.start:.3g}, last tenth {seen.end:.3g}; cross entropy and squared errors are never below 0",
            seen.steps,
            "likely",
        )


def learning_rate_too_low(seen: Seen) -> Iterator[Finding]:
    """Steps so small that nothing moves."""
    if not seen.enough:
        return
    ratio = seen.ratio
    if ratio is None or ratio > SLOW or not _high(seen):
        return
    way = ratio * max(len(seen.loss), seen.fact("calls").get("steps", 0))
    if way > FAR or _settled(seen):
        return
    yield finding(
        "learning-rate-too-low",
        f"A step changes the weights by {ratio:.1e} of their size: the learning rate is too low",
        f"update over weight {ratio:.1e} in the middle layer (median; 1e-3 to 3e-2 is usual), "
        f"{percent(way, 1)} over all steps; the loss went from "
        f"{seen.start:.3g} to {seen.end:.3g}",
        seen.steps,
    )


def _settled(seen: Seen) -> bool:
    """Whether much was learned and the rest is at rest: then there is nothing that larger steps would have to do."""
    smooth = seen.smooth
    third = len(smooth) // 3
    if third < 8 or seen.base - np.mean(smooth[-third:]) < MUCH * abs(seen.base):
        return False
    return bool(np.mean(smooth[-third : -third // 2]) - np.mean(smooth[-third // 2 :]) < RESTS * seen.fall)


def learning_rate_decays_too_early(seen: Seen) -> Iterator[Finding]:
    """A schedule that ends long before the training."""
    lr = seen.record.curve("lr").finite
    if len(lr) < 8 or lr.values.max() <= 0 or seen.begun_anew:
        return
    top = int(lr.values.argmax())
    small = np.flatnonzero(lr.values[top:] < GONE * lr.values.max())
    if not len(small) or not (lr.values[top + small[0] :] < GONE * lr.values.max()).all():
        return
    first, last = seen.steps
    gone = float(lr.steps[top + small[0]])
    if gone - first < EARLY * (last - first):
        yield finding(
            "learning-rate-decays-too-early",
            f"The learning rate is below 1 % of its largest from step {gone:,.0f} of {last:,.0f} on",
            f"{lr.values.max():.3g} at step {lr.steps[top]:,.0f}, {lr.values[-1]:.1e} at the end; the loss was at "
            f"{np.interp(gone, seen.loss.steps, seen.smooth) if seen.enough else float('nan'):.3g} by then",
            (gone, last),
            "confirmed",
        )


def flat_and_high(seen: Seen) -> Iterator[Finding]:
    """Without layers: a loss that is flat from the beginning, and falls a little all the time."""
    if not seen.enough or seen.ratio is not None or len(seen.loss) < 30:
        return
    thirds = np.array_split(seen.smooth, 3)
    drops = [float(np.mean(a) - np.mean(b)) for a, b in pairwise(thirds)]
    sure = max(4 * seen.noise / np.sqrt(len(seen.loss) / 3), ROUNDING * abs(seen.start))
    even = min(drops) > 0.5 * max(drops)
    if min(drops) > sure and even and sum(drops) < 0.2 * abs(seen.start):
        yield finding(
            "learning-rate-too-low",
            f"The loss falls slowly and evenly, from {seen.start:.3g} to {seen.end:.3g}",
            f"it fell by {drops[0]:.2g} from the first to the second third and by {drops[1]:.2g} to the last",
            seen.steps,
            "hypothesis",
        )
