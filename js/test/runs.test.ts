/** Curves of training runs: what is unpacked, merged, smoothed and scaled. */

import { describe, expect, test } from "vitest";
import fixture from "../../tests/fixtures/runs.json";
import { logTicks } from "../src/charts/run-scale";
import { unpackBlob } from "../src/core/blob";
import { Buckets, MOST, smoothed } from "../src/core/buckets";
import { decimated } from "../src/core/decimate";
import { cutName, sharedName } from "../src/core/layers";
import { groupsOf, headline, inWords, named } from "../src/core/metrics";
import type { RunMeta } from "../src/core/run";
import { duration, figure } from "../src/core/run-format";
import { smoothOf } from "../src/core/series";
import { dashOf } from "../src/views/run-drawn";
import { apart } from "../src/views/run-labels";
import { packed } from "./runs";

/** The same curve as in tests/training/test_buckets.py. */
const value = (i: number): number => ((i * 7919) % 1000) / 8;

function curve(n: number, from = 0): Buckets {
  const made = new Buckets();
  const steps = Array.from({ length: n }, (_, i) => from + i);
  made.append(steps, steps.map(value), steps);
  return made;
}

function flat(values: number[], counts = values.map(() => 1)): Buckets {
  const arrays = new Map<string, Float64Array | Float32Array | Uint32Array>([
    ["step", Float64Array.from(values, (_, i) => i)],
    ["mean", Float32Array.from(values)],
    ["n", Uint32Array.from(counts)],
  ]);
  return Buckets.from(arrays, "");
}

describe("packing", () => {
  test("reads what Python packs, unaligned arrays too", () => {
    const bytes = Uint8Array.from(atob(fixture.packed), (c) => c.charCodeAt(0));
    const { header, arrays } = unpackBlob<{ name: string }>(bytes.buffer);
    expect(header).toEqual({ name: "µ" });
    expect([...(arrays.get("a") ?? [])]).toEqual([1, 2, 3]);
    expect([...(arrays.get("b") ?? [])]).toEqual([0.5, -1.25]);
    expect([...(arrays.get("c") ?? [])]).toEqual([7, 4_000_000_000]);
  });

  test("an unknown type is an error", () => {
    expect(() => unpackBlob(packed({}, { a: ["c8", [1]] as never }))).toThrow("unknown array type: c8");
  });
});

describe("buckets", () => {
  test("hold each point until there are too many", () => {
    const made = curve(MOST);
    expect([made.size, made.per, made.points]).toEqual([MOST, 1, MOST]);
    made.append([MOST], [1], [0]);
    expect([made.size, made.per, made.points]).toEqual([MOST / 2 + 1, 2, MOST + 1]);
  });

  test("are those of Python, however the points come", () => {
    const { points, buckets } = fixture;
    const made = curve(5000);
    for (let at = 5000; at < points; at += 999) {
      const steps = Array.from({ length: Math.min(999, points - at) }, (_, i) => at + i);
      made.append(steps, steps.map(value), steps);
    }
    expect(made.size).toBe(buckets.size);
    for (const [k, place] of buckets.places.entries()) {
      for (const name of ["step", "n", "low", "high"] as const)
        expect(made[name][place]).toBe(buckets[name][k]);
      expect(made.mean[place]).toBeCloseTo(buckets.mean[k] as number, 4);
    }
  });

  test("leave out what is no finite number", () => {
    const made = new Buckets();
    made.append([0, 1, 2, 3], [1, Number.NaN, Number.POSITIVE_INFINITY, 2], [0, 0, 0, 0]);
    expect([made.size, made.step[1]]).toEqual([2, 3]);
  });

  test("a message's last bucket takes the next points until it is full", () => {
    const made = flat([1, 2, 3], [4, 4, 2]);
    expect(made.points).toBe(10);
    made.append([10, 11, 12], [5, 5, 5], [0, 0, 0]);
    expect([made.size, made.n[2], made.n[3]]).toEqual([4, 4, 1]);
    expect(made.mean[2]).toBeCloseTo(4, 5);
  });
});

describe("columns of pixels", () => {
  const at = { start: 0, scale: 1, left: 10, right: 20 };
  const columns = (xs: number[], values: number[]) => {
    const given = Float32Array.from(values);
    const { n, ...made } = decimated(Float64Array.from(xs), given, given, given, xs.length, at);
    return Array.from({ length: n }, (_, k) =>
      Object.fromEntries(Object.entries(made).map(([name, all]) => [name, all[k]])),
    );
  };

  test("keep the first, lowest, highest and last value of each", () => {
    expect(columns([0.1, 0.2, 0.3, 0.4, 3], [5, 9, 1, 4, 2])).toEqual([
      { x: 10.1, first: 5, low: 1, high: 9, last: 4 },
      { x: 13, first: 2, low: 2, high: 2, last: 2 },
    ]);
  });

  test("of what is outside keep the points next to the sides", () => {
    expect(
      columns([-3, -2, -1, 5, 11, 12, 13], [1, 2, 3, 4, 5, 6, 7]).map(({ x, last }) => [x, last]),
    ).toEqual([
      [9, 3],
      [15, 4],
      [21, 5],
    ]);
  });

  test("follow a run that was resumed at an earlier step", () => {
    expect(columns([1, 5, 2, 6], [1, 2, 3, 4]).map(({ x }) => x)).toEqual([11, 15, 12, 16]);
  });
});

