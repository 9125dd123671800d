"""Views in an app that Voila serves: live, linked, and alone on the page with their kernel behind them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hosts.chromium import Guard
from tests.browser.hosts.voila import start_voila
from tests.browser.test_lives import CELL, CHIP, MAKE

pytestmark = pytest.mark.browser

CELLS = [
    f"{MAKE}\nimport ipywidgets as w\nsaid = w.Label('nothing')",
    "ev.selection.observe(lambda selection: setattr(said, 'value', f'{len(selection)} rows in Python'))\nsaid",
    "ev.confusion()",
    "w.Tab([ev.slices().widget, ev.examples().widget], titles=['slices', 'examples'])",
]
OWN_FONT = r"https://cdn\.jsdelivr\.net/npm/@fortawesome/"
"""What Voila's own page asks the network for."""


@pytest.fixture
def app(new_page, guard: Guard, tmp_path: Path) -> Iterator[Page]:
    """The page of an app."""
    guard.allow_request(OWN_FONT)
    guard.allow_error(
        r"Federation Runtime|shared singleton module|Failed to (create module|load resource)|shared module"
    )
    server = start_voila(CELLS, tmp_path)
    page = new_page()
    page.goto(server.url)
    yield page
    guard.end()
    server.stop()


def test_a_click_reaches_python_and_the_other_views(app: Page) -> None:
    cell = app.locator(".od:visible").locator(CELL)
    cell.click(timeout=40_000)
    count = int(cell.inner_text())
    expect(app.get_by_text(f"{count} rows in Python")).to_be_visible()
    expect(app.locator(".od:visible").get_by_text(CHIP).last).to_be_visible()
    app.get_by_role("tab", name="examples").click()
    rows = app.locator(".od:visible .e-row:visible")
    expect(rows.first).to_be_visible()
    expect(app.locator(".od:visible").last).to_contain_text(f"{count} of 600 examples")
