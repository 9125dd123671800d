"""All rules, and which finding comes first: what causes others stands before what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from offdiagonal.findings import Finding
from offdiagonal.training.diagnosis import (
    curves,
    data,
    fits,
    layers,
    numbers,
    outputs,
    rates,
    spikes,
    too_high,
    wiring,
)
from offdiagonal.training.diagnosis.guard import findings_of
from offdiagonal.training.diagnosis.seen import Seen
from offdiagonal.training.record import RunRecord

Rule = Callable[[Seen], Iterator[Finding]]

CAUSES: tuple[Rule, ...] = (
    curves.steps_begin_anew,
    # how the training is put together: seen directly, and whatever else is seen may follow from it
    wiring.gradients_accumulate,
    wiring.shapes_broadcast,
    wiring.not_updated,
    wiring.no_gradient,
    wiring.modes,
    outputs.output_ends,
    rates.wrong_sign,
    # what goes in
    layers.symmetric_weights,
    data.constant_input,
    data.same_batch,
    data.unshuffled,
    data.evaluation_input_differs,
    data.augmentation_too_strong,
    data.inputs_not_scaled,
    data.targets_not_scaled,
    numbers.out_of_the_blue,
    layers.exploding_gradient,
    layers.dropout_too_strong,
    data.initial_loss_off,
    layers.weights_too_large,
    layers.weights_shrink,
    # the layers from the beginning on
    layers.saturated_units,
    layers.vanishing_gradient,
    layers.begins_dead,
    wiring.small_batch_norm,
    # the steps
    rates.learning_rate_decays_too_early,
    too_high.learning_rate_too_high,
    spikes.thrown_off,
    rates.diverged,
    numbers.after_growth,
    layers.becomes_dead,
    rates.learning_rate_too_low,
    # what is learned
    outputs.one_class,
    fits.evaluation_differs,
    fits.memorises_noise,
    fits.overfitting,
    spikes.loss_spike,
    fits.validation_better,
)
SIGNS: tuple[Rule, ...] = (
    outputs.constant_output,
    too_high.surely_wrong,
    curves.bottleneck,
    curves.underfitting,
    too_high.gradient_noise,
    curves.not_learning,
    rates.flat_and_high,
    curves.still_improving,
    curves.plateau,
)
"""What many causes lead to: said only where none of them was found."""


def diagnose(record: RunRecord) -> tuple[Finding, ...]:
    """What is wrong with a run, as far as what was logged shows it: the likeliest cause first.

    Parameters
    ----------
    record
        A run: losses alone will do; layers, examples and facts tell more.

    Returns
    -------
    tuple of Finding
        None where nothing stands out.
    """
    seen = Seen(record)
    found = [finding for rule in CAUSES for finding in findings_of(rule, seen)]
    if not found:
        found = [finding for rule in SIGNS for finding in findings_of(rule, seen)]
    high = any(
        one.kind in {"learning-rate-too-high", "diverged", "not-a-number", "dead-units"} for one in found
    )
    if high:  # weights that grew so large, or whose units are dead, move by a small share of themselves
        found = [one for one in found if one.kind != "learning-rate-too-low"]
    kinds: dict[str, Finding] = {}
    for one in found:
        kinds.setdefault(one.kind, one)
    return tuple(kinds.values())
