"""What tells a learning rate that is too high: one sign after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import amount, finding, layer, percent
from offdiagonal.training.diagnosis.seen import BAD, FEWEST, Seen
from offdiagonal.training.diagnosis.smooth import running_median

FAST = 0.12
"""Share of its size that a step changes the weights by: a tenth and more forgets what was learned;
0.001 to 0.03 is usual."""
EARLY_FAST = 0.15
"""The same of the largest of the early steps,"""
WORSE = 1.03
"""with a loss this many times that of a model that knows nothing."""
FEWER = 2
"""Examples of which a step is chance"""
MANY_STEPS = 50
"""over so many steps"""
DIFFERS = 0.5
"""that differ by this share of what is left,"""
HINT = 16
"""where the usual number of examples is this."""
ABOVE = 1.5
"""How many times the prior's loss no validation loss is below, of a model whose answers are sure and wrong,"""
BY_HEART = 0.5
"""unless its training loss is under this share of it: then it has learned its own examples."""
USUAL = 2.0
"""How many times the highest later losses a leap is: of batches with outliers some leap all the time."""
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
HEAVY = 0.99
"""Momentum from which on it may add up most of the steps that there are,"""
MEMORIES = 1.1
"""and how many times what it adds up has room in them."""
WHOLE = 0.6
"""Share of the weights that the first step changes, which wipes out how they began,"""
WIPED = 0.7
"""and which leaves nothing of them, whatever comes after."""
JUMP = 10.0
"""How many times a learning rate leaps from one step to the next, after the warm-up."""
GROWN = 20.0
"""How many times a learning rate grows that nobody means to grow."""


def _heavy(seen: Seen) -> str:
    """Momentum that adds up as many steps as the training has, or more."""
    given = seen.fact("optimizer_settings")
    momentum = float(given.get("momentum") or 0.0)
    steps = max(
        len(seen.loss), seen.fact("calls").get("steps", 0), seen.record.facts.get("planned_steps") or 0
    )
    if seen.record.status in {"running", "stopping"} or given.get("dampening"):
        return ""  # a training that has just begun may go on for long
    if not HEAVY <= momentum < 1 or steps * (1 - momentum) > MEMORIES:
        return ""
    times = 1 / (1 - momentum)
    return (
        f"momentum {momentum:g} adds up {amount(times)} steps, of which there are {steps:,}: each gradient moves the "
        f"weights by {amount(times)} times the learning rate, where 10 times is usual"
    )


