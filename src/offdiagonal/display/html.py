"""Pieces of HTML that read well with every style, class and script removed."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Sequence

from offdiagonal.display.png import display_width

MATHS = re.compile(r"[$\\]")
"""Where MathJax, which notebooks run over every output, would see a formula begin."""


def text_html(text: str) -> str:
    """Text as HTML that no formula can begin in."""
    return MATHS.sub(lambda sign: f"<span>{sign[0]}</span>", html.escape(text, quote=True))


def heading_html(title: str, more: str = "", level: int = 4) -> str:
    """A heading by role: a notebook's table of contents lists the elements h1 to h6 of every output."""
    quiet = f" · {text_html(more)}" if more else ""
    return f'<p role="heading" aria-level="{level}"><strong>{title}</strong>{quiet}</p>'


def picture_html(png: bytes, alt: str, more: str = "") -> str:
    """A picture within the page, at the size that it was drawn for; `more` attributes of it."""
    source = "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    size = f'width="{display_width(png)}" style="max-width:100%"'
    return f'<p><img src="{source}" alt="{html.escape(alt, quote=True)}" {size}{more}></p>'


def table_html(name: str, heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> str:
    """A table whose last columns are numbers; the name is for those who cannot see its heading."""
    texts = len(heads) - numbers
    head = _row("th", heads, texts, ' scope="col"')
    body = "\n".join(_row("td", row, texts) for row in rows)
    label = html.escape(name, quote=True)
    return f'<table aria-label="{label}">\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>'


def _row(tag: str, cells: Sequence[str], texts: int, scope: str = "") -> str:
    """Cells of text, then of numbers, each aligned by attribute and, for JupyterLab, by style."""
    left = (text_html(cell) for cell in cells[:texts])
    right = (
        text_html(cell).replace(" ", "&nbsp;") if tag == "td" else text_html(cell) for cell in cells[texts:]
    )
    parts = [
        *(f'<{tag}{scope} align="left" style="text-align:left">{cell}</{tag}>' for cell in left),
        *(f'<{tag}{scope} align="right">{cell}</{tag}>' for cell in right),
    ]
    return f"<tr>{''.join(parts)}</tr>"
