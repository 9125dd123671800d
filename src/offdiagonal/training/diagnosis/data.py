"""Rules on what goes in: inputs, targets, the order of the batches."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import amount, finding, percent
from offdiagonal.training.diagnosis.seen import LOGARITHMIC, UNSURE, Seen
from offdiagonal.training.record import AFTER_AN_UPDATE

LARGE = 15.0
"""Size of inputs or targets for which usual first weights and learning rates are not made."""
OFF_CENTRE = 4.0
"""How many standard deviations the mean of the inputs is from 0."""
DIFFERENT = 1.5
"""How many times the spread of the inputs differs at evaluation; batches differ by less than 1.2."""
MOVED = 0.5
"""How many standard deviations the mean of the inputs differs at evaluation."""
LOOKS = 6
"""Batches that were looked at, before their order is judged."""
IN_BLOCKS = 3.5
"""How many times more the means of batches differ than those of shuffled ones; 99.99 % of shuffled are below 2.5."""
INITIAL_HIGH = 1.6
INITIAL_LOW = 0.5
"""First loss over the prior's; usual first weights give 1.0 to 1.25."""
FEW_ROWS = 24
"""So few rows are no data to learn from,"""
TENS = 200
"""and batches of up to so many are chosen by tens, the larger ones as powers of two."""
SEVERAL_TIMES = 3.0
GUESSED = 0.7
"""How many times the training loss, and the prior's, the first validation loss is where one of them is divided."""
CHEAP = 1.2
"""How many times the loss its wrong answers cost at least, ln 2 each."""
VARIANCE_HIGH = 6.0
"""The same of a squared error, whose first value depends on the first weights more."""


def inputs_not_scaled(seen: Seen) -> Iterator[Finding]:
    """Inputs far from what first weights are made for."""
    mean, std = (seen.activation("(input)", f"activation_{what}") for what in ("mean", "std"))
    if not len(mean) or not len(std) or not seen.numbers:
        return
    middle, spread = float(np.median(mean)), float(np.median(std))
    size = math.hypot(middle, spread)
    if size > LARGE:
        off = abs(middle) > OFF_CENTRE * spread
        yield finding(
            "inputs-not-scaled",
            f"The inputs are of size {size:.3g}" + (f", around {middle:.3g}" if off else ""),
            f"mean {middle:.3g}, standard deviation {spread:.3g} (median of {len(mean)} batches)",
            seen.steps,
        )


def constant_input(seen: Seen) -> Iterator[Finding]:
    """Inputs that are all alike."""
    share = seen.activation("(input)", "constant_share")
    if seen.several and len(share) >= 3 and np.median(share) == 1.0:
        mean = float(np.median(seen.activation("(input)", "activation_mean")))
        yield finding(
            "constant-input",
            f"All examples of a batch have the same inputs (mean {mean:.3g})",
            f"no input differs within a batch, in the median of {len(share)} batches",
            seen.steps,
            "confirmed",
        )


def _both_inputs(seen: Seen) -> tuple[list[float], list[float]] | None:
    """Means and standard deviations of the inputs in training and at evaluation; None: not both are known."""
    names = ("(input)", "(evaluation input)")
    means, stds = (
        [float(np.median(v)) for name in names if len(v := seen.activation(name, f"activation_{what}"))]
        for what in ("mean", "std")
    )
    return (means, stds) if len(means) == len(stds) == 2 and seen.numbers and min(stds) > 0 else None


def evaluation_input_differs(seen: Seen) -> Iterator[Finding]:
    """Validation data that were prepared in another way."""
    if (both := _both_inputs(seen)) is None:
        return
    means, stds = both
    times = max(stds) / min(stds)
    moved = abs(means[1] - means[0]) / stds[0]
    spreads = seen.activation("(input)", "activation_std")
    if spreads.min() <= stds[1] <= spreads.max() and moved <= MOVED:
        return  # so different are batches of these inputs from each other
    noisier = stds[0] > stds[1] and moved < MOVED  # training inputs that are changed at random differ more
    if (times > DIFFERENT and not noisier) or moved > MOVED:
        yield finding(
            "evaluation-input-differs",
            f"Inputs are {means[0]:.2g} ± {stds[0]:.2g} in training and {means[1]:.2g} ± {stds[1]:.2g} at evaluation",
            f"the mean moves by {amount(moved, 1)} standard deviations, the spread differs {amount(times, 1)} times",
            seen.steps,
        )


def augmentation_too_strong(seen: Seen) -> Iterator[Finding]:
    """Training inputs that differ more than those at evaluation, about the same mean."""
    if (both := _both_inputs(seen)) is None:
        return
    means, stds = both
    harm = seen.high or (seen.held is not None and seen.held < seen.end)
    if harm and stds[0] > DIFFERENT * stds[1] and abs(means[1] - means[0]) < MOVED * stds[0]:
        yield finding(
            "augmentation-too-strong",
            f"Inputs vary by {stds[0]:.2g} in training and by {stds[1]:.2g} at evaluation, about the same mean",
            f"standard deviation {stds[0]:.3g} and {stds[1]:.3g}, mean {means[0]:.2g} and {means[1]:.2g}: of what "
            f"varies in training, {percent(1 - (stds[1] / stds[0]) ** 2)} is not in the data",
            seen.steps,
        )


