import { describe, expect, test } from "vitest";
import fixtures from "../../tests/fixtures/selection.json";
import { unpack } from "../src/core/codec";
import {
  alignedBins,
  type CellClause,
  clauseOf,
  confidenceCode,
  filterOf,
  sameClauses,
  toggleCells,
  withClause,
} from "../src/core/selection";
import { sizeOf, type Tile, tabulate } from "../src/core/tiles";
import type { Clause, Meta } from "../src/core/types";

interface Count {
  by: string[];
  without: string | null;
  tiers: string[];
  values: [place: number, n: number][] | null;
}

interface Table {
  meta: Meta;
  tiers: Record<string, { packed: string }>;
  cases: { name: string; clauses: Clause[]; counts: Count[] }[];
}

const tables = Object.entries(fixtures as unknown as Record<string, Table>);

function tilesOf(packed: string): Tile[] {
  return unpack(Uint8Array.from(atob(packed), (c) => c.charCodeAt(0)).buffer).tiles;
}

describe.each(tables)("selections of %s count as in Python", (_, { meta, tiers, cases }) => {
  const tiles = Object.entries(tiers).map(([tier, { packed }]) => [tier, tilesOf(packed)] as const);

  test.each(cases.map((one) => [one.name, one] as const))("%s", (_name, { clauses, counts }) => {
    for (const { by, without, tiers: answering, values } of counts) {
      const filters = withClause(clauses, without ?? "", null).map((clause) => filterOf(clause, meta));
      const coded = filters.filter((filter) => filter !== null);
      for (const [tier, own] of tiles) {
        const found = coded.length === filters.length ? tabulate(own, by, coded, meta) : null;
        const where = `${tier}: by ${by} without ${without}`;
        expect(found !== null, where).toBe(answering.includes(tier));
        if (!found) continue;
        expect(found.length, where).toBe(by.reduce((size, dim) => size * sizeOf(meta, dim), 1));
        const pairs = [...found].flatMap((n, place) => (n ? [[place, n]] : []));
        expect(pairs, where).toEqual(values);
      }
    }
  });
});

describe("a list of clauses", () => {
  const text: Clause = { field: "text", contains: "a" };
  const rows: Clause = { field: "rows", id: "a1", count: 3 };

  test("has one clause a field", () => {
    expect(withClause([text, rows], "text", { field: "text", contains: "b" })).toEqual([
      rows,
      { field: "text", contains: "b" },
    ]);
    expect(withClause([text, rows], "text", null)).toEqual([rows]);
    expect(clauseOf([text, rows], "rows")).toBe(rows);
    expect(clauseOf([text], "rows")).toBeNull();
  });

  test("is the same by value", () => {
    expect(sameClauses([text], [{ ...text }])).toBe(true);
    expect(sameClauses([text], [rows])).toBe(false);
  });
});

describe("an interval on the edges of bins", () => {
  const edges = [0, 1, 2, 4];

  test.each([
    [0, 1, [1, 0, 0]],
    [1, 4, [0, 1, 1]],
    [-5, 9, [1, 1, 1]],
    [-5, 0, [0, 0, 0]],
    [1, 1, [0, 0, 0]],
    [5, 9, [0, 0, 0]],
    [-9, -5, [0, 0, 0]],
  ])("%d to %d", (low, high, bins) => {
    expect(alignedBins(edges, low, high)).toEqual(bins);
  });

  test.each([
    [0.5, 2],
    [1, 3],
    [1 + 1e-12, 2],
    [4, 4],
    [4, 9],
  ])("%d to %d cuts a bin", (low, high) => {
    expect(alignedBins(edges, low, high)).toBeNull();
  });

  test("there is none without bins", () => {
    expect(alignedBins([], 0, 1)).toBeNull();
  });
});

describe("cells put in and out", () => {
  const one = { label: [1], prediction: [0] };
  const row = { label: [2], prediction: null };
  const clause: CellClause = { field: "cell", any: [one], outcome: "error" };

  test("of nothing", () => {
    expect(toggleCells(null, one)).toEqual({ field: "cell", any: [one], outcome: null });
  });

  test("keeps the outcome", () => {
    expect(toggleCells(clause, row)).toEqual({ field: "cell", any: [one, row], outcome: "error" });
  });

  test("the last one leaves nothing", () => {
    expect(toggleCells(clause, { ...one })).toBeNull();
  });
});

test("a clause about what is not there is no filter", () => {
  const meta = tables[0]?.[1].meta as Meta;
  expect(filterOf({ field: "slice", names: ["no such slice"] }, meta)).toBeNull();
  expect(filterOf({ field: "c99", codes: [0], intervals: [] }, meta)).toBeNull();
  expect(filterOf({ field: "rows", id: "a1", count: 3 }, meta)).toBeNull();
});

describe("the bin of a confidence", () => {
  test.each(Array.from({ length: 200 }, (_, i) => i))("edge %i/200 is in the bin that it begins", (i) => {
    expect(confidenceCode(i / 200)).toBe(i);
    if (i > 0) expect(confidenceCode(i / 200 - 1e-12)).toBe(i - 1);
  });

  test("the last bin is closed, and none has a bin of its own", () => {
    expect([confidenceCode(1), confidenceCode(null)]).toEqual([199, 200]);
  });
});
