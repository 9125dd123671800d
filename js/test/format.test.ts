import { describe, expect, it } from "vitest";
import * as format from "../src/core/format.ts";
import type { Clause, Field, Meta } from "../src/core/types.ts";

const measure = (value: number | null, low: number | null, high: number | null) => ({
  value,
  low,
  high,
  n: 100,
  method: "test",
});

const level = (text: string, low: number | null = null, high: number | null = null) => ({
  text,
  python: `'${text}'`,
  low,
  high,
});

const source: Field = {
  key: "c1",
  name: "source",
  python: "'source'",
  kind: "category",
  levels: [level("web"), level("vendor-b")],
  role: "source",
  private: false,
  maximum: null,
};

const length: Field = {
  ...source,
  key: "c2",
  name: "length",
  kind: "number",
  levels: [level("2 to < 32", 2, 32), level("32 to 90", 32, 90), level("(missing)")],
};

const received: Field = { ...length, key: "c3", name: "received", kind: "time" };

const rows = { kind: "duplicate-ids", where: [{ field: "rows", id: "f1", count: 2 }] };
const meta = {
  classes: ["ham", "spam", "eggs"],
  fields: [source, length, received],
  findings: [rows],
} as unknown as Meta;
const chip = (clause: Clause) => format.clauseText(clause, meta);

describe("numbers", () => {
  it("groups thousands and shortens ticks only when they are long", () => {
    expect([0, 999, 1000, 12431, 1234567].map(format.count)).toEqual([
      "0",
      "999",
      "1,000",
      "12,431",
      "1,234,567",
    ]);
    expect(format.compact(12400)).toBe("12.4K");
    expect(format.compact(2_000_000)).toBe("2M");
    expect([0, 7, 999, 1000, 999_950, 1e9].map((n) => format.compact(n, 2))).toEqual([
      "0",
      "7",
      "1K",
      "1K",
      "1M",
      "1B",
    ]);
  });

  it("says one example, but 0 and 2 examples", () => {
    expect([0, 1, 2].map((n) => format.amount(n))).toEqual(["0 examples", "1 example", "2 examples"]);
    expect(format.amount(77, "class", "classes")).toBe("77 classes");
  });

  it("writes shares in per cent, and a dash for none", () => {
    expect(format.percent(0.8881)).toBe("88.8 %");
    expect(format.percent(null)).toBe("—");
    expect(format.interval(measure(0.888, 0.877, 0.899))).toBe("[87.7, 89.9]");
    expect(format.interval(measure(0.888, null, null))).toBe("");
  });

  it("signs differences with a minus, and never gives nothing a sign", () => {
    expect([0.062, -0.021, 0, -0.0004, 0.0004].map(format.points)).toEqual([
      "+6.2",
      "−2.1",
      "0.0",
      "0.0",
      "0.0",
    ]);
    expect(format.pointsInterval(measure(0.062, 0.031, 0.094))).toBe("+6.2 [3.1, 9.4]");
    expect(format.pointsInterval(measure(-0.021, -0.04, 0.0001))).toBe("−2.1 [−4.0, 0.0]");
    expect(format.pointsInterval(measure(null, null, null))).toBe("—");
  });

  it("writes ratios with three decimals", () => {
    expect(format.ratio(0.9534)).toBe("0.953");
    expect(format.ratioInterval(measure(0.953, 0.94, 0.966))).toBe("[0.940, 0.966]");
  });

  it("writes the edges of bins without the noise of binary fractions", () => {
    expect([0.1 + 0.2, 0.85, 1, 0.005].map(format.edge)).toEqual(["0.30", "0.85", "1.00", "0.005"]);
  });

  it("never says that something takes no room", () => {
    expect([1, 63_488].map(format.kilobytes)).toEqual(["1 KB", "62 KB"]);
  });
});

describe("chips", () => {
  it("say the values of a column", () => {
    expect(chip({ field: "c1", codes: [1], intervals: [] })).toBe("source = vendor-b");
    expect(chip({ field: "c1", codes: [0, 1], intervals: [] })).toBe("source = web or vendor-b");
  });

  it("say bins without an equals sign, and what is missing with one", () => {
    expect(chip({ field: "c2", codes: [0], intervals: [] })).toBe("length 2 to < 32");
    expect(chip({ field: "c2", codes: [2], intervals: [] })).toBe("length = (missing)");
    expect(chip({ field: "c2", codes: [], intervals: [[20, 30.5]] })).toBe("length 20 to 30.5");
  });

  it("say times as dates, with the hour only where it matters", () => {
    const day = Date.UTC(2024, 0, 2);
    expect(chip({ field: "c3", codes: [], intervals: [[day, day + 5_400_000]] })).toBe(
      "received 2024-01-02 to 2024-01-02 01:30",
    );
  });

  it("say cells, slices, confidence, text and rows", () => {
    const cell = { label: [0], prediction: [1] };
    expect(chip({ field: "cell", any: [cell], outcome: null })).toBe("label ham → predicted spam");
    expect(chip({ field: "cell", any: [], outcome: "error" })).toBe("errors");
    expect(chip({ field: "cell", any: [cell, cell, cell, cell], outcome: null })).toMatch(/, 2 more cells$/);
    expect(chip({ field: "slice", names: ["a", "b"] })).toBe("slice: a or b");
    expect(chip({ field: "confidence", low: 0.9, high: 1 })).toBe("confidence 0.9 to 1");
    expect(chip({ field: "text", contains: "free" })).toBe("text contains “free”");
    expect(chip({ field: "rows", id: "a1", count: 1 })).toBe("1 row chosen in Python");
    expect(chip({ field: "rows", id: "f1", count: 2 })).toBe("2 rows of finding duplicate-ids");
  });
});

describe("levels", () => {
  it("are named as in Python's tables", () => {
    expect(format.levelText(source, 1)).toBe("source = vendor-b");
    expect(format.levelText(length, 0)).toBe("length 2 to < 32");
    expect(format.levelText(length, 2)).toBe("length = (missing)");
  });
});