def targets_not_scaled(seen: Seen) -> Iterator[Finding]:
    """Targets of a regression that are far from 1."""
    mean, std = (seen.activation("(target)", f"activation_{what}") for what in ("mean", "std"))
    if (
        seen.classes
        or not len(mean)
        or not str(seen.fact("loss_call").get("target_dtype", "")).startswith("float")
    ):
        return
    size = math.hypot(float(np.median(mean)), float(np.median(std)))
    if size > LARGE:
        yield finding(
            "targets-not-scaled",
            f"The targets are of size {size:.3g}",
            f"mean {np.median(mean):.3g}, standard deviation {np.median(std):.3g} (median of {len(mean)} batches)",
            seen.steps,
        )


def _blocks(seen: Seen) -> tuple[float, int] | None:
    """How many times more the batches' targets differ than those of shuffled ones, and of how many batches."""
    mean, std = (seen.activation("(target)", f"activation_{what}") for what in ("mean", "std"))
    size = seen.record.facts.get("batch_size")
    if len(mean) < LOOKS or len(std) != len(mean) or not size or size < 2:
        return None
    between, within = float(np.var(mean, ddof=1)), float(np.mean(std**2)) * size / (size - 1)
    if not between + within:
        return None
    return (between * size / (within + between), len(mean))


def unshuffled(seen: Seen) -> Iterator[Finding]:
    """Batches whose targets are alike, as of sorted data."""
    found = _blocks(seen)
    if found is not None and found[0] > IN_BLOCKS:
        yield finding(
            "unshuffled",
            f"The targets of a batch are alike: batches differ {amount(found[0])} times as much as shuffled ones",
            f"variance of the batches' mean target, over what chance gives: {amount(found[0], 1)} ({found[1]} batches; "
            f"about 1 if shuffled)",
            seen.steps,
            "confirmed",
        )


def _usual_batch(size: int) -> bool:
    """Whether people choose batches of this size; data seldom have so many rows."""
    return size & (size - 1) == 0 or size <= FEW_ROWS or (size <= TENS and size % 10 == 0)


def same_batch(seen: Seen) -> Iterator[Finding]:
    """Each batch the same, where it is not all there is."""
    mean, data = seen.activation("(target)", "activation_mean"), seen.activation("(input)", "activation_mean")
    size, all_of = seen.record.facts.get("batch_size"), seen.record.facts.get("examples")
    known = mean if len(mean) >= LOOKS else data
    if len(data) < LOOKS or (size and all_of and size >= all_of):
        return
    if not all_of and size and not _usual_batch(int(size)):
        return  # it may be all there is
    alike = seen.activation("(input)", "constant_share")
    differs = not seen.several or not len(alike) or alike.min() < 1
    if np.ptp(data) == 0 and np.ptp(known) == 0 and differs:
        yield finding(
            "same-batch",
            f"All {len(data)} batches that were looked at are the same",
            f"mean input {data[0]:.6g} and mean target {known[0]:.6g} in each of {len(data)} batches",
            seen.steps,
            "likely",
        )


def _too_cheap(seen: Seen) -> bool:
    """Whether the first validation loss is less than its wrong answers cost; else the model knew something already."""
    accuracy = seen.accuracy
    if not len(accuracy) or str(seen.record.facts.get("loss_function")) not in LOGARITHMIC:
        return False
    loss = seen.val.values[np.isin(seen.val.steps, accuracy.steps)]
    return bool(0 <= loss[0] < (1 - accuracy.values[0]) * math.log(2) / CHEAP)


def _divided(seen: Seen) -> bool:
    """Whether the first validation loss is several times the training loss of its step, and no less than a guess."""
    if not len(seen.val) or not seen.prior or not seen.enough:
        return False
    at = float(np.interp(seen.val.steps[0], seen.loss.steps, seen.smooth))
    return bool(at > 0 and seen.val.values[0] > max(SEVERAL_TIMES * at, GUESSED * seen.prior))


def initial_loss_off(seen: Seen) -> Iterator[Finding]:
    """A first loss that no model without knowledge has."""
    prior = seen.prior
    trained = seen.record.facts.get("first_loss") == AFTER_AN_UPDATE
    if trained or not prior or not len(seen.loss) or seen.loss.steps[0] > 5:
        return
    if seen.amounts and seen.prior_error > UNSURE * prior:
        return
    first = float(seen.loss.values[0])
    if (
        seen.classes and first > prior
    ):  # usual first weights give each class the same chance, however rare it is
        prior = max(prior, math.log(seen.classes))
    times = first / prior
    high = INITIAL_HIGH if seen.classes else VARIANCE_HIGH
    if times <= high and not (times < INITIAL_LOW and (_too_cheap(seen) or _divided(seen))):
        return
    size = seen.record.facts.get("batch_size")
    causes: tuple[str, ...] = ()
    if times < 1:
        causes = ("the loss is divided once too often", "most targets are masked and counted all the same")
    elif size and 0.6 < times / size < 1.6:
        causes = (f"the loss is summed over the batch of {size} and not averaged",)
    what = f"ln {seen.classes} = {prior:.2f}" if seen.classes else f"the targets' variance, {prior:.3g}"
    yield finding(
        "initial-loss-off",
        f"The first loss is {first:.3g}, {amount(times, 1)} times what a model that knows nothing has ({what})",
        f"loss {first:.4g} at step {seen.loss.steps[0]:,.0f}; {what}",
        (float(seen.loss.steps[0]), float(seen.loss.steps[0])),
        "likely",
        causes=causes,
    )
