"""Rules on weights, outputs and gradients of the layers."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis.found import amount, finding, layer, percent
from offdiagonal.training.diagnosis.seen import Seen
from offdiagonal.training.record import Floats

ALIKE = 0.02
"""Standard deviation over size, under which first weights are all alike; random ones have about 1."""
DEAD = 0.7
"""Share of dead units in a layer; of a healthy one on a batch of 32 it is hardly ever over a third."""
SATURATED = 0.5
"""Share of outputs at an end; after a usual beginning it is below 0.05."""
VANISHED = 1e-4
"""Gradient of the first matrix over the largest one's; in healthy nets of ten layers it is over 0.01."""
DEEP = 6
"""Fewer layers do not fade by themselves: where units are dead, it is they."""
FADED = 0.03
"""A signal that is this much smaller than in the first layer, over all layers, carries little."""
SMALL = 0.05
"""Size of the first weights times the root of their inputs, which is 0.6 to 1.4 as usual: this much
of a signal is left."""
GROWS = 2.0
"""The same of a recurrent layer, above which a state grows from step to step."""
EXPLODED = 300.0
"""How many times larger the gradient is in the first layers than in the last."""
MULTIPLIES = ("Linear", "Conv", "LSTM", "GRU", "RNN")
"""Modules whose weights are multiplied with what they are given, and added up."""
LARGE = 10.0
"""How many times a layer makes its signal larger, by its first weights,"""
LARGER = 10.0
"""and how many times the others do."""
TAKEN = 2.5e-3
"""Share of the weights that decay takes at a step, of which 1e-6 to 2e-3 is usual, and with which they have to be"""
SMALLER = 0.8
"""smaller by this share only."""
SHRUNK = 0.35
"""What is left of the weights' size."""
DROPPED = 0.8
"""Share that dropout takes away, more than which leaves too little to learn from."""


def symmetric_weights(seen: Seen) -> Iterator[Finding]:
    """Weights that begin all alike, so that all units learn the same."""
    found = []
    for name in seen.matrices:
        std, size = seen.parameter(name, "weight_std"), seen.parameter(name, "weight_rms")
        if len(std) and len(size) and np.isfinite(size[0]) and std[0] <= ALIKE * size[0]:
            found.append((name, float(size[0])))
    if found and 2 * len(found) > len(seen.matrices):
        name, value = found[0]
        what = "all 0" if value == 0 else f"all {value:.3g}"
        yield finding(
            "symmetric-weights",
            f"The weights of {len(found)} of {len(seen.matrices)} layers begin all alike",
            f"{name} is {what} at the first step, without any spread",
            (seen.steps[0], seen.steps[0]),
            "confirmed",
        )


