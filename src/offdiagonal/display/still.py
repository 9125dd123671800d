"""The still forms of views: frame, picture, static HTML, text."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.counts.tiles import Tile
from offdiagonal.display.distributions import PRIVATE_COLUMN, distribution_of
from offdiagonal.display.examples import SavedRows
from offdiagonal.display.measuring import SAVE_SECONDS, measures_spec
from offdiagonal.display.png import render_pdf, render_png, render_svg
from offdiagonal.display.saved import public_clauses, secret_dims
from offdiagonal.display.scatters import scatter_of
from offdiagonal.display.session import Session
from offdiagonal.display.static import TEXT_LETTERS, static_html
from offdiagonal.display.tables import SelectedTables
from offdiagonal.engine import Engine, class_tile
from offdiagonal.pages import Sort
from offdiagonal.table.frames import as_frame
from offdiagonal.table.metadata import OUTCOMES
from offdiagonal.views.calibration import calibration
from offdiagonal.views.charted import ChartStill
from offdiagonal.views.confidence import confidence
from offdiagonal.views.confusion import ConfusionSpec, confusion
from offdiagonal.views.findings import FindingsSpec, findings
from offdiagonal.views.header import HeaderSpec, header
from offdiagonal.views.losses import loss_slices, losses
from offdiagonal.views.measures import MeasuresSpec
from offdiagonal.views.pairs import PairsSpec, pairs
from offdiagonal.views.shares import shares
from offdiagonal.views.slices import SlicesSpec, slices
from offdiagonal.views.summary import summary
from offdiagonal.views.vegalite.board import board_chart

Options = dict[str, Any]
ERRORS_SHOWN = 10
CLASSES_SAVED = 20
"""With more classes, calibration is saved for the class alone that is shown."""
ERROR = 0
PRIVATE_MATRIX = "A matrix of a private column is seen live only."

PICTURES: dict[str, Callable[[dict[str, Any]], bytes]] = {
    ".png": render_png,
    ".svg": lambda spec: render_svg(spec).encode(),
    ".pdf": render_pdf,
}


def selected_rows(session: Session) -> NDArray[np.int64]:
    """Positions of the selected rows in the order that the examples show them."""
    return session.pages.indices(session.selection.clauses, Sort())


def frame(session: Session, views: tuple[str, ...], options: Options) -> Any:
    """The numbers of the first view that has any, under the selection, as a tidy DataFrame."""
    tables = _tables(session, public=False)
    specs: dict[str, Callable[[], Any]] = {
        "header": lambda: header(tables, session.engine.scores(session.selection.clauses)),
        "confusion": lambda: _confusion(tables, options),
        "slices": lambda: _slices(tables, options),
        "confidence": lambda: confidence(tables),
        "calibration": lambda: calibration(tables, options.get("of")),
        "losses": lambda: losses(tables),
        "distribution": lambda: distribution_of(session, tables, options, public=False),
        "measures": lambda: measures_spec(session, options, public=False, seconds=None),
        "scatter": lambda: scatter_of(session, options, public=False),
        "findings": lambda: _findings(session, public=False),
    }
    return as_frame(next(specs[view] for view in views if view in specs)().frame())


def picture(
    session: Session, views: tuple[str, ...], options: Options, kept: SavedRows | None = None
) -> dict[str, Any]:
    """A Vega-Lite spec of the views over aggregated data, and of some examples.

    Parameters
    ----------
    session, views, options
        What is drawn.
    kept
        Where the picture is saved: the examples saved with it, and nothing private is drawn. None: all is.
    """
    public = kept is not None
    tables = _tables(session, public=public)
    examples = _errors(session, kept) if views == ("examples",) and (kept is None or len(kept)) else None
    matrix = "confusion" in views and not (public and _private_sides(session, options))
    return board_chart(
        _header(session, tables, public=public),
        confusion=_confusion(tables, options) if matrix else None,
        slices=_slices(tables, options) if "slices" in views else None,
        confidence=confidence(tables) if "confidence" in views else None,
        calibration=calibration(tables, options.get("of")) if "calibration" in views else None,
        losses=losses(tables) if "losses" in views else None,
        distribution=distribution_of(session, tables, options, public=public)
        if "distribution" in views
        else None,
        scatter=scatter_of(session, options, public=public) if "scatter" in views else None,
        examples=examples,
        measures=_measures(session, views, options, public=public),
        findings=_shown_findings(session, views, public=public),
        absent=PRIVATE_MATRIX
        if "confusion" in views
        else PRIVATE_COLUMN
        if {"distribution", "scatter"} & {*views}
        else "",
    )


def _findings(session: Session, *, public: bool) -> FindingsSpec:
    engine = session.engine
    counts = [engine.count(item.where) if item.where else None for item in engine.found]
    return findings(engine.found, counts, engine.meta.checks, public=public)


def _shown_findings(session: Session, views: tuple[str, ...], *, public: bool) -> FindingsSpec | None:
    """Those of a board, unless there are none; alone it says what was looked for."""
    if "findings" not in views:
        return None
    spec = _findings(session, public=public)
    return spec if spec.found or len(views) == 1 else None


def _measures(
    session: Session, views: tuple[str, ...], options: Options, *, public: bool
) -> MeasuresSpec | None:
    if "measures" not in views:
        return None
    return measures_spec(session, options, public=public, seconds=SAVE_SECONDS if public else None)


def public_sides(session: Session, options: Options) -> tuple[str, ...]:
    """The dims of the matrix of two columns that was asked for; none where one of them is private, or none was."""
    sides = tuple(options[side] for side in ("rows", "columns") if side in options)
    return () if _private_sides(session, options) else sides


def class_tiles(session: Session, views: tuple[str, ...], options: Options) -> list[Tile]:
    """The counts of the classes that calibration can be about, where no others tell: the one that is shown first."""
    engine, meta = session.engine, session.engine.meta
    if "calibration" not in views or not meta.confidence or meta.positive is not None:
        return []
    shown = [options["of"]] if "of" in options else []
    few = range(len(engine.table.labels.known)) if len(meta.classes) <= CLASSES_SAVED else ()
    return [class_tile(engine, code) for code in dict.fromkeys([*shown, *few])]


def _private_sides(session: Session, options: Options) -> bool:
    return bool({options.get("rows"), options.get("columns")} & secret_dims(session.engine))


def text(session: Session, views: tuple[str, ...], kept: SavedRows | None = None) -> str:
    """Five lines of plain text; with the examples that are saved with a displayed view it says how many."""
    tables = _tables(session, public=True)
    saved = "" if kept is None else _saved_text(session, kept)
    return summary(
        _header(session, tables, public=True),
        _confusion(tables, {}) if tables.meta.model else None,
        _slices(tables, {}),
        saved=saved,
        view=_name(views),
        findings=_findings(session, public=True) if tables.meta.model else None,
    )


def _saved_text(session: Session, kept: SavedRows) -> str:
    examples = f", and {len(kept):,} of {session.engine.table.n:,} examples" if len(kept) else ", no examples"
    return f"Saved with it: counts{examples}"


def _name(views: tuple[str, ...]) -> str:
    return views[0] if len(views) == 1 else "board"


def static(
    session: Session,
    views: tuple[str, ...],
    options: Options,
    png: bytes | None,
    kept: SavedRows,
    charts: Sequence[ChartStill] = (),
) -> str:
    """The picture and the tables that are left when scripts are stripped."""
    tables = _tables(session, public=True)
    return static_html(
        _header(session, tables, public=True),
        _confusion(tables, {}) if tables.meta.model else None,
        _slices(tables, {}),
        png=png,
        errors=_errors(session, kept),
        findings=_findings(session, public=True),
        measures=_measures(session, views, options, public=True),
        view=_name(views),
        saved=_saved_text(session, kept),
        charts=charts,
    )


def _slices(tables: SelectedTables, options: Options) -> SlicesSpec:
    if tables.meta.loss is not None:
        return loss_slices(tables)
    return slices(tables) if tables.meta.model else shares(tables, options.get("label"))


def _confusion(tables: SelectedTables, options: Options) -> ConfusionSpec | PairsSpec:
    if tables.meta.many and "rows" not in options:
        return pairs(tables)
    return confusion(tables, options.get("rows", "label"), options.get("columns", "prediction"))


def _header(session: Session, tables: SelectedTables, *, public: bool) -> HeaderSpec:
    clauses = session.selection.clauses
    left_out = len(clauses) - len(public_clauses(session.engine, clauses)) if public else 0
    return dataclasses.replace(header(tables), left_out=left_out)


def _tables(session: Session, *, public: bool) -> SelectedTables:
    clauses: Sequence[Clause] = session.selection.clauses
    if public:
        clauses = public_clauses(session.engine, clauses)
    return SelectedTables(session.engine, clauses, public=public)


def _errors(session: Session, kept: SavedRows | None) -> list[dict[str, str]]:
    """The first errors in view, as the texts that a table shows; of the saved rows where there are some."""
    engine = session.engine
    if kept is None:
        found = session.pages.indices(session.selection.clauses, Sort())
        rows = session.pages.rows(found[: 4 * ERRORS_SHOWN], chars=TEXT_LETTERS)
    else:
        mask = engine.mask(public_clauses(engine, session.selection.clauses))
        rows = [row for row in kept.rows if mask[row["row"]]]
        rows.sort(key=lambda row: -(row["confidence"] or 0))
    if engine.table.loss is not None:
        loss = np.nan_to_num(engine.table.loss.values, nan=-np.inf)
        wrong = sorted(rows, key=lambda row: -loss[row["row"]])
    else:
        wrong = [row for row in rows if engine.outcome[row["row"]] == ERROR]
    return [_texts(engine, row, public=kept is not None) for row in wrong[:ERRORS_SHOWN]]


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _texts(engine: Engine, row: dict[str, Any], *, public: bool) -> dict[str, str]:
    meta = engine.meta
    text = next((c for c in meta.columns if c.key == meta.text and not (public and c.private)), None)
    cells = {"row": str(row["row"])}
    if text is not None:
        cells[text.name] = str(row["values"].get(text.key) or "")
    cells |= {c.name: _shown(row["values"].get(c.key)) for c in meta.columns if c.role in OUTCOMES}
    if meta.model:
        cells |= {"label": meta.classes[row["label"]], "predicted": meta.classes[row["prediction"]]}
    if row["confidence"] is not None:
        cells["confidence"] = f"{row['confidence']:.2f}"
    return cells
