"""Rules on the learning rate: too high, too low, gone too early; and a loss that is turned or diverges."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import finding, percent
from offdiagonal.training.diagnosis.seen import Seen
from offdiagonal.training.diagnosis.smooth import ROUNDING

SLOW = 1e-3
"""Share of the weights that a step changes them by, under which steps are small,"""
FAR = 0.2
"""and all of them together have not brought the weights as far as this share of their size."""
KNEW = 0.6
"""Share of the prior's loss under which a model was trained before: it needs no large steps."""
SOME_WAY = 0.08
"""Less than this is no way at all, and what a loss fell by then is of its last layer's bias."""
AWAY = 10.0
"""How many times its first value a loss is below 0, that has no lower end: of densities it is a few times,"""
AWAY_FROM = 0.3
"""unless they begin this near to 0."""
LOOKS = 6
"""At examples' losses, of which"""
MOSTLY = 0.7
"""this share are higher than the one before,"""
UPWARD = 1.5
"""and the last this many times the first, while the loss falls below 0: it is theirs, turned."""
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
    far = not seen.amounts and seen.loss.values.min() < AWAY * seen.start and seen.start < -AWAY_FROM
    away = seen.start < 0 and (far or _examples_rise(seen))
    if away or (seen.classes and seen.end < -4 * seen.noise):
        yield finding(
            "wrong-sign",
            f"The loss falls below 0, from {seen.start:.3g} to {seen.end:.3g}, and goes on",
            f"first {seen.start:.3g}, last tenth {seen.end:.3g}; cross entropy and squared errors are never below 0",
            seen.steps,
            "likely",
        )


def _examples_rise(seen: Seen) -> bool:
    """Whether the logged losses of examples that the model learns from rise while its loss falls."""
    examples = seen.record.examples
    if seen.record.facts.get("training_examples") is not True or examples is None or examples.loss is None:
        return False
    each = np.asarray(examples.loss, float)
    means = np.nanmean(each[np.isfinite(each).any(axis=1)], axis=1)
    if len(means) < LOOKS or means[0] <= 0:
        return False
    return bool(means[-1] > UPWARD * means[0] and (np.diff(means) > 0).mean() > MOSTLY)


def learning_rate_too_low(seen: Seen) -> Iterator[Finding]:
    """Steps so small that nothing moves."""
    if not seen.enough:
        return
    ratio = seen.ratio
    if ratio is None or ratio > SLOW or not seen.high:
        return
    way = ratio * max(len(seen.loss), seen.fact("calls").get("steps", 0))
    knew = seen.classes and seen.learned and seen.start < KNEW * (seen.prior or 0.0)
    if way > FAR or knew or _settled(seen, way):
        return
    yield finding(
        "learning-rate-too-low",
        f"A step changes the weights by {ratio:.1e} of their size: the learning rate is too low",
        f"update over weight {ratio:.1e} in the middle layer (median; 1e-3 to 3e-2 is usual), "
        f"{percent(way, 1)} over all steps; the loss went from "
        f"{seen.start:.3g} to {seen.end:.3g}",
        seen.steps,
    )


def _settled(seen: Seen, way: float) -> bool:
    """Whether much was learned, or weights that came some way fell to a rest: larger steps have nothing to do."""
    smooth = seen.smooth[: seen.moving]
    third = len(smooth) // 3
    if third < 8:
        return False
    much = seen.base - np.mean(smooth[-third:]) >= MUCH * abs(seen.base)
    now = np.mean(smooth[-third : -third // 2]) - np.mean(smooth[-third // 2 :])
    began = smooth[: third // 2].max() - np.mean(smooth[third:-third])
    error = 4 * seen.noise / np.sqrt(third)
    fell = way > SOME_WAY and began > error
    return bool((much and now < RESTS * seen.fall) or (fell and now < RESTS * began))


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
