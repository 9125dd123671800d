"""Every view at 320 pixels, with wider spaced text, in forced colours, without motion; and whether a finger hits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.everything import VIEWS, select_and_open, view

pytestmark = pytest.mark.browser

# 400 % of 1280 pixels, 200 % of them, and room enough.
WIDTHS = (320, 640, 1000)
# An example's text opens with its row; the names of many classes stand in the tip, the list and the search; those of
# lines in the table beside them, and of layers below their map.
ELSEWHERE = ".e-cut, .e-text, .many .m-row bdi, .run-chart .labels bdi, .names bdi"
# WCAG 2.5.8, "essential": bars and their ends are as narrow as what they show, and so are the cells of many classes.
# An event may be where a handle is: the list of events and up and down have it.
# "Equivalent": what a line below a matrix selects, the head of its column selects too.
DENSE = (
    ".histogram .bar, .histogram .handle, [data-size=small] .m-row, .m-row.foot, .over :is(.handle, .event)"
)
# WCAG 1.4.12. A matrix and an axis keep what they have room for; the tip and the accessible names have the whole.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }"""


@pytest.fixture(scope="module")
def open_views(all_views: Page) -> Page:
    """Every view with a selection, and with open rows and lists."""
    select_and_open(all_views)
    return all_views


@pytest.fixture
def page(open_views: Page) -> Iterator[Page]:
    """The same, put back after each test."""
    yield open_views
    open_views.set_viewport_size({"width": 1000, "height": 1000})
    open_views.emulate_media(forced_colors="none", reduced_motion="no-preference", color_scheme="light")


def settle(page: Page) -> None:
    """Wait until sizes that changed are drawn."""
    page.evaluate(
        "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r, 60))))"
    )


def set_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    settle(page)


def found(page: Page, probe: str, but: str = "none") -> list[str]:
    complaints: list[str] = page.evaluate("([name, but]) => probe[name](but)", [probe, but])
    return complaints


def test_nothing_is_cut_off_before_anything_is_selected(all_views: Page) -> None:
    """First of the tests here: the others select."""
    for width in WIDTHS:
        set_width(all_views, width)
        assert found(all_views, "wide") == []
        assert found(all_views, "cut", ELSEWHERE) == []
        assert found(all_views, "overlapping", ELSEWHERE) == []
        assert found(all_views, "small", DENSE) == []
    set_width(all_views, 1000)


def test_every_view_is_on_the_page(page: Page) -> None:
    drawn = page.evaluate("probe.hosts().map(probe.nameOf)")
    assert drawn == list(VIEWS)
    assert page.evaluate("probe.counted()") > 800


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_off_overlaps_or_scrolls_sideways(page: Page, width: int) -> None:
    set_width(page, width)
    assert found(page, "wide") == []
    assert found(page, "cut", ELSEWHERE) == []
    assert found(page, "overlapping", ELSEWHERE) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_targets_are_24_pixels_or_that_far_apart(page: Page, width: int) -> None:
    set_width(page, width)
    assert found(page, "small", DENSE) == []


def test_text_may_be_spaced_wider(page: Page) -> None:
    set_width(page, 640)
    page.evaluate(
        """css => { for (const host of probe.hosts()) {
             const style = document.createElement('style')
             style.className = 'spaced'
             style.textContent = css
             host.shadowRoot.append(style) } }""",
        SPACED,
    )
    settle(page)
    kept = f"{ELSEWHERE}, .m-row, .axis text"
    complaints = found(page, "wide") + found(page, "cut", kept) + found(page, "overlapping", kept)
    page.evaluate("probe.hosts().forEach(h => h.shadowRoot.querySelector('.spaced').remove())")
    assert complaints == []


def test_a_larger_font_of_the_page_cuts_nothing_off(page: Page) -> None:
    """Views have their own size, which the zoom of the browser changes; that of the page must not break them."""
    set_width(page, 640)
    page.evaluate(
        """() => { document.documentElement.style.fontSize = '200%'
             document.documentElement.style.setProperty('--jp-content-font-size1', '28px') }"""
    )
    settle(page)
    complaints = found(page, "wide") + found(page, "cut", ELSEWHERE) + found(page, "overlapping", ELSEWHERE)
    page.evaluate("document.documentElement.removeAttribute('style')")
    assert complaints == []


def test_nothing_moves_by_itself_for_who_asks_for_that(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    view(page, "confusion").locator("[role=gridcell][aria-label^='label spam, predicted ham']").click()
    moving = found(page, "moving")
    view(page, "confusion").locator("[role=gridcell][aria-label^='label ham, predicted spam']").click()
    assert moving + found(page, "moving") == []


def test_in_forced_colours_selection_and_keys_are_still_seen(page: Page) -> None:
    assert page.evaluate("probe.remember()") > 100
    page.emulate_media(forced_colors="active")
    settle(page)
    # In a matrix a line around the cells lies over them.
    assert found(page, "unmarked", ".m-cell") == []
    assert found(page, "vanished") == []
    for name in ("confusion", "many-classes"):
        line = view(page, name).locator(".m-outline path").first
        assert line.evaluate("e => parseFloat(getComputedStyle(e).strokeWidth)") >= 1
    for chip in page.locator(".chip").all():
        assert chip.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
