import { expect, test } from "vitest";
import { deadUnits } from "../src/core/layers.ts";

const steps = new Float64Array([0, 10, 20]);

test("a layer counts at the last step at which it was looked at", () => {
  const share = new Float32Array([0.1, 0.2, 0.3, 0.5, Number.NaN, 0.4, Number.NaN, Number.NaN, 0.9]);
  const { dead, looked, step } = deadUnits(
    ["1", "3", "(evaluation input)"],
    ["ReLU", "ReLU", ""],
    steps,
    share,
  );
  expect(dead.map(({ name }) => name)).toEqual(["1 · ReLU", "3 · ReLU"]);
  expect(dead.map(({ share }) => share)).toEqual([0.5, Math.fround(0.2)]);
  expect([looked, step]).toEqual([2, 10]);
});

test("layers in which all units fire are looked at and not listed", () => {
  const { dead, looked } = deadUnits(["a"], ["ReLU"], steps, new Float32Array([0.2, 0.1, 0]));
  expect([dead.length, looked]).toEqual([0, 1]);
});

test("of a layer that was never looked at nothing is said", () => {
  const share = new Float32Array([Number.NaN, Number.NaN, Number.NaN]);
  expect(deadUnits(["a"], ["Linear"], steps, share).looked).toBe(0);
});