describe("smoothing", () => {
  test("are the same whether a curve is smoothed anew or goes on", () => {
    for (const window of [2, 37, 900]) {
      const grown = curve(4000);
      for (let n = 4000; n < 12_000; n += 371) {
        const going = smoothOf(grown, window);
        const anew = smoothed(grown, window);
        expect(going.length).toBe(grown.size);
        expect(Math.max(...going.map((mean, i) => Math.abs(mean - (anew[i] as number))))).toBeLessThan(1e-4);
        const steps = Array.from({ length: 371 }, (_, i) => n + i);
        grown.append(steps, steps.map(value), steps);
      }
    }
  });

  test("is the mean over a centred window, shorter at both ends", () => {
    const out = smoothed(flat([0, 3, 6, 3, 0, 3, 6]), 3);
    expect([...out].map((one) => Math.round(one * 100) / 100)).toEqual([1.5, 3, 4, 3, 2, 3, 4.5]);
  });

  test("weights a bucket by its points, and moves no constant", () => {
    expect([...smoothed(flat([0, 4], [3, 1]), 100)]).toEqual([1, 1]);
    expect(new Set(smoothed(curve(0), 10)).size).toBe(0);
    expect([...new Set(smoothed(flat(Array(500).fill(2.5)), 40))]).toEqual([2.5]);
  });

  test("a huge value leaves nothing behind", () => {
    const values = Array(60).fill(0.5);
    values[20] = 1e30;
    expect(smoothed(flat(values), 5)[40]).toBeCloseTo(0.5, 6);
  });
});

describe("metrics", () => {
  test("are told apart by the part of the data", () => {
    expect(named("val_loss")).toEqual({ part: "validation", base: "loss" });
    expect(named("validation_0-mlogloss")).toEqual({ part: "validation", base: "mlogloss" });
    expect(named("train/loss")).toEqual({ part: "train", base: "loss" });
    expect(named("test_accuracy")).toEqual({ part: "test", base: "accuracy" });
    expect(named("validity")).toEqual({ part: "train", base: "validity" });
    expect(inWords("val_loss")).toBe("validation loss");
    expect(inWords("grad_norm")).toBe("gradient norm");
  });

  test("the loss comes first, parts of one measure together, the epoch nowhere", () => {
    const run = {
      metrics: ["epoch", "lr", "accuracy", "loss", "val_accuracy", "val_loss", "grad_norm", "tokens"],
    };
    const runs = [{ metrics: run.metrics.map((name) => ({ name })) } as unknown as RunMeta];
    expect(groupsOf(runs).map(({ names }) => names)).toEqual([
      ["loss", "val_loss"],
      ["accuracy", "val_accuracy"],
      ["lr"],
      ["grad_norm"],
      ["tokens"],
    ]);
    expect(headline(runs[0] as RunMeta)).toBe("val_loss");
  });
});

describe("texts", () => {
  test("numbers have three digits", () => {
    const shown = [0.3421, 1240.4, 1e-4, Math.fround(1e-4), 2.96e-5, 0, -0.5, Number.NaN, 2.3e9].map(figure);
    expect(shown).toEqual(["0.342", "1,240", "0.0001", "0.0001", "2.96×10⁻⁵", "0", "−0.5", "—", "2.3×10⁹"]);
    expect([3.2, 41, 719, 11_100, 200_000].map(duration)).toEqual([
      "3.2 s",
      "41 s",
      "12 min",
      "3 h 05 min",
      "2 d 7 h",
    ]);
  });

  test("a log scale has 1, 2 and 5, or powers alone where they are many", () => {
    expect(logTicks(0.03, 3, 6)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
    expect(logTicks(1e-6, 1e3, 5)).toEqual([1e-6, 1e-4, 0.01, 1, 100]);
    expect(logTicks(0.3, 0.45, 4)).toEqual([0.3, 0.35, 0.4, 0.45]);
  });

  test("labels give way to each other and stay above the lowest place", () => {
    expect(apart([50, 52, 10], 100)).toEqual([50, 65, 10]);
    expect(apart([99, 100], 100)).toEqual([85, 100]);
  });
});

describe("names of layers", () => {
  test("share what all begin and end with, at dots, and never all of a name", () => {
    expect(sharedName(["h.0.a.weight", "h.0.b.weight", "h.1.a.weight"])).toEqual(["h.", ".weight"]);
    expect(sharedName(["h.0", "h.0.weight", "h.1"])).toEqual(["h.", ""]);
    expect(sharedName(["a", "b", "c"])).toEqual(["", ""]);
    expect(sharedName(["x.y.z", "x.y.z", "x.y.z"])).toEqual(["x.y.", ""]);
    expect(sharedName(["net.a", "net.b"])).toEqual(["", ""]);
    expect(sharedName([])).toEqual(["", ""]);
  });

  test("are cut in the middle, to at most so many letters", () => {
    expect(cutName("attn.c_attn", 11)).toBe("attn.c_attn");
    expect(cutName("0.attn.c_attn", 9)).toBe("0.a…_attn");
    for (const letters of [3, 7, 12]) expect([...cutName("x".repeat(40), letters)]).toHaveLength(letters);
  });
});

test("lines differ by dashes where their colours do not", () => {
  const one = { run: 0, part: "train", several: false, others: true, forced: false };
  const dashes = (...lines: object[]): number =>
    new Set(lines.map((line) => dashOf({ ...one, ...line }).join())).size;
  expect(dashes({}, { part: "validation" })).toBe(1);
  expect(dashes({ forced: true }, { forced: true, part: "validation" }, { forced: true, part: "test" })).toBe(
    3,
  );
  const runs = Array.from({ length: 6 }, (_, run) => ({ run, several: true, part: "validation" }));
  expect(dashes(...runs)).toBe(1);
  expect(dashes(...runs.map((run) => ({ ...run, forced: true })))).toBe(6);
  expect(
    dashes({ several: true, run: 1, part: "validation" }, { several: true, run: 7, part: "validation" }),
  ).toBe(2);
});
