"""The notebooks beside the tour: they run, they are small, they work offline, and their prose says what they show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hosts import export, open_file, read, strip_like_github
from tests.browser.hosts.chromium import NBCONVERT
from tests.browser.test_tour import BYTES, NUMBER, TOUR, drawn, islands, outputs, prose, results

pytestmark = pytest.mark.browser

PAGE = 320_000
"""What a page of nbconvert takes by itself."""
SETTINGS = {
    "images": {"8", "64"},
    "many_classes": {"2020", "4.0", "0.8", "5"},
    "regression": {"2011", "2012"},
    "training": {"0.1", "-3", "20"},
}
"""Numbers of the prose that were chosen, and are no results."""
SIGHT = {
    "images": ("1,797 examples",),
    "many_classes": ("85.2 % [84.5, 85.9]", "9,999 examples"),
    "regression": ("MAE 50.5 [48.8, 52.3]", "4,279 examples"),
    "training": ("new head", "2 of 6 parameters are in no optimiser", "val_loss"),
}
"""What the first output still says without scripts."""
SLICE = {
    "images": "block 7 to < 10",
    "many_classes": "nearest = other label",
    "regression": "weather = light rain or snow",
    "training": "forgotten",
}
"""A slice to click in the last view."""


@pytest.fixture(scope="module", params=sorted(SETTINGS))
def executed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook, run by nbconvert."""
    return export(
        TOUR.with_name(f"{request.param}.ipynb"),
        tmp_path_factory.mktemp(request.param, numbered=False),
        to="notebook",
        execute=True,
        seconds=180,
    )


def test_it_runs_without_a_warning_and_is_small(executed: Path, tmp_path: Path) -> None:
    book = read(executed)
    assert not [o for o in outputs(book) if o.output_type == "error" or o.get("name") == "stderr"]
    assert executed.stat().st_size < BYTES
    assert export(executed, tmp_path).stat().st_size < BYTES + PAGE


def test_every_number_of_the_prose_is_a_result(executed: Path) -> None:
    book = read(executed)
    printed = {n.replace(",", "").replace("−", "-") for n in NUMBER.findall(results(book))}
    printed |= {n.removeprefix("-") for n in printed}
    printed |= {f"{100 * float(n):.1f}" for n in printed if re.fullmatch(r"-?0\.\d+", n)}
    said = {n.replace(",", "").replace("−", "-") for n in NUMBER.findall(prose(book))}
    assert len(said) > 10
    assert said - printed - SETTINGS[executed.parent.name] == set()


def test_what_is_left_without_scripts_still_tells(executed: Path) -> None:
    left = re.sub(r"<[^>]+>", " ", strip_like_github(islands(read(executed))[0]))
    for text in SIGHT[executed.parent.name]:
        assert text in re.sub(r"\s+", " ", left)


def test_offline_a_slice_filters_the_saved_examples(
    executed: Path, tmp_path: Path, offline_page: Page, guard
) -> None:
    guard.allow_request(NBCONVERT)
    guard.allow_error(r"^uncaught: .*\b(require|requirejs|MathJax) is not defined")
    page = drawn(open_file(offline_page, export(executed, tmp_path)))
    last = page.locator(".od:visible").last
    name = SLICE[executed.parent.name]
    last.get_by_role("rowheader", name=name).click()
    expect(last.locator(".chip")).to_contain_text(name)
    if executed.parent.name in {"images", "training"}:
        expect(last.locator(".examples [role=row] img").first).to_be_visible()
        return
    value = name.split(" = ")[1]
    expect(last.locator(".examples [role=row]").nth(1)).to_contain_text(value)
    rows = last.locator(".examples [role=row]").all_inner_texts()[1:]
    assert all(value in row for row in rows)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_the_committed_notebook_holds_no_outputs(name: str) -> None:
    committed = read(TOUR.with_name(f"{name}.ipynb"))
    assert "widgets" not in committed.metadata
    assert not list(outputs(committed))
