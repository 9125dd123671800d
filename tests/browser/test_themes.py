"""Every view in every theme: axe-core finds nothing, text and marks keep their contrast, hues can be told apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.everything import select_and_open, view

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Theme:
    """What a host puts on its page."""

    back: str
    dark: bool = False
    classes: str = ""
    jupyter: str = ""
    forced: bool = False
    width: int = 1000
    style: dict[str, str] = field(default_factory=dict)


THEMES = {
    "light": Theme("#ffffff"),
    "dark": Theme("#14181c", dark=True),
    "narrow": Theme("#ffffff", width=400),
    "forced colours": Theme("#ffffff", forced=True),
    "JupyterLab Dark": Theme("#111111", dark=True, jupyter="JupyterLab Dark"),
    "JupyterLab Dark High Contrast": Theme("#000000", dark=True, jupyter="JupyterLab Dark High Contrast"),
    "VS Code dark": Theme(
        "#1f1f1f", dark=True, classes="vscode-dark", style={"--vscode-editor-background": "#1f1f1f"}
    ),
    "VS Code high contrast": Theme(
        "#000000", dark=True, classes="vscode-high-contrast", style={"--vscode-editor-background": "#000000"}
    ),
    "VS Code high contrast light": Theme("#ffffff", classes="vscode-high-contrast-light"),
}
PUT = """theme => {
  document.body.className = theme.classes
  if (theme.jupyter) document.body.dataset.jpThemeName = theme.jupyter
  else delete document.body.dataset.jpThemeName
  document.body.style.background = theme.back
  for (const [name, value] of Object.entries(theme.style)) document.documentElement.style.setProperty(name, value)
}"""
# What axe makes of a page depends on the theme by colours alone, and of the page's own by the tokens below.
COLORS = ["color-contrast"]
AXE = [name for name in THEMES if name not in ("JupyterLab Dark", "VS Code dark")]
TOKEN_THEMES = [name for name in THEMES if name not in ("narrow", "forced colours")]


@pytest.fixture(scope="module")
def open_views(all_views: Page) -> Page:
    select_and_open(all_views)
    return all_views


@pytest.fixture
def put(open_views: Page) -> Iterator[object]:
    """Put a theme on the page of all views, and take it away."""

    def on(theme: Theme) -> Page:
        open_views.emulate_media(
            color_scheme="dark" if theme.dark else "light", forced_colors="active" if theme.forced else "none"
        )
        open_views.set_viewport_size({"width": theme.width, "height": 1000})
        open_views.evaluate(
            PUT,
            {"classes": theme.classes, "jupyter": theme.jupyter, "back": theme.back, "style": theme.style},
        )
        name = "dark" if theme.dark else "light"
        contrast = "more" if "contrast" in (theme.classes + theme.jupyter).lower() else "normal"
        open_views.locator(f".od-host[data-theme={name}][data-contrast={contrast}]").last.wait_for()
        return open_views

    yield on
    on(Theme(""))
    open_views.evaluate("document.documentElement.removeAttribute('style')")


@pytest.mark.parametrize("name", AXE)
def test_axe_finds_nothing_in_any_view(put, name: str) -> None:
    assert violations(put(THEMES[name]), rules=None if name in ("light", "narrow") else COLORS) == []


TOKENS = ["ink", "soft", "line", "paper", "error", "right", "right-ink", "select", "select-pale", "focus"]
READ = """names => {
  const host = document.querySelector(".od-host")
  const probe = document.createElement("i")
  host.shadowRoot.querySelector(".od").append(probe)
  const rgb = color => {
    probe.style.color = color
    const drawing = new OffscreenCanvas(1, 1).getContext("2d")
    drawing.fillStyle = getComputedStyle(probe).color
    drawing.fillRect(0, 0, 1, 1)
    return [...drawing.getImageData(0, 0, 1, 1).data.slice(0, 3)]
  }
  const found = Object.fromEntries(names.map(name => [name, rgb(name)]))
  probe.remove()
  return found
}"""
# Text and what it stands on; graphics and what they stand on (WCAG 1.4.3: 4.5, 1.4.11: 3).
TEXT = [
    ("ink", "paper"),
    ("soft", "paper"),
    ("ink", "select-pale"),
    ("select", "select-pale"),
    ("select", "paper"),
]
GRAPHICS = [("error", "paper"), ("right-ink", "paper"), ("select", "paper"), ("focus", "paper")]
# Where two things are told apart by hue: wrong and right in curves, marks and bars; selected and not.
APART = [("error", "right"), ("error", "right-ink"), ("select", "error"), ("select", "right")]


Color = tuple[float, float, float]


def linear(color: Color) -> Color:
    r, g, b = (c / 255 / 12.92 if c <= 10.31475 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in color)
    return r, g, b


def luminance(color: Color) -> float:
    r, g, b = linear(color)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: Color, other: Color) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# Machado, Oliveira and Fernandes 2009, severity 1, on linear light.
SEEN_BY = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lab(color: Color, seen_by: str) -> Color:
    light = linear(color)
    r, g, b = (
        min(1, max(0, sum(m * c for m, c in zip(row, light, strict=True)))) for row in SEEN_BY[seen_by]
    )
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: Color, other: Color, seen_by: str) -> float:
    """CIE 1976; 2.3 is just noticeable."""
    return sum((a - b) ** 2 for a, b in zip(lab(one, seen_by), lab(other, seen_by), strict=True)) ** 0.5


@pytest.mark.parametrize("name", TOKEN_THEMES)
def test_tokens_keep_their_contrast_and_hues_are_told_apart(put, name: str) -> None:
    page = put(THEMES[name])
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    found = page.evaluate(READ, [f"var(--od-{token})" for token in TOKENS])
    color = {token: tuple(found[f"var(--od-{token})"]) for token in TOKENS}
    # A host's page is not quite our paper.
    color["page"] = tuple(float(c) for c in re.findall(r"\d+", back)[:3])
    if "contrast" in name.lower():
        assert color["soft"] == color["ink"]
    pairs = [*TEXT, ("ink", "page"), ("soft", "page"), ("select", "page")]
    for one, on in pairs:
        assert contrast(color[one], color[on]) >= 4.5, (one, on, contrast(color[one], color[on]))
    for one, on in [*GRAPHICS, ("error", "page"), ("right-ink", "page"), ("select", "page")]:
        assert contrast(color[one], color[on]) >= 3, (one, on, contrast(color[one], color[on]))
    for (one, other), eyes in itertools.product(APART, SEEN_BY):
        assert difference(color[one], color[other], eyes) >= 20, (one, other, eyes)


SCALE = """kind => {
  const root = document.querySelector("[data-case=confusion] .od-host").shadowRoot
  const cell = root.querySelector(`.m-cell[data-kind=${kind}]`)
  const drawing = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
  const rgb = color => {
    drawing.clearRect(0, 0, 1, 1)
    drawing.fillStyle = color
    drawing.fillRect(0, 0, 1, 1)
    return [...drawing.getImageData(0, 0, 1, 1).data.slice(0, 3)]
  }
  const before = cell.style.getPropertyValue("--s"), style = getComputedStyle(cell)
  const steps = Array.from({ length: 256 }, (_, i) => {
    cell.style.setProperty("--s", (100 * i) / 255)
    return [rgb(style.backgroundColor), rgb(style.color)]
  })
  cell.style.setProperty("--s", before)
  return steps
}"""


@pytest.mark.parametrize("name", TOKEN_THEMES)
def test_numbers_are_read_on_each_of_256_steps_of_the_scales(put, name: str) -> None:
    page = put(THEMES[name])
    assert view(page, "confusion").locator(".m-cell").count() == 4
    for kind in ("error", "correct"):
        steps = page.evaluate(SCALE, kind)
        worst = min(contrast(tuple(back), tuple(ink)) for back, ink in steps)
        assert worst >= 4.5, (kind, worst)
        # Darker always means more: the scale goes one way in light.
        light = [luminance(tuple(back)) for back, _ in steps]
        assert light in (sorted(light), sorted(light, reverse=True))
