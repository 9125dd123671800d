"""Lists of runs and of findings as a notebook shows them: tables that need no script."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from offdiagonal.display.html import heading_html, table_html, text_html
from offdiagonal.findings import Finding
from offdiagonal.training.listed import SHOWN
from offdiagonal.views.runs import number
from offdiagonal.views.text import short

NAME, TEXT = 80, 400


class FoundInRun(list[Finding]):
    """The findings of a run: a list, which a notebook shows as a table."""

    def _repr_html_(self) -> str:
        if not self:
            return _static([heading_html("Findings", "none by what was logged")])
        heads = ("finding", "how\u00a0sure", "steps", "evidence", "try next")
        rows = [
            (
                short(one.title, TEXT),
                one.certainty,
                _steps(one),
                short(one.evidence, TEXT),
                short("; ".join(one.try_next), TEXT),
            )
            for one in self
        ]
        many = f"{len(self)}, the likeliest cause first"
        return _static([heading_html("Findings", many), table_html("Findings", heads, rows, numbers=0)])


def runs_list_html(
    rows: Sequence[Mapping[str, Any]], n: int, unreadable: Iterable[str] = (), where: str = ""
) -> str:
    """Some runs as a table.

    Parameters
    ----------
    rows
        What ``training.listed.row_of`` says of each.
    n
        How many there are.
    unreadable
        Why files are left out.
    where
        In which folder, said where there are none.
    """
    left_out = [f"<p>left out: {text_html(text)}</p>" for text in unreadable]
    if not rows:
        return _static([heading_html("Runs", f"none{where}"), *left_out])
    metrics = [f"{kind}{name}" for name in SHOWN for kind in ("", "best_")]
    told = [metric for metric in metrics if any(np.isfinite(row[metric]) for row in rows)]
    heads = ("name", "id", "started", "status", "steps", *(metric.replace("_", " ") for metric in told))
    cells = [
        (
            short(row["name"], NAME),
            row["id"][:8],
            time.strftime("%Y-%m-%d %H:%M", time.localtime(row["started"])) if row["started"] else "",
            row["status"],
            f"{row['steps']:,.0f}" if np.isfinite(row["steps"]) else "",
            *(number(row[metric]) if not np.isnan(row[metric]) else "" for metric in told),
        )
        for row in rows
    ]
    more = [f"<p>and {n - len(rows):,} more</p>"] if n > len(rows) else []
    table = table_html("Runs", heads, cells, numbers=1 + len(told))
    return _static([heading_html("Runs", f"{n:,}"), table, *more, *left_out])


def _steps(finding: Finding) -> str:
    given = finding.where.get("step") if isinstance(finding.where, Mapping) else None
    if given is None:
        return ""
    low, high = float(given[0]), float(given[1])
    return f"{low:,.0f}" if low == high else f"{low:,.0f}\u00a0to\u00a0{high:,.0f}"


def _static(parts: Sequence[str]) -> str:
    return "\n".join(['<div class="od-static">', *parts, "</div>"])
