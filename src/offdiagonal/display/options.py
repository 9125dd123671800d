"""What a view is told on its page: live an id in place of any data, saved what may be saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from offdiagonal.clauses import to_json
from offdiagonal.display.numbers import saved_numbers
from offdiagonal.display.saved import public_clauses
from offdiagonal.display.session import Session
from offdiagonal.splits import split_clauses

Options = dict[str, Any]


def live_options(session: Session, options: Options) -> Options:
    """For the model of a widget, which some programs save: a second selection is only named."""
    if "charts" in options:
        options = options | {"charts": [{"id": session.charts.id_of(chart)} for chart in options["charts"]]}
    against = options.get("against")
    if not isinstance(against, tuple):
        return dict(options)
    return options | {"against": {"id": session.remember(against)}}


def saved_options(session: Session, views: Sequence[str], options: Options) -> Options:
    """For an island: a second selection in full, or that it is seen live only; what fine bins all rows are in."""
    split = split_clauses(session.selection.clauses, session.engine.meta)
    numbers = saved_numbers(session.numbers, views, options, split)
    options = (
        options | numbers | ({"split": [to_json(clause) for clause in split]} if numbers and split else {})
    )
    against = options.get("against")
    if not isinstance(against, tuple):
        return dict(options)
    public = public_clauses(session.engine, against)
    told = {"clauses": [to_json(clause) for clause in public]} if len(public) == len(against) else {}
    return options | {"against": told}
