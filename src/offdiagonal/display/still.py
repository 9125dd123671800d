"""The still forms of views: frame, picture, static HTML, text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offdiagonal.clauses import Clause
from offdiagonal.display.png import render_pdf, render_png, render_svg
from offdiagonal.display.saved import SavePolicy, public_clauses, saved_rows
from offdiagonal.display.session import Session
from offdiagonal.display.static import static_html
from offdiagonal.display.tables import SelectedTables
from offdiagonal.engine import Engine
from offdiagonal.pages import Sort
from offdiagonal.table.frames import as_frame
from offdiagonal.views.calibration import calibration
from offdiagonal.views.confidence import confidence
from offdiagonal.views.confusion import ConfusionSpec, confusion
from offdiagonal.views.header import header
from offdiagonal.views.slices import slices
from offdiagonal.views.summary import summary
from offdiagonal.views.vegalite.board import board_chart

Options = dict[str, Any]
ERRORS_SHOWN = 10
ERROR = 0

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
        "header": lambda: header(tables, session.engine.auc_measure(session.selection.clauses)),
        "confusion": lambda: _confusion(tables, options),
        "slices": lambda: slices(tables),
        "confidence": lambda: confidence(tables),
        "calibration": lambda: calibration(tables),
    }
    return as_frame(next(specs[view] for view in views if view in specs)().frame())


def picture(
    session: Session, views: tuple[str, ...], options: Options, *, public: bool, policy: SavePolicy
) -> dict[str, Any]:
    """A Vega-Lite spec of the views over aggregated data, and of the declared examples."""
    tables = _tables(session, public=public)
    examples = _errors(session, policy, public=public) if "examples" in views and policy.rows else None
    return board_chart(
        header(tables),
        confusion=_confusion(tables, options) if "confusion" in views else None,
        slices=slices(tables) if "slices" in views else None,
        confidence=confidence(tables) if "confidence" in views else None,
        calibration=calibration(tables) if "calibration" in views else None,
        examples=examples if len(views) == 1 else None,
    )


def text(session: Session, views: tuple[str, ...], policy: SavePolicy) -> str:
    """Five lines of plain text."""
    tables = _tables(session, public=True)
    saved = saved_text(session, views, policy)
    return summary(header(tables), confusion(tables), slices(tables), saved=saved, view=_name(views))


def saved_text(session: Session, views: tuple[str, ...], policy: SavePolicy) -> str:
    """What is saved with a displayed view."""
    rows = len(saved_rows(session.engine, session.pages, policy)[0]) if "examples" in views else 0
    examples = f", and {rows:,} of {session.engine.table.n:,} examples" if rows else ", no examples"
    return f"Saved with it: counts{examples}"


def _name(views: tuple[str, ...]) -> str:
    return views[0] if len(views) == 1 else "board"


def static(session: Session, views: tuple[str, ...], options: Options, policy: SavePolicy) -> str:
    """The picture and the tables that are left when scripts are stripped."""
    tables = _tables(session, public=True)
    png = render_png(picture(session, views, options, public=True, policy=policy))
    errors = _errors(session, policy, public=True) if "examples" in views and policy.rows else []
    return static_html(
        header(tables),
        confusion(tables),
        slices(tables),
        png=png,
        errors=errors,
        view=_name(views),
        saved=saved_text(session, views, policy),
    )


def _confusion(tables: SelectedTables, options: Options) -> ConfusionSpec:
    return confusion(tables, options.get("rows", "label"), options.get("columns", "prediction"))


def _tables(session: Session, *, public: bool) -> SelectedTables:
    clauses: Sequence[Clause] = session.selection.clauses
    if public:
        clauses = public_clauses(session.engine, clauses)
    return SelectedTables(session.engine, clauses, public=public)


def _errors(session: Session, policy: SavePolicy, *, public: bool) -> list[dict[str, str]]:
    """The first errors in view, as the texts that a table shows; what is saved shows only rows that are saved."""
    engine = session.engine
    if public:
        mask = engine.mask(public_clauses(engine, session.selection.clauses))
        rows = [row for row in saved_rows(engine, session.pages, policy)[0] if mask[row["row"]]]
        rows.sort(key=lambda row: -(row["confidence"] or 0))
    else:
        found = session.pages.indices(session.selection.clauses, Sort())
        rows = session.pages.rows(found[: 4 * ERRORS_SHOWN], chars=policy.text_chars)
    wrong = [row for row in rows if engine.outcome[row["row"]] == ERROR]
    return [_texts(engine, row, public) for row in wrong[:ERRORS_SHOWN]]


def _texts(engine: Engine, row: dict[str, Any], public: bool) -> dict[str, str]:
    meta = engine.meta
    text = next((c for c in meta.columns if c.key == meta.text and not (public and c.private)), None)
    cells = {"row": str(row["row"])}
    if text is not None:
        cells[text.name] = str(row["values"].get(text.key) or "")
    cells |= {"label": meta.classes[row["label"]], "predicted": meta.classes[row["prediction"]]}
    if row["confidence"] is not None:
        cells["confidence"] = f"{row['confidence']:.2f}"
    return cells
