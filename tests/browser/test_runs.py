"""Training runs, saved and live: brushed, zoomed, read by keys, logged while the cell runs, stopped."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.gallery_runs import KEPT, RUNS, joined, kept, shown
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
    box = pane.locator(".run-chart.main .over").bounding_box()
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
    assert pane.locator(".run-chart.main .over [tabindex='0']").count() == 1
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
    expect(legend.get_by_role("row", name="lr 3e-3")).to_contain_text(
        re.compile(r"running when saved, \d{4}-\d\d-\d\d \d\d:\d\d")
    )
    assert pane.locator(".run-chart.main .labels bdi").count() == 3
    legend.get_by_role("button", name="lr 3e-3").click()
    expect(pane.locator(".run-chart.main .labels bdi")).to_have_count(2)
    pane.get_by_role("button", name="Equal budget").click()
    expect(legend.get_by_role("row", name="lr 1e-3")).to_contain_text("899")
    assert pane.get_by_role("button", name="Stop").count() == 0
    for name in ("lr 1e-3", "lr 2e-3"):
        legend.get_by_role("button", name=name).click()
    expect(pane.get_by_text("All runs are hidden")).to_be_visible()
    legend.get_by_role("button", name="lr 1e-3").click()
    expect(pane.locator(".run-chart.main .labels bdi")).to_have_count(1)


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


DETAIL = """
import numpy as np, offdiagonal as od
run = od.Run("fine", keep=False)
for step in range(40_000):
    run.log(step, loss=9.0 if step == 20_001 else 1.0)
ids = np.arange(60)
labels = np.where(ids % 2, "spam", "ham")
for look in range(5):
    right = (ids >= 5) & ((ids >= 15) | (look == 4)) & ((ids < 53) | (look < 4))
    run.log_examples(100 * look, ids, prediction=np.where(right, labels, np.where(ids % 2, "ham", "spam")))
