"""A fourth set: seven nets more, fixed before the rules that it judges were mended, and scored once.

``python -m benchmarks.training_faults.fourth`` writes training_faults_fourth.md as it was scored; with ``--present``
it trains what is not kept yet and prints what the present rules have. A healthy run counts, a fault did harm, and a
finding is right or a false alarm as held_out.json says. Each fault of the registry is planted in three of the nets
where it can be, drawn at random.
"""

from __future__ import annotations

from torch import nn

from benchmarks.training_faults import further, third  # noqa: F401 - third puts two more faults into FAULTS
from benchmarks.training_faults.fourth_nets import (
    PLANS,
    BothWays,
    Characters,
    Patches,
    batch_normed,
    crime,
    dilated,
    houses,
    model,
    tower,
)
from benchmarks.training_faults.plan import Plan
from benchmarks.training_faults.registry import fault

NETS = tuple(PLANS)
FLAT = ("norm_letters", "mlp_crime", "elu_houses")
NUMBERS = (*FLAT, "patches_images", "dilated_electricity")
REGRESSIONS = ("mlp_crime", "elu_houses")
CLASSIFIERS = tuple(net for net in NETS if net not in REGRESSIONS)
PLACES = {
    **dict.fromkeys(("momentum_near_one", "clipped_to_nothing"), ("norm_letters", "elu_houses")),
    "l2_too_strong": FLAT,
    **dict.fromkeys(
        (
            "softmax_module_before_cross_entropy",
            "softmax_in_the_loss",
            "log_of_nought",
            "one_class_weighs_all",
            "head_bias_off",
            "in_blocks_of_a_class",
        ),
        CLASSIFIERS,
    ),
    **dict.fromkeys(("targets_without_their_axis", "targets_x_1000"), REGRESSIONS),
    **dict.fromkeys(("training_mode_at_evaluation", "batch_norm_of_two"), ("norm_letters",)),
    **dict.fromkeys(("relu_dead_by_bias", "relu_nine_in_ten_dead", "unit_before_head_dead"), ("mlp_crime",)),
    **dict.fromkeys(
        (
            "weights_over_100",
            "sigmoid_ten_deep",
            "relu_thirty_deep",
            "tanh_saturated",
            "sigmoid_saturated_by_bias",
            "batches_of_one",
        ),
        FLAT,
    ),
    **dict.fromkeys(
        (
            "inputs_x_255",
            "inputs_far_from_nought",
            "inputs_all_nought",
            "one_input_not_a_number",
            "validation_not_standardised",
            "one_bad_batch",
        ),
        NUMBERS,
    ),
    "augmentation_too_strong": (*NUMBERS, "gru_news"),
    "validation_inverted": ("patches_images",),
    "every_word_unknown": ("conv_requests", "gru_news"),
    "batches_of_one": ("mlp_crime", "elu_houses"),
}
"""Where faults can be planted that not every net can have. Batch norm takes no batch of one."""


def places_like(
    *,
    flat: tuple[str, ...],
    numbers: tuple[str, ...],
    regressions: tuple[str, ...],
    classifiers: tuple[str, ...],
    by_sgd: tuple[str, ...],
    batch_normed: tuple[str, ...],
    dense: tuple[str, ...],
) -> dict[str, tuple[str, ...]]:
    """The same of the nets of another set, by their groups; what only some of its nets can have is added to it."""
    like = {FLAT: flat, NUMBERS: numbers, REGRESSIONS: regressions, CLASSIFIERS: classifiers}
    return {name: like[nets] for name, nets in PLACES.items() if nets in like} | {
        **dict.fromkeys(("momentum_near_one", "clipped_to_nothing"), by_sgd),
        **dict.fromkeys(("training_mode_at_evaluation", "batch_norm_of_two"), batch_normed),
        **dict.fromkeys(("relu_dead_by_bias", "relu_nine_in_ten_dead", "unit_before_head_dead"), dense),
        "batches_of_one": tuple(net for net in flat if net not in batch_normed),
    }


ELSEWHERE = {
    "stale_running_statistics",  # of two-dimensional batch norm
    "recurrent_weights_explode",
    "recurrent_weights_forget",
    "net_too_large_for_noise",
    "half_of_labels_wrong",
    "one_unit",
    "too_narrow",
}
"""Faults made for one of the nets before; the last four have a form for all nets here."""


@fault((), "underfitting")
def two_units(plan: Plan) -> None:
    plan.model = {
        "norm_letters": lambda: batch_normed(1, 0.0),
        "conv_requests": lambda: _through_two(Characters(32, 0.0), 32, 7),
        "gru_news": lambda: BothWays(1, 0.0),
        "patches_images": lambda: _through_two(Patches(32, 0.0), 32, 10),
        "dilated_electricity": lambda: dilated(1, 0.0),
        "mlp_crime": lambda: tower(crime()[0][0].shape[1], 1, 0.0, nn.ReLU),
        "elu_houses": lambda: tower(houses()[0][0].shape[1], 1, 0.0, nn.ELU),
    }[plan.net]()


def _through_two(made: Characters | Patches, width: int, outputs: int) -> nn.Module:
    made.head = nn.Sequential(nn.Linear(width, 2), nn.ReLU(), nn.Linear(2, outputs))
    return made


RATES = {
    "norm_letters": 5e-3,
    "conv_requests": 5e-3,
    "gru_news": 1e-2,
    "patches_images": 5e-3,
    "dilated_electricity": 3e-3,
    "mlp_crime": 1e-3,
    "elu_houses": 1e-3,
}
"""Of Adam."""


SEEN = """\
After that outliers and the very last of a training are called nothing, a layer whose first weights are many times the
others' is named (`weights-too-large`), and a second softmax in a loss of one's own is told further from its floor.
"""
INTRO = (
    "Written by `python -m benchmarks.training_faults.fourth`. Seven nets on data that no rule had seen, and faults",
    "drawn at random over them, fixed in fourth.py before the rules were mended that training_faults_third.md had",
    "shown to be weak. Scored once, with the mended rules; healthy, harmful, right and false alarm mean the same as",
    "in training_faults.md.",
)
FOURTH = further.FurtherSet(
    "fourth", 4, PLANS, model, RATES, further.drawn(20261122, NETS, PLACES, ELSEWHERE), INTRO, SEEN
)

if __name__ == "__main__":
    further.main(FOURTH, __doc__)
