"""Views inside the containers of ipywidgets, in JupyterLab: shown late, shown narrow, made anew, scrolled away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.test_lives import CELL, CHIP, HAM_AS_SPAM, MAKE, OTHER, view

pytestmark = pytest.mark.browser

CLASSES = """
def views():
    return {"header": ev.board(["header"]), "confusion": ev.confusion(),
            "two columns": ev.confusion("source", "has digits"),
            "slices": ev.slices(), "confidence": ev.confidence(), "calibration": ev.calibration(),
            "calibration of spam": ev.calibration("spam"), "distribution": ev.distribution("source"),
            "fine": ev.distribution("length"), "scatter": ev.scatter("length", "received"),
            "measures": ev.measures("f1"), "examples": ev.examples()}
"""
CONTAINERS = [
    f"{MAKE}\nimport ipywidgets as w\n{CLASSES}",
    "tab = w.Tab([v.widget for v in views().values()], titles=list(views())); tab",
    "fold = w.Accordion([v.widget for v in views().values()], titles=list(views()), selected_index=None); fold",
    "w.HBox([w.Box([v.widget], layout=w.Layout(width='33%')) for v in list(views().values())[:3]])",
    "w.HBox([ev.confusion().widget, ev.examples().widget])",
    "w.VBox([v.widget for v in views().values()])",
]
FAMILIES = """
t = w.Tab([one.widget for one in (
  h.board(['header']), h.confusion(), h.slices(), h.losses(), h.scatter('hires', 'hour'),
  d.board(), d.slices(), d.distribution('source'), faults().findings(),
)])
t"""
INTERACTIVE = """
def shown(high):
    display(ev.board(['header', 'confusion']))
    ev.selection.where(confidence=(0, high))
