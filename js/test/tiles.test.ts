import { describe, expect, test } from "vitest";
import fixtures from "../../tests/fixtures/selection.json";
import { OUTCOME, sizeOf, type Tile, tabulate } from "../src/core/tiles";
import type { Meta } from "../src/core/types";

const { meta } = (fixtures as unknown as Record<string, { meta: Meta }>).spam as { meta: Meta };

const cells: Tile = {
  dims: ["label", "prediction"],
  codes: [Uint8Array.of(0, 0, 1, 2), Uint8Array.of(0, 1, 1, 1)],
  n: Uint32Array.of(5, 2, 7, 1),
};
const wide: Tile = {
  dims: ["label", "prediction", "s0"],
  codes: [Uint8Array.of(0, 0, 0, 1, 2), Uint8Array.of(0, 0, 1, 1, 1), Uint8Array.of(0, 1, 0, 1, 1)],
  n: Uint32Array.of(3, 2, 2, 7, 1),
};

describe("counting", () => {
  test("the whole", () => {
    expect([...(tabulate([cells], [], [], meta) ?? [])]).toEqual([15]);
  });

  test("the outcome follows from the cell; a row without a label is not judged", () => {
    const found = tabulate([cells], ["outcome"], [], meta);
    expect(found?.[OUTCOME.error]).toBe(2);
    expect(found?.[OUTCOME.correct]).toBe(12);
    expect(found?.[OUTCOME.unjudged]).toBe(1);
  });

  test("under a filter", () => {
    const filter = { dims: ["s0"], sizes: [2], allowed: Uint8Array.of(0, 1) };
    expect([...(tabulate([cells, wide], ["label"], [filter], meta) ?? [])]).toEqual([2, 7, 1]);
  });

  test("the smallest tile answers", () => {
    const doubled = { ...wide, n: wide.n.map((n) => 2 * n) as Uint32Array };
    expect([...(tabulate([doubled, cells], [], [], meta) ?? [])]).toEqual([15]);
  });

  test("no tile knows", () => {
    expect(tabulate([cells], ["s0"], [], meta)).toBeNull();
    expect(tabulate([], [], [], meta)).toBeNull();
  });
});

test("sizes of dims", () => {
  expect(["label", "prediction", "outcome", "confidence", "s1"].map((dim) => sizeOf(meta, dim))).toEqual([
    3, 3, 3, 201, 2,
  ]);
  for (const field of meta.fields) expect(sizeOf(meta, field.key)).toBe(field.levels.length);
  expect(() => sizeOf(meta, "c99")).toThrow("unknown dim: c99");
});

describe("asked again", () => {
  const inside = { dims: ["s0"], sizes: [2], allowed: Uint8Array.of(0, 1) };
  const right = {
    dims: ["label", "prediction"],
    sizes: [3, 3],
    allowed: Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0),
  };

  test("the same question has the same answer, and another filter another one", () => {
    const first = tabulate([wide], ["label"], [inside, right], meta);
    expect([...(first ?? [])]).toEqual([2, 7, 0]);
    expect(tabulate([wide], ["label"], [inside, right], meta)).toBe(first);
    expect([
      ...(tabulate([wide], ["label"], [{ ...inside, allowed: Uint8Array.of(1, 0) }], meta) ?? []),
    ]).toEqual([5, 0, 0]);
    expect([...(tabulate([wide], ["s0"], [inside, right], meta) ?? [])]).toEqual([0, 9]);
  });

  test("only the last few filters are remembered, and the counts of all rows", () => {
    const whole = tabulate([wide], ["label"], [], meta);
    const first = tabulate([wide], ["label"], [inside], meta);
    for (let i = 0; i < 20; i++) tabulate([wide], ["label"], [{ ...inside }], meta);
    expect(tabulate([wide], ["label"], [], meta)).toBe(whole);
    expect(tabulate([wide], ["label"], [inside], meta)).not.toBe(first);
    expect(tabulate([wide], ["label"], [inside], meta)).toEqual(first);
  });
});
