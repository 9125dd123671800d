"""An eighth set: twelve nets more, fixed before any of them was trained, and scored once.

``python -m benchmarks.training_faults.eighth`` writes training_faults_eighth.md as it was scored; with ``--present`` it
trains what is not kept yet and prints what the present rules have. All is done as in seventh.py.
"""

from __future__ import annotations

from torch import nn

from benchmarks.training_faults import fourth, further, seventh
from benchmarks.training_faults.eighth_nets import (
    PLANS,
    Reads,
    Window,
    accuracies,
    arrests,
    borrowers,
    contracts,
    courses,
    inputs,
    model,
    players,
    series,
    stops,
    votes,
)
from benchmarks.training_faults.fifth_nets import tower
from benchmarks.training_faults.nets import mlp
from benchmarks.training_faults.plan import Plan
from benchmarks.training_faults.registry import fault

NETS = tuple(PLANS)
WORDS = ("reads_sentences", "window_names")
NUMBERS = tuple(net for net in NETS if net not in WORDS)
FLAT = tuple(net for net in NUMBERS if net not in {"images_pairs", "series_weather", "deep_accuracies"})
REGRESSIONS = ("layer_players", "tanh_borrowers", "deep_accuracies", "series_weather")
CLASSIFIERS = tuple(net for net in NETS if net not in REGRESSIONS)
DENSE = ("mlp_courses", "mlp_votes")
BATCH_NORMED = ("batch_stops", "batch_contracts")
BY_SGD = ("mlp_courses", "batch_contracts", "series_weather")
PLACES = fourth.places_like(
    flat=FLAT,
    numbers=NUMBERS,
    regressions=REGRESSIONS,
    classifiers=CLASSIFIERS,
    by_sgd=BY_SGD,
    batch_normed=BATCH_NORMED,
    dense=DENSE,
) | {
    "augmentation_too_strong": (*NUMBERS, "reads_sentences"),
    "validation_inverted": ("images_pairs",),
    "every_word_unknown": WORDS,
}
ELSEWHERE = {*seventh.ELSEWHERE, "hardly_a_unit", "stale_running_statistics"}


@fault((), "underfitting")
def through_a_unit(plan: Plan) -> None:
    plan.model = {
        "batch_stops": lambda: tower(inputs(stops), 1, 2, 0.0, "batch"),
        "mlp_courses": lambda: mlp(inputs(courses), 1, 2, depth=1),
        "layer_players": lambda: seventh.through_one(inputs(players), 1),
        "tanh_arrests": lambda: tower(inputs(arrests), 1, 2, 0.0, "tanh"),
        "mlp_votes": lambda: mlp(inputs(votes), 1, 4, depth=1),
        "batch_contracts": lambda: tower(inputs(contracts), 1, 2, 0.0, "batch"),
        "tanh_borrowers": lambda: tower(inputs(borrowers), 1, 1, 0.0, "tanh"),
        "deep_accuracies": lambda: mlp(inputs(accuracies), 1, 1, depth=2),
        "series_weather": lambda: series(1, 0.0),
        "reads_sentences": lambda: Reads(1, 0.0),
        "window_names": lambda: Window(1, 0.0),
        "images_pairs": lambda: nn.Sequential(nn.Flatten(), nn.Linear(392, 1), nn.Tanh(), nn.Linear(1, 3)),
    }[plan.net]()


RATES = {
    "batch_stops": 3e-3,
    "mlp_courses": 2e-3,
    "layer_players": 3e-3,
    "tanh_arrests": 2e-3,
    "mlp_votes": 3e-3,
    "batch_contracts": 4e-3,
    "tanh_borrowers": 2e-3,
    "deep_accuracies": 3e-3,
    "series_weather": 3e-3,
    "reads_sentences": 5e-3,
    "window_names": 5e-3,
    "images_pairs": 2e-3,
}
"""Of Adam."""


SEEN = """\
After that less is said where outliers make a loss or a prior unsure, where dropout lifts the training loss, and of a
first loss that is low because the model was trained before: training_faults_at_random.md had shown it.
"""
INTRO = (
    "Written by `python -m benchmarks.training_faults.eighth`. Twelve nets on data that no rule had seen, and faults",
    "drawn at random over them, fixed in eighth.py before any of them was trained. The rules had been mended after",
    "training_faults_seventh.md and met none of these runs before they were scored, once; healthy, harmful, right and",
    "false alarm mean the same as in training_faults.md.",
)
EIGHTH = further.FurtherSet(
    "eighth", 8, PLANS, model, RATES, further.drawn(20261126, NETS, PLACES, ELSEWHERE), INTRO, SEEN
)

if __name__ == "__main__":
    further.main(EIGHTH, __doc__)
