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
  return limitsOf(k / n, n);
}

function limitsOf(p: number, n: number): [low: number, high: number] {
  const scale = 1 + (Z * Z) / n;
  const centre = (p + (Z * Z) / (2 * n)) / scale;
  const half = (Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n))) / scale;
  return [p === 0 ? 0 : centre - half, p === 1 ? 1 : centre + half];
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
  return gapOf(k1 / n1, n1, k2 / n2, n2, n, "Newcombe");
}

function gapOf(p1: number, n1: number, p2: number, n2: number, n: number, method: string): Measure {
  const [low1, high1] = limitsOf(p1, n1);
  const [low2, high2] = limitsOf(p2, n2);
  const low = p1 - p2 - Math.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2);
  const high = p1 - p2 + Math.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2);
  return { value: p1 - p2, low: Math.max(low, -1), high: Math.min(high, 1), n, method };
}

/** Some rows: how many, their weights and the squares of these. Without weights the number alone. */
export type Rows = readonly number[];

/** The share of rows that have a property: by number, or by weight; `effect`: by how much groups widen its interval. */
export function share(part: Rows, whole: Rows, effect = 1): Measure {
  const [n] = whole as [number];
  if (whole.length < 3 && effect === 1) return wilson(part[0] as number, n);
  const { p, size } = effective(part, whole);
  const method = effect === 1 ? "Wilson, effective n" : "Wilson, n by groups";
  if (n < MIN_N || !(size > 0)) return unknown(n, method);
  const [low, high] = effect === Infinity ? NONE : limitsOf(p, size / effect);
  return { value: p, low, high, n, method };
}

/** By how much the share exceeds that of other rows: by number, or by weight. */
export function gap(part: Rows, whole: Rows, otherPart: Rows, other: Rows, effect = 1): Measure {
  const [k1, n1, k2, n2] = [part[0], whole[0], otherPart[0], other[0]] as [number, number, number, number];
  if (whole.length < 3 && effect === 1) return newcombe(k1, n1, k2, n2);
  const [one, two] = [effective(part, whole), effective(otherPart, other)];
  const method = effect === 1 ? "Newcombe, effective n" : "Newcombe, n by groups";
  if (n1 < MIN_N || n2 < MIN_N || !(one.size > 0 && two.size > 0)) return unknown(n1 + n2, method);
  if (effect === Infinity) return { ...unknown(n1 + n2, method), value: one.p - two.p };
  return gapOf(one.p, one.size / effect, two.p, two.size / effect, n1 + n2, method);
}

const NONE = [null, null] as const;

/** The weighted share (Hájek), and of how many rows of equal weight its linearised variance is. */
function effective(part: Rows, whole: Rows): { p: number; size: number } {
  const [k, w1, ww1] = part as [number, number, number];
  const [n, w, ww] = whole as [number, number, number];
  if (whole.length < 3) return { p: n > 0 ? k / n : 0, size: n };
  if (!(w > 0)) return { p: 0, size: 0 };
  const p = Math.min(1, Math.max(0, w1 / w));
  const variance = (ww1 * (1 - p) ** 2 + (ww - ww1) * p ** 2) / w ** 2;
  return { p, size: variance > 0 && p < 1 ? (p * (1 - p)) / variance : w ** 2 / ww };
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
