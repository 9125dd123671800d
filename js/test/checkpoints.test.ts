import { afterEach, describe, expect, test } from "vitest";
import type { Meta } from "../src/core/types";
import { checkpointsOf, type Kept, tileAt } from "../src/store/checkpoints";
import { registry } from "../src/store/registry";
import type { Row } from "../src/store/rows";
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

function kept(created: number, steps = [0, 100, 250]): Kept {
  return {
    run: "run",
    created,
    version: 0,
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
    expect(checkpointsOf(store).step.value).toBeNull();
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

  test("are named as the output that is shown names them, and alike in all outputs", () => {
    const store = made();
    const few = { ...kept(1, [0, 250]), meta: [{ name: "few, 0" }, { name: "few, 250" }], tiles: [CELLS] };
    const checkpoints = checkpointsOf(store);
    leaves.push(checkpoints.join(few));
    brush([0, 160]);
    expect([named(store), checkpoints.step.value]).toEqual(["toy, step 100", 100]);
    expect(checkpoints.source.value?.steps).toEqual([0, 100, 250]);
  });

  test("show the checkpoints of the newest output, whichever was drawn last", () => {
    const store = made();
    const newer = { ...kept(1, [0, 150]), version: 1, meta: [{ name: "newer, 0" }, { name: "newer, 150" }] };
    const checkpoints = checkpointsOf(store);
    brush([0, 160]);
    expect(named(store)).toBe("toy, step 100");
    attach(store, metaOf({ version: 1 }));
    leaves.push(checkpoints.join(newer), checkpoints.join(kept(1)));
    expect([named(store), checkpoints.step.value]).toEqual(["newer, 150", 150]);
    attach(store, metaOf({ version: 2 }));
    expect([checkpoints.source.value, checkpoints.step.value]).toEqual([null, null]);
    brush([0, 250]);
    expect(named(store)).toBe("spam");
  });

  test("show examples with their predictions of an output with the same checkpoints, else none", () => {
    const store = made();
    attach(store, store.meta.value, [row(3, 0), row(8, 1)]);
    const given = store.savedRows;
    const checkpoints = checkpointsOf(store);
    const other = { row: [3, 8], prediction: [[1, 1]] };
    leaves.push(checkpoints.join({ ...kept(1, [0, 250]), rows: other }));
    brush([0, 100]);
    expect(store.savedRows?.rows).toEqual([]);
    const own = { row: [8], prediction: [[0], [0], [1]] };
    leaves.push(checkpoints.join({ ...kept(1), rows: own }));
    expect(store.savedRows?.rows.map((one) => [one.row, one.prediction])).toEqual([[8, 0]]);
    brush(null);
    expect(store.savedRows).toEqual(given);
  });

  test("leave the saved examples as they are when an output without any comes between", () => {
    const store = made();
    attach(store, store.meta.value, [row(3, 0)]);
    const own = { row: [3], prediction: [[1], [1], [1]] };
    leaves.push(checkpointsOf(store).join({ ...kept(1), rows: own }));
    for (const version of [0, 1]) {
      brush([0, 100]);
      expect(store.savedRows?.rows[0]?.prediction).toBe(1);
      attach(store, metaOf({ version }));
      brush([0, 250]);
      brush(null);
      expect(store.savedRows?.rows[0]?.prediction).toBe(0);
    }
  });
});

describe("a kernel that comes", () => {
  test("finds what was saved, and no output that is drawn later changes it", async () => {
    const store = made();
    brush([0, 100]);
    const kernel = new Kernel();
    kernel.attach(store);
    expect(named(store)).toBe("spam");
    const { tiles } = store;
    store.meta.value = metaOf({ name: "spam, live" });
    const before = tiles.value;
    leaves.push(checkpointsOf(store).join(kept(1)));
    expect([named(store), tiles.value]).toEqual(["spam, live", before]);
    await kernel.run();
  });

  test("and goes again leaves what it said, until steps are brushed", async () => {
    const store = made();
    brush([0, 100]);
    const close = new Kernel().attach(store);
    store.meta.value = metaOf({ name: "spam, live" });
    close();
    leaves.push(checkpointsOf(store).join(kept(1)));
    expect(named(store)).toBe("spam, live");
    brush([0, 250]);
    expect(named(store)).toBe("toy, step 250");
    brush(null);
    expect(named(store)).toBe("spam, live");
  });
});

function row(place: number, prediction: number): Row {
  return { row: place, label: 0, prediction, confidence: null, label_probability: null, values: {} };
}

function attach(store: Store, meta: Meta, rows: Row[] = []): void {
  const saved = { rows: rows.length, text_chars: 200, tier: "cells", left_out: 0 };
  store.attachSnapshot({ meta, rows, row_codes: {}, clauses: [], saved }, [GIVEN, SOURCE]);
}
