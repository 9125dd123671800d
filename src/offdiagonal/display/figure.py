"""What shows itself as a verdict, a chart and a table: interactive wherever scripts run, else as a picture."""

from __future__ import annotations

import base64
import gzip
import json
import os
import uuid
from abc import ABC, abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import Any

from offdiagonal.display import bundle
from offdiagonal.display.chart import as_altair
from offdiagonal.display.figure_static import figure_html
from offdiagonal.display.files import write_whole
from offdiagonal.display.island import Island, island_html, page_html
from offdiagonal.display.png import render_pdf, render_png, render_svg
from offdiagonal.errors import OffdiagonalError
from offdiagonal.table.frames import as_frame
from offdiagonal.views.figure import FigureSpec, Heat
from offdiagonal.views.figure_page import page
from offdiagonal.views.text import amount
from offdiagonal.views.vegalite.figure import figure_chart

VIEW = "figure"
SAVED_BYTES = 120 * 1024
"""Of the numbers of a figure in a notebook."""
FILE_BYTES = 2 * 1024 * 1024


class Figure(ABC):
    """Numbers as a frame, a chart, a file, and in a notebook as a view that needs no kernel: they no longer change."""

    @abstractmethod
    def _shown(self) -> FigureSpec:
        """The verdict, the chart and the table."""

    @abstractmethod
    def _frame(self) -> dict[str, Any]:
        """Columns of the numbers."""

    def to_frame(self) -> Any:
        """The numbers with their intervals, as a tidy pandas DataFrame."""
        return as_frame(self._frame())

    def to_altair(self) -> Any:
        """The picture as an Altair chart."""
        return as_altair(figure_chart(self._shown()))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the figure to a file.

        Parameters
        ----------
        path
            Ends in ``.html`` (interactive, needs nothing else), ``.png``, ``.svg`` or ``.pdf``.

        Raises
        ------
        OffdiagonalError
            If the name ends in something else.
        """
        kind = Path(path).suffix.lower()
        if kind == ".html":
            write_whole(path, page_html(self._island(FILE_BYTES), self._shown().title).encode())
        elif kind == ".svg":
            write_whole(path, render_svg(figure_chart(self._shown())).encode())
        elif kind in (".png", ".pdf"):
            draw = render_png if kind == ".png" else render_pdf
            write_whole(path, draw(figure_chart(self._shown())))
        else:
            raise OffdiagonalError(
                f"cannot save as {kind or 'a file without an ending'!r}; there is .html, .png, .svg, .pdf"
            )

    def _island(self, budget: int = SAVED_BYTES) -> Island:
        spec, data = _fitting(self._shown(), budget)
        return Island(
            uuid.uuid4().hex,
            (VIEW,),
            {},
            data,
            figure_html(spec, render_png(figure_chart(spec)), repr(self)),
            bundle.figure(),
        )

    def _repr_html_(self) -> str:
        return island_html(self._island())


def _fitting(spec: FigureSpec, budget: int) -> tuple[FigureSpec, str]:
    """The figure, and its numbers packed; without the last grids where all have no room, which it then says."""
    data = _packed(spec)
    if not isinstance(spec.chart, Heat) or len(data) <= budget:
        return spec, data
    grids = spec.chart.grids
    kept = max(1, len(grids) * budget // len(data))
    while True:
        gone = amount(len(grids) - kept, "more grid")
        note = f"{gone} had no room in the notebook: .save('figure.html') holds them."
        fewer = replace(spec, chart=replace(spec.chart, grids=grids[:kept]), notes=(*spec.notes, note))
        data = _packed(fewer)
        if kept == 1 or len(data) <= budget:
            return fewer, data
        kept -= 1


def _packed(spec: FigureSpec) -> str:
    text = json.dumps(page(spec), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")
