import { describe, expect, test } from "vitest";
import stats from "../../tests/fixtures/stats.json";
import { byLabel, type Calibration, corp } from "../src/core/calibration";
import { gap, logitLimits, newcombe, wilson, wilsonLimits } from "../src/core/intervals";
import { accuracy, f1, macroF1, precision, recall } from "../src/core/measures";
import { lossDifference, lossMean, type Moments } from "../src/core/moments";
import { binomialQuantile, normalQuantile, uniform } from "../src/core/random";
import type { Measure } from "../src/core/types";

interface Fixtures {
  uniform: { seed: number; index: number[]; value: number[] }[];
  normal: { u: number; value: number }[];
  binomial: { n: number; p: number; u: number[]; value: number[] }[];
  wilson: { k: number; n: number; measure: Measure }[];
  newcombe: { counts: [number, number, number, number]; measure: Measure }[];
  confusion: {
    name: string;
    confusion: number[][];
    missing: number | null;
    accuracy: Measure;
    macro_f1: Measure;
    recall: Measure[];
    precision: Measure[];
    f1: Measure[];
  }[];
  weighted: {
    name: string;
    confusion: number[][];
    accuracy: Measure;
    macro_f1: Measure;
    recall: Measure[];
    precision: Measure[];
    f1: Measure[];
  }[];
  grouped: {
    name: string;
    effect: number | null;
    confusion: number[][];
    accuracy: Measure;
    macro_f1: Measure;
    recall: Measure;
    precision: Measure;
    f1: Measure;
    rows: [number[], number[], number[], number[]];
    gap: Measure;
  }[];
  losses: {
    name: string;
    sums: [Moments, Moments];
    means: Measure[];
    difference: Measure;
    grouped: [Measure, Measure];
  }[];
  corp: { name: string; n: number[]; k: number[]; seed: number; result: Calibration }[];
}

const fixtures = stats as unknown as Fixtures;

/** The same shape and words, and numbers within 1e-9. */
function expectSame(given: unknown, expected: unknown, where = ""): void {
  if (typeof expected === "number") {
    expect(typeof given, where).toBe("number");
    expect(Math.abs((given as number) - expected), where).toBeLessThanOrEqual(
      1e-9 * Math.max(1, Math.abs(expected)),
    );
  } else if (typeof expected === "object" && expected !== null) {
    expect(Object.keys(given as object).sort(), where).toEqual(Object.keys(expected).sort());
    for (const [key, value] of Object.entries(expected)) {
      expectSame((given as Record<string, unknown>)[key], value, `${where}.${key}`);
    }
  } else {
    expect(given, where).toBe(expected);
  }
}

describe("random numbers are those of Python", () => {
  test("uniform, to the last bit", () => {
    for (const { seed, index, value } of fixtures.uniform) {
      expect(index.map((i) => uniform(i, seed))).toEqual(value);
    }
  });

  test("normal", () => {
    for (const { u, value } of fixtures.normal) expectSame(normalQuantile(u), value);
    expect(() => normalQuantile(0)).toThrow(RangeError);
  });

  test("binomial", () => {
    for (const { n, p, u, value } of fixtures.binomial) expect(u.map(binomialQuantile(n, p))).toEqual(value);
    expect(() => binomialQuantile(3, 1.1)).toThrow(RangeError);
  });
});

describe("intervals are those of Python", () => {
  test.each(fixtures.wilson)("wilson of $k in $n", ({ k, n, measure }) => {
    expectSame(wilson(k, n), measure);
  });

  test.each(fixtures.newcombe)("newcombe of $counts", ({ counts, measure }) => {
    expectSame(newcombe(...counts), measure);
  });

  test("what no counts can be is refused", () => {
    for (const [k, n] of [
      [-1, 10],
      [11, 10],
      [0.5, 10],
      [Number.NaN, 10],
    ] as const) {
      expect(() => wilson(k, n)).toThrow(RangeError);
      expect(() => newcombe(3, 10, k, n)).toThrow(RangeError);
    }
    expect(() => wilsonLimits(0, 0)).toThrow(RangeError);
    expect(() => logitLimits(1, 0.1)).toThrow(RangeError);
  });
});

