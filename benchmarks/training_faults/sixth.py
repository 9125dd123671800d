"""A sixth set: twelve nets more, fixed before the rules that it judges were mended, and scored once.

``python -m benchmarks.training_faults.sixth`` writes training_faults_sixth.md as it was scored; with ``--present`` it
trains what is not kept yet and prints what the present rules have. All is done as in fourth.py, over twelve nets, for
false alarms go by nets.
"""

from __future__ import annotations

from torch import nn

from benchmarks.training_faults import fourth, further
from benchmarks.training_faults.fifth_nets import tower
from benchmarks.training_faults.nets import mlp
from benchmarks.training_faults.plan import Plan
from benchmarks.training_faults.registry import fault
from benchmarks.training_faults.sixth_nets import (
    PLANS,
    Over,
    Words,
    bank,
    cells,
    census,
    compas,
    inputs,
    loans,
    model,
    prices,
    shuttle,
    students,
    wages,
)

NETS = tuple(PLANS)
WORDS = ("mean_wires", "mean_reviews")
NUMBERS = tuple(net for net in NETS if net not in WORDS)
FLAT = tuple(net for net in NUMBERS if not net.startswith("gru"))
REGRESSIONS = ("mlp_wages", "layer_pupils", "gru_prices")
CLASSIFIERS = tuple(net for net in NETS if net not in REGRESSIONS)
DENSE = ("mlp_wages", "mlp_shuttle")
BATCH_NORMED = ("batch_compas", "batch_cells")
BY_SGD = ("mlp_wages", "mlp_shuttle", "batch_cells", "tanh_loans")
PLACES = fourth.places_like(
    flat=FLAT,
    numbers=NUMBERS,
    regressions=REGRESSIONS,
    classifiers=CLASSIFIERS,
    by_sgd=BY_SGD,
    batch_normed=BATCH_NORMED,
    dense=DENSE,
) | {
    "augmentation_too_strong": (*NUMBERS, *WORDS),
    "validation_inverted": ("gru_rows",),
    "every_word_unknown": WORDS,
}
ELSEWHERE = {*fourth.ELSEWHERE, "two_units", "a_unit_or_two"}


@fault((), "underfitting")
def one_unit_wide(plan: Plan) -> None:
    plan.model = {
        "batch_compas": lambda: tower(inputs(compas), 1, 2, 0.0, "batch"),
        "tanh_bank": lambda: tower(inputs(bank), 1, 2, 0.0, "tanh"),
        "mlp_wages": lambda: mlp(inputs(wages), 1, 1, depth=1),
        "layer_pupils": lambda: nn.Sequential(nn.Linear(inputs(students), 1), nn.Tanh(), nn.Linear(1, 1)),
        "mlp_shuttle": lambda: mlp(inputs(shuttle), 1, 7, depth=1),
        "batch_cells": lambda: tower(inputs(cells), 1, 2, 0.0, "batch"),
        "tanh_loans": lambda: tower(inputs(loans), 1, 2, 0.0, "tanh"),
        "layer_census": lambda: nn.Sequential(nn.Linear(inputs(census), 1), nn.Tanh(), nn.Linear(1, 2)),
        "gru_prices": lambda: Over(inputs(prices), 1, 1),
        "mean_wires": lambda: Words(1, 52, 0.0),
        "mean_reviews": lambda: Words(1, 2, 0.0),
        "gru_rows": lambda: Over(28, 1, 10),
    }[plan.net]()


RATES = {
    "batch_compas": 2e-3,
    "tanh_bank": 2e-3,
    "mlp_wages": 2e-3,
    "layer_pupils": 1e-3,
    "mlp_shuttle": 5e-3,
    "batch_cells": 2e-3,
    "tanh_loans": 2e-3,
    "layer_census": 2e-3,
    "gru_prices": 5e-3,
    "mean_wires": 2e-2,
    "mean_reviews": 6e-3,
    "gru_rows": 5e-3,
}
"""Of Adam."""


SEEN = """\
After that the error of a prior that is estimated from labels is known, and nothing is said where it is too large;
labels of all first steps are counted, where they were counted at the looks alone; heavy tails and gaps of small data
are called less.
"""
INTRO = (
    "Written by `python -m benchmarks.training_faults.sixth`. Twelve nets on data that no rule had seen, most of them",
    "tables of people's doings, of which no model learns much, and faults drawn at random over them, fixed in sixth.py",
    "before the rules were mended that training_faults_fifth.md had shown to be weak. Scored once, with the mended",
    "rules; healthy, harmful, right and false alarm mean the same as in training_faults.md.",
)
SIXTH = further.FurtherSet(
    "sixth", 6, PLANS, model, RATES, further.drawn(20261124, NETS, PLACES, ELSEWHERE), INTRO, SEEN
)

if __name__ == "__main__":
    further.main(SIXTH, __doc__)
