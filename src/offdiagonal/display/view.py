"""A view as the user holds it: displayed, as a frame, as a chart, as a file, as a widget."""

from __future__ import annotations

import dataclasses
import os
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from offdiagonal.charts.chart import Chart
from offdiagonal.display import bundle, still
from offdiagonal.display.chart import as_altair, chart_as_altair
from offdiagonal.display.chart_stills import chart_rows, chart_stills, saved_charts, with_charts
from offdiagonal.display.effects import group_effects
from offdiagonal.display.examples import SavedRows, SavePolicy, json_size, saved_rows
from offdiagonal.display.files import write_whole
from offdiagonal.display.island import Island, page_html
from offdiagonal.display.measuring import saved_measures
from offdiagonal.display.options import live_options, saved_options
from offdiagonal.display.output import Output, pixels
from offdiagonal.display.png import MOST_BYTES, render_png
from offdiagonal.display.saved import Beside, secret_dims, snapshot
from offdiagonal.display.session import Session
from offdiagonal.display.trained import saved_checkpoints
from offdiagonal.errors import OffdiagonalError
from offdiagonal.splits import split_clauses
from offdiagonal.table.meta import Meta
from offdiagonal.views.charted import ChartStill

BOARD = ("header", "confusion", "slices", "confidence", "calibration", "examples", "findings")
VIEWS = (*BOARD, "losses", "distribution", "scatter", "measures")
DATASET_BOARD = ("header", "distribution", "slices", "examples")

BOARD_BYTES = 300 * 1024
VIEW_BYTES = 160 * 1024
VIEW_PICTURE = 34 * 1024
"""Of the picture of a single view, so that there is room for the rest whatever fonts a machine has."""
FILE_BYTES = 2 * 1024 * 1024
"""Of a report of its own, beyond the examples that were asked for."""


def view_names(views: str | Iterable[str], known: Sequence[str] = VIEWS) -> list[str]:
    """The views of a board, each once.

    Raises
    ------
    OffdiagonalError
        If one is unknown, or there is none.
    """
    names = [views] if isinstance(views, str) else list(dict.fromkeys(views))
    unknown = [repr(name) for name in names if name not in known]
    if unknown or not names:
        wrong = f"unknown view {unknown[0]}" if unknown else "a board of no views"
        raise OffdiagonalError(f"{wrong}; there is {', '.join(known)}")
    return names


def board_views(meta: Meta) -> tuple[str, ...]:
    """The views of a board that there is something to see in."""
    if meta.loss is None:
        return BOARD
    matrix = meta.model or meta.loss.label is not None
    curves = ("confidence", "calibration") if meta.confidence else ()
    return (
        "header",
        *(["confusion"] if matrix else []),
        "slices",
        "losses",
        *curves,
        "examples",
        "findings",
    )


