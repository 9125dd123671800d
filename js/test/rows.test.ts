import { describe, expect, test } from "vitest";
import fixtures from "../../tests/fixtures/selection.json";
import { filterOf } from "../src/core/selection";
import type { Clause, Meta } from "../src/core/types";
import { type Row, savedPage } from "../src/store/rows";

interface Table {
  meta: Meta;
  rows: Row[] | null;
  codes: Record<string, number[]>;
  cases: { name: string; clauses: Clause[]; rows: number[]; pages: Record<string, number[]> }[];
}

const tables = Object.entries(fixtures as unknown as Record<string, Table>).filter(([, table]) => table.rows);

function cellsOf(rows: readonly Row[], meta: Meta): Float64Array {
  const size = meta.classes.length;
  const cells = new Float64Array(size * size);
  for (const { label, prediction } of rows)
    cells[label * size + prediction] = (cells[label * size + prediction] ?? 0) + 1;
  return cells;
}

describe.each(tables)("saved rows of %s are those of Python", (_, { meta, rows, codes, cases }) => {
  const saved = { rows: rows ?? [], codes };
  const cells = cellsOf(saved.rows, meta);
  const known = cases.filter(({ clauses }) => clauses.every((c) => c.field === "text" || filterOf(c, meta)));

  test.each(known.map((one) => [one.name, one] as const))(
    "%s",
    (_name, { clauses, rows: selected, pages }) => {
      for (const [sort, expected] of Object.entries(pages)) {
        const [column = "", direction] = sort.split(" ");
        const by = { column: column === "None" ? null : column, descending: direction === "down" };
        const found = savedPage(saved, clauses, by, meta, () => cells).map((row) => row.row);
        expect(found, sort).toEqual(expected);
        expect(found.toSorted((a, b) => a - b)).toEqual(selected);
      }
    },
  );
});

test("most selections are known to saved rows", () => {
  const all = tables.flatMap(([, { cases, meta }]) => cases.map((one) => [one, meta] as const));
  const known = all.filter(([{ clauses }, meta]) =>
    clauses.every((c) => c.field === "text" || filterOf(c, meta)),
  );
  expect(known.length).toBeGreaterThan(0.9 * all.length);
});
