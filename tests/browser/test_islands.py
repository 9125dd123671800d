"""Saved outputs that a host takes out of its page: those it puts back go on, those it forgets are let go."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.gallery import spam
from tests.browser.hosts import open_file
from tests.browser.test_slices import CLAUSES, STORE

pytestmark = pytest.mark.browser

CELL = "[role=gridcell][aria-label^='label ham, predicted spam']"
CHIP = "label ham → predicted spam"
# As hosts show HTML: scripts that are set with innerHTML run only as copies.
ADD = """(html) => {
    const output = document.createElement("div");
    document.body.append(output);
    output.innerHTML = html;
    for (const script of output.querySelectorAll("script:not([type])")) {
        const copy = document.createElement("script");
        copy.textContent = script.textContent;
        script.replaceWith(copy);
    }
    (globalThis.roots ??= []).push(output.firstElementChild);
}"""
OUT = "() => globalThis.roots.at(-1).parentElement.replaceChildren()"
BACK = "(i) => document.body.append(globalThis.roots[i])"


@pytest.fixture
def page(offline_page: Page, tmp_path: Path) -> Page:
    """A page of a host."""
    path = tmp_path / "host.html"
    path.write_text("<!doctype html><title>host</title><body></body>")
    return open_file(offline_page, path)


def add(page: Page, html: str) -> None:
    """Show one more output and wait until it is drawn."""
    page.evaluate(ADD, html)
    expect(page.locator(".od-island").last.locator(".od")).to_have_count(1)


def test_an_output_that_is_put_back_goes_on_where_it_was(page: Page) -> None:
    ev = spam(300)
    html = ev.board(["header", "confusion", "examples"])._repr_html_()
    add(page, html)
    page.locator(CELL).first.click()
    page.locator(".e-head").get_by_label("label", exact=True).click()
    page.evaluate(OUT)
    page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    page.evaluate(BACK, 0)
    expect(page.get_by_text(CHIP)).to_be_visible()
    expect(page.get_by_text("by label, ascending")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(CHIP)).to_have_count(0)
    expect(page.locator(".od")).to_have_count(1)


def test_outputs_that_a_host_forgets_are_let_go(page: Page) -> None:
    html = spam(100).confusion()._repr_html_()
    for _ in range(40):
        add(page, html)
        page.evaluate(OUT)
    add(page, html)
    page.locator(CELL).click()
    page.evaluate("() => { globalThis.held = roots.map((root) => new WeakRef(root)); globalThis.roots = [] }")
    for _ in range(3):
        page.wait_for_timeout(50)
        page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    assert page.evaluate("held.filter((one) => one.deref()).length") <= 22
    assert len(page.evaluate(CLAUSES)) == 1


def test_an_output_that_was_let_go_is_drawn_again_when_it_is_put_back(page: Page) -> None:
    html = spam(100).board(["header", "confusion"])._repr_html_()
    add(page, html)
    page.locator(CELL).click()
    page.evaluate(OUT)
    for _ in range(20):
        add(page, html)
        page.evaluate(OUT)
    assert page.evaluate("roots.map((root) => root.querySelectorAll('.od-host').length)")[:2] == [0, 1]
    page.evaluate(BACK, 0)
    expect(page.get_by_text(CHIP)).to_be_visible()
    expect(page.locator(".od")).to_have_count(1)
    expect(page.locator(".od-static")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(CHIP)).to_have_count(0)


def test_the_header_says_that_it_waits_for_a_busy_kernel(page: Page) -> None:
    add(page, spam(100).board(["header"])._repr_html_())
    page.evaluate(
        f"""() => {{
            globalThis.answers = [];
            const ask = () => new Promise((answer) => answers.push(answer));
            ({STORE})().attachPeer({{ ask, send() {{}}, close() {{}} }}, "busy");
            ({STORE})().where({{ field: "text", contains: "free" }});
        }}"""
    )
    expect(page.get_by_role("status").first).to_contain_text("waiting for the kernel")
    expect(page.get_by_text("waiting for the kernel")).to_be_visible()
    page.evaluate("() => answers.forEach((answer) => answer({ message: {}, buffers: [] }))")
    expect(page.get_by_text("waiting for the kernel")).to_have_count(0)
