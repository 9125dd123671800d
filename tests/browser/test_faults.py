"""What goes wrong between a page and its kernel, in JupyterLab: nothing is lost, nothing stale passes as fresh."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_lives import CELL, CELLS, CHIP, HAM_AS_SPAM, OTHER, view, wait_forms

pytestmark = pytest.mark.browser

OTHER_CHIP = "label spam → predicted ham"


def test_a_connection_that_breaks_and_a_second_tab(jupyterlab, guard) -> None:
    guard.allow_error("ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket|Failed to fetch|NetworkError|fetch")
    lab = jupyterlab.open(CELLS).run_all()
    view(lab, 2).wait_for()
    lab.save()
    tab = lab.page.context.new_page()
    other = type(lab)(jupyterlab.server, lab.path, tab, True)
    tab.goto(other.url)
    other.wait_ready()
    wait_forms(other, 1, 1)
    view(lab, 1).locator(CELL).click()
    expect(view(other, 2).get_by_text(CHIP)).to_be_visible()
    view(other, 1).locator(OTHER).click()
    expect(view(lab, 2).get_by_text(OTHER_CHIP)).to_be_visible()
    tab.close()
    # What was said meanwhile was lost: the server drops what it has for a page that is away.
    lab.js("panel.sessionContext.session.kernel._ws?.close?.(4000)")
    lab.js(
        "const k = panel.sessionContext.session.kernel; k._clearSocket(); k._updateConnectionStatus('connecting')"
    )
    view(lab, 1).locator(CELL).click()
    lab.execute("_ = ev.selection.where(text='free')")
    lab.js("panel.sessionContext.session.kernel._createSocket()")
    lab.js(
        "while (panel.sessionContext.session.kernel.connectionStatus !== 'connected')"
        " await new Promise(r => setTimeout(r, 50))"
    )
    expect(view(lab, 2).get_by_text(CHIP)).to_be_visible()
    lab.wait_value("[c.field for c in ev.selection.clauses]", ["cell"])
    lab.wait_value("len(ev.selection)", lab.value(HAM_AS_SPAM))
    lab.execute("_ = ev.selection.clear().where(text='free')")
    expect(view(lab, 2).get_by_text("text contains")).to_be_visible()
