"""What is left of a figure where scripts are stripped: the verdict, a picture, a table."""

from __future__ import annotations

from offdiagonal.display.html import heading_html, picture_html, table_html, text_html
from offdiagonal.findings import Finding
from offdiagonal.views.figure import FigureSpec
from offdiagonal.views.text import short

MOST_ROWS = 40
NAME = 80


def figure_html(spec: FigureSpec, png: bytes, alt: str) -> str:
    """Say in sentences, in a picture and in a table what a figure shows, the verdict first."""
    table = spec.table
    rows = [tuple(short(cell, NAME) for cell in row) for row in table.rows[:MOST_ROWS]]
    more = len(table.rows) - MOST_ROWS
    parts = [
        heading_html(f"<bdi>{text_html(short(spec.title, NAME))}</bdi>", short(spec.more, NAME), level=3),
        *(_finding(found) for found in spec.findings),
        *(f"<p>{text_html(line)}</p>" for line in spec.said),
        picture_html(png, alt),
        table_html(table.name, table.heads, rows, numbers=table.numbers),
        *([f"<p>{more:,} more are not listed.</p>"] if more > 0 else []),
        *(f"<p>{text_html(line)}</p>" for line in spec.notes),
    ]
    return "\n".join(['<div class="od-static">', *parts, "</div>"])


def _finding(found: Finding) -> str:
    rules_out = f" Rules out: {'; '.join(found.rules_out)}." if found.rules_out else ""
    said = text_html(f"{found.evidence}.{rules_out} {' '.join(found.try_next)}".removeprefix(".").strip())
    return f"<p><strong>{text_html(found.title)}</strong> ({found.certainty}). {said}</p>"
