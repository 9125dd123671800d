"""Splits and groups of rows: live the kernel says what groups do to intervals, saved what was saved is shown."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

import offdiagonal as od
from tests.browser.hosts import open_file
from tests.browser.hosts.lab import Lab
from tests.browser.test_distribution import ROOT
from tests.browser.test_header import blocks

pytestmark = pytest.mark.browser


def speakers() -> od.Evaluation:
    """Several rows of each speaker, of which some are always understood."""
    rng = np.random.default_rng(4)
    speaker = np.repeat(np.arange(90), 8)
    wrong = rng.random(720) < rng.beta(0.4, 2, 90)[speaker]
    label = rng.choice(["no", "yes"], 720)
    frame = {
        "label": label,
        "prediction": np.where(wrong, np.where(label == "no", "yes", "no"), label),
        "speaker": speaker,
        "part": np.where(speaker % 3 == 0, "test", "train"),
        "room": rng.choice(["hall", "car"], 720),
    }
    return od.Evaluation(pd.DataFrame(frame), group="speaker", split="part", name="speakers")


def written(ev: od.Evaluation, rows: str) -> str:
    frame = ev.board(["header", "confusion"]).to_frame()
    row = frame[(frame["rows"] == rows) & (frame["measure"] == "accuracy")].iloc[0]
    limits = f"[{100 * row['value_low']:.1f}, {100 * row['value_high']:.1f}]"
    return f"{100 * row['value']:.1f} % {limits} n {row['n']:,}"


def test_saved_intervals_of_groups_are_of_all_rows_and_none_is_made_up(page: Page, tmp_path: Path) -> None:
    ev = speakers()
    ev.board().save(tmp_path / "speakers.html")
    open_file(page, tmp_path / "speakers.html")
    assert blocks(page, "whole")["accuracy"] == written(ev, "all")
    slices = page.locator("section[aria-label=Slices]")
    first = ev.slices().to_frame().iloc[0]
    limits = f"[{100 * first['difference_low']:.1f}, {100 * first['difference_high']:.1f}]".replace("-", "−")
    expect(slices).to_contain_text(limits)
    slices.get_by_text("room = car").click()
    selected = blocks(page, "chosen")["accuracy"]
    assert re.fullmatch(r"\d+\.\d % n \d+", selected)
    page.locator(".splits").get_by_role("button", name="all", exact=True).click()
    expect(slices).to_contain_text("No intervals: those by groups need every row")


def test_live_the_kernel_says_what_groups_do(jupyterlab) -> None:
    make = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.browser.test_groups import speakers, written\nev = speakers()"
    )
    lab = jupyterlab.open([make, "ev.board(['header', 'slices'])"]).run_all()
    view = lab.cell_output(1).locator(".od:visible").first
    header = view.locator("dl.measure").first
    view.locator(".splits").get_by_role("button", name="train").click()
    lab.wait_value("ev.selection.code()", "ev.selection.clear().where(columns={'part': 'train'})")
    same(lab, header, "all", "whole")
    view.get_by_text("room = car").first.click()
    lab.wait_value("bool(ev.selection)", True)
    same(lab, header, "selected", "chosen")


def same(lab: Lab, header: Locator, rows: str, kind: str) -> None:
    """The page shows the accuracy that Python finds, with its interval."""
    value, limits = re.fullmatch(r"(.*?%) (\[.*\]) n .*", lab.value(f"written(ev, {rows!r})")).groups()
    expect(header.locator(f"dd.{kind}")).to_contain_text(value)
    expect(header.locator(f"dd.{kind}")).to_contain_text(limits)
