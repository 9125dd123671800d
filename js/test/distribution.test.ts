import { describe, expect, it } from "vitest";
import { chosenOf, type Dim, dimsOf, partName, partsOf, toggled } from "../src/core/distribution.ts";
import { newcombe } from "../src/core/intervals.ts";
import type { Clause, Meta } from "../src/core/types.ts";

const meta = {
  model: true,
  classes: ["ham", "spam"],
  order: [0, 1],
  missing: null,
  columns: [
    { key: "label", name: "label", kind: "label" },
    { key: "prediction", name: "predicted", kind: "label" },
  ],
  fields: [
    {
      key: "c1",
      name: "source",
      python: "'source'",
      kind: "category",
      levels: ["web", "phone"].map((text) => ({ text, python: `'${text}'`, low: null, high: null })),
      role: null,
      private: false,
      maximum: null,
    },
  ],
} as unknown as Meta;
const [source, label, predicted] = dimsOf(meta) as [Dim, Dim, Dim];

describe("dimsOf", () => {
  it("has the columns, then both sides of the matrix", () => {
    expect(dimsOf(meta).map(({ name, own }) => [name, own])).toEqual([
      ["source", "c1"],
      ["label", "cell"],
      ["predicted", "cell"],
    ]);
  });
});

describe("partsOf", () => {
  it("has the share of the rows in view and of all", () => {
    const [web, phone] = partsOf(source, [30, 10], [50, 50]);
    expect([web?.n, web?.share.value, web?.other.value]).toEqual([30, 0.75, 0.5]);
    expect(phone?.share.n).toBe(40);
  });
  it("names no share below ten rows", () => {
    const [web] = partsOf(source, [3, 1], [50, 50]);
    expect(web && partName(web, "all")).toBe("web: 3 examples");
  });
  it("says of which rows the shares are", () => {
    const [web] = partsOf(source, [30, 10], [50, 50]);
    expect(web && partName(web, "all")).toMatch(
      /^web: 30 examples, 75.0 % \[.*\] of those in view, 50.0 % of all$/,
    );
    expect(web && partName(web, null)).toMatch(/^web: 30 examples, 75.0 % \[.*\] of all$/);
  });
});

describe("partsOf two that share no row", () => {
  it("has the difference with its interval", () => {
    const [web] = partsOf(source, [30, 10], [10, 30], true);
    expect(web?.difference).toEqual(newcombe(30, 40, 10, 40));
    expect(web && partName(web, "the rest")).toMatch(/25.0 % of the rest, difference \+50.0 \[.*\] points$/);
  });
  it("has none where they may share some", () => {
    expect(partsOf(source, [30, 10], [30, 10])[0]?.difference).toBeNull();
  });
});

describe("toggled", () => {
  it("selects classes by their side", () => {
    const one = toggled(label, null, 1, false);
    expect(one).toEqual({ field: "cell", any: [{ label: [1], prediction: null }], outcome: null });
    expect(chosenOf(label, one)).toEqual(new Set([1]));
    expect(chosenOf(predicted, one)).toEqual(new Set());
    expect(toggled(label, one, 0, true)).toEqual({
      field: "cell",
      any: [{ label: [0, 1], prediction: null }],
      outcome: null,
    });
    expect(toggled(label, one, 1, false)).toBeNull();
    expect(toggled(label, one, 1, true)).toBeNull();
    expect(toggled(predicted, one, 0, true)).toEqual({
      field: "cell",
      any: [{ label: null, prediction: [0] }],
      outcome: null,
    });
  });
  it("takes a selection of cells for none of its values", () => {
    const cells: Clause = { field: "cell", any: [{ label: [0], prediction: [1] }], outcome: null };
    expect(chosenOf(label, cells)).toEqual(new Set());
    expect(chosenOf(label, { field: "cell", any: [], outcome: "error" })).toEqual(new Set());
  });
  it("selects the values of a column", () => {
    expect(toggled(source, null, 1, false)).toEqual({ field: "c1", codes: [1], intervals: [] });
  });
});