def dead_units(seen: Seen) -> Iterator[Finding]:
    """Units that give 0 for all examples."""
    if not seen.several:
        return
    worst: tuple[float, str, float] | None = None
    for name, kind in seen.modules:
        share = seen.activation(name, "dead_share")
        if "Dropout" in kind or len(share) < 2:
            continue
        late = float(np.median(share[len(share) // 2 :]))
        if late >= DEAD and (worst is None or late > worst[0]):
            worst = (late, layer(name, kind), float(share[: max(1, len(share) // 10)].max()))
    if worst is None:
        return
    late, name, first = worst
    begun = first >= DEAD
    yield finding(
        "dead-units",
        f"{percent(late)} of the units of {name} give 0 for all examples",
        f"{percent(first)} at the first looks, {percent(late)} over the later half",
        seen.steps,
        "confirmed",
        causes=("the first biases or weights push the units below 0",)
        if begun
        else ("steps that were too large pushed the units below 0: look at the learning rate first",),
    )


def begins_dead(seen: Seen) -> Iterator[Finding]:
    """Dead units, where they are so from the first steps on."""
    if _dead_at_first(seen):
        yield from dead_units(seen)


def becomes_dead(seen: Seen) -> Iterator[Finding]:
    """Dead units, where something in the training made them so."""
    if not _dead_at_first(seen):
        yield from dead_units(seen)


def _dead_at_first(seen: Seen) -> bool:
    for name, kind in seen.modules if seen.several else ():
        share = seen.activation(name, "dead_share")
        if "Dropout" not in kind and len(share) and share[0] >= DEAD:
            return True
    return False


def saturated_units(seen: Seen) -> Iterator[Finding]:
    """Sigmoid or tanh units at an end of their range."""
    worst = ("", 0.0, 0.0)
    for name, kind in seen.modules[:-1] or seen.modules:
        share = seen.activation(name, "saturated_share")
        if len(share) >= 2:
            late = float(np.median(share))
            worst = max(worst, (layer(name, kind), late, float(share[0])), key=lambda one: one[1])
    name, late, first = worst
    if late >= SATURATED:
        yield finding(
            "saturated-units",
            f"{percent(late)} of the outputs of {name} are at an end of their range",
            f"{percent(first)} at the first look, {percent(late)} in the median of all",
            seen.steps,
            "confirmed",
        )


def _profile(seen: Seen) -> Floats:
    """The gradient's size in each matrix in the order of the model: median over the first half."""
    sizes = []
    for name in seen.matrices:
        gradient = seen.parameter(name, "gradient_rms")
        gradient = gradient[np.isfinite(gradient)]
        if len(gradient):
            sizes.append(float(np.median(gradient[: max(2, len(gradient) // 2)])))
    return np.asarray(sizes)


def vanishing_gradient(seen: Seen) -> Iterator[Finding]:
    """A gradient, or a signal, that fades on its way through the layers."""
    if _dead_at_first(seen) and len(seen.matrices) < DEEP:
        return
    sizes = _profile(seen)
    if len(sizes) >= 2 and sizes.max() > 0:
        share = float(sizes[0] / sizes.max())
        if 0 < share < VANISHED:
            yield finding(
                "vanishing-gradient",
                f"The gradient of the first layer is {share:.0e} of the largest one's",
                f"root mean square {sizes[0]:.1e} in {seen.matrices[0]}, {sizes.max():.1e} at the largest "
                f"(median of the first half of the looks, {len(sizes)} weights)",
                seen.steps,
            )
            return
    gains = list(_gains(seen).values())
    forgets = [name for name, gain in _gains(seen).items() if "weight_hh" in name and gain < SMALL]
    if forgets:
        yield finding(
            "vanishing-gradient",
            f"{forgets[0]} is so small that {percent(_gains(seen)[forgets[0]], 1)} of a state is left after a step",
            f"root mean square of {forgets[0]} times the root of its inputs: {_gains(seen)[forgets[0]]:.2g}, "
            "where about 0.6 is usual: what was seen steps ago is forgotten, and no gradient comes back from there",
            (seen.steps[0], seen.steps[0]),
        )
        return
    if len(gains) >= 2 and np.median(gains) < SMALL:
        yield finding(
            "vanishing-gradient",
            f"The first weights are so small that a layer leaves {percent(np.median(gains), 1)} of a signal",
            f"root mean square of the first weights times the root of their inputs: {np.median(gains):.2g} "
            f"in the median of {len(gains)} layers, where 0.6 to 1.4 is usual",
            (seen.steps[0], seen.steps[0]),
        )
        return
    # one example's output differs from no other, and four layers as they usually begin leave a thirtieth
    looks = _spreads(seen) if seen.several and len(seen.matrices) >= DEEP else []
    spreads = [float(np.median(one)) for one in looks]
    begun = [float(one[0]) for one in looks]  # what fades later has died of something else
    if begun and begun[-1] >= FADED * begun[0]:
        return
    if len(spreads) >= 3 and spreads[-1] < FADED * spreads[0] and spreads[-1] < FADED:
        yield finding(
            "vanishing-gradient",
            f"The signal fades through the layers: to {spreads[-1] / spreads[0]:.1e} of the first one's",
            f"outputs differ by {spreads[0]:.2g} in the first layer and by {spreads[-1]:.1e} in the last, so the "
            "gradients that go back fade alike",
            seen.steps,
        )


def _gains(seen: Seen, kinds: tuple[str, ...] = ()) -> dict[str, float]:
    """Of each layer, or each of some kinds, how much of a signal its first weights leave."""
    layers = seen.record.parameters
    if layers is None:
        return {}
    found = {}
    for name, kind, shape in zip(layers.names, layers.kinds, layers.shapes, strict=True):
        size = seen.parameter(name, "weight_rms")
        if kinds and not kind.startswith(kinds):
            continue
        if name in seen.matrices and kind != "Embedding" and len(size) and np.isfinite(size[0]):
            found[name] = float(size[0]) * math.sqrt(math.prod(shape[1:]))
    return found


def _spreads(seen: Seen) -> list[Floats]:
    """How much outputs differ, in the order of the forward pass from the input on: at the first looks."""
    found = []
    first = ("(input)",) if seen.numbers else ()
    for name in (*first, *(name for name, _ in seen.modules)):
        std = seen.activation(name, "activation_std")
        if len(std) and np.isfinite(std[:3]).all():
            found.append(std[:3])
    return found


def exploding_gradient(seen: Seen) -> Iterator[Finding]:
    """A gradient that grows on its way back."""
    gains = {name: gain for name, gain in _gains(seen).items() if "weight_hh" in name and gain > GROWS}
    if gains:
        name, gain = max(gains.items(), key=lambda one: one[1])
        yield finding(
            "exploding-gradient",
            f"{name} is so large that a state grows up to {gain:.1f} times at each step of a sequence",
            f"root mean square of {name} times the root of its inputs: {gain:.2g} at the first look, where "
            "about 0.6 to 1 is usual",
            (seen.steps[0], seen.steps[0]),
        )
        return
    sizes = _profile(seen)
    if len(sizes) >= 2 and sizes[-1] > 0 and sizes[0] / sizes[-1] > EXPLODED:
        yield finding(
            "exploding-gradient",
            f"The gradient of the first layer is {amount(sizes[0] / sizes[-1])} times the last one's",
            f"root mean square {sizes[0]:.1e} in {seen.matrices[0]}, {sizes[-1]:.1e} in {seen.matrices[-1]}",
            seen.steps,
        )


def weights_too_large(seen: Seen) -> Iterator[Finding]:
    """A layer whose first weights make its signal many times larger, and others that do not."""
    gains = {name: gain for name, gain in _gains(seen, MULTIPLIES).items() if "weight_hh" not in name}
    if len(gains) < 2:
        return
    name, largest = max(gains.items(), key=lambda one: one[1])
    usual = float(np.median([gain for other, gain in gains.items() if other != name]))
    if largest < LARGE or largest < LARGER * usual:
        return
    yield finding(
        "weights-too-large",
        f"{name} makes a signal {amount(largest)} times as large, the other layers {usual:.2g} times",
        f"root mean square of the first weights times the root of their inputs: {largest:.3g}, where 0.6 to 1.4 is "
        f"usual and the median of the other {len(gains) - 1} is {usual:.2g}",
        (seen.steps[0], seen.steps[0]),
    )


def weights_shrink(seen: Seen) -> Iterator[Finding]:
    """Weights that only get smaller, or do so while decay takes much of them at each step."""
    left = []
    for name in seen.matrices:
        size = seen.parameter(name, "weight_rms")
        if len(size) >= 3 and size[0] > 0 and np.isfinite(size).all():
            left.append(float(np.median(size[len(size) // 2 :]) / size[0]))
    taken = float(seen.record.facts.get("decay_per_step") or 0.0)
    if not left or (len(left) == 1 and taken < TAKEN):  # a single layer may have to be small to be right
        return
    kept = float(np.median(left))
    if kept >= (SHRUNK if taken < TAKEN else SMALLER):
        return
    known = f"; weight decay takes {percent(taken, 1)} of the weights at each step" if taken >= TAKEN else ""
    yield finding(
        "weight-decay-too-strong",
        f"The weights shrink to {percent(kept)} of their first size",
        f"root mean square of the weights, median of {len(left)} layers; smallest {percent(min(left), 1)}"
        + known,
        seen.steps,
    )


def dropout_too_strong(seen: Seen) -> Iterator[Finding]:
    """Dropout that leaves hardly anything."""
    before = 0.0
    for name, kind in seen.modules:
        share = seen.activation(name, "zero_share")
        if not len(share):
            continue
        share_now = float(share.min())  # what dropout takes is the same at each look
        if "Dropout" in kind and (share_now - before) / max(1e-9, 1 - before) > DROPPED:
            yield finding(
                "dropout-too-strong",
                f"{percent((share_now - before) / (1 - before))} of what {layer(name, kind)} is given is dropped",
                f"{percent(share_now)} of its outputs are 0, and {percent(before)} of its inputs were",
                seen.steps,
                "confirmed",
            )
            return
        before = share_now
