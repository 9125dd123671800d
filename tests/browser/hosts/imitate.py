"""Pages that imitate how VS Code and Colab show the saved outputs of a notebook; neither can run here.

They show text/html, image/png, streams and text/plain. A widget needs a kernel: its text/plain stands there.
VS Code (after the source of its notebook renderer): one page for all cells, a div per output, HTML set with
innerHTML, then each script run again as a copy that is appended to the end of that div and removed at once;
the copy keeps type, src, nonce, noModule and async, not id, class or data attributes.
Colab (after what is known of it): one iframe per cell, here with an origin of its own, which is stricter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode

Theme = Literal["light", "dark"]
COLORS = {"light": ("#ffffff", "#1f1f1f"), "dark": ("#1e1e1e", "#cccccc")}
VSCODE_CSP = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src https: http: data:; font-src https:; connect-src https:; child-src https: data:;"
)
VSCODE_RENDER = """
const render = (html, container) => {
  const element = document.createElement("div")
  element.innerHTML = html
  container.appendChild(element)
  for (const node of Array.from(element.getElementsByTagName("script"))) {
    const copy = document.createElement("script")
    copy.text = node.innerText
    for (const key of ["type", "src", "nonce", "noModule", "async"]) {
      const value = node[key] || node.getAttribute(key)
      if (value) copy.setAttribute(key, value)
    }
    element.appendChild(copy).parentNode.removeChild(copy)
  }
}
for (const [cell, outputs] of CELLS.entries()) {
  const container = document.createElement("div")
  container.className = "cell_container"
  container.id = `cell-${cell}`
  document.getElementById("container").appendChild(container)
  for (const html of outputs) {
    const outer = document.createElement("div")
    outer.className = "output_container"
    container.appendChild(outer)
    const output = document.createElement("div")
    output.className = "output"
    outer.appendChild(output)
    render(html, output)
  }
}
"""
COLAB_RENDER = """
for (const html of OUTPUTS) {
  const output = document.createElement("div")
  output.className = "output_subarea output_html rendered_html"
  document.getElementById("output-area").appendChild(output)
  output.innerHTML = html
  for (const node of Array.from(output.getElementsByTagName("script"))) {
    const copy = document.createElement("script")
    for (const { name, value } of node.attributes) copy.setAttribute(name, value)
    copy.textContent = node.textContent
    node.replaceWith(copy)
  }
}
const tell = () => parent.postMessage(document.documentElement.scrollHeight, "*")
new ResizeObserver(tell).observe(document.body)
"""
COLAB_SIZE = """
addEventListener("message", event => {
  for (const frame of document.getElementsByTagName("iframe")) {
    if (frame.contentWindow === event.source) frame.style.height = `${event.data}px`
  }
})
"""


def imitate_vscode(book: NotebookNode, path: Path, theme: Theme = "light", csp: bool = False) -> Path:
    """Write a page like VS Code's and return its path.

    Cells are ``#cell-0``, ``#cell-1`` ... (those with outputs), their outputs ``.output``.

    Parameters
    ----------
    csp
        With the policy of ``notebook.experimental.enableCsp``, which is off by default.
    """
    back, front = COLORS[theme]
    policy = f'<meta http-equiv="Content-Security-Policy" content="{escape(VSCODE_CSP)}">' if csp else ""
    body = f"""<!DOCTYPE html>
<html lang="en" style="--vscode-editor-background: {back}; --vscode-editor-foreground: {front};
  --vscode-foreground: {front}; --vscode-font-family: sans-serif"><head><meta charset="utf-8">{policy}
<style>body {{ background: {back}; color: {front}; font: 13px sans-serif; padding: 0 20px }}</style></head>
<body class="vscode-{theme}" data-vscode-theme-kind="vscode-{theme}"><div id="container"></div>
<script>const CELLS = {_script(list(_cells(book)))};{VSCODE_RENDER}</script></body></html>"""
    path.write_text(body, encoding="utf-8")
    return path


def imitate_colab(
    book: NotebookNode, path: Path, theme: Theme = "light", sandbox: str = "allow-scripts allow-downloads"
) -> Path:
    """Write a page like Colab's and return its path.

    The outputs of a cell are in ``page.frame_locator("#cell-0")`` ... (cells with outputs).
    """
    back, front = COLORS[theme]
    style = f"body {{ background: {back}; color: {front}; font: 14px sans-serif; margin: 0 }}"
    frames = []
    for number, outputs in enumerate(_cells(book)):
        inner = f"""<!DOCTYPE html><html lang="en" theme="{theme}"><head><meta charset="utf-8">
<style>{style}</style></head><body><div id="output-area"></div>
<script>const OUTPUTS = {_script(outputs)};{COLAB_RENDER}</script></body></html>"""
        frames.append(
            f'<iframe id="cell-{number}" title="output" sandbox="{sandbox}" srcdoc="{escape(inner)}" '
            'style="width: 100%; border: 0"></iframe>'
        )
    body = f"""<!DOCTYPE html>
<html lang="en" theme="{theme}"><head><meta charset="utf-8"><style>{style}</style></head>
<body><script>{COLAB_SIZE}</script>{"".join(frames)}</body></html>"""
    path.write_text(body, encoding="utf-8")
    return path


def _cells(book: NotebookNode) -> Iterator[list[str]]:
    for cell in book.cells:
        if cell.get("outputs"):
            yield [_html(output) for output in cell["outputs"]]


def _html(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return f"<pre>{escape(output['text'])}</pre>"
    if output["output_type"] == "error":
        return f"<pre>{escape(output['ename'])}: {escape(output['evalue'])}</pre>"
    data = output["data"]
    if "text/html" in data:
        return str(data["text/html"])
    if "image/png" in data:
        return f'<img alt="" src="data:image/png;base64,{data["image/png"]}">'
    return f"<pre>{escape(data.get('text/plain', ''))}</pre>"


def _script(value: object) -> str:
    return json.dumps(value).replace("<", "\\u003c")
