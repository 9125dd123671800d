"""What axe-core complains of on a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": [
        "violations"
    ],  # describing what passed takes three times as long as finding what does not
}
# A report is a page of ours, but a notebook's headings and landmarks are its author's.
NOT_OURS = {"region", "page-has-heading-one", "heading-order", "landmark-one-main"}
# And so is which views are shown twice.
NOT_OURS |= {"landmark-unique"}


def violations(page: Page, within: str | None = None, rules: list[str] | None = None) -> list[str]:
    """What axe-core complains of, on the page or within the elements of a selector; by some rules, or all of them."""
    options = OPTIONS if rules is None else OPTIONS | {"runOnly": rules}
    found: list[dict[str, Any]] = Axe().run(page, context=within, options=options).response["violations"]
    return [
        f"{v['id']}: {n['target']} {n['html'][:160]} {n.get('failureSummary', '')[:200]}"
        for v in found
        if v["id"] not in NOT_OURS
        for n in v["nodes"]
    ]
