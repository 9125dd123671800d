"""Rules on how a training is put together: what learns, what steps, in which mode, on what the loss is taken."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import finding, percent
from offdiagonal.training.diagnosis.seen import Seen

CARRIED = 0.05
"""A gradient left over is one where it has this share of the size of the step's own."""
MOVING = 1e-6
"""Size of a gradient that moves a weight: of smaller ones the sum may round to the weight itself."""
OFTEN = 0.5
"""Of the looks in which something is seen, before it is called a fault and not an exception."""
CALLS = 20
"""Calls for training without one step of the optimiser, after which none is to come."""
SMALL_BATCH = 4
"""Of fewer examples a batch's mean and variance are mostly noise: their error is of the size 1 / sqrt(n)."""


def gradients_accumulate(seen: Seen) -> Iterator[Finding]:
    """Gradients of earlier steps are there when a backward pass begins."""
    shares = []
    known = seen.fact("parameters")
    for name in seen.matrices:
        if not known.get(name, {}).get("in_optimizer", True):
            continue  # optimizer.zero_grad() leaves the gradients of others where they are
        carried, own = seen.parameter(name, "carried_gradient_rms"), seen.parameter(name, "gradient_rms")
        if len(carried) and len(own):
            shares.append(np.nanmedian(carried) / max(float(np.nanmedian(own)), 1e-30))
            looks = len(carried)
    if shares and np.nanmedian(shares) > CARRIED and looks >= 2:
        share = float(np.nanmedian(shares))
        yield finding(
            "gradients-accumulate",
            "The gradients of earlier steps are never taken away",
            f"when a step's backward pass begins, the gradient left from before is {percent(share)} of the one that "
            f"the step then uses (median of {len(shares)} weights, {looks} looks)",
            seen.steps,
            "confirmed",
        )


def not_updated(seen: Seen) -> Iterator[Finding]:
    """Parameters that may learn and do not move."""
    calls = seen.fact("calls")
    if calls and calls.get("steps") == 0 and calls.get("trained", 0) >= CALLS and calls.get("backward"):
        yield finding(
            "not-updated",
            f"The optimiser has not stepped once in {calls['trained']:,} calls of the model",
            f"{calls['trained']:,} calls in training mode, gradients come back, 0 calls of optimizer.step()",
            seen.steps,
            "confirmed",
            causes=("optimizer.step() is missing, or another optimiser's is called",),
        )
        return
    known = seen.fact("parameters")
    out = [n for n, one in known.items() if one.get("requires_grad") and not one.get("in_optimizer", True)]
    free = [n for n in seen.matrices if known.get(n, {}).get("requires_grad", True)]
    still = [n for n in free if n not in out and _stays(seen, n)]
    if out or still:
        total = max(len(known), len(seen.matrices))
        what = "are in no optimiser" if out else "have a gradient and never change"
        yield finding(
            "not-updated",
            f"{len(out or still)} of {total} parameters {what}: {_names(out or still)}",
            f"{_names(out or still, 8)} {what}, by the optimisers that were given to watch",
            seen.steps,
            "confirmed",
        )


def _stays(seen: Seen, name: str) -> bool:
    """Whether not one value of a parameter changes, at a step or between the looks."""
    layers = seen.record.parameters
    looks, ratio = seen.column(layers, name, "update_ratio")
    pulled, gradient = seen.column(layers, name, "gradient_rms")
    if min(len(ratio), len(gradient)) < 2 or ratio.any() or not (gradient > MOVING).all():
        return False
    sizes = [seen.parameter(name, stat) for stat in ("weight_rms", "weight_mean")]
    moved = any((size != size[:1]).any() for size in sizes)
    return not moved and bool(np.isin(pulled, looks).all())


def no_gradient(seen: Seen) -> Iterator[Finding]:
    """Parameters that no gradient reaches: frozen, detached, or unused."""
    known = seen.fact("parameters")
    frozen = [n for n, one in known.items() if not one.get("requires_grad", True)]
    looked = seen.record.parameters is not None and len(seen.record.parameters.steps) >= 2
    lost = [n for n, one in known.items() if one.get("requires_grad") and one.get("had_gradient") is False]
    lost = [n for n in lost if looked and known[n].get("in_optimizer", True)]
    if lost:
        yield finding(
            "no-gradient",
            f"{len(lost)} of {len(known)} parameters never had a gradient: {_names(lost)}",
            f"{_names(lost, 8)} may learn and are in the optimiser, but no backward pass reached them",
            seen.steps,
            "confirmed",
            causes=("what they give is detached, or is not used for the loss",),
            rules_out=("a gradient that is only small: there is none",),
        )
    elif frozen:
        yield finding(
            "no-gradient",
            f"{len(frozen)} of {len(known)} parameters are frozen: {_names(frozen)}",
            f"{_names(frozen, 8)} have requires_grad=False",
            seen.steps,
            "likely",
            causes=("frozen on purpose, as in fine-tuning", "frozen earlier and never set free"),
        )


def modes(seen: Seen) -> Iterator[Finding]:
    """Training mode at evaluation, and the other way about."""
    calls = seen.fact("calls")
    wrong, all_of = calls.get("evaluated_in_training", 0), calls.get("evaluations", 0)
    if wrong and wrong >= OFTEN * all_of:
        yield finding(
            "train-mode-at-evaluation",
            f"{wrong} of {all_of} evaluations ran in training mode",
            f"{_names(calls.get('modules', []), 8)} were in training mode while the model was called without "
            f"gradients, {wrong} of {all_of} times",
            seen.steps,
            "confirmed",
        )
    count, resting = calls.get("trained_in_evaluation", 0), calls.get("resting")
    if count > OFTEN * max(1, calls.get("steps", 0)) and resting != []:
        did = f"; {_names(resting, 8)} did not do what they do in training" if resting else ""
        yield finding(
            "evaluation-mode-at-training",
            f"{count:,} of {calls['steps']:,} steps were taken in evaluation mode",
            f"the model was in evaluation mode at the call before the step, {count:,} times{did}",
            seen.steps,
            "confirmed",
        )


def shapes_broadcast(seen: Seen) -> Iterator[Finding]:
    """A loss of numbers whose two sides have different shapes."""
    call = seen.fact("loss_call")
    if not call or not str(call.get("target_dtype", "")).startswith(("float", "bfloat")):
        return
    output, target = list(call["output"]), list(call["target"])
    if output != target and math.prod(output) == math.prod(target) and len(output) != len(target):
        yield finding(
            "shapes-broadcast",
            f"The loss compares {output} with {target}: each output with all targets",
            f"outputs of shape {output}, targets of shape {target}; together they are stretched to "
            f"{_together(output, target)}",
            seen.steps,
            "confirmed",
        )


def _together(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return list(np.broadcast_shapes(tuple(one), tuple(other)))


def small_batch_norm(seen: Seen) -> Iterator[Finding]:
    """Batch norm over too few examples."""
    size = seen.record.facts.get("batch_size")
    norms = [name for name, kind in seen.modules if "BatchNorm" in kind]
    if size and norms and size <= SMALL_BATCH:
        yield finding(
            "batch-norm-small-batches",
            f"Batch norm takes its mean over {size} examples",
            f"{_names(norms)} normalise batches of {size}",
            seen.steps,
        )


def _names(names: Sequence[str], most: int = 3) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
