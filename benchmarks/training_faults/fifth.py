"""A fifth set: seven nets more, fixed before the rules that it judges were mended, and scored once.

``python -m benchmarks.training_faults.fifth`` writes training_faults_fifth.md as it was scored; with ``--present`` it
trains what is not kept yet and prints what the present rules have. All is done as in fourth.py.
"""

from __future__ import annotations

from torch import nn

from benchmarks.training_faults import fourth, further
from benchmarks.training_faults.fifth_nets import PLANS, Last, Mean, checks, model, pooled, tower
from benchmarks.training_faults.nets import mlp
from benchmarks.training_faults.plan import Plan
from benchmarks.training_faults.registry import fault

NETS = tuple(PLANS)
FLAT = ("tanh_satellite", "norm_credit", "gelu_trains", "mlp_checks")
WORDS = ("mean_groups", "lstm_intents")
NUMBERS = (*FLAT, "pooled_images")
REGRESSIONS = ("gelu_trains", "mlp_checks")
CLASSIFIERS = tuple(net for net in NETS if net not in REGRESSIONS)
PLACES = fourth.places_like(
    flat=FLAT,
    numbers=NUMBERS,
    regressions=REGRESSIONS,
    classifiers=CLASSIFIERS,
    by_sgd=("tanh_satellite", "mlp_checks"),
    batch_normed=("norm_credit",),
    dense=("mlp_checks",),
) | {
    "augmentation_too_strong": (*NUMBERS, *WORDS),
    "validation_inverted": ("pooled_images",),
    "every_word_unknown": WORDS,
}
ELSEWHERE = {*fourth.ELSEWHERE, "two_units"}


@fault((), "underfitting")
def a_unit_or_two(plan: Plan) -> None:
    plan.model = {
        "tanh_satellite": lambda: tower(36, 1, 6, 0.0, "tanh"),
        "mean_groups": lambda: Mean(1, 0.0),
        "lstm_intents": lambda: Last(1, 0.0),
        "norm_credit": lambda: tower(23, 1, 2, 0.0, "batch"),
        "gelu_trains": lambda: nn.Sequential(nn.Linear(48, 1), nn.Tanh(), nn.Linear(1, 1)),
        "mlp_checks": lambda: mlp(checks()[0][0].shape[1], 1, 1, depth=1),
        "pooled_images": lambda: pooled(1, 0.0),
    }[plan.net]()


RATES = {
    "tanh_satellite": 4e-3,
    "mean_groups": 8e-3,
    "lstm_intents": 1e-2,
    "norm_credit": 3e-3,
    "gelu_trains": 3e-3,
    "mlp_checks": 3e-3,
    "pooled_images": 3e-3,
}
"""Of Adam."""


SEEN = """\
After that no model is called too small on data of two classes or of amounts, which may leave most of the loss to the
best of models, and a plateau has to be left by more than noise.
"""
INTRO = (
    "Written by `python -m benchmarks.training_faults.fifth`. Seven nets on data that no rule had seen, and faults",
    "drawn at random over them, fixed in fifth.py before the rules were mended that training_faults_fourth.md had",
    "shown to be weak. Scored once, with the mended rules; healthy, harmful, right and false alarm mean the same as",
    "in training_faults.md.",
)
FIFTH = further.FurtherSet(
    "fifth", 5, PLANS, model, RATES, further.drawn(20261123, NETS, PLACES, ELSEWHERE), INTRO, SEEN
)

if __name__ == "__main__":
    further.main(FIFTH, __doc__)
