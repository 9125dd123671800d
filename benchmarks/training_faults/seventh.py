"""A seventh set: twelve nets more, fixed before any of them was trained, and scored once.

``python -m benchmarks.training_faults.seventh`` writes training_faults_seventh.md as it was scored; with
``--present`` it trains what is not kept yet and prints what the present rules have. All is done as in fourth.py, over
twelve nets, for false alarms go by nets.
"""

from __future__ import annotations

from torch import nn

from benchmarks.training_faults import fourth, further
from benchmarks.training_faults.fifth_nets import tower
from benchmarks.training_faults.nets import mlp
from benchmarks.training_faults.plan import Plan
from benchmarks.training_faults.registry import fault
from benchmarks.training_faults.seventh_nets import (
    PLANS,
    Together,
    caravans,
    customers,
    deep,
    delays,
    images,
    incomes,
    inputs,
    jobs,
    mail,
    model,
    opinions,
    salaries,
    series,
)

NETS = tuple(PLANS)
WORDS = ("together_wishes",)
NUMBERS = tuple(net for net in NETS if net not in WORDS)
FLAT = tuple(net for net in NUMBERS if net not in {"images_strokes", "series_demands", "deep_letters"})
REGRESSIONS = ("layer_salaries", "mlp_delays", "series_demands")
CLASSIFIERS = tuple(net for net in NETS if net not in REGRESSIONS)
DENSE = ("mlp_customers", "mlp_incomes", "mlp_delays")
BATCH_NORMED = ("batch_mail", "batch_jobs")
BY_SGD = ("mlp_customers", "mlp_incomes", "images_strokes")
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
    "validation_inverted": ("images_strokes",),
    "every_word_unknown": WORDS,
    "stale_running_statistics": ("images_strokes",),
}
ELSEWHERE = {*fourth.ELSEWHERE, "two_units", "a_unit_or_two", "one_unit_wide"} - {"stale_running_statistics"}


@fault((), "underfitting")
def hardly_a_unit(plan: Plan) -> None:
    plan.model = {
        "batch_mail": lambda: tower(inputs(mail), 1, 2, 0.0, "batch"),
        "layer_caravans": lambda: through_one(inputs(caravans), 2),
        "tanh_opinions": lambda: tower(inputs(opinions), 1, 3, 0.0, "tanh"),
        "mlp_customers": lambda: mlp(inputs(customers), 1, 2, depth=1),
        "batch_jobs": lambda: tower(inputs(jobs), 1, 4, 0.0, "batch"),
        "mlp_incomes": lambda: mlp(inputs(incomes), 1, 9, depth=1),
        "layer_salaries": lambda: through_one(inputs(salaries), 1),
        "mlp_delays": lambda: mlp(inputs(delays), 1, 1, depth=1),
        "together_wishes": lambda: Together(4, 0.0),
        "deep_letters": lambda: deep(2, 0.0),
        "images_strokes": lambda: images(1, 0.0),
        "series_demands": lambda: series(1, 0.0),
    }[plan.net]()


def through_one(wide: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(wide, 1), nn.Tanh(), nn.Linear(1, outputs))


RATES = {
    "batch_mail": 3e-3,
    "layer_caravans": 1e-3,
    "tanh_opinions": 3e-3,
    "mlp_customers": 3e-3,
    "batch_jobs": 5e-3,
    "mlp_incomes": 4e-3,
    "layer_salaries": 3e-3,
    "mlp_delays": 3e-3,
    "together_wishes": 3e-3,
    "deep_letters": 3e-3,
    "images_strokes": 4e-3,
    "series_demands": 3e-3,
}
"""Of Adam."""


SEEN = """\
After that a model is called too small by its losses alone only where 85 % of what a model that knows nothing has are
left: 18 of the 27 alarms were of nine ranges of income, of which no model tells much.
"""
INTRO = (
    "Written by `python -m benchmarks.training_faults.seventh`. Twelve nets on data that no rule had seen, and faults",
    "drawn at random over them, fixed in seventh.py before any of them was trained. The rules had been mended after",
    "training_faults_sixth.md and met none of these runs before they were scored, once; healthy, harmful, right and",
    "false alarm mean the same as in training_faults.md.",
)
SEVENTH = further.FurtherSet(
    "seventh", 7, PLANS, model, RATES, further.drawn(20261125, NETS, PLACES, ELSEWHERE), INTRO, SEEN
)

if __name__ == "__main__":
    further.main(SEVENTH, __doc__)
