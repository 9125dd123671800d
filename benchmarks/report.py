"""Tables as Markdown, and what machine and versions they stand for."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata

PACKAGES = (
    "numpy",
    "pandas",
    "polars",
    "duckdb",
    "pyarrow",
    "scipy",
    "scikit-learn",
    "ipykernel",
    "anywidget",
)


@dataclass(frozen=True)
class Table:
    """Rows of text under a title."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        widths = [max(map(len, cells)) for cells in zip(self.columns, *self.rows, strict=True)]
        lines = [self._line(self.columns, widths), self._line(["-" * width for width in widths], widths)]
        lines += [self._line(row, widths) for row in self.rows]
        return "\n".join([f"## {self.title}", "", *lines, ""])

    @staticmethod
    def _line(cells: Iterable[str], widths: Sequence[int]) -> str:
        padded = (
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:,.3f}"


def ratio(seconds: float, ours: float) -> str:
    return f"{seconds / ours:,.1f}"


def facts() -> str:
    """What the numbers depend on, without naming the machine."""
    versions = []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.machine()}, {python}, {', '.join(versions)}."
