/** Means of a loss, and their differences, from sums over the rows, weighted or not; twin of `stats/moments.py`. */

import { MIN_N, unknown, Z } from "./intervals.ts";
import type { Measure } from "./types.ts";

/** Sums over some rows; without weights `w` and `ww` are n. */
export interface Moments {
  n: number;
  w: number;
  ww: number;
  wl: number;
  wwl: number;
  wwll: number;
}

const NAMES = ["n", "w", "ww", "wl", "wwl", "wwll"] as const;
const T = "Student's t";
const HAJEK = "Hájek mean, linearised variance";
const GROUPED = "linearised variance by groups";
/** Of fewer rows of equal weight there is no interval. */
const LEAST = 5;

/** The amounts that there may be beside the number of rows; `k` are the rows whose loss is known. */
export const AMOUNTS = ["k", "w", "ww", "wl", "wwl", "wwll"] as const;

/** Read the sums, each by its name; what is not there is said by another of them. */
export function momentsOf(n: number, get: (name: string) => number | undefined): Moments {
  const k = get("k") ?? n;
  const w = get("w") ?? k;
  const wl = get("wl") ?? 0;
  return {
    n: Math.round(k),
    w,
    ww: get("ww") ?? w,
    wl,
    wwl: get("wwl") ?? wl,
    wwll: get("wwll") ?? 0,
  };
}

/** The sums of all of them together. */
export function together(parts: readonly Moments[]): Moments {
  const sums = { n: 0, w: 0, ww: 0, wl: 0, wwl: 0, wwll: 0 };
  for (const part of parts) for (const name of NAMES) sums[name] += part[name];
  return sums;
}

/** The sums of the rows that are not in a part of them. */
export function less(all: Moments, part: Moments): Moments {
  const sums = { ...all };
  for (const name of NAMES) sums[name] -= part[name];
  return sums;
}

/** What the mean loss of some rows is; null below ten rows. */
export function lossMean(sums: Moments, effect = 1): Measure {
  const method = effect === 1 ? methodOf(sums) : GROUPED;
  if (sums.n < MIN_N || sums.w <= 0) return unknown(sums.n, method);
  const value = sums.wl / sums.w;
  const size = effective(sums);
  if (size < LEAST || effect === Infinity) return { value, low: null, high: null, n: sums.n, method };
  const half = tQuantile(size - 1) * Math.sqrt(variance(sums) * effect);
  return { value, low: value - half, high: value + half, n: sums.n, method };
}

/** By how much the mean loss of some rows exceeds that of others; null where either has fewer than ten rows. */
export function lossDifference(part: Moments, rest: Moments, effect = 1): Measure {
  const n = part.n + rest.n;
  const plain = methodOf(part) === T && methodOf(rest) === T;
  const method = effect !== 1 ? GROUPED : plain ? "Welch's t" : "difference of Hájek means";
  if (Math.min(part.n, rest.n) < MIN_N || Math.min(part.w, rest.w) <= 0) return unknown(n, method);
  const value = part.wl / part.w - rest.wl / rest.w;
  const [df1, df2] = [effective(part) - 1, effective(rest) - 1];
  if (Math.min(df1, df2) < LEAST - 1 || effect === Infinity)
    return { value, low: null, high: null, n, method };
  const [a, b] = [variance(part), variance(rest)];
  const freedom = (a + b) ** 2 / (a ** 2 / df1 + b ** 2 / df2);
  const half = a + b > 0 ? tQuantile(freedom) * Math.sqrt((a + b) * effect) : 0;
  return { value, low: value - half, high: value + half, n, method };
}

function effective({ w, ww }: Moments): number {
  return w ** 2 / ww;
}

function variance(sums: Moments): number {
  const { w, ww, wl, wwl, wwll } = sums;
  const mean = wl / w;
  const size = effective(sums);
  return ((Math.max(0, wwll - 2 * mean * wwl + mean ** 2 * ww) / w ** 2) * size) / (size - 1);
}

function methodOf({ n, w, ww }: Moments): string {
  return n === w && w === ww ? T : HAJEK;
}

/** The 97.5 % point of Student's t by Fisher and Cornish's expansion: good to three digits at 4 degrees of freedom, six at 9. */
export function tQuantile(freedom: number): number {
  const z2 = Z * Z;
  const g = [
    (z2 + 1) / 4,
    ((5 * z2 + 16) * z2 + 3) / 96,
    (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
    ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160,
  ];
  let sum = 1;
  for (const [i, term] of g.entries()) sum += term / freedom ** (i + 1);
  return Z * sum;
}
