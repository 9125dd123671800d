"""Names and texts from data are never markup: live, saved and still; and a control page where each attack fires."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

import offdiagonal as od
from tests.browser.hosts import code, notebook, open_file, strip_like_github
from tests.browser.test_lives import ROOT, view

pytestmark = pytest.mark.browser

FIRE = "globalThis.fired=1"
ATTACKS = [
    f"<script>{FIRE}</script>",
    f"<img src=x onerror='{FIRE}'>",
    f"<svg onload='{FIRE}'>",
    f"<svg><script>{FIRE}</script></svg>",
    f"<body onload='{FIRE}'>",
    f"<iframe srcdoc='<script>parent.{FIRE[11:]}</script>'></iframe>",
    f'<iframe src="javascript:parent.{FIRE[11:]}"></iframe>',
    f"<details open ontoggle='{FIRE}'>",
    f"<video><source onerror='{FIRE}'></video>",
    f"<audio src=x onerror='{FIRE}'>",
    f"<input autofocus onfocus='{FIRE}'>",
    f"<select autofocus onfocus='{FIRE}'>",
    f"<textarea autofocus onfocus='{FIRE}'>",
    f'<a id=click href="javascript:{FIRE}">x</a>',
    f"<button id=click onclick='{FIRE}'>x</button>",
    f'<form><button id=click formaction="javascript:{FIRE}">x</button></form>',
    f"<object data='x' onerror='{FIRE}'></object>",
    f"<link rel=stylesheet href=x onerror='{FIRE}'>",
    f"<style onload='{FIRE}'></style>",
    f"<script src=x onerror='{FIRE}'></script>",
    f"\"><img src=x onerror='{FIRE}'>",
    f'\'><img src=x onerror="{FIRE}">',
    f"</script><script>{FIRE}</script>",
    f"</style><script>{FIRE}</script>",
    f"</title><script>{FIRE}</script>",
    f"</textarea><img src=x onerror='{FIRE}'>",
    f"--><img src=x onerror='{FIRE}'>",
    f"<math><mtext></mtext><img src=x onerror='{FIRE}'></math>",
    f"<div style='animation:x 1ms' onanimationstart='{FIRE}'></div><style>@keyframes x{{}}</style>",
    f"<IMG SRC=x OnErRoR='{FIRE}'>",
]
MAKE = f"""import sys; sys.path.insert(0, {str(ROOT)!r})
from tests.browser.test_attacks import hostile
ev = hostile({{i}})"""


def hostile(i: int) -> od.Evaluation:
    """An attack in every place that shows data: class, column, value, slice, text and the Evaluation's name."""
    attack = ATTACKS[i]
    n = 40
    frame = {
        "label": [attack, "b"] * (n // 2),
        "predicted": [attack, attack, "b", "b"] * (n // 4),
        "p": [0.1, 0.4, 0.6, 0.9] * (n // 4),
        "text": [f"{attack} {row}" for row in range(n)],
        attack: [attack, "other"] * (n // 2),
        "id": [attack] * n,
    }
    ev = od.Evaluation(
        frame,
        prediction="predicted",
        probabilities="p",
        classes=["b", attack],
        text="text",
        id="id",
        name=attack,
    )
    return ev.slice(attack, {"text": "script"}).slice(f"two {attack}", {"columns": {attack: attack}})


def poke(board: Locator, attack: str) -> None:
    """Select by everything, open a row, search: what shows data has then shown it."""
    board.locator("[role=gridcell]").first.click()
    board.locator("[aria-label='Slices'] tbody tr").first.click()
    board.get_by_role("button", name="Clear", exact=True).click()
    board.locator("[role=grid] [role=row][aria-rowindex='2']").last.click()
    board.get_by_role("searchbox").or_(board.locator("[aria-label^='Search in']")).last.fill("script")
    expect(board.locator(".chip").filter(has_text="text contains")).to_be_visible()
    for element in board.locator("#click").all():
        element.click()
    assert board.evaluate("(el, text) => el.innerText.includes(text)", attack[:20])
    board.page.wait_for_timeout(150)


@pytest.mark.parametrize("i", range(len(ATTACKS)))
def test_an_attack_fires_on_the_control_page_and_nowhere_in_a_saved_view(
    i: int, new_page, guard, tmp_path: Path
) -> None:
    guard.allow_error("")
    guard.allow_request("")
    control = new_page(offline=True)
    (tmp_path / "control.html").write_text(f"<!doctype html><div>{ATTACKS[i]}</div>", encoding="utf-8")
    open_file(control, tmp_path / "control.html")
    if control.locator("#click").count():
        control.locator("#click").first.click()
    control.wait_for_function("globalThis.fired === 1", timeout=5000)

    ev = hostile(i)
    ev.selection.where(slice=ATTACKS[i], columns={ATTACKS[i]: ATTACKS[i]})
    ev.save(tmp_path / "report.html")
    page = open_file(new_page(offline=True), tmp_path / "report.html")
    page.locator(".od").wait_for()
    poke(page.locator(".od").first, ATTACKS[i])
    assert page.evaluate("globalThis.fired") is None
    assert page.locator("iframe, object, link, video, audio, math, .od-static svg").count() == 0

    still = strip_like_github(ev._repr_html_())
    (tmp_path / "still.html").write_text(
        f"<!doctype html><title>{escape('still')}</title>{still}", encoding="utf-8"
    )
    page = open_file(new_page(offline=True), tmp_path / "still.html")
    page.wait_for_timeout(50)
    assert page.evaluate("globalThis.fired") is None


def test_no_attack_fires_live(jupyterlab, guard) -> None:
    guard.allow_error("")
    cells = [code(MAKE.format(i=0)), code("ev")]
    lab = jupyterlab.open(notebook(cells)).run_all()
    for i in range(len(ATTACKS)):
        lab.set_source(0, MAKE.format(i=i))
        lab.run_cell(0)
        lab.run_cell(1)
        poke(view(lab, 1), ATTACKS[i])
        assert lab.page.evaluate("globalThis.fired") is None, ATTACKS[i]
