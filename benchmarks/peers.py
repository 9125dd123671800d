"""What else one would answer a linked selection with, each as well as we know how.

All of them hold the rows as codes and in the order of interest, so that none encodes and none sorts; the first hundred
rows are the first that they find.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.data import BINS, CLASSES, Click, Examples

PAGE = 100


@dataclass(frozen=True)
class Answer:
    """What the views show for a click; each without the clause of its own field."""

    matrix: list[list[int]]
    """Rows of the slice, by label and prediction."""
    slices: dict[str, list[int]]
    """Rows of the cell and the slice, by the levels of a column; those of the column itself by the cell alone."""
    histogram: list[int]
    """Rows of the cell and the slice, by confidence."""
    texts: list[str]
    """The first hundred of them, the most confident first."""


class Peer(Protocol):
    """Answers clicks over the same examples."""

    name: str

    def __init__(self, examples: Examples) -> None:
        """Prepare: what is done once."""

    def ask(self, click: Click) -> Any:
        """Answer; this is what is timed."""

    def answer(self, raw: Any) -> Answer:
        """The answer in the form that all share; not timed."""


class Numpy:
    """A scan of arrays of codes, the cell stored as one code."""

    name = "numpy, scan of codes"

    def __init__(self, examples: Examples) -> None:
        self.codes, self.text = examples.ordered()
        self.cell = examples.cell[examples.order]
        self.sizes = examples.sizes

    def ask(self, click: Click) -> Any:
        in_slice = self.codes[click.column] == click.level
        in_cell = self.cell == click.label * CLASSES + click.prediction
        rows = np.flatnonzero(in_slice & in_cell)
        matrix = np.bincount(self.cell[in_slice], minlength=CLASSES**2)
        slices = {
            name: np.bincount(self.codes[name][in_cell if name == click.column else rows], minlength=size)
            for name, size in self.sizes.items()
        }
        histogram = np.bincount(self.codes["bin"][rows], minlength=BINS)
        return matrix, slices, histogram, self.text[rows[:PAGE]]

    def answer(self, raw: Any) -> Answer:
        return of_arrays(*raw)


class Pandas:
    """A frame of codes, filtered and counted with numpy."""

    name = "pandas, expert (codes + bincount)"

    def __init__(self, examples: Examples) -> None:
        import pandas as pd

        codes, text = examples.ordered()
        self.codes = pd.DataFrame(codes)
        self.text = pd.Series(text, dtype="str")
        self.sizes = examples.sizes

    def ask(self, click: Click) -> Any:
        codes = self.codes
        in_slice = codes[click.column] == click.level
        in_cell = (codes["label"] == click.label) & (codes["prediction"] == click.prediction)
        of_slice = codes.loc[in_slice, ["label", "prediction"]].to_numpy(dtype=np.int64)
        matrix = np.bincount(of_slice[:, 0] * CLASSES + of_slice[:, 1], minlength=CLASSES**2)
        both = codes[in_slice & in_cell]
        slices = {name: np.bincount(both[name], minlength=size) for name, size in self.sizes.items()}
        own = codes.loc[in_cell, click.column]
        slices[click.column] = np.bincount(own, minlength=self.sizes[click.column])
        histogram = np.bincount(both["bin"], minlength=BINS)
        return matrix, slices, histogram, self.text.iloc[both.index[:PAGE]].to_list()

    def answer(self, raw: Any) -> Answer:
        return of_arrays(*raw)


class Polars:
    """One ``collect_all`` of lazy queries."""

    name = "polars, collect_all"

    def __init__(self, examples: Examples) -> None:
        import polars as pl

        codes, text = examples.ordered()
        self.pl = pl
        self.frame = pl.DataFrame({**codes, "text": text.tolist()})
        self.lazy = self.frame.lazy()
        self.sizes = examples.sizes

    def ask(self, click: Click) -> Any:
        col = self.pl.col
        in_slice = col(click.column) == click.level
        in_cell = (col("label") == click.label) & (col("prediction") == click.prediction)
        of_slice, of_cell = self.lazy.filter(in_slice), self.lazy.filter(in_cell)
        both = self.lazy.filter(in_cell & in_slice)
        return self.pl.collect_all(
            [
                of_slice.group_by("label", "prediction").len(),
                both.group_by("bin").len(),
                both.select("text").head(PAGE),
                *((of_cell if name == click.column else both).group_by(name).len() for name in self.sizes),
            ]
        )

    def answer(self, raw: Any) -> Answer:
        matrix, histogram, texts, *slices = (frame.rows() for frame in raw)
        return of_pairs(
            [(label * CLASSES + prediction, n) for label, prediction, n in matrix],
            dict(zip(self.sizes, slices, strict=True)),
            self.sizes,
            histogram,
            [text for (text,) in texts],
        )


class PolarsEager(Polars):
    """Filters first, then each column's value counts."""

    name = "polars, filters and value_counts"

    def __init__(self, examples: Examples) -> None:
        super().__init__(examples)
        self.cells = self.frame.drop("text").with_row_index("row")

    def ask(self, click: Click) -> Any:
        col = self.pl.col
        in_slice = col(click.column) == click.level
        of_slice = self.cells.lazy().filter(in_slice).group_by("label", "prediction").len().collect()
        of_cell = self.cells.filter((col("label") == click.label) & (col("prediction") == click.prediction))
        both = of_cell.filter(in_slice)
        slices = [(of_cell if name == click.column else both)[name].value_counts() for name in self.sizes]
        texts = self.frame["text"].gather(both["row"].head(PAGE)).to_frame()
        return [of_slice, both["bin"].value_counts(), texts, *slices]


