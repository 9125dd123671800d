"""Images of examples: small in the grid, larger in an opened row, saved within the budget; nothing else is an image."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import offdiagonal as od
from tests.browser import gallery
from tests.browser.hosts import open_file
from tests.browser.test_distribution import ROOT

pytestmark = pytest.mark.browser

SIZES = "all => all.map((image) => [image.naturalWidth, image.naturalHeight])"


def test_saved_small_in_the_grid_and_seen_larger_when_opened(offline_page: Page, tmp_path: Path) -> None:
    path = tmp_path / "digits.html"
    gallery.digits().examples().save(path)
    page = open_file(offline_page, path)
    page.locator(".od img").first.wait_for()
    assert {tuple(size) for size in page.locator(".od img").evaluate_all(SIZES)} == {(8, 8)}
    first = page.locator(".od [role=row] img").first
    assert first.bounding_box()["height"] >= 40
    first.click()
    assert page.locator(".od .e-panel img").bounding_box()["height"] >= 128
    expect(page.locator(".od .e-panel img")).to_have_attribute("alt", "row 11")


def test_a_click_on_the_heading_of_images_sorts_nothing(offline_page: Page, tmp_path: Path) -> None:
    path = tmp_path / "digits.html"
    gallery.digits().examples().save(path)
    page = open_file(offline_page, path)
    page.locator(".od img").first.wait_for()
    heading = page.locator(".od [role=columnheader]", has_text="image")
    rows = page.locator(".od [role=row] [role=gridcell]:first-child").all_inner_texts()
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "none")
    assert page.locator(".od [role=row] [role=gridcell]:first-child").all_inner_texts() == rows


def test_a_text_that_looks_like_an_image_stays_text(offline_page: Page, tmp_path: Path) -> None:
    url = "data:image/png;base64,iVBORw0KGgo="
    frame = {
        "label": [0, 1],
        "prediction": [0, 0],
        "note": [url, "x"],
        "pic": ["https://example.org/a.png", "b"],
    }
    images = np.zeros((2, 4, 4), np.uint8)
    path = tmp_path / "odd.html"
    od.Evaluation(frame, text="note", image=images).examples().save(path)
    page = open_file(offline_page, path)
    page.locator(".od img").first.wait_for()
    assert page.locator(".od img").count() == 2
    expect(page.locator(".od [role=row]", has_text="data:image/png")).to_have_count(1)


def test_live_an_opened_row_has_the_large_one_and_plays(jupyterlab) -> None:
    make = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport numpy as np, offdiagonal as od\n"
        "images = np.arange(3 * 200 * 100, dtype=float).reshape(3, 200, 100)\n"
        "sound = np.sin(np.arange(16000) / 5)\n"
        "ev = od.Evaluation({'label': [0, 1, 1], 'prediction': [0, 0, 1], 'sound': [sound] * 3}, image=images,"
        " audio='sound', audio_rate=8000)"
    )
    lab = jupyterlab.open([make, "ev.examples()"]).run_all()
    view = lab.cell_output(1).locator(".od:visible").first
    view.locator("img").first.wait_for()
    assert {tuple(size) for size in view.locator("img").evaluate_all(SIZES)} == {(25, 50)}
    view.locator("[role=row] img").first.click()
    large = view.locator(".e-panel img")
    expect(large).to_have_js_property("naturalHeight", 200)
    expect(view.locator("[role=row]", has_text="2.0 s")).to_have_count(3)
    player = view.locator(".e-panel audio")
    expect(player).to_have_js_property("duration", 2)
    assert player.evaluate(
        "async (audio) => { audio.muted = true; await audio.play(); return !audio.paused; }"
    )
