"""Charts among the names of views."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from offdiagonal.charts.chart import Chart, make_chart
from offdiagonal.charts.read import is_chart
from offdiagonal.display.bundle import CHARTS
from offdiagonal.display.session import Session
from offdiagonal.display.view import View, view_names
from offdiagonal.errors import ChartError


def views_and_charts(
    session: Session, views: Any, known: Sequence[str]
) -> tuple[list[str], dict[str, tuple[Chart, ...]]]:
    """The names of the views of a board, a user's charts among them, and the charts as an option.

    Raises
    ------
    OffdiagonalError
        If a view is unknown, there is none, or there are too many charts.
    """
    given: list[Any] = [views] if _is_one(views) else list(views)
    charts: list[Chart] = []
    names: list[Any] = []
    for item in given:
        if not is_chart(item) and not isinstance(item, View):
            names.append(item)
            continue
        charts.append(_chart(session, item))
        if len(charts) > len(CHARTS):
            raise ChartError(
                f"a board has at most {len(CHARTS)} charts; display the others as ev.link(chart)"
            )
        names.append(CHARTS[len(charts) - 1])
    own = [name for name in names if name not in CHARTS]
    checked = view_names(own, known) if own or not charts else []
    wanted = dict.fromkeys(name for name in names if name in CHARTS or name in checked)
    return list(wanted), {"charts": tuple(charts)} if charts else {}


def _is_one(views: Any) -> bool:
    return isinstance(views, str | View) or is_chart(views) or not isinstance(views, Iterable)


def _chart(session: Session, given: Any) -> Chart:
    if not isinstance(given, View):
        return make_chart(given, session.engine)
    chart = given.chart_of(session)
    if chart is None:
        raise ChartError("a view among the names of views must be ev.link(chart) of the same Evaluation")
    return chart
