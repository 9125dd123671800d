"""Rules on what a model gives: the last function, the loss that is taken of it, and outputs that are all alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import finding, percent
from offdiagonal.training.diagnosis.seen import LOGARITHMIC, Seen

PROBABILITIES = 1e-3
"""How near to 1 / classes the mean output is, where the outputs are probabilities."""
NOUGHTS = 0.2
"""Share of exact noughts among the outputs that a linear layer does not give."""
FLOOR = 0.12
"""How far above the lowest loss after a second softmax, as a share of it, the loss still is at it."""
BOUNDED = {"Sigmoid", "Softmax", "Tanh", "ReLU", "Hardsigmoid", "Hardtanh", "ReLU6"}
ENDS = 1e-3
"""How far beyond the ends of a bounded output targets are by rounding."""
CONSTANT = 0.99
"""Share of outputs that are the same for all examples."""
FREE = 0.03
"""By how much a loss is below what its wrong answers cost at least, before they do not all count alike."""
MOSTLY = 0.5
"""Share of one class among the predictions, where wrong answers cost nothing."""
ONE_CLASS = 0.9
"""Share of one class among the predictions, of three classes or more."""


def output_ends(seen: Seen) -> Iterator[Finding]:
    """A function behind the last layer that the loss does not expect."""
    name = str(seen.record.facts.get("loss_function") or "")
    last = seen.modules[-1][1] if seen.modules else ""
    if seen.classes and not any(part in name for part in ("NLL", "BCELoss", "MSE", "L1")):
        yield from _softmax_twice(seen, name, last)
    elif seen.classes is None:
        yield from _bounded_regression(seen, last)


def _softmax_twice(seen: Seen, name: str, last: str) -> Iterator[Finding]:
    classes = seen.classes or 2
    means, highest = (seen.activation("(output)", f"activation_{what}") for what in ("mean", "max"))
    shares = len(means) >= 3 and bool((np.abs(means - 1 / classes) < PROBABILITIES / classes).all())
    floor = math.log(math.e + classes - 1) - 1
    if shares and (highest <= 1 + 1e-5).all():
        yield finding(
            "softmax-twice",
            f"{name or 'The loss'} is given probabilities: the softmax is taken twice",
            f"the outputs add up to 1 for each example (mean {means[-1]:.4f} = 1/{classes}, largest "
            f"{highest.max():.3f}); so the loss cannot fall below {floor:.2f}",
            seen.steps,
            "confirmed",
        )
    elif last in BOUNDED and last != "Softmax":
        yield _ends(seen, last, f"{name or 'the loss'} takes any number as an output")
    elif len(z := seen.activation("(output)", "zero_share")) >= 3 and np.median(z) > NOUGHTS:
        yield _ends(seen, "ReLU", f"{percent(np.median(z))} of the outputs are exactly 0")
    elif seen.enough and seen.low >= floor * 0.98 and seen.end <= floor * (1 + FLOOR) < seen.start:
        yield from _at_floor(seen, floor)
    else:
        yield from _above_floor(seen, floor)


def _at_floor(seen: Seen, floor: float) -> Iterator[Finding]:
    """The loss rests on what a second softmax leaves."""
    values = seen.loss.values[len(seen.loss) // 2 :]
    near = float(np.quantile(values, 0.1)) < floor * (1 + FLOOR / 2)
    if values.min() >= floor * 0.999 and near and len(values) >= FEWEST_AT_FLOOR:
        yield finding(
            "softmax-twice",
            f"The loss rests at {seen.end:.2f} and never falls below {floor:.2f}, as after a second softmax",
            f"no value is below {floor:.2f} = ln(e + {seen.classes} - 1) - 1, the smallest that cross entropy "
            f"comes to on outputs between 0 and 1; the last tenth is at {seen.end:.2f}",
            seen.steps,
        )


def _above_floor(seen: Seen, floor: float) -> Iterator[Finding]:
    """The loss is what a second softmax leaves of a sure model, right or wrong: the floor, and 1 more where wrong."""
    name = str(seen.record.facts.get("loss_function"))
    accuracy, size = seen.accuracy, seen.activation("(output)", "activation_std")
    loss = seen.val.values[np.isin(seen.val.steps, accuracy.steps)]
    known = len(size) >= 3
    if len(accuracy) < LATE or (known and np.median(size[-3:]) < SURE):
        return
    if not known and np.median(accuracy.values[-LATE:]) < MOSTLY_RIGHT:
        return
    off = loss[-LATE:] - (floor + 1 - accuracy.values[-LATE:])
    if (
        np.abs(off).max() < (NEAR_FLOOR if name in LOGARITHMIC else NEARLY)
        and loss.min() >= floor * 0.999
        and seen.loss.values.min() >= floor * 0.98
    ):
        right = float(np.median(accuracy.values[-LATE:]))
        yield finding(
            "softmax-twice",
            f"{percent(right)} of the answers are right, and the loss is {loss[-1]:.2f} all the same: as after a "
            "second softmax",
            f"a second softmax over {seen.classes} classes costs a sure answer {floor:.2f} where it is right and "
            f"{floor + 1:.2f} where it is wrong, {floor + 1 - right:.2f} in the mean; the validation loss is within "
            f"{np.abs(off).max():.2f} of it at the last {LATE} evaluations",
            seen.steps,
        )


LATE = 4
"""Last evaluations at which that holds."""
NEAR_FLOOR = 0.07
"""How near the loss is to it: a sure answer is not wholly sure."""
NEARLY = 0.15
"""The same of a loss of one's own, in which a softmax may be."""
SURE = 1.5
"""Spread of the outputs of a model that is sure, to which an ordinary loss would be far from this."""
MOSTLY_RIGHT = 0.7
"""Share of right answers of a model whose outputs were not seen, whose ordinary loss would be far from this too."""
FEWEST_AT_FLOOR = 20
"""Values, all above the floor, before it is taken for one."""