ev = od.Evaluation({"label": labels}, run=run)
view = run.curves()
"""


def test_a_zoom_asks_for_finer_pieces_and_examples_apart_are_selected_both_ways(jupyterlab) -> None:
    lab = jupyterlab.open([DETAIL, "view", "ev.board(['header', 'confusion'])"]).run_all()
    pane, board = view(lab, 1), view(lab, 2)
    lab.execute("view.steps = (20_001, 20_020)")
    pane.get_by_role("button", name="Zoom to them").click()
    row = pane.get_by_role("region", name="Start and end of the steps").get_by_role("row", name="loss")
    expect(row).to_have_text(re.compile("loss9 ?1$"))  # of eight points in one piece it is 2
    expect(pane.locator(".curves .title")).to_contain_text("every point as it was logged")
    apart = pane.get_by_role("region", name="Examples")
    expect(apart.get_by_role("row", name="never learned")).to_contain_text("5")
    forgotten = apart.get_by_role("button", name="forgotten")
    expect(apart.get_by_role("row", name="forgotten")).to_contain_text("7")
    forgotten.click()
    lab.wait_value("ev.selection.indices.tolist()", list(range(53, 60)))
    expect(forgotten).to_have_attribute("aria-pressed", "true")
    expect(board.get_by_text("7 of 60")).to_be_visible()
    lab.execute("ev.selection.where(slice='learned late')")
    expect(apart.get_by_role("button", name="learned late")).to_have_attribute("aria-pressed", "true")
    expect(forgotten).to_have_attribute("aria-pressed", "false")
    apart.get_by_role("button", name="learned late").click()
    lab.wait_value("bool(ev.selection)", False)
    lab.execute("del ev; import gc; Out.clear(); gc.collect()")


def test_a_saved_pane_shows_its_examples_where_a_view_of_them_is_on_the_page(offline_page, tmp_path) -> None:
    run = joined()
    ev = KEPT[0]
    alone, both = tmp_path / "alone.html", tmp_path / "both.html"
    run.curves().save(alone)
    apart = opened(offline_page, alone).get_by_role("region", name="Examples")
    late = apart.get_by_role("button", name="learned late")
    expect(late).to_have_attribute("aria-disabled", "true")
    expect(apart).to_contain_text("No view of ev is on this page: run the notebook to see them.")
    saved = [run.curves()._repr_html_(), ev.board(["header", "slices"])._repr_html_()]
    both.write_text(f"<!doctype html><title>both</title><body>{''.join(saved)}</body>", "utf-8")
    open_file(offline_page, both)
    apart = offline_page.get_by_role("region", name="Examples", exact=True).first
    late = apart.get_by_role("button", name="learned late")
    expect(late).to_have_attribute("aria-disabled", "false")
    late.focus()
    offline_page.keyboard.press("Enter")
    expect(late).to_have_attribute("aria-pressed", "true")
    expect(offline_page.get_by_text("20 of 200").first).to_be_visible()
    offline_page.get_by_role("button", name="Undo").click()
    expect(late).to_have_attribute("aria-pressed", "false")
    late.click()
    late.click()
    expect(late).to_have_attribute("aria-pressed", "false")
    expect(offline_page.get_by_text("20 of 200")).to_have_count(0)


def test_keys_alone_zoom_and_come_back(offline_page, saved) -> None:
    pane = opened(offline_page, saved["runs/kept"])
    axis = pane.locator(".run-chart.main .axis").last
    keys = offline_page.keyboard
    pane.get_by_role("slider", name="lowest step").focus()
    keys.press("PageUp")
    while (span := steps_of(pane))[0] < 450:
        keys.press("PageUp")
    low, high = span
    zoom = pane.get_by_role("button", name="Zoom to them")
    zoom.focus()
    keys.press("Enter")
    expect(zoom).to_have_count(0)
    expect(axis).not_to_contain_text("400")
    handle = pane.get_by_role("slider", name="highest step")
    handle.focus()
    keys.press("PageDown")
    assert low < steps_of(pane)[1] < high
    keys.press("Escape")
    expect(pane.locator(".chip")).to_have_count(0)
    back = pane.get_by_role("button", name="Show all steps")
    back.focus()
    keys.press("Space")
    expect(axis).to_contain_text("400")
    expect(pane.locator(".showing")).to_have_count(0)


DARK_PIXELS = """canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200) found++;
  return found;
}"""


def test_forced_colours_tell_lines_apart_by_dashes_and_dots(new_page, saved) -> None:
    page = new_page(LOOKS["contrast"], offline=True)
    pane = opened(page, saved["runs/kept"])
    swatches = pane.locator(".run-chart.main .swatch")
    by_name = {
        label.inner_text(): label.locator("line").get_attribute("stroke-dasharray")
        for label in pane.locator(".run-chart.main .labels bdi").all()
    }
    assert by_name == {"validation": "", "train": "5 3"}
    assert swatches.locator("circle").count() == 1
    assert pane.locator(".run-chart.main canvas").evaluate(DARK_PIXELS) > 1000
    bar = pane.locator(".units .many .bar").first
    assert bar.evaluate("e => getComputedStyle(e).backgroundColor") == page.evaluate(
        "() => { const e = document.createElement('div'); e.style.color = 'CanvasText';"
        " document.body.append(e); return getComputedStyle(e).color }"
    )
    pane = opened(page, saved["runs/several"])
    dashes = [line.get_attribute("stroke-dasharray") for line in pane.locator(".legend .swatch line").all()]
    assert len(set(dashes)) == 3


def test_many_layers_are_told_apart_by_what_their_names_do_not_share(offline_page, saved) -> None:
    pane = opened(offline_page, saved["runs/wide"])
    layers = pane.get_by_role("region", name="Layers")
    expect(layers.locator(".title")).to_contain_text("60 tensors transformer.h.*.weight")
    names = layers.locator(".names bdi").all_inner_texts()
    assert names[:2] == ["0.attn.c_attn", "0.attn.c_proj"]
    assert len(set(names)) == 60
    expect(layers.locator(".scale")).to_contain_text("a thin line where not known")


def test_many_metrics_are_folded_and_long_names_cut(offline_page, saved) -> None:
    offline_page.set_viewport_size({"width": 1000, "height": 900})
    pane = opened(offline_page, saved["runs/many"])
    charts = pane.locator(".run-chart")
    more = pane.get_by_role("button", name="88 more metrics")
    table = pane.get_by_role("region", name="Start and end of the steps")
    expect(charts).to_have_count(12)
    expect(table.get_by_role("row")).to_have_count(13)
    expect(more).to_have_attribute("aria-expanded", "false")
    name = table.locator("bdi.metric", has_text="worr")
    assert name.evaluate("e => [e.textContent.length, e.title.length, e.clientHeight < 50]") == [
        5002,
        5002,
        True,
    ]
    more.focus()
    offline_page.keyboard.press("Enter")
    expect(charts).to_have_count(100)
    expect(table.get_by_role("row", name="metric 96")).to_have_count(1)
    offline_page.keyboard.press("Enter")
    expect(charts).to_have_count(12)
    pane.locator(".run-chart.main .over").hover()
    reading = pane.locator(".curves .reading")
    expect(reading).to_contain_text("worrr")
    assert len(reading.inner_text()) < 600
    assert violations(offline_page) == []


@pytest.mark.parametrize("width", [1300, 420])
def test_steps_near_2_to_70_stand_beside_each_other(offline_page, saved, width: int) -> None:
    offline_page.set_viewport_size({"width": width, "height": 900})
    pane = opened(offline_page, saved["runs/many"])
    boxes = [text.bounding_box() for text in pane.locator(".run-chart.main .over > .axis text").all()]
    assert len(boxes) > 1
    for before, after in itertools.pairwise(boxes):
        assert before is not None
        assert after is not None
        assert before["x"] + before["width"] < after["x"]


def test_on_paper_nothing_sticks_out_at_the_right(offline_page, saved) -> None:
    # As in a print: the page is narrower, and nothing is drawn anew.
    offline_page.add_init_script(
        "window.ResizeObserver = class { observe() {} disconnect() {} unobserve() {} }"
    )
    offline_page.set_viewport_size({"width": 1300, "height": 900})
    pane = opened(offline_page, saved["runs/digits"])
    offline_page.set_viewport_size({"width": 700, "height": 900})
    wide = "() => document.documentElement.scrollWidth > innerWidth"
    right = "all => Math.max(...all.map(e => e.getBoundingClientRect().right))"
    assert pane.locator(".labels bdi").evaluate_all(right) > 700
    offline_page.emulate_media(media="print")
    assert pane.locator(".labels bdi").evaluate_all(right) < 700
    assert not offline_page.evaluate(wide)
    assert pane.locator(".run-chart").evaluate_all(right) < 700
