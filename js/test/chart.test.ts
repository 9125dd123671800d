import { describe, expect, it } from "vitest";
import {
  type ChartField,
  type ChartLink,
  clausesOf,
  isUtc,
  nextNumber,
  type Picked,
  parameterValue,
  rowsOf,
  toChart,
  toWall,
  withValues,
} from "../src/core/chart.ts";
import type { Clause, Meta } from "../src/core/types.ts";
import { holding, tame } from "../src/views/chart-hold.ts";

const source: ChartField = {
  column: "source",
  key: "c3",
  channel: "x",
  kind: "category",
  side: null,
  values: [
    ["web", 0],
    ["app", 1],
    [null, 2],
  ],
};
const length: ChartField = { ...source, column: "a.b", key: "c2", kind: "number", values: [] };
const when: ChartField = { ...length, column: "when", key: "c4", kind: "time", channel: "y" };
const label: ChartField = {
  ...source,
  column: "label",
  key: "cell",
  side: "label",
  values: [
    ["ham", 0],
    ["spam", 1],
  ],
};
const prediction: ChartField = { ...label, column: "predicted", side: "prediction", channel: "y" };
const link = (kind: ChartLink["kind"], ...fields: ChartField[]): ChartLink => ({ name: "p", kind, fields });
const picked = (...pairs: [string, string, unknown][]): Picked => ({
  fields: pairs.map(([field, type]) => ({ field, type })),
  values: pairs.map(([, , value]) => value),
});
const whole = () => true;
const level = (low: number, high: number) => ({ text: "", python: "", low, high });
const meta = {
  fields: [{ key: "c2", kind: "number", levels: [level(0, 10), level(10, 25), level(25, 95)], maximum: 95 }],
} as unknown as Meta;
const found = (one: ChartLink, ...tuples: Picked[]) => {
  const clauses = clausesOf(one, tuples, whole, true);
  return clauses && Object.fromEntries(clauses);
};

describe("clausesOf", () => {
  it("says nothing of what is cleared", () => {
    expect(found(link("point", source))).toEqual({ c3: null });
  });

  it("makes codes of clicked values, missing ones too", () => {
    const one = link("point", source);
    expect(found(one, picked(["source", "E", "app"]), picked(["source", "E", null]))).toEqual({
      c3: { field: "c3", codes: [1, 2], intervals: [] },
    });
  });

  it("ends a drag over whole numbers at whole numbers, and takes in its last one", () => {
    const drag = picked(["a\\.b", "R", [30.7, 10.2]]);
    const made = { field: "c2", codes: [], intervals: [[11, 31]] };
    expect(found(link("interval", length), drag)).toEqual({ c2: made });
    const exact = clausesOf(link("interval", length), [picked(["a\\.b", "R", [0.5, 2]])], () => false, true);
    expect(exact?.get("c2")).toEqual({ field: "c2", codes: [], intervals: [[0.5, nextNumber(2)]] });
  });

  it("takes a bin as it is, without its upper end", () => {
    const bins = [picked(["a.b", "R-RE", [0, 10]]), picked(["a.b", "R-RE", [20, 30]])];
    expect(found(link("point", length), ...bins)?.c2).toEqual({
      field: "c2",
      codes: [],
      intervals: [
        [0, 10],
        [20, 30],
      ],
    });
  });

  it("gives nothing for a drag over a stretch without values, rather than all rows", () => {
    const stars: ChartField = {
      ...source,
      column: "stars",
      values: [
        [1, 0],
        [2, 1],
        [5, 2],
      ],
    };
    const graded: ChartField = { ...label, values: stars.values };
    const between: [string, string, unknown] = ["stars", "R", [2.2, 4.1]];
    expect(found(link("interval", stars), picked(between))).toBeNull();
    expect(found(link("interval", stars, length), picked(between, ["a.b", "R", [0, 9]]))).toBeNull();
    expect(found(link("interval", graded), picked(["label", "R", [2.2, 4.1]]))).toBeNull();
    expect(found(link("interval", graded, stars), picked(["label", "R", [1, 2]], between))).toBeNull();
    expect(found(link("interval", stars), picked(["stars", "R", [1.5, 5]]))).toEqual({
      c3: { field: "c3", codes: [1, 2], intervals: [] },
    });
    expect(found(link("interval", stars))).toEqual({ c3: null });
  });

  it("makes cells of labels and predictions", () => {
    const one = picked(["label", "E", "ham"], ["predicted", "E", "spam"]);
    const two = picked(["label", "E", "spam"], ["predicted", "E", "ham"]);
    const any = [
      { label: [0], prediction: [1] },
      { label: [1], prediction: [0] },
    ];
    expect(found(link("point", label, prediction), one, two)).toEqual({
      cell: { field: "cell", any, outcome: null },
    });
    expect(found(link("interval", label), picked(["label", "E", ["ham", "spam"]]))?.cell).toEqual({
      field: "cell",
      any: [{ label: [0, 1], prediction: null }],
      outcome: null,
    });
  });

  it("gives nothing where combinations are no product, rather than more than was selected", () => {
    const both = link("point", source, length);
    const tuples = [
      picked(["source", "E", "web"], ["a.b", "E", 1]),
      picked(["source", "E", "app"], ["a.b", "E", 2]),
    ];
    expect(found(both, ...tuples)).toBeNull();
    expect(found(both, tuples[0] as Picked)).toEqual({
      c2: { field: "c2", codes: [], intervals: [[1, nextNumber(1)]] },
      c3: { field: "c3", codes: [0], intervals: [] },
    });
  });
});

