"""Pictures of the gallery to look at: ``python -m tests.browser.look spam --width 900 --dark --views confusion``."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.gallery import CASES
from tests.browser.hosts.chromium import ARGS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--width", type=int, default=1200)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--views", nargs="*", help="default: the board")
    parser.add_argument("--click", nargs="*", default=[], help="CSS selectors to click, in order")
    parser.add_argument("--out", type=Path, default=Path("build/look"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    name = "-".join(
        [given.case, *(given.views or ["board"]), str(given.width), "dark" if given.dark else "light"]
    )
    ev = CASES[given.case]()
    page_file = given.out.resolve() / f"{name}.html"
    (ev.board(given.views) if given.views else ev.board()).save(page_file)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
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


if __name__ == "__main__":
    main()
