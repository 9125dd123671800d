"""What assistive technology is given: the tree of every view, and what is said after each thing that is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.everything import VIEWS, view
from tests.snapshots import check

pytestmark = pytest.mark.browser

TREES = Path(__file__).parent / "snapshots" / "trees"
LINES = 150
LISTEN = """() => {
  window.heard = []
  for (const host of document.querySelectorAll(".od-host")) {
    const name = host.closest("[data-case]").dataset.case
    new MutationObserver(records => {
      const changed = new Set()
      for (const { target, type } of records) {
        const el = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement
        const region = el?.closest("[role=status], [aria-live]")
        // A region that comes with its words is not announced: it has to be there before.
        if (region && region.getAttribute("aria-live") !== "off") changed.add(region)
      }
      for (const region of changed) {
        const said = region.textContent.trim()
        if (said) window.heard.push(`${name}: ${said}`)
      }
    }).observe(host.shadowRoot, { subtree: true, childList: true, characterData: true })
  }
}"""
HAM_AS_SPAM = "[role=gridcell][aria-label^='label ham, predicted spam']"


@pytest.mark.parametrize("name", VIEWS)
def test_the_tree_of_a_view_is_as_reviewed(all_views: Page, name: str) -> None:
    lines = view(all_views, name).aria_snapshot().splitlines()
    kept = lines[:LINES] + [f"# {len(lines) - LINES} lines more"] * (len(lines) > LINES)
    check(TREES / f"{name}.yml", "\n".join(kept))


@pytest.fixture(scope="module")
def listening(all_views: Page) -> Page:
    all_views.evaluate(LISTEN)
    return all_views


@pytest.fixture
def hear(listening: Page) -> Iterator[Callable[..., None]]:
    """Do something, and hear what is wanted, once and from nowhere else."""

    def heard(act: Callable[[], object], *wanted: str) -> None:
        listening.evaluate("window.heard.length = 0")
        act()
        listening.wait_for_function("n => window.heard.length >= n", arg=len(wanted))
        assert listening.evaluate("window.heard") == list(wanted)

    yield heard
    listening.keyboard.press("Escape")


def test_what_is_done_is_said_once_where_it_was_done(listening: Page, hear: Callable[..., None]) -> None:
    matrix = view(listening, "confusion")
    hear(lambda: matrix.locator(HAM_AS_SPAM).click(), "confusion: 17 of 600 examples")
    hear(lambda: matrix.get_by_role("button", name="Undo").click(), "confusion: all 600 examples")
    # The bar with the button is gone; whoever pressed it is in the matrix again.
    expect(matrix.locator("[role=gridcell]:focus")).to_have_count(1)
    hear(lambda: listening.keyboard.press("Enter"), "confusion: 17 of 600 examples")
    hear(lambda: listening.keyboard.press("Escape"), "confusion: all 600 examples")


def test_a_sort_a_search_and_a_copy_are_said(listening: Page, hear: Callable[..., None]) -> None:
    examples = view(listening, "examples")
    length = examples.get_by_role("columnheader", name="length")
    hear(length.click, "examples: by length, descending")
    hear(length.click, "examples: by length, ascending")
    hear(
        lambda: examples.get_by_role("textbox", name="Search in text").fill("free"),
        "examples: 600 of 600 examples before; not counted in what was saved",
    )
    hear(
        lambda: examples.get_by_role("button", name="Clear", exact=True).click(), "examples: all 600 examples"
    )
    hear(
        lambda: view(listening, "header").get_by_role("button", name="Copy as Python").click(),
        "header: Copied",
    )


def test_a_class_that_is_found_is_said(listening: Page, hear: Callable[..., None]) -> None:
    found = view(listening, "many-classes").get_by_role("combobox", name="Find a class")

    def find() -> None:
        found.fill("verify_my_identity")
        found.press("Enter")

    recall = "recall of verify_my_identity 91.7 %, 95 % interval 64.6 to 98.5, 12 examples"
    hear(find, f"many-classes: label verify_my_identity: {recall}")
