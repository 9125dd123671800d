"""An output in five lines of plain text: what a terminal and LaTeX show."""

from __future__ import annotations

from offdiagonal.stats.measure import MIN_N
from offdiagonal.views.confusion import Confusion, ConfusionSpec
from offdiagonal.views.findings import FindingsSpec
from offdiagonal.views.header import HeaderSpec, Scores
from offdiagonal.views.pairs import PairsSpec
from offdiagonal.views.slices import SliceRow, SlicesSpec
from offdiagonal.views.text import amount, difference_texts, percent, rate_texts, score_texts, short, together

PAIRS = 5
TITLES = 2
SLICES = 3


def summary(
    header: HeaderSpec,
    confusion: ConfusionSpec | PairsSpec | None,
    slices: SlicesSpec | None,
    saved: str = "",
    view: str = "board",
    findings: FindingsSpec | None = None,
) -> str:
    """Say in five lines what the picture shows.

    Parameters
    ----------
    header, confusion, slices
        The numbers; what belongs to private columns is left out.
    saved
        What is saved with the output.
    view
        Which view the lines stand for.
    findings
        What was found wrong.
    """
    pairs = _pairs(confusion.confusions[:PAIRS]) if confusion else "not in this view"
    worst = _worst(slices.worst(SLICES)) if slices else "not in this view"
    rate = slices.rate_name if slices else "error rate"
    if header.loss:
        return _of_loss(header, slices, saved, view)
    if not header.model:
        return _before(header, slices, saved, view)
    last = f"{_found(findings)}{saved.rstrip('.') + '. ' if saved else ''}Run the cell for the live view."
    return "\n".join(
        [
            f"{short(header.name, 80)} · {view} · {amount(header.classes, 'class', 'classes')}",
            "; ".join(score_lines(header)),
            f"Top confusions, label → predicted: {pairs}",
            f"Worst slices, {rate} and difference to the rest: {worst}",
            last,
        ]
    )


def _found(findings: FindingsSpec | None) -> str:
    """The first findings, before what is saved."""
    if findings is None or not findings.found:
        return ""
    titles = [short(item.finding.title, 100) for item in findings.found]
    more = f" · {len(titles) - TITLES} more" if len(titles) > TITLES else ""
    return f"Found: {' · '.join(titles[:TITLES])}{more}. "


def _of_loss(header: HeaderSpec, slices: SlicesSpec | None, saved: str, view: str) -> str:
    """The lines of examples that are not right or wrong."""
    worst = _worst(slices.worst(SLICES)) if slices else "not in this view"
    rate = slices.rate_name if slices else "mean"
    return "\n".join(
        [
            f"{short(header.name, 80)} · {view} · {amount(header.whole.n)}",
            "; ".join(score_lines(header)),
            f"Worst slices, {rate} and difference to the rest: {worst}",
            f"{saved.rstrip('.') + '. ' if saved else ''}Run the cell for the live view.",
        ]
    )


def _before(header: HeaderSpec, slices: SlicesSpec | None, saved: str, view: str) -> str:
    """The lines of examples that no model has seen."""
    found = _worst(slices.worst(SLICES)) if slices and slices.of else "no labels to compare by"
    rate = slices.rate_name if slices else ""
    classes = amount(header.classes, "class", "classes") if header.classes else "no labels"
    return "\n".join(
        [
            f"{short(header.name, 80)} · {view} · {classes}",
            "; ".join(score_lines(header)),
            "No predictions yet: dataset.evaluate(prediction=...) shows where a model is wrong.",
            f"Slices above the rest, {rate} and difference: {found}" if rate else f"Slices: {found}",
            f"{saved.rstrip('.') + '. ' if saved else ''}Run the cell for the live view.",
        ]
    )


def score_lines(header: HeaderSpec) -> list[str]:
    """The measures of all rows, and of the selection where it leaves rows out.

    ``accuracy 88.8 % [87.7, 89.9] · 3,080 examples``
    """
    without = ""
    if header.left_out:
        clauses = "1 clause that is" if header.left_out == 1 else f"{header.left_out} clauses that are"
        without = f" without {clauses} seen live only"
    if header.filtered:
        selected = [f"selected{',' if without else ''}{without}: {_scores(header.selected)}"]
    else:
        selected = [f"all rows,{without}"] if without else []
    split = "" if header.split is None else f"{short(header.split, 60)}: "
    return [split + _scores(header.whole), *selected]


def rows_text(scores: Scores) -> str:
    """How many rows, how many of them without a label, and whether that is too few for rates."""
    unjudged = scores.n - scores.judged
    few = f", no rates below {MIN_N}" if scores.judged < MIN_N else ""
    return amount(scores.n) + (f", {unjudged:,} without a label" if unjudged else "") + few


def _scores(scores: Scores) -> str:
    texts = [f"{score.name} {together(score_texts(score.measure))}" for score in scores.measures]
    return " · ".join([*texts, rows_text(scores)])


def _pairs(pairs: tuple[Confusion, ...]) -> str:
    return " · ".join(_pair(pair) for pair in pairs) or "none"


def _pair(pair: Confusion) -> str:
    share = "" if pair.share.value is None else f" ({percent(pair.share.value)} of {pair.share.n:,})"
    return f"{short(pair.label)} → {short(pair.prediction)} {pair.n:,}{share}"


def _worst(rows: tuple[SliceRow, ...]) -> str:
    return " · ".join(map(_slice, rows)) or "none"


def _slice(row: SliceRow) -> str:
    rate, difference = together(rate_texts(row.rate)), together(difference_texts(row.difference))
    return f"{short(row.text)} {rate}, {difference}, n {row.n:,}"
