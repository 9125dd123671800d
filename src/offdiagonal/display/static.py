"""The static form of an output: what is left where scripts are stripped, and where nothing runs.

It must read well with every style, class and script removed: so headings, tables and one picture, and all
that the picture shows said once more in text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from offdiagonal.display.html import heading_html, picture_html, table_html, text_html
from offdiagonal.stats.measured import Measured
from offdiagonal.views.charted import ChartStill
from offdiagonal.views.confusion import ConfusionSpec
from offdiagonal.views.findings import FindingsSpec
from offdiagonal.views.header import HeaderSpec
from offdiagonal.views.measures import MeasuresSpec, measured_difference, measured_texts
from offdiagonal.views.pairs import PairsSpec
from offdiagonal.views.slices import SlicesSpec
from offdiagonal.views.summary import rows_text, score_lines
from offdiagonal.views.text import difference_texts, rate_texts, score_texts, short

MOST = 10
WORST = 3
NAME_LETTERS, TEXT_LETTERS = 80, 200


def static_html(
    header: HeaderSpec,
    confusion: ConfusionSpec | PairsSpec | None = None,
    slices: SlicesSpec | None = None,
    *,
    png: bytes | None = None,
    errors: Sequence[Mapping[str, str]] | None = None,
    findings: FindingsSpec | None = None,
    measures: MeasuresSpec | None = None,
    view: str = "board",
    saved: str = "",
    charts: Sequence[ChartStill] = (),
) -> str:
    """Say in a picture and in tables what an output shows.

    Parameters
    ----------
    header
        Name and measures.
    confusion, slices
        Where given, the ten top confusions and the ten worst slices are listed, those of private columns
        left out.
    png
        The picture.
    errors
        The first errors, where any may be saved: the text of each column.
    findings
        What was found wrong.
    measures
        Measures, and the slices of one.
    view
        Which view this is.
    saved
        What is saved with the output.
    charts
        Charts of the user.

    Returns
    -------
    str
        One ``<div>`` without an empty line in it, so that Markdown takes it as a whole.
    """
    parts = [
        heading_html(f"<bdi>{text_html(short(header.name, NAME_LETTERS))}</bdi>", view, level=3),
        *(f"<p>{text_html(line)}</p>" for line in score_lines(header)),
        *([picture_html(png, _alt(header, confusion, view))] if png else []),
        *(part for number, chart in enumerate(charts) for part in _chart(chart, number)),
        *(_scores(header) if measures is None else _measures(measures)),
        *(_confusions(confusion) if confusion and confusion.judges else []),
        *(_slices(slices) if slices and slices.measure != "rows" else []),
        *(_errors(errors, "Largest errors" if header.loss else "First errors") if errors else []),
        *(_findings(findings) if findings and (findings.found or view == "findings") else []),
        *(f"<p>{text_html(short(note, TEXT_LETTERS))}</p>" for note in header.notes_unsaid),
        *([f"<p><small>{text_html(saved)}</small></p>"] if saved else []),
    ]
    return "\n".join(['<div class="od-static">', *parts, "</div>"])


def _chart(chart: ChartStill, number: int) -> list[str]:
    """A chart of the user: where scripts run its view shows the same picture, and finds it by its class."""
    title = text_html(chart.title or "Chart")
    picture = [picture_html(chart.png, _chart_alt(chart), f' class="od-chart-{number}"')] if chart.png else []
    return [heading_html(title), *picture, f"<p><small>{text_html(chart.note)}</small></p>"]


def _chart_alt(chart: ChartStill) -> str:
    return ". ".join(part for part in (chart.title, chart.about) if part) or "chart"


def _alt(header: HeaderSpec, confusion: ConfusionSpec | PairsSpec | None, view: str) -> str:
    top = ""
    if confusion and confusion.confusions:
        pair = confusion.confusions[0]
        top = f". Most confused: {short(pair.label)} predicted {short(pair.prediction)}, {pair.n:,}"
    return f"{view} of {short(header.name, NAME_LETTERS)}: {'; '.join(score_lines(header))}{top}"


def _scores(header: HeaderSpec) -> list[str]:
    sets = [("all", header.whole), *([("selected", header.selected)] if header.filtered else [])]
    rows = [
        (which, score.name, *score_texts(score.measure), f"{score.measure.n:,}")
        for which, scores in sets
        for score in scores.measures
    ]
    heads = ("rows", "measure", "value", "95 % interval", "n")
    about = f"{header.positive} is the positive class" if header.positive else rows_text(header.whole)
    return [
        heading_html("Measures", short(about, NAME_LETTERS)),
        table_html("Measures", heads, rows, numbers=3),
    ]


def _measures(spec: MeasuresSpec) -> list[str]:
    rows = [
        (which, _name(row.name), *_measured(found, share=row.share))
        for row in spec.rows
        for which, found in (("all", row.whole), ("selected", row.selected))
        if found is not None
    ]
    heads = ("rows", "measure", "value", "95 % interval", "n")
    parts = [heading_html("Measures"), table_html("Measures", heads, rows, numbers=3)]
    chosen, shown = spec.chosen, spec.worst[:WORST]
    if chosen is None or not shown:
        return parts
    slices = [
        (
            _name(one.text),
            *_measured(one.value, share=chosen.share),
            *measured_difference(one.difference, share=chosen.share),
        )
        for one in shown
    ]
    title = f"{_name(chosen.name)} by slice"
    order = "worst first" if chosen.better else "largest first"
    columns = ("slice", "value", "95 % interval", "n", "difference to the rest", "95 % interval")
    many = f"{len(shown)} of {len(spec.worst):,}, {order}"
    return [*parts, heading_html(text_html(title), many), table_html(title, columns, slices, numbers=5)]


def _measured(found: Measured, *, share: bool) -> tuple[str, str, str]:
    value, more = measured_texts(found, share=share)
    return value, short(more, NAME_LETTERS), f"{found.measure.n:,}"


def _confusions(spec: ConfusionSpec | PairsSpec) -> list[str]:
    title = "Top confusions"
    if not spec.confusions:
        return [heading_html(title, "none")]
    shown = spec.confusions[:MOST]
    rows = [
        (
            _name(pair.label),
            _name(pair.prediction),
            f"{pair.n:,}",
            *rate_texts(pair.share),
            f"{pair.share.n:,}",
        )
        for pair in shown
    ]
    heads = ("label", "predicted", "n", "share of the label", "95 % interval", "n of the label")
    many = f"{len(shown)} of {spec.pairs:,} pairs, {spec.errors:,} errors"
    return [heading_html(title, many), table_html(title, heads, rows, numbers=4)]


def _slices(spec: SlicesSpec) -> list[str]:
    title = "Worst slices" if spec.measure in ("error", "loss") else "Slices above the rest"
    shown = spec.worst(MOST)
    if not shown:
        return [heading_html(title, "none is above the rest")]
    rows = [
        (_name(row.text), f"{row.n:,}", *rate_texts(row.rate), *difference_texts(row.difference))
        for row in shown
    ]
    heads = ("slice", "n", spec.rate_name, "95 % interval", "difference to the rest", "95 % interval")
    many = f"{len(shown)} of {len(spec.rated):,} compared"
    return [heading_html(title, many), table_html(title, heads, rows, numbers=5)]


def _errors(rows: Sequence[Mapping[str, str]], title: str) -> list[str]:
    shown = rows[:MOST]
    columns = list(dict.fromkeys(name for row in shown for name in row))
    texts = [[short(row.get(name, ""), TEXT_LETTERS) for name in columns] for row in shown]
    return [
        heading_html(title, f"{len(shown)}"),
        table_html(title, [_name(name) for name in columns], texts, numbers=0),
    ]


def _findings(spec: FindingsSpec) -> list[str]:
    if not spec.found:
        return [
            heading_html("Findings", "none"),
            f"<p>{text_html(short(spec.nothing, 6 * TEXT_LETTERS))}</p>",
        ]
    shown = [item.finding for item in spec.found[:MOST]]
    items = [
        f"<li><strong>{text_html(short(finding.title, TEXT_LETTERS))}</strong> "
        f"({finding.level}, {finding.certainty}). {text_html(short(finding.evidence, 3 * TEXT_LETTERS))} "
        f"{text_html(short(' '.join(finding.try_next), 3 * TEXT_LETTERS))}</li>"
        for finding in shown
    ]
    many = f"{len(shown)} of {len(spec.found):,}, data first"
    return [heading_html("Findings", many), "<ul>", *items, "</ul>"]


def _name(name: str) -> str:
    return short(name, NAME_LETTERS)
