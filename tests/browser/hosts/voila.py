"""A real Voila server: a notebook as a page of its outputs, with a kernel behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat

from tests.browser.hosts.process import Server, environment

SECONDS = 60


def start_voila(cells: Sequence[str], folder: Path) -> Server:
    """Start a server that shows a notebook of these cells.

    Parameters
    ----------
    cells
        The code of the cells.
    folder
        Where the notebook and the server's log are written.
    """
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    path = folder / "app.ipynb"
    nbformat.write(book, path)
    command = ["-m", "voila", path.name, "--no-browser", "--port={port}", "--Voila.ip=127.0.0.1"]
    server = Server(command, folder, environment(folder / "home"))
    try:
        server.wait("/voila/static/voila.js", SECONDS)
    except BaseException:
        server.stop()
        raise
    return server
