"""The curves of training runs as the user holds them: displayed, as a frame, as a chart, as a file, as a widget."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import os
import time
import uuid
from pathlib import Path
from typing import Any

import numpy as np

from offdiagonal.display import bundle
from offdiagonal.display.chart import as_altair
from offdiagonal.display.files import write_whole
from offdiagonal.display.island import Island, page_html
from offdiagonal.display.output import Output
from offdiagonal.display.png import render_pdf, render_png, render_svg
from offdiagonal.display.run_session import RunSession
from offdiagonal.display.run_state import Page, state
from offdiagonal.display.run_static import runs_html
from offdiagonal.errors import OffdiagonalError
from offdiagonal.table.frames import as_frame
from offdiagonal.views.runs import RunsSpec
from offdiagonal.views.vegalite.runs import runs_chart

RUN_VIEWS = ("curves", "layers", "findings")
SAVED_BYTES = 200 * 1024
"""Of an output in a notebook."""
FILE_BYTES = 2 * 1024 * 1024
MOST = (8192, 4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8)
COLUMNS = (240, 240, 240, 120, 60, 30, 15, 8, 4, 2, 0)
"""Buckets of a curve, and steps of the heat map of layers, that are tried together, one after the other, until the
output is small enough; at last the heat map is left out, and the static form says so."""


class RunView(Output):
    """Views of one or more training runs: live while they run, and saved with the notebook."""

    def __init__(self, session: RunSession, views: tuple[str, ...], options: dict[str, Any]) -> None:
        self._session = session
        self._views = views
        self._options = {name: value for name, value in options.items() if value is not None}

    @property
    def steps(self) -> tuple[float, float] | None:
        """The steps that are brushed, first and last; set it to brush others, or to None."""
        return self._session.steps

    @steps.setter
    def steps(self, steps: tuple[float, float] | None) -> None:
        if steps is not None and not (np.isfinite(steps).all() and steps[0] <= steps[1]):
            raise OffdiagonalError(f"steps are two numbers, the lower first, or None, not {steps!r:.80}")
        self._session.select(None if steps is None else (float(steps[0]), float(steps[1])))

    def to_frame(self) -> Any:
        """All that was logged, one row a value: run, metric, step, seconds, value."""
        return as_frame(self._spec().frame())

    def to_altair(self) -> Any:
        """The curves as an Altair chart over few points."""
        return as_altair(runs_chart(self._spec()))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the view to a file.

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
            write_whole(
                path, page_html(self._island(page := self._now(), FILE_BYTES), _spec(page).title).encode()
            )
            return
        spec = runs_chart(self._spec())
        if kind == ".svg":
            write_whole(path, render_svg(spec).encode())
        elif kind in (".png", ".pdf"):
            write_whole(path, render_png(spec) if kind == ".png" else render_pdf(spec))
        else:
            raise OffdiagonalError(
                f"cannot save as {kind or 'a file without an ending'!r}; there is .html, .png, .svg, .pdf"
            )

    def __repr__(self) -> str:
        """Five lines of text."""
        return self._spec().text(view=self._name)

    @property
    def _name(self) -> str:
        return self._views[0]

    def _page(self) -> Page:
        return self._session.page()

    def _now(self) -> Page:
        """The page as it is saved."""
        page = self._page()
        running = any(record.status == "running" for record in page.records)
        return dataclasses.replace(page, at=time.strftime("%Y-%m-%d %H:%M")) if running else page

    def _spec(self) -> RunsSpec:
        return _spec(self._page())

    def _saved(self) -> tuple[Island, str]:
        page = self._now()
        return self._island(page, SAVED_BYTES), _spec(page).text(view=self._name)

    def _island(self, page: Page, budget: int) -> Island:
        """The saved form, its curves in as many points as there is room for."""
        spec = _spec(page)
        png = render_png(runs_chart(spec))
        front = bundle.training()
        html = runs_html(spec, png, view=self._name)
        empty = Island(uuid.uuid4().hex, self._views, self._options, "", html, front)
        room = budget - len(page_html(empty, spec.title).encode())
        for most, columns in zip(MOST, COLUMNS, strict=True):
            packed = state(page, most, saved=True, columns=columns)
            data = base64.b64encode(gzip.compress(packed, 9, mtime=0)).decode("ascii")
            if len(data) <= room:
                break
        if not columns and any(run.parameters or run.activations for run in page.records):
            html = runs_html(spec, png, view=self._name, saved="The numbers of the layers had no room here.")
        return dataclasses.replace(empty, data=data, still=html)

    def _new_widget(self, display: str) -> Any:
        from offdiagonal.display.run_widget import RunWidget

        return RunWidget(self._session, views=list(self._views), options=self._options, display=display)


def _spec(page: Page) -> RunsSpec:
    found = [(i, finding) for i, looked in enumerate(page.looked) for finding in looked.findings]
    return RunsSpec(page.records, tuple(found), page.at)
