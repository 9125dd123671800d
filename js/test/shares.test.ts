import { describe, expect, it } from "vitest";
import { newcombe, wilson } from "../src/core/intervals.ts";
import { labelsOf, shareRows, usualLabel } from "../src/core/shares.ts";
import type { Field } from "../src/core/types.ts";
import { metaOf } from "./kernel.ts";

const source: Field = {
  key: "c1",
  name: "source",
  python: "'source'",
  kind: "category",
  levels: ["web", "phone"].map((text) => ({ text, python: `'${text}'`, low: null, high: null })),
  role: null,
  private: false,
  maximum: null,
};
const classes = ["ham", "spam", "(missing)"];
const meta = metaOf({
  model: false,
  classes,
  missing: 2,
  order: [1, 0, 2],
  positive: null,
  fields: [source],
});
const counted = { values: Float64Array.from([30, 20, 5, 10, 40, 1]), state: "exact" };

describe("labels", () => {
  it("are the classes without the missing one, in their order", () => {
    expect(labelsOf(meta)).toEqual([1, 0]);
  });
  it("the usual one is the positive one, else the first", () => {
    expect(usualLabel(meta)).toBe(1);
    expect(usualLabel({ ...meta, positive: 0 })).toBe(0);
    expect(usualLabel({ ...meta, order: [0], missing: 0 })).toBeNull();
  });
});

describe("shareRows", () => {
  it("compares the share of a label among labelled rows with that of the rest", () => {
    const [web, phone] = shareRows(meta, 1, () => counted);
    expect(web).toMatchObject({
      id: "c1.0",
      n: 50,
      rate: wilson(20, 50),
      difference: newcombe(20, 50, 40, 50),
    });
    expect(phone?.difference).toEqual(newcombe(40, 50, 20, 50));
  });
  it("compares nothing without labels", () => {
    const bare = { ...meta, classes: ["(missing)"], missing: 0, order: [0] };
    const [web] = shareRows(bare, null, () => ({ values: Float64Array.from([30, 70]), state: "exact" }));
    expect(web).toMatchObject({ n: 30, rate: wilson(30, 100) });
    expect(web?.difference.value).toBeNull();
  });
  it("has the user's slices by who is in", () => {
    const own = { ...meta, fields: [], slices: [{ key: "s0", name: "long", private: false }] };
    const asked: string[][] = [];
    const [long] = shareRows(own, 0, (key, field) => {
      asked.push([key, field]);
      return counted;
    });
    expect(asked).toEqual([["s0", "slice"]]);
    expect(long).toMatchObject({ name: "long", n: 50, rate: wilson(10, 50) });
  });
});
