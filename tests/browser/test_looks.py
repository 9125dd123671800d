"""How every view looks, as text that is kept: boxes at two widths, colours in three themes, and the still picture.

Not pixels: letters are drawn differently by each machine. Boxes are compared to within 4 px, and only where the font
is there that they were measured with, as it is in CI. What differs is left in build/snapshots/, with a picture.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from offdiagonal.display import still
from offdiagonal.display.figure import Figure
from offdiagonal.display.run_view import RunView
from offdiagonal.views.vegalite.figure import figure_chart
from offdiagonal.views.vegalite.runs import runs_chart
from tests.browser.everything import VIEWS
from tests.snapshots import BUILD, difference

pytestmark = pytest.mark.browser

KEPT = Path(__file__).parent / "snapshots"
FONT = "DejaVu Sans"
MOST = 12
"""Of rows that are alike."""
READ = """([name, how]) => {
  const host = document.querySelector(`[data-case="${name}"] .od-host`)
  const from = host.getBoundingClientRect()
  const lines = []
  const walk = (el, depth) => {
    const box = el.getBoundingClientRect()
    if (!box.width || !box.height || el.closest(".hidden, [role=option] > rect")) return
    const style = getComputedStyle(el), own = (el.getAttribute("class") ?? "").trim().replace(/\\s+/g, ".")
    const called = el.localName + (own ? `.${own}` : "")
    const places = [box.left - from.left, box.top - from.top, box.width, box.height].map(Math.round).join(" ")
    const seen = el instanceof SVGElement ? `${style.fill} ${style.stroke}` : `${style.color} ${style.backgroundColor}`
    if (how === "boxes") lines.push(`${"  ".repeat(depth)}${called} ${places}`)
    else if (el instanceof SVGElement) lines.push(`${called} ${seen} ${style.strokeWidth}`)
    else lines.push(`${called} ${seen} ${style.borderTopColor} ${style.fontSize} ${style.fontWeight}`)
    let alike = 0, before = ""
    for (const child of el.children) {
      const kind = child.localName + child.getAttribute("class") + child.getAttribute("role")
      alike = kind === before ? alike + 1 : 0
      before = kind
      if (alike < 3) walk(child, depth + 1)
    }
  }
  walk(host.shadowRoot.querySelector(".od"), 0)
  return how === "boxes" ? lines : [...new Set(lines)].sort()
}"""


def compare(page: Page, name: str, path: Path, lines: list[str], slack: int = 0) -> None:
    """Fail where a view is not as it is kept, and leave a picture of it."""
    changed = difference(path, "\n".join(lines), slack)
    if changed:
        BUILD.mkdir(parents=True, exist_ok=True)
        page.locator(f"[data-case={name}]").screenshot(path=BUILD / f"{path.stem}.png")
    assert not changed, f"{path.name} is not as kept: build/snapshots/\n" + "\n".join(changed[:40])


@pytest.fixture(scope="module")
def measured(all_views: Page) -> Page:
    """The page in the font of the measurements."""
    all_views.evaluate(
        "font => document.documentElement.style.setProperty('--jp-content-font-family', `'${font}'`)", FONT
    )
    return all_views


def has_font(page: Page) -> bool:
    """Whether letters are as wide as they were: a missing font would be replaced without a word."""
    wide = """font => {
      const drawing = new OffscreenCanvas(1, 1).getContext("2d")
      drawing.font = font
      return drawing.measureText("mmm").width
    }"""
    return abs(float(page.evaluate(wide, f"100px '{FONT}', monospace")) - 292.2) < 2


@pytest.mark.parametrize("width", [400, 1000])
def test_boxes_are_where_they_were(measured: Page, width: int) -> None:
    if not has_font(measured):
        pytest.skip(f"{FONT} is not installed: boxes are as wide as their letters")
    measured.set_viewport_size({"width": width, "height": 1000})
    measured.wait_for_timeout(300)
    for name in VIEWS:
        compare(
            measured,
            name,
            KEPT / "boxes" / f"{name}-{width}.txt",
            measured.evaluate(READ, [name, "boxes"]),
            4,
        )
    measured.set_viewport_size({"width": 1000, "height": 1000})


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_colours_are_what_they_were(measured: Page, theme: str) -> None:
    measured.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    measured.evaluate(
        "name => { document.body.className = name }", "high-contrast" if theme == "contrast" else ""
    )
    named = f"[data-theme={'dark' if theme == 'dark' else 'light'}]"
    measured.locator(
        f".od-host{named}[data-contrast={'more' if theme == 'contrast' else 'normal'}]"
    ).last.wait_for()
    found = sorted({line for name in VIEWS for line in measured.evaluate(READ, [name, "colors"])})
    measured.evaluate("document.body.className = ''")
    measured.emulate_media(color_scheme="light")
    compare(measured, "confusion", KEPT / f"colours-{theme}.txt", found)


def short(value: Any) -> Any:
    """A spec without what only data say: long lists by their first items, numbers to five digits."""
    if isinstance(value, dict):
        return {key: short(item) for key, item in sorted(value.items())}
    if isinstance(value, list):
        more = [f"and {len(value) - MOST} more"] if len(value) > MOST else []
        return [short(item) for item in value[:MOST]] + more
    return float(f"{value:.5g}") if isinstance(value, float) else value


@pytest.mark.parametrize("name", VIEWS)
def test_the_still_picture_is_as_reviewed(name: str) -> None:
    shown: Any = VIEWS[name]()
    if isinstance(shown, Figure):
        spec = figure_chart(shown._shown())
    elif isinstance(shown, RunView):
        spec = runs_chart(shown._spec())
    else:
        spec = still.picture(shown._session, shown._views, shown._options, shown._kept(shown._policy))
    changed = difference(
        KEPT / "pictures" / f"{name}.json", json.dumps(short(spec), indent=1, ensure_ascii=False)
    )
    assert not changed, "\n".join(changed[:40])
