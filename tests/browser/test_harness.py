"""The hosts themselves, with the smallest widget there is: a counter beside a saved form of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.browser.hosts import (
    Look,
    code,
    imitate_colab,
    imitate_vscode,
    notebook,
    open_file,
    strip_like_github,
)
from tests.browser.hosts.chromium import Guard

pytestmark = pytest.mark.browser

COUNTER = """
import anywidget, traitlets
from IPython.display import HTML, display

class Counter(anywidget.AnyWidget):
    _esm = '''
    export default { render({ model, el }) {
      const button = document.createElement("button")
      button.className = "live"
      const draw = () => { button.textContent = `live ${model.get("n")}` }
      button.addEventListener("click", () => { model.set("n", model.get("n") + 1); model.save_changes() })
      model.on("change:n", draw); draw(); el.append(button)
    } }'''
    n = traitlets.Int(0).tag(sync=True)
"""
SAVED = """<div class="saved"><style>.saved { color: green }</style><p>n 7</p><button>saved 0</button>
<script>for (const b of document.querySelectorAll(".saved button")) {
  b.onclick = () => { b.textContent = "saved " + (Number(b.textContent.slice(6)) + 1) } }</script></div>"""
COUNTER_CELLS = [COUNTER, f"c = Counter()\ndisplay(HTML({SAVED!r}))\nc"]
HTML_CELLS = [COUNTER, f"display(HTML({SAVED!r}))\nprint('kept')"]
MARIMO_CELLS = [
    "import marimo as mo",
    COUNTER.replace("display, ", ""),
    "w = mo.ui.anywidget(Counter())\nw",
    "mo.md(f'python {w.n}')",
]


@pytest.mark.parametrize("host", ["jupyterlab", "notebook7"])
def test_live_reload_restart_and_shutdown(host: str, request: pytest.FixtureRequest) -> None:
    lab = request.getfixturevalue(host).open(COUNTER_CELLS).run_all()
    live = lab.cell_output(1).locator("button.live")
    live.click()
    lab.wait_value("c.n", 1)
    lab.execute("c.n = 41")
    live.get_by_text("live 41").wait_for()
    assert lab.execute("print('a'); 1 + 1") == "a\n2"

    if host == "notebook7":
        return
    lab.reload()
    live.click()
    lab.wait_value("c.n", 42)

    lab.restart_kernel()
    assert lab.value("'c' in globals()") is False
    lab.shutdown_kernel()
    assert live.inner_text() == "live 42"


def test_trusted_untrusted_and_without_kernel(jupyterlab, tmp_path: Path) -> None:
    saved = notebook(["1", code("2", [_html(SAVED), _html("<p>kept</p>")])])
    alone = jupyterlab.open(saved, kernel=False, theme="dark")
    button = alone.cell_output(1).locator(".saved button")
    button.click()
    assert button.inner_text() == "saved 1"
    assert alone.page.locator("body[data-jp-theme-light=false]").count() == 1
    assert alone.screenshot(tmp_path / "dark.png", 1).stat().st_size > 500
    assert alone.outputs(1).count() == 2
    alone.close()

    untrusted = jupyterlab.open(saved, trusted=False, kernel=False)
    button = untrusted.cell_output(1).locator("button")
    assert untrusted.wait_output(1).get_by_text("n 7").is_visible()
    assert button.count() == 0 or button.evaluate("b => b.onclick") is None


def test_exported_offline(exported, offline_page) -> None:
    page = open_file(offline_page, exported(HTML_CELLS, execute=True))
    page.locator(".saved button").click()
    assert page.locator(".saved button").inner_text() == "saved 1"


def test_marimo(marimo_app) -> None:
    app = marimo_app(MARIMO_CELLS, "run")
    app.output(2).locator("button.live").click()
    app.output(3).get_by_text("python 1").wait_for()


def test_imitations(offline_page, tmp_path: Path) -> None:
    script = "<script>document.body.dataset.ran = Number(document.body.dataset.ran ?? 0) + 1</script>"
    book = notebook(
        [code("1", [_html(f"<b>a</b>{script}"), _html("<b>b</b>")]), code("2", [_html(f"<b>c</b>{script}")])]
    )
    page = open_file(offline_page, imitate_vscode(book, tmp_path / "vscode.html", "dark"))
    assert page.locator(".output b").all_inner_texts() == ["a", "b", "c"]
    assert page.locator("body").get_attribute("data-ran") == "2"
    open_file(page, imitate_colab(book, tmp_path / "colab.html"))
    assert page.frame_locator("#cell-0").locator("b").all_inner_texts() == ["a", "b"]
    assert page.frame_locator("#cell-1").locator("body").get_attribute("data-ran") == "1"


def test_the_guard_sees_requests_and_errors(new_page, guard: Guard, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text(
        "<img src='https://example.org/a.png'><img src='http://203.0.113.1/b.png'>"
        "<script>console.error('said'); throw new Error('thrown')</script>"
    )
    for offline in (False, True):
        page = open_file(new_page(offline=offline), tmp_path / "bad.html")
        page.wait_for_timeout(100)
    with pytest.raises(AssertionError, match=r"(?s)example\.org/a\.png.*203\.0\.113\.1/b\.png.*said.*thrown"):
        guard.check()
    guard.allow_request(r"example\.org|203\.0")
    guard.allow_error("said|thrown")
    guard.check()


def test_looks(new_page) -> None:
    queries = {
        "(prefers-color-scheme: dark)": Look(theme="dark"),
        "(forced-colors: active)": Look(forced_colors=True),
        "(prefers-reduced-motion: reduce)": Look(reduced_motion=True),
        "(max-width: 500px)": Look(width=500),
    }
    plain = new_page()
    for query, look in queries.items():
        ask = f"matchMedia({json.dumps(query)}).matches"
        assert new_page(look).evaluate(ask) is True
        assert plain.evaluate(ask) is False


def test_strip_like_github() -> None:
    left = strip_like_github(
        "<style>p { color: red }</style>"
        '<div class="a" id="b" style="color: red" onclick="x()" hidden data-c="d">'
        '<h2>n &lt; 5</h2><table><tr><th scope="row">a</th></tr></table><svg><text>t</text></svg>'
        '<img alt="p" src="data:image/png;base64,AA=="><img src="data:image/svg+xml,<svg>">'
        '<a href="javascript:x()">bad</a><a href="https://e.org/?a=1&amp;b">good</a>'
        "<script type='application/json'>{\"<p>\": 1}</script></div>"
    )
    assert left == (
        '<div><h2>n &lt; 5</h2><table><tr><th scope="row">a</th></tr></table>t'
        '<img alt="p" src="data:image/png;base64,AA=="><img>'
        '<a>bad</a><a href="https://e.org/?a=1&amp;b">good</a></div>'
    )


def _html(text: str) -> dict[str, object]:
    return {"output_type": "display_data", "data": {"text/html": text, "text/plain": ""}, "metadata": {}}
