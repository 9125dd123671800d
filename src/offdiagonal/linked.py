"""What all tables of examples have in common, with predictions or without: a selection, slices and linked views."""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Self, TypeVar

from offdiagonal.charts.chart import make_chart
from offdiagonal.checks import findings_of
from offdiagonal.columns import column_of
from offdiagonal.display.examples import SavePolicy
from offdiagonal.display.names import variable_name
from offdiagonal.display.session import Session
from offdiagonal.display.shown import Shown
from offdiagonal.display.view import View
from offdiagonal.engine import Engine, Numbers
from offdiagonal.engine.describe import Description
from offdiagonal.engine.findings import Findings
from offdiagonal.engine.numbers import CONFIDENCE
from offdiagonal.engine.slices import Slices
from offdiagonal.errors import SelectionError
from offdiagonal.selection import Selection
from offdiagonal.splits import start_clauses
from offdiagonal.table.asked import with_lengths
from offdiagonal.table.table import Table
from offdiagonal.where import slice_clauses

V = TypeVar("V", bound=View)


class Unnamed(str):
    """A name that the user did not give: two Evaluations may have it by chance."""

    __slots__ = ()


class Linked(Shown):
    """Examples as linked views; ``selection`` is shared by all of them.

    Parameters
    ----------
    table
        The examples, encoded.
    name, policy
        What the views are headed with, and which examples are saved.
    slices
        Where the slices are those of other examples too.
    """

    def __init__(self, table: Table, name: str, policy: SavePolicy, slices: Slices | None = None) -> None:
        self._table = table
        named = not isinstance(name, Unnamed)
        self._description = Description(table, uuid.uuid4().hex, time.time(), str(name), named)
        self._version = 0
        self._policy = policy
        self._slices = Slices(table.source, table.private) if slices is None else slices
        self._slices.follow(self._renew)
        self._findings = Findings(*findings_of(table))
        self._engine = self._new_engine()
        self._selection = Selection(lambda: self._engine, start_clauses(self._engine.meta))

    @property
    def name(self) -> str:
        """What the views are headed with."""
        return self._engine.meta.name

    @property
    def selection(self) -> Selection:
        """The selection that all views share."""
        return self._selection

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, left out or found odd while reading the table."""
        return self._engine.meta.notes

    def slice(self, name: str, where: Any, *, private: bool = False) -> Self:
        """Define a slice; the same name replaces it.

        Parameters
        ----------
        name
            What it is called.
        where
            A dict of the arguments of ``selection.where``, a function of the frame that gives a boolean array, or a
            boolean array.
        private
            Seen live only. A slice by a private column always is.

        Examples
        --------
        >>> import offdiagonal as od
        >>> table = {"label": ["a", "a", "b"], "prediction": ["a", "b", "b"], "length": [3, 40, 7]}
        >>> ev = od.Evaluation(table).slice("long", lambda table: table["length"] > 30)
        >>> len(ev.selection.where(slice="long"))
        1
        """
        if isinstance(where, Mapping):
            clauses = slice_clauses(self._engine, where)
            mask = self._engine.mask(clauses)
            secret = self._slices.tells_private(clauses, self._engine.meta)
        else:
            mask, secret = self._slices.found(where)
        self._slices.put(name, mask, private=private or secret)
        return self

    def distribution(self, column: Any = None, *, against: Any = None, height: int | None = None) -> View:
        """How the rows in view spread over the values of a column, beside other rows.

        Parameters
        ----------
        column
            Name of a column of few values, or of numbers or times, or ``"label"`` or ``"prediction"``; of a column
            of texts how long they are, which then is a slice too. Default: the first column of few values.
        against
            The other rows: ``"all"`` (the default), ``"rest"`` for those not in view, the name of a slice, or a dict
            of the arguments of ``selection.where``. The clause on the column itself is left out on both sides.
        height
            In pixels.

        Examples
        --------
        >>> import offdiagonal as od
        >>> table = {"label": ["a", "b"] * 40, "prediction": ["a"] * 80, "source": ["web", "web", "app", "web"] * 20}
        >>> ev = od.Evaluation(table)
        >>> _ = ev.selection.where(label="a")
        >>> frame = ev.distribution("source", against={"label": "b"}).to_frame()
        >>> frame[["value", "share", "share_against", "difference"]].values.tolist()
        [['app', 0.5, 0.0, 0.5], ['web', 0.5, 1.0, -0.5]]
        """
        options = {} if column is None else {"column": self._column(column)}
        if against is not None and not (isinstance(against, str) and against == "all"):
            options["against"] = self._second(against)
        return self._view(["distribution"], height, **options)

    def _column(self, name: Any) -> str:
        """The key of a column; the lengths of texts become a field where they are none yet."""
        try:
            return column_of(self._engine.meta, name)
        except SelectionError:
            table = with_lengths(self._table, name)
            if table is None:
                raise
        self._table = table
        self._description = dataclasses.replace(self._description, table=table)
        self._renew()
        return column_of(self._engine.meta, name)

    def _second(self, against: Any) -> Any:
        """The rest, or the clauses of a second selection."""
        if isinstance(against, str) and against == "rest":
            return against
        if not isinstance(against, str | Mapping):
            raise SelectionError(
                "against= is 'all', 'rest', the name of a slice, or a dict of the arguments of where, "
                f"not {against!r:.80}"
            )
        clauses = slice_clauses(self._engine, {"slice": against} if isinstance(against, str) else against)
        if not clauses:
            raise SelectionError("against={} names no selection; against='all' compares with all rows")
        return tuple(clauses)

    def scatter(self, x: Any, y: Any, *, height: int | None = None) -> View:
        """The rows in view over two numbers, right and wrong in two hues; a rectangle selects an interval of both.

        At most 3,000 rows are drawn one by one, more as counts in bins. A saved output holds the counts alone.

        Parameters
        ----------
        x, y
            Names of columns of numbers or times, of a column of texts for their length, or ``"confidence"``.
        height
            In pixels.

        Examples
        --------
        >>> import offdiagonal as od
        >>> table = {"label": ["a", "b"] * 40, "prediction": ["a"] * 80, "x": range(80), "y": range(80, 0, -1)}
        >>> od.Evaluation(table).scatter("x", "y").to_frame()[["n", "wrong"]].sum().tolist()
        [80, 40]
        """
        options = {"x": self._number(x), "y": self._number(y)}
        if options["x"] == options["y"]:
            raise SelectionError(f"x and y are both {x!r}; a scatter is of two columns")
        return self._view(["scatter"], height, **options)

    def _number(self, name: Any) -> str:
        """The key of a column of numbers."""
        if name == CONFIDENCE and self._engine.meta.confidence:
            return CONFIDENCE
        key = self._column(name)
        if key not in Numbers(self._engine).fields:
            meta = self._engine.meta
            known = [f.name for f in meta.fields if f.kind != "category" and not f.private]
            known += [CONFIDENCE] if meta.confidence else []
            raise SelectionError(
                "a scatter is of numbers or times of more than a few values; "
                f"there is {', '.join(known) or 'no such column'}"
            )
        return key

    def link(self, chart: Any, field: Any = None, *, height: int | None = None) -> View:
        """A chart of your own as one more linked view, both ways.

        The chart is drawn over the rows that satisfy all clauses but those on the columns that it selects by
        itself: a crossfilter, as the other views are. So a bar of ``count()`` counts the rows in view, whatever the
        chart makes of them; scales of columns, bins and colours stay as they are for all rows. What a selection
        parameter of the chart selects becomes clauses on the columns it names. Saved, the chart is a picture of
        all its rows.

        Parameters
        ----------
        chart
            An ``altair.Chart``, layered or side by side too, or the dict of a Vega-Lite spec. Over the table that
            was given, rows of it that keep its index or id, or another table of as many rows; without data over the
            table itself. At most 100,000 rows.
        field
            The column that a click or a drag selects by, where the chart has no parameter for it. Default: what its
            parameters name (``alt.selection_point(fields=["source"])``, ``alt.selection_interval(encodings=["x"])``).
        height
            In pixels.

        Raises
        ------
        ChartError
            If the rows are not those of the table, or the chart cannot select by the column.

        Examples
        --------
        >>> import offdiagonal as od
        >>> table = {"label": ["a", "b"] * 40, "prediction": ["a"] * 80, "source": ["web", "app"] * 40}
        >>> ev = od.Evaluation(table)
        >>> x, y = {"field": "source", "type": "nominal"}, {"aggregate": "count"}
        >>> bars = ev.link({"mark": "bar", "encoding": {"x": x, "y": y}}, "source")
        >>> _ = ev.selection.where(label="b")
        >>> len(bars.to_frame()["source"])
        40
        """
        made = make_chart(chart, self._engine, field)
        return self._view(["chart"], height, charts=(made,))

    def examples(self, *, height: int | None = None) -> View:
        """The examples in view, most confident errors first."""
        return self._view(["examples"], height)

    def frame(self, **where: Any) -> Any:
        """The rows that satisfy the arguments of ``selection.where``, whatever is selected, in the given type.

        Examples
        --------
        >>> import offdiagonal as od
        >>> ev = od.Evaluation({"label": ["ham", "spam", "spam"], "prediction": ["ham", "ham", "spam"]})
        >>> len(ev.frame()["label"]), len(ev.frame(correct=False)["label"])
        (3, 1)
        """
        return self._engine.take(self._engine.indices(slice_clauses(self._engine, where)))

    def __len__(self) -> int:
        return self._table.n

    def _renew(self, name: str | None = None) -> None:
        """A slice was defined, here or on what shares the slices; or something was found."""
        self._version += 1
        self._engine = self._new_engine()
        self._session.renew(self._engine)
        if name is not None:
            self._selection.renewed(name)

    def _new_engine(self) -> Engine:
        meta = self._description.meta(self._version, self._slices.fields)
        return Engine(self._table, self._findings.described(meta), self._slices.masks, self._findings.found)

    @cached_property
    def _session(self) -> Session:
        return Session(self._engine, self._selection, lambda: variable_name(self, self._engine.meta.variable))

    def _view(self, views: Sequence[str], height: int | None, **options: Any) -> View:
        return self._made(View, views, height, **options)

    def _made(self, kind: type[V], views: Sequence[str], height: int | None, **options: Any) -> V:
        return kind(self._session, tuple(views), self._policy, height, options)
