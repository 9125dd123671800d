"""Run the benchmarks: ``python -m benchmarks``; docs/benchmarks.md says what they measure."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import linked_selection, paint, start, tiles
from benchmarks.report import Table, facts

RESULTS = Path(__file__).resolve().parent / "results.md"
PARTS = ("click", "tiles", "start", "paint")
PAINTED = 100_000
"""Above this many rows what is seen differs by the kernel's share alone, which the first part measures."""


def main() -> None:
    """Print the tables, and write them to benchmarks/results.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[100_000, 1_000_000], help="numbers of rows")
    parser.add_argument("--only", choices=PARTS, action="append", help="run this part alone; may be repeated")
    parser.add_argument("--clicks", type=int, default=2000, help="clicks timed with each number of rows")
    parser.add_argument(
        "--no-memory", action="store_true", help="leave the memory out: it takes as long as the rest"
    )
    parser.add_argument("--no-write", action="store_true", help="do not write results.md")
    asked = parser.parse_args()
    rows, parts = sorted(asked.rows), asked.only or PARTS
    tables: list[Table] = []
    goals: list[str] = []
    if "click" in parts:
        results = [linked_selection.run(n, asked.clicks, memory=not asked.no_memory) for n in rows]
        tables += linked_selection.tables(results)
        goals += linked_selection.goals(results)
    if "tiles" in parts:
        found = {n: tiles.run(n, repeats=6) for n in rows}
        tables.append(tiles.table(found))
        goals += tiles.goals(found)
    if "start" in parts:
        imports, board = start.imports(repeats=9), start.first_board(repeats=3)
        tables += [start.import_table(imports), start.board_table(board)]
        goals += start.goals(imports, board)
    if "paint" in parts:
        painted = paint.run([n for n in rows if n <= PAINTED] or rows[:1])
        tables.append(paint.table(painted))
        goals += paint.goals(painted)
    text = "\n".join(["# Results", "", facts(), "", *(table.markdown() for table in tables), "## Goals", ""])
    text += "\n".join(f"- {line}" for line in goals) + "\n"
    print(text)
    if not asked.no_write:
        RESULTS.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
