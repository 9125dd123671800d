/** What the axes of curves hold. */

import { expect, test } from "vitest";
import { Buckets, smoothed } from "../src/core/buckets";
import { extentY, type Series } from "../src/core/series";

function seriesOf(values: number[], window: number): Series {
  const steps = values.map((_, i) => i);
  const curve = new Buckets();
  curve.append(steps, values, steps);
  const smooth = window > 1 ? smoothed(curve, window) : curve.mean;
  return { curve, xs: curve.step, smooth, window } as unknown as Series;
}

test.each([0.001, 3e-7, 2.5, -4, 1e6])(
  "a value that stays %d has room on both sides, smoothed or not",
  (value) => {
    for (const window of [1, 7])
      for (const log of value > 0 ? [false, true] : [false]) {
        const [low, high] = extentY([seriesOf(Array(300).fill(value), window)], [0, 300], log);
        expect(high - low).toBeGreaterThan(0.15 * Math.abs(value));
        expect(low < value && value < high).toBe(true);
      }
  },
);

test.each([1e-3, 3e-7, 2.5])("the axis of a value that stays %d begins at nought", (value) => {
  const [low, high] = extentY([seriesOf([value, value], 1)], [0, 2], false);
  expect(low).toBe(0);
  expect(high).toBeCloseTo(1.3 * value, 9);
  expect(extentY([seriesOf([-value, -value], 1)], [0, 2], false)[1]).toBe(0);
});

test("nought alone is in the middle of its axis", () => {
  expect(extentY([seriesOf([0, 0, 0], 1)], [0, 3], false)).toEqual([-1, 1]);
});

test("values that begin near nought begin there", () => {
  expect(extentY([seriesOf([0.01, 0.5, 1], 1)], [0, 3], false)[0]).toBe(0);
});
