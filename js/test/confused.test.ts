import { effect, type Signal, signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import { cellsOf, confusedIn, heard, macroF1Of, surest } from "../src/core/confused";
import { macroF1 } from "../src/core/measures";
import { pick, pickersOf } from "../src/core/pickers";
import { filterOf } from "../src/core/selection";
import { allows, entries, type Tile } from "../src/core/tiles";
import type { Clause } from "../src/core/types";
import { Store } from "../src/store/store";
import { finding } from "../src/views/confused-found";
import { Kernel, metaOf, settled } from "./kernel";

const K = 300;
const meta = metaOf({
  classes: Array.from({ length: K }, (_, i) => `class ${i}`),
  order: Array.from({ length: K }, (_, i) => i),
  positive: null,
});

/** Rows without chance: label, prediction, a column of two values. */
const ROWS = Array.from({ length: 9000 }, (_, i) => {
  const label = (i * i + i) % K;
  return [label, i % 4 ? label : (label + (i % 7)) % K, i % 2] as const;
});

function tileOf(rows: readonly (readonly number[])[]): Tile {
  return {
    dims: ["label", "prediction", "c0"],
    codes: [0, 1, 2].map((dim) => Uint16Array.from(rows, (row) => row[dim] as number)),
    n: new Uint8Array(rows.length).fill(1),
  };
}

const fields = [
  {
    key: "c0",
    name: "half",
    python: "'half'",
    kind: "category" as const,
    levels: [0, 1].map((text) => ({ text: `${text}`, python: `${text}`, low: null, high: null })),
    role: null,
    private: false,
    maximum: null,
  },
];

function cells(clauses: Clause[] = []) {
  const own = { ...meta, fields };
  const filters = clauses.map((clause) => filterOf(clause, own)).filter((filter) => filter !== null);
  const found = entries([tileOf(ROWS)], ["label", "prediction"], filters, own);
  if (!found) throw new Error("no tile");
  return cellsOf(found, own);
}

const everything = () => true;

describe("pairs of many classes", () => {
  test("are those of a naive count", () => {
    const naive = new Map<string, number>();
    for (const [label, prediction] of ROWS) {
      const key = `${label} ${prediction}`;
      if (label !== prediction) naive.set(key, (naive.get(key) ?? 0) + 1);
    }
    const { pairs, total, errors } = confusedIn(cells(), meta, everything);
    expect(new Map(pairs.map((pair) => [`${pair.label} ${pair.prediction}`, pair.n]))).toEqual(naive);
    expect([total, errors]).toEqual([naive.size, [...naive.values()].reduce((a, b) => a + b, 0)]);
    expect(pairs[0]?.share.n).toBe(ROWS.filter(([label]) => label === pairs[0]?.label).length);
  });

  test("follow a selection, and leave out classes that are not sought", () => {
    const odd = cells([{ field: "c0", codes: [1], intervals: [] }]);
    expect(odd.sums[0]?.reduce((a, b) => a + b, 0)).toBe(ROWS.filter((row) => row[2] === 1).length);
    const about = confusedIn(cells(), meta, (a, b) => a === 6 || b === 6);
    expect(about.pairs.every((pair) => pair.label === 6 || pair.prediction === 6)).toBe(true);
  });

  test("by rate put what is sure first: 1 of 1 has no rate, 9 of 10 comes after 300 of 400", () => {
    const told = heard({
      pairs: [
        [0, 1, [30], [40], 1],
        [2, 3, [9], [10], 1],
        [4, 5, [1], [1], 1],
        [6, 7, [300], [400], 1],
      ],
      total: 4,
      errors: 340,
    });
    expect(told.pairs.map((pair) => pair.n)).toEqual([300, 30, 9, 1]);
    expect(surest(told.pairs).map((pair) => pair.n)).toEqual([300, 30, 9]);
  });

  test("by rate are ranked by their share where groups need every row for an interval", () => {
    const { pairs } = confusedIn(cells(), { ...meta, groups: true }, everything);
    const rated = surest(pairs);
    expect(rated.map((pair) => pair.share.low)).toEqual(rated.map(() => null));
    expect(rated).toHaveLength(pairs.filter((pair) => pair.share.n >= 10).length);
    const values = rated.map((pair) => pair.share.value as number);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
  });

  test("by rate come last where groups leave them without an interval", () => {
    const told = heard({
      pairs: [
        [0, 1, [39], [40], null],
        [2, 3, [12], [40], null],
        [4, 5, [2], [40], 1.5],
        [6, 7, [3], [40], 1.5],
      ],
      total: 4,
      errors: 56,
    });
    expect(surest(told.pairs).map((pair) => pair.n)).toEqual([3, 2, 39, 12]);
  });

  test("give the macro F1 of the matrix", () => {
    const matrix = new Float64Array(K * K);
    for (const [label, prediction] of ROWS)
      matrix[label * K + prediction] = (matrix[label * K + prediction] ?? 0) + 1;
    const own = macroF1Of(cells(), meta);
    const whole = macroF1([matrix]);
    expect(own.value).toBeCloseTo(whole.value as number, 12);
    expect(own.n).toBe(whole.n);
  });
});

describe("a list of pairs that the kernel counts", () => {
  const pairs = [
    [6, 7, [30], [40], 1],
    [2, 3, [9], [10], 1],
  ];
  const answer = { type: "confused", pairs, total: 2, errors: 39 };

  function listed(sought: Signal<number[] | null>, answered: Kernel["confused"]) {
    const [store, kernel] = [new Store(meta, [], "live"), new Kernel()];
    kernel.confused = answered;
    kernel.attach(store);
    const { found, ask } = finding(store, {}, sought);
    effect(ask);
    return { found, kernel };
  }

  test("is asked about all classes that are sought, however many", async () => {
    const many = Array.from({ length: K - 1 }, (_, i) => i);
    const sought = signal<number[] | null>(many);
    const { found, kernel } = listed(sought, () => answer);
    expect(found.value).toMatchObject({ state: "waiting", pairs: [], error: null });
    await kernel.run();
    expect(kernel.got("confused").map(({ about }) => about)).toEqual([many]);
    expect(found.value).toMatchObject({ state: "exact", total: 2, errors: 39, all: true });
    sought.value = [...many, K - 1];
    await kernel.run();
    expect(kernel.got("confused").at(-1)?.about).toBe(null);
  });

  test("says what went wrong, and waits no longer", async () => {
    const sought = signal<number[] | null>(null);
    const { found, kernel } = listed(sought, (about) => (about ? "out of memory" : answer));
    await kernel.run();
    expect(found.value.error).toBe(null);
    sought.value = [6];
    expect(found.value.state).toBe("waiting");
    await kernel.run();
    await settled();
    expect(found.value).toMatchObject({ state: "stale", error: "out of memory" });
    expect(found.value.pairs.map(({ n }) => n)).toEqual([30]);
    sought.value = null;
    await kernel.run();
    expect(found.value).toMatchObject({ state: "exact", error: null, total: 2 });
  });
});

describe("a clause on cells of many classes", () => {
  const clauses: Clause[] = [
    { field: "cell", any: [{ label: [3], prediction: [4] }], outcome: null },
    { field: "cell", any: [{ label: [3], prediction: null }], outcome: "error" },
    { field: "cell", any: [{ label: null, prediction: [5, 9] }], outcome: "correct" },
    { field: "cell", any: [], outcome: "error" },
  ];
  test.each(clauses)("%j lets through what that of few classes does", (clause) => {
    const few = metaOf({ classes: meta.classes.slice(0, 150), order: meta.order.slice(0, 150) });
    const [dense, sparse] = [filterOf(clause, few), filterOf(clause, meta)];
    for (let label = 0; label < 150; label++)
      for (let prediction = 0; prediction < 150; prediction++)
        expect(allows(sparse?.allowed as () => boolean, label * K + prediction)).toBe(
          allows(dense?.allowed as Uint8Array, label * 150 + prediction),
        );
  });

  test("keeps the cells of a picker that can hold such rows", () => {
    const [errors] = pickersOf(meta, null);
    const diagonal: Clause = { field: "cell", any: [{ label: [3], prediction: [3] }], outcome: null };
    const row: Clause = { field: "cell", any: [{ label: [3], prediction: null }], outcome: null };
    const picked = (clause: Clause) => pick(errors as NonNullable<typeof errors>, [clause], meta);
    expect(picked(diagonal)).toEqual([{ field: "cell", any: [], outcome: "error" }]);
    expect(picked(row)).toEqual([{ ...row, outcome: "error" }]);
  });
});
