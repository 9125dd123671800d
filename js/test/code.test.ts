import { describe, expect, test } from "vitest";
import fixtures from "../../tests/fixtures/selection.json";
import { selectionCode } from "../src/core/code";
import type { Clause, Meta } from "../src/core/types";

interface Table {
  meta: Meta;
  cases: { name: string; clauses: Clause[]; code: string }[];
}

const tables = Object.entries(fixtures as unknown as Record<string, Table>);

describe.each(tables)("selections of %s are written as in Python", (_, { meta, cases }) => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", (_name, { clauses, code }) => {
    expect(selectionCode(clauses, meta, "ev")).toBe(code);
  });
});

describe("numbers are written as in Python", () => {
  const meta = tables[0]?.[1].meta as Meta;

  // The same list is in tests/test_code.py.
  test.each([
    [0, "0"],
    [-0, "0"],
    [1, "1"],
    [-1.5, "-1.5"],
    [0.1, "0.1"],
    [1e-5, "0.00001"],
    [1.25e-7, "1.25e-7"],
    [5e-324, "5e-324"],
    [1e15, "1000000000000000"],
    [123456789012345680000, "123456789012345680000"],
    [1e21, "1e+21"],
    [-1.5e300, "-1.5e+300"],
  ])("%d", (value, text) => {
    const code = selectionCode([{ field: "confidence", low: value, high: value }], meta, "ev");
    expect(code).toBe(`ev.selection.clear().where(confidence=(${text}, ${text}))`);
  });
});

test("rows are a mask that the user still has", () => {
  const meta = tables[0]?.[1].meta as Meta;
  expect(selectionCode([{ field: "rows", id: "a1", count: 3 }], meta, "ev")).toBe(
    "ev.selection.clear().where(rows=mask)",
  );
});

test("the name is that of the description", () => {
  const meta = { ...(tables[0]?.[1].meta as Meta), variable: "spam" };
  expect(selectionCode([], meta)).toBe("spam.selection.clear()");
});
