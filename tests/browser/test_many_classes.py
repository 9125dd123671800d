"""2,000 classes, saved and opened without a network: the list of confused pairs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import offdiagonal as od
from tests.browser import gallery
from tests.browser.axe import violations
from tests.browser.hosts import open_file

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def products() -> od.Evaluation:
    return gallery.products()


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_a_pair_a_row_and_a_class_are_found_and_clicked(
    products: od.Evaluation, offline_page: Page, tmp_path: Path
) -> None:
    products.save(tmp_path / "board.html")
    page = open_file(offline_page, tmp_path / "board.html")
    listed = page.get_by_role("region", name="Confusion")
    lines = listed.locator("tbody tr")
    expect(lines).to_have_count(16)
    n = number(lines.nth(2).locator(".number").first.inner_text())
    label, _, predicted = lines.nth(2).get_by_role("button").all_inner_texts()
    lines.nth(2).locator(".number").first.click()
    expect(page.locator(".chip")).to_have_text(f"label {label} → predicted {predicted} ×")
    expect(page.locator(".showing [role=status]").first).to_contain_text(f"{n} of 40,000")
    rows = page.locator(".examples [role=row]").all_inner_texts()[1:]
    assert rows
    assert all(label in row and predicted in row for row in rows)
    expect(lines.nth(2)).to_have_class("selected")
    assert violations(page, ".od-island") == []

    lines.nth(2).get_by_role("button").nth(1).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_text(f"label {label} ×")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    other = lines.nth(1).get_by_role("button").nth(2).inner_text()
    expect(page.locator(".chip")).to_have_text(f"predicted {other} ×")
    page.get_by_role("button", name="Clear").click()

    listed.get_by_role("button", name="By rate").click()
    low = [
        float(re.search(r"\[([\d.]+),", text)[1])
        for text in listed.locator("td.m-interval").all_inner_texts()
    ]
    assert low == sorted(low, reverse=True)
    assert min(number(text) for text in listed.locator("td.number:nth-child(2)").all_inner_texts()) > 1

    listed.get_by_role("searchbox").fill(label)
    expect(listed.get_by_role("status").first).to_contain_text("found")
    assert all(label in line for line in lines.all_inner_texts())
    listed.get_by_role("searchbox").fill("no such class")
    expect(listed).to_contain_text("No class contains “no such class”")


def test_where_all_pairs_have_no_room_it_says_which_are_listed(
    products: od.Evaluation, offline_page: Page, tmp_path: Path
) -> None:
    (tmp_path / "view.html").write_text(
        f"<!doctype html><html lang='en'><title>saved</title><body>{products.confusion()._repr_html_()}",
        "utf-8",
    )
    page = open_file(offline_page, tmp_path / "view.html")
    listed = page.get_by_role("region", name="Confusion")
    total = number(re.search(r"of ([\d,]+) pairs", listed.inner_text())[1])
    assert total > 5_000
    name = listed.get_by_role("button").filter(has_text="/").first.inner_text()
    listed.get_by_role("searchbox").fill(name)
    expect(listed).to_contain_text(re.compile(rf"Listed here: [\d,]+ of {total:,} pairs, the most frequent"))
    expect(listed).to_contain_text("Run its notebook for all.")
    listed.locator("tbody tr").first.locator(".number").first.click()
    expect(page.locator(".chip")).to_contain_text("label ")
