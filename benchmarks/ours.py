"""offdiagonal's own answer: the calls that its views make, on the Evaluation of a pandas frame."""

from __future__ import annotations

from typing import Any

from benchmarks.data import BINS, Click, Examples
from benchmarks.peers import PAGE, Answer, of_arrays
from offdiagonal.clauses import CellClause, ColumnClause, Rectangle
from offdiagonal.display.tables import SelectedTables
from offdiagonal.evaluation import Evaluation
from offdiagonal.pages import Sort


class Ours:
    """Counts as the views ask for them, one call each, and the page as the grid does."""

    name = "offdiagonal"

    def __init__(self, examples: Examples) -> None:
        frame = examples.frame
        probabilities = [name for name in frame if name.startswith("p_")]
        self.evaluation = Evaluation(
            frame,
            label="label",
            prediction="predicted",
            probabilities=probabilities,
            text="text",
            split="split",
        )
        self.engine = self.evaluation._session.engine
        self.pages = self.evaluation._session.pages
        self.keys = {field.name: field.key for field in self.engine.meta.fields}
        self.text = self.engine.table.roles["text"]
        self.ask(Click(0, 1, next(iter(self.keys)), 0))

    def ask(self, click: Click) -> Any:
        clauses = self.clauses(click)
        return self.counts(clauses), self.page(clauses)

    def clauses(self, click: Click) -> Any:
        """The selection as it arrives from a view: built before the clock starts where only a part is timed."""
        cell = CellClause((Rectangle((click.label,), (click.prediction,)),))
        return cell, ColumnClause(self.keys[click.column], (click.level,))

    def counts(self, clauses: Any) -> Any:
        """Matrix, table of slices and histogram: the calls of ``views.confusion``, ``slices`` and ``confidence``."""
        tables = SelectedTables(self.engine, clauses, public=False)
        matrix = tables.tabulate(["label", "prediction"], without="cell")
        slices = tables.outcomes(list(self.keys.values()))
        fine = tables.tabulate(["confidence", "outcome"], without="confidence")
        return matrix, slices, fine

    def page(self, clauses: Any) -> Any:
        """Positions of the first rows, and their texts."""
        rows = self.pages.positions(clauses, Sort(), 0, PAGE)
        return self.engine.table.source.at(self.text, rows)

    def message(self, clauses: Any) -> Any:
        """The same rows as the grid gets them: all columns, as plain data."""
        return self.pages.page(clauses, Sort(), 0, PAGE)

    def count(self, clauses: Any) -> int:
        """How many rows are selected: one look-up."""
        return self.engine.count(clauses)

    def answer(self, raw: Any) -> Answer:
        (matrix, slices, fine), texts = raw
        histogram = fine[:200].sum(axis=1).reshape(BINS, -1).sum(axis=1)
        levels = {name: counts.sum(axis=1) for name, counts in zip(self.keys, slices, strict=True)}
        return of_arrays(matrix, levels, histogram, texts)
