"""Distributions as a view's options ask for them."""

from __future__ import annotations

from typing import Any, Literal

from offdiagonal.clauses import Clause, SliceClause
from offdiagonal.code import where_code
from offdiagonal.display.saved import public_clauses, secret_dims
from offdiagonal.display.session import Session
from offdiagonal.display.tables import SelectedTables
from offdiagonal.splits import within_split
from offdiagonal.table.meta import Meta
from offdiagonal.views.distribution import DistributionSpec, Other, distribution

PRIVATE_COLUMN = "What a private column holds is seen live only."


def distribution_of(
    session: Session, tables: SelectedTables, options: dict[str, Any], *, public: bool
) -> DistributionSpec | None:
    """The distribution of the column that was asked for; None where it may not be saved."""
    column = shown_column(tables.meta, options)
    if public and column in secret_dims(session.engine):
        return None
    return distribution(tables, column, _against(session, options.get("against"), public=public))


def shown_column(meta: Meta, options: dict[str, Any]) -> str:
    """The column that was asked for, else the label before there is a model, else the first."""
    first = meta.fields[0].key if meta.fields and (meta.model or meta.missing == 0) else "label"
    return str(options.get("column") or first)


def _against(session: Session, given: Any, *, public: bool) -> Literal["all", "rest"] | Other:
    """What is compared with; all rows where a second selection may not be saved."""
    if not isinstance(given, tuple):
        return "rest" if given == "rest" else "all"
    engine = session.engine
    clauses = session.selection.clauses
    if public:
        if len(public_clauses(engine, given)) < len(given):
            return "all"
        clauses = tuple(public_clauses(engine, clauses))
    within = within_split(given, clauses, engine.meta)
    other, both = (SelectedTables(engine, some, public=public) for some in (within, (*clauses, *within)))
    return Other(name_of(given, engine.meta), other, both)


def name_of(clauses: tuple[Clause, ...], meta: Meta) -> str:
    """What a selection is called: a slice by its name, anything else by its clauses."""
    if len(clauses) == 1 and isinstance(clauses[0], SliceClause):
        return " or ".join(clauses[0].names)
    return where_code(clauses, meta) or "all rows"
