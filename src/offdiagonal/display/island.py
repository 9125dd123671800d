"""The saved form of an output: one self-contained piece of HTML."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from offdiagonal.display import bundle
from offdiagonal.views.text import visible

# Exactly one of island and live view shows (docs/hosts.md says how each host treats the outputs). The id of the
# display stands on both sides, so that an island is never hidden for the live view of another display.
_HIDE = """
.jp-OutputArea-child:has(> .jp-OutputArea-output > .od-island[data-od="ID"])
:has(+ .jp-OutputArea-child .od-live[data-od="ID"]) { display: none }
.jp-OutputArea-child:has(> .jp-OutputArea-output > .od-island[data-od="ID"])
 + .jp-OutputArea-child:has(+ .jp-OutputArea-child > .jp-OutputArea-output > .od-end)
:has(> .jp-OutputArea-output.lm-Panel:not([data-mime-type])):not(:has(> .jp-OutputArea-output > *)) { display: none }
.jp-OutputArea-child:has(> .jp-OutputArea-output > .od-end) { display: none }
.output_area:has(> .output_subarea > .od-island[data-od="ID"])
:has(+ .output_area .od-live[data-od="ID"]) { display: none }
.output_area:has(> .output_subarea > .od-island[data-od="ID"])
 + .output_area:has(+ .output_area > .output_subarea > .od-end):not(:has(.od-live)) { display: none }
.output_area:has(> .output_subarea > .od-end) { display: none }
"""

END = '<i class="od-end" hidden></i>'


@dataclass(frozen=True)
class Island:
    """What an island is made of."""

    display: str
    views: tuple[str, ...]
    options: dict[str, Any]
    data: str
    """What the views draw from: base64 of gzip."""
    still: str
    """The static form: one ``<div class="od-static">``."""
    front: bundle.Bundle
    """The code of the views."""
    families: Sequence[bundle.Bundle] = ()
    """The code of the views beyond the front's own."""


def island_html(island: Island) -> str:
    """The island: style, static form, data, code, loader; nothing outside it is needed."""
    attributes = {
        "data-od": island.display,
        "data-digest": island.front.digest,
        "data-families": " ".join(family.digest for family in island.families),
        "data-views": " ".join(island.views),
        "data-options": json.dumps(island.options),
    }
    more = "".join(
        f'<script type="text/plain" data-digest="{family.digest}">{family.compressed}</script>'
        for family in island.families
    )
    written = " ".join(f'{name}="{html.escape(value, quote=True)}"' for name, value in attributes.items())
    style = "".join(line.strip() if line.startswith(":has") else f"\n{line}" for line in _HIDE.splitlines())
    return (
        f'<div class="od-island" {written}>'
        f"<style>{style.replace('ID', island.display)}</style>"
        f"{island.still}"
        f'<script type="text/plain" class="od-data">{island.data}</script>'
        f'<script type="text/plain" class="od-code">{island.front.compressed}</script>{more}'
        f"<script>{bundle.loader()}</script>"
        "</div>"
    )


def page_html(island: Island, title: str) -> str:
    """A whole page around an island: what ``save("report.html")`` writes."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(visible(title))}</title>"
        "<style>:root { color-scheme: light dark } "
        "body { margin: 24px auto; max-width: 1400px; padding: 0 16px; font-family: system-ui, sans-serif } "
        "@media (prefers-color-scheme: dark) { body { background: #14181c; color: #e6e9ec } }</style></head>"
        f"<body><main>{island_html(island)}</main></body></html>"
    )