class View(Output):
    """One or more linked views of an Evaluation.

    Displaying it in a notebook shows the live widget and saves a form that needs no kernel.
    """

    def __init__(
        self,
        session: Session,
        views: tuple[str, ...],
        policy: SavePolicy,
        height: int | None,
        options: dict[str, Any],
    ) -> None:
        self._session = session
        self._views = views
        self._policy = policy
        self._options: dict[str, Any] = dict(options) | ({} if height is None else {"height": pixels(height)})

    def to_frame(self) -> Any:
        """The numbers of the view with their intervals, as a tidy pandas DataFrame; examples in the given type."""
        if self._views == ("examples",):
            return self._session.engine.take(still.selected_rows(self._session))
        if not self._own_views:
            return chart_rows(self._charts[0], self._session)
        return still.frame(self._session, self._views, self._options)

    def to_altair(self) -> Any:
        """The view as an Altair chart over aggregated data; a chart of the user's as it was given."""
        if len(self._views) == 1 and self._charts:
            return chart_as_altair(self._charts[0].given)
        return as_altair(self._picture())

    def save(self, path: str | os.PathLike[str], *, rows: int | None = None) -> None:
        """Write the view to a file.

        Parameters
        ----------
        path
            Ends in ``.html`` (interactive, needs nothing else), ``.png``, ``.svg`` or ``.pdf``.
        rows
            How many examples the HTML holds, however large they are; default: what the Evaluation saves.

        Raises
        ------
        OffdiagonalError
            If the name ends in something else, or what is saved has no place for the ``rows`` asked for.
        """
        kind = Path(path).suffix.lower()
        if rows and "examples" not in self._views:
            raise OffdiagonalError(
                f"rows={rows!r}: {self._views[0]} shows no examples; save the board, or examples()"
            )
        if kind == ".html":
            policy = (
                self._policy
                if rows is None
                else dataclasses.replace(self._policy, rows=rows, most_bytes=None)
            )
            island, _ = self._island(policy, FILE_BYTES)
            write_whole(path, page_html(island, self._session.engine.meta.name).encode())
            return
        if kind not in still.PICTURES:
            raise OffdiagonalError(
                f"cannot save as {kind or 'a file without an ending'!r}; there is .html, {', '.join(still.PICTURES)}"
            )
        if rows is not None:
            raise OffdiagonalError(
                f"rows={rows!r}: a {kind} is a picture and holds no rows; leave rows= out, or save as .html"
            )
        write_whole(path, still.PICTURES[kind](self._picture(self._kept(self._policy))))

    def __repr__(self) -> str:
        """Five lines of text."""
        return still.text(self._session, self._views)

    def _saved(self) -> tuple[Island, str]:
        island, kept = self._island(self._policy, self._budget)
        return island, still.text(self._session, self._views, kept)

    def _new_widget(self, display: str) -> Any:
        from offdiagonal.display.widget import ViewWidget

        options = live_options(self._session, self._options)
        widget = ViewWidget(self._session, views=list(self._views), options=options, display=display)
        widget.charts = self._charts  # which live as long as a view of them is open
        return widget

    @property
    def _families(self) -> list[bundle.Bundle]:
        return bundle.families(self._views, self._session.engine.meta.instead)

    @property
    def _charts(self) -> tuple[Chart, ...]:
        charts: tuple[Chart, ...] = self._options.get("charts", ())
        return charts

    def chart_of(self, session: Session) -> Chart | None:
        """The user's chart that this is the view of, where it is of this Evaluation."""
        alone = len(self._views) == 1 and self._charts and session is self._session
        return self._charts[0] if alone else None

    @property
    def _own_views(self) -> tuple[str, ...]:
        """The views that are no charts of the user's."""
        return tuple(view for view in self._views if view not in bundle.CHARTS)

    def _picture(self, kept: SavedRows | None = None) -> dict[str, Any]:
        """A spec of all views; where it is saved, nothing private is drawn."""
        own = self._own_views
        board = still.picture(self._session, own, self._options, kept) if own else None
        return (
            with_charts(board, self._charts, self._session, public=kept is not None)
            if self._charts
            else board or {}
        )

    @property
    def _budget(self) -> int:
        return BOARD_BYTES if len(self._views) > 1 else VIEW_BYTES

    def _kept(self, policy: SavePolicy) -> SavedRows:
        if "examples" not in self._views:
            return SavedRows()
        engine = self._session.engine
        split = split_clauses(self._session.selection.clauses, engine.meta)
        return saved_rows(engine, self._session.pages, policy, secret_dims(engine), split)

    def _island(self, policy: SavePolicy, budget: int) -> tuple[Island, SavedRows]:
        """The saved form, and the examples that found room in it."""
        session, kept = self._session, self._kept(policy)
        charts = chart_stills(self._charts, self._session)
        options = saved_options(session, self._views, self._options | saved_charts(charts))
        html, title = self._static(kept, charts), session.engine.meta.name
        island = Island(uuid.uuid4().hex, self._views, options, "", html, bundle.board(), self._families)
        longer = dataclasses.replace(island, families=[*island.families, bundle.checkpoints()])
        room, with_code = (budget - len(page_html(one, title).encode()) for one in (island, longer))
        if policy.most_bytes is None:
            room += sum(map(json_size, kept.rows))
        clauses = session.selection.clauses
        sides = still.public_sides(session, self._options)
        more = still.class_tiles(session, self._views, self._options)
        data = snapshot(
            session.engine,
            kept,
            policy,
            room,
            clauses,
            session.variable(),
            sides,
            more,
            self._measured(),
            partial(group_effects, session, self._views, self._options),
            Beside(self._checkpoints, room - with_code),
        )
        if data.rows < len(kept):
            kept = kept.first(data.rows)
            html = self._static(kept, charts)
        island = longer if data.checkpoints else island
        return dataclasses.replace(island, data=data.base64, still=html), kept

    def _measured(self) -> dict[str, Any]:
        """What a saved view shows that no counts tell."""
        if "measures" not in self._views:
            return {}
        return {"saved": saved_measures(self._session, self._options)}

    def _checkpoints(self, kept: SavedRows, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        """What a saved view has of the checkpoints of a training."""
        session = self._session
        rows = [row["row"] for row in kept.rows]
        secret = secret_dims(session.engine)
        return saved_checkpoints(session.trained(), session.engine, secret, self._views, rows, fits)

    def _static(self, kept: SavedRows, charts: Sequence[ChartStill]) -> str:
        session, views, own = self._session, self._views, self._own_views
        most = MOST_BYTES if len(views) > 1 else VIEW_PICTURE
        png = render_png(still.picture(session, own, self._options, kept), most=most) if own else None
        return still.static(session, views, self._options, png, kept, charts)