show = w.interactive(shown, high=w.FloatSlider(value=1, min=0.5, max=1, step=0.1))
show"""
MORE = "from tests.browser.gallery import dataset, faults, hires\nh, d = hires(800), dataset(400)"
VIEWS_OPEN = "sum(type(one).__name__ == 'ViewWidget' for one in w.widgets.widget._instances.values())"
REGRESSION = [f"{MAKE}\nimport ipywidgets as w\n{MORE}", FAMILIES]
# What a view shows when it has a size: something of its own, as wide as it is given.
DRAWN = """host => {
  const root = host.shadowRoot, seen = host.getBoundingClientRect()
  const drawing = [...root.querySelectorAll("svg[width], .m-sheet, .e-row, tr, .measures, .finding, .part")]
  const widest = Math.max(0, ...drawing.map(e => e.getBoundingClientRect().width))
  return { width: seen.width, height: seen.height, widest, none: drawing.length === 0,
           zero: [...root.querySelectorAll("svg[width='0'], .m-box")].filter(e => !e.clientWidth).length }
}"""


def expect_drawn(shown: Locator) -> None:
    """A view is drawn in the width that it has."""
    shown.locator(".od section, .od .header").first.wait_for()
    shown.page.wait_for_function("h => h.getBoundingClientRect().height > 60", arg=shown.element_handle())
    found = shown.evaluate(DRAWN)
    assert not found["none"], found
    assert found["widest"] > 0.3 * min(found["width"], 600), found
    assert found["zero"] == 0, found


def host(area: Locator) -> Locator:
    return area.locator(".od-host:visible")


def test_containers_show_every_view_when_they_open_it(jupyterlab) -> None:
    lab = jupyterlab.open(CONTAINERS).run_all()
    for cell, handle in ((1, ".lm-TabBar-tab"), (2, ".jupyter-widget-Collapse-header")):
        area = lab.cell_output(cell)
        area.locator(handle).first.wait_for()
        for at in range(area.locator(handle).count()):
            area.locator(handle).nth(at).click()
            expect(host(area)).to_have_count(1)
            expect_drawn(host(area).first)
    # What is clicked in one container is selected in all of them.
    lab.cell_output(1).locator(".lm-TabBar-tab").nth(1).click()
    host(lab.cell_output(1)).locator(CELL).click()
    lab.wait_value("len(ev.selection)", lab.value(HAM_AS_SPAM))
    lab.js("await panel.content.scrollToItem(4)")
    expect(host(lab.cell_output(4)).first.locator(CELL)).to_have_attribute("aria-selected", "true")
    for cell, count in ((3, 3), (4, 2), (5, 12)):
        area = lab.cell_output(cell)
        lab.js(f"await panel.content.scrollToItem({cell})")
        expect(host(area)).to_have_count(count)
        for one in host(area).all():
            expect_drawn(one)
        inside = area.bounding_box()
        assert inside
        for one in host(area).all():
            box = one.bounding_box()
            assert box
            assert box["x"] + box["width"] <= inside["x"] + inside["width"] + 1
            assert one.evaluate("e => e.scrollWidth <= e.clientWidth + 1")


def test_a_regression_and_a_dataset_in_tabs(jupyterlab) -> None:
    lab = jupyterlab.open(REGRESSION).run_all()
    area = lab.cell_output(1)
    for at in range(area.locator(".lm-TabBar-tab").count()):
        area.locator(".lm-TabBar-tab").nth(at).click()
        expect(host(area)).to_have_count(1)
        expect_drawn(host(area).first)


def test_interactive_makes_views_anew_and_its_cell_ends_them_all(jupyterlab) -> None:
    cells = [
        f"{MAKE}\nimport ipywidgets as w\nfrom IPython.display import display",
        INTERACTIVE,
        "ev.confusion()",
    ]
    lab = jupyterlab.open(cells).run_all()
    area = lab.cell_output(1)
    expect(area.locator(".od:visible")).to_have_count(1)
    assert lab.value(VIEWS_OPEN) == 2
    for high in (0.8, 0.7, 0.9):
        lab.execute(f"show.children[0].value = {high}")
        expect(area.get_by_role("button", name=f"confidence 0 to {high}, remove")).to_be_visible()
        expect(area.locator(".od:visible")).to_have_count(1)
    area.locator(".od:visible").locator(CELL).click()
    expect(view(lab, 2).get_by_text(CHIP)).to_be_visible()
    lab.run_cell(1)
    expect(area.locator(".od:visible")).to_have_count(1)
    assert lab.value(VIEWS_OPEN) == 2


def test_scrolled_away_and_back_a_view_is_as_it_was(jupyterlab) -> None:
    cells = [MAKE, "ev.confusion()", "ev.examples()", *["print('long\\n' * 60)"] * 8]
    last = len(cells) - 1  # JupyterLab keeps the active cell in the page
    away = f"panel.content.activeCellIndex = {last}; await panel.content.scrollToItem({last})"
    lab = jupyterlab.open(cells)
    lab.js("panel.content.notebookConfig = { ...panel.content.notebookConfig, windowingMode: 'full' }")
    lab.run_all()
    lab.js("await panel.content.scrollToItem(2)")
    examples = view(lab, 2)
    examples.locator("[role=row][aria-rowindex='2']").wait_for()
    examples.locator(".e-grid").evaluate("e => { e.scrollTop = 900 }")
    examples.locator("[role=row][aria-rowindex='34']").click()
    expect(examples.locator(".e-panel")).to_be_visible()
    at = examples.locator(".e-grid").evaluate("e => e.scrollTop")
    lab.js("await panel.content.scrollToItem(1)")
    view(lab, 1).locator(CELL).wait_for()
    for _ in range(2):
        lab.js(away)
        expect(lab.cell(2)).to_be_hidden()
        lab.js("await panel.content.scrollToItem(2)")
        expect(view(lab, 2).locator(".e-panel")).to_be_visible()
        assert view(lab, 2).locator(".e-grid").evaluate("e => e.scrollTop") == at
    lab.js("await panel.content.scrollToItem(1)")
    view(lab, 1).locator(CELL).click()
    lab.wait_value("len(ev.selection)", lab.value(HAM_AS_SPAM))
    lab.js(away)
    expect(lab.cell(1)).to_be_hidden()
    lab.execute("_ = ev.selection.where(label='spam', prediction='ham')")
    lab.js("await panel.content.scrollToItem(1)")
    expect(view(lab, 1).locator(OTHER)).to_have_attribute("aria-selected", "true")


def test_a_view_waits_for_a_busy_kernel_without_an_error(jupyterlab) -> None:
    """Anywidget rejects a model that is not ready after two seconds; ours is ready at once and waits."""
    lab = jupyterlab.open([MAKE, "ev.board(['header', 'confusion'])", "import time; time.sleep(4)"])
    lab.run_all()
    expect(view(lab, 1).locator(CELL)).to_be_visible()
    expect(lab.cell_output(1).get_by_text("Failed to load model")).to_have_count(0)
    assert "initialize" not in lab.value("__import__('offdiagonal').display.bundle.stub()")
