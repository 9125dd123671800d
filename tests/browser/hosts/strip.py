"""What GitHub leaves of HTML in a notebook: an allow-list; scripts, styles and names are gone."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

TAGS = """
a abbr b bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h1 h2
h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp small source span strike
strong sub summary sup table tbody td tfoot th thead time tr tt ul var wbr
"""
ATTRIBUTES = """
abbr align alt aria-describedby aria-hidden aria-label aria-labelledby axis border cellpadding
cellspacing char charoff colspan color compact datetime dir headers height hspace label lang noshade
nowrap open rev role rowspan rules scope size span start summary tabindex title type valign value
vspace width
"""
LINK = re.compile(r"(https?://|mailto:|#|/|\./|\.\./|[\w-]+(/|$|\.|#|\?))", re.IGNORECASE)
IMAGE = re.compile(r"(https?://|data:image/(png|jpeg|gif);base64,)", re.IGNORECASE)
DROPPED = {"script", "style", "template", "noscript", "iframe", "object", "title"}
ALLOWED = frozenset(TAGS.split())
NAMES = frozenset(ATTRIBUTES.split())
VOID = {"br", "img", "hr", "wbr", "source"}


def strip_like_github(html: str) -> str:
    """Return the HTML that an allow-list sanitiser leaves.

    Scripts and styles go with their content, other unknown elements without theirs; classes, ids, styles,
    ``hidden``, event and ``data-`` attributes go. Tables, headings, links and PNG images stay.
    """
    stripper = _Stripper()
    stripper.feed(html)
    stripper.close()
    return "".join(stripper.kept)


class _Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._dropping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED:
            self._dropping.append(tag)
        if self._dropping or tag not in ALLOWED:
            return
        kept = "".join(
            f' {name}="{escape(value or "")}"' for name, value in attrs if _keeps(name, value or "")
        )
        self.kept.append(f"<{tag}{kept}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML has no empty elements but the void ones: <div/> opens a div.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._dropping:
            if tag == self._dropping[-1]:
                self._dropping.pop()
        elif tag in ALLOWED and tag not in VOID:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.kept.append(escape(data, quote=False))


def _keeps(name: str, value: str) -> bool:
    if name == "href":
        return bool(LINK.match(value))
    if name == "src":
        return bool(IMAGE.match(value))
    return name in NAMES
