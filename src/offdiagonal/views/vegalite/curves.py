"""Pictures of what the probabilities say: the histogram of confidence, and reliability curves."""

from __future__ import annotations

import math

from offdiagonal.views.calibration import TOP, Curve
from offdiagonal.views.confidence import ConfidenceSpec
from offdiagonal.views.text import amount, short
from offdiagonal.views.vegalite.style import (
    COLUMN,
    ERROR,
    LINE,
    MUTED,
    RIGHT,
    SPACING,
    Spec,
    by,
    heading,
    inline,
    literal,
    note,
    words,
)

PLOT = 200
HEIGHT = 140
WIDTH = (COLUMN - SPACING) // 2
"""With the numbers to the right of the plot."""
FOOT = 32


def confidence_chart(spec: ConfidenceSpec) -> Spec:
    """Draw how many rows have which confidence: wrong ones at the foot, right ones on top."""
    if spec.why:
        return note(heading("Confidence"), f"Absent: {spec.why}.", WIDTH)
    parts = (("wrong", spec.wrong, ERROR), ("right", spec.right, RIGHT), ("no label", spec.not_judged, LINE))
    most = _round_up(int((spec.wrong + spec.right + spec.not_judged).max()))
    rows, base = [], [0] * len(spec.wrong)
    for name, counts, fill in parts:
        for i, n in enumerate(counts.tolist()):
            span = {"from": base[i], "to": base[i] + n, "fill": fill, "part": name, "n": n}
            rows += [{"left": i, "right": i + 0.9, **span}] if n else []
            base[i] += n
    x, y = by("left", domain=[0, len(base)], range=[0, PLOT]), by("from", domain=[0, most], range=[HEIGHT, 6])
    tooltip = [{"field": name, "type": "nominal"} for name in ("part", "n")]
    bars = {"x": x, "x2": {"field": "right"}, "y": y, "y2": {"field": "to"}}
    lines = [{"from": n, "text": f"{n:,}"} for n in (0, most // 2, most)]
    without = f", {spec.without:,} without" if spec.without else ""
    hues = "orange = wrong, grey = right" + (", pale = no label" if spec.not_judged.any() else "")
    return {
        "title": heading("Confidence", amount(spec.n) + without, hues),
        "width": WIDTH,
        "height": HEIGHT + FOOT,
        "layer": [
            {
                "data": inline(lines),
                "mark": {"type": "rule", "color": LINE},
                "encoding": {"x": {"value": 0}, "x2": {"value": PLOT}, "y": y},
            },
            words(lines, PLOT + 6, y, align="left", color=MUTED),
            {
                "data": inline(rows),
                "mark": "rect",
                "encoding": {**bars, "color": literal("fill"), "tooltip": tooltip},
            },
            *_foot(["0", "0.5", "1"], "probability of the predicted class"),
        ],
    }


def _round_up(most: int) -> int:
    """An even, round number that is no less."""
    if most <= 2:
        return 2
    power = 10 ** (len(str(most)) - 1)
    steps = (power * k // 5 for k in (5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50))
    step = next(step for step in steps if step >= most)
    return int(step + step % 2)


def _foot(numbers: list[str], title: str) -> list[Spec]:
    """Numbers from end to end below a plot, and what they are."""
    aligned = zip(numbers, ["left", *["center"] * (len(numbers) - 2), "right"], strict=True)
    ticks = [
        words(text, PLOT * i / (len(numbers) - 1), HEIGHT + 11, align=align, color=MUTED)
        for i, (text, align) in enumerate(aligned)
    ]
    return [*ticks, words(title, PLOT / 2, HEIGHT + 26, align="center", color=MUTED)]


def curve_chart(curve: Curve, *, all_cells: bool = False) -> Spec:
    """Draw one reliability curve over the band in which a calibrated model's would lie.

    Parameters
    ----------
    curve
        What is drawn.
    all_cells
        Whether it is of all cells though some are selected: then it says so.
    """
    result = curve.result
    top = curve.of == TOP
    of = "the predicted class" if top else short(curve.of, 24)
    title = ("Calibration" if top else f"Calibration of {of}") + (", all cells" if all_cells else "")
    if result.mcb is None:
        few = note(heading(title, amount(result.n), "no curve below 10 labelled examples"), "", WIDTH)
        return few | {"height": HEIGHT + FOOT}
    lowest = math.floor(10 * min(*result.score, *result.curve, 0.9)) / 10
    x = by("score", domain=[lowest, 1], range=[0, PLOT])
    y = by("rate", domain=[lowest, 1], range=[HEIGHT, 6])
    names = ("score", "rate", "low", "high")
    points = zip(result.score, result.curve, result.low, result.high, strict=True)
    rows = [
        dict(zip(names, (round(max(value, lowest), 5) for value in point), strict=True)) for point in points
    ]
    # a curve of a few points says little between them
    dots: Spec = {"point": {"color": ERROR, "size": 24}} if len(rows) <= 12 else {}
    band = {"type": "area", "color": RIGHT, "opacity": 0.45}
    dashes = {"type": "line", "color": MUTED, "strokeDash": [3, 3], "strokeWidth": 1}
    line = {"type": "line", "color": ERROR, "strokeWidth": 2, **dots}
    tooltip = [{"field": name, "type": "quantitative"} for name in names]
    ends = [{"rate": end, "score": end, "text": f"{end:g}"} for end in (lowest, 1)]
    low_to_high = {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}
    return {
        "title": heading(title, *_terms(curve)),
        "width": WIDTH,
        "height": HEIGHT + FOOT,
        "layer": [
            {"data": inline(rows), "mark": band, "encoding": low_to_high},
            {"data": inline(ends), "mark": dashes, "encoding": {"x": x, "y": y}},
            {"data": inline(rows), "mark": line, "encoding": {"x": x, "y": y, "tooltip": tooltip}},
            words(ends, PLOT + 6, y, align="left", color=MUTED),
            words("share right" if top else f"share {of}", 0, 8, align="left", color=MUTED),
            *_foot([f"{end:g}" for end in (lowest, 1)], f"probability of {of}"),
        ],
    }


def _terms(curve: Curve) -> tuple[str, str]:
    """The miscalibration, beside what it would be if the model were calibrated."""
    result = curve.result
    return (
        f"miscalibration {result.mcb:.4f} · {amount(result.n)}",
        f"if calibrated {result.expected_mcb:.4f}, 95 % below {result.mcb_95:.4f}",
    )