describe.each(fixtures.confusion)(
  "measures of $name are those of Python",
  ({ confusion, missing, ...expected }) => {
    const cells = Float64Array.from(confusion.flat());

    test("of all classes", () => {
      expectSame(accuracy([cells], missing), expected.accuracy);
      expectSame(macroF1([cells], missing), expected.macro_f1);
    });

    test("of each class", () => {
      confusion.forEach((_, klass) => {
        expectSame(recall([cells], klass, missing), expected.recall[klass], "recall");
        expectSame(precision([cells], klass, missing), expected.precision[klass], "precision");
        expectSame(f1([cells], klass, missing), expected.f1[klass], "f1");
      });
      expect(() => f1([cells], confusion.length, missing)).toThrow(RangeError);
    });
  },
);

test.each(fixtures.weighted)(
  "weighted measures of $name are those of Python",
  ({ confusion, ...expected }) => {
    expectSame(accuracy(confusion), expected.accuracy);
    expectSame(macroF1(confusion), expected.macro_f1);
    for (const [klass, known] of expected.recall.entries()) {
      expectSame(recall(confusion, klass), known, "recall");
      expectSame(precision(confusion, klass), expected.precision[klass], "precision");
      expectSame(f1(confusion, klass), expected.f1[klass], "f1");
    }
  },
);

test.each(fixtures.grouped)(
  "intervals by groups are those of Python: $name",
  ({ confusion, ...expected }) => {
    const effect = expected.effect ?? Infinity;
    expectSame(accuracy(confusion, null, effect), expected.accuracy);
    expectSame(macroF1(confusion, null, effect), expected.macro_f1);
    expectSame(recall(confusion, 0, null, effect), expected.recall);
    expectSame(precision(confusion, 0, null, effect), expected.precision);
    expectSame(f1(confusion, 0, null, effect), expected.f1);
    expectSame(gap(...expected.rows, effect), expected.gap);
  },
);

test.each(fixtures.losses)("means of the loss are those of Python: $name", (known) => {
  const { sums, means, difference } = known;
  expectNear(lossMean(sums[0], 3.5), known.grouped[0]);
  expectNear(lossDifference(...sums, 3.5), known.grouped[1]);
  sums.forEach((one, i) => {
    expectNear(lossMean(one), means[i] as Measure);
  });
  expectNear(lossDifference(...sums), difference);
});

/** Limits by an expansion of Student's t, to five digits of half the interval. */
function expectNear(given: Measure, expected: Measure): void {
  expectSame({ ...given, low: null, high: null }, { ...expected, low: null, high: null });
  expect([given.low === null, given.high === null]).toEqual([expected.low === null, expected.high === null]);
  const half = ((expected.high ?? 0) - (expected.low ?? 0)) / 2;
  expect(Math.abs((given.low ?? 0) - (expected.low ?? 0))).toBeLessThanOrEqual(4e-4 * half + 1e-9);
  expect(Math.abs((given.high ?? 0) - (expected.high ?? 0))).toBeLessThanOrEqual(4e-4 * half + 1e-9);
}

test("a confusion matrix that is not square is refused", () => {
  expect(() => accuracy([[1, 2, 3]])).toThrow(RangeError);
});

describe("calibration", () => {
  test.each(fixtures.corp)("of $name is that of Python", ({ n, k, seed, result }) => {
    expectSame(corp(n, k, seed), result);
  });

  test("refuses more events than rows, and bins that differ", () => {
    expect(() => corp([20], [21])).toThrow(RangeError);
    expect(() => corp([20, 3], [10])).toThrow(RangeError);
  });
});

describe("cells chosen by label", () => {
  const everywhere = Float64Array.from([12, 10]);
  test.each([
    [[12, 10], false],
    [[12, 0], false],
    [[0, 2], true],
    [[9, 2], true],
    [[0, 0], false],
  ])("%j", (here, wanted) => {
    expect(byLabel(Float64Array.from(here), everywhere)).toBe(wanted);
  });
});
