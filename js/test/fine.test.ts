import { describe, expect, it } from "vitest";
import {
  type FineAxis,
  numberText,
  placeOf,
  spanClause,
  spanOf,
  stopsOf,
  ticksOf,
  unpacked,
} from "../src/core/fine.ts";
import type { Field } from "../src/core/types.ts";

const even: FineAxis = { edges: [2, 10, 20, 30, 95], log: false, decades: false };
const grown: FineAxis = { edges: [0, 1, 10, 100, 4000], log: true, decades: true };
const level = (low: number, high: number) => ({ text: "", python: "", low, high });
const field = {
  key: "c3",
  kind: "number",
  levels: [level(2, 10), level(10, 25), level(25, 95)],
  maximum: 95,
} as unknown as Field;

describe("placeOf", () => {
  it("gives all bins the same room", () => {
    expect([2, 10, 15, 95, 1, 200].map((value) => placeOf(even, value))).toEqual([0, 1, 1.5, 4, 0, 4]);
    expect(placeOf(grown, Math.sqrt(10))).toBeCloseTo(1.5);
    expect(placeOf(grown, 0.5)).toBe(0.5);
  });
});

describe("stopsOf", () => {
  it("are all edges, or those of the slices where only saved counts answer", () => {
    expect(stopsOf(even, field, false).map(({ value }) => value)).toEqual(even.edges);
    expect(stopsOf(even, field, true)).toEqual([
      { value: 2, at: 0 },
      { value: 10, at: 1 },
      { value: 25, at: 2.5 },
      { value: 95, at: 4 },
    ]);
  });
});

describe("ticksOf", () => {
  it("writes powers of ten on a log axis", () => {
    expect(ticksOf(grown, 5).map(({ value }) => value)).toEqual([1, 10, 100, 4000]);
  });
  it("writes round numbers, and where the last bin ends", () => {
    const edges = [3, ...Array.from({ length: 30 }, (_, i) => 10 * (i + 1)), 900];
    expect(ticksOf({ ...even, edges }, 4).map(({ value }) => value)).toEqual([100, 200, 300]);
    expect(
      ticksOf({ ...even, edges }, 20)
        .map(({ value }) => value)
        .slice(0, 3),
    ).toEqual([20, 40, 60]);
  });
});

describe("the interval of a clause", () => {
  it("is that of levels side by side, or of one interval", () => {
    expect(spanOf(field, { field: "c3", codes: [0, 1], intervals: [] })).toEqual([2, 25]);
    expect(spanOf(field, { field: "c3", codes: [], intervals: [[4, 5]] })).toEqual([4, 5]);
    expect(spanOf(field, { field: "c3", codes: [0, 2], intervals: [] })).toBeNull();
    expect(spanOf(null, { field: "confidence", low: 0.5, high: 1 })).toEqual([0.5, 1]);
  });
  it("is none where it holds all", () => {
    expect(spanClause("c3", even, 2, 95)).toBeNull();
    expect(spanClause("c3", even, 10, 95)).toEqual({ field: "c3", codes: [], intervals: [[10, 95]] });
  });
});

describe("texts and counts", () => {
  it("writes numbers and times", () => {
    expect([1234567, -0.5, 0.30000000000000004, 1e-7].map((n) => numberText(n, "number"))).toEqual([
      "1,234,570",
      "−0.5",
      "0.3",
      "1.00e-7",
    ]);
    expect(numberText(Date.UTC(2024, 0, 5), "time")).toBe("2024-01-05");
  });
  it("unpacks distances", () => {
    const packed: [number[], number[]] = [
      [1, 2],
      [5, 7],
    ];
    expect([...unpacked(packed, 5)]).toEqual([0, 5, 0, 7, 0]);
  });
});
