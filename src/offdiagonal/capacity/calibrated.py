"""Whether the probabilities of an estimator mean what they say, over repeats: one leaf of the verdict tree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.capacity.repeats import corrected
from offdiagonal.findings import Finding
from offdiagonal.stats.calibration import corp
from offdiagonal.stats.measure import Measure

Floats = NDArray[np.float64]

BINS = 200
NUMBERS = 5
UNKNOWN = (math.nan,) * NUMBERS
MANY = 1000
"""From so many rows on, an isotonic calibrator has enough of them; a sigmoid needs fewer."""


def miscalibration(fitted: Any, X: Any, y: Any) -> tuple[float, ...]:
    """What is wrong with the probabilities on rows that were not trained on.

    Of two classes the probability of the second is judged, of more that of the predicted class.

    Returns
    -------
    tuple
        The miscalibration (CORP, a part of the Brier score) beyond what perfect probabilities would show with these
        rows; the mean confidence; the share that is right; the mean of the probability that is judged; how often
        what it is of is so. NaN where there are fewer than ten rows, or several outputs.
    """
    labels = np.asarray(y)
    if labels.ndim != 1:  # several outputs have an array of probabilities each
        return UNKNOWN
    given, classes = np.asarray(fitted.predict_proba(X), dtype=float), np.asarray(fitted.classes_)
    if given.ndim != 2 or not np.isfinite(given).all():
        return UNKNOWN
    top = given.argmax(axis=1)
    right = classes[top] == labels
    score, event = (given[:, 1], labels == classes[1]) if len(classes) == 2 else (given.max(axis=1), right)
    # On the edges themselves, so that a share that is one falls into the bin that it begins.
    place = np.clip(np.searchsorted(np.arange(BINS + 1) / BINS, score, side="right") - 1, 0, BINS - 1)
    found = corp(np.bincount(place, minlength=BINS), np.bincount(place[event], minlength=BINS))
    if found.mcb is None or found.expected_mcb is None:
        return UNKNOWN
    confidence = float(given[np.arange(len(top)), top].mean())
    ends = (confidence, float(right.mean()), float(score.mean()), float(event.mean()))
    return found.mcb - found.expected_mcb, *ends


@dataclass(frozen=True)
class Calibrated:
    """What repeats say of the probabilities at the largest size."""

    excess: Measure
    """Miscalibration beyond chance."""
    confidence: Measure
    right: Measure
    gap: Measure
    """Confidence less the share that is right."""
    judged: Measure
    """The probability that is judged: of two classes that of the second, else the confidence."""
    so: Measure
    """How often what it is of is so."""
    lean: Measure
    """The first of these less the second."""
    rows: int
    """That were trained on."""

    @property
    def off(self) -> bool:
        """Whether the miscalibration is more than chance."""
        return self.excess.low is not None and self.excess.low > 0

    @property
    def side(self) -> str:
        """To which side, by the larger of the gaps that are told; empty where none is."""
        sides = (
            (self.lean, "too high", "too low"),
            (self.gap, "over-confident", "under-confident"),
        )
        told = [
            (abs(gap.value), above if gap.value > 0 else below)
            for gap, above, below in (sides if self.lean != self.gap else sides[1:])
            if gap.value is not None and gap.low is not None and gap.high is not None
            if gap.low > 0 or gap.high < 0
        ]
        return max(told)[1] if told else ""

    def text(self) -> str:
        """In one sentence, with its numbers."""
        if self.excess.value is None:
            return "calibration: unknown, there are fewer than ten test rows or two repeats"
        if not self.off:
            low, high = self.excess.low, self.excess.high
            if low is None or high is None or high <= max(0.0, low):
                return f"calibration: nothing beyond chance over {self.excess.n} repeats"
            return (
                f"calibration: nothing beyond chance; off by at most {_points(high)} points "
                f"(root mean square, 95 % over {self.excess.n} repeats)"
            )
        ends = f"[{_points(self.excess.low)}, {_points(self.excess.high)}]"
        return f"calibration: off by {_points(self.excess.value)} points {ends} (root mean square, beyond chance)"


def calibrated(numbers: Floats, rows: int, test_share: float) -> Calibrated:
    """Sum up the numbers of repeats, with intervals that allow for the rows that they share.

    Parameters
    ----------
    numbers
        (repeats, 5), as of ``miscalibration``.
    rows
        That were trained on.
    test_share
        Test rows over training rows.

    Examples
    --------
    >>> import numpy as np
    >>> numbers = np.array([[0.04, 0.9, 0.7], [0.05, 0.92, 0.71], [0.045, 0.91, 0.7]])[:, [0, 1, 2, 1, 2]]
    >>> found = calibrated(numbers, 300, 0.33)
    >>> found.off, finding(found).title
    (True, 'The model is over-confident: it says 91.0 % on average and is right in 70.3 %')
    """
    excess, confidence, right, judged, so = (corrected(column, test_share) for column in numbers.T)
    gap, lean = (corrected(numbers[:, i] - numbers[:, i + 1], test_share) for i in (1, 3))
    return Calibrated(excess, confidence, right, gap, judged, so, lean, rows)


def finding(found: Calibrated) -> Finding | None:
    """What to do about it; None where nothing is off beyond chance."""
    if not found.off:
        return None
    assert found.confidence.value is not None
    assert found.right.value is not None
    assert found.judged.value is not None
    assert found.so.value is not None
    said = f"says {100 * found.confidence.value:.1f} % on average and is right in {100 * found.right.value:.1f} %"
    side = found.side
    over, under = side == "over-confident", side == "under-confident"
    title = "The probabilities are off; the repeats do not tell to which side"
    if over or under:
        title = f"The model is {side}: it {said}"
    elif side:
        lean = f"{100 * found.judged.value:.1f} % on average, where {100 * found.so.value:.1f} % are of it"
        title = f"The probability of the second class is {side}: {lean}"
    kind = "isotonic" if found.rows >= MANY else "sigmoid"
    return Finding(
        "calibration-off",
        "model",
        title,
        certainty="confirmed",
        effect=found.excess,
        evidence=f"{found.text()}; it {said}, over {found.excess.n} repeats",
        causes=(
            *(
                ("it learnt its training rows by heart, and takes its score on them for its score",)
                if over
                else ()
            ),
            *(("it averages many models, or is regularised much",) if under else ()),
            "its scores were never meant as probabilities",
            "classes were weighted or resampled in training",
        ),
        rules_out=("chance in these test rows",),
        try_next=(
            f"Calibrate on rows of its own: CalibratedClassifierCV(model, method='{kind}').",
            *(("Regularise more: that makes scores less extreme.",) if over else ()),
            "Until then use its order, not its probabilities: no thresholds or expected costs of them.",
        ),
        confirm_by="The same curve of the calibrated estimator: the miscalibration is no longer beyond chance.",
        theory=(
            "Of the rows that get 80 %, 80 % should be so. An error rate does not show it: a model may rank and decide "
            "well and still say probabilities that nobody should count with."
        ),
    )


def _points(part_of_brier: float | None) -> str:
    """How far probabilities are off, as root of the mean square, in points."""
    return f"{100 * math.sqrt(max(0.0, part_of_brier or 0.0)):.1f}"
