"""What is no number, or is infinite."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import finding, layer
from offdiagonal.training.diagnosis.seen import Seen

GROWN = 100.0
"""How many times the loss of a model that knows nothing a loss is that runs away."""
ENDS = {
    "(input)": "inputs of the model",
    "(evaluation input)": "inputs of an evaluation",
    "(output)": "output of the model",
    "(target)": "targets",
}
"""What a model is given and gives, beside what its layers give."""
GIVEN = ("(input)", "(evaluation input)", "(target)")
"""What comes from the data."""


def out_of_the_blue(seen: Seen) -> Iterator[Finding]:
    """What is no number, in a run that was sound until then."""
    if not _grew(seen):
        yield from not_a_number(seen)


def after_growth(seen: Seen) -> Iterator[Finding]:
    """What is no number at the end of a loss that grew beyond all bounds: what made it grow comes before it."""
    if _grew(seen):
        yield from not_a_number(seen)


def _grew(seen: Seen) -> bool:
    lost = [curve.steps[~np.isfinite(curve.values)] for curve in seen.record.metrics.values()]
    firsts = [float(steps.min()) for steps in lost if len(steps)]
    before = seen.loss.values[seen.loss.steps < min(firsts)] if firsts else seen.loss.values
    return bool(len(before) and before.max() > GROWN * abs(seen.base))


def not_a_number(seen: Seen) -> Iterator[Finding]:
    """The first step at which a metric is no number, and the first tensor that was none."""
    firsts = []
    for name, curve in seen.record.metrics.items():
        lost = np.flatnonzero(~np.isfinite(curve.values))
        if len(lost):
            firsts.append((float(curve.steps[lost[0]]), name, float(curve.values[lost[0]]), len(lost)))
    tensor = first_tensor(seen)
    if tensor is not None:  # then there is no need of a later norm, which watch may have logged
        firsts = [first for first in firsts if first[1] != "grad_norm" or first[0] < tensor[0]]
    if not firsts and tensor is None:
        return
    named, when, given = "", 0.0, False
    if tensor is not None:
        when, what, kind = tensor
        named, given = _named(seen, what, kind), what in GIVEN
    if not firsts:
        step = when
        title = f"The {named} {_are(named)} not finite at step {step:,.0f}"
        evidence = f"{named}, among the layers at step {step:,.0f}"
    else:
        step, name, value, count = min(firsts)
        title = f"{name} is {value} at step {step:,.0f}"
        if given and when <= step:
            title += f": the {named} {_are(named)} not finite"
        evidence = f"{count:,} values of {name} are no number, the first at step {step:,.0f}"
        if count == 1:
            evidence = f"1 value of {name} is no number, at step {step:,.0f}"
        before = seen.record.curve("grad_norm").finite
        earlier = before.values[before.steps <= step]
        if len(earlier):
            evidence += f"; the norm of the gradient was {earlier[-1]:.3g} before"
        if tensor is not None:
            evidence += f"; among what was looked at the first {_are(named)} the {named}, at step {when:,.0f}"
    causes = ("NaN in the data",) if given else ()
    yield finding("not-a-number", title, evidence, (step, seen.steps[1]), "confirmed", causes)


def _are(named: str) -> str:
    return "are" if named.startswith(("inputs", "targets")) else "is"


def _named(seen: Seen, what: str, kind: str) -> str:
    """A tensor in words: ``output of layer 3 (ReLU)``, ``weight 0.weight``, ``inputs of the model``."""
    if what in ENDS:
        return ENDS[what] if kind in {"output", "activation"} else f"{kind} of the {ENDS[what]}"
    modules = dict(seen.modules)
    return f"{kind} of {layer(what, modules[what])}" if what in modules else f"{kind} {what}"


def first_tensor(seen: Seen) -> tuple[float, str, str] | None:
    """Step, name and kind of the first tensor that is not finite, in the order in which a step makes them."""
    given = seen.record.facts.get("first_not_finite")
    if given:
        return (float(given["step"]), str(given["tensor"]), str(given["kind"]))
    found: list[tuple[float, int, str, str]] = []
    for rank, (layers, stat, kind) in enumerate(
        (
            (seen.record.parameters, "weight_rms", "weight"),
            (seen.record.activations, "not_finite_share", "output"),
            (seen.record.parameters, "gradient_rms", "gradient"),
        )
    ):
        for name in layers.names if layers is not None else ():
            steps, values = seen.column(layers, name, stat)
            bad = values > 0 if stat == "not_finite_share" else ~np.isfinite(values)
            if bad.any():
                found.append((float(steps[bad.argmax()]), rank, name, kind))
    if not found:
        return None
    step, rank, *_ = min(found, key=lambda one: one[:2])
    first = next(one for one in found if one[:2] == (step, rank))
    return (step, first[2], first[3])
