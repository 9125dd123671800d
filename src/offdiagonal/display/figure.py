"""What shows itself as a picture with a table: it reads the same live, saved and without scripts."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from offdiagonal.display.chart import as_altair
from offdiagonal.display.files import write_whole
from offdiagonal.display.html import picture_html
from offdiagonal.display.png import render_pdf, render_png, render_svg
from offdiagonal.errors import OffdiagonalError
from offdiagonal.table.frames import as_frame


class Figure(ABC):
    """Numbers as a frame, a chart, a file, and in a notebook as a picture with a table."""

    @abstractmethod
    def _frame(self) -> dict[str, Any]:
        """Columns of the numbers."""

    @abstractmethod
    def _chart(self) -> dict[str, Any]:
        """A Vega-Lite spec."""

    @abstractmethod
    def _parts(self, picture: str) -> list[str]:
        """The pieces of HTML, the picture among them."""

    def to_frame(self) -> Any:
        """The numbers with their intervals, as a tidy pandas DataFrame."""
        return as_frame(self._frame())

    def to_altair(self) -> Any:
        """The picture as an Altair chart."""
        return as_altair(self._chart())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file that ends in ``.png``, ``.svg`` or ``.pdf``.

        Raises
        ------
        OffdiagonalError
            If the name ends in something else.
        """
        kind = Path(path).suffix.lower()
        if kind == ".svg":
            write_whole(path, render_svg(self._chart()).encode())
        elif kind in (".png", ".pdf"):
            write_whole(path, (render_png if kind == ".png" else render_pdf)(self._chart()))
        else:
            raise OffdiagonalError(
                f"cannot save as {kind or 'a file without an ending'!r}; there is .png, .svg, .pdf"
            )

    def _repr_html_(self) -> str:
        picture = picture_html(render_png(self._chart()), repr(self))
        return "\n".join(['<div class="od-static">', *self._parts(picture), "</div>"])
