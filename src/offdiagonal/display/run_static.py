"""What is left of runs where scripts are stripped: a picture, a table of the metrics, the findings."""

from __future__ import annotations

from offdiagonal.display.html import heading_html, picture_html, table_html, text_html
from offdiagonal.findings import Finding
from offdiagonal.views.runs import MetricRow, RunsSpec, number
from offdiagonal.views.text import short

MOST_ROWS, MOST_FINDINGS = 30, 10
NAME, TEXT = 80, 600


def runs_html(spec: RunsSpec, png: bytes | None, *, view: str, saved: str = "") -> str:
    """Say in a picture and in tables what runs came to.

    Parameters
    ----------
    spec
        The runs.
    png
        The picture.
    view
        Which view this is.
    saved
        What is saved with the output.
    """
    rows = spec.rows()
    many = len(spec.records) > 1
    heads = (
        *(["run"] if many else []),
        "metric",
        "last",
        "at step",
        "best",
        "at step",
        "logged",
        "NaN or infinite",
    )
    shown = [((row.run,) if many else ()) + _cells(row) for row in rows[:MOST_ROWS]]
    more = [f"<p>{len(rows) - MOST_ROWS:,} more metrics are not listed.</p>"] if len(rows) > MOST_ROWS else []
    parts = [
        heading_html(f"<bdi>{text_html(spec.title)}</bdi>", view, level=3),
        *(f"<p>{text_html(line)}</p>" for line in spec.states()),
        *([picture_html(png, f"{view} of {spec.text(view=view)}")] if png else []),
        heading_html("Metrics"),
        table_html("Metrics", heads, [[short(cell, NAME) for cell in row] for row in shown], numbers=6),
        *more,
        *_findings([finding for _, finding in spec.findings]),
        *([f"<p><small>{text_html(saved)}</small></p>"] if saved else []),
    ]
    return "\n".join(['<div class="od-static">', *parts, "</div>"])


def _cells(row: MetricRow) -> tuple[str, ...]:
    value, at = ("", "") if row.best is None else (number(row.best[0]), f"{row.best[1]:,.0f}")
    return (row.metric, number(row.last), f"{row.step:,.0f}", value, at, f"{row.n:,}", f"{row.bad:,}")


def _findings(found: list[Finding]) -> list[str]:
    if not found:
        return [heading_html("Findings", "none by what was logged")]
    items = [
        f"<li><strong>{text_html(short(finding.title, NAME * 3))}</strong> ({finding.certainty}). "
        f"{text_html(short(finding.evidence, TEXT))} {text_html(short('; '.join(finding.try_next), TEXT))}</li>"
        for finding in found[:MOST_FINDINGS]
    ]
    many = f"{min(len(found), MOST_FINDINGS)} of {len(found)}, the likeliest cause first"
    return [heading_html("Findings", many), "<ul>", *items, "</ul>"]