def _bounded_regression(seen: Seen, last: str) -> Iterator[Finding]:
    lows, highs = (seen.activation("(target)", what) for what in ("lowest", "highest"))
    if last not in BOUNDED or not len(lows) or not np.isfinite([*lows, *highs]).all():
        return
    low, high = float(lows.min()), float(highs.max())
    ends = {"ReLU": (0.0, math.inf), "Tanh": (-1.0, 1.0), "Hardtanh": (-1.0, 1.0)}.get(last, (0.0, 1.0))
    if low < ends[0] - ENDS or high > ends[1] + ENDS:
        yield _ends(
            seen, last, f"targets lie between {low:.3g} and {high:.3g}, outside of [{ends[0]:g}, {ends[1]:g}]"
        )


def _ends(seen: Seen, last: str, evidence: str) -> Finding:
    return finding(
        "wrong-output-activation",
        f"The model ends in {last}, and the loss expects no such bounds",
        f"the last module is {last}; {evidence}",
        seen.steps,
    )


def one_class(seen: Seen) -> Iterator[Finding]:
    """A model that says the same class of nearly all examples."""
    examples = seen.record.examples
    if examples is None or examples.prediction is None or not seen.learned:
        return
    wrong = _wrong_for_free(seen)
    if (seen.classes or 0) < 3 and not wrong:
        return
    shares = []
    for row in examples.prediction[len(examples.steps) // 2 :]:
        known = [value for value in row.tolist() if value is not None]
        if known:
            shares.append(max(Counter(known).values()) / len(known))
    if not wrong and len(seen.accuracy) >= LATE and np.median(seen.accuracy.values[-LATE:]) >= MOSTLY:
        return  # most are of that class
    if shares and np.median(shares) >= (MOSTLY if wrong else ONE_CLASS):
        yield finding(
            "constant-output",
            f"The model predicts one class for {percent(np.median(shares))} of the examples",
            f"the most frequent prediction's share among {len(examples.ids)} examples, in the later half of the looks"
            + wrong,
            seen.steps,
            causes=("class weights, or weights of examples, that count the others for next to nothing",)
            if wrong
            else (),
        )


def _wrong_for_free(seen: Seen) -> str:
    """Of a cross entropy that wrong answers cost nothing, where each of them costs ln 2 at least."""
    accuracy = seen.accuracy
    loss = seen.val.values[np.isin(seen.val.steps, accuracy.steps)]
    if len(accuracy) < LATE or str(seen.record.facts.get("loss_function")) not in LOGARITHMIC:
        return ""
    wrong, cost = 1 - float(np.median(accuracy.values[-LATE:])), float(np.median(loss[-LATE:]))
    if cost < 0 or wrong * math.log(2) < cost + FREE:
        return ""
    return (
        f"; {percent(wrong)} of the validation answers are wrong, which costs {wrong * math.log(2):.2f} at least where "
        f"each counts alike, and the loss is {cost:.2g}"
    )


def constant_output(seen: Seen) -> Iterator[Finding]:
    """A model that gives the same for all examples."""
    share = seen.activation("(output)", "constant_share")
    if seen.several and len(share) >= 3 and np.median(share[1:]) >= CONSTANT:
        yield finding(
            "constant-output",
            "The model gives the same for all examples",
            f"{percent(np.median(share[1:]))} of its outputs do not differ in a batch (median of {len(share)} looks)",
            seen.steps,
            "confirmed",
        )
