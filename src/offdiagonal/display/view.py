"""A view as the user holds it: displayed, as a frame, as a chart, as a file, as a widget."""

from __future__ import annotations

import os
import sys
import uuid
from functools import cached_property
from pathlib import Path
from typing import Any

from offdiagonal.display import bundle, still
from offdiagonal.display.island import Island, island_html, page_html
from offdiagonal.display.saved import SavePolicy, Snapshot, snapshot
from offdiagonal.display.session import Session
from offdiagonal.display.show import in_kernel, publish
from offdiagonal.errors import OffdiagonalError

BOARD = ("header", "confusion", "slices", "confidence", "calibration", "examples")

BOARD_BYTES = 300 * 1024
VIEW_BYTES = 160 * 1024
CODE_BYTES = 8 * 1024
"""What the loader, the style and the tags of an island take."""


class View:
    """One or more linked views of an Evaluation.

    Displaying it in a notebook shows the live widget and saves a form that needs no kernel.
    """

    def __init__(
        self,
        session: Session,
        views: tuple[str, ...],
        policy: SavePolicy,
        height: int | None,
        options: dict[str, str],
    ) -> None:
        self._session = session
        self._views = views
        self._policy = policy
        self._options: dict[str, Any] = dict(options) | ({} if height is None else {"height": int(height)})

    @cached_property
    def widget(self) -> Any:
        """The view as an ipywidget, for HBox, Tab and the like."""
        return self._new_widget(uuid.uuid4().hex)

    def to_frame(self) -> Any:
        """The numbers of the view with their intervals, as a tidy pandas DataFrame; examples in the given type."""
        if self._views == ("examples",):
            return self._session.engine.take(still.selected_rows(self._session))
        return still.frame(self._session, self._views, self._options)

    def to_altair(self) -> Any:
        """The view as an Altair chart over aggregated data."""
        import altair as alt

        spec = still.picture(self._session, self._views, self._options, public=False, policy=self._policy)
        return alt.VConcatChart.from_dict(spec, validate=False)

    def save(self, path: str | os.PathLike[str], *, rows: int | None = None) -> None:
        """Write the view to a file.

        Parameters
        ----------
        path
            Ends in ``.html`` (interactive, needs nothing else), ``.png``, ``.svg`` or ``.pdf``.
        rows
            How many examples the HTML holds at most; default: what the Evaluation saves.

        Raises
        ------
        OffdiagonalError
            If the name ends in something else.
        """
        target = Path(path)
        kind = target.suffix.lower()
        if kind == ".html":
            policy = self._policy if rows is None else SavePolicy(rows, self._policy.text_chars)
            target.write_text(
                page_html(self._island(policy), self._session.engine.meta.name), encoding="utf-8"
            )
            return
        if kind not in still.PICTURES:
            raise OffdiagonalError(
                f"cannot save as {kind or 'a file without an ending'!r}; there is .html, {', '.join(still.PICTURES)}"
            )
        spec = still.picture(self._session, self._views, self._options, public=True, policy=self._policy)
        target.write_bytes(still.PICTURES[kind](spec))

    def __repr__(self) -> str:
        """Five lines of text."""
        return still.text(self._session, self._views, self._policy)

    def _ipython_display_(self) -> None:
        if not in_kernel():
            sys.stdout.write(f"{self!r}\n")
            return
        island = self._island(self._policy)
        publish(island_html(island), repr(self), self._new_widget(island.display))

    def _display_(self) -> Any:
        """What marimo shows: the live widget."""
        return self.widget

    def _repr_html_(self) -> str:
        """The saved form, for hosts that show no widget."""
        return island_html(self._island(self._policy))

    def _new_widget(self, display: str) -> Any:
        from offdiagonal.display.widget import ViewWidget

        return ViewWidget(self._session, views=list(self._views), options=self._options, display=display)

    def _island(self, policy: SavePolicy) -> Island:
        whole = len(self._views) > 1
        html = still.static(self._session, self._views, self._options, policy)
        room = (
            (BOARD_BYTES if whole else VIEW_BYTES)
            - len(html.encode())
            - CODE_BYTES
            - len(bundle.board().compressed())
        )
        data = self._snapshot(policy if "examples" in self._views else SavePolicy(0, 0), room)
        return Island(uuid.uuid4().hex, self._views, self._options, data, html)

    def _snapshot(self, policy: SavePolicy, room: int) -> Snapshot:
        session = self._session
        return snapshot(
            session.engine, session.pages, policy, room, session.selection.clauses, session.variable()
        )
