"""Notebooks as files: made, read, exported through nbconvert's own command line, and seen without style."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import nbformat
from nbformat import NotebookNode

from tests.browser.hosts.process import environment, run

ENDINGS = {"html": ".html", "latex": ".tex", "markdown": ".md", "notebook": ".ipynb"}


def code(source: str, outputs: Sequence[dict[str, object]] = ()) -> NotebookNode:
    """Return a code cell."""
    return nbformat.v4.new_code_cell(source, outputs=list(map(nbformat.from_dict, outputs)))


def markdown(source: str) -> NotebookNode:
    """Return a text cell."""
    return nbformat.v4.new_markdown_cell(source)


def notebook(cells: Sequence[str | NotebookNode]) -> NotebookNode:
    """Return a notebook for this interpreter; a string is a code cell."""
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    return nbformat.v4.new_notebook(cells=made, metadata=metadata)


def read(path: Path) -> NotebookNode:
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def write(book: NotebookNode, path: Path) -> Path:
    """Write a notebook and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, path)
    return path


def without_kernel(book: NotebookNode) -> NotebookNode:
    """Return a copy whose kernel exists nowhere, so that JupyterLab asks and can be told "No Kernel"."""
    copy = nbformat.from_dict(book)
    copy.metadata["kernelspec"] = {"name": "nope", "display_name": "Nope", "language": "zzz"}
    copy.metadata["language_info"] = {"name": "zzz"}
    return copy


def export(
    book: NotebookNode | Path | Sequence[str | NotebookNode],
    folder: Path,
    to: Literal["html", "latex", "markdown", "notebook"] = "html",
    execute: bool = False,
    options: Sequence[str] = (),
    seconds: float = 90,
) -> Path:
    """Export a notebook with ``jupyter nbconvert`` and return the written file.

    Parameters
    ----------
    folder
        Where the notebook, the export and a home of its own are written.
    execute
        Run the notebook first (``--execute``); the state of its widgets is then in the file.
    options
        More of the command line, such as ``["--template", "classic"]``.
    """
    if isinstance(book, Path):
        book = read(book)
    elif not isinstance(book, NotebookNode):
        book = notebook(book)
    home = folder / "home"
    path = write(book, folder / "source.ipynb")
    command = ["-m", "nbconvert", "--to", to, "--output", "exported", *options, path.name]
    run([*command, *(["--execute"] if execute else [])], folder, environment(home), seconds)
    return (folder / "exported").with_suffix(ENDINGS[to])


def image_size(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n"), "not a PNG"
    width, height = struct.unpack(">II", png[16:24])
    return width, height
