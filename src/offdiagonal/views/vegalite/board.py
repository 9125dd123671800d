"""The picture of one view, or of several as one board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from offdiagonal.views.calibration import CalibrationSpec
from offdiagonal.views.confidence import ConfidenceSpec
from offdiagonal.views.confusion import ConfusionSpec
from offdiagonal.views.distribution import DistributionSpec
from offdiagonal.views.findings import FindingsSpec
from offdiagonal.views.header import HeaderSpec
from offdiagonal.views.losses import LossesSpec
from offdiagonal.views.measures import MeasuresSpec
from offdiagonal.views.pairs import PairsSpec
from offdiagonal.views.scatter import ScatterSpec
from offdiagonal.views.slices import SlicesSpec
from offdiagonal.views.summary import score_lines
from offdiagonal.views.text import short
from offdiagonal.views.vegalite.confusion import confusion_chart, many
from offdiagonal.views.vegalite.curves import confidence_chart, curve_chart
from offdiagonal.views.vegalite.distribution import distribution_chart
from offdiagonal.views.vegalite.examples import examples_chart
from offdiagonal.views.vegalite.findings import findings_chart
from offdiagonal.views.vegalite.losses import losses_chart
from offdiagonal.views.vegalite.measures import measures_charts
from offdiagonal.views.vegalite.scatter import scatter_chart
from offdiagonal.views.vegalite.slices import WIDTH as RIGHT
from offdiagonal.views.vegalite.slices import slices_chart
from offdiagonal.views.vegalite.squares import confusions_chart
from offdiagonal.views.vegalite.style import Spec, card, heading, note

LISTED, WIDE = 12, 460
"""The list that stands in place of a matrix: how many pairs, and how wide."""


def board_chart(
    header: HeaderSpec,
    *,
    confusion: ConfusionSpec | PairsSpec | None = None,
    slices: SlicesSpec | None = None,
    confidence: ConfidenceSpec | None = None,
    calibration: CalibrationSpec | None = None,
    distribution: DistributionSpec | None = None,
    losses: LossesSpec | None = None,
    scatter: ScatterSpec | None = None,
    examples: Sequence[Mapping[str, str]] | None = None,
    examples_of: str = "",
    findings: FindingsSpec | None = None,
    measures: MeasuresSpec | None = None,
    absent: str = "",
) -> Spec:
    """Draw the views that are given as one Vega-Lite spec over aggregated data.

    Parameters
    ----------
    header
        What stands above them.
    confusion, slices, confidence, calibration, distribution, losses, scatter
        Views. On a board those without probabilities are left out; alone they say why.
    examples, examples_of
        Rows that may be shown, as `examples_chart` takes them, and which ones they are.
    findings
        What was found wrong, below all views.
    measures
        Measures, below what is counted.
    absent
        What to say where nothing is left to draw.
    """
    listed = [confusions_chart(confusion, LISTED, WIDE)] if isinstance(confusion, PairsSpec) else []
    if isinstance(confusion, PairsSpec):
        confusion = None
    upper = [confusion_chart(confusion)] if confusion else listed
    crowded = bool(listed) or (confusion is not None and many(confusion))
    right = [slices_chart(slices, most=6 if crowded else 8)] if slices and slices.rated else []
    lower = [confidence_chart(confidence)] if confidence and not confidence.why else []
    if calibration:
        lower += [curve_chart(curve, all_cells=calibration.all_cells) for curve in calibration.curves]
    if losses:
        lower.append(losses_chart(losses))
    if confusion and (crowded or not right):
        right = [*_pairs(confusion, 8), *right]
    elif confusion and len(lower) < 3:
        (lower or right).extend(_pairs(confusion, 5))
    if distribution:
        right = [*right, distribution_chart(distribution)]
    if scatter:
        right = [*right, scatter_chart(scatter)]
    upper += right if len(right) < 2 else [{"vconcat": right}]
    own = [] if measures is None else measures_charts(measures)
    last = [] if examples is None else [examples_chart(examples, examples_of)]
    below = [] if findings is None else [findings_chart(findings)]
    rows = [row for row in (upper, lower, own, last, below) if row]
    return _picture(header, rows or [[_absent(slices, confidence, calibration, absent)]])


def _pairs(confusion: ConfusionSpec, most: int) -> list[Spec]:
    """The list of confusions, where it says more than the matrix does."""
    if len(confusion.confusions) <= 2:
        return []
    return [confusions_chart(confusion, most, RIGHT)]


def _absent(
    slices: SlicesSpec | None,
    confidence: ConfidenceSpec | None,
    calibration: CalibrationSpec | None,
    absent: str,
) -> Spec:
    if slices:
        return slices_chart(slices)
    if confidence:
        return confidence_chart(confidence)
    if calibration:
        return note(heading("Calibration"), f"Absent: {calibration.why}.", RIGHT)
    return note(heading("Matrix" if absent else ""), absent, RIGHT)


def _picture(header: HeaderSpec, rows: list[list[Spec]]) -> Spec:
    """A card of views in rows, below the name and the measures of the model."""
    title = {
        "text": short(header.name, 80),
        "subtitle": score_lines(header),
        "fontSize": 16,
        "subtitleFontSize": 12,
        "offset": 18,
    }
    content = [row[0] if len(row) == 1 else {"hconcat": row, "bounds": "flush"} for row in rows]
    return card({"title": title, "vconcat": content})
