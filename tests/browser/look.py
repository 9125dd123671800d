"""Pictures of the gallery to look at: ``python -m tests.browser.look spam --width 900 --dark --views confusion``."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.gallery import CASES
from tests.browser.gallery_figures import FIGURES
from tests.browser.gallery_runs import RUNS, shown
from tests.browser.hosts.chromium import ARGS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", choices=[*CASES, *RUNS, *FIGURES])
    parser.add_argument("--width", type=int, default=1200)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--views", nargs="*", help="default: the board")
    parser.add_argument("--click", nargs="*", default=[], help="CSS selectors to click, in order")
    parser.add_argument("--out", type=Path, default=Path("build/look"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    name = "-".join(
        [
            given.case.replace("/", "-"),
            *(given.views or ["board"]),
            str(given.width),
            "dark" if given.dark else "light",
        ]
    )
    page_file = given.out.resolve() / f"{name}.html"
    view_of(given.case, given.views).save(page_file)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"), args=ARGS
        )
        page = browser.new_page(
            viewport={"width": given.width, "height": 900}, color_scheme="dark" if given.dark else "light"
        )
        page.on("console", lambda message: print("console:", message.text))
        page.on("pageerror", lambda error: print("error:", error))
        page.goto(page_file.as_uri())
        page.locator(".od").first.wait_for()
        for selector in given.click:
            page.locator(selector).first.click()
        page.wait_for_timeout(300)
        page.screenshot(path=given.out / f"{name}.png", full_page=True)
        browser.close()
    print(given.out / f"{name}.png")


def view_of(case: str, views: list[str] | None) -> Any:
    """The board of a case, the curves of its runs, or a figure."""
    if case in FIGURES:
        return FIGURES[case]()
    if case in RUNS:
        return shown(RUNS[case]())
    ev = CASES[case]()
    return ev.board(views) if views else ev.board()


if __name__ == "__main__":
    main()
