"""Building the pair cube from codes: cell x column x column for all 45 pairs of ten columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from benchmarks.clock import interleaved
from benchmarks.data import CLASSES, Examples, make
from benchmarks.report import Table, milliseconds, ratio
from offdiagonal.counts.cube import Cube, build_cube

GOAL = 2


class Tiles:
    """The same tiles, in three ways."""

    def __init__(self, examples: Examples) -> None:
        import duckdb
        import polars as pl
        import pyarrow as pa

        self.columns = [name for name in examples.columns if name != "split"]
        self.sizes = {"label": CLASSES, "prediction": CLASSES, "outcome": 3}
        self.sizes |= {name: examples.sizes[name] for name in self.columns}
        self.codes = {"label": examples.label, "prediction": examples.prediction}
        self.codes |= {name: examples.columns[name] for name in self.columns}
        self.pairs = list(combinations(self.columns, 2))
        self.pl = pl
        self.frame = pl.DataFrame(self.codes).lazy()
        self.base = duckdb.connect(":memory:")
        self.base.register("given", pa.table(self.codes))
        self.base.execute("create table examples as select * from given")

    def ours(self, _: int) -> Cube:
        cube = build_cube(self.codes, self.sizes, None)
        assert cube is not None
        return cube

    def polars(self, _: int) -> list[Any]:
        group = (self.frame.group_by("label", "prediction", a, b).len() for a, b in self.pairs)
        return list(self.pl.collect_all(group))

    def duckdb(self, _: int) -> Any:
        names = ", ".join(f'"{name}"' for name in self.columns)
        sets = ", ".join(f'(label, prediction, "{a}", "{b}")' for a, b in self.pairs)
        query = f"select label, prediction, {names}, count(*) n from examples group by grouping sets ({sets})"
        return self.base.execute(query).fetchnumpy()

    def ways(self) -> dict[str, Callable[[int], Any]]:
        return {
            "offdiagonal": self.ours,
            "polars, 45 group_by in one collect_all": self.polars,
            "duckdb, one statement of grouping sets": self.duckdb,
        }

    def check(self) -> None:
        """Stop unless all count the same."""
        cube, frames, sets = (way(0) for way in self.ways().values())
        filled = {name: ~np.ma.getmaskarray(sets[name]) for name in self.columns}
        for (a, b), frame in zip(self.pairs, frames, strict=True):
            expected = cube.tabulate(["label", "prediction", a, b], [])
            found = np.zeros_like(expected)
            *codes, n = (column.to_numpy() for column in frame)
            found[tuple(codes)] = n
            here = filled[a] & filled[b]
            rows = tuple(np.asarray(sets[name][here]) for name in ("label", "prediction", a, b))
            again = np.zeros_like(expected)
            again[rows] = sets["n"][here]
            if not (np.array_equal(expected, found) and np.array_equal(expected, again)):
                raise SystemExit(f"the tiles of {a} and {b} differ")


def run(n: int, repeats: int) -> dict[str, float]:
    """Median seconds of each way."""
    tiles = Tiles(make(n))
    tiles.check()
    times = interleaved(list(tiles.ways().values()), list(range(repeats)), 2)
    return {name: way.median for name, way in zip(tiles.ways(), times, strict=True)}


def table(found: Mapping[int, Mapping[str, float]]) -> Table:
    """What was found, to be read."""
    columns = ["way"]
    for n in found:
        columns += [f"{n:,} rows", "ratio"]
    rows = []
    for name in next(iter(found.values())):
        row = [name]
        for times in found.values():
            row += [milliseconds(times[name]), ratio(times[name], times["offdiagonal"])]
        rows.append(row)
    return Table("Building the pair cube, 45 tiles (ms)", columns, rows)


def goals(found: Mapping[int, Mapping[str, float]]) -> list[str]:
    """Which goals were reached."""
    lines = []
    for n, times in found.items():
        ours, *others = times.values()
        best = min(others) / ours
        reached = "reached" if best >= GOAL else "missed"
        lines.append(f"pair cube of {n:,} rows: {best:.1f}x the faster of its peers, goal {GOAL}x: {reached}")
    return lines
