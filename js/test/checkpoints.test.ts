import { afterEach, describe, expect, test } from "vitest";
import { checkpointsOf, type Kept, tileAt } from "../src/store/checkpoints";
import { registry } from "../src/store/registry";
import { Store } from "../src/store/store";
import { Kernel, metaOf } from "./kernel";

const CELLS = {
  dims: ["label", "prediction"],
  codes: [
    [0, 0, 1],
    [0, 1, 1],
  ],
  n: [
    [4, 0, 2],
    [-4, 4, 0],
    [2, -2, 1],
  ],
  sums: {
    w: [
      [1, 0, 2],
      [0, 1.5, 2],
      [1, 1, 3],
    ],
  },
};
const GIVEN = {
  dims: ["label", "prediction"],
  codes: [Uint8Array.of(0, 1), Uint8Array.of(0, 1)],
  n: Uint8Array.of(4, 2),
};
const SOURCE = { dims: ["c1"], codes: [Uint8Array.of(0, 1)], n: Uint8Array.of(3, 3) };
const OUTCOMES = {
  dims: ["outcome", "c1"],
  codes: [Uint8Array.of(1), Uint8Array.of(0)],
  n: Uint8Array.of(6),
};

function kept(created: number): Kept {
  const steps = [0, 100, 250];
  return {
    run: "run",
    created,
    shown: null,
    of: 7,
    steps,
    meta: steps.map((step) => ({ name: `toy, step ${step}` })),
    tiles: [CELLS],
    rows: null,
    standing: [],
  };
}

const brush = (range: [number, number] | null, fingerprint = "run"): unknown =>
  registry().bus.dispatchEvent(new CustomEvent("steps", { detail: { fingerprint, range, from: null } }));

function made(): Store {
  const store = new Store(metaOf({}), [GIVEN, SOURCE, OUTCOMES], "cells");
  const leave = checkpointsOf(store).join(kept(store.meta.value.created));
  leaves.push(leave);
  return store;
}
const leaves: (() => void)[] = [];
const named = (store: Store): string => store.meta.value.name;

afterEach(() => {
  for (const leave of leaves.splice(0)) leave();
});

test("a tile at a checkpoint has the combinations that occur there", () => {
  const all = [0, 1, 2].map((place) => tileAt(CELLS, place));
  expect(all.map(({ n }) => [...n])).toEqual([
    [4, 2],
    [4, 2],
    [2, 2, 3],
  ]);
  expect(all.map(({ codes }) => codes.map((own) => [...own]))).toEqual([
    [
      [0, 1],
      [0, 1],
    ],
    [
      [0, 1],
      [1, 1],
    ],
    [
      [0, 0, 1],
      [0, 1, 1],
    ],
  ]);
  expect(all.map(({ sums }) => [...(sums?.w ?? [])])).toEqual([
    [1, 2],
    [1.5, 2],
    [1, 1, 3],
  ]);
});

describe("brushed steps", () => {
  test("choose the last checkpoint up to their end, the first where there is none", () => {
    const store = made();
    const given = named(store);
    for (const [range, name] of [
      [[0, 99], "toy, step 0"],
      [[50, 249], "toy, step 100"],
      [[-9, -5], "toy, step 0"],
      [[0, 9999], "toy, step 250"],
      [null, given],
    ] as const) {
      brush(range && [range[0], range[1]]);
      expect(named(store)).toBe(name);
    }
    expect(store.tiles.value).toEqual([GIVEN, SOURCE, OUTCOMES]);
  });

  test("of another run change nothing", () => {
    const store = made();
    brush([0, 100], "another");
    expect(checkpointsOf(store).place.value).toBeNull();
  });

  test("keep the counts that no prediction changes, and no others", () => {
    const store = made();
    brush([0, 100]);
    expect(store.tiles.value.map(({ dims }) => dims.join())).toEqual(["label,prediction", "c1"]);
    expect([...store.whole(["label", "prediction"])]).toEqual([0, 4, 0, 2]);
  });

  test("change nothing where a kernel is, whose word stands", async () => {
    const store = made();
    brush([0, 100]);
    const kernel = new Kernel();
    kernel.attach(store);
    brush([0, 250]);
    expect(named(store)).not.toBe("toy, step 250");
    await kernel.run();
  });
});
