/** Where the parts of a figure lie, and how its numbers read. */

import { describe, expect, test } from "vitest";
import {
  along,
  axisText,
  extent,
  type Line,
  type Lines,
  measured,
  nearestLine,
  nearestPlace,
  places,
  placeText,
  shades,
  usualPlace,
} from "../src/core/figure.ts";

const line = (y: (number | null)[], more: Partial<Line> = {}): Line => ({
  name: "a",
  hue: "0",
  dashed: false,
  points: false,
  notes: [],
  y,
  low: [],
  high: [],
  ...more,
});
const lines = (more: Partial<Lines> = {}): Lines => ({
  kind: "lines",
  x: "rows",
  y: "error",
  at: [10, 100, 1000],
  texts: ["10", "100", "1,000"],
  even: false,
  log: [true, false],
  zero: true,
  most: null,
  heads: [],
  spans: [],
  level: null,
  lines: [line([0.4, 0.3, null])],
  ...more,
});

describe("places", () => {
  test("stand by their logarithm, also where they fall, and evenly where they are no numbers", () => {
    expect(places(lines()).map((at) => Number(at.toFixed(6)))).toEqual([0, 0.5, 1]);
    expect(along(lines({ at: [100, 10, 1] }), 10)).toBeCloseTo(0.5);
    expect(along(lines({ at: [0, 10], log: [false, false] }), 2)).toBeCloseTo(0.2);
    expect(places(lines({ at: [0, 1], even: true }))).toEqual([0.25, 0.75]);
    expect(places(lines({ at: [5] }))).toEqual([0.5]);
  });

  test("are found by the pointer, and begin at the last one that is known", () => {
    expect(nearestPlace([0, 0.5, 1], 0.3)).toBe(1);
    expect(nearestPlace([0, 0.5, 1], 7)).toBe(2);
    expect(usualPlace(lines())).toBe(1);
    expect(usualPlace(lines({ lines: [] }))).toBe(0);
  });

  test("read as rows, or as values of a setting; an axis that falls says so", () => {
    expect(placeText(lines(), 2)).toBe("1,000 rows");
    const path = lines({ x: "penalty", at: [3, 0.01], texts: [] });
    expect(placeText(path, 1)).toBe("penalty 0.01");
    expect(axisText(path)).toBe("penalty, falling");
    expect(axisText(lines())).toBe("rows");
  });
});

describe("heights", () => {
  test("hold the intervals and a target, and begin at nought where that is asked", () => {
    const given = lines({ lines: [line([1, 2, null], { low: [0.5, 1.5, null], high: [1.5, 4, null] })] });
    const [low, high] = extent(given);
    expect(low).toBe(0);
    expect(high).toBeGreaterThanOrEqual(4);
    expect(extent({ ...given, level: { low: 9, high: 9, text: "" } })[1]).toBeGreaterThan(9);
    expect(extent({ ...given, most: 3 })).toEqual([0, 3]);
  });

  test("are sound for nothing, for one value, and on a log scale", () => {
    expect(extent(lines({ lines: [] }))).toEqual([0, 1]);
    const [low, high] = extent(lines({ zero: false, lines: [line([2, 2, 2])] }));
    expect(low).toBeLessThan(2);
    expect(high).toBeGreaterThan(2);
    const logged = extent(lines({ log: [true, true], lines: [line([0, 0.01, 10])] }));
    expect(logged[0]).toBeGreaterThan(0);
    expect(logged[0]).toBeLessThan(0.01);
  });

  test("tell the nearest line, and none where none has a value", () => {
    const both = [line([1, null, null]), line([3, 5, null])];
    const height = (value: number): number => -value;
    expect(nearestLine(both, 0, height, -2.9)).toBe(1);
    expect(nearestLine(both, 0, height, 0)).toBe(0);
    expect(nearestLine(both, 2, height, 0)).toBeNull();
  });
});

test("a number stands with its interval, or alone, or not at all", () => {
  expect(measured(0.28765, 0.2195, 0.3561)).toBe("0.288 [0.22, 0.356]");
  expect(measured(-3, null, null)).toBe("−3");
  expect(measured(null, null, null)).toBe("—");
});

test("squares of one shade are one path, and nought is left out", () => {
  const found = shades([0, 1, 1, 0.5], 2, 1, 10, 10);
  expect(found).toHaveLength(2);
  expect(found.find(([share]) => share === 1)?.[1]).toBe("M10 0h10v10h-10zM0 10h10v10h-10z");
  expect(shades([0, 0], 2, 0, 5, 5)).toEqual([]);
});
