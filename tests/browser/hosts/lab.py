"""A notebook open in JupyterLab or Notebook 7, driven the way its reader does."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from nbformat import NotebookNode
from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.hosts.chromium import Guard, Look, wait_until
from tests.browser.hosts.files import notebook, read, without_kernel, write
from tests.browser.hosts.jupyter import JupyterServer
from tests.browser.hosts.kernel import Kernel

SECONDS = 30
# What JupyterLab and Notebook 7 themselves report when kernels end and pages load.
NOISE = [
    r"Canceled future for \w+ message before replies were done",
    r"Cannot read properties of undefined \(reading 'schema'\)\s+at \S+/static/notebook/",
]
PANEL = "const app = window.jupyterapp, panel = app.shell.currentWidget;"
READY = """() => window.jupyterapp?.shell?.currentWidget?.context?.isReady
  && document.querySelector('.jp-Notebook .jp-Cell')"""
CONNECTED = """() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.connectionStatus
  === 'connected'"""
ERRORS = """return Array.from(panel.content.model.cells).flatMap(
  (cell, i) => (cell.toJSON().outputs ?? []).filter(o => o.output_type === 'error')
    .map(o => `cell ${i}: ` + o.traceback.join('\\n')))"""


class Jupyter:
    """JupyterLab or Notebook 7, for one test."""

    def __init__(self, server: JupyterServer, new_page: Callable[..., Page], guard: Guard) -> None:
        self.server = server
        for pattern in NOISE:
            guard.allow_error(pattern)
        self._new_page = new_page
        self._opened: list[Lab] = []

    def open(
        self,
        book: Path | NotebookNode | Sequence[str | NotebookNode],
        *,
        trusted: bool = True,
        kernel: bool = True,
        theme: Literal["light", "dark"] = "light",
        look: Look | None = None,
        page: Page | None = None,
    ) -> Lab:
        """Open a notebook in a new browser context and wait until it can be used.

        Parameters
        ----------
        book
            A file (of this server: that file; else a copy), a notebook, or cells: strings are code.
        trusted
            Sign the outputs that it holds; False takes back a signature given before.
        kernel
            False opens a copy and answers "No Kernel".
        look
            All of what the reader's system asks for, in place of `theme`.
        page
            A page to use instead of a new one.
        """
        path = self._file(book, kernel)
        self.server.trust(read(path), trusted)
        lab = Lab(self.server, path, page or self._new_page(look or Look(theme=theme)), kernel)
        self._opened.append(lab)
        if kernel:
            self.server.start_kernel(path.name)
        lab.page.goto(lab.url)
        lab.wait_ready()
        return lab

    def shut_down(self) -> None:
        """End the kernels that the test left; its pages are closed by who opened them."""
        for lab in self._opened:
            lab.hang_up()
        self.server.shut_down_kernels()

    def _file(self, book: Path | NotebookNode | Sequence[str | NotebookNode], kernel: bool) -> Path:
        if isinstance(book, Path) and kernel and book.parent == self.server.root:
            return book
        name = book.stem if isinstance(book, Path) else "notebook"
        if isinstance(book, Path):
            book = read(book)
        elif not isinstance(book, NotebookNode):
            book = notebook(book)
        number = sum(1 for _ in self.server.root.iterdir())
        return write(book if kernel else without_kernel(book), self.server.root / f"{name}-{number}.ipynb")


class Lab:
    """One notebook that is open in one page.

    Attributes
    ----------
    page
        The browser's page.
    path
        The notebook's file.
    """

    def __init__(self, server: JupyterServer, path: Path, page: Page, kernel: bool) -> None:
        self.page = page
        self.path = path
        folder = "lab/tree" if server.kind == "lab" else "notebooks"
        self.url = f"{server.url}/{folder}/{path.name}" + ("?reset" if server.kind == "lab" else "")
        self._server = server
        self._wants_kernel = kernel
        self._kernel: Kernel | None = None
        page.on("dialog", lambda dialog: dialog.accept())

    def run_all(self, seconds: float = SECONDS, allow_errors: bool = False) -> Lab:
        """Run all cells and wait until the kernel is done; a cell that raises fails the test."""
        self._command("notebook:run-all-cells", seconds)
        return self._check(allow_errors)

    def run_cell(self, index: int, seconds: float = SECONDS, allow_errors: bool = False) -> Lab:
        """Run one cell and wait until the kernel is done."""
        self.js(f"panel.content.activeCellIndex = {index}; panel.content.deselectAll()")
        self._command("notebook:run-cell", seconds)
        return self._check(allow_errors)

    def set_source(self, index: int, source: str) -> Lab:
        """Write the source of a cell."""
        self.js(f"panel.content.model.cells.get({index}).sharedModel.setSource({json.dumps(source)})")
        return self

    def execute(self, code: str, seconds: float = SECONDS) -> str:
        """Run code in the notebook's kernel, past the notebook; return what it printed and its last value."""
        if self._kernel is None:
            found = list(self._server.kernels(self.path.name).values())
            assert found, f"{self.path.name} has no kernel"
            self._kernel = Kernel(self._server.connection(found[0]), lambda: self.page.wait_for_timeout(5))
        return self._kernel.execute(code, seconds)

    def value(self, expression: str, seconds: float = SECONDS) -> Any:
        """Return the value of an expression in the notebook's kernel, by way of JSON."""
        text = self.execute(f"__import__('json').dumps({expression}, default=str)", seconds)
        return json.loads(ast.literal_eval(text))

    def wait_value(self, expression: str, wanted: object, seconds: float = 10) -> None:
        """Wait until an expression in the notebook's kernel has a value."""
        seen: list[Any] = []

        def done() -> bool:
            seen[:] = [self.value(expression, seconds)]
            return bool(seen[0] == wanted)

        try:
            wait_until(self.page, done, expression, seconds)
        except TimeoutError as error:
            raise TimeoutError(
                f"{expression} is {seen[0]!r}, not {wanted!r}, after {seconds:.0f} s"
            ) from error

    def cell(self, index: int) -> Locator:
        """Return a cell, text cells counted."""
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def cell_output(self, index: int) -> Locator:
        """Return the output area of a cell."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def outputs(self, index: int) -> Locator:
        """Return the single outputs of a cell, prompts included; hidden ones count."""
        return self.cell_output(index).locator("> .jp-OutputArea-child")

    def wait_output(self, index: int, seconds: float = SECONDS) -> Locator:
        """Wait until a cell has an output; return its output area."""
        area = self.cell_output(index)
        area.locator(".jp-OutputArea-output").first.wait_for(state="attached", timeout=seconds * 1000)
        return area

    def save(self) -> NotebookNode:
        """Save, wait until the file is written, and return what is in it."""
        self._command("docmanager:save", SECONDS)
        self.page.wait_for_function(f"() => {{ {PANEL} return !panel.context.model.dirty }}")
        return read(self.path)

    def reload(self, save: bool = True) -> Lab:
        """Reload the page; the kernel lives on. Unsaved outputs would be lost."""
        if save:
            self.save()
        self.page.reload()
        self.wait_ready()
        return self

    def restart_kernel(self) -> Lab:
        """Restart the kernel; the outputs stay."""
        self.hang_up()
        self.js("return panel.sessionContext.restartKernel()")
        self.page.wait_for_function(CONNECTED)
        return self

    def shutdown_kernel(self) -> Lab:
        """Shut the kernel down; the outputs stay."""
        self.hang_up()
        self.js("return panel.sessionContext.shutdown()")
        return self

    def close(self, kernel: bool = False) -> None:
        """Close the page, and shut the kernel down unless it is to live on; without saving."""
        self.hang_up()
        if not self.page.is_closed():
            self.page.context.close()
        if not kernel:
            self._server.shut_down_kernels(self.path.name)

    def screenshot(self, path: Path, index: int | None = None) -> Path:
        """Write a picture of the window, or of a cell's output."""
        path.parent.mkdir(parents=True, exist_ok=True)
        (self.page if index is None else self.cell_output(index)).screenshot(path=path)
        return path

    def js(self, body: str, seconds: float = SECONDS) -> Any:
        """Run JavaScript that knows ``app`` and ``panel``; wait for what it returns."""
        late = f"{self.path.name}: not after {seconds:.0f} s: {body[:200]}"
        return self.page.evaluate(
            f"""async () => {{
              {PANEL}
              let timer
              const late = new Promise((_, no) => {{
                timer = setTimeout(() => no(new Error({json.dumps(late)})), {seconds * 1000})
              }})
              const done = (async () => {{ {body} }})()
              try {{ return await Promise.race([late, done]) }} finally {{ clearTimeout(timer) }}
            }}"""
        )

    def wait_ready(self) -> None:
        """Wait until the notebook is drawn and its kernel is connected, or refused."""
        try:
            self.page.wait_for_function(READY, timeout=SECONDS * 1000)
            if self._wants_kernel:
                self.page.wait_for_function(CONNECTED, timeout=SECONDS * 1000)
            else:
                self.page.locator(".jp-Dialog button.jp-mod-reject").click(timeout=SECONDS * 1000)
                self.page.locator(".jp-Dialog").wait_for(state="detached")
        except PlaywrightTimeout as error:
            dialogs = self.page.locator(".jp-Dialog").all_inner_texts()
            message = f"{self.url} did not open; dialogs: {dialogs}; server:\n{self._server.server.tail(12)}"
            raise TimeoutError(message) from error
        if self._server.kind == "lab":
            self.js("app.shell.collapseLeft()")

    def _command(self, name: str, seconds: float) -> None:
        self.js(f"await app.commands.execute({json.dumps(name)})", seconds)

    def _check(self, allow_errors: bool) -> Lab:
        errors = [] if allow_errors else self.js(ERRORS)
        assert not errors, f"{self.path.name}:\n" + "\n".join(errors)
        return self

    def hang_up(self) -> None:
        """Close the connection that `execute` uses; the kernel goes on."""
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None
