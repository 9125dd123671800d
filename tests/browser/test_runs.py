"""Training runs, saved and live: brushed, zoomed, read by keys, logged while the cell runs, stopped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.gallery_runs import RUNS, kept, shown
from tests.browser.hosts import open_file
from tests.browser.hosts.chromium import LOOKS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All cases as files."""
    folder = tmp_path_factory.mktemp("runs")
    files = {}
    for name, made in RUNS.items():
        files[name] = folder / f"{name.replace('/', '-')}.html"
        runs = made()  # one that nobody holds any more has ended
        shown(runs).save(files[name])
    files["runs/kept"] = folder / "runs-kept.html"
    kept().save(files["runs/kept"])
    return files


def opened(page: Page, path: Path) -> Locator:
    open_file(page, path)
    pane = page.locator(".od").first
    pane.wait_for()
    expect(pane.locator(".over").first.or_(pane.locator(".empty").first)).to_be_visible()
    return pane


def drag(page: Page, pane: Locator, low: float, high: float) -> None:
    """Drag over a part of the loss, in shares of its width."""
    box = pane.locator(".run-chart.main > svg").bounding_box()
    assert box is not None
    left, width = box["x"] + 34, box["width"] - 40
    page.mouse.move(left + low * width, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(left + high * width, box["y"] + 60, steps=4)
    page.mouse.up()


def steps_of(pane: Locator) -> tuple[int, int]:
    """The brushed steps as their chip says them."""
    text = pane.locator(".chip").inner_text()
    found = re.findall(r"[\d,]+", text)
    low, high = (int(one.replace(",", "")) for one in found[:2])
    return low, high


def test_dragged_steps_are_told_zoomed_and_cleared_without_a_kernel(offline_page, saved) -> None:
    pane = opened(offline_page, saved["runs/digits"])
    expect(pane.locator(".head")).to_contain_text("step 1,199")
    expect(pane.locator(".head")).to_contain_text("at step 480")
    drag(offline_page, pane, 0.5, 0.75)
    low, high = steps_of(pane)
    assert abs(low - 600) < 15
    assert abs(high - 900) < 15
    table = pane.get_by_role("region", name="Start and end of the steps")
    expect(table.get_by_role("row", name="learning rate")).to_contain_text("0.0001")
    expect(pane.locator(".heat .frame")).to_be_visible()
    pane.get_by_role("button", name="Zoom to them").click()
    expect(pane.locator(".run-chart.main .axis").last).to_contain_text("700")
    expect(pane.locator(".run-chart.main .axis").last).not_to_contain_text("400")
    pane.get_by_role("button", name="Show all steps").click()
    pane.locator(".chip").click()
    expect(pane.locator(".chip")).to_have_count(0)
    expect(table).to_contain_text("Steps 0 to 1,199")


def test_keys_alone_brush_read_events_and_open_a_layer(offline_page, saved) -> None:
    pane = opened(offline_page, saved["runs/kept"])
    low = pane.get_by_role("slider", name="lowest step")
    low.focus()
    offline_page.keyboard.press("PageUp")
    assert steps_of(pane)[0] > 0
    expect(low).to_have_attribute(
        "aria-valuetext", re.compile(r"^step \d+: train [\d.]+, validation [\d.]+$")
    )
    offline_page.keyboard.press("ArrowUp")
    event = pane.locator(".event:focus")
    expect(event).to_have_attribute("aria-label", "loss 12 times its median")
    expect(pane.locator(".curves .reading")).to_have_text(event.get_attribute("aria-label") or "")
    offline_page.keyboard.press("Enter")
    assert steps_of(pane) == (840, 841)
    low.focus()
    offline_page.keyboard.press("Escape")
    expect(pane.locator(".chip")).to_have_count(0)
    first = pane.locator(".names button").first
    first.focus()
    offline_page.keyboard.press("ArrowDown")
    offline_page.keyboard.press("ArrowLeft")
    expect(pane.locator(".names button:focus")).to_have_attribute(
        "aria-label", re.compile(r"^hidden\.0\.weight, step 820: \d")
    )
    offline_page.keyboard.press("Enter")
    expect(pane.locator(".layer-curve")).to_contain_text("hidden.0.weight")
    assert pane.locator(".run-chart.main > svg [tabindex='0']").count() == 1
    assert pane.locator(".names [tabindex='0']").count() == 1


def test_axes_scales_and_smoothing_change_what_is_drawn(offline_page, saved) -> None:
    pane = opened(offline_page, saved["runs/digits"])
    canvas = pane.locator(".run-chart.main canvas")
    before = canvas.evaluate("c => c.toDataURL()")
    pane.get_by_label("Smoothing").select_option("Not smoothed")
    expect(pane.locator(".curves .title")).to_contain_text("every point as it was logged")
    raw = canvas.evaluate("c => c.toDataURL()")
    assert raw != before
    pane.get_by_role("button", name="Log scale").click()
    expect(pane.get_by_role("button", name="Log scale")).to_have_attribute("aria-pressed", "false")
    assert canvas.evaluate("c => c.toDataURL()") != raw
    pane.get_by_label("What the curves are along").select_option("Epochs")
    expect(pane.locator(".run-chart.main .axis").last).to_contain_text("50")
    expect(pane.locator(".run-chart.main .axis").last).not_to_contain_text("1,000")


def test_several_runs_are_told_apart_hidden_and_cut_to_one_budget(offline_page, saved) -> None:
    pane = opened(offline_page, saved["runs/several"])
    expect(pane.locator(".warning")).to_contain_text("2 settings differ")
    legend = pane.get_by_role("region", name="Runs")
    expect(legend.get_by_role("row", name="lr 3e-3")).to_contain_text("running")
    assert pane.locator(".run-chart.main .labels bdi").count() == 3
    legend.get_by_role("button", name="lr 3e-3").click()
    expect(pane.locator(".run-chart.main .labels bdi")).to_have_count(2)
    pane.get_by_role("button", name="Equal budget").click()
    expect(legend.get_by_role("row", name="lr 1e-3")).to_contain_text("899")
    assert pane.get_by_role("button", name="Stop").count() == 0


def test_what_was_found_says_why_and_selects_its_steps(offline_page, saved) -> None:
    pane = opened(offline_page, saved["runs/kept"])
    finding = pane.locator(".finding").first
    expect(finding).to_contain_text("Overfitting since step 520. likely. Validation loss rose")
    finding.get_by_text("Why").click()
    expect(finding.get_by_text("Rules out:")).to_be_visible()
    finding.get_by_role("button", name="Steps 520 to 859").click()
    assert steps_of(pane) == (520, 859)
    finding.get_by_role("button", name="Steps 520 to 859").click()
    expect(pane.locator(".chip")).to_have_count(0)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(new_page, saved, look) -> None:
    for name, path in saved.items():
        page = new_page(LOOKS[look], offline=True)
        pane = opened(page, path)
        if name == "runs/digits":
            drag(page, pane, 0.4, 0.6)
            pane.locator(".names button").first.click()
            pane.locator(".event-list summary").click()
        assert violations(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert wide, f"{name} is wider than the page"


def test_names_of_runs_and_errors_are_text(offline_page, saved) -> None:
    pane = opened(offline_page, saved["runs/odd"])
    expect(pane.locator("h2")).to_contain_text("<b>bold</b>")
    expect(pane.locator(".status")).to_contain_text("crashed: RuntimeError: CUDA out of memory")
    assert pane.locator("img").count() == 0
    expect(pane.get_by_text("Saved: all")).to_be_visible()


SETUP = "import offdiagonal as od, time\nrun = od.Run('live', keep=False)"
LOOP = """
for step in range(100_000):
    run.log(step, loss=1 / (step + 1))
    time.sleep(0.01)
"""
THREAD = """
def train():
    for step in range(100_000):
        run.log(step, loss=1 / (step + 1))
        time.sleep(0.01)
thread = run.start(train)
"""
STEP = "e => Number((e.textContent.match(/step ([\\d,]+)/) || [0, '0'])[1].replaceAll(',', ''))"


def view(lab, cell: int) -> Locator:
    """The pane that a reader sees in a cell."""
    return lab.cell_output(cell).locator(".od:visible").first


def wait_steps(lab, pane: Locator, more: int) -> int:
    """Wait until the head tells of so many more steps."""
    head = pane.locator(".head")
    start = head.evaluate(STEP)
    for _ in range(200):
        now = head.evaluate(STEP)
        if now >= start + more:
            return now
        lab.page.wait_for_timeout(50)
    raise AssertionError(f"step {now} after ten seconds, from {start}")


def test_points_appear_while_the_cell_runs_and_stop_says_that_the_kernel_is_busy(jupyterlab) -> None:
    lab = jupyterlab.open([SETUP, "run.curves()", LOOP])
    lab.run_cell(0)
    lab.run_cell(1)
    pane = view(lab, 1)
    expect(pane.get_by_text("Nothing is logged yet")).to_be_visible()
    lab.js("panel.content.activeCellIndex = 2; void app.commands.execute('notebook:run-cell')")
    expect(pane.locator(".run-chart.main canvas")).to_be_visible()
    wait_steps(lab, pane, 20)
    expect(lab.cell(2).locator(".jp-InputPrompt")).to_have_text("[*]:")
    pane.get_by_role("button", name="Stop").click()
    expect(pane.get_by_role("status")).to_contain_text("the kernel is busy with this cell")
    wait_steps(lab, pane, 20)
    assert violations(lab.page, ".od-live") == []
    lab.js("void app.commands.execute('notebook:interrupt-kernel')")
    expect(lab.cell(2).locator(".jp-InputPrompt")).not_to_have_text("[*]:")


def test_stop_ends_a_training_in_a_thread_and_steps_go_both_ways(jupyterlab) -> None:
    lab = jupyterlab.open([SETUP, "view = run.curves()\nview", THREAD]).run_all()
    pane = view(lab, 1)
    expect(pane.locator(".run-chart.main canvas")).to_be_visible()
    wait_steps(lab, pane, 20)
    lab.execute("view.steps = (5, 15)")
    expect(pane.locator(".chip")).to_have_text(re.compile("steps 5 to 15"))
    pane.locator(".chip").click()
    lab.wait_value("view.steps", None)
    pane.get_by_role("button", name="Stop").click()
    expect(pane.locator(".head .status")).to_have_text("stopped")
    expect(pane.get_by_role("button", name="Stop")).to_have_count(0)
    lab.wait_value("run.record.status", "stopped")
    lab.wait_value("thread.is_alive()", False)
    lab.save()
    lab.close(kernel=True)
    alone = jupyterlab.open(lab.path, kernel=False)
    expect(view(alone, 1).locator(".head")).to_contain_text("live")