class DuckDB:
    """Four queries over a table in memory."""

    name = "duckdb, 4 queries"

    def __init__(self, examples: Examples) -> None:
        import duckdb

        codes, text = examples.ordered()
        self.sizes = examples.sizes
        self.base = duckdb.connect(":memory:")
        self._create({**codes, "text": text.tolist()})
        self.sets = ", ".join(f'("{name}")' for name in (*self.sizes, "bin"))

    def _create(self, columns: dict[str, Any]) -> None:
        import pyarrow as pa

        given = pa.table(columns)
        self.base.register("given", given)
        self.base.execute("create table examples as select * from given")
        self.base.unregister("given")

    def ask(self, click: Click) -> Any:
        in_slice = f'"{click.column}" = {click.level}'
        in_cell = f"label = {click.label} and prediction = {click.prediction}"
        names = ", ".join(f'"{name}"' for name in (*self.sizes, "bin"))
        both = f"from examples where {in_cell} and {in_slice}"
        queries = (
            f"select label, prediction, count(*) from examples where {in_slice} group by all",
            f"select {names}, count(*) {both} group by grouping sets ({self.sets})",
            f'select "{click.column}", count(*) from examples where {in_cell} group by all',
            f"select text {both} limit {PAGE}",
        )
        return *(self.base.execute(query).fetchall() for query in queries), click.column

    def answer(self, raw: Any) -> Answer:
        matrix, sets, own, texts, column = raw
        names = [*self.sizes, "bin"]
        counted: dict[str, list[tuple[int, int]]] = {name: [] for name in names}
        for *levels, n in sets:
            ((name, level),) = ((a, b) for a, b in zip(names, levels, strict=True) if b is not None)
            counted[name].append((level, n))
        histogram = counted.pop("bin")
        cells = [(label * CLASSES + prediction, n) for label, prediction, n in matrix]
        return of_pairs(cells, {**counted, column: own}, self.sizes, histogram, [text for (text,) in texts])


def of_arrays(
    matrix: NDArray[Any], slices: dict[str, NDArray[Any]], histogram: NDArray[Any], texts: Any
) -> Answer:
    cells = np.asarray(matrix).reshape(CLASSES, CLASSES).tolist()
    return Answer(cells, {name: n.tolist() for name, n in slices.items()}, histogram.tolist(), list(texts))


def of_pairs(
    matrix: list[tuple[int, int]],
    slices: dict[str, list[tuple[int, int]]],
    sizes: dict[str, int],
    histogram: list[tuple[int, int]],
    texts: list[str],
) -> Answer:
    """From pairs of code and count to arrays."""

    def filled(pairs: list[tuple[int, int]], size: int) -> NDArray[np.int64]:
        counts = np.zeros(size, dtype=np.int64)
        for code, n in pairs:
            counts[code] = n
        return counts

    levels = {name: filled(pairs, sizes[name]) for name, pairs in slices.items()}
    return of_arrays(filled(matrix, CLASSES**2), levels, filled(histogram, BINS), texts)


PEERS: tuple[type[Peer], ...] = (Numpy, Pandas, Polars, PolarsEager, DuckDB)