def _wipes(seen: Seen) -> str:
    """Early steps that wipe out how the weights began, and a loss that is above chance for long."""
    tops = [v[: max(2, len(v) // 4)].max() for name in seen.matrices if len(v := seen.finite_ratio(name)) > 2]
    eighth = seen.loss.values[2 : len(seen.loss) // 8]
    chance = max(
        seen.base, math.log(seen.classes) if seen.classes and not seen.amounts else seen.prior or 0.0
    )
    if not tops or np.median(tops) < EARLY_FAST or len(eighth) < FEWEST:
        return ""
    outliers = seen.prior_error + 2 * eighth.std() / math.sqrt(len(eighth)) if seen.amounts else 0.0
    if eighth.mean() - outliers < WORSE * chance:
        return ""
    return (
        f"early steps change the weights by up to {percent(np.median(tops))} of their size, and the loss is at "
        f"{eighth.mean():.3g} over the first eighth, above the {chance:.3g} of a model that knows nothing"
    )


def _fast(seen: Seen) -> str:
    ratio = seen.ratio
    if ratio is None or ratio <= FAST or not seen.high or len(seen.matrices) < 2:
        return ""
    return f"a step changes the weights by {percent(ratio)} of their size (median; 0.1 to 3 % is usual)"


def _leaps(seen: Seen) -> str:
    """A loss that leaps up at once and stays high."""
    early = np.sort(seen.loss.values[: max(10, len(seen.loss) // 8)])
    top = float(early[-2]) if len(early) > 2 else float(early[-1])
    late = np.sort(seen.loss.values[len(seen.loss) // 2 :])
    chance = max(abs(seen.start), seen.prior or 0.0)
    stays = seen.high and seen.end > BAD * (seen.prior or 0.0)
    if top <= 3 * chance + 5 * seen.noise or top < USUAL * float(late[-2]) or not stays:
        return ""
    return f"the loss leaps from {seen.start:.3g} to {top:.3g} in the first steps and stays high"


def _zigzag(seen: Seen) -> str:
    """A loss that goes up and down in turn: chance alone does not alternate."""
    half = seen.loss.values[len(seen.loss) // 2 :]
    if len(half) < 30 or not seen.high:
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
    if not died and not seen.high and np.median(firsts) < WIPED:
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


def few_a_step(seen: Seen) -> int | None:
    """How many examples each step follows, where they are few; None: they are not, or several batches make a step."""
    size, calls = seen.record.facts.get("batch_size"), seen.fact("calls")
    gathered = calls.get("trained", 0) > calls.get("steps", 0) > 0
    return int(size) if size and size <= FEW and not gathered and len(seen.loss) >= 20 else None


def _noisy(seen: Seen) -> str:
    """Steps that follow an example or two each, and a loss that does not fall."""
    size = few_a_step(seen)
    if size is None or not seen.high or seen.val_falls:
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
    error = 2 * seen.noise / np.sqrt(max(1, len(seen.loss) // 10))
    if late < GROWN * tenth or seen.end < seen.low + 0.3 * seen.fall + error:
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


SIGNS = (_fast, _leaps, _zigzag, _kills, _wipes, _grows, _jumps, _heavy, _noisy)


def learning_rate_too_high(seen: Seen) -> Iterator[Finding]:
    """Steps so large that the loss jumps about instead of falling."""
    if not seen.enough:
        return
    signs = [text for sign in SIGNS if (text := sign(seen))]
    if signs:
        lr = seen.record.curve("lr").finite
        known = f"; learning rate {lr.values.max():.3g}" if len(lr) else ""
        yield finding(
            "learning-rate-too-high",
            f"The learning rate is too high: {signs[0]}",
            "; ".join(signs) + known,
            seen.steps,
        )


def gradient_noise(seen: Seen) -> Iterator[Finding]:
    """Steps that follow an example or two each, whose losses differ by as much as there is left to learn."""
    size = few_a_step(seen)
    if size is None or size > FEWER or len(seen.loss) < MANY_STEPS:
        return
    if seen.held is not None and seen.base > 0 and seen.held < BAD * seen.base:
        return  # it learns all the same
    half = seen.loss.values[len(seen.loss) // 2 :]
    spread, left = float(half.std()), float(half.mean())
    if left > 0 and spread > DIFFERS * left:
        yield finding(
            "gradient-noise",
            f"Each step follows {size} example{'s' if size > 1 else ''}, and their losses differ by {spread:.2g}, "
            f"around {left:.2g}",
            f"{len(half):,} steps of the later half; with {HINT} examples a step they would differ by "
            f"{spread * math.sqrt(size / HINT):.2g}",
            seen.steps,
            "hypothesis",
        )


def surely_wrong(seen: Seen) -> Iterator[Finding]:
    """A validation loss that is far above a guess from the first evaluation to the last."""
    if not seen.classes or not seen.prior or len(seen.val) < FEWEST:
        return
    learned_by_heart = len(seen.loss) and seen.end < BY_HEART * seen.prior
    if learned_by_heart or seen.val.values.min() < ABOVE * seen.prior:
        return
    middle = float(np.median(seen.val.values))
    yield finding(
        "learning-rate-too-high",
        f"The validation loss is at {middle:.3g}, and a model that knows nothing has {seen.prior:.3g}: "
        "answers are sure, and wrong",
        f"median of {len(seen.val)} evaluations, the lowest {seen.val.values.min():.3g}",
        seen.steps,
        "hypothesis",
        causes=(
            "steps so large that weights, and with them the answers, are far too sure",
            "validation data that are prepared, or labels that are coded, in another way",
        ),
    )