describe("parameterValue", () => {
  const clause = (codes: number[], intervals: [number, number][]): Clause => ({
    field: "c2",
    codes,
    intervals,
  });

  it("is the span of bins and intervals that lie side by side", () => {
    const drag = link("interval", { ...length, channel: "x" });
    expect(parameterValue(drag, [clause([1], [[25, 30]])], meta, true)).toEqual({ x: [10, 30] });
    expect(parameterValue(drag, [clause([0, 2], [])], meta, true)).toBeUndefined();
    expect(parameterValue(drag, [], meta, true)).toBeUndefined();
  });

  it("is the values of codes", () => {
    const codes: Clause = { field: "c3", codes: [1, 2], intervals: [] };
    expect(parameterValue(link("point", source), [codes], meta, true)).toEqual([
      { source: "app" },
      { source: null },
    ]);
  });

  it("is the cell of a label and a prediction", () => {
    const cell: Clause = { field: "cell", any: [{ label: [1], prediction: [0] }], outcome: null };
    const both = link("point", label, prediction);
    expect(parameterValue(both, [cell], meta, true)).toEqual([{ label: "spam", predicted: "ham" }]);
    expect(parameterValue(both, [{ ...cell, outcome: "error" }], meta, true)).toBeUndefined();
  });
});

describe("rowsOf", () => {
  const table = {
    n: 10,
    columns: [
      { name: "x", kind: "value" as const, values: [0, 1, 2, 3, 4, 5, 6, 7, 8, null] },
      { name: "t", kind: "time" as const, values: Array(10).fill(0) },
    ],
  };

  it("gives the rows whose bit is set, first bit first", () => {
    expect(rowsOf(table, new Uint8Array([0b10000001, 0b01000000]), true).map(({ x }) => x)).toEqual([
      0,
      7,
      null,
    ]);
    expect(rowsOf(table, null, true)).toHaveLength(10);
  });

  it("reads a clock alike in any zone, and back", () => {
    const wall = Date.UTC(2024, 6, 14, 13, 5, 7, 9);
    const moment = toChart(wall, false);
    expect(new Date(moment).getHours()).toBe(13);
    expect(toWall(moment, false)).toBe(wall);
    expect(toChart(wall, true)).toBe(wall);
    expect([isUtc({ x: { timeUnit: "utcyear" } }), isUtc({ x: { timeUnit: "year" } })]).toEqual([
      true,
      false,
    ]);
    expect(
      clausesOf(link("interval", when), [picked(["when", "R", [wall, wall]])], whole, true)?.get("c4"),
    ).toEqual({
      field: "c4",
      codes: [],
      intervals: [[wall, wall + 1]],
    });
  });
});

describe("withValues", () => {
  it("sets parameters where they are, and takes away what they began with", () => {
    const spec = {
      hconcat: [
        { params: [{ name: "p", select: "point", value: 1 }] },
        { params: [{ name: "q", select: "point" }] },
      ],
      data: { values: [{ name: "p", select: 1 }] },
    };
    const values = new Map<string, unknown>([
      ["p", undefined],
      ["q", [{ source: "web" }]],
    ]);
    expect(withValues(spec, values)).toEqual({
      hconcat: [
        { params: [{ name: "p", select: "point" }] },
        { params: [{ name: "q", select: "point", value: [{ source: "web" }] }] },
      ],
      data: spec.data,
    });
  });
});

describe("holding", () => {
  it("holds what is of columns, bins and categories, and lets counts follow", () => {
    const spec = {
      scales: [
        { name: "x", type: "linear", domain: { data: "d", field: "length" } },
        { name: "y", type: "linear", domain: { data: "d", fields: ["__count_start", "__count_end"] } },
        { name: "color", type: "ordinal", domain: { data: "d", field: "source" } },
        {
          name: "zoomed",
          type: "linear",
          domain: { data: "d", field: "length" },
          domainRaw: { signal: "grid.x" },
        },
        { name: "fixed", type: "linear", domain: [0, 1] },
      ],
      data: [
        { name: "d", transform: [{ type: "bin", field: "length", extent: { signal: "length_extent" } }] },
      ] as { name: string; transform: Record<string, unknown>[] }[],
      signals: [],
    };
    const hold = holding(spec, new Set(["length", "source"]));
    expect(spec.scales.map((scale) => "domainRaw" in scale)).toEqual([true, false, true, true, false]);
    expect(spec.scales[3]?.domainRaw).toEqual({ signal: "(grid.x) || od_hold_2" });
    expect(spec.data[0]?.transform[0]?.extent).toEqual({ signal: "od_hold_3 || length_extent" });
    const signals: Record<string, unknown> = { length_extent: [1, 9] };
    const view = {
      scale: (name: string) => ({ domain: () => [name] }),
      signal: (name: string, ...value: unknown[]) => {
        if (value.length) signals[name] = value[0];
        return signals[name];
      },
    };
    hold(view as never);
    expect(signals).toMatchObject({ od_hold_0: ["x"], od_hold_1: ["color"], od_hold_3: [1, 9] });
  });
});

describe("tame", () => {
  it("takes out links and cursors that may be addresses", () => {
    const spec = {
      marks: [
        {
          encode: {
            update: {
              href: { field: "u" },
              cursor: [{ test: "x", value: "pointer" }, { value: "move" }],
              fill: { value: "url(x)" },
            },
            hover: { cursor: { signal: "datum.c" } },
            leave: { cursor: { value: "url(https://x.test/c.png), auto" } },
          },
        },
      ],
    };
    tame(spec);
    expect(spec.marks[0]?.encode).toEqual({
      update: { cursor: [{ test: "x", value: "pointer" }, { value: "move" }], fill: { value: "url(x)" } },
      hover: {},
      leave: {},
    });
  });
});
