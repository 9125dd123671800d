/** Intervals of rates and of their differences; twin of `stats/intervals.py`. */

import type { Measure } from "./types";

/** Below ten rows no rate is given. */
export const MIN_N = 10;

/** The 97.5 % point of the normal distribution. */
export const Z = 1.959963984540054;

/** The measure of which nothing can be said. */
export function unknown(n: number, method: string): Measure {
  return { value: null, low: null, high: null, n, method };
}

/** Wilson's 95 % limits of a rate, at any n but 0. */
export function wilsonLimits(k: number, n: number): [low: number, high: number] {
  check(k, n);
  if (n === 0) throw new RangeError("no rows: a rate of nothing has no limits");
  const p = k / n;
  const scale = 1 + (Z * Z) / n;
  const centre = (p + (Z * Z) / (2 * n)) / scale;
  const half = (Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n))) / scale;
  return [k === 0 ? 0 : centre - half, k === n ? 1 : centre + half];
}

/** The share of n rows that have a property, k of them having it; null below ten rows. */
export function wilson(k: number, n: number): Measure {
  check(k, n);
  if (n < MIN_N) return unknown(n, "Wilson");
  const [low, high] = wilsonLimits(k, n);
  return { value: k / n, low, high, n, method: "Wilson" };
}

/** By how much the rate k1/n1 exceeds that of other rows, k2/n2; null when either has fewer than ten rows. */
export function newcombe(k1: number, n1: number, k2: number, n2: number): Measure {
  check(k1, n1);
  check(k2, n2);
  const n = n1 + n2;
  if (n1 < MIN_N || n2 < MIN_N) return unknown(n, "Newcombe");
  const p1 = k1 / n1;
  const p2 = k2 / n2;
  const [low1, high1] = wilsonLimits(k1, n1);
  const [low2, high2] = wilsonLimits(k2, n2);
  const low = p1 - p2 - Math.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2);
  const high = p1 - p2 + Math.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2);
  return { value: p1 - p2, low: Math.max(low, -1), high: Math.min(high, 1), n, method: "Newcombe" };
}

/** The 95 % limits of an estimate in (0, 1) from its standard error, made on the logit scale. */
export function logitLimits(value: number, error: number): [low: number, high: number] {
  if (!(value > 0 && value < 1)) throw new RangeError(`the logit of ${value} is not finite`);
  const factor = Math.exp((-Z * error) / (value * (1 - value)));
  return [(value * factor) / (value * factor + 1 - value), value / (value + (1 - value) * factor)];
}

function check(k: number, n: number): void {
  if (!(Number.isInteger(k) && Number.isInteger(n) && k >= 0 && k <= n)) {
    throw new RangeError(`counts must satisfy 0 <= k <= n, not k = ${k}, n = ${n}`);
  }
}
