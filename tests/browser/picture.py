"""Draw docs/board.png, the picture of the README: ``python -m tests.browser.picture``.

It is the report that the tour writes, with the label spam selected.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.hosts import export, open_file
from tests.browser.hosts.chromium import launch

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "board.png"
WIDTH, SCALE = 1240, 1.5


def main() -> None:
    """Run the tour, open its report and take the picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        export(ROOT / "notebooks" / "tour.ipynb", Path(folder), to="notebook", execute=True, seconds=180)
        browser = launch(
            playwright,
            os.environ.get("OFFDIAGONAL_BROWSER")
            or shutil.which("chromium-headless-shell")
            or shutil.which("chromium"),
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": 1000}, device_scale_factor=SCALE)
        open_file(page, Path(folder) / "report.html")
        board = page.locator(".od")
        board.get_by_role("rowheader", name="spam").first.click()
        page.mouse.move(0, 0)
        page.wait_for_timeout(500)
        picture = Image.open(io.BytesIO(board.screenshot(animations="disabled")))
        picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(PICTURE, optimize=True)
        browser.close()
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
