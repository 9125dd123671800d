"""Figures without a kernel: values are read out under the pointer and by keys, and lines are kept in front."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from sklearn.base import BaseEstimator, RegressorMixin

import offdiagonal as od
from offdiagonal.capacity.path import LassoPath
from offdiagonal.display.figure import Figure
from offdiagonal.lasso import FeaturePath
from tests.browser.gallery_figures import attention, kept_learning, kept_path, kept_switches, rates
from tests.browser.hosts import Look, code, notebook, open_file, strip_like_github
from tests.browser.payloads import PAYLOADS
from tests.browser.test_attacks import look, no_marks, page_of
from tests.browser.test_lives import ROOT

pytestmark = pytest.mark.browser


@pytest.fixture
def shown(offline_page: Page, tmp_path: Path) -> Callable[[Figure], Locator]:
    """A figure as it is saved, on a page that reaches nothing."""

    def show(figure: Figure) -> Locator:
        figure.save(tmp_path / "figure.html")
        drawn = open_file(offline_page, tmp_path / "figure.html").locator(".od .figure")
        drawn.wait_for()
        return drawn

    return show


def hover(plot: Locator, across: float, down: float) -> None:
    box = plot.bounding_box()
    assert box is not None
    plot.page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])


def test_values_are_read_with_their_intervals_under_the_pointer_and_by_keys(shown) -> None:
    figure = shown(kept_learning())
    frame = kept_learning().to_frame()
    last = frame[(frame["side"] == "test") & (frame["rows"] == 640)].iloc[0]
    said = figure.locator(".reading")
    expect(said).to_contain_text(
        f"640 rows: test {last['error']:.3f} [{last['low']:.3f}, {last['high']:.3f}]"
    )
    plot = figure.get_by_role("slider")
    hover(plot, 0.06, 0.3)
    expect(said).to_contain_text("20 rows: test")
    figure.page.mouse.move(0, 0)
    expect(said).to_contain_text("640 rows")
    plot.focus()
    figure.page.keyboard.press("ArrowLeft")
    assert (plot.get_attribute("aria-valuetext") or "").startswith("320 rows: test 0.1")
    figure.page.keyboard.press("Home")
    expect(plot).to_have_attribute("aria-valuenow", "0")
    expect(figure.locator(".legend thead")).to_contain_text("at 20 rows")
    figure.page.keyboard.press("End")
    expect(said).to_have_text(
        re.compile(r"^1280 rows|^1,280 rows: carried on, 80 % 0\.\d+ \[0\.\d+, 0\.\d+\]$")
    )


def test_the_verdict_stands_above_the_chart_and_the_table_below(shown) -> None:
    figure = shown(kept_learning())
    boxes = [
        figure.locator(part).first.bounding_box() for part in (".finding", ".plot", "details.numbers summary")
    ]
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops)
    assert len(tops) == 3
    expect(figure.locator(".finding").first).to_contain_text("Rules out")
    figure.locator("details.numbers summary").click()
    expect(figure.locator("details.numbers tbody tr")).to_have_count(6)


def test_a_feature_is_kept_in_front_by_a_click_and_by_keys(shown) -> None:
    figure = shown(kept_path())
    names, front = figure.locator(".legend button"), figure.locator("g.line.front")
    expect(names).to_have_count(10)
    expect(front).to_have_count(0)
    names.nth(8).click()
    figure.page.mouse.move(0, 0)
    names.nth(8).blur()
    expect(names.nth(8)).to_have_attribute("aria-pressed", "true")
    expect(figure.locator("tr.front")).to_contain_text("feature 8")
    expect(figure.locator("g.line.pale")).to_have_count(9)
    plot = figure.get_by_role("slider")
    plot.focus()
    figure.page.keyboard.press("Escape")
    expect(names.nth(8)).to_have_attribute("aria-pressed", "false")
    figure.page.keyboard.press("ArrowDown")
    figure.page.keyboard.press("ArrowDown")
    figure.page.keyboard.press("Enter")
    expect(names.nth(1)).to_have_attribute("aria-pressed", "true")
    assert "feature 1 −" in (plot.get_attribute("aria-valuetext") or "")
    # The list of lines is one tab stop, which goes along with its arrows.
    assert figure.locator(".legend button[tabindex='0']").count() == 1
    names.nth(1).focus()
    figure.page.keyboard.press("End")
    expect(names.nth(9)).to_be_focused()


def test_the_line_under_the_pointer_comes_to_the_front_and_a_click_keeps_it(shown) -> None:
    figure = shown(kept_path())
    plot = figure.get_by_role("slider")
    hover(plot, 0.9, 0.06)
    expect(figure.locator("tr.front")).to_contain_text("feature 0")
    figure.page.mouse.down()
    figure.page.mouse.up()
    figure.page.mouse.move(0, 0)
    expect(figure.locator(".legend button").first).to_have_attribute("aria-pressed", "true")


def test_a_square_of_attention_reads_out_and_heads_can_be_chosen(shown) -> None:
    seen = attention()
    figure = shown(seen)
    plot = figure.get_by_role("slider")
    plot.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown"):
        figure.page.keyboard.press(key)
    weights = seen.weights  # type: ignore[attr-defined]
    expect(figure.locator(".reading")).to_contain_text("from “film” to “was”: ")
    figure.get_by_label("Shown:").select_option("head 1")
    plot.focus()
    text = plot.get_attribute("aria-valuetext") or ""
    assert float(text.split(": ")[1].split(";")[0]) == pytest.approx(weights[1, 1, 2], abs=5e-4)
    assert "change without it" in text
    figure.page.keyboard.press("Escape")
    expect(figure.locator(".reading")).to_contain_text("Point at a square")


def test_an_interval_that_leaves_nought_out_has_a_filled_dot(shown) -> None:
    figure = shown(kept_switches())
    expect(figure.locator("tr", has_text="norm").locator("circle.sure")).to_have_count(1)
    expect(figure.locator("tr", has_text="dropout").locator("circle.sure")).to_have_count(0)
    expect(figure.locator("tr", has_text="dropout").locator("circle.dot")).to_have_count(1)


def test_where_scripts_are_stripped_the_verdict_a_picture_and_a_table_are_left(
    new_page, tmp_path: Path
) -> None:
    found = rates()
    stripped = strip_like_github(found._repr_html_())
    page = open_file(
        new_page(Look(width=400, theme="dark"), offline=True), page_of(stripped, tmp_path / "x.html")
    )
    expect(page.get_by_text(re.compile("The loss falls between learning rates"))).to_be_visible()
    picture = page.get_by_role("img")
    assert "begin with" in (picture.get_attribute("alt") or "")
    assert picture.evaluate("e => e.naturalWidth") >= 600
    assert page.locator("tbody tr").count() == 40


def test_a_notebook_shows_it_live_and_again_without_a_kernel(jupyterlab, new_page, tmp_path: Path) -> None:
    setup = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.browser.gallery_figures import kept_path"
    )
    lab = jupyterlab.open(notebook([code(setup), code("kept_path()")])).run_all(seconds=60)
    drawn = lab.cell_output(1).locator(".od .figure")
    drawn.wait_for()
    expect(drawn.locator(".legend button")).to_have_count(10)
    drawn.locator(".legend button").first.click()
    expect(drawn.locator("tr.front")).to_have_count(1)
    (output,) = lab.save().cells[1].outputs
    assert output["data"]["text/plain"].startswith("lasso path of 10 features")
    page = open_file(new_page(offline=True), page_of(output["data"]["text/html"], tmp_path / "saved.html"))
    expect(page.locator(".od .figure .legend button")).to_have_count(10)
    expect(page.locator(".od-static")).to_be_hidden()


def hostile() -> list[Figure]:
    """Each attack as the name of a feature, of a token, of an estimator, of a part, and in a finding."""
    names = tuple(PAYLOADS)
    k, penalties = len(names), np.geomspace(1, 0.01, 20)
    strengths = np.linspace(1, 0.1, k)[:, None]
    path = LassoPath(names, names[:3], penalties, np.maximum(0, strengths - penalties), np.ones((k, 20)))
    seen = od.attention_map(np.full((60, 60), 1 / 60), names[:60], names[60:])
    parts = od.simplify(lambda **on: 0.5 - 0.2 * (not on[names[7]]) + 1e-3 * on.pop("seed", 0), names[:12])
    Named = type(names[0], (_Constant,), {})
    curve = od.learning_curve(Named(), np.zeros((60, 1)), np.arange(60) % 2, sizes=[0.5, 1.0], repeats=2)
    return [FeaturePath(path), seen, parts, curve]


class _Constant(RegressorMixin, BaseEstimator):
    """A regressor that learns nothing, of any name."""

    def fit(self, X: object, y: object) -> _Constant:
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        return np.zeros(len(X))


def test_no_attack_in_a_name_fires_drawn_or_stripped(new_page, tmp_path: Path) -> None:
    page = new_page(offline=True)
    figures = hostile()
    with no_marks(page):
        body = "".join(figure._repr_html_() for figure in figures)
        open_file(page, page_of(body, tmp_path / "island.html"))
        page.locator(".od .figure").nth(len(figures) - 1).wait_for()
        for plot in page.get_by_role("slider").all():
            hover(plot, 0.5, 0.5)
            plot.focus()
            for key in ("ArrowDown", "ArrowRight", "Enter", "ArrowDown"):
                page.keyboard.press(key)
        said = "\n".join(look(page, len(figures)))
        assert len(set(re.findall(r"fired[_-](\d+)\b", said))) >= 110
        open_file(page, page_of(strip_like_github(body), tmp_path / "stripped.html"))
        look(page, 0)
