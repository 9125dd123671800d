"""What a learning curve says to do next: data, capacity, or stop; and what that rules out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from offdiagonal.capacity.repeats import RowsTested, corrected, on_rows, within
from offdiagonal.capacity.target import TargetTest
from offdiagonal.findings import Finding
from offdiagonal.stats.measure import Measure

Floats = NDArray[np.float64]

MOSTLY = 0.5
"""Of the test error, or of what of it lies above the target: so large a part names the cause."""


def verdict(
    size: int,
    train: Floats,
    test: Floats,
    test_share: float,
    *,
    held: TargetTest | None = None,
    tested: RowsTested | None = None,
    unit: str = "error",
) -> Finding:
    """Tell high bias from high variance at the largest size, by train and test error.

    The error on test rows is what there is on the training rows, and the gap beyond it (Ng, CS 229, advice for
    applying machine learning). The first needs capacity, features or another optimiser; the second data,
    regularisation or fewer features. Neither is said where the test error cannot be told from the target (without
    one, from 0), nor where the noise leaves open which of the two is the larger part.

    Parameters
    ----------
    size
        Rows that were trained on.
    train, test
        Errors of the repeats.
    test_share
        Test rows over training rows.
    held
        The test error against the one that would be good enough.
    tested
        Of an error rate, the rows that were tested.
    unit
        What the errors are called.
    """
    on_train, gap = within(corrected(train, test_share), unit), corrected(test - train, test_share)
    on_test = within(on_rows(test, test_share, tested), unit)
    assert on_train.value is not None
    assert on_test.value is not None
    assert gap.value is not None
    said = (
        f"with {size:,} rows the {unit} is {_text(on_train)} on training rows and {_text(on_test)} on test rows, "
        f"a gap of {_text(gap)}, over {gap.n} repeats"
    )
    if held is not None and held.told and held.below:
        return _fine(said, held, unit)
    if held is not None:
        said += f"; the target is {held.target:.4g}"
    if held is not None and not held.told:
        return _open(
            f"The test {unit} cannot be told from the target of {held.target:.4g}",
            said,
            "the interval of the test error leaves out the target",
            more_rows=held.needed is None,
        )
    aim = 0.0 if held is None else held.target
    if on_test.low is None or on_test.high is None or on_test.low <= aim:
        return _open(
            f"The {unit} is neither clearly bias nor clearly variance",
            said,
            "the interval of the test error leaves out 0",
        )
    # How far the training error lies above the part of the test error that would name it; the rows that were tested
    # leave as much open as the interval of the test error says.
    over = corrected(train - aim - MOSTLY * (test - aim), test_share)
    assert over.low is not None
    assert over.high is not None
    lowest, highest = (on_train.value - aim - MOSTLY * (end - aim) for end in (on_test.high, on_test.low))
    if min(over.low, lowest) > 0:
        return _bias(said, on_train, on_test, unit, aim=aim, gap=gap)
    if gap.low is not None and gap.low > 0 and max(over.high, highest) < 0:
        return _variance(said, on_train, on_test, unit, aim=aim, gap=gap)
    return _open(
        f"The {unit} is neither clearly bias nor clearly variance",
        said,
        "the noise leaves no doubt whether half of the test error is there on the training rows",
    )


def _open(title: str, said: str, until: str, *, more_rows: bool = False) -> Finding:
    what = "more rows" if more_rows else "more repeats, or more test rows,"
    return Finding(
        "no-clear-cause",
        "model",
        title,
        evidence=said,
        try_next=(f"Take {what} before changing the model.",),
        confirm_by=f"{until[0].upper()}{until[1:]}.",
        theory="What the noise does not tell apart may be chance. A change made on it would be chosen by chance.",
    )


def _part(of: float, error: float, aim: float, unit: str) -> str:
    """A share, and of what it is."""
    whole = f"the test {unit} of {error:.3g}"
    if aim:
        whole = f"the {error - aim:.3g} that the test {unit} lies above the target"
    return f"{100 * of / (error - aim):.0f} % of {whole}"


def _fine(said: str, held: TargetTest, unit: str) -> Finding:
    return Finding(
        "good-enough",
        "model",
        f"The test {unit} is below the target: stop here",
        certainty="confirmed",
        effect=held.estimate,
        evidence=f"{said}; the whole interval lies below the target of {held.target:.4g}",
        rules_out=("more data, capacity and regularisation: each costs and none is needed",),
        try_next=("Look at slices and at calibration before shipping; an average hides both.",),
        confirm_by="The same on rows that were not used to choose anything.",
        theory="Work on a model ends where its error no longer matters. The target says where that is.",
    )


def _variance(
    said: str, on_train: Measure, on_test: Measure, unit: str, *, aim: float, gap: Measure
) -> Finding:
    assert on_train.value is not None
    assert on_test.value is not None
    told = f"training rows reach the target of {aim:.4g}, test rows do not"
    if on_train.value > aim or not aim:
        told = f"{_part(on_test.value - max(on_train.value, aim), on_test.value, aim, unit)} is the gap"
    return Finding(
        "high-variance",
        "model",
        f"The model fits its training rows better than others: {told}",
        certainty="likely",
        effect=gap,
        evidence=said,
        causes=(
            "too few rows for this many parameters",
            "too little regularisation",
            "features that are noise",
            "rows of one group on both sides of the split would hide more of it",
        ),
        rules_out=(
            "a lack of capacity",
            "a lack of features",
            "an optimiser that does not get to the minimum",
        ),
        try_next=(
            "Extrapolate the curve to see what more rows would give.",
            "Regularise more, or take fewer features.",
        ),
        confirm_by="With more rows or more regularisation the gap shrinks and the test error falls.",
        theory=(
            "A model with much freedom also learns what is chance in its training rows. "
            "The chance of other rows differs, so the error there is larger, and less so the more rows there are."
        ),
    )


def _bias(said: str, on_train: Measure, on_test: Measure, unit: str, *, aim: float, gap: Measure) -> Finding:
    assert on_train.value is not None
    assert on_test.value is not None
    part = f"All of the test {unit}"
    if on_train.value < on_test.value:
        part = _part(on_train.value - aim, on_test.value, aim, unit)
    gap_sure = gap.low is not None and gap.low > 0
    return Finding(
        "high-bias",
        "model",
        f"{part} is there on the training rows already",
        certainty="likely",
        effect=on_train,
        evidence=said,
        causes=(
            "too little capacity",
            "features that do not tell what is asked",
            "an optimiser that stops too early",
            "labels that contradict each other",
            "too much regularisation",
        ),
        rules_out=(
            "a lack of rows" + (", for the most part" if gap_sure else ""),
            "too little regularisation",
        ),
        try_next=(
            "Give the model more capacity or better features; see whether the training error falls.",
            "Look at the labels of training rows that stay wrong.",
        ),
        confirm_by="A larger model, or one feature more, lowers the training error itself.",
        theory=(
            "What a model cannot fit on the rows that it saw, it cannot get right on others. "
            "More rows of the same kind change that little."
        ),
    )


def _text(measure: Measure) -> str:
    if measure.value is None:
        return "unknown"
    if measure.low is None or measure.high is None:
        return f"{measure.value:.3g}"
    return f"{measure.value:.3g} [{measure.low:.3g}, {measure.high:.3g}]"
