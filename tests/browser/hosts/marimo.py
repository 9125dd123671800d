"""A real marimo server: an app that is run, or a notebook that is edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Literal

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.hosts.process import Server, environment

Mode = Literal["run", "edit"]
CONFIG = """
[runtime]
auto_instantiate = true
[save]
autosave = "off"
format_on_save = false
[display]
theme = "system"
[completion]
activate_on_typing = false
copilot = false
[server]
browser = "default"
"""
SECONDS = 40
IDLE = "() => !document.querySelector('.marimo-cell :is([data-status=running], [data-status=queued])')"


@dataclass
class Marimo:
    """A marimo notebook that is open in a page.

    Attributes
    ----------
    page
        The browser's page.
    path
        The notebook's file.
    """

    server: Server
    page: Page
    path: Path

    def open(self) -> Marimo:
        """Open it, or open it again, and wait until outputs appear; in edit mode until all cells have run."""
        self.page.goto(self.server.url)
        try:
            self.page.locator(".output-area").first.wait_for(state="attached", timeout=SECONDS * 1000)
            self.page.wait_for_function(IDLE, timeout=SECONDS * 1000)
        except PlaywrightTimeout as error:
            said = self.page.locator("body").inner_text()[:1000]
            raise TimeoutError(f"marimo shows no output: {said}\nserver:\n{self.server.tail()}") from error
        return self

    def cell(self, index: int) -> Locator:
        """Return a cell."""
        return self.page.locator(".marimo-cell[data-cell-id]").nth(index)

    def output(self, index: int) -> Locator:
        """Return the output of a cell."""
        return self.cell(index).locator(".output-area")

    def close(self) -> None:
        """Close the page and end the server."""
        if not self.page.is_closed():
            self.page.context.close()
        self.server.stop()


def start_marimo(source: str | Sequence[str], folder: Path, mode: Mode) -> tuple[Server, Path]:
    """Start a server; return it and the notebook's file.

    Parameters
    ----------
    source
        A marimo file, or the code of its cells.
    """
    home = folder / "home"
    env = environment(home) | {"MARIMO_SKIP_UPDATE_CHECK": "1"}
    config = home / "config" / "marimo" / "marimo.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(CONFIG, encoding="utf-8")
    path = folder / "notebook.py"
    path.write_text(source if isinstance(source, str) else marimo_source(source), encoding="utf-8")
    options = ["--headless", "--no-token", "--host=127.0.0.1", "--port={port}", "--no-sandbox"]
    options += ["--skip-update-check"] if mode == "edit" else []
    server = Server(["-m", "marimo", mode, *options, path.name], folder, env)
    try:
        server.wait("/health", SECONDS)
    except BaseException:
        server.stop()
        raise
    return server, path


def marimo_source(cells: Sequence[str]) -> str:
    """Return a marimo file with these cells."""
    functions = [f"@app.cell\ndef _():\n{indent(cell.strip(), '    ')}\n    return\n" for cell in cells]
    return "import marimo\n\napp = marimo.App(width='full')\n\n\n" + "\n\n".join(functions)
